/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <glib.h>
#include <pcap/dlt.h>
#include <string.h>

#include "conformance/engine/link.h"

/* The payload of all the datagrams here: "PANA!" */
#define PAYLOAD 'P', 'A', 'N', 'A', '!'

/* UDP: 30000 to 716, 13 octets, checksum 0 */
#define UDP 0x75, 0x30, 0x02, 0xcc, 0x00, 0x0d, 0x00, 0x00, PAYLOAD

/* IPv4 addresses 10.0.0.1 to 10.0.0.2 */
#define IPV4_ADDRESSES 0x0a, 0x00, 0x00, 0x01, 0x0a, 0x00, 0x00, 0x02

/* IPv4, header of 20 octets; 33 octets in all; id 1, whole; TTL 64, UDP */
#define IPV4 0x45, 0x00, 0x00, 0x21, 0x00, 0x01, 0x00, 0x00, 0x40, 0x11, 0x00, 0x00, IPV4_ADDRESSES

/* IPv6 addresses fe80::1 to fe80::2 */
#define IPV6_ADDRESSES                                                                            \
	0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01, 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, \
		0, 0, 0, 0, 0, 0, 0x02

/* IPv6 with a payload of `length` octets that begins with `next`; hop limit 255 */
#define IPV6_OF(length, next) 0x60, 0x00, 0x00, 0x00, 0x00, length, next, 0xff, IPV6_ADDRESSES
#define IPV6                  IPV6_OF(13, 17)

/* Ethernet 02:00:00:00:00:01 to 02:00:00:00:00:02 */
#define ETHERNET 0x02, 0x00, 0x00, 0x00, 0x00, 0x02, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01

static struct defrag *defrag;
static struct capture_payload payload;
static char pdu_name[PDU_NAME_SIZE];
static uint8_t *frame; /* the one being walked, of its exact size so that ASan sees its end */

static void start(void)
{
	defrag = defrag_new();
}

static void stop(void)
{
	defrag_free(defrag);
	g_free(frame);
}

TestSuite(link, .init = start, .fini = stop);

static enum link_outcome walk_cut(int dlt, const uint8_t *octets, size_t length, size_t wire_length)
{
	const struct link_layer *layer = link_layer_find(dlt);

	cr_assert_not_null(layer);
	g_free(frame);
	frame = g_memdup2(octets, length);
	payload = (struct capture_payload){.passage = {.frame = 1}};
	return link_walk(layer, (struct octets){frame, length}, wire_length, defrag, &payload,
			 pdu_name);
}

#define WALK(dlt, ...)                                                                        \
	walk_cut(dlt, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}), \
		 sizeof((const uint8_t[]){__VA_ARGS__}))

static void expect_endpoints(const char *source, const char *destination)
{
	char text[ENDPOINT_TEXT_SIZE];

	cr_expect_str_eq(endpoint_text(&payload.passage.source, text), source);
	cr_expect_str_eq(endpoint_text(&payload.passage.destination, text), destination);
}

static void expect_octets(const char *wanted, size_t length)
{
	cr_assert_eq(payload.length, length, "%zu octets, wanted %zu", payload.length, length);
	cr_expect_arr_eq(payload.octets, wanted, length);
}

/* The datagram of UDP above, `offset` octets into the frame. */
static void expect_datagram(enum link_outcome outcome, size_t offset)
{
	cr_assert_eq(outcome, LINK_PAYLOAD, "outcome %d", outcome);
	cr_expect_eq(payload.kind, PAYLOAD_UDP);
	cr_expect_eq(payload.passage.carrier, CARRIER_UDP);
	cr_expect_eq(payload.wire_length, 5);
	cr_expect_eq(payload.offset_in_frame, offset, "at %zu", payload.offset_in_frame);
	cr_expect_not(payload.truncated);
	cr_expect_not(payload.reassembled);
	cr_expect_str_eq(payload.pdu_name, "");
	expect_octets("PANA!", 5);
}

