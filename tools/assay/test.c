/* SPDX-License-Identifier: GPL-2.0-or-later */
/* assay test: plays suites against a device, or against a reference role. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "conformance/engine/test_report.h"
#include "conformance/engine/uri.h"

static struct {
	char *target, *against, *fault, *device, *select, *level, *out, *baseline, *shard,
		*identity;
	char *start, *reset, *trigger, *check;
	char **keys, **reports;
	char *timescale;
	gint retry;
	gint64 seed;
	gboolean real, secrets, list, quiet;
} options;

static const GOptionEntry entries[] = {
	{"target", 't', 0, G_OPTION_ARG_STRING, &options.target,
	 "test the device there; of a device that is a client, where to wait for it", "URI"},
	{"against", 'a', 0, G_OPTION_ARG_STRING, &options.against,
	 "test a reference role, in a simulated world", "ROLE"},
	{"real", 0, 0, G_OPTION_ARG_NONE, &options.real, "the reference role over loopback UDP",
	 NULL},
	{"fault", 0, 0, G_OPTION_ARG_STRING, &options.fault, "the reference role breaks a rule",
	 "NAME"},
	{"keys", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.keys,
	 "read keys from FILE (may be given more than once)", "FILE"},
	{"identity", 0, 0, G_OPTION_ARG_STRING, &options.identity,
	 "who the EAP peer is (default: of the first pre-shared key)", "NAME"},
	{"device", 'd', 0, G_OPTION_ARG_FILENAME, &options.device, "what the device claims",
	 "PROFILE"},
	{"select", 'k', 0, G_OPTION_ARG_STRING, &options.select,
	 "cases whose name or rule fits: words, =NAME, and, or, not, ( )", "EXPRESSION"},
	{"level", 0, 0, G_OPTION_ARG_STRING, &options.level,
	 "cases of must, should or may (default) and stricter", "LEVEL"},
	{"seed", 's', 0, G_OPTION_ARG_INT64, &options.seed, "of all that is random (default 1)",
	 "N"},
	{"retry", 0, 0, G_OPTION_ARG_INT, &options.retry,
	 "try what does not pass so often again; it is flaky then", "N"},
	{"shard", 0, 0, G_OPTION_ARG_STRING, &options.shard, "the I-th of N parts", "I/N"},
	{"timescale", 0, 0, G_OPTION_ARG_STRING, &options.timescale, "wait X times as long", "X"},
	{"baseline", 'b', 0, G_OPTION_ARG_FILENAME, &options.baseline, "failures that are known",
	 "FILE"},
	{"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out,
	 "write evidence and results.jsonl into FOLDER", "FOLDER"},
	{"report", 'r', 0, G_OPTION_ARG_STRING_ARRAY, &options.reports,
	 "text, jsonl, junit or tap, into FILE (may be given more than once)", "FORMAT[=FILE]"},
	{"start", 0, 0, G_OPTION_ARG_STRING, &options.start, "runs the device", "COMMAND"},
	{"reset", 0, 0, G_OPTION_ARG_STRING, &options.reset, "brings the device back", "COMMAND"},
	{"trigger", 0, 0, G_OPTION_ARG_STRING, &options.trigger,
	 "makes the device do $ASSAY_TRIGGER", "COMMAND"},
	{"check", 0, 0, G_OPTION_ARG_STRING, &options.check, "tells whether the device is well",
	 "COMMAND"},
	{"secrets", 0, 0, G_OPTION_ARG_NONE, &options.secrets, "keys stand in the evidence itself",
	 NULL},
	{"quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "text: leave out what passed", NULL},
	{"list", 0, 0, G_OPTION_ARG_NONE, &options.list, "list the selected cases, run none", NULL},
	G_OPTION_ENTRY_NULL,
};

/* ---- what is open while a run goes on ---- */

struct test_run {
	struct runner_options runner;
	struct hooks hooks;
	GPtrArray *suites;
	GPtrArray *streams; /* FILE * of reports, to be closed */
	char *target_text;
	char *identity;
};

static struct runner *running; /* for the signal handler */

static void stop(int number)
{
	(void)number;
	if (running)
		runner_stop(running);
}

static void catch_signals(void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};

	/* A second signal ends the program in the ordinary way. */
	action.sa_flags = (int)SA_RESETHAND;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

