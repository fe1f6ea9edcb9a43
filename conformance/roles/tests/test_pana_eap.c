/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EAP behind and inside PANA: a PAA that passes it through to a RADIUS server (RFC 5191 4.1, RFC
 * 4137 6, RFC 3579), and re-authentication by ERP (RFC 6696) with or without one.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "conformance/roles/erp_keys.h"
#include "conformance/roles/pana_paa.h"
#include "conformance/roles/pana_pac.h"
#include "pana_pair.h"
#include "protocols/radius/radius.h"

static void expect_clean(const struct pair *p, unsigned variant)
{
	cr_assert_null(room_first_note(&p->room), "variant %u: %s", variant,
		       room_first_note(&p->room));
	for (unsigned v = VERDICT_VERIFIED + 1; v < 8; v++)
		cr_assert_eq(p->room.verdicts[v], 0, "variant %u, AUTH: %s", variant,
			     value_name_find(verdict_names, v));
}

static void say(struct pair *p, struct role *r, const char *command, unsigned variant)
{
	cr_assert(pair_command(r, command), "variant %u: %s", variant, command);
	room_run(&p->room, 12);
}

/* Two re-authentications, a ping, the end. */
static void live_on(struct pair *p, unsigned variant)
{
	say(p, p->pac, "reauth", variant);
	cr_assert(pair_is(p, "OPEN", "OPEN"), "variant %u: %s %s", variant,
		  p->pac->kind->state(p->pac), p->paa->kind->state(p->paa));
	say(p, p->paa, "reauth", variant);
	cr_assert(pair_is(p, "OPEN", "OPEN"), "variant %u", variant);
	cr_assert_eq(room_count(&p->room, p->pac, ROLE_AUTHENTICATED), 3);
	cr_assert_eq(room_count(&p->room, p->paa, ROLE_AUTHENTICATED), 3);
	say(p, p->pac, "ping", variant);
	cr_assert_eq(room_count(&p->room, p->pac, ROLE_ALIVE), 1);
	say(p, p->pac, "terminate", variant);
	cr_assert(pair_is(p, "CLOSED", "CLOSED"), "variant %u", variant);
}

/* ---- pass-through ---- */

static void open_passing(struct pair *p, uint64_t seed, bool erp)
{
	struct role_settings s;

	pair_prepare(p, seed);
	s = pair_server(p, erp);
	pair_add_server(p, &s);
	p->paa_settings.methods[0] = METHOD_NONE; /* they are the server's */
}

Test(pana_eap, whole_session_passed_through_with_every_method)
{
	static const enum role_method methods[] = {METHOD_PSK, METHOD_GPSK_1, METHOD_GPSK_2};

	for (unsigned variant = 0; variant < 48; variant++) {
		struct role_settings s;
		struct pair p;

		pair_prepare(&p, variant);
		s = pair_server(&p, false);
		s.methods[0] = methods[variant / 16];
		s.methods[1] = METHOD_NONE;
		pair_add_server(&p, &s);
		pair_vary(&p, variant & 15);
		pair_add(&p);
		cr_assert(pair_open(&p), "variant %u", variant);
		live_on(&p, variant);
		cr_assert_eq(room_count(&p.room, p.server, ROLE_AUTHENTICATED), 3);
		cr_assert_gt(p.room.verdicts[VERDICT_VERIFIED], 10);
		expect_clean(&p, variant);
		room_close(&p.room);
	}
}

/* RFC 2865 5.27; RFC 5191 5.7. */
Test(pana_eap, session_timeout_is_the_lifetime_granted)
{
	struct role_settings s;
	struct pair p;

	pair_prepare(&p, 1);
	s = pair_server(&p, false);
	s.lifetime = 77;
	pair_add_server(&p, &s);
	pair_add(&p);
	cr_assert(pair_open(&p));
	cr_assert_eq(((struct pana_pac *)p.pac)->end.lifetime, 77);
	room_close(&p.room);
}

static bool with_result(struct room *room, struct role *from, uint8_t *octets, size_t *length)
{
	static const uint8_t head[] = {0, PANA_AVP_RESULT_CODE, 0, 0, 0, 4, 0, 0};
	int *result = room->filter_context;

	for (size_t i = 16; !strcmp(from->kind->name, "pana.paa") && i + 12 <= *length; i += 4)
		if (!memcmp(octets + i, head, sizeof(head)))
			*result = octets[i + 11];
	return true;
}

