/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gencap FOLDER: writes the captures of the table, the keys that open them, what is to be found in
 * them, and the README, into FOLDER.
 */
#include "captures.h"

#include <errno.h>
#include <string.h>

enum { PATH_SIZE = 1024 };

static FILE *open_file(const char *folder, const char *name)
{
	char path[PATH_SIZE];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	if (!file)
		fprintf(stderr, "gencap: %s: %s\n", path, strerror(errno));
	return file;
}

/* The MSKs of methods that cannot be opened. */
static void print_msk(FILE *keys, const struct capture_row *row, const struct scenario *s)
{
	if (row->make || row->options.method != PLAY_TLS)
		return;
	for (unsigned i = 0; i < s->msk_count; i++) {
		fprintf(keys, "\"msk\",\"%s\",\"", play_tls_identity.peer);
		for (size_t n = 0; n < s->msk[i].length; n++)
			fprintf(keys, "%02x", s->msk[i].octets[n]);
		fputs("\"\n", keys);
	}
}

static bool write_capture(const char *folder, const struct capture_row *row, FILE *keys)
{
	struct frame_form form = row->form;
	struct scenario s = {0};
	char path[PATH_SIZE];
	bool made = row->make ? row->make(&s) : scenario_pana(&row->options, row->patches, &s);

	if (!form.link)
		form.link = PCAPNG_ETHERNET;
	snprintf(path, sizeof(path), "%s/%s.pcapng", folder, row->name);
	if (!made) {
		fprintf(stderr, "gencap: %s cannot be made\n", row->name);
	} else if (!frame_write_file(path, &form, &s)) {
		fprintf(stderr, "gencap: %s: %s\n", path, strerror(errno));
		made = false;
	} else {
		print_msk(keys, row, &s);
	}
	scenario_clear(&s);
	return made;
}

static void print_readme(FILE *readme)
{
	fputs("# Captures\n\n"
	      "Written by `tools/regenerate-pcaps`, byte for byte the same everywhere: do not "
	      "edit. "
	      "`keys` opens all of them:\n`assay check --keys pcaps/keys pcaps/NAME.pcapng`. "
	      "`expected` lists the rules that a check finds broken in each.\n\n"
	      "| capture | what it shows |\n|---|---|\n",
	      readme);
	for (const struct capture_row *row = capture_rows; row->name; row++)
		fprintf(readme, "| %s | %s |\n", row->name, row->shows);
}

int main(int argc, char **argv)
{
	FILE *keys, *expected, *readme;
	bool right = true;

	if (argc != 2) {
		fputs("usage: gencap FOLDER\n", stderr);
		return 2;
	}
	keys = open_file(argv[1], "keys");
	expected = open_file(argv[1], "expected");
	readme = open_file(argv[1], "README.md");
	if (!keys || !expected || !readme)
		return 2;
	fputs(scenario_keys, keys);
	fputs("# capture: rules that a check with the keys finds broken\n", expected);
	for (const struct capture_row *row = capture_rows; row->name; row++) {
		right = write_capture(argv[1], row, keys) && right;
		fprintf(expected, "%s:%s%s\n", row->name, row->rules[0] ? " " : "", row->rules);
	}
	print_readme(readme);
	right = !fclose(keys) && right;
	right = !fclose(expected) && right;
	right = !fclose(readme) && right;
	return right ? 0 : 2;
}
