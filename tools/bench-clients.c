/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The load that tools/bench puts on `assay serve`, and what a network alone would carry.
 *
 *     bench-clients pana ADDRESS PORT CLIENTS SESSIONS IDENTITY KEY [MARK...]
 *         CLIENTS PaCs side by side; each authenticates by EAP-PSK, pings, terminates, and begins
 *         again, until SESSIONS sessions are over
 *     bench-clients bounce ADDRESS PORT CLIENTS DATAGRAMS
 *         CLIENTS roles that send a datagram when the one before has come back, DATAGRAMS in all
 *     bench-clients echo ADDRESS
 *         sends back what comes, until it is killed; prints its port
 *
 * All of them live in a real world (engine/net.h), as the role under load does, each client with a
 * socket of its own. At every MARK, a number of sessions that are over, and at the end prints
 *
 *     OVER SENT RECEIVED OTHERS SECONDS
 *
 * OTHERS: datagrams lost or refused, and sessions that did not go the happy path. Exit code 1 if
 * nothing has come for a while.
 */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/engine/net.h"
#include "conformance/engine/uri.h"

enum {
	CLIENTS_MAX = 1000,
	MARKS_MAX = 16,
	DATAGRAM_SIZE = 128, /* as PANA messages are, more or less */
	PATIENCE = 30        /* seconds without progress */
};

struct load {
	struct world_observer observer; /* first */
	struct world *world;
	struct key_store *keys;
	struct role *clients[CLIENTS_MAX];
	struct role *ready[CLIENTS_MAX]; /* an event has come: to be told what is next */
	enum role_event events[CLIENTS_MAX];
	unsigned count, ready_count;
	unsigned long begun, over, wanted; /* sessions or datagrams */
	unsigned long sent, received, others;
	unsigned long marks[MARKS_MAX];
	unsigned mark_count, mark;
	uint64_t began;
};

static int fail(const char *text)
{
	fprintf(stderr, "bench-clients: %s\n", text);
	return 2;
}

static void tell(const struct load *l)
{
	double seconds = (double)(world_now(l->world) - l->began) / (double)WORLD_SECOND;

	printf("%lu %lu %lu %lu %.3f\n", l->over, l->sent, l->received, l->others, seconds);
	fflush(stdout);
}

static void count_over(struct load *l)
{
	l->over++;
	if (l->mark < l->mark_count && l->over == l->marks[l->mark]) {
		l->mark++;
		tell(l);
	}
}

/* ---- what the world tells ---- */

static void on_datagram(struct world_observer *o, uint64_t time, enum world_stage stage,
			const struct datagram *d)
{
	struct load *l = (struct load *)o;

	(void)time;
	(void)d;
	l->sent += stage == WORLD_SENT;
	l->received += stage == WORLD_RECEIVED;
	l->others += stage == WORLD_LOST || stage == WORLD_UNREACHABLE;
}

/* The role is in the middle of something: it is told what is next when it has returned. */
static void on_event(struct world_observer *o, uint64_t time, struct role *r, enum role_event event,
		     const char *text)
{
	struct load *l = (struct load *)o;

	(void)time;
	(void)text;
	if (event == ROLE_STARTED)
		return;
	if (event == ROLE_REFUSED || event == ROLE_GAVE_UP || event == ROLE_DISCARDED)
		l->others++;
	if (l->ready_count == CLIENTS_MAX)
		return;
	l->events[l->ready_count] = event;
	l->ready[l->ready_count++] = r;
}

static const struct world_observer_ops load_ops = {on_datagram, on_event};

/* ---- PaCs ---- */

static void begin_session(struct load *l, struct role *r)
{
	if (l->begun == l->wanted)
		return;
	l->begun++;
	r->kind->start(r);
}

static bool sessions_over(void *context)
{
	struct load *l = context;

	for (unsigned i = 0; i < l->ready_count; i++) {
		struct role *r = l->ready[i];

		switch (l->events[i]) {
		case ROLE_AUTHENTICATED:
			l->others += !r->kind->command(r, "ping");
			break;
		case ROLE_ALIVE:
			l->others += !r->kind->command(r, "terminate");
			break;
		case ROLE_CLOSED:
			count_over(l);
			begin_session(l, r);
			break;
		default:
			break;
		}
	}
	l->ready_count = 0;
	return l->over == l->wanted;
}

static struct role *new_pac(struct load *l, const struct endpoint *local,
			    const struct endpoint *peer, const char *identity)
{
	struct role_settings settings;
	char error[WORLD_ERROR_SIZE];
	struct role *r;

	role_settings_default(&settings);
	settings.keys = l->keys;
	settings.local = *local;
	settings.peer = *peer;
	g_strlcpy(settings.identity, identity, sizeof(settings.identity));
	r = role_new("pana.pac", &settings, world_environment(l->world), error, sizeof(error));
	if (!r)
		fail(error);
	return r;
}

/* ---- roles that throw a datagram to and fro ---- */

struct bouncer {
	struct role role;  /* first */
	struct load *load; /* of a client; NULL: it sends back whatever comes */
};

static void throw(struct role * r)
{
	static const uint8_t octets[DATAGRAM_SIZE];
	struct load *l = ((struct bouncer *)r)->load;

	if (l->begun == l->wanted)
		return;
	l->begun++;
	role_send(r, &r->settings.peer, octets, sizeof(octets));
}

static void catch (struct role *r, const struct datagram *d)
{
	struct load *l = ((struct bouncer *)r)->load;

	if (!l) {
		role_send(r, &d->source, d->octets.octets, d->octets.length);
		return;
	}
	count_over(l);
	throw(r);
}

