/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exit actions that the tables of PaC and PAA have in common: RFC 5609 6.1 and 6.6. */
#include "pana_end_actions.h"

void act_answer_ping(struct pana_end *e)
{
	struct end_draft d = end_draft(e, PANA_PNA, PANA_FLAG_P);

	end_send_answer(e, &d);
}

/* RFC 5191 4.2: the rate is limited, here to one a second; not during re-authentication. */
bool can_ping(const struct pana_end *e)
{
	return !e->pinged || role_now(e->role) >= e->pinged + END_SECOND;
}

void act_ping(struct pana_end *e)
{
	struct end_draft d = end_draft(e, PANA_PNR, PANA_FLAG_P);

	e->pinged = role_now(e->role);
	if (end_fault(e, FAULT_SEQUENCE_SKIPPED) && e->counting)
		e->sequence_out++;
	end_send_request(e, &d);
	if (end_fault(e, FAULT_TWO_OUTSTANDING))
		end_send_stray(e, PANA_PNR, PANA_FLAG_P);
}

void act_alive(struct pana_end *e)
{
	e->pings++;
	role_event(e->role, ROLE_ALIVE, "session %08x", e->session_id);
	if (e->role->settings.ping_interval)
		end_timer(e, END_PING, e->role->settings.ping_interval);
}

void act_retransmit(struct pana_end *e)
{
	end_retransmit(e);
}

void act_give_up(struct pana_end *e)
{
	role_event(e->role, ROLE_GAVE_UP, "session %08x: no answer to %s", e->session_id,
		   pana_kind_abbreviation(e->outstanding.kind));
	end_close(e, false);
}

void act_time_out(struct pana_end *e)
{
	role_event(e->role, ROLE_GAVE_UP, "session %08x: its time is over", e->session_id);
	end_close(e, false);
}

void act_disconnect(struct pana_end *e)
{
	role_event(e->role, ROLE_REFUSED, "session %08x: EAP has failed%s%s", e->session_id,
		   e->eap_why ? ": " : "", e->eap_why ? e->eap_why : "");
	end_close(e, false);
}

void act_terminate(struct pana_end *e)
{
	struct end_draft d = end_draft(e, PANA_PTR, 0);
	bool wrong = end_fault(e, FAULT_CAUSE_DIRECTION);
	uint32_t cause = (e->side == END_PAC) != wrong ? 1 : 4; /* LOGOUT, ADMINISTRATIVE */

	if (end_fault(e, FAULT_CAUSE_DEFINED))
		cause = 2;
	if (!end_fault(e, FAULT_OCCURS_CAUSE))
		draft_number(&d, PANA_AVP_TERMINATION_CAUSE, cause);
	end_timer_stop(e, END_SESSION);
	end_timer_stop(e, END_REAUTH);
	end_timer_stop(e, END_PING);
	end_send_request(e, &d);
	if (end_fault(e, FAULT_REQUEST_IN_TERMINATION))
		end_send_stray(e, PANA_PNR, PANA_FLAG_A);
}

/* The peer may ask for its PTA again: the answer is kept for a while. */
void act_terminated(struct pana_end *e)
{
	struct end_draft d = end_draft(e, PANA_PTA, 0);

	end_send_answer(e, &d);
	if (end_fault(e, FAULT_SESSION_NOT_GONE))
		end_send_stray(e, PANA_PNR, PANA_FLAG_P);
	role_event(e->role, ROLE_CLOSED, "session %08x: by the peer", e->session_id);
	end_close(e, true);
}

void act_closed(struct pana_end *e)
{
	if (end_fault(e, FAULT_SESSION_NOT_GONE))
		end_send_stray(e, PANA_PNR, PANA_FLAG_P);
	role_event(e->role, ROLE_CLOSED, "session %08x", e->session_id);
	end_close(e, false);
}

bool in_reauth(const struct pana_end *e)
{
	return e->reauth;
}

bool never_gives_up(const struct pana_end *e)
{
	return end_fault(e, FAULT_SILENCE_IGNORED);
}

bool in_access(const struct pana_end *e)
{
	return e->opened;
}

/* One PRF, one integrity algorithm; one encryption algorithm if there is one (RFC 6786 2). */
void draft_selection(struct pana_end *e, struct end_draft *d)
{
	bool encrypt = e->encryption || end_pac_fault(e, FAULT_PAC_ENCRYPTION);

	if (!e->prf)
		return;
	draft_number(d, PANA_AVP_PRF_ALGORITHM, end_pac_fault(e, FAULT_PAC_PRF) ? 1 : e->prf);
	draft_number(d, PANA_AVP_INTEGRITY_ALGORITHM,
		     end_pac_fault(e, FAULT_PAC_INTEGRITY) ? 1 : e->integrity);
	if (encrypt)
		draft_number(d, PANA_AVP_ENCRYPTION_ALGORITHM,
			     end_pac_fault(e, FAULT_PAC_ENCRYPTION) ? 2 : e->encryption);
	if (e->encryption && end_pac_fault(e, FAULT_PAC_ENCRYPTION_TWO))
		draft_number(d, PANA_AVP_ENCRYPTION_ALGORITHM, e->encryption);
}

void draft_offer(struct pana_end *e, struct end_draft *d)
{
	const struct role_settings *s = &e->role->settings;

	if (!s->prf_count || !s->integrity_count)
		return;
	for (unsigned i = 0; i < s->prf_count; i++)
		draft_number(d, PANA_AVP_PRF_ALGORITHM, s->prf[i]);
	for (unsigned i = 0; i < s->integrity_count; i++)
		draft_number(d, PANA_AVP_INTEGRITY_ALGORITHM, s->integrity[i]);
	for (unsigned i = 0; i < s->encryption_count; i++)
		draft_number(d, PANA_AVP_ENCRYPTION_ALGORITHM, s->encryption[i]);
}
