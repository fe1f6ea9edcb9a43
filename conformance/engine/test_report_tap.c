/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TAP version 13: a test point per case; a known failure is a TODO, what does not apply a SKIP. */
#include "test_report.h"

struct tap_report {
	struct test_report report;
	unsigned points;
};

static void tap_begin(struct test_report *r)
{
	fputs("TAP version 13\n", r->options.stream);
}

static void yaml(FILE *stream, const char *name, const char *text)
{
	fprintf(stream, "  %s: '", name);
	for (; *text; text++) {
		if (*text == '\'')
			fputc('\'', stream);
		fputc((unsigned char)*text < ' ' ? ' ' : *text, stream);
	}
	fputs("'\n", stream);
}

static void put_details(FILE *stream, const struct test_result *result)
{
	char *what = test_report_what(result);

	fputs("  ---\n", stream);
	yaml(stream, "verdict", test_verdict_name(result->verdict));
	yaml(stream, "reason", result->reason);
	if (*what)
		yaml(stream, "what", what);
	for (guint i = 0; result->test_case->rules && i < result->test_case->rules->len; i++)
		yaml(stream, i ? "requirement_too" : "requirement",
		     ((const struct rule *)g_ptr_array_index(result->test_case->rules, i))->id);
	if (result->evidence)
		yaml(stream, "see", result->evidence);
	if (result->redo)
		yaml(stream, "redo", result->redo);
	fputs("  ...\n", stream);
	g_free(what);
}

static void tap_result(struct test_report *r, const struct test_result *result)
{
	struct tap_report *t = (struct tap_report *)r;
	FILE *stream = r->options.stream;
	bool applies = result->verdict != TEST_NOT_APPLICABLE;
	bool ok = result->verdict == TEST_PASS || !applies;

	fprintf(stream, "%sok %u - %s: %s", ok ? "" : "not ", ++t->points, result->suite->name,
		result->test_case->name);
	if (!applies)
		fprintf(stream, " # SKIP %s", result->reason);
	else if (result->overlay == OVERLAY_XFAIL || result->overlay == OVERLAY_XPASS)
		fprintf(stream, " # TODO %s", result->baseline_why);
	fputc('\n', stream);
	if (!ok)
		put_details(stream, result);
}

static void tap_end(struct test_report *r, const struct test_totals *totals)
{
	unsigned points = ((struct tap_report *)r)->points;

	if (totals->interrupted)
		fputs("# interrupted: what was found until then is reported\n", r->options.stream);
	fprintf(r->options.stream, "1..%u%s\n", points, points ? "" : " # SKIP nothing was run");
}

struct test_report *test_report_tap_new(void)
{
	static const struct test_report_ops ops = {
		.begin = tap_begin, .result = tap_result, .end = tap_end};
	struct tap_report *t = g_new0(struct tap_report, 1);

	t->report.ops = &ops;
	return &t->report;
}
