/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside an EAP conversation: its state, and what the files that follow one method each share. For
 * the files of this folder alone.
 *
 * A conversation holds no message: of what went by it keeps digests, random numbers, and identities
 * of at most EAP_KEPT_MAX octets. The state of a method exists from its first message on.
 */
#ifndef ASSAY_EAP_SESSION_H
#define ASSAY_EAP_SESSION_H

#include "eap.h"
#include "eap_fields.h"
#include "eap_walks.h"
#include "keys.h"

enum { EAP_KEPT_MAX = 2048 };

/* Tells octets from others, without keeping them. */
struct eap_digest {
	uint64_t hash;
	size_t length;
};

/* Octets kept; NULL: none, or more than EAP_KEPT_MAX. */
struct eap_kept {
	uint8_t *octets;
	size_t length;
};

/* The newest message of one side. */
struct eap_side {
	bool seen;
	uint8_t identifier;
	uint8_t code, method;
	bool expanded, nak, nak_zero;
	uint32_t vendor, vendor_type;
	uint32_t frame;
	uint64_t time;
	struct eap_digest whole; /* the message */
	struct eap_digest body;  /* but for its identifier */
	/* fragments of EAP-TLS */
	bool more;              /* M was set: an acknowledgement is due */
	bool fragmenting;       /* a first fragment was seen, the last not yet */
	bool has_total;         /* the first fragment told */
	uint32_t total, so_far; /* octets */
};

/* EAP-PSK, RFC 4764. A dialog begins with a first message. */
struct eap_psk_session {
	/* the dialog */
	bool has_1, has_2, verified, announced;
	int t;                 /* of the newest message, -1 for none */
	bool has_nonce;        /* the nonce of the newest one, if it had one */
	bool server_exhausted; /* the server has used its last nonce */
	uint32_t nonce;
	uint8_t server_r, peer_r; /* as last opened, 0: none */
	bool server_sent;         /* a first payload of the server was opened */
	bool extended;            /* it started an extension */
	uint8_t ext_type;
	uint8_t rand_s[EAP_PSK_RAND], rand_p[EAP_PSK_RAND];
	struct eap_kept id_s, id_p;
	bool keyed; /* keys are set, verified or of the first candidate */
	struct eap_psk_keys keys;
	/* of the dialog before */
	bool had_1, had_2;
	uint8_t old_rand_s[EAP_PSK_RAND], old_rand_p[EAP_PSK_RAND];
	struct eap_digest old_id_s;
};

/* EAP-GPSK, RFC 5433. */
struct eap_gpsk_session {
	bool has_1, has_2, verified, announced, keyed, failed;
	uint8_t opcode; /* of the newest message, 0 for none */
	uint8_t rand_server[EAP_GPSK_RAND], rand_peer[EAP_GPSK_RAND];
	uint8_t csuite_sel[EAP_GPSK_CSUITE];
	struct eap_digest id_server, csuite_list, failure;
	const struct eap_gpsk_suite *suite;
	struct eap_gpsk_keys keys;
	/* protected data: IVs by sender and the last block received by it; [0] peer, [1] server */
	bool has_iv[2], has_block[2];
	uint8_t iv[2][16], block[2][16];
	/* of the authentication before */
	bool had_1, had_2;
	uint8_t old_rand_server[EAP_GPSK_RAND], old_rand_peer[EAP_GPSK_RAND];
};

/* ERP, RFC 6696. One key at a time. */
struct eap_erp_session {
	struct eap_side initiate, finish;
	bool awaiting;              /* the Initiate has no Finish yet */
	struct eap_kept keyname;    /* of the newest Initiate */
	uint8_t flags, cryptosuite; /* of the newest Initiate */
	bool has_cryptosuite;
	uint16_t seq;       /* of the newest Initiate */
	bool has_accepted;  /* a Finish has granted one */
	uint16_t accepted;  /* the highest SEQ granted */
	bool has_protected; /* a Finish of this key had a tag */
	bool keyed, verified;
	struct secret rrk, rik;
	uint8_t rik_suite; /* the cryptosuite that rik is for */
	bool foreseen; /* the MSK of the conversation is the rMSK of an Initiate not granted yet */
};

