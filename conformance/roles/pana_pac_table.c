/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The PaC's state machine: RFC 5609 7.5 and 6.6, row by row. RFC 5191 wins where they differ:
 *
 * D1: 5609 runs the session timer from the PCI on; RFC 5191 9.1 sets no limit to PCI (MRC and MRD
 * 0), so it starts with the initial PAR.
 *
 * D2: RFC 5191 4.1, 5.5: an initial PAR is valid until the second PAR. A stateless PAA answers each
 * PCI with one. 5609 knows it in INITIAL only.
 *
 * D3: RFC 5191 5.2: a ping that a PAR overtakes stays outstanding (5609 stops it): the peer would
 * not know the sequence number that comes next. A request that falls due waits for its answer.
 *
 * D4: RFC 5191 5.5 has a ping invalid in the authentication phase; 5609 answers it in any state but
 * INITIAL. It is answered in access, re-authentication and termination.
 *
 * D5: RFC 5191 4.4: termination may be asked for "at any time", 5.5 does not exclude it from the
 * re-authentication phase, nor PTR from the termination phase; 5609 has no rows for either. Who
 * wants to terminate and is asked to has come to the end.
 *
 * D6: A last PAR shows, too, that the PAA has the PaC's PAR: 5609 stops the timer at others only.
 *
 * D7: RFC 5191 4.1, 4.3: Nonce stands in the first PAN that is not initial, whichever it is, and in
 * the first of a re-authentication; 5609 forgets it where the last PAR comes first, and sends it
 * again in the PAN after the one that began a re-authentication.
 *
 * D8: RFC 5191 5.3: each re-authentication makes new keys; 5609's key_available() keeps the first.
 * A ping that is outstanding then is repeated under the new key (4.3).
 *
 * D9: RFC 6696 5.3.1.2: a Re-auth-Start that the EAP peer cannot use is silently discarded, and a
 * full authentication follows. 5609 ends the session at whatever EAP discards.
 *
 * D10: RFC 5191 4.1: the last PAR is answered, and a Result-Code that refuses ends the session,
 * even if EAP discards the Failure beside it: in the middle of a method (RFC 3748 4.2), or a Finish
 * that nobody could sign (RFC 6696 5.2.2). 5609 waits for EAP's word.
 *
 * EAP_RESP_TIMEOUT cannot occur: the EAP peer answers at once.
 */
#include "pana_pac.h"

#include "pana_end_actions.h"

const char *const pac_state_names[PAC_STATES] = {
	[PAC_INITIAL] = "INITIAL",
	[PAC_WAIT_PAA] = "WAIT_PAA",
	[PAC_WAIT_EAP_MSG] = "WAIT_EAP_MSG",
	[PAC_WAIT_EAP_RESULT] = "WAIT_EAP_RESULT",
	[PAC_WAIT_EAP_RESULT_CLOSE] = "WAIT_EAP_RESULT_CLOSE",
	[PAC_OPEN] = "OPEN",
	[PAC_WAIT_PNA_REAUTH] = "WAIT_PNA_REAUTH",
	[PAC_WAIT_PNA_PING] = "WAIT_PNA_PING",
	[PAC_SESS_TERM] = "SESS_TERM",
	[PAC_CLOSED] = "CLOSED",
};

/* ---- guards ---- */

static bool piggyback(const struct pana_end *e)
{
	return e->role->settings.piggyback;
}

static bool no_piggyback(const struct pana_end *e)
{
	return !piggyback(e);
}

static bool without_eap(const struct pana_end *e)
{
	return !end_has(e, PANA_AVP_EAP_PAYLOAD);
}

static bool with_eap_piggyback(const struct pana_end *e)
{
	return !without_eap(e) && piggyback(e);
}

static bool with_eap_no_piggyback(const struct pana_end *e)
{
	return !without_eap(e) && !piggyback(e);
}

static bool success(const struct pana_end *e)
{
	return e->in->avps.found[PANA_AVP_RESULT_CODE].number == 0;
}

static bool no_success(const struct pana_end *e)
{
	return !success(e);
}

