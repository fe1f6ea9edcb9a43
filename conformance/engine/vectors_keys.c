// SPDX-License-Identifier: GPL-2.0-or-later
/* Runners for the key schedules of EAP methods and PANA. */
#include "vectors_entry.h"

#include <string.h>

#include "capture.h"
#include "protocols/crypto/kdf.h"
#include "protocols/eap/keys.h"
#include "protocols/pana/keys.h"

/* Session-Id, and what hangs off it and the EMSK. */
static void expect_names(struct vectors_entry *e, const struct eap_session_id *id,
			 const struct secret *emsk)
{
	uint8_t name[EMSK_NAME_LENGTH];
	struct secret usrk;

	if (!kdf_emsk_name((struct octets){id->octets, id->length}, name) ||
	    !sso_usrk((struct octets){emsk->octets, emsk->length}, &usrk)) {
		entry_fail(e, "the EMSK's name or USRK was not derived");
		return;
	}
	entry_expect(e, "session_id", id->octets, id->length);
	entry_expect(e, "emsk_name", name, sizeof(name));
	entry_expect_secret(e, "usrk_c1222", &usrk);
	secret_clear(&usrk);
}

/* The protected channel of RFC 4764 3.3, both ways. */
static void psk_channel(struct vectors_entry *e, const struct eap_psk_keys *keys)
{
	uint32_t nonce = entry_number(e, "channel_nonce", UINT32_MAX);
	const uint8_t *header = entry_octets_of(e, "channel_header", EAP_PSK_HEADER);
	struct octets plaintext = entry_octets(e, "channel_plaintext");
	uint8_t *text = entry_buffer(e, plaintext.length);
	uint8_t tag[EAP_PSK_TAG];

	if (!eap_psk_seal(keys, nonce, header, plaintext.octets, text, plaintext.length, tag))
		entry_fail(e, "nothing was encrypted");
	entry_expect(e, "channel_ciphertext", text, plaintext.length);
	entry_expect(e, "channel_tag", tag, sizeof(tag));
	if (eap_psk_open(keys, nonce + 1, header, text, text, plaintext.length, tag))
		entry_fail(e, "a tag was accepted under another nonce");
	if (!eap_psk_open(keys, nonce, header, text, text, plaintext.length, tag))
		entry_fail(e, "the right tag was refused");
	entry_compare(e, "channel_plaintext", plaintext, (struct octets){text, plaintext.length});
}

void vectors_run_psk(struct vectors_entry *e)
{
	struct octets psk = entry_octets(e, "psk");
	struct octets id_p = entry_text(e, "id_p"), id_s = entry_text(e, "id_s");
	const uint8_t *rand_s = entry_octets_of(e, "rand_s", EAP_PSK_RAND);
	const uint8_t *rand_p = entry_octets_of(e, "rand_p", EAP_PSK_RAND);
	uint8_t mac_p[EAP_PSK_MAC], mac_s[EAP_PSK_MAC];
	struct eap_session_id id;
	struct eap_psk_keys keys;

	if (!eap_psk_setup(&keys, psk) || !eap_psk_derive(&keys, rand_p) ||
	    !eap_psk_mac_p(&keys, id_p, id_s, rand_s, rand_p, mac_p) ||
	    !eap_psk_mac_s(&keys, id_s, rand_p, mac_s)) {
		entry_fail(e, "the keys were not derived from a PSK of %zu octets", psk.length);
		return;
	}
	entry_expect_secret(e, "ak", &keys.ak);
	entry_expect_secret(e, "kdk", &keys.kdk);
	entry_expect_secret(e, "tek", &keys.tek);
	entry_expect_secret(e, "msk", &keys.msk);
	entry_expect_secret(e, "emsk", &keys.emsk);
	if (entry_has(e, "mac_p"))
		entry_expect(e, "mac_p", mac_p, sizeof(mac_p));
	if (entry_has(e, "mac_s"))
		entry_expect(e, "mac_s", mac_s, sizeof(mac_s));
	if (entry_has(e, "channel_tag"))
		psk_channel(e, &keys);
	eap_psk_session_id(rand_p, rand_s, &id);
	expect_names(e, &id, &keys.emsk);
	eap_psk_clear(&keys);
}

