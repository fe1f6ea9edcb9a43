/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JUnit: a test suite, a test case per case, requirement ids as properties of it. A failure is a
 * <failure>, an error an <error>, inconclusive is a failure of that type; what is known or does not
 * apply is <skipped>. Attributes that count stand before the cases, so that results are kept until
 * the end, and the end is written for an interrupted run too.
 */
#include <string.h>

#include "test_report.h"

struct junit_report {
	struct test_report report;
	GString *cases;
	unsigned tests, failures, errors, skipped;
	uint64_t elapsed;
};

static void attribute(GString *out, const char *name, const char *text)
{
	size_t size = 4 * strlen(text) + 16;
	char *printable = g_malloc(size), *escaped;

	printable_text((const uint8_t *)text, strlen(text), printable, size);
	escaped = g_markup_escape_text(printable, -1);
	g_string_append_printf(out, " %s=\"%s\"", name, escaped);
	g_free(escaped);
	g_free(printable);
}

static void property(GString *out, const char *name, const char *value)
{
	g_string_append(out, "        <property");
	attribute(out, "name", name);
	attribute(out, "value", value);
	g_string_append(out, "/>\n");
}

static void put_properties(GString *out, const struct test_result *result)
{
	const GPtrArray *rules = result->test_case->rules;

	g_string_append(out, "      <properties>\n");
	for (guint i = 0; rules && i < rules->len; i++)
		property(out, "requirement",
			 ((const struct rule *)g_ptr_array_index(rules, i))->id);
	if (result->rule)
		property(out, "broken", result->rule->id);
	property(out, "verdict", test_verdict_name(result->verdict));
	if (result->overlay)
		property(out, "overlay", test_overlay_name(result->overlay));
	if (result->evidence)
		property(out, "evidence", result->evidence);
	if (result->redo)
		property(out, "redo", result->redo);
	if (result->killed)
		property(out, "killed", "true");
	for (guint i = 0; result->remarks && i < result->remarks->len; i++)
		property(out, "remark", g_ptr_array_index(result->remarks, i));
	g_string_append(out, "      </properties>\n");
}

/* "failure", "error", "skipped", or NULL of a pass. */
static const char *element_of(const struct test_result *result)
{
	if (result->verdict == TEST_NOT_APPLICABLE || result->overlay == OVERLAY_XFAIL)
		return "skipped";
	if (result->overlay == OVERLAY_XPASS)
		return "failure";
	if (result->verdict == TEST_PASS)
		return NULL;
	return result->verdict == TEST_ERROR ? "error" : "failure";
}

static void put_outcome(struct junit_report *j, const struct test_result *result)
{
	const char *element = element_of(result);
	char *what = test_report_what(result), *message;

	if (element) {
		message = g_strdup_printf("%s%s%s", result->reason,
					  *what && result->reason[0] ? ": " : "", what);
		j->failures += strcmp(element, "failure") == 0;
		j->errors += strcmp(element, "error") == 0;
		j->skipped += strcmp(element, "skipped") == 0;
		g_string_append_printf(j->cases, "      <%s", element);
		if (strcmp(element, "skipped") != 0)
			attribute(j->cases, "type",
				  result->overlay ? test_overlay_name(result->overlay)
						  : test_verdict_name(result->verdict));
		attribute(j->cases, "message",
			  result->baseline_why ? result->baseline_why : message);
		g_string_append(j->cases, "/>\n");
		g_free(message);
	}
	g_free(what);
}

static void junit_result(struct test_report *r, const struct test_result *result)
{
	struct junit_report *j = (struct junit_report *)r;

	j->tests++;
	j->elapsed += result->elapsed;
	g_string_append(j->cases, "    <testcase");
	attribute(j->cases, "classname", result->suite->name);
	attribute(j->cases, "name", result->test_case->name);
	g_string_append_printf(j->cases, " time=\"%.6f\">\n",
			       (double)result->elapsed / (double)WORLD_SECOND);
	put_properties(j->cases, result);
	put_outcome(j, result);
	g_string_append(j->cases, "    </testcase>\n");
}

static void junit_end(struct test_report *r, const struct test_totals *totals)
{
	struct junit_report *j = (struct junit_report *)r;
	FILE *stream = r->options.stream;
	GString *name = g_string_new(NULL);

	attribute(name, "name", r->options.target ? r->options.target : "assay test");
	fprintf(stream,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"assay test\">\n"
		"  <testsuite%s tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\""
		" time=\"%.6f\">\n    <properties>\n",
		name->str, j->tests, j->failures, j->errors, j->skipped,
		(double)j->elapsed / (double)WORLD_SECOND);
	fprintf(stream,
		"      <property name=\"seed\" value=\"%" G_GUINT64_FORMAT "\"/>\n"
		"      <property name=\"interrupted\" value=\"%s\"/>\n    </properties>\n%s"
		"  </testsuite>\n</testsuites>\n",
		r->options.seed, totals->interrupted ? "true" : "false", j->cases->str);
	g_string_free(name, TRUE);
	g_string_free(j->cases, TRUE);
	j->cases = NULL;
}

struct test_report *test_report_junit_new(void)
{
	static const struct test_report_ops ops = {.result = junit_result, .end = junit_end};
	struct junit_report *j = g_new0(struct junit_report, 1);

	j->report.ops = &ops;
	j->cases = g_string_new(NULL);
	return &j->report;
}
