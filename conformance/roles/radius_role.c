/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radius_role.h"

const struct key_row *radius_secret(const struct role *r, const struct address *address,
				    const struct key_row *previous)
{
	char text[ADDRESS_TEXT_SIZE];

	return key_store_next(r->settings.keys, KEY_RADIUS, address_text(address, text), previous);
}
