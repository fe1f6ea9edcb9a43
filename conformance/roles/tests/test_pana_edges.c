/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where sessions end or begin otherwise: wrong keys, refusal, silence, timers, crossing starts,
 * many clients, spoofed and damaged messages.
 */
#include <criterion/criterion.h>

#include "conformance/roles/pana_paa.h"
#include "conformance/roles/pana_pac.h"
#include "pana_pair.h"

#include <stdio.h>
#include <string.h>

/* ---- results ---- */

Test(pana_edges, wrong_key_opens_nothing)
{
	for (unsigned method = METHOD_PSK; method <= METHOD_GPSK_2; method++) {
		struct key_store *other = key_store_new();
		struct pair p;
		char error[200];

		key_store_add_text(other, "eap-psk", "*", "ffffffffffffffffffffffffffffffff", error,
				   sizeof(error));
		key_store_add_text(
			other, "eap-gpsk", "*",
			"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", error,
			sizeof(error));
		pair_prepare(&p, method);
		p.pac_settings.keys = other;
		p.paa_settings.methods[0] = (enum role_method)method;
		p.paa_settings.methods[1] = METHOD_NONE;
		pair_add(&p);
		cr_expect_not(pair_open(&p));
		cr_expect(pair_until(&p, "CLOSED", "CLOSED", 1000), "%u: %s, %s", method,
			  p.pac->kind->state(p.pac), p.paa->kind->state(p.paa));
		cr_expect_eq(room_count(&p.room, p.pac, ROLE_AUTHENTICATED), 0);
		cr_expect_eq(room_count(&p.room, p.paa, ROLE_AUTHENTICATED), 0);
		room_close(&p.room);
		key_store_free(other);
	}
}

Test(pana_edges, refused_authorization_ends_the_session_on_both_sides)
{
	for (unsigned variant = 0; variant < 16; variant++) {
		struct pair p;

		pair_prepare(&p, variant);
		pair_vary(&p, variant);
		p.paa_settings.refuse = true;
		pair_add(&p);
		cr_expect_not(pair_open(&p));
		cr_expect(pair_is(&p, "CLOSED", "CLOSED"));
		cr_expect_eq(room_count(&p.room, p.pac, ROLE_REFUSED), 1);
		cr_expect_eq(room_count(&p.room, p.paa, ROLE_REFUSED), 1);
		cr_expect_eq(((struct pana_pac *)p.pac)->end.result, 2);
		cr_expect_null(room_first_note(&p.room), "%s", room_first_note(&p.room));
		room_close(&p.room);
	}
}

Test(pana_edges, no_method_in_common_is_told_with_result_1)
{
	struct pair p;

	pair_prepare(&p, 1);
	p.pac_settings.methods[0] = METHOD_PSK;
	p.paa_settings.methods[0] = METHOD_GPSK_1;
	p.pac_settings.methods[1] = p.paa_settings.methods[1] = METHOD_NONE;
	pair_add(&p);
	cr_expect_not(pair_open(&p));
	cr_expect(pair_is(&p, "CLOSED", "CLOSED"));
	cr_expect_eq(((struct pana_pac *)p.pac)->end.result, 1);
	cr_expect_null(room_first_note(&p.room), "%s", room_first_note(&p.room));
	room_close(&p.room);
}

/* ---- timers, RFC 5191 9 ---- */

struct times {
	uint64_t at[64];
	unsigned count;
	uint8_t type;
	bool request;
};

/* Notes when messages of a type are sent, and loses everything. */
static bool note_times(struct room *room, struct role *from, uint8_t *octets, size_t *length)
{
	struct times *t = room->filter_context;

	(void)from;
	(void)length;
	if (octets[7] == t->type && !(octets[4] & 0x80) != t->request && t->count < 64)
		t->at[t->count++] = room->now;
	return false;
}

static void expect_intervals(const struct times *t, double limit)
{
	double previous = 0;

	for (unsigned i = 1; i < t->count; i++) {
		double rt = (double)(t->at[i] - t->at[i - 1]) / 1e9;
		double least = previous > 0 ? 1.9 * previous : 0.9;
		double most = previous > 0 ? 2.1 * previous : 1.1;

		if (least > 0.9 * limit)
			least = 0.9 * limit;
		if (most > limit)
			most = 1.1 * limit;
		cr_expect(rt >= least - 1e-6 && rt <= most + 1e-6, "RT %u is %f, not %f to %f", i,
			  rt, least, most);
		previous = rt;
	}
}

