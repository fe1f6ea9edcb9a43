/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON Lines: an object per line as it comes, told apart by "type": note, verdict, conversation,
 * statement, and last one summary.
 */
#include <glib.h>

#include "report.h"

struct jsonl_report {
	struct report report;
	struct json_writer json;
};

static struct json_writer *begin_line(struct report *r, const char *type, const char *file)
{
	struct json_writer *json = &((struct jsonl_report *)r)->json;

	json_open_object(json);
	json_named_text(json, "type", type);
	if (file)
		json_named_text(json, "file", file);
	return json;
}

static void end_line(struct json_writer *json)
{
	json_close_object(json);
	json_end_line(json);
}

static void named_conversation(struct json_writer *json, uint32_t id)
{
	json_name(json, "conversation");
	if (id)
		json_number(json, id);
	else
		json_text(json, NULL);
}

static void jsonl_begin(struct report *r)
{
	((struct jsonl_report *)r)->json = json_writer_of(r->options.stream);
}

static void jsonl_note(struct report *r, const char *file, const struct protocol *protocol,
		       uint32_t conversation, const struct occurrence *o)
{
	struct json_writer *json = begin_line(r, "note", file);

	json_named_number(json, "frame", o->frame);
	json_named_text(json, "protocol", protocol->name);
	json_note_members(json, &o->note);
	if (o->source[0])
		json_named_text(json, "source", o->source);
	named_conversation(json, conversation);
	end_line(json);
}

static void jsonl_verdict(struct report *r, const char *file, uint32_t frame, uint32_t conversation,
			  const struct field *field, size_t offset, size_t length,
			  enum verdict verdict)
{
	struct json_writer *json = begin_line(r, "verdict", file);

	json_named_number(json, "frame", frame);
	json_named_text(json, "field", field->name);
	json_named_number(json, "offset", offset);
	json_named_number(json, "length", length);
	json_named_text(json, "status", value_name_find(verdict_names, (uint64_t)verdict));
	named_conversation(json, conversation);
	end_line(json);
}

static void verdict_counts(struct json_writer *json, const uint32_t counts[VERDICT_KINDS])
{
	for (int v = VERDICT_VERIFIED; v < VERDICT_KINDS; v++)
		if (counts[v])
			json_named_number(json, value_name_find(verdict_names, (uint64_t)v),
					  counts[v]);
}

static void members_of_gathering(struct json_writer *json, const struct gathering *g)
{
	json_name(json, "verdicts");
	json_open_object(json);
	for (uint32_t i = 0; i < g->outcome_count; i++) {
		json_name(json, g->outcomes[i].field->name);
		json_open_object(json);
		verdict_counts(json, g->outcomes[i].counts);
		json_close_object(json);
	}
	json_close_object(json);
	json_name(json, "broken");
	json_open_array(json);
	for (uint32_t i = 0; i < g->finding_count; i++) {
		json_open_object(json);
		json_named_text(json, "rule", g->findings[i].rule->id);
		json_named_text(json, "level", rule_level_name(g->findings[i].rule->level));
		json_named_number(json, "count", g->findings[i].count);
		json_named_number(json, "first_frame", g->findings[i].frame);
		json_close_object(json);
	}
	json_close_array(json);
	if (g->beyond)
		json_named_number(json, "further_notes", g->beyond);
}

static void members_of_conversation(struct json_writer *json, const struct report *r,
				    const struct conversation *c, enum closing why)
{
	struct json_printer printer = json_printer_of(json);
	char source[ENDPOINT_TEXT_SIZE], destination[ENDPOINT_TEXT_SIZE];

	json_named_text(json, "kind", c->kind->label);
	json_named_text(json, "protocol", c->kind->protocol->name);
	json_named_text(json, "source", endpoint_text(&c->first.source, source));
	json_named_text(json, "destination", endpoint_text(&c->first.destination, destination));
	json_named_number(json, "messages", c->messages);
	json_named_number(json, "first_frame", c->first.frame);
	json_named_number(json, "last_frame", c->last_frame);
	json_name(json, "first_time");
	json_seconds(json, c->first.time);
	json_name(json, "last_time");
	json_seconds(json, c->last_time);
	json_named_text(json, "closed", why == CLOSED_EVICTED ? "evicted" : "end");
	json_name(json, "description");
	json_open_array(json);
	printer.secrets = r->options.secrets;
	if (c->kind->describe)
		c->kind->describe(c, &printer.reader);
	json_close_array(json);
}

static void jsonl_conversation(struct report *r, const struct report_conversation *c)
{
	struct json_writer *json = begin_line(r, "conversation", c->file);

	json_name(json, "id");
	if (c->gathered->id)
		json_number(json, c->gathered->id);
	else
		json_text(json, NULL);
	if (c->conversation)
		members_of_conversation(json, r, c->conversation, c->why);
	members_of_gathering(json, c->gathered);
	end_line(json);
}

static void jsonl_statement(struct report *r, const char *file, const char *text, bool failure)
{
	struct json_writer *json = begin_line(r, "statement", file);

	json_named_text(json, "text", text);
	json_name(json, "failure");
	json_bool(json, failure);
	end_line(json);
}

static void jsonl_end(struct report *r, const struct report_totals *t)
{
	struct json_writer *json = begin_line(r, "summary", NULL);

	json_named_number(json, "inputs", t->inputs);
	json_named_number(json, "failed_inputs", t->failed_inputs);
	json_named_number(json, "frames", t->frames);
	json_named_number(json, "messages", t->messages);
	json_named_number(json, "unknown_payloads", t->unknown);
	json_named_number(json, "truncated_messages", t->truncated);
	json_named_number(json, "conversations", t->conversations);
	json_named_number(json, "evicted", t->evicted);
	json_name(json, "verdicts");
	json_open_object(json);
	for (int v = VERDICT_VERIFIED; v < VERDICT_KINDS; v++)
		json_named_number(json, value_name_find(verdict_names, (uint64_t)v),
				  t->verdicts[v]);
	json_close_object(json);
	json_name(json, "rules_broken");
	json_open_object(json);
	for (int level = RULE_MUST; level < RULE_LEVELS; level++)
		json_named_number(json, rule_level_name((enum rule_level)level), t->rules[level]);
	json_close_object(json);
	json_name(json, "notes");
	json_open_object(json);
	for (int level = RULE_MUST; level < RULE_LEVELS; level++)
		json_named_number(json, rule_level_name((enum rule_level)level), t->notes[level]);
	json_close_object(json);
	json_name(json, "interrupted");
	json_bool(json, t->interrupted);
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
