/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a role listens and whom it addresses, as people write it:
 *
 *     udp://192.0.2.1:716      udp://paa.example        udp://[fe80::1%eth0]
 *     radius://[::1]:1812      udp://0.0.0.0            udp://[::]:0
 *
 * Scheme, host, and a port unless scheme or role have one of their own: PANA's 716 (RFC 5191 6.1),
 * RADIUS's 1812 (RFC 2865 3), CoAP's 5683 (RFC 7252 6.1). An IPv6 address stands in brackets; a
 * link-local one may name the interface (RFC 6874, but its % needs no escape). Port 0 is whichever
 * is free. There is no path, query or user.
 */
#ifndef ASSAY_ENGINE_URI_H
#define ASSAY_ENGINE_URI_H

#include "protocols/core/flow.h"

enum uri_scheme { URI_UDP, URI_TCP, URI_COAP, URI_RADIUS };

enum { URI_HOST_SIZE = 256, URI_ZONE_SIZE = 16, URI_ERROR_SIZE = 512 };

struct uri {
	enum uri_scheme scheme;
	enum carrier carrier; /* CARRIER_UDP or CARRIER_TCP */
	char host[URI_HOST_SIZE];
	char zone[URI_ZONE_SIZE]; /* interface, or "" */
	uint16_t port;
};

/* Reads `text`; `role` ("pana.paa", or NULL) has a say in scheme and port. False with a reason in
 * `error`: the text, what was wanted and what was found. */
bool uri_parse(const char *text, const char *role, struct uri *uri, char *error, size_t error_size);

/* Looks the host up, unless it is an address. `interface` gets the number of the zone, or 0. */
bool uri_resolve(const struct uri *uri, struct endpoint *endpoint, unsigned *interface, char *error,
		 size_t error_size);

/* "radius://[::1]:1812" of an endpoint. */
enum { URI_TEXT_SIZE = ENDPOINT_TEXT_SIZE + 16 };
const char *uri_text(enum uri_scheme scheme, const struct endpoint *e, char text[URI_TEXT_SIZE]);

#endif
