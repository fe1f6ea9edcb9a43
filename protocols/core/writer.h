/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A writer appends to memory that the caller owns and never past its capacity. A write that does
 * not fit writes nothing and sets `full`; from then on every write is refused, so that a whole
 * message may be written and `full` tested once. Numbers are written big endian.
 */
#ifndef ASSAY_CORE_WRITER_H
#define ASSAY_CORE_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct writer {
	uint8_t *octets; /* the caller's */
	size_t capacity; /* of octets */
	size_t length;   /* written so far */
	bool full;       /* a write did not fit */
};

struct writer writer_of(uint8_t *octets, size_t capacity);
void write_u8(struct writer *w, uint8_t value);
void write_u16(struct writer *w, uint16_t value);
void write_u24(struct writer *w, uint32_t value);
void write_u32(struct writer *w, uint32_t value);
void write_u64(struct writer *w, uint64_t value);
void write_octets(struct writer *w, const void *octets, size_t length);
void write_zeros(struct writer *w, size_t length);

/* Overwrite two octets already written, for a length known only afterwards. */
void write_patch_u16(struct writer *w, size_t offset, uint16_t value);

#endif
