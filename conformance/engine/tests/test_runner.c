/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cases played in the simulated world, against reference roles with and without faults. */
#include <criterion/criterion.h>
#include <string.h>

#include "conformance/engine/runner.h"
#include "conformance/engine/test_report.h"

static const char keys_text[] = "\"eap-psk\",\"user@assay\",\"text:sixteen octets..\"\n"
				"\"radius\",\"*\",\"text:secret\"\n";

#define OPEN                      \
	"  start s as pana.pac\n" \
	"  send PCI of s\n"       \
	"  expect PAR C of s\n"   \
	"  send PAN C of s\n"     \
	"  wait 100ms\n"

/* What came of one case. */
struct outcome_of_case {
	enum test_verdict verdict;
	uint32_t frame;
	char reason[TEST_REASON_SIZE], field[64], wanted[EXPECT_TEXT_SIZE], got[EXPECT_TEXT_SIZE];
	char broken[80];
};

struct listener {
	struct test_report report;
	struct outcome_of_case last;
};

static void on_result(struct test_report *r, const struct test_result *result)
{
	struct outcome_of_case *o = &((struct listener *)r)->last;

	*o = (struct outcome_of_case){.verdict = result->verdict, .frame = result->frame};
	g_strlcpy(o->reason, result->reason, sizeof(o->reason));
	g_strlcpy(o->field, result->mismatch.field, sizeof(o->field));
	g_strlcpy(o->wanted, result->mismatch.wanted, sizeof(o->wanted));
	g_strlcpy(o->got, result->mismatch.got, sizeof(o->got));
	g_strlcpy(o->broken, result->rule ? result->rule->id : "", sizeof(o->broken));
}

static struct outcome_of_case play(const char *role, const char *text, const char *fault)
{
	static const struct test_report_ops ops = {.result = on_result};
	struct listener listener = {.report = {.ops = &ops, .options.stream = stdout}};
	char error[CASE_ERROR_SIZE];
	char *file = g_strdup_printf("suite %s\n%s", role, text);
	struct suite *suite = suite_load_octets("test", file, strlen(file), error, sizeof(error));
	struct runner_options options = {.timescale = 1, .shards = 1, .shard = 1};
	struct runner *runner;

	cr_assert(suite, "%s", error);
	options.level = RULE_OPEN;
	options.keys = key_store_new();
	key_store_parse(options.keys, "keys", keys_text, strlen(keys_text), error, sizeof(error));
	options.target = (struct target){.role = role,
					 .reference = true,
					 .fault = fault,
					 .keys = options.keys,
					 .profile = device_profile_new(true),
					 .identity = "user@assay",
					 .seed = 1};
	options.reports = g_ptr_array_new();
	g_ptr_array_add(options.reports, &listener.report);
	runner = runner_new(&options);
	runner_run(runner, suite);
	runner_free(runner);
	g_ptr_array_free(options.reports, TRUE);
	device_profile_free(options.target.profile);
	key_store_free(options.keys);
	suite_free(suite);
	g_free(file);
	return listener.last;
}

static const char bad_auth[] = "case c \"\"\n  req rfc5191-auth-verify\n" OPEN
			       "  send PNR ping of s\n    pana.auth flip last bit\n"
			       "  silence 2s\n  alive s\n";

Test(runner, message_with_wrong_auth_is_seen_to_be_discarded)
{
	struct outcome_of_case o = play("pana.paa", bad_auth, NULL);

	cr_assert_eq(o.verdict, TEST_PASS, "%s", o.reason);
}

Test(runner, device_that_takes_a_wrong_auth_fails_with_wanted_and_got)
{
	struct outcome_of_case o = play("pana.paa", bad_auth, "auth-not-verified");

	cr_assert_eq(o.verdict, TEST_FAIL);
	cr_assert_str_eq(o.wanted, "nothing");
	cr_assert(strstr(o.got, "PANA-Notification-Answer"), "%s", o.got);
	cr_assert_gt(o.frame, 0);
}

Test(runner, silence_without_alive_is_inconclusive)
{
	struct outcome_of_case o = play("pana.paa",
					"case c \"\"\n" OPEN "  send PNR ping of s\n"
					"    pana.auth flip last bit\n  silence 2s\n",
					NULL);

	cr_assert_eq(o.verdict, TEST_INCONCLUSIVE);
}

Test(runner, constraint_that_is_not_kept_names_field_wanted_and_got)
{
	struct outcome_of_case o =
		play("pana.paa",
		     "case c \"\"\n  start s as pana.pac\n  send PCI of s\n  expect PAR S of s\n"
		     "    pana.flags.c == 1\n",
		     NULL);

	cr_assert_eq(o.verdict, TEST_FAIL);
	cr_assert_str_eq(o.field, "pana.flags.c");
	cr_assert_str_eq(o.wanted, "== 1");
	cr_assert_str_eq(o.got, "not set");
	cr_assert_eq(o.frame, 2);
}

Test(runner, kept_value_is_compared_with_later_ones)
{
	struct outcome_of_case o =
		play("pana.paa",
		     "case c \"\"\n  start s as pana.pac\n  send PCI of s\n  expect PAR S of s\n"
		     "  keep pana.sid of s as $SID\n  expect PAR C of s\n    pana.sid == $SID\n",
		     NULL);

	cr_assert_eq(o.verdict, TEST_PASS, "%s: %s, %s", o.reason, o.wanted, o.got);
}

Test(runner, message_that_does_not_come_fails)
{
	struct outcome_of_case o = play(
		"pana.paa",
		"case c \"\"\n  start s as pana.pac\n  send PCI of s\n  expect PTR of s\n", NULL);

	cr_assert_eq(o.verdict, TEST_FAIL);
	cr_assert_str_eq(o.wanted, "PTR");
}

