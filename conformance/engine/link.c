/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "link.h"

#include <pcap/dlt.h>

/* EtherTypes (IEEE registration authority). */
enum {
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_8021Q = 0x8100,
	ETHERTYPE_IPV6 = 0x86dd,
	ETHERTYPE_EAPOL = 0x888e,
	ETHERTYPE_8021AD = 0x88a8,
	ETHERTYPE_PREAUTHENTICATION = 0x88c7, /* EAPOL too, IEEE 802.11 section 12.6.10.2 */
	ETHERTYPE_QINQ_OLD = 0x9100,
	ETHERTYPE_LENGTH_MAX = 1500 /* up to here it is IEEE 802.3's length */
};

enum { VLAN_ID = 0x0fff }; /* of a tag; the rest is priority */

enum { EAPOL_EAP_PACKET = 0 }; /* IEEE 802.1X-2020 section 11.3.2 */

enum { LLC_SNAP = 0xaaaa03 }; /* DSAP, SSAP, control */

enum { ETHERNET_ADDRESS_LENGTH = 6, COOKED_ADDRESS_LENGTH = 8 };

void link_narrow(struct link *l, size_t length)
{
	size_t left = walk_left(&l->w);

	if (length > l->wire_end - l->w.position)
		l->overrun = true;
	else
		l->wire_end = l->w.position + length;
	if (length < left)
		l->w = walk_window(&l->w, length);
}

enum link_outcome link_deliver(struct link *l, enum payload_kind kind)
{
	struct capture_payload *payload = l->payload;

	payload->kind = kind;
	payload->offset_in_frame = l->w.position;
	payload->length = walk_left(&l->w);
	payload->wire_length = l->wire_end - l->w.position;
	payload->truncated = l->partial || payload->length < payload->wire_length;
	payload->reassembled = l->reassembled;
	payload->conflicting = l->conflicting;
	payload->octets = walk_octets(&l->w, NULL, payload->length);
	return payload->octets ? LINK_PAYLOAD : LINK_CUT;
}

/* Version, type, length of the body, body. */
enum link_outcome link_eapol(struct link *l)
{
	uint8_t type;
	uint16_t length;

	walk_u8(&l->w, NULL);
	type = walk_u8(&l->w, NULL);
	length = walk_u16(&l->w, NULL);
	if (l->w.cut)
		return LINK_CUT;
	if (type != EAPOL_EAP_PACKET)
		return LINK_OTHER;
	link_narrow(l, length);
	l->payload->passage.carrier = CARRIER_EAPOL;
	return link_deliver(l, PAYLOAD_EAPOL_EAP);
}

/* An IEEE 802.3 frame of `length` octets: only SNAP carries protocols of ours. */
static enum link_outcome snap(struct link *l, uint16_t length)
{
	uint32_t llc, organization;

	link_narrow(l, length);
	llc = walk_u24(&l->w, NULL);
	if (!l->w.cut && llc != LLC_SNAP)
		return LINK_OTHER;
	organization = walk_u24(&l->w, NULL);
	if (!l->w.cut && organization != 0)
		return LINK_OTHER;
	return link_ethertype(l, walk_u16(&l->w, NULL));
}

static bool vlan_tag(uint16_t type)
{
	return type == ETHERTYPE_8021Q || type == ETHERTYPE_8021AD || type == ETHERTYPE_QINQ_OLD;
}

enum link_outcome link_ethertype(struct link *l, uint16_t type)
{
	while (vlan_tag(type)) {
		uint16_t vlan = walk_u16(&l->w, NULL) & VLAN_ID;

		if (l->vlan == 0 && type == ETHERTYPE_8021Q)
			l->vlan = vlan;
		type = walk_u16(&l->w, NULL);
	}
	if (l->w.cut)
		return LINK_CUT;
	switch (type) {
	case ETHERTYPE_IPV4:
	case ETHERTYPE_IPV6:
		return link_ip(l);
	case ETHERTYPE_EAPOL:
	case ETHERTYPE_PREAUTHENTICATION:
		return link_eapol(l);
	default:
		return LINK_OTHER;
	}
}

