/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Edits of a message that keep the lengths around them right. Between mutate.c, which knows what is
 * to be changed, and mutate_edit.c, which knows how messages are nested.
 */
#ifndef ASSAY_ENGINE_MUTATE_EDIT_H
#define ASSAY_ENGINE_MUTATE_EDIT_H

#include "reading.h"

struct edit {
	const struct protocol *protocol; /* &eap_protocol: EAP alone */
	GByteArray *octets;
	struct reading reading; /* of the octets as they are */
	GPtrArray *mentioned;   /* of const struct field *: left as written */
};

/* Reads the octets; `edit_clear` forgets them. */
void edit_begin(struct edit *e, const struct protocol *protocol, GByteArray *octets,
		GPtrArray *mentioned);
void edit_clear(struct edit *e);

/* Replaces `old` octets at `at`, which belong to `within`, by others, and reads again. */
void edit_splice(struct edit *e, const struct seen *within, size_t at, size_t old,
		 const uint8_t *octets, size_t length);

/* Overwrites octets without looking at what they mean, and reads again. */
void edit_overwrite(struct edit *e, size_t at, const uint8_t *octets, size_t length);

/* The n-th field (from 1) of this descriptor, of the message itself, in element `code` (0: in
 * any). */
const struct seen *edit_find(const struct edit *e, const struct field *field, uint64_t code,
			     unsigned n);

/* The n-th element of this code: its group. NULL: there is none. */
const struct seen *edit_element(const struct edit *e, uint64_t code, unsigned n);
/* The group of the message itself: the whole. */
const struct seen *edit_message(const struct edit *e);

/* True if the field is a length that edits keep right. */
bool edit_is_length(const struct field *field);

/* The field that holds the length of a group, or NULL. */
const struct field *edit_length_field(const struct edit *e, const struct seen *group);

#endif
