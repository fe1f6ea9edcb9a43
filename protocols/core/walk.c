/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "walk.h"

struct walk walk_of(const uint8_t *octets, size_t length, struct reader *reader)
{
	return (struct walk){.octets = octets, .end = length, .reader = reader};
}

/* The one bounds check: true if `length` more octets are there. */
static bool has(struct walk *w, size_t length)
{
	if (!w->cut && length <= w->end - w->position)
		return true;
	if (!w->cut)
		w->cut_wanted = length;
	w->cut = true;
	return false;
}

struct walk walk_window(struct walk *w, size_t length)
{
	struct walk window = *w;
	size_t left = walk_left(w);

	if (length > left) {
		window.cut_wanted = length;
		window.cut = true;
		length = left;
	}
	window.end = w->position + length;
	w->position += length;
	return window;
}

size_t walk_left(const struct walk *w)
{
	return w->end - w->position;
}

static uint64_t number_at(const uint8_t *octets, size_t width)
{
	uint64_t number = 0;

	for (size_t i = 0; i < width; i++)
		number = number << 8 | octets[i];
	return number;
}

static uint64_t take(struct walk *w, const struct field *field, size_t width)
{
	size_t at = w->position;
	uint64_t number;

	if (!has(w, width))
		return 0;
	number = number_at(w->octets + at, width);
	w->position += width;
	if (field && w->reader)
		reader_number(w->reader, field, at, width, number);
	return number;
}

uint8_t walk_u8(struct walk *w, const struct field *field)
{
	return (uint8_t)take(w, field, 1);
}

uint16_t walk_u16(struct walk *w, const struct field *field)
{
	return (uint16_t)take(w, field, 2);
}

uint32_t walk_u24(struct walk *w, const struct field *field)
{
	return (uint32_t)take(w, field, 3);
}

uint32_t walk_u32(struct walk *w, const struct field *field)
{
	return (uint32_t)take(w, field, 4);
}

uint64_t walk_u64(struct walk *w, const struct field *field)
{
	return take(w, field, 8);
}

uint64_t walk_peek(const struct walk *w, size_t ahead, size_t width)
{
	size_t left = walk_left(w);

	if (w->cut || ahead > left || width > left - ahead)
		return 0;
	return number_at(w->octets + w->position + ahead, width);
}

const uint8_t *walk_octets(struct walk *w, const struct field *field, size_t length)
{
	static const uint8_t nothing[1];
	size_t at = w->position;
	const uint8_t *octets;

	if (!has(w, length))
		return NULL;
	octets = w->octets ? w->octets + at : nothing;
	w->position += length;
	if (field && w->reader)
		reader_octets(w->reader, field, at, length, octets, length);
	return octets;
}

void walk_bits(struct walk *w, const struct field *field, size_t offset, uint64_t value)
{
	uint64_t mask = field->mask ? field->mask : UINT64_MAX;
	uint64_t bits = (value & mask) / (mask & -mask);

	reader_number(w->reader, field, offset, field->width, bits);
}

void walk_open(struct walk *w, const struct field *group, size_t length)
{
	reader_open(w->reader, group, w->position, length);
}

void walk_close(struct walk *w)
{
	reader_close(w->reader);
}