static void expect_ipv4(enum link_outcome outcome, size_t offset)
{
	expect_datagram(outcome, offset);
	expect_endpoints("10.0.0.1:30000", "10.0.0.2:716");
}

static void expect_ipv6(enum link_outcome outcome, size_t offset)
{
	expect_datagram(outcome, offset);
	expect_endpoints("[fe80::1]:30000", "[fe80::2]:716");
}

Test(link, ethernet_carries_ipv4)
{
	expect_ipv4(WALK(DLT_EN10MB, ETHERNET, 0x08, 0x00, IPV4, UDP), 42);
}

Test(link, ethernet_carries_ipv6)
{
	expect_ipv6(WALK(DLT_EN10MB, ETHERNET, 0x86, 0xdd, IPV6, UDP), 62);
}

Test(link, ethernet_trailer_is_no_payload)
{
	expect_ipv4(WALK(DLT_EN10MB, ETHERNET, 0x08, 0x00, IPV4, UDP, 0xde, 0xad, 0xbe), 42);
	expect_ipv6(WALK(DLT_EN10MB, ETHERNET, 0x86, 0xdd, IPV6, UDP, 0xde, 0xad, 0xbe), 62);
}

Test(link, vlan_tags_stack)
{
	/* 802.1ad VLAN 7, 802.1Q VLAN 9 */
	expect_ipv4(WALK(DLT_EN10MB, ETHERNET, 0x88, 0xa8, 0x00, 0x07, 0x81, 0x00, 0x00, 0x09, 0x08,
			 0x00, IPV4, UDP),
		    50);
	expect_ipv6(WALK(DLT_EN10MB, ETHERNET, 0x81, 0x00, 0x00, 0x09, 0x86, 0xdd, IPV6, UDP), 66);
}

Test(link, snap_carries_ip)
{
	/* IEEE 802.3 length 41: LLC aa aa 03, organization 000000, type 0800 */
	expect_ipv4(WALK(DLT_EN10MB, ETHERNET, 0x00, 0x29, 0xaa, 0xaa, 0x03, 0x00, 0x00, 0x00, 0x08,
			 0x00, IPV4, UDP, 0x00, 0x00),
		    50);
}

Test(link, cooked_v1_carries_ip)
{
	/* to us; ARPHRD 1; address of 6 octets 02:00:00:00:00:01; protocol */
#define COOKED 0x00, 0x00, 0x00, 0x01, 0x00, 0x06, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00
	expect_ipv4(WALK(DLT_LINUX_SLL, COOKED, 0x08, 0x00, IPV4, UDP), 44);
	expect_ipv6(WALK(DLT_LINUX_SLL, COOKED, 0x86, 0xdd, IPV6, UDP), 64);
}

Test(link, cooked_v2_carries_ip)
{
	/* reserved; interface 2; ARPHRD 1; to us; address of 6 octets 02:00:00:00:00:01 */
#define COOKED2                                                                                   \
	0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01, 0x00, 0x06, 0x02, 0x00, 0x00, 0x00, 0x00, \
		0x01, 0x00, 0x00
	expect_ipv4(WALK(DLT_LINUX_SLL2, 0x08, 0x00, COOKED2, IPV4, UDP), 48);
	expect_ipv6(WALK(DLT_LINUX_SLL2, 0x86, 0xdd, COOKED2, IPV6, UDP), 68);
}

Test(link, raw_ip_is_of_either_version)
{
	expect_ipv4(WALK(DLT_RAW, IPV4, UDP), 28);
	expect_ipv6(WALK(DLT_RAW, IPV6, UDP), 48);
	expect_ipv4(WALK(DLT_IPV4, IPV4, UDP), 28);
	expect_ipv6(WALK(DLT_IPV6, IPV6, UDP), 48);
	cr_expect_eq(WALK(DLT_RAW, 0x50, UDP), LINK_MALFORMED);
}

