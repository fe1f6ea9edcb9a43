/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Re-enacts one side of a captured conversation against a live peer, and tells where the peer
 * answers otherwise than the captured one did.
 *
 * What is sent is what was captured: kind, flags, AVPs in their order, with their values.
 * Recomputed are: session identifier; sequence number (where the captured one was wrong, wrong by
 * as much); Nonce (fresh, of the captured length); Key-Id; the EAP exchange, which a reference role
 * carries on with the keys; AUTH. Where AVPs are encrypted, Encr-Encap holds what that role
 * encrypts, and what else the captured one held is left out. Of EAP in RADIUS the reference role
 * says it all.
 *
 * What comes is compared by field. Not compared is what is live in the same sense. What a peer is
 * free to choose (Session-Lifetime, the algorithms it offers, what it calls itself) is told apart
 * from differences. A request that breaks a MUST, as captured, need not be answered: a peer that
 * discards it differs from the captured one, but as expected. A MUST that the live peer breaks and
 * the captured one did not is a difference.
 *
 * Repetitions in the capture are left out, unless its times are kept; what the live peer repeats is
 * absorbed, its pings that the capture does not have are answered.
 */
#ifndef ASSAY_ENGINE_REPLAY_H
#define ASSAY_ENGINE_REPLAY_H

#include "replay_script.h"
#include "target.h"

/* What became of a captured message. */
enum replay_fate {
	REPLAY_SENT,      /* ours: it has gone out */
	REPLAY_UNSENT,    /* ours: it could not be made */
	REPLAY_SAME,      /* the peer's: what came is equal, live fields excepted */
	REPLAY_OTHER,     /* something else came in its place */
	REPLAY_NOTHING,   /* nothing came in its place */
	REPLAY_REPETITION /* left out: a repetition */
};

/* One field that is not as captured. */
struct replay_difference {
	char field[64]; /* or the id of a rule */
	char captured[128], live[128];
	bool choice; /* the peer's to choose */
};

struct replay_told {
	const struct replay_line *line;
	enum replay_fate fate;
	const struct message *live;   /* what went out or came; NULL: nothing */
	const GPtrArray *differences; /* of struct replay_difference * */
	const struct rule *broken;    /* ours: a MUST that it breaks, as captured, or NULL */
	char found[160];              /* how it breaks it */
	uint32_t expected; /* the difference is: a correct peer discards this frame; or 0 */
	const char *why;   /* REPLAY_UNSENT */
};

struct replay_totals {
	unsigned sent, unsent, same, other, nothing, repetitions;
	unsigned choices;  /* messages that are equal but for what a peer may choose */
	unsigned expected; /* of other and nothing: as a correct peer does */
	unsigned auth_sent[2], auth_received[2]; /* AUTH: verified, and in all */
	unsigned heard;                          /* messages that the peer has sent */
	bool unreachable;                        /* we were told that nobody listens */
	bool interrupted;
};

struct replay_options {
	const struct target *target; /* `role` is the script's opposite */
	uint64_t wait;               /* for an answer, nanoseconds */
	bool timing;                 /* keep the capture's times */
	void (*told)(void *context, const struct replay_told *told);
	void *context;
	struct world **world; /* told which world runs, for world_stop; may be NULL */
};

/* False with a reason in `error` if it cannot begin. */
bool replay_run(const struct replay_script *s, const struct replay_options *options,
		struct replay_totals *totals, char *error, size_t error_size);

/* ---- parts of it, for replay*.c ---- */

struct replay_live {
	uint32_t session_id;        /* captured */
	int32_t off;                /* how wrong the captured sequence number is */
	struct role *role;          /* computes AUTH */
	const struct octets *draft; /* what the role would send */
	uint8_t eap_id;             /* of the peer's newest EAP message */
	/* Fresh octets, for nonces. */
	void (*random)(void *context, uint8_t *octets, size_t length);
	void *context;
};

/* The captured message with its live fields recomputed (replay_rebuild.c). */
GByteArray *replay_rebuild(const struct message *captured, const struct replay_live *live);

/* How much the captured sequence number is beside the right one. */
int32_t replay_sequence_off(const struct replay_script *s, guint index);

/* Fields that are made anew in every session, and those that a peer is free to choose, in a message
 * like this one. */
bool replay_is_live(const struct field *f);
bool replay_is_choice(const struct field *f, const struct replay_line *captured);

/* What a device has to be made to do so that it sends line `index` of its own accord: "ping". NULL:
 * it follows from what went before. */
const char *replay_trigger(const struct replay_script *s, guint index);

/* Compares two readings; of struct replay_difference * (replay_compare.c). */
GPtrArray *replay_compare(const struct replay_line *captured, const struct reading *live);

#endif
