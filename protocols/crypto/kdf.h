/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys below the EMSK: the default KDF of RFC 5295 and what it derives, the keys of the EAP
 * Re-authentication Protocol (RFC 6696), and the C12.22 key of the profile kp-sso/1.
 *
 * KDF(K, label, data, length) = prf+(K, label | 00 | data | length), prf+ over HMAC-SHA-256, the
 * length being that of the output in octets, two octets big endian (RFC 5295 3.1, 3.1.2).
 *
 * A derived key is a struct secret: the caller clears it. False: mbedTLS failed, or an argument is
 * out of the stated bounds; the output is then no key (length 0).
 */
#ifndef ASSAY_CRYPTO_KDF_H
#define ASSAY_CRYPTO_KDF_H

#include "prf.h"
#include "protocols/core/secret.h"

enum { EMSK_NAME_LENGTH = 8, KDF_LENGTH_MAX = 8160, ERP_TAG_MAX = 32 };

/* The KDF itself: `length` octets, at most KDF_LENGTH_MAX. `label` ends with NUL, which is not part
 * of it. */
bool kdf_rfc5295(struct octets key, const char *label, struct octets data, uint8_t *out,
		 size_t length);

/* A usage-specific root key of 64 octets (RFC 5295 3.1). */
bool kdf_usrk(struct octets emsk, const char *label, struct octets data, struct secret *usrk);

/* The EMSK's name, from the EAP Session-Id (RFC 5295 3.2). */
bool kdf_emsk_name(struct octets session_id, uint8_t name[EMSK_NAME_LENGTH]);

/* ERP keys, each as long as its parent: rRK of the EMSK or DSRK of at most 64 octets (RFC 6696
 * 4.1), rIK of the rRK for a cryptosuite (4.3), rMSK of the rRK for a sequence number (4.6). */
bool erp_rrk(struct octets parent, struct secret *rrk);
bool erp_rik(const struct secret *rrk, uint8_t cryptosuite, struct secret *rik);
bool erp_rmsk(const struct secret *rrk, uint16_t seq, struct secret *rmsk);

/* Octets of the Authentication Tag of a cryptosuite: 1 HMAC-SHA256-64, 2 HMAC-SHA256-128, 3
 * HMAC-SHA256-256 (RFC 6696 5.3.2); 0: unknown. */
size_t erp_tag_length(uint8_t cryptosuite);

/* Writes the Authentication Tag over the ERP packet up to its tag: erp_tag_length octets. */
bool erp_tag(uint8_t cryptosuite, const struct secret *rik, const struct octets *parts,
	     size_t count, uint8_t *tag);

/* kp-sso/1 S1: the USRK of C12.22 ciphering. */
bool sso_usrk(struct octets emsk, struct secret *usrk);

/* kp-sso/1 S2: the 16-octet ciphering key of a meter: `ap_title` is the content of its absolute
 * ApTitle, `key_id` the low octet of the PANA Key-Id. */
bool sso_c1222_key(const struct secret *usrk, struct octets ap_title, uint8_t key_id,
		   struct secret *key);

#endif
