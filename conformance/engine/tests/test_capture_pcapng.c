/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conformance/engine/capture.h"

static char path[] = "/tmp/assay-pcapng-XXXXXX";
static char error[CAPTURE_ERROR_SIZE];
static struct capture *capture;

static void start(void)
{
	int descriptor = mkstemp(path);

	cr_assert_geq(descriptor, 0);
	close(descriptor);
}

static void stop(void)
{
	capture_free(capture);
	unlink(path);
}

TestSuite(capture_pcapng, .init = start, .fini = stop);

/* Section header block, 28 octets: byte order, version 1.0, length of the section unknown */
#define SECTION                                                                                    \
	0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, 0xff, 0xff, 0xff, \
		0xff, 0xff, 0xff, 0xff, 0xff, 28, 0, 0, 0
/* The same in the other byte order */
#define SECTION_BIG                                                                                \
	0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 28, 0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0, 0xff, 0xff, 0xff, \
		0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 28

/* Interface description block, 20 octets: link type, snapshot length */
#define INTERFACE(type, snaplen) \
	1, 0, 0, 0, 20, 0, 0, 0, type, 0, 0, 0, (snaplen)&0xff, (snaplen) >> 8, 0, 0, 20, 0, 0, 0

/* Raw IPv4, 29 octets: 10.0.0.1 to 10.0.0.2, UDP from `port` to 716, "X"; padding to 32 */
#define DATAGRAM(port)                                                                             \
	0x45, 0x00, 0x00, 0x1d, 0x00, 0x01, 0x00, 0x00, 0x40, 0x11, 0x00, 0x00, 0x0a, 0x00, 0x00,  \
		0x01, 0x0a, 0x00, 0x00, 0x02, 0x00, port, 0x02, 0xcc, 0x00, 0x09, 0x00, 0x00, 'X', \
		0, 0, 0

/* Enhanced packet block, 64 octets: interface, time 1 << 32 | low, 29 octets of 29 */
#define ENHANCED(interface, low, port)                                                             \
	6, 0, 0, 0, 64, 0, 0, 0, interface, 0, 0, 0, 1, 0, 0, 0, low, 0, 0, 0, 29, 0, 0, 0, 29, 0, \
		0, 0, DATAGRAM(port), 64, 0, 0, 0

static void open_octets(const uint8_t *octets, size_t length, const char *filter)
{
	cr_assert(g_file_set_contents(path, (const char *)octets, (gssize)length, NULL));
	capture = capture_open_file(path, filter, error, sizeof(error));
	cr_assert_not_null(capture, "%s", error);
}

#define OPEN(...) \
	open_octets((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}), NULL)

static struct capture_payload next(uint32_t frame, uint16_t port)
{
	struct capture_payload payload;

	cr_assert_eq(capture_next(capture, &payload), CAPTURE_PAYLOAD, "%s",
		     capture_error(capture));
	cr_expect_eq(payload.passage.frame, frame);
	cr_expect_eq(payload.passage.source.port, port);
	cr_assert_eq(payload.length, 1);
	cr_expect_eq(payload.octets[0], 'X');
	return payload;
}

static void expect_end(enum capture_status wanted)
{
	struct capture_payload payload;

	cr_expect_eq(capture_next(capture, &payload), wanted, "%s", capture_error(capture));
}

Test(capture_pcapng, time_is_in_microseconds_unless_said_otherwise)
{
	OPEN(SECTION, INTERFACE(101, 65535), ENHANCED(0, 5, 7));
	cr_expect_eq(next(1, 7).passage.time, ((UINT64_C(1) << 32) + 5) * 1000);
	expect_end(CAPTURE_END);
	expect_end(CAPTURE_END);
}

Test(capture_pcapng, time_has_a_resolution_and_an_offset)
{
	/* options: if_tsresol (9) 10^-9; if_tsoffset (14) 100 s; end */
	OPEN(SECTION, 1, 0, 0, 0, 44, 0, 0, 0, 101, 0, 0, 0, 0, 0, 0, 0, 9, 0, 1, 0, 9, 0, 0, 0, 14,
	     0, 8, 0, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 44, 0, 0, 0, ENHANCED(0, 5, 7));
	cr_expect_eq(next(1, 7).passage.time, (UINT64_C(1) << 32) + 5 + UINT64_C(100000000000));
}

