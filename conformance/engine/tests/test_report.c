/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/engine/report.h"

static const struct field field = {.name = "t.auth.status", .label = "AUTH"};
static const struct rule must = {"t-must", RULE_MUST, "any", "RFC 1 2", "A must."};
static const struct rule should = {"t-should", RULE_SHOULD, "any", "RFC 1 3", "A should."};
static const struct rule open_rule = {"t-open", RULE_OPEN, "any", "RFC 1 4", "Open."};

static void describe(const struct conversation *c, struct reader *r)
{
	static const struct field method = {
		.name = "t.method", .label = "Method", .kind = FIELD_STATEMENT, .generated = true};

	(void)c;
	reader_statement(r, &method, "%s", "EAP-PSK");
}

static const struct protocol protocol = {.name = "t"};
static const struct conversation_kind kind = {&protocol, "Test session", describe, NULL};

static struct conversation conversation = {
	.kind = &kind,
	.first = {.frame = 3},
	.last_frame = 9,
	.messages = 5,
};

static char *printed;
static size_t length;

static struct report *report_of(enum report_format format, bool strict)
{
	struct report_options options = {
		.stream = open_memstream(&printed, &length),
		.palette = &palette_none,
		.strict = strict,
	};
	struct report *r = report_new(format, &options);

	report_begin(r);
	return r;
}

static void finish(struct report *r)
{
	struct report_totals totals = {.frames = 9, .messages = 5, .conversations = 1};

	report_end(r, &totals);
	fclose(r->options.stream);
	report_free(r);
}

static struct occurrence occurrence_of(const struct rule *rule, uint32_t frame)
{
	struct occurrence o = {.frame = frame, .note = {.rule = rule, .field = &field}};

	strcpy(o.note.wanted, "this");
	strcpy(o.note.found, "<that> & \"\033\" ]]> #");
	return o;
}

static void report_one(struct report *r, const struct rule *rule)
{
	struct gathering *g = gathering_new(1);
	struct report_conversation c = {"a.pcap", &conversation, g, CLOSED_AT_END};
	struct occurrence first = occurrence_of(rule, 7), second = occurrence_of(rule, 9);

	gathering_note(g, &first);
	gathering_note(g, &second);
	gathering_verdict(g, &field, VERDICT_VERIFIED, 5);
	gathering_verdict(g, &field, VERDICT_FORGED, 7);
	report_conversation(r, &c);
	gathering_free(g);
}

Test(gathering, tells_each_rule_once_with_count_and_first_frame)
{
	struct gathering *g = gathering_new(1);
	struct occurrence first = occurrence_of(&must, 7), second = occurrence_of(&must, 9);

	cr_assert(gathering_note(g, &first));
	cr_assert_not(gathering_note(g, &second));
	cr_assert_eq(g->finding_count, 1);
	cr_assert_eq(g->findings[0].count, 2);
	cr_assert_eq(g->findings[0].frame, 7);
	gathering_free(g);
}

Test(gathering, counts_what_goes_beyond_its_limit)
{
	static struct rule many[GATHERING_RULES + 10];
	struct gathering *g = gathering_new(1);

	for (int i = 0; i < GATHERING_RULES + 10; i++) {
		struct occurrence o = occurrence_of(&many[i], 1);

		gathering_note(g, &o);
	}
	cr_assert_eq(g->finding_count, GATHERING_RULES);
	cr_assert_eq(g->beyond, 10);
	gathering_free(g);
}

Test(report_text, says_what_was_found_wanted_and_where)
{
	struct report *r = report_of(REPORT_TEXT, false);

	report_one(r, &must);
	finish(r);
	cr_assert(strstr(printed, "Test session 1"));
	cr_assert(strstr(printed, "EAP-PSK"));
	cr_assert(strstr(printed, "1 of 2 verified, 1 of 2 forged or damaged (frame 7)"));
	cr_assert(strstr(printed, "MUST   t-must, 2 times"));
	cr_assert(strstr(printed, "first in frame 7, t.auth.status"));
	cr_assert(strstr(printed, "wanted this"));
	cr_assert_not(strchr(printed, '\033'));
	free(printed);
}

Test(report_text, conversations_stand_in_the_order_of_their_first_frames)
{
	struct report *r = report_of(REPORT_TEXT, false);
	struct gathering *late = gathering_new(1), *early = gathering_new(2);
	struct conversation first = conversation;
	struct report_conversation c = {"a.pcap", &conversation, late, CLOSED_AT_END};

	report_conversation(r, &c);
	first.first.frame = 1;
	c.conversation = &first;
	c.gathered = early;
	report_conversation(r, &c);
	finish(r);
	cr_assert_lt(strstr(printed, "Test session 2"), strstr(printed, "Test session 1"));
	gathering_free(late);
	gathering_free(early);
	free(printed);
}

Test(report_jsonl, each_line_is_an_object)
{
	struct report *r = report_of(REPORT_JSONL, false);
	char *line, *rest;
	int lines = 0;

	report_one(r, &must);
	report_statement(r, "a.pcap", "cut", false);
	finish(r);
	for (line = strtok_r(printed, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		json_t *root = json_loads(line, 0, NULL);

		cr_assert(json_is_string(json_object_get(root, "type")), "%s", line);
		json_decref(root);
		lines++;
	}
	cr_assert_eq(lines, 3);
	free(printed);
}

static void assert_junit(const struct rule *rule, bool strict, const char *wanted)
{
	struct report *r = report_of(REPORT_JUNIT, strict);

	report_one(r, rule);
	finish(r);
	cr_assert(strstr(printed, wanted), "%s", printed);
	cr_assert_not(strchr(printed, '\033'));
	free(printed);
}

Test(report_junit, fails_as_the_exit_code_does)
{
	assert_junit(&must, false, "failures=\"1\"");
	assert_junit(&should, false, "failures=\"0\"");
	assert_junit(&should, true, "failures=\"1\"");
	assert_junit(&open_rule, true, "failures=\"0\"");
}

static void assert_tap(const struct rule *rule, bool strict, const char *wanted)
{
	struct report *r = report_of(REPORT_TAP, strict);

	report_one(r, rule);
	finish(r);
	cr_assert(strstr(printed, wanted), "%s", printed);
	cr_assert(strstr(printed, "\n1..3\n"), "%s", printed);
	free(printed);
}

Test(report_tap, fails_as_the_exit_code_does)
{
	assert_tap(&must, false, "not ok 2 - a.pcap: Test session 1: t-must\n");
	assert_tap(&should, false, "t-should # TODO SHOULD\n");
	assert_tap(&should, true, "t-should\n");
	assert_tap(&open_rule, true, "t-open # TODO OPEN\n");
}
