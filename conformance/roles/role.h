/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Roles: reference implementations of the parts that nodes play in a protocol. A role is a state
 * machine fed by datagrams, timers and commands. It knows no socket and no clock: all that comes
 * from its environment, which the engine supplies, simulated or real, to the same role code.
 *
 *   role->kind->start       begin actively, where the role may (a PaC sends PCI)
 *   role->kind->receive     a datagram has come
 *   role->kind->expired     a timer that the role set is due
 *   role->kind->command     a person or a test wants something: "ping", "reauth", "terminate"
 *
 * Each returns with nothing pending but timers; a role never blocks and never fails: what it cannot
 * understand it ignores, as its specification says.
 *
 * Faults. Each role has a table of faults, each named after the rule it breaks. At most one is
 * switched on in a role; the code asks role_has_fault where it would keep that rule. A faultless
 * role must pass its suite, and each fault must be found by a case that cites its rule.
 *
 * Ownership: settings are copied; the key store in them is borrowed. Keys are wiped with the role.
 */
#ifndef ASSAY_ROLES_ROLE_H
#define ASSAY_ROLES_ROLE_H

#include "protocols/core/flow.h"
#include "protocols/core/keystore.h"
#include "protocols/core/octets.h"
#include "protocols/core/reader.h"
#include "protocols/core/writer.h"

struct role;
struct erp_keys;
struct environment;

enum { ROLE_TIMERS = 8, DATAGRAM_MAX = 65507 };

/* Octets on their way. The octets belong to the caller. */
struct datagram {
	struct endpoint source;
	struct endpoint destination;
	struct octets octets;
};

/* What a role tells its environment, beside what it sends. */
enum role_event {
	ROLE_STARTED,       /* a session or conversation has begun */
	ROLE_AUTHENTICATED, /* it has ended in success, with keys if the method makes them */
	ROLE_REFUSED,       /* it has ended in failure */
	ROLE_ALIVE,         /* the peer has answered a liveness test */
	ROLE_CLOSED,        /* the session is over, orderly */
	ROLE_GAVE_UP,       /* it is over: the peer did not answer */
	ROLE_DISCARDED      /* a message was discarded; the text says why */
};

struct environment_ops {
	uint64_t (*now)(struct environment *e); /* nanoseconds since the epoch */
	void (*random)(struct environment *e, uint8_t *octets, size_t length);
	void (*send)(struct environment *e, struct role *from, const struct datagram *d);
	/* Wakes the role at `at`; replaces the same timer's earlier setting. 0: never. */
	void (*timer)(struct environment *e, struct role *r, unsigned timer, uint64_t at);
	void (*event)(struct environment *e, struct role *r, enum role_event event,
		      const char *text);
};

struct environment {
	const struct environment_ops *ops;
};

/* A switchable fault. */
struct fault {
	const char *name; /* stable: "auth-not-verified" */
	const char *rule; /* id of the rule that it breaks */
	const char *text; /* what the faulty role does, in one line */
	bool happy;       /* the happy path still passes with it */
};

/* Methods of EAP that a role may use or offer, in order of preference. */
enum role_method { METHOD_NONE, METHOD_PSK, METHOD_GPSK_1, METHOD_GPSK_2, METHODS };

enum { ROLE_OFFER_MAX = 8 };

