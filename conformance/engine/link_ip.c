/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPv4 (RFC 791), IPv6 (RFC 8200) and its extension headers, UDP (RFC 768), UDP-Lite (RFC 3828).
 * Lengths that cannot be right are taken as Wireshark takes them, so that both readers see the same
 * payloads.
 */
#include "link.h"

#include <string.h>

/* Protocol numbers (IANA). */
enum {
	IP_HOP_BY_HOP = 0,
	IP_UDP = 17,
	IP_ROUTING = 43,
	IP_FRAGMENT = 44,
	IP_AUTHENTICATION = 51,
	IP_DESTINATION_OPTIONS = 60,
	IP_UDP_LITE = 136
};

enum { IPV4_HEADER_LENGTH = 20, IPV4_LENGTH = 4, IPV6_LENGTH = 16, UDP_HEADER_LENGTH = 8 };

enum { IPV4_MORE_FRAGMENTS = 0x2000, IPV4_OFFSET = 0x1fff };

static enum link_outcome link_ipv6_next(struct link *l, uint8_t kind);

enum link_outcome link_udp(struct link *l)
{
	uint16_t source = walk_u16(&l->w, NULL);
	uint16_t destination = walk_u16(&l->w, NULL);
	uint16_t length = walk_u16(&l->w, NULL);
	bool jumbogram = length == 0 && l->payload->passage.source.address.family == ADDRESS_IPV6;

	walk_u16(&l->w, NULL); /* checksum: often left to the network card, so not judged */
	if (l->w.cut)
		return LINK_CUT;
	if (!jumbogram && length < UDP_HEADER_LENGTH)
		return LINK_MALFORMED;
	if (!jumbogram)
		link_narrow(l, length - (size_t)UDP_HEADER_LENGTH);
	l->payload->passage.source.port = source;
	l->payload->passage.destination.port = destination;
	l->payload->passage.carrier = CARRIER_UDP;
	return link_deliver(l, PAYLOAD_UDP);
}

/* All that is left is the datagram; its third field tells how much of it the checksum covers (RFC
 * 3828 section 3.1), which is not judged. */
static enum link_outcome link_udp_lite(struct link *l)
{
	uint16_t source = walk_u16(&l->w, NULL);
	uint16_t destination = walk_u16(&l->w, NULL);

	walk_u16(&l->w, NULL); /* checksum coverage */
	walk_u16(&l->w, NULL); /* checksum */
	if (l->w.cut)
		return LINK_CUT;
	l->payload->passage.source.port = source;
	l->payload->passage.destination.port = destination;
	l->payload->passage.carrier = CARRIER_UDP;
	return link_deliver(l, PAYLOAD_UDP);
}

/* What stands in IP of either version behind all of its own headers. */
static enum link_outcome transport(struct link *l, uint8_t protocol)
{
	switch (protocol) {
	case IP_UDP:
		return link_udp(l);
	case IP_UDP_LITE:
		return link_udp_lite(l);
	default:
		return LINK_OTHER;
	}
}

/* The protocol inside IP, by its number. */
static enum link_outcome next(struct link *l, uint8_t protocol)
{
	if (l->payload->passage.source.address.family == ADDRESS_IPV6)
		return link_ipv6_next(l, protocol);
	return transport(l, protocol);
}

/* A fragment of which the capture lacks a part is of no use but for what stands at its front. Of
 * IPv6, Wireshark does not show that, and so neither do we. */
static enum link_outcome partial_fragment(struct link *l, const struct defrag_fragment *f)
{
	if (f->offset != 0 || f->key.source.family == ADDRESS_IPV6)
		return LINK_CUT;
	l->partial = true;
	return next(l, f->next_header);
}

/* Hands a fragment over; if that completes its datagram, goes on with the datagram. */
static enum link_outcome fragment(struct link *l, struct defrag_fragment *f)
{
	struct defrag_datagram whole;

