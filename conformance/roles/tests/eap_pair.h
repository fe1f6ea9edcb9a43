/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An EAP peer and an EAP server in one room: messages go from hand to hand, an onlooker (the
 * passive conversation of protocols/eap) sees each and counts the rules that it notes. A test may
 * change a message under way, or speak for one of the two.
 */
#ifndef ASSAY_ROLES_TESTS_EAP_PAIR_H
#define ASSAY_ROLES_TESTS_EAP_PAIR_H

#include "conformance/roles/eap_method.h"
#include "conformance/roles/eap_role.h"
#include "conformance/roles/erp_keys.h"
#include "conformance/roles/role.h"
#include "protocols/core/conversation.h"

enum { PAIR_NOTES = 64 };

struct onlooker {
	struct reader reader;
	struct key_store *keys;
	struct eap_conversation *eap;
	struct conversation base;
	uint32_t frame;
	const struct rule *notes[PAIR_NOTES];
	size_t note_count;
	struct endpoint peer, server;
};

struct pair;

/* May change what is under way, in place. False: it is lost. */
typedef bool pair_change(struct pair *p, bool to_peer, uint8_t *octets, size_t *length);

struct pair {
	struct environment environment;
	uint64_t now, seed;
	struct key_store *keys, *other_keys;
	struct role peer_role, server_role;
	struct role_kind peer_kind, server_kind;
	struct eap_peer *peer;
	struct eap_server *server;
	struct onlooker onlooker;
	pair_change *change;
	const void *change_data; /* for `change` */
	unsigned changed;
	unsigned count; /* of messages */
	/* how it went */
	uint8_t rand_p[EAP_GPSK_RAND], rand_s[EAP_GPSK_RAND]; /* of the method under way */
	bool peer_success, peer_failure, server_success, server_failure, peer_discarded,
		server_discarded;
	char trace[2048];              /* each message in a few letters, and what became of it */
	uint8_t last[EAP_ROLE_OCTETS]; /* message that went last */
	size_t last_length;
};

/* `method` only; METHOD_NONE: all, in the order of the defaults. */
void pair_init(struct pair *p, enum role_method method);
void pair_clear(struct pair *p);

/* Switches a fault of one end on; by name. */
void pair_fault(struct pair *p, const char *peer_fault, const char *server_fault);

/* The whole conversation, from the server's first message, or from what the peer sends. */
void pair_run(struct pair *p);
void pair_go_on(struct pair *p, struct octets message, bool to_peer);

/* Hands one message to an end, beside the conversation under way; traces what it makes of it. */
const struct eap_output *pair_poke(struct pair *p, struct octets message, bool to_peer);

/* The onlooker sees a message. */
void pair_look(struct pair *p, struct octets message, bool from_server);
size_t pair_noted(const struct pair *p, const char *rule);
/* Rules broken among what was noted: those that are OPEN do not count. */
size_t pair_breaches(const struct pair *p);

/* The rule of this id in EAP's catalogue, or NULL. */
const struct rule *pair_rule(const char *id);

#endif
