/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "printer.h"

#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "protocols/core/flow.h"
#include "protocols/core/secret.h"
#include "protocols/core/verdict.h"

enum { NANOSECONDS = 1000000000 };

const struct palette palette_none = {"", "", "", "", "", ""};
const struct palette palette_colours = {"\033[1m",  "\033[2m",  "\033[31m",
					"\033[33m", "\033[32m", "\033[0m"};

const char *palette_level(const struct palette *p, enum rule_level level)
{
	switch (level) {
	case RULE_MUST:
		return p->bad;
	case RULE_SHOULD:
		return p->warning;
	default:
		return p->faint;
	}
}

const char *palette_verdict(const struct palette *p, const struct field *field,
			    const struct value *value)
{
	if (field->names != verdict_names)
		return "";
	switch (value->number) {
	case VERDICT_VERIFIED:
		return p->good;
	case VERDICT_WRONG_KEY:
		return p->warning;
	case VERDICT_FORGED:
		return p->bad;
	default:
		return p->faint;
	}
}

const char *value_meaning(const struct field *field, const struct value *value)
{
	if (field->kind != FIELD_UINT)
		return NULL;
	return value_name_find(field->names, value->number);
}

static bool is_plain(uint8_t octet)
{
	return octet >= 0x20 && octet < 0x7f && octet != '\\';
}

const char *printable_text(const uint8_t *octets, size_t length, char *text, size_t size)
{
	size_t at = 0;

	for (size_t i = 0; i < length && at + 8 < size;) {
		const char *from = (const char *)octets + i;
		gunichar c;

		if (is_plain(octets[i])) {
			text[at++] = (char)octets[i++];
			continue;
		}
		c = g_utf8_get_char_validated(from, (gssize)(length - i));
		if (octets[i] >= 0x80 && c < 0x110000 && g_unichar_isprint(c)) {
			int octets_of = g_unichar_to_utf8(c, text + at);

			at += (size_t)octets_of;
			i += (size_t)octets_of;
		} else {
			at += (size_t)snprintf(text + at, size - at,
					       octets[i] == '\\' ? "\\\\" : "\\x%02x", octets[i]);
			i++;
		}
	}
	text[at] = '\0';
	return text;
}

const char *time_text(uint64_t time, char text[TIME_TEXT_SIZE])
{
	GDateTime *when = g_date_time_new_from_unix_utc((gint64)(time / NANOSECONDS));
	char *seconds = when ? g_date_time_format(when, "%Y-%m-%d %H:%M:%S") : NULL;

	snprintf(text, TIME_TEXT_SIZE, "%s.%09" PRIu64, seconds ? seconds : "?",
		 time % NANOSECONDS);
	g_free(seconds);
	if (when)
		g_date_time_unref(when);
	return text;
}

static void number_text(const struct field *field, uint64_t number, char *text, size_t size)
{
	const char *name = value_name_find(field->names, number);
	int digits = field->width ? 2 * field->width : 1;
	char plain[32];

	if (field->base == BASE_IS_HEX)
		snprintf(plain, sizeof(plain), "0x%0*" PRIx64, digits, number);
	else
		snprintf(plain, sizeof(plain), "%" PRIu64, number);
	if (name && field->generated)
		snprintf(text, size, "%s", name);
	else if (name)
		snprintf(text, size, "%s (%s)", plain, name);
	else if (field->names)
		snprintf(text, size, "%s (unknown)", plain);
	else
		snprintf(text, size, "%s%s%s", plain, field->unit ? " " : "",
			 field->unit ? field->unit : "");
}

static void octets_text(const struct value *value, char *text, size_t size)
{
	size_t shown = MIN(value->length, (size_t)PRINTER_OCTETS);
	size_t at = 0;

	text[0] = '\0';
	if (value->length == 0)
		snprintf(text, size, "(empty)");
	for (size_t i = 0; i < shown; i++, at += 2)
		snprintf(text + at, size - at, "%02x", value->octets[i]);
	if (shown < value->length)
		snprintf(text + at, size - at, "... (%zu octets)", value->length);
}

static void characters_text(const struct value *value, bool quote, char *text, size_t size)
{
	const char *mark = quote ? "\"" : "";
	char inner[VALUE_TEXT_SIZE - 24];

	printable_text(value->octets, value->length, inner, sizeof(inner));
	snprintf(text, size, "%s%s%s", mark, inner, mark);
}

static void address_value_text(enum address_family family, const struct value *value, char *text,
			       size_t size)
{
	size_t wanted = family == ADDRESS_IPV4 ? 4 : 16;
	char shown[ADDRESS_TEXT_SIZE];
	struct address a;

	if (value->length != wanted) {
		octets_text(value, text, size);
		return;
	}
	a = address_of(family, value->octets);
	snprintf(text, size, "%s", address_text(&a, shown));
}

const char *value_text(const struct field *field, const struct value *value, bool secrets,
		       char text[VALUE_TEXT_SIZE])
{
	uint64_t number = value->number;

	text[0] = '\0';
	if (!value->octets && value->length)
		return text;
	switch (field->kind) {
	case FIELD_UINT:
		number_text(field, number, text, VALUE_TEXT_SIZE);
		break;
	case FIELD_BIT:
		snprintf(text, VALUE_TEXT_SIZE, "%s", number ? "set" : "not set");
		break;
	case FIELD_GROUP:
	case FIELD_OCTETS:
		octets_text(value, text, VALUE_TEXT_SIZE);
		break;
	case FIELD_TEXT:
		characters_text(value, true, text, VALUE_TEXT_SIZE);
		break;
	case FIELD_STATEMENT:
		characters_text(value, false, text, VALUE_TEXT_SIZE);
		break;
	case FIELD_IPV4:
		address_value_text(ADDRESS_IPV4, value, text, VALUE_TEXT_SIZE);
		break;
	case FIELD_IPV6:
		address_value_text(ADDRESS_IPV6, value, text, VALUE_TEXT_SIZE);
		break;
	case FIELD_SECRET:
		secret_text(value->octets, value->length, secrets, text, VALUE_TEXT_SIZE);
		break;
	case FIELD_FRAME:
		snprintf(text, VALUE_TEXT_SIZE, "frame %" PRIu64, number);
		break;
	case FIELD_DURATION:
		snprintf(text, VALUE_TEXT_SIZE, "%" PRIu64 ".%06" PRIu64 " s", number / NANOSECONDS,
			 number % NANOSECONDS / 1000);
		break;
	}
	return text;
}
