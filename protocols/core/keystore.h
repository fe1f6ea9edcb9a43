/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The key table: what the user knows (rows of a key file or of Wireshark's "Assay keys" table) and
 * what sessions have derived. One row is a type, an identity and a key:
 *
 *     "eap-psk","user1","text:SecretPassphrase"
 *
 * Identity `*` fits any. Several rows of one type and identity are all tried, in the order in which
 * they were added. Rows derived from traffic are marked so, newest last, and are forgotten by
 * key_store_forget_derived; a store keeps at most KEY_STORE_DERIVED_MAX of them. Rows that stand in
 * the capture itself (keycomment.h) are forgotten with them.
 *
 * The store owns its rows; a row pointer is valid until the store changes. Keys are wiped when
 * freed.
 */
#ifndef ASSAY_CORE_KEYSTORE_H
#define ASSAY_CORE_KEYSTORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KEY_STORE_DERIVED_MAX = 65536, KEY_IDENTITY_MAX = 1024, KEY_OCTETS_MAX = 1024 };

enum key_type {
	KEY_EAP_PSK,
	KEY_EAP_GPSK,
	KEY_MSK,
	KEY_EMSK,
	KEY_RADIUS,
	KEY_C1222,
	KEY_C1222_BASE,
	KEY_PSKRECONF_IK,
	KEY_PSKRECONF_SK,
	KEY_ECQV_K,
	KEY_ECQV_CA,
	KEY_ECQV_D,
	KEY_TYPE_COUNT
};

struct key_row {
	enum key_type type;
	char *identity;  /* NUL-terminated; "*" fits any; NUL octets of an identity read \x00 */
	uint8_t *octets; /* the key */
	size_t length;
	bool derived;   /* by a session, not given by the user */
	bool captured;  /* it stood in the capture itself */
	uint32_t frame; /* derived: the frame that completed it; captured: that it stood at */
};

struct key_store;

struct key_store *key_store_new(void);
void key_store_free(struct key_store *store);

/* The name of a type in the file ("eap-psk"), and the type of a name (false: no such type). */
const char *key_type_name(enum key_type type);
bool key_type_of(const char *name, enum key_type *type);

/* Adds a row as the user wrote it. False with a reason in `error` ("key: wanted hexadecimal digits
 * or text:..., found ...") if a column is not valid; nothing is added then. */
bool key_store_add_text(struct key_store *store, const char *type, const char *identity,
			const char *key, char *error, size_t error_size);

/* Adds a derived row, unless an equal one is there. */
void key_store_add_derived(struct key_store *store, enum key_type type, const char *identity,
			   const uint8_t *octets, size_t length, uint32_t frame);

/* Adds a copy of a row that stood in the capture itself, unless an equal one is there. */
void key_store_add_captured(struct key_store *store, const struct key_row *row, uint32_t frame);

/* Reads rows of a key file's text. Returns true, or false with "FILE:LINE:COLUMN: ..." in `error`;
 * rows before the bad line have been added. `name` is what messages call the file. */
bool key_store_parse(struct key_store *store, const char *name, const char *text, size_t length,
		     char *error, size_t error_size);

/* Reads a key file. As key_store_parse; an unreadable file is an error too. */
bool key_store_load(struct key_store *store, const char *path, char *error, size_t error_size);

/* The row after `previous` (NULL: the first) that fits type and identity (NULL: "*" rows only). */
const struct key_row *key_store_next(const struct key_store *store, enum key_type type,
				     const char *identity, const struct key_row *previous);

/* All rows, in order: number of rows, and row `index`. */
size_t key_store_count(const struct key_store *store);
const struct key_row *key_store_row(const struct key_store *store, size_t index);

/* Forgets what a capture brought: the rows derived from it and those that stood in it. */
void key_store_forget_derived(struct key_store *store);

/* Writes a row in the file's form: quoted columns, escapes as Wireshark's own tables write them.
 * `size` must hold it, else it is cut; returns the length wanted, as snprintf. */
size_t key_row_text(const struct key_row *row, char *text, size_t size);

#endif
