/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pass-through authenticator (RFC 4137 6; RFC 3579 2): it asks for the identity, and what the
 * peer answers goes to a RADIUS server, whose messages go back to the peer. Where the same
 * functions of a local EAP server (eap_role.h) answer at once, here NULL says that the server's
 * answer is awaited: it comes out of eap_pass_reply, or in the end nothing does.
 *
 * The packet's code decides (RFC 3579 2.6.3), and no EAP message is made up where it does not fit:
 * then the conversation ends without one (RFC 5191 4.1).
 *
 * After each call a timer is to be set to `nas.due`.
 */
#ifndef ASSAY_ROLES_EAP_PASS_H
#define ASSAY_ROLES_EAP_PASS_H

#include "eap_role.h"
#include "radius_nas.h"

enum { EAP_PASS_NAME_MAX = RADIUS_VALUE_MAX };

struct eap_pass {
	struct radius_nas nas; /* first */
	struct role *owner;
	void *session;               /* whose it is, for the owner */
	const struct endpoint *peer; /* where the peer is: Calling-Station-Id */
	struct eap_output output;
	uint8_t message[RADIUS_EAP_MAX]; /* the newest to the peer */
	int id;                          /* of the outstanding Request; -1: none */
	bool announced;                  /* the newest is a Re-auth-Start */
	uint8_t name[EAP_PASS_NAME_MAX]; /* User-Name: what the peer says it is */
	size_t name_length;
	char station[ENDPOINT_TEXT_SIZE];

	/* what the server has granted */
	struct secret msk;
	uint32_t lifetime; /* seconds; 0: it has not said */
	bool unauthorized; /* EAP has succeeded, and yet there is no access */
};

struct eap_pass *eap_pass_new(struct role *owner, struct radius_identifiers *identifiers,
			      const struct endpoint *peer, void *session);
void eap_pass_free(struct eap_pass *p);

/* The first message to the peer: an Identity Request or, where there are keys of an authentication
 * before and ERP is wanted, Initiate/Re-auth-Start (RFC 6696 5.3.1). */
const struct eap_output *eap_pass_start(struct eap_pass *p, bool again);
/* Nothing has come of a Re-auth-Start: the Identity Request. */
const struct eap_output *eap_pass_retransmit(struct eap_pass *p);
const struct eap_output *eap_pass_receive(struct eap_pass *p, struct octets message);
/* A datagram of the RADIUS server; NULL also if it is discarded. */
const struct eap_output *eap_pass_reply(struct eap_pass *p, const struct datagram *d);
/* `nas.due` has come. */
const struct eap_output *eap_pass_expired(struct eap_pass *p);
/* The conversation is over, for the lower layer's reasons. */
void eap_pass_end(struct eap_pass *p);

#endif
