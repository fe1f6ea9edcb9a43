/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PRY messages, of PAA and PRE: RFC 6345 4.1, 5. */
#ifndef ASSAY_ROLES_PANA_RELAY_H
#define ASSAY_ROLES_PANA_RELAY_H

#include "protocols/pana/pana.h"
#include "role.h"

/* Sends a PRY to `to` that relays a message of or for `pac`. */
void pana_relay_send(struct role *role, const struct endpoint *to, const struct endpoint *pac,
		     const uint8_t *relayed, size_t length);

/* The PaC that a PRY names. False if it names none. */
bool pana_relay_pac(const struct pana_message *pry, struct endpoint *pac);

#endif
