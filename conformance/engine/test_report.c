/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What reports have in common, and the one for people. */
#include "test_report.h"

#include <string.h>

struct test_report *test_report_new(const char *format, const struct test_report_options *options)
{
	static const struct {
		const char *name;
		struct test_report *(*make)(void);
	} formats[] = {
		{"text", test_report_text_new},
		{"jsonl", test_report_jsonl_new},
		{"junit", test_report_junit_new},
		{"tap", test_report_tap_new},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
		struct test_report *r;

		if (strcmp(formats[i].name, format) != 0)
			continue;
		r = formats[i].make();
		r->options = *options;
		return r;
	}
	return NULL;
}

void test_report_free(struct test_report *r)
{
	g_free(r);
}

static void begin(struct test_report *r)
{
	if (!r->begun && r->ops->begin)
		r->ops->begin(r);
	r->begun = true;
}

void test_report_result(struct test_report *r, const struct test_result *result)
{
	begin(r);
	r->ops->result(r, result);
	fflush(r->options.stream);
}

void test_report_end(struct test_report *r, const struct test_totals *totals)
{
	begin(r);
	r->ops->end(r, totals);
	fflush(r->options.stream);
}

char *test_report_what(const struct test_result *result)
{
	const struct mismatch *m = &result->mismatch;
	GString *text = g_string_new(NULL);

	if (m->field[0])
		g_string_append_printf(text, "%s: ", m->field);
	if (m->wanted[0] || m->got[0])
		g_string_append_printf(text, "wanted %s, got %s", m->wanted, m->got);
	if (result->frame && text->len)
		g_string_append_printf(text, " (frame %u)", result->frame);
	return g_string_free(text, FALSE);
}

const char *test_report_word(const struct test_result *result, char text[TEST_WORD_SIZE])
{
	const char *overlay = test_overlay_name(result->overlay);

	g_snprintf(text, TEST_WORD_SIZE, "%s%s%s%s", test_verdict_name(result->verdict),
		   *overlay ? " (" : "", overlay, *overlay ? ")" : "");
	return text;
}

/* ---- text ---- */

static const char *colour_of(const struct palette *p, const struct test_result *result)
{
	if (test_result_counts(result))
		return p->bad;
	if (result->verdict == TEST_PASS)
		return result->overlay ? p->warning : p->good;
	return result->verdict == TEST_NOT_APPLICABLE ? p->faint : p->warning;
}

static void put_details(struct test_report *r, const struct test_result *result)
{
	FILE *stream = r->options.stream;
	char *what = test_report_what(result);

	if (result->place.file)
		fprintf(stream, "      %s:%u: %s\n", result->place.file, result->place.line,
			result->reason);
	else if (result->reason[0])
		fprintf(stream, "      %s\n", result->reason);
	if (*what)
		fprintf(stream, "      %s\n", what);
	for (guint i = 0; result->test_case->rules && i < result->test_case->rules->len; i++) {
		const struct rule *rule = g_ptr_array_index(result->test_case->rules, i);

		fprintf(stream, "      rule %s (%s): %s\n", rule->id, rule->section, rule->text);
	}
	if (result->rule && result->place.file)
		fprintf(stream, "      broken as well: %s (%s)\n", result->rule->id,
			result->rule->section);
	if (result->baseline_why)
		fprintf(stream, "      baseline: %s\n", result->baseline_why);
	if (result->killed)
		fputs("      the device was dead after it\n", stream);
	if (result->evidence)
		fprintf(stream, "      see  %s\n", result->evidence);
	if (result->redo)
		fprintf(stream, "      redo %s\n", result->redo);
	g_free(what);
}

static void text_result(struct test_report *r, const struct test_result *result)
{
	const struct palette *palette = r->options.palette ? r->options.palette : &palette_none;
	char word[TEST_WORD_SIZE];

	if (result->verdict == TEST_PASS && !result->overlay && r->options.quiet)
		return;
	fprintf(r->options.stream, "%s%-14s%s %s %s", colour_of(palette, result),
		test_report_word(result, word), palette->plain, result->suite->name,
		result->test_case->name);
	if (result->verdict == TEST_NOT_APPLICABLE)
		fprintf(r->options.stream, " %s: %s%s", palette->faint, result->reason,
			palette->plain);
	fputc('\n', r->options.stream);
	if (result->verdict != TEST_PASS && result->verdict != TEST_NOT_APPLICABLE)
		put_details(r, result);
	else if (result->overlay == OVERLAY_XPASS)
		fprintf(r->options.stream, "      baseline: %s\n", result->baseline_why);
	for (guint i = 0; result->remarks && i < result->remarks->len; i++)
		fprintf(r->options.stream, "      %s\n",
			(const char *)g_ptr_array_index(result->remarks, i));
}

static void text_end(struct test_report *r, const struct test_totals *totals)
{
	const unsigned *v = totals->verdicts;
	FILE *stream = r->options.stream;

	fprintf(stream, "%u passed, %u failed, %u inconclusive, %u errors, %u not applicable",
		v[TEST_PASS], v[TEST_FAIL], v[TEST_INCONCLUSIVE], v[TEST_ERROR],
		v[TEST_NOT_APPLICABLE]);
	if (totals->xfail)
		fprintf(stream, "; %u of the failures known", totals->xfail);
	if (totals->xpass)
		fprintf(stream, "; %u known failures passed", totals->xpass);
	if (totals->flaky)
		fprintf(stream, "; %u flaky", totals->flaky);
	if (totals->killed)
		fprintf(stream, "; the device died %u times", totals->killed);
	fprintf(stream, "; %.1f s, seed %" G_GUINT64_FORMAT "\n",
		(double)totals->elapsed / (double)WORLD_SECOND, r->options.seed);
	if (totals->interrupted)
		fputs("interrupted: what was found until then is reported\n", stream);
}

struct test_report *test_report_text_new(void)
{
	static const struct test_report_ops ops = {.result = text_result, .end = text_end};
	struct test_report *r = g_new0(struct test_report, 1);

	r->ops = &ops;
	return r;
}
