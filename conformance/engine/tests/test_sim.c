/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

#include "conformance/engine/sim.h"
#include "toy_role.h"

static const struct sim_weather storm = {
	.latency = 50 * WORLD_MILLISECOND,
	.jitter = 20 * WORLD_MILLISECOND,
	.loss = 200,
	.duplicate = 200,
	.reorder = 200,
};

/* Everything that is told, octet by octet. */
struct recorder {
	struct world_observer observer; /* first */
	GByteArray *all;
	unsigned stages[WORLD_UNREACHABLE + 1];
	unsigned events[ROLE_DISCARDED + 1];
};

static void record_datagram(struct world_observer *o, uint64_t time, enum world_stage stage,
			    const struct datagram *d)
{
	struct recorder *r = (struct recorder *)o;
	uint8_t code = (uint8_t)stage;

	r->stages[stage]++;
	g_byte_array_append(r->all, &code, 1);
	g_byte_array_append(r->all, (const uint8_t *)&time, sizeof(time));
	g_byte_array_append(r->all, (const uint8_t *)&d->source.port, sizeof(d->source.port));
	g_byte_array_append(r->all, d->octets.octets, (guint)d->octets.length);
}

static void record_event(struct world_observer *o, uint64_t time, struct role *role,
			 enum role_event event, const char *text)
{
	struct recorder *r = (struct recorder *)o;

	(void)role;
	r->events[event]++;
	g_byte_array_append(r->all, (const uint8_t *)&time, sizeof(time));
	g_byte_array_append(r->all, (const uint8_t *)text, (guint)strlen(text));
}

static const struct world_observer_ops recorder_ops = {record_datagram, record_event};

/* A caller and an echo in one world. */
struct scene {
	struct world *w;
	struct toy caller, echo;
	struct recorder recorder;
	char error[WORLD_ERROR_SIZE];
};

static void attach(struct scene *s, struct toy *t, struct endpoint at)
{
	t->role.settings.local = at;
	cr_assert(world_attach(s->w, &t->role, CARRIER_UDP, &t->role.settings.local, s->error,
			       sizeof(s->error)),
		  "%s", s->error);
}

static void open_scene(struct scene *s, const struct sim_settings *settings, unsigned calls)
{
	*s = (struct scene){.w = sim_new(settings)};
	s->recorder = (struct recorder){{&recorder_ops}, g_byte_array_new(), {0}, {0}};
	world_observe(s->w, &s->recorder.observer);
	toy_caller(&s->caller, s->w, calls);
	toy_echo(&s->echo, s->w);
	attach(s, &s->caller, toy_ipv4(1, 0));
	attach(s, &s->echo, toy_ipv4(2, 716));
	s->caller.role.settings.peer = s->echo.role.settings.local;
}

static void close_scene(struct scene *s)
{
	world_detach(s->w, &s->caller.role);
	world_detach(s->w, &s->echo.role);
	world_free(s->w);
	g_byte_array_free(s->recorder.all, TRUE);
}

static void start(struct scene *s)
{
	s->caller.role.kind->start(&s->caller.role);
}

/* The recording of a whole run; the caller unrefs. */
static GBytes *recording(uint64_t seed, const char *label)
{
	const struct sim_settings settings = {.seed = seed, .label = label, .weather = storm};
	struct scene s;
	GBytes *all;

	open_scene(&s, &settings, 50);
	start(&s);
	cr_assert_eq(sim_run_idle(s.w), WORLD_IDLE);
	cr_assert(toy_done(&s.caller));
	all = g_bytes_new(s.recorder.all->data, s.recorder.all->len);
	close_scene(&s);
	return all;
}

Test(sim, same_seed_gives_same_recording)
{
	GBytes *a = recording(4711, "case"), *b = recording(4711, "case");
	GBytes *other_seed = recording(4712, "case"), *other_label = recording(4711, "other");

	cr_assert(g_bytes_equal(a, b));
	cr_assert_not(g_bytes_equal(a, other_seed));
	cr_assert_not(g_bytes_equal(a, other_label));
	g_bytes_unref(a);
	g_bytes_unref(b);
	g_bytes_unref(other_seed);
	g_bytes_unref(other_label);
}

Test(sim, every_seed_of_a_thousand_gets_through_the_storm)
{
	for (uint64_t seed = 0; seed < 1000; seed++)
		g_bytes_unref(recording(seed, ""));
}

Test(sim, time_is_virtual_and_latency_is_kept)
{
	const struct sim_settings settings = {.weather = {.latency = 3600 * WORLD_SECOND}};
	struct scene s;
	uint64_t began = (uint64_t)g_get_monotonic_time();

	open_scene(&s, &settings, 3);
	cr_assert_eq(world_now(s.w), SIM_EPOCH);
	cr_assert_geq(s.caller.role.settings.local.port, 49152);
	start(&s);
	cr_assert_eq(world_run(s.w, WORLD_FOREVER, toy_done, &s.caller), WORLD_DONE);
	/* Three times there and back; calls repeated meanwhile change nothing of that. */
	cr_assert_eq(world_now(s.w), SIM_EPOCH + 6 * 3600 * WORLD_SECOND);
	cr_assert_lt((uint64_t)g_get_monotonic_time() - began, 30 * 1000000u);
	cr_assert_eq(s.recorder.events[ROLE_STARTED], 1);
	cr_assert_eq(s.recorder.events[ROLE_CLOSED], 1);
	close_scene(&s);
}

