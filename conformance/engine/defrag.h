/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reassembly of IP datagrams (RFC 791 section 3.2, RFC 8200 section 4.5), fragments in any order.
 *
 * Where fragments overlap, the one of lower offset stands, among equals the one that came first;
 * this is what Wireshark shows. A datagram whose overlapping parts differ is marked as conflicting.
 *
 * Limits, beyond which the datagram that has waited longest is given up:
 *     datagrams under way   DEFRAG_DATAGRAMS
 *     octets held           DEFRAG_OCTETS, what it takes to keep each fragment included
 *     fragments of one      DEFRAG_FRAGMENTS; then this datagram is given up
 *     waiting time          DEFRAG_TIMEOUT, in time of the capture
 */
#ifndef ASSAY_ENGINE_DEFRAG_H
#define ASSAY_ENGINE_DEFRAG_H

#include "protocols/core/flow.h"
#include "protocols/core/octets.h"

enum {
	DEFRAG_DATAGRAMS = 1024,
	DEFRAG_OCTETS = 16 << 20,
	DEFRAG_FRAGMENTS = 2048,
	DEFRAG_DATAGRAM_SIZE = 65535
};

#define DEFRAG_TIMEOUT UINT64_C(30000000000) /* nanoseconds */

/* What tells the fragments of one datagram from those of another. */
struct defrag_key {
	struct address source;
	struct address destination;
	uint32_t identification; /* 16 bits in IPv4, 32 in IPv6 */
	uint8_t protocol;        /* IPv4; 0 in IPv6 */
	uint16_t vlan;           /* IPv4: in each, addresses may mean others; 0 in IPv6 */
};

struct defrag_fragment {
	struct defrag_key key;
	uint64_t time;         /* nanoseconds */
	size_t offset;         /* octets */
	bool more;             /* not the last one */
	uint8_t next_header;   /* of what was fragmented, as this fragment says */
	struct octets content; /* copied */
};

enum defrag_outcome {
	DEFRAG_HELD,   /* more are wanted */
	DEFRAG_WHOLE,  /* this was the last one missing */
	DEFRAG_REFUSED /* past the largest datagram, or too many */
};

/* A whole datagram; its octets are valid until the next defrag_add. */
struct defrag_datagram {
	struct octets content; /* what was fragmented, without the IP header */
	uint8_t next_header;   /* as the fragment of offset 0 says */
	bool conflicting;      /* overlapping parts differ */
};

struct defrag;

struct defrag *defrag_new(void);
void defrag_free(struct defrag *d);

enum defrag_outcome defrag_add(struct defrag *d, const struct defrag_fragment *fragment,
			       struct defrag_datagram *whole);

size_t defrag_waiting(const struct defrag *d);    /* datagrams under way */
size_t defrag_octets(const struct defrag *d);     /* octets held */
uint64_t defrag_given_up(const struct defrag *d); /* datagrams that never became whole, so far */

#endif
