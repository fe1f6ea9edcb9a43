/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One end of one PANA session: what PaC and PAA have in common (RFC 5191 5 and 9, RFC 6786).
 *
 *   pana_end.c        attributes, sequence numbers, outstanding request, answer cache, timers
 *   pana_end_draft.c  messages to be sent: AVPs, encryption, AUTH, faults on the wire
 *   pana_end_keys.c   algorithms, nonces, keys, AUTH, Encr-Encap
 *   pana_end_check.c  the validity check of section 5.5, before anything is acted upon
 *   pana_table.c      the state machine: rows of RFC 5609's tables
 *   pana_pac*.c, pana_paa*.c   the two roles
 *
 * An end belongs to its role, which frees it. It owns copies of the initial PAR and PAN, of the
 * outstanding request, of the request that waits for it, and of the last answer: five datagrams at
 * most. Its keys are wiped with it.
 */
#ifndef ASSAY_ROLES_PANA_END_H
#define ASSAY_ROLES_PANA_END_H

#include "eap_pass.h"
#include "eap_role.h"
#include "pana_faults.h"
#include "protocols/pana/keys.h"
#include "protocols/pana/pana.h"

enum { END_NONCE_SIZE = 20, END_NONCE_MAX = 256, END_AVPS_MAX = 32, END_MESSAGE_MAX = 65000 };

static const uint64_t END_SECOND = 1000000000u;

enum end_side { END_PAC, END_PAA };

/* What may happen to a state machine, RFC 5609 6.2, 7.3 and 8.2. */
enum end_event {
	/* Rx:PANA_MESSAGE_NAME[flag] */
	RX_PCI,
	RX_PAR_S,
	RX_PAR,
	RX_PAR_C,
	RX_PAN_S,
	RX_PAN,
	RX_PAN_C,
	RX_PTR,
	RX_PTA,
	RX_PNR_A,
	RX_PNR_P,
	RX_PNA_A,
	RX_PNA_P,
	/* from the EAP end */
	EAP_MESSAGE, /* EAP_RESPONSE of the PaC, EAP_REQUEST of the PAA */
	EAP_SUCCEEDED,
	EAP_FAILED,
	EAP_DISCARDED,
	EAP_TIMED_OUT, /* it has ended without a message */
	/* timers */
	RTX_TIMEOUT,
	RTX_EXHAUSTED, /* RTX_TIMEOUT && RTX_COUNTER >= RTX_MAX_NUM */
	SESS_TIMEOUT,
	REAUTH_TIMEOUT,
	EAP_OVERDUE, /* of the PAA: whom EAP waits for is silent */
	/* the user */
	AUTH_USER, /* of the PAA: PAC_FOUND */
	PANA_PING,
	REAUTH,
	TERMINATE,
	END_EVENTS,
	NO_EVENT = END_EVENTS
};

enum end_timer { END_RTX, END_SESSION, END_REAUTH, END_PING, END_EAP, END_TIMERS };

/* Keys that hang on one MSK: the PANA SA (RFC 5191 5.3) and RFC 6786's two. */
struct end_sa {
	bool established;
	uint32_t key_id;
	struct secret auth_key, pac_encr_key, paa_encr_key;
	struct integrity_key auth_ready; /* auth_key made ready */
};

struct end_nonce {
	uint8_t octets[END_NONCE_MAX];
	size_t length;
};

/* Octets that the end owns. */
struct end_copy {
	uint8_t *octets;
	size_t length;
};

/* A request that is not answered yet. */
struct end_request {
	struct end_copy message; /* as sent; length 0: none */
	enum pana_kind kind;
	uint16_t flags;
	uint32_t sequence;
	unsigned transmissions;
	uint64_t timeout; /* RT: between the newest transmission and the next, nanoseconds */
};

/* A message to be sent. Fill it, then hand it to end_request or end_answer. */
struct end_draft {
	enum pana_kind kind;
	uint16_t flags; /* without R */
	uint32_t session_id, sequence;
	struct pana_draft_avp avps[END_AVPS_MAX];
	uint8_t numbers[END_AVPS_MAX][4]; /* values of the numeric ones */
	size_t count;
	uint8_t scratch[2][32];  /* values that faults add */
	const struct end_sa *sa; /* AUTH is made under it; NULL: none */
};

struct pana_end;

struct end_ops {
	const struct transition *table; /* ends with a row of no states */
	const char *const *states;      /* names */
	/* A timer is to be due at `at`, or never (0). */
	void (*timer)(struct pana_end *e, enum end_timer timer, uint64_t at);
	/* The session is over; whether its last answer may still be asked for. */
	void (*closed)(struct pana_end *e, bool linger);
};

