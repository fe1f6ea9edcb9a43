// SPDX-License-Identifier: GPL-2.0-or-later
/* Runners for the entries about protocols/crypto: those with a member "algorithm". */
#include "vectors_entry.h"

#include <string.h>

#include "protocols/crypto/eax.h"
#include "protocols/crypto/kdf.h"

typedef bool aes_mac(const uint8_t *key, const struct octets *parts, size_t count, uint8_t *mac);

/* A MAC over the message in one piece, and in three. */
static void run_mac(struct vectors_entry *e, aes_mac *mac_of)
{
	const uint8_t *key = entry_octets_of(e, "key", AES_KEY);
	struct octets message = entry_octets(e, "message");
	size_t third = message.length / 3;
	const struct octets pieces[] = {{message.octets, third},
					{message.octets + third, third},
					{message.octets + 2 * third, message.length - 2 * third}};
	uint8_t mac[AES_BLOCK], again[AES_BLOCK];

	if (!mac_of(key, &message, 1, mac) || !mac_of(key, pieces, 3, again)) {
		entry_fail(e, "the MAC was not computed");
		return;
	}
	entry_expect(e, "mac", mac, AES_BLOCK);
	entry_compare(e, "mac, in three pieces", (struct octets){mac, AES_BLOCK},
		      (struct octets){again, AES_BLOCK});
}

void vectors_run_cmac(struct vectors_entry *e)
{
	run_mac(e, aes_cmac);
}

void vectors_run_xcbc(struct vectors_entry *e)
{
	run_mac(e, aes_xcbc);
}

typedef bool aes_mode(const uint8_t *key, const uint8_t *start, const uint8_t *in, uint8_t *out,
		      size_t length);

static void run_cipher(struct vectors_entry *e, const char *start_member, aes_mode *encrypt,
		       aes_mode *decrypt)
{
	const uint8_t *key = entry_octets_of(e, "key", AES_KEY);
	const uint8_t *start = entry_octets_of(e, start_member, AES_BLOCK);
	struct octets plaintext = entry_octets(e, "plaintext");
	struct octets ciphertext = entry_octets(e, "ciphertext");
	uint8_t *encrypted = entry_buffer(e, plaintext.length);
	uint8_t *decrypted = entry_buffer(e, ciphertext.length);

	if (!encrypt(key, start, plaintext.octets, encrypted, plaintext.length) ||
	    !decrypt(key, start, ciphertext.octets, decrypted, ciphertext.length))
		entry_fail(e, "the cipher refused the length");
	entry_compare(e, "ciphertext", ciphertext, (struct octets){encrypted, plaintext.length});
	entry_compare(e, "plaintext", plaintext, (struct octets){decrypted, ciphertext.length});
}

void vectors_run_cbc(struct vectors_entry *e)
{
	run_cipher(e, "iv", aes_cbc_encrypt, aes_cbc_decrypt);
}

void vectors_run_ctr(struct vectors_entry *e)
{
	run_cipher(e, "counter", aes_ctr, aes_ctr);
}

void vectors_run_eax(struct vectors_entry *e)
{
	const uint8_t *key = entry_octets_of(e, "key", AES_KEY);
	struct octets nonce = entry_octets(e, "nonce"), header = entry_octets(e, "header");
	struct octets plaintext = entry_octets(e, "plaintext");
	uint8_t *text = entry_buffer(e, plaintext.length);
	uint8_t tag[EAX_TAG];

	if (!eax_encrypt(key, nonce, header, plaintext.octets, text, plaintext.length, tag))
		entry_fail(e, "nothing was encrypted");
	entry_expect(e, "ciphertext", text, plaintext.length);
	entry_expect(e, "tag", tag, EAX_TAG);
	if (!eax_decrypt(key, nonce, header, text, text, plaintext.length, tag))
		entry_fail(e, "the right tag was refused");
	entry_compare(e, "plaintext", plaintext, (struct octets){text, plaintext.length});
	tag[EAX_TAG - 1] ^= 1;
	if (eax_decrypt(key, nonce, header, text, text, plaintext.length, tag))
		entry_fail(e, "a wrong tag was accepted");
}

