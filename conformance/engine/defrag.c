/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "defrag.h"

#include <glib.h>
#include <string.h>

/* A fragment as kept: one allocation with its octets. */
struct piece {
	struct piece *next; /* of higher offset, or equal and later */
	size_t offset;
	size_t length;
	uint8_t next_header;
	uint8_t octets[];
};

/* A datagram under way. */
struct pending {
	struct defrag_key key;
	uint64_t first_time;  /* of the first fragment that came */
	struct piece *pieces; /* sorted by offset */
	struct piece *last;   /* of them: where fragments in order are appended */
	size_t count;         /* of pieces */
	size_t octets;        /* held by this datagram, structures included */
	size_t total;         /* length of the whole, once known */
	bool total_known;     /* a last fragment has come */
	GList age;            /* link in defrag.by_age; data is this */
};

struct defrag {
	GHashTable *pending; /* set of struct pending, by key */
	GQueue by_age;       /* oldest first */
	size_t octets;       /* held */
	uint64_t given_up;
	uint8_t whole[DEFRAG_DATAGRAM_SIZE]; /* the last datagram completed */
};

static guint key_hash(gconstpointer k)
{
	const struct defrag_key *key = k;
	uint32_t hash = address_hash(key->protocol, &key->source);

	hash = address_hash(hash, &key->destination);
	return flow_hash(hash, &key->identification, sizeof(key->identification));
}

static gboolean key_equal(gconstpointer a, gconstpointer b)
{
	const struct defrag_key *x = a, *y = b;

	return x->identification == y->identification && x->protocol == y->protocol &&
	       x->vlan == y->vlan && address_equal(&x->source, &y->source) &&
	       address_equal(&x->destination, &y->destination);
}

struct defrag *defrag_new(void)
{
	struct defrag *d = g_new0(struct defrag, 1);

	/* The key is the datagram's first member: the table is a set of datagrams. */
	d->pending = g_hash_table_new(key_hash, key_equal);
	g_queue_init(&d->by_age);
	return d;
}

static void forget(struct defrag *d, struct pending *p)
{
	struct piece *next;

	g_hash_table_remove(d->pending, &p->key);
	g_queue_unlink(&d->by_age, &p->age);
	d->octets -= p->octets;
	for (struct piece *piece = p->pieces; piece; piece = next) {
		next = piece->next;
		g_free(piece);
	}
	g_free(p);
}

void defrag_free(struct defrag *d)
{
	if (!d)
		return;
	while (d->by_age.head)
		forget(d, d->by_age.head->data);
	g_hash_table_destroy(d->pending);
	g_free(d);
}

static void give_up(struct defrag *d, struct pending *p)
{
	forget(d, p);
	d->given_up++;
}

/* Makes room for `wanted` more octets at `now`. */
static void make_room(struct defrag *d, uint64_t now, size_t wanted)
{
	while (d->by_age.head) {
		struct pending *oldest = d->by_age.head->data;
		bool late = now > oldest->first_time && now - oldest->first_time > DEFRAG_TIMEOUT;

		if (!late && d->octets + wanted <= DEFRAG_OCTETS &&
		    d->by_age.length < DEFRAG_DATAGRAMS)
			return;
		give_up(d, oldest);
	}
}

static struct pending *pending_of(struct defrag *d, const struct defrag_fragment *fragment)
{
	struct pending *p = g_hash_table_lookup(d->pending, &fragment->key);

	if (p)
		return p;
	p = g_new0(struct pending, 1);
	p->key = fragment->key;
	p->first_time = fragment->time;
	p->age.data = p;
	p->octets = sizeof(*p);
	d->octets += sizeof(*p);
	g_hash_table_add(d->pending, p);
	g_queue_push_tail_link(&d->by_age, &p->age);
	return p;
}

/* Links `piece` behind all whose offset is not higher. */
static void insert(struct pending *p, struct piece *piece)
{
	struct piece **at = &p->pieces;

	if (p->last && p->last->offset <= piece->offset)
		at = &p->last->next;
	while (*at && (*at)->offset <= piece->offset)
		at = &(*at)->next;
	piece->next = *at;
	*at = piece;
	if (!piece->next)
		p->last = piece;
	p->count++;
}

static void keep(struct defrag *d, struct pending *p, const struct defrag_fragment *fragment)
{
	struct piece *piece = g_malloc(sizeof(*piece) + fragment->content.length);

	piece->offset = fragment->offset;
	piece->length = fragment->content.length;
	piece->next_header = fragment->next_header;
	if (piece->length > 0)
		memcpy(piece->octets, fragment->content.octets, piece->length);
	insert(p, piece);
	p->octets += sizeof(*piece) + piece->length;
	d->octets += sizeof(*piece) + piece->length;
	if (!fragment->more && !p->total_known) {
		p->total_known = true;
		p->total = piece->offset + piece->length;
	}
}

static bool complete(const struct pending *p)
{
	size_t reached = 0;

	if (!p->total_known)
		return false;
	for (const struct piece *i = p->pieces; i && i->offset <= reached; i = i->next)
		reached = MAX(reached, i->offset + i->length);
	return reached >= p->total;
}

static void join(struct defrag *d, const struct pending *p, struct defrag_datagram *whole)
{
	size_t filled = 0;

	*whole = (struct defrag_datagram){.next_header = p->pieces->next_header};
	for (const struct piece *i = p->pieces; i && i->offset < p->total; i = i->next) {
		size_t end = MIN(i->offset + i->length, p->total);
		size_t overlap = MIN(filled, end) - i->offset;

		if (i->offset + i->length > p->total)
			whole->conflicting = true;
		if (memcmp(d->whole + i->offset, i->octets, overlap) != 0)
			whole->conflicting = true;
		if (end > filled) {
			memcpy(d->whole + filled, i->octets + overlap, end - filled);
			filled = end;
		}
	}
	whole->content = (struct octets){d->whole, p->total};
}

enum defrag_outcome defrag_add(struct defrag *d, const struct defrag_fragment *fragment,
			       struct defrag_datagram *whole)
{
	size_t length = fragment->content.length;
	struct pending *p;

	if (length > DEFRAG_DATAGRAM_SIZE || fragment->offset > DEFRAG_DATAGRAM_SIZE - length)
		return DEFRAG_REFUSED;
	make_room(d, fragment->time, length + sizeof(struct piece) + sizeof(struct pending));
	p = pending_of(d, fragment);
	if (p->count >= DEFRAG_FRAGMENTS) {
		give_up(d, p);
		return DEFRAG_REFUSED;
	}
	keep(d, p, fragment);
	if (!complete(p))
		return DEFRAG_HELD;
	join(d, p, whole);
	forget(d, p);
	return DEFRAG_WHOLE;
}

size_t defrag_waiting(const struct defrag *d)
{
	return d->by_age.length;
}

size_t defrag_octets(const struct defrag *d)
{
	return d->octets;
}

uint64_t defrag_given_up(const struct defrag *d)
{
	return d->given_up;
}
