/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two RADIUS carriers share: the secret of the key table, by the other's address. */
#ifndef ASSAY_ROLES_RADIUS_ROLE_H
#define ASSAY_ROLES_RADIUS_ROLE_H

#include "protocols/radius/radius_write.h"
#include "role.h"

/* The secret after `previous` (NULL: the first) for this address, or any; NULL: no more. The table
 * names servers; a server finds what is shared with a client under the client's address, its own,
 * or `*`. */
const struct key_row *radius_secret(const struct role *r, const struct address *address,
				    const struct key_row *previous);

static inline struct octets radius_secret_octets(const struct key_row *row)
{
	return (struct octets){row->octets, row->length};
}

/* Hands the EAP message inside a RADIUS message to `seal`, and puts it back in place. */
bool radius_seal_eap(struct writer *w, bool (*seal)(void *end, uint8_t *octets, size_t length),
		     void *end);

/* What a carrier does is called the same in either file. */
#define RADIUS_ROLE_OPERATIONS                                                            \
	.commands = commands, .create = create, .destroy = destroy, .start = start,       \
	.receive = receive, .expired = expired, .command = command, .describe = describe, \
	.state = state, .craft = craft, .seal = seal, .seal_inner = seal_inner

#endif
