/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The report for people: a block per conversation, its broken rules below it, and a closing line.
 *
 * Conversations close in the order in which they fell silent; people look for them in the order in
 * which they began. So blocks are held back, up to HELD_OCTETS of them, and printed in that order.
 */
#include <glib.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

enum { HELD_OCTETS = 16 << 20, LABEL_WIDTH = 24 };

/* A block, printed into memory. */
struct block {
	char *text;
	size_t length;
	uint32_t first_frame;
	uint32_t id;
};

struct text_report {
	struct report report;
	GArray *held;       /* struct block */
	size_t held_octets; /* of text */
	const char *file;   /* whose heading was printed last */
};

static struct text_report *text_of(struct report *r)
{
	return (struct text_report *)r;
}

/* ---- what a conversation says of itself ---- */

struct describer {
	struct reader reader;
	FILE *stream;
	const struct report_options *options;
	unsigned depth;
};

/* Fast, for captures of very many conversations: no formatting. */
static void row(FILE *stream, unsigned depth, const char *label, const char *text)
{
	static const char blanks[] = "                                ";
	size_t indent = 2 * (1 + MIN(depth, 4U));
	size_t used = indent - 2 + strlen(label);

	fwrite(blanks, 1, indent, stream);
	fputs(label, stream);
	fwrite(blanks, 1, used < LABEL_WIDTH ? LABEL_WIDTH - used + 1 : 1, stream);
	fputs(text, stream);
	fputc('\n', stream);
}

static void describe_open(struct reader *r, const struct field *group, size_t offset, size_t length)
{
	struct describer *d = (struct describer *)r;

	(void)offset, (void)length;
	fprintf(d->stream, "%*s%s\n", (int)(2 * (1 + MIN(d->depth, 4U))), "", group->label);
	d->depth++;
}

static void describe_close(struct reader *r)
{
	((struct describer *)r)->depth--;
}

static void describe_value(struct reader *r, const struct field *field, size_t offset,
			   size_t length, const struct value *value)
{
	struct describer *d = (struct describer *)r;
	char text[VALUE_TEXT_SIZE];

	(void)offset, (void)length;
	row(d->stream, d->depth, field->label, value_text(field, value, d->options->secrets, text));
}

static const struct reader_ops describe_ops = {
	.open = describe_open,
	.close = describe_close,
	.value = describe_value,
};

static void print_description(FILE *stream, const struct report *r, const struct conversation *c)
{
	struct describer d = {
		.reader.ops = &describe_ops,
		.stream = stream,
		.options = &r->options,
	};

	if (c->kind->describe)
		c->kind->describe(c, &d.reader);
}

static const char *const carrier_names[] = {
	[CARRIER_UNKNOWN] = "carrier unknown",
	[CARRIER_UDP] = "UDP",
	[CARRIER_TCP] = "TCP",
	[CARRIER_EAPOL] = "EAPOL",
	[CARRIER_RADIUS] = "RADIUS",
	[CARRIER_PPP] = "PPP",
	[CARRIER_DIAMETER] = "Diameter",
};

static void print_heading(FILE *stream, const struct report *r, const struct report_conversation *c)
{
	const struct palette *p = r->options.palette;
	const struct conversation *conversation = c->conversation;
	char title[REPORT_TITLE_SIZE], source[ENDPOINT_TEXT_SIZE], destination[ENDPOINT_TEXT_SIZE];
	char text[256], first[TIME_TEXT_SIZE];

	fprintf(stream, "%s%s%s\n", p->strong, report_title(c, title), p->plain);
	if (!conversation)
		return;
	snprintf(text, sizeof(text), "%s and %s, %s",
		 endpoint_text(&conversation->first.source, source),
		 endpoint_text(&conversation->first.destination, destination),
		 carrier_names[conversation->first.carrier]);
	row(stream, 0, "Between", text);
	snprintf(text, sizeof(text),
		 "%" PRIu32 ", frames %" PRIu32 " to %" PRIu32 ", from %s for %.3f s",
		 conversation->messages, conversation->first.frame, conversation->last_frame,
		 time_text(conversation->first.time, first),
		 (double)(conversation->last_time - conversation->first.time) / 1e9);
	row(stream, 0, "Messages", text);
}

