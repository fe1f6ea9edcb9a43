/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pcapng_datagram.h"

#include <glib.h>
#include <string.h>

enum { IP_PROTOCOL_UDP = 17, HOP_LIMIT = 64, IPV4_HEADER = 20, UDP_HEADER = 8 };

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

	GByteArray *frame;

	g_return_if_fail(d->octets.length <= DATAGRAM_MAX);
	frame = g_byte_array_new();
	put_mac(frame, &d->destination.address, address_octets);
	put_mac(frame, &d->source.address, address_octets);
	put_be(frame, ipv6 ? 0x86dd : 0x0800, 2);
	if (ipv6)
		put_ipv6(frame, d, length);
	else
		put_ipv4(frame, d, length);
	put_udp(frame, d, address_octets);
	pcapng_write_frame(w, time, (struct octets){frame->data, frame->len}, comment);
	g_byte_array_free(frame, TRUE);
}
