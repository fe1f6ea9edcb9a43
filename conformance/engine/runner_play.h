/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A case while it is played, between runner_play.c and runner_steps.c. */
#ifndef ASSAY_ENGINE_RUNNER_PLAY_H
#define ASSAY_ENGINE_RUNNER_PLAY_H

#include "evidence.h"
#include "mutate.h"
#include "player.h"
#include "prng.h"
#include "runner.h"

enum { PLAY_REMARKS_MAX = 20 };

/* How long a target is waited for that may be dead. */
#define PLAY_PROBE (5 * WORLD_SECOND)

struct play {
	const struct play_options *options;
	const struct test_case *test_case;
	const struct protocol *protocol;
	struct test_result *result;
	struct stage stage;
	struct player_watch watch;
	struct world_observer observer;
	struct evidence *evidence;
	GPtrArray *players; /* of struct player *, owned */
	GHashTable *bound;  /* name -> value, of keep */
	struct prng random; /* for `random` */
	uint64_t began;
	uint64_t heard;             /* when the device last sent something */
	uint32_t newest_sent;       /* frame */
	bool anything;              /* the device has sent something */
	bool unreachable;           /* we were told that nobody listens */
	bool disturbed;             /* the case has sent what no correct peer sends */
	bool proved;                /* something was wanted of the device, and came */
	struct case_place unproved; /* of a silence; file NULL: there is none */
	const struct rule *broken;  /* by the device, first one found */
	uint32_t broken_frame;
	struct mismatch broken_what;
	bool ended, interrupted;
};

/* Sets the verdict, once. Returns false. */
bool play_end(struct play *p, enum test_verdict verdict, const struct case_place *place,
	      const char *format, ...) __attribute__((format(printf, 4, 5)));

struct player *play_player(struct play *p, const char *name);
/* Starts the player of the step. NULL: the case has ended. */
struct player *play_start(struct play *p, const struct case_step *s);
/* For expect_keeps and mutate; the context is the play. */
const char *play_bound(void *context, const char *name);

/* ---- runner_steps.c ---- */

/* Plays steps; false if the case has ended. */
bool play_steps(struct play *p, const GPtrArray *steps);
/* Lets the newest player begin, or the device towards it, and waits for the first message. */
bool play_begin_happy(struct play *p, uint64_t patience);

/* ---- runner_wait.c ---- */

/* Lets time pass until `until`, or `done`. False: the run was interrupted. */
bool play_run(struct play *p, uint64_t until, bool (*done)(void *context), void *context);
/* Nanoseconds that the specification's timers take until a lost message has come after all. */
uint64_t play_patience(const struct play *p);
uint64_t play_scaled(const struct play *p, uint64_t time);
/* `again` in the window of the schedule after an interval `before`. */
void play_window(const struct play *p, enum pana_kind kind, uint64_t before, uint64_t *low,
		 uint64_t *high);

#endif
