/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <pcap/dlt.h>
#include <string.h>

#include "conformance/engine/link.h"

static struct defrag *defrag;
static struct defrag_datagram whole;

static void start(void)
{
	defrag = defrag_new();
}

static void stop(void)
{
	defrag_free(defrag);
}

TestSuite(defrag, .init = start, .fini = stop);

/* A fragment of datagram `id` from 10.0.0.1 to 10.0.0.2 that came at `seconds`. */
static enum defrag_outcome add_at(uint64_t seconds, uint32_t id, size_t offset, bool more,
				  const char *content)
{
	struct defrag_fragment f = {
		.key = {.source = address_of(ADDRESS_IPV4, (uint8_t[]){10, 0, 0, 1}),
			.destination = address_of(ADDRESS_IPV4, (uint8_t[]){10, 0, 0, 2}),
			.identification = id,
			.protocol = 17},
		.time = seconds * 1000000000,
		.offset = offset,
		.more = more,
		.next_header = offset == 0 ? 17 : 99,
		.content = {(const uint8_t *)content, strlen(content)},
	};

	return defrag_add(defrag, &f, &whole);
}

static enum defrag_outcome add(uint32_t id, size_t offset, bool more, const char *content)
{
	return add_at(0, id, offset, more, content);
}

static void expect_whole(enum defrag_outcome outcome, const char *wanted)
{
	cr_assert_eq(outcome, DEFRAG_WHOLE, "outcome %d", outcome);
	cr_assert_eq(whole.content.length, strlen(wanted));
	cr_expect_arr_eq(whole.content.octets, wanted, strlen(wanted));
	cr_expect_eq(whole.next_header, 17);
	cr_expect_eq(defrag_waiting(defrag), 0);
	cr_expect_eq(defrag_octets(defrag), 0);
}

Test(defrag, fragments_in_order)
{
	cr_expect_eq(add(1, 0, true, "01234567"), DEFRAG_HELD);
	cr_expect_eq(add(1, 8, true, "89abcdef"), DEFRAG_HELD);
	expect_whole(add(1, 16, false, "ghi"), "0123456789abcdefghi");
	cr_expect_not(whole.conflicting);
}

Test(defrag, fragments_in_reverse_order)
{
	cr_expect_eq(add(1, 16, false, "ghi"), DEFRAG_HELD);
	cr_expect_eq(add(1, 8, true, "89abcdef"), DEFRAG_HELD);
	expect_whole(add(1, 0, true, "01234567"), "0123456789abcdefghi");
	cr_expect_not(whole.conflicting);
}

Test(defrag, last_of_the_gaps_completes)
{
	cr_expect_eq(add(1, 0, true, "01234567"), DEFRAG_HELD);
	cr_expect_eq(add(1, 16, false, "ghi"), DEFRAG_HELD);
	expect_whole(add(1, 8, true, "89abcdef"), "0123456789abcdefghi");
}

Test(defrag, datagrams_are_told_apart_by_identification)
{
	cr_expect_eq(add(1, 0, true, "01234567"), DEFRAG_HELD);
	cr_expect_eq(add(2, 8, false, "xyz"), DEFRAG_HELD);
	cr_expect_eq(defrag_waiting(defrag), 2);
	cr_expect_eq(add(1, 8, false, "abc"), DEFRAG_WHOLE);
	expect_whole(add(2, 0, true, "76543210"), "76543210xyz");
}

Test(defrag, a_missing_fragment_leaves_it_waiting)
{
	cr_expect_eq(add(1, 0, true, "01234567"), DEFRAG_HELD);
	cr_expect_eq(add(1, 16, false, "ghi"), DEFRAG_HELD);
	cr_expect_eq(defrag_waiting(defrag), 1);
	cr_expect_eq(defrag_given_up(defrag), 0);
}

Test(defrag, duplicates_change_nothing)
{
	cr_expect_eq(add(1, 0, true, "01234567"), DEFRAG_HELD);
	cr_expect_eq(add(1, 0, true, "01234567"), DEFRAG_HELD);
	expect_whole(add(1, 8, false, "abc"), "01234567abc");
	cr_expect_not(whole.conflicting);
}

