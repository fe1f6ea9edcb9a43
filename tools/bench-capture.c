/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the captures that tools/bench measures with: the same octets on every machine.
 *
 *     bench-capture sessions FILE SESSIONS MESSAGES
 *         SESSIONS whole PANA sessions side by side, of MESSAGES messages in all: EAP-PSK, then
 *         pings, all with right AUTH values
 *     bench-capture strangers FILE SESSIONS
 *         the first message of each of SESSIONS sessions, and no other
 *
 * Ethernet and IPv4, in a pcap file. Prints the key file's rows on standard output.
 */
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/scenario/scenario.h"

enum { HEADERS = 14 + 20 + 8, FRAME_MAX = HEADERS + 65507, PLAN_MAX = 4096 };

/* RFC 5191 8.3 and 8.6: what every implementation has to have. */
enum { PRF_HMAC_SHA1 = 2, AUTH_HMAC_SHA1_160 = 7 };

struct output {
	pcap_t *pcap;
	pcap_dumper_t *dumper;
	uint64_t time; /* microseconds */
	uint64_t frames;
};

static bool output_open(struct output *o, const char *path)
{
	o->pcap = pcap_open_dead(DLT_EN10MB, FRAME_MAX);
	o->dumper = o->pcap ? pcap_dump_open(o->pcap, path) : NULL;
	o->time = UINT64_C(1767323045) * 1000000;
	o->frames = 0;
	if (!o->dumper)
		fprintf(stderr, "bench-capture: %s: %s\n", path,
			o->pcap ? pcap_geterr(o->pcap) : "libpcap refuses");
	return o->dumper != NULL;
}

static bool output_close(struct output *o)
{
	bool written = pcap_dump_flush(o->dumper) == 0;

	pcap_dump_close(o->dumper);
	pcap_close(o->pcap);
	return written;
}

static uint16_t ip_checksum(const uint8_t *header)
{
	uint32_t sum = 0;

	for (int i = 0; i < 20; i += 2)
		sum += (uint32_t)(header[i] << 8 | header[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* Ethernet, IPv4 and UDP headers; a UDP checksum of 0 is none (RFC 768). */
static void write_headers(struct writer *w, const struct datagram *d)
{
	uint16_t udp_length = (uint16_t)(8 + d->length);

	write_octets(w, "\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0", 14);
	write_u16(w, 0x4500);
	write_u16(w, (uint16_t)(20 + udp_length));
	write_u32(w, 0);
	write_u8(w, 64);
	write_u8(w, 17);
	write_u16(w, 0);
	write_octets(w, d->source.address.octets, 4);
	write_octets(w, d->destination.address.octets, 4);
	write_patch_u16(w, 14 + 10, ip_checksum(w->octets + 14));
	write_u16(w, d->source.port);
	write_u16(w, d->destination.port);
	write_u16(w, udp_length);
	write_u16(w, 0);
}

static void output_datagram(struct output *o, const struct datagram *d)
{
	static uint8_t frame[FRAME_MAX];
	struct writer w = writer_of(frame, sizeof(frame));
	struct pcap_pkthdr header;

	write_headers(&w, d);
	write_octets(&w, d->octets, d->length);
	o->time += 10;
	header = (struct pcap_pkthdr){
		.ts = {(time_t)(o->time / 1000000), (suseconds_t)(o->time % 1000000)},
		.caplen = (bpf_u_int32)w.length,
		.len = (bpf_u_int32)w.length,
	};
	pcap_dump((u_char *)o->dumper, &header, frame);
	o->frames++;
}

static bool play(unsigned instance, const enum scenario_part *plan, struct scenario *s)
{
	const struct scenario_options options = {
		.method = PLAY_PSK,
		.instance = instance,
		.prf = PRF_HMAC_SHA1,
		.integrity = AUTH_HMAC_SHA1_160,
		.plan = plan,
	};

	memset(s, 0, sizeof(*s));
	if (scenario_pana(&options, NULL, s))
		return true;
	fprintf(stderr, "bench-capture: session %u cannot be made\n", instance);
	return false;
}

/* Sessions side by side: the first message of each, then the second of each, and so on. */
static bool sessions(struct output *o, unsigned count, uint64_t messages)
{
	struct scenario *all = calloc(count, sizeof(*all));
	enum scenario_part plan[PLAN_MAX] = {PART_AUTHENTICATION};
	bool made = all && count;

	for (size_t i = 1; i + 1 < PLAN_MAX && 2 * i < messages / count; i++)
		plan[i] = i % 2 ? PART_PING_BY_PAC : PART_PING_BY_PAA;
	for (unsigned i = 0; i < count && made; i++)
		made = play(i, plan, &all[i]);
	for (size_t step = 0; made && o->frames < messages && step < all[0].count; step++)
		for (unsigned i = 0; i < count && o->frames < messages; i++)
			if (step < all[i].count)
				output_datagram(o, &all[i].datagrams[step]);
	for (unsigned i = 0; all && i < count; i++)
		scenario_clear(&all[i]);
	free(all);
	return made;
}

static bool strangers(struct output *o, unsigned count)
{
	static const enum scenario_part plan[] = {PART_INITIAL_PAR, PART_END};
	bool made = true;

	for (unsigned i = 0; i < count && made; i++) {
		struct scenario s;

		made = play(i, plan, &s);
		if (made && s.count)
			output_datagram(o, &s.datagrams[0]);
		scenario_clear(&s);
	}
	return made;
}

int main(int argc, char **argv)
{
	bool many = argc == 5 && strcmp(argv[1], "sessions") == 0;
	bool lone = argc == 4 && strcmp(argv[1], "strangers") == 0;
	struct output o;
	bool made;

	if (!many && !lone) {
		fputs("usage: bench-capture sessions FILE SESSIONS MESSAGES\n"
		      "       bench-capture strangers FILE SESSIONS\n",
		      stderr);
		return 2;
	}
	if (!output_open(&o, argv[2]))
		return 2;
	if (many)
		made = sessions(&o, (unsigned)strtoul(argv[3], NULL, 10),
				strtoull(argv[4], NULL, 10));
	else
		made = strangers(&o, (unsigned)strtoul(argv[3], NULL, 10));
	if (!output_close(&o) || !made)
		return 2;
	fputs(scenario_keys, stdout);
	return 0;
}
