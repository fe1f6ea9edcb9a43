/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a suite owns. */
#include <string.h>

#include "case_impl.h"

void case_pair_free(void *data)
{
	struct case_pair *pair = data;

	g_free(pair->name);
	g_free(pair->value);
	g_free(pair);
}

void case_change_free(void *data)
{
	struct case_change *c = data;

	if (!c)
		return;
	g_free(c->target);
	g_free(c->value);
	g_free(c);
}

void case_constraint_free(void *data)
{
	struct case_constraint *c = data;

	if (!c)
		return;
	g_free(c->field);
	g_ptr_array_unref(c->values);
	g_free(c);
}

struct case_message *case_message_new(struct case_place place)
{
	struct case_message *m = g_new0(struct case_message, 1);

	m->place = place;
	m->words = g_ptr_array_new_with_free_func(g_free);
	m->constraints = g_ptr_array_new_with_free_func(case_constraint_free);
	return m;
}

void case_message_free(void *data)
{
	struct case_message *m = data;

	if (!m)
		return;
	g_free(m->kind);
	g_ptr_array_unref(m->words);
	g_ptr_array_unref(m->constraints);
	g_free(m);
}

struct case_step *case_step_new(enum step_kind kind, struct case_place place)
{
	struct case_step *s = g_new0(struct case_step, 1);

	s->kind = kind;
	s->place = place;
	s->settings = g_ptr_array_new_with_free_func(case_pair_free);
	s->changes = g_ptr_array_new_with_free_func(case_change_free);
	s->alternatives = g_ptr_array_new_with_free_func(case_message_free);
	return s;
}

void case_step_free(void *data)
{
	struct case_step *s = data;

	if (!s)
		return;
	g_free(s->player);
	g_free(s->name);
	g_free(s->field);
	case_message_free(s->message);
	g_ptr_array_unref(s->settings);
	g_ptr_array_unref(s->changes);
	g_ptr_array_unref(s->alternatives);
	if (s->steps)
		g_ptr_array_unref(s->steps);
	g_free(s);
}

void case_define_free(void *data)
{
	struct case_define *d = data;

	g_free(d->name);
	if (d->steps)
		g_ptr_array_unref(d->steps);
	g_free(d);
}

void test_case_free(void *data)
{
	struct test_case *t = data;

	if (!t)
		return;
	g_free(t->name);
	g_free(t->summary);
	g_free(t->each_name);
	g_free(t->each_value);
	g_ptr_array_unref(t->rules);
	g_ptr_array_unref(t->needs);
	if (t->steps)
		g_ptr_array_unref(t->steps);
	g_free(t);
}

void suite_free(struct suite *s)
{
	if (!s)
		return;
	g_ptr_array_unref(s->cases);
	g_ptr_array_unref(s->defines);
	g_ptr_array_unref(s->files);
	g_free(s->name);
	g_free(s);
}

const struct case_define *suite_define(const struct suite *s, const char *name)
{
	for (guint i = 0; i < s->defines->len; i++) {
		const struct case_define *d = g_ptr_array_index(s->defines, i);

		if (strcmp(d->name, name) == 0)
			return d;
	}
	return NULL;
}