Test(defrag, overlap_that_agrees_is_no_conflict)
{
	cr_expect_eq(add(1, 0, true, "0123456789abcdef"), DEFRAG_HELD);
	expect_whole(add(1, 8, false, "89abcdefghi"), "0123456789abcdefghi");
	cr_expect_not(whole.conflicting);
}

Test(defrag, overlap_that_differs_is_a_conflict_and_the_lower_offset_stands)
{
	cr_expect_eq(add(1, 8, false, "........ghi"), DEFRAG_HELD);
	expect_whole(add(1, 0, true, "0123456789abcdef"), "0123456789abcdefghi");
	cr_expect(whole.conflicting);
}

Test(defrag, of_equal_offsets_the_first_to_come_stands)
{
	cr_expect_eq(add(1, 0, true, "01234567"), DEFRAG_HELD);
	cr_expect_eq(add(1, 0, true, "........"), DEFRAG_HELD);
	expect_whole(add(1, 8, false, "abc"), "01234567abc");
	cr_expect(whole.conflicting);
}

Test(defrag, fragment_behind_the_end_is_left_out)
{
	cr_expect_eq(add(1, 8, false, "abc"), DEFRAG_HELD);
	cr_expect_eq(add(1, 16, true, "xxxxxxxx"), DEFRAG_HELD);
	expect_whole(add(1, 0, true, "01234567"), "01234567abc");
}

Test(defrag, datagram_longer_than_ip_allows_is_refused)
{
	cr_expect_eq(add(1, 65528, false, "01234567"), DEFRAG_REFUSED);
	cr_expect_eq(add(1, SIZE_MAX - 7, false, "01234567"), DEFRAG_REFUSED);
	cr_expect_eq(add(1, 65528, false, "0123456"), DEFRAG_HELD);
}

Test(defrag, what_waits_too_long_is_given_up)
{
	cr_expect_eq(add_at(100, 1, 0, true, "01234567"), DEFRAG_HELD);
	cr_expect_eq(add_at(130, 2, 0, true, "01234567"), DEFRAG_HELD);
	cr_expect_eq(defrag_waiting(defrag), 2);
	cr_expect_eq(add_at(131, 1, 8, false, "abc"), DEFRAG_HELD);
	cr_expect_eq(defrag_given_up(defrag), 1);
}

Test(defrag, time_that_runs_backwards_gives_nothing_up)
{
	cr_expect_eq(add_at(100, 1, 0, true, "01234567"), DEFRAG_HELD);
	cr_expect_eq(add_at(10, 1, 8, false, "abc"), DEFRAG_WHOLE);
}

Test(defrag, a_flood_of_datagrams_evicts_the_oldest)
{
	for (uint32_t id = 0; id < 100000; id++) {
		cr_assert_eq(add(id, 0, true, "01234567"), DEFRAG_HELD);
		cr_assert_leq(defrag_waiting(defrag), (size_t)DEFRAG_DATAGRAMS);
	}
	cr_expect_eq(defrag_given_up(defrag), 100000u - DEFRAG_DATAGRAMS);
	cr_expect_eq(add(99999, 8, false, "abc"), DEFRAG_WHOLE);
	cr_expect_eq(add(98000, 8, false, "abc"), DEFRAG_HELD);
}

Test(defrag, a_flood_of_octets_evicts_the_oldest)
{
	static char content[60001];

	memset(content, 'x', sizeof(content) - 1);
	for (uint32_t id = 0; id < 1000; id++) {
		cr_assert_eq(add(id, 0, true, content), DEFRAG_HELD);
		cr_assert_leq(defrag_octets(defrag), (size_t)DEFRAG_OCTETS);
	}
	cr_expect_gt(defrag_waiting(defrag), 200);
}

