/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "told.h"

#include <string.h>

struct told told_new(void)
{
	return (struct told){g_ptr_array_new_with_free_func(g_free)};
}

void told_free(struct told *t)
{
	g_ptr_array_free(t->lines, TRUE);
}

void told_clear(struct told *t)
{
	g_ptr_array_set_size(t->lines, 0);
}

void told_rule(struct told *t, const char *id)
{
	g_ptr_array_add(t->lines, g_strdup(id));
}

void told_verdict(struct told *t, const char *field, const char *verdict)
{
	g_ptr_array_add(t->lines, g_strdup_printf("%s=%s", field, verdict));
}

static gint compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static const char *line(const struct told *t, guint i)
{
	return i < t->lines->len ? g_ptr_array_index(t->lines, i) : NULL;
}

bool told_equal(struct told *a, struct told *b)
{
	if (a->lines->len != b->lines->len)
		return false;
	g_ptr_array_sort(a->lines, compare);
	g_ptr_array_sort(b->lines, compare);
	for (guint i = 0; i < a->lines->len; i++)
		if (strcmp(line(a, i), line(b, i)) != 0)
			return false;
	return true;
}

char *told_without(struct told *a, struct told *b)
{
	GString *text = g_string_new(NULL);
	guint j = 0;

	g_ptr_array_sort(a->lines, compare);
	g_ptr_array_sort(b->lines, compare);
	for (guint i = 0; i < a->lines->len; i++) {
		while (line(b, j) && strcmp(line(b, j), line(a, i)) < 0)
			j++;
		if (line(b, j) && !strcmp(line(b, j), line(a, i)))
			j++;
		else
			g_string_append_printf(text, "%s%s", text->len ? ", " : "", line(a, i));
	}
	return g_string_free(text, FALSE);
}
