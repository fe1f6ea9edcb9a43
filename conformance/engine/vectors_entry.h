/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One entry of a file of known answers, as the runners see it. A runner reads inputs with the
 * entry_* functions that return values and hands in what it computed with entry_expect; it need not
 * look at errors in between: a member that is missing or not what was wanted yields an empty or
 * zero value (of the length asked for) and makes the file malformed.
 */
#ifndef ASSAY_ENGINE_VECTORS_ENTRY_H
#define ASSAY_ENGINE_VECTORS_ENTRY_H

#include <stdbool.h>
#include <stdio.h>

#include <glib.h>
#include <jansson.h>

#include "protocols/core/octets.h"
#include "protocols/core/secret.h"

struct vectors_entry {
	const char *path;     /* of the file */
	const json_t *root;   /* the whole file */
	const char *section;  /* name of the list that holds the entry, or NULL */
	const json_t *object; /* the entry */
	json_t *unread;       /* its members that nothing has read yet */
	char name[96];        /* id, or section and index: for messages */
	FILE *out;            /* reports */
	size_t failures;      /* comparisons that failed */
	char skipped[256];    /* why the entry cannot be run; "" if it can */
	char malformed[256];  /* what is wrong with its first bad member; "" if nothing is */
	GPtrArray *owned;     /* memory behind the octets handed out */
};

/* One kind of entry. An entry is of the first kind all of whose conditions it meets. */
struct vectors_format {
	const char *label;   /* for people */
	const char *profile; /* NULL, or: the file's member `profile` is this */
	const char *section; /* NULL, or: the entry's section is this */
	const char *member;  /* NULL, or: the entry has this member ... */
	const char *value;   /* ... and, unless NULL, it is this text */
	void (*run)(struct vectors_entry *e);
};

bool entry_has(const struct vectors_entry *e, const char *member);

/* Hexadecimal digits; of any length, or of `length` octets. Never NULL. */
struct octets entry_octets(struct vectors_entry *e, const char *member);
const uint8_t *entry_octets_of(struct vectors_entry *e, const char *member, size_t length);

/* Text, without its NUL; and as a string. */
struct octets entry_text(struct vectors_entry *e, const char *member);
const char *entry_string(struct vectors_entry *e, const char *member);

/* A number from 0 to `largest`; as a JSON number, or four octets in hexadecimal digits. */
uint32_t entry_number(struct vectors_entry *e, const char *member, uint32_t largest);
uint32_t entry_number_octets(struct vectors_entry *e, const char *member);

/* Compares octets computed with the member, or with octets read before. */
void entry_expect(struct vectors_entry *e, const char *member, const void *got, size_t length);
void entry_expect_secret(struct vectors_entry *e, const char *member, const struct secret *got);
void entry_compare(struct vectors_entry *e, const char *member, struct octets wanted,
		   struct octets got);

/* A failure that is no comparison: the library refused, or accepted what it must refuse. */
void entry_fail(struct vectors_entry *e, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The entry cannot be run, and why. */
void entry_skip(struct vectors_entry *e, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A member is not what it must be. */
void entry_malformed(struct vectors_entry *e, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Memory of `length` octets, zeroed, that lives as long as the entry. */
uint8_t *entry_buffer(struct vectors_entry *e, size_t length);

/* The runners: vectors_crypto.c and vectors_keys.c. */
void vectors_run_cmac(struct vectors_entry *e);
void vectors_run_xcbc(struct vectors_entry *e);
void vectors_run_cbc(struct vectors_entry *e);
void vectors_run_ctr(struct vectors_entry *e);
void vectors_run_eax(struct vectors_entry *e);
void vectors_run_hmac(struct vectors_entry *e);
void vectors_run_prf(struct vectors_entry *e);
void vectors_run_prf_plus(struct vectors_entry *e);
void vectors_run_integrity(struct vectors_entry *e);
void vectors_run_erp(struct vectors_entry *e);
void vectors_run_sso(struct vectors_entry *e);
void vectors_run_psk(struct vectors_entry *e);
void vectors_run_gpsk(struct vectors_entry *e);
void vectors_run_pana(struct vectors_entry *e);
void vectors_run_pana_keys(struct vectors_entry *e);
void vectors_run_pana_counter(struct vectors_entry *e);
void vectors_run_pana_encr(struct vectors_entry *e);

#endif
