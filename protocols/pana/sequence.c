/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sequence numbers, answers and retransmissions: RFC 5191 5.2 and 9. */
#include "session.h"

#include <stdio.h>

static const uint64_t second = 1000000000u;

enum { REQUEST_MRC = 10, FEW = 16 };

/* What a capture adds to a sender's timer: scheduling and time stamps. */
static const uint64_t slack = 20000000u; /* 20 ms */

/* The interval that section 9 wants after `previous` (0: the first), and how far off it may be. */
static void wanted_interval(uint64_t previous, bool initiation, uint64_t *least, uint64_t *most)
{
	uint64_t limit = (initiation ? 120 : 30) * second;

	if (previous == 0) {
		*least = second * 9 / 10;
		*most = second * 11 / 10;
	} else {
		*least = previous * 19 / 10;
		*most = previous * 21 / 10;
	}
	/* if (RT > MRT) RT = MRT + RAND*MRT */
	if (*least > limit * 9 / 10)
		*least = limit * 9 / 10;
	if (*most > limit)
		*most = limit * 11 / 10;
	*least -= *least < slack ? *least : slack;
	*most += slack;
}

static void note_retransmission(struct pana_step *step, struct pana_requests *q)
{
	uint64_t now = step->passage->time;
	uint64_t interval = now > q->last_time ? now - q->last_time : 0;
	uint64_t least, most;

	wanted_interval(q->interval, step->m->kind == PANA_PCI, &least, &most);
	if (interval < least || interval > most)
		step_note(step, RETRANSMISSION_TIMER, RETRANSMISSION_OF, 0, 0,
			  q->interval ? "twice the interval before it, within 10 %"
				      : "0.9 s to 1.1 s after the request",
			  "%.3f s, where %.3f s to %.3f s were due", (double)interval / 1e9,
			  (double)least / 1e9, (double)most / 1e9);
	q->interval = interval;
	q->last_time = now;
	q->last_frame = step->passage->frame;
	q->transmissions++;
	if (q->transmissions == REQUEST_MRC + 2 && step->m->kind != PANA_PCI)
		step_note(step, RETRANSMISSION_COUNT, RETRANSMISSION_OF, 0, 0,
			  "10 transmissions, or 11", "%u", q->transmissions);
	reader_number(step->r, F(RETRANSMISSION_OF), 0, 0, q->frame);
}

static void note_next(struct pana_step *step, const struct pana_requests *q)
{
	uint32_t wanted = q->sequence + 1;
	const struct pana_session *s = step->s;
	/* Numbers begin anew; a few that are missing are something else. */
	bool reset = step->m->sequence - wanted > FEW;
	bool reauth = reset && step->m->kind == PANA_PAR && step->from == SIDE_PAA &&
		      (s->phase == PANA_PHASE_ACCESS ||
		       (s->phase == PANA_PHASE_REAUTH && s->expects_nonce[SIDE_PAA]));
	char text[32];

	if (!q->seen || q->kind == PANA_PCI || step->m->kind == PANA_PCI || step->initial ||
	    step->m->sequence == wanted)
		return;
	step->gap = true;
	snprintf(text, sizeof(text), "0x%08x", wanted);
	if (reauth)
		step_note(step, SEQUENCE_REAUTH, SEQUENCE, 12, 4, text, "0x%08x",
			  step->m->sequence);
	else
		step_note(step, SEQUENCE_NEXT, SEQUENCE, 12, 4, text, "0x%08x", step->m->sequence);
}

static void take_request(struct pana_step *step, struct pana_requests *q, uint32_t digest)
{
	const struct pana_message *m = step->m;
	bool wrapped = q->wrapped || (q->seen && q->sequence == UINT32_MAX && m->sequence == 0);

	*q = (struct pana_requests){
		.seen = true,
		.initial = m->kind == PANA_PCI || step->initial,
		.complete = m->flags & PANA_FLAG_C,
		.wrapped = wrapped,
		.kind = m->kind,
		.flags = m->flags,
		.port = step->passage->source.port,
		.sequence = m->sequence,
		.digest = digest,
		.frame = step->passage->frame,
		.last_frame = step->passage->frame,
		.last_time = step->passage->time,
		.transmissions = 1,
	};
}

static void step_request(struct pana_step *step)
{
	struct pana_requests *q = &step->s->requests[step->from];
	const struct pana_message *m = step->m;
	uint32_t digest = flow_hash(0, m->octets.octets, m->octets.length);
	bool same_number = q->seen && q->kind == m->kind && q->sequence == m->sequence;

	if (same_number && q->digest == digest) {
		step->retransmission = true;
		note_retransmission(step, q);
		return;
	}
	/* A PCI has no answer and no number: it takes no place among the requests. */
	if (m->kind == PANA_PCI && q->seen && q->kind != PANA_PCI)
		return;
	if (same_number && !step->initial)
		step_note(step, RETRANSMISSION_SAME, SEQUENCE, 12, 4,
			  "the same message again, or another sequence number",
			  "another message under 0x%08x", m->sequence);
	else
		note_next(step, q);
	if (q->seen && !q->answered && !q->initial && !same_number)
		step_note(step, ONE_OUTSTANDING, SEQUENCE, 12, 4,
			  "the answer to the request before it first",
			  "the request of frame %u is not answered", q->frame);
	take_request(step, q, digest);
}

/* The pair of kinds fits: PAN answers PAR and so on. */
static bool answers(enum pana_kind answer, enum pana_kind request)
{
	return (answer == PANA_PAN && request == PANA_PAR) ||
	       (answer == PANA_PTA && request == PANA_PTR) ||
	       (answer == PANA_PNA && request == PANA_PNR);
}

static void step_answer(struct pana_step *step)
{
	struct pana_requests *q = &step->s->requests[!step->from];
	char wanted[64];

	if (!q->seen) {
		if (step->s->from_start)
			step_note(step, SEQUENCE_ECHOED, SEQUENCE, 12, 4, "a request before it",
				  "none");
		return;
	}
	if (q->sequence != step->m->sequence || !answers(step->m->kind, q->kind)) {
		snprintf(wanted, sizeof(wanted), "an answer to the %s 0x%08x",
			 pana_kind_abbreviation(q->kind), q->sequence);
		step_note(step, SEQUENCE_ECHOED, SEQUENCE, 12, 4, wanted, "%s 0x%08x",
			  pana_kind_abbreviation(step->m->kind), step->m->sequence);
		return;
	}
	/* As Wireshark has always meant these fields: from the newest transmission. */
	reader_number(step->r, F(RESPONSE_TO), 0, 0, q->last_frame);
	if (step->passage->time >= q->last_time)
		reader_number(step->r, F(RESPONSE_TIME), 0, 0, step->passage->time - q->last_time);
	if (q->invalid)
		step_note(step, INVALID_ANSWERED, SEQUENCE, 12, 4, "no answer",
			  "an answer to frame %u, which breaks %s", q->frame, q->invalid->id);
	step->retransmission = q->answered;
	q->answered = true;
}

void pana_step_sequence(struct pana_step *step)
{
	if (step->m->kind >= PANA_PRY)
		return;
	if (step->request)
		step_request(step);
	else
		step_answer(step);
}
