/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two ends of EAP-GPSK share: RFC 5433. eap_gpsk_role.c has the peer and this,
 * eap_gpsk_server.c the server. */
#ifndef ASSAY_ROLES_EAP_GPSK_ROLE_H
#define ASSAY_ROLES_EAP_GPSK_ROLE_H

#include "eap_method.h"

enum { GPSK_BLOCK = 16, GPSK_PD_MAX = 128 };

/* What a fault makes of protected data that answer protected data. */
enum gpsk_block_defect {
	BLOCK_NONE, /* no protected data are sent */
	BLOCK_RIGHT,
	BLOCK_IV_NULL,     /* suite 2: an IV all the same */
	BLOCK_IV_RECEIVED, /* suite 1: the IV is the last block received */
	BLOCK_NOT_WHOLE,   /* suite 1: an octet is missing */
	BLOCK_PADDED,      /* suite 2: padding all the same */
	BLOCK_CUT          /* a PD_Payload that is longer than there is */
};

/* Protected data that came: to be answered, by faults alone. */
struct gpsk_received {
	bool any;
	uint8_t last_block[GPSK_BLOCK];
};

/* True if the MAC is there, as long as the suite's, and right. */
bool gpsk_mac_right(const struct eap_gpsk *gpsk, const struct eap_gpsk_suite *suite,
		    const struct eap_gpsk_keys *keys);
bool gpsk_mac_sized(const struct eap_gpsk *gpsk, const struct eap_gpsk_suite *suite);

/* Opens PD_Payload, if any; false if it does not decrypt (RFC 5433 10). Notes it in `received`. */
bool gpsk_open_payloads(const struct eap_gpsk *gpsk, const struct eap_gpsk_suite *suite,
			const struct eap_gpsk_keys *keys, struct gpsk_received *received);

/* Writes a PD_Payload_Block with this defect to `block`; nothing where it does not apply. */
void gpsk_write_block(struct writer *block, enum gpsk_block_defect defect, struct role *owner,
		      const struct eap_gpsk_suite *suite, const struct eap_gpsk_keys *keys,
		      const uint8_t iv[GPSK_BLOCK], const struct gpsk_received *received);

/* The suite that a setting asks for, or NULL; a CSuite_Sel; whether a list has one. */
const struct eap_gpsk_suite *gpsk_suite_of_setting(enum role_method setting);
const struct eap_gpsk_suite *gpsk_suite_of(struct octets csuite);
bool gpsk_list_has(struct octets list, const struct eap_gpsk_suite *suite);
void gpsk_csuite(const struct eap_gpsk_suite *suite, uint8_t csuite[EAP_GPSK_CSUITE]);

/* GPSK-Fail, "Authentication Failure", for tests; and -Protected-Fail, if there are keys. */
bool gpsk_write_fail(struct writer *w, enum eap_code code, uint8_t identifier, bool protected,
		     const struct eap_gpsk_suite *suite, const struct eap_gpsk_keys *keys);

/* The MAC of a message that was changed, anew. */
bool gpsk_seal_message(const struct eap_gpsk_suite *suite, const struct eap_gpsk_keys *keys,
		       const struct eap_message *m, uint8_t *octets);

/* Takes the last octet away from the message just written, which begins at `begin`. */
void gpsk_shorten(struct writer *w, size_t begin);

/* The peer's state and function, for the table in eap_gpsk_server.c. */
struct gpsk_peer_end {
	uint8_t opcode; /* answered last: GPSK-1, GPSK-3, Fail, Protected-Fail; 0: none */
	const struct eap_gpsk_suite *suite;
	uint8_t rand_server[EAP_GPSK_RAND], rand_peer[EAP_GPSK_RAND];
	uint8_t id_server[EAP_ROLE_OCTETS];
	size_t id_server_length;
	struct eap_gpsk_keys keys;
	uint8_t iv[GPSK_BLOCK]; /* of PEER_GPSK_IV_SAME */
	struct gpsk_received received;
};

bool gpsk_peer_craft(struct gpsk_peer_end *s, struct role *owner, unsigned opcode,
		     uint8_t identifier, struct writer *w);
struct eap_step gpsk_peer(void *state, struct role *owner, struct eap_exports *out,
			  const struct eap_message *m, struct writer *w);

#endif
