/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The PaC's states and table (RFC 5609 7.5), between its two files and their tests. */
#ifndef ASSAY_ROLES_PANA_PAC_H
#define ASSAY_ROLES_PANA_PAC_H

#include "pana_table.h"

enum pac_state {
	PAC_INITIAL,
	PAC_WAIT_PAA,
	PAC_WAIT_EAP_MSG,
	PAC_WAIT_EAP_RESULT,
	PAC_WAIT_EAP_RESULT_CLOSE,
	PAC_OPEN,
	PAC_WAIT_PNA_REAUTH,
	PAC_WAIT_PNA_PING,
	PAC_SESS_TERM,
	PAC_CLOSED,
	PAC_STATES
};

extern const char *const pac_state_names[PAC_STATES];
extern const struct transition pac_table[];

/* A PaC has one session at a time. */
struct pana_pac {
	struct role role; /* first */
	struct pana_end end;
	bool initiated; /* a PCI has been sent: the PAA is the one of the settings */
};

#endif
