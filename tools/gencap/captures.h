/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands in pcaps/: a table of captures, and what `assay check` has to find in each. */
#ifndef ASSAY_GENCAP_CAPTURES_H
#define ASSAY_GENCAP_CAPTURES_H

#include "frame.h"

struct capture_row {
	const char *name;  /* of the file, without .pcapng */
	const char *shows; /* one line for pcaps/README.md */
	const char
		*rules; /* ids that a check finds, with a space between; "" if nothing is wrong */
	struct scenario_options options;
	const struct scenario_patch *patches;
	struct frame_form form;           /* zero: Ethernet, not fragmented */
	bool (*make)(struct scenario *s); /* not a single PANA conversation, or NULL */
};

/* Up to a row without a name. */
extern const struct capture_row capture_rows[];

#endif
