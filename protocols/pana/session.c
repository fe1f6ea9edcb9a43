/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One message of a session: what is looked at, in order. */
#include "session.h"

#include <stdlib.h>

static void session_free(struct conversation *c)
{
	struct pana_session *s = (struct pana_session *)c;

	pana_tracker_forget(s->tracker, s);
	eap_conversation_free(s->eap);
	free((void *)(uintptr_t)s->i_par.octets);
	free((void *)(uintptr_t)s->i_pan.octets);
	pana_sa_clear(&s->sa);
	pana_sa_clear(&s->old_sa);
	free(s);
}

const struct conversation_kind pana_session_kind = {
	.protocol = &pana_protocol,
	.label = "PANA session",
	.describe = pana_session_describe,
	.free = session_free,
};

struct pana_session *pana_session_new(struct pana_tracker *t)
{
	struct pana_session *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	s->base.kind = &pana_session_kind;
	s->tracker = t;
	s->sa.why_not = VERDICT_NO_AUTHENTICATION;
	return s;
}

/* RFC 5191 6.1: unicast, and port 716 at one end; an answer goes back to where the request came
 * from. Judged on what the IP packet says, relayed or not. */
static void note_transport(struct pana_step *step)
{
	const struct passage *p = step->passage;
	const uint8_t *to = p->destination.address.octets;
	const struct pana_requests *answered = &step->s->requests[!step->from];
	bool multicast = false;

	if (p->destination.address.family == ADDRESS_IPV4)
		multicast = (to[0] & 0xf0) == 0xe0 || to[0] == 255;
	else if (p->destination.address.family == ADDRESS_IPV6)
		multicast = to[0] == 0xff;
	if (multicast)
		step_note(step, UNICAST, MESSAGE, 0, 0, "a unicast destination", "multicast");
	if (p->carrier != CARRIER_UDP || step->s->pre.address.family)
		return;
	if (p->source.port != PANA_PORT && p->destination.port != PANA_PORT)
		step_note(step, PORT, MESSAGE, 0, 0, "port 716 at one end", "%u and %u",
			  p->source.port, p->destination.port);
	if (!step->request && answered->seen && answered->sequence == step->m->sequence &&
	    answered->port && answered->port != p->destination.port)
		step_note(step, PORT_COPIED, MESSAGE, 0, 0, "the port that the request came from",
			  "to port %u, where the request came from %u", p->destination.port,
			  answered->port);
}

static void feed_eap(struct pana_step *step)
{
	struct pana_session *s = step->s;
	const struct pana_avp_found *found = &step->avps->found[PANA_AVP_EAP_PAYLOAD];
	const struct pana_avps *avps = step->avps;

	if (!found->count && step->has_inner) {
		avps = &step->inner;
		found = &avps->found[PANA_AVP_EAP_PAYLOAD];
	}
	if (!found->count || !avps->eap.complete)
		return;
	if (step->m->kind == PANA_PAN && step->from == SIDE_PAA)
		step_note(step, EAP_IN_PAA_ANSWER, AVP_CODE, 0, 0, "no EAP-Payload",
			  "an EAP-Payload in a PAN of the PAA");
	if (!s->eap)
		s->eap = eap_conversation_new(pana_tracker_keys(s->tracker));
	eap_feed(s->eap, &s->base, step->passage, &avps->eap, found->value_offset, step->r);
}

