/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Wireshark's own dissector shows of a message: running it, and knowing what it painted. */
#include "painter_impl.h"

#include <epan/exceptions.h>
#include <epan/show_exception.h>

/* One item: which field, at which octet of which data source. */
struct shown {
	int hf;
	gint start;
	const tvbuff_t *source;
	proto_item *item;
};

/* The child of `tree`, after `before`, that stands for the protocol. */
static proto_item *protocol_item(proto_tree *tree, const proto_node *before, int proto)
{
	proto_node *node = before ? before->next : tree->first_child;

	for (; node; node = node->next) {
		if (node->finfo && node->finfo->hfinfo->id == proto)
			return node;
	}
	return NULL;
}

proto_item *built_in_run(struct painter *p, proto_tree *tree, tvbuff_t *tvb, int proto,
			 size_t offset, size_t length)
{
	dissector_handle_t handle = find_dissector(proto_get_protocol_filter_name(proto));
	ws_bool writable = col_get_writable(p->pinfo->cinfo, -1);
	const proto_node *before = tree ? tree->last_child : NULL;
	tvbuff_t *part;

	if (!handle || offset > tvb_captured_length(tvb))
		return NULL;
	part = tvb_new_subset_length(tvb, (gint)offset, (gint)length);
	/* Columns are ours: the summary of the inner message is part of our own. */
	col_set_writable(p->pinfo->cinfo, -1, FALSE);
	TRY
	{
		call_dissector(handle, part, p->pinfo, tree);
	}
	CATCH_NONFATAL_ERRORS
	{
		show_exception(part, p->pinfo, tree, EXCEPT_CODE, GET_MESSAGE);
		p->inner_failed = true;
	}
	ENDTRY;
	col_set_writable(p->pinfo->cinfo, -1, writable);
	return tree ? protocol_item(tree, before, proto) : NULL;
}

static void remember(wmem_array_t *shown, proto_node *node)
{
	for (; node; node = node->next) {
		const field_info *fi = node->finfo;

		if (fi && fi->ds_tvb) {
			const struct shown one = {fi->hfinfo->id, fi->start, fi->ds_tvb, node};

			wmem_array_append_one(shown, one);
		}
		remember(shown, node->first_child);
	}
}

void built_in_remember(struct painter *p, proto_item *item)
{
	if (!p->shown)
		p->shown = wmem_array_new(p->pinfo->pool, sizeof(struct shown));
	remember(p->shown, item->first_child);
}

proto_item *built_in_shows(const struct painter *p, int hf, tvbuff_t *tvb, size_t offset)
{
	const tvbuff_t *source = tvb_get_ds_tvb(tvb);
	gint start = (gint)offset + (gint)tvb_raw_offset(tvb);
	guint count = p->shown ? wmem_array_get_count(p->shown) : 0;

	for (guint i = 0; i < count; i++) {
		const struct shown *one = wmem_array_index(p->shown, i);

		if (one->hf == hf && one->start == start && one->source == source)
			return one->item;
	}
	return NULL;
}
