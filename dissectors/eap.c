/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EAP outside of PANA: in RADIUS, EAPOL, PPP and Diameter. Wireshark's own dissectors call its own
 * "eap" there, and nobody can take its place; so a postdissector takes the octets once more, walks
 * and tracks them, and appends to Wireshark's item what that lacks.
 *
 * The octets come from the carrier's item, or "eap" itself, that stands at the top of the tree and
 * is always there: so sessions do not depend on anybody looking.
 */
#include "assay.h"
#include "painter.h"
#include "record.h"
#include "registry.h"

#include "protocols/radius/radius.h"

#include <string.h>

enum {
	KEY_EAP = 0x20000, /* recordings: and the number of the message in the frame */
	EAPOL_HEADER_SIZE = 4,
	EAPOL_EAP_PACKET = 0, /* IEEE 802.1X-2020 11.3.2 */
	DIAMETER_HEADER_SIZE = 20,
	DIAMETER_AVP_HEADER_SIZE = 8,
	DIAMETER_VENDOR = 0x80, /* AVP flag: a vendor's id follows */
	DIAMETER_EAP_PAYLOAD = 462
};

static int proto_eap = -1;
static int proto_pana = -1;
static int proto_radius = -1;
static int proto_eapol = -1;
static int proto_diameter = -1;
static int proto_udp = -1;
static int proto_exported_pdu = -1;
static int proto_malformed = -1;

/* One look at a frame, after all of it has been dissected. */
struct look {
	packet_info *pinfo;
	proto_tree *tree;
	guint32 messages; /* EAP messages seen so far */
};

/* An EAP message as some carrier brought it. */
struct carried {
	enum carrier carrier;
	struct octets octets;
	proto_item *built_in; /* Wireshark's item of it, or NULL */
	tvbuff_t *parent;     /* what the octets were taken from */
	uint32_t stream;      /* the carrier's number of the conversation */
	bool whole;           /* the capture kept all octets */
};

/* ---- finding things in the tree ---- */

static proto_item *find_below(proto_node *node, int proto)
{
	proto_item *found = NULL;

	for (; node && !found; node = node->next) {
		if (node->finfo && node->finfo->hfinfo->id == proto)
			return node;
		found = find_below(node->first_child, proto);
	}
	return found;
}

/* Octets of the item's data source from `ahead` octets behind its start, at most `length`. */
static struct octets octets_at(const field_info *fi, size_t ahead, size_t length)
{
	struct octets octets = {NULL, 0};
	size_t start = (size_t)fi->start + ahead;
	size_t all;

	if (!fi->ds_tvb || fi->start < 0)
		return octets;
	all = tvb_captured_length(fi->ds_tvb);
	if (start >= all)
		return octets;
	octets.length = MIN(length, all - start);
	octets.octets = tvb_get_ptr(fi->ds_tvb, (gint)start, (gint)octets.length);
	return octets;
}

static struct octets octets_of(const field_info *fi)
{
	return octets_at(fi, 0, fi->length > 0 ? (size_t)fi->length : 0);
}

/* False if the item's data source was captured in part, and so `octets` are fewer than `wanted`. A
 * message that is shorter than it says it is, in a frame that was captured whole, is whole. */
static bool whole(const field_info *fi, struct octets octets, size_t wanted)
{
	return octets.length >= wanted || !fi->ds_tvb ||
	       tvb_captured_length(fi->ds_tvb) >= tvb_reported_length(fi->ds_tvb);
}

/* ---- one message ---- */

/* Feeds the sessions, on the first pass alone. What an ICMP error quotes is no traffic, and a part
 * of a message is not what was said. */
static bool to_be_tracked(const struct look *look, bool whole)
{
	return whole && !look->pinfo->fd->visited && !look->pinfo->flags.in_error_pkt;
}

static const struct recording *track(const struct look *look, const struct carried *carried,
				     const struct eap_message *m)
{
	guint32 key = KEY_EAP | look->messages;
	struct passage passage;
	struct recorder recorder;

	if (!to_be_tracked(look, carried->whole))
		return recording_of(look->pinfo, key);
	passage = assay_passage(look->pinfo, carried->carrier);
	recorder_start(&recorder, look->pinfo);
	eap_track(sessions.eap, &passage, carried->stream, m, 0, &recorder.reader);
	return recorder_keep(&recorder, look->pinfo, key);
}

