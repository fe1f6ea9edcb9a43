/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JUnit: a test suite per conversation. Its test cases are the cryptographic checks by field, the
 * broken rules, and one that stands for all rules that traffic did not break. A broken rule fails
 * if it counts for the exit code, else it is skipped with its level; a check that did not take
 * place is skipped too.
 */
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "report.h"

/* Text as XML may hold it: no control character, none of its own signs. */
static void put(FILE *stream, const char *text)
{
	size_t size = 4 * strlen(text) + 16;
	char *printable = g_malloc(size);
	char *escaped;

	printable_text((const uint8_t *)text, strlen(text), printable, size);
	escaped = g_markup_escape_text(printable, -1);
	fputs(escaped, stream);
	g_free(escaped);
	g_free(printable);
}

static void attribute(FILE *stream, const char *name, const char *text)
{
	fprintf(stream, " %s=\"", name);
	put(stream, text);
	fputc('"', stream);
}

static void begin_case(FILE *stream, const char *class_name, const char *name)
{
	fputs("    <testcase", stream);
	attribute(stream, "classname", class_name);
	attribute(stream, "name", name);
	fputs(" time=\"0\"", stream);
}

static void junit_begin(struct report *r)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"assay check\">\n",
	      r->options.stream);
}

static void property(FILE *stream, const char *name, const char *text)
{
	fputs("      <property", stream);
	attribute(stream, "name", name);
	attribute(stream, "value", text);
	fputs("/>\n", stream);
}

struct describer {
	struct reader reader;
	FILE *stream;
	bool secrets;
};

static void describe_value(struct reader *r, const struct field *field, size_t offset,
			   size_t length, const struct value *value)
{
	struct describer *d = (struct describer *)r;
	char text[VALUE_TEXT_SIZE];

	(void)offset, (void)length;
	property(d->stream, field->name, value_text(field, value, d->secrets, text));
}

static void put_properties(struct report *r, const struct conversation *c)
{
	static const struct reader_ops ops = {.value = describe_value};
	struct describer d = {
		.reader.ops = &ops,
		.stream = r->options.stream,
		.secrets = r->options.secrets,
	};
	char text[64];

	fputs("    <properties>\n", d.stream);
	property(d.stream, "source", endpoint_text(&c->first.source, text));
	property(d.stream, "destination", endpoint_text(&c->first.destination, text));
	snprintf(text, sizeof(text), "%" PRIu32, c->messages);
	property(d.stream, "messages", text);
	snprintf(text, sizeof(text), "%" PRIu32 "-%" PRIu32, c->first.frame, c->last_frame);
	property(d.stream, "frames", text);
	if (c->kind->describe)
		c->kind->describe(c, &d.reader);
	fputs("    </properties>\n", d.stream);
}

static void put_outcome(struct report *r, const char *suite, const struct outcome *o)
{
	FILE *stream = r->options.stream;
	char text[REPORT_OUTCOME_SIZE];

	report_outcome(o, text);
	begin_case(stream, suite, o->field->name);
	if (o->counts[VERDICT_VERIFIED] == outcome_total(o)) {
		fputs("/>\n", stream);
		return;
	}
	fputs(">\n      <skipped", stream);
	attribute(stream, "message", text);
	fputs("/>\n    </testcase>\n", stream);
}

static void put_finding(struct report *r, const char *suite, const struct finding *f)
{
	FILE *stream = r->options.stream;
	const char *element = report_fails(r, f->rule->level) ? "failure" : "skipped";
	const char *level = rule_level_name(f->rule->level);
	char *message = g_strdup_printf("%s: found %s, wanted %s", level, report_found(f),
					report_wanted(f));
	char place[REPORT_PLACE_SIZE];
	char *text = g_strdup_printf("%s (%s); occurrences: %" PRIu32 "; %s", f->rule->text,
				     f->rule->section, f->count, report_place(f, place));

	begin_case(stream, suite, f->rule->id);
	fprintf(stream, ">\n      <%s", element);
	if (report_fails(r, f->rule->level))
		attribute(stream, "type", level);
	attribute(stream, "message", message);
	fputc('>', stream);
	put(stream, text);
	fprintf(stream, "</%s>\n    </testcase>\n", element);
	g_free(text);
	g_free(message);
}

static void put_suite(struct report *r, const char *name, const struct gathering *g)
{
	uint32_t failures = 0, skipped = 0;

	for (uint32_t i = 0; i < g->finding_count; i++)
		failures += report_fails(r, g->findings[i].rule->level);
	skipped = g->finding_count - failures;
	for (uint32_t i = 0; i < g->outcome_count; i++)
		skipped +=
			g->outcomes[i].counts[VERDICT_VERIFIED] != outcome_total(&g->outcomes[i]);
	fputs("  <testsuite", r->options.stream);
	attribute(r->options.stream, "name", name);
	fprintf(r->options.stream,
		" tests=\"%" PRIu32 "\" failures=\"%" PRIu32 "\" errors=\"0\" skipped=\"%" PRIu32
		"\">\n",
		g->finding_count + g->outcome_count + 1, failures, skipped);
}

static void junit_conversation(struct report *r, const struct report_conversation *c)
{
	FILE *stream = r->options.stream;
	const struct gathering *g = c->gathered;
	char title[REPORT_TITLE_SIZE];
	char *name = g_strdup_printf("%s: %s", c->file, report_title(c, title));

	put_suite(r, name, g);
	if (c->conversation)
		put_properties(r, c->conversation);
	for (uint32_t i = 0; i < g->outcome_count; i++)
		put_outcome(r, name, &g->outcomes[i]);
	for (uint32_t i = 0; i < g->finding_count; i++)
		put_finding(r, name, &g->findings[i]);
	begin_case(stream, name, "no other rule is broken");
	fputs("/>\n  </testsuite>\n", stream);
	g_free(name);
}

/* An input that cannot be read to its end is an error in a suite of its own. */
static void junit_statement(struct report *r, const char *file, const char *text, bool failure)
{
	FILE *stream = r->options.stream;
	const char *element = failure ? "error" : "skipped";

	fputs("  <testsuite", stream);
	attribute(stream, "name", file);
	fprintf(stream, " tests=\"1\" failures=\"0\" errors=\"%d\" skipped=\"%d\">\n", failure,
		!failure);
	begin_case(stream, file, "input");
	fprintf(stream, ">\n      <%s", element);
	attribute(stream, "message", text);
	fputs("/>\n    </testcase>\n  </testsuite>\n", stream);
}

static void junit_end(struct report *r, const struct report_totals *totals)
{
	(void)totals;
	fputs("</testsuites>\n", r->options.stream);
}

struct report *report_junit_new(void)
{
	static const struct report_ops ops = {
		.begin = junit_begin,
		.conversation = junit_conversation,
		.statement = junit_statement,
		.end = junit_end,
	};
	struct report *r = g_new0(struct report, 1);

	r->ops = &ops;
	return r;
}