static bool again_without_eap(const struct pana_end *e)
{
	return !e->second_par && without_eap(e);
}

static bool again_with_eap_piggyback(const struct pana_end *e)
{
	return !e->second_par && with_eap_piggyback(e);
}

static bool again_with_eap_no_piggyback(const struct pana_end *e)
{
	return !e->second_par && with_eap_no_piggyback(e);
}

static bool takes_par_early(const struct pana_end *e)
{
	return end_pac_fault(e, FAULT_PAC_PAR_TAKEN);
}

/* ---- actions ---- */

static void send_pci(struct pana_end *e)
{
	struct end_draft d = end_draft(e, PANA_PCI, 0);

	if (end_pac_fault(e, FAULT_PAC_PCI_SID))
		d.session_id = 1;
	end_send_request(e, &d);
}

static void send_initial_pan(struct pana_end *e)
{
	struct end_draft d = end_draft(e, PANA_PAN, PANA_FLAG_S);

	draft_eap(e, &d);
	draft_selection(e, &d);
	end_send_answer(e, &d);
}

static void begin(struct pana_end *e)
{
	role_event(e->role, ROLE_STARTED, "session %08x", e->session_id);
	table_eap_restart(e);
	end_timer(e, END_SESSION, FAILED_SESS_TIMEOUT);
}

static void start_without_eap(struct pana_end *e)
{
	if (end_pac_fault(e, FAULT_PAC_PCI_STOPS))
		end_stop(e);
	begin(e);
	send_initial_pan(e);
}

static void start_with_eap(struct pana_end *e)
{
	begin(e);
	table_tx_eap(e);
}

/* The EAP response goes into a PAR of its own. */
static void start_with_eap_acknowledged(struct pana_end *e)
{
	struct end_draft d = end_draft(e, PANA_PAN, PANA_FLAG_S);

	begin(e);
	draft_selection(e, &d);
	end_send_answer(e, &d);
	table_tx_eap(e);
}

static void answer_initial(struct pana_end *e)
{
	send_initial_pan(e);
}

static void par(struct pana_end *e)
{
	if (end_pac_fault(e, FAULT_PAC_LIFETIME) && end_has(e, PANA_AVP_SESSION_LIFETIME))
		e->early_lifetime = end_found(e, PANA_AVP_SESSION_LIFETIME)->number;
	end_stop_implied(e);
	table_strays(e);
	table_tx_eap(e);
}

static void par_acknowledged(struct pana_end *e)
{
	struct end_draft d = end_draft(e, PANA_PAN, 0);

	end_stop_implied(e);
	draft_nonce(e, &d);
	end_send_answer(e, &d);
	table_strays(e);
	table_tx_eap(e);
}

/* A faulty PaC goes over to the new keys as soon as EAP has them. */
static void use_next_sa(struct pana_end *e, struct end_draft *d, struct end_sa *next)
{
	if (e->reauth && end_fault(e, FAULT_REAUTH_NEW_KEY_EARLY) &&
	    end_derive(e, e->sa.key_id + 1, next))
		d->sa = next;
}

static void respond(struct pana_end *e)
{
	struct end_draft d = end_draft(e, PANA_PAN, 0);
	struct end_sa next = {0};

	draft_nonce(e, &d);
	draft_eap(e, &d);
	use_next_sa(e, &d, &next);
	end_send_answer(e, &d);
	end_sa_clear(&next);
}

static void respond_by_par(struct pana_end *e)
{
	struct end_draft d = end_draft(e, PANA_PAR, 0);
	struct end_sa next = {0};

	draft_eap(e, &d);
	use_next_sa(e, &d, &next);
	end_send_request(e, &d);
	end_sa_clear(&next);
}

/* Of the message being acted upon: Initiate/Re-auth-Start. */
static bool announced(const struct pana_end *e)
{
	const struct octets eap = end_found(e, PANA_AVP_EAP_PAYLOAD)->value;

	return e->reauth && eap.length > 0 && eap.octets[0] == EAP_INITIATE;
}

