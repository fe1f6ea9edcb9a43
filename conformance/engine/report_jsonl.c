/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON Lines: an object per line as it comes, told apart by "type": note, verdict, conversation,
 * statement, and last one summary.
 */
#include <glib.h>

#include "report.h"

struct jsonl_report {
	struct report report;
	struct jsonout json;
};

static struct jsonout *begin_line(struct report *r, const char *type, const char *file)
{
	struct jsonout *json = &((struct jsonl_report *)r)->json;

	jsonout_open_object(json);
	jsonout_named_text(json, "type", type);
	if (file)
		jsonout_named_text(json, "file", file);
	return json;
}

static void end_line(struct jsonout *json)
{
	jsonout_close_object(json);
	jsonout_end_line(json);
}

static void named_conversation(struct jsonout *json, uint32_t id)
{
	jsonout_name(json, "conversation");
	if (id)
		jsonout_number(json, id);
	else
		jsonout_text(json, NULL);
}

static void jsonl_begin(struct report *r)
{
	((struct jsonl_report *)r)->json = jsonout_of(r->options.stream);
}

static void jsonl_note(struct report *r, const char *file, const struct protocol *protocol,
		       uint32_t conversation, const struct occurrence *o)
{
	struct jsonout *json = begin_line(r, "note", file);

	jsonout_named_number(json, "frame", o->frame);
	jsonout_named_text(json, "protocol", protocol->name);
	json_printer_note(json, &o->note);
	if (o->source[0])
		jsonout_named_text(json, "source", o->source);
	named_conversation(json, conversation);
	end_line(json);
}

static void jsonl_verdict(struct report *r, const char *file, uint32_t frame, uint32_t conversation,
			  const struct field *field, size_t offset, size_t length,
			  enum verdict verdict)
{
	struct jsonout *json = begin_line(r, "verdict", file);

	jsonout_named_number(json, "frame", frame);
	jsonout_named_text(json, "field", field->name);
	jsonout_named_number(json, "offset", offset);
	jsonout_named_number(json, "length", length);
	jsonout_named_text(json, "status", value_name_find(verdict_names, (uint64_t)verdict));
	named_conversation(json, conversation);
	end_line(json);
}

static void verdict_counts(struct jsonout *json, const uint32_t counts[VERDICT_KINDS])
{
	for (int v = VERDICT_VERIFIED; v < VERDICT_KINDS; v++)
		if (counts[v])
			jsonout_named_number(json, value_name_find(verdict_names, (uint64_t)v),
					     counts[v]);
}

static void members_of_gathering(struct jsonout *json, const struct gathering *g)
{
	jsonout_name(json, "verdicts");
	jsonout_open_object(json);
	for (uint32_t i = 0; i < g->outcome_count; i++) {
		jsonout_name(json, g->outcomes[i].field->name);
		jsonout_open_object(json);
		verdict_counts(json, g->outcomes[i].counts);
		jsonout_close_object(json);
	}
	jsonout_close_object(json);
	jsonout_name(json, "broken");
	jsonout_open_array(json);
	for (uint32_t i = 0; i < g->finding_count; i++) {
		jsonout_open_object(json);
		jsonout_named_text(json, "rule", g->findings[i].rule->id);
		jsonout_named_text(json, "level", rule_level_name(g->findings[i].rule->level));
		jsonout_named_number(json, "count", g->findings[i].count);
		jsonout_named_number(json, "first_frame", g->findings[i].frame);
		jsonout_close_object(json);
	}
	jsonout_close_array(json);
	if (g->beyond)
		jsonout_named_number(json, "further_notes", g->beyond);
}

static void members_of_conversation(struct jsonout *json, const struct report *r,
				    const struct conversation *c, enum closing why)
{
	struct json_printer printer = json_printer_of(json);
	char source[ENDPOINT_TEXT_SIZE], destination[ENDPOINT_TEXT_SIZE];

	jsonout_named_text(json, "kind", c->kind->label);
	jsonout_named_text(json, "protocol", c->kind->protocol->name);
	jsonout_named_text(json, "source", endpoint_text(&c->first.source, source));
	jsonout_named_text(json, "destination", endpoint_text(&c->first.destination, destination));
	jsonout_named_number(json, "messages", c->messages);
	jsonout_named_number(json, "first_frame", c->first.frame);
	jsonout_named_number(json, "last_frame", c->last_frame);
	jsonout_name(json, "first_time");
	jsonout_seconds(json, c->first.time);
	jsonout_name(json, "last_time");
	jsonout_seconds(json, c->last_time);
	jsonout_named_text(json, "closed", why == CLOSED_EVICTED ? "evicted" : "end");
	jsonout_name(json, "description");
	jsonout_open_array(json);
	printer.secrets = r->options.secrets;
	if (c->kind->describe)
		c->kind->describe(c, &printer.reader);
	jsonout_close_array(json);
}

static void jsonl_conversation(struct report *r, const struct report_conversation *c)
{
	struct jsonout *json = begin_line(r, "conversation", c->file);

	jsonout_name(json, "id");
	if (c->gathered->id)
		jsonout_number(json, c->gathered->id);
	else
		jsonout_text(json, NULL);
	if (c->conversation)
		members_of_conversation(json, r, c->conversation, c->why);
	members_of_gathering(json, c->gathered);
	end_line(json);
}

static void jsonl_statement(struct report *r, const char *file, const char *text, bool failure)
{
	struct jsonout *json = begin_line(r, "statement", file);

	jsonout_named_text(json, "text", text);
	jsonout_name(json, "failure");
	jsonout_bool(json, failure);
	end_line(json);
}

static void jsonl_end(struct report *r, const struct report_totals *t)
{
	struct jsonout *json = begin_line(r, "summary", NULL);

	jsonout_named_number(json, "inputs", t->inputs);
	jsonout_named_number(json, "failed_inputs", t->failed_inputs);
	jsonout_named_number(json, "frames", t->frames);
	jsonout_named_number(json, "messages", t->messages);
	jsonout_named_number(json, "unknown_payloads", t->unknown);
	jsonout_named_number(json, "truncated_messages", t->truncated);
	jsonout_named_number(json, "conversations", t->conversations);
	jsonout_named_number(json, "evicted", t->evicted);
	jsonout_name(json, "verdicts");
	jsonout_open_object(json);
	for (int v = VERDICT_VERIFIED; v < VERDICT_KINDS; v++)
		jsonout_named_number(json, value_name_find(verdict_names, (uint64_t)v),
				     t->verdicts[v]);
	jsonout_close_object(json);
	jsonout_name(json, "rules_broken");
	jsonout_open_object(json);
	for (int level = RULE_MUST; level < RULE_LEVELS; level++)
		jsonout_named_number(json, rule_level_name((enum rule_level)level),
				     t->rules[level]);
	jsonout_close_object(json);
	jsonout_name(json, "notes");
	jsonout_open_object(json);
	for (int level = RULE_MUST; level < RULE_LEVELS; level++)
		jsonout_named_number(json, rule_level_name((enum rule_level)level),
				     t->notes[level]);
	jsonout_close_object(json);
	jsonout_name(json, "interrupted");
	jsonout_bool(json, t->interrupted);
	end_line(json);
}

struct report *report_jsonl_new(void)
{
	static const struct report_ops ops = {
		.begin = jsonl_begin,
		.note = jsonl_note,
		.verdict = jsonl_verdict,
		.conversation = jsonl_conversation,
		.statement = jsonl_statement,
		.end = jsonl_end,
	};
	struct jsonl_report *j = g_new0(struct jsonl_report, 1);

	j->report.ops = &ops;
	return &j->report;
}
