/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a draft to datagrams: patches, AUTH, the relay, transmission and repetition. */
#include "player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t millisecond = 1000000;

enum { ANSWER_TAKES = 4, RELAY_TAKES = 1 /* milliseconds */ };

struct datagram *scenario_append(struct scenario *s, const struct endpoint *source,
				 const struct endpoint *destination, struct octets octets)
{
	struct datagram *d;

	if (s->count == s->room) {
		s->room = s->room ? 2 * s->room : 64;
		s->datagrams = realloc(s->datagrams, s->room * sizeof(*s->datagrams));
		if (!s->datagrams)
			abort();
	}
	d = &s->datagrams[s->count++];
	*d = (struct datagram){.time = s->time,
			       .carrier = CARRIER_UDP,
			       .source = *source,
			       .destination = *destination,
			       .length = octets.length,
			       .order = s->count};
	d->octets = malloc(octets.length + 1);
	if (!d->octets)
		abort();
	memcpy(d->octets, octets.octets, octets.length);
	return d;
}

static enum pana_kind kind_of(uint16_t type, uint16_t flags)
{
	bool request = flags & PANA_FLAG_R;

	switch (type) {
	case PANA_AUTH:
		return request ? PANA_PAR : PANA_PAN;
	case PANA_TERMINATION:
		return request ? PANA_PTR : PANA_PTA;
	case PANA_NOTIFICATION:
		return request ? PANA_PNR : PANA_PNA;
	default:
		return type == PANA_RELAY ? PANA_PRY : PANA_PCI;
	}
}

static void number(struct player *p, struct draft *d)
{
	enum pana_kind kind = kind_of(d->type, d->flags);

	snprintf(d->label, sizeof(d->label), "%s %u", pana_kind_abbreviation(kind),
		 ++p->ordinals[kind]);
}

/* ---- transmission ---- */

static void append(struct player *p, const char *label, const struct datagram *g,
		   struct octets octets)
{
	struct datagram *d = scenario_append(p->s, &g->source, &g->destination, octets);

	snprintf(d->label, sizeof(d->label), "%s", label);
}

/* Sends octets once, and again as its patches want. */
static void transmit(struct player *p, const char *label, const struct endpoint *source,
		     const struct endpoint *destination, struct octets octets)
{
	uint64_t first = p->s->time;
	struct datagram one = {.source = *source, .destination = *destination};

	if (!patch_datagram(p, label, &one))
		return;
	append(p, label, &one, octets);
	for (size_t i = 0; patch_next(p, &i, label, PATCH_REPEAT, PATCH_REPEAT); i++) {
		p->struck[i] = true;
		p->s->time = first + p->patches[i].number * millisecond;
		append(p, label, &one, octets);
	}
}

/* ---- the relay, RFC 6345 ---- */

static void add_pac_information(const struct player *p, struct draft *d)
{
	uint8_t value[18];
	struct writer w = writer_of(value, sizeof(value));

	write_octets(&w, p->pac.address.octets, address_length(&p->pac.address));
	write_u16(&w, p->pac.port);
	draft_add(d, PANA_AVP_PAC_INFORMATION, value, w.length);
}

static void transmit_relayed(struct player *p, enum player_side from, struct octets inner)
{
	struct draft *d = calloc(1, sizeof(*d));
	uint8_t *message = malloc(MESSAGE_MAX);
	size_t length;

	if (!d || !message)
		abort();
	d->type = PANA_RELAY;
	d->from = from;
	number(p, d);
	add_pac_information(p, d);
	draft_add(d, PANA_AVP_RELAYED_MESSAGE, inner.octets, inner.length);
	patch_draft(p, d, false);
	length = draft_write(p, d, message);
	patch_octets(p, d->label, message, length, false);
	patch_size(p, d->label, message, &length);
	transmit(p, d->label, from == BY_PAC ? &p->pre_paa_side : &p->paa,
		 from == BY_PAC ? &p->paa : &p->pre_paa_side, (struct octets){message, length});
	free(message);
	free(d);
}

static void transmit_leg(struct player *p, const char *label, enum player_side from,
			 struct octets message)
{
	const struct endpoint *paa = p->options->relay ? &p->pre_pac_side : &p->paa;

	if (p->options->relay == RELAY_PAA_SIDE)
		return;
	transmit(p, label, from == BY_PAC ? &p->pac : paa, from == BY_PAC ? paa : &p->pac, message);
}

static void transmit_legs(struct player *p, const struct draft *d, struct octets message)
{
	if (d->from == BY_PAC)
		transmit_leg(p, d->label, d->from, message);
	if (p->options->relay) {
		p->s->time += RELAY_TAKES * millisecond;
		transmit_relayed(p, d->from, message);
		p->s->time += RELAY_TAKES * millisecond;
	}
	if (d->from == BY_PAA)
		transmit_leg(p, d->label, d->from, message);
}

/* ---- the message ---- */

/* Keeps what keys are derived from, as it was sent. */
static void keep(struct player *p, const struct draft *d, const uint8_t *message, size_t length)
{
	size_t nonce = draft_find(d, PANA_AVP_NONCE, 0);
	struct octets value;

	if (d->type != PANA_AUTH)
		return;
	if (d->flags & PANA_FLAG_S) {
		memcpy(p->initial[d->from], message, length);
		p->initial_length[d->from] = length;
		if (d->from == BY_PAC)
			player_choose(p, d);
		return;
	}
	if (nonce == d->count)
		return;
	value = d->avps[nonce].avp.value;
	if (value.length > sizeof(p->nonces[0]))
		return;
	memcpy(p->nonces[d->from], value.octets, value.length);
	p->nonce_length[d->from] = value.length;
}

static void add_auth(struct player *p, struct draft *d)
{
	static const uint8_t zeros[PANA_AUTH_VALUE_MAX];
	size_t length = integrity_length(p->integrity);

	if (d->type != PANA_CLIENT_INITIATION && (p->sa.present || d->rekeys))
		draft_add(d, PANA_AVP_AUTH, zeros, length ? length : 16);
}

void player_send(struct player *p, struct draft *d)
{
	uint8_t message[MESSAGE_MAX];
	size_t length;

	number(p, d);
	patch_before(p, d->label);
	p->s->time += ANSWER_TAKES * millisecond;
	add_auth(p, d);
	patch_draft(p, d, false);
	if (d->rekeys)
		player_rekey(p, d);
	length = draft_write(p, d, message);
	patch_octets(p, d->label, message, length, false);
	draft_authenticate(p, d, message, length);
	keep(p, d, message, length);
	if (patch_draft(p, d, true))
		length = draft_write(p, d, message);
	patch_octets(p, d->label, message, length, true);
	patch_size(p, d->label, message, &length);
	transmit_legs(p, d, (struct octets){message, length});
}
