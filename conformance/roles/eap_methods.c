/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eap_method.h"

#include <string.h>

/* One line per method. */
static const struct eap_method *const methods[METHODS] = {
	[METHOD_PSK] = &eap_psk_method,
	[METHOD_GPSK_1] = &eap_gpsk_method,
	[METHOD_GPSK_2] = &eap_gpsk_method,
};

const struct eap_method *eap_method_of(enum role_method setting)
{
	return (size_t)setting < METHODS ? methods[setting] : NULL;
}

size_t eap_method_types(const struct role *owner, uint8_t types[METHODS])
{
	size_t count = 0;

	for (size_t i = 0; i < METHODS && owner->settings.methods[i] != METHOD_NONE; i++) {
		const struct eap_method *m = eap_method_of(owner->settings.methods[i]);

		if (m && !(count && memchr(types, m->type, count)))
			types[count++] = m->type;
	}
	return count;
}

const struct eap_method *eap_method_of_type(const struct role *owner, uint8_t type)
{
	for (size_t i = 0; i < METHODS && owner->settings.methods[i] != METHOD_NONE; i++) {
		const struct eap_method *m = eap_method_of(owner->settings.methods[i]);

		if (m && m->type == type)
			return m;
	}
	return NULL;
}

bool eap_identity_name(struct octets identity, char name[EAP_NAME_MAX])
{
	static const char null[] = "\\x00";
	size_t at = 0;

	for (size_t i = 0; i < identity.length; i++) {
		if (at + sizeof(null) > EAP_NAME_MAX)
			return false;
		if (identity.octets[i]) {
			name[at++] = (char)identity.octets[i];
		} else {
			memcpy(name + at, null, sizeof(null) - 1);
			at += sizeof(null) - 1;
		}
	}
	name[at] = '\0';
	return true;
}

static bool is_any(const struct key_row *row)
{
	return !strcmp(row->identity, "*");
}

const struct key_row *eap_next_key(const struct role *owner, enum key_type type,
				   const char *identity, const struct key_row *previous)
{
	const struct key_store *keys = owner->settings.keys;
	const struct key_row *row = previous;
	bool any = previous && is_any(previous);

	while (!any && (row = key_store_next(keys, type, identity, row)))
		if (!is_any(row))
			return row;
	row = any ? previous : NULL;
	while ((row = key_store_next(keys, type, NULL, row)))
		if (is_any(row))
			return row;
	return NULL;
}

const char *eap_take_message(uint8_t octets[EAP_ROLE_OCTETS], struct octets message,
			     const struct eap_leniency *l, struct eap_message *m)
{
	struct walk w;

	if (message.length > EAP_ROLE_OCTETS)
		return "it is too long";
	if (message.length)
		memcpy(octets, message.octets, message.length);
	if (l->length && message.length >= EAP_HEADER_SIZE &&
	    (size_t)(octets[2] << 8 | octets[3]) > message.length) {
		octets[2] = (uint8_t)(message.length >> 8);
		octets[3] = (uint8_t)message.length;
	}
	if (l->code && message.length && octets[0] > EAP_FINISH)
		octets[0] = l->taken_for;
	w = walk_of(octets, message.length, NULL);
	eap_walk(&w, m);
	if (!m->complete || m->length < EAP_HEADER_SIZE || m->length > message.length)
		return "its Length is wrong";
	if (l->strict && m->length < message.length)
		return "there are octets behind its Length";
	return NULL;
}
