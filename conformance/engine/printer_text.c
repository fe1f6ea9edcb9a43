/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib.h>

#include "printer.h"

enum { INDENT = 4, BITS_TEXT_SIZE = 96 };

static struct text_printer *printer_of(struct reader *r)
{
	return (struct text_printer *)r;
}

static void begin_line(struct text_printer *p, size_t offset, size_t length)
{
	if (p->offsets && length)
		fprintf(p->stream, "%s%5zu +%-5zu%s", p->palette->faint, offset, length,
			p->palette->plain);
	else if (p->offsets)
		fprintf(p->stream, "%12s", "");
	fprintf(p->stream, "%*s", (int)(INDENT * (p->indent + MIN(p->depth, PRINTER_DEPTH))), "");
}

/* The line of a group waits for its label. */
static void finish_group(struct text_printer *p, const char *label)
{
	const struct field *group = p->pending;

	if (!group)
		return;
	p->pending = NULL;
	begin_line(p, p->pending_offset, p->pending_length);
	fprintf(p->stream, "%s%s%s%s%s%s%s\n", group->generated ? "[" : "", p->palette->strong,
		group->label, label ? ": " : "", label ? label : "", p->palette->plain,
		group->generated ? "]" : "");
	p->depth++;
}

static void text_open(struct reader *r, const struct field *group, size_t offset, size_t length)
{
	struct text_printer *p = printer_of(r);

	finish_group(p, NULL);
	p->pending = group;
	p->pending_offset = offset;
	p->pending_length = length;
}

static void text_label(struct reader *r, const char *text)
{
	finish_group(printer_of(r), text);
}

/* "..1. .... .... ...." for a field that is some bits of a number. */
static const char *bits_text(const struct field *field, uint64_t value, char text[BITS_TEXT_SIZE])
{
	uint64_t bits = value * (field->mask & -field->mask);
	char *at = text;

	for (unsigned i = field->width * 8U; i-- > 0;) {
		uint64_t bit = UINT64_C(1) << i;

		*at++ = !(field->mask & bit) ? '.' : (bits & bit) ? '1' : '0';
		if (i && i % 4 == 0)
			*at++ = ' ';
	}
	*at = '\0';
	return text;
}

static void text_value(struct reader *r, const struct field *field, size_t offset, size_t length,
		       const struct value *value)
{
	struct text_printer *p = printer_of(r);
	bool masked = field->mask && field->width && field->width <= 8 && !field->generated;
	char text[VALUE_TEXT_SIZE], bits[BITS_TEXT_SIZE];

	finish_group(p, NULL);
	p->depth += masked; /* below the number that it is part of */
	begin_line(p, offset, length);
	p->depth -= masked;
	value_text(field, value, p->secrets, text);
	if (field->generated)
		fprintf(p->stream, "[%s: %s%s%s]\n", field->label,
			palette_verdict(p->palette, field, value), text, p->palette->plain);
	else if (masked)
		fprintf(p->stream, "%s = %s: %s\n", bits_text(field, value->number, bits),
			field->label, text);
	else
		fprintf(p->stream, "%s: %s\n", field->label, text);
}

static void text_source(struct reader *r, const char *name, const uint8_t *octets, size_t length)
{
	struct text_printer *p = printer_of(r);

	(void)octets;
	finish_group(p, NULL);
	begin_line(p, 0, 0);
	fprintf(p->stream, "[%s, %zu octets]\n", name, length);
	p->depth++;
}

static void text_close(struct reader *r)
{
	struct text_printer *p = printer_of(r);

	finish_group(p, NULL);
	if (p->depth)
		p->depth--;
}

static void text_note(struct reader *r, const struct note *note)
{
	struct text_printer *p = printer_of(r);
	const struct rule *rule = note->rule;

	finish_group(p, NULL);
	begin_line(p, note->offset, note->length);
	fprintf(p->stream, "%s! %s %s%s: wanted %s, found %s (%s)\n",
		palette_level(p->palette, rule->level), rule->id, rule_level_name(rule->level),
		p->palette->plain, note->wanted, note->found, rule->section);
}

static const struct reader_ops text_ops = {
	.open = text_open,
	.label = text_label,
	.value = text_value,
	.source = text_source,
	.close = text_close,
	.note = text_note,
};

struct text_printer text_printer_of(FILE *stream)
{
	return (struct text_printer){
		.reader.ops = &text_ops,
		.stream = stream,
		.palette = &palette_none,
	};
}
