/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radius_role.h"

#include <string.h>

const struct key_row *radius_secret(const struct role *r, const struct address *address,
				    const struct key_row *previous)
{
	char text[ADDRESS_TEXT_SIZE];

	return key_store_next(r->settings.keys, KEY_RADIUS, address_text(address, text), previous);
}

/* The values of the EAP-Message attributes, one after the other. */
struct spread {
	struct reader reader;
	uint8_t *octets; /* of the RADIUS message */
	const uint8_t *eap;
	size_t done;
};

static void put_part(struct reader *r, const struct field *field, size_t offset, size_t length,
		     const struct value *value)
{
	struct spread *s = (struct spread *)r;

	(void)value;
	if (field != &radius_fields[RADIUS_F_EAP_MESSAGE] || !length)
		return;
	memcpy(s->octets + offset, s->eap + s->done, length);
	s->done += length;
}

bool radius_seal_eap(struct writer *w, bool (*seal)(void *end, uint8_t *octets, size_t length),
		     void *end)
{
	static const struct reader_ops ops = {.value = put_part};
	uint8_t eap[RADIUS_EAP_MAX];
	struct spread spread = {.reader = {&ops}, .octets = w->octets, .eap = eap};
	struct radius_parts parts;
	struct radius_message m;
	struct walk walk;
	size_t length;

	if (!radius_read((struct octets){w->octets, w->length}, &parts))
		return false;
	length = radius_eap_message(&parts.m, eap, sizeof(eap));
	if (!length || !seal(end, eap, length))
		return false;
	walk = walk_of(w->octets, w->length, &spread.reader);
	return radius_walk(&walk, &m) && spread.done == length;
}
