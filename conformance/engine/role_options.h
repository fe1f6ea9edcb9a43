/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The settings of a role (conformance/roles/role.h) by name, as people and case files write them:
 * "lifetime" = "60", "methods" = "gpsk-2,psk", "erp" = "yes". What is not named stays as it was.
 */
#ifndef ASSAY_ENGINE_ROLE_OPTIONS_H
#define ASSAY_ENGINE_ROLE_OPTIONS_H

#include "conformance/roles/role.h"

struct role_option {
	const char *name;   /* "ping-interval" */
	const char *values; /* "SECONDS" */
	const char *text;   /* what it does, in one line */
};

/* Number of them, and the one of an index. */
size_t role_option_count(void);
struct role_option role_option_at(size_t index);

/* Sets one. False with a reason in `error`: "lifetime: wanted SECONDS, found 'x'". */
bool role_option_set(struct role_settings *settings, const char *name, const char *value,
		     char *error, size_t error_size);

#endif