enum link_outcome link_ethernet(struct link *l)
{
	struct passage *passage = &l->payload->passage;
	const uint8_t *destination = walk_octets(&l->w, NULL, ETHERNET_ADDRESS_LENGTH);
	const uint8_t *source = walk_octets(&l->w, NULL, ETHERNET_ADDRESS_LENGTH);
	uint16_t type = walk_u16(&l->w, NULL);

	if (l->w.cut)
		return LINK_CUT;
	passage->destination.address = address_of(ADDRESS_ETHERNET, destination);
	passage->source.address = address_of(ADDRESS_ETHERNET, source);
	if (type <= ETHERTYPE_LENGTH_MAX)
		return snap(l, type);
	return link_ethertype(l, type);
}

/* Linux cooked, both versions: the sender's address alone is known. */
static void cooked_source(struct link *l, size_t length)
{
	const uint8_t *address = walk_octets(&l->w, NULL, COOKED_ADDRESS_LENGTH);

	if (address && length == ETHERNET_ADDRESS_LENGTH)
		l->payload->passage.source.address = address_of(ADDRESS_ETHERNET, address);
}

/* LINKTYPE_LINUX_SLL: packet type, ARPHRD, address length, address, protocol. */
static enum link_outcome link_cooked(struct link *l)
{
	walk_u16(&l->w, NULL);
	walk_u16(&l->w, NULL);
	cooked_source(l, walk_u16(&l->w, NULL));
	return link_ethertype(l, walk_u16(&l->w, NULL));
}

/* LINKTYPE_LINUX_SLL2: protocol, reserved, interface, ARPHRD, packet type, address length, address.
 */
static enum link_outcome link_cooked_v2(struct link *l)
{
	uint16_t protocol = walk_u16(&l->w, NULL);

	walk_u16(&l->w, NULL);
	walk_u32(&l->w, NULL);
	walk_u16(&l->w, NULL);
	walk_u8(&l->w, NULL);
	cooked_source(l, walk_u8(&l->w, NULL));
	return link_ethertype(l, protocol);
}

/* LINKTYPE_NULL and LINKTYPE_LOOP: the address family as a number of the capturing machine, of
 * either byte order. The families' numbers differ by system; the IP version is in its header. */
static enum link_outcome link_loopback(struct link *l)
{
	enum { INET = 2, INET6_LINUX = 10, INET6_BSD = 24, INET6_FREEBSD = 28, INET6_DARWIN = 30 };
	uint32_t family = walk_u32(&l->w, NULL);

	if (l->w.cut)
		return LINK_CUT;
	switch (family > UINT16_MAX ? __builtin_bswap32(family) : family) {
	case INET:
	case INET6_LINUX:
	case INET6_BSD:
	case INET6_FREEBSD:
	case INET6_DARWIN:
		return link_ip(l);
	default:
		return LINK_OTHER;
	}
}

#ifndef DLT_LINUX_SLL2
#define DLT_LINUX_SLL2 276
#endif

const struct link_layer link_layers[] = {
	{DLT_EN10MB, "Ethernet", link_ethernet},
	{DLT_LINUX_SLL, "Linux cooked", link_cooked},
	{DLT_LINUX_SLL2, "Linux cooked v2", link_cooked_v2},
	{DLT_RAW, "raw IP", link_ip},
	{DLT_IPV4, "raw IPv4", link_ip},
	{DLT_IPV6, "raw IPv6", link_ip},
	{DLT_NULL, "BSD loopback", link_loopback},
	{DLT_LOOP, "OpenBSD loopback", link_loopback},
	{DLT_WIRESHARK_UPPER_PDU, "exported PDU", link_exported_pdu},
	{0, NULL, NULL},
};

const struct link_layer *link_layer_find(int dlt)
{
	for (const struct link_layer *layer = link_layers; layer->name; layer++)
		if (layer->dlt == dlt)
			return layer;
	return NULL;
}

enum link_outcome link_walk(const struct link_layer *layer, struct octets frame, size_t wire_length,
			    struct defrag *defrag, struct capture_payload *payload, char *pdu_name)
{
	struct link l = {
		.w = walk_of(frame.octets, frame.length, NULL),
		.wire_end = wire_length > frame.length ? wire_length : frame.length,
		.defrag = defrag,
		.payload = payload,
		.pdu_name = pdu_name,
	};

	payload->pdu_name = "";
	return layer->walk(&l);
}
