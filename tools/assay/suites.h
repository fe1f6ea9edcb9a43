/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Suites by name, for the subcommands that tell about them: list, explain, cover. */
#ifndef ASSAY_TOOLS_SUITES_H
#define ASSAY_TOOLS_SUITES_H

#include "conformance/engine/case.h"

/* The suites of these names, or all if there are none, of struct suite *. NULL: complained. */
GPtrArray *suites_load(int count, char **names);

const struct rule *suites_rule(const char *id);

/* "pana.paa	happy	..." per case; a row per suite. */
void suites_list(void);
void suites_list_cases(void);

/* Tells the cases of this name, "happy" or "pana.paa:happy"; a family's name tells its first row
 * and lists the others. False: there is none. */
bool suites_explain(const char *name);

/* Adds the names of all cases. The caller frees them with the suites that are returned. */
GPtrArray *suites_names(GPtrArray *names);

#endif
