/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "writer.h"

#include <string.h>

struct writer writer_of(uint8_t *octets, size_t capacity)
{
	return (struct writer){.octets = octets, .capacity = capacity};
}

/* Room for `length` octets, or NULL. */
static uint8_t *room(struct writer *w, size_t length)
{
	uint8_t *at;

	if (w->full || length > w->capacity - w->length) {
		w->full = true;
		return NULL;
	}
	at = w->octets + w->length;
	w->length += length;
	return at;
}

static void put(struct writer *w, uint64_t value, size_t width)
{
	uint8_t *at = room(w, width);

	if (!at)
		return;
	for (size_t i = width; i > 0; i--, value >>= 8)
		at[i - 1] = (uint8_t)value;
}

void write_u8(struct writer *w, uint8_t value)
{
	put(w, value, 1);
}

void write_u16(struct writer *w, uint16_t value)
{
	put(w, value, 2);
}

void write_u24(struct writer *w, uint32_t value)
{
	put(w, value, 3);
}

void write_u32(struct writer *w, uint32_t value)
{
	put(w, value, 4);
}

void write_u64(struct writer *w, uint64_t value)
{
	put(w, value, 8);
}

void write_octets(struct writer *w, const void *octets, size_t length)
{
	uint8_t *at = room(w, length);

	if (at && length)
		memcpy(at, octets, length);
}

void write_zeros(struct writer *w, size_t length)
{
	uint8_t *at = room(w, length);

	if (at && length)
		memset(at, 0, length);
}

void write_patch_u16(struct writer *w, size_t offset, uint16_t value)
{
	if (w->length < 2 || offset > w->length - 2)
		return;
	w->octets[offset] = (uint8_t)(value >> 8);
	w->octets[offset + 1] = (uint8_t)value;
}
