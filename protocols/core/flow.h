/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who speaks to whom, without knowing what captured or carried it: addresses, endpoints, and the
 * circumstances of one message. All are plain values, compared and copied as such; unused octets
 * are zero, so that they may be hashed as memory.
 */
#ifndef ASSAY_CORE_FLOW_H
#define ASSAY_CORE_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum address_family { ADDRESS_NONE, ADDRESS_IPV4, ADDRESS_IPV6, ADDRESS_ETHERNET };

struct address {
	uint8_t family;     /* enum address_family */
	uint8_t octets[16]; /* network order: 4, 16 or 6 of them, the rest zero */
};

struct endpoint {
	struct address address;
	uint16_t port; /* 0 where the transport has none */
};

/* How a message travelled; part of a conversation's identity. */
enum carrier {
	CARRIER_UNKNOWN,
	CARRIER_UDP,
	CARRIER_TCP,
	CARRIER_EAPOL,
	CARRIER_RADIUS,
	CARRIER_PPP,
	CARRIER_DIAMETER
};

/* The circumstances of one message. */
struct passage {
	uint32_t frame;       /* number in the capture, from 1 */
	uint64_t time;        /* nanoseconds since the epoch */
	enum carrier carrier; /* what carried the message */
	struct endpoint source;
	struct endpoint destination;
};

enum { ADDRESS_TEXT_SIZE = 48, ENDPOINT_TEXT_SIZE = 56 };

struct address address_of(enum address_family family, const uint8_t *octets);
size_t address_length(const struct address *a);
bool address_equal(const struct address *a, const struct address *b);
bool endpoint_equal(const struct endpoint *a, const struct endpoint *b);

/* FNV-1a over `length` octets, chained through `seed` (start with 0). */
uint32_t flow_hash(uint32_t seed, const void *octets, size_t length);
uint32_t address_hash(uint32_t seed, const struct address *a);
uint32_t endpoint_hash(uint32_t seed, const struct endpoint *e);

/* "10.0.0.1", "fe80::1" (RFC 5952), "02:00:00:00:00:01"; with a port "10.0.0.1:716",
 * "[fe80::1]:716". Returns `text`. */
const char *address_text(const struct address *a, char text[ADDRESS_TEXT_SIZE]);
const char *endpoint_text(const struct endpoint *e, char text[ENDPOINT_TEXT_SIZE]);

#endif
