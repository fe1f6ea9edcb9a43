/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Families of cases: `each`, and what a row of its values makes of the lines of a case. */
#include <string.h>

#include "case_impl.h"

bool case_line_begins(const struct case_line *line, const char *word)
{
	const struct case_token *t = g_ptr_array_index(line->tokens, 0);

	return !t->quoted && strcmp(t->text, word) == 0;
}

void case_each_free(void *data)
{
	struct case_each *e = data;

	g_ptr_array_unref(e->names);
	g_ptr_array_unref(e->rows);
	g_ptr_array_unref(e->texts);
	g_free(e);
}

static bool each_names(struct case_reading *r, struct case_each *e)
{
	while (!reading_take(r, "in")) {
		const struct case_token *t = reading_word(r, "a name for the value, or 'in'");

		if (!t)
			return false;
		if (!case_name_good(t->text))
			return reading_refused(r, "a name for the value, or 'in'");
		g_ptr_array_add(e->names, g_strdup(t->text));
	}
	return e->names->len || reading_refused(r, "a name for the value");
}

/* "PNR ping": of one name the words that stand for it; of several a word, or string, for each. */
static GPtrArray *each_row(const struct case_each *e, const struct case_token *t)
{
	GPtrArray *row = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	GPtrArray *words = t->quoted ? case_lex_text(t->text, t->column) : NULL;

	if (e->names->len == 1) {
		if (!words)
			words = case_lex_text(t->text, t->column);
		g_ptr_array_add(row, words);
		return row;
	}
	for (guint i = 0; words && i < words->len; i++) {
		const struct case_token *word = g_ptr_array_index(words, i);

		g_ptr_array_add(row, case_lex_text(word->text, t->column));
	}
	if (words)
		g_ptr_array_unref(words);
	return row;
}

static bool each_values(struct case_reading *r, struct case_each *e)
{
	while (reading_peek(r)) {
		const struct case_token *t = reading_word(r, "a value");
		GPtrArray *row;

		if (!t)
			return false;
		row = each_row(e, t);
		g_ptr_array_add(e->rows, row);
		g_ptr_array_add(e->texts, g_strdup(t->text));
		if (row->len != e->names->len) {
			char wanted[64];

			g_snprintf(wanted, sizeof(wanted), "a string of %u words", e->names->len);
			return reading_refused(r, wanted);
		}
	}
	return true;
}

/* How many lines from `from` belong together: values go on in lines further in. */
static guint each_lines(const GPtrArray *block, guint from)
{
	const struct case_line *first = g_ptr_array_index(block, from);
	guint count = 1;

	while (from + count < block->len) {
		const struct case_line *line = g_ptr_array_index(block, from + count);

		if (line->indent <= first->indent)
			break;
		count++;
	}
	return count;
}

bool case_read_each(struct case_reading *r, GPtrArray *families, const GPtrArray *block, guint from)
{
	struct case_each *e = g_new0(struct case_each, 1);
	guint count = each_lines(block, from);

	e->names = g_ptr_array_new_with_free_func(g_free);
	e->rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	e->texts = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(families, e);
	reading_line(r, g_ptr_array_index(block, from));
	reading_take(r, "each");
	if (!each_names(r, e) || !each_values(r, e))
		return false;
	for (guint i = 1; i < count; i++) {
		reading_line(r, g_ptr_array_index(block, from + i));
		if (!each_values(r, e))
			return false;
	}
	return e->rows->len || reading_wanted(r, "a value");
}

/* The words that `name` has in a row; NULL: it is no name of `each`. */
static const GPtrArray *each_lookup(const GPtrArray *families, const guint *rows, const char *name,
				    size_t length)
{
	for (guint i = 0; i < families->len; i++) {
		const struct case_each *e = g_ptr_array_index(families, i);

		for (guint j = 0; j < e->names->len; j++) {
			const char *own = g_ptr_array_index(e->names, j);

			if (strlen(own) == length && strncmp(own, name, length) == 0)
				return g_ptr_array_index(
					(GPtrArray *)g_ptr_array_index(e->rows, rows[i]), j);
		}
	}
	return NULL;
}

