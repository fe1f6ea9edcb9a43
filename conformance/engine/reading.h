/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that a walk, and a session if there is one, say of one message: values of fields in order,
 * with copies of their octets, and notes. A reading is a reader: hand &r->reader to a walk.
 */
#ifndef ASSAY_ENGINE_READING_H
#define ASSAY_ENGINE_READING_H

#include <glib.h>

#include "protocols/core/reader.h"

struct seen {
	const struct field *field;
	size_t offset, length; /* in its source */
	unsigned source;       /* 0: the message; others are decrypted or reassembled octets */
	unsigned depth;        /* groups that it stands in */
	bool group;            /* it is one itself: no value */
	struct value value;    /* octets are the reading's own */
};

struct reading {
	struct reader reader; /* first */
	GArray *seen;         /* of struct seen, in order */
	GArray *notes;        /* of struct note */
	unsigned sources;     /* begun so far */
	GArray *open;         /* of int: source of each open group, for close */
	unsigned source;      /* the current one */
};

void reading_init(struct reading *r);
void reading_clear(struct reading *r);

/* The field after `previous` (NULL: the first) of this descriptor that is no group, or NULL. */
const struct seen *reading_find(const struct reading *r, const struct field *field,
				const struct seen *previous);

/* Reads one message alone, without a session: PANA, or RADIUS with the EAP in it. */
void reading_alone(struct reading *r, const struct protocol *protocol, const uint8_t *octets,
		   size_t length);

/* A field by name: "pana.seq", or "seq", "auth" of the protocol's own; EAP's in either. NULL: there
 * is none. */
const struct field *reading_field(const struct protocol *protocol, const char *name);

#endif
