/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between the parts of the painter: levels and places (painter.c), single items (paint_item.c),
 * notes (paint_note.c), Wireshark's own items (built_in.c). */
#ifndef ASSAY_DISSECTORS_PAINTER_IMPL_H
#define ASSAY_DISSECTORS_PAINTER_IMPL_H

#include "painter.h"

/* An item of ours or, if it is the protocol's, of Wireshark's. */
struct painted {
	const struct field *field;
	const tvbuff_t *tvb;
	size_t offset, length;
	proto_item *item;
	proto_tree *tree; /* groups: what goes into them goes here; else NULL */
	bool appending;   /* the group is Wireshark's */
};

/* Paints one value and returns its item; NULL if there is nothing to be shown. */
proto_item *paint_item(proto_tree *tree, tvbuff_t *tvb, const struct field *field,
		       const struct field_entry *entry, size_t offset, size_t length,
		       const struct value *value);

/* Reports a broken rule at `item`, which may be NULL. */
void paint_note(struct painter *p, proto_item *item, const struct note *note);

/* Runs Wireshark's own dissector of the protocol `proto` over the octets from `offset` on; returns
 * the item it made for the protocol, or NULL. */
proto_item *built_in_run(struct painter *p, proto_tree *tree, tvbuff_t *tvb, int proto,
			 size_t offset, size_t length);

/* Remembers what stands below `item`; finds `hf` at `offset` of `tvb` among it, or NULL. */
void built_in_remember(struct painter *p, proto_item *item);
proto_item *built_in_shows(const struct painter *p, int hf, tvbuff_t *tvb, size_t offset);

/* "Show secrets" of the preferences. */
bool preference_show_secrets(void);

#endif
