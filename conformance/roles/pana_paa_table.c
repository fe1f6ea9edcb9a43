/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The PAA's state machine: RFC 5609 8.4 and 6.6, row by row. RFC 5191 wins where they differ:
 *
 * D1: RFC 5191 5.2: every request is retransmitted. 5609 starts no timer for an initial PAR without
 * EAP-Payload; here only a stateless PAA, which has no session yet, does without. The session timer
 * starts with that PAR in any case, so that a session that nobody answers ends.
 *
 * D2: RFC 5191 4.1: a PCI after the initial PAR is discarded; 5609's INITIAL answers each.
 *
 * D3: RFC 5191 5.2: a ping that PNR[A] overtakes stays outstanding (5609 stops it): the PaC would
 * not know the sequence number that comes next. The PAR waits for its answer.
 *
 * D4: RFC 5191 5.5 has a ping invalid in the authentication phase; 5609 answers it in any state but
 * INITIAL. It is answered in access, re-authentication and termination.
 *
 * D5: RFC 5191 4.4: termination may be asked for "at any time", 5.5 does not exclude it from the
 * re-authentication phase, nor PTR from the termination phase; 5609 has no rows for either. Who
 * wants to terminate and is asked to has come to the end.
 *
 * D6: RFC 5191 4.3: where PNR[A] and the PAA's first PAR cross, the PaC discards the PAR until its
 * request is answered; so it is answered, and the PAR goes on being sent. 5609 has no row.
 *
 * D7: RFC 5191 4.1: the first PAR behind the initial one carries a Nonce, even if it is the last.
 *
 * D8: RFC 5191 5.3: each re-authentication makes a new key under a new Key-Id; 5609's
 * new_key_available() is false once there is a key. A ping that is outstanding then is repeated
 * under the new key (4.3).
 *
 * D9: RFC 5191 5.3: the PAN to the first PAR brings the PaC's nonce, without which there is no key.
 * 5609 stops the PAR as soon as the PaC's own PAR comes; here it goes on until that PAN, which is
 * taken in any state, and the next PAR waits for it, as does an EAP success.
 *
 * D10: RFC 6696 5.3.1: a Re-auth-Start may go unanswered, for the PaC does not know ERP or has no
 * keys; then the identity is asked for. 5609 knows nothing of the kind.
 *
 * EAP is served here or passed through to a RADIUS server (eap_pass.h), whose answer brings the
 * event that follows a message. 5609's EAP_TIMEOUT, here EAP_TIMED_OUT, is an EAP conversation that
 * ends without a message: RFC 5191 4.1 has the session end silently.
 */
#include "pana_end_actions.h"
#include "pana_paa.h"

const char *const paa_state_names[PAA_STATES] = {
	[PAA_INITIAL] = "INITIAL",
	[PAA_WAIT_EAP_MSG] = "WAIT_EAP_MSG",
	[PAA_WAIT_SUCC_PAN] = "WAIT_SUCC_PAN",
	[PAA_WAIT_FAIL_PAN] = "WAIT_FAIL_PAN",
	[PAA_OPEN] = "OPEN",
	[PAA_WAIT_PNA_PING] = "WAIT_PNA_PING",
	[PAA_WAIT_PAN_OR_PAR] = "WAIT_PAN_OR_PAR",
	[PAA_SESS_TERM] = "SESS_TERM",
	[PAA_CLOSED] = "CLOSED",
};

/* Result-Code, RFC 5191 8.7. */
enum { PANA_SUCCESS, PANA_AUTHENTICATION_REJECTED, PANA_AUTHORIZATION_REJECTED };

/* Seconds, for a PAR of the PaC with the Initiate to come, if need be for the second time. */
enum { REAUTH_START_TIMEOUT = 5 };

/* ---- guards ---- */

static bool optimized(const struct pana_end *e)
{
	return e->role->settings.optimized && !e->role->settings.stateless;
}

static bool not_optimized(const struct pana_end *e)
{
	return !optimized(e);
}