Test(link, loopback_family_is_of_either_byte_order)
{
	/* AF_INET 2; AF_INET6 24 (NetBSD, OpenBSD), 28 (FreeBSD), 30 (Darwin), 10 (Linux) */
	expect_ipv4(WALK(DLT_NULL, 0x02, 0x00, 0x00, 0x00, IPV4, UDP), 32);
	expect_ipv4(WALK(DLT_NULL, 0x00, 0x00, 0x00, 0x02, IPV4, UDP), 32);
	expect_ipv4(WALK(DLT_LOOP, 0x00, 0x00, 0x00, 0x02, IPV4, UDP), 32);
	expect_ipv6(WALK(DLT_NULL, 0x18, 0x00, 0x00, 0x00, IPV6, UDP), 52);
	expect_ipv6(WALK(DLT_NULL, 0x1c, 0x00, 0x00, 0x00, IPV6, UDP), 52);
	expect_ipv6(WALK(DLT_NULL, 0x1e, 0x00, 0x00, 0x00, IPV6, UDP), 52);
	expect_ipv6(WALK(DLT_NULL, 0x00, 0x00, 0x00, 0x0a, IPV6, UDP), 52);
	expect_ipv6(WALK(DLT_LOOP, 0x00, 0x00, 0x00, 0x18, IPV6, UDP), 52);
	cr_expect_eq(WALK(DLT_NULL, 0x07, 0x00, 0x00, 0x00, IPV4, UDP), LINK_OTHER);
}

Test(link, ipv4_options_are_passed)
{
	/* header of 24 octets, 37 in all; options: three no-operations and the end */
	expect_ipv4(WALK(DLT_RAW, 0x46, 0x00, 0x00, 0x25, 0x00, 0x01, 0x00, 0x00, 0x40, 0x11, 0x00,
			 0x00, IPV4_ADDRESSES, 0x01, 0x01, 0x01, 0x00, UDP),
		    32);
}

Test(link, ipv4_lengths_that_contradict_each_other_are_malformed)
{
	/* header of 16 octets */
	cr_expect_eq(WALK(DLT_IPV4, 0x44, 0x00, 0x00, 0x21, 0x00, 0x01, 0x00, 0x00, 0x40, 0x11,
			  0x00, 0x00, IPV4_ADDRESSES, UDP),
		     LINK_MALFORMED);
	/* 19 octets in all */
	cr_expect_eq(WALK(DLT_IPV4, 0x45, 0x00, 0x00, 0x13, 0x00, 0x01, 0x00, 0x00, 0x40, 0x11,
			  0x00, 0x00, IPV4_ADDRESSES, UDP),
		     LINK_MALFORMED);
	/* header of 24 octets in a packet of 22 */
	cr_expect_eq(WALK(DLT_IPV4, 0x46, 0x00, 0x00, 0x16, 0x00, 0x01, 0x00, 0x00, 0x40, 0x11,
			  0x00, 0x00, IPV4_ADDRESSES, UDP),
		     LINK_MALFORMED);
}

/* A network card that segments leaves 0. */
Test(link, ipv4_length_zero_means_the_frame)
{
	expect_ipv4(WALK(DLT_RAW, 0x45, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x40, 0x11, 0x00,
			 0x00, IPV4_ADDRESSES, UDP),
		    28);
}

