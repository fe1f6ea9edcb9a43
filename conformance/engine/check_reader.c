/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check_reader.h"

static struct check_reader *check_of(struct reader *r)
{
	return (struct check_reader *)r;
}

static void check_open(struct reader *r, const struct field *group, size_t offset, size_t length)
{
	(void)group, (void)offset, (void)length;
	check_of(r)->depth++;
}

static void check_source(struct reader *r, const char *name, const uint8_t *octets, size_t length)
{
	struct check_reader *c = check_of(r);

	(void)octets, (void)length;
	c->depth++;
	if (c->source_count == CHECK_SOURCES)
		return;
	c->source_depth[c->source_count] = c->depth;
	g_strlcpy(c->source_names[c->source_count++], name, SOURCE_NAME_SIZE);
}

static void check_close(struct reader *r)
{
	struct check_reader *c = check_of(r);

	if (c->source_count && c->source_depth[c->source_count - 1] == c->depth)
		c->source_count--;
	if (c->depth)
		c->depth--;
}

static void check_value(struct reader *r, const struct field *field, size_t offset, size_t length,
			const struct value *value)
{
	struct check_verdict v;

	if (field->names != verdict_names)
		return;
	v = (struct check_verdict){field, offset, length, (enum verdict)value->number};
	g_array_append_val(check_of(r)->verdicts, v);
}

static void check_note(struct reader *r, const struct note *note)
{
	struct check_reader *c = check_of(r);
	struct occurrence o = {.frame = c->frame, .note = *note};

	if (c->source_count)
		g_strlcpy(o.source, c->source_names[c->source_count - 1], sizeof(o.source));
	g_array_append_val(c->notes, o);
}

static const struct reader_ops check_ops = {
	.open = check_open,
	.value = check_value,
	.source = check_source,
	.close = check_close,
	.note = check_note,
};

struct check_reader check_reader_of(void)
{
	return (struct check_reader){
		.reader.ops = &check_ops,
		.notes = g_array_new(FALSE, FALSE, sizeof(struct occurrence)),
		.verdicts = g_array_new(FALSE, FALSE, sizeof(struct check_verdict)),
	};
}

void check_reader_clear(struct check_reader *r)
{
	g_array_free(r->notes, TRUE);
	g_array_free(r->verdicts, TRUE);
}

void check_reader_begin(struct check_reader *r, uint32_t frame)
{
	r->frame = frame;
	r->depth = 0;
	r->source_count = 0;
	g_array_set_size(r->notes, 0);
	g_array_set_size(r->verdicts, 0);
}
