/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every rule of the catalogue is broken by a conversation, and by its correct twin no rule is. */
#include <criterion/criterion.h>
#include <string.h>

#include "talk.h"

static const struct probe *const lists[] = {eap_probes_3748, eap_probes_psk, eap_probes_gpsk,
					    eap_probes_erp};

enum { LISTS = sizeof(lists) / sizeof(lists[0]) };

/* Rules from here on tell what a receiver does: no message by itself breaks them. */
enum { JUDGED_FROM_TRAFFIC = EAP_R_3748_LENGTH_DISCARD };

static void speak(struct talk *t, const struct probe *probe, const char *text)
{
	talk_begin(t);
	talk(t, text);
	cr_expect_not(t->told.outside, "%s: an offset was outside its source: %s",
		      eap_rules[probe->rule].id, text);
	cr_expect_eq(t->told.depth, 0);
	talk_end(t);
}

static void check_right(const struct probe *probe)
{
	struct talk t;

	if (!probe->right)
		return;
	speak(&t, probe, probe->right);
	cr_expect_eq(t.told.note_count, 0, "%s, correct twin: %s\n%s", eap_rules[probe->rule].id,
		     t.told.first, probe->right);
}

static void check_broken(const struct probe *probe)
{
	struct talk t;

	if (!probe->broken)
		return;
	speak(&t, probe, probe->broken);
	cr_expect(t.told.notes[probe->rule], "%s did not fire, but %s\n%s",
		  eap_rules[probe->rule].id, t.told.note_count ? t.told.first : "nothing",
		  probe->broken);
}

Test(eap_rules, a_correct_conversation_breaks_none)
{
	for (size_t i = 0; i < LISTS; i++) {
		for (const struct probe *probe = lists[i]; probe->rule != EAP_RULES; probe++)
			check_right(probe);
	}
}

Test(eap_rules, each_is_broken_by_its_probe)
{
	for (size_t i = 0; i < LISTS; i++) {
		for (const struct probe *probe = lists[i]; probe->rule != EAP_RULES; probe++)
			check_broken(probe);
	}
}

Test(eap_rules, each_that_traffic_shows_has_a_probe_and_a_correct_twin)
{
	bool has_right[EAP_RULES] = {false}, has_broken[EAP_RULES] = {false};

	for (size_t i = 0; i < LISTS; i++) {
		for (const struct probe *probe = lists[i]; probe->rule != EAP_RULES; probe++) {
			has_right[probe->rule] |= probe->right != NULL;
			has_broken[probe->rule] |= probe->broken != NULL;
		}
	}
	for (size_t i = 0; i < JUDGED_FROM_TRAFFIC; i++) {
		cr_expect(has_right[i], "%s has no correct twin", eap_rules[i].id);
		cr_expect(has_broken[i], "%s has no probe", eap_rules[i].id);
	}
}

Test(eap_rules, each_has_an_id_of_its_own_a_role_a_section_and_a_text)
{
	for (size_t i = 0; i < EAP_RULES; i++) {
		const struct rule *rule = &eap_rules[i];

		cr_assert(rule->id && rule->role && rule->section && rule->text, "rule %zu", i);
		cr_expect_eq(strncmp(rule->id, "rfc", 3), 0, "%s", rule->id);
		cr_expect_eq(strncmp(rule->id + 3, rule->section + 4, 4), 0, "%s", rule->id);
		for (size_t j = 0; j < i; j++)
			cr_expect_str_neq(rule->id, eap_rules[j].id);
	}
}

Test(eap_fields, each_has_a_name_of_its_own_under_eap)
{
	for (size_t i = 0; i < EAP_FIELDS; i++) {
		const struct field *field = &eap_fields[i];

		cr_assert(field->name && field->label && field->section, "field %zu", i);
		cr_expect(i == 0 || !strncmp(field->name, "eap.", 4), "%s", field->name);
		for (size_t j = 0; j < i; j++)
			cr_expect_str_neq(field->name, eap_fields[j].name);
		if (field->kind == FIELD_UINT || field->kind == FIELD_BIT)
			cr_expect(field->width >= 1 && field->width <= 8, "%s", field->name);
	}
}
