/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

static const char *running; /* subcommand, or NULL */

void command_begin(const char *name)
{
	running = name;
}

static void vcomplain(const char *format, va_list arguments)
{
	fflush(stdout);
	fprintf(stderr, "assay%s%s: ", running ? " " : "", running ? running : "");
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
}

void complain(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vcomplain(format, arguments);
	va_end(arguments);
}

enum exit_code usage_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vcomplain(format, arguments);
	va_end(arguments);
	fprintf(stderr, "Try 'assay%s%s --help' for more information.\n", running ? " " : "",
		running ? running : "");
	return EXIT_USAGE;
}

bool command_options(const GOptionEntry *entries, const char *operands, const char *summary,
		     const char *more, int *argc, char ***argv)
{
	char *usage = g_strdup_printf("%s", operands);
	GOptionContext *context = g_option_context_new(usage);
	char *program = g_strdup_printf("assay %s", running);
	GError *error = NULL;
	bool parsed;

	g_set_prgname(program);
	g_option_context_add_main_entries(context, entries, NULL);
	g_option_context_set_summary(context, summary);
	g_option_context_set_description(context, more);
	parsed = g_option_context_parse(context, argc, argv, &error);
	if (!parsed) {
		usage_error("%s", error->message);
		g_error_free(error);
	}
	/* What stands behind "--" is an operand, the dashes are not. */
	if (parsed && *argc > 1 && strcmp((*argv)[1], "--") == 0) {
		(*argv)++;
		(*argc)--;
	}
	g_option_context_free(context);
	g_free(program);
	g_free(usage);
	return parsed;
}

struct key_store *command_keys_of(char **files)
{
	struct key_store *keys = key_store_new();
	char error[1024];

	for (; files && *files; files++) {
		if (!key_store_load(keys, *files, error, sizeof(error))) {
			complain("%s", error);
			key_store_free(keys);
			return NULL;
		}
	}
	return keys;
}

const struct palette *command_palette(void)
{
	const char *no_colour = g_getenv("NO_COLOR");
	const char *terminal = g_getenv("TERM");

	if (!isatty(STDOUT_FILENO) || (no_colour && *no_colour))
		return &palette_none;
	if (!terminal || strcmp(terminal, "dumb") == 0)
		return &palette_none;
	return &palette_colours;
}

enum exit_code command_flush(enum exit_code code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	complain("standard output cannot be written: %s", g_strerror(errno));
	return EXIT_INTERNAL;
}

/* Edit distance (Levenshtein), of names of at most NEAR_MAX characters. */
enum { NEAR_MAX = 96, NEAR_SHOWN = 3 };

static unsigned distance(const char *a, const char *b)
{
	size_t columns = strlen(b);
	unsigned row[NEAR_MAX + 1];

	if (columns > NEAR_MAX)
		return UINT_MAX;
	for (size_t j = 0; j <= columns; j++)
		row[j] = (unsigned)j;
	for (size_t i = 0; a[i]; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i + 1;
		for (size_t j = 0; j < columns; j++) {
			unsigned changed = diagonal + (a[i] != b[j]);

			diagonal = row[j + 1];
			row[j + 1] = MIN(changed, MIN(row[j], diagonal) + 1);
		}
	}
	return row[columns];
}

char *command_near(const char *wanted, const GPtrArray *names)
{
	GString *text = g_string_new(NULL);
	size_t length = strlen(wanted);
	/* Of a word of one or two letters anything would be near. */
	unsigned worst = length < 3 ? 0 : (unsigned)MAX(length / 3, (size_t)2);
	unsigned shown = 0;

	for (guint i = 0; i < names->len && *wanted && shown < NEAR_SHOWN; i++) {
		const char *name = g_ptr_array_index(names, i);

		if (g_str_has_prefix(name, wanted))
			g_string_append_printf(text, "%s%s", shown++ ? ", " : "", name);
	}
	for (unsigned d = 0; d <= worst && shown < NEAR_SHOWN; d++) {
		for (guint i = 0; i < names->len && shown < NEAR_SHOWN; i++) {
			const char *name = g_ptr_array_index(names, i);

			if (distance(wanted, name) != d || g_str_has_prefix(name, wanted))
				continue;
			g_string_append_printf(text, "%s%s", shown ? ", " : "", name);
			shown++;
		}
	}
	return g_string_free(text, FALSE);
}

void command_progress(void *context, uint64_t frames)
{
	static bool shown;

	(void)context;
	if (!isatty(STDERR_FILENO) || (frames == 0 && !shown))
		return;
	if (frames)
		fprintf(stderr, "\r%" PRIu64 " frames", frames);
	else
		fputs("\r                              \r", stderr);
	shown = frames != 0;
}
