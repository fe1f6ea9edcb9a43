// SPDX-License-Identifier: GPL-2.0-or-later
#include "prf.h"

#include <string.h>

#include "aes.h"
#include "protocols/core/secret.h"

enum construction { BY_HMAC, BY_XCBC, BY_CMAC };

static const struct prf_row {
	uint32_t id; /* IKEv2 transform type 2 */
	enum construction construction;
	enum hash hash; /* of HMAC */
	size_t length;  /* of the output, octets */
} prfs[] = {
	{1, BY_HMAC, HASH_MD5, 16},    {2, BY_HMAC, HASH_SHA1, 20},   {4, BY_XCBC, 0, 16},
	{5, BY_HMAC, HASH_SHA256, 32}, {6, BY_HMAC, HASH_SHA384, 48}, {7, BY_HMAC, HASH_SHA512, 64},
	{8, BY_CMAC, 0, 16},
};

static const struct integrity_row {
	uint32_t id; /* IKEv2 transform type 3 */
	enum construction construction;
	enum hash hash;    /* of HMAC */
	size_t key_length; /* octets */
	size_t length;     /* of the value: the first so many octets of the MAC */
} integrities[] = {
	{1, BY_HMAC, HASH_MD5, 16, 12},
	{2, BY_HMAC, HASH_SHA1, 20, 12},
	{5, BY_XCBC, 0, 16, 12},
	{6, BY_HMAC, HASH_MD5, 16, 16},
	{7, BY_HMAC, HASH_SHA1, 20, 20},
	{8, BY_CMAC, 0, 16, 12},
	{12, BY_HMAC, HASH_SHA256, 32, 16},
	{13, BY_HMAC, HASH_SHA384, 48, 24},
	{14, BY_HMAC, HASH_SHA512, 64, 32},
};

static const struct prf_row *prf_find(uint32_t id)
{
	for (size_t i = 0; i < sizeof(prfs) / sizeof(prfs[0]); i++)
		if (prfs[i].id == id)
			return &prfs[i];
	return NULL;
}

static const struct integrity_row *integrity_find(uint32_t id)
{
	for (size_t i = 0; i < sizeof(integrities) / sizeof(integrities[0]); i++)
		if (integrities[i].id == id)
			return &integrities[i];
	return NULL;
}

size_t prf_length(uint32_t id)
{
	const struct prf_row *row = prf_find(id);

	return row ? row->length : 0;
}

size_t integrity_length(uint32_t id)
{
	const struct integrity_row *row = integrity_find(id);

	return row ? row->length : 0;
}

size_t integrity_key_length(uint32_t id)
{
	const struct integrity_row *row = integrity_find(id);

	return row ? row->key_length : 0;
}

/* A PRF's key in the form that its construction works with. */
struct prf_key {
	const struct prf_row *row;
	struct hmac_key hmac;
	uint8_t aes[AES_KEY];
};

/* A key of AES: XCBC fills a short one up with zeros (RFC 4434 2), CMAC hashes it as it does a long
 * one (RFC 4615 3). */
static bool prf_key_aes(struct prf_key *k, struct octets key)
{
	static const uint8_t zero[AES_KEY];
	bool xcbc = k->row->construction == BY_XCBC;

	memset(k->aes, 0, AES_KEY);
	if (key.length == AES_KEY || (xcbc && key.length < AES_KEY)) {
		if (key.length)
			memcpy(k->aes, key.octets, key.length);
		return true;
	}
	return xcbc ? aes_xcbc(zero, &key, 1, k->aes) : aes_cmac(zero, &key, 1, k->aes);
}

static bool prf_key_set(struct prf_key *k, uint32_t id, struct octets key)
{
	k->row = prf_find(id);
	if (!k->row)
		return false;
	if (k->row->construction == BY_HMAC)
		return hmac_key_set(&k->hmac, k->row->hash, key);
	return prf_key_aes(k, key);
}

static bool prf_with(const struct prf_key *k, const struct octets *parts, size_t count,
		     uint8_t *out)
{
	switch (k->row->construction) {
	case BY_HMAC:
		return hmac_with(&k->hmac, parts, count, out);
	case BY_XCBC:
		return aes_xcbc(k->aes, parts, count, out);
	case BY_CMAC:
		return aes_cmac(k->aes, parts, count, out);
	}
	return false;
}

bool prf(uint32_t id, struct octets key, const struct octets *parts, size_t count, uint8_t *out)
{
	struct prf_key k;
	bool right = prf_key_set(&k, id, key) && prf_with(&k, parts, count, out);

	secret_wipe(&k, sizeof(k));
	return right;
}

bool prf_plus(uint32_t id, struct octets key, const struct octets *parts, size_t count,
	      uint8_t *out, size_t length)
{
	struct octets list[PRF_PARTS_MAX + 2];
	uint8_t block[PRF_LENGTH_MAX], number = 0;
	struct prf_key k;
	bool right =
		count <= PRF_PARTS_MAX && prf_key_set(&k, id, key) && length <= 255 * k.row->length;

	if (!right) {
		secret_wipe(&k, sizeof(k));
		return false;
	}
	list[0] = (struct octets){block, 0}; /* T1 has no predecessor */
	if (count)
		memcpy(list + 1, parts, count * sizeof(*parts));
	list[count + 1] = (struct octets){&number, 1};
	for (size_t done = 0; done < length && right;) {
		size_t take = length - done < k.row->length ? length - done : k.row->length;

		number++;
		right = prf_with(&k, list, count + 2, block);
		list[0].length = k.row->length;
		if (right)
			memcpy(out + done, block, take);
		done += take;
	}
	secret_wipe(block, sizeof(block));
	secret_wipe(&k, sizeof(k));
	return right;
}

bool integrity_key_set(struct integrity_key *ready, uint32_t id, struct octets key)
{
	const struct integrity_row *row = integrity_find(id);

	ready->id = id;
	if (!row || key.length != row->key_length)
		return false;
	if (row->construction == BY_HMAC)
		return hmac_key_set(&ready->hmac, row->hash, key);
	memcpy(ready->aes, key.octets, sizeof(ready->aes));
	return true;
}

void integrity_key_clear(struct integrity_key *ready)
{
	secret_wipe(ready, sizeof(*ready));
}

bool integrity_with(const struct integrity_key *ready, const struct octets *parts, size_t count,
		    uint8_t *out)
{
	const struct integrity_row *row = integrity_find(ready->id);
	uint8_t full[HASH_LENGTH_MAX];
	bool right = false;

	if (!row)
		return false;
	switch (row->construction) {
	case BY_HMAC:
		right = hmac_with(&ready->hmac, parts, count, full);
		break;
	case BY_XCBC:
		right = aes_xcbc(ready->aes, parts, count, full);
		break;
	case BY_CMAC:
		right = aes_cmac(ready->aes, parts, count, full);
		break;
	}
	if (right)
		memcpy(out, full, row->length);
	secret_wipe(full, sizeof(full));
	return right;
}

bool integrity(uint32_t id, struct octets key, const struct octets *parts, size_t count,
	       uint8_t *out)
{
	struct integrity_key ready;
	bool right =
		integrity_key_set(&ready, id, key) && integrity_with(&ready, parts, count, out);

	integrity_key_clear(&ready);
	return right;
}
