/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "secret.h"

#include <stdio.h>
#include <string.h>

void secret_set(struct secret *s, const uint8_t *octets, size_t length)
{
	secret_clear(s);
	if (length > SECRET_SIZE)
		length = SECRET_SIZE;
	if (length)
		memcpy(s->octets, octets, length);
	s->length = length;
}

void secret_clear(struct secret *s)
{
	secret_wipe(s, sizeof(*s));
}

void secret_wipe(void *octets, size_t length)
{
	if (length)
		explicit_bzero(octets, length);
}

bool secret_equal(const void *a, const void *b, size_t length)
{
	const volatile uint8_t *x = a;
	const volatile uint8_t *y = b;
	uint8_t difference = 0;

	for (size_t i = 0; i < length; i++)
		difference |= (uint8_t)(x[i] ^ y[i]);
	return difference == 0;
}

const char *secret_text(const uint8_t *octets, size_t length, bool show, char *text, size_t size)
{
	size_t at = 0;

	if (size == 0)
		return text;
	text[0] = '\0';
	if (!show) {
		snprintf(text, size, "(%zu octets, hidden)", length);
		return text;
	}
	for (size_t i = 0; i < length && at + 3 <= size; i++, at += 2)
		snprintf(text + at, size - at, "%02x", octets[i]);
	return text;
}
