/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The validity check of RFC 5191 5.5. What a message alone shows is what its walk notes: a MUST
 * that it breaks makes it invalid, except where 6.2 and 6.3 say that the receiver ignores the
 * field. What the state expects stands in the tables: a message without a row is unexpected.
 */
#include "pana_end.h"

#include "protocols/pana/pana_fields.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* "MUST be set to zero and ignored by the receiver", and padding, which decodes whatever it is. */
static const enum pana_rule ignored_on_receipt[] = {R_RESERVED, R_FLAGS_RESERVED, R_AVP_RESERVED,
						    R_AVP_FLAGS_RESERVED, R_AVP_PADDING_ZERO};

static bool makes_invalid(const struct rule *rule)
{
	size_t index;

	if (!protocol_rule_index(&pana_protocol, rule, &index) || rule->level != RULE_MUST)
		return false;
	for (size_t i = 0; i < sizeof(ignored_on_receipt) / sizeof(ignored_on_receipt[0]); i++) {
		if (index == ignored_on_receipt[i])
			return false;
	}
	return true;
}

static void validity_note(struct reader *r, const struct note *note)
{
	struct end_validity *v = (struct end_validity *)r;

	v->reserved |= note->rule->level == RULE_MUST && strstr(note->rule->id, "reserved");
	if (v->broken || !makes_invalid(note->rule))
		return;
	v->broken = note->rule;
	snprintf(v->found, sizeof(v->found), "%s", note->found);
}

void end_validity_init(struct end_validity *v)
{
	static const struct reader_ops ops = {.note = validity_note};

	memset(v, 0, sizeof(*v));
	v->reader.ops = &ops;
}

void end_discard(struct pana_end *e, const char *format, ...)
{
	char text[200];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	role_event(e->role, ROLE_DISCARDED, "%s", text);
}

const struct pana_avp_found *end_found(const struct pana_end *e, enum pana_avp_code code)
{
	const struct pana_avp_found *found = &e->in->avps.found[code];

	return !found->count && e->has_inner ? &e->inner.found[code] : found;
}

bool end_has(const struct pana_end *e, enum pana_avp_code code)
{
	return end_found(e, code)->count > 0;
}

enum end_event end_event_of(const struct pana_message *m)
{
	bool s = m->flags & PANA_FLAG_S, c = m->flags & PANA_FLAG_C;
	bool a = m->flags & PANA_FLAG_A;

	switch (m->kind) {
	case PANA_PCI:
		return RX_PCI;
	case PANA_PAR:
		return s ? RX_PAR_S : c ? RX_PAR_C : RX_PAR;
	case PANA_PAN:
		return s ? RX_PAN_S : c ? RX_PAN_C : RX_PAN;
	case PANA_PTR:
		return RX_PTR;
	case PANA_PTA:
		return RX_PTA;
	case PANA_PNR:
		return a ? RX_PNR_A : RX_PNR_P;
	case PANA_PNA:
		return a ? RX_PNA_A : RX_PNA_P;
	default:
		return NO_EVENT;
	}
}

/* ---- sequence numbers, RFC 5191 5.2 ---- */

static bool answers(const struct pana_message *m, const struct end_request *q)
{
	static const enum pana_kind request_of[PANA_KINDS] = {
		[PANA_PAN] = PANA_PAR, [PANA_PTA] = PANA_PTR, [PANA_PNA] = PANA_PNR};
	const uint16_t flags = PANA_FLAG_S | PANA_FLAG_C | PANA_FLAG_A | PANA_FLAG_P;

	return q->message.length && q->kind == request_of[m->kind] &&
	       (q->flags & flags) == (m->flags & flags);
}

/* A ping repeated under another key than its first transmission (4.3) is not the same octets. */
static bool is_last_ping(const struct pana_end *e, const struct pana_message *m)
{
	return m->kind == PANA_PNR && m->flags & PANA_FLAG_P && e->last_was_ping &&
	       m->sequence + 1 == e->sequence_in;
}

static bool check_sequence(struct pana_end *e, const struct pana_message *m)
{
	const struct end_request *q = &e->outstanding;

	if (m->kind == PANA_PCI)
		return true;
	if (m->flags & PANA_FLAG_R) {
		if (end_repeat_answer(e, m))
			return false;
		if (!e->expecting || m->flags & PANA_FLAG_S || m->sequence == e->sequence_in ||
		    is_last_ping(e, m) || end_fault(e, FAULT_SEQUENCE_NOT_CHECKED))
			return true;
		end_discard(e, "%s 0x%08x: sequence number 0x%08x expected",
			    pana_kind_abbreviation(m->kind), m->sequence, e->sequence_in);
		return false;
	}
	if (answers(m, q) && (m->sequence == q->sequence || end_fault(e, FAULT_ANSWER_NOT_MATCHED)))
		return true;
	end_discard(e, "%s 0x%08x: answers no outstanding request", pana_kind_abbreviation(m->kind),
		    m->sequence);
	return false;
}