Test(pana_eap, access_reject_is_authentication_rejected)
{
	struct role_settings s;
	int result = -1;
	struct pair p;

	pair_prepare(&p, 1);
	s = pair_server(&p, false);
	s.unauthorized = true;
	pair_add_server(&p, &s);
	pair_add(&p);
	p.room.filter = with_result;
	p.room.filter_context = &result;
	cr_assert_not(pair_open(&p));
	cr_assert(pair_is(&p, "CLOSED", "CLOSED"));
	cr_assert_eq(result, 1);
	cr_assert_eq(room_count(&p.room, p.pac, ROLE_REFUSED), 1);
	cr_assert_eq(room_count(&p.room, p.paa, ROLE_REFUSED), 1);
	expect_clean(&p, 0);
	room_close(&p.room);
}

/* RFC 5191 4.1: "silently terminate the session". RFC 5080 2.2.1: five transmissions. */
Test(pana_eap, silence_of_the_server_ends_the_session_silently)
{
	struct paa_session *session;
	struct pair p;
	unsigned sent;

	pair_prepare(&p, 1);
	pair_server(&p, false); /* and none is there */
	pair_add(&p);
	cr_assert_not(pair_open(&p));
	session = ((struct pana_paa *)p.paa)->current;
	cr_assert_not_null(session);
	cr_assert_str_eq(p.paa->kind->state(p.paa), "WAIT_EAP_MSG");
	sent = p.room.sent[0];
	room_run(&p.room, 70);
	cr_assert_str_eq(p.paa->kind->state(p.paa), "CLOSED");
	cr_assert_eq(room_count(&p.room, p.paa, ROLE_REFUSED), 1);
	cr_assert_eq(p.room.sent[0] - sent, 4, "nothing but the request again: %u",
		     p.room.sent[0] - sent);
	cr_assert_str_eq(p.pac->kind->state(p.pac), "WAIT_PAA");
	room_run(&p.room, 300);
	cr_assert_str_eq(p.pac->kind->state(p.pac), "CLOSED");
	room_close(&p.room);
}

Test(pana_eap, without_a_secret_the_session_ends_silently)
{
	struct key_store *keys = key_store_new();
	struct pair p;

	open_passing(&p, 1, false);
	p.paa_settings.keys = keys;
	pair_add(&p);
	cr_assert_not(pair_open(&p));
	cr_assert_str_eq(p.paa->kind->state(p.paa), "CLOSED");
	cr_assert_eq(room_count(&p.room, p.server, ROLE_STARTED), 0);
	room_close(&p.room);
	key_store_free(keys);
}

static bool spoil_replies(struct room *room, struct role *from, uint8_t *octets, size_t *length)
{
	(void)room;
	if (!strcmp(from->kind->name, "eap.server"))
		octets[*length - 1] ^= 1;
	return true;
}

Test(pana_eap, reply_that_is_not_the_servers_is_discarded)
{
	struct pair p;

	open_passing(&p, 1, false);
	pair_add(&p);
	p.room.filter = spoil_replies;
	cr_assert_not(pair_open(&p));
	cr_assert_str_eq(p.paa->kind->state(p.paa), "WAIT_EAP_MSG");
	cr_assert_gt(room_count(&p.room, p.paa, ROLE_DISCARDED), 0);
	p.room.filter = NULL;
	room_run(&p.room, 10);
	cr_assert(pair_is(&p, "OPEN", "OPEN"));
	room_close(&p.room);
}

