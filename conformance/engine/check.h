/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks captures: feeds every payload to a stack (stack.h), gathers per conversation what walks
 * and sessions say of it, and reports each conversation when it closes.
 *
 *     struct check *check = check_new(keys, report);
 *     for each file: check_file(check, path);
 *     totals = check_end(check);
 *
 * Keys and report are borrowed. Files stand for themselves: no conversation spans two of them, and
 * keys derived from one are forgotten before the next. Nothing is allocated for a message of which
 * nothing is to be said.
 */
#ifndef ASSAY_ENGINE_CHECK_H
#define ASSAY_ENGINE_CHECK_H

#include "capture.h"
#include "report.h"
#include "stack.h"

struct check;

struct check_options {
	struct key_store *keys;
	struct report *report;
	const char *filter; /* libpcap's syntax, or NULL */
	size_t limit;       /* conversations of each protocol; 0: the default */
	/* Told every CHECK_PROGRESS payloads, with the frames read so far; may be NULL. */
	void (*progress)(void *context, uint64_t frames);
	void *context;
};

enum { CHECK_PROGRESS = 65536 };

struct check *check_new(const struct check_options *options);
void check_free(struct check *check);

/* Checks one file ("-": standard input), or an interface until check_stop. What the user must know
 * even if the report goes elsewhere is said in `error` too: it cannot be read, or not to its end,
 * or there is no protocol that we know in it. Else `error` is "". */
void check_file(struct check *check, const char *path, char *error, size_t error_size);
void check_interface(struct check *check, const char *name, char *error, size_t error_size);

/* Ends what runs; what is left is passed over. May be called from a signal handler. */
void check_stop(struct check *check);

/* Reports the totals, and returns them. */
const struct report_totals *check_end(struct check *check);

#endif
