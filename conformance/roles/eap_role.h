/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two ends of EAP, whatever carries it: RFC 4137, whose interface variables are the outputs
 * here. A PANA role owns one; the RADIUS carriers of eap.peer and eap.server own one.
 *
 * Feed a message, then look at `output`: it is valid until the next call.
 */
#ifndef ASSAY_ROLES_EAP_ROLE_H
#define ASSAY_ROLES_EAP_ROLE_H

#include "protocols/core/secret.h"
#include "protocols/eap/eap.h"
#include "role.h"

/* RFC 4137 4.1.2 and 5.1.2, in words. */
struct eap_output {
	struct octets message; /* eapRespData / eapReqData: to be sent; length 0: nothing */
	bool discarded;        /* eapNoResp: the message was silently discarded */
	bool success;          /* eapSuccess */
	bool failure;          /* eapFail */
	const char *why;       /* of a discard or failure, for the log */
};

struct eap_peer;
struct eap_server;

/* `owner` gives settings, faults (indices in EAP_PEER_FAULTS, found by name) and randomness. */
struct eap_peer *eap_peer_new(struct role *owner);
void eap_peer_free(struct eap_peer *p);
void eap_peer_restart(struct eap_peer *p);
const struct eap_output *eap_peer_receive(struct eap_peer *p, struct octets message);
void eap_peer_alt_reject(struct eap_peer *p); /* altReject */
/* ERP (RFC 6696): the Initiate that opens a re-authentication; length 0: no keys for it. */
const struct eap_output *eap_peer_initiate(struct eap_peer *p);
/* Of ERP under way: what will be the rMSK if the server grants it (RFC 6696 4.6). */
const struct secret *eap_peer_msk(const struct eap_peer *p);
const struct secret *eap_peer_emsk(const struct eap_peer *p);
const char *eap_peer_state(const struct eap_peer *p); /* RFC 4137 4.5's name */

struct eap_server *eap_server_new(struct role *owner);
void eap_server_free(struct eap_server *s);
/* The first Request of a conversation; Initiate/Re-auth-Start, if ERP is wanted and keys are there
 * (RFC 6696 5.3.1), but not of the one that is to be a full authentication. */
const struct eap_output *eap_server_start(struct eap_server *s);
const struct eap_output *eap_server_start_full(struct eap_server *s);
const struct eap_output *eap_server_receive(struct eap_server *s, struct octets message);
/* The timer of the outstanding Request has expired (RFC 3748 4.3): it again, or a failure. Not for
 * reliable carriers. */
const struct eap_output *eap_server_retransmit(struct eap_server *s);
const struct secret *eap_server_msk(const struct eap_server *s);
const struct secret *eap_server_emsk(const struct eap_server *s);
const char *eap_server_identity(const struct eap_server *s); /* of the peer, or NULL */
const char *eap_server_state(const struct eap_server *s);

/* For tests, as struct role_kind has it: an EAP message of this kind and words ("Request", "PSK-3";
 * engine/message.h) with the live fields that the end would give it now; and the MACs and tags of a
 * message that was changed, in place, under the keys in force. The state stays as it is. */
bool eap_peer_craft(struct eap_peer *p, const char *kind, const char *const *words, size_t count,
		    struct writer *w);
bool eap_peer_seal(struct eap_peer *p, uint8_t *octets, size_t length);
bool eap_server_craft(struct eap_server *s, const char *kind, const char *const *words,
		      size_t count, struct writer *w);
bool eap_server_seal(struct eap_server *s, uint8_t *octets, size_t length);

/* Faults of the EAP ends, that the roles which own one list after their own. */
extern const struct fault eap_peer_faults[], eap_server_faults[];
extern const size_t eap_peer_fault_count, eap_server_fault_count;

#endif
