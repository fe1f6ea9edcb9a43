/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A soak: captures are damaged in every way that mutants.h knows, and a reader reads them all. The
 * reader says what it finds wrong; a crash, a sanitizer's finding and a hang are told here, with
 * the recipe of the mutant at hand, and end the process.
 *
 * The option --help tells the command line; the exit code is 0 if nothing was found, 1 if something
 * was (or the signal's), 2 for wrong usage, 77 if there was no capture to read.
 */
#ifndef ASSAY_ROBUSTNESS_SOAK_H
#define ASSAY_ROBUSTNESS_SOAK_H

#include "mutants.h"

enum {
	SOAK_SECONDS = 20,  /* of processor time that one mutant may take: more is a hang */
	SOAK_FINDINGS = 20, /* that are told before a soak ends */
	SOAK_GROWN = 75,  /* exit code: with --status, to be started again behind the last mutant */
	SOAK_SKIPPED = 77 /* exit code */
};

struct soak_reader {
	bool takes_files; /* and with them mutations of the file itself */
	/* Gets ready; false with a reason in `error`. */
	bool (*start)(const char *const *key_files, char *error, size_t error_size);
	/* Reads one mutant of `frames`, which it may change; `number` counts them from 0. */
	void (*read)(const struct frames *frames, struct mutant *mutant, uint64_t number);
	void (*end)(void);
};

int soak_main(int argc, char **argv, const struct soak_reader *reader);

/* Something is wrong with the mutant at hand. */
void soak_finding(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
