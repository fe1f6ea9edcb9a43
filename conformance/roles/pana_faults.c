/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the faults do to messages, layer by layer, so that what is not faulty stays right: AUTH is
 * made over the fault. Faults of behaviour stand where the behaviour is.
 */
#include "pana_end.h"

#include "protocols/pana/pana_fields.h"

#include <string.h>

enum { VENDOR_ANY = 64297, CODE_UNKNOWN = 99 };

static const uint8_t eight[8] = {1, 2, 3, 4, 5, 6, 7, 8};

static bool is_ping_answer(const struct end_draft *d)
{
	return d->kind == PANA_PNA && d->flags & PANA_FLAG_P;
}

static bool is_auth(const struct end_draft *d)
{
	return d->kind == PANA_PAR || d->kind == PANA_PAN;
}

static struct pana_draft_avp vendor_avp(void)
{
	return (struct pana_draft_avp){
		.code = 1, .flags = PANA_AVP_FLAG_V, .vendor = VENDOR_ANY, .value = {eight, 4}};
}

static void append(struct end_draft *d, struct pana_draft_avp avp)
{
	if (d->count < END_AVPS_MAX)
		d->avps[d->count++] = avp;
}

static struct pana_draft_avp *find(struct end_draft *d, enum pana_avp_code code)
{
	for (size_t i = 0; i < d->count; i++) {
		if (d->avps[i].code == (uint16_t)code && !d->avps[i].flags)
			return &d->avps[i];
	}
	return NULL;
}

static void drop(struct end_draft *d, enum pana_avp_code code)
{
	struct pana_draft_avp *avp = find(d, code);

	if (!avp)
		return;
	d->count--;
	memmove(avp, avp + 1, (size_t)(d->avps + d->count - avp) * sizeof(*avp));
}

static unsigned without(uint32_t *ids, unsigned count, uint32_t id)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < count; i++) {
		if (ids[i] != id)
			ids[kept++] = ids[i];
	}
	return kept;
}

void end_fault_settings(struct role *role)
{
	struct role_settings *s = &role->settings;

	if (!role_has_fault(role, FAULT_ALGORITHMS_MISSING))
		return;
	s->prf_count = without(s->prf, s->prf_count, 2);
	s->integrity_count = without(s->integrity, s->integrity_count, 7);
}

/* ---- faults of one table: the flag or AVP that the answer to a ping has too much ---- */

static void fault_ping_answer(struct pana_end *e, struct end_draft *d)
{
	static const uint8_t identity[5] = {2, 1, 0, 5, 1}; /* EAP-Response/Identity */
	static const struct {
		enum pana_fault fault;
		uint16_t flag;
		enum pana_avp_code code;
	} extras[] = {
		{FAULT_FLAG_S, PANA_FLAG_S, 0},
		{FAULT_FLAG_C, PANA_FLAG_C, 0},
		{FAULT_A_AND_P, PANA_FLAG_A, 0},
		{FAULT_OCCURS_INTEGRITY, 0, PANA_AVP_INTEGRITY_ALGORITHM},
		{FAULT_OCCURS_KEY_ID, 0, PANA_AVP_KEY_ID},
		{FAULT_OCCURS_PRF, 0, PANA_AVP_PRF_ALGORITHM},
		{FAULT_ENCR_ALGORITHM_LATE, 0, PANA_AVP_ENCRYPTION_ALGORITHM},
	};

	for (size_t i = 0; i < sizeof(extras) / sizeof(extras[0]); i++) {
		if (!end_fault(e, extras[i].fault))
			continue;
		d->flags |= extras[i].flag;
		if (extras[i].code)
			draft_number(d, extras[i].code, 1);
	}
	if (end_fault(e, FAULT_OCCURS_EAP))
		draft_octets(d, PANA_AVP_EAP_PAYLOAD, identity, sizeof(identity));
	if (end_fault(e, FAULT_OCCURS_NONCE))
		draft_octets(d, PANA_AVP_NONCE, eight, sizeof(eight));
	if (end_fault(e, FAULT_AVP_UNKNOWN))
		append(d, (struct pana_draft_avp){.code = CODE_UNKNOWN, .value = {eight, 8}});
	if (end_fault(e, FAULT_AVP_VENDOR_BIT))
		append(d, (struct pana_draft_avp){.code = PANA_AVP_NONCE,
						  .flags = PANA_AVP_FLAG_V,
						  .value = {eight, sizeof(eight)}});
	if (end_fault(e, FAULT_SESSION_ID))
		d->session_id ^= 1;
	if (end_fault(e, FAULT_SEQUENCE_NOT_ECHOED))
		d->sequence++;
	if (end_fault(e, FAULT_AUTH_ABSENT))
		d->sa = NULL;
	if (end_paa_fault(e, FAULT_PAA_FLAG_I))
		d->flags |= PANA_FLAG_I;
	if (end_paa_fault(e, FAULT_PAA_OCCURS_RESULT))
		draft_number(d, PANA_AVP_RESULT_CODE, 0);
	if (end_paa_fault(e, FAULT_PAA_OCCURS_LIFETIME))
		draft_number(d, PANA_AVP_SESSION_LIFETIME, 1);
}

