/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radius_tracker.h"

#include <glib.h>
#include <string.h>

#include "protocols/core/writer.h"

enum { STATE_MAX = 253, KEY_SIZE = 1 + 2 * (17 + 2) + STATE_MAX };

enum { KEY_REQUEST = 'r', KEY_STATE = 's' };

/* A request or a State that may be referred to, and the conversation it stands for. */
struct tracked {
	struct octets key;                                  /* points behind this structure */
	GList age;                                          /* link in by_age; data is this */
	uint32_t conversation;                              /* 0: a request without EAP */
	uint8_t authenticator[RADIUS_AUTHENTICATOR_LENGTH]; /* of a request */
};

struct radius_tracker {
	GHashTable *tracked; /* set of struct tracked, by key */
	GQueue by_age;       /* longest unused first */
	size_t limit;
	uint32_t conversations; /* begun so far */
};

static guint key_hash(gconstpointer k)
{
	const struct octets *key = k;

	return flow_hash(0, key->octets, key->length);
}

static gboolean key_equal(gconstpointer a, gconstpointer b)
{
	const struct octets *x = a, *y = b;

	return x->length == y->length && memcmp(x->octets, y->octets, x->length) == 0;
}

struct radius_tracker *radius_tracker_new(size_t limit)
{
	struct radius_tracker *t = g_new0(struct radius_tracker, 1);

	t->tracked = g_hash_table_new(key_hash, key_equal);
	t->limit = limit ? limit : RADIUS_TRACKED;
	g_queue_init(&t->by_age);
	return t;
}

static void forget(struct radius_tracker *t, struct tracked *one)
{
	g_hash_table_remove(t->tracked, &one->key);
	g_queue_unlink(&t->by_age, &one->age);
	g_free(one);
}

void radius_tracker_free(struct radius_tracker *t)
{
	if (!t)
		return;
	while (t->by_age.head)
		forget(t, t->by_age.head->data);
	g_hash_table_destroy(t->tracked);
	g_free(t);
}

/* What is remembered under a key, or NULL; this counts as use. */
static struct tracked *find(struct radius_tracker *t, struct octets key)
{
	struct tracked *one = g_hash_table_lookup(t->tracked, &key);

	if (one) {
		g_queue_unlink(&t->by_age, &one->age);
		g_queue_push_tail_link(&t->by_age, &one->age);
	}
	return one;
}

/* What is remembered under a key, from now on if need be. */
static struct tracked *remember(struct radius_tracker *t, struct octets key)
{
	struct tracked *one = find(t, key);
	uint8_t *copy;

	if (one)
		return one;
	if (t->by_age.length >= t->limit)
		forget(t, t->by_age.head->data);
	one = g_malloc0(sizeof(*one) + key.length);
	copy = (uint8_t *)(one + 1);
	memcpy(copy, key.octets, key.length);
	one->key = (struct octets){copy, key.length};
	one->age.data = one;
	g_hash_table_add(t->tracked, one);
	g_queue_push_tail_link(&t->by_age, &one->age);
	return one;
}

static void write_address(struct writer *w, const struct address *a)
{
	write_u8(w, a->family);
	write_octets(w, a->octets, sizeof(a->octets));
}

static void write_endpoint(struct writer *w, const struct endpoint *e)
{
	write_address(w, &e->address);
	write_u16(w, e->port);
}

static struct octets written(const struct writer *w)
{
	return (struct octets){w->octets, w->length};
}

static struct octets request_key(uint8_t out[KEY_SIZE], const struct endpoint *client,
				 const struct endpoint *server, uint8_t id)
{
	struct writer w = writer_of(out, KEY_SIZE);

	write_u8(&w, KEY_REQUEST);
	write_endpoint(&w, client);
	write_endpoint(&w, server);
	write_u8(&w, id);
	return written(&w);
}

/* A client may change its port within a conversation. */
static struct octets state_key(uint8_t out[KEY_SIZE], const struct endpoint *client,
			       const struct endpoint *server, struct octets state)
{
	struct writer w = writer_of(out, KEY_SIZE);

	write_u8(&w, KEY_STATE);
	write_address(&w, &client->address);
	write_endpoint(&w, server);
	write_octets(&w, state.octets, state.length);
	return written(&w);
}

static void remember_state(struct radius_tracker *t, const struct endpoint *client,
			   const struct endpoint *server, struct octets state,
			   uint32_t conversation)
{
	uint8_t out[KEY_SIZE];

	remember(t, state_key(out, client, server, state))->conversation = conversation;
}

/* The conversation of a request that is no retransmission. */
static uint32_t conversation_of_request(struct radius_tracker *t, const struct passage *p,
					const struct radius_message *m)
{
	uint8_t out[KEY_SIZE];
	const struct tracked *known = NULL;
	uint32_t conversation;

	if (m->has_state)
		known = find(t, state_key(out, &p->source, &p->destination, m->state));
	if (known)
		return known->conversation;
	if (m->eap_parts == 0)
		return 0;
	conversation = ++t->conversations;
	if (m->has_state)
		remember_state(t, &p->source, &p->destination, m->state, conversation);
	return conversation;
}

static uint32_t track_request(struct radius_tracker *t, const struct passage *p,
			      const struct radius_message *m)
{
	uint8_t out[KEY_SIZE];
	struct octets key = request_key(out, &p->source, &p->destination, m->id);
	struct tracked *request = find(t, key);
	uint32_t conversation;

	if (request &&
	    memcmp(request->authenticator, m->authenticator, RADIUS_AUTHENTICATOR_LENGTH) == 0)
		return request->conversation;
	conversation = conversation_of_request(t, p, m);
	request = remember(t, key);
	request->conversation = conversation;
	memcpy(request->authenticator, m->authenticator, RADIUS_AUTHENTICATOR_LENGTH);
	return conversation;
}

static uint32_t track_reply(struct radius_tracker *t, const struct passage *p,
			    const struct radius_message *m)
{
	uint8_t out[KEY_SIZE];
	struct octets key = request_key(out, &p->destination, &p->source, m->id);
	const struct tracked *request = find(t, key);
	uint32_t conversation = 0;

	if (request)
		conversation = request->conversation;
	else if (m->eap_parts > 0)
		conversation = remember(t, key)->conversation = ++t->conversations;
	if (conversation != 0 && m->has_state)
		remember_state(t, &p->destination, &p->source, m->state, conversation);
	return conversation;
}

uint32_t radius_track(struct radius_tracker *t, const struct passage *p,
		      const struct radius_message *m)
{
	switch (m->code) {
	case RADIUS_ACCESS_REQUEST:
	case RADIUS_STATUS_SERVER: /* is answered by an Access-Accept: RFC 5997 */
		return track_request(t, p, m);
	case RADIUS_ACCESS_ACCEPT:
	case RADIUS_ACCESS_REJECT:
	case RADIUS_ACCESS_CHALLENGE:
		return track_reply(t, p, m);
	default:
		return 0;
	}
}

size_t radius_tracker_count(const struct radius_tracker *t)
{
	return t->by_age.length;
}
