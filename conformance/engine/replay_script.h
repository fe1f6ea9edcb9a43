/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One captured conversation as a script: every message in order, who sent it, and what was read of
 * it with the session's knowledge. For the replayer (replay.h) and the importer (import.h).
 *
 * A PANA session is taken as PaC and PAA (or the relay in the PAA's place) exchange it: what a
 * relay and the PAA say to each other is left out. EAP conversations are those in RADIUS.
 *
 * Everything belongs to the script. At most REPLAY_LINES_MAX messages are kept of a conversation.
 */
#ifndef ASSAY_ENGINE_REPLAY_SCRIPT_H
#define ASSAY_ENGINE_REPLAY_SCRIPT_H

#include "message.h"
#include "protocols/core/keystore.h"
#include "reading.h"

enum { REPLAY_LINES_MAX = 10000, REPLAY_ERROR_SIZE = 512 };

struct replay_line {
	uint32_t frame; /* of the capture */
	uint64_t time;  /* nanoseconds since the epoch */
	bool own;       /* sent by the role that is re-enacted */
	bool again;     /* the same octets as a line before it, in the same direction */
	struct endpoint source, destination;
	struct message *message; /* points into its octets, which are the script's own */
	struct reading reading;  /* by walk and session */
};

struct replay_script {
	char *path;
	char *role;                      /* that is re-enacted: "pana.pac" */
	const char *opposite;            /* role of the peer */
	const struct protocol *protocol; /* of the messages: PANA or RADIUS */
	unsigned conversation;           /* number among those of its kind in the capture, from 1 */
	unsigned conversations;          /* in the capture */
	GPtrArray *lines;                /* of struct replay_line * */
};

/* True if this role's side of a conversation can be re-enacted: PaC and PAA, EAP peer and server.
 */
bool replay_role_known(const char *role);

/* Reads conversation `number` (0: the first that begins in the capture). `keys` is borrowed, what
 * is derived from the capture does not get into it. How many there are is written to `count` in any
 * case (NULL: not wanted). NULL with a reason in `error`. */
struct replay_script *replay_script_load(const char *path, const char *role, unsigned number,
					 const struct key_store *keys, unsigned *count, char *error,
					 size_t error_size);
void replay_script_free(struct replay_script *s);

/* How the two ends were set up, as the capture shows it: settings (of struct case_pair *) by the
 * names of device_profile.h. `role` is one of the two ends. The caller frees. */
GPtrArray *replay_script_settings(const struct replay_script *s, const char *role);

/* The EAP method that no role of ours plays, or NULL: all can be played. */
const char *replay_script_unplayable(const struct replay_script *s);

/* The message by name: kind and flags, as message.h takes them. Freed by replay_message_free. */
struct case_message *replay_message_of(const struct message *m);
void replay_message_free(struct case_message *m);

/* A field of a line, by name; NULL: it has none. */
const struct seen *replay_line_find(const struct replay_line *l, const char *field);

#endif
