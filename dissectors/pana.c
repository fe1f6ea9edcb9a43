/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PANA in Wireshark: the walk and the sessions of protocols/pana, painted with the fields of
 * Wireshark's own "pana" and those it lacks. It takes UDP port 716 and, off that port, whatever the
 * built-in heuristic or ours recognises; where Wireshark calls its own dissector nevertheless
 * (Decode As, its port preference), pana_append adds to what that one shows.
 */
#include "assay.h"
#include "painter.h"
#include "record.h"
#include "registry.h"

#include <string.h>

/* Recordings: one per layer of PANA, or the one that was found after all had been dissected. */
enum { KEY_PANA = 0x10000, KEY_PANA_LATE = 0x11000 };

static int proto_pana = -1;
static heur_dissector_t built_in_heuristic;

/* Wireshark's own field of a value stays, hidden behind ours that says more. */
static const struct field_alias aliases[] = {
	{"pana.avp.vendor_code", "pana.avp.code", 0},
	{"pana.avp.value", "pana.avp.data.bytes", 0},
	{"pana.auth", "pana.avp.data.bytes", 0},
	{"pana.nonce", "pana.avp.data.bytes", 0},
	{"pana.encr_encap", "pana.avp.data.bytes", 0},
	{"pana.pac_information", "pana.avp.data.bytes", 0},
	{"pana.pac_information.ipv4", "pana.avp.data.bytes", 2}, /* and the port */
	{"pana.pac_information.ipv6", "pana.avp.data.bytes", 2},
	{"pana.integrity_algorithm", "pana.avp.data.uint32", 0},
	{"pana.prf_algorithm", "pana.avp.data.uint32", 0},
	{"pana.session_lifetime", "pana.avp.data.uint32", 0},
	{"pana.encryption_algorithm", "pana.avp.data.uint32", 0},
	{"pana.key_id", "pana.avp.data.int32", 0},
	{"pana.termination_cause", "pana.avp.data.enum", 0},
	{NULL, NULL, 0},
};

/* ---- sessions ---- */

/* Feeds the sessions, on the first pass alone. What an ICMP error quotes is no traffic, and a part
 * of a message is not what was said. */
static const struct recording *track(packet_info *pinfo, guint32 key,
				     const struct pana_message *messages, unsigned count)
{
	const struct recording *recording = recording_of(pinfo, key);
	struct recorder recorder;
	struct passage passage;

	if (recording || pinfo->fd->visited || pinfo->flags.in_error_pkt)
		return recording;
	comments_take(pinfo);
	passage = assay_passage(pinfo, assay_carrier(pinfo));
	recorder_start(&recorder, pinfo);
	pana_track(sessions.pana, &passage, messages, count, &recorder.reader);
	return recorder_keep(&recorder, pinfo, key);
}

/* ---- one datagram ---- */

static void show_columns(column_info *columns, const struct pana_message *messages, unsigned count)
{
	char text[PANA_SUMMARY_SIZE], eap[EAP_SUMMARY_SIZE];
	const struct pana_avps *avps = &messages[count - 1].avps;

	if (!columns) /* nobody looks */
		return;
	col_set_str(columns, COL_PROTOCOL, "PANA");
	col_add_str(columns, COL_INFO, pana_summary(messages, count, text));
	if (avps->found[PANA_AVP_EAP_PAYLOAD].count)
		col_append_fstr(columns, COL_INFO, " | EAP %s", eap_summary(&avps->eap, eap));
}

/* Where all is painted, the sessions hear the message first: whatever Wireshark throws while it
 * paints, they have heard it. */
static void walk_and_paint(struct painter *p, tvbuff_t *tvb, bool whole, guint32 key)
{
	size_t length = tvb_captured_length(tvb);
	const uint8_t *octets = tvb_get_ptr(tvb, 0, (gint)length);
	const struct recording *recording = NULL;
	struct pana_message messages[PANA_DEPTH];
	struct walk w = walk_of(octets, length, p->full ? NULL : &p->reader);
	unsigned count;

	if (!whole)
		painter_do_not_judge(p);
	count = pana_walk(&w, messages);
	if (whole)
		recording = track(p->pinfo, key, messages, count);
	show_columns(p->pinfo->cinfo, messages, count);
	if (p->full) {
		w = walk_of(octets, length, &p->reader);
		pana_walk(&w, messages);
	}
	recording_replay(recording, &p->reader);
	if (p->inner_failed)
		col_append_str(p->pinfo->cinfo, COL_INFO, " [Malformed EAP]");
}

