/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LABEL_SIZE = 256 };

void reader_open(struct reader *r, const struct field *group, size_t offset, size_t length)
{
	if (r && r->ops->open)
		r->ops->open(r, group, offset, length);
}

void reader_label(struct reader *r, const char *format, ...)
{
	char text[LABEL_SIZE];
	va_list arguments;

	if (!r || !r->ops->label)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	r->ops->label(r, text);
}

void reader_value(struct reader *r, const struct field *field, size_t offset, size_t length,
		  const struct value *value)
{
	if (r && r->ops->value)
		r->ops->value(r, field, offset, length, value);
}

void reader_number(struct reader *r, const struct field *field, size_t offset, size_t length,
		   uint64_t number)
{
	const struct value value = {.number = number};

	reader_value(r, field, offset, length, &value);
}

void reader_octets(struct reader *r, const struct field *field, size_t offset, size_t length,
		   const uint8_t *octets, size_t octets_length)
{
	const struct value value = {.octets = octets, .length = octets_length};

	reader_value(r, field, offset, length, &value);
}

void reader_statement(struct reader *r, const struct field *field, const char *format, ...)
{
	char text[LABEL_SIZE];
	va_list arguments;

	if (!r || !r->ops->value)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	reader_octets(r, field, 0, 0, (const uint8_t *)text, strlen(text));
}

void reader_source(struct reader *r, const char *name, const uint8_t *octets, size_t length)
{
	if (r && r->ops->source)
		r->ops->source(r, name, octets, length);
}

void reader_close(struct reader *r)
{
	if (r && r->ops->close)
		r->ops->close(r);
}

void reader_note(struct reader *r, const struct rule *rule, const struct field *field,
		 size_t offset, size_t length, const char *wanted, const char *format, ...)
{
	struct note note = {.rule = rule, .field = field, .offset = offset, .length = length};
	va_list arguments;

	if (!r || !r->ops->note)
		return;
	snprintf(note.wanted, sizeof(note.wanted), "%s", wanted);
	va_start(arguments, format);
	vsnprintf(note.found, sizeof(note.found), format, arguments);
	va_end(arguments);
	r->ops->note(r, &note);
}
