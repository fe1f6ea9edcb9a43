/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eap_describe.h"

#include <string.h>

#include "protocols/eap/eap.h"

static const struct field *field_of(const char *name)
{
	for (size_t i = 0; i < eap_protocol.field_count; i++)
		if (!strcmp(eap_protocol.fields[i].name, name))
			return &eap_protocol.fields[i];
	return NULL;
}

static void say_key(struct reader *r, const char *name, const struct secret *key)
{
	if (key && key->length)
		reader_octets(r, field_of(name), 0, 0, key->octets, key->length);
}

void eap_describe(struct reader *r, const char *identity, const char *state,
		  const struct secret *msk, const struct secret *emsk)
{
	if (identity)
		reader_octets(r, field_of("eap.session.identity"), 0, 0, (const uint8_t *)identity,
			      strlen(identity));
	if (state)
		reader_statement(r, field_of("eap.session.state"), "%s", state);
	say_key(r, "eap.key.msk", msk);
	say_key(r, "eap.key.emsk", emsk);
}