static bool with_eap(const struct pana_end *e)
{
	return end_has(e, PANA_AVP_EAP_PAYLOAD);
}

static bool without_eap(const struct pana_end *e)
{
	return !with_eap(e);
}

static bool optimized_without_eap(const struct pana_end *e)
{
	return optimized(e) && without_eap(e);
}

static bool authorized(const struct pana_end *e)
{
	return !e->role->settings.refuse && !(e->eap_pass && e->eap_pass->unauthorized);
}

static bool unauthorized(const struct pana_end *e)
{
	return !authorized(e);
}

static bool crossing(const struct pana_end *e)
{
	return e->reauth && e->first_par;
}

/* ---- actions ---- */

void paa_send_initial(struct pana_end *e)
{
	struct end_draft d = end_draft(e, PANA_PAR, PANA_FLAG_S);

	draft_eap(e, &d);
	draft_offer(e, &d);
	end_send_request(e, &d);
	if (end_paa_fault(e, FAULT_PAA_LAST_EARLY))
		end_send_stray(e, PANA_PAR, PANA_FLAG_C);
}

static void begin(struct pana_end *e)
{
	role_event(e->role, ROLE_STARTED, "session %08x", e->session_id);
	end_timer(e, END_SESSION, FAILED_SESS_TIMEOUT);
}

static void start(struct pana_end *e)
{
	begin(e);
	paa_send_initial(e);
}

static void start_optimized(struct pana_end *e)
{
	begin(e);
	table_eap_restart(e);
}

static void initial_pan(struct pana_end *e)
{
	if (with_eap(e))
		table_tx_eap(e);
	else
		table_eap_restart(e);
	end_timer(e, END_SESSION, FAILED_SESS_TIMEOUT);
}

static void request(struct pana_end *e)
{
	struct end_draft d = end_draft(e, PANA_PAR, 0);

	e->first_par = e->reauth && !e->nonce_sent;
	if (e->first_par && end_fault(e, FAULT_SEQUENCE_RESET))
		e->counting = false;
	if (!e->first_par && e->nonce_sent)
		table_strays(e);
	draft_nonce(e, &d);
	draft_eap(e, &d);
	end_send_request(e, &d);
	if (e->late_answer) {
		struct end_draft answer = end_draft(e, PANA_PNA, PANA_FLAG_A);

		e->late_answer = false;
		end_send_answer(e, &answer);
	}
}

/* RFC 5191 4.3, 5.3: the last PAR is protected by the new key. */
static const struct end_sa *last_sa(struct pana_end *e)
{
	if (!e->new_sa.established)
		return e->sa.established ? &e->sa : NULL;
	if (e->reauth && end_fault(e, FAULT_REAUTH_OLD_KEY_LATE))
		return &e->sa;
	return &e->new_sa;
}

static void send_last(struct pana_end *e, uint32_t result)
{
	struct end_draft d = end_draft(e, PANA_PAR, PANA_FLAG_C);

	e->result = result;
	e->lifetime = e->role->settings.lifetime;
	if (e->eap_pass && e->eap_pass->lifetime)
		e->lifetime = e->eap_pass->lifetime;
	if (result != PANA_SUCCESS && end_paa_fault(e, FAULT_PAA_RESULT_DEFINED))
		result = 3;
	d.sa = last_sa(e);
	draft_nonce(e, &d);
	draft_number(&d, PANA_AVP_RESULT_CODE, result);
	draft_eap(e, &d);
	if (e->new_sa.established)
		draft_number(&d, PANA_AVP_KEY_ID, e->new_sa.key_id);
	if (result == PANA_SUCCESS)
		draft_number(&d, PANA_AVP_SESSION_LIFETIME, e->lifetime);
	end_send_request(e, &d);
}

static bool nonce_missing(const struct pana_end *e)
{
	const struct end_request *q = &e->outstanding;

	return e->nonce_due && q->message.length && q->kind == PANA_PAR &&
	       !(q->flags & PANA_FLAG_S);
}