Test(capture_pcapng, time_resolution_may_be_a_power_of_two)
{
	/* if_tsresol 2^-32: 1 << 32 | 5 is 1 s and 5 / 2^32 s, that is 1.16 ns */
	OPEN(SECTION, 1, 0, 0, 0, 28, 0, 0, 0, 101, 0, 0, 0, 0, 0, 0, 0, 9, 0, 1, 0, 0xa0, 0, 0, 0,
	     28, 0, 0, 0, ENHANCED(0, 5, 7));
	cr_expect_eq(next(1, 7).passage.time, 1000000001u);
}

Test(capture_pcapng, interfaces_may_differ_in_link_type_and_snapshot_length)
{
	/* raw IP and BSD loopback (0): 33 octets, family 2 before the datagram */
	OPEN(SECTION, INTERFACE(101, 65535), INTERFACE(0, 1000), ENHANCED(0, 0, 7), /* */
	     6, 0, 0, 0, 68, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 33, 0, 0, 0, 33, 0, 0, 0,
	     2, 0, 0, 0, DATAGRAM(8), 68, 0, 0, 0, /* */
	     ENHANCED(0, 0, 9));
	next(1, 7);
	cr_expect_str_eq(capture_link_name(capture), "raw IP");
	next(2, 8);
	cr_expect_str_eq(capture_link_name(capture), "BSD loopback");
	next(3, 9);
	expect_end(CAPTURE_END);
}

Test(capture_pcapng, filter_is_right_for_each_link_type)
{
	static const uint8_t file[] = {
		SECTION, INTERFACE(101, 65535), INTERFACE(0, 1000), ENHANCED(0, 0, 7),
		/* BSD loopback */
		6, 0, 0, 0, 68, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 33, 0, 0, 0, 33, 0, 0,
		0, 2, 0, 0, 0, DATAGRAM(8), 68, 0, 0, 0, /* */
		ENHANCED(0, 0, 8)};

	open_octets(file, sizeof(file), "udp src port 8");
	next(2, 8);
	next(3, 8);
	expect_end(CAPTURE_END);
	cr_expect_eq(capture_counts(capture).filtered, 1);
}

Test(capture_pcapng, wrong_filter_is_refused_at_once)
{
	static const uint8_t file[] = {SECTION};

	cr_assert(g_file_set_contents(path, (const char *)file, sizeof(file), NULL));
	capture = capture_open_file(path, "udp puerto 8", error, sizeof(error));
	cr_expect_null(capture);
	cr_expect(g_str_has_prefix(error, "filter \"udp puerto 8\": wanted"), "%s", error);
}

Test(capture_pcapng, frames_of_link_types_not_walked_are_numbered)
{
	OPEN(SECTION, INTERFACE(105, 65535), INTERFACE(101, 65535), ENHANCED(0, 0, 6),
	     ENHANCED(1, 0, 7));
	next(2, 7);
	expect_end(CAPTURE_END);
}

Test(capture_pcapng, file_of_link_types_not_walked_is_refused_at_its_end)
{
	OPEN(SECTION, INTERFACE(105, 65535), ENHANCED(0, 0, 6));
	expect_end(CAPTURE_BROKEN);
	cr_expect_not_null(strstr(capture_error(capture), "found 105 (IEEE802_11, 802.11)"), "%s",
			   capture_error(capture));
}

Test(capture_pcapng, sections_may_differ_in_byte_order)
{
	OPEN(SECTION, INTERFACE(105, 65535), SECTION_BIG,                    /* */
	     0, 0, 0, 1, 0, 0, 0, 20, 0, 101, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, /* raw IP */
	     0, 0, 0, 6, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 29, 0, 0, 0, 29,
	     DATAGRAM(7), 0, 0, 0, 64);
	cr_expect_eq(next(1, 7).passage.time, 5000);
}

Test(capture_pcapng, simple_and_obsolete_packets_are_read)
{
	/* simple packet block (3), 48 octets: 29 octets; packet block (2), 64 octets: interface 0,
	 * drops 65535, time 0, 29 of 29 octets */
	OPEN(SECTION, INTERFACE(101, 65535), 3, 0, 0, 0, 48, 0, 0, 0, 29, 0, 0, 0, DATAGRAM(7), 48,
	     0, 0, 0, /* */
	     2, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 29, 0, 0, 0, 29, 0,
	     0, 0, DATAGRAM(8), 64, 0, 0, 0);
	next(1, 7);
	next(2, 8);
	expect_end(CAPTURE_END);
}

