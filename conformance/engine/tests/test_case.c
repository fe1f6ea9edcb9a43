/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Case files: what the parser makes of them. */
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

#include "conformance/engine/case.h"

static char error[CASE_ERROR_SIZE];

static struct suite *load(const char *text)
{
	error[0] = '\0';
	return suite_load_octets("t.case", text, strlen(text), error, sizeof(error));
}

static struct suite *load_good(const char *text)
{
	struct suite *s = load(text);

	cr_assert(s, "%s", error);
	return s;
}

static const struct test_case *case_at(const struct suite *s, guint i)
{
	cr_assert_lt(i, s->cases->len);
	return g_ptr_array_index(s->cases, i);
}

static const struct case_step *step_at(const GPtrArray *steps, guint i)
{
	cr_assert_lt(i, steps->len);
	return g_ptr_array_index(steps, i);
}

#define OPEN                         \
	"suite pana.paa\n"           \
	"define session.open\n"      \
	"  start self as pana.pac\n" \
	"  send PCI of self\n"       \
	"  expect PAR C of self\n"   \
	"end\n"

Test(case_file, the_example_of_the_architecture_is_read)
{
	struct suite *s = load_good(
		OPEN "case bad-auth-is-discarded \"A message whose AUTH is wrong is silently "
		     "discarded\"\n"
		     "  req     rfc5191-auth-verify\n"
		     "  needs   eap=psk\n"
		     "  use     session.open as s\n"
		     "  send    PNR ping of s\n"
		     "    pana.auth  flip last bit     # everything else is computed\n"
		     "  silence 2s\n"
		     "  alive   s                      # proves nothing unless it answers\n");
	const struct test_case *t = case_at(s, 0);
	const struct case_pair *need = g_ptr_array_index(t->needs, 0);
	const struct case_change *c;

	cr_assert_str_eq(s->name, "pana.paa");
	cr_assert_str_eq(t->name, "bad-auth-is-discarded");
	cr_assert_eq(t->rules->len, 1);
	cr_assert_eq(t->level, RULE_MUST);
	cr_assert_str_eq(need->name, "eap");
	cr_assert_str_eq(need->value, "psk");
	cr_assert_eq(t->steps->len, 4);
	cr_assert_eq(step_at(t->steps, 1)->kind, STEP_SEND);
	c = g_ptr_array_index(step_at(t->steps, 1)->changes, 0);
	cr_assert_str_eq(c->target, "pana.auth");
	cr_assert_eq(c->kind, CHANGE_FLIP);
	cr_assert_str_eq(c->value, "last");
	cr_assert_eq(step_at(t->steps, 2)->time, 2000000000u);
	cr_assert_eq(step_at(t->steps, 3)->kind, STEP_ALIVE);
	suite_free(s);
}

Test(case_file, a_fragment_is_played_by_the_player_it_is_used_for)
{
	struct suite *s = load_good(OPEN "case a \"a\"\n"
					 "  use session.open as meter with prf=2,5\n"
					 "  send PTR of meter\n");
	const struct case_step *use = step_at(case_at(s, 0)->steps, 0);
	const struct case_step *start = step_at(use->steps, 0);
	const struct case_pair *pair = g_ptr_array_index(start->settings, 0);

	cr_assert_eq(use->kind, STEP_USE);
	cr_assert_eq(use->steps->len, 3);
	cr_assert_str_eq(start->player, "meter");
	cr_assert_str_eq(pair->name, "prf");
	cr_assert_str_eq(pair->value, "2,5");
	cr_assert(suite_define(s, "session.open"));
	cr_assert_null(suite_define(s, "session.shut"));
	suite_free(s);
}