Test(sim, run_ends_at_its_time)
{
	const struct sim_settings settings = {.epoch = 1000, .weather = {.latency = 10}};
	struct scene s;

	open_scene(&s, &settings, 1);
	start(&s);
	cr_assert_eq(world_run(s.w, 1019, NULL, NULL), WORLD_TIME);
	cr_assert_eq(s.caller.received, 0);
	cr_assert_eq(world_now(s.w), 1019);
	cr_assert_eq(world_run(s.w, 1020, NULL, NULL), WORLD_IDLE);
	cr_assert_eq(s.caller.received, 1);
	cr_assert_eq(world_run(s.w, 5000, NULL, NULL), WORLD_IDLE);
	cr_assert_eq(world_now(s.w), 5000);
	world_stop(s.w);
	cr_assert_eq(world_run(s.w, 6000, NULL, NULL), WORLD_STOPPED);
	cr_assert_eq(world_now(s.w), 5000);
	close_scene(&s);
}

Test(sim, weather_of_one_direction_leaves_the_other)
{
	const struct sim_settings settings = {0};
	struct scene s;

	open_scene(&s, &settings, 1);
	sim_weather(s.w, &s.echo.role, &(struct sim_weather){.loss = 1000});
	start(&s);
	cr_assert_eq(world_run(s.w, SIM_EPOCH + 10 * WORLD_SECOND, NULL, NULL), WORLD_TIME);
	cr_assert_eq(s.echo.received, 11);
	cr_assert_eq(s.caller.received, 0);
	cr_assert_eq(s.recorder.stages[WORLD_LOST], 11);
	close_scene(&s);
}

Test(sim, every_datagram_arrives_twice_when_all_are_duplicated)
{
	const struct sim_settings settings = {.weather = {.latency = 5}};
	struct scene s;

	open_scene(&s, &settings, 1);
	sim_weather(s.w, &s.caller.role, &(struct sim_weather){.latency = 5, .duplicate = 1000});
	start(&s);
	cr_assert_eq(sim_run_idle(s.w), WORLD_IDLE);
	cr_assert_eq(s.caller.sent, 1);
	cr_assert_eq(s.echo.received, 2);
	close_scene(&s);
}

static void send_number(struct scene *s, uint8_t number)
{
	struct environment *e = world_environment(s->w);
	const struct datagram d = {
		s->caller.role.settings.local, s->echo.role.settings.local, {&number, 1}};

	e->ops->send(e, &s->caller.role, &d);
}

/* Numbers in the order in which the echo got them. */
static void received_numbers(const struct scene *s, char *text, size_t size)
{
	const uint8_t *o = s->recorder.all->data;
	size_t at = 0;

	for (size_t i = 0; i + 12 <= s->recorder.all->len; i += 12) {
		uint16_t port;

		memcpy(&port, o + i + 9, sizeof(port));
		if (o[i] == WORLD_RECEIVED && port == s->caller.role.settings.local.port)
			at += (size_t)g_snprintf(text + at, (gulong)(size - at), "%u", o[i + 11]);
	}
}

Test(sim, nothing_overtakes_unless_reordered)
{
	const struct sim_settings settings = {.weather = {.jitter = WORLD_SECOND}};
	struct scene s;
	char text[32] = "";

	open_scene(&s, &settings, 0);
	for (uint8_t i = 0; i < 8; i++)
		send_number(&s, i);
	sim_run_idle(s.w);
	received_numbers(&s, text, sizeof(text));
	cr_assert_str_eq(text, "01234567");
	close_scene(&s);

	open_scene(&s, &settings, 0);
	sim_weather(s.w, NULL, &(struct sim_weather){.reorder = 1000});
	send_number(&s, 0);
	sim_weather(s.w, NULL, &(struct sim_weather){0});
	send_number(&s, 1);
	send_number(&s, 2);
	sim_run_idle(s.w);
	received_numbers(&s, text, sizeof(text));
	cr_assert_str_eq(text, "120");
	close_scene(&s);
}

/* Drops 0, changes 1 to 9, holds 2, delays 3, passes the rest. */
static enum sim_fate choose(void *context, const struct role *from, struct sim_datagram *d)
{
	const struct scene *s = context;

	if (from != &s->caller.role)
		return SIM_PASS;
	switch (d->octets[0]) {
	case 0:
		return SIM_DROP;
	case 1:
		d->octets[0] = 9;
		return SIM_PASS;
	case 2:
		return SIM_HOLD;
	case 3:
		d->delay = WORLD_SECOND;
		return SIM_PASS;
	default:
		return SIM_PASS;
	}
}

