/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Suites told: which there are, their cases, a case in full. */
#include "suites.h"

#include <inttypes.h>
#include <string.h>

#include "command.h"
#include "conformance/engine/stack.h"

static void free_suite(void *suite)
{
	suite_free(suite);
}

static bool load(GPtrArray *suites, const char *name)
{
	char *path = suite_path(name), error[CASE_ERROR_SIZE];
	struct suite *s = path ? suite_load(path, error, sizeof(error)) : NULL;

	if (!path)
		complain("no suite '%s'; 'assay list suites' lists them", name);
	else if (!s)
		complain("%s", error);
	else
		g_ptr_array_add(suites, s);
	g_free(path);
	return s != NULL;
}

GPtrArray *suites_load(int count, char **names)
{
	GPtrArray *suites = g_ptr_array_new_with_free_func(free_suite);
	GPtrArray *all = count ? NULL : suite_names();
	bool good = true;

	for (int i = 0; i < count; i++)
		good = load(suites, names[i]) && good;
	for (guint i = 0; all && i < all->len; i++)
		good = load(suites, g_ptr_array_index(all, i)) && good;
	if (all)
		g_ptr_array_unref(all);
	if (good && !suites->len)
		complain("no suites are installed");
	if (good && suites->len)
		return suites;
	g_ptr_array_unref(suites);
	return NULL;
}

const struct rule *suites_rule(const char *id)
{
	for (const struct protocol *const *p = stack_protocols; *p; p++)
		for (size_t i = 0; i < (*p)->rule_count; i++)
			if (strcmp((*p)->rules[i].id, id) == 0)
				return &(*p)->rules[i];
	return NULL;
}

/* ---- list ---- */

void suites_list(void)
{
	GPtrArray *suites = suites_load(0, NULL);

	for (guint i = 0; suites && i < suites->len; i++) {
		const struct suite *s = g_ptr_array_index(suites, i);

		printf("%s\t%s\t%u cases\n", s->name, s->name, s->cases->len);
	}
	if (suites)
		g_ptr_array_unref(suites);
}

void suites_list_cases(void)
{
	GPtrArray *suites = suites_load(0, NULL);

	for (guint i = 0; suites && i < suites->len; i++) {
		const struct suite *s = g_ptr_array_index(suites, i);

		for (guint n = 0; n < s->cases->len; n++) {
			const struct test_case *t = g_ptr_array_index(s->cases, n);

			printf("%s\t%s\t%s\n", s->name, t->name, t->summary);
		}
	}
	if (suites)
		g_ptr_array_unref(suites);
}

GPtrArray *suites_names(GPtrArray *names)
{
	GPtrArray *suites = suites_load(0, NULL);

	for (guint i = 0; suites && i < suites->len; i++) {
		const struct suite *s = g_ptr_array_index(suites, i);

		for (guint n = 0; n < s->cases->len; n++)
			g_ptr_array_add(names,
					((struct test_case *)g_ptr_array_index(s->cases, n))->name);
	}
	return suites;
}

/* ---- explain ---- */

static void print_steps(const GPtrArray *steps, int indent);

static void print_time(uint64_t nanoseconds)
{
	if (nanoseconds % 1000000000)
		printf("%" PRIu64 "ms", nanoseconds / 1000000);
	else
		printf("%" PRIu64 "s", nanoseconds / 1000000000);
}

static void print_message(const struct case_message *m)
{
	printf("%s", m->kind);
	for (guint i = 0; i < m->words->len; i++)
		printf(" %s", (char *)g_ptr_array_index(m->words, i));
}

static void print_constraints(const struct case_message *m, int indent)
{
	static const char *const words[] = {
		[CONSTRAINT_EQUAL] = "==",        [CONSTRAINT_UNEQUAL] = "!=",
		[CONSTRAINT_IN] = "in",           [CONSTRAINT_LENGTH] = "len",
		[CONSTRAINT_MATCHES] = "matches", [CONSTRAINT_PRESENT] = "present",
		[CONSTRAINT_ABSENT] = "absent",
	};

	for (guint i = 0; i < m->constraints->len; i++) {
		const struct case_constraint *c = g_ptr_array_index(m->constraints, i);

		if (c->kind == CONSTRAINT_OK) {
			printf("%*sok(%s)\n", indent, "", c->field);
			continue;
		}
		printf("%*s%s %s", indent, "", c->field, words[c->kind]);
		for (guint n = 0; n < c->values->len; n++)
			printf("%s %s", n ? "," : "", (char *)g_ptr_array_index(c->values, n));
		putchar('\n');
	}
}

static void print_position(enum change_position position)
{
	static const char *const words[] = {[POSITION_FIRST] = "first",
					    [POSITION_LAST] = "last",
					    [POSITION_BEFORE_LAST] = "before last"};

	printf(" %s", words[position]);
}

static void print_change(const struct case_change *c, int indent)
{
	static const char *const words[] = {
		[CHANGE_SET] = "=",         [CHANGE_FLIP] = "flip",
		[CHANGE_ZERO] = "zero",     [CHANGE_CUT] = "cut",
		[CHANGE_ADD] = "add",       [CHANGE_RANDOM] = "random",
		[CHANGE_REMOVE] = "remove", [CHANGE_INSERT] = "insert",
		[CHANGE_MOVE] = "move",     [CHANGE_DUPLICATE] = "duplicate",
	};
	static const char *const layers[] = {
		[CHANGE_BEFORE_MAC] = "",
		[CHANGE_ON_WIRE] = " on wire",
	};

	printf("%*s%s%s %s", indent, "", c->element ? "element " : "", c->target, words[c->kind]);
	if (c->kind == CHANGE_CUT)
		printf(" %u", c->count);
	if (c->value)
		printf("%s %s", c->kind == CHANGE_INSERT ? " =" : "", c->value);
	if (c->kind == CHANGE_FLIP && (!strcmp(c->value, "first") || !strcmp(c->value, "last")))
		printf(" bit");
	if (c->kind == CHANGE_INSERT || c->kind == CHANGE_MOVE)
		print_position(c->position);
	printf("%s\n", layers[c->layer]);
}

