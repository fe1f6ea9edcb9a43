/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

#include "protocols/core/keycomment.h"

#define ROW(key) "assay-keys: \"eap-psk\",\"user1\",\"" key "\"\n"
#define ONE      "00112233445566778899aabbccddeeff"
#define TWO      "ffeeddccbbaa99887766554433221100"

static struct key_comments comments;
static char error[KEY_COMMENT_ERROR_SIZE];

static void start(void)
{
	comments = (struct key_comments){.store = key_store_new()};
	error[0] = '\0';
}

static void stop(void)
{
	key_store_free(comments.store);
}

TestSuite(keycomment, .init = start, .fini = stop);

static bool add(uint32_t frame, const char *text)
{
	return key_comments_add(&comments, frame, text, strlen(text), error);
}

Test(keycomment, rows_stand_among_other_lines)
{
	const struct key_row *row;

	cr_assert(add(7, "pana.paa/happy, seed 1\n" ROW(ONE) ROW(TWO) "step 1: send PCI"), "%s",
		  error);
	cr_assert_eq(key_store_count(comments.store), 2);
	row = key_store_row(comments.store, 0);
	cr_expect_eq(row->type, KEY_EAP_PSK);
	cr_expect_str_eq(row->identity, "user1");
	cr_expect_eq(row->length, 16);
	cr_expect_eq(row->octets[1], 0x11);
	cr_expect(row->captured);
	cr_expect_not(row->derived);
	cr_expect_eq(row->frame, 7);
}

Test(keycomment, last_line_needs_no_end_and_an_end_may_have_two_characters)
{
	cr_expect(add(1, "assay-keys:\"eap-psk\",\"a\",\"" ONE "\"\r\n"
			 "assay-keys:\t\"eap-psk\",\"b\",\"" ONE "\""));
	cr_expect_eq(key_store_count(comments.store), 2);
}

Test(keycomment, other_text_holds_no_rows)
{
	cr_expect(add(1, ""));
	cr_expect(add(1, "\n\n"));
	cr_expect(add(1, "assay-keys"));
	cr_expect(add(1, " " ROW(ONE)));
	cr_expect(add(1, "see " ROW(ONE)));
	cr_expect(add(1, "\"eap-psk\",\"user1\",\"" ONE "\"\n"));
	cr_expect(add(1, "assay-keys: # nothing\n"));
	cr_expect_eq(key_store_count(comments.store), 0);
}

Test(keycomment, text_ends_at_its_length_or_a_nul)
{
	static const char text[] = ROW(ONE) "\0" ROW(TWO);

	cr_expect(key_comments_add(&comments, 1, text, sizeof(text), error));
	cr_expect_eq(key_store_count(comments.store), 1);
	cr_expect_not(key_comments_add(&comments, 1, ROW(TWO), strlen(ROW(TWO)) - 3, error));
	cr_expect_str_eq(error, "line 1 of the comment: key: wanted a closing quote, found the end "
				"of the line");
}

Test(keycomment, wrong_row_is_told_and_keeps_no_other_from_being_read)
{
	cr_expect_not(add(1, "words\n" ROW("0x") ROW(ONE) ROW("01")));
	cr_expect_str_eq(error,
			 "line 2 of the comment: key: wanted hexadecimal digits or text:..., "
			 "found 'x'");
	cr_expect_eq(key_store_count(comments.store), 1);
}

Test(keycomment, row_that_is_there_already_is_not_doubled)
{
	cr_assert(
		key_store_add_text(comments.store, "eap-psk", "user1", ONE, error, sizeof(error)));
	cr_expect(add(1, ROW(ONE) ROW(TWO) ROW(TWO)));
	cr_expect_eq(key_store_count(comments.store), 2);
	cr_expect_not(key_store_row(comments.store, 0)->captured);
}

Test(keycomment, rows_go_when_their_capture_goes)
{
	const struct key_row *row;

	cr_assert(add(1, ROW(ONE)));
	cr_assert(
		key_store_add_text(comments.store, "eap-psk", "user1", TWO, error, sizeof(error)));
	key_store_forget_derived(comments.store);
	cr_assert_eq(key_store_count(comments.store), 1);
	row = key_store_next(comments.store, KEY_EAP_PSK, "user1", NULL);
	cr_assert_not_null(row);
	cr_expect_eq(row->octets[0], 0xff);
	key_store_forget_derived(comments.store);
	cr_expect_eq(key_store_count(comments.store), 1);
}

Test(keycomment, rows_are_not_among_the_derived_that_make_room)
{
	uint8_t msk[64] = {0};

	cr_assert(add(1, ROW(ONE)));
	for (uint32_t i = 0; i <= KEY_STORE_DERIVED_MAX; i++) {
		memcpy(msk, &i, sizeof(i));
		key_store_add_derived(comments.store, KEY_MSK, "user1", msk, sizeof(msk), i);
	}
	cr_expect_leq(key_store_count(comments.store), KEY_STORE_DERIVED_MAX + 1);
	cr_expect_not_null(key_store_next(comments.store, KEY_EAP_PSK, "user1", NULL));
}

Test(keycomment, rows_beyond_the_limit_are_told_once_and_left_out)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < KEY_COMMENT_ROWS_MAX + 5; i++)
		g_string_append_printf(text, "assay-keys: \"eap-psk\",\"user%d\",\"" ONE "\"\n", i);
	cr_expect_not(add(1, text->str));
	cr_expect_str_eq(error, "line 1001 of the comment: wanted at most 1000 rows of keys in "
				"a capture, found more");
	cr_expect_eq(key_store_count(comments.store), KEY_COMMENT_ROWS_MAX);
	cr_expect(add(2, ROW(TWO)));
	cr_expect_eq(key_store_count(comments.store), KEY_COMMENT_ROWS_MAX);
	g_string_free(text, TRUE);
}
