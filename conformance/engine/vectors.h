/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Known answers: the back end of `assay vectors`. A file is JSON: a list of entries, or an object
 * whose lists are sections of entries. What an entry is about follows from its members, by the
 * table in vectors.c; each entry goes through the library, and every member that is no input is
 * compared with what comes out. A member that nothing reads fails the entry: it would otherwise
 * pass unexamined.
 */
#ifndef ASSAY_ENGINE_VECTORS_H
#define ASSAY_ENGINE_VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { VECTORS_ERROR_SIZE = 512 };

/* Numbers of entries. */
struct vectors_result {
	size_t passed;
	size_t failed;
	size_t skipped; /* what they need is absent; the reason was printed */
};

/* Runs all entries of the file `path` and adds to *result. Prints on `out` one line per comparison
 * that fails (entry, member, wanted, got), per skipped entry (why), and, if `verbose`, per entry
 * that passes. Returns false, with the place and reason in `error`, if the file cannot be read, is
 * malformed, holds no entry, or holds one of a format that is not known: then it is no pass,
 * whatever *result says. */
bool vectors_run(const char *path, FILE *out, bool verbose, struct vectors_result *result,
		 char *error, size_t error_size);

/* The formats known: label of number `index`, or NULL behind the last. */
const char *vectors_format_label(size_t index);

#endif