/* A buffer that the painter's offsets count in: Wireshark's, if its item shows the same octets. */
static tvbuff_t *buffer_of(const struct look *look, struct carried *carried)
{
	const field_info *fi = carried->built_in ? carried->built_in->finfo : NULL;
	struct octets shown;
	tvbuff_t *tvb;

	if (!painter_watched(look->tree) || carried->octets.length == 0)
		return NULL;
	if (fi) {
		shown = octets_at(fi, 0, carried->octets.length);
		if (shown.length == carried->octets.length &&
		    !memcmp(shown.octets, carried->octets.octets, shown.length))
			return tvb_new_subset_length(fi->ds_tvb, fi->start, (gint)shown.length);
	}
	carried->built_in = NULL;
	tvb = tvb_new_child_real_data(carried->parent, carried->octets.octets,
				      (guint)carried->octets.length, (gint)carried->octets.length);
	add_new_data_source(look->pinfo, tvb, "EAP");
	return tvb;
}

/* Where all is painted, the sessions hear the message first: whatever Wireshark throws while it
 * paints, they have heard it. */
static void message(struct look *look, struct carried *carried)
{
	const uint8_t *octets = carried->octets.octets;
	size_t length = carried->octets.length;
	const struct recording *recording;
	struct eap_message m;
	struct painter painter;
	struct walk w;

	painter_start(&painter, look->pinfo, look->tree, buffer_of(look, carried));
	painter_append(&painter, carried->built_in);
	if (!carried->whole)
		painter_do_not_judge(&painter);
	w = walk_of(octets, length, painter.full ? NULL : &painter.reader);
	eap_walk(&w, &m);
	recording = track(look, carried, &m);
	look->messages++;
	if (painter.full) {
		w = walk_of(octets, length, &painter.reader);
		eap_walk(&w, &m);
	}
	recording_replay(recording, &painter.reader);
}

/* ---- carriers ---- */

static void radius(struct look *look, proto_item *item, struct octets octets)
{
	struct radius_message m;
	struct walk w = walk_of(octets.octets, octets.length, NULL);
	struct carried carried = {.carrier = CARRIER_RADIUS};
	struct passage passage = assay_passage(look->pinfo, CARRIER_UDP);
	uint8_t *eap;

	if (!radius_walk(&w, &m))
		return;
	carried.whole = whole(item->finfo, octets, m.length);
	if (to_be_tracked(look, carried.whole))
		carried.stream = radius_track(sessions.radius, &passage, &m);
	if (m.eap_length == 0) /* none, or an EAP-Start: RFC 3579 2.1 */
		return;
	eap = wmem_alloc(look->pinfo->pool, RADIUS_EAP_MAX);
	carried.octets.octets = eap;
	carried.octets.length = radius_eap_message(&m, eap, RADIUS_EAP_MAX);
	carried.built_in = find_below(item->first_child, proto_eap);
	carried.parent = item->finfo->ds_tvb;
	if (carried.octets.length)
		message(look, &carried);
}

static void eapol(struct look *look, proto_item *item)
{
	struct octets octets = octets_of(item->finfo);
	struct carried carried = {.carrier = CARRIER_EAPOL, .parent = item->finfo->ds_tvb};
	size_t length;

	if (octets.length < EAPOL_HEADER_SIZE || octets.octets[1] != EAPOL_EAP_PACKET)
		return;
	length = (size_t)(octets.octets[2] << 8 | octets.octets[3]);
	carried.octets.octets = octets.octets + EAPOL_HEADER_SIZE;
	carried.octets.length = MIN(length, octets.length - EAPOL_HEADER_SIZE);
	carried.whole = whole(item->finfo, carried.octets, length);
	if (item->next && item->next->finfo && item->next->finfo->hfinfo->id == proto_eap)
		carried.built_in = item->next;
	message(look, &carried);
}

static void bare(struct look *look, proto_item *item, enum carrier carrier)
{
	struct carried carried = {.carrier = carrier,
				  .octets = octets_of(item->finfo),
				  .built_in = item,
				  .parent = item->finfo->ds_tvb};

	carried.whole = whole(item->finfo, carried.octets, (size_t)MAX(item->finfo->length, 0));
	message(look, &carried);
}

/* The value of the first EAP-Payload AVP of a Diameter message (RFC 6733 3 and 4.1, RFC 4072). */
static struct octets diameter_eap(struct octets message)
{
	struct walk w = walk_of(message.octets, message.length, NULL);
	struct octets eap = {NULL, 0};
	uint32_t code, length;
	uint8_t flags;

