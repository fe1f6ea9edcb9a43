/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wireshark's dissection library with the plugin in this very process, so that no program has to
 * start for a packet, and sanitizers see the plugin at work.
 *
 *     wireshark_start(rows, count, ...);
 *     wireshark_open();                          a capture begins
 *     for each frame: wireshark_dissect(...);
 *     wireshark_close();                         and ends
 *
 * There is one library in a process, and one capture at a time.
 */
#ifndef ASSAY_ROBUSTNESS_WIRESHARK_H
#define ASSAY_ROBUSTNESS_WIRESHARK_H

#include "mutants.h"
#include "protocols/core/keystore.h"
#include "told.h"

/* Starts the library with the plugin and these keys. False with a reason in `error`. */
bool wireshark_start(const struct key_store *keys, char *error, size_t error_size);

void wireshark_open(void);
void wireshark_close(void);

/* A frame of the capture, kept so that it can be looked at again. */
struct wireshark_frame;

/* Adds a frame. Its octets belong to `frame` and stay until wireshark_forget. */
struct wireshark_frame *wireshark_add(const struct frame *frame, uint32_t link_type);
void wireshark_forget(struct wireshark_frame *frame);

/* What one look at a frame showed. */
struct wireshark_look {
	struct told told;
	bool gave_up;  /* a dissector of Wireshark's own failed at the frame */
	GString *bugs; /* what the plugin did wrong: "" if nothing */
};

struct wireshark_look wireshark_look_new(void);
void wireshark_look_free(struct wireshark_look *look);

/* Dissects the frame: in full, as when somebody looks at it, or as far as reading a file goes. Then
 * nothing is told but bugs. */
void wireshark_dissect(struct wireshark_frame *frame, bool in_full, struct wireshark_look *look);

#endif