Test(link, other_protocols_are_passed_over)
{
	/* ARP */
	cr_expect_eq(WALK(DLT_EN10MB, ETHERNET, 0x08, 0x06, 0x00, 0x01), LINK_OTHER);
	/* TCP in IPv4 */
	cr_expect_eq(WALK(DLT_RAW, 0x45, 0x00, 0x00, 0x21, 0x00, 0x01, 0x00, 0x00, 0x40, 0x06, 0x00,
			  0x00, IPV4_ADDRESSES, UDP),
		     LINK_OTHER);
	/* ICMPv6 in IPv6 */
	cr_expect_eq(WALK(DLT_RAW, IPV6_OF(13, 58), UDP), LINK_OTHER);
	/* spanning tree: IEEE 802.3 length 3, LLC 42 42 03, padding */
	cr_expect_eq(WALK(DLT_EN10MB, ETHERNET, 0x00, 0x03, 0x42, 0x42, 0x03, 0, 0, 0, 0, 0),
		     LINK_OTHER);
}

/* What an error message quotes is not sent by whom it says. */
Test(link, packet_quoted_by_icmp_is_no_traffic)
{
	/* 61 octets, ICMP; destination unreachable (3), port (3), unused; the packet */
	cr_expect_eq(WALK(DLT_RAW, 0x45, 0x00, 0x00, 0x3d, 0x00, 0x01, 0x00, 0x00, 0x40, 0x01, 0x00,
			  0x00, IPV4_ADDRESSES, 0x03, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
			  IPV4, UDP),
		     LINK_OTHER);
}

Test(link, ipv6_extension_headers_are_passed)
{
	/* hop-by-hop: next 60, 8 octets, PadN of 4; destination options: next 51, 16 octets, PadN
	 * of 12; authentication: next 17, 4 + 2 units of 4 octets, reserved, SPI, sequence, value
	 */
	expect_ipv6(WALK(DLT_RAW, IPV6_OF(61, 0), 0x3c, 0x00, 0x01, 0x04, 0, 0, 0, 0, /* */
			 0x33, 0x01, 0x01, 0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  /* */
			 0x11, 0x04, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
			 9, UDP),
		    96);
}

Test(link, ipv6_extension_header_longer_than_the_packet_is_cut)
{
	cr_expect_eq(WALK(DLT_RAW, IPV6_OF(8, 0), 0x11, 0x01, 0x01, 0x04, 0, 0, 0, 0), LINK_CUT);
}

/* RFC 6554: PANA of a mesh network is captured on its way. */
Test(link, destination_is_the_end_of_a_source_route)
{
	/* routing: next 17, 8 + 8 octets, type 3, 2 segments left; CmprI 15, CmprE 15, pad 6;
	 * addresses ::5 and ::9 after the destination's first 15 octets; padding */
	WALK(DLT_RAW, IPV6_OF(29, 43), 0x11, 0x01, 0x03, 0x02, 0xff, 0x60, 0x00, 0x00, 0x05, 0x09,
	     0, 0, 0, 0, 0, 0, UDP);
	expect_endpoints("[fe80::1]:30000", "[fe80::9]:716");

	/* the same without segments left */
	WALK(DLT_RAW, IPV6_OF(29, 43), 0x11, 0x01, 0x03, 0x00, 0xff, 0x60, 0x00, 0x00, 0x05, 0x09,
	     0, 0, 0, 0, 0, 0, UDP);
	expect_endpoints("[fe80::1]:30000", "[fe80::2]:716");
}

Test(link, destination_is_the_end_of_a_segment_route)
{
	/* routing: next 17, 8 + 32 octets, type 4, 1 segment left; last entry 1, flags, tag;
	 * segments fe80::9 (the last one) and fe80::5 */
	WALK(DLT_RAW, IPV6_OF(53, 43), 0x11, 0x04, 0x04, 0x01, 0x01, 0x00, 0x00, 0x00, /* */
	     0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x09,                  /* */
	     0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x05, UDP);
	expect_endpoints("[fe80::1]:30000", "[fe80::9]:716");
}

Test(link, destination_is_the_end_of_a_type_0_route)
{
	/* routing: next 17, 8 + 32 octets, type 0, 1 segment left, reserved; fe80::5, fe80::9 */
	WALK(DLT_RAW, IPV6_OF(53, 43), 0x11, 0x04, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, /* */
	     0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x05,                  /* */
	     0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x09, UDP);
	expect_endpoints("[fe80::1]:30000", "[fe80::9]:716");
}

