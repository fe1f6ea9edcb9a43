/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exit actions and guards that the tables of PaC and PAA have in common: RFC 5609 6. */
#ifndef ASSAY_ROLES_PANA_END_ACTIONS_H
#define ASSAY_ROLES_PANA_END_ACTIONS_H

#include "pana_table.h"

enum { FAILED_SESS_TIMEOUT = 300 }; /* seconds: longer than ten transmissions take */

void act_answer_ping(struct pana_end *e); /* Tx:PNA[P] */
void act_ping(struct pana_end *e);        /* Tx:PNR[P]; RtxTimerStart */
void act_alive(struct pana_end *e);       /* a ping has been answered */
void act_retransmit(struct pana_end *e);
void act_give_up(struct pana_end *e);    /* Disconnect: no answer */
void act_time_out(struct pana_end *e);   /* Disconnect: session timer */
void act_disconnect(struct pana_end *e); /* SessionTimerStop; Disconnect: EAP has failed */
void act_terminate(struct pana_end *e);  /* Tx:PTR; RtxTimerStart; SessionTimerStop */
void act_terminated(struct pana_end *e); /* Tx:PTA; SessionTimerStop; Disconnect */
void act_closed(struct pana_end *e);     /* Disconnect: PTA has come */

bool can_ping(const struct pana_end *e);
bool in_reauth(const struct pana_end *e);      /* the re-authentication phase */
bool never_gives_up(const struct pana_end *e); /* a fault */
bool in_access(const struct pana_end *e);      /* access phase, or re-authentication in it */

void draft_offer(struct pana_end *e, struct end_draft *d);     /* of the initial PAR */
void draft_selection(struct pana_end *e, struct end_draft *d); /* of the initial PAN */

#endif
