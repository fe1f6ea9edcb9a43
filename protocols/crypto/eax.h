/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EAX (Bellare, Rogaway, Wagner, "The EAX Mode of Operation", FSE 2004) with AES-128 and the whole
 * 16-octet tag: the protected channel of EAP-PSK (RFC 4764 3.3). Nonce and header may have any
 * length. Nothing allocates; plaintext and ciphertext have the same length.
 */
#ifndef ASSAY_CRYPTO_EAX_H
#define ASSAY_CRYPTO_EAX_H

#include "aes.h"

enum { EAX_TAG = 16 };

/* Encrypts plaintext[0..length) to `ciphertext` (may be the same memory) and writes the tag. */
bool eax_encrypt(const uint8_t key[AES_KEY], struct octets nonce, struct octets header,
		 const uint8_t *plaintext, uint8_t *ciphertext, size_t length,
		 uint8_t tag[EAX_TAG]);

/* Verifies the tag first, in constant time; only if it is right decrypts ciphertext[0..length) to
 * `plaintext` (may be the same memory) and returns true. */
bool eax_decrypt(const uint8_t key[AES_KEY], struct octets nonce, struct octets header,
		 const uint8_t *ciphertext, uint8_t *plaintext, size_t length,
		 const uint8_t tag[EAX_TAG]);

#endif
