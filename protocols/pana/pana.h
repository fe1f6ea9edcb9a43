/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PANA: RFC 5191, with the relay of RFC 6345 and the encrypted AVPs of RFC 6786.
 *
 *   pana_walk    reads one message, and the one inside if it is relayed: reports every field, notes
 *                every broken rule that the message alone shows, fills a summary.
 *   pana_write   writes one message; walking what it wrote gives the same summary.
 *   pana_track   follows sessions over time: phases, sequence numbers, nonces, algorithms, keys;
 *                verifies AUTH, opens Encr-Encap, follows the EAP conversation inside.
 *
 * Summaries point into the octets that were walked and hold no memory of their own. A session keeps
 * copies, bounded by the size of a UDP datagram for each of the two initial messages.
 */
#ifndef ASSAY_PANA_H
#define ASSAY_PANA_H

#include "protocols/core/conversation.h"
#include "protocols/core/keystore.h"
#include "protocols/core/octets.h"
#include "protocols/core/walk.h"
#include "protocols/core/writer.h"
#include "protocols/eap/eap.h"

extern const struct protocol pana_protocol;

enum {
	PANA_PORT = 716,       /* RFC 5191 6.1 */
	PANA_HEADER_SIZE = 16, /* RFC 5191 6.2 */
	PANA_AVP_HEADER_SIZE = 8,
	PANA_DEPTH = 2,      /* a message and the one relayed in it */
	PANA_OFFER_MAX = 16, /* algorithms of one kind that a summary keeps */
	PANA_VENDOR_ZIGBEE = 37244
};

/* Message types, RFC 5191 7 and RFC 6345 7. */
enum pana_type {
	PANA_CLIENT_INITIATION = 1,
	PANA_AUTH,
	PANA_TERMINATION,
	PANA_NOTIFICATION,
	PANA_RELAY
};

/* Flags, RFC 5191 6.2. */
enum pana_flag {
	PANA_FLAG_R = 0x8000,
	PANA_FLAG_S = 0x4000,
	PANA_FLAG_C = 0x2000,
	PANA_FLAG_A = 0x1000,
	PANA_FLAG_P = 0x0800,
	PANA_FLAG_I = 0x0400,
	PANA_FLAGS_RESERVED = 0x03ff
};

enum { PANA_AVP_FLAG_V = 0x8000, PANA_AVP_FLAGS_RESERVED = 0x7fff };

/* AVP codes, RFC 5191 8, RFC 6345 5, RFC 6786 4 and 5. */
enum pana_avp_code {
	PANA_AVP_AUTH = 1,
	PANA_AVP_EAP_PAYLOAD,
	PANA_AVP_INTEGRITY_ALGORITHM,
	PANA_AVP_KEY_ID,
	PANA_AVP_NONCE,
	PANA_AVP_PRF_ALGORITHM,
	PANA_AVP_RESULT_CODE,
	PANA_AVP_SESSION_LIFETIME,
	PANA_AVP_TERMINATION_CAUSE,
	PANA_AVP_PAC_INFORMATION,
	PANA_AVP_RELAYED_MESSAGE,
	PANA_AVP_ENCR_ENCAP,
	PANA_AVP_ENCRYPTION_ALGORITHM,
	PANA_AVP_CODES
};

/* The kinds of message, in the order of the columns of RFC 5191 8, then the relay. */
enum pana_kind {
	PANA_PCI,
	PANA_PAR,
	PANA_PAN,
	PANA_PTR,
	PANA_PTA,
	PANA_PNR,
	PANA_PNA,
	PANA_PRY,
	PANA_KINDS,
	PANA_UNKNOWN_KIND = PANA_KINDS
};

/* "PAR", and "PANA-Auth-Request". */
const char *pana_kind_abbreviation(enum pana_kind kind);
const char *pana_kind_name(enum pana_kind kind);

/* What a message holds of one AVP code. */
struct pana_avp_found {
	unsigned count;      /* how many AVPs of this code */
	size_t offset;       /* of the first one's header, in the source */
	size_t value_offset; /* of its value */
	struct octets value; /* its value, as far as it is there */
	uint32_t number;     /* the value, if it has 4 octets */
};