Test(defrag, a_flood_of_fragments_of_one_datagram_ends)
{
	size_t refused = 0;

	for (int i = 0; i < 10000; i++)
		refused += add(1, 16, true, "01234567") == DEFRAG_REFUSED;
	cr_expect_eq(refused, 10000u / (DEFRAG_FRAGMENTS + 1));
	cr_expect_leq(defrag_octets(defrag), 200u * DEFRAG_FRAGMENTS);
}

/* Random fragments of few datagrams: nothing but the sanitizers and the limits is looked at. */
Test(defrag, any_fragments_keep_the_limits)
{
	uint32_t random = 1;

	for (int i = 0; i < 200000; i++) {
		random = random * 1664525 + 1013904223;
		add(random >> 28, (random >> 12 & 15) * 8, random >> 20 & 1,
		    &"0123456789abcdefghijklmnopqrstuvwxyz"[random >> 16 & 31]);
		cr_assert_leq(defrag_waiting(defrag), 16);
	}
}

/*
 * Through the layers: a UDP datagram of 8 + 24 octets in two fragments.
 */
static struct capture_payload payload;
static char pdu_name[PDU_NAME_SIZE];

static enum link_outcome walk(const uint8_t *octets, size_t length, size_t wire_length)
{
	payload = (struct capture_payload){.passage = {.frame = 1}};
	return link_walk(link_layer_find(DLT_RAW), (struct octets){octets, length}, wire_length,
			 defrag, &payload, pdu_name);
}

#define IPV4_ADDRESSES 0x0a, 0x00, 0x00, 0x01, 0x0a, 0x00, 0x00, 0x02
#define IPV6_ADDRESSES                                                                            \
	0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01, 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, \
		0, 0, 0, 0, 0, 0, 0x02

/* UDP: 30000 to 716, 32 octets; 16 octets of it */
#define UDP_FIRST \
	0x75, 0x30, 0x02, 0xcc, 0x00, 0x20, 0x00, 0x00, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'
#define UDP_REST 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x'

/* 36 octets, id 4711, more fragments, offset 0; UDP */
static const uint8_t ipv4_first[] = {0x45, 0x00, 0x00, 0x24, 0x12, 0x67,           0x20,
				     0x00, 0x40, 0x11, 0x00, 0x00, IPV4_ADDRESSES, UDP_FIRST};
/* 36 octets, id 4711, last fragment, offset 16; UDP */
static const uint8_t ipv4_rest[] = {0x45, 0x00, 0x00, 0x24, 0x12, 0x67,           0x00,
				    0x02, 0x40, 0x11, 0x00, 0x00, IPV4_ADDRESSES, UDP_REST};
/* payload of 24 octets, fragment header: next UDP, offset 0, more, id 4711 */
static const uint8_t ipv6_first[] = {0x60, 0x00, 0x00, 0x00, 0x00, 0x18, 0x2c, 0xff, IPV6_ADDRESSES,
				     0x11, 0x00, 0x00, 0x01, 0x00, 0x00, 0x12, 0x67, UDP_FIRST};
/* payload of 24 octets, fragment header: next UDP, offset 16, last, id 4711 */
static const uint8_t ipv6_rest[] = {0x60, 0x00, 0x00, 0x00, 0x00, 0x18, 0x2c, 0xff, IPV6_ADDRESSES,
				    0x11, 0x00, 0x00, 0x10, 0x00, 0x00, 0x12, 0x67, UDP_REST};

static void expect_payload(enum link_outcome outcome, const char *source)
{
	char text[ENDPOINT_TEXT_SIZE];

	cr_assert_eq(outcome, LINK_PAYLOAD, "outcome %d", outcome);
	cr_expect(payload.reassembled);
	cr_expect_not(payload.truncated);
	cr_expect_eq(payload.offset_in_frame, 8);
	cr_assert_eq(payload.length, 24);
	cr_expect_arr_eq(payload.octets, "abcdefghijklmnopqrstuvwx", 24);
	cr_expect_str_eq(endpoint_text(&payload.passage.source, text), source);
}

