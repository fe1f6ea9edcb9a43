/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AES-128 (FIPS 197) in the modes that the protocols use: single blocks, CBC without padding, CTR,
 * and the two CBC-MACs with masked last block: CMAC (RFC 4493, NIST SP 800-38B) and XCBC (RFC
 * 3566). The MACs read lists of octets, which mbedTLS's do not, and allocate nothing.
 *
 * Keys are 16 octets. Every function sets its key up anew and wipes it. They return false only if
 * mbedTLS fails or, where it says so, for a wrong length.
 */
#ifndef ASSAY_CRYPTO_AES_H
#define ASSAY_CRYPTO_AES_H

#include <stdbool.h>

#include "protocols/core/octets.h"

enum { AES_BLOCK = 16, AES_KEY = 16 };

/* Encrypts `blocks` blocks, each by itself. `in` and `out` may be the same. */
bool aes_encrypt_blocks(const uint8_t key[AES_KEY], const uint8_t *in, uint8_t *out, size_t blocks);

/* CBC without padding (RFC 3602). False if `length` is not a multiple of 16. `in` and `out` may be
 * the same. */
bool aes_cbc_encrypt(const uint8_t key[AES_KEY], const uint8_t iv[AES_BLOCK], const uint8_t *in,
		     uint8_t *out, size_t length);
bool aes_cbc_decrypt(const uint8_t key[AES_KEY], const uint8_t iv[AES_BLOCK], const uint8_t *in,
		     uint8_t *out, size_t length);

/* CTR, either direction: the first block of key stream comes from `counter`, which is counted up as
 * a 128-bit number. `in` and `out` may be the same. */
bool aes_ctr(const uint8_t key[AES_KEY], const uint8_t counter[AES_BLOCK], const uint8_t *in,
	     uint8_t *out, size_t length);

/* AES-CMAC, all 16 octets. */
bool aes_cmac(const uint8_t key[AES_KEY], const struct octets *parts, size_t count,
	      uint8_t mac[AES_BLOCK]);

/* AES-XCBC-MAC, all 16 octets (AES-XCBC-MAC-96 is the first twelve). */
bool aes_xcbc(const uint8_t key[AES_KEY], const struct octets *parts, size_t count,
	      uint8_t mac[AES_BLOCK]);

#endif
