/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes JSON (RFC 8259) to a stream, value by value, holding nothing but the nesting: no line of
 * output is ever built in memory. Commas and quotes are its business; whoever uses it opens and
 * closes in pairs. Octets that are not UTF-8 come out as U+FFFD, so that any input gives valid
 * JSON. Nesting deeper than JSON_DEPTH is an error of the caller's (asserted).
 */
#ifndef ASSAY_ENGINE_JSON_WRITER_H
#define ASSAY_ENGINE_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { JSON_DEPTH = 64 };

struct json_writer {
	FILE *stream;           /* borrowed */
	unsigned depth;         /* open objects and arrays */
	bool began[JSON_DEPTH]; /* whether the innermost ones have a member already */
	bool named;             /* a name was written, its value comes next */
};

struct json_writer json_writer_of(FILE *stream);

/* In an object each value follows its name; in an array and at the top there is none. */
void json_name(struct json_writer *j, const char *name);
void json_open_object(struct json_writer *j);
void json_close_object(struct json_writer *j);
void json_open_array(struct json_writer *j);
void json_close_array(struct json_writer *j);
void json_string(struct json_writer *j, const char *text, size_t length);
void json_text(struct json_writer *j, const char *text); /* NUL-terminated; NULL: null */
void json_hex(struct json_writer *j, const uint8_t *octets, size_t length);
void json_number(struct json_writer *j, uint64_t number);
void json_seconds(struct json_writer *j, uint64_t nanoseconds); /* 1.000000000 */
void json_bool(struct json_writer *j, bool value);

/* A name and its value. */
void json_named_text(struct json_writer *j, const char *name, const char *text);
void json_named_number(struct json_writer *j, const char *name, uint64_t number);

/* Ends a line of JSON Lines. */
void json_end_line(struct json_writer *j);

#endif
