/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "keycomment.h"

#include <stdio.h>
#include <string.h>

static const char prefix[] = "assay-keys:";

/* Reads a row alone, so that what is wrong with it keeps no other from being read. */
static bool add_row(struct key_store *store, uint32_t frame, const char *row, size_t length,
		    char *why, size_t why_size)
{
	struct key_store *alone = key_store_new();
	bool valid = key_store_parse(alone, "row", row, length, why, why_size);

	for (size_t i = 0; i < key_store_count(alone); i++)
		key_store_add_captured(store, key_store_row(alone, i), frame);
	key_store_free(alone);
	return valid;
}

/* `why` without the "row:1:17: " that it begins with: the column is none of the comment's. */
static const char *without_place(const char *why)
{
	const char *behind = strstr(why, ": ");

	return behind ? behind + 2 : why;
}

/* One line that begins with the prefix. False with a complaint in `why`. */
static bool add_line(struct key_comments *comments, uint32_t frame, const char *row, size_t length,
		     char *why, size_t why_size)
{
	if (comments->rows > KEY_COMMENT_ROWS_MAX)
		return true; /* told already */
	if (comments->rows++ < KEY_COMMENT_ROWS_MAX)
		return add_row(comments->store, frame, row, length, why, why_size);
	snprintf(why, why_size, "wanted at most %d rows of keys in a capture, found more",
		 KEY_COMMENT_ROWS_MAX);
	return false;
}

bool key_comments_add(struct key_comments *comments, uint32_t frame, const char *text,
		      size_t length, char error[KEY_COMMENT_ERROR_SIZE])
{
	const char *end = text + strnlen(text, length);
	const size_t prefix_length = strlen(prefix);
	char why[KEY_COMMENT_ERROR_SIZE / 2];
	bool valid = true;

	for (unsigned number = 1; text < end; number++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const size_t line = (size_t)((newline ? newline : end) - text);
		const char *row = text + prefix_length;

		if (line >= prefix_length && !memcmp(text, prefix, prefix_length) &&
		    !add_line(comments, frame, row, line - prefix_length, why, sizeof(why)) &&
		    valid) {
			snprintf(error, KEY_COMMENT_ERROR_SIZE, "line %u of the comment: %s",
				 number, without_place(why));
			valid = false;
		}
		text += line + (newline ? 1 : 0);
	}
	return valid;
}
