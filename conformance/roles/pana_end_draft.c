/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages to be sent: RFC 5191 7, encrypted (RFC 6786 5) and protected (RFC 5191 5.4). */
#include "pana_end.h"

#include <string.h>

struct end_draft end_draft(struct pana_end *e, enum pana_kind kind, uint16_t flags)
{
	return (struct end_draft){
		.kind = kind,
		.flags = flags,
		.session_id = kind == PANA_PCI ? 0 : e->session_id,
		.sa = e->sa.established && kind != PANA_PCI ? &e->sa : NULL,
	};
}

void draft_octets(struct end_draft *d, enum pana_avp_code code, const uint8_t *octets,
		  size_t length)
{
	if (d->count == END_AVPS_MAX)
		return;
	d->avps[d->count++] = (struct pana_draft_avp){
		.code = (uint16_t)code,
		.value = {octets, length},
	};
}

void draft_number(struct end_draft *d, enum pana_avp_code code, uint32_t number)
{
	struct writer w;

	if (d->count == END_AVPS_MAX)
		return;
	w = writer_of(d->numbers[d->count], 4);
	write_u32(&w, number);
	draft_octets(d, code, d->numbers[d->count], 4);
}

void draft_eap(struct pana_end *e, struct end_draft *d)
{
	if (e->eap_length)
		draft_octets(d, PANA_AVP_EAP_PAYLOAD, e->eap_message, e->eap_length);
}

/* RFC 5191 8.5: random, 8 to 256 octets, 20 at most if it may be. */
void draft_nonce(struct pana_end *e, struct end_draft *d)
{
	struct end_nonce *nonce = &e->nonces[e->side];
	bool missing = end_pac_fault(e, FAULT_PAC_NONCE) || end_paa_fault(e, FAULT_PAA_NONCE);

	if (e->nonce_sent)
		return;
	e->nonce_sent = true;
	if (e->reauth && missing)
		return;
	if (!e->reauth || !end_fault(e, FAULT_NONCE_REPEATED)) {
		nonce->length = END_NONCE_SIZE;
		if (e->reauth && end_fault(e, FAULT_NONCE_LENGTH))
			nonce->length = 4;
		role_random(e->role, nonce->octets, nonce->length);
	}
	draft_octets(d, PANA_AVP_NONCE, nonce->octets, nonce->length);
}

/* ---- writing ---- */

static uint16_t type_of(enum pana_kind kind)
{
	static const uint16_t types[PANA_KINDS] = {
		[PANA_PCI] = PANA_CLIENT_INITIATION,
		[PANA_PAR] = PANA_AUTH,
		[PANA_PAN] = PANA_AUTH,
		[PANA_PTR] = PANA_TERMINATION,
		[PANA_PTA] = PANA_TERMINATION,
		[PANA_PNR] = PANA_NOTIFICATION,
		[PANA_PNA] = PANA_NOTIFICATION,
		[PANA_PRY] = PANA_RELAY,
	};

	return types[kind];
}

static bool is_request(enum pana_kind kind)
{
	return kind == PANA_PAR || kind == PANA_PTR || kind == PANA_PNR;
}

/* Room for AUTH: its value is computed over the message that has zeros there. */
static void draft_auth(struct pana_end *e, struct end_draft *d)
{
	static const uint8_t zeros[PANA_AUTH_VALUE_MAX];
	size_t length = integrity_length(e->integrity);

	if (d->sa)
		draft_octets(d, PANA_AVP_AUTH, zeros, length);
}

static size_t write_draft(const struct end_draft *d, uint8_t *octets, size_t size)
{
	const struct pana_draft draft = {
		.flags = (uint16_t)(d->flags | (is_request(d->kind) ? PANA_FLAG_R : 0)),
		.type = type_of(d->kind),
		.session_id = d->session_id,
		.sequence = d->sequence,
		.avps = d->avps,
		.avp_count = d->count,
	};
	struct writer w = writer_of(octets, size);

	pana_write(&w, &draft);
	return w.full ? 0 : w.length;
}

/* RFC 6786 6.1: what may be encrypted is, once there are keys. */
static bool is_encrypted(uint16_t code)
{
	return code == PANA_AVP_EAP_PAYLOAD || code == PANA_AVP_SESSION_LIFETIME ||
	       code == PANA_AVP_TERMINATION_CAUSE;
}

/* Moves what is to be encrypted into one AVP, whose value is made in `sealed`. */
void end_encap(struct pana_end *e, struct end_draft *d, uint8_t *sealed, size_t size)
{
	const struct secret *key = e->side == END_PAC ? &d->sa->pac_encr_key : &d->sa->paa_encr_key;
	struct end_draft plain = {.kind = d->kind};
	struct end_draft open = *d;
	size_t length;

	open.count = 0;
	for (size_t i = 0; i < d->count; i++) {
		struct end_draft *to = is_encrypted(d->avps[i].code) ? &plain : &open;

		to->avps[to->count++] = d->avps[i];
	}
	if (plain.count == 0)
		return;
	length = write_draft(&plain, sealed, size);
	if (length <= PANA_HEADER_SIZE)
		return;
	length -= PANA_HEADER_SIZE;
	memmove(sealed, sealed + PANA_HEADER_SIZE, length);
	if (!pana_encr_crypt(e->encryption, key, d->sa->key_id, d->session_id, d->sequence, sealed,
			     sealed, length))
		return;
	memcpy(d->avps, open.avps, sizeof(open.avps));
	d->count = open.count;
	draft_octets(d, PANA_AVP_ENCR_ENCAP, sealed, length);
}

size_t end_write(struct pana_end *e, struct end_draft *d, uint8_t *octets, size_t size)
{
	uint8_t sealed[8192];
	size_t length;

	fault_draft(e, d);
	if (d->sa && d->sa->pac_encr_key.length)
		end_encap(e, d, sealed, sizeof(sealed));
	fault_sealed(e, d);
	draft_auth(e, d);
	fault_auth(e, d);
	length = write_draft(d, octets, size);
	fault_octets(e, d, octets, &length, size);
	if (d->sa)
		end_auth_write(d->sa, octets, length);
	fault_wire(e, d, octets, &length, size);
	return length;
}
