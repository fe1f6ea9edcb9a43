// SPDX-License-Identifier: GPL-2.0-or-later
#include "keys.h"

#include <string.h>

#include "protocols/crypto/aes.h"

/* prf+(MSK, label | I_PAR | I_PAN | PaC_nonce | PAA_nonce | Key_ID), `length` octets. */
static bool derive(const struct pana_key_input *in, const char *label, size_t length,
		   struct secret *key)
{
	const uint8_t key_id[] = {(uint8_t)(in->key_id >> 24), (uint8_t)(in->key_id >> 16),
				  (uint8_t)(in->key_id >> 8), (uint8_t)in->key_id};
	const struct octets parts[] = {{(const uint8_t *)label, strlen(label)},
				       in->i_par,
				       in->i_pan,
				       in->pac_nonce,
				       in->paa_nonce,
				       {key_id, sizeof(key_id)}};

	secret_clear(key);
	if (!length || length > SECRET_SIZE ||
	    !prf_plus(in->prf, in->msk, parts, sizeof(parts) / sizeof(parts[0]), key->octets,
		      length))
		return false;
	key->length = length;
	return true;
}

bool pana_auth_key(const struct pana_key_input *in, uint32_t integrity, struct secret *key)
{
	return derive(in, "IETF PANA", integrity_key_length(integrity), key);
}

static size_t encryption_key_length(uint32_t encryption)
{
	return encryption == PANA_AES128_CTR ? AES_KEY : 0;
}

bool pana_encr_keys(const struct pana_key_input *in, uint32_t encryption, struct secret *pac,
		    struct secret *paa)
{
	size_t length = encryption_key_length(encryption);

	return derive(in, "IETF PANA PaC Encr", length, pac) &&
	       derive(in, "IETF PANA PAA Encr", length, paa);
}

bool pana_auth_value_with(const struct integrity_key *key, const uint8_t *pdu, size_t length,
			  size_t hole, size_t hole_length, uint8_t value[PANA_AUTH_VALUE_MAX],
			  size_t *value_length)
{
	static const uint8_t zeros[PANA_AUTH_VALUE_MAX];
	struct octets parts[3];

	*value_length = integrity_length(key->id);
	if (hole_length != *value_length || hole > length || hole_length > length - hole)
		return false;
	parts[0] = (struct octets){pdu, hole};
	parts[1] = (struct octets){zeros, hole_length};
	parts[2] = (struct octets){pdu + hole + hole_length, length - hole - hole_length};
	return integrity_with(key, parts, 3, value);
}

bool pana_auth_value(uint32_t integrity, const struct secret *key, const uint8_t *pdu,
		     size_t length, size_t hole, size_t hole_length,
		     uint8_t value[PANA_AUTH_VALUE_MAX], size_t *value_length)
{
	struct integrity_key ready;
	bool right =
		integrity_key_set(&ready, integrity, (struct octets){key->octets, key->length}) &&
		pana_auth_value_with(&ready, pdu, length, hole, hole_length, value, value_length);

	integrity_key_clear(&ready);
	return right;
}

void pana_counter_block(uint32_t key_id, uint32_t session_id, uint32_t sequence, uint8_t block[16])
{
	const uint32_t numbers[] = {key_id, session_id, sequence};

	memset(block, 0, AES_BLOCK);
	block[0] = 2; /* flags: three octets of counter (NIST SP 800-38C A.3) */
	for (size_t i = 0; i < 12; i++)
		block[1 + i] = (uint8_t)(numbers[i / 4] >> (24 - 8 * (i % 4)));
	block[15] = 1;
}

bool pana_encr_crypt(uint32_t encryption, const struct secret *key, uint32_t key_id,
		     uint32_t session_id, uint32_t sequence, const uint8_t *in, uint8_t *out,
		     size_t length)
{
	uint8_t block[AES_BLOCK];

	if (!key->length || key->length != encryption_key_length(encryption))
		return false;
	pana_counter_block(key_id, session_id, sequence, block);
	return aes_ctr(key->octets, block, in, out, length);
}
