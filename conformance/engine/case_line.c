/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line being read, word by word, and what is said when a word is another than is wanted. */
#include "case_impl.h"

#include <string.h>

void reading_line(struct case_reading *r, const struct case_line *line)
{
	r->line = line;
	r->word = 0;
}

const struct case_token *reading_peek(const struct case_reading *r)
{
	return r->word < r->line->tokens->len ? g_ptr_array_index(r->line->tokens, r->word) : NULL;
}

static struct case_place place_of(const struct case_reading *r, guint word)
{
	unsigned column = r->line->end;

	if (word < r->line->tokens->len)
		column = ((struct case_token *)g_ptr_array_index(r->line->tokens, word))->column;
	return (struct case_place){r->file, r->line->number, column};
}

struct case_place reading_place(const struct case_reading *r)
{
	return place_of(r, r->word);
}

static bool wanted_at(struct case_reading *r, guint word, const char *wanted)
{
	struct case_place place = place_of(r, word);

	if (word < r->line->tokens->len) {
		const struct case_token *t = g_ptr_array_index(r->line->tokens, word);

		case_error(&r->parser->errors, place, "wanted %s, found '%s'", wanted, t->text);
	} else {
		case_error(&r->parser->errors, place, "wanted %s, found the end of the line",
			   wanted);
	}
	return false;
}

bool reading_wanted(struct case_reading *r, const char *wanted)
{
	return wanted_at(r, r->word, wanted);
}

bool reading_refused(struct case_reading *r, const char *wanted)
{
	return wanted_at(r, r->word ? r->word - 1 : 0, wanted);
}

bool reading_take(struct case_reading *r, const char *word)
{
	const struct case_token *t = reading_peek(r);

	if (!t || t->quoted || strcmp(t->text, word) != 0)
		return false;
	r->word++;
	return true;
}

const struct case_token *reading_word(struct case_reading *r, const char *wanted)
{
	const struct case_token *t = reading_peek(r);

	if (!t || (!t->quoted && strlen(t->text) <= 2 && strchr("=,()!", t->text[0]))) {
		reading_wanted(r, wanted);
		return NULL;
	}
	r->word++;
	return t;
}

bool reading_demand(struct case_reading *r, const char *word)
{
	char wanted[64];

	if (reading_take(r, word))
		return true;
	g_snprintf(wanted, sizeof(wanted), "'%s'", word);
	return reading_wanted(r, wanted);
}

bool reading_end(struct case_reading *r)
{
	return !reading_peek(r) || reading_wanted(r, "the end of the line");
}

bool reading_pair(struct case_reading *r, const char *wanted, GPtrArray *pairs)
{
	struct case_place place = reading_place(r);
	const struct case_token *name = reading_word(r, wanted), *value;
	struct case_pair *pair;
	GString *list;

	if (!name)
		return false;
	if (!case_name_good(name->text))
		return reading_refused(r, wanted);
	if (!reading_demand(r, "="))
		return false;
	value = reading_word(r, "a value");
	if (!value)
		return false;
	list = g_string_new(value->text);
	while (reading_take(r, ",")) {
		value = reading_word(r, "a value");
		if (!value) {
			g_string_free(list, TRUE);
			return false;
		}
		g_string_append_printf(list, ",%s", value->text);
	}
	pair = g_new0(struct case_pair, 1);
	pair->place = place;
	pair->name = g_strdup(name->text);
	pair->value = g_string_free(list, FALSE);
	g_ptr_array_add(pairs, pair);
	return true;
}
