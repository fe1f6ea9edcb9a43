/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pana_describe.h"

#include "protocols/pana/pana_fields.h"

static void say_endpoint(struct reader *r, enum pana_field field, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT_SIZE];

	if (e->address.family)
		reader_statement(r, &pana_fields[field], "%s", endpoint_text(e, text));
}

static void say_number(struct reader *r, enum pana_field field, bool known, uint32_t number)
{
	if (known)
		reader_number(r, &pana_fields[field], 0, 0, number);
}

static void say_key(struct reader *r, enum pana_field field, const struct secret *key)
{
	if (key->length)
		reader_octets(r, &pana_fields[field], 0, 0, key->octets, key->length);
}

void pana_end_describe(const struct pana_end *e, struct reader *r)
{
	bool pac = e->side == END_PAC;

	say_endpoint(r, pac ? F_SESSION_PAC : F_SESSION_PAA, &e->role->settings.local);
	say_endpoint(r, pac ? F_SESSION_PAA : F_SESSION_PAC, &e->peer);
	say_endpoint(r, F_SESSION_PRE, &e->pre);
	say_number(r, F_SESSION_SID, e->session_id, e->session_id);
	reader_statement(r, F(SESSION_PROGRESS), "%s", e->ops->states[e->state]);
	say_number(r, F_SESSION_PRF, e->prf, e->prf);
	say_number(r, F_SESSION_INTEGRITY, e->integrity, e->integrity);
	say_number(r, F_SESSION_ENCRYPTION, e->encryption, e->encryption);
	say_number(r, F_SESSION_KEY_ID, e->sa.established, e->sa.key_id);
	say_key(r, F_AUTH_KEY, &e->sa.auth_key);
	say_key(r, F_PAC_ENCR_KEY, &e->sa.pac_encr_key);
	say_key(r, F_PAA_ENCR_KEY, &e->sa.paa_encr_key);
	say_number(r, F_SESSION_RESULT, e->opened, e->result);
	say_number(r, F_SESSION_EXPIRY, e->lifetime, e->lifetime);
	say_number(r, F_SESSION_REAUTHS, e->reauths, e->reauths);
	say_number(r, F_SESSION_PINGS, e->pings, e->pings);
}
