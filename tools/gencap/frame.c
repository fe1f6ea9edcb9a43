/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "frame.h"

#include <string.h>

enum {
	FRAME_MAX = 9000,
	PROTOCOL_UDP = 17,
	NEXT_FRAGMENT = 44,
	TYPE_IPV4 = 0x0800,
	TYPE_IPV6 = 0x86dd,
	TYPE_EAPOL = 0x888e
};

struct capture {
	struct pcapng_writer *file;
	struct frame_form form;
	uint16_t identification; /* of the next IP datagram */
	uint64_t time;           /* of the frames being written */
};

static void put_packet(const struct capture *c, const uint8_t *frame, size_t length)
{
	pcapng_write_frame(c->file, c->time, (struct octets){frame, length}, NULL);
}

/* ---- checksums, RFC 1071 ---- */

static uint32_t sum(uint32_t start, const uint8_t *octets, size_t length)
{
	for (size_t i = 0; i < length; i++)
		start += i % 2 ? octets[i] : (uint32_t)octets[i] << 8;
	return start;
}

static uint16_t folded(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return (uint16_t)~total;
}

/* ---- UDP and IP ---- */

static void write_udp(struct writer *w, const struct datagram *d)
{
	size_t start = w->length;
	uint16_t length = (uint16_t)(8 + d->length);
	uint32_t total = PROTOCOL_UDP + length;
	uint16_t checksum;

	write_u16(w, d->source.port);
	write_u16(w, d->destination.port);
	write_u16(w, length);
	write_u16(w, 0);
	write_octets(w, d->octets, d->length);
	total = sum(total, d->source.address.octets, address_length(&d->source.address));
	total = sum(total, d->destination.address.octets, address_length(&d->destination.address));
	checksum = folded(sum(total, w->octets + start, length));
	write_patch_u16(w, start + 6, checksum ? checksum : 0xffff);
}

static void write_ipv4(struct writer *w, struct capture *c, const struct datagram *d)
{
	size_t start = w->length;

	write_u16(w, 0x4500);
	write_u16(w, (uint16_t)(20 + 8 + d->length));
	write_u16(w, c->identification++);
	write_u16(w, 0x4000); /* do not fragment */
	write_u8(w, 64);
	write_u8(w, PROTOCOL_UDP);
	write_u16(w, 0);
	write_octets(w, d->source.address.octets, 4);
	write_octets(w, d->destination.address.octets, 4);
	write_patch_u16(w, start + 10, folded(sum(0, w->octets + start, 20)));
	write_udp(w, d);
}

static void write_ipv6_header(struct writer *w, const struct datagram *d, uint8_t next,
			      size_t length)
{
	write_u32(w, 0x60000000);
	write_u16(w, (uint16_t)length);
	write_u8(w, next);
	write_u8(w, 64);
	write_octets(w, d->source.address.octets, 16);
	write_octets(w, d->destination.address.octets, 16);
}

/* ---- links ---- */

static void write_station(struct writer *w, const struct endpoint *e)
{
	const uint8_t *o = e->address.octets;
	bool ipv4 = e->address.family == ADDRESS_IPV4;

	if (e->address.family == ADDRESS_ETHERNET) {
		write_octets(w, o, 6);
	} else if (ipv4 && o[0] >= 224) {
		write_u24(w, 0x01005e);
		write_octets(w, o + 1, 3);
	} else if (!ipv4 && o[0] == 0xff) {
		write_u16(w, 0x3333);
		write_octets(w, o + 12, 4);
	} else {
		write_u24(w, 0x020000);
		write_octets(w, ipv4 ? o + 1 : o + 13, 3);
	}
}

static void write_link(struct writer *w, const struct capture *c, const struct datagram *d,
		       uint16_t type)
{
	if (c->form.link == PCAPNG_LINUX_COOKED) {
		write_u16(w, 0); /* to this host */
		write_u16(w, 1); /* ARPHRD_ETHER */
		write_u16(w, 6);
		write_station(w, &d->source);
		write_u16(w, 0);
	} else {
		write_station(w, &d->destination);
		write_station(w, &d->source);
	}
	write_u16(w, type);
}

