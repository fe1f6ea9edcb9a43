/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <glib.h>
#include <pcap/dlt.h>
#include <string.h>

#include "conformance/engine/link.h"

/* Tags: type, length, value. Dissector name (12) "pana" */
#define NAME_PANA 0x00, 0x0c, 0x00, 0x04, 'p', 'a', 'n', 'a'

/* IPv6 source (22) fe80::1 and destination (23) fe80::2 */
#define IPV6_TAGS                                                                              \
	0x00, 0x16, 0x00, 0x10, 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01, 0x00, \
		0x17, 0x00, 0x10, 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02

/* IPv4 source (20) 10.0.0.1 and destination (21) 10.0.0.2 */
#define IPV4_TAGS                                                                                 \
	0x00, 0x14, 0x00, 0x04, 0x0a, 0x00, 0x00, 0x01, 0x00, 0x15, 0x00, 0x04, 0x0a, 0x00, 0x00, \
		0x02

/* Port type (24) UDP (3), source port (25) 30000, destination port (26) 716 */
#define PORT_TAGS                                                                                 \
	0x00, 0x18, 0x00, 0x04, 0x00, 0x00, 0x00, 0x03, 0x00, 0x19, 0x00, 0x04, 0x00, 0x00, 0x75, \
		0x30, 0x00, 0x1a, 0x00, 0x04, 0x00, 0x00, 0x02, 0xcc

/* Original frame number (30) 4711 */
#define FRAME_TAG 0x00, 0x1e, 0x00, 0x04, 0x00, 0x00, 0x12, 0x67

/* End of options */
#define END 0x00, 0x00, 0x00, 0x00

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

TestSuite(link_exported, .init = start, .fini = stop);

static enum link_outcome walk(const uint8_t *octets, size_t length, size_t wire_length)
{
	g_free(frame);
	frame = g_memdup2(octets, length);
	payload = (struct capture_payload){.passage = {.frame = 1}};
	return link_walk(link_layer_find(DLT_WIRESHARK_UPPER_PDU), (struct octets){frame, length},
			 wire_length, defrag, &payload, pdu_name);
}

#define WALK(...)                                                                    \
	walk((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}), \
	     sizeof((const uint8_t[]){__VA_ARGS__}))

static void expect_endpoints(const char *source, const char *destination)
{
	char text[ENDPOINT_TEXT_SIZE];

	cr_expect_str_eq(endpoint_text(&payload.passage.source, text), source);
	cr_expect_str_eq(endpoint_text(&payload.passage.destination, text), destination);
}

static void expect_pdu(enum link_outcome outcome, enum pdu_naming naming, const char *name)
{
	cr_assert_eq(outcome, LINK_PAYLOAD);
	cr_expect_eq(payload.kind, PAYLOAD_EXPORTED_PDU);
	cr_expect_eq(payload.pdu_naming, naming);
	cr_expect_str_eq(payload.pdu_name, name);
	cr_assert_eq(payload.length, 3);
	cr_expect_arr_eq(payload.octets, "abc", 3);
	cr_expect_eq(payload.wire_length, 3);
	cr_expect_not(payload.truncated);
}

Test(link_exported, pdu_between_ipv6_addresses)
{
	expect_pdu(WALK(NAME_PANA, IPV6_TAGS, PORT_TAGS, FRAME_TAG, END, 'a', 'b', 'c'),
		   PDU_DISSECTOR, "pana");
	expect_endpoints("[fe80::1]:30000", "[fe80::2]:716");
	cr_expect_eq(payload.passage.carrier, CARRIER_UDP);
	cr_expect_eq(payload.original_frame, 4711);
	cr_expect_eq(payload.offset_in_frame, 84);
}

Test(link_exported, pdu_between_ipv4_addresses)
{
	expect_pdu(WALK(NAME_PANA, IPV4_TAGS, PORT_TAGS, END, 'a', 'b', 'c'), PDU_DISSECTOR,
		   "pana");
	expect_endpoints("10.0.0.1:30000", "10.0.0.2:716");
}

Test(link_exported, pdu_of_unknown_carrier)
{
	expect_pdu(WALK(0x00, 0x0c, 0x00, 0x03, 'e', 'a', 'p', END, 'a', 'b', 'c'), PDU_DISSECTOR,
		   "eap");
	cr_expect_eq(payload.passage.carrier, CARRIER_UNKNOWN);
	expect_endpoints("?", "?");
}

Test(link_exported, name_may_end_in_nul)
{
	expect_pdu(WALK(0x00, 0x0c, 0x00, 0x04, 'e', 'a', 'p', 0, END, 'a', 'b', 'c'),
		   PDU_DISSECTOR, "eap");
}

