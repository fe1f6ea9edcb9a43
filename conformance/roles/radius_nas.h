/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A NAS that carries EAP to a server (RFC 3579 2): a RADIUS client's part in one conversation, with
 * one request outstanding at a time. A request is retransmitted unchanged as RFC 5080 2.2.1 has it,
 * State is handed back, a reply counts if its authenticators are right. Whoever owns the
 * conversation sets a timer to `due` after each call here.
 *
 *     radius_nas_request(n, user_name, eap);     when the peer has answered
 *     radius_nas_take(n, &reply, &secret);       a reply has come: true if it is one
 *     radius_nas_expired(n);                     `due` has come: false when the server is silent
 *     radius_nas_end(n);                         the conversation is over
 *
 * It owns the octets of the newest request. Up to 256 conversations may share the Identifiers of
 * one port (RFC 2865 3), one for each outstanding request; when all are in use a request waits.
 */
#ifndef ASSAY_ROLES_RADIUS_NAS_H
#define ASSAY_ROLES_RADIUS_NAS_H

#include "radius_role.h"

enum { RADIUS_STATE_MAX = 253, RADIUS_IDENTIFIERS = 256 };

/* RFC 2865 5.41 and RFC 3580 3.16. */
enum radius_port_type { RADIUS_PORT_VIRTUAL = 5, RADIUS_PORT_WIRELESS = 19 };

struct radius_nas;

/* Who is waiting for a reply under which Identifier. */
struct radius_identifiers {
	struct radius_nas *of[RADIUS_IDENTIFIERS];
	uint8_t newest;
};

struct radius_nas {
	struct role *role;
	struct radius_identifiers *identifiers; /* NULL: all are its own */
	struct endpoint server;
	struct endpoint own; /* where it sends from; family 0: the role's `local` */
	const char *station; /* Calling-Station-Id */
	enum radius_port_type port_type;

	uint64_t due; /* nanoseconds; 0: never */
	/* the newest request */
	uint8_t *request; /* NULL: none */
	size_t length;
	uint8_t id;
	bool has_id; /* false: it waits for one, or has given it back */
	uint8_t authenticator[RADIUS_AUTHENTICATOR_LENGTH];
	bool answered;
	unsigned transmissions;
	uint64_t interval; /* nanoseconds */
	uint8_t state[RADIUS_STATE_MAX];
	size_t state_length;
	bool has_state;
};

/* A new conversation. False: the key table has no secret for the server, or it does not fit. */
void radius_nas_begin(struct radius_nas *n);
bool radius_nas_request(struct radius_nas *n, struct octets user_name, struct octets eap);

/* Writes an Access-Request as the next one would be, under this Identifier and authenticator. */
bool radius_nas_write(struct radius_nas *n, struct octets user_name, struct octets eap, uint8_t id,
		      const uint8_t *authenticator, struct writer *w);

/* These octets, an Access-Request, have gone out as the newest one. */
void radius_nas_sent(struct radius_nas *n, struct octets request);

/* NULL: the reply is right, and `secret` is what proves it; else why it is discarded. A further
 * reply to the newest request is right too. */
const char *radius_nas_take(struct radius_nas *n, const struct datagram *d,
			    struct radius_parts *reply, struct octets *secret);

/* The MSK of an Access-Accept (RFC 2548 2.4; RFC 3748 7.10). False, and nothing in it: none. */
bool radius_nas_msk(const struct radius_nas *n, const struct radius_parts *reply,
		    struct octets secret, struct secret *msk);

/* False: it has been sent as often as may be. */
bool radius_nas_expired(struct radius_nas *n);

/* Gives the Identifier back: no further reply is taken. */
void radius_nas_done(struct radius_nas *n);
void radius_nas_end(struct radius_nas *n);

#endif
