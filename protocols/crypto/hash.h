/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hashes and HMAC (RFC 2104) over lists of octets, on mbedTLS's hash cores. Nothing here allocates,
 * and what has touched a key is wiped before return. A capture with many sessions computes an HMAC
 * for each of its messages, so whoever uses one key often keeps a struct hmac_key: it holds the key
 * already absorbed and saves two of the five compressions of a short message.
 *
 * All functions return false only if mbedTLS fails, or for an unknown hash; the output is then not
 * to be used. An empty list is the empty message.
 */
#ifndef ASSAY_CRYPTO_HASH_H
#define ASSAY_CRYPTO_HASH_H

#include <stdbool.h>

#include "mbedtls_compat.h"
#include "protocols/core/octets.h"

enum hash { HASH_MD5, HASH_SHA1, HASH_SHA256, HASH_SHA384, HASH_SHA512 };

enum { HASH_LENGTH_MAX = 64, HASH_BLOCK_MAX = 128 };

/* A hash under way. A zeroed context is an initialized one, and may be copied as a value: that is
 * all that the _init and _clone functions of these four do. */
union hash_state {
	mbedtls_md5_context md5;
	mbedtls_sha1_context sha1;
	mbedtls_sha256_context sha256;
	mbedtls_sha512_context sha512;
};

/* An HMAC key ready for use: secret, wiped with hmac_key_clear. May be copied. */
struct hmac_key {
	enum hash hash;
	union hash_state inner; /* has absorbed key xor ipad */
	union hash_state outer; /* has absorbed key xor opad */
};

/* Octets of a hash's output; 0 for an unknown hash. */
size_t hash_length(enum hash hash);

/* Writes the hash of the list to `out`, hash_length octets. */
bool hash(enum hash hash, const struct octets *parts, size_t count, uint8_t *out);

/* Makes `key`, of any length, ready. */
bool hmac_key_set(struct hmac_key *ready, enum hash hash, struct octets key);
void hmac_key_clear(struct hmac_key *ready);

/* Writes the HMAC of the list to `out`, hash_length octets. */
bool hmac_with(const struct hmac_key *ready, const struct octets *parts, size_t count,
	       uint8_t *out);

/* The same for a key used once. */
bool hmac(enum hash hash, struct octets key, const struct octets *parts, size_t count,
	  uint8_t *out);

#endif
