/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conversation.h"

#include <stdlib.h>

struct conversation_table {
	struct conversation **buckets; /* chains by hash */
	size_t bucket_count;           /* a power of two, doubled as the table fills */
	size_t count;                  /* conversations held */
	size_t limit;                  /* never more than this */
	struct conversation *oldest;   /* longest idle */
	struct conversation *newest;   /* last used */
	conversation_closed *closed;   /* told before one is freed */
	void *context;                 /* for closed */
};

enum { FIRST_BUCKETS = 64 };

static struct conversation **bucket_of(const struct conversation_table *t, uint32_t hash)
{
	return &t->buckets[hash & (t->bucket_count - 1)];
}

struct conversation_table *conversation_table_new(size_t limit, conversation_closed *closed,
						  void *context)
{
	struct conversation_table *t = calloc(1, sizeof(*t));

	if (!t)
		abort();
	t->bucket_count = FIRST_BUCKETS;
	t->buckets = calloc(t->bucket_count, sizeof(struct conversation *));
	if (!t->buckets)
		abort();
	t->limit = limit ? limit : CONVERSATION_LIMIT;
	t->closed = closed;
	t->context = context;
	return t;
}

static void order_remove(struct conversation_table *t, struct conversation *c)
{
	*(c->older ? &c->older->newer : &t->oldest) = c->newer;
	*(c->newer ? &c->newer->older : &t->newest) = c->older;
	c->older = c->newer = NULL;
}

static void order_append(struct conversation_table *t, struct conversation *c)
{
	c->older = t->newest;
	c->newer = NULL;
	*(t->newest ? &t->newest->newer : &t->oldest) = c;
	t->newest = c;
}

static void bucket_remove(struct conversation_table *t, struct conversation *c)
{
	struct conversation **at = bucket_of(t, c->hash);

	while (*at != c)
		at = &(*at)->next_in_bucket;
	*at = c->next_in_bucket;
	c->next_in_bucket = NULL;
}

static void bucket_insert(struct conversation_table *t, struct conversation *c, uint32_t hash)
{
	struct conversation **at = bucket_of(t, hash);

	c->hash = hash;
	c->next_in_bucket = *at;
	*at = c;
}

static void close_one(struct conversation_table *t, struct conversation *c, enum closing why)
{
	bucket_remove(t, c);
	order_remove(t, c);
	t->count--;
	if (t->closed)
		t->closed(c, why, t->context);
	c->kind->free(c);
}

void conversation_table_free(struct conversation_table *table)
{
	if (!table)
		return;
	while (table->oldest)
		close_one(table, table->oldest, CLOSED_AT_END);
	free(table->buckets);
	free(table);
}

struct conversation *conversation_find(const struct conversation_table *table, uint32_t hash,
				       bool (*match)(const struct conversation *c, const void *key),
				       const void *key)
{
	struct conversation *c = *bucket_of(table, hash);

	while (c && !(c->hash == hash && match(c, key)))
		c = c->next_in_bucket;
	return c;
}

/* Twice as many buckets, so that chains stay short. */
static void grow(struct conversation_table *t)
{
	struct conversation **grown = calloc(2 * t->bucket_count, sizeof(struct conversation *));

	if (!grown)
		return;
	free(t->buckets);
	t->buckets = grown;
	t->bucket_count *= 2;
	for (struct conversation *c = t->oldest; c; c = c->newer)
		bucket_insert(t, c, c->hash);
}

void conversation_add(struct conversation_table *table, struct conversation *c, uint32_t hash)
{
	if (table->count >= table->limit)
		close_one(table, table->oldest, CLOSED_EVICTED);
	if (table->count >= table->bucket_count)
		grow(table);
	bucket_insert(table, c, hash);
	order_append(table, c);
	table->count++;
}

void conversation_rehash(struct conversation_table *table, struct conversation *c, uint32_t hash)
{
	bucket_remove(table, c);
	bucket_insert(table, c, hash);
}

void conversation_use(struct conversation_table *table, struct conversation *c,
		      const struct passage *p)
{
	order_remove(table, c);
	order_append(table, c);
	if (c->messages == 0)
		c->first = *p;
	c->messages++;
	c->last_frame = p->frame;
	c->last_time = p->time;
}

size_t conversation_count(const struct conversation_table *table)
{
	return table->count;
}

void conversation_verdict(struct conversation *c, struct reader *r, const struct field *field,
			  size_t offset, size_t length, enum verdict verdict)
{
	c->verdicts[verdict]++;
	reader_number(r, field, offset, length, verdict);
}
