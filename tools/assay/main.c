/* SPDX-License-Identifier: GPL-2.0-or-later */
/* assay: the table of subcommands. */
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

static const struct command commands[] = {
	{"check", "judge captures, or live traffic, by the specifications", command_check},
	{"decode", "print every field of every message", command_decode},
	{"keys", "print every key that a capture yields", command_keys},
	{"test", "test a device, or a reference role, by the suites", command_test},
	{"replay", "re-enact one side of a capture against a live peer", command_replay},
	{"import", "make cases of a capture", command_import},
	{"serve", "play a role against a real peer", command_serve},
	{"cover", "show which requirement has which check", command_cover},
	{"list", "list protocols, requirements, fields, roles, faults, suites or cases",
	 command_list},
	{"explain", "tell one of these in full", command_explain},
	{"vectors", "recompute known answers", command_vectors},
};

static void print_help(FILE *stream)
{
	fputs("Usage: assay COMMAND [OPTION...] [ARGUMENT...]\n\n"
	      "Reads, checks and plays how meters, sensors and other smart objects get their\n"
	      "keys: PANA and EAP in captured traffic, and every part in them.\n\nCommands:\n",
	      stream);
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		fprintf(stream, "  %-9s %s\n", commands[i].name, commands[i].summary);
	fputs("\n'assay COMMAND --help' tells the options of a command.\n\n"
	      "Exit status: 0 as expected, 1 a MUST is broken, a case fails or a known answer\n"
	      "differs, 2 wrong usage, unreadable input or nothing found to check, 3 the target "
	      "is\n"
	      "not there, 4 internal error, 130 interrupted.\n",
	      stream);
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static enum exit_code unknown_command(const char *name)
{
	GPtrArray *names = g_ptr_array_new();
	enum exit_code code;
	char *near;

	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		g_ptr_array_add(names, (gpointer)commands[i].name);
	near = command_near(name, names);
	code = usage_error("no command '%s'%s%s%s", name, *near ? "; did you mean " : "", near,
			   *near ? "?" : "");
	g_free(near);
	g_ptr_array_free(names, TRUE);
	return code;
}

static enum exit_code run(const struct command *command, int argc, char **argv)
{
	command_begin(command->name);
	return command_flush(command->run(argc, argv));
}

/* `assay help check` is `assay check --help`. */
static enum exit_code help(int argc, char **argv)
{
	char option[] = "--help";
	char *arguments[] = {argv[0], option, NULL};
	const struct command *command;

	if (argc < 3) {
		print_help(stdout);
		return command_flush(EXIT_AS_EXPECTED);
	}
	command = find_command(argv[2]);
	if (!command)
		return unknown_command(argv[2]);
	return run(command, 2, arguments);
}

/* A failed assertion or exhausted memory ends the program through here. */
static void internal_error(int number)
{
	static const char text[] = "assay: internal error: please report it\n";

	(void)number;
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(EXIT_INTERNAL);
	_exit(EXIT_INTERNAL);
}

int main(int argc, char **argv)
{
	const struct command *command;

	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	signal(SIGABRT, internal_error);
	signal(SIGTRAP, internal_error);
	if (argc < 2)
		return (int)usage_error("wanted a command");
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		puts("assay " ASSAY_VERSION);
		return (int)command_flush(EXIT_AS_EXPECTED);
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0)
		return (int)help(argc, argv);
	if (argv[1][0] == '-')
		return (int)usage_error("no option '%s'", argv[1]);
	command = find_command(argv[1]);
	if (!command)
		return (int)unknown_command(argv[1]);
	return (int)run(command, argc - 1, argv + 1);
}
