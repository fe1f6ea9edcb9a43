// SPDX-License-Identifier: GPL-2.0-or-later
#include "keys.h"

#include <string.h>

#include "protocols/crypto/aes.h"
#include "protocols/crypto/eax.h"
#include "protocols/crypto/hash.h"

/* The modified counter mode of RFC 4764 3.1 and 3.2: from one input block, `blocks` output blocks
 * E(E(input) xor "i"), i = 1, 2, ... */
static bool modified_counter(const struct secret *key, const uint8_t input[AES_BLOCK], uint8_t *out,
			     size_t blocks)
{
	uint8_t once[AES_BLOCK];
	bool right = aes_encrypt_blocks(key->octets, input, once, 1);

	for (size_t i = 0; i < blocks && right; i++) {
		memcpy(out + i * AES_BLOCK, once, AES_BLOCK);
		out[(i + 1) * AES_BLOCK - 1] ^= (uint8_t)(i + 1);
	}
	right = right && aes_encrypt_blocks(key->octets, out, out, blocks);
	secret_wipe(once, sizeof(once));
	return right;
}

bool eap_psk_setup(struct eap_psk_keys *keys, struct octets psk)
{
	static const uint8_t zero[AES_BLOCK];
	uint8_t out[2 * AES_BLOCK];
	struct secret key;
	bool right = psk.length == EAP_PSK_KEY;

	eap_psk_clear(keys);
	if (!right)
		return false;
	secret_set(&key, psk.octets, psk.length);
	right = modified_counter(&key, zero, out, 2);
	if (right) {
		secret_set(&keys->ak, out, AES_BLOCK);
		secret_set(&keys->kdk, out + AES_BLOCK, AES_BLOCK);
	}
	secret_clear(&key);
	secret_wipe(out, sizeof(out));
	return right;
}

bool eap_psk_derive(struct eap_psk_keys *keys, const uint8_t rand_p[EAP_PSK_RAND])
{
	uint8_t out[9 * AES_BLOCK];
	bool right = keys->kdk.length && modified_counter(&keys->kdk, rand_p, out, 9);

	if (right) {
		secret_set(&keys->tek, out, AES_BLOCK);
		secret_set(&keys->msk, out + AES_BLOCK, EAP_MSK);
		secret_set(&keys->emsk, out + AES_BLOCK + EAP_MSK, EAP_MSK);
	}
	secret_wipe(out, sizeof(out));
	return right;
}

void eap_psk_clear(struct eap_psk_keys *keys)
{
	secret_wipe(keys, sizeof(*keys));
}

bool eap_psk_mac_p(const struct eap_psk_keys *keys, struct octets id_p, struct octets id_s,
		   const uint8_t rand_s[EAP_PSK_RAND], const uint8_t rand_p[EAP_PSK_RAND],
		   uint8_t mac[EAP_PSK_MAC])
{
	const struct octets parts[] = {id_p, id_s, {rand_s, EAP_PSK_RAND}, {rand_p, EAP_PSK_RAND}};

	return keys->ak.length && aes_cmac(keys->ak.octets, parts, 4, mac);
}

bool eap_psk_mac_s(const struct eap_psk_keys *keys, struct octets id_s,
		   const uint8_t rand_p[EAP_PSK_RAND], uint8_t mac[EAP_PSK_MAC])
{
	const struct octets parts[] = {id_s, {rand_p, EAP_PSK_RAND}};

	return keys->ak.length && aes_cmac(keys->ak.octets, parts, 2, mac);
}

/* EAX's nonce: N behind 96 zero bits. */
static struct octets channel_nonce(uint32_t nonce, uint8_t octets[AES_BLOCK])
{
	memset(octets, 0, AES_BLOCK);
	for (int i = 0; i < 4; i++)
		octets[12 + i] = (uint8_t)(nonce >> (24 - 8 * i));
	return (struct octets){octets, AES_BLOCK};
}

bool eap_psk_open(const struct eap_psk_keys *keys, uint32_t nonce,
		  const uint8_t header[EAP_PSK_HEADER], const uint8_t *ciphertext,
		  uint8_t *plaintext, size_t length, const uint8_t tag[EAP_PSK_TAG])
{
	uint8_t octets[AES_BLOCK];

	return keys->tek.length && eax_decrypt(keys->tek.octets, channel_nonce(nonce, octets),
					       (struct octets){header, EAP_PSK_HEADER}, ciphertext,
					       plaintext, length, tag);
}

