/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * LINKTYPE_WIRESHARK_UPPER_PDU: the PDU of a protocol, cut out of its packet by Wireshark or by a
 * sniffer's own software, behind tags (type, length, value) that say which protocol it is and who
 * sent it to whom. This is how PANA over IEEE 802.15.4 gets into a capture without its radio
 * layers.
 */
#include "link.h"

#include <string.h>

/* Tags and port types of the format (wsutil/exported_pdu_tlvs.h). */
enum {
	TAG_END = 0,
	TAG_DISSECTOR_NAME = 12,
	TAG_HEURISTIC_NAME = 13,
	TAG_TABLE_NAME = 14,
	TAG_IPV4_SOURCE = 20,
	TAG_IPV4_DESTINATION = 21,
	TAG_IPV6_SOURCE = 22,
	TAG_IPV6_DESTINATION = 23,
	TAG_PORT_TYPE = 24,
	TAG_SOURCE_PORT = 25,
	TAG_DESTINATION_PORT = 26,
	TAG_ORIGINAL_FRAME = 30,
	TAG_TABLE_VALUE = 32
};

enum { PORT_TYPE_TCP = 2, PORT_TYPE_UDP = 3 };

/* A name may end in any number of NUL octets. One too long to be any that we know is cut. */
static void name(struct link *l, enum pdu_naming naming, struct walk *value)
{
	size_t length = walk_left(value);
	const uint8_t *characters = walk_octets(value, NULL, length);

	if (l->payload->pdu_naming != PDU_NONE)
		return; /* the first one counts */
	if (length > PDU_NAME_SIZE - 1)
		length = PDU_NAME_SIZE - 1;
	if (characters)
		memcpy(l->pdu_name, characters, length);
	l->pdu_name[length] = '\0';
	l->payload->pdu_name = l->pdu_name;
	l->payload->pdu_naming = naming;
}

static void address(struct endpoint *e, enum address_family family, struct walk *value)
{
	const uint8_t *octets = walk_octets(value, NULL, family == ADDRESS_IPV4 ? 4 : 16);

	if (octets)
		e->address = address_of(family, octets);
}

static enum carrier carrier(uint32_t port_type)
{
	switch (port_type) {
	case PORT_TYPE_TCP:
		return CARRIER_TCP;
	case PORT_TYPE_UDP:
		return CARRIER_UDP;
	default:
		return CARRIER_UNKNOWN;
	}
}

static void tag(struct link *l, uint16_t type, struct walk *value)
{
	struct passage *passage = &l->payload->passage;

	switch (type) {
	case TAG_DISSECTOR_NAME:
		name(l, PDU_DISSECTOR, value);
		break;
	case TAG_HEURISTIC_NAME:
		name(l, PDU_HEURISTIC, value);
		break;
	case TAG_TABLE_NAME:
		name(l, PDU_TABLE, value);
		break;
	case TAG_IPV4_SOURCE:
		address(&passage->source, ADDRESS_IPV4, value);
		break;
	case TAG_IPV4_DESTINATION:
		address(&passage->destination, ADDRESS_IPV4, value);
		break;
	case TAG_IPV6_SOURCE:
		address(&passage->source, ADDRESS_IPV6, value);
		break;
	case TAG_IPV6_DESTINATION:
		address(&passage->destination, ADDRESS_IPV6, value);
		break;
	case TAG_PORT_TYPE:
		passage->carrier = carrier(walk_u32(value, NULL));
		break;
	case TAG_SOURCE_PORT:
		passage->source.port = (uint16_t)walk_u32(value, NULL);
		break;
	case TAG_DESTINATION_PORT:
		passage->destination.port = (uint16_t)walk_u32(value, NULL);
		break;
	case TAG_ORIGINAL_FRAME:
		l->payload->original_frame = walk_u32(value, NULL);
		break;
	case TAG_TABLE_VALUE:
		l->payload->pdu_number = walk_u32(value, NULL);
		break;
	default:
		break;
	}
}

/* Exported packets of a layer that we walk ourselves. */
static enum link_outcome (*layer_of(const char *pdu_name))(struct link *l)
{
	static const struct {
		const char *pdu_name;
		enum link_outcome (*walk)(struct link *l);
	} rows[] = {
		{"ip", link_ip},        {"ipv6", link_ip},
		{"udp", link_udp},      {"eth_withoutfcs", link_ethernet},
		{"eth", link_ethernet}, {"eth_maybefcs", link_ethernet},
		{"eapol", link_eapol},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(pdu_name, rows[i].pdu_name) == 0)
			return rows[i].walk;
	return NULL;
}

enum link_outcome link_exported_pdu(struct link *l)
{
	enum link_outcome (*layer)(struct link * l);
	uint16_t type;

	do {
		type = walk_u16(&l->w, NULL);
		size_t length = walk_u16(&l->w, NULL);
		struct walk value = l->w;

		if (!walk_octets(&l->w, NULL, length))
			return LINK_CUT;
		value = walk_window(&value, length);
		tag(l, type, &value);
	} while (type != TAG_END);

	switch (l->payload->pdu_naming) {
	case PDU_NONE:
		return LINK_MALFORMED;
	case PDU_DISSECTOR:
		layer = layer_of(l->pdu_name);
		if (layer)
			return layer(l);
		break;
	default:
		break;
	}
	return link_deliver(l, PAYLOAD_EXPORTED_PDU);
}
