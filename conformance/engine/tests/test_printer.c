/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/engine/printer.h"
#include "protocols/core/verdict.h"

static const struct value_name colours[] = {{2, "green"}, {0, NULL}};

static const struct field fields[] = {
	{.name = "t.group", .label = "Group", .kind = FIELD_GROUP},
	{.name = "t.number", .label = "Number", .kind = FIELD_UINT, .width = 2},
	{.name = "t.hex", .label = "Hex", .kind = FIELD_UINT, .width = 4, .base = BASE_IS_HEX},
	{.name = "t.colour", .label = "Colour", .kind = FIELD_UINT, .width = 1, .names = colours},
	{.name = "t.bit", .label = "Bit", .kind = FIELD_BIT, .width = 1, .mask = 0x40},
	{.name = "t.octets", .label = "Octets", .kind = FIELD_OCTETS},
	{.name = "t.text", .label = "Text", .kind = FIELD_TEXT},
	{.name = "t.ipv4", .label = "Address", .kind = FIELD_IPV4},
	{.name = "t.key", .label = "Key", .kind = FIELD_SECRET, .generated = true},
	{.name = "t.time", .label = "Time", .kind = FIELD_DURATION, .generated = true},
	{.name = "t.frame", .label = "Frame", .kind = FIELD_FRAME, .generated = true},
	{.name = "t.status",
	 .label = "Status",
	 .kind = FIELD_UINT,
	 .generated = true,
	 .names = verdict_names},
	{.name = "t.seconds", .label = "Seconds", .kind = FIELD_UINT, .width = 4, .unit = "s"},
};

enum { GROUP, NUMBER, HEX, COLOUR, BIT, OCTETS, TEXT, ADDRESS, KEY, TIME, FRAME, STATUS, SECONDS };

static const struct rule rule = {"t-rule", RULE_SHOULD, "any", "RFC 1 2.3", "A rule."};

static char text[VALUE_TEXT_SIZE];

static const char *number(int field, uint64_t value)
{
	struct value v = {.number = value};

	return value_text(&fields[field], &v, false, text);
}

static const char *octets(int field, const char *of, size_t length, bool secrets)
{
	struct value v = {.octets = (const uint8_t *)of, .length = length};

	return value_text(&fields[field], &v, secrets, text);
}

Test(value_text, numbers_with_what_they_mean)
{
	cr_assert_str_eq(number(NUMBER, 7), "7");
	cr_assert_str_eq(number(HEX, 0x9c8e), "0x00009c8e");
	cr_assert_str_eq(number(COLOUR, 2), "2 (green)");
	cr_assert_str_eq(number(COLOUR, 3), "3 (unknown)");
	cr_assert_str_eq(number(BIT, 1), "set");
	cr_assert_str_eq(number(TIME, 1500000000), "1.500000 s");
	cr_assert_str_eq(number(FRAME, 9), "frame 9");
	cr_assert_str_eq(number(SECONDS, 30), "30 s");
	cr_assert_str_eq(number(STATUS, VERDICT_WRONG_KEY), "wrong key");
}

Test(value_text, octets_and_characters)
{
	cr_assert_str_eq(octets(OCTETS, "\x01\xff", 2, false), "01ff");
	cr_assert_str_eq(octets(OCTETS, "", 0, false), "(empty)");
	cr_assert_str_eq(octets(TEXT, "user1", 5, false), "\"user1\"");
	cr_assert_str_eq(octets(TEXT, "gr\xc3\xbc\xc3\x9f", 6, false), "\"gr\xc3\xbc\xc3\x9f\"");
	cr_assert_str_eq(octets(ADDRESS, "\x0a\0\0\1", 4, false), "10.0.0.1");
	cr_assert_str_eq(octets(ADDRESS, "\x0a\0", 2, false), "0a00");
}

Test(value_text, what_a_terminal_would_obey_is_escaped)
{
	cr_assert_str_eq(octets(TEXT, "\033[31m\n\xff\0", 8, false),
			 "\"\\x1b[31m\\x0a\\xff\\x00\"");
}

Test(value_text, a_long_value_is_cut_and_says_so)
{
	char many[1000];

	memset(many, 'a', sizeof(many));
	cr_assert(strstr(octets(OCTETS, many, sizeof(many), false), "... (1000 octets)"));
	cr_assert_lt(strlen(octets(TEXT, many, sizeof(many), false)), VALUE_TEXT_SIZE);
}

