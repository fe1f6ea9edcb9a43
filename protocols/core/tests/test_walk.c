/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "protocols/core/walk.h"
#include "protocols/core/writer.h"

/* What a reader was told last, and how often. */
struct witness {
	struct reader reader;
	const struct field *field;
	size_t offset, length, calls;
	uint64_t number;
	struct note note;
};

static void take_value(struct reader *r, const struct field *field, size_t offset, size_t length,
		       const struct value *value)
{
	struct witness *w = (struct witness *)r;

	w->field = field;
	w->offset = offset;
	w->length = length;
	w->number = value->number;
	w->calls++;
}

static void take_note(struct reader *r, const struct note *note)
{
	((struct witness *)r)->note = *note;
}

static const struct reader_ops witness_ops = {.value = take_value, .note = take_note};

static const struct field number = {.name = "t.n", .label = "N", .kind = FIELD_UINT, .width = 2};
static const struct field middle_bits = {
	.name = "t.b", .label = "B", .kind = FIELD_UINT, .width = 2, .mask = 0x0ff0};

static const uint8_t octets[] = {0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0x11};

Test(walk, numbers_are_big_endian_and_reported_with_their_place)
{
	struct witness witness = {.reader.ops = &witness_ops};
	struct walk w = walk_of(octets, sizeof(octets), &witness.reader);

	cr_assert_eq(walk_u8(&w, NULL), 0x12);
	cr_assert_eq(witness.calls, 0, "a NULL field is read silently");
	cr_assert_eq(walk_u16(&w, &number), 0x3456);
	cr_assert_eq(witness.field, &number);
	cr_assert_eq(witness.offset, 1);
	cr_assert_eq(witness.length, 2);
	cr_assert_eq(witness.number, 0x3456);
	cr_assert_eq(walk_u24(&w, NULL), 0x789abc);
	cr_assert_eq(walk_left(&w), 3);
}

Test(walk, widest_numbers)
{
	struct walk w = walk_of(octets, sizeof(octets), NULL);

	cr_assert_eq(walk_u64(&w, NULL), 0x123456789abcdef0u);
	w = walk_of(octets + 1, sizeof(octets) - 1, NULL);
	cr_assert_eq(walk_u32(&w, NULL), 0x3456789au);
}

Test(walk, read_past_the_end_reports_nothing_and_stays_cut)
{
	struct witness witness = {.reader.ops = &witness_ops};
	struct walk w = walk_of(octets, 3, &witness.reader);

	cr_assert_eq(walk_u32(&w, &number), 0);
	cr_assert(w.cut);
	cr_assert_eq(w.cut_wanted, 4);
	cr_assert_eq(w.position, 0, "nothing was taken");
	cr_assert_eq(walk_u8(&w, &number), 0, "what would fit is refused too");
	cr_assert_null(walk_octets(&w, &number, 1));
	cr_assert_eq(w.cut_wanted, 4, "the first failure is kept");
	cr_assert_eq(witness.calls, 0);
}

Test(walk, window_hides_what_lies_behind_it)
{
	struct walk outer = walk_of(octets, sizeof(octets), NULL);
	struct walk inner = walk_window(&outer, 2);

	cr_assert_eq(walk_u16(&inner, NULL), 0x1234);
	cr_assert_eq(walk_u8(&inner, NULL), 0);
	cr_assert(inner.cut);
	cr_assert_eq(walk_u8(&outer, NULL), 0x56, "the outer walk goes on behind the window");
	cr_assert_not(outer.cut);
}

Test(walk, window_that_does_not_fit_is_cut_but_holds_what_there_is)
{
	struct walk outer = walk_of(octets, 4, NULL);
	struct walk inner = walk_window(&outer, 100);

	cr_assert(inner.cut);
	cr_assert_eq(inner.cut_wanted, 100);
	cr_assert_eq(walk_left(&inner), 4);
	cr_assert_eq(walk_left(&outer), 0);
}

