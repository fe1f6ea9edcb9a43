/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Phases of a session, and which message is expected in which: RFC 5191 4 and 5.5. */
#include "session.h"

static const uint64_t second = 1000000000u;

static const char *phase_name(const struct pana_session *s)
{
	return value_name_find(pana_phase_names, s->phase);
}

static bool is_repeated(const struct pana_step *step)
{
	const struct pana_requests *q = &step->s->requests[step->from];

	return step->request && q->seen && q->kind == step->m->kind &&
	       q->sequence == step->m->sequence;
}

/* The rule of section 5.5 that the message breaks in this phase, or NULL. */
static const struct rule *unexpected(const struct pana_step *step)
{
	const struct pana_session *s = step->s;
	bool s_flag = step_flag(step, PANA_FLAG_S);
	bool ping = step_flag(step, PANA_FLAG_P);
	enum pana_kind kind = step->m->kind;

	switch (s->phase) {
	case PANA_PHASE_AUTH:
		if (kind == PANA_PNR)
			return ping ? R(PHASE_PING_AUTH) : R(PHASE_REAUTH_REQUEST);
		if (kind == PANA_PAR && step_flag(step, PANA_FLAG_C) && !s->initial_done &&
		    !s->second_par)
			return R(PHASE_LAST_EARLY);
		if (kind == PANA_PAR && s_flag && s->second_par)
			return R(PHASE_INITIAL_LATE);
		if (kind == PANA_PTR)
			return R(PHASE_PTR);
		/* The PaC repeats it until it sees the second PAR (4.1): its PAN tells that it has.
		 */
		return kind == PANA_PCI && s->second_pan ? R(PHASE_PCI) : NULL;
	case PANA_PHASE_REAUTH:
		if (kind == PANA_PNR && ping)
			return R(PHASE_PING_REAUTH);
		if (kind == PANA_PAR && s_flag)
			return R(PHASE_INITIAL_LATE);
		return kind == PANA_PCI ? R(PHASE_PCI) : NULL;
	case PANA_PHASE_ACCESS:
		if (kind == PANA_PAR)
			return s_flag ? R(PHASE_INITIAL_LATE)
			       : step->from == SIDE_PAA && !s->reauth_requested
				       ? R(PHASE_PAR_ACCESS)
				       : NULL;
		return kind == PANA_PCI ? R(PHASE_PCI) : NULL;
	case PANA_PHASE_TERMINATION:
		if (kind == PANA_PNR && ping)
			return R(PHASE_PING_TERMINATION);
		if (kind == PANA_PCI)
			return R(PHASE_PCI);
		return kind == PANA_PAR || kind == PANA_PNR ? R(PHASE_TERMINATION) : NULL;
	case PANA_PHASE_CLOSED:
		/* The last request may be repeated and answered again. */
		if (!step->request || is_repeated(step))
			return NULL;
		return s->refused ? R(REJECTED_ENDS) : R(SESSION_GONE);
	default:
		return NULL;
	}
}

static void note_unexpected(struct pana_step *step)
{
	const struct rule *rule = unexpected(step);

	if (!rule || (is_repeated(step) && step->m->kind != PANA_PCI))
		return;
	if (rule->level == RULE_MUST)
		step->invalid = rule;
	reader_note(step->r, rule, F(TYPE), step->m->origin + 6, 2, rule->text,
		    "%s in the %s phase", pana_kind_name(step->m->kind), phase_name(step->s));
}

/* RFC 5191 4.1: the S flag marks the first PAR and PAN of a session and no others. */
static void note_initial(const struct pana_step *step)
{
	const struct pana_session *s = step->s;
	const struct pana_requests *q = &s->requests[SIDE_PAA];
	bool start = step_flag(step, PANA_FLAG_S);

	if (start && ((step->m->kind == PANA_PAR && step->from == SIDE_PAC) ||
		      (step->m->kind == PANA_PAN && step->from == SIDE_PAA)))
		step_note(step, INITIAL_S, FLAG_S, 4, 2,
			  "S clear: the initial PAR comes from the PAA, its answer from the PaC",
			  "set in a %s of the %s", pana_kind_abbreviation(step->m->kind),
			  step->from == SIDE_PAC ? "PaC" : "PAA");
	if (step->m->kind == PANA_PAR && step->initial && !start)
		step_note(step, INITIAL_S, FLAG_S, 4, 2, "S set in the initial PAR", "clear");
	if (step->m->kind == PANA_PAN && step->from == SIDE_PAC && q->seen && q->kind == PANA_PAR &&
	    q->sequence == step->m->sequence && start != q->initial)
		step_note(step, INITIAL_S, FLAG_S, 4, 2,
			  start ? "S clear: its PAR is not the initial one"
				: "S set: its PAR is the initial one",
			  "%s", start ? "set" : "clear");
}

