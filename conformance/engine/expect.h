/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Constraints on the fields of a message that has come: what a case wants of it, and how to say
 * that it is not so.
 */
#ifndef ASSAY_ENGINE_EXPECT_H
#define ASSAY_ENGINE_EXPECT_H

#include "case.h"
#include "conformance/roles/role.h"
#include "reading.h"

enum { EXPECT_TEXT_SIZE = 256 };

/* What is wrong: a field, and what was wanted and got. */
struct mismatch {
	char field[64];
	char wanted[EXPECT_TEXT_SIZE];
	char got[EXPECT_TEXT_SIZE];
};

typedef const char *expect_bound(void *context, const char *name);

/* True if the reading keeps all of `constraints` (of struct case_constraint *); else the first that
 * it does not keep is in `mismatch`. */
bool expect_keeps(const struct reading *r, const struct protocol *protocol,
		  const GPtrArray *constraints, expect_bound *bound, void *context,
		  struct mismatch *mismatch);

/* The same of constraints that are about the datagram: "source.port" and the like, "octets". */
bool expect_keeps_datagram(const struct datagram *d, const GPtrArray *constraints,
			   expect_bound *bound, void *context, struct mismatch *mismatch);

#endif