Test(case_file, a_family_is_a_test_per_row)
{
	struct suite *s = load_good(OPEN "case wrong \"$WHAT of $MESSAGE is wrong\"\n"
					 "  each MESSAGE in \"PNR ping\" PTR\n"
					 "  each WHAT CHANGE in \"sid 'pana.sid = 0'\"\n"
					 "    \"seq 'pana.seq = +1'\"\n"
					 "  use session.open as s\n"
					 "  send $MESSAGE of s\n"
					 "    $CHANGE\n");
	const struct test_case *t = case_at(s, 1);
	const struct case_step *send = step_at(t->steps, 1);
	const struct case_change *c = g_ptr_array_index(send->changes, 0);

	cr_assert_eq(s->cases->len, 4);
	cr_assert_str_eq(case_at(s, 0)->name, "wrong/PNR-ping,sid");
	cr_assert_str_eq(t->name, "wrong/PNR-ping,seq");
	cr_assert_str_eq(case_at(s, 3)->name, "wrong/PTR,seq");
	cr_assert_str_eq(t->summary, "seq of PNR ping is wrong");
	cr_assert_str_eq(t->each_name, "MESSAGE WHAT CHANGE");
	cr_assert_str_eq(send->message->kind, "PNR");
	cr_assert_str_eq(g_ptr_array_index(send->message->words, 0), "ping");
	cr_assert_str_eq(c->target, "pana.seq");
	cr_assert_str_eq(c->value, "+1");
	suite_free(s);
}

Test(case_file, rules_of_a_family_may_be_its_values)
{
	struct suite *s = load_good(OPEN "case sent \"$RULE\"\n"
					 "  each RULE in rfc5191-length rfc5191-nonce-20\n"
					 "  req $RULE\n"
					 "  use session.open as s\n");

	cr_assert_eq(case_at(s, 0)->level, RULE_MUST);
	cr_assert_eq(case_at(s, 1)->level, RULE_SHOULD);
	suite_free(s);
}

Test(case_file, alternatives_and_constraints_belong_to_their_message)
{
	struct suite *s = load_good(OPEN "case a \"a\"\n"
					 "  use session.open as s\n"
					 "  expect PNA ping of s within 900ms..1100ms\n"
					 "    pana.seq in 1, 5..7\n"
					 "    ok(pana.auth.status)\n"
					 "  or PNA reauth\n"
					 "    pana.nonce absent\n"
					 "  expect PAR again of s within rt\n");
	const struct case_step *e = step_at(case_at(s, 0)->steps, 1);
	const struct case_message *first = g_ptr_array_index(e->alternatives, 0);
	const struct case_message *second = g_ptr_array_index(e->alternatives, 1);
	const struct case_constraint *in = g_ptr_array_index(first->constraints, 0);
	const struct case_constraint *ok = g_ptr_array_index(first->constraints, 1);

	cr_assert_eq(e->alternatives->len, 2);
	cr_assert_eq(e->earliest, 900000000u);
	cr_assert_eq(e->time, 1100000000u);
	cr_assert_eq(in->kind, CONSTRAINT_IN);
	cr_assert_eq(in->values->len, 2);
	cr_assert_eq(ok->kind, CONSTRAINT_OK);
	cr_assert_str_eq(g_ptr_array_index(second->words, 0), "reauth");
	cr_assert_eq(second->constraints->len, 1);
	cr_assert(step_at(case_at(s, 0)->steps, 2)->schedule);
	suite_free(s);
}

Test(case_file, changes_of_every_kind_are_read)
{
	struct suite *s = load_good(OPEN "case a \"a\"\n"
					 "  use session.open as s\n"
					 "  send PTR of s\n"
					 "    pana.length = +4 on wire\n"
					 "    pana.nonce zero\n"
					 "    pana.nonce random before mac\n"
					 "    pana.nonce cut 3\n"
					 "    pana.nonce add 00ff on wire\n"
					 "    pana.auth flip 80\n"
					 "    avp Nonce remove\n"
					 "    avp Nonce insert = 0011 first\n"
					 "    avp 37244/1 duplicate\n"
					 "    avp AUTH move before last\n"
					 "    pana.avp.data_length@AUTH = 3\n"
					 "    pana.prf_algorithm#2 = PRF_HMAC_SHA1\n"
					 "    octets cut 4\n"
					 "    source.port = 40000\n");
	const GPtrArray *changes = step_at(case_at(s, 0)->steps, 1)->changes;
	const struct case_change *wire = g_ptr_array_index(changes, 0);
	const struct case_change *insert = g_ptr_array_index(changes, 7);
	const struct case_change *move = g_ptr_array_index(changes, 9);

	cr_assert_eq(changes->len, 14);
	cr_assert_eq(wire->layer, CHANGE_ON_WIRE);
	cr_assert(insert->element);
	cr_assert_str_eq(insert->target, "Nonce");
	cr_assert_str_eq(insert->value, "0011");
	cr_assert_eq(insert->position, POSITION_FIRST);
	cr_assert_eq(move->kind, CHANGE_MOVE);
	cr_assert_eq(move->position, POSITION_BEFORE_LAST);
	suite_free(s);
}

