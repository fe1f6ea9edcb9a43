/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "painter_impl.h"

#include "assay.h"

#include <stdio.h>
#include <string.h>

static const struct field *deferred;

void painter_defer_to(const struct field *group)
{
	deferred = group;
}

bool painter_watched(proto_tree *tree)
{
	return tree &&
	       (tree->tree_data->visible || registry_referenced(tree) || assay_fields_referenced());
}

/* ---- levels ---- */

struct painter_level *painter_level_of(struct painter *p)
{
	return p->depth ? &p->levels[p->depth - 1] : NULL;
}

static struct painter_level *push(struct painter *p)
{
	struct painter_level *level;

	if (p->depth == PAINTER_DEPTH) {
		p->too_deep++;
		return NULL;
	}
	level = &p->levels[p->depth++];
	level->tree = NULL;
	level->item = NULL;
	level->tvb = p->tvb;
	level->group = NULL;
	level->offset = level->length = 0;
	level->label[0] = '\0';
	level->whole = NULL;
	level->appending = false;
	return level;
}

static void append_label(struct painter_level *level, const char *text)
{
	proto_item_append_text(level->item, painter_is_protocol(level->group) ? ", %s" : ": %s",
			       text);
}

/* Octets of the group that are there. */
static size_t there(const struct painter_level *level)
{
	size_t all = tvb_captured_length(level->tvb);

	if (level->offset > all)
		return 0;
	return MIN(level->length, all - level->offset);
}

static void paint_group(struct painter *p, struct painter_level *level, proto_tree *tree)
{
	const struct registry *r;
	const struct field_entry *entry = painter_entry(level->group, &r);
	size_t length = there(level);
	struct painted painted;

	level->item = proto_tree_add_item(tree, entry->hf, level->tvb,
					  length ? (gint)level->offset : 0, (gint)length, ENC_NA);
	if (level->group->generated)
		proto_item_set_generated(level->item);
	level->tree = proto_item_add_subtree(level->item, entry->ett);
	if (level->label[0])
		append_label(level, level->label);
	painted = (struct painted){level->group, level->tvb,  level->offset,   level->length,
				   level->item,  level->tree, level->appending};
	painter_remember(p, &painted);
}

/* Paints those groups around the current place that have waited for something to be in them. */
void painter_paint_waiting(struct painter *p)
{
	proto_tree *tree = p->tree;

	for (unsigned i = 0; i < p->depth; i++) {
		struct painter_level *level = &p->levels[i];

		if (!level->tree && level->group)
			paint_group(p, level, tree);
		else if (!level->tree)
			level->tree = tree;
		tree = level->tree;
	}
}

/* Goes into Wireshark's own item of the group, if it shows one. */
static void share_group(struct painter *p, struct painter_level *level,
			const struct field_entry *entry)
{
	level->item = built_in_shows(p, entry->hf, level->tvb, level->offset);
	if (level->item)
		level->tree = proto_item_add_subtree(level->item, entry->ett);
}

/* The message's root group, where Wireshark painted it. */
static void adopt(struct painter *p, struct painter_level *level, proto_item *item,
		  const struct field_entry *entry)
{
	struct painted painted;

	level->item = item;
	level->tree = proto_item_get_subtree(item);
	if (!level->tree)
		level->tree = proto_item_add_subtree(item, entry->ett);
	level->appending = true;
	if (p->full)
		built_in_remember(p, item);
	painted = (struct painted){level->group, level->tvb,  level->offset, level->length,
				   level->item,  level->tree, true};
	painter_remember(p, &painted);
}

/* Wireshark's item of the protocol that opens: the message's own, or one inside it. */
static proto_item *built_in_root(struct painter *p, const struct painter_level *level,
				 const struct registry *r)
{
	bool outermost = p->depth == 1;

	if (outermost && p->built_in && p->built_in->finfo->hfinfo->id == r->proto)
		return p->built_in;
	return p->full ? built_in_shows(p, r->proto, level->tvb, level->offset) : NULL;
}

static void open_root(struct painter *p, struct painter_level *level, proto_tree *tree,
		      const struct registry *r, const struct field_entry *entry)
{
	bool defers = p->deferring && level->group == deferred;
	proto_item *item = NULL;

	if (defers && p->tvb)
		item = built_in_run(p, tree, level->tvb, r->proto, level->offset, there(level));
	else if (!p->deferring)
		item = built_in_root(p, level, r);
	if (item)
		adopt(p, level, item, entry);
	else if (tree && p->tvb && (p->full || (p->deferring && !defers)))
		paint_group(p, level, tree);
	if (level->item)
		p->root = level->item;
}