	walk_octets(&w, NULL, DIAMETER_HEADER_SIZE);
	while (walk_left(&w) && !w.cut) {
		code = walk_u32(&w, NULL);
		flags = walk_u8(&w, NULL);
		length = walk_u24(&w, NULL);
		if (length < DIAMETER_AVP_HEADER_SIZE || w.cut)
			break;
		eap.length = length - DIAMETER_AVP_HEADER_SIZE;
		eap.octets = walk_octets(&w, NULL, eap.length);
		if (code == DIAMETER_EAP_PAYLOAD && !(flags & DIAMETER_VENDOR) && eap.octets)
			return eap;
		walk_octets(&w, NULL, -length % 4);
	}
	return (struct octets){NULL, 0};
}

static void diameter(struct look *look, proto_item *item)
{
	struct carried carried = {.carrier = CARRIER_DIAMETER,
				  .octets = diameter_eap(octets_of(item->finfo)),
				  .built_in = find_below(item->first_child, proto_eap),
				  .parent = item->finfo->ds_tvb,
				  .whole = true};

	if (carried.octets.octets)
		message(look, &carried);
}

/* ---- one frame ---- */

/* What a frame holds that matters at its end. */
struct found {
	proto_item *udp;      /* the innermost, if Wireshark took out what is in it */
	proto_item *exported; /* PDU */
	bool radius;
	bool pana;
};

/* True if Wireshark's dissector of this item broke off. */
static bool gave_up_after(const proto_node *node)
{
	const proto_node *next = node->next;

	return next && next->finfo && next->finfo->hfinfo->id == proto_malformed;
}

static void look_at(struct look *look, proto_node *node, const proto_node *before,
		    struct found *found)
{
	int id = node->finfo->hfinfo->id;

	if (id == proto_udp) {
		found->udp = gave_up_after(node) ? NULL : node;
	} else if (id == proto_exported_pdu) {
		found->exported = node;
	} else if (id == proto_radius) {
		radius(look, node, octets_of(node->finfo));
		found->radius = true;
	} else if (id == proto_eapol) {
		eapol(look, node);
	} else if (id == proto_diameter) {
		diameter(look, node);
	} else if (id == proto_eap &&
		   !(before && before->finfo && before->finfo->hfinfo->id == proto_eapol)) {
		bare(look, node,
		     proto_is_frame_protocol(look->pinfo->layers, "ppp")
			     ? CARRIER_PPP
			     : assay_carrier(look->pinfo));
	} else if (id == proto_pana) {
		found->pana = true;
		if (!assay_has_painted(look->pinfo, node->finfo))
			pana_append(look->pinfo, look->tree, node);
	}
}

static int postdissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
	struct look look = {.pinfo = pinfo, .tree = tree};
	struct found found = {.pana = false};
	proto_node *const first = tree ? tree->first_child : NULL;
	const proto_node *const last = tree ? tree->last_child : NULL; /* we add behind it */
	const proto_node *before = NULL;

	(void)data;
	comments_take(pinfo);
	for (proto_node *node = first; node; node = node == last ? NULL : node->next) {
		if (node->finfo)
			look_at(&look, node, before, &found);
		before = node;
	}
	if (!found.pana && !found.radius)
		overlooked_pana(pinfo, tree, found.udp, found.exported);
	comments_paint(pinfo, tree, tvb);
	return (int)tvb_captured_length(tvb);
}

void eap_register(void)
{
	registry_add(&eap_protocol, NULL);
	recording_link(registry_field_named(&eap_protocol, "eap.request_in"),
		       registry_field_named(&eap_protocol, "eap.response_in"),
		       registry_field_named(&eap_protocol, "eap.retransmission_of"));
}

void eap_hook(void)
{
	dissector_handle_t handle = create_dissector_handle(postdissect, proto_assay);

	proto_eap = proto_get_id_by_filter_name("eap");
	proto_pana = proto_get_id_by_filter_name("pana");
	proto_radius = proto_get_id_by_filter_name("radius");
	proto_eapol = proto_get_id_by_filter_name("eapol");
	proto_udp = proto_get_id_by_filter_name("udp");
	proto_malformed = proto_get_id_by_filter_name("_ws.malformed");
	proto_exported_pdu = proto_get_id_by_filter_name("exported_pdu");
	proto_diameter = proto_get_id_by_filter_name("diameter");
	painter_defer_to(eap_root_field());
	register_postdissector(handle);
	assay_want_trees(handle);
}