bool eap_psk_seal(const struct eap_psk_keys *keys, uint32_t nonce,
		  const uint8_t header[EAP_PSK_HEADER], const uint8_t *plaintext,
		  uint8_t *ciphertext, size_t length, uint8_t tag[EAP_PSK_TAG])
{
	uint8_t octets[AES_BLOCK];

	return keys->tek.length && eax_encrypt(keys->tek.octets, channel_nonce(nonce, octets),
					       (struct octets){header, EAP_PSK_HEADER}, plaintext,
					       ciphertext, length, tag);
}

/* type | a | b. */
static void session_id_of(uint8_t type, struct octets a, struct octets b, struct eap_session_id *id)
{
	id->octets[0] = type;
	memcpy(id->octets + 1, a.octets, a.length);
	if (b.length)
		memcpy(id->octets + 1 + a.length, b.octets, b.length);
	id->length = 1 + a.length + b.length;
}

void eap_psk_session_id(const uint8_t rand_p[EAP_PSK_RAND], const uint8_t rand_s[EAP_PSK_RAND],
			struct eap_session_id *id)
{
	session_id_of(EAP_TYPE_PSK, (struct octets){rand_p, EAP_PSK_RAND},
		      (struct octets){rand_s, EAP_PSK_RAND}, id);
}

void eap_tls_session_id(const uint8_t client_random[32], const uint8_t server_random[32],
			struct eap_session_id *id)
{
	session_id_of(EAP_TYPE_TLS, (struct octets){client_random, 32},
		      (struct octets){server_random, 32}, id);
}

/* RFC 5433 figure 3. */
static const struct eap_gpsk_suite gpsk_suites[] = {
	{.specifier = 1, .key_length = 16, .mac_length = 16, .encrypts = true},
	{.specifier = 2, .key_length = 32, .mac_length = 32, .encrypts = false},
};

const struct eap_gpsk_suite *eap_gpsk_suite_find(uint32_t vendor, uint16_t specifier)
{
	for (size_t i = 0; i < sizeof(gpsk_suites) / sizeof(gpsk_suites[0]); i++)
		if (vendor == 0 && gpsk_suites[i].specifier == specifier)
			return &gpsk_suites[i];
	return NULL;
}

/* The suite's MAC under a key of KS octets: AES-CMAC-128 or HMAC-SHA256. */
static bool suite_mac(const struct eap_gpsk_suite *suite, struct octets key,
		      const struct octets *parts, size_t count, uint8_t mac[EAP_GPSK_MAC_MAX])
{
	if (key.length != suite->key_length)
		return false;
	if (suite->specifier == 1)
		return aes_cmac(key.octets, parts, count, mac);
	return hmac(HASH_SHA256, key, parts, count, mac);
}

enum { GPSK_PARTS = 8, GPSK_KEYS_MAX = 2 * EAP_MSK + 2 * 32 };

/* GKDF-X(Y, Z) of RFC 5433 7, Z being a list; X = `length`. */
static bool gkdf(const struct eap_gpsk_suite *suite, struct octets key, const struct octets *z,
		 size_t count, uint8_t *out, size_t length)
{
	uint8_t i_octets[2], block[EAP_GPSK_MAC_MAX];
	struct octets parts[GPSK_PARTS] = {{i_octets, 2}};
	size_t done = 0;
	bool right = true;

	memcpy(parts + 1, z, count * sizeof(*z));
	for (unsigned i = 1; done < length && right; i++) {
		size_t take = length - done < suite->mac_length ? length - done : suite->mac_length;

		i_octets[0] = (uint8_t)(i >> 8);
		i_octets[1] = (uint8_t)i;
		right = suite_mac(suite, key, parts, count + 1, block);
		if (right)
			memcpy(out + done, block, take);
		done += take;
	}
	secret_wipe(block, sizeof(block));
	return right;
}

