/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The operations craft, seal, seal_inner, sent, answered of struct role_kind, for pana.pac and
 * pana.paa (of which the newest session counts). */
#ifndef ASSAY_ROLES_PANA_CRAFT_H
#define ASSAY_ROLES_PANA_CRAFT_H

#include "role.h"

bool pana_craft(struct role *r, const char *kind, const char *const *words, size_t count,
		struct writer *w);
bool pana_seal(struct role *r, struct writer *w);
bool pana_seal_inner(struct role *r, struct writer *w);
void pana_sent(struct role *r, struct octets message);
void pana_answered(struct role *r, struct octets answer);

#endif
