/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every protocol's session has in common, and the table that keeps sessions within bounds.
 * A session type embeds a `struct conversation` as its first member. The table finds one by hash
 * and match, keeps them in order of use, and when it is full closes the one that has been idle
 * longest: nothing on the wire can make it grow past its limit.
 */
#ifndef ASSAY_CORE_CONVERSATION_H
#define ASSAY_CORE_CONVERSATION_H

#include "flow.h"
#include "reader.h"
#include "verdict.h"

struct conversation;

/* What a kind of conversation is, for whoever reports on it. */
struct conversation_kind {
	const struct protocol *protocol;
	const char *label; /* "PANA session" */
	/* Says who spoke to whom, in which role, how far it got: as values of generated fields. */
	void (*describe)(const struct conversation *c, struct reader *r);
	void (*free)(struct conversation *c); /* frees the session and wipes its keys */
};

struct conversation {
	const struct conversation_kind *kind;
	struct passage first; /* circumstances of the first message */
	uint32_t last_frame;  /* frame and time of the newest message */
	uint64_t last_time;   /* nanoseconds */
	uint32_t messages;    /* fed so far */
	uint32_t verdicts[8]; /* cryptographic checks by enum verdict */
	void *attachment;     /* the application's: what it gathers per conversation */
	uint32_t hash;        /* the table's */
	struct conversation *next_in_bucket, *older, *newer; /* the table's */
};

enum closing { CLOSED_AT_END, CLOSED_EVICTED };

/* Called once for each conversation before it is freed. */
typedef void conversation_closed(struct conversation *c, enum closing why, void *context);

struct conversation_table;

enum { CONVERSATION_LIMIT = 65536 };

/* `limit` conversations at most (0: CONVERSATION_LIMIT). `closed` may be NULL. */
struct conversation_table *conversation_table_new(size_t limit, conversation_closed *closed,
						  void *context);

/* Closes all that is left, oldest first, and frees the table. */
void conversation_table_free(struct conversation_table *table);

/* The conversation of this hash that `match` accepts, or NULL. Does not count as use. */
struct conversation *conversation_find(const struct conversation_table *table, uint32_t hash,
				       bool (*match)(const struct conversation *c, const void *key),
				       const void *key);

/* Adds `c` under `hash`; the table owns it. Evicts the longest idle one if the table is full. */
void conversation_add(struct conversation_table *table, struct conversation *c, uint32_t hash);

/* Moves `c` under another hash. */
void conversation_rehash(struct conversation_table *table, struct conversation *c, uint32_t hash);

/* Counts one message of `c` at `p`: it is now the most recently used. */
void conversation_use(struct conversation_table *table, struct conversation *c,
		      const struct passage *p);

/* Number held now. */
size_t conversation_count(const struct conversation_table *table);

/* Counts a cryptographic check and reports it as `field`, a FIELD_UINT with verdict_names. */
void conversation_verdict(struct conversation *c, struct reader *r, const struct field *field,
			  size_t offset, size_t length, enum verdict verdict);

#endif
