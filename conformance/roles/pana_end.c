/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Session attributes, sequence numbers, retransmission (RFC 5191 5.2, 9), and what ends a session.
 */
#include "pana_end.h"

#include "pana_relay.h"

#include <stdlib.h>
#include <string.h>

/* RFC 5191 9.1; nanoseconds. */
static const struct rtx_parameters {
	uint64_t irt, mrt;
	unsigned mrc;
} pci_parameters = {1000000000u, 120000000000u, 0},
  req_parameters = {1000000000u, 30000000000u, 10};

enum { ENCR_WRAP_MARGIN = 64 };

void end_copy_set(struct end_copy *copy, const uint8_t *octets, size_t length)
{
	uint8_t *kept = NULL;

	if (length > 0) {
		kept = malloc(length);
		if (!kept)
			abort();
		memcpy(kept, octets, length);
	}
	free(copy->octets);
	*copy = (struct end_copy){kept, length};
}

void end_init(struct pana_end *e, struct role *role, enum end_side side, const struct end_ops *ops)
{
	memset(e, 0, sizeof(*e));
	e->role = role;
	e->side = side;
	e->ops = ops;
	e->eap_event = NO_EVENT;
}

static void free_copies(struct pana_end *e)
{
	struct end_copy *copies[] = {&e->i_par,  &e->i_pan,    &e->outstanding.message,
				     &e->answer, &e->answered, &e->waiting.message};

	for (size_t i = 0; i < sizeof(copies) / sizeof(copies[0]); i++)
		end_copy_set(copies[i], NULL, 0);
	if (e->eap_message)
		secret_wipe(e->eap_message, e->eap_length);
	free(e->eap_message);
	if (e->plaintext)
		secret_wipe(e->plaintext, e->plaintext_length);
	free(e->plaintext);
	e->eap_message = e->plaintext = NULL;
	e->eap_length = e->plaintext_length = 0;
}

void end_reset(struct pana_end *e)
{
	const struct pana_end kept = *e;

	for (enum end_timer t = 0; t < END_TIMERS; t++)
		end_timer_stop(e, t);
	end_clear(e);
	end_init(e, kept.role, kept.side, kept.ops);
	e->eap_peer = kept.eap_peer;
	e->eap_server = kept.eap_server;
	e->eap_pass = kept.eap_pass;
}

void end_clear(struct pana_end *e)
{
	free_copies(e);
	end_sa_clear(&e->sa);
	end_sa_clear(&e->new_sa);
}

/* ---- timers ---- */

static void set_due(struct pana_end *e, enum end_timer timer, uint64_t at)
{
	if (e->due[timer] == at)
		return;
	e->due[timer] = at;
	e->ops->timer(e, timer, at);
}

void end_timer(struct pana_end *e, enum end_timer timer, uint64_t seconds_from_now)
{
	set_due(e, timer, role_now(e->role) + seconds_from_now * END_SECOND);
}

void end_timer_at(struct pana_end *e, enum end_timer timer, uint64_t at)
{
	set_due(e, timer, at);
}

void end_timer_stop(struct pana_end *e, enum end_timer timer)
{
	set_due(e, timer, 0);
}

static const struct rtx_parameters *parameters_of(const struct end_request *q)
{
	return q->kind == PANA_PCI ? &pci_parameters : &req_parameters;
}

enum end_event end_timer_event(struct pana_end *e, enum end_timer timer)
{
	const struct rtx_parameters *p = parameters_of(&e->outstanding);

	e->due[timer] = 0;
	switch (timer) {
	case END_RTX:
		if (!e->outstanding.message.length)
			return NO_EVENT;
		return p->mrc && e->outstanding.transmissions >= p->mrc ? RTX_EXHAUSTED
									: RTX_TIMEOUT;
	case END_SESSION:
		return SESS_TIMEOUT;
	case END_REAUTH:
		return REAUTH_TIMEOUT;
	case END_PING:
		return PANA_PING;
	case END_EAP:
		return EAP_OVERDUE;
	default:
		return NO_EVENT;
	}
}

