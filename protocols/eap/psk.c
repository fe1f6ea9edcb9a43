/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EAP-PSK messages (RFC 4764 5) and the plaintext of their protected channel, read and written. */
#include "eap_walks.h"
#include "eap_write.h"

enum { NAI_MAX = 966, EXT_PAYLOAD_MAX = 960, RESERVED = 0x3f };

static void judge_flags(struct eap_reading *r, const struct eap_psk *psk, size_t at, size_t start)
{
	unsigned code = r->m->code;
	bool by_server = psk->t == EAP_PSK_1 || psk->t == EAP_PSK_3;

	if (psk->flags & RESERVED)
		reader_note(r->w->reader, R(4764_RESERVED), F(PSK_RESERVED), at, 1, "0", "0x%02x",
			    psk->flags & RESERVED);
	if (psk->t != EAP_PSK_4 && by_server != (code == EAP_REQUEST))
		reader_note(r->w->reader, R(4764_DIRECTION), F(CODE), start, 1,
			    by_server ? "Request" : "Response", "T = %u in a %s", psk->t,
			    code == EAP_REQUEST ? "Request" : "Response");
}

static struct octets take_nai(struct eap_reading *r, const struct field *field,
			      const struct rule *rule)
{
	size_t at = eap_at(r);
	struct octets nai = eap_take_rest(r, field);

	if (nai.length > NAI_MAX)
		reader_note(r->w->reader, rule, field, at, nai.length, "at most 966 octets", "%zu",
			    nai.length);
	return nai;
}

static void judge_nonce(struct eap_reading *r, const struct eap_psk *psk, size_t at)
{
	bool odd = r->m->code == EAP_RESPONSE;

	if (psk->t == EAP_PSK_3 && psk->nonce != 0)
		reader_note(r->w->reader, R(4764_NONCE_ZERO), F(PSK_NONCE), at, 4, "0", "%u",
			    psk->nonce);
	if ((psk->nonce & 1) != odd)
		reader_note(r->w->reader, R(4764_NONCE_PARITY), F(PSK_NONCE), at, 4,
			    odd ? "odd" : "even", "%u", psk->nonce);
}

/* RFC 4764 5.3, figures 15 and 16. */
static void take_pchannel(struct eap_reading *r, struct eap_psk *psk)
{
	struct walk inner = *r->w;
	struct eap_reading parts = {&inner, r->m, r->format};
	size_t at = eap_at(r);

	psk->pchannel = eap_take_rest(r, F(PSK_PCHANNEL));
	if (!psk->pchannel.octets)
		return;
	psk->nonce = eap_take_u32(&parts, F(PSK_NONCE));
	psk->tag = eap_take(&parts, F(PSK_TAG), EAP_PSK_MAC);
	if (!psk->tag.octets)
		return;
	judge_nonce(r, psk, at);
	eap_take(&parts, NULL, 1);
	if (inner.cut)
		return;
	inner.position--;
	psk->ciphertext = eap_take_rest(&parts, F(PSK_CIPHERTEXT));
}

void eap_walk_psk(struct walk *w, struct eap_message *m, size_t start)
{
	struct eap_reading r = {w, m, R(4764_FORMAT)};
	size_t at = eap_at(&r);
	struct eap_psk *psk = &m->psk;

	psk->flags = eap_take_u8(&r, F(PSK_FLAGS));
	if (w->cut)
		return;
	psk->t = psk->flags >> 6;
	walk_bits(w, F(PSK_T), at, psk->flags);
	walk_bits(w, F(PSK_RESERVED), at, psk->flags);
	judge_flags(&r, psk, at, start);
	psk->rand_s = eap_take(&r, F(PSK_RAND_S), EAP_PSK_RAND);
	psk->header = eap_since(&r, start);
	switch (psk->t) {
	case EAP_PSK_1:
		psk->id_s = take_nai(&r, F(PSK_ID_S), R(4764_ID_S_LENGTH));
		break;
	case EAP_PSK_2:
		psk->rand_p = eap_take(&r, F(PSK_RAND_P), EAP_PSK_RAND);
		psk->mac_p = eap_take(&r, F(PSK_MAC_P), EAP_PSK_MAC);
		psk->id_p = take_nai(&r, F(PSK_ID_P), R(4764_ID_P_LENGTH));
		break;
	case EAP_PSK_3:
		psk->mac_s = eap_take(&r, F(PSK_MAC_S), EAP_PSK_MAC);
		take_pchannel(&r, psk);
		break;
	default:
		take_pchannel(&r, psk);
	}
}

/* ---- plaintext ---- */

static void note_plaintext(struct walk *w, const struct field *field, size_t at, size_t length,
			   const char *wanted)
{
	reader_note(w->reader, R(4764_PLAINTEXT), field, at, length, wanted, "%zu octets", length);
}