/* ---- AUTH, RFC 5191 4.3, 5.3 and 5.5 ---- */

/* The SA under which the message is to be protected, or NULL. The last PAR and PAN belong to the
 * new one already. */
static const struct end_sa *sa_due(struct pana_end *e, enum end_event event)
{
	const struct pana_avp_found *key_id = &e->in->avps.found[PANA_AVP_KEY_ID];

	if (e->side == END_PAC && event == RX_PAR_C && key_id->count) {
		end_derive(e, key_id->number, &e->new_sa);
		return &e->new_sa;
	}
	if (e->side == END_PAA && event == RX_PAN_C && e->new_sa.established)
		return &e->new_sa;
	return e->sa.established ? &e->sa : NULL;
}

static bool check_auth(struct pana_end *e, const struct end_sa *sa)
{
	const struct pana_avp_found *auth = &e->in->avps.found[PANA_AVP_AUTH];
	const char *name = pana_kind_abbreviation(e->in->kind);

	if (!sa || (!auth->count && sa->established && end_fault(e, FAULT_AUTH_NOT_DEMANDED)))
		return true;
	if (!sa->established)
		end_discard(e, "%s with Key-Id: there is no MSK to derive keys from", name);
	else if (!auth->count)
		end_discard(e, "%s: no AUTH", name);
	else if (!end_auth_right(e, e->in, sa))
		end_discard(e, "%s: AUTH is not right", name);
	else
		return true;
	return false;
}

static bool check_encap(struct pana_end *e, const struct end_sa *sa)
{
	if (!e->in->avps.found[PANA_AVP_ENCR_ENCAP].count)
		return true;
	if (sa && sa->established && end_open_encap(e, sa))
		return true;
	end_discard(e, "%s: Encr-Encap that cannot be opened", pana_kind_abbreviation(e->in->kind));
	return end_fault(e, FAULT_INVALID_TAKEN);
}

/* ---- AVPs that it takes a session to judge ---- */

static bool offers(const uint32_t *ids, unsigned count, const struct pana_offer *chosen)
{
	uint32_t selected;

	return chosen->count == 1 && end_select(ids, count, chosen, &selected);
}

/* The algorithms of the initial PAN are one each out of those offered (RFC 5191 4.1); a PaC without
 * RFC 6786 selects no encryption. */
static const char *check_selection(const struct pana_end *e)
{
	const struct role_settings *s = &e->role->settings;
	const struct pana_avps *avps = &e->in->avps;

	if (s->prf_count && !offers(s->prf, s->prf_count, &avps->prf))
		return "PRF-Algorithm not one of those offered";
	if (s->prf_count && !offers(s->integrity, s->integrity_count, &avps->integrity))
		return "Integrity-Algorithm not one of those offered";
	if (avps->encryption.count &&
	    !offers(s->encryption, s->encryption_count, &avps->encryption))
		return "Encryption-Algorithm not one of those offered";
	return NULL;
}

static const char *check_offer(const struct pana_end *e)
{
	const struct role_settings *s = &e->role->settings;
	const struct pana_avps *avps = &e->in->avps;
	uint32_t selected;

	if (!avps->prf.count && !avps->integrity.count)
		return NULL;
	if (!end_select(s->prf, s->prf_count, &avps->prf, &selected) ||
	    !end_select(s->integrity, s->integrity_count, &avps->integrity, &selected))
		return "no algorithm offered that is supported";
	return NULL;
}

static const char *check_nonce(const struct pana_end *e, enum end_event event)
{
	bool of_paa = e->side == END_PAC && (event == RX_PAR || event == RX_PAR_C);
	bool of_pac = e->side == END_PAA && (event == RX_PAN || event == RX_PAN_C);
	bool due = (of_paa || of_pac) && e->nonce_due;

	if (due && !end_has(e, PANA_AVP_NONCE))
		return "no Nonce";
	return !due && end_has(e, PANA_AVP_NONCE) ? "a Nonce that is not due" : NULL;
}

static const char *check_last_par(const struct pana_end *e)
{
	const struct pana_avps *avps = &e->in->avps;

	if (avps->found[PANA_AVP_RESULT_CODE].number != 0)
		return NULL;
	if (!end_has(e, PANA_AVP_EAP_PAYLOAD))
		return "PANA_SUCCESS without EAP-Payload";
	if (!end_has(e, PANA_AVP_SESSION_LIFETIME))
		return "PANA_SUCCESS without Session-Lifetime";
	if (!avps->found[PANA_AVP_KEY_ID].count && e->prf && eap_peer_msk(e->eap_peer)->length)
		return "PANA_SUCCESS without Key-Id though there is an MSK";
	return NULL;
}