Test(value_text, key_octets_are_hidden_unless_asked_for)
{
	cr_assert_str_eq(octets(KEY, "\xab\xcd", 2, false), "(2 octets, hidden)");
	cr_assert_str_eq(octets(KEY, "\xab\xcd", 2, true), "abcd");
}

/* ---- trees ---- */

static void read_tree(struct reader *r)
{
	reader_open(r, &fields[GROUP], 0, 6);
	reader_label(r, "%s", "first");
	reader_number(r, &fields[NUMBER], 0, 2, 513);
	reader_number(r, &fields[BIT], 2, 1, 1);
	reader_octets(r, &fields[KEY], 0, 0, (const uint8_t *)"\x01\x02", 2);
	reader_note(r, &rule, &fields[NUMBER], 0, 2, "512", "%d", 513);
	reader_source(r, "Plaintext", (const uint8_t *)"\x05", 1);
	reader_number(r, &fields[COLOUR], 0, 1, 2);
	reader_close(r);
	reader_close(r);
}

Test(text_printer, prints_a_tree)
{
	char *printed = NULL;
	size_t length;
	FILE *stream = open_memstream(&printed, &length);
	struct text_printer printer = text_printer_of(stream);

	read_tree(&printer.reader);
	fclose(stream);
	cr_assert_str_eq(printed, "Group: first\n"
				  "    Number: 513\n"
				  "        .1.. .... = Bit: set\n"
				  "    [Key: (2 octets, hidden)]\n"
				  "    ! t-rule SHOULD: wanted 512, found 513 (RFC 1 2.3)\n"
				  "    [Plaintext, 1 octets]\n"
				  "        Colour: 2 (green)\n");
	free(printed);
}

static json_t *print_json(void (*read)(struct reader *r), bool secrets)
{
	char *printed = NULL;
	size_t length;
	FILE *stream = open_memstream(&printed, &length);
	struct jsonout writer = jsonout_of(stream);
	struct json_printer printer = json_printer_of(&writer);
	json_error_t error;
	json_t *root;

	printer.secrets = secrets;
	jsonout_open_array(&writer);
	read(&printer.reader);
	jsonout_close_array(&writer);
	fclose(stream);
	root = json_loads(printed, JSON_ALLOW_NUL, &error);
	cr_assert(root, "%s in %s", error.text, printed);
	free(printed);
	return root;
}

Test(json_printer, prints_the_same_tree)
{
	json_t *root = print_json(read_tree, false);
	json_t *group = json_array_get(root, 0);
	json_t *inside = json_object_get(group, "fields");

	cr_assert_str_eq(json_string_value(json_object_get(group, "field")), "t.group");
	cr_assert_str_eq(json_string_value(json_object_get(group, "text")), "first");
	cr_assert_eq(json_array_size(inside), 5);
	cr_assert_eq(json_integer_value(json_object_get(json_array_get(inside, 0), "value")), 513);
	cr_assert(json_is_true(json_object_get(json_array_get(inside, 1), "value")));
	cr_assert(json_is_null(json_object_get(json_array_get(inside, 2), "value")));
	cr_assert_str_eq(json_string_value(json_object_get(json_array_get(inside, 3), "rule")),
			 "t-rule");
	cr_assert_str_eq(json_string_value(json_object_get(json_array_get(inside, 4), "source")),
			 "Plaintext");
	json_decref(root);
}

Test(json_printer, shows_key_octets_on_demand)
{
	json_t *root = print_json(read_tree, true);
	json_t *inside = json_object_get(json_array_get(root, 0), "fields");

	cr_assert_str_eq(json_string_value(json_object_get(json_array_get(inside, 2), "value")),
			 "0102");
	json_decref(root);
}

static void read_deep(struct reader *r)
{
	for (int i = 0; i < 1000; i++)
		reader_open(r, &fields[GROUP], 0, 0);
	reader_number(r, &fields[NUMBER], 0, 2, 1);
	for (int i = 0; i < 1000; i++)
		reader_close(r);
	reader_number(r, &fields[NUMBER], 0, 2, 2);
}

Test(json_printer, any_nesting_is_printed)
{
	json_t *root = print_json(read_deep, false);

	cr_assert_eq(json_array_size(root), 2);
	json_decref(root);
}

static void read_hostile(struct reader *r)
{
	static const uint8_t hostile[] = "\"\\\n\x01\x7f\xc3\x28\xff\xed\xa0\x80\xc0\x80<&>";

	reader_octets(r, &fields[TEXT], 0, 0, hostile, sizeof(hostile));
}

Test(json_printer, octets_that_are_no_utf8_give_valid_json)
{
	json_decref(print_json(read_hostile, false));
}
