/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PaC, PAA and PRE in the simulated and in the real world. */
#include <criterion/criterion.h>
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "conformance/engine/net.h"
#include "conformance/engine/role_options.h"
#include "conformance/engine/sim.h"
#include "toy_role.h"

enum { PAC, PAA, PRE, SERVER, ENDS };

static const char *const names[ENDS] = {"pana.pac", "pana.paa", "pana.pre", "eap.server"};

/* A PaC, a PAA, between them perhaps a PRE, and perhaps a RADIUS server behind the PAA. */
struct scene {
	struct world_observer observer; /* first */
	struct world *w;
	struct key_store *keys;
	struct role *ends[ENDS];
	unsigned counts[ENDS][ROLE_DISCARDED + 1]; /* events */
	unsigned wanted[ENDS][ROLE_DISCARDED + 1];
	unsigned sent, lost; /* datagrams */
	bool erp;
	char error[WORLD_ERROR_SIZE];
};

static void count_event(struct world_observer *o, uint64_t time, struct role *r,
			enum role_event event, const char *text)
{
	struct scene *s = (struct scene *)o;

	(void)time;
	(void)text;
	for (unsigned i = 0; i < ENDS; i++)
		s->counts[i][event] += s->ends[i] == r;
}

static void count_datagram(struct world_observer *o, uint64_t time, enum world_stage stage,
			   const struct datagram *d)
{
	struct scene *s = (struct scene *)o;

	(void)time;
	(void)d;
	s->sent += stage == WORLD_SENT;
	s->lost += stage == WORLD_LOST;
}

static const struct world_observer_ops counting = {count_datagram, count_event};

static void add_end(struct scene *s, unsigned end, struct endpoint at, struct endpoint peer,
		    const char *method)
{
	struct role_settings settings;
	struct role *r;

	role_settings_default(&settings);
	settings.keys = s->keys;
	settings.local = at;
	settings.peer = settings.upstream = peer;
	settings.erp = s->erp;
	if (end == PAA && s->ends[SERVER]) {
		settings.radius = s->ends[SERVER]->settings.local;
		settings.relay = toy_ipv4(1, 0);
	}
	settings.lifetime = 1000000;
	g_strlcpy(settings.identity, "user1", sizeof(settings.identity));
	cr_assert(role_option_set(&settings, "methods", method, s->error, sizeof(s->error)));
	r = role_new(names[end], &settings, world_environment(s->w), s->error, sizeof(s->error));
	cr_assert_not_null(r, "%s", s->error);
	s->ends[end] = r;
	cr_assert(
		world_attach(s->w, r, CARRIER_UDP, &r->settings.local, s->error, sizeof(s->error)),
		"%s", s->error);
	if (settings.relay.address.family)
		cr_assert(world_attach(s->w, r, CARRIER_UDP, &r->settings.relay, s->error,
				       sizeof(s->error)),
			  "%s", s->error);
}

enum { PLAIN, RELAYED = 1, PASSED = 2, ERP = 4 };

static void open_scene(struct scene *s, struct world *w, const char *method, unsigned how)
{
	struct endpoint towards;

	*s = (struct scene){.observer = {&counting}, .w = w, .keys = key_store_new()};
	cr_assert_not_null(w);
	cr_assert(key_store_add_text(s->keys, "eap-psk", "user1", "text:SecretPassphrase", s->error,
				     sizeof(s->error)));
	cr_assert(key_store_add_text(s->keys, "eap-gpsk", "user1",
				     "text:0123456789abcdef0123456789abcdef", s->error,
				     sizeof(s->error)));
	cr_assert(key_store_add_text(s->keys, "radius", "*", "text:testing123", s->error,
				     sizeof(s->error)));
	world_observe(w, &s->observer);
	s->erp = how & ERP;
	if (how & PASSED)
		add_end(s, SERVER, toy_ipv4(5, 0), (struct endpoint){0}, method);
	add_end(s, PAA, toy_ipv4(1, 0), (struct endpoint){0}, method);
	towards = s->ends[PAA]->settings.local;
	if (how & RELAYED) {
		add_end(s, PRE, toy_ipv4(2, 0), towards, method);
		towards = s->ends[PRE]->settings.local;
	}
	add_end(s, PAC, toy_ipv4(3, 0), towards, method);
}

