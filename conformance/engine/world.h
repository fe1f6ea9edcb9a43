/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A world is what roles live in: simulated (sim.h: virtual time, a network with weather) or real
 * (net.h: sockets, the system's clock). Whoever sets roles up and watches them does so here, and
 * need not know which of the two it is:
 *
 *     struct world *w = sim_new(&settings);            or net_new()
 *     struct role *paa = role_new("pana.paa", &paa_settings, world_environment(w), ...);
 *     world_attach(w, paa, CARRIER_UDP, &paa->settings.local, error, sizeof(error));
 *     world_observe(w, &observer);
 *     world_run(w, world_now(w) + 5 * WORLD_SECOND, done, context);
 *     world_detach(w, paa);
 *     role_free(paa);
 *     world_free(w);
 *
 * A test's own end of a conversation is a role too: of a kind of its own whose `receive` keeps what
 * comes.
 *
 * Ownership: roles and observers are borrowed. A role is detached before it is freed, also if it
 * was never attached but has set timers. A role and an observer may call everything here but
 * world_run and world_free; what it is handed lives until it returns.
 *
 * Not for several threads, but for world_stop.
 */
#ifndef ASSAY_ENGINE_WORLD_H
#define ASSAY_ENGINE_WORLD_H

#include "conformance/roles/role.h"

#define WORLD_MILLISECOND UINT64_C(1000000)
#define WORLD_SECOND      UINT64_C(1000000000)
#define WORLD_FOREVER     UINT64_MAX

enum { WORLD_ERROR_SIZE = 256 };

struct world;

/* What became of a datagram. A duplicated one is received twice. */
enum world_stage {
	WORLD_SENT,        /* it has left its sender */
	WORLD_RECEIVED,    /* a role is about to be handed it */
	WORLD_LOST,        /* the network, or a filter, has lost it */
	WORLD_UNREACHABLE, /* nobody listens there; of a real network, the octets may be missing */
};

/* Is told of every datagram and every event of a role. Either operation may be NULL. */
struct world_observer;
struct world_observer_ops {
	void (*datagram)(struct world_observer *o, uint64_t time, enum world_stage stage,
			 const struct datagram *d);
	void (*event)(struct world_observer *o, uint64_t time, struct role *r,
		      enum role_event event, const char *text);
};
struct world_observer {
	const struct world_observer_ops *ops;
};

/* Why world_run has come back. */
enum world_end {
	WORLD_DONE,    /* the predicate holds */
	WORLD_TIME,    /* the time has come */
	WORLD_IDLE,    /* simulated: nothing is under way and no timer is set */
	WORLD_STOPPED, /* by world_stop */
	WORLD_BROKEN   /* world_error says why: too many events, or the system refuses */
};

void world_free(struct world *w);

/* For role_new. */
struct environment *world_environment(struct world *w);

/* Nanoseconds since the epoch. */
uint64_t world_now(const struct world *w);

/* Octets from the world's source of randomness, as its roles get them. */
void world_random(struct world *w, uint8_t *octets, size_t length);

/* What comes to `at` is the role's from now on. A role may be attached at several endpoints; one
 * that sends from a new r->settings.local, for it has moved, is attached there too. With port 0 one
 * that is free is taken. Where it came to stand is written to `at`; for a role's main endpoint that
 * is &r->settings.local. False with a reason in `error`. */
bool world_attach(struct world *w, struct role *r, enum carrier carrier, struct endpoint *at,
		  char *error, size_t error_size);

/* Forgets the role: its endpoints, its timers. What it has sent stays under way. */
void world_detach(struct world *w, struct role *r);

/* From now on `o` is told. Ends with the world, or by world_ignore. */
void world_observe(struct world *w, struct world_observer *o);
void world_ignore(struct world *w, struct world_observer *o);

/* Lets time pass until `until`, or until `done`, asked after each event, returns true (NULL: not
 * asked). Everything due at `until` has happened then. */
enum world_end world_run(struct world *w, uint64_t until, bool (*done)(void *context),
			 void *context);

/* Makes the running or else the next world_run return WORLD_STOPPED. May be called from a signal
 * handler. */
void world_stop(struct world *w);

/* After WORLD_BROKEN: why. Else "". */
const char *world_error(const struct world *w);

/* "authenticated": the name of an event. */
const char *role_event_name(enum role_event event);

#endif
