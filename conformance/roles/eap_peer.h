/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside an EAP peer: its variables, shared by eap_peer.c (RFC 4137), eap_peer_build.c (what it
 * answers) and eap_peer_erp.c (RFC 6696). */
#ifndef ASSAY_ROLES_EAP_PEER_H
#define ASSAY_ROLES_EAP_PEER_H

#include "eap_method.h"
#include "eap_role.h"
#include "erp_keys.h"

/* RFC 4137 4.5. */
enum eap_peer_state_id {
	PEER_DISABLED,
	PEER_INITIALIZE,
	PEER_IDLE,
	PEER_RECEIVED,
	PEER_GET_METHOD,
	PEER_METHOD,
	PEER_SEND_RESPONSE,
	PEER_DISCARD,
	PEER_IDENTITY,
	PEER_NOTIFICATION,
	PEER_RETRANSMIT,
	PEER_SUCCESS,
	PEER_FAILURE,
	PEER_STATES
};

struct eap_peer {
	struct role *owner;
	enum eap_peer_state_id state;
	struct eap_output output;

	/* RFC 4137 4.3.1, long-term */
	const struct eap_method *selected; /* selectMethod */
	void *method;                      /* its state */
	enum eap_method_state method_state;
	enum eap_decision decision;
	bool allow_notifications;
	int last_id; /* -1: NONE */
	uint8_t last_response[EAP_ROLE_OCTETS];
	size_t last_length;

	/* 4.1, 4.3.2, short-term */
	bool request_waiting, rx_request, rx_success, rx_failure, alt_reject;
	bool ignore, refuse;
	struct eap_message request;
	uint8_t octets[EAP_ROLE_OCTETS]; /* of the request, kept while it is processed */
	uint8_t response[EAP_ROLE_OCTETS];
	size_t response_length;

	unsigned identities; /* Identity Requests answered */
	struct eap_exports exports;

	/* RFC 6696 */
	bool initiated;     /* an Initiate is outstanding */
	bool retried;       /* with another cryptosuite, as the server proposed */
	uint16_t erp_seq;   /* of the newest Initiate */
	struct erp_key erp; /* the key it was made with, rRK included */
	struct secret erp_rik;
};

/* Each writes its Response to p->response. */
void eap_peer_build_identity(struct eap_peer *p);
void eap_peer_build_notification(struct eap_peer *p);
void eap_peer_build_nak(struct eap_peer *p);

/* Makes the newest authentication's keys known to ERP. */
void eap_peer_file_keys(struct eap_peer *p);

/* A message of code Initiate or Finish. Sets the output. */
void eap_peer_receive_erp(struct eap_peer *p, const struct eap_message *m);

void eap_peer_discard(struct eap_peer *p, const char *why);

#endif
