/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "printer.h"

static struct json_printer *printer_of(struct reader *r)
{
	return (struct json_printer *)r;
}

static void named_place(struct jsonout *json, size_t offset, size_t length)
{
	jsonout_named_number(json, "offset", offset);
	jsonout_named_number(json, "length", length);
}

/* The members of the innermost group or source begin. */
static void begin_inside(struct json_printer *p)
{
	if (p->depth == 0 || p->depth > PRINTER_DEPTH || p->inside[p->depth - 1])
		return;
	p->inside[p->depth - 1] = true;
	jsonout_name(p->json, "fields");
	jsonout_open_array(p->json);
}

/* Levels beyond the last are not opened: what is in them stands in the last one. */
static bool enter(struct json_printer *p)
{
	begin_inside(p);
	if (p->depth++ >= PRINTER_DEPTH)
		return false;
	p->inside[p->depth - 1] = false;
	jsonout_open_object(p->json);
	return true;
}

static void json_open(struct reader *r, const struct field *group, size_t offset, size_t length)
{
	struct json_printer *p = printer_of(r);

	if (!enter(p))
		return;
	jsonout_named_text(p->json, "field", group->name);
	jsonout_named_text(p->json, "label", group->label);
	named_place(p->json, offset, length);
}

static void json_label(struct reader *r, const char *text)
{
	struct json_printer *p = printer_of(r);

	if (p->depth && p->depth <= PRINTER_DEPTH && !p->inside[p->depth - 1])
		jsonout_named_text(p->json, "text", text);
}

void json_printer_value(struct jsonout *json, const struct field *field, const struct value *value,
			bool secrets)
{
	char text[VALUE_TEXT_SIZE];

	switch (field->kind) {
	case FIELD_UINT:
	case FIELD_FRAME:
		jsonout_number(json, value->number);
		break;
	case FIELD_BIT:
		jsonout_bool(json, value->number != 0);
		break;
	case FIELD_DURATION:
		jsonout_seconds(json, value->number);
		break;
	case FIELD_TEXT:
	case FIELD_STATEMENT:
		jsonout_string(json, (const char *)value->octets,
			       value->octets ? value->length : 0);
		break;
	case FIELD_IPV4:
	case FIELD_IPV6:
		jsonout_text(json, value_text(field, value, secrets, text));
		break;
	case FIELD_SECRET:
		if (secrets)
			jsonout_hex(json, value->octets, value->length);
		else
			jsonout_text(json, NULL);
		break;
	case FIELD_GROUP:
	case FIELD_OCTETS:
		jsonout_hex(json, value->octets, value->octets ? value->length : 0);
		break;
	}
}

static void json_field_value(struct reader *r, const struct field *field, size_t offset,
			     size_t length, const struct value *value)
{
	struct json_printer *p = printer_of(r);
	const char *meaning = value_meaning(field, value);

	begin_inside(p);
	jsonout_open_object(p->json);
	jsonout_named_text(p->json, "field", field->name);
	jsonout_named_text(p->json, "label", field->label);
	named_place(p->json, offset, length);
	if (field->generated) {
		jsonout_name(p->json, "generated");
		jsonout_bool(p->json, true);
	}
	jsonout_name(p->json, "value");
	json_printer_value(p->json, field, value, p->secrets);
	if (meaning)
		jsonout_named_text(p->json, "meaning", meaning);
	if (field->unit)
		jsonout_named_text(p->json, "unit", field->unit);
	jsonout_close_object(p->json);
}

static void json_source(struct reader *r, const char *name, const uint8_t *octets, size_t length)
{
	struct json_printer *p = printer_of(r);

	if (!enter(p))
		return;
	jsonout_named_text(p->json, "source", name);
	jsonout_named_number(p->json, "length", length);
	if (!p->secrets) /* a key may stand in what was encrypted */
		return;
	jsonout_name(p->json, "octets");
	jsonout_hex(p->json, octets, length);
}

static void json_close(struct reader *r)
{
	struct json_printer *p = printer_of(r);

	if (p->depth == 0 || p->depth-- > PRINTER_DEPTH)
		return;
	if (p->inside[p->depth])
		jsonout_close_array(p->json);
	jsonout_close_object(p->json);
}

void json_printer_note(struct jsonout *json, const struct note *note)
{
	jsonout_named_text(json, "rule", note->rule->id);
	jsonout_named_text(json, "level", rule_level_name(note->rule->level));
	jsonout_named_text(json, "section", note->rule->section);
	jsonout_named_text(json, "field", note->field ? note->field->name : NULL);
	named_place(json, note->offset, note->length);
	jsonout_named_text(json, "wanted", note->wanted);
	jsonout_named_text(json, "found", note->found);
}

static void json_note(struct reader *r, const struct note *note)
{
	struct json_printer *p = printer_of(r);

	begin_inside(p);
	jsonout_open_object(p->json);
	json_printer_note(p->json, note);
	jsonout_close_object(p->json);
}

static const struct reader_ops json_ops = {
	.open = json_open,
	.label = json_label,
	.value = json_field_value,
	.source = json_source,
	.close = json_close,
	.note = json_note,
};

struct json_printer json_printer_of(struct jsonout *json)
{
	return (struct json_printer){.reader.ops = &json_ops, .json = json};
}
