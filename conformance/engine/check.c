/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check.h"

#include <glib.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>

#include "check_reader.h"

struct check {
	struct check_options options;
	struct report_totals totals;
	struct check_reader reader;
	struct gathering *unattributed; /* notes on messages of no conversation */
	GHashTable *broken;             /* set of struct rule: those broken anywhere */
	const char *file;               /* being read */
	struct capture *volatile capture;
	volatile sig_atomic_t stopped;
	uint32_t last_id; /* given to a conversation */
};

struct check *check_new(const struct check_options *options)
{
	struct check *check = g_new0(struct check, 1);

	check->options = *options;
	check->reader = check_reader_of();
	check->broken = g_hash_table_new(NULL, NULL);
	report_begin(options->report);
	return check;
}

void check_free(struct check *check)
{
	if (!check)
		return;
	check_reader_clear(&check->reader);
	g_hash_table_destroy(check->broken);
	g_free(check);
}

void check_stop(struct check *check)
{
	struct capture *capture = check->capture;

	check->stopped = 1;
	if (capture)
		capture_stop(capture);
}

/* ---- one conversation ---- */

static void count_finding(struct check *check, const struct finding *f)
{
	check->totals.notes[f->rule->level] += f->count;
	if (g_hash_table_add(check->broken, (gpointer)f->rule))
		check->totals.rules[f->rule->level]++;
}

static void report_gathered(struct check *check, const struct report_conversation *c)
{
	const struct gathering *g = c->gathered;

	for (uint32_t i = 0; i < g->finding_count; i++)
		count_finding(check, &g->findings[i]);
	for (uint32_t i = 0; i < g->outcome_count; i++)
		for (int v = VERDICT_VERIFIED; v < VERDICT_KINDS; v++)
			check->totals.verdicts[v] += g->outcomes[i].counts[v];
	report_conversation(check->options.report, c);
}

/* Called by the trackers before they free a conversation. */
static void closed(struct conversation *conversation, enum closing why, void *context)
{
	struct check *check = context;
	const struct gathering nothing = {.id = 0};
	struct report_conversation c = {
		.file = check->file,
		.conversation = conversation,
		.gathered = conversation->attachment ? conversation->attachment : &nothing,
		.why = why,
	};

	check->totals.conversations++;
	if (why == CLOSED_EVICTED)
		check->totals.evicted++;
	report_gathered(check, &c);
	gathering_free(conversation->attachment);
	conversation->attachment = NULL;
}

static struct gathering *gathering_of(struct check *check, struct conversation *conversation)
{
	if (!conversation)
		return check->unattributed;
	if (!conversation->attachment)
		conversation->attachment = gathering_new(++check->last_id);
	return conversation->attachment;
}

/* ---- one message ---- */

static void gather_notes(struct check *check, const struct stack_told *told, struct gathering *g)
{
	const struct report *report = check->options.report;
	const GArray *notes = check->reader.notes;

	for (guint i = 0; i < notes->len; i++) {
		const struct occurrence *o = &g_array_index(notes, struct occurrence, i);

		gathering_note(g, o);
		if (report->ops->note)
			report->ops->note(check->options.report, check->file, told->protocol, g->id,
					  o);
	}
}

static void gather_verdicts(struct check *check, uint32_t frame, struct gathering *g)
{
	const struct report *report = check->options.report;
	const GArray *verdicts = check->reader.verdicts;

	for (guint i = 0; i < verdicts->len; i++) {
		const struct check_verdict *v = &g_array_index(verdicts, struct check_verdict, i);

		gathering_verdict(g, v->field, v->verdict, frame);
		if (report->ops->verdict)
			report->ops->verdict(check->options.report, check->file, frame, g->id,
					     v->field, v->offset, v->length, v->verdict);
	}
}

static void check_payload(struct check *check, struct stack *stack,
			  const struct capture_payload *payload)
{
	struct report_totals *totals = &check->totals;
	struct gathering *g;
	struct stack_told told;

	check_reader_begin(&check->reader, payload->passage.frame);
	told = stack_feed(stack, payload, &check->reader.reader);
	if (!told.protocol || told.protocol->rule_count == 0) {
		totals->unknown++;
		return;
	}
	totals->messages++;
	totals->truncated += told.truncated;
	totals->conflicting += payload->conflicting;
	g = gathering_of(check, told.conversation);
	if (check->reader.notes->len)
		gather_notes(check, &told, g);
	if (check->reader.verdicts->len)
		gather_verdicts(check, payload->passage.frame, g);
}

/* ---- one input ---- */

static void report_unattributed(struct check *check)
{
	struct report_conversation c = {.file = check->file, .gathered = check->unattributed};

	if (check->unattributed->finding_count || check->unattributed->outcome_count)
		report_gathered(check, &c);
	gathering_free(check->unattributed);
	check->unattributed = NULL;
}

