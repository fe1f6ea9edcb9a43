/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A walk: a bounds-checked cursor over the octets of one source, joined with the reader that is
 * told of each field as it is read. Message code built on it reads like the message's schema:
 *
 *     uint16_t type = walk_u16(w, F(MSG_TYPE));
 *     uint32_t session = walk_u32(w, F(SESSION_ID));
 *
 * Every read is checked here and nowhere else. A read past the window's end reports nothing,
 * returns 0 or NULL and sets `cut`; from then on every read of this walk does so, so that the
 * caller may read a whole structure and test `cut` once. A walk never allocates, so it may live on
 * the stack and be copied; the octets belong to the caller and outlive it.
 */
#ifndef ASSAY_CORE_WALK_H
#define ASSAY_CORE_WALK_H

#include "reader.h"

struct walk {
	const uint8_t *octets; /* the source; offsets count from here */
	size_t position;       /* of the next octet to read */
	size_t end;            /* of the window: one past its last octet */
	struct reader *reader; /* told of each field; may be NULL */
	bool cut;              /* a read went past the end */
	size_t cut_wanted;     /* octets that the first such read asked for */
};

/* A walk over octets[0..length). */
struct walk walk_of(const uint8_t *octets, size_t length, struct reader *reader);

/* A walk over the next `length` octets (fewer if the window ends first, then the window's own
 * `cut` is set); the outer walk goes on behind them. */
struct walk walk_window(struct walk *w, size_t length);

/* Octets left in the window. */
size_t walk_left(const struct walk *w);

/* Read a number of 1, 2, 3, 4 or 8 octets (big endian) and report it as `field`; with a NULL field,
 * silently. */
uint8_t walk_u8(struct walk *w, const struct field *field);
uint16_t walk_u16(struct walk *w, const struct field *field);
uint32_t walk_u24(struct walk *w, const struct field *field);
uint32_t walk_u32(struct walk *w, const struct field *field);
uint64_t walk_u64(struct walk *w, const struct field *field);

/* The same number without moving on or reporting; 0 if it is not all there (cut is not set). */
uint64_t walk_peek(const struct walk *w, size_t ahead, size_t width);

/* Read and report `length` octets as `field` (NULL: silently). NULL if they are not all there; for
 * length 0 a non-NULL pointer. */
const uint8_t *walk_octets(struct walk *w, const struct field *field, size_t length);

/* Report part of a number just read: value's bits under field->mask, at `offset`, over
 * field->width octets. `value` is the whole number. */
void walk_bits(struct walk *w, const struct field *field, size_t offset, uint64_t value);

/* Open a group at the current position; `length` octets are expected in it. */
void walk_open(struct walk *w, const struct field *group, size_t length);
void walk_close(struct walk *w);

#endif
