// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rows and lookups of the key table.
 *
 * Rows stand in one array in the order of their addition, which their sequence number records. Rows
 * of one type and identity form a group; a lookup merges the group of the identity with that of `*`
 * by sequence number. A set of all keys answers whether a derived row is there already. So neither
 * a lookup nor an addition depends on how many rows there are. When the derived rows reach their
 * limit the oldest sixteenth goes at once, so that the cost of rebuilding is shared by the many
 * additions in between.
 */
#include "keystore_impl.h"

#include <string.h>

#include <glib.h>

#include "flow.h"
#include "secret.h"

enum { EVICTED_AT_ONCE = KEY_STORE_DERIVED_MAX / 16 };

struct stored_row {
	struct key_row row; /* first: a key_row handed out is its stored_row */
	uint64_t sequence;  /* order of addition, unique in the store */
};

struct group {
	enum key_type type;
	char *identity;
	GPtrArray *rows; /* of struct stored_row, ascending sequence; not owned */
};

struct key_store {
	GPtrArray *rows;    /* of struct stored_row, ascending sequence; owned */
	GHashTable *groups; /* of struct group; owned */
	GHashTable *keys;   /* of struct stored_row by type, identity and octets; not owned */
	uint64_t sequence;  /* of the next row */
	size_t derived;     /* rows that sessions added */
	size_t captured;    /* rows that stood in the capture */
};

static struct stored_row *stored(const void *row)
{
	return (struct stored_row *)(uintptr_t)row;
}

static void stored_row_free(void *pointer)
{
	struct stored_row *s = pointer;

	secret_wipe(s->row.octets, s->row.length);
	g_free(s->row.octets);
	g_free(s->row.identity);
	g_free(s);
}

static guint key_hash(const void *pointer)
{
	const struct key_row *row = pointer;
	uint32_t hash = flow_hash(0, row->identity, strlen(row->identity));

	return flow_hash(hash, row->octets, row->length) ^ (uint32_t)row->type;
}

static gboolean key_same(const void *left, const void *right)
{
	const struct key_row *a = left, *b = right;

	return a->type == b->type && a->length == b->length && !strcmp(a->identity, b->identity) &&
	       secret_equal(a->octets, b->octets, a->length);
}

static guint group_hash(const void *pointer)
{
	const struct group *group = pointer;

	return flow_hash(0, group->identity, strlen(group->identity)) ^ (uint32_t)group->type;
}

static gboolean group_same(const void *left, const void *right)
{
	const struct group *a = left, *b = right;

	return a->type == b->type && !strcmp(a->identity, b->identity);
}

static void group_free(void *pointer)
{
	struct group *group = pointer;

	g_ptr_array_free(group->rows, TRUE);
	g_free(group->identity);
	g_free(group);
}

static struct group *group_find(const struct key_store *store, enum key_type type,
				const char *identity)
{
	struct group wanted = {.type = type, .identity = (char *)(uintptr_t)identity};

	return g_hash_table_lookup(store->groups, &wanted);
}

static struct group *group_of(struct key_store *store, const struct key_row *row)
{
	struct group *group = group_find(store, row->type, row->identity);

	if (!group) {
		group = g_new(struct group, 1);
		group->type = row->type;
		group->identity = g_strdup(row->identity);
		group->rows = g_ptr_array_new();
		g_hash_table_add(store->groups, group);
	}
	return group;
}

/* Enters a row, which `rows` holds already, in the two indexes. */
static void index_row(struct key_store *store, struct stored_row *s)
{
	g_ptr_array_add(group_of(store, &s->row)->rows, s);
	if (!g_hash_table_contains(store->keys, s))
		g_hash_table_add(store->keys, s);
}

struct key_store *key_store_new(void)
{
	struct key_store *store = g_new0(struct key_store, 1);

	store->rows = g_ptr_array_new();
	store->groups = g_hash_table_new_full(group_hash, group_same, group_free, NULL);
	store->keys = g_hash_table_new(key_hash, key_same);
	return store;
}

