/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a session says of itself: for the report on a capture. */
#include "session.h"

#include <stdio.h>

static void say_endpoint(struct reader *r, enum pana_field field, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT_SIZE];

	reader_statement(r, &pana_fields[field], "%s", endpoint_text(e, text));
}

/* "authentication, access, 2 pings, terminated": how far it got. */
static void say_progress(const struct pana_session *s, struct reader *r)
{
	const char *from = s->from_start ? "" : "joined in the middle, ";

	if (s->phase == PANA_PHASE_CLOSED && s->refused)
		reader_statement(r, F(SESSION_PROGRESS), "%saccess refused", from);
	else if (s->phase == PANA_PHASE_CLOSED)
		reader_statement(r, F(SESSION_PROGRESS), "%scomplete, to termination", from);
	else if (s->phase == PANA_PHASE_UNKNOWN)
		reader_statement(r, F(SESSION_PROGRESS), "joined in the middle");
	else
		reader_statement(r, F(SESSION_PROGRESS), "%sas far as the %s phase", from,
				 value_name_find(pana_phase_names, s->phase));
}

static void say_number(struct reader *r, enum pana_field field, bool known, uint32_t number)
{
	if (known)
		reader_number(r, &pana_fields[field], 0, 0, number);
}

void pana_session_describe(const struct conversation *c, struct reader *r)
{
	const struct pana_session *s = (const struct pana_session *)c;

	say_endpoint(r, F_SESSION_PAC, &s->pac);
	say_endpoint(r, F_SESSION_PAA, &s->paa);
	if (s->pre.address.family)
		say_endpoint(r, F_SESSION_PRE, &s->pre);
	say_number(r, F_SESSION_SID, s->session_id, s->session_id);
	say_progress(s, r);
	say_number(r, F_SESSION_PRF, s->prf_known, s->prf);
	say_number(r, F_SESSION_INTEGRITY, s->integrity_known, s->integrity);
	say_number(r, F_SESSION_ENCRYPTION, s->encryption_known, s->encryption);
	if (s->eap)
		eap_conversation_describe(s->eap, r);
	say_number(r, F_SESSION_KEY_ID, s->sa.key_id, s->sa.key_id);
	if (s->sa.auth_key.length)
		reader_octets(r, F(AUTH_KEY), 0, 0, s->sa.auth_key.octets, s->sa.auth_key.length);
	say_number(r, F_SESSION_RESULT, s->result_known, s->result);
	say_number(r, F_SESSION_EXPIRY, s->lifetime, s->lifetime);
	say_number(r, F_SESSION_REAUTHS, s->reauths, s->reauths);
	say_number(r, F_SESSION_PINGS, s->pings, s->pings);
	say_number(r, F_SESSION_CAUSE, s->cause_known, s->cause);
}
