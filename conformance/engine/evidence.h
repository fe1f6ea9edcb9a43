/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Evidence of one case: every message that passed, in order, with what was read of it, and the step
 * it belongs to; written as a pcapng file with the steps as packet comments, and beside it a file
 * of the keys, which its owner alone can read. Frames have the numbers that Wireshark gives them.
 *
 * Frames are kept in memory until evidence_write, EVIDENCE_FRAMES_MAX of them; more are read and
 * counted, but not kept.
 */
#ifndef ASSAY_ENGINE_EVIDENCE_H
#define ASSAY_ENGINE_EVIDENCE_H

#include "conformance/roles/role.h"
#include "reading.h"

enum { EVIDENCE_FRAMES_MAX = 100000, EVIDENCE_ERROR_SIZE = 512 };

struct frame {
	uint32_t number; /* from 1 */
	uint64_t time;
	struct datagram datagram; /* octets are the frame's own */
	GString *comment;
	bool sent;            /* by the tester */
	struct reading alone; /* what the message alone shows */
	struct reading full;  /* and what the session shows of it */
};

struct evidence;

/* `keys` are copied: given ones; the evidence adds what it derives. */
struct evidence *evidence_new(const struct protocol *protocol, const struct key_store *keys);
void evidence_free(struct evidence *e);

/* Reads and keeps a message. The frame is the evidence's, valid until evidence_free; NULL if there
 * are too many. */
struct frame *evidence_passed(struct evidence *e, uint64_t time, bool sent,
			      const struct datagram *d);
/* The same of what passed between two players: no matter of the session. */
struct frame *evidence_passed_aside(struct evidence *e, uint64_t time, bool sent,
				    const struct datagram *d);

/* The frame of a number, or NULL. */
struct frame *evidence_frame(const struct evidence *e, uint32_t number);
uint32_t evidence_count(const struct evidence *e);

/* Adds a line to a frame's comment. */
void evidence_comment(struct frame *f, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Writes PATH.pcapng and PATH.keys. `headline` begins the first comment; with `secrets` it holds
 * the keys too. False with a reason in `error`. Nothing is written if nothing has passed. */
bool evidence_write(const struct evidence *e, const char *path, const char *headline, bool secrets,
		    char error[EVIDENCE_ERROR_SIZE]);

/* A copy of a key store's given rows. */
struct key_store *evidence_copy_keys(const struct key_store *keys);

#endif