Test(walk, largest_length_does_not_overflow)
{
	struct walk w = walk_of(octets, sizeof(octets), NULL);

	walk_u8(&w, NULL);
	cr_assert_null(walk_octets(&w, NULL, SIZE_MAX));
	cr_assert_eq(walk_peek(&w, SIZE_MAX, 2), 0);
}

Test(walk, no_octets_at_the_end_are_still_something)
{
	struct walk w = walk_of(NULL, 0, NULL);

	cr_assert_not_null(walk_octets(&w, NULL, 0));
	cr_assert_not(w.cut);
}

Test(walk, bits_are_shifted_to_their_lowest)
{
	struct witness witness = {.reader.ops = &witness_ops};
	struct walk w = walk_of(octets, sizeof(octets), &witness.reader);

	walk_bits(&w, &middle_bits, 0, 0x1234);
	cr_assert_eq(witness.number, 0x23);
}

Test(reader, note_holds_what_was_wanted_and_what_was_found)
{
	static const struct rule rule = {.id = "t-rule"};
	struct witness witness = {.reader.ops = &witness_ops};

	reader_note(&witness.reader, &rule, &number, 5, 2, "zero", "%d and %s", 7, "more");
	cr_assert_eq(witness.note.rule, &rule);
	cr_assert_eq(witness.note.offset, 5);
	cr_assert_str_eq(witness.note.wanted, "zero");
	cr_assert_str_eq(witness.note.found, "7 and more");
}

Test(reader, text_that_is_too_long_is_cut)
{
	static const struct rule rule = {.id = "t-rule"};
	struct witness witness = {.reader.ops = &witness_ops};

	reader_note(&witness.reader, &rule, NULL, 0, 0, "x", "%0999d", 1);
	cr_assert_eq(strlen(witness.note.found), NOTE_TEXT_SIZE - 1);
}

Test(reader, operations_that_a_reader_lacks_are_left_out)
{
	struct witness witness = {.reader.ops = &witness_ops};

	reader_open(&witness.reader, &number, 0, 1);
	reader_label(&witness.reader, "%s", "label");
	reader_source(&witness.reader, "source", octets, 1);
	reader_close(&witness.reader);
	reader_statement(NULL, &number, "%s", "no reader at all");
	cr_assert_eq(witness.calls, 0);
}

Test(writer, what_is_written_reads_back)
{
	uint8_t buffer[18];
	struct writer out = writer_of(buffer, sizeof(buffer));
	struct walk in;

	write_u8(&out, 1);
	write_u16(&out, 0x0203);
	write_u24(&out, 0x040506);
	write_u32(&out, 0x0708090a);
	write_u64(&out, 0x0b0c0d0e0f101112u);
	cr_assert_not(out.full);
	cr_assert_eq(out.length, sizeof(buffer));
	in = walk_of(buffer, sizeof(buffer), NULL);
	for (uint8_t i = 1; i <= sizeof(buffer); i++)
		cr_assert_eq(walk_u8(&in, NULL), i);
}

Test(writer, what_does_not_fit_is_not_written_in_part)
{
	uint8_t buffer[4] = {0xee, 0xee, 0xee, 0xee};
	struct writer w = writer_of(buffer, 3);

	write_u16(&w, 1);
	write_u16(&w, 2);
	cr_assert(w.full);
	cr_assert_eq(w.length, 2);
	cr_assert_eq(buffer[2], 0xee);
	write_u8(&w, 3);
	cr_assert_eq(w.length, 2, "a full writer stays full");
}

Test(writer, length_is_patched_only_inside_what_was_written)
{
	uint8_t buffer[8] = {0};
	struct writer w = writer_of(buffer, sizeof(buffer));

	write_zeros(&w, 4);
	write_patch_u16(&w, 2, 0xabcd);
	write_patch_u16(&w, 3, 0xffff);
	write_patch_u16(&w, SIZE_MAX, 0xffff);
	cr_assert_arr_eq(buffer, ((uint8_t[8]){0, 0, 0xab, 0xcd}), 8);
}