Test(pana_eap, bad_weather_does_not_keep_a_passed_through_session_from_its_ends, .timeout = 200)
{
	for (unsigned seed = 0; seed < 200; seed++) {
		bool erp = seed & 1;
		struct pair p;

		open_passing(&p, seed, erp);
		pair_vary(&p, seed / 2 & 15);
		p.paa_settings.optimized = p.paa_settings.optimized && !p.paa_settings.stateless;
		p.room.watch = false;
		pair_add(&p);
		p.room.loss = p.room.duplication = p.room.reordering = 10;
		p.pac->kind->start(p.pac);
		cr_assert(pair_until(&p, "OPEN", "OPEN", 400), "seed %u: %s %s", seed,
			  p.pac->kind->state(p.pac), p.paa->kind->state(p.paa));
		cr_assert(pair_command(p.pac, "reauth"));
		room_run(&p.room, 40);
		cr_assert(pair_until(&p, "OPEN", "OPEN", 400), "seed %u, again: %s %s", seed,
			  p.pac->kind->state(p.pac), p.paa->kind->state(p.paa));
		cr_assert_geq(room_count(&p.room, p.pac, ROLE_AUTHENTICATED), 2);
		room_close(&p.room);
	}
}

/* RFC 2865 3: Identifiers are 256. */
Test(pana_eap, more_sessions_at_once_than_there_are_identifiers)
{
	enum { MANY = 257 };
	struct role *pacs[MANY];
	static struct pair p;

	open_passing(&p, 1, false);
	p.room.watch = false;
	pair_add(&p);
	pacs[0] = p.pac;
	for (unsigned i = 1; i < MANY; i++) {
		p.pac_settings.local = room_endpoint(256 + i, 36724);
		pacs[i] = room_add(&p.room, "pana.pac", &p.pac_settings);
	}
	p.room.delay = 400 * ROOM_MS;
	for (unsigned i = 0; i < MANY; i++)
		pacs[i]->kind->start(pacs[i]);
	room_run(&p.room, 60);
	for (unsigned i = 0; i < MANY; i++)
		cr_assert_str_eq(pacs[i]->kind->state(pacs[i]), "OPEN", "PaC %u", i);
	room_close(&p.room);
}

/* ---- ERP ---- */

/* RFC 6696 4.6: the observer has derived the rMSK, and AUTH verified under keys made of it. */
static bool by_erp(const struct pair *p)
{
	const struct erp_key *key = erp_keys_newest(p->pac);
	const struct key_row *row =
		key ? key_store_next(p->room.observer_keys, KEY_MSK, key->nai, NULL) : NULL;

	return row && key->next == 2; /* SEQ 0 and 1 are used up */
}

Test(pana_eap, reauthentication_by_erp)
{
	for (unsigned variant = 0; variant < 32; variant++) {
		struct pair p;

		if (variant & 16)
			open_passing(&p, variant, true);
		else
			pair_prepare(&p, variant);
		p.pac_settings.erp = p.paa_settings.erp = true;
		pair_vary(&p, variant & 15);
		pair_add(&p);
		cr_assert(pair_open(&p), "variant %u", variant);
		live_on(&p, variant);
		cr_assert(by_erp(&p), "variant %u", variant);
		expect_clean(&p, variant);
		cr_assert_gt(p.room.verdicts[VERDICT_VERIFIED], 10);
		room_close(&p.room);
	}
}

/* RFC 6696 5.3.1: nothing comes of the Re-auth-Start, and a full authentication follows. */
Test(pana_eap, pac_that_does_not_know_erp_is_authenticated_in_full)
{
	for (unsigned variant = 0; variant < 32; variant++) {
		struct pair p;

		if (variant & 16)
			open_passing(&p, variant, true);
		else
			pair_prepare(&p, variant);
		p.paa_settings.erp = true;
		p.pac_settings.erp = false;
		pair_vary(&p, variant & 15);
		pair_add(&p);
		cr_assert(pair_open(&p), "variant %u", variant);
		live_on(&p, variant);
		expect_clean(&p, variant);
		room_close(&p.room);
	}
}

/* RFC 6696 5.2: a key that the server does not know (any more) is refused. */
Test(pana_eap, refused_erp_ends_the_session)
{
	struct pair p;

	open_passing(&p, 1, true);
	pair_add(&p);
	cr_assert(pair_open(&p));
	erp_keys_free(p.server->erp_keys);
	p.server->erp_keys = NULL;
	cr_assert(pair_command(p.pac, "reauth"));
	room_run(&p.room, 20);
	cr_assert(pair_is(&p, "CLOSED", "CLOSED"));
	cr_assert_eq(room_count(&p.room, p.pac, ROLE_REFUSED), 1);
	expect_clean(&p, 0);
	room_close(&p.room);
}
