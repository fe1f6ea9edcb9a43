/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Methods that carry TLS: EAP-TLS (RFC 5216, 9190), EAP-TTLS (RFC 5281), PEAP, EAP-FAST (RFC 4851),
 * TEAP (RFC 7170). Flags, length and the fragment; the TLS inside is left alone. What the low bits
 * of the flags mean differs: only EAP-TLS's are judged.
 */
#include "eap_walks.h"
#include "eap_write.h"

static void walk_flags(struct eap_reading *r, uint8_t flags, size_t at)
{
	struct walk *w = r->w;
	uint8_t reserved = r->m->code == EAP_REQUEST ? 0x1f : 0x3f;

	walk_bits(w, F(TLS_L), at, flags);
	walk_bits(w, F(TLS_M), at, flags);
	walk_bits(w, F(TLS_S), at, flags);
	if (r->m->method == EAP_TYPE_TEAP)
		walk_bits(w, F(TLS_O), at, flags);
	if (r->m->method != EAP_TYPE_TLS)
		walk_bits(w, F(TLS_VERSION), at, flags);
	else if (flags & reserved)
		reader_note(w->reader, R(5216_RESERVED), F(TLS_FLAGS), at, 1, "reserved bits 0",
			    "0x%02x", flags & reserved);
}

void eap_walk_tls(struct walk *w, struct eap_message *m)
{
	struct eap_reading r = {w, m, R(5216_FORMAT)};
	size_t at = eap_at(&r);
	struct eap_tls *tls = &m->tls;

	tls->flags = eap_take_u8(&r, F(TLS_FLAGS));
	if (w->cut)
		return;
	walk_flags(&r, tls->flags, at);
	if (tls->flags & EAP_TLS_L) {
		tls->length = eap_take_u32(&r, F(TLS_LEN));
		tls->has_length = !w->cut;
	}
	if (m->method == EAP_TYPE_TEAP && tls->flags & EAP_TLS_O)
		eap_take_u32(&r, F(TLS_OUTER_LEN));
	if (w->cut)
		return;
	at = eap_at(&r);
	tls->fragment = eap_take_rest(&r, walk_left(w) ? F(TLS_DATA) : NULL);
	if (m->method == EAP_TYPE_TLS && m->code == EAP_REQUEST && tls->flags & EAP_TLS_S &&
	    tls->fragment.length)
		reader_note(w->reader, R(5216_START_EMPTY), F(TLS_DATA), at, tls->fragment.length,
			    "no data", "%zu octets", tls->fragment.length);
}

void eap_write_tls(struct writer *w, enum eap_code code, uint8_t identifier, uint8_t method,
		   const struct eap_tls *tls)
{
	size_t begin = eap_write_begin(w, code, identifier);

	write_u8(w, method);
	write_u8(w, tls->flags);
	if (tls->has_length)
		write_u32(w, tls->length);
	write_octets(w, tls->fragment.octets, tls->fragment.length);
	eap_write_end(w, begin);
}
