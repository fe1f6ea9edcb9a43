/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands by which a device under test is started, brought back, made to act and looked after.
 * Each is a line for /bin/sh.
 *
 *   start    runs as long as the tests do; is ended by SIGTERM, after two seconds by SIGKILL. It
 *            may end by itself with status 0, having started the device in the background.
 *   reset    brings the device back to where it can be tested, dead or not; 60 s at most. Status 0:
 *            it has.
 *   trigger  makes the device act: ASSAY_TRIGGER says how, "start" (begin a session), "ping",
 *            "reauth", "terminate", "move", "initiate". May run while the device acts; it is ended
 *            when the case ends. Status 77: it cannot be made to do that, the case does not apply.
 *   check    tells whether the device is well; 10 s at most. Status 0: it is.
 *
 * Environment: ASSAY_ROLE, the role that is tested; ASSAY_TARGET, its URI; ASSAY_CASE, the case
 * that runs; ASSAY_TRIGGER. Standard input is empty; what the commands print goes to standard
 * error. Each runs in a process group of its own, and what is ended is the group.
 */
#ifndef ASSAY_ENGINE_HOOKS_H
#define ASSAY_ENGINE_HOOKS_H

#include <stdbool.h>
#include <sys/types.h>

struct hooks {
	const char *start, *reset, *trigger, *check; /* NULL: there is none */
	const char *role, *target;                   /* for their environment */
	pid_t started;                               /* of `start`, while it runs; 0: not */
	pid_t triggered;                             /* of `trigger` */
};

enum { HOOK_UNABLE = 77 };

/* Starts `start`. True if there is none. */
bool hooks_start(struct hooks *h);
/* True if there was a `start` and it has ended with another status than 0. */
bool hooks_died(struct hooks *h);
/* Runs `reset` or `check` to its end; true if there is none or its status is 0. */
bool hooks_reset(struct hooks *h, const char *test_case);
bool hooks_check(struct hooks *h, const char *test_case);
/* Starts `trigger`. False if there is none. */
bool hooks_trigger(struct hooks *h, const char *test_case, const char *what);
/* Whether the trigger has ended saying that it cannot. */
bool hooks_unable(struct hooks *h);
/* Ends the trigger, if it runs; ends `start` too. */
void hooks_end_trigger(struct hooks *h);
void hooks_end(struct hooks *h);

#endif
