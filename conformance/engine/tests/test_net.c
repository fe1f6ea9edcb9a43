/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "conformance/engine/net.h"
#include "conformance/engine/net_udp.h"
#include "toy_role.h"

struct counter {
	struct world_observer observer; /* first */
	unsigned stages[WORLD_UNREACHABLE + 1];
	struct datagram unreachable; /* the newest; without its octets */
};

static void count_datagram(struct world_observer *o, uint64_t time, enum world_stage stage,
			   const struct datagram *d)
{
	struct counter *c = (struct counter *)o;

	(void)time;
	c->stages[stage]++;
	if (stage == WORLD_UNREACHABLE)
		c->unreachable = *d;
}

static const struct world_observer_ops counter_ops = {.datagram = count_datagram};

struct scene {
	struct world *w;
	struct toy caller, echo;
	struct counter counter;
	char error[WORLD_ERROR_SIZE];
};

static bool attach(struct scene *s, struct toy *t, struct endpoint at)
{
	t->role.settings.local = at;
	return world_attach(s->w, &t->role, CARRIER_UDP, &t->role.settings.local, s->error,
			    sizeof(s->error));
}

static void open_scene(struct scene *s, unsigned calls)
{
	*s = (struct scene){.counter = {.observer = {&counter_ops}}};
	s->w = net_new(NULL, s->error, sizeof(s->error));
	cr_assert_not_null(s->w, "%s", s->error);
	world_observe(s->w, &s->counter.observer);
	toy_caller(&s->caller, s->w, calls);
	toy_echo(&s->echo, s->w);
}

static void close_scene(struct scene *s)
{
	world_detach(s->w, &s->caller.role);
	world_detach(s->w, &s->echo.role);
	world_free(s->w);
}

static enum world_end call(struct scene *s, struct endpoint to, uint64_t timeout)
{
	s->caller.role.settings.peer = to;
	s->caller.role.kind->start(&s->caller.role);
	return world_run(s->w, world_now(s->w) + timeout, toy_done, &s->caller);
}

Test(net, roles_talk_over_ipv4)
{
	struct scene s;

	open_scene(&s, 200);
	cr_assert(attach(&s, &s.caller, toy_ipv4(1, 0)), "%s", s.error);
	cr_assert(attach(&s, &s.echo, toy_ipv4(1, 0)), "%s", s.error);
	cr_assert_neq(s.echo.role.settings.local.port, 0);
	cr_assert_eq(call(&s, s.echo.role.settings.local, 10 * WORLD_SECOND), WORLD_DONE);
	cr_assert_eq(s.caller.received, 200);
	cr_assert(endpoint_equal(&s.echo.newest.source, &s.caller.role.settings.local));
	cr_assert_eq(s.counter.stages[WORLD_SENT], 400);
	cr_assert_eq(s.counter.stages[WORLD_RECEIVED], 400);
	close_scene(&s);
}

Test(net, roles_talk_over_ipv6)
{
	struct scene s;

	open_scene(&s, 3);
	if (!attach(&s, &s.caller, toy_ipv6(0)))
		cr_skip("no IPv6 on loopback: %s", s.error);
	cr_assert(attach(&s, &s.echo, toy_ipv6(0)), "%s", s.error);
	cr_assert_eq(call(&s, s.echo.role.settings.local, 10 * WORLD_SECOND), WORLD_DONE);
	cr_assert(endpoint_equal(&s.caller.newest.source, &s.echo.role.settings.local));
	close_scene(&s);
}

/* All of 127/8 is ours: a host of many addresses. */
Test(net, host_of_many_addresses_answers_from_the_one_addressed)
{
	struct endpoint any = toy_ipv4(0, 0), asked;
	struct scene s;

	memset(any.address.octets, 0, 4);
	open_scene(&s, 3);
	cr_assert(attach(&s, &s.caller, toy_ipv4(1, 0)), "%s", s.error);
	cr_assert(attach(&s, &s.echo, any), "%s", s.error);
	asked = toy_ipv4(77, s.echo.role.settings.local.port);
	cr_assert_eq(call(&s, asked, 10 * WORLD_SECOND), WORLD_DONE);
	cr_assert(endpoint_equal(&s.caller.newest.source, &asked));
	cr_assert(endpoint_equal(&s.echo.newest.destination, &asked));
	close_scene(&s);
}

Test(net, role_that_moves_is_found_at_its_new_place)
{
	struct scene s;

	open_scene(&s, 3);
	cr_assert(attach(&s, &s.caller, toy_ipv4(1, 0)), "%s", s.error);
	cr_assert(attach(&s, &s.echo, toy_ipv4(1, 0)), "%s", s.error);
	s.caller.role.settings.local.address = toy_ipv4(9, 0).address;
	cr_assert_eq(call(&s, s.echo.role.settings.local, 10 * WORLD_SECOND), WORLD_DONE);
	cr_assert(endpoint_equal(&s.echo.newest.source, &s.caller.role.settings.local));
	close_scene(&s);
}

Test(net, two_servers_do_not_share_a_port)
{
	struct scene s;

	open_scene(&s, 1);
	cr_assert(attach(&s, &s.echo, toy_ipv4(1, 0)), "%s", s.error);
	cr_assert_not(attach(&s, &s.caller, s.echo.role.settings.local));
	cr_assert_str_eq(strstr(s.error, ": "), ": Address already in use");
	close_scene(&s);
}