Test(runner, retransmissions_are_awaited_in_the_specifications_window)
{
	struct outcome_of_case o =
		play("pana.paa",
		     "case c \"\"\n  start s as pana.pac\n  send PCI of s\n  expect PAR S of s\n"
		     "  send PAN S of s\n  expect PAR of s\n"
		     "  repeat 4\n    expect PAR again of s within rt\n  end\n",
		     NULL);

	cr_assert_eq(o.verdict, TEST_PASS, "%s: %s, %s", o.reason, o.wanted, o.got);
}

Test(runner, client_device_is_triggered_and_eap_over_radius_is_played)
{
	struct outcome_of_case pac = play("pana.pac",
					  "case c \"\"\n  start s as pana.paa\n  trigger start\n"
					  "  expect PAN C of s\n  wait 100ms\n  alive s\n",
					  NULL);
	struct outcome_of_case server = play("eap.server",
					     "case c \"\"\n  needs eap=psk\n"
					     "  start s as eap.peer\n"
					     "  send Response Identity of s\n"
					     "  expect Request PSK-3 of s\n"
					     "    ok(eap.psk.mac_s.status)\n"
					     "  expect Success of s\n",
					     NULL);

	cr_assert_eq(pac.verdict, TEST_PASS, "%s", pac.reason);
	cr_assert_eq(server.verdict, TEST_PASS, "%s: %s, %s", server.reason, server.wanted,
		     server.got);
}

Test(runner, same_seed_plays_the_same)
{
	const char *text = "case c \"\"\n  start s as pana.pac\n  send PCI of s\n"
			   "  expect PAR S of s\n    pana.sid == 0\n";
	struct outcome_of_case a = play("pana.paa", text, NULL), b = play("pana.paa", text, NULL);

	cr_assert_eq(a.verdict, TEST_FAIL);
	cr_assert_str_eq(a.got, b.got);
}

/* ---- selection ---- */

Test(runner, expressions_select_cases)
{
	static const struct rule rule = {.id = "rfc5191-auth-verify"};
	GPtrArray *rules = g_ptr_array_new();
	struct test_case c = {.name = (char *)(uintptr_t) "header-wrong/PAR", .rules = rules};

	g_ptr_array_add(rules, (gpointer)(uintptr_t)&rule);
	cr_assert(runner_takes(NULL, &c));
	cr_assert(runner_takes("wrong", &c));
	cr_assert(runner_takes("rfc5191-auth-verify", &c));
	cr_assert(runner_takes("header and not PAN", &c));
	cr_assert(runner_takes("none or (PAR and wrong)", &c));
	cr_assert(runner_takes("=header-wrong/PAR", &c));
	cr_assert_not(runner_takes("=header-wrong", &c));
	cr_assert_not(runner_takes("not header", &c));
	g_ptr_array_free(rules, TRUE);
}

/* ---- profile and baseline ---- */

Test(device_profile, values_claimed_meet_needs_and_others_do_not)
{
	struct device_profile *p = device_profile_new(false);
	struct case_pair psk = {.name = (char *)(uintptr_t) "eap",
				.value = (char *)(uintptr_t) "psk"};
	struct case_pair refuse = {.name = (char *)(uintptr_t) "refuse",
				   .value = (char *)(uintptr_t) "yes"};
	GPtrArray *needs = g_ptr_array_new();
	char text[256];

	g_ptr_array_add(needs, &psk);
	cr_assert(device_profile_meets(p, needs, text, sizeof(text)));
	g_ptr_array_add(needs, &refuse);
	cr_assert_not(device_profile_meets(p, needs, text, sizeof(text)));
	cr_assert(device_profile_parse(p, "p", "# ours\nrefuse = yes, no\n", text, sizeof(text)));
	cr_assert(device_profile_meets(p, needs, text, sizeof(text)));
	cr_assert(device_profile_parse(p, "p", "eap = gpsk\n", text, sizeof(text)));
	cr_assert_not(device_profile_meets(p, needs, text, sizeof(text)));
	psk.value = (char *)(uintptr_t) "psk,gpsk-1"; /* both */
	cr_assert(device_profile_parse(p, "p", "eap = gpsk-1 gpsk-2\n", text, sizeof(text)));
	cr_assert_not(device_profile_meets(p, needs, text, sizeof(text)));
	cr_assert(device_profile_parse(p, "p", "eap = gpsk-1, psk\n", text, sizeof(text)));
	cr_assert(device_profile_meets(p, needs, text, sizeof(text)));
	cr_assert_not(device_profile_parse(p, "p", "\ncolour = red\n", text, sizeof(text)));
	cr_assert(strstr(text, "p:2:"), "%s", text);
	g_ptr_array_free(needs, TRUE);
	device_profile_free(p);
}

Test(baseline, known_failures_are_found_by_suite_and_glob)
{
	char error[256];
	struct baseline *b =
		baseline_parse("b", "# known\neap.peer id-* xfail RFC 3748 4.1: a new one\n", error,
			       sizeof(error));

	cr_assert(b, "%s", error);
	cr_assert_str_eq(baseline_why(b, "eap.peer", "id-reused"), "RFC 3748 4.1: a new one");
	cr_assert_null(baseline_why(b, "eap.server", "id-reused"));
	cr_assert_null(baseline_parse("b", "eap.peer x xfail\n", error, sizeof(error)));
	cr_assert(strstr(error, "b:1:"), "%s", error);
	baseline_free(b);
}
