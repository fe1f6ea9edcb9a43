/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs cases against a target and says what came of each.
 *
 *   pass            every step went as the case wants
 *   fail            the device did otherwise, or broke a MUST in what it sent
 *   inconclusive    nothing was proved: silence, and nobody showed to be alive behind it
 *   error           the case could not be played
 *   not-applicable  the device does not claim what the case needs
 *
 * A baseline adds: xfail, a failure that is known; xpass, a known failure that is none any more;
 * flaky, a pass that took more than one try.
 *
 * Rules are judged beside the steps in everything the device sends: a MUST that binds it and is
 * broken fails the case. Once a case has sent what no correct peer sends, only what a message shows
 * by itself counts. SHOULDs are remarks.
 *
 * A target that has died is named with the case that killed it, is reset, and the run goes on.
 */
#ifndef ASSAY_ENGINE_RUNNER_H
#define ASSAY_ENGINE_RUNNER_H

#include "baseline.h"
#include "case.h"
#include "expect.h"
#include "target.h"

enum test_verdict {
	TEST_PASS,
	TEST_FAIL,
	TEST_INCONCLUSIVE,
	TEST_ERROR,
	TEST_NOT_APPLICABLE,
	TEST_VERDICTS
};

enum test_overlay { OVERLAY_NONE, OVERLAY_XFAIL, OVERLAY_XPASS, OVERLAY_FLAKY };

enum { TEST_REASON_SIZE = 512 };

struct test_result {
	const struct suite *suite;
	const struct test_case *test_case;
	enum test_verdict verdict;
	enum test_overlay overlay;
	char reason[TEST_REASON_SIZE]; /* one line; "" of a pass */
	struct mismatch mismatch;      /* field "" if it is about no field */
	struct case_place place;       /* of the step; file NULL: of none */
	const struct rule *rule;       /* that was found broken, or NULL */
	uint32_t frame;                /* of the evidence; 0: of none */
	char *evidence;                /* path of the pcapng, or NULL */
	GPtrArray *remarks;            /* of char * */
	uint64_t played;               /* nanoseconds of the world's time */
	uint64_t elapsed;              /* nanoseconds of ours */
	unsigned attempts;
	bool killed;        /* the device was dead after it */
	bool unable;        /* the device cannot be made to act so */
	bool interrupted;   /* the run was: no verdict */
	char *redo;         /* a command line that runs it alone */
	char *baseline_why; /* what the baseline says of it, or NULL */
};

struct test_totals {
	unsigned verdicts[TEST_VERDICTS];
	unsigned xfail, xpass, flaky, killed;
	unsigned counted; /* for which the exit code is to be 1 */
	bool interrupted;
	bool target_dead; /* at the start, or it could not be brought back */
	uint64_t elapsed;
};

struct test_report;

struct runner_options {
	struct target target; /* `role` is set from the suite */
	struct key_store *keys;
	const struct baseline *baseline; /* or NULL */
	const char *select;              /* -k, or NULL */
	enum rule_level level;           /* the laxest that is run */
	unsigned retries;                /* tries beyond the first for what does not pass */
	unsigned shard, shards;          /* 1 of 1 */
	double timescale;                /* times that are waited; 1 */
	const char *out;                 /* folder for evidence, or NULL */
	const char *redo;                /* the command line without selection, for `redo` lines */
	bool secrets;
	GPtrArray *reports; /* of struct test_report * */
};

struct runner;

/* Options are borrowed. */
struct runner *runner_new(const struct runner_options *options);
void runner_free(struct runner *r);

/* Cases of the suite that are selected, in order, of const struct test_case *; the caller frees. */
GPtrArray *runner_selected(const struct runner *r, const struct suite *suite);

/* Runs the selected cases. May be called for several suites. */
void runner_run(struct runner *r, const struct suite *suite);
const struct test_totals *runner_totals(const struct runner *r);

/* Ends the run soon; may be called from a signal handler. */
void runner_stop(struct runner *r);

const char *test_verdict_name(enum test_verdict v);
const char *test_overlay_name(enum test_overlay o); /* "" of none */

/* True if the exit code is to be 1 for it. */
bool test_result_counts(const struct test_result *result);

/* True if `-k` takes the case: words with `and`, `or`, `not`, parentheses; a word is a part of the
 * case's name or the id of one of its rules, "=name" the whole name. NULL takes all. */
bool runner_takes(const char *select, const struct test_case *c);

/* ---- runner_play.c ---- */

/* What a case is played with. */
struct play_options {
	const struct runner_options *runner;
	const struct suite *suite;
	const char *label;    /* of the seed's stream */
	struct world **world; /* told which world runs, for runner_stop */
	volatile const int *stop;
};

/* Plays a case once. `result` gets verdict, reason, frame, evidence. */
void runner_play(const struct play_options *options, const struct test_case *test_case,
		 struct test_result *result);

/* True if the target answers at all: a happy path is begun and something comes. */
bool runner_probe(const struct play_options *options);

void test_result_clear(struct test_result *result);

#endif
