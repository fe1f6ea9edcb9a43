/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mutants through `assay check` and `assay decode`: the capture as a file through check_file, in
 * turns with each form of report, and its frames, each payload in an allocation of its own, through
 * the link layers and the stack with the printers. Whatever the octets, a report is valid in its
 * form, and text is harmless on a terminal.
 */
#define _GNU_SOURCE /* memfd_create */
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conformance/engine/check.h"
#include "conformance/engine/link.h"
#include "conformance/engine/printer.h"
#include "conformance/engine/stack.h"
#include "soak.h"
#include "valid.h"

static struct {
	struct key_store *keys;
	int file;      /* in memory */
	char path[64]; /* of it */
	char *text;    /* what was printed */
	size_t length; /* of it */
	FILE *stream;  /* prints it */
} run = {.file = -1};

static bool start(const char *const *key_files, char *error, size_t error_size)
{
	run.keys = key_store_new();
	for (; key_files && *key_files; key_files++)
		if (!key_store_load(run.keys, *key_files, error, error_size))
			return false;
	run.file = memfd_create("mutant", MFD_CLOEXEC);
	snprintf(run.path, sizeof(run.path), "/proc/self/fd/%d", run.file);
	run.stream = open_memstream(&run.text, &run.length);
	if (run.file < 0 || !run.stream)
		snprintf(error, error_size, "no memory for a file");
	return run.file >= 0 && run.stream;
}

static void end(void)
{
	fclose(run.stream);
	free(run.text);
	close(run.file);
	key_store_free(run.keys);
}

/* ---- what was printed ---- */

static void begin_text(void)
{
	fflush(run.stream);
	fseek(run.stream, 0, SEEK_SET);
}

static void end_text(void)
{
	fputc('\0', run.stream);
	fflush(run.stream);
}

static void expect(const char *what, const char *wrong)
{
	if (wrong)
		soak_finding("%s: %s", what, wrong);
}

/* ---- as a file ---- */

static void expect_valid(enum report_format format)
{
	switch (format) {
	case REPORT_TEXT:
		expect("text report", valid_text(run.text));
		break;
	case REPORT_JSONL:
		expect("JSON Lines report", valid_json_lines(run.text));
		break;
	case REPORT_JUNIT:
		expect("JUnit report", valid_xml(run.text));
		break;
	case REPORT_TAP:
		expect("TAP report", valid_text(run.text));
		break;
	case REPORT_FORMATS:
		break;
	}
}

static void check(const struct mutant *mutant, enum report_format format, size_t limit)
{
	const struct report_options report_options = {
		.stream = run.stream, .palette = &palette_none, .secrets = true};
	struct report *report = report_new(format, &report_options);
	const struct check_options options = {.keys = run.keys, .report = report, .limit = limit};
	struct check *check;
	char error[512];

	if (ftruncate(run.file, 0) != 0 || lseek(run.file, 0, SEEK_SET) != 0 ||
	    !mutant_save(mutant, run.file, true)) {
		soak_finding("the mutant cannot be written");
		return;
	}
	begin_text();
	check = check_new(&options);
	check_file(check, run.path, error, sizeof(error));
	check_end(check);
	check_free(check);
	report_free(report);
	end_text();
	expect_valid(format);
}

/* ---- frame by frame ---- */

static void feed(struct stack *stack, const struct capture_payload *payload, struct reader *reader)
{
	struct capture_payload exact = *payload;
	char summary[STACK_SUMMARY_SIZE];
	uint8_t *octets = g_memdup2(payload->octets, payload->length);

	exact.octets = octets ? octets : (const uint8_t *)"";
	stack_feed(stack, &exact, reader);
	stack_summary(stack, summary);
	g_free(octets);
}

static void feed_all(const struct mutant *mutant, struct reader *reader)
{
	const struct link_layer *layer = link_layer_find(mutant->dlt);
	struct stack *stack = stack_new(run.keys, 0, NULL, NULL);
	struct defrag *defrag = defrag_new();
	char pdu_name[PDU_NAME_SIZE];

	for (size_t i = 0; layer && i < mutant->count; i++) {
		const struct frame *frame = &mutant->list[i];
		struct capture_payload payload = {
			.passage = {.frame = (uint32_t)i + 1, .time = frame->time}};

		if (link_walk(layer, (struct octets){frame->octets, frame->length},
			      frame->wire_length, defrag, &payload, pdu_name) == LINK_PAYLOAD)
			feed(stack, &payload, reader);
	}
	defrag_free(defrag);
	stack_free(stack);
	key_store_forget_derived(run.keys);
}

static void print_text(const struct mutant *mutant)
{
	struct text_printer printer = text_printer_of(run.stream);

	printer.palette = &palette_none;
	printer.secrets = true;
	begin_text();
	feed_all(mutant, &printer.reader);
	end_text();
	expect("text printer", valid_text(run.text));
}

static void print_json(const struct mutant *mutant)
{
	struct jsonout json = jsonout_of(run.stream);
	struct json_printer printer = json_printer_of(&json);

	begin_text();
	jsonout_open_array(&json);
	feed_all(mutant, &printer.reader);
	jsonout_close_array(&json);
	end_text();
	expect("JSON printer", valid_json(run.text));
}

static void read_mutant(const struct frames *frames, struct mutant *mutant, uint64_t number)
{
	(void)frames;
	/* One of seven keeps hardly any conversation, so that they are closed under way. */
	check(mutant, (enum report_format)(number % REPORT_FORMATS), number % 7 == 3 ? 1 : 0);
	if (mutant->file)
		return;
	if (number / REPORT_FORMATS % 2)
		print_text(mutant);
	else
		print_json(mutant);
}

int main(int argc, char **argv)
{
	const struct soak_reader reader = {
		.takes_files = true, .start = start, .read = read_mutant, .end = end};

	return soak_main(argc, argv, &reader);
}
