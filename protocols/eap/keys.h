/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Key schedules of the EAP methods: EAP-PSK (RFC 4764), EAP-GPSK (RFC 5433), and the EAP
 * Session-Ids (RFC 5247 1.4, appendix A; RFC 5433 4; RFC 5216 2.3).
 *
 * Keys are struct secret, filled by the caller's call and cleared by the caller. Functions return
 * false if a length is not the one stated (or mbedTLS fails); nothing of the output is then to be
 * used. MACs are for comparison with secret_equal.
 */
#ifndef ASSAY_EAP_KEYS_H
#define ASSAY_EAP_KEYS_H

#include "eap.h"

enum {
	EAP_PSK_KEY = 16,      /* octets of the PSK and of AK, KDK, TEK */
	EAP_PSK_TAG = 16,      /* of the channel's tag */
	EAP_GPSK_MAC_MAX = 32, /* of a MAC, depending on the ciphersuite */
	EAP_MSK = 64,          /* of MSK and EMSK */
	EAP_SESSION_ID_MAX = 65
};

/* Public: the name of an EAP conversation (RFC 5247 1.4). */
struct eap_session_id {
	uint8_t octets[EAP_SESSION_ID_MAX];
	size_t length; /* 0: none */
};

/* ---- EAP-PSK ---- */

struct eap_psk_keys {
	struct secret ak, kdk;        /* 16 octets each, of the PSK: RFC 4764 3.1 */
	struct secret tek, msk, emsk; /* 16, 64, 64 octets, of KDK and RAND_P: 3.2 */
};

/* AK and KDK from the PSK, 16 octets. */
bool eap_psk_setup(struct eap_psk_keys *keys, struct octets psk);

/* TEK, MSK and EMSK; after eap_psk_setup. */
bool eap_psk_derive(struct eap_psk_keys *keys, const uint8_t rand_p[EAP_PSK_RAND]);
void eap_psk_clear(struct eap_psk_keys *keys);

/* MAC_P of the second message and MAC_S of the third (RFC 4764 4.1); after eap_psk_setup. */
bool eap_psk_mac_p(const struct eap_psk_keys *keys, struct octets id_p, struct octets id_s,
		   const uint8_t rand_s[EAP_PSK_RAND], const uint8_t rand_p[EAP_PSK_RAND],
		   uint8_t mac[EAP_PSK_MAC]);
bool eap_psk_mac_s(const struct eap_psk_keys *keys, struct octets id_s,
		   const uint8_t rand_p[EAP_PSK_RAND], uint8_t mac[EAP_PSK_MAC]);

/* Opens the protected channel of a third or fourth message (RFC 4764 3.3): verifies the tag and
 * only then decrypts `length` octets to `plaintext` (may be the same memory). `nonce` is the number
 * N, `header` the first 22 octets of the EAP message. False also if the tag is wrong. */
bool eap_psk_open(const struct eap_psk_keys *keys, uint32_t nonce,
		  const uint8_t header[EAP_PSK_HEADER], const uint8_t *ciphertext,
		  uint8_t *plaintext, size_t length, const uint8_t tag[EAP_PSK_TAG]);

/* The reverse: encrypts `length` octets and writes the tag. */
bool eap_psk_seal(const struct eap_psk_keys *keys, uint32_t nonce,
		  const uint8_t header[EAP_PSK_HEADER], const uint8_t *plaintext,
		  uint8_t *ciphertext, size_t length, uint8_t tag[EAP_PSK_TAG]);

/* 2F | RAND_P | RAND_S (RFC 5247 appendix A). */
void eap_psk_session_id(const uint8_t rand_p[EAP_PSK_RAND], const uint8_t rand_s[EAP_PSK_RAND],
			struct eap_session_id *id);

/* ---- EAP-GPSK ---- */

/* One row of RFC 5433 figure 3. */
struct eap_gpsk_suite {
	uint16_t specifier; /* CSuite/Specifier, under vendor 0 */
	size_t key_length;  /* KS, octets */
	size_t mac_length;  /* ML, octets */
	bool encrypts;      /* AES-CBC-128 and a PK; else the NULL cipher */
};

/* The suite of a CSuite/Vendor and CSuite/Specifier, or NULL if it is none of the RFC's. */
const struct eap_gpsk_suite *eap_gpsk_suite_find(uint32_t vendor, uint16_t specifier);

/* What the keys are derived from (RFC 5433 4). */
struct eap_gpsk_input {
	const struct eap_gpsk_suite *suite;
	struct octets psk;        /* at least KS octets, at most 65535 */
	const uint8_t *rand_peer; /* EAP_GPSK_RAND octets */
	const uint8_t *rand_server;
	struct octets id_peer;
	struct octets id_server;
};

struct eap_gpsk_keys {
	struct secret mk, sk; /* KS octets */
	struct secret pk;     /* KS octets; none if the suite does not encrypt */
	struct secret msk, emsk;
	struct eap_session_id session_id; /* 33 | Method-ID */
};

bool eap_gpsk_derive(struct eap_gpsk_keys *keys, const struct eap_gpsk_input *input);
void eap_gpsk_clear(struct eap_gpsk_keys *keys);

/* The MAC of SEC_SK over the list: ML octets (RFC 5433 8.1.2, 8.2.2). */
bool eap_gpsk_mac(const struct eap_gpsk_suite *suite, const struct secret *sk,
		  const struct octets *parts, size_t count, uint8_t mac[EAP_GPSK_MAC_MAX]);

/* Decrypts or encrypts a PD_Payload (RFC 5433 8.1.1); with the NULL cipher it copies. `length` is a
 * multiple of 16 if the suite encrypts; `in` and `out` may be the same. */
bool eap_gpsk_decrypt(const struct eap_gpsk_suite *suite, const struct secret *pk,
		      const uint8_t iv[16], const uint8_t *in, uint8_t *out, size_t length);
bool eap_gpsk_encrypt(const struct eap_gpsk_suite *suite, const struct secret *pk,
		      const uint8_t iv[16], const uint8_t *in, uint8_t *out, size_t length);

/* ---- EAP-TLS ---- */

/* 0D | client random | server random, 32 octets each (RFC 5216 2.3). */
void eap_tls_session_id(const uint8_t client_random[32], const uint8_t server_random[32],
			struct eap_session_id *id);

#endif