Test(capture_pcapng, simple_packet_is_cut_at_the_snapshot_length)
{
	struct capture_payload payload;

	/* snapshot length 28: the datagram without its payload */
	OPEN(SECTION, INTERFACE(101, 28), 3, 0, 0, 0, 44, 0, 0, 0, 29, 0, 0, 0, 0x45, 0x00, 0x00,
	     0x1d, 0x00, 0x01, 0x00, 0x00, 0x40, 0x11, 0x00, 0x00, 0x0a, 0x00, 0x00, 0x01, 0x0a,
	     0x00, 0x00, 0x02, 0x00, 7, 0x02, 0xcc, 0x00, 0x09, 0x00, 0x00, 44, 0, 0, 0);
	cr_assert_eq(capture_next(capture, &payload), CAPTURE_PAYLOAD);
	cr_expect(payload.truncated);
	cr_expect_eq(payload.length, 0);
	cr_expect_eq(payload.wire_length, 1);
}

/* A comment of 52 octets: a row for EAP-PSK, identity "k", of which the key is a digit 16 times */
#define KEY_ROW(digit)                                                                            \
	'a', 's', 's', 'a', 'y', '-', 'k', 'e', 'y', 's', ':', ' ', '"', 'e', 'a', 'p', '-', 'p', \
		's', 'k', '"', ',', '"', 'k', '"', ',', '"', 't', 'e', 'x', 't', ':', digit,      \
		digit, digit, digit, digit, digit, digit, digit, digit, digit, digit, digit,      \
		digit, digit, digit, digit, '"', '#', '#', '#'
/* Enhanced packet block, 124 octets: as above, with that comment (option 1) and the options' end */
#define COMMENTED(interface, port, digit)                                                         \
	6, 0, 0, 0, 124, 0, 0, 0, interface, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 29, 0, 0, 0, 29, 0, \
		0, 0, DATAGRAM(port), 1, 0, 52, 0, KEY_ROW(digit), 0, 0, 0, 0, 124, 0, 0, 0

static void expect_keys(const struct key_store *keys, const char *digits)
{
	cr_assert_eq(key_store_count(keys), strlen(digits));
	for (size_t i = 0; digits[i]; i++)
		cr_expect_eq(key_store_row(keys, i)->octets[0], digits[i]);
}

Test(capture_pcapng, keys_in_comments_come_before_their_packet_whatever_the_filter)
{
	static const uint8_t file[] = {SECTION,
				       INTERFACE(101, 65535),
				       INTERFACE(105, 65535), /* not walked */
				       COMMENTED(0, 7, '1'),
				       ENHANCED(0, 0, 8),
				       COMMENTED(1, 0, '2'),
				       COMMENTED(0, 8, '3')};
	struct key_store *keys = key_store_new();

	open_octets(file, sizeof(file), "udp src port 8");
	capture_take_keys(capture, keys);
	next(2, 8);
	expect_keys(keys, "1");
	next(4, 8);
	expect_keys(keys, "123");
	expect_end(CAPTURE_END);
	cr_expect_str_eq(capture_keys_error(capture), "");
	cr_expect_eq(key_store_row(keys, 2)->frame, 4);
	key_store_free(keys);
}

Test(capture_pcapng, comments_are_read_in_either_byte_order_and_behind_other_options)
{
	struct key_store *keys = key_store_new();

	/* flags (2), a comment, another of no key */
	OPEN(SECTION_BIG, 0, 0, 0, 1, 0, 0, 0, 20, 0, 101, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, /* */
	     0, 0, 0, 6, 0, 0, 0, 140, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 29, 0, 0, 0, 29,
	     DATAGRAM(7), 0, 2, 0, 4, 0, 0, 0, 0, 0, 1, 0, 52, KEY_ROW('4'), 0, 1, 0, 2, 'n', 'o',
	     0, 0, 0, 0, 0, 0, 0, 0, 0, 140);
	capture_take_keys(capture, keys);
	next(1, 7);
	expect_keys(keys, "4");
	cr_expect_str_eq(capture_keys_error(capture), "");
	key_store_free(keys);
}