struct pana_end {
	struct role *role;
	enum end_side side;
	const struct end_ops *ops;
	unsigned state;

	/* RFC 5191 5.3: session attributes */
	uint32_t session_id;
	struct endpoint peer;     /* the other end */
	struct endpoint pre;      /* RFC 6345 2 (c); family 0: not relayed */
	uint32_t sequence_out;    /* of the next request */
	uint32_t sequence_in;     /* of the next request of the peer */
	bool counting, expecting; /* the two have begun */
	bool last_was_ping;       /* the newest request of the peer */
	struct end_request outstanding;
	struct end_request waiting; /* to be sent when the outstanding one is answered */
	struct end_copy answer;     /* the last one sent */
	struct end_copy answered;   /* the request that it answers */
	uint64_t due[END_TIMERS];
	uint32_t lifetime;

	/* the PANA SA */
	uint32_t prf, integrity, encryption; /* 0: none */
	struct end_copy i_par, i_pan;
	struct end_nonce nonces[2]; /* by enum end_side */
	bool nonce_sent;            /* NONCE_SENT */
	bool nonce_due;             /* the next message of the peer carries one */
	struct end_sa sa, new_sa;   /* in force; of the authentication that is ending */
	uint32_t last_key_id;

	bool initial_done;       /* PAR and PAN with S */
	bool second_par;         /* a PAR without S */
	bool opened;             /* has been in the access phase: what comes is re-authentication */
	bool reauth;             /* a re-authentication goes on */
	bool first_par;          /* PAA: the first PAR of a re-authentication is not answered */
	bool success_held;       /* PAA: EAP has succeeded before the PaC's nonce has come */
	bool late_answer;        /* PAA, faulty: PNR[A] is to be answered behind that PAR */
	uint32_t early_lifetime; /* PaC, faulty: Session-Lifetime of a PAR that is not the last */
	bool moved;              /* PaC: the PAA has not heard of the new address */
	uint32_t result;         /* Result-Code of the last PAR */
	uint64_t pinged;         /* when the last ping was sent */
	unsigned pings, reauths;
	bool silent; /* nothing is sent: a stateless PAA remembers what it has sent */

	/* EAP */
	struct eap_peer *eap_peer;
	struct eap_server *eap_server; /* PAA: or */
	struct eap_pass *eap_pass;     /* it passes EAP through; NULL: it does not */
	enum end_event eap_event;      /* not dispatched yet, or NO_EVENT */
	uint8_t *eap_message;          /* what the EAP end wants sent */
	size_t eap_length;
	const char *eap_why; /* of a failure, for the log; or NULL */

	/* the message that is being acted upon, and where it came from */
	const struct pana_message *in;
	struct endpoint source, source_pre;
	struct pana_avps inner; /* of its Encr-Encap */
	bool has_inner;
	uint8_t *plaintext; /* that `inner` points into */
	size_t plaintext_length;
};

/* ---- pana_end.c ---- */

void end_init(struct pana_end *e, struct role *role, enum end_side side, const struct end_ops *ops);
/* Forgets the session, keeps role, side and EAP end; the state is INITIAL again. */
void end_reset(struct pana_end *e);
void end_clear(struct pana_end *e);
void end_copy_set(struct end_copy *copy, const uint8_t *octets, size_t length);

/* Sends a request under the next sequence number, now or when the outstanding one is answered, and
 * again until it is answered. */
void end_send_request(struct pana_end *e, struct end_draft *d);
/* Sends the answer to the message being acted upon, and keeps it. */
void end_send_answer(struct pana_end *e, struct end_draft *d);
/* Sends a request that nobody waits for: for faults. */
void end_send_stray(struct pana_end *e, enum pana_kind kind, uint16_t flags);
/* RFC 5191 4.3: what is sent from now on is protected by the key that has come into force: a ping
 * that is still outstanding too; answers made before are not repeated. */
void end_rekeyed(struct pana_end *e);
void end_transmit(struct pana_end *e, const uint8_t *octets, size_t length);
void end_retransmit(struct pana_end *e);
/* The outstanding request is answered: RtxTimerStop(). What waited for that is sent. */
void end_stop(struct pana_end *e);
/* A request of the peer shows that it has ours; of some this is not enough. */
void end_stop_implied(struct pana_end *e);
/* A duplicate of the last request answered gets the same answer: true if it was one. */
bool end_repeat_answer(struct pana_end *e, const struct pana_message *m);

