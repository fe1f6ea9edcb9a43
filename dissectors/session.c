/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sessions of the capture at hand, the protocol "assay", and who sent what to whom. */
#include "assay.h"
#include "painter_impl.h"
#include "record.h"

#include <epan/prefs.h>

#include <string.h>

struct sessions sessions;
int proto_assay = -1;

static int hf_rule = -1;
static int hf_level = -1;
static int hf_tree = -1;
static ws_bool show_secrets;

bool preference_show_secrets(void)
{
	return show_secrets;
}

static void begin(void)
{
	sessions.keys = keys_of_user();
	sessions.comments.store = sessions.keys;
	sessions.pana = pana_tracker_new(sessions.keys, 0, NULL, NULL);
	sessions.eap = eap_tracker_new(sessions.keys, 0, NULL, NULL);
	sessions.radius = radius_tracker_new(0);
}

static void end(void)
{
	recordings_wipe();
	pana_tracker_free(sessions.pana);
	eap_tracker_free(sessions.eap);
	radius_tracker_free(sessions.radius);
	key_store_free(sessions.keys);
	memset(&sessions, 0, sizeof(sessions));
}

/* ---- who sent what to whom ---- */

static struct address address_of_wireshark(const address *a)
{
	static const struct address none;

	switch (a->type) {
	case AT_IPv4:
		return address_of(ADDRESS_IPV4, a->data);
	case AT_IPv6:
		return address_of(ADDRESS_IPV6, a->data);
	case AT_ETHER:
		return address_of(ADDRESS_ETHERNET, a->data);
	default:
		return none;
	}
}

enum carrier assay_carrier(const packet_info *pinfo)
{
	switch (pinfo->ptype) {
	case PT_UDP:
		return CARRIER_UDP;
	case PT_TCP:
		return CARRIER_TCP;
	default:
		return CARRIER_UNKNOWN;
	}
}

struct passage assay_passage(const packet_info *pinfo, enum carrier carrier)
{
	struct passage passage;

	memset(&passage, 0, sizeof(passage));
	passage.frame = pinfo->num;
	passage.time = (uint64_t)pinfo->abs_ts.secs * 1000000000u + (uint64_t)pinfo->abs_ts.nsecs;
	passage.carrier = carrier;
	passage.source.address = address_of_wireshark(&pinfo->src);
	passage.destination.address = address_of_wireshark(&pinfo->dst);
	if (carrier != CARRIER_EAPOL) {
		passage.source.port = (uint16_t)pinfo->srcport;
		passage.destination.port = (uint16_t)pinfo->destport;
	}
	return passage;
}

/* ---- what we painted ---- */

/* Kept with the packet, under these keys. */
enum { KEY_BROKEN, KEY_PAINTED };

struct place {
	const tvbuff_t *source;
	gint start;
};

void assay_mark_painted(packet_info *pinfo, tvbuff_t *tvb)
{
	struct place *place = wmem_new(pinfo->pool, struct place);

	*place = (struct place){tvb_get_ds_tvb(tvb), (gint)tvb_raw_offset(tvb)};
	p_add_proto_data(pinfo->pool, pinfo, proto_assay, KEY_PAINTED, place);
}

bool assay_has_painted(packet_info *pinfo, const field_info *fi)
{
	const struct place *place = p_get_proto_data(pinfo->pool, pinfo, proto_assay, KEY_PAINTED);

	return place && place->source == fi->ds_tvb && place->start == fi->start;
}

/* ---- the protocol "assay" ---- */

/* Rules that the frame has broken so far. */
static wmem_array_t *broken_rules(packet_info *pinfo)
{
	wmem_array_t *broken = p_get_proto_data(pinfo->pool, pinfo, proto_assay, KEY_BROKEN);

	if (!broken) {
		broken = wmem_array_new(pinfo->pool, sizeof(const struct rule *));
		p_add_proto_data(pinfo->pool, pinfo, proto_assay, KEY_BROKEN, broken);
	}
	return broken;
}

static bool referenced(int hf)
{
	return proto_registrar_get_nth((guint)hf)->ref_type != HF_REF_TYPE_NONE;
}

bool assay_fields_referenced(void)
{
	return referenced(hf_rule) || referenced(hf_level);
}

/* Wanting a field that is never there, rather than one that somebody may look at, leaves visible
 * what others want. */
void assay_want_trees(dissector_handle_t postdissector)
{
	GArray *wanted = g_array_new(FALSE, FALSE, sizeof(int));

	g_array_append_val(wanted, hf_tree);
	set_postdissector_wanted_hfids(postdissector, wanted);
}

void assay_add_rule(packet_info *pinfo, proto_tree *tree, const struct rule *rule)
{
	wmem_array_t *broken = broken_rules(pinfo);
	proto_item *item;

	for (guint i = 0; i < wmem_array_get_count(broken); i++) {
		if (*(const struct rule **)wmem_array_index(broken, i) == rule)
			return;
	}
	wmem_array_append_one(broken, rule);
	item = proto_tree_add_string(tree, hf_rule, NULL, 0, 0, rule->id);
	proto_item_set_generated(item);
	proto_item_set_hidden(item);
	item = proto_tree_add_string(tree, hf_level, NULL, 0, 0, rule_level_name(rule->level));
	proto_item_set_generated(item);
	proto_item_set_hidden(item);
}

void assay_register_protocol(void)
{
	static hf_register_info hf[] = {
		{&hf_rule,
		 {"Broken rule", "assay.rule", FT_STRING, BASE_NONE, NULL, 0,
		  "Id of a requirement that the frame breaks", HFILL}},
		{&hf_level,
		 {"Level of the broken rule", "assay.level", FT_STRING, BASE_NONE, NULL, 0,
		  "MUST, SHOULD, MAY, or OPEN where the specifications disagree", HFILL}},
		{&hf_tree,
		 {"Tree", "assay.tree", FT_NONE, BASE_NONE, NULL, 0,
		  "Never there; asked for, so that there is a tree", HFILL}},
	};
	module_t *module;

	proto_assay = proto_register_protocol("Assay", "Assay", "assay");
	proto_register_field_array(proto_assay, hf, array_length(hf));
	module = prefs_register_protocol(proto_assay, NULL);
	keys_register(module);
	comments_register(module);
	prefs_register_bool_preference(module, "show_secrets", "Show secrets",
				       "Show the keys that sessions derive", &show_secrets);
	register_init_routine(begin);
	register_cleanup_routine(end);
}
