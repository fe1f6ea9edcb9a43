/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "headers.h"

#include <pcap/dlt.h>

#ifndef DLT_LINUX_SLL2
#define DLT_LINUX_SLL2 276
#endif

enum {
	TYPE_IPV4 = 0x0800,
	TYPE_IPV6 = 0x86dd,
	TYPE_EAPOL = 0x888e,
	TYPE_VLAN = 0x8100,
	TYPE_SERVICE_VLAN = 0x88a8,
	UDP_HEADER_SIZE = 8,
	IPV6_HEADER_SIZE = 40
};

/* Tags of Wireshark's exported PDUs that hold addresses (epan/exported_pdu.h). */
enum {
	TAG_END = 0,
	TAG_IPV4_SOURCE = 20,
	TAG_IPV4_DESTINATION = 21,
	TAG_IPV6_SOURCE = 22,
	TAG_IPV6_DESTINATION = 23
};

/* The network layer of a frame. */
struct network {
	unsigned type; /* 0: none that we know */
	size_t at;
};

static unsigned get_u16(const struct frame *frame, size_t at)
{
	if (at + 2 > frame->length)
		return 0;
	return (unsigned)frame->octets[at] << 8 | frame->octets[at + 1];
}

static void put_u16(struct frame *frame, size_t at, size_t value)
{
	if (at + 2 > frame->length)
		return;
	frame->octets[at] = (uint8_t)(value >> 8);
	frame->octets[at + 1] = (uint8_t)value;
}

static struct network by_version(const struct frame *frame, size_t at)
{
	unsigned version = at < frame->length ? frame->octets[at] >> 4 : 0;

	return (struct network){version == 4 ? TYPE_IPV4 : version == 6 ? TYPE_IPV6 : 0, at};
}

static struct network below_ethernet(const struct frame *frame)
{
	size_t at = 12;
	unsigned type = get_u16(frame, at);

	while (type == TYPE_VLAN || type == TYPE_SERVICE_VLAN) {
		at += 4;
		type = get_u16(frame, at);
	}
	return (struct network){type, at + 2};
}

static struct network network_of(const struct frame *frame, int dlt)
{
	switch (dlt) {
	case DLT_EN10MB:
		return below_ethernet(frame);
	case DLT_LINUX_SLL:
		return (struct network){get_u16(frame, 14), 16};
	case DLT_LINUX_SLL2:
		return (struct network){get_u16(frame, 0), 20};
	case DLT_RAW:
	case DLT_IPV4:
	case DLT_IPV6:
		return by_version(frame, 0);
	case DLT_NULL:
	case DLT_LOOP:
		return by_version(frame, 4);
	default:
		return (struct network){0, 0};
	}
}

void headers_announce(struct frame *frame, int dlt, size_t length)
{
	struct network network = network_of(frame, dlt);
	size_t end = frame->payload + length;

	switch (network.type) {
	case TYPE_IPV4:
		put_u16(frame, network.at + 2, end - network.at);
		break;
	case TYPE_IPV6:
		put_u16(frame, network.at + 4, end - network.at - IPV6_HEADER_SIZE);
		break;
	case TYPE_EAPOL:
		put_u16(frame, frame->payload - 2, length);
		return;
	default:
		return;
	}
	put_u16(frame, frame->payload - 4, length + UDP_HEADER_SIZE);
}

/* ---- addresses ---- */

/* Two octets that do not tell groups and special networks from hosts. */
static void move(struct frame *frame, size_t at, uint32_t number)
{
	put_u16(frame, at, get_u16(frame, at) ^ (number & 0xffff));
}

static void move_ipv4(struct frame *frame, size_t at, uint32_t number)
{
	if (at < frame->length && frame->octets[at] < 224)
		move(frame, at + 1, number);
}

static void move_ipv6(struct frame *frame, size_t at, uint32_t number)
{
	if (at < frame->length && frame->octets[at] != 0xff)
		move(frame, at + 12, number);
}

static void move_ethernet(struct frame *frame, size_t at, uint32_t number)
{
	if (at < frame->length && !(frame->octets[at] & 1))
		move(frame, at + 3, number);
}

static void move_exported(struct frame *frame, uint32_t number)
{
	size_t at = 0;
	unsigned tag, length;

	while (at + 4 <= frame->length && (tag = get_u16(frame, at)) != TAG_END) {
		length = get_u16(frame, at + 2);
		at += 4;
		if ((tag == TAG_IPV4_SOURCE || tag == TAG_IPV4_DESTINATION) && length == 4)
			move_ipv4(frame, at, number);
		else if ((tag == TAG_IPV6_SOURCE || tag == TAG_IPV6_DESTINATION) && length == 16)
			move_ipv6(frame, at, number);
		at += length;
	}
}

void headers_renumber(struct frame *frame, int dlt, uint32_t number)
{
	struct network network = network_of(frame, dlt);

	if (dlt == DLT_WIRESHARK_UPPER_PDU) {
		move_exported(frame, number);
		return;
	}
	if (dlt == DLT_EN10MB) {
		move_ethernet(frame, 0, number);
		move_ethernet(frame, 6, number);
	}
	if (network.type == TYPE_IPV4) {
		move_ipv4(frame, network.at + 12, number);
		move_ipv4(frame, network.at + 16, number);
	} else if (network.type == TYPE_IPV6) {
		move_ipv6(frame, network.at + 8, number);
		move_ipv6(frame, network.at + 24, number);
	}
}