struct eap_conversation {
	struct key_store *keys; /* borrowed */
	struct eap_side request, response;
	bool awaiting;         /* the Request has no Response yet */
	bool request_repeated; /* the Request was sent again since its Response */
	bool from_start;       /* the capture shows how it began */
	bool has_sides;
	struct endpoint peer, authenticator;
	char *identity;               /* of the Identity response, as the key table writes it */
	char *peer_id;                /* of the method */
	char *server_id;              /* of the method */
	uint8_t method;               /* type of the authentication method, 0: none yet */
	uint32_t vendor, vendor_type; /* of an Expanded method */
	bool method_answered, method_finished;
	bool success_indicated; /* by both sides */
	bool failure_indicated; /* by the server */
	unsigned outcome;       /* EAP_SUCCESS, EAP_FAILURE or 0 */
	bool reauthentication;  /* the outcome is ERP's */
	struct secret msk, emsk;
	struct eap_session_id session_id;
	bool keys_verified;
	uint8_t *proven; /* a pre-shared key under which something of this conversation verified */
	size_t proven_length;
	char *proven_for; /* the identity that it proved right for */
	struct eap_psk_session *psk;
	struct eap_gpsk_session *gpsk;
	struct eap_erp_session *erp;
};

/* One message being fed. */
struct eap_event {
	struct eap_conversation *c;
	struct conversation *base;
	const struct passage *p;
	const struct eap_message *m;
	size_t origin;
	struct reader *r;
	bool again; /* a retransmission: verified anew, judged and counted no more */
};

struct eap_digest eap_digest_of(struct octets octets);
bool eap_digest_same(const struct eap_digest *a, const struct eap_digest *b);
void eap_keep(struct eap_kept *kept, struct octets octets);
void eap_forget(struct eap_kept *kept);
static inline struct octets eap_kept_octets(const struct eap_kept *kept)
{
	return (struct octets){kept->octets, kept->length};
}

/* An identity as the key table writes it: a string to be freed; null octets read \x00. */
char *eap_identity_text(struct octets identity);

/* Notes a rule at a part of the message; an absent part is the whole message. */
void eap_event_note(const struct eap_event *e, const struct rule *rule, const struct field *field,
		    struct octets part, const char *wanted, const char *format, ...)
	__attribute__((format(printf, 6, 7)));

/* The verdict on a MAC; of a forged one, `rule` is broken. */
void eap_event_verdict(const struct eap_event *e, const struct field *field, struct octets part,
		       enum verdict verdict, const struct rule *rule);

/* Reports a key or identity that the conversation derived. */
void eap_event_key(const struct eap_event *e, const struct field *field, const struct secret *key);

enum eap_found {
	EAP_NO_KEY,        /* no row fits */
	EAP_NONE_VERIFIES, /* rows fit, under none is the value right */
	EAP_VERIFIES
};

/* Calls `right` with the key that has proven right before, then with those of the identities in
 * their order, then of "*", until it returns true. NULL identities are passed over. */
enum eap_found eap_try_keys(const struct eap_conversation *c, enum key_type type,
			    const char *const *identities, size_t count,
			    bool (*right)(void *context, struct octets key), void *context);

/* True if a pre-shared key has proven right for the peer's identity as it is now. */
bool eap_conversation_proven(const struct eap_conversation *c);

/* Remembers a pre-shared key that has proven right. */
void eap_conversation_prove(struct eap_conversation *c, struct octets key);

/* Takes over MSK, EMSK and Session-Id; when verified, hands them to the key store and reports. */
void eap_event_keys(const struct eap_event *e, const struct secret *msk, const struct secret *emsk,
		    const struct eap_session_id *id, bool verified);

/* Says identities, method and state: of each message. */
void eap_conversation_say(const struct eap_conversation *c, struct reader *r);

/* A message of the method, in its conversation. */
void eap_psk_feed(const struct eap_event *e);
void eap_gpsk_feed(const struct eap_event *e);
void eap_tls_feed(const struct eap_event *e, struct eap_side *side, const struct eap_side *other);
void eap_erp_feed(const struct eap_event *e);

/* A new authentication; and the end. */
void eap_psk_restart(struct eap_psk_session *s);
void eap_gpsk_restart(struct eap_gpsk_session *s);
void eap_psk_free(struct eap_psk_session *s);
void eap_gpsk_free(struct eap_gpsk_session *s);
void eap_erp_free(struct eap_erp_session *s);

/* Fills `side` with what is to be remembered of the message. */
void eap_side_set(struct eap_side *side, const struct eap_event *e);

/* True if `e` repeats the newest message of `side`; then says so. */
bool eap_side_repeats(const struct eap_side *side, const struct eap_event *e);

#endif
