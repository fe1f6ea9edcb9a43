/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PANA's keys: PANA_AUTH_KEY and the AUTH value (RFC 5191 5.3, 5.4), PANA_PAC_ENCR_KEY,
 * PANA_PAA_ENCR_KEY and AES128_CTR (RFC 6786 3, 4.1). Algorithms are named by the numbers of their
 * AVPs; those that protocols/crypto/prf.h lists are supported.
 *
 * Keys are struct secret, cleared by the caller. False: an algorithm is not supported, or a length
 * is not the one stated.
 */
#ifndef ASSAY_PANA_KEYS_H
#define ASSAY_PANA_KEYS_H

#include "protocols/crypto/prf.h"
#include "protocols/core/secret.h"

enum { PANA_AES128_CTR = 1, PANA_AUTH_VALUE_MAX = INTEGRITY_LENGTH_MAX };

/* What all keys of a PANA SA are derived from. Nothing is copied or kept. */
struct pana_key_input {
	uint32_t prf;            /* PRF-Algorithm of the initial PAN */
	struct octets msk;       /* of the EAP method, at least 64 octets (RFC 3748 7.10) */
	struct octets i_par;     /* initial PAR, S set, header included, as sent */
	struct octets i_pan;     /* initial PAN, S set, header included, as sent */
	struct octets pac_nonce; /* value of the PaC's Nonce AVP, without padding */
	struct octets paa_nonce; /* of the PAA's */
	uint32_t key_id;         /* value of the Key-Id AVP */
};

/* PANA_AUTH_KEY for an integrity algorithm, which gives its length. */
bool pana_auth_key(const struct pana_key_input *input, uint32_t integrity, struct secret *key);

/* PANA_PAC_ENCR_KEY (PaC to PAA) and PANA_PAA_ENCR_KEY (PAA to PaC) for an encryption algorithm,
 * which gives their length. */
bool pana_encr_keys(const struct pana_key_input *input, uint32_t encryption, struct secret *pac,
		    struct secret *paa);

/* Writes the AUTH value over pdu[0..length), the value of whose AUTH AVP, `hole_length` octets at
 * `hole`, is taken for zeros whatever stands there; *value_length octets. */
bool pana_auth_value(uint32_t integrity, const struct secret *key, const uint8_t *pdu,
		     size_t length, size_t hole, size_t hole_length,
		     uint8_t value[PANA_AUTH_VALUE_MAX], size_t *value_length);

/* The same with a key made ready by integrity_key_set, for a session with many messages. */
bool pana_auth_value_with(const struct integrity_key *key, const uint8_t *pdu, size_t length,
			  size_t hole, size_t hole_length, uint8_t value[PANA_AUTH_VALUE_MAX],
			  size_t *value_length);

/* The first counter block of an Encr-Encap AVP: 02 | Key-Id | Session Id | Sequence Number | 000001
 * (RFC 6786 4.1). */
void pana_counter_block(uint32_t key_id, uint32_t session_id, uint32_t sequence, uint8_t block[16]);

/* Encrypts or decrypts the value of an Encr-Encap AVP under the key of its sender. `in` and `out`
 * may be the same. */
bool pana_encr_crypt(uint32_t encryption, const struct secret *key, uint32_t key_id,
		     uint32_t session_id, uint32_t sequence, const uint8_t *in, uint8_t *out,
		     size_t length);

#endif