/* How a role is set up. role_settings_default gives what every specification here must support. */
struct role_settings {
	struct key_store *keys;    /* pre-shared keys by identity; borrowed */
	struct endpoint local;     /* own address and port */
	struct endpoint peer;      /* whom to address first, for roles that begin */
	struct endpoint upstream;  /* PRE: the PAA */
	struct endpoint radius;    /* PAA: EAP is passed through to it; family 0: it is not */
	struct endpoint relay;     /* PRE, PAA: own one towards these; family 0: `local` */
	char identity[256];        /* peer's identity, for roles with an EAP peer */
	char server_identity[256]; /* for roles with an EAP server */
	enum role_method methods[METHODS]; /* ends with METHOD_NONE */
	uint32_t prf[ROLE_OFFER_MAX], integrity[ROLE_OFFER_MAX], encryption[ROLE_OFFER_MAX];
	unsigned prf_count, integrity_count, encryption_count;
	uint32_t lifetime;      /* Session-Lifetime, Session-Timeout that is granted, seconds */
	uint32_t ping_interval; /* liveness tests on one's own account, seconds; 0: none */
	bool piggyback;         /* PaC: EAP responses in PAN, not in PAR of its own */
	bool stateless;         /* PAA: no state before the initial PAN */
	bool optimized;         /* PAA: the initial PAR carries an EAP-Payload */
	bool refuse;            /* PAA: authorization is refused after EAP success */
	bool initiate;          /* PAA: begins on its own, towards `peer` */
	bool notify;            /* EAP server: sends a Notification first */
	bool erp;               /* EAP roles and PaC: re-authenticate with ERP */
	bool unauthorized;      /* EAP server: refuses, by the method, whoever authenticates */
	bool protected_data;    /* EAP-GPSK: sends protected data */
	uint32_t psk_result;    /* EAP-PSK: the first R that it says; 0: as things stand */
	uint32_t psk_extension; /* EAP-PSK server: EXT_Type of an extension it starts; 0: none */
	const char *fault;      /* name of the fault to switch on, or NULL */
};

struct role_kind {
	const char *name;    /* "pana.paa" */
	const char *label;   /* "PANA authentication agent" */
	const char *summary; /* one line, for assay list roles */
	const struct fault *faults;
	size_t fault_count;
	const struct role_kind
		*inner; /* whose end of EAP is inside, and its faults with it; or NULL */
	const char *const *commands; /* that `command` takes, up to NULL */
	struct role *(*create)(const struct role_settings *settings);
	void (*destroy)(struct role *r);
	void (*start)(struct role *r);
	void (*receive)(struct role *r, const struct datagram *d);
	void (*expired)(struct role *r, unsigned timer);
	bool (*command)(struct role *r, const char *command); /* false: not now, or unknown */
	/* Says state, identities, keys: as values of generated fields, and states by name. */
	void (*describe)(const struct role *r, struct reader *reader);
	const char *(*state)(const struct role *r); /* the specification's name of its state */

	/* For tests; each may be NULL. */
	/* Appends a message of this kind ("PNR", words "ping") with the live fields that the role
	 * would give it now, whether its state machine would send it or not. False: it cannot. */
	bool (*craft)(struct role *r, const char *kind, const char *const *words, size_t count,
		      struct writer *w);
	/* Computes the MACs of a message that was changed, with the keys in force. */
	bool (*seal)(struct role *r, struct writer *w);
	/* The same for the EAP message inside, whose MACs `seal` leaves alone: to be called before.
	 */
	bool (*seal_inner)(struct role *r, struct writer *w);
	/* These octets have gone out as the role's newest message of their kind. */
	void (*sent)(struct role *r, struct octets message);
	/* The peer has answered a crafted request: its sequence number is used up. */
	void (*answered)(struct role *r, struct octets answer);
};

/* Every role begins with this. */
struct role {
	const struct role_kind *kind;
	struct environment *environment;
	struct role_settings settings;
	const struct fault *fault; /* switched on, or NULL */
	struct erp_keys *erp_keys; /* of authentications past: erp_keys.h; wiped with the role */
};

void role_settings_default(struct role_settings *settings);

/* NULL with a reason in `error`: an unknown role or fault, or settings it cannot work with. */
struct role *role_new(const char *name, const struct role_settings *settings,
		      struct environment *environment, char *error, size_t error_size);
void role_free(struct role *r);

/* All kinds, up to NULL; and the one of a name, or NULL. */
extern const struct role_kind *const role_kinds[];
const struct role_kind *role_kind_of(const char *name);

/* The fault of this name that a role of the kind may have, its own or of what is inside; or NULL.
 */
const struct fault *role_fault_of(const struct role_kind *kind, const char *name);

/* True if the fault of this index in the kind's table is switched on. */
bool role_has_fault(const struct role *r, size_t index);

/* What every role does with its environment. */
uint64_t role_now(const struct role *r);
void role_random(struct role *r, uint8_t *octets, size_t length);
void role_send(struct role *r, const struct endpoint *to, const uint8_t *octets, size_t length);
void role_timer(struct role *r, unsigned timer, uint64_t at);
void role_event(struct role *r, enum role_event event, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