/* Algorithm ids in the order in which they were offered. */
struct pana_offer {
	uint32_t ids[PANA_OFFER_MAX];
	unsigned count; /* at most PANA_OFFER_MAX are kept */
};

/* Summary of the AVPs of one message, or of the plaintext of one Encr-Encap. */
struct pana_avps {
	struct pana_avp_found found[PANA_AVP_CODES]; /* by enum pana_avp_code; [0] unused */
	struct pana_offer prf, integrity, encryption;
	struct eap_message eap; /* valid if EAP-Payload was found */
};

struct pana_message {
	struct octets octets; /* the message: Message Length octets, or fewer if it is cut */
	size_t origin;        /* where it starts in the source: not 0 if it is relayed */
	bool complete;        /* header all there; nothing below counts otherwise */
	bool sound;           /* no AVP was cut off */
	uint16_t length;      /* Message Length */
	uint16_t flags;       /* enum pana_flag */
	uint16_t type;        /* enum pana_type, or anything */
	enum pana_kind kind;  /* from type and R */
	uint32_t session_id;
	uint32_t sequence;
	struct pana_avps avps;
};

/* True if a datagram off port 716 is to be taken for PANA: sizes add up, type and first AVP are of
 * those known. Cheap; for heuristics. */
bool pana_recognise(const uint8_t *octets, size_t length);

/* Reads the message that is all there is in `w`. messages[0] is the message, messages[1] the one
 * relayed in it; returns how many there are (at least 1). */
unsigned pana_walk(struct walk *w, struct pana_message messages[PANA_DEPTH]);

/* Reads AVPs alone: the plaintext of an Encr-Encap AVP (RFC 6786 5). */
void pana_walk_encapsulated(struct walk *w, struct pana_avps *avps);

/* "PANA-Auth-Request, S" with flags as RFC 5191's figures write them. Returns `text`. */
enum { PANA_SUMMARY_SIZE = 160 };
const char *pana_summary(const struct pana_message *messages, unsigned count,
			 char text[PANA_SUMMARY_SIZE]);

/* ---- writing ---- */

struct pana_draft_avp {
	uint16_t code;
	uint16_t flags; /* with PANA_AVP_FLAG_V the vendor id is written */
	uint32_t vendor;
	struct octets value; /* padded with zeros to a multiple of 4 on the wire */
};

struct pana_draft {
	uint16_t flags;
	uint16_t type;
	uint32_t session_id;
	uint32_t sequence;
	const struct pana_draft_avp *avps;
	size_t avp_count;
};

/* Appends the message to `w`; Message Length is computed. */
void pana_write(struct writer *w, const struct pana_draft *draft);

/* ---- sessions ---- */

enum pana_phase {
	PANA_PHASE_UNKNOWN,    /* the capture began in the middle */
	PANA_PHASE_INITIATION, /* PCI seen */
	PANA_PHASE_AUTH,       /* authentication and authorization */
	PANA_PHASE_ACCESS,
	PANA_PHASE_REAUTH,
	PANA_PHASE_TERMINATION, /* PTR seen */
	PANA_PHASE_CLOSED       /* PTA seen, or the last PAR refused access */
};

struct pana_tracker;

/* `keys` is borrowed. `limit` sessions at most (0: the default); `closed` is told of each one. */
struct pana_tracker *pana_tracker_new(struct key_store *keys, size_t limit,
				      conversation_closed *closed, void *context);
void pana_tracker_free(struct pana_tracker *t);

/* Feeds the messages of one datagram, as pana_walk summarised them. What the sessions say of them
 * goes to `r`: offsets count in the source that was walked. Returns the session of the innermost
 * message, valid until the next call; NULL if there is none (no complete header). */
struct conversation *pana_track(struct pana_tracker *t, const struct passage *p,
				const struct pana_message *messages, unsigned count,
				struct reader *r);

#endif
