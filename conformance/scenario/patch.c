/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a patch does to a message, before it is written and after. */
#include "player.h"

#include <string.h>

bool patch_next(const struct player *p, size_t *i, const char *label, enum patch_op from,
		enum patch_op to)
{
	for (; p->patches && p->patches[*i].message; (*i)++) {
		enum patch_op op = p->patches[*i].op;

		if (op >= from && op <= to && !strcmp(p->patches[*i].message, label))
			return true;
	}
	return false;
}

static struct pana_draft_avp avp_of(struct draft *d, const struct scenario_patch *x)
{
	uint8_t octets[4];
	struct writer w = writer_of(octets, sizeof(octets));
	struct pana_draft_avp avp = {
		.code = x->code, .flags = x->flags, .vendor = x->vendor, .value = x->value};

	write_u32(&w, x->number);
	if (!x->value.octets)
		avp.value = (struct octets){draft_keep(d, octets, 4), 4};
	return avp;
}

/* Where AVPs are added: before AUTH, if it is the last. */
static size_t before_auth(const struct draft *d)
{
	size_t last = d->count;

	return last && d->avps[last - 1].avp.code == PANA_AVP_AUTH ? last - 1 : last;
}

static void add_avp(struct draft *d, const struct scenario_patch *x)
{
	const struct pana_draft_avp avp = avp_of(d, x);

	draft_insert(d,
		     x->op == PATCH_AVP_ADD_FIRST  ? 0
		     : x->op == PATCH_AVP_ADD_LAST ? d->count
						   : before_auth(d),
		     &avp);
}

static void move_avp(struct draft *d, size_t from, bool to_front)
{
	const struct draft_avp moved = d->avps[from];
	size_t to = to_front ? 0 : d->count - 1;

	draft_remove(d, from);
	draft_insert(d, to, &moved.avp);
	d->avps[to].sealed = moved.sealed;
}

/* Everything that is done to one AVP. */
static void patch_avp(struct draft *d, const struct scenario_patch *x, size_t at)
{
	struct draft_avp *avp = &d->avps[at];
	uint8_t *value;

	switch (x->op) {
	case PATCH_AVP_REMOVE:
		draft_remove(d, at);
		break;
	case PATCH_AVP_DUPLICATE:
		draft_insert(d, at + 1, &avp->avp);
		break;
	case PATCH_AVP_FIRST:
	case PATCH_AVP_LAST:
		move_avp(d, at, x->op == PATCH_AVP_FIRST);
		break;
	case PATCH_AVP_NUMBER:
	case PATCH_AVP_VALUE:
		avp->avp.value = avp_of(d, x).value;
		break;
	case PATCH_AVP_FLIP:
		value = (uint8_t *)(uintptr_t)draft_keep(d, avp->avp.value.octets,
							 avp->avp.value.length);
		if (value && x->number < avp->avp.value.length) {
			value[x->number] ^= 1;
			avp->avp.value.octets = value;
		}
		break;
	case PATCH_AVP_CODE:
		avp->avp.code = (uint16_t)x->number;
		break;
	case PATCH_AVP_FLAGS:
		avp->avp.flags = (uint16_t)x->number;
		avp->avp.vendor = x->vendor;
		break;
	case PATCH_AVP_SEAL:
	case PATCH_AVP_UNSEAL:
		avp->sealed = x->op == PATCH_AVP_SEAL;
		break;
	default:
		break;
	}
}

static void patch_header(struct draft *d, const struct scenario_patch *x)
{
	switch (x->op) {
	case PATCH_FLAGS:
		d->flags ^= (uint16_t)x->number;
		break;
	case PATCH_TYPE:
		d->type = (uint16_t)x->number;
		break;
	case PATCH_SESSION_ID:
		d->session_id = x->number;
		break;
	case PATCH_SEQUENCE:
		d->sequence = x->number;
		break;
	case PATCH_SEQUENCE_ADD:
		d->sequence += x->number;
		break;
	case PATCH_OTHER_KEY:
		d->other_key = true;
		break;
	default:
		break;
	}
}

bool patch_draft(struct player *p, struct draft *d, bool late)
{
	bool changed = false;

	for (size_t i = 0; patch_next(p, &i, d->label, PATCH_FLAGS, PATCH_AVP_UNSEAL); i++) {
		const struct scenario_patch *x = &p->patches[i];
		size_t at = draft_find(d, x->code, x->which);

		if (x->late != late)
			continue;
		if (x->op < PATCH_AVP_ADD)
			patch_header(d, x);
		else if (x->op <= PATCH_AVP_ADD_LAST)
			add_avp(d, x);
		else if (at < d->count)
			patch_avp(d, x, at);
		else
			continue; /* there is no such AVP */
		p->struck[i] = changed = true;
	}
	return changed;
}