void end_timer(struct pana_end *e, enum end_timer timer, uint64_t seconds_from_now);
void end_timer_at(struct pana_end *e, enum end_timer timer, uint64_t at); /* 0: never */
void end_timer_stop(struct pana_end *e, enum end_timer timer);
/* What a due timer means. */
enum end_event end_timer_event(struct pana_end *e, enum end_timer timer);

/* Moves into access: nonces, timers of RFC 5191 5.7. */
void end_open(struct pana_end *e);
/* Disconnect(): the session and its keys are gone. */
void end_close(struct pana_end *e, bool linger);

/* ---- pana_end_draft.c ---- */

struct end_draft end_draft(struct pana_end *e, enum pana_kind kind, uint16_t flags);
void draft_octets(struct end_draft *d, enum pana_avp_code code, const uint8_t *octets,
		  size_t length);
void draft_number(struct end_draft *d, enum pana_avp_code code, uint32_t number);
/* The EAP message that the EAP end wants sent; the Nonce, where it is due. */
void draft_eap(struct pana_end *e, struct end_draft *d);
void draft_nonce(struct pana_end *e, struct end_draft *d);
/* Writes the message, encrypted and protected. Returns its length; 0: it does not fit. */
size_t end_write(struct pana_end *e, struct end_draft *d, uint8_t *octets, size_t size);

/* ---- pana_end_keys.c ---- */

/* Of two lists, the first of `own` that is offered; false if none is. */
bool end_select(const uint32_t *own, unsigned count, const struct pana_offer *offer,
		uint32_t *selected);
/* Derives the keys of a new MSK. False if there is none, or no algorithm. */
bool end_derive(struct pana_end *e, uint32_t key_id, struct end_sa *sa);
void end_sa_clear(struct end_sa *sa);
/* The AUTH of a message is right under `sa`. */
bool end_auth_right(const struct pana_end *e, const struct pana_message *m,
		    const struct end_sa *sa);
void end_auth_write(const struct end_sa *sa, uint8_t *octets, size_t length);
/* Opens the Encr-Encap of `e->in`; false if what is in it is not valid. */
bool end_open_encap(struct pana_end *e, const struct end_sa *sa);
void end_encap(struct pana_end *e, struct end_draft *d, uint8_t *sealed, size_t size);

/* ---- pana_end_check.c ---- */

/* Of a datagram: notes are gathered while it is walked. */
struct end_validity {
	struct reader reader; /* first */
	const struct rule *broken;
	bool reserved; /* a reserved field or flag is set */
	char found[NOTE_TEXT_SIZE];
};

/* Faults that are a matter of settings. */
void end_fault_settings(struct role *role);

void end_validity_init(struct end_validity *v);
/* All of section 5.5 but what the state expects: false, with a reason in the log, if the message is
 * to be discarded. A duplicate is answered here. Afterwards e->in and its Encr-Encap can be read.
 */
bool end_check(struct pana_end *e, const struct pana_message *m, const struct end_validity *v);
/* The message is expected: sequence numbers, nonces, algorithms and keys follow from it. */
void end_take(struct pana_end *e);
enum end_event end_event_of(const struct pana_message *m);
/* The AVP, in the open or encrypted. */
const struct pana_avp_found *end_found(const struct pana_end *e, enum pana_avp_code code);
bool end_has(const struct pana_end *e, enum pana_avp_code code);
void end_discard(struct pana_end *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- pana_faults.c ---- */

static inline bool end_fault(const struct pana_end *e, size_t index)
{
	return role_has_fault(e->role, index);
}

static inline bool end_pac_fault(const struct pana_end *e, enum pana_pac_fault index)
{
	return e->side == END_PAC && role_has_fault(e->role, (size_t)index);
}

static inline bool end_paa_fault(const struct pana_end *e, enum pana_paa_fault index)
{
	return e->side == END_PAA && role_has_fault(e->role, (size_t)index);
}

/* At each layer: before encryption; between it and AUTH; once AUTH has its place; on the octets
 * under AUTH; on the wire. */
void fault_draft(struct pana_end *e, struct end_draft *d);
void fault_sealed(struct pana_end *e, struct end_draft *d);
void fault_auth(struct pana_end *e, struct end_draft *d);
void fault_octets(struct pana_end *e, const struct end_draft *d, uint8_t *octets, size_t *length,
		  size_t size);
void fault_wire(struct pana_end *e, const struct end_draft *d, uint8_t *octets, size_t *length,
		size_t size);

#endif
