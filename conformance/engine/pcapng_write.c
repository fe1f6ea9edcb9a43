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
	LINKTYPE_ETHERNET = 1,
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_USERAPPL = 4,
	OPTION_TSRESOL = 9,
	IP_PROTOCOL_UDP = 17,
	HOP_LIMIT = 64,
	ETHERNET_HEADER = 14,
	IPV4_HEADER = 20,
	UDP_HEADER = 8
};

struct pcapng_writer {
	FILE *stream;
	bool owned;
	char *path;
	int reason; /* errno of the first write that failed, or 0 */
	uint32_t written;
	GByteArray *block; /* being put together */
	GByteArray *frame;
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

static void write_preamble(struct pcapng_writer *w)
{
	static const uint8_t nanoseconds = 9; /* 10^-9 */

	open_block(w, BLOCK_SECTION);
	put_le(w->block, BYTE_ORDER_MAGIC, 4);
	put_le(w->block, 1, 2); /* version 1.0 */
	put_le(w->block, 0, 2);
	put_le(w->block, UINT64_MAX, 8); /* length of the section: not said */
	put_option(w->block, OPTION_USERAPPL, "assay", 5);
	put_option(w->block, OPTION_END, NULL, 0);
	close_block(w);

	open_block(w, BLOCK_INTERFACE);
	put_le(w->block, LINKTYPE_ETHERNET, 2);
	put_le(w->block, 0, 2);
	put_le(w->block, 0, 4); /* snapshot length: none */
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

/* ---- frames: network order ---- */

static void put_be(GByteArray *a, uint32_t number, unsigned octets)
{
	while (octets--) {
		const uint8_t octet = (uint8_t)(number >> 8 * octets);

		g_byte_array_append(a, &octet, 1);
	}
}

static void put_address(GByteArray *a, const struct address *address, size_t length)
{
	g_byte_array_append(a, address->octets, (guint)length);
}

/* Locally administered, and as different from others as the end of its IP address is. */
static void put_mac(GByteArray *a, const struct address *address, size_t length)
{
	put_be(a, 0x0200, 2);
	g_byte_array_append(a, address->octets + length - 4, 4);
}

/* RFC 1071: adds 16-bit words to a sum whose carries have not been folded. */
static uint64_t sum(uint64_t sum, const uint8_t *octets, size_t length)
{
	for (size_t i = 0; i < length; i++)
		sum += i % 2 ? octets[i] : (uint64_t)octets[i] << 8;
	return sum;
}

static void set_checksum(GByteArray *a, size_t offset, uint64_t sum)
{
	while (sum > UINT16_MAX)
		sum = (sum >> 16) + (sum & UINT16_MAX);
	a->data[offset] = (uint8_t)(~sum >> 8);
	a->data[offset + 1] = (uint8_t)~sum;
}

static void put_ipv4(GByteArray *a, const struct datagram *d, size_t length)
{
	size_t start = a->len;

	put_be(a, 0x4500, 2);
	put_be(a, (uint32_t)(IPV4_HEADER + length), 2);
	put_be(a, 0x00004000, 4); /* don't fragment */
	put_be(a, HOP_LIMIT << 8 | IP_PROTOCOL_UDP, 2);
	put_be(a, 0, 2); /* checksum */
	put_address(a, &d->source.address, 4);
	put_address(a, &d->destination.address, 4);
	set_checksum(a, start + 10, sum(0, a->data + start, IPV4_HEADER));
}

static void put_ipv6(GByteArray *a, const struct datagram *d, size_t length)
{
	put_be(a, 6u << 28, 4);
	put_be(a, (uint32_t)length, 2);
	put_be(a, IP_PROTOCOL_UDP << 8 | HOP_LIMIT, 2);
	put_address(a, &d->source.address, 16);
	put_address(a, &d->destination.address, 16);
}

static void put_udp(GByteArray *a, const struct datagram *d, size_t address_octets)
{
	size_t start = a->len, length = UDP_HEADER + d->octets.length;
	uint64_t total = IP_PROTOCOL_UDP + length; /* of the pseudo-header */

	put_be(a, d->source.port, 2);
	put_be(a, d->destination.port, 2);
	put_be(a, (uint32_t)length, 2);
	put_be(a, 0, 2); /* checksum */
	if (d->octets.length)
		g_byte_array_append(a, d->octets.octets, (guint)d->octets.length);
	total = sum(total, d->source.address.octets, address_octets);
	total = sum(total, d->destination.address.octets, address_octets);
	set_checksum(a, start + 6, sum(total, a->data + start, length));
	/* RFC 768: zero would say that there is no checksum. */
	if (!a->data[start + 6] && !a->data[start + 7])
		memset(a->data + start + 6, 0xff, 2);
}

void pcapng_write_datagram(struct pcapng_writer *w, uint64_t time, const struct datagram *d,
			   const char *comment)
{
	bool ipv6 = d->source.address.family == ADDRESS_IPV6 ||
		    d->destination.address.family == ADDRESS_IPV6;
	size_t length = UDP_HEADER + d->octets.length, address_octets = ipv6 ? 16 : 4;

	g_return_if_fail(d->octets.length <= DATAGRAM_MAX);
	g_byte_array_set_size(w->frame, 0);
	put_mac(w->frame, &d->destination.address, address_octets);
	put_mac(w->frame, &d->source.address, address_octets);
	put_be(w->frame, ipv6 ? 0x86dd : 0x0800, 2);
	if (ipv6)
		put_ipv6(w->frame, d, length);
	else
		put_ipv4(w->frame, d, length);
	put_udp(w->frame, d, address_octets);
	pcapng_write_frame(w, time, (struct octets){w->frame->data, w->frame->len}, comment);
}

/* ---- files ---- */

struct pcapng_writer *pcapng_write_to(FILE *stream)
{
	struct pcapng_writer *w = g_new0(struct pcapng_writer, 1);

	w->stream = stream;
	w->block = g_byte_array_new();
	w->frame = g_byte_array_new();
	write_preamble(w);
	return w;
}

struct pcapng_writer *pcapng_create(const char *path, char *error, size_t error_size)
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
	w = pcapng_write_to(stream);
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
	g_byte_array_free(w->frame, TRUE);
	g_free(w->path);
	g_free(w);
	return whole;
}
