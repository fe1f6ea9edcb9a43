/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside an EAP server: its variables, shared by eap_server.c (RFC 4137), eap_server_policy.c (what
 * comes next) and eap_server_erp.c (RFC 6696). */
#ifndef ASSAY_ROLES_EAP_SERVER_H
#define ASSAY_ROLES_EAP_SERVER_H

#include "eap_method.h"
#include "eap_role.h"
#include "erp_keys.h"

/* RFC 4137 5.5, and of the backend authenticator's (6.5) the one more. */
enum eap_server_state_id {
	SERVER_DISABLED,
	SERVER_INITIALIZE,
	SERVER_PICK_UP_METHOD,
	SERVER_IDLE,
	SERVER_RETRANSMIT,
	SERVER_RECEIVED,
	SERVER_NAK_STATE,
	SERVER_SELECT_ACTION,
	SERVER_INTEGRITY_CHECK,
	SERVER_METHOD_RESPONSE,
	SERVER_PROPOSE_METHOD,
	SERVER_METHOD_REQUEST,
	SERVER_DISCARD,
	SERVER_SEND_REQUEST,
	SERVER_TIMEOUT_FAILURE,
	SERVER_FAILURE_STATE,
	SERVER_SUCCESS_STATE,
	SERVER_STATES
};

enum { EAP_NO_ID = -1 };

enum eap_policy { POLICY_CONTINUE, POLICY_SUCCESS, POLICY_FAILURE };

struct eap_server {
	struct role *owner;
	enum eap_server_state_id state;
	struct eap_output output;

	/* RFC 4137 5.3.1, long-term */
	uint8_t current;                 /* currentMethod: a type; 0: none */
	const struct eap_method *method; /* if it is an authentication method */
	void *method_data;               /* its state */
	enum eap_method_state method_state;
	int current_id; /* -1: NONE */
	unsigned retransmissions;
	uint8_t last_request[EAP_ROLE_OCTETS];
	size_t last_length;

	/* 5.1.1, 5.3.2, short-term */
	bool response_waiting, rx_response, timeout;
	bool ignore, cannot_ask;
	struct eap_step step; /* of the method, for the newest Response */
	struct eap_message response;
	uint8_t octets[EAP_ROLE_OCTETS];
	enum eap_policy decision;

	/* what the policy knows */
	bool has_identity, notified, nak, ended, announced, second;
	enum eap_decision outcome;
	uint8_t tried[METHODS], wanted[EAP_ROLE_OCTETS];
	size_t tried_count, wanted_count;
	char identity[EAP_NAME_MAX]; /* of the Identity Response */
	struct eap_exports exports;
};

/* Policy.getDecision and Policy.getNextMethod. */
enum eap_policy eap_server_decide(const struct eap_server *s);
uint8_t eap_server_next_type(struct eap_server *s);

/* Policy.update: from a Nak, an Identity Response, the end of a method. */
void eap_server_take_nak(struct eap_server *s);
void eap_server_take_identity(struct eap_server *s);

/* m.buildReq: the next Request, to s->last_request; the end of the conversation, to the output. */
void eap_server_ask(struct eap_server *s);
void eap_server_ask_identity(struct eap_server *s);
void eap_server_end(struct eap_server *s, enum eap_code code);

/* A message of code Initiate: sets the output. */
void eap_server_receive_erp(struct eap_server *s, const struct eap_message *m);
/* Initiate/Re-auth-Start, to be sent first. */
void eap_server_announce(struct eap_server *s, struct writer *w);

void eap_server_discard(struct eap_server *s, const char *why);

#endif
