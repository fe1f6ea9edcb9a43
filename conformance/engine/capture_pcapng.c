/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture_pcapng.h"

#include <glib.h>
#include <inttypes.h>
#include <pcap/dlt.h>
#include <stdint.h>
#include <string.h>

#include "protocols/core/walk.h"

enum { SECTION_HEADER = 0x0a0d0d0a }; /* the same in either byte order */

enum block_type {
	INTERFACE_DESCRIPTION = 1,
	PACKET = 2, /* obsolete */
	SIMPLE_PACKET = 3,
	ENHANCED_PACKET = 6,
	JOURNAL_EXPORT = 9 /* systemd's; Wireshark shows each as a frame */
};

enum { BYTE_ORDER_MAGIC = 0x1a2b3c4d };

enum { OPTION_END = 0, OPTION_COMMENT = 1, OPTION_TIME_RESOLUTION = 9, OPTION_TIME_OFFSET = 14 };

enum { BLOCK_OVERHEAD = 12, LINKTYPE_RAW = 101 };

#define NANOSECONDS UINT64_C(1000000000) /* in a second */

struct interface {
	int dlt;
	uint32_t snaplen; /* 0: without limit */
	uint64_t units;   /* of a time stamp, in a second */
	uint64_t offset;  /* seconds to add */
};

struct pcapng {
	FILE *file;
	bool little;        /* byte order of the section */
	bool in_section;    /* a section header has been read */
	GArray *interfaces; /* of the section: struct interface */
	uint8_t *block;     /* body of the current block */
	size_t block_size;  /* allocated */
	uint64_t position;  /* octets of the file read */
	char error[256];
};

struct pcapng *pcapng_new(FILE *file)
{
	struct pcapng *p = g_new0(struct pcapng, 1);

	p->file = file;
	p->interfaces = g_array_new(FALSE, FALSE, sizeof(struct interface));
	return p;
}

void pcapng_free(struct pcapng *p)
{
	if (!p)
		return;
	g_array_free(p->interfaces, TRUE);
	g_free(p->block);
	g_free(p);
}

const char *pcapng_error(const struct pcapng *p)
{
	return p->error;
}

static uint16_t u16(const struct pcapng *p, struct walk *w)
{
	uint16_t value = walk_u16(w, NULL);

	return p->little ? __builtin_bswap16(value) : value;
}

static uint32_t u32(const struct pcapng *p, struct walk *w)
{
	uint32_t value = walk_u32(w, NULL);

	return p->little ? __builtin_bswap32(value) : value;
}

static uint64_t u64(const struct pcapng *p, struct walk *w)
{
	uint64_t value = walk_u64(w, NULL);

	return p->little ? __builtin_bswap64(value) : value;
}

static enum pcapng_status __attribute__((format(printf, 2, 3)))
broken(struct pcapng *p, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(p->error, sizeof(p->error), format, arguments);
	va_end(arguments);
	return PCAPNG_BROKEN;
}

/* Reads `length` octets. PCAPNG_END if the file ends before the first of them. */
static enum pcapng_status fill(struct pcapng *p, uint8_t *out, size_t length)
{
	size_t got = fread(out, 1, length, p->file);

	p->position += got;
	if (got == length)
		return PCAPNG_RECORD;
	if (ferror(p->file))
		return broken(p, "reading fails at octet %" PRIu64, p->position);
	if (got == 0)
		return PCAPNG_END;
	return broken(p, "wanted %zu octets, found %zu and the end of the file", length, got);
}

static enum pcapng_status fill_body(struct pcapng *p, size_t length)
{
	enum pcapng_status status;

	if (length > PCAPNG_BLOCK_MAX)
		return broken(p, "wanted a block of at most %d octets, found one of %zu",
			      PCAPNG_BLOCK_MAX, length);
	if (length > p->block_size) {
		p->block_size = length + length / 2;
		p->block = g_realloc(p->block, p->block_size);
	}
	status = fill(p, p->block, length);
	if (status == PCAPNG_END)
		return broken(p, "wanted %zu octets, found the end of the file", length);
	return status;
}

/* Passes over `length` octets, of a pipe too. */
static enum pcapng_status skip(struct pcapng *p, uint64_t length)
{
	enum pcapng_status status = PCAPNG_RECORD;

	while (length > 0 && status == PCAPNG_RECORD) {
		size_t part = length < PCAPNG_BLOCK_MAX ? (size_t)length : PCAPNG_BLOCK_MAX;

		status = fill_body(p, part);
		length -= part;
	}
	return status;
}