Test(case_file, kept_values_repetitions_and_triggers_are_read)
{
	struct suite *s = load_good(OPEN "case a \"a\"\n"
					 "  use session.open as s\n"
					 "  keep pana.sid of s as $sid\n"
					 "  repeat 3\n"
					 "    trigger ping\n"
					 "    expect PNR ping of s\n"
					 "      pana.sid == $sid\n"
					 "    wait 1.5s\n"
					 "  end\n"
					 "  alive new\n"
					 "end\n");
	const GPtrArray *steps = case_at(s, 0)->steps;

	cr_assert_str_eq(step_at(steps, 1)->name, "sid");
	cr_assert_eq(step_at(steps, 2)->count, 3);
	cr_assert_eq(step_at(steps, 2)->steps->len, 3);
	cr_assert_eq(step_at(step_at(steps, 2)->steps, 2)->time, 1500000000u);
	cr_assert_null(step_at(steps, 3)->player);
	suite_free(s);
}

/* ---- errors ---- */

/* A text, and how its first error begins. */
static const struct {
	const char *text, *error;
} wrong[] = {
	{"", "t.case:1:1: wanted 'suite ROLE'"},
	{"suite pana.paa\n", "t.case:1:1: wanted a case, found none"},
	{"suite pana.dog\n", "t.case:1:7: wanted the name of the role"},
	{"suite\n", "t.case:1:6: wanted the name of the role that the suite tests, found the end"},
	{"suite pana.paa\nsuite pana.pac\n", "t.case:2:1: wanted one 'suite' only"},
	{"dog\n", "t.case:1:1: wanted 'suite', 'include', 'define' or 'case', found 'dog'"},
	{"suite pana.paa\ninclude \"no-such.case\"\n",
	 "t.case:2:9: wanted a file that can be read"},
	{"suite pana.paa \"x\n", "t.case:1:16: wanted the end of a string"},
	{"suite pana.paa\n\001\n", "t.case:2:1: wanted text, found the octet 0x01"},
	{"suite pana.paa\nca\xff\n", "t.case:2:3: wanted text in UTF-8"},
	{OPEN "define session.open\nend\n", "t.case:7:8: wanted a name that no other fragment has"},
	{OPEN "define x\n  wait 1s\n", "t.case:7:8: wanted an 'end' of this 'define'"},
	{OPEN "case\n", "t.case:7:5: wanted a name for the case, found the end of the line"},
	{OPEN "case a/b \"a\"\n", "t.case:7:6: wanted a name for the case"},
	{OPEN "case a a\n", "t.case:7:8: wanted what the case is about, in quotes, found 'a'"},
	{OPEN "case a \"a\"\n", "t.case:7:6: wanted a case with steps, found none"},
	{OPEN "case a \"a\"\n  wait 1s\ncase a \"a\"\n  wait 1s\n",
	 "t.case:9:6: wanted a name that no other case has, found 'a'"},
	{OPEN "case a \"a\"\n  req rfc5191-auth-verfy\n",
	 "t.case:8:7: wanted the id of a rule (there is 'rfc5191-auth-verify'), found"},
	{OPEN "case a \"a\"\n  needs eap\n", "t.case:8:12: wanted '=', found the end of the line"},
	{OPEN "case a \"a\"\n  level high\n", "t.case:8:9: wanted a level: must"},
	{OPEN "case a \"a\"\n  each X in\n", "t.case:8:12: wanted a value, found the end"},
	{OPEN "case a \"a\"\n  each X Y in z\n", "t.case:8:15: wanted a string of 2 words"},
	{OPEN "case a \"a\"\n  wait 1s\n  req rfc5191-length\n", "t.case:9:3: wanted a step"},
	{OPEN "case a \"a\"\n  wait 1s\nend\n  wait 1s\n", "t.case:10:3: wanted 'case', 'define'"},
	{OPEN "case a \"a\"\n  use session.shut as s\n",
	 "t.case:8:7: wanted the name of a fragment that is defined above, found 'session.shut'"},
	{OPEN "case a \"a\"\n  use session.open\n", "t.case:8:19: wanted 'as', found the end"},
	{OPEN "case a \"a\"\n  use session.open as s\n  use session.open as s\n",
	 "t.case:9:23: wanted a name that no other player has"},
	{OPEN "case a \"a\"\n  start s as pana.dog\n", "t.case:8:14: wanted the name of a role"},
	{OPEN "case a \"a\"\n  start s as pana.pac with x\n", "t.case:8:29: wanted '='"},
	{OPEN "case a \"a\"\n  send PTR of s\n",
	 "t.case:8:15: wanted a player that has been started"},
	{OPEN "define e\n  send PTR of self\nend\ncase a \"a\"\n  use e as s\n",
	 "t.case:11:12: wanted a player 's' that has been started: 'e' speaks of it"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  send DOG of s\n",
	 "t.case:9:8: wanted a kind of message"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  send PTR S of s\n",
	 "t.case:9:12: wanted a flag or variant of PTR, or 'of', found 'S'"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  send any of s\n",
	 "t.case:9:8: wanted a kind of message to send, found 'any'"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  send PTR\n", "t.case:9:11: wanted a word of"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  send PTR of s\n    pana.sequence = 1\n",
	 "t.case:10:5: wanted the name of a field (there is 'pana.se"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  send PTR of s\n    pana.seq\n",
	 "t.case:10:13: wanted '=', 'flip', 'zero', 'cut', 'add' or 'random', found the end"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  send PTR of s\n    pana.seq = dog\n",
	 "t.case:10:16: wanted a number that fits the field"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  send PTR of s\n    pana.type = 65536\n",
	 "t.case:10:17: wanted a number that fits the field"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  send PTR of s\n    pana.nonce = 0\n",
	 "t.case:10:18: wanted octets in hexadecimal digits"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  send PTR of s\n    pana.phase = 1\n",
	 "t.case:10:5: wanted a field that stands in the message"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  send PTR of s\n    pana.seq#0 = 1\n",
	 "t.case:10:5: wanted FIELD#NUMBER"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  send PTR of s\n    pana.avp.code@Dog = 1\n",
	 "t.case:10:5: wanted FIELD@ELEMENT"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  send PTR of s\n    pana.seq = $x\n",
	 "t.case:10:16: wanted a name bound by 'keep' or 'each', found '$x'"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  send PTR of s\n    pana.seq zero on air\n",
	 "t.case:10:19: wanted 'on wire'"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  send PTR of s\n    pana.auth flip one\n",
	 "t.case:10:20: wanted 'first bit', 'last bit' or a mask"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  send PTR of s\n    pana.auth cut 0\n",
	 "t.case:10:19: wanted a number of octets, 1 to 65535"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  send PTR of s\n    avp Dog remove\n",
	 "t.case:10:9: wanted the name or number of an element, found 'Dog'"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  send PTR of s\n    avp AUTH grow\n",
	 "t.case:10:14: wanted 'remove', 'insert', 'duplicate' or 'move'"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  send PTR of s\n    avp AUTH move up\n",
	 "t.case:10:19: wanted 'first', 'before last' or 'last'"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  expect PTR of s within soon\n",
	 "t.case:9:26: wanted a time"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  expect PTR of s\n    pana.seq near 1\n",
	 "t.case:10:14: wanted '==', '!=', 'in', 'len', 'matches', 'present' or 'absent'"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  expect PTR of s\n    pana.seq == dog\n",
	 "t.case:10:17: wanted a number that fits the field"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  expect PTR of s\n    pana.nonce len x\n",
	 "t.case:10:20: wanted a number of octets, or a range"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  expect PTR of s\n    ok(pana.seq)\n",
	 "t.case:10:8: wanted a field that tells a verdict"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  expect PTR of s\n  or PTA of s\n",
	 "t.case:10:10: wanted the end of the line: an alternative is of the same player"},
	{OPEN "case a \"a\"\n  silence long\n",
	 "t.case:8:11: wanted a time (2s, 300ms), found 'long'"},
	{OPEN "case a \"a\"\n  silence 2s 3s\n", "t.case:8:14: wanted the end of the line"},
	{OPEN "case a \"a\"\n  repeat 0\n  end\n", "t.case:8:10: wanted how many times, 1 to 1000"},
	{OPEN "case a \"a\"\n  repeat 2\n  wait 1s\n",
	 "t.case:8:3: wanted an 'end' of this 'repeat'"},
	{OPEN "case a \"a\"\n  trigger dance\n", "t.case:8:11: wanted 'start', 'ping'"},
	{OPEN "case a \"a\"\n  start s as pana.pac\n  keep pana.sid of s as sid\n",
	 "t.case:9:25: wanted a name that begins with $"},
	{OPEN "case a \"a\"\n  alive s\n", "t.case:8:9: wanted a player that has been started"},
};

