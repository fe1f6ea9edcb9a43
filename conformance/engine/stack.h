/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the payload of a capture up through the protocols: says which one stands in it, walks it
 * with the reader it is given, and follows the conversation it belongs to. What tells a protocol is
 * what tells it in the Wireshark plugin:
 *
 *     UDP port 716, or a payload that pana_recognise accepts     PANA, with the EAP in it
 *     UDP port 1812 or 1645                                      RADIUS, with the EAP in it
 *     EAPOL, type 0                                              EAP
 *     exported PDU                                               by the name of its dissector
 *
 * A payload of which the capture kept a part only is walked, so that it can be shown, but neither
 * judged nor tracked: what it seems to break is not its sender's doing.
 *
 * A stack owns its trackers; the key store is borrowed and gets the keys they derive. Memory is
 * bounded by the limit on conversations of each protocol.
 */
#ifndef ASSAY_ENGINE_STACK_H
#define ASSAY_ENGINE_STACK_H

#include "capture_payload.h"
#include "protocols/core/conversation.h"
#include "protocols/core/keystore.h"

struct stack;

/* What a payload turned out to be. */
struct stack_told {
	const struct protocol *protocol;   /* the innermost of ours; NULL: none that we know */
	struct conversation *conversation; /* NULL: none; valid until the next stack_feed */
	bool truncated;                    /* not judged, for the capture cut it short */
};

/* `limit` conversations at most of each protocol (0: the default); `closed` is told of each. */
struct stack *stack_new(struct key_store *keys, size_t limit, conversation_closed *closed,
			void *context);

/* Closes all conversations and frees the stack. NULL is nothing to free. */
void stack_free(struct stack *s);

/* The outermost protocol of ours in the payload, without walking it; NULL if there is none. */
const struct protocol *stack_protocol(const struct capture_payload *payload);

/* Walks and tracks one payload. `reader` is told of every field and every note. */
struct stack_told stack_feed(struct stack *s, const struct capture_payload *payload,
			     struct reader *reader);

/* The last payload fed in a few words: "PANA-Auth-Request [S]". To be asked while its octets are
 * there. Returns `text`. */
enum { STACK_SUMMARY_SIZE = 288 };
const char *stack_summary(const struct stack *s, char text[STACK_SUMMARY_SIZE]);

/* All protocols that a stack knows, up to NULL. */
extern const struct protocol *const stack_protocols[];

#endif
