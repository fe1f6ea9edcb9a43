/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EAP conversations as short texts, walked and fed, and what the reader was told of them. A text is
 * a list of messages separated by `|`, a message a list of tokens:
 *
 *   0a0b    octets              'abc'   characters         aa*16   sixteen octets aa
 *   LL      the Length          N       a new Identifier   C       the current Identifier
 *
 * or one that is computed with the keys of the talk, with Identifier and nonce counted up:
 *
 *   @id                 Request and Response of type Identity
 *   @psk1 @psk2 @psk3 PLAINTEXT @psk4 PLAINTEXT @psk5 PLAINTEXT (a fourth one in a Request)
 *   @suite 1 or 2       of the EAP-GPSK messages that follow
 *   @gpsk1 @gpsk2 PD @gpsk3 PD @gpsk4 PD @fail CODE @pfail CODE @failed CODE (the peer's answer)
 *   @init SEQ FLAGS     ERP Initiate, cryptosuite 2; @finish SEQ FLAGS; @rand XX: all RANDs
 *   @eapol @radius: what carries the messages that follow
 *   @success @failure   @again: the message before once more
 *
 * A message name followed by `!` is spoilt: its MAC, or with `!!` its tag, is wrong.
 */
#ifndef ASSAY_EAP_TALK_H
#define ASSAY_EAP_TALK_H

#include "protocols/eap/eap.h"
#include "protocols/eap/eap_fields.h"
#include "protocols/eap/eap_write.h"

enum { TALK_NOTES = 64, TALK_MESSAGE = 4096, TALK_PEER_ID = 21 };

/* What a reader was told. */
struct talk_reader {
	struct reader reader;
	unsigned notes[EAP_RULES]; /* how often each rule */
	unsigned note_count;
	char first[512];                /* the first note, in words */
	unsigned verdicts[8];           /* how often each value of a field with verdict_names */
	unsigned values[EAP_FIELDS];    /* how often each field */
	uint64_t number[EAP_FIELDS];    /* the newest value */
	uint8_t octets[EAP_FIELDS][64]; /* the newest octets, cut */
	size_t length[EAP_FIELDS];
	unsigned sources, depth;
	size_t limit[8]; /* length of the source in use, by nesting */
	bool is_source[32];
	unsigned level; /* of sources */
	bool outside;   /* an offset or length was outside its source */
};

struct talk {
	struct talk_reader told;
	struct key_store *keys;
	struct eap_conversation *c;
	struct conversation base;
	struct passage p;
	uint8_t identifier;
	uint8_t octets[TALK_MESSAGE]; /* the message spoken last */
	size_t length;
	size_t origin;
	bool walk_only;
	/* what the computed messages are made of */
	uint8_t rand;
	uint32_t nonce;
	uint8_t psk[16];
	struct eap_psk_keys psk_keys;
	const struct eap_gpsk_suite *suite;
	uint8_t gpsk_key[32];
	struct eap_gpsk_keys gpsk_keys;
	struct secret emsk, rrk;
};

void talk_begin(struct talk *t);
void talk_end(struct talk *t);
void talk_reader_begin(struct talk_reader *told);

/* Speaks the messages of a text. */
void talk(struct talk *t, const char *text);

/* Walks and feeds one message. */
void talk_octets(struct talk *t, const uint8_t *octets, size_t length);

/* A rule and two conversations that differ in what breaks it. */
struct probe {
	enum eap_rule rule;
	const char *right;  /* no rule is broken */
	const char *broken; /* this one is */
};

extern const struct probe eap_probes_3748[], eap_probes_psk[], eap_probes_gpsk[], eap_probes_erp[];

#endif
