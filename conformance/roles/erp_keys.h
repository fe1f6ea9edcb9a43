/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What either end keeps for ERP (RFC 6696) of the authentications that it has been through: of each
 * its name, rRK, and what has been used of its sequence numbers and cryptosuites. A role has one
 * such table for all its conversations, for a re-authentication is a conversation of its own.
 *
 * At most ERP_KEYS_MAX are kept; the oldest makes room. Keys are wiped when they go.
 */
#ifndef ASSAY_ROLES_ERP_KEYS_H
#define ASSAY_ROLES_ERP_KEYS_H

#include "protocols/crypto/kdf.h"
#include "protocols/eap/keys.h"

enum { ERP_KEYS_MAX = 1024, ERP_NAI_MAX = 254, ERP_SUITE_DEFAULT = 2 };

struct role;
struct erp_keys;

struct erp_key {
	char nai[ERP_NAI_MAX]; /* keyName-NAI: EMSKname in hexadecimal digits, then @realm if any */
	struct secret rrk;
	uint32_t next;       /* SEQ: peer, of the next Initiate; server, the least acceptable */
	uint8_t cryptosuite; /* in use with the rIK; 0: not used yet */
	bool has_identifier;
	uint8_t identifier; /* peer: of the newest Initiate */
};

/* Derives and files the rRK of an authentication. The realm is the peer's, else the server's. Does
 * nothing without an EMSK and Session-Id. */
void erp_keys_add(struct role *owner, const struct secret *emsk, const struct eap_session_id *id,
		  const char *peer, const char *server);

/* The newest key; the one of the EMSKname that `nai` begins with. NULL: none. Valid until the next
 * erp_keys_add. */
struct erp_key *erp_keys_newest(const struct role *owner);
struct erp_key *erp_keys_find(const struct role *owner, struct octets nai);

void erp_keys_free(struct erp_keys *keys);

#endif
