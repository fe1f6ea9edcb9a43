// SPDX-License-Identifier: GPL-2.0-or-later
#include "vectors_entry.h"

#include <stdarg.h>
#include <string.h>

enum { SHOWN = 300 }; /* characters of a value that a report prints */

bool entry_has(const struct vectors_entry *e, const char *member)
{
	return json_object_get(e->object, member);
}

void entry_malformed(struct vectors_entry *e, const char *format, ...)
{
	va_list arguments;

	if (e->malformed[0])
		return;
	va_start(arguments, format);
	vsnprintf(e->malformed, sizeof(e->malformed), format, arguments);
	va_end(arguments);
}

void entry_skip(struct vectors_entry *e, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(e->skipped, sizeof(e->skipped), format, arguments);
	va_end(arguments);
}

void entry_fail(struct vectors_entry *e, const char *format, ...)
{
	va_list arguments;

	e->failures++;
	fprintf(e->out, "fail %s: %s: ", e->path, e->name);
	va_start(arguments, format);
	vfprintf(e->out, format, arguments);
	va_end(arguments);
	fputc('\n', e->out);
}

uint8_t *entry_buffer(struct vectors_entry *e, size_t length)
{
	uint8_t *buffer = g_malloc0(length ? length : 1);

	g_ptr_array_add(e->owned, buffer);
	return buffer;
}

/* The member, now read; NULL and malformed if there is none or it is of another type. */
static const json_t *read_member(struct vectors_entry *e, const char *member, json_type type,
				 const char *wanted)
{
	const json_t *value = json_object_get(e->object, member);

	json_object_del(e->unread, member);
	if (!value)
		entry_malformed(e, "member \"%s\": wanted %s, found nothing", member, wanted);
	else if (json_typeof(value) != type)
		entry_malformed(e, "member \"%s\": wanted %s, found another type", member, wanted);
	return value && json_typeof(value) == type ? value : NULL;
}

static bool read_digits(const char *text, size_t digits, uint8_t *octets)
{
	for (size_t i = 0; i < digits; i++) {
		int value = g_ascii_xdigit_value(text[i]);

		if (value < 0)
			return false;
		octets[i / 2] = (uint8_t)(octets[i / 2] << 4 | value);
	}
	return digits % 2 == 0;
}

struct octets entry_octets(struct vectors_entry *e, const char *member)
{
	static const char wanted[] = "octets as pairs of hexadecimal digits";
	const json_t *value = read_member(e, member, JSON_STRING, wanted);
	size_t digits = value ? json_string_length(value) : 0;
	uint8_t *octets = entry_buffer(e, digits / 2 + 1);

	if (!value)
		return (struct octets){octets, 0};
	if (!read_digits(json_string_value(value), digits, octets)) {
		entry_malformed(e, "member \"%s\": wanted %s, found \"%.40s\"", member, wanted,
				json_string_value(value));
		return (struct octets){octets, 0};
	}
	return (struct octets){octets, digits / 2};
}

const uint8_t *entry_octets_of(struct vectors_entry *e, const char *member, size_t length)
{
	struct octets found = entry_octets(e, member);

	if (found.length == length)
		return found.octets;
	entry_malformed(e, "member \"%s\": wanted %zu octets, found %zu", member, length,
			found.length);
	return entry_buffer(e, length);
}

const char *entry_string(struct vectors_entry *e, const char *member)
{
	const json_t *value = read_member(e, member, JSON_STRING, "a text");

	return value ? json_string_value(value) : "";
}

struct octets entry_text(struct vectors_entry *e, const char *member)
{
	const char *text = entry_string(e, member);

	return (struct octets){(const uint8_t *)text, strlen(text)};
}

uint32_t entry_number(struct vectors_entry *e, const char *member, uint32_t largest)
{
	const json_t *value = read_member(e, member, JSON_INTEGER, "a number");
	json_int_t number = value ? json_integer_value(value) : 0;

	if (number >= 0 && number <= (json_int_t)largest)
		return (uint32_t)number;
	entry_malformed(e, "member \"%s\": wanted 0 to %u, found %lld", member, largest,
			(long long)number);
	return 0;
}

uint32_t entry_number_octets(struct vectors_entry *e, const char *member)
{
	const uint8_t *octets = entry_octets_of(e, member, 4);

	return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 |
	       octets[3];
}

void entry_compare(struct vectors_entry *e, const char *member, struct octets wanted,
		   struct octets got)
{
	char wanted_text[SHOWN], got_text[SHOWN];

	if (e->malformed[0] ||
	    (wanted.length == got.length && secret_equal(wanted.octets, got.octets, got.length)))
		return;
	/* Known answers are no secrets. */
	entry_fail(e, "%s: wanted %s, got %s", member,
		   secret_text(wanted.octets, wanted.length, true, wanted_text, SHOWN),
		   secret_text(got.octets, got.length, true, got_text, SHOWN));
}

void entry_expect(struct vectors_entry *e, const char *member, const void *got, size_t length)
{
	struct octets wanted = entry_octets(e, member);

	entry_compare(e, member, wanted, (struct octets){got, length});
}

void entry_expect_secret(struct vectors_entry *e, const char *member, const struct secret *got)
{
	entry_expect(e, member, got->octets, got->length);
}
