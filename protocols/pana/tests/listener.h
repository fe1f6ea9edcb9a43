/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For the tests of this folder: feeds a scenario to a tracker and keeps what is said of it. */
#ifndef ASSAY_PANA_LISTENER_H
#define ASSAY_PANA_LISTENER_H

#include "conformance/scenario/scenario.h"
#include "protocols/core/reader.h"
#include "protocols/core/verdict.h"

enum { LISTENER_NOTES = 256, LISTENER_VALUES = 8192 };

struct heard_value {
	const struct field *field;
	uint32_t frame;
	uint64_t number;
	uint8_t octets[64]; /* the first of them */
	size_t length;
};

struct listener {
	struct reader reader; /* first */
	uint32_t frame;       /* fed now, from 1 */
	struct note notes[LISTENER_NOTES];
	uint32_t note_frames[LISTENER_NOTES];
	size_t note_count;
	struct heard_value
		values[LISTENER_VALUES]; /* of generated fields, and numbers on the wire */
	size_t value_count;
	size_t sessions; /* closed so far */
	size_t evicted;
	unsigned verdicts[8]; /* of AUTH values, by enum verdict */
	int depth;            /* groups and sources that are open */
};

struct listener *listener_new(void);
void listener_free(struct listener *l);

/* Walks and tracks every datagram of `s` with the keys of `keys_text` (a key file's; NULL: none),
 * at most `limit` sessions at a time (0: the default); when all have been fed, each session
 * describes itself. */
void listener_hear(struct listener *l, const struct scenario *s, const char *keys_text,
		   size_t limit);

/* Makes the scenario and hears it with the keys that open it. False: it cannot be made. */
bool listener_play(struct listener *l, const struct scenario_options *options,
		   const struct scenario_patch *patches);

/* How many notes of a rule there are; of all rules if `id` is NULL. */
unsigned listener_noted(const struct listener *l, const char *id);

/* The `which`th value of a field, from 0, or NULL. */
const struct heard_value *listener_value(const struct listener *l, const char *field,
					 unsigned which);

/* The notes in words: for failures. Returns a static text. */
const char *listener_text(const struct listener *l);

#endif