Test(case_file, an_error_names_its_place_and_what_was_wanted)
{
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		struct suite *s = load(wrong[i].text);

		cr_expect_null(s, "taken: %s", wrong[i].text);
		cr_expect(g_str_has_prefix(error, wrong[i].error), "wanted \"%s\", found \"%s\"",
			  wrong[i].error, error);
		suite_free(s);
	}
}

Test(case_file, several_errors_are_told)
{
	cr_assert_null(load(OPEN "case a \"a\"\n  dog\ncase b \"b\"\n  cat\n"));
	cr_assert(strstr(error, "t.case:8:3: "));
	cr_assert(strstr(error, "\nt.case:10:3: "));
}

Test(case_file, what_would_never_end_is_refused)
{
	GString *text = g_string_new("suite pana.paa\n");

	/* Repetitions in repetitions, fragments in fragments. */
	g_string_append(text, "case a \"a\"\n repeat 1000\n repeat 1000\n repeat 1000\n wait 1s\n"
			      " end\n end\n end\n");
	cr_assert_null(load(text->str));
	cr_assert(strstr(error, "repetitions counted out"), "%s", error);
	g_string_assign(text, "suite pana.paa\ndefine f0\n wait 1s\nend\n");
	for (unsigned i = 1; i < 8; i++) {
		g_string_append_printf(text, "define f%u\n", i);
		for (unsigned n = 0; n < 50; n++)
			g_string_append_printf(text, " use f%u as self\n", i - 1);
		g_string_append(text, "end\n");
	}
	g_string_append(text, "case a \"a\"\n use f7 as s\n");
	cr_assert_null(load(text->str));
	g_string_free(text, TRUE);
}

Test(case_file, a_file_that_includes_itself_is_refused)
{
	char *folder = g_dir_make_tmp("assay-case-XXXXXX", NULL);
	char *path = g_build_filename(folder, "self.case", NULL);

	cr_assert(g_file_set_contents(path, "suite pana.paa\ninclude \"self.case\"\n", -1, NULL));
	cr_assert_null(suite_load(path, error, sizeof(error)));
	cr_assert(strstr(error, ":2:9: wanted a file that does not include itself"), "%s", error);
	g_remove(path);
	g_rmdir(folder);
	g_free(path);
	g_free(folder);
}