	if (l->reassembled || l->partial)
		return LINK_OTHER; /* a fragmented fragment */
	if (l->overrun || walk_left(&l->w) < l->wire_end - l->w.position)
		return partial_fragment(l, f);
	f->time = l->payload->passage.time;
	f->content.length = walk_left(&l->w);
	f->content.octets = walk_octets(&l->w, NULL, f->content.length);
	switch (defrag_add(l->defrag, f, &whole)) {
	case DEFRAG_HELD:
		return LINK_FRAGMENT;
	case DEFRAG_REFUSED:
		return LINK_MALFORMED;
	case DEFRAG_WHOLE:
		break;
	}
	l->w = walk_of(whole.content.octets, whole.content.length, NULL);
	l->wire_end = whole.content.length;
	l->reassembled = true;
	l->conflicting = whole.conflicting;
	return next(l, whole.next_header);
}

static enum link_outcome ipv4_fragment(struct link *l, uint8_t protocol, uint16_t identification,
				       uint16_t fragmentation)
{
	struct defrag_fragment f = {
		.key = {.source = l->payload->passage.source.address,
			.destination = l->payload->passage.destination.address,
			.identification = identification,
			.protocol = protocol,
			.vlan = l->vlan},
		.offset = (size_t)8 * (fragmentation & IPV4_OFFSET),
		.more = fragmentation & IPV4_MORE_FRAGMENTS,
		.next_header = protocol,
	};

	return fragment(l, &f);
}

static enum link_outcome link_ipv4(struct link *l)
{
	size_t header_length = (size_t)4 * (walk_u8(&l->w, NULL) & 0x0f);
	uint16_t total, identification, fragmentation;
	const uint8_t *source, *destination;
	uint8_t protocol;

	walk_u8(&l->w, NULL); /* type of service */
	total = walk_u16(&l->w, NULL);
	identification = walk_u16(&l->w, NULL);
	fragmentation = walk_u16(&l->w, NULL);
	walk_u8(&l->w, NULL); /* time to live */
	protocol = walk_u8(&l->w, NULL);
	walk_u16(&l->w, NULL); /* header checksum */
	source = walk_octets(&l->w, NULL, IPV4_LENGTH);
	destination = walk_octets(&l->w, NULL, IPV4_LENGTH);
	if (l->w.cut)
		return LINK_CUT;
	if (header_length < IPV4_HEADER_LENGTH || (total != 0 && total < header_length))
		return LINK_MALFORMED;
	if (total != 0) /* 0: segmented by the network card, the frame's length counts */
		link_narrow(l, total - (size_t)IPV4_HEADER_LENGTH);
	if (!walk_octets(&l->w, NULL, header_length - IPV4_HEADER_LENGTH))
		return LINK_CUT;
	l->payload->passage.source.address = address_of(ADDRESS_IPV4, source);
	l->payload->passage.destination.address = address_of(ADDRESS_IPV4, destination);
	if (fragmentation & (IPV4_MORE_FRAGMENTS | IPV4_OFFSET))
		return ipv4_fragment(l, protocol, identification, fragmentation);
	return next(l, protocol);
}

/* RFC 6554 section 3: the last address of a source route, of which the octets that it shares with
 * the destination are left out. `header` stands behind Segments Left. */
static bool rpl_last_address(struct walk *header, uint8_t address[IPV6_LENGTH])
{
	size_t shared = walk_u8(header, NULL) & 0x0f;
	size_t padding = walk_u8(header, NULL) >> 4;
	size_t length = IPV6_LENGTH - shared;
	const uint8_t *last;

	walk_u16(header, NULL);
	if (header->cut || walk_left(header) < length + padding)
		return false;
	walk_octets(header, NULL, walk_left(header) - length - padding);
	last = walk_octets(header, NULL, length);
	memcpy(address + shared, last, length);
	return true;
}

/* A routing header with segments left: the packet's last destination stands in it. As Wireshark:
 * a conversation is one and the same wherever along the route it was captured. */