static void note_last(const struct pana_step *step)
{
	const struct pana_requests *q = &step->s->requests[!step->from];
	bool last = step_flag(step, PANA_FLAG_C);

	if (step->m->kind != PANA_PAN || !q->seen || q->kind != PANA_PAR ||
	    q->sequence != step->m->sequence || last == q->complete)
		return;
	step_note(step, LAST_ANSWERED_C, FLAG_C, 4, 2,
		  last ? "C clear: its PAR has it clear" : "C set, as in its PAR", "%s",
		  last ? "set" : "clear");
}

static void note_reauth(const struct pana_step *step)
{
	const struct pana_session *s = step->s;

	if (step->m->kind == PANA_PNR && step_flag(step, PANA_FLAG_A) && step->from == SIDE_PAA)
		step_note(step, REAUTH_BY_PAC, FLAG_A, 4, 2, "a PAR",
			  "a re-authentication request from the PAA");
	if (step->m->kind == PANA_PAR && step->from == SIDE_PAA && s->reauth_requested &&
	    !s->requests[SIDE_PAC].answered)
		step_note(step, REAUTH_ANSWER_FIRST, TYPE, 6, 2,
			  "the answer to the re-authentication request of the PaC first",
			  "frame %u is not answered", s->requests[SIDE_PAC].frame);
	if (step->m->kind == PANA_PAR && step_flag(step, PANA_FLAG_I) &&
	    (s->phase == PANA_PHASE_REAUTH || s->phase == PANA_PHASE_ACCESS))
		step_note(step, FLAG_I_PHASE, FLAG_I, 4, 2,
			  "set in the authentication and authorization phase only",
			  "set in the %s phase", phase_name(s));
}

static void note_lifetime(const struct pana_step *step)
{
	struct pana_session *s = step->s;

	if (s->phase != PANA_PHASE_ACCESS || !s->lifetime || s->overdue ||
	    step->passage->time <= s->lifetime_end)
		return;
	s->overdue = true;
	step_note(step, LIFETIME_OVER, SESSION_LIFETIME, 0, 0,
		  "re-authentication before the lifetime is over",
		  "a %s %.0f s after the end of %u s", pana_kind_abbreviation(step->m->kind),
		  (double)(step->passage->time - s->lifetime_end) / 1e9, s->lifetime);
}

/* Whoever goes on behind the last PAR has got its answer, captured or not. */
static void catch_up(struct pana_step *step)
{
	struct pana_session *s = step->s;

	if (s->last_par_seen && !is_repeated(step) &&
	    (s->phase == PANA_PHASE_AUTH || s->phase == PANA_PHASE_REAUTH) &&
	    (step->m->kind == PANA_PNR || step->m->kind == PANA_PTR))
		s->phase = s->refused ? PANA_PHASE_CLOSED : PANA_PHASE_ACCESS;
}

void pana_step_expected(struct pana_step *step)
{
	catch_up(step);
	note_unexpected(step);
	note_initial(step);
	note_last(step);
	note_reauth(step);
	note_lifetime(step);
}

static void begin_reauth(struct pana_session *s)
{
	s->phase = PANA_PHASE_REAUTH;
	s->reauth_requested = false;
	s->last_par_seen = s->last_par_keyed = false;
	s->result_known = false;
	if (s->eap)
		eap_conversation_restart(s->eap);
}

/* The next PAR and PAN carry nonces (RFC 5191 4.3), unless the PAR that begins the
 * re-authentication has overtaken the answer to the request for it. */
static void begin_requested_reauth(struct pana_session *s)
{
	const struct pana_requests *q = &s->requests[SIDE_PAA];

	begin_reauth(s);
	if (!q->seen || q->kind != PANA_PAR || q->answered || q->complete)
		pana_expect_nonces(s);
}

