/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an EAP method is to the two EAP ends: RFC 4137 4.2 and 5.2 as a table of functions. A method
 * is one file that defines one struct eap_method, and one line in eap_methods.c.
 *
 * The state of a method is plain memory of the size it asks for, zeroed before use and wiped after;
 * it holds no pointers to memory of its own. Messages are given as eap_walk has read them; what a
 * method wants checked beyond that, it checks before it changes anything.
 */
#ifndef ASSAY_ROLES_EAP_METHOD_H
#define ASSAY_ROLES_EAP_METHOD_H

#include "eap_faults.h"
#include "protocols/eap/eap_write.h"

/* EAP_ROLE_OCTETS: longest message that an end takes or sends. */
enum { EAP_ROLE_OCTETS = 4096, EAP_ROUNDS_MAX = 16, EAP_NAME_MAX = 1025 };

enum eap_method_state {
	METHOD_STATE_NONE,     /* none is selected */
	METHOD_STATE_INIT,     /* selected; nothing answered yet (server: PROPOSED) */
	METHOD_STATE_CONT,     /* it cannot end here */
	METHOD_STATE_MAY_CONT, /* it may end or go on */
	METHOD_STATE_DONE      /* it has ended */
};

enum eap_decision { DECISION_FAIL, DECISION_COND_SUCC, DECISION_UNCOND_SUCC };

/* What a method makes of a message. With `ignore` it has changed nothing and written nothing. */
struct eap_step {
	bool ignore;                 /* to be silently discarded */
	bool refuse;                 /* peer: to be answered with a Nak */
	enum eap_method_state state; /* peer: after the Response; server: DONE, or CONT */
	enum eap_decision decision;  /* server: with DONE, anything but FAIL is success */
	const char *why;             /* of ignore, refuse, failure */
};

/* What a method exports. */
struct eap_exports {
	struct secret msk, emsk;
	struct eap_session_id session_id;
	char identity[EAP_NAME_MAX]; /* of the peer, as the method has it; "" until it is known */
	char server[EAP_NAME_MAX];   /* the same of the server */
};

struct eap_method {
	uint8_t type; /* enum eap_type */
	const char *name;
	size_t peer_size, server_size; /* octets of state */
	/* Peer: check, process and buildResp in one. */
	struct eap_step (*peer)(void *state, struct role *owner, struct eap_exports *out,
				const struct eap_message *request, struct writer *response);
	/* Server: buildReq; false: it cannot, and the method fails. */
	bool (*request)(void *state, struct role *owner, uint8_t identifier, struct writer *w);
	/* Server: check and process. */
	struct eap_step (*response)(void *state, struct role *owner, struct eap_exports *out,
				    const struct eap_message *response);
	/* For tests: message `step` (T or OP-Code) in a Request or Response, whatever the state
	 * says; `state` is a copy. And its MACs anew, `octets` being what `m` was read from. */
	bool (*craft)(void *state, struct role *owner, bool server, unsigned step,
		      uint8_t identifier, struct writer *w);
	bool (*seal)(const void *state, bool server, const struct eap_message *m, uint8_t *octets);
};

extern const struct eap_method eap_psk_method, eap_gpsk_method;

/* The method of a setting, and of a type if the owner's settings have it; or NULL. */
const struct eap_method *eap_method_of(enum role_method setting);
const struct eap_method *eap_method_of_type(const struct role *owner, uint8_t type);

/* The types that the owner's settings have, in order of preference, each once. Returns how many. */
size_t eap_method_types(const struct role *owner, uint8_t types[METHODS]);

/* ---- for the two ends ---- */

/* What a fault takes for right; an unknown Code is taken for `taken_for`. */
struct eap_leniency {
	bool length, code;
	bool strict; /* octets behind Length are not ignored */
	uint8_t taken_for;
};

/* Copies the message to `octets` and reads it: its parts point there. NULL, or why it is to be
 * silently discarded (RFC 3748 4, 4.1). */
const char *eap_take_message(uint8_t octets[EAP_ROLE_OCTETS], struct octets message,
			     const struct eap_leniency *l, struct eap_message *m);

/* ---- for methods ---- */

static inline struct octets octets_of_text(const char *text)
{
	size_t length = 0;

	while (text[length])
		length++;
	return (struct octets){(const uint8_t *)text, length};
}

static inline bool octets_same(struct octets a, struct octets b)
{
	return a.length == b.length &&
	       (!a.length || !__builtin_memcmp(a.octets, b.octets, a.length));
}

/* An identity as the key table has it: NUL octets as \x00. False if it is longer than a table's. */
bool eap_identity_name(struct octets identity, char name[EAP_NAME_MAX]);

/* The row after `previous`: those of this identity first, then those of `*`. */
const struct key_row *eap_next_key(const struct role *owner, enum key_type type,
				   const char *identity, const struct key_row *previous);

static inline struct eap_step eap_ignore(const char *why)
{
	return (struct eap_step){.ignore = true, .why = why};
}

#endif
