/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One PANA session: RFC 5191 4 and 5, phases after RFC 5609. For the files of this folder:
 *
 *   tracker.c      which session a message belongs to, and who in it is PaC and who PAA
 *   session.c      one message of a session: the order in which things are looked at
 *   sequence.c     sequence numbers, answers, retransmissions (5.2, 9)
 *   phase.c        phases, and which message is expected in which (5.5)
 *   negotiation.c  algorithms and nonces (4.1)
 *   security.c     keys, AUTH (5.3, 5.4)
 *   encap.c        Encr-Encap (RFC 6786)
 *   describe.c     what a session says of itself
 *
 * A session owns copies of the two initial messages and of the nonces. Its keys are wiped with it.
 */
#ifndef ASSAY_PANA_SESSION_H
#define ASSAY_PANA_SESSION_H

#include "avp.h"
#include "keys.h"
#include "pana_fields.h"

enum { PANA_NONCE_MAX = 256, PANA_NONCES_REMEMBERED = 8, PANA_KEY_IDS_REMEMBERED = 8 };

enum pana_side { SIDE_PAC, SIDE_PAA, SIDES };

/* The requests that one side sends. */
struct pana_requests {
	bool seen;           /* there has been one */
	bool answered;       /* the newest has been */
	bool initial;        /* the newest is a PAR with S, or a PCI */
	bool complete;       /* the newest has the C flag */
	bool wrapped;        /* the sequence number has passed zero under the key in force */
	enum pana_kind kind; /* of the newest */
	uint16_t flags;      /* of the newest */
	uint16_t port;       /* UDP source port of the newest */
	uint32_t sequence;   /* of the newest */
	uint32_t digest;     /* of its octets */
	uint32_t frame;      /* of its first transmission */
	uint32_t last_frame; /* of its newest transmission */
	uint64_t last_time;  /* nanoseconds */
	uint64_t interval;   /* between its two newest transmissions, 0: only one so far */
	unsigned transmissions;
	const struct rule *invalid; /* what makes the newest invalid, or NULL */
};

struct pana_nonce {
	uint8_t octets[PANA_NONCE_MAX];
	size_t length; /* 0: none */
};

/* The keys that hang on one MSK. */
struct pana_sa {
	bool established; /* the session has come to the message that makes it */
	bool keyed;       /* auth_key holds a key, right or wrong */
	uint32_t key_id;
	uint32_t sequence;      /* of the last PAR that named it */
	uint32_t verified;      /* AUTH values that were right under it */
	enum verdict why_not;   /* if !keyed: why AUTH cannot be checked */
	struct secret auth_key; /* PANA_AUTH_KEY */
	struct integrity_key auth_ready;
	struct secret pac_encr_key, paa_encr_key; /* RFC 6786 3; length 0: none */
};

struct pana_session {
	struct conversation base; /* first */
	struct pana_tracker *tracker;

	uint32_t session_id;
	struct endpoint pac, paa, pre; /* pre.address.family 0: not relayed */
	enum pana_phase phase;
	bool from_start;           /* the capture holds the session's beginning */
	bool expects_nonce[SIDES]; /* the next PAR (of the PAA), PAN (of the PaC) carries one */
	uint32_t nonce_par;        /* sequence number of the PAR that did, or should have */
	bool initial_done;         /* initial PAR and PAN seen */
	bool second_par;           /* a PAR without S seen */
	bool second_pan;           /* and an answer of the PaC to it */
	bool reauth_requested;     /* PNR[A] not answered yet */
	bool refused;              /* the last PAR said so */
	bool last_par_seen;        /* the C PAR of the authentication going on */
	bool last_par_keyed;       /* and it had a Key-Id */

	struct octets i_par, i_pan; /* owned copies */
	struct pana_offer prf_offer, integrity_offer, encryption_offer;
	uint32_t prf, integrity, encryption; /* chosen */
	bool prf_known, integrity_known, encryption_known;

	struct pana_nonce nonces[SIDES];
	uint64_t nonce_history[PANA_NONCES_REMEMBERED]; /* digests of all, newest last */
	unsigned nonce_count;
	uint32_t key_ids[PANA_KEY_IDS_REMEMBERED];
	unsigned key_id_count;
	struct pana_sa sa, old_sa; /* in force, and the one before a re-authentication */

	struct eap_conversation *eap; /* NULL until there is an EAP message */
	struct pana_requests requests[SIDES];

	uint32_t result; /* of the last PAR */
	bool result_known;
	uint32_t lifetime;     /* seconds; 0: none granted */
	uint64_t lifetime_end; /* nanoseconds */
	bool overdue;          /* said so already */
	uint32_t cause;        /* Termination-Cause */
	bool cause_known;
	uint32_t pings, reauths; /* answered; completed */

	uint32_t relay_digest[SIDES]; /* of the newest PRY in each direction, and its time */
	uint64_t relay_time[SIDES];
};

/* One message on its way through a session. */
struct pana_step {
	struct pana_session *s;
	const struct passage *passage; /* between PaC and PAA, the relay taken out */
	const struct pana_message *m;
	const struct pana_avps *avps; /* of the message */
	struct pana_avps inner;       /* of its Encr-Encap, once open */
	bool has_inner;
	uint8_t *plaintext; /* that it points into; freed with the step */
	size_t plaintext_length;
	enum pana_side from; /* who sent it */
	bool request;        /* PCI counts as one */
	bool initial;        /* PAR or PAN of the initial exchange, whatever its S flag says */
	bool retransmission;
	bool gap;                   /* requests between the one before and this one are missing */
	bool forged;                /* AUTH fails under a key that is known to be right */
	const struct rule *invalid; /* what makes the receiver discard it (5.5), or NULL */
	struct reader *r;
};

static inline bool step_has(const struct pana_step *step, enum pana_avp_code code)
{
	return step->avps->found[code].count > 0;
}

static inline bool step_flag(const struct pana_step *step, enum pana_flag flag)
{
	return step->m->flags & flag;
}

/* Notes a rule broken by the message as such, or by its header field at `offset`. */
#define step_note(step, rule, field, offset, length, ...) \
	reader_note((step)->r, R(rule), F(field), (step)->m->origin + (offset), length, __VA_ARGS__)

/* session.c */
extern const struct conversation_kind pana_session_kind;
struct pana_session *pana_session_new(struct pana_tracker *t);
void pana_session_step(struct pana_step *step);

/* sequence.c: finds retransmissions, links answers. */
void pana_step_sequence(struct pana_step *step);

/* phase.c: what is expected now, and what follows from the message. */
void pana_step_expected(struct pana_step *step);
void pana_step_phase(struct pana_step *step);

/* negotiation.c */
void pana_step_negotiation(struct pana_step *step);
void pana_step_nonce(struct pana_step *step);
void pana_expect_nonces(struct pana_session *s); /* new ones, in the next PAR and PAN */

/* security.c */
void pana_step_key_id(struct pana_step *step);
void pana_step_auth(struct pana_step *step);
void pana_sa_clear(struct pana_sa *sa);

/* encap.c */
void pana_step_encap(struct pana_step *step);

/* describe.c */
void pana_session_describe(const struct conversation *c, struct reader *r);

/* tracker.c */
struct key_store *pana_tracker_keys(const struct pana_tracker *t);
void pana_tracker_forget(struct pana_tracker *t, const struct pana_session *s);

#endif