/* Offset of the header of AVP `code` in a message as written; `length` if there is none. */
static size_t avp_offset(const uint8_t *message, size_t length, const struct scenario_patch *x)
{
	struct walk w = walk_of(message, length, NULL);
	unsigned which = x->which;

	walk_octets(&w, NULL, PANA_HEADER_SIZE);
	while (!w.cut && walk_left(&w) > 0) {
		size_t at = w.position;
		uint16_t code = walk_u16(&w, NULL);
		uint16_t flags = walk_u16(&w, NULL);
		size_t value = walk_u16(&w, NULL);

		if (code == x->code && which-- == 0)
			return at;
		walk_octets(&w, NULL,
			    2 + (flags & PANA_AVP_FLAG_V ? 4u : 0u) + (value + 3) / 4 * 4);
	}
	return length;
}

static void set_u16(uint8_t *message, size_t length, size_t at, uint32_t number)
{
	struct writer w = writer_of(message, length);

	w.length = length;
	write_patch_u16(&w, at, (uint16_t)number);
}

void patch_octets(struct player *p, const char *label, uint8_t *message, size_t length, bool late)
{
	for (size_t i = 0; patch_next(p, &i, label, PATCH_U16, PATCH_PADDING); i++) {
		const struct scenario_patch *x = &p->patches[i];
		size_t at = x->offset + (x->code ? avp_offset(message, length, x) : 0);
		size_t size = at + 6 > length ? 0 : (size_t)message[at + 4] << 8 | message[at + 5];

		if (x->late != late || at >= length || (x->op == PATCH_U16 && at + 2 > length))
			continue;
		if (x->op == PATCH_PADDING && size % 4 == 0)
			continue; /* it has no padding */
		if (x->op == PATCH_U16)
			set_u16(message, length, at, x->number);
		else if (x->op == PATCH_FLIP)
			message[at] ^= 1;
		else
			message[at + 8 + (size + 3) / 4 * 4 - 1] = (uint8_t)x->number;
		p->struck[i] = true;
	}
}

void patch_size(struct player *p, const char *label, uint8_t *message, size_t *length)
{
	for (size_t i = 0; patch_next(p, &i, label, PATCH_CUT, PATCH_APPEND); i++) {
		const struct scenario_patch *x = &p->patches[i];

		if (x->op == PATCH_CUT && x->number < *length) {
			*length = x->number;
			p->struck[i] = true;
		} else if (x->op == PATCH_APPEND && x->number <= MESSAGE_MAX - *length) {
			memset(message + *length, 0, x->number);
			*length += x->number;
			p->struck[i] = true;
		}
	}
}

void patch_before(struct player *p, const char *label)
{
	for (size_t i = 0; patch_next(p, &i, label, PATCH_INSERT, PATCH_INSERT); i++) {
		p->struck[i] = true;
		player_part(p, (enum scenario_part)p->patches[i].number);
	}
	for (size_t i = 0; patch_next(p, &i, label, PATCH_DELAY, PATCH_DELAY); i++) {
		p->struck[i] = true;
		p->s->time += p->patches[i].number * (uint64_t)1000000;
	}
}

bool patch_datagram(struct player *p, const char *label, struct datagram *g)
{
	static const uint8_t all_nodes[16] = {0xff, 2, [15] = 1};
	static const uint8_t all_hosts[4] = {224, 0, 0, 1};
	bool ipv4 = g->destination.address.family == ADDRESS_IPV4;
	bool dropped = false;

	for (size_t i = 0; patch_next(p, &i, label, PATCH_DROP, PATCH_MULTICAST); i++) {
		uint32_t value = p->patches[i].number;

		switch (p->patches[i].op) {
		case PATCH_DROP:
			dropped = true;
			break;
		case PATCH_SOURCE_PORT:
			g->source.port = (uint16_t)value;
			break;
		case PATCH_DESTINATION_PORT:
			g->destination.port = (uint16_t)value;
			break;
		case PATCH_SOURCE:
			g->source.address.octets[ipv4 ? 3 : 15] = (uint8_t)value;
			break;
		case PATCH_DESTINATION:
			g->destination.address.octets[ipv4 ? 3 : 15] = (uint8_t)value;
			break;
		case PATCH_MULTICAST:
			g->destination.address = ipv4 ? address_of(ADDRESS_IPV4, all_hosts)
						      : address_of(ADDRESS_IPV6, all_nodes);
			break;
		default:
			continue;
		}
		p->struck[i] = true;
	}
	return !dropped;
}
