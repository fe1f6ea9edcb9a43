/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Key octets. A secret is cleared when it is freed or goes out of use, compared in constant time,
 * and printed by secret_text alone, which redacts unless told otherwise.
 */
#ifndef ASSAY_CORE_SECRET_H
#define ASSAY_CORE_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SECRET_SIZE = 64, SECRET_TEXT_SIZE = 2 * SECRET_SIZE + 1 };

/* A derived key of at most 64 octets, held by value. */
struct secret {
	uint8_t octets[SECRET_SIZE];
	size_t length; /* 0: no key */
};

void secret_set(struct secret *s, const uint8_t *octets, size_t length); /* length <= SECRET_SIZE */
void secret_clear(struct secret *s);

/* Zero memory in a way that the compiler cannot leave out. */
void secret_wipe(void *octets, size_t length);

/* Compare in time that depends on length alone. */
bool secret_equal(const void *a, const void *b, size_t length);

/* Hexadecimal digits if `show`, else "(16 octets, hidden)"; cut to `size`. Returns `text`. */
const char *secret_text(const uint8_t *octets, size_t length, bool show, char *text, size_t size);

#endif
