/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values as case files write them: "0x10", "16", "PANA_SUCCESS" of a field with names, "a0 b1" or
 * "a0b1" octets, "text:user1", an address; "$name", and "$name+1" of a number. How a value reads
 * follows from the field it is for.
 */
#ifndef ASSAY_ENGINE_VALUE_PARSE_H
#define ASSAY_ENGINE_VALUE_PARSE_H

#include <glib.h>

#include "protocols/core/reader.h"

/* Replaces what begins with $; the caller frees. NULL with a reason in `error`. */
char *value_expand(const char *text, const char *(*bound)(void *context, const char *name),
		   void *context, char *error, size_t error_size);

/* A number of this field: decimal, 0x..., or a name. */
bool value_number(const struct field *field, const char *text, uint64_t *number);

/* Octets of this field: of a number its octets on the wire. NULL: it is no value for it. */
GByteArray *value_octets(const struct field *field, const char *text);

/* Hexadecimal digits, with or without 0x, colons, spaces. NULL: they are none. */
GByteArray *value_hex(const char *text);

/* The value of a field, so that value_octets and value_number read it again: for `keep`. The
 * caller frees. */
char *value_write(const struct field *field, const struct value *value);

#endif
