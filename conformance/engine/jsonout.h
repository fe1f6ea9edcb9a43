/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes JSON (RFC 8259) to a stream, value by value, holding nothing but the nesting: no line of
 * output is ever built in memory. Commas and quotes are its business; whoever uses it opens and
 * closes in pairs. Octets that are not UTF-8 come out as U+FFFD, so that any input gives valid
 * JSON. Nesting deeper than JSONOUT_DEPTH is an error of the caller's (asserted).
 */
#ifndef ASSAY_ENGINE_JSONOUT_H
#define ASSAY_ENGINE_JSONOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { JSONOUT_DEPTH = 64 };

struct jsonout {
	FILE *stream;              /* borrowed */
	unsigned depth;            /* open objects and arrays */
	bool began[JSONOUT_DEPTH]; /* whether the innermost ones have a member already */
	bool named;                /* a name was written, its value comes next */
};

struct jsonout jsonout_of(FILE *stream);

/* In an object each value follows its name; in an array and at the top there is none. */
void jsonout_name(struct jsonout *j, const char *name);
void jsonout_open_object(struct jsonout *j);
void jsonout_close_object(struct jsonout *j);
void jsonout_open_array(struct jsonout *j);
void jsonout_close_array(struct jsonout *j);
void jsonout_string(struct jsonout *j, const char *text, size_t length);
void jsonout_text(struct jsonout *j, const char *text); /* NUL-terminated; NULL: null */
void jsonout_hex(struct jsonout *j, const uint8_t *octets, size_t length);
void jsonout_number(struct jsonout *j, uint64_t number);
void jsonout_seconds(struct jsonout *j, uint64_t nanoseconds); /* 1.000000000 */
void jsonout_bool(struct jsonout *j, bool value);

/* A name and its value. */
void jsonout_named_text(struct jsonout *j, const char *name, const char *text);
void jsonout_named_number(struct jsonout *j, const char *name, uint64_t number);

/* Ends a line of JSON Lines. */
void jsonout_end_line(struct jsonout *j);

#endif