static void say_count(struct check *check, uint64_t count, const char *what)
{
	char text[256];

	if (!count)
		return;
	snprintf(text, sizeof(text), "%" PRIu64 " %s", count, what);
	report_statement(check->options.report, check->file, text, false);
}

/* What to know about an input besides its conversations. */
static void report_input(struct check *check, const struct report_totals *before,
			 const struct capture_counts *counts)
{
	struct report_totals *totals = &check->totals;

	totals->frames += counts->frames;
	totals->given_up += counts->given_up;
	totals->malformed += counts->malformed;
	totals->cut += counts->cut;
	totals->dropped += counts->dropped;
	say_count(check, totals->truncated - before->truncated,
		  "messages were not judged: the capture cut them short (snapshot length)");
	say_count(check, counts->cut, "frames are cut short inside their headers");
	say_count(check, counts->malformed, "frames have headers that contradict themselves");
	say_count(check, counts->given_up, "fragmented datagrams never became whole");
	say_count(check, totals->conflicting - before->conflicting,
		  "messages come from fragments that overlap and disagree: doubtful");
	say_count(check, counts->dropped, "frames were lost by the system before they came here");
	say_count(check, totals->evicted - before->evicted,
		  "conversations were closed as idle, to bound memory; what came later of any of "
		  "them counts as another");
}

static void check_progress(const struct check *check, const struct capture *capture)
{
	if (check->options.progress)
		check->options.progress(check->options.context,
					check->totals.frames + capture_counts(capture).frames);
}

static enum capture_status read_all(struct check *check, struct capture *capture,
				    struct stack *stack)
{
	struct capture_payload payload;
	enum capture_status status;
	uint32_t payloads = 0;

	if (check->stopped) /* between its last look and our setting of check->capture */
		return CAPTURE_STOPPED;
	while ((status = capture_next(capture, &payload)) == CAPTURE_PAYLOAD) {
		check_payload(check, stack, &payload);
		if (++payloads % CHECK_PROGRESS == 0)
			check_progress(check, capture);
	}
	return status;
}

/* Why an input did not give what was hoped for, if so. */
static void say_failure(struct check *check, const struct capture *capture,
			enum capture_status status, bool known, char *error, size_t error_size)
{
	if (status == CAPTURE_BROKEN) {
		check->totals.failed_inputs++;
		g_strlcpy(error, capture_error(capture), error_size);
	} else if (status == CAPTURE_STOPPED) {
		check->totals.interrupted = true;
	} else if (!known) {
		snprintf(error, error_size,
			 "%s: no known protocol in its %" PRIu64 " frames: wanted PANA or EAP",
			 check->file, capture_counts(capture).frames);
	}
}

static void check_capture(struct check *check, struct capture *capture, char *error,
			  size_t error_size)
{
	const struct report_totals before = check->totals;
	struct stack *stack = stack_new(check->options.keys, check->options.limit, closed, check);
	struct capture_counts counts;
	enum capture_status status;

	check->unattributed = gathering_new(0);
	capture_take_keys(capture, check->options.keys);
	check->capture = capture;
	status = read_all(check, capture, stack);
	check->capture = NULL;
	stack_free(stack);
	report_unattributed(check);
	if (capture_keys_error(capture)[0])
		report_statement(check->options.report, check->file, capture_keys_error(capture),
				 false);
	counts = capture_counts(capture);
	report_input(check, &before, &counts);
	say_failure(check, capture, status, check->totals.messages > before.messages, error,
		    error_size);
	key_store_forget_derived(check->options.keys);
}

/* `capture` is NULL if it could not be opened; then `error` says why. */
static void check_input(struct check *check, struct capture *capture, char *error,
			size_t error_size)
{
	if (capture) {
		error[0] = '\0';
		check->totals.inputs++;
		check_capture(check, capture, error, error_size);
		capture_free(capture);
	} else {
		check->totals.failed_inputs++;
	}
	if (error[0])
		report_statement(check->options.report, check->file, error, true);
}

void check_file(struct check *check, const char *path, char *error, size_t error_size)
{
	struct capture *capture;

	error[0] = '\0';
	if (check->stopped)
		return;
	check->file = path;
	capture = capture_open_file(path, check->options.filter, error, error_size);
	check_input(check, capture, error, error_size);
}

void check_interface(struct check *check, const char *name, char *error, size_t error_size)
{
	struct capture *capture;

	error[0] = '\0';
	check->file = name;
	capture = capture_open_interface(name, check->options.filter, error, error_size);
	check_input(check, capture, error, error_size);
}

const struct report_totals *check_end(struct check *check)
{
	if (check->stopped)
		check->totals.interrupted = true;
	report_end(check->options.report, &check->totals);
	return &check->totals;
}
