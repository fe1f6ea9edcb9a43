/* SPDX-License-Identifier: GPL-2.0-or-later */
/* assay check */
#include "conformance/engine/check.h"

#include <signal.h>
#include <string.h>

#include "command.h"

enum { OUTPUT_BUFFER = 1 << 18 };

static struct {
	char **keys;
	char *interface;
	char *format;
	char *filter;
	gboolean secrets, strict, quiet;
} options;

static const GOptionEntry entries[] = {
	{"keys", 'k', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.keys,
	 "read keys from FILE (may be given more than once)", "FILE"},
	{"interface", 'i', 0, G_OPTION_ARG_STRING, &options.interface,
	 "check live traffic of INTERFACE until interrupted", "INTERFACE"},
	{"format", 'f', 0, G_OPTION_ARG_STRING, &options.format,
	 "text (default), jsonl, junit or tap", "FORMAT"},
	{"filter", 0, 0, G_OPTION_ARG_STRING, &options.filter,
	 "take only frames that this capture filter fits", "EXPRESSION"},
	{"secrets", 0, 0, G_OPTION_ARG_NONE, &options.secrets, "show derived keys", NULL},
	{"strict", 0, 0, G_OPTION_ARG_NONE, &options.strict,
	 "a broken SHOULD counts like a broken MUST", NULL},
	{"quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet,
	 "text: leave out conversations in which nothing is wrong", NULL},
	G_OPTION_ENTRY_NULL,
};

static struct check *running; /* for the signal handler */

static void stop(int number)
{
	(void)number;
	check_stop(running);
}

/* A second signal ends the program in the ordinary way. */
static void catch_signals(struct check *check)
{
	struct sigaction action = {.sa_handler = stop, .sa_flags = (int)SA_RESETHAND};

	running = check;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static enum exit_code result(const struct report_totals *totals)
{
	if (totals->interrupted)
		return EXIT_INTERRUPTED;
	if (totals->failed_inputs || totals->messages == 0)
		return EXIT_USAGE;
	if (totals->rules[RULE_MUST] || (options.strict && totals->rules[RULE_SHOULD]))
		return EXIT_DIFFERS;
	return EXIT_AS_EXPECTED;
}

static void check_one(struct check *check, const char *name, bool live)
{
	char error[CAPTURE_ERROR_SIZE];

	if (live)
		check_interface(check, name, error, sizeof(error));
	else
		check_file(check, name, error, sizeof(error));
	command_progress(NULL, 0);
	if (error[0])
		complain("%s", error);
}

static enum exit_code run(struct key_store *keys, struct report *report, int argc, char **argv)
{
	const struct check_options wanted = {
		.keys = keys,
		.report = report,
		.filter = options.filter,
		.progress = command_progress,
	};
	struct check *check = check_new(&wanted);
	enum exit_code code;

	catch_signals(check);
	if (options.interface)
		check_one(check, options.interface, true);
	for (int i = 1; i < argc; i++)
		check_one(check, argv[i], false);
	code = result(check_end(check));
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	check_free(check);
	return code;
}

static enum exit_code with_report(struct key_store *keys, enum report_format format, int argc,
				  char **argv)
{
	const struct report_options wanted = {
		.stream = stdout,
		.palette = command_palette(),
		.secrets = options.secrets,
		.strict = options.strict,
		.quiet = options.quiet,
	};
	struct report *report = report_new(format, &wanted);
	enum exit_code code;

	/* Live, each line is of use at once. */
	setvbuf(stdout, NULL, options.interface ? _IOLBF : _IOFBF, OUTPUT_BUFFER);
	code = run(keys, report, argc, argv);
	report_free(report);
	return code;
}

enum exit_code command_check(int argc, char **argv)
{
	enum report_format format = REPORT_TEXT;
	struct key_store *keys;
	enum exit_code code;

	if (!command_options(entries, "FILE... | -i INTERFACE",
			     "Tells for each conversation who spoke to whom and how far it got, "
			     "what was verified,\nand which rules were broken.",
			     "FILE is a pcap or pcapng file, - is standard input. 'assay explain "
			     "ID' tells a rule in full.",
			     &argc, &argv))
		return EXIT_USAGE;
	if (options.format && !report_format_of(options.format, &format))
		return usage_error("--format: wanted text, jsonl, junit or tap, found '%s'",
				   options.format);
	if (argc < 2 && !options.interface)
		return usage_error("wanted a capture file, or -i and an interface");
	if (argc >= 2 && options.interface)
		return usage_error("wanted capture files or an interface, found both");
	keys = command_keys_of(options.keys);
	if (!keys)
		return EXIT_USAGE;
	code = with_report(keys, format, argc, argv);
	key_store_free(keys);
	return code;
}
