/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sim.c and net.c share: roles, their timers, those who watch. */
#ifndef ASSAY_ENGINE_WORLD_IMPL_H
#define ASSAY_ENGINE_WORLD_IMPL_H

#include <glib.h>
#include <signal.h>

#include "event_queue.h"
#include "world.h"

/* A role in this world. */
struct world_member {
	struct role *role;
	struct world_timer {
		struct event_node node;
		struct world_member *member;
	} timers[ROLE_TIMERS];
};

struct world_ops {
	uint64_t (*now)(const struct world *w);
	void (*random)(struct world *w, uint8_t *octets, size_t length);
	void (*send)(struct world *w, struct role *from, const struct datagram *d);
	bool (*attach)(struct world *w, struct role *r, enum carrier carrier, struct endpoint *at,
		       char *error, size_t error_size);
	void (*detach)(struct world *w, struct role *r);
	enum world_end (*run)(struct world *w, uint64_t until, bool (*done)(void *context),
			      void *context);
	void (*stop)(struct world *w); /* NULL: the flag is enough */
	void (*free)(struct world *w);
};

/* Every world begins with this. */
struct world {
	struct environment environment; /* first: a role's environment is its world */
	const struct world_ops *ops;
	GHashTable *members;        /* struct role * -> struct world_member *, owned */
	GPtrArray *observers;       /* struct world_observer *, borrowed */
	struct event_queue timers;  /* nodes of struct world_timer */
	volatile sig_atomic_t stop; /* asked to */
	char error[WORLD_ERROR_SIZE];
};

void world_begin(struct world *w, const struct world_ops *ops);
void world_end(struct world *w);

/* The member of a role; made if there is none. */
struct world_member *world_member(struct world *w, struct role *r);

/* Fires the first timer, which is due. */
void world_fire(struct world *w);

/* True once if world_stop was called since. */
bool world_take_stop(struct world *w);

void world_tell_datagram(struct world *w, enum world_stage stage, const struct datagram *d);

/* Sets world_error; returns WORLD_BROKEN. */
enum world_end world_break(struct world *w, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
