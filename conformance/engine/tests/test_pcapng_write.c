/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE /* memmem */
#include <criterion/criterion.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "conformance/engine/capture.h"
#include "conformance/engine/pcapng_datagram.h"
#include "toy_role.h"

static char *temporary_path(void)
{
	char *path = NULL;
	int fd = g_file_open_tmp("assay-XXXXXX.pcapng", &path, NULL);

	cr_assert_geq(fd, 0);
	g_close(fd, NULL);
	return path;
}

static struct pcapng_writer *create(const char *path)
{
	char error[256] = "";
	struct pcapng_writer *w = pcapng_create(path, PCAPNG_ETHERNET, error, sizeof(error));

	cr_assert_not_null(w, "%s", error);
	return w;
}

static void finish(struct pcapng_writer *w)
{
	char error[256] = "";

	cr_assert(pcapng_finish(w, error, sizeof(error)), "%s", error);
}

Test(pcapng_write, datagrams_are_read_back)
{
	static const uint8_t octets[] = {1, 2, 3, 4, 5};
	const uint64_t time = UINT64_C(1735689600123456789);
	const struct datagram sent[] = {
		{toy_ipv4(1, 1024), toy_ipv4(2, 716), {octets, 5}},
		{toy_ipv6(716), toy_ipv6(49152), {octets, 4}},
		{toy_ipv4(1, 1), toy_ipv4(2, 2), {NULL, 0}},
	};
	struct capture_payload payload;
	char error[CAPTURE_ERROR_SIZE], *path = temporary_path();
	struct pcapng_writer *w = create(path);
	struct capture *c;

	for (size_t i = 0; i < 3; i++)
		pcapng_write_datagram(w, time + i, &sent[i], i ? NULL : "first \xc3\xa9");
	cr_assert_eq(pcapng_written(w), 3);
	finish(w);
	c = capture_open_file(path, NULL, error, sizeof(error));
	cr_assert_not_null(c, "%s", error);
	for (size_t i = 0; i < 3; i++) {
		cr_assert_eq(capture_next(c, &payload), CAPTURE_PAYLOAD);
		cr_assert_eq(payload.passage.time, time + i);
		cr_assert(endpoint_equal(&payload.passage.source, &sent[i].source));
		cr_assert(endpoint_equal(&payload.passage.destination, &sent[i].destination));
		cr_assert_eq(payload.length, sent[i].octets.length);
		cr_assert_arr_eq(payload.octets, octets, payload.length);
	}
	cr_assert_eq(capture_next(c, &payload), CAPTURE_END);
	capture_free(c);
	g_unlink(path);
	g_free(path);
}

Test(pcapng_write, largest_datagram_fits)
{
	static uint8_t octets[DATAGRAM_MAX];
	const struct datagram d = {toy_ipv4(1, 1), toy_ipv4(2, 2), {octets, sizeof(octets)}};
	struct capture_payload payload;
	char error[CAPTURE_ERROR_SIZE], *path = temporary_path();
	struct pcapng_writer *w = create(path);
	struct capture *c;

	pcapng_write_datagram(w, 1, &d, NULL);
	finish(w);
	c = capture_open_file(path, NULL, error, sizeof(error));
	cr_assert_eq(capture_next(c, &payload), CAPTURE_PAYLOAD);
	cr_assert_eq(payload.length, sizeof(octets));
	capture_free(c);
	g_unlink(path);
	g_free(path);
}

/* Tshark is the judge of checksums and comments. */
Test(pcapng_write, tshark_finds_checksums_right_and_comments_there)
{
	static const uint8_t octets[] = {0xff, 0x80, 7};
	const struct datagram sent[] = {{toy_ipv4(1, 4000), toy_ipv4(2, 4001), {octets, 3}},
					{toy_ipv6(4000), toy_ipv6(4001), {octets, 3}}};
	char *path = temporary_path(), *command, *output = NULL;
	struct pcapng_writer *w = create(path);

	command = g_find_program_in_path("tshark");
	if (!command)
		cr_skip("no tshark");
	g_free(command);
	for (size_t i = 0; i < 2; i++)
		pcapng_write_datagram(w, 5, &sent[i], "step one\nassay-keys:");
	finish(w);
	command = g_strdup_printf(
		"tshark -r %s -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -T fields "
		"-E separator=, -e ip.checksum.status -e udp.checksum.status -e frame.comment",
		path);
	cr_assert(g_spawn_command_line_sync(command, &output, NULL, NULL, NULL));
	cr_assert(g_strrstr(output, "1,1,step one"), "%s", output);
	cr_assert(strstr(output, "\n,1,step one"), "%s", output);
	g_free(output);
	g_free(command);
	g_unlink(path);
	g_free(path);
}

Test(pcapng_write, same_datagrams_give_same_octets)
{
	static const uint8_t octets[] = {1, 2, 3};
	const struct datagram d = {toy_ipv4(1, 1), toy_ipv4(2, 2), {octets, 3}};
	char *texts[2];
	size_t sizes[2];

	for (size_t i = 0; i < 2; i++) {
		FILE *stream = open_memstream(&texts[i], &sizes[i]);
		struct pcapng_writer *w = pcapng_write_to(stream, PCAPNG_ETHERNET);

		pcapng_write_datagram(w, 77, &d, "comment");
		finish(w);
		fclose(stream);
	}
	cr_assert_eq(sizes[0], sizes[1]);
	cr_assert_arr_eq(texts[0], texts[1], sizes[0]);
	cr_assert_eq(sizes[0] % 4, 0);
	free(texts[0]);
	free(texts[1]);
}

Test(pcapng_write, file_is_its_owners_alone_also_if_it_was_there)
{
	char *path = temporary_path(), error[256];
	struct stat status;

	cr_assert_eq(chmod(path, 0644), 0);
	finish(create(path));
	cr_assert_eq(stat(path, &status), 0);
	cr_assert_eq(status.st_mode & 0777, 0600);
	g_unlink(path);
	finish(create(path));
	cr_assert_eq(stat(path, &status), 0);
	cr_assert_eq(status.st_mode & 0777, 0600);
	g_unlink(path);
	g_free(path);
	cr_assert_null(pcapng_create("/nonexistent/file", PCAPNG_ETHERNET, error, sizeof(error)));
	cr_assert_str_eq(error, "/nonexistent/file: No such file or directory");
}

Test(pcapng_write, full_disk_is_told)
{
	struct pcapng_writer *w;
	char error[256];

	if (!g_file_test("/dev/full", G_FILE_TEST_EXISTS))
		cr_skip("no /dev/full");
	w = create("/dev/full");
	cr_assert_not(pcapng_finish(w, error, sizeof(error)));
	cr_assert_str_eq(error, "/dev/full: No space left on device");
}

Test(pcapng_write, overlong_comment_is_cut_between_characters)
{
	GString *comment = g_string_new("x");
	char *text;
	size_t size;
	FILE *stream = open_memstream(&text, &size);
	struct pcapng_writer *w = pcapng_write_to(stream, PCAPNG_ETHERNET);

	while (comment->len <= PCAPNG_COMMENT_MAX)
		g_string_append(comment, "\xe2\x82\xac");
	pcapng_write_frame(w, 0, (struct octets){(const uint8_t *)"frame", 5}, comment->str);
	finish(w);
	fclose(stream);
	/* 1 + 3 n <= 65535: the option holds 65533 octets and ends with a whole character. */
	cr_assert_geq(size, 65533);
	cr_assert_not_null(memmem(text, size, "\xe2\x82\xac\0\0\0\0\0\0\0", 10));
	free(text);
	g_string_free(comment, TRUE);
}