static void put_fragments(struct capture *c, const struct datagram *d)
{
	uint8_t udp[FRAME_MAX], frame[FRAME_MAX];
	struct writer whole = writer_of(udp, sizeof(udp));
	uint32_t identification = c->identification++;

	write_udp(&whole, d);
	for (size_t at = 0; at < whole.length; at += c->form.fragment) {
		struct writer w = writer_of(frame, sizeof(frame));
		size_t left = whole.length - at;
		size_t length = left < c->form.fragment ? left : c->form.fragment;

		write_link(&w, c, d, TYPE_IPV6);
		write_ipv6_header(&w, d, NEXT_FRAGMENT, 8 + length);
		write_u8(&w, PROTOCOL_UDP);
		write_u8(&w, 0);
		write_u16(&w, (uint16_t)(at | (left > length)));
		write_u32(&w, identification);
		write_octets(&w, udp + at, length);
		put_packet(c, frame, w.length);
		c->time += 100000;
	}
}

static void put_ip(struct capture *c, const struct datagram *d)
{
	uint8_t frame[FRAME_MAX];
	struct writer w = writer_of(frame, sizeof(frame));
	bool ipv4 = d->source.address.family == ADDRESS_IPV4;

	if (!ipv4 && c->form.fragment && 8 + d->length > c->form.fragment) {
		put_fragments(c, d);
		return;
	}
	write_link(&w, c, d, ipv4 ? TYPE_IPV4 : TYPE_IPV6);
	if (ipv4) {
		write_ipv4(&w, c, d);
	} else {
		write_ipv6_header(&w, d, PROTOCOL_UDP, 8 + d->length);
		write_udp(&w, d);
	}
	put_packet(c, frame, w.length);
}

static void put_eapol(struct capture *c, const struct datagram *d)
{
	uint8_t frame[FRAME_MAX];
	struct writer w = writer_of(frame, sizeof(frame));

	write_link(&w, c, d, TYPE_EAPOL);
	write_octets(&w, d->octets, d->length);
	if (w.length < 60)
		write_zeros(&w, 60 - w.length); /* the least that Ethernet carries */
	put_packet(c, frame, w.length);
}

/* ---- exported PDUs (Wireshark, epan/exported_pdu.h) ---- */

static void write_tag(struct writer *w, uint16_t tag, const void *value, size_t length)
{
	write_u16(w, tag);
	write_u16(w, (uint16_t)((length + 3) / 4 * 4));
	write_octets(w, value, length);
	write_zeros(w, (4 - length % 4) % 4);
}

static void write_number_tag(struct writer *w, uint16_t tag, uint32_t number)
{
	write_u16(w, tag);
	write_u16(w, 4);
	write_u32(w, number);
}

static void put_exported(struct capture *c, const struct datagram *d)
{
	enum { HEURISTIC_NAME = 13, IPV4_SOURCE = 20, IPV6_SOURCE = 22, PORT_TYPE = 24, PORT = 25 };
	uint8_t frame[FRAME_MAX];
	struct writer w = writer_of(frame, sizeof(frame));
	uint16_t source = d->source.address.family == ADDRESS_IPV4 ? IPV4_SOURCE : IPV6_SOURCE;

	write_tag(&w, HEURISTIC_NAME, "pana_udp", 8);
	write_tag(&w, source, d->source.address.octets, address_length(&d->source.address));
	write_tag(&w, source + 1u, d->destination.address.octets,
		  address_length(&d->destination.address));
	write_number_tag(&w, PORT_TYPE, 3); /* UDP */
	write_number_tag(&w, PORT, d->source.port);
	write_number_tag(&w, PORT + 1, d->destination.port);
	write_u32(&w, 0); /* end of tags */
	write_octets(&w, d->octets, d->length);
	put_packet(c, frame, w.length);
}

bool frame_write_file(const char *path, const struct frame_form *form, const struct scenario *s)
{
	char error[PCAPNG_ERROR_SIZE];
	struct capture c = {.form = *form, .identification = 1};
	FILE *file = fopen(path, "wb");
	bool written;

	if (!file)
		return false;
	c.file = pcapng_write_to(file, form->link);
	for (size_t i = 0; i < s->count; i++) {
		const struct datagram *d = &s->datagrams[i];

		c.time = d->time;
		if (form->link == PCAPNG_UPPER_PDU)
			put_exported(&c, d);
		else if (d->carrier == CARRIER_EAPOL)
			put_eapol(&c, d);
		else
			put_ip(&c, d);
	}
	written = pcapng_finish(c.file, error, sizeof(error));
	return !fclose(file) && written;
}
