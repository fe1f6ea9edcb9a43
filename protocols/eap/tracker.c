/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EAP conversations of carriers that have no sessions of their own: RADIUS, EAPOL, PPP, Diameter.
 */
#include <glib.h>
#include <string.h>

#include "session.h"

/* What tells conversations apart. */
struct key {
	enum carrier carrier;
	struct endpoint ends[2]; /* in a fixed order; EAPOL: the peer first */
	uint32_t stream;
};

struct tracked {
	struct conversation base; /* first: a conversation handed out is its tracked */
	struct eap_conversation *eap;
	struct key key;
};

struct eap_tracker {
	struct conversation_table *table;
	struct key_store *keys;
};

/* IEEE 802.1X: the address that stands for the authenticator while the peer does not know it. */
static bool is_group(const struct endpoint *e)
{
	static const uint8_t group[] = {0x01, 0x80, 0xc2, 0x00, 0x00, 0x03};

	return e->address.family == ADDRESS_ETHERNET &&
	       !memcmp(e->address.octets, group, sizeof(group));
}

/* EAPOL: ends[0] is the peer, ends[1] the authenticator, all zero where the group address hides it.
 */
static struct key eapol_key(const struct passage *p, const struct eap_message *m)
{
	bool by_peer = m->code == EAP_RESPONSE || m->code == EAP_INITIATE;
	const struct endpoint *peer = by_peer ? &p->source : &p->destination;
	const struct endpoint *other = by_peer ? &p->destination : &p->source;
	struct key key = {.carrier = p->carrier, .ends[0] = *peer};

	if (!is_group(peer) && !is_group(other))
		key.ends[1] = *other;
	return key;
}

/* The one conversation of a link on which all is sent to the group address. */
static struct key group_key(const struct passage *p)
{
	return (struct key){.carrier = p->carrier,
			    .ends[0] = is_group(&p->source) ? p->source : p->destination};
}

static struct key key_of(const struct passage *p, uint32_t stream)
{
	struct key key = {.carrier = p->carrier, .stream = stream};
	int order = memcmp(&p->source.address, &p->destination.address, sizeof(struct address));
	bool swap = order > 0 || (order == 0 && p->source.port > p->destination.port);

	key.ends[0] = swap ? p->destination : p->source;
	key.ends[1] = swap ? p->source : p->destination;
	if (stream) /* the carrier tells: its ports may change in between */
		key.ends[0].port = key.ends[1].port = 0;
	return key;
}

static uint32_t key_hash(const struct key *key)
{
	uint32_t hash = flow_hash(0, &key->stream, sizeof(key->stream));

	hash = endpoint_hash(hash, &key->ends[0]);
	if (key->carrier != CARRIER_EAPOL)
		hash = endpoint_hash(hash, &key->ends[1]);
	return hash ^ (uint32_t)key->carrier;
}

static bool matches(const struct conversation *c, const void *context)
{
	const struct tracked *t = (const struct tracked *)c;
	const struct key *key = context;
	bool hidden = key->carrier == CARRIER_EAPOL && !key->ends[1].address.family;

	return t->key.carrier == key->carrier && t->key.stream == key->stream &&
	       endpoint_equal(&t->key.ends[0], &key->ends[0]) &&
	       (hidden || endpoint_equal(&t->key.ends[1], &key->ends[1]));
}

static void describe(const struct conversation *c, struct reader *r)
{
	const struct eap_conversation *eap = ((const struct tracked *)c)->eap;

	eap_conversation_describe_ends(eap, r);
	eap_conversation_describe(eap, r);
}

static void free_tracked(struct conversation *c)
{
	struct tracked *t = (struct tracked *)c;

	eap_conversation_free(t->eap);
	g_free(t);
}

static const struct conversation_kind kind = {
	.protocol = &eap_protocol,
	.label = "EAP conversation",
	.describe = describe,
	.free = free_tracked,
};

struct eap_tracker *eap_tracker_new(struct key_store *keys, size_t limit,
				    conversation_closed *closed, void *context)
{
	struct eap_tracker *t = g_new0(struct eap_tracker, 1);

	t->table = conversation_table_new(limit, closed, context);
	t->keys = keys;
	return t;
}

void eap_tracker_free(struct eap_tracker *t)
{
	if (!t)
		return;
	conversation_table_free(t->table);
	g_free(t);
}

static struct tracked *add(struct eap_tracker *tracker, const struct key *key)
{
	struct tracked *t = g_new0(struct tracked, 1);

	t->base.kind = &kind;
	t->eap = eap_conversation_new(tracker->keys);
	t->key = *key;
	conversation_add(tracker->table, &t->base, key_hash(key));
	return t;
}

static struct conversation *find(const struct eap_tracker *tracker, const struct key *key)
{
	return conversation_find(tracker->table, key_hash(key), matches, key);
}

struct conversation *eap_track(struct eap_tracker *tracker, const struct passage *p,
			       uint32_t stream, const struct eap_message *m, size_t origin,
			       struct reader *r)
{
	bool eapol = p->carrier == CARRIER_EAPOL;
	struct key key = eapol ? eapol_key(p, m) : key_of(p, stream);
	struct conversation *c = find(tracker, &key);
	struct tracked *t;

	if (!c && eapol && (is_group(&p->source) || is_group(&p->destination))) {
		key = group_key(p);
		c = find(tracker, &key);
	}
	t = c ? (struct tracked *)c : add(tracker, &key);
	conversation_use(tracker->table, &t->base, p);
	eap_feed(t->eap, &t->base, p, m, origin, r);
	return &t->base;
}
