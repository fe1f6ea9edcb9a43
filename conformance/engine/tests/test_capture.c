/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <glib.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conformance/engine/capture.h"
#include "protocols/radius/radius_tracker.h"

static char path[] = "/tmp/assay-capture-XXXXXX";
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

TestSuite(capture, .init = start, .fini = stop);

static bool open_file(const char *name, const char *filter)
{
	capture = capture_open_file(name, filter, error, sizeof(error));
	return capture != NULL;
}

static void write_file(const void *octets, size_t length)
{
	cr_assert(g_file_set_contents(path, octets, (gssize)length, NULL));
}

/* Raw IPv4, 29 octets: 10.0.0.1 to 10.0.0.2, UDP from port 1 to 716, "X" */
static const uint8_t datagram[] = {0x45, 0x00, 0x00, 0x1d, 0x00, 0x01, 0x00, 0x00, 0x40, 0x11,
				   0x00, 0x00, 0x0a, 0x00, 0x00, 0x01, 0x0a, 0x00, 0x00, 0x02,
				   0x00, 0x01, 0x02, 0xcc, 0x00, 0x09, 0x00, 0x00, 'X'};

/* Writes `count` such datagrams a microsecond apart, the source port counting up from 1. */
static void write_datagrams(int dlt, unsigned precision, int count)
{
	pcap_t *pcap = pcap_open_dead_with_tstamp_precision(dlt, 65535, precision);
	pcap_dumper_t *out = pcap_dump_open(pcap, path);
	uint8_t octets[sizeof(datagram)];

	memcpy(octets, datagram, sizeof(datagram));
	for (int i = 0; i < count; i++) {
		bool nano = precision == PCAP_TSTAMP_PRECISION_NANO;
		struct pcap_pkthdr header = {
			.ts = {.tv_sec = 1000, .tv_usec = nano ? 1000 * i + 7 : i},
			.caplen = sizeof(octets),
			.len = sizeof(octets)};

		octets[21] = (uint8_t)(i + 1);
		pcap_dump((u_char *)out, &header, octets);
	}
	pcap_dump_close(out);
	pcap_close(pcap);
}

/* Reads on; returns the number of payloads before `*status`. */
static size_t read_all(enum capture_status *status)
{
	struct capture_payload payload;
	size_t count = 0;

	while ((*status = capture_next(capture, &payload)) == CAPTURE_PAYLOAD)
		count++;
	return count;
}

Test(capture, frames_and_times_are_those_of_the_file)
{
	struct capture_payload payload;

	write_datagrams(DLT_RAW, PCAP_TSTAMP_PRECISION_NANO, 3);
	cr_assert(open_file(path, NULL), "%s", error);
	cr_expect_str_eq(capture_link_name(capture), "raw IP");
	for (uint32_t i = 0; i < 3; i++) {
		cr_assert_eq(capture_next(capture, &payload), CAPTURE_PAYLOAD);
		cr_expect_eq(payload.passage.frame, i + 1);
		cr_expect_eq(payload.passage.time, 1000000000000u + 1000u * i + 7u);
		cr_expect_eq(payload.passage.source.port, i + 1);
		cr_expect_eq(payload.passage.destination.port, 716);
		cr_assert_eq(payload.length, 1);
		cr_expect_eq(payload.octets[0], 'X');
	}
	cr_expect_eq(capture_next(capture, &payload), CAPTURE_END);
	cr_expect_eq(capture_next(capture, &payload), CAPTURE_END);
	cr_expect_str_eq(capture_error(capture), "");
}

Test(capture, microseconds_are_read_as_nanoseconds)
{
	struct capture_payload payload;

	write_datagrams(DLT_RAW, PCAP_TSTAMP_PRECISION_MICRO, 2);
	cr_assert(open_file(path, NULL), "%s", error);
	capture_next(capture, &payload);
	cr_assert_eq(capture_next(capture, &payload), CAPTURE_PAYLOAD);
	cr_expect_eq(payload.passage.time, 1000000001000u);
}

Test(capture, frames_left_out_by_the_filter_are_numbered)
{
	struct capture_payload payload;

	write_datagrams(DLT_RAW, PCAP_TSTAMP_PRECISION_NANO, 9);
	cr_assert(open_file(path, "udp src port 7"), "%s", error);
	cr_assert_eq(capture_next(capture, &payload), CAPTURE_PAYLOAD);
	cr_expect_eq(payload.passage.frame, 7);
	cr_expect_eq(capture_next(capture, &payload), CAPTURE_END);
	cr_expect_eq(capture_counts(capture).frames, 9);
	cr_expect_eq(capture_counts(capture).filtered, 8);
	cr_expect_eq(capture_counts(capture).payloads, 1);
}

Test(capture, filter_that_is_none_is_refused_with_the_reason)
{
	write_datagrams(DLT_RAW, PCAP_TSTAMP_PRECISION_NANO, 1);
	cr_expect_not(open_file(path, "udp puerto 7"));
	cr_expect(g_str_has_prefix(error, "filter \"udp puerto 7\": wanted"), "%s", error);
}

Test(capture, file_that_breaks_off_delivers_what_stands_before)
{
	enum capture_status status;
	char wanted[512];
	gchar *octets;
	gsize length;

	write_datagrams(DLT_RAW, PCAP_TSTAMP_PRECISION_NANO, 3);
	cr_assert(g_file_get_contents(path, &octets, &length, NULL));
	for (size_t cut = 1; cut < 16 + sizeof(datagram); cut++) {
		write_file(octets, length - cut);
		cr_assert(open_file(path, NULL), "%s", error);
		cr_expect_eq(read_all(&status), 2, "%zu octets cut", cut);
		cr_expect_eq(status, CAPTURE_BROKEN, "%zu octets cut", cut);
		snprintf(wanted, sizeof(wanted), "%s: frame 3: wanted a whole record", path);
		cr_expect(g_str_has_prefix(capture_error(capture), wanted), "%s",
			  capture_error(capture));
		capture_free(capture);
	}
	capture = NULL;
	g_free(octets);
}

