// SPDX-License-Identifier: GPL-2.0-or-later
#include "aes.h"

#include <string.h>

#include <mbedtls/aes.h>

#include "protocols/core/secret.h"

static bool key_start(mbedtls_aes_context *aes, const uint8_t key[AES_KEY])
{
	mbedtls_aes_init(aes);
	return mbedtls_aes_setkey_enc(aes, key, 8 * AES_KEY) == 0;
}

static bool encrypt(mbedtls_aes_context *aes, const uint8_t in[AES_BLOCK], uint8_t out[AES_BLOCK])
{
	return mbedtls_aes_crypt_ecb(aes, MBEDTLS_AES_ENCRYPT, in, out) == 0;
}

bool aes_encrypt_blocks(const uint8_t key[AES_KEY], const uint8_t *in, uint8_t *out, size_t blocks)
{
	mbedtls_aes_context aes;
	bool right = key_start(&aes, key);

	for (size_t i = 0; i < blocks && right; i++)
		right = encrypt(&aes, in + i * AES_BLOCK, out + i * AES_BLOCK);
	mbedtls_aes_free(&aes);
	return right;
}

static bool cbc(mbedtls_aes_context *aes, int mode, const uint8_t iv[AES_BLOCK], const uint8_t *in,
		uint8_t *out, size_t length)
{
	uint8_t chain[AES_BLOCK];
	bool right;

	memcpy(chain, iv, AES_BLOCK);
	right = length == 0 || mbedtls_aes_crypt_cbc(aes, mode, length, chain, in, out) == 0;
	secret_wipe(chain, sizeof(chain));
	return right;
}

bool aes_cbc_encrypt(const uint8_t key[AES_KEY], const uint8_t iv[AES_BLOCK], const uint8_t *in,
		     uint8_t *out, size_t length)
{
	mbedtls_aes_context aes;
	bool right = key_start(&aes, key) && length % AES_BLOCK == 0 &&
		     cbc(&aes, MBEDTLS_AES_ENCRYPT, iv, in, out, length);

	mbedtls_aes_free(&aes);
	return right;
}

bool aes_cbc_decrypt(const uint8_t key[AES_KEY], const uint8_t iv[AES_BLOCK], const uint8_t *in,
		     uint8_t *out, size_t length)
{
	mbedtls_aes_context aes;
	bool right;

	mbedtls_aes_init(&aes);
	right = mbedtls_aes_setkey_dec(&aes, key, 8 * AES_KEY) == 0 && length % AES_BLOCK == 0 &&
		cbc(&aes, MBEDTLS_AES_DECRYPT, iv, in, out, length);
	mbedtls_aes_free(&aes);
	return right;
}

bool aes_ctr(const uint8_t key[AES_KEY], const uint8_t counter[AES_BLOCK], const uint8_t *in,
	     uint8_t *out, size_t length)
{
	uint8_t next[AES_BLOCK], stream[AES_BLOCK];
	mbedtls_aes_context aes;
	size_t offset = 0;
	bool right;

	memcpy(next, counter, AES_BLOCK);
	right = key_start(&aes, key) &&
		(length == 0 ||
		 mbedtls_aes_crypt_ctr(&aes, length, &offset, next, stream, in, out) == 0);
	mbedtls_aes_free(&aes);
	secret_wipe(stream, sizeof(stream));
	return right;
}

/* A CBC-MAC whose last block is masked: with `whole` if it is a whole one, else it is filled up
 * with 10...0 and masked with `part`. */
struct chain {
	mbedtls_aes_context aes;
	uint8_t whole[AES_BLOCK];
	uint8_t part[AES_BLOCK];
	uint8_t value[AES_BLOCK]; /* of the blocks done; the held octets are xored in already */
	size_t held;              /* octets of the block under way; AES_BLOCK until more follows */
};

static bool chain_add(struct chain *c, const uint8_t *octets, size_t length)
{
	while (length) {
		size_t take = AES_BLOCK - c->held;

		if (!take) {
			if (!encrypt(&c->aes, c->value, c->value))
				return false;
			c->held = 0;
			take = AES_BLOCK;
		}
		if (take > length)
			take = length;
		for (size_t i = 0; i < take; i++)
			c->value[c->held + i] ^= octets[i];
		c->held += take;
		octets += take;
		length -= take;
	}
	return true;
}

static bool chain_end(struct chain *c, uint8_t mac[AES_BLOCK])
{
	const uint8_t *mask = c->held == AES_BLOCK ? c->whole : c->part;

	if (c->held < AES_BLOCK)
		c->value[c->held] ^= 0x80;
	for (size_t i = 0; i < AES_BLOCK; i++)
		c->value[i] ^= mask[i];
	return encrypt(&c->aes, c->value, mac);
}

static bool chain_run(struct chain *c, bool ready, const struct octets *parts, size_t count,
		      uint8_t mac[AES_BLOCK])
{
	bool right = ready;

	memset(c->value, 0, AES_BLOCK);
	c->held = 0;
	for (size_t i = 0; i < count && right; i++)
		right = chain_add(c, parts[i].octets, parts[i].length);
	right = right && chain_end(c, mac);
	mbedtls_aes_free(&c->aes);
	secret_wipe(c, sizeof(*c));
	return right;
}

/* Doubles in GF(2^128): RFC 4493 2.3. Without a branch on the secret. */
static void double_block(const uint8_t in[AES_BLOCK], uint8_t out[AES_BLOCK])
{
	uint8_t reduce = (uint8_t)(0x87 & -(in[0] >> 7));

	for (size_t i = 0; i + 1 < AES_BLOCK; i++)
		out[i] = (uint8_t)(in[i] << 1 | in[i + 1] >> 7);
	out[AES_BLOCK - 1] = (uint8_t)(in[AES_BLOCK - 1] << 1 ^ reduce);
}

bool aes_cmac(const uint8_t key[AES_KEY], const struct octets *parts, size_t count,
	      uint8_t mac[AES_BLOCK])
{
	static const uint8_t zero[AES_BLOCK];
	uint8_t l[AES_BLOCK];
	struct chain c;
	bool ready = key_start(&c.aes, key) && encrypt(&c.aes, zero, l);

	if (ready) {
		double_block(l, c.whole);
		double_block(c.whole, c.part);
	}
	secret_wipe(l, sizeof(l));
	return chain_run(&c, ready, parts, count, mac);
}

/* RFC 3566 4: K1, under which the blocks are chained, K2 and K3 are encryptions of constants. */
bool aes_xcbc(const uint8_t key[AES_KEY], const struct octets *parts, size_t count,
	      uint8_t mac[AES_BLOCK])
{
	uint8_t keys[3][AES_BLOCK];
	struct chain c;
	bool ready;

	for (int i = 0; i < 3; i++)
		memset(keys[i], i + 1, AES_BLOCK);
	ready = aes_encrypt_blocks(key, keys[0], keys[0], 3) && key_start(&c.aes, keys[0]);
	memcpy(c.whole, keys[1], AES_BLOCK);
	memcpy(c.part, keys[2], AES_BLOCK);
	secret_wipe(keys, sizeof(keys));
	if (!ready)
		return false;
	return chain_run(&c, ready, parts, count, mac);
}