Test(sim, filter_drops_changes_holds_and_delays)
{
	const struct sim_settings settings = {0};
	struct scene s;
	char text[32] = "";
	uint8_t injected = 7;
	struct datagram d;

	open_scene(&s, &settings, 0);
	sim_set_filter(s.w, choose, &s);
	for (uint8_t i = 0; i < 5; i++)
		send_number(&s, i);
	sim_run_idle(s.w);
	cr_assert_eq(sim_release(s.w, 5), 1);
	cr_assert_eq(sim_release(s.w, 5), 0);
	sim_run_idle(s.w);
	d = (struct datagram){
		s.caller.role.settings.local, s.echo.role.settings.local, {&injected, 1}};
	sim_inject(s.w, &d, 4);
	sim_run_idle(s.w);
	received_numbers(&s, text, sizeof(text));
	cr_assert_str_eq(text, "94327");
	cr_assert_eq(s.recorder.stages[WORLD_LOST], 1);
	close_scene(&s);
}

Test(sim, where_nobody_listens_is_unreachable)
{
	const struct sim_settings settings = {0};
	struct scene s;

	open_scene(&s, &settings, 1);
	world_detach(s.w, &s.echo.role);
	start(&s);
	cr_assert_eq(world_run(s.w, SIM_EPOCH + WORLD_SECOND / 2, NULL, NULL), WORLD_TIME);
	cr_assert_eq(s.recorder.stages[WORLD_UNREACHABLE], 1);
	close_scene(&s);
}

Test(sim, role_that_moves_is_found_at_its_new_place)
{
	const struct sim_settings settings = {0};
	struct scene s;

	open_scene(&s, &settings, 1);
	s.caller.role.settings.local = toy_ipv4(3, 1000);
	start(&s);
	cr_assert_eq(sim_run_idle(s.w), WORLD_IDLE);
	cr_assert(toy_done(&s.caller));
	cr_assert(endpoint_equal(&s.echo.newest.source, &s.caller.role.settings.local));
	close_scene(&s);
}

Test(sim, detached_role_is_not_woken)
{
	const struct sim_settings settings = {0};
	struct scene s;

	open_scene(&s, &settings, 1);
	world_detach(s.w, &s.echo.role);
	start(&s);
	world_detach(s.w, &s.caller.role);
	cr_assert_eq(sim_run_idle(s.w), WORLD_IDLE);
	cr_assert_eq(s.caller.sent, 1);
	close_scene(&s);
}

Test(sim, endless_run_is_broken_off)
{
	const struct sim_settings settings = {.events_max = 1000};
	struct scene s;

	open_scene(&s, &settings, UINT32_MAX);
	start(&s);
	cr_assert_eq(sim_run_idle(s.w), WORLD_BROKEN);
	cr_assert_str_eq(world_error(s.w), "1000 events without coming to an end");
	cr_assert_eq(world_run(s.w, world_now(s.w), NULL, NULL), WORLD_BROKEN);
	close_scene(&s);
}

Test(sim, flood_is_broken_off)
{
	const struct sim_settings settings = {.under_way_max = 10, .weather = {.latency = 1}};
	struct scene s;

	open_scene(&s, &settings, 0);
	for (uint8_t i = 0; i < 11; i++)
		send_number(&s, i);
	cr_assert_eq(sim_run_idle(s.w), WORLD_BROKEN);
	cr_assert_str_eq(world_error(s.w), "more than 10 datagrams were under way at one time");
	cr_assert_eq(sim_run_idle(s.w), WORLD_IDLE);
	cr_assert_eq(s.echo.received, 10);
	close_scene(&s);
}

Test(sim, endpoints_are_told_apart_and_taken_once)
{
	const struct sim_settings settings = {0};
	struct scene s;
	struct endpoint at = toy_ipv4(2, 716), none = {0};

	open_scene(&s, &settings, 1);
	cr_assert_not(
		world_attach(s.w, &s.caller.role, CARRIER_UDP, &at, s.error, sizeof(s.error)));
	cr_assert_str_eq(s.error, "127.0.0.2:716 is taken");
	cr_assert_not(
		world_attach(s.w, &s.caller.role, CARRIER_UDP, &none, s.error, sizeof(s.error)));
	cr_assert_not(
		world_attach(s.w, &s.caller.role, CARRIER_TCP, &at, s.error, sizeof(s.error)));
	at = toy_ipv6(716);
	cr_assert(world_attach(s.w, &s.echo.role, CARRIER_UDP, &at, s.error, sizeof(s.error)));
	s.caller.role.settings.peer = at;
	start(&s);
	cr_assert_eq(sim_run_idle(s.w), WORLD_IDLE);
	cr_assert(toy_done(&s.caller));
	close_scene(&s);
}