/* RFC 5191 8.7 and 8.9, as far as it takes to know who speaks and how EAP ended. */
static void note_result(struct pana_step *step)
{
	struct pana_session *s = step->s;
	const struct pana_avp_found *result = &step->avps->found[PANA_AVP_RESULT_CODE];
	unsigned outcome = s->eap ? eap_conversation_outcome(s->eap) : 0;

	if (step->m->kind != PANA_PAR || !step_flag(step, PANA_FLAG_C) || !result->count ||
	    result->value.length != 4)
		return;
	/* "The authorization process has failed" (2) does not say that authentication has not. */
	if (result->number == 0 && outcome == EAP_FAILURE)
		reader_note(step->r, R(SUCCESS_AND_EAP), F(RESULT_CODE), result->value_offset, 4,
			    "PANA_AUTHENTICATION_REJECTED", "PANA_SUCCESS with an EAP Failure");
	if (result->number == 1 && outcome == EAP_SUCCESS)
		reader_note(step->r, R(REJECT_AND_EAP), F(RESULT_CODE), result->value_offset, 4,
			    "PANA_SUCCESS or PANA_AUTHORIZATION_REJECTED",
			    "PANA_AUTHENTICATION_REJECTED with an EAP Success");
}

static void note_cause(struct pana_step *step)
{
	const struct pana_avp_found *cause = &step->avps->found[PANA_AVP_TERMINATION_CAUSE];
	bool logout;

	if (!cause->count && step->has_inner)
		cause = &step->inner.found[PANA_AVP_TERMINATION_CAUSE];
	if (step->m->kind != PANA_PTR || cause->value.length != 4)
		return;
	step->s->cause = cause->number;
	step->s->cause_known = true;
	if (!value_name_find(pana_cause_names, cause->number))
		return;
	logout = cause->number == 1;
	if (logout != (step->from == SIDE_PAC))
		reader_note(step->r, R(CAUSE_DIRECTION), F(TERMINATION_CAUSE), cause->value_offset,
			    4, logout ? "ADMINISTRATIVE or SESSION_TIMEOUT" : "LOGOUT",
			    "%s from the %s", value_name_find(pana_cause_names, cause->number),
			    step->from == SIDE_PAC ? "PaC" : "PAA");
}

/* An invalid message is discarded (RFC 5191 5.5): its receiver sends no answer. */
static void take_invalid(struct pana_step *step)
{
	if (step->invalid && step->m->flags & PANA_FLAG_R && !step->retransmission)
		step->s->requests[step->from].invalid = step->invalid;
}

/* PAR and PAN of the initial exchange: by the S flag or, where it is missing, by their place. A PAR
 * with a nonce behind a PCI is a later one: those before it have not been captured. */
static bool is_initial(const struct pana_step *step)
{
	const struct pana_session *s = step->s;
	const struct pana_requests *q = &s->requests[SIDE_PAA];

	if (step->m->kind == PANA_PAR && step->from == SIDE_PAA)
		return step_flag(step, PANA_FLAG_S) ||
		       (s->phase == PANA_PHASE_INITIATION && !step_has(step, PANA_AVP_NONCE));
	if (step->m->kind != PANA_PAN || step->from != SIDE_PAC)
		return false;
	if (q->seen && q->kind == PANA_PAR && q->sequence == step->m->sequence)
		return q->initial;
	return step_flag(step, PANA_FLAG_S);
}

void pana_session_step(struct pana_step *step)
{
	struct pana_session *s = step->s;

	step->request = step->m->flags & PANA_FLAG_R || step->m->kind == PANA_PCI;
	step->initial = is_initial(step);
	note_transport(step);
	pana_step_expected(step);
	pana_step_sequence(step);
	pana_step_negotiation(step);
	pana_step_nonce(step);
	if (!step_has(step, PANA_AVP_ENCR_ENCAP))
		feed_eap(step);
	pana_step_key_id(step);
	pana_step_auth(step);
	if (step_has(step, PANA_AVP_ENCR_ENCAP)) {
		pana_step_encap(step);
		feed_eap(step);
	}
	take_invalid(step);
	/* What is forged changes nothing. */
	if (!step->forged) {
		note_result(step);
		note_cause(step);
		pana_step_phase(step);
	}
	reader_number(step->r, F(PHASE), 0, 0, s->phase);
	if (step->plaintext)
		secret_wipe(step->plaintext, step->plaintext_length);
	free(step->plaintext);
}
