/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pcapng_write.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 6,
	BYTE_ORDER_MAGIC = 0x1a2b3c4d,
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_TSRESOL = 9
};

struct pcapng_writer {
	FILE *stream;
	bool owned;
	char *path;
	int reason; /* errno of the first write that failed, or 0 */
	uint32_t written;
	GByteArray *block; /* being put together */
};

/* ---- blocks: little-endian ---- */

static void put_le(GByteArray *a, uint64_t number, unsigned octets)
{
	for (; octets; octets--, number >>= 8) {
		const uint8_t octet = (uint8_t)number;

		g_byte_array_append(a, &octet, 1);
	}
}

static void pad(GByteArray *a)
{
	while (a->len % 4)
		put_le(a, 0, 1);
}

static void put_padded(GByteArray *a, const void *octets, size_t length)
{
	if (length)
		g_byte_array_append(a, octets, (guint)length);
	pad(a);
}

static void put_option(GByteArray *a, unsigned code, const void *octets, size_t length)
{
	put_le(a, code, 2);
	put_le(a, length, 2);
	put_padded(a, octets, length);
}

static void open_block(struct pcapng_writer *w, uint32_t type)
{
	g_byte_array_set_size(w->block, 0);
	put_le(w->block, type, 4);
	put_le(w->block, 0, 4); /* length: close_block */
}

static void close_block(struct pcapng_writer *w)
{
	const uint32_t length = w->block->len + 4;

	put_le(w->block, length, 4);
	memcpy(w->block->data + 4, w->block->data + length - 4, 4);
	if (w->reason)
		return;
	errno = 0;
	if (fwrite(w->block->data, 1, length, w->stream) != length || fflush(w->stream) != 0)
		w->reason = errno ? errno : EIO;
}

static void write_preamble(struct pcapng_writer *w, enum pcapng_link link)
{
	static const uint8_t nanoseconds = 9; /* 10^-9 */

	open_block(w, BLOCK_SECTION);
	put_le(w->block, BYTE_ORDER_MAGIC, 4);
	put_le(w->block, 1, 2); /* version 1.0 */
	put_le(w->block, 0, 2);
	put_le(w->block, UINT64_MAX, 8); /* length of the section: not said */
	close_block(w);

	open_block(w, BLOCK_INTERFACE);
	put_le(w->block, link, 2);
	put_le(w->block, 0, 2);
	put_le(w->block, PCAPNG_SNAPSHOT, 4);
	put_option(w->block, OPTION_TSRESOL, &nanoseconds, 1);
	put_option(w->block, OPTION_END, NULL, 0);
	close_block(w);
}

/* Length of a comment cut to what an option holds, between two characters. */
static size_t comment_length(const char *comment)
{
	size_t length = strlen(comment);

	if (length <= PCAPNG_COMMENT_MAX)
		return length;
	length = PCAPNG_COMMENT_MAX;
	while (length && ((uint8_t)comment[length] & 0xc0) == 0x80)
		length--;
	return length;
}

void pcapng_write_frame(struct pcapng_writer *w, uint64_t time, struct octets frame,
			const char *comment)
{
	open_block(w, BLOCK_PACKET);
	put_le(w->block, 0, 4); /* the only interface */
	put_le(w->block, time >> 32, 4);
	put_le(w->block, time & UINT32_MAX, 4);
	put_le(w->block, frame.length, 4);
	put_le(w->block, frame.length, 4);
	put_padded(w->block, frame.octets, frame.length);
	if (comment && *comment) {
		put_option(w->block, OPTION_COMMENT, comment, comment_length(comment));
		put_option(w->block, OPTION_END, NULL, 0);
	}
	close_block(w);
	w->written++;
}

/* ---- files ---- */

struct pcapng_writer *pcapng_write_to(FILE *stream, enum pcapng_link link)
{
	struct pcapng_writer *w = g_new0(struct pcapng_writer, 1);

	w->stream = stream;
	w->block = g_byte_array_new();
	write_preamble(w, link);
	return w;
}

struct pcapng_writer *pcapng_create(const char *path, enum pcapng_link link, char *error,
				    size_t error_size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
	struct pcapng_writer *w;
	struct stat status;
	FILE *stream = NULL;

	/* A device, such as /dev/null, keeps its mode. */
	if (fd >= 0 && fstat(fd, &status) == 0 &&
	    (!S_ISREG(status.st_mode) ||
	     (fchmod(fd, S_IRUSR | S_IWUSR) == 0 && ftruncate(fd, 0) == 0)))
		stream = fdopen(fd, "wb");
	if (!stream) {
		g_snprintf(error, (gulong)error_size, "%s: %s", path, g_strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	w = pcapng_write_to(stream, link);
	w->owned = true;
	w->path = g_strdup(path);
	return w;
}

uint32_t pcapng_written(const struct pcapng_writer *w)
{
	return w->written;
}

bool pcapng_finish(struct pcapng_writer *w, char *error, size_t error_size)
{
	bool whole;

	if (!w)
		return true;
	if (w->owned && fclose(w->stream) != 0 && !w->reason)
		w->reason = errno;
	whole = w->reason == 0;
	if (!whole)
		g_snprintf(error, (gulong)error_size, "%s: %s", w->path ? w->path : "capture",
			   g_strerror(w->reason));
	g_byte_array_free(w->block, TRUE);
	g_free(w->path);
	g_free(w);
	return whole;
}
