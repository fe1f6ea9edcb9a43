/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TAP version 13: the test points of a conversation are the cryptographic checks by field, the
 * broken rules, and one that stands for all rules that traffic did not break. A broken rule that
 * does not count for the exit code is a TODO; a check that did not take place is skipped.
 */
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "report.h"

struct tap_report {
	struct report report;
	uint64_t points; /* printed so far */
};

/* One line's worth of text: a `#` in it would begin a directive. */
static void put(FILE *stream, const char *text)
{
	size_t size = 4 * strlen(text) + 16;
	char *printable = g_malloc(size);

	printable_text((const uint8_t *)text, strlen(text), printable, size);
	for (const char *at = printable; *at; at++) {
		if (*at == '#')
			fputc('\\', stream);
		fputc(*at, stream);
	}
	g_free(printable);
}

static void begin_point(struct report *r, bool ok, const char *title, const char *name)
{
	uint64_t number = ++((struct tap_report *)r)->points;

	fprintf(r->options.stream, "%sok %" PRIu64 " - ", ok ? "" : "not ", number);
	put(r->options.stream, title);
	fputs(": ", r->options.stream);
	put(r->options.stream, name);
}

static void tap_begin(struct report *r)
{
	fputs("TAP version 13\n", r->options.stream);
}

static void put_outcome(struct report *r, const char *title, const struct outcome *o)
{
	char text[REPORT_OUTCOME_SIZE];

	begin_point(r, true, title, o->field->name);
	report_outcome(o, text);
	fprintf(r->options.stream, "%s %s\n",
		o->counts[VERDICT_VERIFIED] == outcome_total(o) ? ":" : " # SKIP", text);
}

/* A line of the YAML block that explains a test point. */
static void yaml(FILE *stream, const char *name, const char *text)
{
	char printable[2 * NOTE_TEXT_SIZE];

	printable_text((const uint8_t *)text, strlen(text), printable, sizeof(printable));
	fprintf(stream, "  %s: '", name);
	for (const char *at = printable; *at; at++) {
		if (*at == '\'')
			fputc('\'', stream);
		fputc(*at, stream);
	}
	fputs("'\n", stream);
}

static void put_finding(struct report *r, const char *title, const struct finding *f)
{
	FILE *stream = r->options.stream;
	char place[REPORT_PLACE_SIZE];

	begin_point(r, false, title, f->rule->id);
	if (report_fails(r, f->rule->level))
		fputc('\n', stream);
	else
		fprintf(stream, " # TODO %s\n", rule_level_name(f->rule->level));
	fputs("  ---\n", stream);
	yaml(stream, "level", rule_level_name(f->rule->level));
	yaml(stream, "section", f->rule->section);
	yaml(stream, "requirement", f->rule->text);
	yaml(stream, "place", report_place(f, place));
	fprintf(stream, "  count: %" PRIu32 "\n", f->count);
	yaml(stream, "found", report_found(f));
	yaml(stream, "wanted", report_wanted(f));
	fputs("  ...\n", stream);
}

static void tap_conversation(struct report *r, const struct report_conversation *c)
{
	const struct gathering *g = c->gathered;
	char title[REPORT_TITLE_SIZE];
	char *name = g_strdup_printf("%s: %s", c->file, report_title(c, title));

	for (uint32_t i = 0; i < g->outcome_count; i++)
		put_outcome(r, name, &g->outcomes[i]);
	for (uint32_t i = 0; i < g->finding_count; i++)
		put_finding(r, name, &g->findings[i]);
	begin_point(r, true, name, "no other rule is broken");
	fputc('\n', r->options.stream);
	g_free(name);
}

static void tap_statement(struct report *r, const char *file, const char *text, bool failure)
{
	if (failure) {
		begin_point(r, false, file, text);
		fputc('\n', r->options.stream);
		return;
	}
	fputs("# ", r->options.stream);
	put(r->options.stream, file);
	fputs(": ", r->options.stream);
	put(r->options.stream, text);
	fputc('\n', r->options.stream);
}

static void tap_end(struct report *r, const struct report_totals *totals)
{
	uint64_t points = ((struct tap_report *)r)->points;

	if (totals->interrupted)
		fputs("# interrupted: what was found until then is reported\n", r->options.stream);
	fprintf(r->options.stream, "1..%" PRIu64 "%s\n", points,
		points ? "" : " # SKIP nothing to check");
}

struct report *report_tap_new(void)
{
	static const struct report_ops ops = {
		.begin = tap_begin,
		.conversation = tap_conversation,
		.statement = tap_statement,
		.end = tap_end,
	};
	struct tap_report *t = g_new0(struct tap_report, 1);

	t->report.ops = &ops;
	return &t->report;
}
