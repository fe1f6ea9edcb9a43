/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Octets that look random and are the same on every machine: splitmix64 (Steele, Lea and Flood,
 * "Fast splittable pseudorandom number generators", 2014) from a seed. For nonces and identifiers
 * of scenarios only; no key of the real world may come from here.
 */
#ifndef ASSAY_SCENARIO_OCTET_SOURCE_H
#define ASSAY_SCENARIO_OCTET_SOURCE_H

#include <stddef.h>
#include <stdint.h>

struct octet_source {
	uint64_t state;
};

static inline uint64_t octet_source_number(struct octet_source *s)
{
	uint64_t z = s->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static inline void octet_source_fill(struct octet_source *s, uint8_t *octets, size_t length)
{
	uint64_t number = 0;

	for (size_t i = 0; i < length; i++, number >>= 8) {
		if (i % 8 == 0)
			number = octet_source_number(s);
		octets[i] = (uint8_t)number;
	}
}

#endif
