/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pseudo-random functions and integrity algorithms that PANA takes from IKEv2, by their numbers
 * in IANA's "Internet Key Exchange Version 2 Parameters" (transform types 2 and 3), and prf+ of
 * RFC 7296 2.13.
 *
 * Supported: PRF 1 HMAC-MD5, 2 HMAC-SHA1, 4 AES128-XCBC (RFC 4434), 5, 6, 7 HMAC-SHA2-256, -384,
 * -512, 8 AES128-CMAC (RFC 4615); integrity 1 HMAC-MD5-96, 2 HMAC-SHA1-96, 5 AES-XCBC-96, 6
 * HMAC-MD5-128, 7 HMAC-SHA1-160, 8 AES-CMAC-96, 12, 13, 14 HMAC-SHA2-256-128, -384-192, -512-256.
 */
#ifndef ASSAY_CRYPTO_PRF_H
#define ASSAY_CRYPTO_PRF_H

#include "hash.h"

/* PRF_PARTS_MAX: the longest list that prf_plus takes. */
enum { PRF_LENGTH_MAX = 64, INTEGRITY_LENGTH_MAX = 32, PRF_PARTS_MAX = 14 };

/* Octets of a PRF's output; 0: not supported. */
size_t prf_length(uint32_t id);

/* Writes prf(key, list) to `out`, prf_length octets. The key may have any length. */
bool prf(uint32_t id, struct octets key, const struct octets *parts, size_t count, uint8_t *out);

/* Writes `length` octets of prf+(key, list). False if the PRF is not supported, the list is too
 * long, or more than 255 outputs would be needed. */
bool prf_plus(uint32_t id, struct octets key, const struct octets *parts, size_t count,
	      uint8_t *out, size_t length);

/* Octets of an integrity algorithm's value and of its key; 0: not supported. */
size_t integrity_length(uint32_t id);
size_t integrity_key_length(uint32_t id);

/* An integrity key ready for many messages: secret, wiped with integrity_key_clear. */
struct integrity_key {
	uint32_t id;
	struct hmac_key hmac; /* of the HMAC algorithms */
	uint8_t aes[16];      /* of the AES algorithms */
};

/* Makes a key ready. False if the algorithm is not supported or the key has not its length. */
bool integrity_key_set(struct integrity_key *ready, uint32_t id, struct octets key);
void integrity_key_clear(struct integrity_key *ready);

/* Writes the integrity value of the list to `out`, integrity_length octets. */
bool integrity_with(const struct integrity_key *ready, const struct octets *parts, size_t count,
		    uint8_t *out);

/* The same for a key used once. */
bool integrity(uint32_t id, struct octets key, const struct octets *parts, size_t count,
	       uint8_t *out);

#endif
