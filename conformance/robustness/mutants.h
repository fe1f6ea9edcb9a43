/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Damaged captures, each of which can be made again from its recipe: one line of text that says
 * which file was damaged, where and how.
 *
 *     struct mutation m = {0};
 *     while (mutation_next(frames, &bounds, &m)) {
 *             struct mutant *mutant = mutant_new(frames, &m);
 *             ...
 *             mutant_free(mutant);
 *     }
 *
 * The first mutation of every capture is none at all. A mutant owns its octets, each frame in an
 * allocation of exactly its length, so that AddressSanitizer sees every read beyond it.
 */
#ifndef ASSAY_ROBUSTNESS_MUTANTS_H
#define ASSAY_ROBUSTNESS_MUTANTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frame {
	uint8_t *octets;
	size_t length;      /* captured octets */
	size_t wire_length; /* octets that the wire carried */
	uint64_t time;      /* nanoseconds since the epoch */
	/* The payload that the link layers find in it; length 0: none. */
	size_t payload, payload_length;
};

/* A capture file in memory: as it is, and its frames. */
struct frames {
	char *path;
	int dlt; /* libpcap's link type */
	struct frame *list;
	size_t count;
	uint8_t *file;
	size_t file_length;
};

/* Reads a pcap or pcapng file. NULL with the reason in `error`. */
struct frames *frames_load(const char *path, char *error, size_t error_size);
void frames_free(struct frames *frames);

enum mutation_kind {
	MUTATION_NONE,   /* nothing is changed */
	MUTATION_SNAP,   /* one frame: the capture kept its first `at` octets */
	MUTATION_CUT,    /* one frame: the wire carried its first `at` octets, headers unchanged */
	MUTATION_SHRINK, /* one frame: a payload of `at` octets, as headers and lengths say */
	MUTATION_FLIP,   /* one frame: octet `at` inverted */
	MUTATION_BIT,    /* one frame: one bit of octet `at` inverted */
	MUTATION_DAMAGE, /* all frames: every fiftieth octet, by the seed `at`, is another */
	MUTATION_FILE_CUT,  /* the file: its first `at` octets */
	MUTATION_FILE_FLIP, /* the file: octet `at` inverted */
	MUTATION_FILE_BIT,  /* the file: one bit of octet `at` inverted */
	MUTATION_KINDS
};

struct mutation {
	enum mutation_kind kind;
	size_t frame; /* from 1, as in the capture; 0 for kinds that concern all */
	size_t at;
	bool begun; /* for mutation_next */
};

/* How much of all that is possible. */
struct mutation_bounds {
	size_t copies; /* damaged ones: seeds 1 to this */
	bool file;     /* damage the file itself, too */
};

enum { MUTATION_COPIES = 1000 };

/* Turns *m, zero at first, into the next mutation. False: there are no more. */
bool mutation_next(const struct frames *frames, const struct mutation_bounds *bounds,
		   struct mutation *m);

/* "flip:3:17:PATH". The text is the caller's to g_free. */
char *mutation_recipe(const struct frames *frames, const struct mutation *m);

/* The mutation of a recipe and the path in it. False: it is none. */
bool mutation_of_recipe(const char *recipe, struct mutation *m, const char **path);

struct mutant {
	int dlt;
	struct frame *list;
	size_t count;
	uint8_t *file; /* mutations of the file: its octets; then there are no frames */
	size_t file_length;
};

struct mutant *mutant_new(const struct frames *frames, const struct mutation *m);
void mutant_free(struct mutant *mutant);

/* The link type by the number that capture files have. */
uint32_t mutant_link_type(const struct mutant *mutant);

/* Writes the mutant as a pcap file, or, unless `begin`, its records alone. False: it could not be
 * written, errno says why. */
bool mutant_save(const struct mutant *mutant, int descriptor, bool begin);

/* Moves all IPv4, IPv6 and Ethernet addresses of the capture's hosts by `number`, so that none of
 * its conversations is one that another number's is. */
void mutant_renumber(struct mutant *mutant, uint32_t number);

#endif
