/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulated world: a virtual clock, one seeded source of randomness, and a network with
 * weather. No wall-clock time is spent: time jumps to whatever is due next. A run is a function of
 * its settings and of the roles in it, to the last octet: the same seed and label give the same
 * recording on every machine, another seed or label gives another.
 *
 * What a role sends passes, in this order: the observers (WORLD_SENT), the filter, the weather of
 * its sender, the observers again (WORLD_RECEIVED, WORLD_LOST or WORLD_UNREACHABLE), and is handed
 * to the role attached at its destination. A role's line is one queue: without reordering nothing
 * overtakes, whatever the jitter.
 *
 * Limits per world_run and in all: see struct sim_settings. A run that comes to one is
 * WORLD_BROKEN.
 */
#ifndef ASSAY_ENGINE_SIM_H
#define ASSAY_ENGINE_SIM_H

#include "world.h"

/* 2025-01-01T00:00:00Z, when a simulated world begins. */
#define SIM_EPOCH (UINT64_C(1735689600) * WORLD_SECOND)

enum { SIM_EVENTS_MAX = 1000000, SIM_UNDER_WAY_MAX = 65536 };

/* What happens to what a role sends. Chances are of 1000. */
struct sim_weather {
	uint64_t latency;       /* nanoseconds from sender to receiver */
	uint64_t jitter;        /* and up to so many more, evenly spread */
	unsigned loss;          /* never arrives */
	unsigned duplicate;     /* arrives twice, the second time by its own latency and jitter */
	unsigned reorder;       /* is held back by reorder_delay, so that later ones overtake it */
	uint64_t reorder_delay; /* 0: twice latency and jitter, and a millisecond */
};

struct sim_settings {
	uint64_t seed;
	const char *label;          /* for instance the case's name; NULL: "" */
	uint64_t epoch;             /* 0: SIM_EPOCH */
	struct sim_weather weather; /* of every role that has none of its own */
	size_t events_max;          /* in one world_run; 0: SIM_EVENTS_MAX */
	size_t under_way_max;       /* datagrams at one time; 0: SIM_UNDER_WAY_MAX */
};

struct world *sim_new(const struct sim_settings *settings);

/* Weather of what this role sends (NULL: of every role that has none of its own), from now on. */
void sim_weather(struct world *w, const struct role *sender, const struct sim_weather *weather);

/* What a filter has decided. */
enum sim_fate {
	SIM_PASS,
	SIM_DROP, /* told as WORLD_LOST */
	SIM_HOLD  /* kept until sim_release */
};

/* A datagram before the filter, which may change everything in it. */
struct sim_datagram {
	struct endpoint source, destination;
	uint8_t *octets; /* room for DATAGRAM_MAX */
	size_t length;
	uint64_t delay; /* nanoseconds to be added to its latency; 0 at first */
};

/* Sees each datagram once, when it is sent. `from` is its sender. A filter lets no role send; what
 * it wants to add it injects. */
typedef enum sim_fate sim_filter(void *context, const struct role *from, struct sim_datagram *d);

/* NULL: no filter. */
void sim_set_filter(struct world *w, sim_filter *filter, void *context);

/* Sends what was held on its way, oldest first, at most `count` of them; returns how many. */
size_t sim_release(struct world *w, size_t count);

/* Puts a datagram on its way that no role has sent; it arrives `delay` nanoseconds from now,
 * whatever filter and weather. */
void sim_inject(struct world *w, const struct datagram *d, uint64_t delay);

/* Until nothing is under way and no timer is set. */
enum world_end sim_run_idle(struct world *w);

#endif
