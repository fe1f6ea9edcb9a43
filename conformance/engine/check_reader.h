/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of a check: keeps the notes and verdicts of one message until it is known which
 * conversation they belong to, and lets all else pass. What it keeps is bounded by the message: no
 * octet of it can break more than a handful of rules.
 */
#ifndef ASSAY_ENGINE_CHECK_READER_H
#define ASSAY_ENGINE_CHECK_READER_H

#include <glib.h>

#include "gathering.h"

enum { CHECK_SOURCES = 8 };

struct check_verdict {
	const struct field *field;
	size_t offset, length;
	enum verdict verdict;
};

struct check_reader {
	struct reader reader;
	uint32_t frame;
	GArray *notes;    /* struct occurrence */
	GArray *verdicts; /* struct check_verdict */
	/* Which of the open groups are sources, to name the one a note's offset counts in. */
	unsigned depth;
	unsigned source_count;
	unsigned source_depth[CHECK_SOURCES];
	char source_names[CHECK_SOURCES][SOURCE_NAME_SIZE];
};

struct check_reader check_reader_of(void);
void check_reader_clear(struct check_reader *r);

/* Forgets what the last message gave. */
void check_reader_begin(struct check_reader *r, uint32_t frame);

#endif
