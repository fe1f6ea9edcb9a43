/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a role says of its EAP end: values of EAP's generated fields. */
#ifndef ASSAY_ROLES_EAP_DESCRIBE_H
#define ASSAY_ROLES_EAP_DESCRIBE_H

#include "protocols/core/reader.h"
#include "protocols/core/secret.h"

/* Texts may be NULL, keys empty: they are not said then. */
void eap_describe(struct reader *r, const char *identity, const char *state,
		  const struct secret *msk, const struct secret *emsk);

#endif