static void fault_termination(struct pana_end *e, struct end_draft *d)
{
	struct pana_draft_avp *cause = find(d, PANA_AVP_TERMINATION_CAUSE);

	if (end_fault(e, FAULT_FLAG_A))
		d->flags |= PANA_FLAG_A;
	if (end_fault(e, FAULT_FLAG_P))
		d->flags |= PANA_FLAG_P;
	if (cause && end_fault(e, FAULT_AVP_NUMBER))
		cause->value.length = 2;
	if (cause && end_fault(e, FAULT_CAUSE_NOT_FIRST)) {
		append(d, *cause);
		*cause = vendor_avp();
	}
}

/* The last PAR or PAN of a re-authentication. */
static void fault_last(struct pana_end *e, struct end_draft *d)
{
	struct pana_draft_avp *key_id = find(d, PANA_AVP_KEY_ID);

	if (end_fault(e, FAULT_S_AND_C))
		d->flags |= PANA_FLAG_S;
	if (end_fault(e, FAULT_NONCE_ELSEWHERE))
		draft_octets(d, PANA_AVP_NONCE, eight, sizeof(eight));
	if (end_fault(e, FAULT_AUTH_NOT_IN_LAST))
		d->sa = NULL;
	if (key_id && end_pac_fault(e, FAULT_PAC_KEY_ID)) {
		memcpy(d->scratch[0], key_id->value.octets, 4);
		d->scratch[0][3] ^= 0x80;
		key_id->value.octets = d->scratch[0];
	}
	if (end_fault(e, FAULT_KEY_ID_MISSING))
		drop(d, PANA_AVP_KEY_ID);
	if (end_paa_fault(e, FAULT_PAA_RESULT_MISSING))
		drop(d, PANA_AVP_RESULT_CODE);
	if (end_paa_fault(e, FAULT_PAA_LIFETIME_MISSING))
		drop(d, PANA_AVP_SESSION_LIFETIME);
}

static void fault_reauth(struct pana_end *e, struct end_draft *d)
{
	bool last = d->flags & PANA_FLAG_C;

	if (last)
		fault_last(e, d);
	if (d->kind == PANA_PAN && end_fault(e, FAULT_LAST_ANSWER_C) &&
	    last == (e->side == END_PAC))
		d->flags ^= PANA_FLAG_C;
	if (d->kind == PANA_PAN && !last && end_pac_fault(e, FAULT_PAC_INITIAL_S))
		d->flags |= PANA_FLAG_S;
	if (d->kind == PANA_PAR && !last && e->first_par &&
	    end_paa_fault(e, FAULT_PAA_INITIAL_LATE))
		d->flags |= PANA_FLAG_S;
	if (d->kind == PANA_PAR && end_paa_fault(e, FAULT_PAA_FLAG_I_PHASE))
		d->flags |= PANA_FLAG_I;
}