Test(link, udp_length_shorter_than_the_ip_payload_counts)
{
	/* 35 octets of IPv4; UDP: 10 octets, of 15 that are there */
	cr_expect_eq(WALK(DLT_RAW, 0x45, 0x00, 0x00, 0x23, 0x00, 0x01, 0x00, 0x00, 0x40, 0x11, 0x00,
			  0x00, IPV4_ADDRESSES, 0x75, 0x30, 0x02, 0xcc, 0x00, 0x0a, 0x00, 0x00,
			  PAYLOAD, 0x00, 0x00),
		     LINK_PAYLOAD);
	expect_octets("PA", 2);
	cr_expect_not(payload.truncated);
}

Test(link, udp_length_longer_than_the_ip_payload_ends_with_it)
{
	/* UDP: 255 octets, of 13 that are there */
	cr_expect_eq(WALK(DLT_RAW, IPV4, 0x75, 0x30, 0x02, 0xcc, 0x00, 0xff, 0x00, 0x00, PAYLOAD),
		     LINK_PAYLOAD);
	expect_octets("PANA!", 5);
	cr_expect_eq(payload.wire_length, 5);
}

Test(link, udp_length_below_its_header_is_malformed)
{
	cr_expect_eq(WALK(DLT_RAW, IPV4, 0x75, 0x30, 0x02, 0xcc, 0x00, 0x07, 0x00, 0x00, PAYLOAD),
		     LINK_MALFORMED);
	cr_expect_eq(WALK(DLT_RAW, IPV4, 0x75, 0x30, 0x02, 0xcc, 0x00, 0x00, 0x00, 0x00, PAYLOAD),
		     LINK_MALFORMED);
}

/* RFC 2675 section 3: it is a jumbogram's, and needs a hop-by-hop option. */
Test(link, ipv6_length_zero_is_malformed_without_an_option)
{
	cr_expect_eq(WALK(DLT_RAW, IPV6_OF(0, 17), UDP), LINK_MALFORMED);
}

/* RFC 2675 section 4: a jumbogram's UDP length is 0. */
Test(link, udp_length_zero_in_ipv6_means_the_ip_payload)
{
	expect_ipv6(WALK(DLT_RAW, IPV6, 0x75, 0x30, 0x02, 0xcc, 0x00, 0x00, 0x00, 0x00, PAYLOAD),
		    48);
}

/* RFC 3828 section 3.1: the third field is what the checksum covers, 0 is all of it. */
Test(link, udp_lite_carries_what_udp_does)
{
	expect_ipv6(WALK(DLT_RAW, IPV6_OF(13, 136), 0x75, 0x30, 0x02, 0xcc, 0x00, 0x00, 0x00, 0x00,
			 PAYLOAD),
		    48);
	expect_ipv6(WALK(DLT_RAW, IPV6_OF(13, 136), 0x75, 0x30, 0x02, 0xcc, 0x00, 0x08, 0x00, 0x00,
			 PAYLOAD),
		    48);
	cr_expect_eq(WALK(DLT_RAW, IPV6_OF(13, 136), 0x75, 0x30, 0x02, 0xcc, 0x00), LINK_CUT);
}

Test(link, empty_datagram_is_a_payload)
{
	cr_expect_eq(WALK(DLT_RAW, IPV6_OF(8, 17), 0x75, 0x30, 0x02, 0xcc, 0x00, 0x08, 0x00, 0x00),
		     LINK_PAYLOAD);
	cr_expect_eq(payload.length, 0);
	cr_expect_not_null(payload.octets);
}