/* ---- options ---- */

static bool parse_level(enum rule_level *level)
{
	static const char *const names[] = {"must", "should", "may"};

	*level = RULE_OPEN;
	if (!options.level)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		if (strcmp(names[i], options.level) != 0)
			continue;
		*level = i == RULE_MAY ? RULE_OPEN : (enum rule_level)i;
		return true;
	}
	usage_error("--level: wanted must, should or may, found '%s'", options.level);
	return false;
}

static bool parse_shard(struct runner_options *o)
{
	char end;

	o->shard = o->shards = 1;
	if (!options.shard || (sscanf(options.shard, "%u/%u%c", &o->shard, &o->shards, &end) == 2 &&
			       o->shard >= 1 && o->shard <= o->shards))
		return true;
	usage_error("--shard: wanted I/N, I from 1 to N, found '%s'", options.shard);
	return false;
}

static bool parse_timescale(struct runner_options *o)
{
	char *end;

	o->timescale = 1;
	if (!options.timescale)
		return true;
	o->timescale = g_ascii_strtod(options.timescale, &end);
	if (!*end && o->timescale >= 0.01 && o->timescale <= 1000)
		return true;
	usage_error("--timescale: wanted a number from 0.01 to 1000, found '%s'",
		    options.timescale);
	return false;
}

/* Keys under which a reference role and its players find each other, if none are given. */
static const char default_keys[] =
	"\"eap-psk\",\"user@assay\",\"text:sixteen octets..\"\n"
	"\"eap-gpsk\",\"user@assay\",\"text:thirty-two octets of a secret key\"\n"
	"\"radius\",\"*\",\"text:secret\"\n";

static bool add_default_keys(struct key_store *keys)
{
	char error[256];

	return key_store_parse(keys, "default keys", default_keys, strlen(default_keys), error,
			       sizeof(error));
}

/* The identity of the first key of a method, else that of the default keys. */
static char *identity_of(const struct key_store *keys, const struct device_profile *profile)
{
	const char *claimed = device_profile_value(profile, "identity");

	if (options.identity || claimed)
		return g_strdup(options.identity ? options.identity : claimed);
	for (size_t i = 0; i < key_store_count(keys); i++) {
		const struct key_row *row = key_store_row(keys, i);

		if ((row->type == KEY_EAP_PSK || row->type == KEY_EAP_GPSK) &&
		    strcmp(row->identity, "*") != 0)
			return g_strdup(row->identity);
	}
	return g_strdup("user@assay");
}

static enum exit_code open_target(struct test_run *run, const char *role)
{
	struct target *t = &run->runner.target;
	char error[URI_ERROR_SIZE];
	struct uri uri;

	t->role = role;
	t->seed = options.seed ? (uint64_t)options.seed : 1;
	t->hooks = &run->hooks;
	run->hooks = (struct hooks){.start = options.start,
				    .reset = options.reset,
				    .trigger = options.trigger,
				    .check = options.check,
				    .role = role,
				    .target = options.target};
	if (options.against) {
		const struct role_kind *kind = role_kind_of(options.against);

		t->reference = true;
		t->real = options.real;
		t->fault = options.fault;
		if (!kind)
			return usage_error("--against: wanted a role, found '%s'", options.against);
		run->target_text = g_strdup_printf("%s%s%s", options.against,
						   options.fault ? " with fault " : "",
						   options.fault ? options.fault : "");
		return EXIT_AS_EXPECTED;
	}
	t->real = true;
	if (!uri_parse(options.target, role, &uri, error, sizeof(error)))
		return usage_error("--target: %s", error);
	if (!uri_resolve(&uri, &t->at, &t->interface, error, sizeof(error))) {
		complain("--target: %s", error);
		return EXIT_TARGET;
	}
	run->target_text = g_strdup(options.target);
	return EXIT_AS_EXPECTED;
}

static bool open_keys(struct test_run *run)
{
	struct runner_options *o = &run->runner;
	char error[512];

	o->keys = command_keys_of(options.keys);
	if (!o->keys)
		return false;
	if (!options.keys && !add_default_keys(o->keys))
		return false;
	o->target.keys = o->keys;
	o->target.profile = device_profile_new(options.against != NULL);
	if (options.device &&
	    !device_profile_load(o->target.profile, options.device, error, sizeof(error))) {
		complain("%s", error);
		return false;
	}
	if (options.baseline) {
		o->baseline = baseline_load(options.baseline, error, sizeof(error));
		if (!o->baseline)
			complain("%s", error);
	}
	run->identity = identity_of(o->keys, o->target.profile);
	o->target.identity = run->identity;
	return !options.baseline || o->baseline;
}