Test(net, role_without_listener_is_told_so_and_goes_on)
{
	struct endpoint nobody;
	struct scene s;

	open_scene(&s, 1);
	cr_assert(attach(&s, &s.caller, toy_ipv4(1, 0)), "%s", s.error);
	cr_assert(attach(&s, &s.echo, toy_ipv4(1, 0)), "%s", s.error);
	nobody = s.echo.role.settings.local;
	world_detach(s.w, &s.echo.role);
	cr_assert_eq(call(&s, nobody, WORLD_SECOND / 2), WORLD_TIME);
	cr_assert_eq(s.counter.stages[WORLD_UNREACHABLE], 1);
	cr_assert(endpoint_equal(&s.counter.unreachable.destination, &nobody));
	cr_assert_str_eq(net_reason(s.w), strerror(ECONNREFUSED));
	/* The repeated call finds the echo there. */
	cr_assert(attach(&s, &s.echo, nobody), "%s", s.error);
	cr_assert_eq(world_run(s.w, world_now(s.w) + 5 * WORLD_SECOND, toy_done, &s.caller),
		     WORLD_DONE);
	cr_assert_eq(s.caller.sent, 2);
	close_scene(&s);
}

Test(net, own_address_towards_a_peer_is_found)
{
	const struct endpoint peer = toy_ipv4(5, 716);
	struct address local;

	cr_assert(net_udp_local(&peer, 0, &local));
	cr_assert_eq(local.family, ADDRESS_IPV4);
	cr_assert_eq(local.octets[0], 127);
}

Test(net, run_ends_at_its_time)
{
	struct scene s;
	uint64_t until;

	open_scene(&s, 1);
	until = world_now(s.w) + 100 * WORLD_MILLISECOND;
	cr_assert_eq(world_run(s.w, until, NULL, NULL), WORLD_TIME);
	cr_assert_geq(world_now(s.w), until);
	cr_assert_lt(world_now(s.w), until + 2 * WORLD_SECOND);
	cr_assert_eq(world_run(s.w, 0, NULL, NULL), WORLD_TIME);
	close_scene(&s);
}

static struct world *stopped;

static void on_alarm(int number)
{
	(void)number;
	world_stop(stopped);
}

Test(net, signal_handler_stops_the_run)
{
	const struct itimerval soon = {.it_value = {.tv_usec = 50000}};
	struct scene s;

	open_scene(&s, 1);
	stopped = s.w;
	signal(SIGALRM, on_alarm);
	setitimer(ITIMER_REAL, &soon, NULL);
	cr_assert_eq(world_run(s.w, WORLD_FOREVER, NULL, NULL), WORLD_STOPPED);
	cr_assert_eq(world_run(s.w, world_now(s.w) + 1, NULL, NULL), WORLD_TIME);
	close_scene(&s);
}

static void take_line(void *context, int fd)
{
	char line[16];
	ssize_t length = read(fd, line, sizeof(line));

	*(ssize_t *)context += length;
	if (length == 0)
		net_watch(stopped, fd, NULL, NULL);
}

static bool has_three(void *context)
{
	return *(ssize_t *)context == 3;
}

Test(net, watched_descriptor_is_served)
{
	struct scene s;
	ssize_t taken = 0;
	int ends[2];

	open_scene(&s, 1);
	stopped = s.w;
	cr_assert_eq(pipe(ends), 0);
	cr_assert(net_watch(s.w, ends[0], take_line, &taken));
	cr_assert_eq(write(ends[1], "abc", 3), 3);
	cr_assert_eq(world_run(s.w, world_now(s.w) + 5 * WORLD_SECOND, has_three, &taken),
		     WORLD_DONE);
	/* At its end it is no longer watched, and the world does not spin. */
	close(ends[1]);
	cr_assert_eq(world_run(s.w, world_now(s.w) + 50 * WORLD_MILLISECOND, NULL, NULL),
		     WORLD_TIME);
	close(ends[0]);
	close_scene(&s);
}

Test(net, large_and_empty_datagrams_pass)
{
	static uint8_t octets[DATAGRAM_MAX];
	struct scene s;
	struct datagram d;

	open_scene(&s, 1);
	cr_assert(attach(&s, &s.caller, toy_ipv4(1, 0)), "%s", s.error);
	cr_assert(attach(&s, &s.echo, toy_ipv4(1, 0)), "%s", s.error);
	d = (struct datagram){
		s.caller.role.settings.local, s.echo.role.settings.local, {octets, sizeof(octets)}};
	world_environment(s.w)->ops->send(world_environment(s.w), &s.caller.role, &d);
	d.octets.length = 0;
	world_environment(s.w)->ops->send(world_environment(s.w), &s.caller.role, &d);
	world_run(s.w, world_now(s.w) + 200 * WORLD_MILLISECOND, NULL, NULL);
	cr_assert_eq(s.echo.received, 2);
	cr_assert_eq(s.caller.received, 2);
	close_scene(&s);
}

Test(net, seeded_world_repeats_its_randomness)
{
	const struct net_settings settings = {.seeded = true, .seed = 5, .label = "case"};
	char error[WORLD_ERROR_SIZE];
	uint8_t octets[3][40];

	for (size_t i = 0; i < 3; i++) {
		struct world *w = net_new(i < 2 ? &settings : NULL, error, sizeof(error));

		cr_assert_not_null(w);
		world_random(w, octets[i], sizeof(octets[i]));
		world_free(w);
	}
	cr_assert_arr_eq(octets[0], octets[1], sizeof(octets[0]));
	cr_assert(memcmp(octets[0], octets[2], sizeof(octets[0])) != 0);
}
