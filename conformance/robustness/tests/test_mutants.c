/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The mutants are what they are said to be: else the soaks read something else than we think. */
#include "conformance/robustness/mutants.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conformance/engine/link.h"
#include "conformance/robustness/valid.h"

/* 10.0.0.1:716 to 10.0.0.2:716, a PANA-Client-Initiation, in Ethernet with a VLAN tag */
#define ETHERNET 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x81, 0, 0, 7, 8, 0
#define IPV4     0x45, 0, 0, 44, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2
#define UDP      0x02, 0xcc, 0x02, 0xcc, 0, 24, 0, 0
#define PCI      0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0

enum { DLT_ETHERNET = 1, FRAME_LENGTH = 62, PAYLOAD = 46, PCI_LENGTH = 16 };

static char path[] = "/tmp/mutants-XXXXXX";
static struct frames *frames;
static uint8_t octets[] = {ETHERNET, IPV4, UDP, PCI};

/* Two frames. */
static void start(void)
{
	struct frame list[2] = {{.octets = octets, .length = FRAME_LENGTH, .wire_length = 62},
				{.octets = octets, .length = FRAME_LENGTH, .wire_length = 62}};
	struct mutant capture = {.dlt = DLT_ETHERNET, .list = list, .count = 2};
	int file = mkstemp(path);
	char error[256];

	cr_assert(mutant_save(&capture, file, true));
	close(file);
	frames = frames_load(path, error, sizeof(error));
	unlink(path);
	cr_assert_not_null(frames, "%s", error);
}

static void stop(void)
{
	frames_free(frames);
}

TestSuite(mutants, .init = start, .fini = stop);

static struct mutant *make(enum mutation_kind kind, size_t frame, size_t at)
{
	const struct mutation m = {.kind = kind, .frame = frame, .at = at};

	return mutant_new(frames, &m);
}

static enum link_outcome walk(const struct frame *frame, struct capture_payload *payload)
{
	struct defrag *defrag = defrag_new();
	char pdu_name[PDU_NAME_SIZE];
	enum link_outcome outcome;

	*payload = (struct capture_payload){.passage.frame = 1};
	outcome = link_walk(link_layer_find(DLT_ETHERNET),
			    (struct octets){frame->octets, frame->length}, frame->wire_length,
			    defrag, payload, pdu_name);
	defrag_free(defrag);
	return outcome;
}

static size_t differences(const struct mutant *mutant)
{
	size_t count = 0;

	for (size_t i = 0; i < mutant->count; i++)
		for (size_t at = 0; at < mutant->list[i].length; at++)
			count += mutant->list[i].octets[at] != octets[at];
	return count;
}

Test(mutants, saved_capture_loads_as_it_was)
{
	struct mutant *mutant = make(MUTATION_NONE, 0, 0);

	cr_assert_eq(mutant->count, 2);
	cr_expect_eq(frames->list[0].payload, PAYLOAD);
	cr_expect_eq(frames->list[0].payload_length, PCI_LENGTH);
	cr_expect_eq(differences(mutant), 0);
	mutant_free(mutant);
}

Test(mutants, every_cut_flip_and_copy_comes_once)
{
	const struct mutation_bounds bounds = {.copies = 5, .file = true};
	size_t counts[MUTATION_KINDS] = {0};
	struct mutation m = {.begun = false};

	while (mutation_next(frames, &bounds, &m))
		counts[m.kind]++;
	cr_expect_eq(counts[MUTATION_NONE], 1);
	cr_expect_eq(counts[MUTATION_SNAP], 2 * FRAME_LENGTH);
	cr_expect_eq(counts[MUTATION_CUT], 2 * FRAME_LENGTH);
	cr_expect_eq(counts[MUTATION_SHRINK], 2 * PCI_LENGTH);
	cr_expect_eq(counts[MUTATION_FLIP], 2 * FRAME_LENGTH);
	cr_expect_eq(counts[MUTATION_BIT], 2 * FRAME_LENGTH);
	cr_expect_eq(counts[MUTATION_DAMAGE], 5);
	cr_expect_eq(counts[MUTATION_FILE_CUT], frames->file_length);
	cr_expect_eq(counts[MUTATION_FILE_FLIP], frames->file_length);
	cr_expect_eq(counts[MUTATION_FILE_BIT], frames->file_length);
}

Test(mutants, shrunk_datagram_is_whole_and_of_the_length_asked_for)
{
	for (size_t length = 0; length < PCI_LENGTH; length++) {
		struct mutant *mutant = make(MUTATION_SHRINK, 2, length);
		struct capture_payload payload;

		cr_assert_eq(walk(&mutant->list[1], &payload), LINK_PAYLOAD);
		cr_expect_eq(payload.length, length);
		cr_expect_eq(payload.wire_length, length);
		cr_expect_not(payload.truncated);
		mutant_free(mutant);
	}
}