Test(pana_edges, pci_is_repeated_without_end_at_most_every_120_s)
{
	struct times t = {.type = PANA_CLIENT_INITIATION};
	struct pair p;

	pair_prepare(&p, 3);
	p.room.filter = note_times;
	p.room.filter_context = &t;
	pair_add(&p);
	p.pac->kind->start(p.pac);
	room_run(&p.room, 3600);
	cr_expect_gt(t.count, 30);
	cr_expect_str_eq(p.pac->kind->state(p.pac), "INITIAL");
	expect_intervals(&t, 120);
	room_close(&p.room);
}

Test(pana_edges, request_is_sent_ten_times_and_then_the_session_ends)
{
	struct times t = {.type = PANA_NOTIFICATION, .request = true};
	struct pair p;

	pair_prepare(&p, 4);
	pair_add(&p);
	cr_assert(pair_open(&p));
	p.room.filter = note_times;
	p.room.filter_context = &t;
	cr_assert(pair_command(p.paa, "ping"));
	cr_assert(room_until(&p.room, p.paa, "CLOSED", 400));
	cr_expect_eq(t.count, 10);
	cr_expect_eq(room_count(&p.room, p.paa, ROLE_GAVE_UP), 1);
	cr_expect_geq(p.room.now - t.at[9], 26 * ROOM_SECOND);
	expect_intervals(&t, 30);
	room_close(&p.room);
}

/* RFC 5191 4.1: PCI goes on until the second PAR. */
static bool only_initial(struct room *room, struct role *from, uint8_t *octets, size_t *length)
{
	(void)room;
	(void)length;
	return strcmp(from->kind->name, "pana.paa") != 0 || octets[4] & 0x40;
}

Test(pana_edges, pci_goes_on_until_the_second_par)
{
	struct pair p;

	pair_prepare(&p, 5);
	p.paa_settings.stateless = true;
	p.room.filter = only_initial;
	pair_add(&p);
	p.pac->kind->start(p.pac);
	room_run(&p.room, 20);
	cr_expect_str_eq(p.pac->kind->state(p.pac), "WAIT_PAA");
	cr_expect_geq(p.room.sent[1], 6, "PCI and PAN");
	p.room.filter = NULL;
	cr_expect(pair_until(&p, "OPEN", "OPEN", 200));
	room_close(&p.room);
}

Test(pana_edges, lifetime_is_extended_in_time_by_both)
{
	for (unsigned i = 0; i < 2; i++) {
		struct pair p;

		pair_prepare(&p, 6);
		p.paa_settings.lifetime = 60;
		p.pac_settings.ping_interval = i ? 7 : 0;
		pair_add(&p);
		cr_assert(pair_open(&p));
		room_run(&p.room, 1000);
		cr_expect(pair_is(&p, "OPEN", "OPEN"));
		cr_expect_geq(room_count(&p.room, p.pac, ROLE_AUTHENTICATED), 16);
		cr_expect_null(room_first_note(&p.room), "%s", room_first_note(&p.room));
		/* A PaC that has died: the PAA asks in vain. */
		p.room.loss = 100;
		cr_expect(room_until(&p.room, p.paa, "CLOSED", 400));
		room_close(&p.room);
	}
}

/* ---- beginnings ---- */

Test(pana_edges, paa_begins)
{
	for (unsigned variant = 0; variant < 16; variant++) {
		struct pair p;

		pair_prepare(&p, variant);
		pair_vary(&p, variant);
		p.pac_settings.local = room_endpoint(1, 716);
		p.pac_settings.peer = (struct endpoint){0};
		p.paa_settings.peer = room_endpoint(1, 716);
		p.paa_settings.initiate = true;
		pair_add(&p);
		room_settle(&p.room);
		cr_expect(pair_is(&p, "OPEN", "OPEN"), "%u", variant);
		cr_expect_null(room_first_note(&p.room), "%s", room_first_note(&p.room));
		room_close(&p.room);
	}
}

Test(pana_edges, both_begin_at_once)
{
	for (unsigned variant = 0; variant < 8; variant++) {
		struct pair p;

		pair_prepare(&p, variant);
		pair_vary(&p, variant);
		p.pac_settings.local = room_endpoint(1, 716);
		p.paa_settings.peer = room_endpoint(1, 716);
		p.paa_settings.initiate = true;
		pair_add(&p);
		p.pac->kind->start(p.pac);
		room_settle(&p.room);
		cr_expect(pair_is(&p, "OPEN", "OPEN"), "%u", variant);
		cr_expect_eq(g_hash_table_size(((struct pana_paa *)p.paa)->by_id), 1);
		room_close(&p.room);
	}
}