static void join_words(GString *text, const GPtrArray *words, const char *between)
{
	for (guint i = 0; i < words->len; i++) {
		const struct case_token *t = g_ptr_array_index(words, i);

		g_string_append_printf(text, "%s%s", i ? between : "", t->text);
	}
}

/* $NAMEs inside of a word. */
char *case_put_in(const GPtrArray *families, const guint *rows, const char *text)
{
	GString *out = g_string_new(NULL);

	while (*text) {
		size_t length = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz"
						 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
		const GPtrArray *words = NULL;

		if (*text == '$')
			words = each_lookup(families, rows, text + 1, length);
		if (words) {
			join_words(out, words, " ");
			text += 1 + length;
		} else {
			g_string_append_c(out, *text++);
		}
	}
	return g_string_free(out, FALSE);
}

static void put_in_line(const GPtrArray *families, const guint *rows, const struct case_line *from,
			struct case_line *to)
{
	for (guint i = 0; i < from->tokens->len; i++) {
		const struct case_token *t = g_ptr_array_index(from->tokens, i);
		const GPtrArray *words = NULL;
		char *text;

		if (t->text[0] == '$' && !t->quoted)
			words = each_lookup(families, rows, t->text + 1, strlen(t->text + 1));
		for (guint j = 0; words && j < words->len; j++) {
			const struct case_token *word = g_ptr_array_index(words, j);

			g_ptr_array_add(to->tokens,
					case_token_new(word->text, t->column, word->quoted));
		}
		if (words)
			continue;
		text = case_put_in(families, rows, t->text);
		g_ptr_array_add(to->tokens, case_token_new(text, t->column, t->quoted));
		g_free(text);
	}
}

GPtrArray *case_row_lines(const GPtrArray *families, const guint *rows, const GPtrArray *block)
{
	GPtrArray *lines = g_ptr_array_new();

	for (guint i = 0; i < block->len; i++) {
		const struct case_line *from = g_ptr_array_index(block, i);
		struct case_line *to;

		if (case_line_begins(from, "each")) {
			i += each_lines(block, i) - 1;
			continue;
		}
		to = case_line_new(from->number, from->indent, from->end);
		put_in_line(families, rows, from, to);
		if (!to->tokens->len)
			g_ptr_array_add(to->tokens, case_token_new("", from->indent + 1, true));
		g_ptr_array_add(lines, to);
	}
	return lines;
}

/* "PNR-ping" of a row: what it is called. */
char *case_row_label(const GPtrArray *families, const guint *rows)
{
	GString *label = g_string_new(NULL);

	for (guint i = 0; i < families->len; i++) {
		const struct case_each *e = g_ptr_array_index(families, i);
		const GPtrArray *row = g_ptr_array_index(e->rows, rows[i]);

		g_string_append(label, i ? "," : "/");
		join_words(label, g_ptr_array_index(row, 0), "-");
	}
	for (char *c = label->str; *c; c++)
		if (!g_ascii_isalnum(*c) && !strchr("-._/,+", *c))
			*c = '-';
	return g_string_free(label, FALSE);
}

void case_row_name(const GPtrArray *families, const guint *rows, struct test_case *t)
{
	GString *names = g_string_new(NULL), *values = g_string_new(NULL);

	for (guint i = 0; i < families->len; i++) {
		const struct case_each *e = g_ptr_array_index(families, i);

		for (guint j = 0; j < e->names->len; j++)
			g_string_append_printf(names, "%s%s", names->len ? " " : "",
					       (char *)g_ptr_array_index(e->names, j));
		g_string_append_printf(values, "%s%s", values->len ? " " : "",
				       (char *)g_ptr_array_index(e->texts, rows[i]));
	}
	t->each_name = g_string_free(names, names->len == 0);
	t->each_value = g_string_free(values, t->each_name == NULL);
}
