/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between the parts of the painter: groups and sources (painter.c), where things belong (places.c),
 * values (paint_value.c), single items (paint_item.c), notes (paint_note.c), Wireshark's own items
 * (built_in.c). */
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

static inline struct painter *painter_of(struct reader *r)
{
	return (struct painter *)r;
}

/* What the registry knows of a field; NULL if it does not know it. */
const struct field_entry *painter_entry(const struct field *field, const struct registry **r);

/* True if the group stands for a whole protocol: it is named after it. */
bool painter_is_protocol(const struct field *group);

/* ---- places.c ---- */

void painter_remember(struct painter *p, const struct painted *painted);

/* The smallest group of `field`'s protocol that holds these octets of the message; for none, or no
 * octets at all, the innermost message of that protocol. NULL: there is no such message. */
const struct painted *painter_home(const struct painter *p, const struct field *field,
				   size_t offset, size_t length);

/* The item of that field at that place, be it ours or Wireshark's; or NULL. */
proto_item *painter_item_of(const struct painter *p, const struct field *field, tvbuff_t *tvb,
			    size_t offset);

/* ---- painter.c ---- */

/* The innermost group or source that is open, or NULL. */
struct painter_level *painter_level_of(struct painter *p);

/* Paints those groups around the current place that have waited for something to be in them. */
void painter_paint_waiting(struct painter *p);

/* ---- items ---- */

/* The reader's operation of that name. */
void paint_value(struct reader *reader, const struct field *field, size_t offset, size_t length,
		 const struct value *value);

/* Paints one value and returns its item; NULL if there is nothing to be shown. */
proto_item *paint_item(proto_tree *tree, tvbuff_t *tvb, const struct field *field,
		       const struct field_entry *entry, size_t offset, size_t length,
		       const struct value *value);

/* Appends what the specification calls the number, where Wireshark's own field has no names. */
void paint_name(proto_item *item, const struct field *field, int hf, uint64_t number);

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