/* Section header, from behind the block's length: byte order, version, section length, options. */
static enum pcapng_status section(struct pcapng *p, uint32_t length_as_big)
{
	enum pcapng_status status;
	uint8_t octets[4] = {0};
	struct walk w = walk_of(octets, sizeof(octets), NULL);
	uint32_t magic, length;

	status = fill(p, octets, sizeof(octets));
	if (status != PCAPNG_RECORD)
		return status == PCAPNG_END ? broken(p, "wanted a section header") : status;
	magic = walk_u32(&w, NULL);
	if (magic != BYTE_ORDER_MAGIC && magic != __builtin_bswap32(BYTE_ORDER_MAGIC))
		return broken(p, "section header: wanted byte order 1a2b3c4d, found %08x", magic);
	p->little = magic != BYTE_ORDER_MAGIC;
	length = p->little ? __builtin_bswap32(length_as_big) : length_as_big;
	if (length < BLOCK_OVERHEAD + 16 || length % 4 != 0)
		return broken(p, "section header: wanted at least 28 octets, found %u", length);
	status = fill_body(p, length - BLOCK_OVERHEAD);
	if (status != PCAPNG_RECORD)
		return status;
	w = walk_of(p->block, length - BLOCK_OVERHEAD, NULL);
	if (u16(p, &w) != 1)
		return broken(p, "section header: wanted version 1 of pcapng");
	g_array_set_size(p->interfaces, 0);
	p->in_section = true;
	return PCAPNG_RECORD;
}

/* if_tsresol: a power of ten, or of two if the upper bit is set. */
static uint64_t time_units(uint8_t resolution)
{
	uint64_t units = 1;
	uint8_t power = resolution & 0x7f;

	if (resolution & 0x80)
		return power < 64 ? units << power : 0;
	if (power > 19)
		return 0;
	while (power-- > 0)
		units *= 10;
	return units;
}

static void interface_options(const struct pcapng *p, struct walk *w, struct interface *i)
{
	while (walk_left(w) >= 4) {
		uint16_t code = u16(p, w);
		uint16_t length = u16(p, w);
		size_t padded = (length + (size_t)3) / 4 * 4;
		struct walk value;

		if (code == OPTION_END || padded > walk_left(w))
			return;
		value = walk_window(w, padded);
		if (code == OPTION_TIME_RESOLUTION && length == 1)
			i->units = time_units(walk_u8(&value, NULL));
		else if (code == OPTION_TIME_OFFSET && length == 8)
			i->offset = u64(p, &value);
	}
}

bool pcapng_comment(const struct pcapng *p, const struct pcapng_record *record, size_t *position,
		    struct octets *comment)
{
	struct walk w = walk_of(record->options.octets, record->options.length, NULL);

	w.position = *position;
	while (walk_left(&w) >= 4) {
		uint16_t code = u16(p, &w);
		size_t length = u16(p, &w);
		size_t padded = (length + 3) / 4 * 4;

		if (code == OPTION_END || padded > walk_left(&w))
			return false;
		*comment = (struct octets){walk_octets(&w, NULL, padded), length};
		*position = w.position;
		if (code == OPTION_COMMENT && length > 0)
			return true;
	}
	return false;
}

static enum pcapng_status interface_description(struct pcapng *p, struct walk *w)
{
	struct interface i = {.dlt = u16(p, w), .units = 1000000};

	if (i.dlt == LINKTYPE_RAW) /* the one of ours whose DLT_ number is another */
		i.dlt = DLT_RAW;
	u16(p, w);
	i.snaplen = u32(p, w);
	if (w->cut)
		return broken(p, "interface description: wanted at least 20 octets");
	if (p->interfaces->len >= PCAPNG_INTERFACES_MAX)
		return broken(p, "wanted at most %d interfaces", PCAPNG_INTERFACES_MAX);
	interface_options(p, w, &i);
	if (i.units == 0)
		return broken(p, "interface %u: time resolution out of range", p->interfaces->len);
	g_array_append_val(p->interfaces, i);
	return PCAPNG_RECORD;
}

static const struct interface *interface_of(const struct pcapng *p, uint32_t number)
{
	if (number >= p->interfaces->len)
		return NULL;
	return &g_array_index(p->interfaces, struct interface, number);
}

/* Seconds and the rest apart, so that nothing overflows but times centuries away. */
static uint64_t nanoseconds(const struct interface *i, uint64_t stamp)
{
	uint64_t seconds = stamp / i->units, rest = stamp % i->units;
	uint64_t fraction;

	if (i->units <= NANOSECONDS)
		fraction = rest * NANOSECONDS / i->units;
	else
		fraction = (uint64_t)((long double)rest * NANOSECONDS / (long double)i->units);
	return (seconds + i->offset) * NANOSECONDS + fraction;
}

