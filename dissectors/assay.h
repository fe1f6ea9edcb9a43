/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of the plugin share: the sessions of the capture at hand, which begin and end with
 * it; the preferences; the protocol "assay", whose fields name broken rules.
 *
 * Everything that a session says is computed once, when Wireshark first sees a frame, in order, and
 * kept with the frame (record.h); whatever is painted later is painted from there.
 */
#ifndef ASSAY_DISSECTORS_ASSAY_H
#define ASSAY_DISSECTORS_ASSAY_H

#include "compat.h"

#include "protocols/core/flow.h"
#include "protocols/core/keycomment.h"
#include "protocols/core/reader.h"
#include "protocols/eap/eap.h"
#include "protocols/pana/pana.h"
#include "protocols/radius/radius_tracker.h"

/* The sessions of one capture. */
struct sessions {
	struct key_store *keys;
	struct key_comments comments; /* of packets, which may hold keys */
	guint32 commented;            /* the frame whose comments were read last */
	struct pana_tracker *pana;
	struct eap_tracker *eap;
	struct radius_tracker *radius;
	wmem_map_t *answers[4]; /* by recording_link: a request's first frame -> its answer's */
	wmem_map_t *firsts[4];  /* and a repetition's frame -> the first one's */
};

extern struct sessions sessions;

/* Wireshark's id of the protocol "assay". */
extern int proto_assay;

/* Registers all that the plugin adds to Wireshark; the plugin's entry point calls it, and so does
 * whoever links the plugin into a program of their own, before epan_init. */
void assay_register(void);

/* Each part's registration, and its hooks into Wireshark's tables. */
void assay_register_protocol(void);
void keys_register(struct pref_module *module);
void comments_register(struct pref_module *module);
void pana_register(void);
void pana_hook(void);
void eap_register(void);
void eap_hook(void);

/* The keys that the user has given, in a new store. */
struct key_store *keys_of_user(void);

/* Adds the keys in the packet's comments to those of the sessions, on the first pass, once; to be
 * called before sessions hear what is in the packet. */
void comments_take(packet_info *pinfo);

/* Shows what was wrong with them. */
void comments_paint(packet_info *pinfo, proto_tree *tree, tvbuff_t *tvb);

/* What the packet's innermost transport is, as a carrier. */
enum carrier assay_carrier(const packet_info *pinfo);

/* Circumstances of the packet's innermost layers. */
struct passage assay_passage(const packet_info *pinfo, enum carrier carrier);

/* Remembers that we, and not Wireshark's own dissector, painted this message of the frame; and
 * tells so of an item. */
void assay_mark_painted(packet_info *pinfo, tvbuff_t *tvb);
bool assay_has_painted(packet_info *pinfo, const field_info *fi);

/* Walks and tracks the message of an item that Wireshark's own "pana" made, and adds what it lacks.
 */
void pana_append(packet_info *pinfo, proto_tree *tree, proto_item *built_in);

/* Walks, tracks and paints a message that no dissector has shown as PANA. */
void pana_add(packet_info *pinfo, proto_tree *tree, tvbuff_t *tvb, bool whole);

/* Looks for PANA where Wireshark has seen none: below the items of UDP and of an exported PDU,
 * each NULL if there is none. */
void overlooked_pana(packet_info *pinfo, proto_tree *tree, proto_item *udp, proto_item *exported);

/* True if a filter or the like refers to assay.rule or assay.level. */
bool assay_fields_referenced(void);

/* Asks Wireshark for a tree with every frame: what stands at its top is there then, and a
 * postdissector can tell from it what the frame holds. */
void assay_want_trees(dissector_handle_t postdissector);

/* Adds assay.rule and assay.level for a broken rule, unless the frame has them already. */
void assay_add_rule(packet_info *pinfo, proto_tree *tree, const struct rule *rule);

#endif