Test(capture_pcapng, first_wrong_key_is_told_with_its_frame)
{
	struct key_store *keys = key_store_new();

	/* "assay-keys: k", padding */
	OPEN(SECTION, INTERFACE(101, 65535), ENHANCED(0, 0, 6), 6, 0, 0, 0, 88, 0, 0, 0, 0, 0, 0, 0,
	     1, 0, 0, 0, 0, 0, 0, 0, 29, 0, 0, 0, 29, 0, 0, 0, DATAGRAM(7), 1, 0, 13, 0, 'a', 's',
	     's', 'a', 'y', '-', 'k', 'e', 'y', 's', ':', ' ', 'k', 0, 0, 0, 0, 0, 0, 0, 88, 0, 0,
	     0, COMMENTED(0, 8, '5'));
	capture_take_keys(capture, keys);
	next(1, 6);
	next(2, 7);
	next(3, 8);
	expect_keys(keys, "5");
	cr_expect_str_eq(capture_keys_error(capture),
			 "frame 2: line 1 of the comment: type: wanted a quoted column, found 'k'");
	key_store_free(keys);
}

Test(capture_pcapng, other_blocks_are_passed_over)
{
	/* name resolution (4), 16 octets; interface statistics (5), 12 octets; unknown, 12 */
	OPEN(SECTION, INTERFACE(101, 65535), 4, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 5, 0,
	     0, 0, 12, 0, 0, 0, 12, 0, 0, 0, 0xad, 0x0b, 0, 0x80, 12, 0, 0, 0, 12, 0, 0, 0,
	     ENHANCED(0, 0, 7));
	next(1, 7);
	expect_end(CAPTURE_END);
}

static void expect_broken(const char *wanted)
{
	expect_end(CAPTURE_BROKEN);
	cr_expect_not_null(strstr(capture_error(capture), wanted), "%s", capture_error(capture));
}

Test(capture_pcapng, defects_are_told_after_what_stands_before)
{
	OPEN(SECTION, INTERFACE(101, 65535), ENHANCED(0, 0, 7), ENHANCED(1, 0, 8));
	next(1, 7);
	expect_broken("frame 2: wanted a whole record or the end of the file; "
		      "packet block: interface 1 is not described");
	capture_free(capture);

	OPEN(SECTION, INTERFACE(101, 65535), ENHANCED(0, 0, 7), 6, 0, 0, 0, 11, 0, 0, 0);
	next(1, 7);
	expect_broken("wanted a block length of 12 or more in fours, found 11");
	capture_free(capture);

	/* a packet of 30 octets in a block that has 24 */
	OPEN(SECTION, INTERFACE(101, 65535), 6, 0, 0, 0, 56, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	     0, 0, 30, 0, 0, 0, 30, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2,
	     3, 4, 5, 6, 7, 8, 56, 0, 0, 0);
	expect_broken("packet block: wanted 30 octets, found 24");
	capture_free(capture);

	OPEN(SECTION, 6, 0, 0, 0, 0xf0, 0xff, 0xff, 0xff);
	expect_broken("wanted a block of at most 16777216 octets");
}

Test(capture_pcapng, file_that_breaks_off_delivers_what_stands_before)
{
	static const uint8_t file[] = {SECTION, INTERFACE(101, 65535), ENHANCED(0, 0, 7),
				       ENHANCED(0, 0, 8)};

	for (size_t cut = 1; cut < 64; cut++) {
		open_octets(file, sizeof(file) - cut, NULL);
		next(1, 7);
		expect_broken("frame 2: wanted a whole record or the end of the file");
		capture_free(capture);
	}
	capture = NULL;
}

/* Nothing but the sanitizers and an end is looked at. */
Test(capture_pcapng, any_octet_changed_does_no_harm)
{
	uint8_t file[] = {SECTION, INTERFACE(101, 65535), ENHANCED(0, 0, 7), COMMENTED(0, 8, '6')};
	struct key_store *keys = key_store_new();
	struct capture_payload payload;

	for (size_t i = 0; i < sizeof(file); i++) {
		uint8_t before = file[i];

		file[i] ^= 0xff;
		cr_assert(g_file_set_contents(path, (const char *)file, sizeof(file), NULL));
		capture = capture_open_file(path, NULL, error, sizeof(error));
		if (capture)
			capture_take_keys(capture, keys);
		for (int n = 0; capture && capture_next(capture, &payload) == CAPTURE_PAYLOAD; n++)
			cr_assert_lt(n, 3);
		capture_free(capture);
		file[i] = before;
	}
	key_store_free(keys);
	capture = NULL;
}