static void close_scene(struct scene *s)
{
	for (unsigned i = 0; i < ENDS; i++) {
		if (!s->ends[i])
			continue;
		world_detach(s->w, s->ends[i]);
		role_free(s->ends[i]);
	}
	world_free(s->w);
	key_store_free(s->keys);
}

static bool has_come(void *context)
{
	const struct scene *s = context;

	for (unsigned i = 0; i < ENDS; i++)
		for (unsigned e = 0; e <= ROLE_DISCARDED; e++)
			if (s->counts[i][e] < s->wanted[i][e])
				return false;
	return true;
}

/* Runs until one more `event` of the PaC, and of the PAA if `both`. */
static void await(struct scene *s, enum role_event event, bool both, uint64_t timeout,
		  uint64_t seed)
{
	enum world_end why;

	s->wanted[PAC][event] = s->counts[PAC][event] + 1;
	s->wanted[PAA][event] = s->counts[PAA][event] + both;
	why = world_run(s->w, world_now(s->w) + timeout, has_come, s);
	cr_assert_eq(why, WORLD_DONE,
		     "seed %" PRIu64 ": %s did not come (%d %s); PaC %s, PAA %s, gave up %u, %u",
		     seed, role_event_name(event), why, world_error(s->w),
		     s->ends[PAC]->kind->state(s->ends[PAC]),
		     s->ends[PAA]->kind->state(s->ends[PAA]), s->counts[PAC][ROLE_GAVE_UP],
		     s->counts[PAA][ROLE_GAVE_UP]);
}

/* The PaC does as told, at once or when what it waits for has been answered. */
static void command(struct scene *s, const char *text, uint64_t seed)
{
	struct role *pac = s->ends[PAC];

	for (unsigned i = 0; !pac->kind->command(pac, text); i++) {
		cr_assert_lt(i, 1000, "seed %" PRIu64 ": %s: not in state %s", seed, text,
			     pac->kind->state(pac));
		world_run(s->w, world_now(s->w) + WORLD_SECOND, NULL, NULL);
	}
}

/* Authentication, liveness, re-authentication, termination. */
static void live(struct scene *s, uint64_t timeout, uint64_t seed)
{
	s->ends[PAC]->kind->start(s->ends[PAC]);
	await(s, ROLE_AUTHENTICATED, true, timeout, seed);
	command(s, "ping", seed);
	await(s, ROLE_ALIVE, false, timeout, seed);
	command(s, "reauth", seed);
	await(s, ROLE_AUTHENTICATED, true, timeout, seed);
	command(s, "terminate", seed);
	await(s, ROLE_CLOSED, true, timeout, seed);
	cr_assert_str_eq(s->ends[PAC]->kind->state(s->ends[PAC]), "CLOSED");
	cr_assert_str_eq(s->ends[PAA]->kind->state(s->ends[PAA]), "CLOSED");
	for (unsigned i = 0; i < ENDS; i++)
		cr_assert_eq(s->counts[i][ROLE_REFUSED] + s->counts[i][ROLE_GAVE_UP], 0);
}

static void weather_the_storm(uint64_t seed, unsigned *sent, unsigned *lost)
{
	static const char *const methods[] = {"psk", "gpsk-1", "gpsk-2"};
	const struct sim_settings settings = {
		.seed = seed,
		.label = "storm",
		.weather = {.latency = 50 * WORLD_MILLISECOND,
			    .jitter = 50 * WORLD_MILLISECOND,
			    .loss = 200,
			    .duplicate = 200,
			    .reorder = 200},
	};
	struct scene s;

	open_scene(&s, sim_new(&settings), methods[seed % 3], seed & ERP);
	live(&s, 100000 * WORLD_SECOND, seed);
	*sent += s.sent;
	*lost += s.lost;
	close_scene(&s);
}

Test(pana_worlds, thousand_seeds_of_bad_weather_end_in_the_right_state, .timeout = 300)
{
	unsigned sent = 0, lost = 0;

	for (uint64_t seed = 0; seed < 1000; seed++)
		weather_the_storm(seed, &sent, &lost);
	/* The weather was as forecast. */
	cr_assert_gt(sent, 30000);
	cr_assert(lost > sent / 6 && lost < sent / 4, "%u of %u lost", lost, sent);
}

Test(pana_worlds, relayed_session_in_the_simulated_world)
{
	const struct sim_settings settings = {.weather = {.latency = WORLD_SECOND / 20}};
	struct scene s;

	open_scene(&s, sim_new(&settings), "psk", RELAYED);
	live(&s, 1000 * WORLD_SECOND, 0);
	close_scene(&s);
}

