/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A state machine as RFC 5609 writes it: rows of (state, exit condition, exit action, exit state).
 * The condition is an event and a guard. The first row that fits is taken; rows of the wildcard
 * state ANY stand last, as section 5 wants it.
 *
 * EAP ends answer at once: the event that a row's action draws from them is dispatched as soon as
 * the row is done.
 */
#ifndef ASSAY_ROLES_PANA_TABLE_H
#define ASSAY_ROLES_PANA_TABLE_H

#include "pana_end.h"

enum { SAME = 255, ANY = 0xffff };

#define IN(state) (1u << (state))

struct transition {
	unsigned states; /* set of IN(state) */
	enum end_event event;
	bool (*guard)(const struct pana_end *e); /* NULL: always */
	void (*action)(struct pana_end *e);      /* NULL: none */
	unsigned next;                           /* SAME: no change */
	const char *section; /* where it stands in RFC 5609; else the deviation */
};

/* The row that fits, or NULL: the event means nothing in this state. */
const struct transition *table_find(const struct pana_end *e, enum end_event event);

/* Takes the row of the event and all that follow from it. False: there is none. */
bool table_dispatch(struct pana_end *e, enum end_event event);

/* A datagram that walked as `m`: checks it and dispatches it. */
void table_receive(struct pana_end *e, const struct pana_message *m, const struct end_validity *v);

/* TxEAP(): gives the EAP end the message of `e->in`. EAP_Restart(), alt_reject(). Of a PAA that
 * passes EAP through, the event that follows may come later: by table_eap_reply. */
void table_tx_eap(struct pana_end *e);
void table_eap_restart(struct pana_end *e);
void table_alt_reject(struct pana_end *e);

/* Sends what faults of the authentication phase send, once there is a session. */
void table_strays(struct pana_end *e);

/* PAA: a datagram of the RADIUS server for this session; END_EAP is due. */
void table_eap_reply(struct pana_end *e, const struct datagram *d);
void table_eap_timeout(struct pana_end *e);
/* PAA: the newest EAP message is a Re-auth-Start, which the PaC may leave unanswered. */
bool table_eap_announced(const struct pana_end *e);

#endif