/* The MAC under SK, and the protected data under PK, where the entry has them. */
static void gpsk_protection(struct vectors_entry *e, const struct eap_gpsk_suite *suite,
			    const struct eap_gpsk_keys *keys)
{
	if (entry_has(e, "mac")) {
		struct octets message = entry_octets(e, "mac_message");
		uint8_t mac[EAP_GPSK_MAC_MAX];

		if (!eap_gpsk_mac(suite, &keys->sk, &message, 1, mac))
			entry_fail(e, "the MAC was not computed");
		entry_expect(e, "mac", mac, suite->mac_length);
	}
	if (entry_has(e, "pd_ciphertext")) {
		const uint8_t *iv = entry_octets_of(e, "pd_iv", 16);
		struct octets ciphertext = entry_octets(e, "pd_ciphertext");
		uint8_t *text = entry_buffer(e, ciphertext.length);

		if (!eap_gpsk_decrypt(suite, &keys->pk, iv, ciphertext.octets, text,
				      ciphertext.length))
			entry_fail(e, "nothing was decrypted");
		entry_expect(e, "pd_plaintext", text, ciphertext.length);
		if (!eap_gpsk_encrypt(suite, &keys->pk, iv, text, text, ciphertext.length))
			entry_fail(e, "nothing was encrypted");
		entry_compare(e, "pd_ciphertext", ciphertext,
			      (struct octets){text, ciphertext.length});
	}
}

void vectors_run_gpsk(struct vectors_entry *e)
{
	uint16_t specifier = (uint16_t)entry_number(e, "suite", UINT16_MAX);
	struct eap_gpsk_input input = {
		.suite = eap_gpsk_suite_find(0, specifier),
		.psk = entry_octets(e, "psk"),
		.rand_peer = entry_octets_of(e, "rand_peer", EAP_GPSK_RAND),
		.rand_server = entry_octets_of(e, "rand_server", EAP_GPSK_RAND),
		.id_peer = entry_text(e, "id_peer"),
		.id_server = entry_text(e, "id_server"),
	};
	struct eap_gpsk_keys keys;

	if (!input.suite) {
		entry_malformed(e, "member \"suite\": wanted 1 or 2, found %u", specifier);
		return;
	}
	if (!eap_gpsk_derive(&keys, &input)) {
		entry_fail(e, "the keys were not derived from a PSK of %zu octets",
			   input.psk.length);
		return;
	}
	entry_expect_secret(e, "mk", &keys.mk);
	entry_expect_secret(e, "msk", &keys.msk);
	entry_expect_secret(e, "emsk", &keys.emsk);
	entry_expect_secret(e, "sk", &keys.sk);
	if (input.suite->encrypts)
		entry_expect_secret(e, "pk", &keys.pk);
	gpsk_protection(e, input.suite, &keys);
	expect_names(e, &keys.session_id, &keys.emsk);
	eap_gpsk_clear(&keys);
}

/* The members that every PANA key needs, but for the two messages. */
static struct pana_key_input pana_input(struct vectors_entry *e)
{
	return (struct pana_key_input){
		.prf = entry_number(e, "prf", UINT32_MAX),
		.msk = entry_octets(e, "msk"),
		.pac_nonce = entry_octets(e, "pac_nonce"),
		.paa_nonce = entry_octets(e, "paa_nonce"),
		.key_id = entry_number_octets(e, "key_id"),
	};
}

static void expect_auth_key(struct vectors_entry *e, const struct pana_key_input *input,
			    uint32_t integrity, struct secret *key)
{
	if (!pana_auth_key(input, integrity, key))
		entry_fail(e, "PRF %u with integrity algorithm %u is not supported", input->prf,
			   integrity);
	entry_expect_secret(e, "pana_auth_key", key);
}

void vectors_run_pana_keys(struct vectors_entry *e)
{
	struct pana_key_input input = pana_input(e);
	uint32_t integrity = entry_number(e, "integrity", UINT32_MAX);
	uint32_t encryption = entry_number(e, "encryption", UINT32_MAX);
	struct octets pdu = entry_octets(e, "pdu"), auth = entry_octets(e, "auth");
	size_t offset = entry_number(e, "auth_offset", UINT16_MAX), length = 0;
	struct secret key, pac, paa;
	uint8_t value[PANA_AUTH_VALUE_MAX];

	input.i_par = entry_octets(e, "i_par");
	input.i_pan = entry_octets(e, "i_pan");
	expect_auth_key(e, &input, integrity, &key);
	if (!pana_encr_keys(&input, encryption, &pac, &paa))
		entry_fail(e, "encryption algorithm %u is not supported", encryption);
	entry_expect_secret(e, "pana_pac_encr_key", &pac);
	entry_expect_secret(e, "pana_paa_encr_key", &paa);
	if (!pana_auth_value(integrity, &key, pdu.octets, pdu.length, offset, auth.length, value,
			     &length))
		entry_fail(e, "the AUTH value was not computed");
	entry_compare(e, "auth", auth, (struct octets){value, length});
	secret_clear(&key);
	secret_clear(&pac);
	secret_clear(&paa);
}