Test(pana_edges, paa_follows_a_pac_that_moves)
{
	struct pair p;

	pair_prepare(&p, 8);
	pair_add(&p);
	cr_assert(pair_open(&p));
	cr_assert(pair_command(p.pac, "move 10.0.0.77:4000"));
	room_run(&p.room, 2);
	cr_assert(pair_command(p.paa, "ping"));
	room_run(&p.room, 2);
	cr_expect_eq(room_count(&p.room, p.paa, ROLE_ALIVE), 1);
	cr_expect_null(room_first_note(&p.room), "%s", room_first_note(&p.room));
	room_close(&p.room);
}

Test(pana_edges, two_hundred_clients_at_once)
{
	enum { CLIENTS = 200 };
	struct role *clients[CLIENTS];
	struct pair p;

	pair_prepare(&p, 9);
	pair_add(&p);
	for (unsigned i = 0; i < CLIENTS; i++) {
		struct role_settings s = p.pac_settings;

		s.local = room_endpoint(1000 + i, 30000);
		clients[i] = room_add(&p.room, "pana.pac", &s);
		clients[i]->kind->start(clients[i]);
	}
	room_settle(&p.room);
	for (unsigned i = 0; i < CLIENTS; i++) {
		cr_expect_str_eq(clients[i]->kind->state(clients[i]), "OPEN", "client %u", i);
		pair_command(clients[i], "terminate");
	}
	room_settle(&p.room);
	for (unsigned i = 0; i < CLIENTS; i++)
		cr_expect_str_eq(clients[i]->kind->state(clients[i]), "CLOSED", "client %u", i);
	room_run(&p.room, 300);
	cr_expect_eq(g_hash_table_size(((struct pana_paa *)p.paa)->by_id), 0, "none lingers");
	cr_expect_null(room_first_note(&p.room), "%s", room_first_note(&p.room));
	room_close(&p.room);
}

/* ---- adversity ---- */

static void flood(struct pair *p, unsigned count)
{
	static const uint8_t pci[16] = {0, 0, 0, 16, 0, 0, 0, 1};

	p->room.watch = false;
	p->room.loss = 100;
	for (unsigned i = 0; i < count; i++)
		room_inject(&p->room, p->paa, room_endpoint(2000 + i % 40000, (uint16_t)i), pci,
			    sizeof(pci));
	p->room.loss = 0;
}

Test(pana_edges, spoofed_initiations_leave_nothing_in_a_stateless_paa)
{
	struct pair p;

	pair_prepare(&p, 10);
	p.paa_settings.stateless = true;
	pair_add(&p);
	flood(&p, 20000);
	cr_expect_eq(g_hash_table_size(((struct pana_paa *)p.paa)->by_id), 0);
	cr_expect(pair_open(&p));
	room_close(&p.room);
}

Test(pana_edges, spoofed_initiations_are_bounded_and_push_nobody_out)
{
	struct pana_paa *paa;
	struct pair p;

	pair_prepare(&p, 11);
	pair_add(&p);
	paa = (struct pana_paa *)p.paa;
	cr_assert(pair_open(&p));
	flood(&p, 5000);
	cr_expect_eq(paa->pending.length, PAA_PENDING_MAX);
	cr_expect_eq(g_hash_table_size(paa->by_id), PAA_PENDING_MAX + 1);
	cr_assert(pair_command(p.pac, "ping"));
	room_run(&p.room, 2);
	cr_expect_eq(room_count(&p.room, p.pac, ROLE_ALIVE), 1);
	room_run(&p.room, 400);
	cr_expect_eq(g_hash_table_size(paa->by_id), 1);
	room_close(&p.room);
}