static int dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
	bool whole = tvb_captured_length(tvb) >= tvb_reported_length(tvb) && !pinfo->fragmented;
	struct painter painter;

	(void)data;
	if (tvb_captured_length(tvb) == 0)
		return 0;
	assay_mark_painted(pinfo, tvb);
	painter_start(&painter, pinfo, tree, tvb);
	walk_and_paint(&painter, tvb, whole, KEY_PANA | pinfo->curr_layer_num);
	return (int)tvb_captured_length(tvb);
}

/* True if an exported PDU names the heuristic: then it is no guess. */
static bool named_by_exported_pdu(const packet_info *pinfo)
{
	static int exported_pdu = -1;
	wmem_list_frame_t *self = wmem_list_tail(pinfo->layers);
	wmem_list_frame_t *carrier = self ? wmem_list_frame_prev(self) : NULL;

	if (exported_pdu < 0)
		exported_pdu = proto_get_id_by_filter_name("exported_pdu");
	return carrier && GPOINTER_TO_INT(wmem_list_frame_data(carrier)) == exported_pdu;
}

/* Takes the place of the built-in heuristic, so that whoever has disabled that one has disabled
 * this one, and nothing that it recognises is lost. */
static ws_bool dissect_heuristic(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
	size_t length = tvb_captured_length(tvb);

	if (length && (pana_recognise(tvb_get_ptr(tvb, 0, (gint)length), length) ||
		       named_by_exported_pdu(pinfo)))
		return dissect(tvb, pinfo, tree, data) > 0;
	return built_in_heuristic ? built_in_heuristic(tvb, pinfo, tree, data) : FALSE;
}

void pana_append(packet_info *pinfo, proto_tree *tree, proto_item *built_in)
{
	const field_info *fi = built_in->finfo;
	struct painter painter;
	tvbuff_t *tvb;

	if (fi->length <= 0)
		return;
	tvb = tvb_new_subset_length(fi->ds_tvb, fi->start, fi->length);
	painter_start(&painter, pinfo, tree, tvb);
	painter_append(&painter, built_in);
	walk_and_paint(&painter, tvb,
		       tvb_captured_length(fi->ds_tvb) >= tvb_reported_length(fi->ds_tvb),
		       KEY_PANA_LATE);
}

void pana_add(packet_info *pinfo, proto_tree *tree, tvbuff_t *tvb, bool whole)
{
	struct painter painter;

	painter_start(&painter, pinfo, tree, tvb);
	walk_and_paint(&painter, tvb, whole, KEY_PANA_LATE);
}

void pana_register(void)
{
	registry_add(&pana_protocol, aliases);
	recording_link(registry_field_named(&pana_protocol, "pana.response_to"),
		       registry_field_named(&pana_protocol, "pana.response_in"),
		       registry_field_named(&pana_protocol, "pana.retransmission_of"));
	proto_pana = proto_get_id_by_filter_name("pana");
}

void pana_hook(void)
{
	heur_dtbl_entry_t *heuristic = find_heur_dissector_by_unique_short_name("pana_udp");
	dissector_handle_t handle = create_dissector_handle_with_name_and_description(
		dissect, proto_pana, "pana.assay", "PANA (Assay)");

	dissector_add_uint("udp.port", PANA_PORT, handle);
	if (heuristic) {
		built_in_heuristic = heuristic->dissector;
		heuristic->dissector = dissect_heuristic;
	}
	/* What exported PDUs and scripts look for; Wireshark 4.4 has one of that name. */
	if (!find_dissector("pana"))
		register_dissector("pana", dissect, proto_pana);
}
