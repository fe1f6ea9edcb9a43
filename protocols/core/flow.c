/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static size_t family_length(unsigned family)
{
	switch (family) {
	case ADDRESS_IPV4:
		return 4;
	case ADDRESS_IPV6:
		return 16;
	case ADDRESS_ETHERNET:
		return 6;
	default:
		return 0;
	}
}

struct address address_of(enum address_family family, const uint8_t *octets)
{
	struct address a = {.family = (uint8_t)family};

	if (octets)
		memcpy(a.octets, octets, family_length(family));
	return a;
}

size_t address_length(const struct address *a)
{
	return family_length(a->family);
}

bool address_equal(const struct address *a, const struct address *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	return address_equal(&a->address, &b->address) && a->port == b->port;
}

uint32_t flow_hash(uint32_t seed, const void *octets, size_t length)
{
	const uint8_t *at = octets;
	uint32_t hash = seed ^ 2166136261u;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ at[i]) * 16777619u;
	return hash;
}

uint32_t address_hash(uint32_t seed, const struct address *a)
{
	return flow_hash(seed, a->octets, address_length(a));
}

uint32_t endpoint_hash(uint32_t seed, const struct endpoint *e)
{
	return flow_hash(address_hash(seed, &e->address), &e->port, sizeof(e->port));
}

const char *address_text(const struct address *a, char text[ADDRESS_TEXT_SIZE])
{
	const uint8_t *o = a->octets;

	switch (a->family) {
	case ADDRESS_IPV4:
		inet_ntop(AF_INET, o, text, ADDRESS_TEXT_SIZE);
		break;
	case ADDRESS_IPV6:
		inet_ntop(AF_INET6, o, text, ADDRESS_TEXT_SIZE);
		break;
	case ADDRESS_ETHERNET:
		snprintf(text, ADDRESS_TEXT_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x", o[0], o[1], o[2],
			 o[3], o[4], o[5]);
		break;
	default:
		snprintf(text, ADDRESS_TEXT_SIZE, "?");
	}
	return text;
}

const char *endpoint_text(const struct endpoint *e, char text[ENDPOINT_TEXT_SIZE])
{
	char address[ADDRESS_TEXT_SIZE];

	address_text(&e->address, address);
	if (e->port == 0)
		snprintf(text, ENDPOINT_TEXT_SIZE, "%s", address);
	else if (e->address.family == ADDRESS_IPV6)
		snprintf(text, ENDPOINT_TEXT_SIZE, "[%s]:%u", address, e->port);
	else
		snprintf(text, ENDPOINT_TEXT_SIZE, "%s:%u", address, e->port);
	return text;
}