Test(link, frame_cut_in_its_payload_is_truncated)
{
	static const uint8_t octets[] = {ETHERNET, 0x08, 0x00, IPV4, UDP};

	cr_assert_eq(walk_cut(DLT_EN10MB, octets, 44, sizeof(octets)), LINK_PAYLOAD);
	expect_octets("PA", 2);
	cr_expect_eq(payload.wire_length, 5);
	cr_expect(payload.truncated);
}

Test(link, frame_cut_in_its_headers_is_cut)
{
	static const uint8_t octets[] = {ETHERNET, 0x81, 0x00, 0x00, 0x09, 0x08, 0x00, IPV4, UDP};
	static const uint8_t six[] = {0x86, 0xdd, COOKED2, IPV6, UDP};

	for (size_t length = 0; length < sizeof(octets) - 5; length++)
		cr_expect_eq(walk_cut(DLT_EN10MB, octets, length, sizeof(octets)), LINK_CUT,
			     "at %zu", length);
	for (size_t length = 0; length < sizeof(six) - 5; length++)
		cr_expect_eq(walk_cut(DLT_LINUX_SLL2, six, length, sizeof(six)), LINK_CUT, "at %zu",
			     length);
}

/* EAP Request, id 1, 5 octets, Identity */
#define EAP 0x01, 0x01, 0x00, 0x05, 0x01

Test(link, eapol_carries_eap)
{
	/* EAPOL version 2, EAP-Packet (0), 5 octets; Ethernet padding */
	cr_assert_eq(WALK(DLT_EN10MB, ETHERNET, 0x88, 0x8e, 0x02, 0x00, 0x00, 0x05, EAP, 0, 0, 0),
		     LINK_PAYLOAD);
	cr_expect_eq(payload.kind, PAYLOAD_EAPOL_EAP);
	cr_expect_eq(payload.passage.carrier, CARRIER_EAPOL);
	cr_expect_eq(payload.offset_in_frame, 18);
	expect_octets("\1\1\0\5\1", 5);
	expect_endpoints("02:00:00:00:00:01", "02:00:00:00:00:02");
}

Test(link, eapol_is_found_behind_a_vlan_tag_and_in_cooked_captures)
{
	cr_expect_eq(WALK(DLT_EN10MB, ETHERNET, 0x81, 0x00, 0x00, 0x09, 0x88, 0x8e, 0x02, 0x00,
			  0x00, 0x05, EAP),
		     LINK_PAYLOAD);
	cr_expect_eq(WALK(DLT_LINUX_SLL, COOKED, 0x88, 0x8e, 0x02, 0x00, 0x00, 0x05, EAP),
		     LINK_PAYLOAD);
	expect_endpoints("02:00:00:00:00:01", "?");
}

Test(link, eapol_without_eap_is_passed_over)
{
	/* EAPOL-Start (1) and EAPOL-Key (3) */
	cr_expect_eq(WALK(DLT_EN10MB, ETHERNET, 0x88, 0x8e, 0x02, 0x01, 0x00, 0x00), LINK_OTHER);
	cr_expect_eq(WALK(DLT_EN10MB, ETHERNET, 0x88, 0x8e, 0x02, 0x03, 0x00, 0x01, 0x02),
		     LINK_OTHER);
}

Test(link, eapol_cut_by_the_capture_is_truncated)
{
	static const uint8_t octets[] = {ETHERNET, 0x88, 0x8e, 0x02, 0x00, 0x00, 0x05, EAP};

	cr_assert_eq(walk_cut(DLT_EN10MB, octets, sizeof(octets) - 2, sizeof(octets)),
		     LINK_PAYLOAD);
	expect_octets("\1\1\0", 3);
	cr_expect(payload.truncated);
	cr_expect_eq(payload.wire_length, 5);
}

Test(link, layers_have_numbers_of_their_own)
{
	for (const struct link_layer *layer = link_layers; layer->name; layer++)
		cr_expect_eq(link_layer_find(layer->dlt), layer, "%s", layer->name);
	cr_expect_null(link_layer_find(DLT_IEEE802_11));
}
