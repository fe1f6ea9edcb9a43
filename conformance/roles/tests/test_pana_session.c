/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A PaC against a PAA, watched by the passive session code: faultless runs note nothing, and every
 * AUTH verifies under keys that the observer derives itself.
 */
#include <criterion/criterion.h>

#include "pana_pair.h"

#include <stdio.h>
#include <string.h>

static void expect_open(struct pair *p)
{
	cr_assert_str_eq(p->pac->kind->state(p->pac), "OPEN");
	cr_assert_str_eq(p->paa->kind->state(p->paa), "OPEN");
}

static void expect_clean(struct pair *p)
{
	cr_assert_null(room_first_note(&p->room), "%s", room_first_note(&p->room));
	for (unsigned v = VERDICT_VERIFIED + 1; v < 8; v++)
		cr_assert_eq(p->room.verdicts[v], 0, "AUTH: %s", value_name_find(verdict_names, v));
}

/* Authentication, pings, re-authentications and a termination. */
static void whole_life(struct pair *p, bool pac_ends)
{
	cr_assert(pair_open(p));
	cr_assert(pair_command(p->pac, "ping"));
	room_run(&p->room, 2);
	cr_assert(pair_command(p->paa, "ping"));
	room_run(&p->room, 2);
	cr_assert_eq(room_count(&p->room, p->pac, ROLE_ALIVE), 1);
	cr_assert_eq(room_count(&p->room, p->paa, ROLE_ALIVE), 1);
	cr_assert(pair_command(p->pac, "reauth"));
	room_run(&p->room, 2);
	expect_open(p);
	cr_assert(pair_command(p->paa, "reauth"));
	room_run(&p->room, 2);
	expect_open(p);
	cr_assert_eq(room_count(&p->room, p->pac, ROLE_AUTHENTICATED), 3);
	cr_assert_eq(room_count(&p->room, p->paa, ROLE_AUTHENTICATED), 3);
	cr_assert(pair_command(p->pac, "ping"));
	room_run(&p->room, 2);
	cr_assert(pair_command(pac_ends ? p->pac : p->paa, "terminate"));
	room_run(&p->room, 2);
	cr_assert_str_eq(p->pac->kind->state(p->pac), "CLOSED");
	cr_assert_str_eq(p->paa->kind->state(p->paa), "CLOSED");
	cr_assert_eq(room_count(&p->room, p->pac, ROLE_CLOSED), 1);
	cr_assert_eq(room_count(&p->room, p->paa, ROLE_CLOSED), 1);
}

static const enum role_method methods[] = {METHOD_PSK, METHOD_GPSK_1, METHOD_GPSK_2};
static const char *const method_names[] = {"EAP-PSK", "EAP-GPSK 1", "EAP-GPSK 2"};

Test(pana_roles, whole_session_with_every_method_and_piggyback_or_not)
{
	for (size_t i = 0; i < 3; i++) {
		for (unsigned variant = 0; variant < 32; variant++) {
			struct pair p;

			pair_prepare(&p, 100 * i + variant);
			p.paa_settings.methods[0] = methods[i];
			p.paa_settings.methods[1] = METHOD_NONE;
			pair_vary(&p, variant & 15);
			pair_add(&p);
			whole_life(&p, variant & 16);
			cr_assert_gt(p.room.verdicts[VERDICT_VERIFIED], 10, "%s, variant %u",
				     method_names[i], variant);
			expect_clean(&p);
			room_close(&p.room);
		}
	}
}

Test(pana_roles, every_pair_of_algorithms)
{
	static const uint32_t prfs[] = {1, 2, 4, 5, 6, 7, 8};
	static const uint32_t integrities[] = {1, 2, 5, 6, 7, 8, 12, 13, 14};

	for (size_t i = 0; i < sizeof(prfs) / sizeof(prfs[0]); i++) {
		for (size_t j = 0; j < sizeof(integrities) / sizeof(integrities[0]); j++) {
			struct pair p;

			pair_prepare(&p, i * 100 + j);
			p.pac_settings.prf[0] = p.paa_settings.prf[0] = prfs[i];
			p.pac_settings.integrity[0] = p.paa_settings.integrity[0] = integrities[j];
			p.pac_settings.prf_count = p.paa_settings.prf_count = 1;
			p.pac_settings.integrity_count = p.paa_settings.integrity_count = 1;
			pair_add(&p);
			whole_life(&p, true);
			expect_clean(&p);
			room_close(&p.room);
		}
	}
}

Test(pana_roles, whole_session_through_a_relay)
{
	for (unsigned variant = 0; variant < 8; variant++) {
		struct pair p;

		pair_prepare(&p, variant);
		p.paa_settings.stateless = variant & 1;
		p.pac_settings.piggyback = variant & 2;
		pair_relay(&p, NULL);
		pair_add(&p);
		whole_life(&p, variant & 4);
		expect_clean(&p);
		room_close(&p.room);
	}
}
