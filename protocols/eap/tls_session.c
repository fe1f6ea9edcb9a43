/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EAP-TLS over time: its fragments and their acknowledgements (RFC 5216 2.1.5). */
#include <stdio.h>

#include "session.h"

/* The flags of the message. */
static struct octets flags_of(const struct eap_event *e)
{
	return (struct octets){e->m->data.octets, 1};
}

static void judge_acknowledgement(const struct eap_event *e)
{
	const struct eap_tls *tls = &e->m->tls;

	if (tls->fragment.length || tls->flags & (EAP_TLS_L | EAP_TLS_M))
		eap_event_note(e, R(5216_FRAGMENT_ACK), F(TLS_DATA), tls->fragment,
			       "an acknowledgement, without data", "%zu octets",
			       tls->fragment.length);
}

static void judge_total(const struct eap_event *e, uint32_t total, uint64_t length)
{
	char wanted[32];

	if (total == length)
		return;
	snprintf(wanted, sizeof(wanted), "%u octets", total);
	eap_event_note(e, R(5216_TOTAL), F(TLS_LEN), flags_of(e), wanted, "%llu octets",
		       (unsigned long long)length);
}

/* A message that is not part of a run of fragments, or the first of one. */
static void begin(const struct eap_event *e, struct eap_side *side)
{
	const struct eap_tls *tls = &e->m->tls;

	side->has_total = tls->has_length;
	side->total = tls->length;
	side->so_far = (uint32_t)tls->fragment.length;
	if (tls->flags & EAP_TLS_M) {
		side->fragmenting = true;
		if (!tls->has_length && e->c->from_start)
			eap_event_note(e, R(5216_FIRST_LENGTH), F(TLS_L), flags_of(e),
				       "the L flag in the first fragment", "no L flag");
	} else if (tls->has_length) {
		eap_event_note(e, R(9190_LENGTH_UNFRAGMENTED), F(TLS_L), flags_of(e),
			       "no L flag without fragments", "an L flag");
		judge_total(e, tls->length, tls->fragment.length);
	}
}

void eap_tls_feed(const struct eap_event *e, struct eap_side *side, const struct eap_side *other)
{
	const struct eap_tls *tls = &e->m->tls;

	if (!tls->fragment.octets)
		return;
	if (other->more) {
		judge_acknowledgement(e);
		side->more = tls->flags & EAP_TLS_M;
		return;
	}
	if (!side->fragmenting) {
		begin(e, side);
	} else {
		side->so_far += (uint32_t)tls->fragment.length;
		if (!(tls->flags & EAP_TLS_M)) {
			side->fragmenting = false;
			if (side->has_total)
				judge_total(e, side->total, side->so_far);
		}
	}
	side->more = tls->flags & EAP_TLS_M;
}
