/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The suites of the tree: they load, and damaged they do no harm. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/engine/case.h"

static char error[CASE_ERROR_SIZE];

static struct suite *load(const char *name)
{
	char *path = suite_path(name);
	struct suite *s;

	cr_assert(path, "no suite %s", name);
	s = suite_load(path, error, sizeof(error));
	cr_assert(s, "%s", error);
	g_free(path);
	return s;
}

Test(suites, every_suite_loads_and_is_named_after_its_role)
{
	GPtrArray *names = suite_names();

	cr_assert_geq(names->len, 5);
	for (guint i = 0; i < names->len; i++) {
		struct suite *s = load(g_ptr_array_index(names, i));

		cr_expect_str_eq(s->name, g_ptr_array_index(names, i));
		suite_free(s);
	}
	g_ptr_array_unref(names);
}

Test(suites, first_and_last_case_are_the_happy_path)
{
	GPtrArray *names = suite_names();

	for (guint i = 0; i < names->len; i++) {
		struct suite *s = load(g_ptr_array_index(names, i));
		const struct test_case *first = g_ptr_array_index(s->cases, 0);
		const struct test_case *last = g_ptr_array_index(s->cases, s->cases->len - 1);

		cr_expect_str_eq(first->name, "happy");
		cr_expect_str_eq(last->name, "happy-again");
		suite_free(s);
	}
	g_ptr_array_unref(names);
}

Test(suites, no_silence_is_left_without_alive)
{
	GPtrArray *names = suite_names();

	for (guint i = 0; i < names->len; i++) {
		struct suite *s = load(g_ptr_array_index(names, i));

		for (guint n = 0; n < s->cases->len; n++) {
			const struct test_case *t = g_ptr_array_index(s->cases, n);
			bool silent = false;

			for (guint k = 0; k < t->steps->len; k++) {
				const struct case_step *step = g_ptr_array_index(t->steps, k);

				silent = step->kind == STEP_SILENCE ||
					 (silent && step->kind != STEP_ALIVE);
			}
			cr_expect(!silent, "%s %s", s->name, t->name);
		}
		suite_free(s);
	}
	g_ptr_array_unref(names);
}

Test(suites, a_suite_that_is_not_there_has_no_path)
{
	cr_assert_null(suite_path("pana.dog"));
	cr_assert_null(suite_path("/no/such.case"));
}

static void try_octets(const char *path, const char *octets, size_t length)
{
	char *copy = g_memdup2(octets, length ? length : 1); /* its end is guarded by ASan */
	struct suite *s = suite_load_octets(path, copy, length, error, sizeof(error));

	cr_assert(s || error[0]);
	suite_free(s);
	g_free(copy);
}

Test(suites, cut_and_damaged_files_do_no_harm, .timeout = 60)
{
	char *path = suite_path("pana.pre"), *octets;
	gsize length;

	cr_assert(path && g_file_get_contents(path, &octets, &length, NULL));
	for (size_t i = 0; i < length; i += 7)
		try_octets(path, octets, i);
	for (size_t i = 0; i < length; i += 3) {
		char was = octets[i];

		octets[i] = (char)(was ^ 1 << i % 8);
		try_octets(path, octets, length);
		octets[i] = was;
	}
	g_free(octets);
	g_free(path);
}