void fault_draft(struct pana_end *e, struct end_draft *d)
{
	if (!e->role->fault)
		return;
	if (is_ping_answer(d))
		fault_ping_answer(e, d);
	if (d->kind == PANA_PTR || d->kind == PANA_PTA)
		fault_termination(e, d);
	if (is_auth(d) && e->reauth)
		fault_reauth(e, d);
	if (d->kind == PANA_PCI && end_pac_fault(e, FAULT_PAC_PCI_R))
		d->flags |= PANA_FLAG_R;
	if (d->kind == PANA_PCI && end_pac_fault(e, FAULT_PAC_PCI_SEQUENCE))
		d->sequence = 1;
	if (d->kind == PANA_PAR && d->flags & PANA_FLAG_S && !e->opened &&
	    end_paa_fault(e, FAULT_PAA_INITIAL_S))
		d->flags &= (uint16_t)~PANA_FLAG_S;
	if (d->kind == PANA_PNR && e->moved && end_pac_fault(e, FAULT_PAC_ADDRESS))
		d->sa = NULL;
	if (d->kind == PANA_PNR)
		e->moved = false;
}

/* ---- Encr-Encap ---- */

static void seal(struct pana_end *e, struct end_draft *d, unsigned which, const uint8_t *plain,
		 size_t length)
{
	const struct secret *key;

	memcpy(d->scratch[which], plain, length);
	if (d->sa) {
		key = e->side == END_PAC ? &d->sa->pac_encr_key : &d->sa->paa_encr_key;
		pana_encr_crypt(e->encryption, key, d->sa->key_id, d->session_id, d->sequence,
				d->scratch[which], d->scratch[which], length);
	}
	draft_octets(d, PANA_AVP_ENCR_ENCAP, d->scratch[which], length);
}