static uint32_t noise(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

struct damage {
	struct pair *p;
	uint32_t state;
};

/* Every datagram is followed by damaged copies of it, which come first. */
static bool damage(struct room *room, struct role *from, uint8_t *octets, size_t *length)
{
	struct damage *d = room->filter_context;
	struct pair *p = d->p;
	struct role *to = from == p->pac              ? (p->pre ? p->pre : p->paa)
			  : from == p->paa && !p->pre ? p->pac
						      : NULL;
	uint8_t *copy;

	for (unsigned i = 0; to && i < 8; i++) {
		size_t cut = noise(&d->state) % 8 ? *length : noise(&d->state) % (*length + 1);

		copy = g_memdup2(octets, cut ? cut : 1);
		for (unsigned n = noise(&d->state) % 4 + 1; cut && n; n--)
			copy[noise(&d->state) % cut] ^= (uint8_t)(1u << noise(&d->state) % 8);
		if (cut != *length || memcmp(copy, octets, cut) != 0) {
			room->filter = NULL;
			room_inject(room, to, from->settings.local, copy, cut);
			room->filter = damage;
		}
		g_free(copy);
	}
	return true;
}

/* With keys, damage changes nothing: AUTH and sequence numbers see to that. */
Test(pana_edges, damaged_messages_do_not_disturb_an_open_session, .timeout = 200)
{
	for (unsigned variant = 0; variant < 16; variant++) {
		struct pair p;
		struct damage d = {&p, variant};

		pair_prepare(&p, variant);
		pair_vary(&p, variant);
		p.room.watch = false;
		pair_add(&p);
		cr_assert(pair_open(&p));
		p.room.filter = damage;
		p.room.filter_context = &d;
		for (unsigned i = 0; i < 20; i++) {
			pair_command(i % 2 ? p.pac : p.paa, i % 5 == 4 ? "reauth" : "ping");
			room_run(&p.room, 3);
			cr_assert(pair_until(&p, "OPEN", "OPEN", 60), "variant %u, round %u: %s %s",
				  variant, i, p.pac->kind->state(p.pac), p.paa->kind->state(p.paa));
		}
		pair_command(p.pac, "terminate");
		cr_expect(pair_until(&p, "CLOSED", "CLOSED", 60));
		room_close(&p.room);
	}
}

/* Before there are keys it may keep a session from opening, but no more. */
Test(pana_edges, damaged_messages_before_there_are_keys_do_no_harm, .timeout = 200)
{
	unsigned opened = 0;

	for (unsigned variant = 0; variant < 300; variant++) {
		struct pair p;
		struct damage d = {&p, variant};

		pair_prepare(&p, variant);
		pair_vary(&p, variant);
		p.room.watch = false;
		if (variant & 16)
			pair_relay(&p, NULL);
		pair_add(&p);
		p.room.filter = damage;
		p.room.filter_context = &d;
		p.pac->kind->start(p.pac);
		opened += pair_until(&p, "OPEN", "OPEN", 100);
		pair_command(p.pac, "terminate");
		room_run(&p.room, 1000);
		room_close(&p.room);
	}
	printf("%u of 300 opened\n", opened);
}

/* ---- authentic nonsense ---- */

/* A message of any kind, flags and AVPs, numbered and protected as the peer would. */
static void nonsense(struct pair *p, bool from_pac, uint32_t *state)
{
	struct pana_paa *paa = (struct pana_paa *)p->paa;
	struct pana_end *pac_end = &((struct pana_pac *)p->pac)->end;
	struct pana_end *e = from_pac || !paa->current ? pac_end : &paa->current->end;
	struct role *to = e == pac_end ? p->paa : p->pac;
	struct end_draft d = end_draft(e, (enum pana_kind)(noise(state) % PANA_PRY),
				       (uint16_t)(noise(state) & noise(state) & 0x7c00));
	static const uint8_t filler[64] = {2, 1, 0, 5, 1};
	uint8_t octets[2048];
	size_t length;

	d.session_id = e->session_id;
	d.sequence = noise(state) % 4 == 0 ? e->sequence_out + noise(state) % 3 - 1
		     : noise(state) % 2    ? e->sequence_out
					   : e->sequence_in - noise(state) % 2;
	if (noise(state) % 8 == 0)
		d.sa = NULL;
	for (unsigned n = noise(state) % 5; n; n--) {
		enum pana_avp_code code = (enum pana_avp_code)(noise(state) % PANA_AVP_CODES);

		if (code == PANA_AVP_EAP_PAYLOAD || code == PANA_AVP_NONCE ||
		    code == PANA_AVP_ENCR_ENCAP)
			draft_octets(&d, code, filler, noise(state) % 40);
		else if (code != PANA_AVP_AUTH)
			draft_number(&d, code, noise(state) % 3);
	}
	length = end_write(e, &d, octets, sizeof(octets));
	if (length)
		room_inject(&p->room, to,
			    from_pac ? p->pac->settings.local : p->paa->settings.local, octets,
			    length);
}

Test(pana_edges, authentic_nonsense_in_any_state_does_no_harm, .timeout = 200)
{
	for (unsigned variant = 0; variant < 400; variant++) {
		uint32_t state = variant;
		struct pair p;

		pair_prepare(&p, variant);
		pair_vary(&p, variant);
		p.room.watch = false;
		pair_add(&p);
		p.pac->kind->start(p.pac);
		for (unsigned i = 0; i < 200; i++) {
			static const char *const commands[] = {"ping", "reauth", "terminate",
							       "start"};

			nonsense(&p, noise(&state) % 2, &state);
			if (noise(&state) % 4 == 0)
				p.room.now += 3 * ROOM_MS;
			if (noise(&state) % 4 == 0)
				room_settle(&p.room);
			if (noise(&state) % 8 == 0)
				pair_command(noise(&state) % 2 ? p.pac : p.paa,
					     commands[noise(&state) % 4]);
		}
		room_run(&p.room, 4000);
		room_close(&p.room);
	}
}
