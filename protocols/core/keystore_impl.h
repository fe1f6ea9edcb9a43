/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between the two halves of the key store: rows and lookups (keystore.c), and the form in which
 * people and Wireshark write rows (keyfile.c). Nobody else includes this. */
#ifndef ASSAY_CORE_KEYSTORE_IMPL_H
#define ASSAY_CORE_KEYSTORE_IMPL_H

#include "keystore.h"

/* Appends a row that the user gave; copies identity and octets. */
void key_store_append(struct key_store *store, enum key_type type, const char *identity,
		      const uint8_t *octets, size_t length);

#endif