/* CSuite_Sel as sent: vendor and specifier. */
static struct octets csuite_sel(const struct eap_gpsk_suite *suite, uint8_t octets[6])
{
	memset(octets, 0, 6);
	octets[4] = (uint8_t)(suite->specifier >> 8);
	octets[5] = (uint8_t)suite->specifier;
	return (struct octets){octets, 6};
}

/* MK and Method-ID, both of the PSK. */
static bool gpsk_from_psk(struct eap_gpsk_keys *keys, const struct eap_gpsk_input *in,
			  const struct octets input_string[4])
{
	static const uint8_t label[] = {'M', 'e', 't', 'h', 'o', 'd', ' ', 'I', 'D'};
	const uint8_t type = EAP_TYPE_GPSK;
	const uint8_t pl[] = {(uint8_t)(in->psk.length >> 8), (uint8_t)in->psk.length};
	const struct octets key = {in->psk.octets, in->suite->key_length};
	uint8_t csuite[6], method_id[16];
	struct octets z[7] = {{pl, 2}, in->psk, csuite_sel(in->suite, csuite)};

	memcpy(z + 3, input_string, 4 * sizeof(*z));
	if (!gkdf(in->suite, key, z, 7, keys->mk.octets, in->suite->key_length))
		return false;
	keys->mk.length = in->suite->key_length;
	z[0] = (struct octets){label, sizeof(label)};
	z[1] = (struct octets){&type, 1};
	if (!gkdf(in->suite, key, z, 7, method_id, sizeof(method_id)))
		return false;
	session_id_of(type, (struct octets){method_id, sizeof(method_id)}, (struct octets){NULL, 0},
		      &keys->session_id);
	return true;
}

bool eap_gpsk_derive(struct eap_gpsk_keys *keys, const struct eap_gpsk_input *in)
{
	const struct octets input_string[] = {{in->rand_peer, EAP_GPSK_RAND},
					      in->id_peer,
					      {in->rand_server, EAP_GPSK_RAND},
					      in->id_server};
	size_t ks = in->suite->key_length;
	uint8_t out[GPSK_KEYS_MAX];
	bool right;

	eap_gpsk_clear(keys);
	if (in->psk.length < ks || in->psk.length > 65535)
		return false;
	right = gpsk_from_psk(keys, in, input_string) &&
		gkdf(in->suite, (struct octets){keys->mk.octets, ks}, input_string, 4, out,
		     2 * EAP_MSK + 2 * ks);
	if (right) {
		secret_set(&keys->msk, out, EAP_MSK);
		secret_set(&keys->emsk, out + EAP_MSK, EAP_MSK);
		secret_set(&keys->sk, out + 2 * EAP_MSK, ks);
		if (in->suite->encrypts)
			secret_set(&keys->pk, out + 2 * EAP_MSK + ks, ks);
	}
	secret_wipe(out, sizeof(out));
	return right;
}

void eap_gpsk_clear(struct eap_gpsk_keys *keys)
{
	secret_wipe(keys, sizeof(*keys));
}

bool eap_gpsk_mac(const struct eap_gpsk_suite *suite, const struct secret *sk,
		  const struct octets *parts, size_t count, uint8_t mac[EAP_GPSK_MAC_MAX])
{
	return suite_mac(suite, (struct octets){sk->octets, sk->length}, parts, count, mac);
}

/* The NULL cipher of suite 2. */
static bool null_cipher(const uint8_t *in, uint8_t *out, size_t length)
{
	if (length)
		memmove(out, in, length);
	return true;
}

bool eap_gpsk_decrypt(const struct eap_gpsk_suite *suite, const struct secret *pk,
		      const uint8_t iv[16], const uint8_t *in, uint8_t *out, size_t length)
{
	if (!suite->encrypts)
		return null_cipher(in, out, length);
	return pk->length == AES_KEY && aes_cbc_decrypt(pk->octets, iv, in, out, length);
}

bool eap_gpsk_encrypt(const struct eap_gpsk_suite *suite, const struct secret *pk,
		      const uint8_t iv[16], const uint8_t *in, uint8_t *out, size_t length)
{
	if (!suite->encrypts)
		return null_cipher(in, out, length);
	return pk->length == AES_KEY && aes_cbc_encrypt(pk->octets, iv, in, out, length);
}
