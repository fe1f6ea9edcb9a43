// SPDX-License-Identifier: GPL-2.0-or-later
#include "eax.h"

#include "protocols/core/secret.h"

/* OMAC^t: the CMAC of a block holding the number t, followed by the octets. */
static bool omac(const uint8_t key[AES_KEY], uint8_t t, struct octets octets,
		 uint8_t mac[AES_BLOCK])
{
	const uint8_t prefix[AES_BLOCK] = {[AES_BLOCK - 1] = t};
	const struct octets parts[] = {{prefix, AES_BLOCK}, octets};

	return aes_cmac(key, parts, 2, mac);
}

/* The tag, and on the way the MAC of the nonce, from which encryption counts. */
static bool authenticate(const uint8_t key[AES_KEY], struct octets nonce, struct octets header,
			 struct octets ciphertext, uint8_t nonce_mac[AES_BLOCK],
			 uint8_t tag[EAX_TAG])
{
	uint8_t header_mac[AES_BLOCK], text_mac[AES_BLOCK];

	if (!omac(key, 0, nonce, nonce_mac) || !omac(key, 1, header, header_mac) ||
	    !omac(key, 2, ciphertext, text_mac))
		return false;
	for (size_t i = 0; i < EAX_TAG; i++)
		tag[i] = nonce_mac[i] ^ header_mac[i] ^ text_mac[i];
	return true;
}

bool eax_encrypt(const uint8_t key[AES_KEY], struct octets nonce, struct octets header,
		 const uint8_t *plaintext, uint8_t *ciphertext, size_t length, uint8_t tag[EAX_TAG])
{
	uint8_t counter[AES_BLOCK];

	return omac(key, 0, nonce, counter) &&
	       aes_ctr(key, counter, plaintext, ciphertext, length) &&
	       authenticate(key, nonce, header, (struct octets){ciphertext, length}, counter, tag);
}

bool eax_decrypt(const uint8_t key[AES_KEY], struct octets nonce, struct octets header,
		 const uint8_t *ciphertext, uint8_t *plaintext, size_t length,
		 const uint8_t tag[EAX_TAG])
{
	uint8_t counter[AES_BLOCK], wanted[EAX_TAG];
	bool right = authenticate(key, nonce, header, (struct octets){ciphertext, length}, counter,
				  wanted) &&
		     secret_equal(wanted, tag, EAX_TAG) &&
		     aes_ctr(key, counter, ciphertext, plaintext, length);

	secret_wipe(wanted, sizeof(wanted));
	return right;
}
