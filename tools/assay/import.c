/* SPDX-License-Identifier: GPL-2.0-or-later */
/* assay import: makes cases of captured conversations. */
#include <string.h>

#include "command.h"
#include "conformance/engine/import.h"

static struct {
	char **keys;
	char *as;
	gint conversation;
} options;

static const GOptionEntry entries[] = {
	{"as", 0, 0, G_OPTION_ARG_STRING, &options.as, "the side that the cases play", "ROLE"},
	{"keys", 'k', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.keys,
	 "read keys from FILE (may be given more than once)", "FILE"},
	{"conversation", 'c', 0, G_OPTION_ARG_INT, &options.conversation,
	 "the N-th of the capture alone", "N"},
	G_OPTION_ENTRY_NULL,
};

/* Adds the case of one conversation. False: it cannot be one, and why was told. */
static bool add_case(const char *path, unsigned number, const struct key_store *keys, GString *text,
		     unsigned *count)
{
	char error[REPLAY_ERROR_SIZE];
	struct replay_script *s =
		replay_script_load(path, options.as, number, keys, count, error, sizeof(error));
	const char *method = s ? replay_script_unplayable(s) : NULL;

	if (method)
		complain("%s: conversation %u is about %s, which no role plays", path, number,
			 method);
	else if (!s)
		complain("%s", error);
	else
		import_case(s, text);
	replay_script_free(s);
	return s && !method;
}

static enum exit_code import(const char *path, const struct key_store *keys)
{
	unsigned first = (unsigned)MAX(1, options.conversation), count = first, cases = 0;
	GString *text = g_string_new(NULL);

	import_head(path, options.as, text);
	for (unsigned n = first; n <= (options.conversation ? first : count); n++)
		cases += add_case(path, n, keys, text, &count);
	if (cases)
		fputs(text->str, stdout);
	g_string_free(text, TRUE);
	return cases ? EXIT_AS_EXPECTED : EXIT_USAGE;
}

enum exit_code command_import(int argc, char **argv)
{
	struct key_store *keys;
	enum exit_code code;

	if (!command_options(entries, "CAPTURE --as ROLE",
			     "Prints a case file that plays one side of the captured "
			     "conversations, a case each.",
			     "The file passes 'assay test FILE --against ROLE' with the role "
			     "opposite, and is there\nto be edited.",
			     &argc, &argv))
		return EXIT_USAGE;
	if (argc != 2)
		return usage_error("wanted one capture");
	if (!options.as || !replay_role_known(options.as))
		return usage_error("wanted --as pana.pac, pana.paa, eap.peer or eap.server");
	if (options.conversation < 0)
		return usage_error("--conversation: wanted a number from 1");
	keys = command_keys_of(options.keys);
	if (!keys)
		return EXIT_USAGE;
	code = import(argv[1], keys);
	key_store_free(keys);
	return code;
}