Test(link_exported, name_of_a_heuristic)
{
	expect_pdu(WALK(0x00, 0x0d, 0x00, 0x08, 'p', 'a', 'n', 'a', '_', 'u', 'd', 'p', END, 'a',
			'b', 'c'),
		   PDU_HEURISTIC, "pana_udp");
}

Test(link_exported, name_of_a_table_and_its_row)
{
	expect_pdu(WALK(0x00, 0x0e, 0x00, 0x08, 'u', 'd', 'p', '.', 'p', 'o', 'r', 't', 0x00, 0x20,
			0x00, 0x04, 0x00, 0x00, 0x02, 0xcc, END, 'a', 'b', 'c'),
		   PDU_TABLE, "udp.port");
	cr_expect_eq(payload.pdu_number, 716);
}

Test(link_exported, the_first_name_counts)
{
	expect_pdu(WALK(NAME_PANA, 0x00, 0x0c, 0x00, 0x03, 'e', 'a', 'p', END, 'a', 'b', 'c'),
		   PDU_DISSECTOR, "pana");
}

Test(link_exported, unknown_tags_are_passed)
{
	/* options length (10), protocol column (33), 65000 */
	expect_pdu(WALK(0x00, 0x0a, 0x00, 0x04, 0, 0, 0, 20, NAME_PANA, 0x00, 0x21, 0x00, 0x01, 'X',
			0xfd, 0xe8, 0x00, 0x00, END, 'a', 'b', 'c'),
		   PDU_DISSECTOR, "pana");
}

Test(link_exported, name_too_long_to_be_ours_is_cut)
{
	uint8_t octets[4 + 200 + 4 + 3] = {0x00, 0x0c, 0x00, 200};

	memset(octets + 4, 'x', 200);
	cr_assert_eq(walk(octets, sizeof(octets), sizeof(octets)), LINK_PAYLOAD);
	cr_expect_eq(strlen(payload.pdu_name), (size_t)PDU_NAME_SIZE - 1);
	cr_expect_eq(payload.length, 3);
}

Test(link_exported, ip_packet_is_walked_on)
{
	/* dissector "ip"; IPv4, 20 + 8 + 3 octets, 10.0.0.1 to 10.0.0.2, UDP 30000 to 716 */
	cr_assert_eq(WALK(0x00, 0x0c, 0x00, 0x02, 'i', 'p', END, 0x45, 0x00, 0x00, 0x1f, 0x00, 0x01,
			  0x00, 0x00, 0x40, 0x11, 0x00, 0x00, 0x0a, 0x00, 0x00, 0x01, 0x0a, 0x00,
			  0x00, 0x02, 0x75, 0x30, 0x02, 0xcc, 0x00, 0x0b, 0x00, 0x00, 'a', 'b',
			  'c'),
		     LINK_PAYLOAD);
	cr_expect_eq(payload.kind, PAYLOAD_UDP);
	cr_expect_arr_eq(payload.octets, "abc", 3);
	expect_endpoints("10.0.0.1:30000", "10.0.0.2:716");
}

Test(link_exported, pdu_without_a_name_is_malformed)
{
	cr_expect_eq(WALK(IPV4_TAGS, END, 'a', 'b', 'c'), LINK_MALFORMED);
}

Test(link_exported, tags_without_an_end_are_cut)
{
	static const uint8_t octets[] = {NAME_PANA, IPV6_TAGS, PORT_TAGS, FRAME_TAG, END};

	for (size_t length = 0; length < sizeof(octets); length++)
		cr_expect_eq(walk(octets, length, length), LINK_CUT, "at %zu", length);
}

Test(link_exported, address_of_a_wrong_length_is_none)
{
	/* IPv4 source of 3 octets */
	expect_pdu(WALK(NAME_PANA, 0x00, 0x14, 0x00, 0x03, 0x0a, 0x00, 0x00, END, 'a', 'b', 'c'),
		   PDU_DISSECTOR, "pana");
	expect_endpoints("?", "?");
}

Test(link_exported, pdu_cut_by_the_capture_is_truncated)
{
	static const uint8_t octets[] = {NAME_PANA, END, 'a', 'b', 'c'};

	cr_assert_eq(walk(octets, sizeof(octets), sizeof(octets) + 2), LINK_PAYLOAD);
	cr_expect(payload.truncated);
	cr_expect_eq(payload.length, 3);
	cr_expect_eq(payload.wire_length, 5);
}