/* RAND * `of`: uniform between -0.1 and +0.1 of it (RFC 5191 9). */
static int64_t randomised(struct pana_end *e, uint64_t of)
{
	uint8_t octets[4];
	int64_t r;

	role_random(e->role, octets, sizeof(octets));
	r = (int64_t)((uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 |
		      (uint32_t)octets[2] << 8 | octets[3]);
	return (int64_t)(of / 1000000) * (r % 200001 - 100000);
}

static uint64_t spread(struct pana_end *e, uint64_t base, uint64_t of)
{
	return (uint64_t)((int64_t)base + randomised(e, of));
}

/* RT of the transmission just made. */
static void start_rtx(struct pana_end *e)
{
	struct end_request *q = &e->outstanding;
	const struct rtx_parameters *p = parameters_of(q);
	uint64_t previous = q->timeout;

	q->timeout = previous ? spread(e, 2 * previous, previous) : spread(e, p->irt, p->irt);
	if (q->timeout > p->mrt)
		q->timeout = spread(e, p->mrt, p->mrt);
	set_due(e, END_RTX, role_now(e->role) + q->timeout);
}

/* ---- sending ---- */

void end_transmit(struct pana_end *e, const uint8_t *octets, size_t length)
{
	if (e->silent)
		return;
	if (e->pre.address.family)
		pana_relay_send(e->role, &e->pre, &e->peer, octets, length);
	else
		role_send(e->role, &e->peer, octets, length);
}

static void transmit_outstanding(struct pana_end *e)
{
	struct end_request *q = &e->outstanding;

	q->transmissions++;
	end_transmit(e, q->message.octets, q->message.length);
	start_rtx(e);
}

void end_retransmit(struct pana_end *e)
{
	if (e->outstanding.message.length)
		transmit_outstanding(e);
}

/* RFC 5191 5.2: the first request's number is picked at random. */
static uint32_t next_sequence(struct pana_end *e)
{
	uint8_t r[4];

	if (!e->counting) {
		role_random(e->role, r, sizeof(r));
		e->sequence_out =
			(uint32_t)r[0] << 24 | (uint32_t)r[1] << 16 | (uint32_t)r[2] << 8 | r[3];
		if (end_fault(e, FAULT_ENCAP_WRAP))
			e->sequence_out = UINT32_MAX - 5;
		e->counting = true;
	}
	return e->sequence_out++;
}

static void write_request(struct pana_end *e, struct end_request *q, struct end_draft *d)
{
	uint8_t *octets = malloc(END_MESSAGE_MAX);

	if (!octets)
		abort();
	d->sequence = d->kind == PANA_PCI ? 0 : next_sequence(e);
	q->kind = d->kind;
	q->flags = d->flags;
	q->sequence = d->sequence;
	q->transmissions = 0;
	q->timeout = 0;
	end_copy_set(&q->message, octets, end_write(e, d, octets, END_MESSAGE_MAX));
	if (d->kind == PANA_PAR && d->flags & PANA_FLAG_S && !e->opened)
		end_copy_set(&e->i_par, q->message.octets, q->message.length);
	free(octets);
}

static bool is_ping(const struct end_request *q)
{
	return q->message.length && q->kind == PANA_PNR && q->flags & PANA_FLAG_P;
}

/* RFC 5191 5.2: one outstanding request. Some are not given up for another: a ping, for the peer
 * would not know which sequence number comes next, and the PAR whose PAN brings the PaC's nonce. */
static bool is_kept(const struct pana_end *e)
{
	const struct end_request *q = &e->outstanding;

	return is_ping(q) || (q->message.length && q->kind == PANA_PAR && e->side == END_PAA &&
			      !(q->flags & PANA_FLAG_S) && e->nonce_due);
}

void end_send_request(struct pana_end *e, struct end_draft *d)
{
	if (is_kept(e)) {
		write_request(e, &e->waiting, d);
		return;
	}
	write_request(e, &e->outstanding, d);
	if (e->outstanding.message.length)
		transmit_outstanding(e);
}

void end_rekeyed(struct pana_end *e)
{
	struct end_request *q = &e->outstanding;
	struct end_draft d = end_draft(e, PANA_PNR, PANA_FLAG_P);
	uint8_t octets[512];

	end_copy_set(&e->answered, NULL, 0);
	if (!is_ping(q))
		return;
	d.sequence = q->sequence;
	end_copy_set(&q->message, octets, end_write(e, &d, octets, sizeof(octets)));
}

void end_stop(struct pana_end *e)
{
	end_copy_set(&e->outstanding.message, NULL, 0);
	set_due(e, END_RTX, 0);
	if (!e->waiting.message.length)
		return;
	e->outstanding = e->waiting;
	memset(&e->waiting, 0, sizeof(e->waiting));
	transmit_outstanding(e);
}

void end_stop_implied(struct pana_end *e)
{
	if (!is_kept(e))
		end_stop(e);
}

void end_send_answer(struct pana_end *e, struct end_draft *d)
{
	uint8_t *octets = malloc(END_MESSAGE_MAX);
	size_t length;

	if (!octets)
		abort();
	d->sequence = e->in->sequence;
	length = end_write(e, d, octets, END_MESSAGE_MAX);
	if (d->kind == PANA_PAN && d->flags & PANA_FLAG_S && !e->opened)
		end_copy_set(&e->i_pan, octets, length);
	end_copy_set(&e->answer, octets, length);
	end_copy_set(&e->answered, e->in->octets.octets, e->in->octets.length);
	free(octets);
	if (length)
		end_transmit(e, e->answer.octets, length);
}

void end_send_stray(struct pana_end *e, enum pana_kind kind, uint16_t flags)
{
	struct end_draft d = end_draft(e, kind, flags);
	uint8_t octets[512];
	size_t length;

	d.sequence = kind == PANA_PCI ? 0 : e->sequence_out;
	if (kind == PANA_PCI)
		d.session_id = 0;
	if (kind == PANA_PTR)
		draft_number(&d, PANA_AVP_TERMINATION_CAUSE, e->side == END_PAC ? 1 : 4);
	if (kind == PANA_PAR && flags & PANA_FLAG_C)
		draft_number(&d, PANA_AVP_RESULT_CODE, 1);
	length = end_write(e, &d, octets, sizeof(octets));
	if (length)
		end_transmit(e, octets, length);
}

bool end_repeat_answer(struct pana_end *e, const struct pana_message *m)
{
	if (!e->answered.length || m->octets.length != e->answered.length ||
	    memcmp(m->octets.octets, e->answered.octets, e->answered.length) != 0)
		return false;
	if (!end_fault(e, FAULT_DUPLICATE_IGNORED))
		end_transmit(e, e->answer.octets, e->answer.length);
	return true;
}

/* ---- phases ---- */

/* RFC 5191 5.7: both re-authenticate before the lifetime is over, the PaC first. */
void end_open(struct pana_end *e)
{
	uint64_t part = e->side == END_PAC ? 8 : 9;
	uint64_t now = role_now(e->role);

	e->opened = true;
	if (e->reauth)
		e->reauths++;
	e->reauth = false;
	e->nonce_sent = false;
	e->nonce_due = true;
	set_due(e, END_SESSION, 0);
	set_due(e, END_REAUTH, 0);
	if (e->lifetime && !end_paa_fault(e, FAULT_PAA_LIFETIME_OVER)) {
		set_due(e, END_SESSION, now + e->lifetime * END_SECOND);
		set_due(e, END_REAUTH, now + e->lifetime * END_SECOND / 10 * part);
	}
	if (e->role->settings.ping_interval)
		end_timer(e, END_PING, e->role->settings.ping_interval);
	/* RFC 6786 4.1: before the sequence number wraps under one key. */
	if (e->sa.pac_encr_key.length && e->sequence_out > UINT32_MAX - ENCR_WRAP_MARGIN &&
	    !end_fault(e, FAULT_ENCAP_WRAP))
		set_due(e, END_REAUTH, now + END_SECOND);
	role_event(e->role, ROLE_AUTHENTICATED, "session %08x%s", e->session_id,
		   e->sa.established ? ", protected" : "");
}

void end_close(struct pana_end *e, bool linger)
{
	for (enum end_timer t = 0; t < END_TIMERS; t++)
		set_due(e, t, 0);
	end_copy_set(&e->outstanding.message, NULL, 0);
	end_copy_set(&e->waiting.message, NULL, 0);
	end_sa_clear(&e->sa);
	end_sa_clear(&e->new_sa);
	if (!linger) {
		end_copy_set(&e->answer, NULL, 0);
		end_copy_set(&e->answered, NULL, 0);
	}
	e->ops->closed(e, linger);
}
