/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pcapng files (draft-ietf-opsawg-pcapng), record by record. libpcap reads them too, but gives up
 * on a file whose interfaces differ in link type or snapshot length, as every file merged from two
 * captures may have them. Read here are sections of either byte order, interfaces with their time
 * resolution and offset, enhanced, simple and the old packet blocks; other blocks are passed over.
 *
 * A block is held in memory whole: at most PCAPNG_BLOCK_MAX octets; a file may have at most
 * PCAPNG_INTERFACES_MAX interfaces in a section.
 */
#ifndef ASSAY_ENGINE_CAPTURE_PCAPNG_H
#define ASSAY_ENGINE_CAPTURE_PCAPNG_H

#include <stdbool.h>
#include <stdio.h>

#include "protocols/core/octets.h"

enum { PCAPNG_BLOCK_MAX = 16 << 20, PCAPNG_INTERFACES_MAX = 65536 };

enum pcapng_status {
	PCAPNG_RECORD, /* the record is filled in */
	PCAPNG_END,    /* of the file */
	PCAPNG_BROKEN  /* pcapng_error says why */
};

struct pcapng_record {
	int dlt;               /* libpcap's DLT_ number, or -1: a record that is no packet */
	uint64_t time;         /* nanoseconds since the epoch; 0 if the block has none */
	struct octets octets;  /* valid until the next record */
	size_t wire_length;    /* of the packet */
	struct octets options; /* of its block, for pcapng_comment; valid as long */
};

struct pcapng;

/* Reads `file`, which stays the caller's. */
struct pcapng *pcapng_new(FILE *file);
void pcapng_free(struct pcapng *p);

/* Reads the section header that a pcapng file begins with. False if this is none. */
bool pcapng_begin(struct pcapng *p);

enum pcapng_status pcapng_next(struct pcapng *p, struct pcapng_record *record);

/* The next comment among the options of the newest record, behind *position, which is 0 to begin
 * with. False: there is none. */
bool pcapng_comment(const struct pcapng *p, const struct pcapng_record *record, size_t *position,
		    struct octets *comment);

/* After PCAPNG_BROKEN: what was wanted and what was found. */
const char *pcapng_error(const struct pcapng *p);

#endif
