/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What PaC and PAA say of a session: role_kind.describe, in the fields of pana sessions. */
#ifndef ASSAY_ROLES_PANA_DESCRIBE_H
#define ASSAY_ROLES_PANA_DESCRIBE_H

#include "pana_end.h"

void pana_end_describe(const struct pana_end *e, struct reader *r);

#endif