Test(pana_worlds, session_over_real_sockets)
{
	struct scene s;
	char error[WORLD_ERROR_SIZE];

	open_scene(&s, net_new(NULL, error, sizeof(error)), "gpsk-2,psk", PLAIN);
	live(&s, 20 * WORLD_SECOND, 0);
	close_scene(&s);
}

Test(pana_worlds, relayed_session_over_real_sockets)
{
	struct scene s;
	char error[WORLD_ERROR_SIZE];

	open_scene(&s, net_new(NULL, error, sizeof(error)), "psk", RELAYED);
	live(&s, 20 * WORLD_SECOND, 0);
	close_scene(&s);
}

Test(pana_worlds, passed_through_session_over_real_sockets)
{
	struct scene s;
	char error[WORLD_ERROR_SIZE];

	for (unsigned how = PASSED; how <= (PASSED | ERP); how += ERP) {
		open_scene(&s, net_new(NULL, error, sizeof(error)), "gpsk-1", how);
		live(&s, 20 * WORLD_SECOND, 0);
		cr_assert_eq(s.counts[SERVER][ROLE_AUTHENTICATED], 2);
		close_scene(&s);
	}
}

enum { CLIENTS = 200 };

struct crowd {
	struct world_observer observer; /* first */
	const struct role *paa;
	unsigned authenticated, closed, others; /* events of the clients */
	unsigned sent, received;
};

static void crowd_event(struct world_observer *o, uint64_t time, struct role *r,
			enum role_event event, const char *text)
{
	struct crowd *c = (struct crowd *)o;

	(void)time;
	(void)text;
	c->authenticated += r != c->paa && event == ROLE_AUTHENTICATED;
	c->closed += r != c->paa && event == ROLE_CLOSED;
	c->others += event == ROLE_REFUSED || event == ROLE_GAVE_UP || event == ROLE_DISCARDED;
}

static void crowd_datagram(struct world_observer *o, uint64_t time, enum world_stage stage,
			   const struct datagram *d)
{
	struct crowd *c = (struct crowd *)o;

	(void)time;
	(void)d;
	c->sent += stage == WORLD_SENT;
	c->received += stage == WORLD_RECEIVED;
}

static const struct world_observer_ops crowd_ops = {crowd_datagram, crowd_event};

static bool all_authenticated(void *context)
{
	return ((struct crowd *)context)->authenticated == CLIENTS;
}

static bool all_closed(void *context)
{
	return ((struct crowd *)context)->closed == CLIENTS;
}

/* What a client sends reaches the PAA, and what the PAA sends reaches a client: none is lost. */
Test(pana_worlds, crowd_over_real_sockets_loses_nothing)
{
	char error[WORLD_ERROR_SIZE];
	struct role *clients[CLIENTS];
	struct crowd c = {.observer = {&crowd_ops}};
	struct scene s;

	open_scene(&s, net_new(NULL, error, sizeof(error)), "psk", PLAIN);
	c.paa = s.ends[PAA];
	world_observe(s.w, &c.observer);
	clients[0] = s.ends[PAC];
	for (unsigned i = 1; i < CLIENTS; i++) {
		add_end(&s, PAC, toy_ipv4(4, 0), s.ends[PAA]->settings.local, "psk");
		clients[i] = s.ends[PAC];
	}
	for (unsigned i = 0; i < CLIENTS; i++)
		clients[i]->kind->start(clients[i]);
	cr_assert_eq(world_run(s.w, world_now(s.w) + 60 * WORLD_SECOND, all_authenticated, &c),
		     WORLD_DONE, "%u authenticated", c.authenticated);
	for (unsigned i = 0; i < CLIENTS; i++)
		cr_assert(clients[i]->kind->command(clients[i], "terminate"));
	cr_assert_eq(world_run(s.w, world_now(s.w) + 60 * WORLD_SECOND, all_closed, &c), WORLD_DONE,
		     "%u closed", c.closed);
	cr_assert_eq(c.sent, c.received);
	cr_assert_eq(c.others, 0);
	for (unsigned i = 0; i + 1 < CLIENTS; i++) {
		world_detach(s.w, clients[i]);
		role_free(clients[i]);
	}
	close_scene(&s);
}
