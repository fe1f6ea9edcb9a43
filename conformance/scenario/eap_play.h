/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Both sides of one EAP conversation, message by message: Identity, a method, Success or Failure.
 * Every field, MAC and tag is computed, from the keys below and a source of octets; whoever carries
 * the messages (PANA, RADIUS, EAPOL) takes them in turn:
 *
 *     while (eap_play_next(&play, message, &length))
 *             carry(play.from_server, message, length);
 *
 * RFC 3748; RFC 4764 (EAP-PSK); RFC 5433 (EAP-GPSK); MD5-Challenge, which derives no key; and
 * EAP-TLS in its outward form only: flags and records whose content nobody can open. ERP
 * (RFC 6696) is a conversation of its own, keyed by the EMSK of one before it.
 *
 * A play holds keys by value: eap_play_clear wipes them.
 */
#ifndef ASSAY_SCENARIO_EAP_PLAY_H
#define ASSAY_SCENARIO_EAP_PLAY_H

#include "octet_source.h"
#include "protocols/crypto/kdf.h"
#include "protocols/eap/keys.h"

enum play_method {
	PLAY_PSK,
	PLAY_GPSK_1, /* ciphersuite 1: AES-CBC-128, AES-CMAC-128, with protected data */
	PLAY_GPSK_2, /* ciphersuite 2: NULL, HMAC-SHA256 */
	PLAY_TLS,
	PLAY_MD5,
	PLAY_ERP
};

enum { PLAY_MESSAGE_MAX = 1024 };

/* What peer and server are called and share. Texts end with NUL. */
struct play_identity {
	const char *peer;   /* of the Identity response and of the method */
	const char *server; /* of the method */
	struct octets key;  /* EAP-PSK 16 octets, EAP-GPSK 32; MD5-Challenge: the password */
};

extern const struct play_identity play_psk_identity, play_gpsk_identity, play_tls_identity,
	play_md5_identity;

struct eap_play {
	enum play_method method;
	struct play_identity identity;
	struct octet_source source;
	bool refuse;      /* the server ends it with a Failure after the peer's first answer */
	bool announce;    /* ERP: begin with Re-auth-Start */
	bool from_server; /* who sent the newest message */
	unsigned stage;   /* of the next message */
	uint8_t identifier;

	struct secret msk, emsk; /* once there; length 0: none */
	struct eap_session_id session_id;

	struct eap_psk_keys psk_keys;
	uint8_t rand_s[EAP_GPSK_RAND], rand_p[EAP_GPSK_RAND];
	struct eap_gpsk_keys gpsk_keys;
	uint8_t challenge[16];

	char key_name[64]; /* ERP: keyName-NAI */
	uint16_t erp_seq;
	uint8_t cryptosuite;
	struct secret rrk, rik;
};

/* A conversation by `method`, by the identity that goes with it. */
struct eap_play eap_play_new(enum play_method method, uint64_t seed);

/* ERP after `before`, which has come to its end: RFC 6696 3.1. `seq` counts from 0 per EMSK. */
bool eap_play_erp(struct eap_play *erp, const struct eap_play *before, uint16_t seq, uint64_t seed);

/* Writes the next message. False: the conversation is over, or a crypto function refused. */
bool eap_play_next(struct eap_play *play, uint8_t message[PLAY_MESSAGE_MAX], size_t *length);

/* True once the newest message was the Success, Failure or Finish. */
bool eap_play_over(const struct eap_play *play);

void eap_play_clear(struct eap_play *play);

#endif