static void take_lifetime(struct pana_step *step)
{
	struct pana_session *s = step->s;
	const struct pana_avp_found *found = &step->avps->found[PANA_AVP_SESSION_LIFETIME];

	if (!found->count && step->has_inner)
		found = &step->inner.found[PANA_AVP_SESSION_LIFETIME];
	if (found->value.length != 4)
		return;
	s->lifetime = found->number;
	s->lifetime_end = step->passage->time + found->number * second;
	s->overdue = false;
}

static void take_last_par(struct pana_step *step)
{
	struct pana_session *s = step->s;
	const struct pana_avp_found *result = &step->avps->found[PANA_AVP_RESULT_CODE];

	s->last_par_seen = true;
	s->last_par_keyed = step_has(step, PANA_AVP_KEY_ID);
	if (result->value.length == 4) {
		s->result = result->number;
		s->result_known = true;
	}
	s->refused = s->result_known && (s->result == 1 || s->result == 2);
	if (!s->refused)
		take_lifetime(step);
}

static void take_par(struct pana_step *step)
{
	struct pana_session *s = step->s;
	bool early = s->phase == PANA_PHASE_AUTH && !s->initial_done && !s->second_par;

	if (step->initial) {
		if (s->phase <= PANA_PHASE_INITIATION)
			s->phase = PANA_PHASE_AUTH;
		return;
	}
	if (s->phase == PANA_PHASE_INITIATION)
		s->phase = PANA_PHASE_AUTH;
	if (step->from == SIDE_PAA && s->phase == PANA_PHASE_ACCESS && !s->reauth_requested)
		begin_reauth(s);
	s->second_par = true;
	if (step_flag(step, PANA_FLAG_C) && step->from == SIDE_PAA && !early)
		take_last_par(step);
}

static void take_pan(struct pana_step *step)
{
	struct pana_session *s = step->s;
	const struct pana_requests *q = &s->requests[SIDE_PAA];
	bool answers = step->from == SIDE_PAC && q->seen && q->kind == PANA_PAR &&
		       q->sequence == step->m->sequence;

	if (step->initial)
		s->initial_done = true;
	else if (s->second_par && step->from == SIDE_PAC)
		s->second_pan = true;
	/* The PaC takes the PAR for the answer to its request for re-authentication. */
	if (answers && !step->retransmission && s->reauth_requested &&
	    s->phase == PANA_PHASE_ACCESS)
		begin_reauth(s);
	if (step->from != SIDE_PAC || !s->last_par_seen ||
	    !(step_flag(step, PANA_FLAG_C) || (answers && q->complete)))
		return;
	if (s->phase == PANA_PHASE_REAUTH && !s->refused)
		s->reauths++;
	s->phase = s->refused ? PANA_PHASE_CLOSED : PANA_PHASE_ACCESS;
}

static void take_notification(struct pana_step *step)
{
	struct pana_session *s = step->s;
	bool reauth = step_flag(step, PANA_FLAG_A);

	if (step->m->kind == PANA_PNR) {
		if (reauth && step->from == SIDE_PAC && s->phase == PANA_PHASE_ACCESS)
			s->reauth_requested = true;
		return;
	}
	if (!reauth && !step->retransmission)
		s->pings++;
	if (reauth && s->phase == PANA_PHASE_ACCESS)
		begin_requested_reauth(s);
}

void pana_step_phase(struct pana_step *step)
{
	struct pana_session *s = step->s;

	switch (step->m->kind) {
	case PANA_PCI:
		if (s->phase == PANA_PHASE_UNKNOWN)
			s->phase = PANA_PHASE_INITIATION;
		break;
	case PANA_PAR:
		if (!step->retransmission)
			take_par(step);
		break;
	case PANA_PAN:
		take_pan(step);
		break;
	case PANA_PTR:
		if (s->phase != PANA_PHASE_AUTH && s->phase != PANA_PHASE_CLOSED)
			s->phase = PANA_PHASE_TERMINATION;
		break;
	case PANA_PTA:
		if (s->phase == PANA_PHASE_TERMINATION || s->phase == PANA_PHASE_UNKNOWN)
			s->phase = PANA_PHASE_CLOSED;
		break;
	case PANA_PNR:
	case PANA_PNA:
		take_notification(step);
		break;
	default:
		break;
	}
}