/* Vendor AVP of 4 octets; Nonce of 8; half an AVP header. */
static const uint8_t whole[16] = {0, 1, 0x80, 0, 0, 4, 0, 0, 0, 0, 0xfb, 0x29, 1, 2, 3, 4};
static const uint8_t nonce[16] = {0, 5, 0, 0, 0, 8, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
static const uint8_t half[4] = {0, 1, 0x80, 0};

void fault_sealed(struct pana_end *e, struct end_draft *d)
{
	bool keyed = d->sa && d->sa->pac_encr_key.length;

	if (!e->role->fault)
		return;
	if (is_auth(d) && !d->sa && !(d->flags & PANA_FLAG_S) && end_fault(e, FAULT_ENCAP_EARLY))
		seal(e, d, 0, whole, sizeof(whole));
	if (!is_ping_answer(d))
		return;
	if (!keyed && end_fault(e, FAULT_ENCAP_NOT_NEGOTIATED))
		draft_octets(d, PANA_AVP_ENCR_ENCAP, whole, sizeof(whole));
	if (!keyed)
		return;
	if (end_fault(e, FAULT_ENCAP_TWO)) {
		seal(e, d, 0, whole, sizeof(whole));
		seal(e, d, 1, whole, sizeof(whole));
	}
	if (end_fault(e, FAULT_ENCAP_POLICY))
		seal(e, d, 0, nonce, sizeof(nonce));
	if (end_fault(e, FAULT_ENCAP_CONTENT))
		seal(e, d, 0, half, sizeof(half));
	if (end_fault(e, FAULT_ENCAP_WITHOUT_AUTH)) {
		seal(e, d, 0, whole, sizeof(whole));
		d->sa = NULL;
	}
}

/* ---- AUTH ---- */

void fault_auth(struct pana_end *e, struct end_draft *d)
{
	if (!e->role->fault || !is_ping_answer(d) || !d->sa || !d->count)
		return;
	if (end_fault(e, FAULT_OCCURS_AUTH))
		append(d, d->avps[d->count - 1]);
	if (end_fault(e, FAULT_AUTH_NOT_LAST))
		append(d, vendor_avp());
	if (end_fault(e, FAULT_AUTH_SHORT))
		d->avps[d->count - 1].value.length = 8;
}

/* ---- octets ---- */

/* Overwrites fields where the walk finds them. */
struct overwriter {
	struct reader reader; /* first */
	uint8_t *octets;
	const struct field *field;
	uint8_t first, last; /* or-ed into the field's first octets and its last */
};

static void overwrite(struct reader *r, const struct field *field, size_t offset, size_t length,
		      const struct value *value)
{
	struct overwriter *o = (struct overwriter *)r;

	(void)value;
	if (field != o->field || length == 0)
		return;
	for (size_t i = 0; i + 1 < length; i++)
		o->octets[offset + i] |= o->first;
	o->octets[offset + length - 1] |= o->last;
}

static void overwrite_all(uint8_t *octets, size_t length, const struct field *field, uint8_t first,
			  uint8_t last)
{
	static const struct reader_ops ops = {.value = overwrite};
	struct overwriter o = {{&ops}, octets, field, first, last};
	struct pana_message messages[PANA_DEPTH];
	struct walk w = walk_of(octets, length, &o.reader);

	pana_walk(&w, messages);
}

static void set_length(uint8_t *octets, size_t length)
{
	octets[2] = (uint8_t)(length >> 8);
	octets[3] = (uint8_t)length;
}

static size_t padding_of(size_t length)
{
	return (4 - length % 4) % 4;
}

static void fault_ping_octets(struct pana_end *e, const struct end_draft *d, uint8_t *octets,
			      size_t *length, size_t size)
{
	const struct pana_draft_avp *last = d->count ? &d->avps[d->count - 1] : NULL;

	if (end_fault(e, FAULT_TYPE))
		octets[7] = 6;
	if (end_fault(e, FAULT_LENGTH))
		set_length(octets, *length + 4);
	if (end_fault(e, FAULT_AVP_HEADER) && size - *length >= sizeof(half)) {
		memcpy(octets + *length, half, sizeof(half));
		*length += sizeof(half);
		set_length(octets, *length);
	}
	if (last && end_fault(e, FAULT_AVP_LENGTH))
		octets[*length - last->value.length - padding_of(last->value.length) -
		       PANA_AVP_HEADER_SIZE + 5] += 4;
}

void fault_octets(struct pana_end *e, const struct end_draft *d, uint8_t *octets, size_t *length,
		  size_t size)
{
	const struct pana_draft_avp *last = d->count ? &d->avps[d->count - 1] : NULL;

	if (!e->role->fault || *length < PANA_HEADER_SIZE)
		return;
	if (end_fault(e, FAULT_RESERVED))
		octets[1] = 1;
	if (end_fault(e, FAULT_FLAGS_RESERVED))
		octets[5] |= 1;
	if (end_fault(e, FAULT_AVP_RESERVED))
		overwrite_all(octets, *length, F(AVP_RESERVED), 0, 1);
	if (end_fault(e, FAULT_AVP_FLAGS_RESERVED))
		overwrite_all(octets, *length, F(AVP_FLAGS), 0, 1);
	if (end_fault(e, FAULT_AVP_PADDING_ZERO))
		overwrite_all(octets, *length, F(AVP_PADDING), 1, 1);
	if (last && last->code == PANA_AVP_EAP_PAYLOAD && end_fault(e, FAULT_AVP_PADDING)) {
		*length -= padding_of(last->value.length);
		set_length(octets, *length);
	}
	if (is_ping_answer(d))
		fault_ping_octets(e, d, octets, length, size);
}

void fault_wire(struct pana_end *e, const struct end_draft *d, uint8_t *octets, size_t *length,
		size_t size)
{
	(void)size;
	if (!e->role->fault || !is_ping_answer(d) || *length < PANA_HEADER_SIZE)
		return;
	if (end_fault(e, FAULT_HEADER_CUT))
		*length = 12;
	if (end_fault(e, FAULT_AUTH_WRONG))
		octets[*length - 1] ^= 1;
}
