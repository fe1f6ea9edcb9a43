/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports of a run: text for people, JSON Lines, JUnit, TAP. Results are told as they come; what
 * has been told is on the stream before the next case begins, so that a run cut short leaves a
 * report that is whole once test_report_end has been called, and useful even if it has not.
 */
#ifndef ASSAY_ENGINE_TEST_REPORT_H
#define ASSAY_ENGINE_TEST_REPORT_H

#include <stdio.h>

#include "printer.h"
#include "runner.h"

struct test_report;

struct test_report_options {
	FILE *stream; /* borrowed */
	const struct palette *palette;
	bool progress; /* text: the stream is a terminal, on which the running case may be shown */
	bool quiet;    /* text: nothing of what passed */
	const char *target; /* what was tested, for people */
	uint64_t seed;
};

struct test_report_ops {
	void (*begin)(struct test_report *r);
	void (*result)(struct test_report *r, const struct test_result *result);
	void (*end)(struct test_report *r, const struct test_totals *totals);
};

/* Every report begins with this. */
struct test_report {
	const struct test_report_ops *ops;
	struct test_report_options options;
	bool begun;
};

/* "text", "jsonl", "junit", "tap". NULL: there is no such format. */
struct test_report *test_report_new(const char *format, const struct test_report_options *options);
void test_report_free(struct test_report *r);
void test_report_result(struct test_report *r, const struct test_result *result);
void test_report_end(struct test_report *r, const struct test_totals *totals);

/* "field pana.seq: wanted == 5, got 6 (frame 9)": what is wrong, in one line; "" of a pass. The
 * caller frees. */
char *test_report_what(const struct test_result *result);

/* "fail", with its overlay if there is one: "fail (xfail)". Returns `text`. */
enum { TEST_WORD_SIZE = 40 };
const char *test_report_word(const struct test_result *result, char text[TEST_WORD_SIZE]);

struct test_report *test_report_text_new(void);
struct test_report *test_report_jsonl_new(void);
struct test_report *test_report_junit_new(void);
struct test_report *test_report_tap_new(void);

#endif