/* Where a group or source goes that opens now, and whether that is beside Wireshark's own items. */
static proto_tree *tree_for(struct painter *p, const struct field *group, size_t offset,
			    size_t length, bool *appending)
{
	struct painter_level *level = painter_level_of(p);
	const struct painted *home;

	*appending = level && level->appending;
	if (level)
		return level->tree;
	if (!group)
		return p->said ? p->said : p->tree;
	home = p->full ? painter_home(p, group, offset, length) : NULL;
	if (!home)
		return p->tree;
	*appending = home->appending;
	return home->tree;
}

static void on_open(struct reader *reader, const struct field *group, size_t offset, size_t length)
{
	struct painter *p = painter_of(reader);
	const struct painter_level *outer = painter_level_of(p);
	tvbuff_t *tvb = outer ? outer->tvb : p->tvb;
	const struct registry *r;
	const struct field_entry *entry = painter_entry(group, &r);
	bool appending;
	proto_tree *tree = tree_for(p, group, offset, length, &appending);
	struct painter_level *level = push(p);

	if (!level)
		return;
	level->tvb = tvb;
	level->group = group;
	level->offset = offset;
	level->length = length;
	level->appending = appending;
	if (entry && entry->hf == r->proto)
		open_root(p, level, tree, r, entry);
	else if (!entry || !p->full)
		level->tree = tree;
	else if (!appending || !outer)
		paint_group(p, level, tree);
	else
		share_group(p, level, entry);
}

static void on_label(struct reader *reader, const char *text)
{
	struct painter *p = painter_of(reader);
	struct painter_level *level = painter_level_of(p);

	if (!level || !level->group || p->too_deep)
		return;
	if (level->item)
		append_label(level, text);
	else
		snprintf(level->label, sizeof(level->label), "%s", text);
}

static void on_source(struct reader *reader, const char *name, const uint8_t *octets, size_t length)
{
	struct painter *p = painter_of(reader);
	const struct painter_level *outer = painter_level_of(p);
	tvbuff_t *tvb = outer ? outer->tvb : p->tvb;
	bool appending;
	proto_tree *tree;
	struct painter_level *level;

	if (p->full)
		painter_paint_waiting(p);
	tree = tree_for(p, NULL, 0, 0, &appending);
	level = push(p);
	if (!level)
		return;
	level->tree = tree;
	level->tvb = tvb;
	level->length = length;
	if (!tvb)
		return;
	level->tvb = tvb_new_child_real_data(tvb, wmem_memdup(p->pinfo->pool, octets, length),
					     (guint)length, (gint)length);
	add_new_data_source(p->pinfo, level->tvb, wmem_strdup(p->pinfo->pool, name));
	if (p->full)
		level->tree = proto_tree_add_subtree(tree, level->tvb, 0, (gint)length,
						     registry_ett(ETT_SOURCE), NULL, name);
}

static void on_close(struct reader *reader)
{
	struct painter *p = painter_of(reader);

	if (p->too_deep)
		p->too_deep--;
	else if (p->depth)
		p->depth--;
}

/* ---- notes ---- */

static proto_item *item_of_note(const struct painter *p, const struct painter_level *level,
				const struct note *note)
{
	proto_item *item = NULL;
	const struct painted *home;

	if (!p->full)
		return p->root;
	if (note->field)
		item = painter_item_of(p, note->field, level ? level->tvb : p->tvb, note->offset);
	if (item)
		return item;
	if (level && level->item)
		return level->item;
	home = note->field ? painter_home(p, note->field, note->offset, note->length) : NULL;
	return home ? home->item : p->root;
}

static void on_note(struct reader *reader, const struct note *note)
{
	struct painter *p = painter_of(reader);

	if (p->judging)
		paint_note(p, item_of_note(p, painter_level_of(p), note), note);
}

static const struct reader_ops painter_ops = {
	.open = on_open,
	.label = on_label,
	.value = paint_value,
	.source = on_source,
	.close = on_close,
	.note = on_note,
};

/* Where nobody looks: the protocols, what is run inside them, and the notes. */
static const struct reader_ops glance_ops = {
	.open = on_open,
	.source = on_source,
	.close = on_close,
	.note = on_note,
};

void painter_start(struct painter *p, packet_info *pinfo, proto_tree *tree, tvbuff_t *tvb)
{
	p->pinfo = pinfo;
	p->tree = tree;
	p->tvb = tvb;
	p->built_in = p->root = NULL;
	p->said = NULL;
	memset(p->asides, 0, sizeof(p->asides));
	p->full = tvb && painter_watched(tree);
	p->reader.ops = p->full ? &painter_ops : &glance_ops;
	p->deferring = p->judging = true;
	p->inner_failed = false;
	p->depth = p->too_deep = 0;
	p->painted = p->full ? wmem_array_new(pinfo->pool, sizeof(struct painted)) : NULL;
	p->shown = NULL;
}

void painter_append(struct painter *p, proto_item *built_in)
{
	p->deferring = false;
	p->built_in = built_in;
	p->root = built_in;
}

void painter_do_not_judge(struct painter *p)
{
	p->judging = false;
}
