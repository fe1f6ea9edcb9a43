/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The PAA: states and table (RFC 5609 8.4), and its sessions, between its files and their tests.
 *
 * Bounds: PAA_SESSIONS_MAX sessions, PAA_PENDING_MAX of them not authenticated yet or over. When
 * the latter are too many, the one idle longest goes; authenticated ones are never pushed out, and
 * when all places are theirs no session begins. A stateless PAA has none before a PAN with a
 * session identifier and sequence number that it made itself for that PaC.
 */
#ifndef ASSAY_ROLES_PANA_PAA_H
#define ASSAY_ROLES_PANA_PAA_H

#include <glib.h>

#include "pana_table.h"

enum { PAA_SESSIONS_MAX = 4096, PAA_PENDING_MAX = 1024 };

enum paa_state {
	PAA_INITIAL,
	PAA_WAIT_EAP_MSG,
	PAA_WAIT_SUCC_PAN,
	PAA_WAIT_FAIL_PAN,
	PAA_OPEN,
	PAA_WAIT_PNA_PING,
	PAA_WAIT_PAN_OR_PAR,
	PAA_SESS_TERM,
	PAA_CLOSED,
	PAA_STATES
};

extern const char *const paa_state_names[PAA_STATES];
extern const struct transition paa_table[];
extern const struct end_ops paa_ops;

struct pana_paa;

struct paa_session {
	struct pana_end end; /* first */
	struct pana_paa *paa;
	uint64_t due;      /* the earliest of its timers; 0: none */
	size_t heap_place; /* in paa->heap, from 1; 0: not there */
	GQueue *queue;     /* pending or open, in order of use */
	GList link;        /* in it */
	bool over;         /* to be freed as soon as nobody looks at it */
};

struct pana_paa {
	struct role role;          /* first */
	GHashTable *by_id;         /* of all sessions */
	GHashTable *by_pac;        /* by PaC and PRE: where a PCI belongs */
	GQueue pending, open;      /* longest idle first */
	struct paa_session **heap; /* by due, earliest first; PAA_SESSIONS_MAX places */
	size_t heap_size;
	struct paa_session *current; /* the one that commands are for */
	unsigned last_state;         /* of the session that was current last */
	unsigned pcis;               /* that have come */
	uint32_t begun;              /* the session that the PAA began itself; 0: none */
	uint8_t secret[32];          /* of the stateless exchange; made at the first need */
	bool has_secret;
	struct radius_identifiers identifiers; /* of the requests of all sessions */
};

/* ---- pana_paa_sessions.c ---- */

void paa_sessions_init(struct pana_paa *p);
void paa_sessions_clear(struct pana_paa *p);
/* A session with a PaC, behind a PRE if its family is not 0, under an identifier of its own, or
 * `session_id` if that is not 0. NULL if there is no place, or the identifier is taken. */
struct paa_session *paa_session_new(struct pana_paa *p, const struct endpoint *pac,
				    const struct endpoint *pre, uint32_t session_id);
struct paa_session *paa_session_of_id(const struct pana_paa *p, uint32_t session_id);
struct paa_session *paa_session_of_pac(const struct pana_paa *p, const struct endpoint *pac,
				       const struct endpoint *pre);
/* Around what may change the address of its PaC or its state. paa_session_put frees it if it is
 * over. */
void paa_session_take(struct paa_session *s);
void paa_session_put(struct paa_session *s);
/* The next session whose timers are due at `now`, or NULL; which one. */
struct paa_session *paa_session_due(struct pana_paa *p, uint64_t now, enum end_timer *timer);

/* ---- pana_paa_table.c ---- */

/* The initial PAR, as it is sent and as it enters the keys. */
void paa_send_initial(struct pana_end *e);

#endif
