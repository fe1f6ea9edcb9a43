/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What became of a cryptographic check. Never one word for two of these: a person acts differently
 * on each.
 */
#ifndef ASSAY_CORE_VERDICT_H
#define ASSAY_CORE_VERDICT_H

#include "field.h"

enum verdict {
	VERDICT_VERIFIED = 1,      /* the value is right under the key */
	VERDICT_WRONG_KEY,         /* it fails, and nothing of this session has verified under it */
	VERDICT_FORGED,            /* it fails though others have verified: forged or damaged */
	VERDICT_NO_KEY,            /* not checked: the key table has no key that fits */
	VERDICT_UNKNOWN_KEY_ID,    /* not checked: no key is known under the key id in force */
	VERDICT_NO_AUTHENTICATION, /* not checked: what the key is derived from was not captured */
	VERDICT_UNSUPPORTED        /* not checked: an algorithm that Assay does not have */
};

/* For field.names: "verified", "wrong key", "forged or damaged", "not checked: no key", ... */
extern const struct value_name verdict_names[];

/* True for the first three: the check took place. */
bool verdict_checked(enum verdict v);

/* The verdict of a comparison under a key of which `verified_before` values were right. */
enum verdict verdict_of(bool right, bool verified_before);

#endif