static void walk_ext(struct walk *w, struct eap_psk_result_part *part)
{
	size_t at = w->position;

	if (!walk_left(w)) {
		note_plaintext(w, F(PSK_EXT_TYPE), at, 0, "EXT_Type and EXT_Payload");
		return;
	}
	part->has_type = true;
	part->ext_type = walk_u8(w, F(PSK_EXT_TYPE));
	if (part->ext_type == 0)
		reader_note(w->reader, R(4764_EXT_TYPE_ZERO), F(PSK_EXT_TYPE), at, 1, "1 to 255",
			    "0");
	part->ext_payload.length = walk_left(w);
	part->ext_payload.octets = walk_octets(w, F(PSK_EXT_PAYLOAD), part->ext_payload.length);
	if (part->ext_payload.length > EXT_PAYLOAD_MAX)
		reader_note(w->reader, R(4764_EXT_PAYLOAD_LENGTH), F(PSK_EXT_PAYLOAD), at + 1,
			    part->ext_payload.length, "at most 960 octets", "%zu",
			    part->ext_payload.length);
}

void eap_psk_walk_plaintext(struct walk *w, struct eap_psk_result_part *part)
{
	uint8_t octet = (uint8_t)walk_peek(w, 0, 1);

	*part = (struct eap_psk_result_part){0};
	walk_u8(w, NULL);
	if (w->cut)
		return;
	part->complete = true;
	part->r = octet >> 6;
	part->e = octet & 0x20;
	part->reserved = octet & 0x1f;
	walk_bits(w, F(PSK_R), 0, octet);
	walk_bits(w, F(PSK_E), 0, octet);
	walk_bits(w, F(PSK_PLAIN_RESERVED), 0, octet);
	if (part->r == 0)
		reader_note(w->reader, R(4764_R_VALUE), F(PSK_R), 0, 1, "1, 2 or 3", "0");
	if (part->reserved)
		reader_note(w->reader, R(4764_PLAINTEXT_RESERVED), F(PSK_PLAIN_RESERVED), 0, 1, "0",
			    "0x%02x", part->reserved);
	if (part->e) {
		walk_ext(w, part);
	} else if (walk_left(w)) {
		note_plaintext(w, F(PSK_EXT_PAYLOAD), 1, walk_left(w), "nothing behind E = 0");
		walk_octets(w, F(PSK_EXT_PAYLOAD), walk_left(w));
	}
}

/* ---- writing ---- */

static void write_part(struct writer *w, struct octets part)
{
	write_octets(w, part.octets, part.length);
}

static size_t write_start(struct writer *w, enum eap_code code, uint8_t identifier,
			  const struct eap_psk *psk)
{
	size_t begin = eap_write_begin(w, code, identifier);

	write_u8(w, EAP_TYPE_PSK);
	write_u8(w, (uint8_t)(psk->t << 6 | (psk->flags & RESERVED)));
	write_part(w, psk->rand_s);
	if (psk->t == EAP_PSK_3)
		write_part(w, psk->mac_s);
	return begin;
}

void eap_write_psk(struct writer *w, enum eap_code code, uint8_t identifier,
		   const struct eap_psk *psk)
{
	size_t begin = write_start(w, code, identifier, psk);

	if (psk->t == EAP_PSK_1) {
		write_part(w, psk->id_s);
	} else if (psk->t == EAP_PSK_2) {
		write_part(w, psk->rand_p);
		write_part(w, psk->mac_p);
		write_part(w, psk->id_p);
	} else if (psk->tag.octets) {
		write_u32(w, psk->nonce);
		write_part(w, psk->tag);
		write_part(w, psk->ciphertext);
	}
	eap_write_end(w, begin);
}

void eap_write_psk_plaintext(struct writer *w, const struct eap_psk_result_part *part)
{
	write_u8(w, (uint8_t)(part->r << 6 | (part->e ? 0x20 : 0) | (part->reserved & 0x1f)));
	if (part->has_type)
		write_u8(w, part->ext_type);
	write_part(w, part->ext_payload);
}

bool eap_write_psk_sealed(struct writer *w, enum eap_code code, uint8_t identifier,
			  const struct eap_psk *psk, const struct eap_psk_result_part *part,
			  const struct eap_psk_keys *keys)
{
	size_t begin = write_start(w, code, identifier, psk);
	size_t tag, plaintext;

	write_u32(w, psk->nonce);
	tag = w->length;
	write_zeros(w, EAP_PSK_MAC);
	plaintext = w->length;
	eap_write_psk_plaintext(w, part);
	eap_write_end(w, begin);
	return !w->full &&
	       eap_psk_seal(keys, psk->nonce, w->octets + begin, w->octets + plaintext,
			    w->octets + plaintext, w->length - plaintext, w->octets + tag);
}
