/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The painter: a reader that turns what walks and sessions say of a message into Wireshark's tree,
 * its expert infos, its data sources.
 *
 *     painter_start(&p, pinfo, tree, tvb);
 *     w = walk_of(tvb_get_ptr(tvb, 0, -1), length, &p.reader);
 *     pana_walk(&w, messages);              values stand where the walk put them
 *     pana_track(..., &p.reader);           values join the group that holds their octets
 *
 * Where nobody looks at fields (no visible tree, no filter), it paints the protocols and the expert
 * infos alone. It lives on the stack and owns nothing; what it allocates is the packet's.
 *
 * Beside Wireshark's own items (painter_append) it adds only what those do not show already: an
 * item of the same field at the same place is not painted again, and a group appears when the first
 * thing in it does.
 */
#ifndef ASSAY_DISSECTORS_PAINTER_H
#define ASSAY_DISSECTORS_PAINTER_H

#include "compat.h"

#include "protocols/core/reader.h"
#include "registry.h"

enum { PAINTER_DEPTH = 32, PAINTER_LABEL_SIZE = 240 };

/* A group or source that is open. */
struct painter_level {
	proto_tree *tree;               /* NULL: not painted yet, or not at all */
	proto_item *item;               /* the group's */
	tvbuff_t *tvb;                  /* of the source that offsets count in */
	const struct field *group;      /* NULL: a source */
	size_t offset, length;          /* of the group */
	char label[PAINTER_LABEL_SIZE]; /* said before it was painted */
	const struct field *whole;      /* the newest value that is no part of one before it */
	proto_item *whole_item;
	size_t whole_offset, whole_length;
	bool appending; /* beside Wireshark's own items */
};

/* A subtree below a message for what its session says of itself. */
struct painter_aside {
	const proto_tree *below;
	proto_tree *tree;
	proto_item *item;
	bool has_gist; /* its own line says something of what is in it */
};

struct painter {
	struct reader reader; /* hand this to walks and sessions */
	packet_info *pinfo;
	proto_tree *tree;     /* where the message's protocol goes; may be NULL */
	tvbuff_t *tvb;        /* the message's source */
	proto_item *built_in; /* Wireshark's own item of the message, to append to; else NULL */
	proto_item *root;     /* the newest protocol's */
	proto_tree *said;     /* where the newest value that a session said went */
	bool full;            /* someone looks at fields */
	bool deferring;       /* Wireshark's own dissectors are to be run */
	bool judging;         /* notes count */
	bool inner_failed;    /* Wireshark's own dissector of something inside gave up */
	unsigned depth;       /* of levels[]; deeper ones are counted only */
	unsigned too_deep;
	struct painter_level levels[PAINTER_DEPTH];
	struct painter_aside asides[ETT_COUNT];
	wmem_array_t *painted; /* struct painted */
	wmem_array_t *shown;   /* what Wireshark's own dissector shows: struct shown */
};

/* Once, at start: on opening `group`, Wireshark's own dissector of the protocol that the group is
 * named after runs first, and the painter appends to what it shows. */
void painter_defer_to(const struct field *group);

/* Paints below `tree` (may be NULL) with offsets counting in `tvb` (may be NULL if not full). */
void painter_start(struct painter *p, packet_info *pinfo, proto_tree *tree, tvbuff_t *tvb);

/* Wireshark's own dissector has run already: the message's root group is `built_in`, or, if that
 * is NULL, ours to paint. */
void painter_append(struct painter *p, proto_item *built_in);

/* The capture holds a part of the message only: what it seems to break is not its sender's doing.
 */
void painter_do_not_judge(struct painter *p);

/* True if someone looks at the fields of this tree. */
bool painter_watched(proto_tree *tree);

#endif
