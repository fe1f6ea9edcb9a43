/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How rows are found and taken, and the interface to EAP: RFC 5609 5, 7.1, 8.1. */
#include "pana_table.h"

#include <stdlib.h>
#include <string.h>

/* EAP ends answer at once, and each answer takes a message of the peer: no row draws more than one
 * event, and no chain of events is longer than this. */
enum { CHAIN_MAX = 8 };

const struct transition *table_find(const struct pana_end *e, enum end_event event)
{
	for (const struct transition *row = e->ops->table; row->states; row++) {
		if (row->event == event && row->states & IN(e->state) &&
		    (!row->guard || row->guard(e)))
			return row;
	}
	return NULL;
}

static void take_row(struct pana_end *e, const struct transition *row)
{
	if (row->next != SAME)
		e->state = row->next;
	if (row->action)
		row->action(e);
}

static void follow_eap(struct pana_end *e)
{
	for (unsigned i = 0; i < CHAIN_MAX && e->eap_event != NO_EVENT; i++) {
		enum end_event event = e->eap_event;
		const struct transition *row = table_find(e, event);

		e->eap_event = NO_EVENT;
		if (row)
			take_row(e, row);
	}
	e->eap_event = NO_EVENT;
}

bool table_dispatch(struct pana_end *e, enum end_event event)
{
	const struct transition *row = event == NO_EVENT ? NULL : table_find(e, event);

	if (!row)
		return false;
	take_row(e, row);
	follow_eap(e);
	return true;
}

void table_receive(struct pana_end *e, const struct pana_message *m, const struct end_validity *v)
{
	const struct transition *row;

	if (!end_check(e, m, v))
		return;
	row = table_find(e, end_event_of(m));
	if (!row) {
		end_discard(e, "%s: unexpected in %s", pana_kind_name(m->kind),
			    e->ops->states[e->state]);
		return;
	}
	end_take(e);
	take_row(e, row);
	follow_eap(e);
}

/* ---- EAP ---- */

static void keep_output(struct pana_end *e, const struct eap_output *output)
{
	size_t length = output ? output->message.length : 0;

	if (e->eap_message)
		secret_wipe(e->eap_message, e->eap_length);
	free(e->eap_message);
	e->eap_message = NULL;
	e->eap_length = 0;
	if (length > 0) {
		e->eap_message = malloc(length);
		if (!e->eap_message)
			abort();
		memcpy(e->eap_message, output->message.octets, length);
		e->eap_length = length;
	}
}

/* The PAA's Success and Failure come with a message; the PaC's results come without. */
static enum end_event event_of(const struct pana_end *e, const struct eap_output *output)
{
	if (output->discarded)
		return EAP_DISCARDED;
	if (e->side == END_PAC && output->message.length)
		return EAP_MESSAGE;
	if (output->success)
		return EAP_SUCCEEDED;
	if (output->failure)
		return e->side == END_PAA && !output->message.length ? EAP_TIMED_OUT : EAP_FAILED;
	return output->message.length ? EAP_MESSAGE : EAP_DISCARDED;
}

/* NULL: the RADIUS server's answer is awaited. */
static void take_output(struct pana_end *e, const struct eap_output *output)
{
	keep_output(e, output);
	e->eap_event = output ? event_of(e, output) : NO_EVENT;
	e->eap_why = output ? output->why : NULL;
	if (e->side == END_PAA)
		end_timer_at(e, END_EAP, e->eap_pass ? e->eap_pass->nas.due : 0);
}

void table_tx_eap(struct pana_end *e)
{
	const struct octets message = end_found(e, PANA_AVP_EAP_PAYLOAD)->value;

	if (e->side == END_PAC)
		take_output(e, eap_peer_receive(e->eap_peer, message));
	else if (e->eap_pass)
		take_output(e, eap_pass_receive(e->eap_pass, message));
	else
		take_output(e, eap_server_receive(e->eap_server, message));
}

/* RFC 6696 is for re-authentications: a PaC that begins has nothing to re-authenticate with. */
void table_eap_restart(struct pana_end *e)
{
	if (e->side == END_PAC)
		eap_peer_restart(e->eap_peer);
	else if (e->eap_pass)
		take_output(e, eap_pass_start(e->eap_pass, e->reauth));
	else
		take_output(e, e->reauth ? eap_server_start(e->eap_server)
					 : eap_server_start_full(e->eap_server));
}

void table_alt_reject(struct pana_end *e)
{
	eap_peer_alt_reject(e->eap_peer);
	keep_output(e, NULL);
	e->eap_event = EAP_FAILED;
}

void table_eap_reply(struct pana_end *e, const struct datagram *d)
{
	const struct eap_output *output = eap_pass_reply(e->eap_pass, d);

	if (!output)
		return;
	take_output(e, output);
	follow_eap(e);
}

bool table_eap_announced(const struct pana_end *e)
{
	return e->side == END_PAA && e->eap_length > 0 && e->eap_message[0] == EAP_INITIATE;
}

void table_eap_timeout(struct pana_end *e)
{
	if (e->eap_pass && e->eap_pass->nas.request)
		take_output(e, eap_pass_expired(e->eap_pass));
	else if (table_eap_announced(e))
		take_output(e, e->eap_pass ? eap_pass_retransmit(e->eap_pass)
					   : eap_server_retransmit(e->eap_server));
}

void table_strays(struct pana_end *e)
{
	if (e->reauth && end_fault(e, FAULT_PING_IN_REAUTH))
		end_send_stray(e, PANA_PNR, PANA_FLAG_P);
	if (e->reauth)
		return;
	if (end_fault(e, FAULT_REAUTH_REQUEST_EARLY))
		end_send_stray(e, PANA_PNR, PANA_FLAG_A);
	if (end_fault(e, FAULT_PING_IN_AUTH))
		end_send_stray(e, PANA_PNR, PANA_FLAG_P);
	if (end_fault(e, FAULT_PTR_IN_AUTH))
		end_send_stray(e, PANA_PTR, 0);
}
