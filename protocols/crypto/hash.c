// SPDX-License-Identifier: GPL-2.0-or-later
#include "hash.h"

#include <string.h>

#include "protocols/core/secret.h"

/* Gives update and finish of one mbedTLS hash the common form. */
#define HASH_CORE(name)                                                                       \
	static int name##_more(union hash_state *state, const uint8_t *octets, size_t length) \
	{                                                                                     \
		return mbedtls_##name##_update(&state->name, octets, length);                 \
	}                                                                                     \
	static int name##_end(union hash_state *state, uint8_t *out)                          \
	{                                                                                     \
		return mbedtls_##name##_finish(&state->name, out);                            \
	}

HASH_CORE(md5)
HASH_CORE(sha1)
HASH_CORE(sha256)
HASH_CORE(sha512)

static int md5_start(union hash_state *state)
{
	return mbedtls_md5_starts(&state->md5);
}

static int sha1_start(union hash_state *state)
{
	return mbedtls_sha1_starts(&state->sha1);
}

static int sha256_start(union hash_state *state)
{
	return mbedtls_sha256_starts(&state->sha256, 0);
}

static int sha384_start(union hash_state *state)
{
	return mbedtls_sha512_starts(&state->sha512, 1);
}

static int sha512_start(union hash_state *state)
{
	return mbedtls_sha512_starts(&state->sha512, 0);
}

static const struct hash_core {
	size_t length; /* of the output, octets */
	size_t block;  /* octets */
	int (*start)(union hash_state *state);
	int (*more)(union hash_state *state, const uint8_t *octets, size_t length);
	int (*end)(union hash_state *state, uint8_t *out); /* may write HASH_LENGTH_MAX octets */
} cores[] = {
	[HASH_MD5] = {16, 64, md5_start, md5_more, md5_end},
	[HASH_SHA1] = {20, 64, sha1_start, sha1_more, sha1_end},
	[HASH_SHA256] = {32, 64, sha256_start, sha256_more, sha256_end},
	[HASH_SHA384] = {48, 128, sha384_start, sha512_more, sha512_end},
	[HASH_SHA512] = {64, 128, sha512_start, sha512_more, sha512_end},
};

static const struct hash_core *core_of(enum hash hash)
{
	return (size_t)hash < sizeof(cores) / sizeof(cores[0]) ? &cores[hash] : NULL;
}

static bool begin(const struct hash_core *core, union hash_state *state)
{
	memset(state, 0, sizeof(*state));
	return core->start(state) == 0;
}

/* Absorbs the list and ends the hash. */
static bool finish(const struct hash_core *core, union hash_state *state,
		   const struct octets *parts, size_t count, uint8_t *out)
{
	uint8_t full[HASH_LENGTH_MAX];
	bool right = true;

	for (size_t i = 0; i < count && right; i++)
		if (parts[i].length)
			right = core->more(state, parts[i].octets, parts[i].length) == 0;
	right = right && core->end(state, full) == 0;
	if (right)
		memcpy(out, full, core->length);
	secret_wipe(full, sizeof(full));
	secret_wipe(state, sizeof(*state));
	return right;
}

size_t hash_length(enum hash hash)
{
	const struct hash_core *core = core_of(hash);

	return core ? core->length : 0;
}

bool hash(enum hash which, const struct octets *parts, size_t count, uint8_t *out)
{
	const struct hash_core *core = core_of(which);
	union hash_state state;

	return core && begin(core, &state) && finish(core, &state, parts, count, out);
}

/* Absorbs one block: the key, filled up with zeros, xor `pad`. */
static bool absorb(const struct hash_core *core, union hash_state *state, const uint8_t *key,
		   uint8_t pad)
{
	uint8_t block[HASH_BLOCK_MAX];
	bool right;

	for (size_t i = 0; i < core->block; i++)
		block[i] = key[i] ^ pad;
	right = begin(core, state) && core->more(state, block, core->block) == 0;
	secret_wipe(block, sizeof(block));
	return right;
}

bool hmac_key_set(struct hmac_key *ready, enum hash which, struct octets key)
{
	const struct hash_core *core = core_of(which);
	uint8_t block[HASH_BLOCK_MAX] = {0};
	bool right = core;

	ready->hash = which;
	if (right && key.length > core->block)
		right = hash(which, &key, 1, block);
	else if (right && key.length)
		memcpy(block, key.octets, key.length);
	right = right && absorb(core, &ready->inner, block, 0x36) &&
		absorb(core, &ready->outer, block, 0x5c);
	secret_wipe(block, sizeof(block));
	return right;
}

void hmac_key_clear(struct hmac_key *ready)
{
	secret_wipe(ready, sizeof(*ready));
}

bool hmac_with(const struct hmac_key *ready, const struct octets *parts, size_t count, uint8_t *out)
{
	const struct hash_core *core = core_of(ready->hash);
	union hash_state inner = ready->inner, outer = ready->outer;
	uint8_t digest[HASH_LENGTH_MAX];
	bool right = core && finish(core, &inner, parts, count, digest);

	if (right) {
		struct octets rest = {digest, core->length};

		right = finish(core, &outer, &rest, 1, out);
	}
	secret_wipe(&outer, sizeof(outer));
	secret_wipe(digest, sizeof(digest));
	return right;
}

bool hmac(enum hash which, struct octets key, const struct octets *parts, size_t count,
	  uint8_t *out)
{
	struct hmac_key ready;
	bool right = hmac_key_set(&ready, which, key) && hmac_with(&ready, parts, count, out);

	hmac_key_clear(&ready);
	return right;
}
