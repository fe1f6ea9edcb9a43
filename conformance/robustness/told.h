/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a reader tells of one frame, in a form in which two readers can be compared: every rule that
 * it says is broken, as often as it says so, and every cryptographic verdict.
 *
 *     rfc5191-auth-verify
 *     pana.auth.status=verified
 */
#ifndef ASSAY_ROBUSTNESS_TOLD_H
#define ASSAY_ROBUSTNESS_TOLD_H

#include <glib.h>
#include <stdbool.h>

struct told {
	GPtrArray *lines; /* strings, owned; sorted by told_equal */
};

struct told told_new(void);
void told_free(struct told *t);
void told_clear(struct told *t);

void told_rule(struct told *t, const char *id);
void told_verdict(struct told *t, const char *field, const char *verdict);

bool told_equal(struct told *a, struct told *b);

/* The lines that `a` has and `b` lacks, between commas; the caller's to g_free. */
char *told_without(struct told *a, struct told *b);

#endif