static void hold_success(struct pana_end *e)
{
	e->success_held = true;
}

static void go_on(struct pana_end *e)
{
	if (e->success_held)
		e->eap_event = EAP_SUCCEEDED;
	e->success_held = false;
}

static void derive(struct pana_end *e)
{
	bool reused = e->last_key_id && end_paa_fault(e, FAULT_PAA_KEY_ID_REUSED);
	uint32_t key_id = e->last_key_id + !reused;

	if (end_derive(e, key_id, &e->new_sa))
		e->last_key_id = key_id;
}

static void succeed(struct pana_end *e)
{
	derive(e);
	send_last(e, PANA_SUCCESS);
}

static void refuse(struct pana_end *e)
{
	bool wrong = end_paa_fault(e, FAULT_PAA_REJECT_AND_EAP);

	derive(e);
	send_last(e, wrong ? PANA_AUTHENTICATION_REJECTED : PANA_AUTHORIZATION_REJECTED);
}

static void fail(struct pana_end *e)
{
	bool wrong = end_paa_fault(e, FAULT_PAA_SUCCESS_AND_EAP);

	end_timer_stop(e, END_SESSION);
	send_last(e, wrong ? PANA_SUCCESS : PANA_AUTHENTICATION_REJECTED);
}

static void use_new_sa(struct pana_end *e)
{
	if (!e->new_sa.established)
		return;
	e->sa = e->new_sa;
	end_sa_clear(&e->new_sa);
	end_rekeyed(e);
}

static void opened(struct pana_end *e)
{
	use_new_sa(e);
	end_open(e);
}

static void refused(struct pana_end *e)
{
	use_new_sa(e);
	if (end_fault(e, FAULT_REJECTED_GOES_ON))
		end_send_stray(e, PANA_PNR, PANA_FLAG_P);
	role_event(e->role, ROLE_REFUSED, "session %08x: Result-Code %u", e->session_id, e->result);
	end_close(e, false);
}

static void par(struct pana_end *e)
{
	struct end_draft d = end_draft(e, PANA_PAN, 0);
	struct end_sa next = {0};

	table_tx_eap(e);
	end_stop_implied(e);
	if (e->reauth && end_fault(e, FAULT_REAUTH_NEW_KEY_EARLY) &&
	    end_derive(e, e->last_key_id + 1, &next))
		d.sa = &next;
	end_send_answer(e, &d);
	end_sa_clear(&next);
}

static void pan_with_eap(struct pana_end *e)
{
	table_tx_eap(e);
}

/* The PaC has seen the Re-auth-Start. */
static void await_initiate(struct pana_end *e)
{
	if (table_eap_announced(e))
		end_timer(e, END_EAP, REAUTH_START_TIMEOUT);
}

static void begin_reauth(struct pana_end *e)
{
	e->reauth = true;
	e->success_held = false;
	end_timer_stop(e, END_REAUTH);
	end_timer_stop(e, END_PING);
	end_timer(e, END_SESSION, FAILED_SESS_TIMEOUT);
	table_eap_restart(e);
}

static void answer_reauth(struct pana_end *e)
{
	struct end_draft d = end_draft(e, PANA_PNA, PANA_FLAG_A);

	end_send_answer(e, &d);
}

static void reauth_by_pac(struct pana_end *e)
{
	e->late_answer = end_paa_fault(e, FAULT_PAA_ANSWER_LATE);
	if (!e->late_answer)
		answer_reauth(e);
	begin_reauth(e);
}

/* ---- the table ---- */

enum {
	EVERY = (1u << PAA_STATES) - 1 - IN(PAA_CLOSED),
	AUTHENTICATING = IN(PAA_WAIT_EAP_MSG) | IN(PAA_WAIT_SUCC_PAN) | IN(PAA_WAIT_FAIL_PAN) |
			 IN(PAA_WAIT_PAN_OR_PAR)
};