static void ipv6_route(struct link *l, struct walk header)
{
	enum { TYPE_0 = 0, MOBILE = 2, RPL = 3, SEGMENT = 4 };
	struct address *destination = &l->payload->passage.destination.address;
	uint8_t type = walk_u8(&header, NULL);
	uint8_t segments_left = walk_u8(&header, NULL);
	const uint8_t *last = NULL;

	if (segments_left == 0)
		return;
	if (type == RPL) {
		rpl_last_address(&header, destination->octets);
		return;
	}
	walk_u32(&header, NULL);
	if (type == TYPE_0)
		while (walk_left(&header) >= IPV6_LENGTH)
			last = walk_octets(&header, NULL, IPV6_LENGTH);
	else if (type == MOBILE || type == SEGMENT)
		last = walk_octets(&header, NULL, IPV6_LENGTH);
	if (last)
		*destination = address_of(ADDRESS_IPV6, last);
}

/* RFC 8200 section 4.5. */
static enum link_outcome ipv6_fragment(struct link *l, uint8_t next_header)
{
	uint16_t offset_and_more;
	struct defrag_fragment f = {
		.key = {.source = l->payload->passage.source.address,
			.destination = l->payload->passage.destination.address},
		.next_header = next_header,
	};

	walk_u8(&l->w, NULL); /* reserved */
	offset_and_more = walk_u16(&l->w, NULL);
	f.key.identification = walk_u32(&l->w, NULL);
	f.offset = offset_and_more & 0xfff8u;
	f.more = offset_and_more & 1;
	if (l->w.cut)
		return LINK_CUT;
	if (f.offset == 0 && !f.more) /* RFC 6946: whole by itself */
		return link_ipv6_next(l, next_header);
	return fragment(l, &f);
}

/* Hop-by-hop, routing, destination options: next header, length in units of 8 octets beyond the
 * first. The authentication header counts units of 4, beyond two (RFC 4302 section 2.2). */
static uint8_t ipv6_extension(struct link *l, uint8_t kind)
{
	uint8_t next_header = walk_u8(&l->w, NULL);
	size_t units = walk_u8(&l->w, NULL);
	size_t length = kind == IP_AUTHENTICATION ? 4 * units + 6 : 8 * units + 6;
	struct walk header = l->w;

	if (walk_octets(&l->w, NULL, length) && kind == IP_ROUTING)
		ipv6_route(l, walk_window(&header, length));
	return next_header;
}

static enum link_outcome link_ipv6_next(struct link *l, uint8_t kind)
{
	while (kind == IP_HOP_BY_HOP || kind == IP_ROUTING || kind == IP_DESTINATION_OPTIONS ||
	       kind == IP_AUTHENTICATION) {
		kind = ipv6_extension(l, kind);
		if (l->w.cut)
			return LINK_CUT;
	}
	if (kind == IP_FRAGMENT)
		return ipv6_fragment(l, walk_u8(&l->w, NULL));
	return transport(l, kind);
}

static enum link_outcome link_ipv6(struct link *l)
{
	uint16_t payload_length;
	uint8_t next_header;
	const uint8_t *source, *destination;

	walk_u32(&l->w, NULL); /* version, traffic class, flow label */
	payload_length = walk_u16(&l->w, NULL);
	next_header = walk_u8(&l->w, NULL);
	walk_u8(&l->w, NULL); /* hop limit */
	source = walk_octets(&l->w, NULL, IPV6_LENGTH);
	destination = walk_octets(&l->w, NULL, IPV6_LENGTH);
	if (l->w.cut)
		return LINK_CUT;
	/* Only a jumbogram, whose length is an option, has a payload of length 0 (RFC 2675 3). */
	if (payload_length == 0 && next_header != IP_HOP_BY_HOP)
		return LINK_MALFORMED;
	if (payload_length != 0)
		link_narrow(l, payload_length);
	l->payload->passage.source.address = address_of(ADDRESS_IPV6, source);
	l->payload->passage.destination.address = address_of(ADDRESS_IPV6, destination);
	return link_ipv6_next(l, next_header);
}

enum link_outcome link_ip(struct link *l)
{
	if (walk_left(&l->w) == 0)
		return LINK_CUT;
	switch (walk_peek(&l->w, 0, 1) >> 4) {
	case 4:
		return link_ipv4(l);
	case 6:
		return link_ipv6(l);
	default:
		return LINK_MALFORMED;
	}
}