/* ---- reports ---- */

static bool add_report(struct test_run *run, const char *format, FILE *stream)
{
	const struct test_report_options wanted = {
		.stream = stream,
		.palette = stream == stdout ? command_palette() : &palette_none,
		.quiet = options.quiet,
		.target = run->target_text,
		.seed = run->runner.target.seed,
	};
	struct test_report *report = test_report_new(format, &wanted);

	if (report)
		g_ptr_array_add(run->runner.reports, report);
	return report != NULL;
}

static bool add_report_file(struct test_run *run, const char *format, const char *path)
{
	FILE *stream = fopen(path, "w");

	if (!stream) {
		complain("%s: %s", path, g_strerror(errno));
		return false;
	}
	g_ptr_array_add(run->streams, stream);
	if (add_report(run, format, stream))
		return true;
	usage_error("--report: wanted text, jsonl, junit or tap, found '%s'", format);
	return false;
}

static bool open_reports(struct test_run *run)
{
	bool on_stdout = false, opened = true;

	for (char **r = options.reports; r && *r && opened; r++) {
		char *file = strchr(*r, '=');
		char *format = file ? g_strndup(*r, (gsize)(file - *r)) : g_strdup(*r);

		if (file) {
			opened = add_report_file(run, format, file + 1);
		} else {
			opened = add_report(run, format, stdout);
			on_stdout = true;
			if (!opened)
				usage_error(
					"--report: wanted text, jsonl, junit or tap, found '%s'",
					format);
		}
		g_free(format);
	}
	if (opened && !on_stdout)
		add_report(run, "text", stdout);
	if (opened && options.out) {
		char *path = g_build_filename(options.out, "results.jsonl", NULL);

		if (g_mkdir_with_parents(options.out, 0777) != 0)
			complain("%s: %s", options.out, g_strerror(errno));
		opened = add_report_file(run, "jsonl", path);
		g_free(path);
	}
	return opened;
}

/* ---- suites ---- */

static bool open_suite(struct test_run *run, const char *name)
{
	char error[CASE_ERROR_SIZE];
	char *path = suite_path(name);
	struct suite *suite;

	if (!path) {
		complain("no suite '%s'", name);
		return false;
	}
	suite = suite_load(path, error, sizeof(error));
	if (suite)
		g_ptr_array_add(run->suites, suite);
	else
		complain("%s", error);
	g_free(path);
	return suite != NULL;
}

static enum exit_code list_cases(struct runner *runner, const struct test_run *run)
{
	unsigned listed = 0;

	for (guint i = 0; i < run->suites->len; i++) {
		const struct suite *suite = g_ptr_array_index(run->suites, i);
		GPtrArray *cases = runner_selected(runner, suite);

		for (guint n = 0; n < cases->len; n++, listed++) {
			const struct test_case *c = g_ptr_array_index(cases, n);

			printf("%s\t%s\t%s\n", suite->name, c->name, c->summary ? c->summary : "");
		}
		g_ptr_array_free(cases, TRUE);
	}
	return listed ? EXIT_AS_EXPECTED : EXIT_USAGE;
}

/* ---- the run ---- */

static enum exit_code code_of(const struct test_totals *t)
{
	unsigned run = 0;

	for (enum test_verdict v = TEST_PASS; v < TEST_VERDICTS; v++)
		run += t->verdicts[v];
	if (t->interrupted)
		return EXIT_INTERRUPTED;
	if (t->target_dead)
		return EXIT_TARGET;
	if (!run)
		return EXIT_USAGE;
	return t->counted ? EXIT_DIFFERS : EXIT_AS_EXPECTED;
}

static enum exit_code run_suites(struct test_run *run)
{
	struct runner *runner = runner_new(&run->runner);
	const struct test_totals *totals = runner_totals(runner);
	enum exit_code code;