static void never(struct role *r, unsigned timer)
{
	(void)r;
	(void)timer;
}

static void bouncer_destroy(struct role *r)
{
	g_free(r);
}

static const struct role_kind bouncer_kind = {
	.name = "bouncer",
	.label = "bouncer",
	.summary = "throws datagrams",
	.destroy = bouncer_destroy,
	.start = throw,
	.receive = catch,
	.expired = never,
};

static struct role *new_bouncer(struct load *l, struct world *w, const struct endpoint *local,
				const struct endpoint *peer)
{
	struct bouncer *b = g_new0(struct bouncer, 1);

	b->role.kind = &bouncer_kind;
	b->role.environment = world_environment(w);
	b->role.settings.local = *local;
	if (peer)
		b->role.settings.peer = *peer;
	b->load = l;
	return &b->role;
}

static bool datagrams_over(void *context)
{
	const struct load *l = context;

	return l->over == l->wanted;
}

/* ---- running ---- */

static bool endpoint_of(const char *address, const char *port, struct endpoint *at)
{
	char text[URI_TEXT_SIZE], error[URI_ERROR_SIZE];
	unsigned interface;
	struct uri uri;

	g_snprintf(text, sizeof(text), "udp://%s:%s", address, port);
	if (uri_parse(text, "pana.paa", &uri, error, sizeof(error)) &&
	    uri_resolve(&uri, at, &interface, error, sizeof(error)))
		return true;
	fail(error);
	return false;
}

static bool attach(struct world *w, struct role *r)
{
	char error[WORLD_ERROR_SIZE];

	if (world_attach(w, r, CARRIER_UDP, &r->settings.local, error, sizeof(error)))
		return true;
	fail(error);
	return false;
}

/* Runs until all is over; false if nothing is over for too long. */
static bool run_load(struct load *l, bool (*done)(void *context))
{
	enum world_end why;
	unsigned long before;

	do {
		before = l->over;
		why = world_run(l->world, world_now(l->world) + PATIENCE * WORLD_SECOND, done, l);
	} while (why == WORLD_TIME && l->over != before);
	tell(l);
	return why == WORLD_DONE;
}

static void clear_load(struct load *l)
{
	for (unsigned i = 0; i < l->count; i++) {
		world_detach(l->world, l->clients[i]);
		role_free(l->clients[i]);
	}
	world_free(l->world);
	key_store_free(l->keys);
}

/* argv: ADDRESS PORT CLIENTS NUMBER, of PaCs IDENTITY KEY MARK... */
static int load(int argc, char **argv, bool pana)
{
	struct load l = {.observer = {&load_ops}, .keys = key_store_new()};
	struct endpoint peer, local;
	char error[WORLD_ERROR_SIZE];
	unsigned long clients = strtoul(argv[2], NULL, 10);
	bool over = false;

	if (!endpoint_of(argv[0], argv[1], &peer) || clients < 1 || clients > CLIENTS_MAX)
		return fail("wanted an address, a port, 1 to 1000 clients");
	local = peer;
	local.port = 0;
	l.wanted = strtoul(argv[3], NULL, 10);
	for (int i = 6; i < argc && l.mark_count < MARKS_MAX; i++)
		l.marks[l.mark_count++] = strtoul(argv[i], NULL, 10);
	if (pana && !key_store_add_text(l.keys, "eap-psk", argv[4], argv[5], error, sizeof(error)))
		return fail(error);
	l.world = net_new(NULL, error, sizeof(error));
	if (!l.world)
		return fail(error);
	world_observe(l.world, &l.observer);
	for (; l.count < clients; l.count++) {
		struct role *r = pana ? new_pac(&l, &local, &peer, argv[4])
				      : new_bouncer(&l, l.world, &local, &peer);

		if (!r || !attach(l.world, r))
			return 2;
		l.clients[l.count] = r;
	}
	l.began = world_now(l.world);
	for (unsigned i = 0; i < l.count; i++)
		if (pana)
			begin_session(&l, l.clients[i]);
		else
			throw(l.clients[i]);
	over = run_load(&l, pana ? sessions_over : datagrams_over);
	clear_load(&l);
	return over ? 0 : 1;
}

static int echo(const char *address)
{
	char error[WORLD_ERROR_SIZE];
	struct endpoint local;
	struct world *w;
	struct role *r;

	if (!endpoint_of(address, "1", &local))
		return 2;
	local.port = 0;
	w = net_new(NULL, error, sizeof(error));
	if (!w)
		return fail(error);
	r = new_bouncer(NULL, w, &local, NULL);
	if (attach(w, r)) {
		printf("%u\n", r->settings.local.port);
		fflush(stdout);
		world_run(w, WORLD_FOREVER, NULL, NULL);
	}
	world_detach(w, r);
	role_free(r);
	world_free(w);
	return 2;
}

int main(int argc, char **argv)
{
	if (argc >= 8 && strcmp(argv[1], "pana") == 0)
		return load(argc - 2, argv + 2, true);
	if (argc == 6 && strcmp(argv[1], "bounce") == 0)
		return load(argc - 2, argv + 2, false);
	if (argc == 3 && strcmp(argv[1], "echo") == 0)
		return echo(argv[2]);
	return fail("wanted pana ADDRESS PORT CLIENTS SESSIONS IDENTITY KEY [MARK...],\n"
		    "bounce ADDRESS PORT CLIENTS DATAGRAMS, or echo ADDRESS");
}
