/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "erp_keys.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "role.h"

enum { NAME_DIGITS = 2 * EMSK_NAME_LENGTH };

struct erp_keys {
	GHashTable *by_name; /* name in digits → struct erp_key, owned by the queue */
	GQueue order;        /* oldest first */
};

static void free_key(void *key)
{
	secret_wipe(key, sizeof(struct erp_key));
	g_free(key);
}

/* The name is what stands before the realm: always NAME_DIGITS long. */
static guint hash_name(const void *key)
{
	const struct erp_key *k = key;

	return flow_hash(0, k->nai, NAME_DIGITS);
}

static gboolean same_name(const void *a, const void *b)
{
	return !memcmp(((const struct erp_key *)a)->nai, ((const struct erp_key *)b)->nai,
		       NAME_DIGITS);
}

static struct erp_keys *keys_of(struct role *owner)
{
	if (!owner->erp_keys) {
		owner->erp_keys = g_new0(struct erp_keys, 1);
		owner->erp_keys->by_name = g_hash_table_new(hash_name, same_name);
		g_queue_init(&owner->erp_keys->order);
	}
	return owner->erp_keys;
}

static void drop(struct erp_keys *keys, struct erp_key *key)
{
	g_hash_table_remove(keys->by_name, key);
	g_queue_remove(&keys->order, key);
	free_key(key);
}

static void set_name(struct erp_key *key, const uint8_t name[EMSK_NAME_LENGTH], const char *peer,
		     const char *server)
{
	const char *realm = peer ? strchr(peer, '@') : NULL;

	if (!realm)
		realm = strchr(server, '@');
	if (!realm || strlen(realm) >= sizeof(key->nai) - NAME_DIGITS)
		realm = "@localdomain";

	for (size_t i = 0; i < EMSK_NAME_LENGTH; i++)
		snprintf(key->nai + 2 * i, 3, "%02x", name[i]);
	snprintf(key->nai + NAME_DIGITS, sizeof(key->nai) - NAME_DIGITS, "%s", realm);
}

void erp_keys_add(struct role *owner, const struct secret *emsk, const struct eap_session_id *id,
		  const char *peer, const char *server)
{
	struct erp_keys *keys = keys_of(owner);
	struct erp_key *key = g_new0(struct erp_key, 1), *before;
	uint8_t name[EMSK_NAME_LENGTH];

	if (!emsk->length || !id->length ||
	    !kdf_emsk_name((struct octets){id->octets, id->length}, name) ||
	    !erp_rrk((struct octets){emsk->octets, emsk->length}, &key->rrk)) {
		free_key(key);
		return;
	}
	set_name(key, name, peer, server);
	before = g_hash_table_lookup(keys->by_name, key);
	if (!before && g_queue_get_length(&keys->order) >= ERP_KEYS_MAX)
		before = g_queue_peek_head(&keys->order);
	if (before)
		drop(keys, before);
	g_hash_table_add(keys->by_name, key);
	g_queue_push_tail(&keys->order, key);
}

struct erp_key *erp_keys_newest(const struct role *owner)
{
	return owner->erp_keys ? g_queue_peek_tail(&owner->erp_keys->order) : NULL;
}

struct erp_key *erp_keys_find(const struct role *owner, struct octets nai)
{
	struct erp_key wanted = {.next = 0};

	if (!owner->erp_keys || nai.length < NAME_DIGITS)
		return NULL;
	for (size_t i = 0; i < NAME_DIGITS; i++)
		wanted.nai[i] = g_ascii_tolower((char)nai.octets[i]);
	if (nai.length > NAME_DIGITS && nai.octets[NAME_DIGITS] != '@')
		return NULL;
	return g_hash_table_lookup(owner->erp_keys->by_name, &wanted);
}

void erp_keys_free(struct erp_keys *keys)
{
	if (!keys)
		return;
	g_hash_table_destroy(keys->by_name);
	g_queue_clear_full(&keys->order, free_key);
	g_free(keys);
}