/* Without EAP; what is not piggybacked has been acknowledged already. */
static void acknowledge(struct pana_end *e)
{
	struct end_draft d = end_draft(e, PANA_PAN, 0);

	if (no_piggyback(e))
		return;
	draft_nonce(e, &d);
	end_send_answer(e, &d);
}

static void discarded(struct pana_end *e)
{
	struct end_draft d = end_draft(e, PANA_PAN, 0);

	draft_nonce(e, &d);
	end_send_answer(e, &d);
	act_disconnect(e);
}

static void last_par(struct pana_end *e)
{
	end_stop_implied(e);
	e->result = e->in->avps.found[PANA_AVP_RESULT_CODE].number;
	e->lifetime = success(e) ? end_found(e, PANA_AVP_SESSION_LIFETIME)->number : 0;
	if (e->early_lifetime)
		e->lifetime = e->early_lifetime;
	if (end_has(e, PANA_AVP_EAP_PAYLOAD))
		table_tx_eap(e);
	else
		table_alt_reject(e);
}

/* RFC 5191 4.3: the last PAN and all that follows are protected by the new key. */
static void send_last_pan(struct pana_end *e)
{
	struct end_draft d = end_draft(e, PANA_PAN, PANA_FLAG_C);
	struct end_sa old = e->sa;

	if (e->new_sa.established) {
		e->sa = e->new_sa;
		if (e->reauth && end_fault(e, FAULT_REAUTH_OLD_KEY_LATE))
			d.sa = &old;
		else
			d.sa = &e->sa;
		end_rekeyed(e);
		draft_number(&d, PANA_AVP_KEY_ID, e->new_sa.key_id);
	}
	draft_nonce(e, &d);
	if (!e->reauth || !end_pac_fault(e, FAULT_PAC_LAST_NOT_ANSWERED))
		end_send_answer(e, &d);
	end_sa_clear(&e->new_sa);
	secret_wipe(&old, sizeof(old));
}

static void opened(struct pana_end *e)
{
	send_last_pan(e);
	end_open(e);
}

static void refused(struct pana_end *e)
{
	send_last_pan(e);
	if (end_fault(e, FAULT_REJECTED_GOES_ON))
		end_send_stray(e, PANA_PNR, PANA_FLAG_P);
	role_event(e->role, ROLE_REFUSED, "session %08x: Result-Code %u", e->session_id, e->result);
	end_close(e, true);
}

static void reauth(struct pana_end *e)
{
	struct end_draft d = end_draft(e, PANA_PNR, PANA_FLAG_A);

	end_timer_stop(e, END_REAUTH);
	if (end_pac_fault(e, FAULT_PAC_PCI_LATE))
		end_send_stray(e, PANA_PCI, 0);
	if (end_fault(e, FAULT_SEQUENCE_RESET))
		e->counting = false;
	end_send_request(e, &d);
}

static void begin_reauth(struct pana_end *e)
{
	e->reauth = true;
	end_timer_stop(e, END_REAUTH);
	end_timer_stop(e, END_PING);
	end_timer(e, END_SESSION, FAILED_SESS_TIMEOUT);
	table_eap_restart(e);
}

static void reauth_by_paa(struct pana_end *e)
{
	begin_reauth(e);
	par(e);
}

static void reauth_by_paa_acknowledged(struct pana_end *e)
{
	begin_reauth(e);
	par_acknowledged(e);
}

/* ---- the table ---- */

enum {
	EVERY = (1u << PAC_STATES) - 1 - IN(PAC_CLOSED),
	AUTHENTICATING = IN(PAC_WAIT_PAA) | IN(PAC_WAIT_EAP_MSG) | IN(PAC_WAIT_EAP_RESULT) |
			 IN(PAC_WAIT_EAP_RESULT_CLOSE)
};

