/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "jsonout.h"

#include <glib.h>
#include <inttypes.h>
#include <string.h>

struct jsonout jsonout_of(FILE *stream)
{
	return (struct jsonout){.stream = stream};
}

/* What goes before a value or a name: a comma, if one came before it. */
static void separate(struct jsonout *j)
{
	if (j->named) {
		j->named = false;
		return;
	}
	if (j->depth && j->began[j->depth - 1])
		fputc(',', j->stream);
	if (j->depth)
		j->began[j->depth - 1] = true;
}

static void open_with(struct jsonout *j, char bracket)
{
	separate(j);
	g_assert(j->depth < JSONOUT_DEPTH);
	fputc(bracket, j->stream);
	j->began[j->depth++] = false;
}

static void close_with(struct jsonout *j, char bracket)
{
	g_assert(j->depth > 0);
	j->depth--;
	fputc(bracket, j->stream);
}

void jsonout_open_object(struct jsonout *j)
{
	open_with(j, '{');
}

void jsonout_close_object(struct jsonout *j)
{
	close_with(j, '}');
}

void jsonout_open_array(struct jsonout *j)
{
	open_with(j, '[');
}

void jsonout_close_array(struct jsonout *j)
{
	close_with(j, ']');
}

static void write_ascii(FILE *stream, unsigned char c)
{
	if (c == '"' || c == '\\')
		fprintf(stream, "\\%c", c);
	else if (c == '\n')
		fputs("\\n", stream);
	else if (c < 0x20 || c == 0x7f)
		fprintf(stream, "\\u%04x", c);
	else
		fputc(c, stream);
}

void jsonout_string(struct jsonout *j, const char *text, size_t length)
{
	separate(j);
	fputc('"', j->stream);
	for (size_t i = 0; i < length;) {
		gunichar c = (unsigned char)text[i];
		size_t octets = 1;

		if (c < 0x80) {
			write_ascii(j->stream, (unsigned char)c);
		} else {
			c = g_utf8_get_char_validated(text + i, (gssize)(length - i));
			if (c == (gunichar)-1 || c == (gunichar)-2)
				fputs("\\ufffd", j->stream);
			else
				octets = (size_t)g_unichar_to_utf8(c, NULL);
			if (octets > 1)
				fwrite(text + i, 1, octets, j->stream);
		}
		i += octets;
	}
	fputc('"', j->stream);
}

void jsonout_text(struct jsonout *j, const char *text)
{
	if (text) {
		jsonout_string(j, text, strlen(text));
		return;
	}
	separate(j);
	fputs("null", j->stream);
}

void jsonout_name(struct jsonout *j, const char *name)
{
	jsonout_text(j, name);
	fputc(':', j->stream);
	j->named = true;
}

void jsonout_hex(struct jsonout *j, const uint8_t *octets, size_t length)
{
	static const char digits[] = "0123456789abcdef";

	separate(j);
	fputc('"', j->stream);
	for (size_t i = 0; i < length; i++) {
		fputc(digits[octets[i] >> 4], j->stream);
		fputc(digits[octets[i] & 15], j->stream);
	}
	fputc('"', j->stream);
}

void jsonout_number(struct jsonout *j, uint64_t number)
{
	separate(j);
	fprintf(j->stream, "%" PRIu64, number);
}

void jsonout_seconds(struct jsonout *j, uint64_t nanoseconds)
{
	separate(j);
	fprintf(j->stream, "%" PRIu64 ".%09" PRIu64, nanoseconds / 1000000000,
		nanoseconds % 1000000000);
}

void jsonout_bool(struct jsonout *j, bool value)
{
	separate(j);
	fputs(value ? "true" : "false", j->stream);
}

void jsonout_named_text(struct jsonout *j, const char *name, const char *text)
{
	jsonout_name(j, name);
	jsonout_text(j, text);
}

void jsonout_named_number(struct jsonout *j, const char *name, uint64_t number)
{
	jsonout_name(j, name);
	jsonout_number(j, number);
}

void jsonout_end_line(struct jsonout *j)
{
	fputc('\n', j->stream);
	j->named = false;
}
