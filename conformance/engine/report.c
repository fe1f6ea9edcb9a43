/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report.h"

#include <glib.h>
#include <inttypes.h>
#include <string.h>

static const struct {
	const char *name;
	struct report *(*make)(void);
} formats[REPORT_FORMATS] = {
	[REPORT_TEXT] = {"text", report_text_new},
	[REPORT_JSONL] = {"jsonl", report_jsonl_new},
	[REPORT_JUNIT] = {"junit", report_junit_new},
	[REPORT_TAP] = {"tap", report_tap_new},
};

bool report_format_of(const char *name, enum report_format *format)
{
	for (int i = 0; i < REPORT_FORMATS; i++) {
		if (strcmp(formats[i].name, name) == 0) {
			*format = (enum report_format)i;
			return true;
		}
	}
	return false;
}

struct report *report_new(enum report_format format, const struct report_options *options)
{
	struct report *r = formats[format].make();

	r->options = *options;
	return r;
}

void report_free(struct report *r)
{
	if (!r)
		return;
	if (r->ops->free)
		r->ops->free(r);
	g_free(r);
}

void report_begin(struct report *r)
{
	if (r->ops->begin)
		r->ops->begin(r);
}

void report_conversation(struct report *r, const struct report_conversation *c)
{
	if (r->ops->conversation)
		r->ops->conversation(r, c);
}

void report_statement(struct report *r, const char *file, const char *text, bool failure)
{
	if (r->ops->statement)
		r->ops->statement(r, file, text, failure);
}

void report_end(struct report *r, const struct report_totals *totals)
{
	if (r->ops->end)
		r->ops->end(r, totals);
}

bool report_fails(const struct report *r, enum rule_level level)
{
	return level == RULE_MUST || (r->options.strict && level == RULE_SHOULD);
}

const char *report_title(const struct report_conversation *c, char text[REPORT_TITLE_SIZE])
{
	if (c->conversation)
		snprintf(text, REPORT_TITLE_SIZE, "%s %" PRIu32, c->conversation->kind->label,
			 c->gathered->id);
	else
		snprintf(text, REPORT_TITLE_SIZE, "Messages of no conversation");
	return text;
}

const char *report_outcome(const struct outcome *o, char text[REPORT_OUTCOME_SIZE])
{
	uint32_t total = outcome_total(o);
	size_t at = 0;

	text[0] = '\0';
	for (int v = VERDICT_VERIFIED; v < VERDICT_KINDS && at < REPORT_OUTCOME_SIZE; v++) {
		if (!o->counts[v])
			continue;
		at += (size_t)snprintf(text + at, REPORT_OUTCOME_SIZE - at,
				       "%s%" PRIu32 " of %" PRIu32 " %s", at ? ", " : "",
				       o->counts[v], total,
				       value_name_find(verdict_names, (uint64_t)v));
		if (v != VERDICT_VERIFIED && at < REPORT_OUTCOME_SIZE)
			at += (size_t)snprintf(text + at, REPORT_OUTCOME_SIZE - at,
					       " (%sframe %" PRIu32 ")",
					       o->counts[v] > 1 ? "first in " : "", o->first[v]);
	}
	return text;
}

const char *report_place(const struct finding *f, char text[REPORT_PLACE_SIZE])
{
	int at = snprintf(text, REPORT_PLACE_SIZE, "%sframe %" PRIu32,
			  f->count > 1 ? "first in " : "", f->frame);

	if (f->field)
		at += snprintf(text + at, (size_t)(REPORT_PLACE_SIZE - at), ", %s", f->field->name);
	if (f->length)
		at += snprintf(text + at, (size_t)(REPORT_PLACE_SIZE - at),
			       " at octet %" PRIu32 ", length %" PRIu32, f->offset, f->length);
	if (f->source)
		snprintf(text + at, (size_t)(REPORT_PLACE_SIZE - at), " of \"%.100s\"", f->source);
	return text;
}

const char *report_found(const struct finding *f)
{
	return f->found ? f->found : "(not kept: too many findings)";
}

const char *report_wanted(const struct finding *f)
{
	return f->wanted ? f->wanted : "(not kept: too many findings)";
}
