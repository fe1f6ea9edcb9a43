/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any octets: every message cut at every length, every octet of it flipped. What counts is that a
 * sanitizer finds nothing, and that groups are closed as they are opened. */
#include "listener.h"

#include <criterion/criterion.h>

#define PLAN(...)                     \
	(const enum scenario_part[])  \
	{                             \
		__VA_ARGS__, PART_END \
	}

/* Everything that a message may hold: relayed, encrypted, re-authenticated. */
static const struct scenario_options rich = {.method = PLAY_PSK,
					     .encrypt = true,
					     .relay = RELAY_PAA_SIDE,
					     .plan = PLAN(PART_AUTHENTICATION, PART_PING_BY_PAC,
							  PART_REAUTH_BY_PAC,
							  PART_TERMINATION_BY_PAA)};

static void hear(const struct scenario *s, const char *what, size_t frame, size_t at)
{
	struct listener *l = listener_new();

	listener_hear(l, s, scenario_keys, 0);
	cr_expect(l->depth == 0, "frame %zu, %s %zu: %d groups left open", frame + 1, what, at,
		  l->depth);
	listener_free(l);
}

Test(pana_damage, cut_at_every_length)
{
	struct scenario s = {0};

	cr_assert(scenario_pana(&rich, NULL, &s));
	for (size_t i = 0; i < s.count; i++) {
		size_t whole = s.datagrams[i].length;

		for (size_t length = 0; length < whole; length += i < 12 ? 1 : 5) {
			s.datagrams[i].length = length;
			hear(&s, "cut at", i, length);
		}
		s.datagrams[i].length = whole;
	}
	scenario_clear(&s);
}

Test(pana_damage, every_octet_flipped)
{
	static const uint8_t masks[] = {0xff, 0x80, 0x01};
	struct scenario s = {0};

	cr_assert(scenario_pana(&rich, NULL, &s));
	for (size_t i = 0; i < s.count; i++) {
		for (size_t at = 0; at < s.datagrams[i].length; at++) {
			uint8_t mask = masks[(i + at) % sizeof(masks)];

			s.datagrams[i].octets[at] ^= mask;
			hear(&s, "flipped at", i, at);
			s.datagrams[i].octets[at] ^= mask;
		}
	}
	scenario_clear(&s);
}

Test(pana_damage, a_hundredth_of_all_octets_replaced)
{
	struct octet_source source = {4711};

	for (unsigned round = 0; round < 300; round++) {
		struct scenario s = {0};

		cr_assert(scenario_pana(&rich, NULL, &s));
		for (size_t i = 0; i < s.count; i++) {
			for (size_t at = 0; at < s.datagrams[i].length; at++) {
				uint64_t number = octet_source_number(&source);

				if (number % 100 == 0)
					s.datagrams[i].octets[at] = (uint8_t)(number >> 32);
			}
		}
		hear(&s, "round", 0, round);
		scenario_clear(&s);
	}
}