Test(capture, file_that_is_none_is_refused_with_the_reason)
{
	static const struct {
		const char *octets;
		size_t length;
		const char *found;
	} files[] = {
		{"", 0, "found an empty file"},
		{"\x1f\x8b\x08\0\0\0\0\0\0\0", 10, "found a gzip-compressed file"},
		{"<html></html>", 13, "wanted a pcap or pcapng file; found "},
		{"\x0a\x0d\x0d\x0a\x1c", 5, "wanted a pcap or pcapng file; wanted"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		write_file(files[i].octets, files[i].length);
		cr_expect_not(open_file(path, NULL));
		cr_expect(g_str_has_prefix(error, path), "%s", error);
		cr_expect_not_null(strstr(error, files[i].found), "%s", error);
	}
}

Test(capture, path_that_is_no_file_is_refused_with_the_reason)
{
	cr_expect_not(open_file("/nonexistent/x.pcap", NULL));
	cr_expect_str_eq(error, "/nonexistent/x.pcap: wanted a capture file; "
				"No such file or directory");
	cr_expect_not(open_file("/", NULL));
	cr_expect_str_eq(error, "/: wanted a capture file; found a folder");
}

Test(capture, link_type_that_is_not_walked_is_refused_with_the_reason)
{
	write_datagrams(DLT_IEEE802_11, PCAP_TSTAMP_PRECISION_NANO, 1);
	cr_expect_not(open_file(path, NULL));
	cr_expect_not_null(strstr(error, "link type: wanted one of Ethernet, Linux cooked,"), "%s",
			   error);
	cr_expect_not_null(strstr(error, "found 105 (IEEE802_11, 802.11)"), "%s", error);
}

Test(capture, stop_ends_reading)
{
	struct capture_payload payload;

	write_datagrams(DLT_RAW, PCAP_TSTAMP_PRECISION_NANO, 3);
	cr_assert(open_file(path, NULL), "%s", error);
	cr_expect_eq(capture_next(capture, &payload), CAPTURE_PAYLOAD);
	capture_stop(capture);
	cr_expect_eq(capture_next(capture, &payload), CAPTURE_STOPPED);
}

Test(capture, interface_that_is_none_is_refused_with_the_reason)
{
	capture = capture_open_interface("assay-none0", NULL, error, sizeof(error));
	cr_expect_null(capture);
	cr_expect(g_str_has_prefix(error, "assay-none0: wanted an interface to capture on; "), "%s",
		  error);
}

/* Counts are those of tshark -Y udp; -Y "tcp" for the last four. */
static const struct {
	const char *name;
	uint64_t frames, payloads;
} captures[] = {
	{"pana-eap-psk.pcapng", 23, 23},      {"eap-psk.pcapng", 12, 12},
	{"eap-gpsk.pcapng", 12, 12},          {"eap-tls.pcapng", 12, 12},
	{"c1222_std_example8.pcap", 2, 0},    {"c1222_rw_service_tcp.pcap", 5, 0},
	{"c1222_reg_service_tcp.pcap", 5, 0}, {"c1222_logon_service_tcp.pcap", 5, 0},
};

static bool open_shared(const char *name)
{
	gchar *file = g_build_filename(ASSAY_SHARED_DIR, "captures", name, NULL);
	bool there = g_file_test(file, G_FILE_TEST_EXISTS);

	if (there)
		cr_assert(open_file(file, NULL), "%s", error);
	g_free(file);
	return there;
}

Test(capture, real_captures_yield_as_many_payloads_as_datagrams)
{
	enum capture_status status;

	for (size_t i = 0; i < G_N_ELEMENTS(captures); i++) {
		if (!open_shared(captures[i].name))
			cr_skip("no %s/captures", ASSAY_SHARED_DIR);
		cr_expect_eq(read_all(&status), captures[i].payloads, "%s", captures[i].name);
		cr_expect_eq(status, CAPTURE_END, "%s", capture_error(capture));
		cr_expect_eq(capture_counts(capture).frames, captures[i].frames, "%s",
			     captures[i].name);
		capture_free(capture);
	}
	capture = NULL;
}

/* eapol_test authenticates twice: frames 1 to 6, then 7 to 12 (tshark: radius.State). */
Test(capture, radius_conversations_of_real_captures_are_told_apart)
{
	static const char *const names[] = {"eap-psk.pcapng", "eap-gpsk.pcapng"};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		struct radius_tracker *tracker = radius_tracker_new(0);
		struct capture_payload payload;

		if (!open_shared(names[i]))
			cr_skip("no %s/captures", ASSAY_SHARED_DIR);
		while (capture_next(capture, &payload) == CAPTURE_PAYLOAD) {
			struct walk w = walk_of(payload.octets, payload.length, NULL);
			struct radius_message m;

			cr_assert(radius_walk(&w, &m));
			cr_expect_gt(m.eap_length, 3);
			cr_expect_eq(radius_track(tracker, &payload.passage, &m),
				     payload.passage.frame <= 6 ? 1 : 2, "%s frame %u", names[i],
				     payload.passage.frame);
		}
		capture_free(capture);
		radius_tracker_free(tracker);
	}
	capture = NULL;
}
