/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A baseline: failures that are known, so that a run tells new ones. A file of lines
 *
 *     # wpa_supplicant takes any Identifier
 *     eap.peer identifier-reused  xfail  RFC 3748 4.1: a new Request has a new Identifier
 *
 * suite, case (a glob), "xfail", and why, which names the specification's section.
 */
#ifndef ASSAY_ENGINE_BASELINE_H
#define ASSAY_ENGINE_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

struct baseline;

/* NULL with "FILE:LINE: wanted ..., found ..." in `error`. */
struct baseline *baseline_load(const char *path, char *error, size_t error_size);
struct baseline *baseline_parse(const char *name, const char *text, char *error, size_t error_size);
void baseline_free(struct baseline *b);

/* Why the case is known to fail, or NULL. */
const char *baseline_why(const struct baseline *b, const char *suite, const char *test_case);

#endif
