/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "baseline.h"

#include <glib.h>
#include <string.h>

struct row {
	char *suite, *glob, *why;
};

struct baseline {
	GPtrArray *rows; /* of struct row * */
};

static void row_free(gpointer data)
{
	struct row *row = data;

	g_free(row->suite);
	g_free(row->glob);
	g_free(row->why);
	g_free(row);
}

/* The next word of a line, which is cut off it; "" at its end. */
static const char *next_word(char **line)
{
	char *word = *line + strspn(*line, " \t\r");
	size_t length = strcspn(word, " \t\r");

	*line = word + length;
	if (**line)
		*(*line)++ = '\0';
	return word;
}

static bool add_line(struct baseline *b, const char *name, unsigned number, char *line, char *error,
		     size_t error_size)
{
	const char *suite, *glob, *known;
	struct row *row;

	suite = next_word(&line);
	if (!*suite || *suite == '#')
		return true;
	glob = next_word(&line);
	known = next_word(&line);
	g_strstrip(line);
	if (strcmp(known, "xfail") != 0 || !*line) {
		g_snprintf(error, (gulong)error_size,
			   "%s:%u: wanted SUITE CASE xfail WHY, found \"%.40s %.40s %.40s %.40s\"",
			   name, number, suite, glob, known, line);
		return false;
	}
	row = g_new0(struct row, 1);
	row->suite = g_strdup(suite);
	row->glob = g_strdup(glob);
	row->why = g_strdup(line);
	g_ptr_array_add(b->rows, row);
	return true;
}

struct baseline *baseline_parse(const char *name, const char *text, char *error, size_t error_size)
{
	struct baseline *b = g_new0(struct baseline, 1);
	char **lines = g_strsplit(text, "\n", -1);
	bool right = true;

	b->rows = g_ptr_array_new_with_free_func(row_free);
	for (unsigned i = 0; lines[i] && right; i++)
		right = add_line(b, name, i + 1, lines[i], error, error_size);
	g_strfreev(lines);
	if (right)
		return b;
	baseline_free(b);
	return NULL;
}

struct baseline *baseline_load(const char *path, char *error, size_t error_size)
{
	struct baseline *b;
	GError *reason = NULL;
	char *text;

	if (!g_file_get_contents(path, &text, NULL, &reason)) {
		g_snprintf(error, (gulong)error_size, "%s", reason->message);
		g_error_free(reason);
		return NULL;
	}
	b = baseline_parse(path, text, error, error_size);
	g_free(text);
	return b;
}

void baseline_free(struct baseline *b)
{
	if (!b)
		return;
	g_ptr_array_free(b->rows, TRUE);
	g_free(b);
}

const char *baseline_why(const struct baseline *b, const char *suite, const char *test_case)
{
	for (guint i = 0; b && i < b->rows->len; i++) {
		const struct row *row = g_ptr_array_index(b->rows, i);

		if (g_pattern_match_simple(row->suite, suite) &&
		    g_pattern_match_simple(row->glob, test_case))
			return row->why;
	}
	return NULL;
}
