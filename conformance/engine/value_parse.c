/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "value_parse.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

static bool is_number(const char *text, uint64_t *number)
{
	char *end;

	if (!g_ascii_isdigit(text[0]))
		return false;
	*number = g_ascii_strtoull(text, &end, g_str_has_prefix(text, "0x") ? 16 : 10);
	return *end == '\0';
}

char *value_expand(const char *text, const char *(*bound)(void *context, const char *name),
		   void *context, char *error, size_t error_size)
{
	size_t length = strcspn(text, "+-");
	const char *found;
	uint64_t number, more;
	char *name;

	if (text[0] != '$')
		return g_strdup(text);
	name = g_strndup(text + 1, length - 1);
	/* A name may have dashes of its own. */
	found = bound ? bound(context, text + 1) : NULL;
	if (found)
		length = strlen(text);
	else
		found = bound ? bound(context, name) : NULL;
	if (!found)
		g_snprintf(error, (gulong)error_size, "$%s: nothing is bound to that name", name);
	g_free(name);
	if (!found || !text[length])
		return g_strdup(found);
	if (!is_number(found, &number) || !is_number(text + length + 1, &more)) {
		g_snprintf(error, (gulong)error_size, "%s: wanted a number, found %s", text, found);
		return NULL;
	}
	number = text[length] == '+' ? number + more : number - more;
	return g_strdup_printf("%" PRIu64, number);
}

bool value_number(const struct field *field, const char *text, uint64_t *number)
{
	if (is_number(text, number))
		return true;
	if (field->kind == FIELD_BIT && (strcmp(text, "set") == 0 || strcmp(text, "clear") == 0)) {
		*number = text[0] == 's';
		return true;
	}
	for (const struct value_name *v = field->names; v && v->name; v++) {
		if (g_ascii_strcasecmp(v->name, text) == 0) {
			*number = v->value;
			return true;
		}
	}
	return false;
}

GByteArray *value_hex(const char *text)
{
	GByteArray *octets = g_byte_array_new();
	unsigned digits = 0, octet = 0;

	if (g_str_has_prefix(text, "0x"))
		text += 2;
	for (; *text; text++) {
		if (*text == ':' || *text == ' ')
			continue;
		if (!g_ascii_isxdigit(*text))
			break;
		octet = octet << 4 | (unsigned)g_ascii_xdigit_value(*text);
		if (++digits % 2 == 0) {
			const uint8_t whole = (uint8_t)octet;

			g_byte_array_append(octets, &whole, 1);
		}
	}
	if (!*text && digits % 2 == 0)
		return octets;
	g_byte_array_unref(octets);
	return NULL;
}

static GByteArray *characters(const char *text)
{
	GByteArray *octets = g_byte_array_new();

	g_byte_array_append(octets, (const guint8 *)text, (guint)strlen(text));
	return octets;
}

static GByteArray *number_octets(const struct field *field, uint64_t number)
{
	GByteArray *octets = g_byte_array_new();

	for (unsigned i = field->width; i > 0; i--) {
		const uint8_t octet = (uint8_t)(number >> 8 * (i - 1));

		g_byte_array_append(octets, &octet, 1);
	}
	return octets;
}

static GByteArray *address_octets(int family, const char *text)
{
	uint8_t octets[16];
	GByteArray *a;

	if (inet_pton(family, text, octets) != 1)
		return value_hex(text);
	a = g_byte_array_new();
	g_byte_array_append(a, octets, family == AF_INET ? 4 : 16);
	return a;
}

GByteArray *value_octets(const struct field *field, const char *text)
{
	uint64_t number;

	if (g_str_has_prefix(text, "text:"))
		return characters(text + 5);
	if (g_str_has_prefix(text, "hex:"))
		return value_hex(text + 4);
	switch (field->kind) {
	case FIELD_UINT:
		return value_number(field, text, &number) ? number_octets(field, number) : NULL;
	case FIELD_TEXT:
	case FIELD_STATEMENT:
		return characters(text);
	case FIELD_IPV4:
		return address_octets(AF_INET, text);
	case FIELD_IPV6:
		return address_octets(AF_INET6, text);
	default:
		return value_hex(text);
	}
}

char *value_write(const struct field *field, const struct value *value)
{
	GString *text;

	if (!value->octets || field->kind == FIELD_UINT || field->kind == FIELD_BIT)
		return g_strdup_printf("%" PRIu64, value->number);
	text = g_string_new("hex:");
	for (size_t i = 0; i < value->length; i++)
		g_string_append_printf(text, "%02x", value->octets[i]);
	return g_string_free(text, FALSE);
}
