/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A run of octets somewhere: never owned, never written through. Lists of them are hashed and
 * encrypted as if they stood one behind the other. */
#ifndef ASSAY_CORE_OCTETS_H
#define ASSAY_CORE_OCTETS_H

#include <stddef.h>
#include <stdint.h>

struct octets {
	const uint8_t *octets; /* NULL only if length is 0 */
	size_t length;
};

#endif
