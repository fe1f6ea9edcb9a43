/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mutants through Wireshark's dissection with the plugin, which must neither crash nor throw, and
 * must say of every frame what `assay check` says of it: the same broken rules, as often, and the
 * same verdicts; when somebody looks at the frame again, the same once more.
 *
 * Starting a session of libwireshark takes up to 75 ms, so many mutants share one. Each has
 * addresses of its own, and so conversations of its own, unless damage took an address away: so the
 * session ends, too, where the two have come apart.
 */
#include <stdio.h>
#include <string.h>

#include "conformance/engine/check_reader.h"
#include "conformance/engine/link.h"
#include "conformance/engine/stack.h"
#include "soak.h"
#include "told.h"
#include "wireshark.h"

enum {
	SESSION_FRAMES = 20000, /* then another session begins */
	/* In an Ethernet frame. */
	IPV6_NEXT_HEADER = 20,
	IPV6_FRAGMENT_HEADER = 54,
	IPV6_FRAGMENT_PAYLOAD = 62
};

static struct {
	struct key_store *keys;
	struct check_reader reader;
	struct stack *stack;
	struct told checked;
	struct wireshark_look look, again;
	uint32_t mutants, frames; /* of this session */
	bool apart;               /* what the two have seen in it differs */
} run;

static void open_session(void)
{
	wireshark_open();
	run.stack = stack_new(run.keys, 0, NULL, NULL);
	run.mutants = run.frames = 0;
	run.apart = false;
}

static void close_session(void)
{
	wireshark_close();
	stack_free(run.stack);
	key_store_forget_derived(run.keys);
}

static bool start(const char *const *key_files, char *error, size_t error_size)
{
	run.keys = key_store_new();
	for (; key_files && *key_files; key_files++)
		if (!key_store_load(run.keys, *key_files, error, error_size))
			return false;
	if (!wireshark_start(run.keys, error, error_size))
		return false;
	run.reader = check_reader_of();
	run.checked = told_new();
	run.look = wireshark_look_new();
	run.again = wireshark_look_new();
	open_session();
	return true;
}

static void end(void)
{
	close_session();
	check_reader_clear(&run.reader);
	told_free(&run.checked);
	wireshark_look_free(&run.look);
	wireshark_look_free(&run.again);
	key_store_free(run.keys);
}

/* ---- what `assay check` says ---- */

static void gather(struct told *told)
{
	const GArray *notes = run.reader.notes, *verdicts = run.reader.verdicts;

	for (guint i = 0; i < notes->len; i++)
		told_rule(told, g_array_index(notes, struct occurrence, i).note.rule->id);
	for (guint i = 0; i < verdicts->len; i++) {
		const struct check_verdict *v = &g_array_index(verdicts, struct check_verdict, i);

		told_verdict(told, v->field->name,
			     value_name_find(verdict_names, (uint64_t)v->verdict));
	}
}

static void check_frame(const struct frame *frame, int dlt, uint32_t number, struct defrag *defrag)
{
	struct capture_payload payload = {.passage = {.frame = number, .time = frame->time}};
	const struct link_layer *layer = link_layer_find(dlt);
	char pdu_name[PDU_NAME_SIZE];
	struct stack_told told;

	told_clear(&run.checked);
	if (!layer || link_walk(layer, (struct octets){frame->octets, frame->length},
				frame->wire_length, defrag, &payload, pdu_name) != LINK_PAYLOAD)
		return;
	check_reader_begin(&run.reader, number);
	told = stack_feed(run.stack, &payload, &run.reader.reader);
	if (told.protocol && told.protocol->rule_count)
		gather(&run.checked);
}

/* ---- comparison ---- */

/* Returns whether the two tell the same. */
static bool compare(size_t number, const char *who, struct told *other)
{
	char *only_checked, *only_other;

	if (told_equal(&run.checked, other))
		return true;
	only_checked = told_without(&run.checked, other);
	only_other = told_without(other, &run.checked);
	soak_finding("frame %zu: only assay check: %s; only %s: %s", number,
		     *only_checked ? only_checked : "nothing", who,
		     *only_other ? only_other : "nothing");
	g_free(only_checked);
	g_free(only_other);
	return false;
}

static bool same_octets(const struct frame *a, const struct frame *b, size_t at, size_t length)
{
	return b->length >= at + length && memcmp(a->octets + at, b->octets + at, length) == 0;
}

/* False where Wireshark and we read a frame differently, and so all that sessions say after it: of
 * IPv6 fragments, Wireshark takes the protocol from the one that comes last, while RFC 8200 section
 * 4.5 has the first tell. */
static bool comparable(const struct frame *original, const struct frame *mutant)
{
	if (!original->payload && original->length >= IPV6_FRAGMENT_PAYLOAD)
		return same_octets(original, mutant, IPV6_NEXT_HEADER, 1) &&
		       same_octets(original, mutant, IPV6_FRAGMENT_HEADER,
				   IPV6_FRAGMENT_PAYLOAD - IPV6_FRAGMENT_HEADER);
	return true;
}

/* Dissects the frame once more, into `look`. Returns whether the two can still be compared. */
static bool dissect(struct wireshark_frame *frame, size_t number, bool in_full,
		    struct wireshark_look *look)
{
	wireshark_dissect(frame, in_full, look);
	if (look->bugs->len)
		soak_finding("frame %zu: %s", number, look->bugs->str);
	return !look->gave_up;
}

/* All frames, as a program does that reads a file and shows it, or one that reads it first. */
static void dissect_all(const struct frames *original, struct mutant *mutant, bool shown_at_once)
{
	struct wireshark_frame **frames = g_new0(struct wireshark_frame *, mutant->count);
	struct defrag *defrag = defrag_new();
	uint32_t link_type = mutant_link_type(mutant);
	bool alike = true;

	for (size_t i = 0; i < mutant->count; i++) {
		const struct frame *frame = &mutant->list[i];

		check_frame(frame, mutant->dlt, ++run.frames, defrag);
		frames[i] = wireshark_add(frame, link_type);
		alike = alike && comparable(&original->list[i], frame);
		alike = dissect(frames[i], i + 1, shown_at_once, &run.look) && alike;
		if (shown_at_once && alike)
			alike = compare(i + 1, "dissected", &run.look.told);
		alike = dissect(frames[i], i + 1, true, &run.again) && alike;
		if (alike)
			alike = compare(i + 1, "dissected again", &run.again.told);
	}
	run.apart = !alike;
	for (size_t i = 0; i < mutant->count; i++)
		wireshark_forget(frames[i]);
	defrag_free(defrag);
	g_free(frames);
}

static void read_mutant(const struct frames *frames, struct mutant *mutant, uint64_t number)
{
	if (run.apart || run.frames >= SESSION_FRAMES) {
		close_session();
		open_session();
	}
	mutant_renumber(mutant, run.mutants++);
	dissect_all(frames, mutant, number % 2 == 0);
}

int main(int argc, char **argv)
{
	const struct soak_reader reader = {.start = start, .read = read_mutant, .end = end};

	return soak_main(argc, argv, &reader);
}