void key_store_free(struct key_store *store)
{
	if (!store)
		return;
	g_hash_table_destroy(store->keys);
	g_hash_table_destroy(store->groups);
	for (guint i = 0; i < store->rows->len; i++)
		stored_row_free(store->rows->pdata[i]);
	g_ptr_array_free(store->rows, TRUE);
	g_free(store);
}

static struct stored_row *append(struct key_store *store, const struct key_row *row)
{
	struct stored_row *s = g_new0(struct stored_row, 1);

	s->row = *row;
	s->row.identity = g_strdup(row->identity);
	s->row.octets = g_malloc(row->length ? row->length : 1);
	if (row->length)
		memcpy(s->row.octets, row->octets, row->length);
	s->sequence = store->sequence++;
	g_ptr_array_add(store->rows, s);
	index_row(store, s);
	return s;
}

void key_store_append(struct key_store *store, enum key_type type, const char *identity,
		      const uint8_t *octets, size_t length)
{
	struct key_row row = {.type = type,
			      .identity = (char *)(uintptr_t)identity,
			      .octets = (uint8_t *)(uintptr_t)octets,
			      .length = length};

	append(store, &row);
}

/* Drops the `derived` oldest derived rows and the `captured` oldest of the capture, and rebuilds
 * the indexes. */
static void drop(struct key_store *store, size_t derived, size_t captured)
{
	guint kept = 0;

	store->derived -= derived;
	store->captured -= captured;
	g_hash_table_remove_all(store->keys);
	g_hash_table_remove_all(store->groups);
	for (guint i = 0; i < store->rows->len; i++) {
		struct stored_row *s = store->rows->pdata[i];

		if (s->row.derived && derived) {
			derived--;
			stored_row_free(s);
		} else if (s->row.captured && captured) {
			captured--;
			stored_row_free(s);
		} else {
			store->rows->pdata[kept++] = s;
			index_row(store, s);
		}
	}
	g_ptr_array_set_size(store->rows, (gint)kept);
}

void key_store_add_derived(struct key_store *store, enum key_type type, const char *identity,
			   const uint8_t *octets, size_t length, uint32_t frame)
{
	struct key_row row = {.type = type,
			      .identity = (char *)(uintptr_t)identity,
			      .octets = (uint8_t *)(uintptr_t)octets,
			      .length = length,
			      .derived = true,
			      .frame = frame};

	if (g_hash_table_contains(store->keys, &row))
		return;
	if (store->derived >= KEY_STORE_DERIVED_MAX)
		drop(store, EVICTED_AT_ONCE, 0);
	append(store, &row);
	store->derived++;
}

void key_store_add_captured(struct key_store *store, const struct key_row *row, uint32_t frame)
{
	struct key_row captured = *row;

	if (g_hash_table_contains(store->keys, row))
		return;
	captured.derived = false;
	captured.captured = true;
	captured.frame = frame;
	append(store, &captured);
	store->captured++;
}

void key_store_forget_derived(struct key_store *store)
{
	if (store->derived || store->captured)
		drop(store, store->derived, store->captured);
}

size_t key_store_count(const struct key_store *store)
{
	return store->rows->len;
}

const struct key_row *key_store_row(const struct key_store *store, size_t index)
{
	if (index >= store->rows->len)
		return NULL;
	return &stored(store->rows->pdata[index])->row;
}

/* The first row of the group whose sequence is at least `sequence`, or NULL. */
static struct stored_row *group_from(const struct group *group, uint64_t sequence)
{
	guint low = 0, high = group ? group->rows->len : 0;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (stored(group->rows->pdata[middle])->sequence < sequence)
			low = middle + 1;
		else
			high = middle;
	}
	return group && low < group->rows->len ? group->rows->pdata[low] : NULL;
}

const struct key_row *key_store_next(const struct key_store *store, enum key_type type,
				     const char *identity, const struct key_row *previous)
{
	uint64_t from = previous ? stored(previous)->sequence + 1 : 0;
	struct stored_row *any = group_from(group_find(store, type, "*"), from);
	struct stored_row *own = NULL;

	if (identity)
		own = group_from(group_find(store, type, identity), from);
	if (!own || (any && any->sequence < own->sequence))
		own = any;
	return own ? &own->row : NULL;
}
