/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conversations in which nothing is wrong: nothing is noted, and every AUTH is verified. */
#include "listener.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define PLAN(...)                     \
	(const enum scenario_part[])  \
	{                             \
		__VA_ARGS__, PART_END \
	}

static const enum scenario_part erp[] = {PART_AUTHENTICATION,     PART_ERP_BY_PAC,
					 PART_PING_BY_PAA,        PART_ERP_BY_PAC,
					 PART_TERMINATION_BY_PAC, PART_END};
static const enum scenario_part everything[] = {PART_AUTHENTICATION,
						PART_PING_BY_PAC,
						PART_PING_BY_PAA,
						PART_REAUTH_BY_PAC,
						PART_PING_BY_PAA,
						PART_MOVE,
						PART_PING_BY_PAC,
						PART_REAUTH_BY_PAC,
						PART_PING_BY_PAC,
						PART_TERMINATION_BY_PAC,
						PART_END};

/* What is right, how many AUTH values there are in it. */
static const struct happy {
	const char *name;
	struct scenario_options options;
	unsigned auths;
} happy[] = {
	/* the last PAR and PAN, two pings, termination: 2 + 4 + 2 */
	{"EAP-PSK", {.method = PLAY_PSK}, 8},
	{"EAP-GPSK 1", {.method = PLAY_GPSK_1}, 8},
	{"EAP-GPSK 2", {.method = PLAY_GPSK_2}, 8},
	{"EAP-TLS", {.method = PLAY_TLS}, 8},
	{"no key", {.method = PLAY_MD5}, 0},
	{"IPv6", {.method = PLAY_PSK, .ipv6 = true}, 8},
	{"EAP in PARs of the PaC", {.method = PLAY_PSK, .separate_answers = true}, 8},
	{"by the PAA", {.method = PLAY_PSK, .paa_initiates = true}, 8},
	{"equal ports", {.method = PLAY_PSK, .equal_ports = true}, 8},
	{"loopback", {.method = PLAY_PSK, .loopback = true}, 8},
	{"IP reconfiguration", {.method = PLAY_PSK, .ip_reconfiguration = true}, 8},
	{"refused", {.method = PLAY_PSK, .refuse = true, .plan = PLAN(PART_AUTHENTICATION)}, 0},
	{"unauthorized",
	 {.method = PLAY_PSK, .unauthorized = true, .plan = PLAN(PART_AUTHENTICATION)},
	 2},
	{"terminated by the PAA",
	 {.method = PLAY_PSK, .plan = PLAN(PART_AUTHENTICATION, PART_TERMINATION_BY_PAA)},
	 4},
	{"relay, behind it", {.method = PLAY_PSK, .relay = RELAY_PAA_SIDE}, 8},
	{"relay, both sides", {.method = PLAY_PSK, .relay = RELAY_BOTH_SIDES}, 16},
	{"relay, IPv6", {.method = PLAY_PSK, .relay = RELAY_BOTH_SIDES, .ipv6 = true}, 16},
	{"encrypted", {.method = PLAY_PSK, .encrypt = true}, 8},
	/* re-authentication adds PNR, PNA and four exchanges: 10 */
	{"all parts", {.method = PLAY_PSK, .plan = everything}, 2 + 4 + 10 + 2 + 2 + 10 + 2 + 2},
	{"all parts, EAP in PARs of the PaC",
	 {.method = PLAY_PSK, .separate_answers = true, .plan = everything},
	 2 + 4 + 16 + 2 + 2 + 16 + 2 + 2},
	{"all parts, encrypted",
	 {.method = PLAY_GPSK_1, .encrypt = true, .plan = everything},
	 2 + 4 + 10 + 2 + 2 + 10 + 2 + 2},
	{"all parts, EAP-TLS",
	 {.method = PLAY_TLS, .plan = everything},
	 2 + 4 + 10 + 2 + 2 + 10 + 2 + 2},
	/* ERP adds PNR, PNA and two exchanges: 6 (RFC 6696) */
	{"ERP", {.method = PLAY_PSK, .plan = erp}, 2 + 6 + 2 + 6 + 2},
	{"ERP, EAP in PARs of the PaC",
	 {.method = PLAY_GPSK_2, .separate_answers = true, .plan = erp},
	 2 + 8 + 2 + 8 + 2},
	{"sequence numbers wrap",
	 {.method = PLAY_PSK, .paa_isn = 0xfffffffe, .pac_isn = 0xffffffff, .plan = everything},
	 2 + 4 + 10 + 2 + 2 + 10 + 2 + 2},
};

static void assert_silent(const struct listener *l, const char *name, unsigned auths)
{
	cr_expect(listener_noted(l, NULL) == 0, "%s: notes:%s", name, listener_text(l));
	cr_expect(l->verdicts[VERDICT_VERIFIED] == auths, "%s: %u of %u AUTH values verified", name,
		  l->verdicts[VERDICT_VERIFIED], auths);
	for (unsigned v = VERDICT_WRONG_KEY; v <= VERDICT_UNSUPPORTED; v++)
		cr_expect(l->verdicts[v] == 0, "%s: %u verdicts %s", name, l->verdicts[v],
			  value_name_find(verdict_names, v));
	cr_expect(l->depth == 0, "%s: %d groups left open", name, l->depth);
}

Test(pana_scenarios, nothing_is_noted_where_nothing_is_wrong)
{
	for (size_t i = 0; i < sizeof(happy) / sizeof(happy[0]); i++) {
		struct listener *l = listener_new();

		cr_assert(listener_play(l, &happy[i].options, NULL), "%s", happy[i].name);
		assert_silent(l, happy[i].name, happy[i].auths);
		listener_free(l);
	}
}

Test(pana_scenarios, every_pair_of_algorithms_is_verified)
{
	static const uint32_t prfs[] = {1, 2, 4, 5, 6, 7, 8};
	static const uint32_t integrities[] = {1, 2, 5, 6, 7, 8, 12, 13, 14};

	for (size_t i = 0; i < sizeof(prfs) / sizeof(prfs[0]); i++) {
		for (size_t j = 0; j < sizeof(integrities) / sizeof(integrities[0]); j++) {
			const struct scenario_options options = {
				.method = PLAY_PSK, .prf = prfs[i], .integrity = integrities[j]};
			struct listener *l = listener_new();
			char name[32];

			snprintf(name, sizeof(name), "PRF %u, integrity %u", prfs[i],
				 integrities[j]);
			cr_assert(listener_play(l, &options, NULL), "%s", name);
			assert_silent(l, name, 8);
			listener_free(l);
		}
	}
}

/* RFC 5191 4.3 and 5.5 contradict each other about a PAR in the access phase: that much is told. */
Test(pana_scenarios, reauthentication_by_the_paa_breaks_no_rule_but_the_open_one)
{
	const struct scenario_options options = {.method = PLAY_PSK,
						 .plan = PLAN(PART_AUTHENTICATION,
							      PART_REAUTH_BY_PAA, PART_PING_BY_PAC,
							      PART_TERMINATION_BY_PAC)};
	struct listener *l = listener_new();

	cr_assert(listener_play(l, &options, NULL));
	cr_expect(listener_noted(l, NULL) == 1 && listener_noted(l, "rfc5191-par-in-access") == 1,
		  "%s", listener_text(l));
	cr_expect(l->verdicts[VERDICT_VERIFIED] == 2 + 8 + 2 + 2);
	listener_free(l);
}
