/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table "Assay keys" of the preferences. Its file, assay_keys in the profile's folder, is one
 * that `assay --keys` reads too. A row is checked by the key store, and its text is what the
 * complaint says; an edited table starts the dissection afresh.
 */
#include "assay.h"

#include "protocols/core/secret.h"

#include <epan/prefs.h>
#include <epan/uat.h>
#include <epan/value_string.h>

#include <string.h>

struct row {
	guint type; /* enum key_type */
	char *identity;
	char *key;
};

static struct row *rows;
static guint row_count;
static value_string type_names[KEY_TYPE_COUNT + 1];

UAT_VS_DEF(rows, type, struct row, guint, KEY_EAP_PSK, "eap-psk")
UAT_CSTRING_CB_DEF(rows, identity, struct row)
UAT_CSTRING_CB_DEF(rows, key, struct row)

static void *copy_row(void *to, const void *from, size_t size)
{
	const struct row *old = from;
	struct row *new = to;

	(void)size;
	new->type = old->type;
	new->identity = g_strdup(old->identity);
	new->key = g_strdup(old->key);
	return new;
}

static void free_row(void *record)
{
	struct row *row = record;

	if (row->key)
		secret_wipe(row->key, strlen(row->key));
	g_free(row->identity);
	g_free(row->key);
}

static bool add_row(struct key_store *store, const struct row *row, char *error, size_t size)
{
	return key_store_add_text(store, key_type_name(row->type), row->identity, row->key, error,
				  size);
}

static ws_bool check_row(void *record, char **error)
{
	struct key_store *store = key_store_new();
	char text[256];
	bool valid = add_row(store, record, text, sizeof(text));

	key_store_free(store);
	*error = valid ? NULL : g_strdup(text);
	return valid;
}

struct key_store *keys_of_user(void)
{
	struct key_store *store = key_store_new();
	char error[256];

	for (guint i = 0; i < row_count; i++)
		add_row(store, &rows[i], error, sizeof(error));
	return store;
}

void keys_register(struct pref_module *module)
{
	static uat_field_t fields[] = {
		UAT_FLD_VS(rows, type, "Type", type_names, "What the key is for"),
		UAT_FLD_CSTRING(rows, identity, "Identity", "Whose key it is; * fits any identity"),
		UAT_FLD_CSTRING(rows, key, "Key", "Hexadecimal digits, or text: and characters"),
		UAT_END_FIELDS};
	uat_t *table;

	for (guint i = 0; i < KEY_TYPE_COUNT; i++)
		type_names[i] = (value_string){i, key_type_name(i)};
	table = uat_new("Assay keys", sizeof(struct row), "assay_keys", TRUE, &rows, &row_count,
			UAT_AFFECTS_DISSECTION, NULL, copy_row, check_row, free_row, NULL, NULL,
			fields);
	prefs_register_uat_preference(module, "keys", "Assay keys",
				      "Keys that sessions are verified and opened with", table);
}