	if (options.list) {
		code = list_cases(runner, run);
		runner_free(runner);
		return code;
	}
	running = runner;
	catch_signals(stop);
	for (guint i = 0; i < run->suites->len; i++) {
		const struct suite *suite = g_ptr_array_index(run->suites, i);

		run->runner.target.role = suite->name;
		runner_run(runner, suite);
	}
	catch_signals(SIG_DFL);
	running = NULL;
	hooks_end(&run->hooks);
	for (guint i = 0; i < run->runner.reports->len; i++)
		test_report_end(g_ptr_array_index(run->runner.reports, i), totals);
	code = code_of(totals);
	if (code == EXIT_TARGET)
		complain("%s does not answer", run->target_text);
	if (code == EXIT_USAGE)
		complain("no case is selected");
	runner_free(runner);
	return code;
}

static char *redo_words(int argc, char **argv)
{
	GString *text = g_string_new("assay test");

	(void)argc, (void)argv;
	if (options.against)
		g_string_append_printf(text, " --against %s%s", options.against,
				       options.real ? " --real" : "");
	if (options.fault)
		g_string_append_printf(text, " --fault %s", options.fault);
	if (options.target)
		g_string_append_printf(text, " --target %s", options.target);
	for (char **k = options.keys; k && *k; k++)
		g_string_append_printf(text, " --keys %s", *k);
	if (options.device)
		g_string_append_printf(text, " --device %s", options.device);
	if (options.trigger)
		g_string_append_printf(text, " --trigger '%s'", options.trigger);
	return g_string_free(text, FALSE);
}

static void close_all(struct test_run *run)
{
	for (guint i = 0; i < run->streams->len; i++)
		fclose(g_ptr_array_index(run->streams, i));
	g_ptr_array_free(run->streams, TRUE);
	g_ptr_array_free(run->runner.reports, TRUE);
	g_ptr_array_free(run->suites, TRUE);
	key_store_free(run->runner.keys);
	device_profile_free(run->runner.target.profile);
	baseline_free((struct baseline *)(uintptr_t)run->runner.baseline);
	g_free((gpointer)(uintptr_t)run->runner.redo);
	g_free(run->target_text);
	g_free(run->identity);
}

static void free_report(gpointer report)
{
	test_report_free(report);
}

static void free_suite(gpointer suite)
{
	suite_free(suite);
}

static enum exit_code open_all(struct test_run *run, int argc, char **argv)
{
	enum exit_code code;

	if (!parse_level(&run->runner.level) || !parse_shard(&run->runner) ||
	    !parse_timescale(&run->runner))
		return EXIT_USAGE;
	for (int i = 1; i < argc; i++)
		if (!open_suite(run, argv[i]))
			return EXIT_USAGE;
	run->runner.select = options.select;
	run->runner.retries = (unsigned)MAX(0, options.retry);
	run->runner.out = options.out;
	run->runner.secrets = options.secrets;
	if (options.list)
		return EXIT_AS_EXPECTED;
	code = open_target(run, ((struct suite *)g_ptr_array_index(run->suites, 0))->name);
	if (code != EXIT_AS_EXPECTED)
		return code;
	run->runner.redo = redo_words(argc, argv);
	return open_keys(run) && open_reports(run) ? EXIT_AS_EXPECTED : EXIT_USAGE;
}

enum exit_code command_test(int argc, char **argv)
{
	struct test_run run = {0};
	enum exit_code code;

	if (!command_options(
		    entries, "SUITE... --target URI | --against ROLE",
		    "Plays the cases of suites against a device and says what came of "
		    "each.",
		    "A suite is named after the role it tests: pana.paa, or the path of a "
		    "case file.\n\nExit status: 0 all as expected, 1 a case failed, 2 wrong "
		    "usage or nothing selected,\n3 the target does not answer, 130 "
		    "interrupted.",
		    &argc, &argv))
		return EXIT_USAGE;
	if (argc < 2)
		return usage_error("wanted a suite");
	if (!options.list && !options.target == !options.against)
		return usage_error("wanted either --target or --against");
	if (options.fault && !options.against)
		return usage_error("--fault is for --against");
	run.suites = g_ptr_array_new_with_free_func(free_suite);
	run.streams = g_ptr_array_new();
	run.runner.reports = g_ptr_array_new_with_free_func(free_report);
	code = open_all(&run, argc, argv);
	if (code == EXIT_AS_EXPECTED)
		code = run_suites(&run);
	close_all(&run);
	return code;
}
