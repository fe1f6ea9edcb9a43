/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A reader takes what walks and sessions say of a message: the proto_tree painter, the text and
 * JSON printers, the checker, the mutator. Every operation may be NULL: the reader does not care.
 *
 * Offsets count octets from the start of the current source. A source is the message the walk was
 * given, or, between source() and its close(), octets that do not stand in the packet as such:
 * decrypted or reassembled ones. Groups and sources nest; one close() ends the innermost.
 *
 * Nothing handed to a reader outlives the call: it copies what it keeps. The reader owns nothing.
 */
#ifndef ASSAY_CORE_READER_H
#define ASSAY_CORE_READER_H

#include "field.h"

/* The value of a field. Which member counts follows from field.kind. */
struct value {
	uint64_t number;       /* UINT, FRAME, DURATION; BIT: 0 or 1 */
	const uint8_t *octets; /* OCTETS, TEXT, IPV4, IPV6, SECRET, STATEMENT; or NULL */
	size_t length;         /* of octets */
};

enum { NOTE_TEXT_SIZE = 160 };

/* A broken rule, at one place. */
struct note {
	const struct rule *rule;
	const struct field *field;   /* the field that breaks it, or NULL: the message */
	size_t offset;               /* of the octets that show it, in the current source */
	size_t length;               /* 0 if the defect is that something is absent */
	char wanted[NOTE_TEXT_SIZE]; /* what the specification wants here */
	char found[NOTE_TEXT_SIZE];  /* what stands here */
};

struct reader;

struct reader_ops {
	void (*open)(struct reader *r, const struct field *group, size_t offset, size_t length);
	/* Text that tells this group from its like: "EAP-Payload, 40 octets". */
	void (*label)(struct reader *r, const char *text);
	void (*value)(struct reader *r, const struct field *field, size_t offset, size_t length,
		      const struct value *value);
	void (*source)(struct reader *r, const char *name, const uint8_t *octets, size_t length);
	void (*close)(struct reader *r);
	void (*note)(struct reader *r, const struct note *note);
};

struct reader {
	const struct reader_ops *ops;
};

/* Each calls the operation of that name, if there is a reader and it has the operation. */
void reader_open(struct reader *r, const struct field *group, size_t offset, size_t length);
void reader_label(struct reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
void reader_value(struct reader *r, const struct field *field, size_t offset, size_t length,
		  const struct value *value);
void reader_number(struct reader *r, const struct field *field, size_t offset, size_t length,
		   uint64_t number);
void reader_octets(struct reader *r, const struct field *field, size_t offset, size_t length,
		   const uint8_t *octets, size_t octets_length);
void reader_statement(struct reader *r, const struct field *field, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void reader_source(struct reader *r, const char *name, const uint8_t *octets, size_t length);
void reader_close(struct reader *r);

/* Notes a broken rule; `format` and what follows say what was found, `wanted` what was wanted. */
void reader_note(struct reader *r, const struct rule *rule, const struct field *field,
		 size_t offset, size_t length, const char *wanted, const char *format, ...)
	__attribute__((format(printf, 7, 8)));

#endif
