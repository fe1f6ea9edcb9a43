/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gathering.h"

#include <glib.h>
#include <string.h>

/* Octets of text that all gatherings of the program hold. */
static size_t kept;

struct gathering *gathering_new(uint32_t id)
{
	struct gathering *g = g_new0(struct gathering, 1);

	g->id = id;
	return g;
}

static char *keep(const char *text)
{
	size_t size = strlen(text) + 1;

	if (kept + size > GATHERING_OCTETS)
		return NULL;
	kept += size;
	return g_strdup(text);
}

static void drop(char *text)
{
	if (text)
		kept -= strlen(text) + 1;
	g_free(text);
}

void gathering_free(struct gathering *g)
{
	if (!g)
		return;
	for (uint32_t i = 0; i < g->finding_count; i++) {
		drop(g->findings[i].source);
		drop(g->findings[i].wanted);
		drop(g->findings[i].found);
	}
	g_free(g->findings);
	g_free(g->outcomes);
	g_free(g);
}

static struct finding *find(struct gathering *g, const struct rule *rule)
{
	for (uint32_t i = 0; i < g->finding_count; i++)
		if (g->findings[i].rule == rule)
			return &g->findings[i];
	return NULL;
}

bool gathering_note(struct gathering *g, const struct occurrence *o)
{
	struct finding *f = find(g, o->note.rule);

	if (f) {
		f->count++;
		return false;
	}
	if (g->finding_count == GATHERING_RULES) {
		g->beyond++;
		return false;
	}
	if (g->finding_count == g->finding_room) {
		g->finding_room = g->finding_room ? 2 * g->finding_room : 2;
		g->findings = g_renew(struct finding, g->findings, g->finding_room);
	}
	g->findings[g->finding_count++] = (struct finding){
		.rule = o->note.rule,
		.field = o->note.field,
		.count = 1,
		.frame = o->frame,
		.offset = (uint32_t)o->note.offset,
		.length = (uint32_t)o->note.length,
		.source = o->source[0] ? keep(o->source) : NULL,
		.wanted = keep(o->note.wanted),
		.found = keep(o->note.found),
	};
	return true;
}

void gathering_verdict(struct gathering *g, const struct field *field, enum verdict verdict,
		       uint32_t frame)
{
	struct outcome *o = NULL;

	if (verdict < VERDICT_VERIFIED || verdict > VERDICT_UNSUPPORTED)
		return;
	for (uint32_t i = 0; i < g->outcome_count && !o; i++)
		if (g->outcomes[i].field == field)
			o = &g->outcomes[i];
	if (!o && g->outcome_count == GATHERING_FIELDS)
		return;
	if (!o) {
		g->outcomes = g_renew(struct outcome, g->outcomes, g->outcome_count + 1);
		o = &g->outcomes[g->outcome_count++];
		*o = (struct outcome){.field = field};
	}
	if (o->counts[verdict]++ == 0)
		o->first[verdict] = frame;
}

uint32_t outcome_checked(const struct outcome *o)
{
	return o->counts[VERDICT_VERIFIED] + o->counts[VERDICT_WRONG_KEY] +
	       o->counts[VERDICT_FORGED];
}

uint32_t outcome_total(const struct outcome *o)
{
	uint32_t total = 0;

	for (int v = VERDICT_VERIFIED; v < VERDICT_KINDS; v++)
		total += o->counts[v];
	return total;
}