#define WALK(frame) walk(frame, sizeof(frame), sizeof(frame))

Test(defrag, ipv4_datagram_belongs_to_the_fragment_that_came_last)
{
	cr_expect_eq(WALK(ipv4_first), LINK_FRAGMENT);
	expect_payload(WALK(ipv4_rest), "10.0.0.1:30000");
	cr_expect_eq(WALK(ipv4_rest), LINK_FRAGMENT);
	expect_payload(WALK(ipv4_first), "10.0.0.1:30000");
}

Test(defrag, ipv6_datagram_belongs_to_the_fragment_that_came_last)
{
	cr_expect_eq(WALK(ipv6_first), LINK_FRAGMENT);
	expect_payload(WALK(ipv6_rest), "[fe80::1]:30000");
	cr_expect_eq(WALK(ipv6_rest), LINK_FRAGMENT);
	expect_payload(WALK(ipv6_first), "[fe80::1]:30000");
}

/* RFC 6946 */
Test(defrag, atomic_ipv6_fragment_is_whole_by_itself)
{
	/* payload of 16 octets, fragment header: next UDP, offset 0, last; UDP of 8 octets */
	static const uint8_t frame[] = {0x60, 0x00,           0x00, 0x00, 0x00, 0x10, 0x2c,
					0xff, IPV6_ADDRESSES, 0x11, 0x00, 0x00, 0x00, 0x00,
					0x00, 0x12,           0x67, 0x75, 0x30, 0x02, 0xcc,
					0x00, 0x08,           0x00, 0x00};

	cr_expect_eq(WALK(frame), LINK_PAYLOAD);
	cr_expect_not(payload.reassembled);
}

/* As Wireshark: what stands at the front of a first IPv4 fragment is shown, the datagram is not
 * built.
 */
Test(defrag, first_ipv4_fragment_not_all_captured_is_a_truncated_payload)
{
	cr_expect_eq(walk(ipv4_first, sizeof(ipv4_first) - 1, sizeof(ipv4_first)), LINK_PAYLOAD);
	cr_expect(payload.truncated);
	cr_expect_eq(payload.length, 7);
	cr_expect_eq(defrag_waiting(defrag), 0);
}

Test(defrag, other_fragments_not_all_captured_are_not_used)
{
	cr_expect_eq(walk(ipv4_rest, sizeof(ipv4_rest) - 1, sizeof(ipv4_rest)), LINK_CUT);
	cr_expect_eq(walk(ipv6_first, sizeof(ipv6_first) - 1, sizeof(ipv6_first)), LINK_CUT);
	cr_expect_eq(walk(ipv6_rest, sizeof(ipv6_rest) - 1, sizeof(ipv6_rest)), LINK_CUT);
	cr_expect_eq(defrag_waiting(defrag), 0);
}

/* A fragmented datagram whose content is again a fragment: nested without end, were it followed. */
Test(defrag, fragment_within_a_datagram_is_not_followed)
{
	/* payload of 16 octets, fragment header: next 44, offset 0, more, id 1; a fragment header
	 */
	static const uint8_t first[] = {0x60, 0x00,           0x00, 0x00, 0x00, 0x10, 0x2c,
					0xff, IPV6_ADDRESSES, 0x2c, 0x00, 0x00, 0x01, 0x00,
					0x00, 0x00,           0x01, 0x11, 0x00, 0x00, 0x01,
					0x00, 0x00,           0x00, 0x02};
	/* payload of 16 octets, fragment header: next 44, offset 8, last, id 1; 8 octets */
	static const uint8_t last[] = {
		0x60, 0x00, 0x00, 0x00, 0x00, 0x10, 0x2c, 0xff, IPV6_ADDRESSES,
		0x2c, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x01, 0,
		0,    0,    0,    0,    0,    0,    0};

	cr_expect_eq(WALK(first), LINK_FRAGMENT);
	cr_expect_eq(WALK(last), LINK_OTHER);
	cr_expect_eq(defrag_waiting(defrag), 0);
}
