/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is tested, and the stage on which one case plays: a world, in it the device if it is a
 * reference role of ours, and places for players.
 *
 *     --against ROLE            simulated: device 10.0.0.1, players that are clients 10.0.0.10 up,
 *                               players that are servers 10.0.0.100 up
 *     --against ROLE --real     the same hosts of 127.X.Y.0/24, over UDP; X.Y is the process's
 *     --target URI              the device at that address; of a device that is a client, the
 *                               address at which we wait for it
 */
#ifndef ASSAY_ENGINE_TARGET_H
#define ASSAY_ENGINE_TARGET_H

#include "case.h"
#include "device_profile.h"
#include "hooks.h"
#include "sim.h"

struct target {
	const char *role;               /* of the device: the suite's name */
	bool reference;                 /* a role of ours */
	bool real;                      /* UDP; else simulated. A target by URI is real */
	const char *fault;              /* of the reference role, or NULL */
	struct endpoint at;             /* by URI */
	unsigned interface;             /* by URI, of link-local addresses */
	struct key_store *keys;         /* borrowed */
	struct device_profile *profile; /* borrowed */
	struct hooks *hooks;            /* borrowed */
	const char *identity;           /* of the peer */
	struct sim_weather weather;     /* simulated */
	uint64_t seed;
};

struct stage {
	const struct target *target;
	const struct test_case *test_case;
	struct world *world;
	struct role *device;       /* or NULL */
	struct endpoint at;        /* of the device */
	unsigned clients, servers; /* players so far */
	bool triggered;            /* the device was made to begin */
	bool unable;               /* it cannot be made to do what the case wants */
};

/* Sets the stage; `label` tells it from others of the seed. False with a reason in `error`. */
bool stage_begin(struct stage *s, const struct target *target, const struct test_case *test_case,
		 const char *label, char *error, size_t error_size);
void stage_end(struct stage *s);

/* Settings of a player of this role, `given` (of struct case_pair *) applied. False with a reason.
 */
bool stage_player(struct stage *s, const char *role, const GPtrArray *given,
		  struct role_settings *settings, char *error, size_t error_size);

/* Makes the device do something. False: it cannot. */
bool stage_trigger(struct stage *s, const char *what);

/* The role opposite a device: "pana.pac" of "pana.paa". */
const char *target_opposite(const char *role);

/* True if devices of this role begin conversations: they are to be triggered. */
bool target_is_client(const char *role);

/* Brings the device back to life. False: it cannot be. */
bool target_reset(const struct target *t, const char *test_case);

#endif
