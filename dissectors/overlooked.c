/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PANA that never got to our dissector: another protocol has a registered port of the datagram and
 * took it for its own, or an exported PDU names a built-in dissector, which found it malformed.
 * `assay check` sees it, so the plugin has to.
 */
#include "assay.h"

#include "protocols/radius/radius.h"

#include <string.h>

enum {
	UDP_HEADER_SIZE = 8,
	IPV6_HEADER_SIZE = 40,
	/* tags of an exported PDU (wsutil/exported_pdu_tlvs.h) */
	TAG_END = 0,
	TAG_DISSECTOR_NAME = 12,
	TAG_HEURISTIC_NAME = 13,
	TAG_IPV4_SOURCE = 20,
	TAG_IPV4_DESTINATION,
	TAG_IPV6_SOURCE,
	TAG_IPV6_DESTINATION,
	TAG_SOURCE_PORT = 25,
	TAG_DESTINATION_PORT
};

/* Off its port, PANA is sought only where Wireshark's own heuristic might seek it, too. */
static bool heuristic_enabled(void)
{
	const heur_dtbl_entry_t *heuristic = find_heur_dissector_by_unique_short_name("pana_udp");

	return heuristic && heuristic->enabled;
}

static bool protocol_enabled(void)
{
	static int pana = -1;

	if (pana < 0)
		pana = proto_get_id_by_filter_name("pana");
	return proto_is_protocol_enabled(find_protocol_by_id(pana));
}

static bool pana_port(const packet_info *pinfo)
{
	return pinfo->srcport == PANA_PORT || pinfo->destport == PANA_PORT;
}

/* Where the IP packet that holds the datagram ends in their buffer, by its own account (RFC 791
 * section 3.1, RFC 8200 section 3); what follows is the link layer's. */
static size_t end_of_ip(const proto_tree *tree, const proto_item *udp)
{
	size_t end = tvb_reported_length(udp->finfo->ds_tvb);
	const proto_node *ip = tree->first_child;
	const field_info *fi;
	size_t start, length;

	while (ip && ip->next != udp)
		ip = ip->next;
	fi = ip ? ip->finfo : NULL;
	if (!fi || fi->ds_tvb != udp->finfo->ds_tvb || fi->start < 0)
		return end; /* reassembled */
	start = (size_t)fi->start;
	if (!strcmp(fi->hfinfo->abbrev, "ip")) {
		length = tvb_get_ntohs(fi->ds_tvb, (gint)start + 2);
	} else if (!strcmp(fi->hfinfo->abbrev, "ipv6")) {
		length = tvb_get_ntohs(fi->ds_tvb, (gint)start + 4);
		start += IPV6_HEADER_SIZE;
	} else {
		return end;
	}
	return length ? MIN(end, start + length) : end; /* 0: segmented later, or a jumbogram */
}

static void below_udp(packet_info *pinfo, proto_tree *tree, const proto_item *udp)
{
	const field_info *fi = udp->finfo;
	size_t start = (size_t)fi->start + UDP_HEADER_SIZE, captured, end, length, left;
	const uint8_t *payload;

	if (!fi->ds_tvb || fi->start < 0 ||
	    radius_port((uint16_t)pinfo->srcport, (uint16_t)pinfo->destport))
		return;
	captured = tvb_captured_length(fi->ds_tvb);
	end = end_of_ip(tree, udp);
	if (captured <= start || end <= start)
		return;
	length = tvb_get_ntohs(fi->ds_tvb, (gint)start - 4);
	if (length <= UDP_HEADER_SIZE)
		return;
	length = MIN(length - UDP_HEADER_SIZE, end - start);
	left = MIN(length, captured - start);
	payload = tvb_get_ptr(fi->ds_tvb, (gint)start, (gint)left);
	if (pana_port(pinfo) || (heuristic_enabled() && pana_recognise(payload, left)))
		pana_add(pinfo, tree, tvb_new_subset_length(fi->ds_tvb, (gint)start, (gint)left),
			 left == length);
}

static bool names_pana(uint16_t type, const uint8_t *name, size_t length)
{
	const char *wanted = type == TAG_DISSECTOR_NAME ? "pana" : "pana_udp";

	return (type == TAG_DISSECTOR_NAME || type == TAG_HEURISTIC_NAME) &&
	       strnlen((const char *)name, length) == strlen(wanted) &&
	       !memcmp(name, wanted, strlen(wanted));
}

static void set_address_of(address *a, int type, struct walk *value)
{
	int length = type == AT_IPv4 ? 4 : 16;
	const uint8_t *octets = walk_octets(value, NULL, (size_t)length);

	if (octets)
		set_address(a, type, length, octets);
}

/* What Wireshark would have taken from the tag, had it not broken off before it. */
static void take_tag(packet_info *pinfo, uint16_t type, struct walk value)
{
	switch (type) {
	case TAG_IPV4_SOURCE:
	case TAG_IPV6_SOURCE:
		set_address_of(&pinfo->src, type == TAG_IPV4_SOURCE ? AT_IPv4 : AT_IPv6, &value);
		break;
	case TAG_IPV4_DESTINATION:
	case TAG_IPV6_DESTINATION:
		set_address_of(&pinfo->dst, type == TAG_IPV4_DESTINATION ? AT_IPv4 : AT_IPv6,
			       &value);
		break;
	case TAG_SOURCE_PORT:
		pinfo->srcport = walk_u32(&value, NULL);
		break;
	case TAG_DESTINATION_PORT:
		pinfo->destport = walk_u32(&value, NULL);
		break;
	default:
		break;
	}
}

static void below_exported_pdu(packet_info *pinfo, proto_tree *tree, const field_info *fi)
{
	size_t length = fi->ds_tvb ? tvb_captured_length(fi->ds_tvb) : 0;
	struct walk w =
		walk_of(length ? tvb_get_ptr(fi->ds_tvb, 0, (gint)length) : NULL, length, NULL);
	bool is_pana = false;
	uint16_t type;

	do {
		type = walk_u16(&w, NULL);
		size_t size = walk_u16(&w, NULL);
		const uint8_t *value = walk_octets(&w, NULL, size);

		if (!value)
			return;
		is_pana = is_pana || names_pana(type, value, size);
		take_tag(pinfo, type, walk_of(value, size, NULL));
	} while (type != TAG_END);
	if (is_pana && walk_left(&w))
		pana_add(pinfo, tree,
			 tvb_new_subset_length(fi->ds_tvb, (gint)w.position, (gint)walk_left(&w)),
			 length >= tvb_reported_length(fi->ds_tvb));
}

void overlooked_pana(packet_info *pinfo, proto_tree *tree, proto_item *udp, proto_item *exported)
{
	if (pinfo->flags.in_error_pkt || !protocol_enabled())
		return;
	if (exported)
		below_exported_pdu(pinfo, tree, exported->finfo);
	else if (udp)
		below_udp(pinfo, tree, udp);
}
