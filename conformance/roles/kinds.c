/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All kinds of roles: a line each. */
#include "kinds.h"

const struct role_kind *const role_kinds[] = {
	&eap_peer_kind, &eap_server_kind, &pana_pac_kind, &pana_paa_kind, &pana_pre_kind, NULL,
};