static void print_settings(const struct case_step *s)
{
	for (guint i = 0; i < s->settings->len; i++) {
		const struct case_pair *pair = g_ptr_array_index(s->settings, i);

		printf("%s %s=%s", i ? "" : " with", pair->name, pair->value);
	}
	putchar('\n');
}

static void print_expect(const struct case_step *s, int indent)
{
	for (guint i = 0; i < s->alternatives->len; i++) {
		const struct case_message *m = g_ptr_array_index(s->alternatives, i);

		printf("%*s%s ", i ? indent : 0, "", i ? "or" : "expect");
		print_message(m);
		if (!i)
			printf(" of %s", s->player);
		if (!i && (s->schedule || s->time)) {
			printf(" within ");
			if (s->earliest) {
				print_time(s->earliest);
				printf("..");
			}
			if (s->schedule)
				printf("rt");
			else
				print_time(s->time);
		}
		putchar('\n');
		print_constraints(m, indent + 2);
	}
}

static void print_send(const struct case_step *s, int indent)
{
	printf("send ");
	print_message(s->message);
	printf(" of %s\n", s->player);
	for (guint i = 0; i < s->changes->len; i++)
		print_change(g_ptr_array_index(s->changes, i), indent + 2);
}

static void print_step(const struct case_step *s, int indent)
{
	printf("%*s", indent, "");
	switch (s->kind) {
	case STEP_USE:
		printf("use %s as %s", s->name, s->player);
		print_settings(s);
		print_steps(s->steps, indent + 4);
		break;
	case STEP_START:
		printf("start %s as %s", s->player, s->name);
		print_settings(s);
		break;
	case STEP_SEND:
		print_send(s, indent);
		break;
	case STEP_EXPECT:
		print_expect(s, indent);
		break;
	case STEP_SILENCE:
	case STEP_WAIT:
		printf("%s ", s->kind == STEP_WAIT ? "wait" : "silence");
		print_time(s->time);
		putchar('\n');
		break;
	case STEP_ALIVE:
		printf("alive %s\n", s->player ? s->player : "new");
		break;
	case STEP_KEEP:
		printf("keep %s of %s as $%s\n", s->field, s->player, s->name);
		break;
	case STEP_REPEAT:
		printf("repeat %u\n", s->count);
		print_steps(s->steps, indent + 2);
		printf("%*send\n", indent, "");
		break;
	case STEP_TRIGGER:
		printf("trigger %s\n", s->name);
		break;
	}
}

static void print_steps(const GPtrArray *steps, int indent)
{
	for (guint i = 0; i < steps->len; i++)
		print_step(g_ptr_array_index(steps, i), indent);
}

static void explain_case(const struct suite *s, const struct test_case *t)
{
	printf("%s:%s\n  %s\n\n", s->name, t->name, t->summary);
	printf("  Written   %s:%u\n", t->place.file, t->place.line);
	printf("  Level     %s\n", rule_level_name(t->level));
	for (guint i = 0; i < t->needs->len; i++) {
		const struct case_pair *need = g_ptr_array_index(t->needs, i);

		printf("  Needs     %s=%s\n", need->name, need->value);
	}
	for (guint i = 0; i < t->rules->len; i++) {
		const struct rule *rule = g_ptr_array_index(t->rules, i);

		printf("  Rule      %s (%s, %s)\n            %s\n", rule->id,
		       rule_level_name(rule->level), rule->section, rule->text);
	}
	putchar('\n');
	print_steps(t->steps, 2);
}

/* "auth-wrong" of "auth-wrong/PTR,zero". */
static bool is_row_of(const struct test_case *t, const char *family)
{
	size_t length = strlen(family);

	return strncmp(t->name, family, length) == 0 && t->name[length] == '/';
}

static bool explain_in(const struct suite *s, const char *name, bool *any)
{
	unsigned rows = 0;

	for (guint i = 0; i < s->cases->len; i++) {
		const struct test_case *t = g_ptr_array_index(s->cases, i);
		bool whole = strcmp(t->name, name) == 0;

		if (!whole && !is_row_of(t, name))
			continue;
		if (whole || !rows++) {
			if (*any)
				putchar('\n');
			explain_case(s, t);
		} else {
			printf("%s%s:%s\n", rows == 2 ? "\nOther rows\n  " : "  ", s->name,
			       t->name);
		}
		*any = true;
	}
	return *any;
}

bool suites_explain(const char *name)
{
	GPtrArray *suites = suites_load(0, NULL);
	const char *colon = strchr(name, ':');
	bool any = false;

	for (guint i = 0; suites && i < suites->len; i++) {
		const struct suite *s = g_ptr_array_index(suites, i);
		size_t length = strlen(s->name);

		if (!colon)
			explain_in(s, name, &any);
		else if ((size_t)(colon - name) == length && strncmp(name, s->name, length) == 0)
			explain_in(s, colon + 1, &any);
	}
	if (suites)
		g_ptr_array_unref(suites);
	return any;
}