Test(mutants, snapped_frame_is_known_to_have_been_longer)
{
	struct mutant *mutant = make(MUTATION_SNAP, 1, PAYLOAD + 3);
	struct capture_payload payload;

	cr_assert_eq(walk(&mutant->list[0], &payload), LINK_PAYLOAD);
	cr_expect_eq(payload.length, 3);
	cr_expect(payload.truncated);
	mutant_free(mutant);
}

Test(mutants, flip_changes_one_octet_and_bit_one_bit)
{
	struct mutant *flip = make(MUTATION_FLIP, 2, 50), *bit = make(MUTATION_BIT, 2, 50);
	unsigned changed = bit->list[1].octets[50] ^ octets[50];

	cr_expect_eq(differences(flip), 1);
	cr_expect_eq(flip->list[1].octets[50], octets[50] ^ 0xff);
	cr_expect_eq(differences(bit), 1);
	cr_expect_eq(changed & (changed - 1), 0);
	mutant_free(flip);
	mutant_free(bit);
}

Test(mutants, damage_strikes_a_fiftieth_and_repeats_itself)
{
	struct mutant *one = make(MUTATION_DAMAGE, 0, 17), *again = make(MUTATION_DAMAGE, 0, 17);
	struct mutant *other = make(MUTATION_DAMAGE, 0, 18);

	cr_expect_gt(differences(one), 0);
	cr_expect_leq(differences(one), 3); /* 124 octets */
	cr_expect_arr_eq(one->list[0].octets, again->list[0].octets, FRAME_LENGTH);
	cr_expect_arr_eq(one->list[1].octets, again->list[1].octets, FRAME_LENGTH);
	cr_expect(memcmp(one->list[0].octets, other->list[0].octets, FRAME_LENGTH) != 0 ||
		  memcmp(one->list[1].octets, other->list[1].octets, FRAME_LENGTH) != 0);
	mutant_free(one);
	mutant_free(again);
	mutant_free(other);
}

Test(mutants, renumbered_capture_has_other_hosts_and_the_same_payload)
{
	struct mutant *mutant = make(MUTATION_NONE, 0, 0);
	struct capture_payload payload;
	char text[ENDPOINT_TEXT_SIZE];

	mutant_renumber(mutant, 0x0102);
	cr_assert_eq(walk(&mutant->list[0], &payload), LINK_PAYLOAD);
	cr_expect_str_eq(endpoint_text(&payload.passage.source, text), "10.1.2.1:716");
	cr_expect_str_eq(endpoint_text(&payload.passage.destination, text), "10.1.2.2:716");
	cr_expect_arr_eq(payload.octets, octets + PAYLOAD, PCI_LENGTH);
	mutant_free(mutant);
}

Test(mutants, recipe_makes_the_same_again)
{
	const struct mutation m = {.kind = MUTATION_SHRINK, .frame = 2, .at = 9};
	char *recipe = mutation_recipe(frames, &m);
	struct mutation read;
	const char *of;

	cr_assert(mutation_of_recipe(recipe, &read, &of));
	cr_expect_eq(read.kind, m.kind);
	cr_expect_eq(read.frame, m.frame);
	cr_expect_eq(read.at, m.at);
	cr_expect_str_eq(of, frames->path);
	g_free(recipe);
	cr_expect_not(mutation_of_recipe("shrink:2", &read, &of));
	cr_expect_not(mutation_of_recipe("chew:2:9:file", &read, &of));
}

Test(mutants, impossible_recipe_makes_nothing)
{
	struct mutant *mutant = make(MUTATION_FLIP, 3, 0);

	cr_expect_eq(mutant->count, 0);
	mutant_free(mutant);
	mutant = make(MUTATION_FLIP, 2, FRAME_LENGTH);
	cr_expect_eq(mutant->count, 0);
	mutant_free(mutant);
}

Test(valid, complaints)
{
	char lines[] = "{\"a\": 1}\n{\"b\": 2}\n", open[] = "{\"a\": 1}";

	cr_expect_null(valid_text("one\ntwo \xc3\xa4\n"));
	cr_expect_not_null(valid_text("one\x1b[2J"));
	cr_expect_not_null(valid_text("\xff"));
	cr_expect_null(valid_json("[1]"));
	cr_expect_not_null(valid_json("[1"));
	cr_expect_null(valid_json_lines(lines));
	cr_expect_not_null(valid_json_lines(open));
	cr_expect_null(valid_xml("<a b=\"c\">&amp;</a>"));
	cr_expect_not_null(valid_xml("<a>"));
	cr_expect_not_null(valid_xml("<a>\x01</a>"));
}
