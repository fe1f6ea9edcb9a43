/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes of a step, made to a message before it is sent. The message is walked, so that fields are
 * found by name, and walked again after each change.
 *
 * Order, whatever the order in the case: fields of EAP; the method's MACs (struct role_kind,
 * seal_inner); those of EAP's fields that are MACs or strike `on wire`; elements and fields of what
 * carries EAP; its fields that are lengths; its MACs (seal); those of its fields that are MACs;
 * then what strikes `on wire`. So what is mentioned is sent as written, and everything not
 * mentioned is right for it: a change of length re-encodes the lengths around it, unless they are
 * mentioned themselves.
 *
 * A target is a field, "pana.seq"; the one in an element, "pana.avp.data_length@Nonce"; the n-th of
 * several, "pana.prf_algorithm#2"; an element, "Nonce" or its number; or "octets", the message as a
 * whole, which is changed on the wire. EAP in RADIUS is taken out of its attributes, changed, and
 * put in again.
 */
#ifndef ASSAY_ENGINE_MUTATE_H
#define ASSAY_ENGINE_MUTATE_H

#include "case.h"
#include "conformance/roles/role.h"
#include "prng.h"
#include "reading.h"

enum { MUTATE_ERROR_SIZE = 256 };

struct mutation {
	const struct protocol *protocol; /* of the message */
	struct role *seal_with;          /* computes MACs; NULL: nobody does */
	struct prng *random;             /* for `random` */
	/* The value of "$name", or NULL. */
	const char *(*bound)(void *context, const char *name);
	void *context;
};

/* Makes the changes (of struct case_change *) to `octets`. False with a reason in `error`: the
 * message has no such field, or the value does not fit it. */
bool mutate(const struct mutation *m, GByteArray *octets, const GPtrArray *changes,
	    char error[MUTATE_ERROR_SIZE]);

/* False with a reason: nothing in messages of this protocol can be so named. */
bool mutate_target_known(const struct protocol *protocol, const struct case_change *change,
			 char error[MUTATE_ERROR_SIZE]);

/* "pana.auth flip last bit": the change as written, for comments. Appends. */
void mutate_text(const struct case_change *change, GString *text);

#endif
