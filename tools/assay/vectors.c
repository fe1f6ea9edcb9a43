/* SPDX-License-Identifier: GPL-2.0-or-later */
/* assay vectors */
#include "conformance/engine/vectors.h"

#include <string.h>

#include "command.h"

static gboolean verbose;

static const GOptionEntry entries[] = {
	{"verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, "tell answers that agree too", NULL},
	G_OPTION_ENTRY_NULL,
};

/* Totals over all files. */
struct run {
	struct vectors_result result;
	bool readable;
};

static void run_file(struct run *run, const char *path)
{
	char error[VECTORS_ERROR_SIZE];
	struct vectors_result before = run->result;

	if (!vectors_run(path, stdout, verbose, &run->result, error, sizeof(error))) {
		complain("%s", error);
		run->readable = false;
		return;
	}
	printf("%s: %zu agree, %zu differ, %zu skipped\n", path, run->result.passed - before.passed,
	       run->result.failed - before.failed, run->result.skipped - before.skipped);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void run_folder(struct run *run, const char *folder)
{
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
	GDir *directory = g_dir_open(folder, 0, NULL);
	const char *name;

	while (directory && (name = g_dir_read_name(directory)))
		if (g_str_has_suffix(name, ".json"))
			g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
	if (directory)
		g_dir_close(directory);
	g_ptr_array_sort(paths, compare_names);
	for (guint i = 0; i < paths->len; i++)
		run_file(run, g_ptr_array_index(paths, i));
	if (paths->len == 0) {
		complain("%s: no file of known answers there", folder);
		run->readable = false;
	}
	g_ptr_array_free(paths, TRUE);
}

/* Beside the installed program, else in the tree it was built from. The caller frees. */
static char *own_vectors(void)
{
	char *program = g_file_read_link("/proc/self/exe", NULL);
	char *folder = program ? g_path_get_dirname(program) : g_strdup(".");
	char *installed = g_build_filename(folder, "..", "share", "assay", "vectors", NULL);

	g_free(program);
	g_free(folder);
	if (g_file_test(installed, G_FILE_TEST_IS_DIR))
		return installed;
	g_free(installed);
	return g_strdup(ASSAY_VECTORS_DIR);
}

enum exit_code command_vectors(int argc, char **argv)
{
	struct run run = {.readable = true};

	if (!command_options(entries, "[FILE...]",
			     "Recomputes known answers: those that come with assay, or those of "
			     "files in the same formats.",
			     NULL, &argc, &argv))
		return EXIT_USAGE;
	for (int i = 1; i < argc; i++)
		run_file(&run, argv[i]);
	if (argc < 2) {
		char *folder = own_vectors();

		run_folder(&run, folder);
		g_free(folder);
	}
	printf("%zu agree, %zu differ, %zu skipped\n", run.result.passed, run.result.failed,
	       run.result.skipped);
	if (!run.readable || run.result.passed + run.result.failed == 0)
		return EXIT_USAGE;
	return run.result.failed ? EXIT_DIFFERS : EXIT_AS_EXPECTED;
}
