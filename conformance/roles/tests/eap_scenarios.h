/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Situations that an EAP peer or server may be put into: undisturbed conversations, messages
 * changed under way with their MACs made anew, messages that come at the wrong time. Each is played
 * on a pair (eap_pair.h); what came of it stands in the pair's trace and notes.
 */
#ifndef ASSAY_ROLES_TESTS_EAP_SCENARIOS_H
#define ASSAY_ROLES_TESTS_EAP_SCENARIOS_H

#include "eap_pair.h"

struct scenario {
	const char *name;
	/* What faultless ends make of it, by the specification: p, s: peer, server discard a
	 * message silently; P, S: they succeed; x, y: they fail. */
	const char *wanted;
	enum role_method method; /* METHOD_NONE: all, in the order of the defaults */
	void (*play)(struct pair *p, const struct scenario *s);
	const void *edit; /* what `play` makes of a message, of a type that it knows */
	bool erp, unauthorized, notify;
	bool happy; /* nothing is wrong in it */
};

extern const struct scenario scenarios[], psk_scenarios[], gpsk_scenarios[], erp_scenarios[];
extern const size_t scenario_count, psk_scenario_count, gpsk_scenario_count, erp_scenario_count;

#endif
