/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What mutants change in the headers of a frame: lengths, so that a shortened payload is one that
 * the headers announce, and addresses. Any octets are taken; what has no such header stays as it
 * is.
 */
#ifndef ASSAY_ROBUSTNESS_HEADERS_H
#define ASSAY_ROBUSTNESS_HEADERS_H

#include "mutants.h"

/* Makes the lengths in the headers before `frame->payload` announce `length` octets of it. */
void headers_announce(struct frame *frame, int dlt, size_t length);

/* Moves the addresses of hosts (not those of groups) by `number`. */
void headers_renumber(struct frame *frame, int dlt, uint32_t number);

#endif
