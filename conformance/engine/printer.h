/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Printers: readers (protocols/core/reader.h) that put what a walk says on a stream, as an indented
 * tree for people or as JSON, and the one function that both and the reports turn a value into text
 * with.
 *
 * A printer belongs to whoever declares it and holds no memory. Streams are borrowed. Any nesting
 * is printed; levels beyond PRINTER_DEPTH stand beside each other.
 */
#ifndef ASSAY_ENGINE_PRINTER_H
#define ASSAY_ENGINE_PRINTER_H

#include <stdio.h>

#include "jsonout.h"
#include "protocols/core/reader.h"

enum {
	PRINTER_DEPTH = 24,
	PRINTER_OCTETS = 48,                      /* octets of a value that value_text shows */
	VALUE_TEXT_SIZE = 4 * PRINTER_OCTETS + 64 /* room for any value_text */
};

/* The value for people: "2 (PRF_HMAC_SHA1)", "0x9c8e4872", "0x00 01 02 ... (40 octets)",
 * "\"user1\"", "1.5 s". Key octets are hidden unless `secrets`. What is not printable is escaped;
 * what is too long is cut, and said to be. Returns `text`. */
const char *value_text(const struct field *field, const struct value *value, bool secrets,
		       char text[VALUE_TEXT_SIZE]);

/* The name in field->names of the value's number, or NULL. */
const char *value_meaning(const struct field *field, const struct value *value);

/* Escapes what is not printable ASCII or UTF-8; cuts to `size`. Returns `text`. */
const char *printable_text(const uint8_t *octets, size_t length, char *text, size_t size);

/* Nanoseconds since the epoch as "2025-01-31 12:00:00.123456789" UTC. Returns `text`. */
enum { TIME_TEXT_SIZE = 48 };
const char *time_text(uint64_t time, char text[TIME_TEXT_SIZE]);

/* Colours of a terminal; all "" where there is none. */
struct palette {
	const char *strong;  /* headings */
	const char *faint;   /* offsets, sections */
	const char *bad;     /* MUST, forged */
	const char *warning; /* SHOULD, wrong key */
	const char *good;    /* verified */
	const char *plain;   /* back to normal */
};

extern const struct palette palette_none, palette_colours;

/* A palette member for a rule of this level. */
const char *palette_level(const struct palette *p, enum rule_level level);

/* A palette member for the value of a field that says what became of a check; "" for others. */
const char *palette_verdict(const struct palette *p, const struct field *field,
			    const struct value *value);

struct text_printer {
	struct reader reader; /* hand this to a walk */
	FILE *stream;
	const struct palette *palette;
	bool offsets;                /* each line begins with where its octets stand */
	bool secrets;                /* show key octets */
	unsigned indent;             /* levels before the first */
	unsigned depth;              /* open groups and sources */
	const struct field *pending; /* group opened, its line not yet printed */
	size_t pending_offset, pending_length;
};

struct text_printer text_printer_of(FILE *stream);

struct json_printer {
	struct reader reader; /* hand this to a walk */
	struct jsonout *json; /* inside an array, which takes the members of the tree */
	bool secrets;
	unsigned depth;             /* open groups and sources */
	bool inside[PRINTER_DEPTH]; /* whether the "fields" of a level have begun */
};

/* Each field becomes an object: {"field", "label", "offset", "length", "value", "meaning"}, a group
 * has "fields" within, a broken rule is {"note", "level", ...}. */
struct json_printer json_printer_of(struct jsonout *json);

/* Members that describe a note, inside an open object: shared with the JSON Lines report. */
void json_printer_note(struct jsonout *json, const struct note *note);

/* The value alone: number, string, boolean; null for hidden key octets. */
void json_printer_value(struct jsonout *json, const struct field *field, const struct value *value,
			bool secrets);

#endif
