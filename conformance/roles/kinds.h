/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kinds of roles by name, for kinds.c and the files that define them. */
#ifndef ASSAY_ROLES_KINDS_H
#define ASSAY_ROLES_KINDS_H

#include "role.h"

extern const struct role_kind eap_peer_kind;   /* radius_client.c */
extern const struct role_kind eap_server_kind; /* radius_server.c */

extern const struct role_kind pana_pac_kind, pana_paa_kind, pana_pre_kind;

#endif
