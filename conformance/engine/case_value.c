/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What values in case files mean: numbers, octets, times. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "case_impl.h"

/* Decimal or 0x... digits, nothing else. */
static bool plain_number(const char *text, uint64_t *number)
{
	char *end;
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');

	if (!g_ascii_isdigit(text[0]) || (hex && !g_ascii_isxdigit(text[2])))
		return false;
	errno = 0;
	*number = g_ascii_strtoull(text, &end, hex ? 16 : 10);
	return !*end && errno == 0;
}

bool case_number(const struct field *field, const char *text, uint64_t *number)
{
	if (plain_number(text, number))
		return true;
	for (const struct value_name *v = field ? field->names : NULL; v && v->name; v++) {
		if (strcmp(v->name, text) != 0)
			continue;
		*number = v->value;
		return true;
	}
	return false;
}

uint8_t *case_octets(const char *text, size_t *length)
{
	size_t digits;
	uint8_t *octets;

	if (g_str_has_prefix(text, "text:")) {
		*length = strlen(text + 5);
		return g_memdup2(text + 5, *length + 1);
	}
	digits = strlen(text);
	if (digits % 2 || strspn(text, "0123456789abcdefABCDEF") != digits)
		return NULL;
	*length = digits / 2;
	octets = g_malloc(*length + 1);
	for (size_t i = 0; i < *length; i++)
		octets[i] = (uint8_t)(g_ascii_xdigit_value(text[2 * i]) << 4 |
				      g_ascii_xdigit_value(text[2 * i + 1]));
	return octets;
}

bool case_time(const char *text, uint64_t *nanoseconds)
{
	static const struct {
		const char *unit;
		uint64_t factor;
	} units[] = {
		{"ms", 1000000}, {"s", 1000000000}, {"min", 60000000000}, {"h", 3600000000000}};
	uint64_t whole = 0, part = 0, scale = 1;
	const char *at = text;
	bool digits = g_ascii_isdigit(*at);

	for (; g_ascii_isdigit(*at) && whole < 1000000; at++)
		whole = whole * 10 + (uint64_t)(*at - '0');
	if (*at == '.' && g_ascii_isdigit(at[1]))
		for (at++; g_ascii_isdigit(*at) && scale < 1000000; at++, scale *= 10)
			part = part * 10 + (uint64_t)(*at - '0');
	for (size_t i = 0; i < G_N_ELEMENTS(units) && digits; i++) {
		if (strcmp(at, units[i].unit) != 0)
			continue;
		if (whole > UINT64_C(1000000000000000) / units[i].factor)
			return false;
		*nanoseconds = whole * units[i].factor + part * (units[i].factor / scale);
		return true;
	}
	return false;
}

bool case_count(const char *text, unsigned maximum, unsigned *count)
{
	uint64_t number;

	if (!plain_number(text, &number) || !number || number > maximum)
		return false;
	*count = (unsigned)number;
	return true;
}

bool case_name_good(const char *text)
{
	return g_ascii_isalnum(*text) && strlen(text) <= 128 &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") ==
		       strlen(text);
}

static bool number_fits(const struct field *field, const char *value)
{
	uint64_t number, mask = field->mask;
	unsigned shift = 0;

	if (!case_number(field, value, &number))
		return false;
	if (field->kind == FIELD_BIT)
		return number <= 1;
	if (mask) {
		while (!(mask >> shift & 1))
			shift++;
		return number <= mask >> shift;
	}
	return !field->width || field->width >= 8 || number >> (8 * field->width) == 0;
}

static bool octets_fit(const char *value)
{
	size_t length;
	uint8_t *octets = case_octets(value, &length);

	g_free(octets);
	return octets != NULL;
}

bool case_value_fits(const struct field *field, const char *value, bool relative,
		     const char **wanted)
{
	uint8_t address[16];
	bool fits = true;

	if (value[0] == '$' || !field)
		return true;
	switch (field->kind) {
	case FIELD_UINT:
	case FIELD_BIT:
	case FIELD_FRAME:
	case FIELD_DURATION:
		if (relative && (value[0] == '+' || value[0] == '-'))
			value++;
		fits = number_fits(field, value);
		*wanted = "a number that fits the field, or a name that it has for one";
		break;
	case FIELD_OCTETS:
	case FIELD_SECRET:
		fits = octets_fit(value);
		*wanted = "octets in hexadecimal digits, or text:...";
		break;
	case FIELD_IPV4:
		fits = inet_pton(AF_INET, value, address) == 1;
		*wanted = "an IPv4 address";
		break;
	case FIELD_IPV6:
		fits = inet_pton(AF_INET6, value, address) == 1;
		*wanted = "an IPv6 address";
		break;
	case FIELD_GROUP:
		fits = false;
		*wanted = "a field that has a value: this is a group of fields";
		break;
	case FIELD_TEXT:
	case FIELD_STATEMENT:
		break;
	}
	return fits;
}
