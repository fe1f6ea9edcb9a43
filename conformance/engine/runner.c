/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A run: which cases, how often, against a target that may die. What is played is runner_play.c's.
 */
#include "runner.h"

#include <string.h>

#include "net.h"
#include "test_report.h"

struct runner {
	const struct runner_options *options;
	struct test_totals totals;
	struct world *world; /* that runs now, for runner_stop; or NULL */
	volatile int stop;
	bool begun; /* the target has been looked for */
};

const char *test_verdict_name(enum test_verdict v)
{
	static const char *const names[] = {"pass", "fail", "inconclusive", "error",
					    "not-applicable"};

	return (unsigned)v < TEST_VERDICTS ? names[v] : "?";
}

const char *test_overlay_name(enum test_overlay o)
{
	static const char *const names[] = {"", "xfail", "xpass", "flaky"};

	return names[o];
}

bool test_result_counts(const struct test_result *result)
{
	if (result->interrupted || result->verdict == TEST_NOT_APPLICABLE)
		return false;
	if (result->overlay == OVERLAY_XPASS)
		return true;
	return result->verdict != TEST_PASS && result->overlay != OVERLAY_XFAIL;
}

void test_result_clear(struct test_result *result)
{
	if (result->remarks)
		g_ptr_array_free(result->remarks, TRUE);
	g_free(result->evidence);
	g_free(result->redo);
	g_free(result->baseline_why);
	memset(result, 0, sizeof(*result));
}

/* ---- selection ---- */

static bool word_takes(const char *word, const struct test_case *c)
{
	if (word[0] == '=')
		return strcmp(word + 1, c->name) == 0;
	for (guint i = 0; c->rules && i < c->rules->len; i++) {
		const struct rule *rule = g_ptr_array_index(c->rules, i);

		if (strcmp(rule->id, word) == 0)
			return true;
	}
	return strstr(c->name, word) != NULL;
}

/* expression = term { "or" term }; term = factor { "and" factor }; factor = "not" factor | "("
 * expression ")" | word. */
struct selecting {
	const char *at;
	const struct test_case *c;
	unsigned depth;
};

enum { SELECT_DEPTH = 32 };

static bool take_expression(struct selecting *s);

static char *peek_word(const struct selecting *s, const char **end)
{
	const char *from = s->at + strspn(s->at, " \t");
	size_t length = *from == '(' || *from == ')' ? 1 : strcspn(from, " \t()");

	*end = from + length;
	return g_strndup(from, length);
}

static bool take_word(struct selecting *s, const char *wanted)
{
	const char *end;
	char *word = peek_word(s, &end);
	bool same = strcmp(word, wanted) == 0;

	if (same)
		s->at = end;
	g_free(word);
	return same;
}

static bool take_factor(struct selecting *s)
{
	const char *end;
	char *word;
	bool taken;

	if (++s->depth > SELECT_DEPTH)
		return false;
	if (take_word(s, "not")) {
		taken = !take_factor(s);
	} else if (take_word(s, "(")) {
		taken = take_expression(s);
		take_word(s, ")");
	} else {
		word = peek_word(s, &end);
		s->at = end;
		taken = word_takes(word, s->c);
		g_free(word);
	}
	s->depth--;
	return taken;
}

static bool take_term(struct selecting *s)
{
	bool taken = take_factor(s);

	while (take_word(s, "and"))
		taken = take_factor(s) && taken;
	return taken;
}

static bool take_expression(struct selecting *s)
{
	bool taken = take_term(s);

	while (take_word(s, "or"))
		taken = take_term(s) || taken;
	return taken;
}

bool runner_takes(const char *select, const struct test_case *c)
{
	struct selecting s = {.at = select, .c = c};

	return !select || !*select || take_expression(&s);
}

GPtrArray *runner_selected(const struct runner *r, const struct suite *suite)
{
	const struct runner_options *o = r->options;
	GPtrArray *selected = g_ptr_array_new();
	unsigned number = 0;

	for (guint i = 0; i < suite->cases->len; i++) {
		const struct test_case *c = g_ptr_array_index(suite->cases, i);

		if (c->level > o->level || !runner_takes(o->select, c))
			continue;
		if (o->shards < 2 || number % o->shards == o->shard - 1)
			g_ptr_array_add(selected, (gpointer)c);
		number++;
	}
	return selected;
}

/* ---- one case ---- */

static char *redo_line(const struct runner *r, const struct test_result *result)
{
	const struct runner_options *o = r->options;

	return g_strdup_printf("%s %s -k '=%s' --seed %" G_GUINT64_FORMAT,
			       o->redo ? o->redo : "assay test", result->suite->name,
			       result->test_case->name, o->target.seed);
}

static bool is_applicable(const struct runner *r, struct test_result *result)
{
	const struct target *t = &r->options->target;
	const struct test_case *c = result->test_case;

	if (device_profile_meets(t->profile, c->needs, result->reason, sizeof(result->reason)))
		return true;
	result->verdict = TEST_NOT_APPLICABLE;
	return false;
}

static bool wants_another_try(const struct test_result *result)
{
	return result->verdict == TEST_FAIL || result->verdict == TEST_INCONCLUSIVE ||
	       (result->verdict == TEST_ERROR && !result->interrupted);
}