/* The capture that the source of a PANA entry names, as a path beside the vectors' folder: its
 * messages are not in the file. NULL and malformed if it names none. */
static char *capture_path(struct vectors_entry *e)
{
	g_auto(GStrv) words = g_strsplit_set(entry_string(e, "source"), " ;,()", -1);
	g_autofree char *folder = g_path_get_dirname(e->path);

	for (size_t i = 0; words[i]; i++)
		if ((g_str_has_suffix(words[i], ".pcapng") ||
		     g_str_has_suffix(words[i], ".pcap")) &&
		    !strchr(words[i], '/'))
			return g_build_filename(folder, "..", "captures", words[i], NULL);
	entry_malformed(e, "member \"source\": wanted the name of a capture, found none");
	return NULL;
}

/* The payload of a frame, copied; the entry is skipped if the frame is not to be had. */
static struct octets frame_payload(struct vectors_entry *e, const char *path, uint32_t frame)
{
	char error[CAPTURE_ERROR_SIZE];
	struct capture *capture = capture_open_file(path, NULL, error, sizeof(error));
	struct octets found = {NULL, 0};
	struct capture_payload payload;

	if (!capture) {
		entry_skip(e, "%s", error);
		return found;
	}
	while (!found.octets && capture_next(capture, &payload) == CAPTURE_PAYLOAD)
		if (payload.passage.frame == frame) {
			uint8_t *copy = entry_buffer(e, payload.length);

			if (payload.length)
				memcpy(copy, payload.octets, payload.length);
			found = (struct octets){copy, payload.length};
		}
	capture_free(capture);
	if (!found.octets)
		entry_skip(e, "%s has no payload in frame %u", path, frame);
	return found;
}

void vectors_run_pana(struct vectors_entry *e)
{
	struct pana_key_input input = pana_input(e);
	uint32_t integrity = entry_number(e, "integrity", UINT32_MAX);
	uint32_t i_par_frame = entry_number(e, "i_par_frame", UINT32_MAX);
	uint32_t i_pan_frame = entry_number(e, "i_pan_frame", UINT32_MAX);
	g_autofree char *path = capture_path(e);
	struct secret key;

	if (!path)
		return;
	input.i_par = frame_payload(e, path, i_par_frame);
	input.i_pan = frame_payload(e, path, i_pan_frame);
	if (e->skipped[0])
		return;
	expect_auth_key(e, &input, integrity, &key);
	secret_clear(&key);
}

void vectors_run_pana_counter(struct vectors_entry *e)
{
	uint8_t block[16];

	pana_counter_block(entry_number_octets(e, "key_id"), entry_number_octets(e, "session_id"),
			   entry_number_octets(e, "sequence"), block);
	entry_expect(e, "counter", block, sizeof(block));
}

void vectors_run_pana_encr(struct vectors_entry *e)
{
	uint32_t encryption = entry_number(e, "encryption", UINT32_MAX);
	struct octets key_octets = entry_octets(e, "key"), text = entry_octets(e, "plaintext");
	uint32_t key_id = entry_number_octets(e, "key_id");
	uint32_t session_id = entry_number_octets(e, "session_id");
	uint32_t sequence = entry_number_octets(e, "sequence");
	uint8_t *out = entry_buffer(e, text.length);
	struct secret key;

	secret_set(&key, key_octets.octets, key_octets.length);
	if (!pana_encr_crypt(encryption, &key, key_id, session_id, sequence, text.octets, out,
			     text.length))
		entry_fail(e, "encryption algorithm %u is not supported with a key of %zu octets",
			   encryption, key_octets.length);
	entry_expect(e, "ciphertext", out, text.length);
	secret_clear(&key);
}