/* Enhanced and obsolete packet blocks differ in their first four octets alone. */
static enum pcapng_status packet(struct pcapng *p, struct walk *w, uint32_t number,
				 struct pcapng_record *record)
{
	const struct interface *i = interface_of(p, number);
	uint64_t high = u32(p, w), low = u32(p, w);
	size_t length = u32(p, w);

	record->wire_length = u32(p, w);
	record->octets = (struct octets){walk_octets(w, NULL, length), length};
	if (w->cut)
		return broken(p, "packet block: wanted %zu octets, found %zu", w->cut_wanted,
			      walk_left(w));
	walk_octets(w, NULL, MIN(-length % 4, walk_left(w))); /* padding */
	length = walk_left(w);
	record->options = (struct octets){walk_octets(w, NULL, length), length};
	if (!i)
		return broken(p, "packet block: interface %u is not described", number);
	record->dlt = i->dlt;
	record->time = nanoseconds(i, high << 32 | low);
	return PCAPNG_RECORD;
}

static enum pcapng_status simple_packet(struct pcapng *p, struct walk *w,
					struct pcapng_record *record)
{
	const struct interface *i = interface_of(p, 0);
	size_t length = u32(p, w);

	record->wire_length = length;
	if (!i)
		return broken(p, "simple packet block: no interface is described");
	if (i->snaplen > 0 && length > i->snaplen)
		length = i->snaplen;
	record->octets = (struct octets){walk_octets(w, NULL, length), length};
	if (w->cut)
		return broken(p, "simple packet block: wanted %zu octets, found %zu", length,
			      walk_left(w));
	record->dlt = i->dlt;
	return PCAPNG_RECORD;
}

/* The body of a block that matters; *is_record if it is one. */
static enum pcapng_status body(struct pcapng *p, uint32_t type, size_t length,
			       struct pcapng_record *record, bool *is_record)
{
	enum pcapng_status status = fill_body(p, length + 4);
	struct walk w = walk_of(p->block, length, NULL);
	uint32_t number;

	*is_record = type != INTERFACE_DESCRIPTION;
	*record = (struct pcapng_record){.dlt = -1};
	if (status != PCAPNG_RECORD)
		return status;
	switch (type) {
	case INTERFACE_DESCRIPTION:
		return interface_description(p, &w);
	case ENHANCED_PACKET:
		number = u32(p, &w);
		return packet(p, &w, number, record);
	case PACKET:
		number = u16(p, &w);
		u16(p, &w); /* packets dropped */
		return packet(p, &w, number, record);
	case SIMPLE_PACKET:
		return simple_packet(p, &w, record);
	default: /* JOURNAL_EXPORT */
		record->octets = (struct octets){p->block, length};
		record->wire_length = length;
		return PCAPNG_RECORD;
	}
}

static bool of_interest(uint32_t type)
{
	return type == INTERFACE_DESCRIPTION || type == PACKET || type == SIMPLE_PACKET ||
	       type == ENHANCED_PACKET || type == JOURNAL_EXPORT;
}

/* One block: type, length of the block, body, length once more. */
static enum pcapng_status block(struct pcapng *p, struct pcapng_record *record, bool *is_record)
{
	uint8_t octets[8] = {0};
	struct walk w = walk_of(octets, sizeof(octets), NULL);
	enum pcapng_status status = fill(p, octets, sizeof(octets));
	uint32_t type, length;

	*is_record = false;
	if (status != PCAPNG_RECORD)
		return status;
	type = u32(p, &w);
	if (type == SECTION_HEADER)
		return section(p, (uint32_t)walk_peek(&w, 0, 4));
	if (!p->in_section)
		return broken(p, "wanted a section header, found block type %08x", type);
	length = u32(p, &w);
	if (length < BLOCK_OVERHEAD || length % 4 != 0)
		return broken(p, "wanted a block length of 12 or more in fours, found %u", length);
	if (of_interest(type))
		return body(p, type, length - BLOCK_OVERHEAD, record, is_record);
	return skip(p, length - (uint64_t)sizeof(octets));
}

bool pcapng_begin(struct pcapng *p)
{
	struct pcapng_record record;
	bool is_record;
	enum pcapng_status status = block(p, &record, &is_record);

	if (status == PCAPNG_END)
		status = broken(p, "wanted a section header, found an empty file");
	return status == PCAPNG_RECORD;
}

enum pcapng_status pcapng_next(struct pcapng *p, struct pcapng_record *record)
{
	enum pcapng_status status;
	bool is_record;

	do
		status = block(p, record, &is_record);
	while (status == PCAPNG_RECORD && !is_record);
	return status;
}