/* The first try has the case's own seed, so that it is the same alone. */
static void try_case(struct runner *r, struct test_result *result)
{
	struct play_options play = {
		.runner = r->options,
		.suite = result->suite,
		.world = &r->world,
		.stop = &r->stop,
	};

	do {
		char *label = result->attempts ? g_strdup_printf("%s#%u", result->test_case->name,
								 result->attempts)
					       : g_strdup(result->test_case->name);

		result->mismatch = (struct mismatch){0};
		result->reason[0] = '\0';
		result->place.file = NULL;
		result->rule = NULL;
		result->frame = 0;
		play.label = label;
		runner_play(&play, result->test_case, result);
		result->attempts++;
		g_free(label);
	} while (wants_another_try(result) && result->attempts <= r->options->retries && !r->stop);
}

static void overlay(const struct runner *r, struct test_result *result)
{
	const char *why =
		baseline_why(r->options->baseline, result->suite->name, result->test_case->name);
	bool failed = result->verdict == TEST_FAIL || result->verdict == TEST_INCONCLUSIVE;

	if (why && failed)
		result->overlay = OVERLAY_XFAIL;
	else if (why && result->verdict == TEST_PASS)
		result->overlay = OVERLAY_XPASS;
	else if (result->verdict == TEST_PASS && result->attempts > 1)
		result->overlay = OVERLAY_FLAKY;
	if (why)
		result->baseline_why = g_strdup(why);
}

static void count(struct runner *r, const struct test_result *result)
{
	r->totals.verdicts[result->verdict]++;
	r->totals.xfail += result->overlay == OVERLAY_XFAIL;
	r->totals.xpass += result->overlay == OVERLAY_XPASS;
	r->totals.flaky += result->overlay == OVERLAY_FLAKY;
	r->totals.killed += result->killed;
	r->totals.counted += test_result_counts(result);
}

static void report(struct runner *r, const struct test_result *result)
{
	for (guint i = 0; i < r->options->reports->len; i++)
		test_report_result(g_ptr_array_index(r->options->reports, i), result);
}

/* ---- a target that may be dead ---- */

static bool is_alive(struct runner *r, const struct suite *suite, const char *label)
{
	struct hooks *hooks = r->options->target.hooks;
	struct play_options play = {
		.runner = r->options,
		.suite = suite,
		.label = label,
		.world = &r->world,
		.stop = &r->stop,
	};

	if (r->options->target.reference)
		return true;
	if (hooks && hooks_died(hooks))
		return false;
	if (hooks && hooks->check)
		return hooks_check(hooks, label);
	/* A client begins when it is triggered; without a trigger nobody can tell. */
	if (target_is_client(suite->name) && !(hooks && hooks->trigger))
		return true;
	return runner_probe(&play);
}

/* A device that has just been started may take its time. */
static bool comes_alive(struct runner *r, const struct suite *suite, const char *label)
{
	struct hooks *hooks = r->options->target.hooks;
	unsigned tries = hooks && (hooks->start || hooks->reset) ? 4 : 1;

	for (unsigned i = 0; i < tries && !r->stop; i++) {
		if (i)
			g_usleep(G_USEC_PER_SEC / 2);
		if (is_alive(r, suite, label))
			return true;
	}
	return false;
}

static bool begin_target(struct runner *r, const struct suite *suite)
{
	struct hooks *hooks = r->options->target.hooks;

	if (r->begun)
		return !r->totals.target_dead;
	r->begun = true;
	if (hooks && !hooks_start(hooks))
		r->totals.target_dead = true;
	else
		r->totals.target_dead = !comes_alive(r, suite, "(start)") && !r->stop;
	return !r->totals.target_dead;
}

/* After a case that did not pass: is the device still there? */
static void look_after(struct runner *r, struct test_result *result)
{
	const struct target *t = &r->options->target;

	if (result->verdict == TEST_PASS || result->verdict == TEST_NOT_APPLICABLE ||
	    t->reference || r->stop || is_alive(r, result->suite, result->test_case->name))
		return;
	result->killed = true;
	if (!target_reset(t, result->test_case->name) ||
	    !comes_alive(r, result->suite, result->test_case->name))
		r->totals.target_dead = !r->stop;
}

/* ---- the run ---- */

static void run_case(struct runner *r, const struct suite *suite, const struct test_case *c)
{
	struct test_result result = {.suite = suite, .test_case = c};
	gint64 began = g_get_monotonic_time();

	result.remarks = g_ptr_array_new_with_free_func(g_free);
	if (is_applicable(r, &result))
		try_case(r, &result);
	result.elapsed = (uint64_t)(g_get_monotonic_time() - began) * 1000;
	if (result.interrupted) {
		r->totals.interrupted = true;
		test_result_clear(&result);
		return;
	}
	overlay(r, &result);
	result.redo = redo_line(r, &result);
	look_after(r, &result);
	count(r, &result);
	report(r, &result);
	test_result_clear(&result);
}

void runner_run(struct runner *r, const struct suite *suite)
{
	GPtrArray *cases = runner_selected(r, suite);
	gint64 began = g_get_monotonic_time();

	if (cases->len && begin_target(r, suite)) {
		for (guint i = 0; i < cases->len && !r->stop && !r->totals.target_dead; i++)
			run_case(r, suite, g_ptr_array_index(cases, i));
	}
	r->totals.interrupted |= r->stop != 0;
	r->totals.elapsed += (uint64_t)(g_get_monotonic_time() - began) * 1000;
	g_ptr_array_free(cases, TRUE);
}

struct runner *runner_new(const struct runner_options *options)
{
	struct runner *r = g_new0(struct runner, 1);

	r->options = options;
	return r;
}

void runner_free(struct runner *r)
{
	g_free(r);
}

const struct test_totals *runner_totals(const struct runner *r)
{
	return &r->totals;
}

void runner_stop(struct runner *r)
{
	struct world *world = r->world;

	r->stop = 1;
	if (world)
		world_stop(world);
}