const struct transition paa_table[] = {
	/* RFC 5609 8.4, INITIAL; a PCI comes here only if there is no session (D2) */
	{IN(PAA_INITIAL), RX_PCI, optimized, start_optimized, PAA_INITIAL, "8.4 INITIAL; D2"},
	{IN(PAA_INITIAL), RX_PCI, not_optimized, start, PAA_INITIAL, "8.4 INITIAL; D1, D2"},
	{IN(PAA_INITIAL), AUTH_USER, optimized, start_optimized, PAA_INITIAL, "8.4 INITIAL"},
	{IN(PAA_INITIAL), AUTH_USER, not_optimized, start, PAA_INITIAL, "8.4 INITIAL; D1"},
	{IN(PAA_INITIAL), EAP_MESSAGE, NULL, paa_send_initial, PAA_INITIAL, "8.4 INITIAL"},
	{IN(PAA_INITIAL), RX_PAN_S, optimized_without_eap, NULL, PAA_WAIT_PAN_OR_PAR,
	 "8.4 INITIAL"},
	{IN(PAA_INITIAL), RX_PAN_S, NULL, initial_pan, PAA_WAIT_EAP_MSG, "8.4 INITIAL"},

	/* WAIT_EAP_MSG */
	{IN(PAA_WAIT_EAP_MSG), EAP_MESSAGE, NULL, request, PAA_WAIT_PAN_OR_PAR, "8.4 WAIT_EAP_MSG"},
	{IN(PAA_WAIT_EAP_MSG), EAP_FAILED, NULL, fail, PAA_WAIT_FAIL_PAN, "8.4 WAIT_EAP_MSG; D7"},
	{IN(PAA_WAIT_EAP_MSG), EAP_SUCCEEDED, nonce_missing, hold_success, SAME, "D9"},
	{IN(PAA_WAIT_EAP_MSG), RX_PAN, NULL, go_on, SAME, "D9"},
	{IN(PAA_WAIT_EAP_MSG), EAP_SUCCEEDED, authorized, succeed, PAA_WAIT_SUCC_PAN,
	 "8.4 WAIT_EAP_MSG; D8"},
	{IN(PAA_WAIT_EAP_MSG), EAP_SUCCEEDED, unauthorized, refuse, PAA_WAIT_FAIL_PAN,
	 "8.4 WAIT_EAP_MSG; D8"},
	{IN(PAA_WAIT_EAP_MSG), EAP_TIMED_OUT, NULL, act_disconnect, PAA_CLOSED, "8.4 WAIT_EAP_MSG"},
	{IN(PAA_WAIT_EAP_MSG), EAP_DISCARDED, NULL, act_disconnect, PAA_CLOSED, "8.4 WAIT_EAP_MSG"},

	/* WAIT_SUCC_PAN, WAIT_FAIL_PAN */
	{IN(PAA_WAIT_SUCC_PAN), RX_PAN_C, NULL, opened, PAA_OPEN, "8.4 WAIT_SUCC_PAN"},
	{IN(PAA_WAIT_FAIL_PAN), RX_PAN_C, NULL, refused, PAA_CLOSED, "8.4 WAIT_FAIL_PAN"},

	{IN(PAA_WAIT_SUCC_PAN) | IN(PAA_WAIT_FAIL_PAN), RX_PAN, NULL, NULL, SAME, "D9"},

	/* OPEN */
	{IN(PAA_OPEN), RX_PNR_A, NULL, reauth_by_pac, PAA_WAIT_EAP_MSG, "8.4 OPEN"},
	{IN(PAA_OPEN), REAUTH, NULL, begin_reauth, PAA_WAIT_EAP_MSG, "8.4 OPEN"},
	{IN(PAA_OPEN), REAUTH_TIMEOUT, NULL, begin_reauth, PAA_WAIT_EAP_MSG, "8.4 OPEN"},
	{IN(PAA_OPEN), PANA_PING, can_ping, act_ping, PAA_WAIT_PNA_PING, "8.4 OPEN"},
	{IN(PAA_OPEN), TERMINATE, NULL, act_terminate, PAA_SESS_TERM, "8.4 OPEN"},
	{IN(PAA_OPEN), RX_PTR, NULL, act_terminated, PAA_CLOSED, "8.4 OPEN"},

	/* WAIT_PNA_PING */
	{IN(PAA_WAIT_PNA_PING), RX_PNA_P, NULL, act_alive, PAA_OPEN, "8.4 WAIT_PNA_PING"},
	{IN(PAA_WAIT_PNA_PING), RX_PNR_A, NULL, reauth_by_pac, PAA_WAIT_EAP_MSG,
	 "8.4 WAIT_PNA_PING; D3"},
	{IN(PAA_WAIT_PNA_PING), RX_PTR, NULL, act_terminated, PAA_CLOSED, "8.4 WAIT_PNA_PING"},

	/* WAIT_PAN_OR_PAR */
	{IN(PAA_WAIT_PAN_OR_PAR), RX_PAR, NULL, par, PAA_WAIT_EAP_MSG, "8.4 WAIT_PAN_OR_PAR; D9"},
	{IN(PAA_WAIT_PAN_OR_PAR), RX_PAN, with_eap, pan_with_eap, PAA_WAIT_EAP_MSG,
	 "8.4 WAIT_PAN_OR_PAR"},
	{IN(PAA_WAIT_PAN_OR_PAR), RX_PAN, without_eap, await_initiate, PAA_WAIT_PAN_OR_PAR,
	 "8.4 WAIT_PAN_OR_PAR; D10"},
	{IN(PAA_WAIT_PAN_OR_PAR), EAP_MESSAGE, NULL, request, PAA_WAIT_PAN_OR_PAR,
	 "8.4 WAIT_PAN_OR_PAR"},
	{IN(PAA_WAIT_PAN_OR_PAR), EAP_FAILED, NULL, act_disconnect, PAA_CLOSED,
	 "8.4 WAIT_PAN_OR_PAR"},
	{IN(PAA_WAIT_PAN_OR_PAR), EAP_TIMED_OUT, NULL, act_disconnect, PAA_CLOSED,
	 "8.4 WAIT_PAN_OR_PAR"},
	{IN(PAA_WAIT_PAN_OR_PAR), EAP_DISCARDED, NULL, act_disconnect, PAA_CLOSED,
	 "8.4 WAIT_PAN_OR_PAR"},
	{IN(PAA_WAIT_PAN_OR_PAR), RX_PNR_A, crossing, answer_reauth, SAME, "D6"},

	/* SESS_TERM */
	{IN(PAA_SESS_TERM), RX_PTA, NULL, act_closed, PAA_CLOSED, "8.4 SESS_TERM"},
	{IN(PAA_SESS_TERM), RX_PTR, NULL, act_terminated, PAA_CLOSED, "D5"},
	{AUTHENTICATING, RX_PTR, in_reauth, act_terminated, PAA_CLOSED, "D5"},

	{IN(PAA_WAIT_EAP_MSG) | IN(PAA_WAIT_PAN_OR_PAR), EAP_OVERDUE, NULL, table_eap_timeout, SAME,
	 "D10, or RADIUS"},

	/* RFC 5609 6.6, ANY; in CLOSED nothing has a row */
	{EVERY, RTX_TIMEOUT, NULL, act_retransmit, SAME, "6.6 ANY"},
	{EVERY, RTX_EXHAUSTED, never_gives_up, act_retransmit, SAME, "a fault"},
	{EVERY, RTX_EXHAUSTED, NULL, act_give_up, PAA_CLOSED, "6.6 ANY"},
	{EVERY, SESS_TIMEOUT, NULL, act_time_out, PAA_CLOSED, "6.6 ANY"},
	{EVERY, RX_PNR_P, in_access, act_answer_ping, SAME, "6.6 ANY except INITIAL; D4"},
	{EVERY, RX_PNA_P, NULL, act_alive, SAME, "6.6 ANY except WAIT_PNA_PING; D3"},
	{0, NO_EVENT, NULL, NULL, SAME, NULL},
};