static const char *check_last_pan(const struct pana_end *e)
{
	const struct pana_avp_found *key_id = &e->in->avps.found[PANA_AVP_KEY_ID];

	if (e->new_sa.established && (!key_id->count || key_id->number != e->new_sa.key_id))
		return "not the Key-Id of the last PAR";
	return NULL;
}

/* RFC 6786 6.1: open and encrypted AVPs together are subject to the occurrence table. */
static bool occurs_twice(const struct pana_end *e)
{
	for (unsigned code = 1; e->has_inner && code < PANA_AVP_CODES; code++) {
		if (e->inner.found[code].count + e->in->avps.found[code].count > 1)
			return true;
	}
	return false;
}

static const char *check_avps(const struct pana_end *e, enum end_event event)
{
	const char *why = check_nonce(e, event);

	if (why)
		return why;
	if (occurs_twice(e))
		return "an AVP stands both open and encrypted";
	switch (event) {
	case RX_PAR_S:
		return check_offer(e);
	case RX_PAN_S:
		return check_selection(e);
	case RX_PAR:
		return end_has(e, PANA_AVP_EAP_PAYLOAD) ? NULL : "no EAP-Payload";
	case RX_PAR_C:
		return e->side == END_PAC ? check_last_par(e) : NULL;
	case RX_PAN_C:
		return check_last_pan(e);
	case RX_PTR:
		return end_has(e, PANA_AVP_TERMINATION_CAUSE) ? NULL : "no Termination-Cause";
	default:
		return NULL;
	}
}

bool end_check(struct pana_end *e, const struct pana_message *m, const struct end_validity *v)
{
	enum end_event event = end_event_of(m);
	const struct end_sa *sa;
	const char *why;

	e->in = m;
	e->has_inner = false;
	if (event == NO_EVENT || (v->broken && !end_fault(e, FAULT_INVALID_TAKEN))) {
		end_discard(e, "%s: %s%s%s", pana_kind_abbreviation(m->kind),
			    v->broken ? v->broken->id : "unknown", v->broken ? ": found " : "",
			    v->found);
		return false;
	}
	if (v->reserved && end_fault(e, FAULT_RESERVED_NOT_IGNORED))
		return false;
	if (!check_sequence(e, m))
		return false;
	sa = sa_due(e, event);
	if (!check_auth(e, sa) || !check_encap(e, sa))
		return false;
	why = check_avps(e, event);
	if (why && !end_fault(e, FAULT_INVALID_TAKEN)) {
		end_discard(e, "%s: %s", pana_kind_abbreviation(m->kind), why);
		return false;
	}
	return true;
}

/* ---- what follows from it ---- */

static void take_initial(struct pana_end *e)
{
	const struct role_settings *s = &e->role->settings;
	const struct pana_avps *avps = &e->in->avps;

	e->prf = e->integrity = e->encryption = 0;
	if (end_select(s->prf, s->prf_count, &avps->prf, &e->prf) &&
	    end_select(s->integrity, s->integrity_count, &avps->integrity, &e->integrity))
		end_select(s->encryption, s->encryption_count, &avps->encryption, &e->encryption);
	end_copy_set(e->side == END_PAC ? &e->i_par : &e->i_pan, e->in->octets.octets,
		     e->in->octets.length);
	e->session_id = e->in->session_id;
	e->initial_done = true;
	e->second_par = false;
	e->nonce_due = true;
	e->nonce_sent = false;
}

static void take_nonce(struct pana_end *e)
{
	const struct pana_avp_found *found = end_found(e, PANA_AVP_NONCE);
	struct end_nonce *nonce = &e->nonces[!e->side];

	if (!found->count || !e->nonce_due || found->value.length > sizeof(nonce->octets))
		return;
	memcpy(nonce->octets, found->value.octets, found->value.length);
	nonce->length = found->value.length;
	e->nonce_due = false;
}

void end_take(struct pana_end *e)
{
	const struct pana_message *m = e->in;
	bool request = m->flags & PANA_FLAG_R;

	if (m->kind == PANA_PCI)
		return;
	if (request) {
		e->expecting = true;
		e->sequence_in = m->sequence + 1;
		e->last_was_ping = m->kind == PANA_PNR && m->flags & PANA_FLAG_P;
	}
	if (m->flags & PANA_FLAG_S)
		take_initial(e);
	else if (m->kind == PANA_PAR)
		e->second_par = true;
	take_nonce(e);
	/* RFC 5191 5.6: a valid message moves the PaC's address. */
	if (e->side == END_PAA && !(e->opened && end_paa_fault(e, FAULT_PAA_ADDRESS_KEPT))) {
		e->peer = e->source;
		e->pre = e->source_pre;
	}
	if (m->kind == PANA_PAN || m->kind == PANA_PAR)
		e->first_par = false;
	if (!request)
		end_stop(e);
}
