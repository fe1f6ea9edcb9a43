/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the subcommands share: exit codes, complaints, options that several have. A subcommand is
 * one file with one function; main.c holds the table of them.
 *
 * Complaints go to standard error and begin with the command's name. Only main() exits, and GLib
 * after it has printed a --help.
 */
#ifndef ASSAY_TOOLS_COMMAND_H
#define ASSAY_TOOLS_COMMAND_H

#include <glib.h>
#include <stdbool.h>

#include "conformance/engine/printer.h"
#include "protocols/core/keystore.h"

enum exit_code {
	EXIT_AS_EXPECTED = 0,
	EXIT_DIFFERS = 1,      /* a MUST is broken, a known answer differs */
	EXIT_USAGE = 2,        /* or unreadable input, or nothing found to check */
	EXIT_TARGET = 3,       /* the target is not there, or does not answer */
	EXIT_INTERNAL = 4,     /* a defect of ours, or results that could not be written */
	EXIT_INTERRUPTED = 130 /* results so far are written */
};

struct command {
	const char *name;
	const char *summary; /* one line */
	enum exit_code (*run)(int argc, char **argv);
};

enum exit_code command_check(int argc, char **argv);
enum exit_code command_cover(int argc, char **argv);
enum exit_code command_decode(int argc, char **argv);
enum exit_code command_explain(int argc, char **argv);
enum exit_code command_import(int argc, char **argv);
enum exit_code command_keys(int argc, char **argv);
enum exit_code command_list(int argc, char **argv);
enum exit_code command_replay(int argc, char **argv);
enum exit_code command_serve(int argc, char **argv);
enum exit_code command_test(int argc, char **argv);
enum exit_code command_vectors(int argc, char **argv);

/* Prints "assay check: ..." on standard error. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Complains, adds where help is, and returns EXIT_USAGE. */
enum exit_code usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "check": the subcommand that runs, for messages. */
void command_begin(const char *name);

/* Parses options; what is left of argv are the operands, from argv[1]. `operands` and `summary` are
 * for --help, as is `more` (NULL: nothing). False: complained, the caller returns EXIT_USAGE. */
bool command_options(const GOptionEntry *entries, const char *operands, const char *summary,
		     const char *more, int *argc, char ***argv);

/* A key store with the rows of these files (NULL: none), or NULL: complained. */
struct key_store *command_keys_of(char **files);

/* Colours if standard output is a terminal that may have them, else none. */
const struct palette *command_palette(void);

/* Flushes standard output; complains if it cannot be written. Returns `code` or EXIT_INTERNAL. */
enum exit_code command_flush(enum exit_code code);

/* Those of `names` that begin with `wanted`, or up to three that look most like it, for "did you
 * mean"; "" if none does. The caller frees. */
char *command_near(const char *wanted, const GPtrArray *names);

/* Shows on a terminal's standard error how many frames have been read; 0 clears the line. */
void command_progress(void *context, uint64_t frames);

#endif
