/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers that look random and are the same on every machine: xoshiro256** (Blackman and Vigna,
 * "Scrambled linear pseudorandom number generators", 2021), its state filled by splitmix64 from a
 * seed and a label. Streams of different labels are independent of each other, so that one case of
 * a run draws the same numbers alone as it does among the others. Not for keys of the real world.
 */
#ifndef ASSAY_ENGINE_PRNG_H
#define ASSAY_ENGINE_PRNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct prng {
	uint64_t state[4];
};

/* The stream of a seed, a label and a number (a position within what the label names). */
struct prng prng_of(uint64_t seed, const char *label, uint64_t number);

uint64_t prng_number(struct prng *p);

/* Uniform in 0 .. limit - 1; 0 if limit is 0. */
uint64_t prng_below(struct prng *p, uint64_t limit);

/* True in `permille` of 1000 draws. Draws one number, whatever the outcome. */
bool prng_chance(struct prng *p, unsigned permille);

void prng_fill(struct prng *p, uint8_t *octets, size_t length);

#endif