/* ---- findings ---- */

static const char *outcome_colour(const struct palette *p, const struct outcome *o)
{
	if (o->counts[VERDICT_FORGED])
		return p->bad;
	if (o->counts[VERDICT_WRONG_KEY])
		return p->warning;
	return o->counts[VERDICT_VERIFIED] ? p->good : p->faint;
}

static void print_outcomes(FILE *stream, const struct report *r, const struct gathering *g)
{
	const struct palette *p = r->options.palette;
	char text[REPORT_OUTCOME_SIZE];

	for (uint32_t i = 0; i < g->outcome_count; i++) {
		const struct outcome *o = &g->outcomes[i];

		fprintf(stream, "  %-*s %s%s%s\n", LABEL_WIDTH, o->field->label,
			outcome_colour(p, o), report_outcome(o, text), p->plain);
	}
}

static void print_finding(FILE *stream, const struct report *r, const struct finding *f)
{
	const struct palette *p = r->options.palette;
	char place[REPORT_PLACE_SIZE], text[2 * NOTE_TEXT_SIZE];
	const char *found = report_found(f), *wanted = report_wanted(f);

	fprintf(stream, "    %s%-6s%s %s%s%s", palette_level(p, f->rule->level),
		rule_level_name(f->rule->level), p->plain, p->strong, f->rule->id, p->plain);
	if (f->count > 1)
		fprintf(stream, ", %" PRIu32 " times", f->count);
	fprintf(stream, "\n           %s (%s)\n", f->rule->text, f->rule->section);
	fprintf(stream, "           %s\n", report_place(f, place));
	fprintf(stream, "           found  %s\n",
		printable_text((const uint8_t *)found, strlen(found), text, sizeof(text)));
	fprintf(stream, "           wanted %s\n",
		printable_text((const uint8_t *)wanted, strlen(wanted), text, sizeof(text)));
}

static void print_findings(FILE *stream, const struct report *r, const struct gathering *g)
{
	if (g->finding_count)
		fprintf(stream, "  Broken rules: %" PRIu32 "\n", g->finding_count);
	for (int level = RULE_MUST; level <= RULE_OPEN; level++)
		for (uint32_t i = 0; i < g->finding_count; i++)
			if ((int)g->findings[i].rule->level == level)
				print_finding(stream, r, &g->findings[i]);
	if (g->beyond)
		fprintf(stream, "    and %" PRIu32 " occurrences of further rules\n", g->beyond);
}

/* True if there is something for a person to look into. */
static bool is_notable(const struct report *r, const struct gathering *g)
{
	for (uint32_t i = 0; i < g->finding_count; i++)
		if (g->findings[i].rule->level <= RULE_SHOULD)
			return true;
	for (uint32_t i = 0; i < g->outcome_count; i++)
		if (g->outcomes[i].counts[VERDICT_WRONG_KEY] ||
		    g->outcomes[i].counts[VERDICT_FORGED])
			return true;
	return !r->options.quiet;
}

/* ---- blocks in order ---- */

