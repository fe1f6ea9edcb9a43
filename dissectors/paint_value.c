/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a value goes. Inside a group: there, or below the value that it is a part of. Said by a
 * session after the walk: behind the item that it is about, else into the group that holds its
 * octets; what a session says of itself and its keys goes into subtrees of their own.
 */
#include "painter_impl.h"

#include <string.h>

/* ---- inside a group ---- */

/* True if `field` is a part of the value before it: a bit of a number, or an octet string's field
 * whose name continues its own. */
static bool is_part(const struct painter_level *level, const struct field *field, size_t offset,
		    size_t length)
{
	const struct field *whole = level->whole;
	size_t prefix;

	if (!whole || !level->whole_item || offset < level->whole_offset ||
	    offset + length > level->whole_offset + level->whole_length)
		return false;
	if (field->mask && whole->kind == FIELD_UINT)
		return offset == level->whole_offset && field->width == whole->width;
	prefix = strlen(whole->name);
	return !strncmp(field->name, whole->name, prefix) && field->name[prefix] == '.';
}

/* Parts go below the whole; bits that are set are named beside it, too. */
static proto_tree *tree_of_whole(struct painter_level *level, const struct field *field,
				 const struct value *value)
{
	const struct registry *r;

	if (field->kind == FIELD_BIT && value->number)
		proto_item_append_text(level->whole_item, ", %s", field->label);
	return proto_item_add_subtree(level->whole_item, painter_entry(level->whole, &r)->ett);
}

static void set_whole(struct painter_level *level, const struct field *field, proto_item *item,
		      size_t offset, size_t length)
{
	if (field->mask || field->generated)
		return;
	level->whole = field;
	level->whole_item = item;
	level->whole_offset = offset;
	level->whole_length = length;
}

static proto_item *value_inside(struct painter *p, struct painter_level *level,
				const struct field *field, const struct field_entry *entry,
				size_t offset, size_t length, const struct value *value)
{
	bool part = is_part(level, field, offset, length);
	proto_item *item = NULL;

	if (level->appending && !field->generated) {
		if (length == 0)
			return NULL;
		item = built_in_shows(p, entry->hf, level->tvb, offset);
	}
	if (item) {
		if (field->kind == FIELD_UINT && item->finfo && !item->finfo->rep)
			paint_name(item, field, entry->hf, value->number);
		if (!part)
			set_whole(level, field, item, offset, length);
		return NULL;
	}
	painter_paint_waiting(p);
	item = paint_item(part ? tree_of_whole(level, field, value) : level->tree, level->tvb,
			  field, entry, offset, length, value);
	if (!part)
		set_whole(level, field, item, offset, length);
	return item;
}

/* ---- said by a session ---- */

/* "eap.psk.mac_p.status" is about "eap.psk.mac_p": its item at that place, or NULL. */
static proto_item *subject_of(const struct painter *p, const struct registry *r,
			      const struct field *field, size_t offset)
{
	const char *dot = strrchr(field->name, '.');
	char name[64];
	const struct field *subject;
	size_t length = (size_t)(dot - field->name);

	if (length >= sizeof(name))
		return NULL;
	memcpy(name, field->name, length);
	name[length] = '\0';
	subject = registry_field_named(r->protocol, name);
	if (!subject || subject->kind == FIELD_GROUP)
		return NULL;
	return painter_item_of(p, subject, p->tvb, offset);
}

/* What is said of a value stands right behind it. */
static void join_subject(proto_item *subject, proto_item *item)
{
	if (item && subject != item && subject->parent == item->parent &&
	    subject->tree_data->visible)
		proto_tree_move_item(item->parent, subject, item);
}

/* What a session says of itself, and the keys it derives, by their names. */
static bool is_of(const struct registry *r, const struct field *field, const char *what)
{
	const char *rest = field->name + strlen(r->protocol->name);

	return !strncmp(rest, what, strlen(what));
}

/* The subtree for these below `tree`, made when first needed. */
static proto_tree *subtree(struct painter *p, proto_tree *tree, enum registry_ett ett,
			   const char *label)
{
	struct painter_aside *aside = &p->asides[ett];

	if (aside->below != tree) {
		aside->below = tree;
		aside->has_gist = false;
		aside->tree = proto_tree_add_subtree(tree, p->tvb, 0, 0, registry_ett(ett),
						     &aside->item, label);
		proto_item_set_generated(aside->item);
	}
	return aside->tree;
}

/* The session's subtree has its gist in its own line. */
static void add_gist(struct painter *p, const struct field *field, const struct value *value)
{
	struct painter_aside *aside = &p->asides[ETT_SESSION];
	const char *name = value_name_find(field->names, value->number);
	const char *between = aside->has_gist ? ", " : ": ";

	if (name)
		proto_item_append_text(aside->item, "%s%s", between, name);
	else if (field->kind == FIELD_STATEMENT)
		proto_item_append_text(aside->item, "%s%.*s", between, (int)value->length,
				       (const char *)value->octets);
	else
		return;
	aside->has_gist = true;
}

static proto_item *value_outside(struct painter *p, const struct registry *r,
				 const struct field *field, const struct field_entry *entry,
				 size_t offset, size_t length, const struct value *value)
{
	const struct painted *home = painter_home(p, field, offset, length);
	proto_tree *tree = home ? home->tree : p->tree;
	proto_item *subject = length ? subject_of(p, r, field, offset) : NULL;
	proto_item *item;

	p->said = tree;
	if (is_of(r, field, ".session.")) {
		tree = subtree(p, tree, ETT_SESSION, "Session");
		add_gist(p, field, value);
	} else if (is_of(r, field, ".key.")) {
		tree = subtree(p, tree, ETT_KEYS, "Keys derived");
	}
	item = paint_item(tree, p->tvb, field, entry, offset, length, value);
	if (subject)
		join_subject(subject, item);
	return item;
}

void paint_value(struct reader *reader, const struct field *field, size_t offset, size_t length,
		 const struct value *value)
{
	struct painter *p = painter_of(reader);
	struct painter_level *level = painter_level_of(p);
	const struct registry *r;
	const struct field_entry *entry = painter_entry(field, &r);
	struct painted painted = {.field = field, .offset = offset, .length = length};

	if (p->too_deep || !entry)
		return;
	painted.tvb = level ? level->tvb : p->tvb;
	painted.item = level ? value_inside(p, level, field, entry, offset, length, value)
			     : value_outside(p, r, field, entry, offset, length, value);
	if (painted.item)
		painter_remember(p, &painted);
}
