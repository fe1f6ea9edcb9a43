/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reading.h"

#include <string.h>

#include "message.h"
#include "protocols/core/secret.h"

static struct reading *reading_of(struct reader *r)
{
	return (struct reading *)r;
}

static void add(struct reading *r, const struct field *field, size_t offset, size_t length,
		const struct value *value)
{
	struct seen s = {
		.field = field,
		.offset = offset,
		.length = length,
		.source = r->source,
		.depth = r->open->len,
		.group = !value,
	};

	if (value) {
		s.value = *value;
		if (value->octets)
			s.value.octets = value->length ? g_memdup2(value->octets, value->length)
						       : g_malloc0(1);
	}
	g_array_append_val(r->seen, s);
}

static void on_open(struct reader *reader, const struct field *group, size_t offset, size_t length)
{
	struct reading *r = reading_of(reader);

	add(r, group, offset, length, NULL);
	g_array_append_val(r->open, r->source);
}

static void on_value(struct reader *reader, const struct field *field, size_t offset, size_t length,
		     const struct value *value)
{
	add(reading_of(reader), field, offset, length, value);
}

static void on_source(struct reader *reader, const char *name, const uint8_t *octets, size_t length)
{
	struct reading *r = reading_of(reader);

	(void)name, (void)octets, (void)length;
	g_array_append_val(r->open, r->source);
	r->source = ++r->sources;
}

static void on_close(struct reader *reader)
{
	struct reading *r = reading_of(reader);

	if (!r->open->len)
		return;
	r->source = g_array_index(r->open, unsigned, r->open->len - 1);
	g_array_set_size(r->open, r->open->len - 1);
}

static void on_note(struct reader *reader, const struct note *note)
{
	g_array_append_val(reading_of(reader)->notes, *note);
}

static const struct reader_ops reading_ops = {
	.open = on_open,
	.value = on_value,
	.source = on_source,
	.close = on_close,
	.note = on_note,
};

void reading_init(struct reading *r)
{
	*r = (struct reading){
		.reader.ops = &reading_ops,
		.seen = g_array_new(FALSE, FALSE, sizeof(struct seen)),
		.notes = g_array_new(FALSE, FALSE, sizeof(struct note)),
		.open = g_array_new(FALSE, FALSE, sizeof(unsigned)),
	};
}

void reading_clear(struct reading *r)
{
	if (!r->seen)
		return;
	for (guint i = 0; i < r->seen->len; i++) {
		struct seen *s = &g_array_index(r->seen, struct seen, i);

		if (s->field->kind == FIELD_SECRET && s->value.octets)
			secret_wipe((uint8_t *)s->value.octets, s->value.length);
		g_free((gpointer)s->value.octets);
	}
	g_array_free(r->seen, TRUE);
	g_array_free(r->notes, TRUE);
	g_array_free(r->open, TRUE);
	memset(r, 0, sizeof(*r));
}

const struct seen *reading_find(const struct reading *r, const struct field *field,
				const struct seen *previous)
{
	const struct seen *first = (const struct seen *)(void *)r->seen->data;
	const struct seen *end = first + r->seen->len;

	for (const struct seen *s = previous ? previous + 1 : first; s < end; s++)
		if (s->field == field && !s->group)
			return s;
	return NULL;
}

void reading_alone(struct reading *r, const struct protocol *protocol, const uint8_t *octets,
		   size_t length)
{
	struct walk w = walk_of(octets, length, &r->reader);
	struct pana_message messages[PANA_DEPTH];
	struct radius_message m;
	struct eap_message eap;
	uint8_t joined[RADIUS_EAP_MAX];

	if (protocol == &pana_protocol) {
		pana_walk(&w, messages);
		return;
	}
	if (!radius_walk(&w, &m) || !m.eap_parts)
		return;
	if (m.eap_parts == 1) {
		w = walk_of(octets, m.eap_offset + m.eap.length, &r->reader);
		w.position = m.eap_offset;
		eap_walk(&w, &eap);
		return;
	}
	length = radius_eap_message(&m, joined, sizeof(joined));
	if (!length)
		return;
	reader_source(&r->reader, "Reassembled EAP packet", joined, length);
	w = walk_of(joined, length, &r->reader);
	eap_walk(&w, &eap);
	reader_close(&r->reader);
}

static const struct field *field_in(const struct protocol *p, const char *name)
{
	for (size_t i = 0; i < p->field_count; i++)
		if (p->fields[i].name && strcmp(p->fields[i].name, name) == 0)
			return &p->fields[i];
	return NULL;
}

const struct field *reading_field(const struct protocol *protocol, const char *name)
{
	const struct protocol *all[] = {protocol, &eap_protocol, &radius_protocol};
	const struct field *found = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(all) && !found; i++)
		if (all[i])
			found = field_in(all[i], name);
	for (size_t i = 0; i < G_N_ELEMENTS(all) && !found; i++) {
		char *full = g_strdup_printf("%s.%s", all[i] ? all[i]->name : "", name);

		if (all[i])
			found = field_in(all[i], full);
		g_free(full);
	}
	return found;
}
