/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys that a capture brings along: in the comment of a packet, each line
 *
 *     assay-keys: "eap-psk","user1","text:SecretPassphrase"
 *
 * holds a row of the key table (keystore.h). Evidence is written so on demand, and whoever opens it
 * needs no key file. Such rows belong to the capture: key_store_forget_derived forgets them.
 *
 * Anybody may have written a capture; so at most KEY_COMMENT_ROWS_MAX rows of one are read.
 */
#ifndef ASSAY_CORE_KEYCOMMENT_H
#define ASSAY_CORE_KEYCOMMENT_H

#include "keystore.h"

enum { KEY_COMMENT_ROWS_MAX = 1000, KEY_COMMENT_ERROR_SIZE = 512 };

/* One reading of a capture. To begin with, all but the store is 0. */
struct key_comments {
	struct key_store *store; /* borrowed */
	size_t rows;             /* found so far, right or wrong, up to one beyond the limit */
};

/* Adds the rows of one comment, `length` octets of text up to the first NUL, if there is any. False
 * if a row is not valid, or one too many; then `error` says so of the first such row: "line 2 of
 * the comment: key: wanted ..., found ...". The others are added nevertheless. */
bool key_comments_add(struct key_comments *comments, uint32_t frame, const char *text,
		      size_t length, char error[KEY_COMMENT_ERROR_SIZE]);

#endif