static int compare_blocks(const void *a, const void *b)
{
	const struct block *x = a, *y = b;

	if (x->first_frame != y->first_frame)
		return x->first_frame < y->first_frame ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static void print_held(struct text_report *t)
{
	FILE *stream = t->report.options.stream;

	if (t->held->len)
		qsort(t->held->data, t->held->len, sizeof(struct block), compare_blocks);
	for (guint i = 0; i < t->held->len; i++) {
		struct block *b = &g_array_index(t->held, struct block, i);

		fwrite(b->text, 1, b->length, stream);
		free(b->text);
	}
	g_array_set_size(t->held, 0);
	t->held_octets = 0;
}

/* The blocks of one file stand under its name. */
static void begin_file(struct text_report *t, const char *file)
{
	const struct palette *p = t->report.options.palette;

	if (t->file && strcmp(t->file, file) == 0)
		return;
	print_held(t);
	fprintf(t->report.options.stream, "%s%s%s\n\n", p->strong, file, p->plain);
	t->file = file;
}

static void text_conversation(struct report *r, const struct report_conversation *c)
{
	struct text_report *t = text_of(r);
	struct block block = {.first_frame = UINT32_MAX, .id = c->gathered->id};
	FILE *stream;

	if (!is_notable(r, c->gathered))
		return;
	begin_file(t, c->file);
	stream = open_memstream(&block.text, &block.length);
	if (!stream)
		g_error("out of memory");
	print_heading(stream, r, c);
	if (c->conversation) {
		print_description(stream, r, c->conversation);
		block.first_frame = c->conversation->first.frame;
	}
	print_outcomes(stream, r, c->gathered);
	print_findings(stream, r, c->gathered);
	if (c->why == CLOSED_EVICTED)
		fputs("  Closed here, being idle, to bound memory\n", stream);
	fputc('\n', stream);
	fclose(stream);
	g_array_append_val(t->held, block);
	t->held_octets += block.length;
	if (t->held_octets > HELD_OCTETS)
		print_held(t);
}

static void text_statement(struct report *r, const char *file, const char *text, bool failure)
{
	struct text_report *t = text_of(r);

	if (!failure) {
		begin_file(t, file);
		print_held(t);
		fprintf(r->options.stream, "%s: %s\n", file, text);
		return;
	}
	print_held(t);
	fflush(r->options.stream);
}

/* ---- the closing line ---- */

static void print_verdict_counts(FILE *stream, const struct report_totals *totals)
{
	uint64_t unchecked = 0;

	for (int v = VERDICT_NO_KEY; v < VERDICT_KINDS; v++)
		unchecked += totals->verdicts[v];
	fprintf(stream,
		"; %" PRIu64 " verified, %" PRIu64 " wrong key, %" PRIu64
		" forged or damaged, %" PRIu64 " not checked",
		totals->verdicts[VERDICT_VERIFIED], totals->verdicts[VERDICT_WRONG_KEY],
		totals->verdicts[VERDICT_FORGED], unchecked);
}

static void print_count(FILE *stream, uint64_t count, const char *what)
{
	fprintf(stream, "%" PRIu64 " %s%s", count, what, count == 1 ? "" : "s");
}

static void text_end(struct report *r, const struct report_totals *totals)
{
	FILE *stream = r->options.stream;
	const struct palette *p = r->options.palette;

	print_held(text_of(r));
	if (totals->inputs == 0)
		return; /* nothing was read: that has been said */
	fputs(p->strong, stream);
	print_count(stream, totals->frames, "frame");
	fputs(", ", stream);
	print_count(stream, totals->messages, "message");
	fputs(", ", stream);
	print_count(stream, totals->conversations, "conversation");
	if (totals->evicted)
		fprintf(stream, " (%" PRIu64 " of them evicted as idle)", totals->evicted);
	print_verdict_counts(stream, totals);
	fputs("; rules broken:", stream);
	for (int level = RULE_MUST; level <= RULE_OPEN; level++)
		fprintf(stream, "%s %" PRIu32 " %s", level ? "," : "", totals->rules[level],
			rule_level_name((enum rule_level)level));
	if (totals->failed_inputs)
		fprintf(stream, "; not read to the end: %" PRIu32, totals->failed_inputs);
	fprintf(stream, "%s%s\n", totals->interrupted ? "; interrupted" : "", p->plain);
}

static void text_free(struct report *r)
{
	struct text_report *t = text_of(r);

	for (guint i = 0; i < t->held->len; i++)
		free(g_array_index(t->held, struct block, i).text);
	g_array_free(t->held, TRUE);
}

struct report *report_text_new(void)
{
	static const struct report_ops ops = {
		.conversation = text_conversation,
		.statement = text_statement,
		.end = text_end,
		.free = text_free,
	};
	struct text_report *t = g_new0(struct text_report, 1);

	t->report.ops = &ops;
	t->held = g_array_new(FALSE, FALSE, sizeof(struct block));
	return &t->report;
}