const struct transition pac_table[] = {
	/* RFC 5609 7.5, INITIAL */
	{IN(PAC_INITIAL), AUTH_USER, NULL, send_pci, PAC_INITIAL, "7.5 INITIAL; D1"},
	{IN(PAC_INITIAL), RX_PAR_S, without_eap, start_without_eap, PAC_WAIT_PAA, "7.5 INITIAL"},
	{IN(PAC_INITIAL), RX_PAR_S, with_eap_piggyback, start_with_eap, PAC_INITIAL, "7.5 INITIAL"},
	{IN(PAC_INITIAL), RX_PAR_S, with_eap_no_piggyback, start_with_eap_acknowledged,
	 PAC_WAIT_EAP_MSG, "7.5 INITIAL"},
	{IN(PAC_INITIAL), EAP_MESSAGE, NULL, answer_initial, PAC_WAIT_PAA, "7.5 INITIAL"},

	/* WAIT_PAA */
	{IN(PAC_WAIT_PAA), RX_PAR, no_piggyback, par_acknowledged, PAC_WAIT_EAP_MSG,
	 "7.5 WAIT_PAA; D3, D7"},
	{IN(PAC_WAIT_PAA), RX_PAR, piggyback, par, PAC_WAIT_EAP_MSG, "7.5 WAIT_PAA; D3"},
	{IN(PAC_WAIT_PAA), RX_PAN, NULL, NULL, PAC_WAIT_PAA, "7.5 WAIT_PAA"},
	{IN(PAC_WAIT_PAA), RX_PAR_C, success, last_par, PAC_WAIT_EAP_RESULT, "7.5 WAIT_PAA; D6"},
	{IN(PAC_WAIT_PAA), RX_PAR_C, no_success, last_par, PAC_WAIT_EAP_RESULT_CLOSE,
	 "7.5 WAIT_PAA; D6"},
	{IN(PAC_WAIT_PAA), RX_PAR_S, again_without_eap, start_without_eap, PAC_WAIT_PAA, "D2"},
	{IN(PAC_WAIT_PAA), RX_PAR_S, again_with_eap_piggyback, start_with_eap, PAC_INITIAL, "D2"},
	{IN(PAC_WAIT_PAA), RX_PAR_S, again_with_eap_no_piggyback, start_with_eap_acknowledged,
	 PAC_WAIT_EAP_MSG, "D2"},

	/* WAIT_EAP_MSG */
	{IN(PAC_WAIT_EAP_MSG), EAP_MESSAGE, piggyback, respond, PAC_WAIT_PAA,
	 "7.5 WAIT_EAP_MSG; D7"},
	{IN(PAC_WAIT_EAP_MSG), EAP_MESSAGE, no_piggyback, respond_by_par, PAC_WAIT_PAA,
	 "7.5 WAIT_EAP_MSG"},
	{IN(PAC_WAIT_EAP_MSG), EAP_DISCARDED, announced, acknowledge, PAC_WAIT_PAA, "D9"},
	{IN(PAC_WAIT_EAP_MSG), EAP_DISCARDED, piggyback, discarded, PAC_CLOSED, "7.5 WAIT_EAP_MSG"},
	{IN(PAC_WAIT_EAP_MSG), EAP_DISCARDED, no_piggyback, act_disconnect, PAC_CLOSED,
	 "7.5 WAIT_EAP_MSG"},
	{IN(PAC_WAIT_EAP_MSG), EAP_FAILED, NULL, act_disconnect, PAC_CLOSED, "7.5 WAIT_EAP_MSG"},

	/* WAIT_EAP_RESULT, WAIT_EAP_RESULT_CLOSE */
	{IN(PAC_WAIT_EAP_RESULT), EAP_SUCCEEDED, NULL, opened, PAC_OPEN,
	 "7.5 WAIT_EAP_RESULT; D7, D8"},
	{IN(PAC_WAIT_EAP_RESULT), EAP_FAILED, NULL, refused, PAC_CLOSED, "7.5 WAIT_EAP_RESULT"},
	{IN(PAC_WAIT_EAP_RESULT_CLOSE), EAP_SUCCEEDED, NULL, refused, PAC_CLOSED,
	 "7.5 WAIT_EAP_RESULT_CLOSE"},
	{IN(PAC_WAIT_EAP_RESULT_CLOSE), EAP_FAILED, NULL, refused, PAC_CLOSED,
	 "7.5 WAIT_EAP_RESULT_CLOSE"},
	{IN(PAC_WAIT_EAP_RESULT_CLOSE), EAP_DISCARDED, NULL, refused, PAC_CLOSED, "D10"},

	/* OPEN */
	{IN(PAC_OPEN), PANA_PING, can_ping, act_ping, PAC_WAIT_PNA_PING, "7.5 OPEN"},
	{IN(PAC_OPEN), REAUTH, NULL, reauth, PAC_WAIT_PNA_REAUTH, "7.5 OPEN"},
	{IN(PAC_OPEN), REAUTH_TIMEOUT, NULL, reauth, PAC_WAIT_PNA_REAUTH, "7.5 OPEN"},
	{IN(PAC_OPEN), RX_PAR, no_piggyback, reauth_by_paa_acknowledged, PAC_WAIT_EAP_MSG,
	 "7.5 OPEN; D7"},
	{IN(PAC_OPEN), RX_PAR, piggyback, reauth_by_paa, PAC_WAIT_EAP_MSG, "7.5 OPEN"},
	{IN(PAC_OPEN), RX_PTR, NULL, act_terminated, PAC_CLOSED, "7.5 OPEN"},
	{IN(PAC_OPEN), TERMINATE, NULL, act_terminate, PAC_SESS_TERM, "7.5 OPEN"},

	/* WAIT_PNA_REAUTH: a PAR has no row, so that it is discarded (RFC 5191 4.3) */
	{IN(PAC_WAIT_PNA_REAUTH), RX_PNA_A, NULL, begin_reauth, PAC_WAIT_PAA,
	 "7.5 WAIT_PNA_REAUTH"},
	{IN(PAC_WAIT_PNA_REAUTH), RX_PAR, takes_par_early, reauth_by_paa, PAC_WAIT_EAP_MSG,
	 "a fault"},
	{IN(PAC_WAIT_PNA_REAUTH), RX_PTR, NULL, act_terminated, PAC_CLOSED, "7.5 WAIT_PNA_REAUTH"},

	/* WAIT_PNA_PING */
	{IN(PAC_WAIT_PNA_PING), RX_PNA_P, NULL, act_alive, PAC_OPEN, "7.5 WAIT_PNA_PING"},
	{IN(PAC_WAIT_PNA_PING), RX_PAR, no_piggyback, reauth_by_paa_acknowledged, PAC_WAIT_EAP_MSG,
	 "7.5 WAIT_PNA_PING; D3, D7"},
	{IN(PAC_WAIT_PNA_PING), RX_PAR, piggyback, reauth_by_paa, PAC_WAIT_EAP_MSG,
	 "7.5 WAIT_PNA_PING; D3"},
	{IN(PAC_WAIT_PNA_PING), RX_PTR, NULL, act_terminated, PAC_CLOSED, "7.5 WAIT_PNA_PING"},

	/* SESS_TERM */
	{IN(PAC_SESS_TERM), RX_PTA, NULL, act_closed, PAC_CLOSED, "7.5 SESS_TERM"},
	{IN(PAC_SESS_TERM), RX_PTR, NULL, act_terminated, PAC_CLOSED, "D5"},
	{AUTHENTICATING, RX_PTR, in_reauth, act_terminated, PAC_CLOSED, "D5"},

	/* RFC 5609 6.6, ANY; in CLOSED nothing has a row */
	{EVERY, RTX_TIMEOUT, NULL, act_retransmit, SAME, "6.6 ANY"},
	{EVERY, RTX_EXHAUSTED, never_gives_up, act_retransmit, SAME, "a fault"},
	{EVERY, RTX_EXHAUSTED, NULL, act_give_up, PAC_CLOSED, "6.6 ANY"},
	{EVERY, SESS_TIMEOUT, NULL, act_time_out, PAC_CLOSED, "6.6 ANY"},
	{EVERY, RX_PNR_P, in_access, act_answer_ping, SAME, "6.6 ANY except INITIAL; D4"},
	{EVERY, RX_PNA_P, NULL, act_alive, SAME, "6.6 ANY except WAIT_PNA_PING; D3"},
	{0, NO_EVENT, NULL, NULL, SAME, NULL},
};
