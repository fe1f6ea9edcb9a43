/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every fault of the EAP ends is played in every situation, beside the faultless end. It shows in a
 * situation where the onlooker notes its rule oftener, or where other messages come and go.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "eap_scenarios.h"

static const struct {
	const struct scenario *rows;
	const size_t *count;
} groups[] = {
	{scenarios, &scenario_count},
	{psk_scenarios, &psk_scenario_count},
	{gpsk_scenarios, &gpsk_scenario_count},
	{erp_scenarios, &erp_scenario_count},
};

static void play(struct pair *p, const struct scenario *s, const char *peer_fault,
		 const char *server_fault)
{
	pair_init(p, s->method);
	pair_fault(p, peer_fault, server_fault);
	p->peer_role.settings.erp = p->server_role.settings.erp = s->erp;
	p->server_role.settings.unauthorized = s->unauthorized;
	p->server_role.settings.notify = s->notify;
	s->play(p, s);
}

static bool shows(const struct scenario *s, const struct fault *fault, bool of_peer)
{
	struct pair plain, faulty;
	bool shown;

	play(&plain, s, NULL, NULL);
	play(&faulty, s, of_peer ? fault->name : NULL, of_peer ? NULL : fault->name);
	shown = pair_noted(&faulty, fault->rule) > pair_noted(&plain, fault->rule) ||
		strcmp(faulty.trace, plain.trace) != 0;
	pair_clear(&plain);
	pair_clear(&faulty);
	return shown;
}

static bool passes(const struct scenario *s, const struct fault *fault, bool of_peer)
{
	struct pair p;
	bool right;

	play(&p, s, of_peer ? fault->name : NULL, of_peer ? NULL : fault->name);
	right = p.peer_success && p.server_success && !pair_breaches(&p) &&
		eap_peer_msk(p.peer)->length == 64 &&
		!memcmp(eap_peer_msk(p.peer)->octets, eap_server_msk(p.server)->octets, 64);
	pair_clear(&p);
	return right;
}

static void try_fault(const struct fault *fault, bool of_peer)
{
	size_t shown = 0;
	bool happy = true;

	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++) {
		for (size_t i = 0; i < *groups[g].count; i++) {
			const struct scenario *s = &groups[g].rows[i];

			shown += shows(s, fault, of_peer);
			if (s->happy && !passes(s, fault, of_peer))
				happy = false;
		}
	}
	cr_expect_gt(shown, 0, "%s shows in no situation", fault->name);
	cr_expect_eq(happy, fault->happy, "%s: the happy path %s", fault->name,
		     happy ? "passes" : "fails");
}

Test(eap_faults, each_fault_of_the_peer_shows_and_spares_the_happy_path_if_it_says_so)
{
	for (size_t i = 0; i < eap_peer_fault_count; i++)
		try_fault(&eap_peer_faults[i], true);
}

Test(eap_faults, each_fault_of_the_server_shows_and_spares_the_happy_path_if_it_says_so)
{
	for (size_t i = 0; i < eap_server_fault_count; i++)
		try_fault(&eap_server_faults[i], false);
}

static void expect_letter(const struct scenario *s, char letter, bool found, const char *what)
{
	cr_expect_eq(strchr(s->wanted, letter) != NULL, found, "%s: %s: %s", s->name, what,
		     found ? "yes" : "no");
}

Test(eap_situations, faultless_ends_do_in_each_what_its_specification_says)
{
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++) {
		for (size_t i = 0; i < *groups[g].count; i++) {
			const struct scenario *s = &groups[g].rows[i];
			struct pair p;

			play(&p, s, NULL, NULL);
			expect_letter(s, 'p', p.peer_discarded, "the peer discards");
			expect_letter(s, 's', p.server_discarded, "the server discards");
			expect_letter(s, 'P', p.peer_success, "success at the peer");
			expect_letter(s, 'S', p.server_success, "success at the server");
			expect_letter(s, 'x', p.peer_failure, "failure at the peer");
			expect_letter(s, 'y', p.server_failure, "failure at the server");
			pair_clear(&p);
		}
	}
}

/* ---- the tables ---- */

static bool binds(const struct rule *rule, bool of_peer)
{
	if (!strcmp(rule->role, "any"))
		return true;
	if (of_peer)
		return !strcmp(rule->role, "eap.peer");
	return !strcmp(rule->role, "eap.server") || !strcmp(rule->role, "eap.authenticator");
}

static void check_table(const struct fault *faults, size_t count, bool of_peer)
{
	size_t happy = 0;

	for (size_t i = 0; i < count; i++) {
		const struct rule *rule = pair_rule(faults[i].rule);

		cr_assert(rule, "%s: no rule %s", faults[i].name, faults[i].rule);
		cr_expect(binds(rule, of_peer), "%s: %s binds %s", faults[i].name, rule->id,
			  rule->role);
		happy += faults[i].happy;
		for (size_t k = 0; k < i; k++)
			cr_expect_str_neq(faults[i].name, faults[k].name);
	}
	cr_expect_geq(happy * 5, count * 4, "%zu of %zu spare the happy path", happy, count);
}

Test(eap_faults, each_names_a_rule_that_binds_its_end_and_four_of_five_are_happy)
{
	check_table(eap_peer_faults, eap_peer_fault_count, true);
	check_table(eap_server_faults, eap_server_fault_count, false);
}

/* MUSTs without a fault, with the reason in eap_faults.h or here. */
static const struct {
	const char *rule, *role, *why;
} exceptions[] = {
	{"rfc3748-response-timer", "eap.peer", "a lone Response never leaves a lock-step end"},
	{"rfc3748-retransmission-id", "eap.authenticator", "the carrier retransmits"},
	{"rfc4764-nonce-wrap", "eap.server", "4294967296 messages"},
	{"rfc4764-ext-type", "eap.server", "this server goes on with no extension"},
	{"rfc4764-ext-continues", "eap.server", "this server goes on with no extension"},
	{"rfc4764-ext-payload-length", "eap.server", "this server sends no EXT_Payload"},
	{"rfc5433-iv-same", "eap.server", "it sends protected data in GPSK-3 alone"},
};

static bool is_exception(const struct rule *rule, bool of_peer)
{
	if (!strncmp(rule->id, "rfc5216", 7) || !strncmp(rule->id, "rfc9190", 7))
		return true; /* the roles have no TLS-based method */
	for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++)
		if (!strcmp(exceptions[i].rule, rule->id) &&
		    !strcmp(exceptions[i].role, "eap.peer") == of_peer)
			return true;
	return false;
}

static bool has_fault(const struct fault *faults, size_t count, const char *rule)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(faults[i].rule, rule))
			return true;
	return false;
}

Test(eap_faults, every_must_that_binds_an_end_has_a_fault_there)
{
	for (size_t i = 0; i < eap_protocol.rule_count; i++) {
		const struct rule *rule = &eap_protocol.rules[i];

		if (rule->level != RULE_MUST)
			continue;
		if (binds(rule, true) && !is_exception(rule, true))
			cr_expect(has_fault(eap_peer_faults, eap_peer_fault_count, rule->id),
				  "peer: no fault breaks %s", rule->id);
		if (binds(rule, false) && !is_exception(rule, false))
			cr_expect(has_fault(eap_server_faults, eap_server_fault_count, rule->id),
				  "server: no fault breaks %s", rule->id);
	}
}