void vectors_run_hmac(struct vectors_entry *e)
{
	static const char *const names[] = {[HASH_MD5] = "md5",
					    [HASH_SHA1] = "sha1",
					    [HASH_SHA256] = "sha256",
					    [HASH_SHA384] = "sha384",
					    [HASH_SHA512] = "sha512"};
	const char *name = entry_string(e, "hash");
	struct octets key = entry_octets(e, "key"), message = entry_octets(e, "message");
	uint8_t mac[HASH_LENGTH_MAX];
	size_t which = 0;

	while (which < G_N_ELEMENTS(names) && strcmp(names[which], name) != 0)
		which++;
	if (which == G_N_ELEMENTS(names))
		entry_malformed(e,
				"member \"hash\": wanted md5, sha1, sha256, sha384 or sha512, "
				"found \"%.40s\"",
				name);
	else if (!hmac((enum hash)which, key, &message, 1, mac))
		entry_fail(e, "the HMAC was not computed");
	else
		entry_expect(e, "mac", mac, hash_length((enum hash)which));
}

void vectors_run_prf(struct vectors_entry *e)
{
	uint32_t id = entry_number(e, "prf", UINT32_MAX);
	struct octets key = entry_octets(e, "key"), message = entry_octets(e, "message");
	uint8_t output[PRF_LENGTH_MAX];

	if (!prf(id, key, &message, 1, output))
		entry_fail(e, "PRF %u is not supported", id);
	else
		entry_expect(e, "output", output, prf_length(id));
}

void vectors_run_prf_plus(struct vectors_entry *e)
{
	uint32_t id = entry_number(e, "prf", UINT32_MAX);
	struct octets key = entry_octets(e, "key"), message = entry_octets(e, "message");
	struct octets output = entry_octets(e, "output");
	uint8_t *got = entry_buffer(e, output.length);

	if (!prf_plus(id, key, &message, 1, got, output.length))
		entry_fail(e, "PRF %u is not supported", id);
	else
		entry_compare(e, "output", output, (struct octets){got, output.length});
}

void vectors_run_integrity(struct vectors_entry *e)
{
	uint32_t id = entry_number(e, "integrity", UINT32_MAX);
	struct octets key = entry_octets(e, "key"), message = entry_octets(e, "message");
	uint8_t value[INTEGRITY_LENGTH_MAX];

	if (!integrity(id, key, &message, 1, value))
		entry_fail(e, "integrity algorithm %u is not supported with a key of %zu octets",
			   id, key.length);
	else
		entry_expect(e, "value", value, integrity_length(id));
}

void vectors_run_erp(struct vectors_entry *e)
{
	struct octets emsk = entry_octets(e, "emsk"), packet = entry_octets(e, "packet");
	uint8_t cryptosuite = (uint8_t)entry_number(e, "cryptosuite", UINT8_MAX);
	uint16_t seq = (uint16_t)entry_number(e, "seq", UINT16_MAX);
	struct secret rrk, rik, rmsk;
	uint8_t tag[ERP_TAG_MAX];

	if (!erp_rrk(emsk, &rrk) || !erp_rik(&rrk, cryptosuite, &rik) ||
	    !erp_rmsk(&rrk, seq, &rmsk) || !erp_tag(cryptosuite, &rik, &packet, 1, tag)) {
		entry_fail(e, "the keys were not derived");
		return;
	}
	entry_expect_secret(e, "rrk", &rrk);
	entry_expect_secret(e, "rik", &rik);
	entry_expect_secret(e, "rmsk", &rmsk);
	entry_expect(e, "tag", tag, erp_tag_length(cryptosuite));
	secret_clear(&rrk);
	secret_clear(&rik);
	secret_clear(&rmsk);
}

void vectors_run_sso(struct vectors_entry *e)
{
	struct octets emsk = entry_octets(e, "emsk"), ap_title = entry_octets(e, "ap_title");
	struct octets session_id = entry_octets(e, "eap_session_id");
	uint8_t key_id = (uint8_t)entry_number(e, "key_id", UINT8_MAX);
	uint8_t name[EMSK_NAME_LENGTH];
	struct secret usrk, key;

	if (!kdf_emsk_name(session_id, name) || !sso_usrk(emsk, &usrk) ||
	    !sso_c1222_key(&usrk, ap_title, key_id, &key)) {
		entry_fail(e, "the keys were not derived");
		return;
	}
	entry_expect(e, "emsk_name", name, sizeof(name));
	entry_expect_secret(e, "usrk", &usrk);
	entry_expect_secret(e, "c1222_key", &key);
	secret_clear(&usrk);
	secret_clear(&key);
}
