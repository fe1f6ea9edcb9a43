/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A network that loses, doubles and disorders a fifth each of what is sent: every run ends in the
 * right state. Where one side has given up after ten transmissions, that is CLOSED for both.
 */
#include <criterion/criterion.h>

#include "pana_pair.h"

#include <stdio.h>
#include <string.h>

/* Seconds: longer than any timer of a session that has not begun; than the lifetime granted. */
enum { LONG = 1500, LIFETIME = 5000 };

static bool gave_up(const struct pair *p)
{
	return room_count(&p->room, p->pac, ROLE_GAVE_UP) ||
	       room_count(&p->room, p->paa, ROLE_GAVE_UP);
}

static void storm(struct pair *p, uint64_t seed)
{
	pair_prepare(p, seed);
	pair_vary(p, seed & 15);
	p->paa_settings.methods[0] = METHOD_PSK + (enum role_method)(seed / 16 % 3);
	p->paa_settings.methods[1] = METHOD_NONE;
	p->room.loss = p->room.duplication = p->room.reordering = 20;
	p->room.watch = false;
	if (seed / 48 % 4 == 3)
		pair_relay(p, NULL);
	pair_add(p);
	p->pac->kind->start(p->pac);
}

/* Both want something at the same time. */
static void both(struct pair *p, uint64_t seed)
{
	static const char *const wishes[] = {"ping", "reauth", "ping", ""};

	pair_command(p->pac, wishes[seed % 4]);
	pair_command(p->paa, wishes[seed / 4 % 4]);
}

static const char *run(struct pair *p, uint64_t seed)
{
	storm(p, seed);
	if (!pair_until(p, "OPEN", "OPEN", LONG))
		return gave_up(p) && pair_until(p, "CLOSED", "CLOSED", LIFETIME) ? NULL
										 : "authentication";
	for (unsigned i = 0; i < 4; i++) {
		both(p, seed / 16 + i);
		room_run(&p->room, 1);
		if (!pair_until(p, "OPEN", "OPEN", LONG))
			return gave_up(p) && pair_until(p, "CLOSED", "CLOSED", LIFETIME) ? NULL
											 : "access";
	}
	if (seed % 3 != 1)
		pair_command(p->pac, "terminate");
	if (seed % 3 != 0)
		pair_command(p->paa, "terminate");
	return pair_until(p, "CLOSED", "CLOSED", LONG) ? NULL : "termination";
}

Test(pana_weather, a_thousand_seeds_end_in_the_right_state, .timeout = 300)
{
	unsigned given_up = 0;

	for (uint64_t seed = 0; seed < 1000; seed++) {
		struct pair p;
		const char *wrong = run(&p, seed);

		given_up += gave_up(&p);
		cr_expect_null(wrong, "seed %u: %s: PaC %s, PAA %s", (unsigned)seed, wrong,
			       p.pac->kind->state(p.pac), p.paa->kind->state(p.paa));
		room_close(&p.room);
	}
	/* Ten transmissions in vain: 0.36 to the tenth for each exchange. */
	cr_expect_leq(given_up, 20, "%u", given_up);
}
