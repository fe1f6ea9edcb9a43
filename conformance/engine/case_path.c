/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where suites are: $ASSAY_SUITES, share/assay/suites beside the program's folder, where they were
 * to be installed, the tree of sources. */
#include <string.h>

#include "case.h"

/* Up to three folders, then NULL; the caller frees. */
static char **suite_folders(void)
{
	GPtrArray *folders = g_ptr_array_new();
	const char *given = g_getenv("ASSAY_SUITES");
	char *program = g_file_read_link("/proc/self/exe", NULL);

	if (given && *given) {
		g_ptr_array_add(folders, g_strdup(given));
	} else {
		if (program) {
			char *bin = g_path_get_dirname(program);

			g_ptr_array_add(folders, g_build_filename(bin, "..", "share", "assay",
								  "suites", NULL));
			g_free(bin);
		}
#ifdef ASSAY_SUITES_INSTALL_DIR
		g_ptr_array_add(folders, g_strdup(ASSAY_SUITES_INSTALL_DIR));
#endif
#ifdef ASSAY_SUITES_DIR
		g_ptr_array_add(folders, g_strdup(ASSAY_SUITES_DIR));
#endif
	}
	g_free(program);
	g_ptr_array_add(folders, NULL);
	return (char **)g_ptr_array_free(folders, FALSE);
}

char *suite_path(const char *name)
{
	char *file, *path;

	if (strchr(name, '/') || g_str_has_suffix(name, ".case"))
		return g_file_test(name, G_FILE_TEST_IS_REGULAR) ? g_strdup(name) : NULL;
	file = g_strdup_printf("%s.case", name);
	path = suite_file(file);
	g_free(file);
	return path;
}

char *suite_file(const char *file)
{
	char **folders = suite_folders(), *path = NULL;

	for (char **f = folders; *f && !path; f++) {
		path = g_build_filename(*f, file, NULL);
		if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
			g_free(path);
			path = NULL;
		}
	}
	g_strfreev(folders);
	return path;
}

/* A suite is named after a role; what else there is, is to be included. */
static bool is_suite(const char *file)
{
	static const char *const protocols[] = {"pana.", "eap.", "c1222.", "pskreconf.", "ecqv."};

	if (!g_str_has_suffix(file, ".case"))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(protocols); i++)
		if (g_str_has_prefix(file, protocols[i]))
			return true;
	return false;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *suite_names(void)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	char **folders = suite_folders();

	/* The first folder that there is. */
	for (char **f = folders; *f && !names->len; f++) {
		GDir *dir = g_dir_open(*f, 0, NULL);
		const char *file;

		while (dir && (file = g_dir_read_name(dir)))
			if (is_suite(file))
				g_ptr_array_add(names, g_strndup(file, strlen(file) - 5));
		if (dir)
			g_dir_close(dir);
	}
	g_strfreev(folders);
	g_ptr_array_sort(names, by_name);
	return names;
}
