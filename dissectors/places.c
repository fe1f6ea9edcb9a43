/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has been painted of a message, and where things that are said later belong. */
#include "painter_impl.h"

#include <string.h>

const struct field_entry *painter_entry(const struct field *field, const struct registry **r)
{
	size_t index;

	*r = registry_of_field(field, &index);
	return *r ? &(*r)->fields[index] : NULL;
}

bool painter_is_protocol(const struct field *group)
{
	return !strchr(group->name, '.');
}

void painter_remember(struct painter *p, const struct painted *painted)
{
	if (p->full)
		wmem_array_append_one(p->painted, *painted);
}

static struct painted *painted_at(const struct painter *p, guint i)
{
	return wmem_array_index(p->painted, i);
}

static bool same_protocol(const struct field *a, const struct field *b)
{
	size_t index;

	return registry_of_field(a, &index) == registry_of_field(b, &index);
}

static bool contains(const struct painted *group, size_t offset, size_t length)
{
	return offset >= group->offset && offset + length <= group->offset + group->length;
}

const struct painted *painter_home(const struct painter *p, const struct field *field,
				   size_t offset, size_t length)
{
	const struct painted *home = NULL, *root = NULL;

	for (guint i = wmem_array_get_count(p->painted); i-- > 0;) {
		const struct painted *one = painted_at(p, i);

		if (!one->tree || one->tvb != p->tvb || !same_protocol(one->field, field))
			continue;
		if (length && contains(one, offset, length) &&
		    (!home || one->length < home->length))
			home = one;
		if (!root && painter_is_protocol(one->field))
			root = one;
	}
	return home ? home : root;
}

/* How many items back a note looks for its field: enough for the messages there are, and few enough
 * for a message of nothing but notes. */
enum { LOOK_BACK = 4096 };

proto_item *painter_item_of(const struct painter *p, const struct field *field, tvbuff_t *tvb,
			    size_t offset)
{
	const struct registry *r;
	const struct field_entry *entry = painter_entry(field, &r);

	guint count = wmem_array_get_count(p->painted);
	guint last = count > LOOK_BACK ? count - LOOK_BACK : 0;

	for (guint i = count; i-- > last;) {
		const struct painted *one = painted_at(p, i);

		if (one->field == field && one->tvb == tvb && one->offset == offset)
			return one->item;
	}
	return entry ? built_in_shows(p, entry->hf, tvb, offset) : NULL;
}
