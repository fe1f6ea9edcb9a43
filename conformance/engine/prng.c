/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prng.h"

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* FNV-1a, 64 bits. */
static uint64_t label_hash(const char *label)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (; *label; label++)
		hash = (hash ^ (uint8_t)*label) * 0x100000001b3u;
	return hash;
}

struct prng prng_of(uint64_t seed, const char *label, uint64_t number)
{
	uint64_t state = seed;
	struct prng p;

	/* Each part passes through the mixer before the next is added to it. */
	state = splitmix(&state) ^ label_hash(label);
	state = splitmix(&state) ^ number;
	for (unsigned i = 0; i < 4; i++)
		p.state[i] = splitmix(&state);
	return p;
}

static uint64_t rotate(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

uint64_t prng_number(struct prng *p)
{
	uint64_t *s = p->state;
	uint64_t result = rotate(s[1] * 5, 7) * 9;
	uint64_t shifted = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = rotate(s[3], 45);
	return result;
}

uint64_t prng_below(struct prng *p, uint64_t limit)
{
	uint64_t number, rest;

	if (!limit)
		return 0;
	/* Numbers past the last whole multiple of limit would favour the small ones. */
	rest = (UINT64_MAX % limit + 1) % limit;
	do
		number = prng_number(p);
	while (number > UINT64_MAX - rest);
	return number % limit;
}

bool prng_chance(struct prng *p, unsigned permille)
{
	return prng_below(p, 1000) < permille;
}

void prng_fill(struct prng *p, uint8_t *octets, size_t length)
{
	uint64_t number = 0;

	for (size_t i = 0; i < length; i++, number >>= 8) {
		if (i % 8 == 0)
			number = prng_number(p);
		octets[i] = (uint8_t)number;
	}
}
