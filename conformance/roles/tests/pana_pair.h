/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A PaC and a PAA in a room, perhaps with a PRE between them: what most tests of these begin with.
 */
#ifndef ASSAY_ROLES_TESTS_PANA_PAIR_H
#define ASSAY_ROLES_TESTS_PANA_PAIR_H

#include "pana_room.h"

struct pair {
	struct room room;
	struct role_settings pac_settings, paa_settings;
	struct role *pac, *paa, *pre, *server;
};

/* Opens the room and fills the settings; they may be changed until pair_add. */
void pair_prepare(struct pair *p, uint64_t seed);
/* Puts a PRE between the two. */
void pair_relay(struct pair *p, const char *fault);
/* Puts an EAP server behind the PAA, which passes EAP through to it; `erp`: by all three. */
struct role_settings pair_server(struct pair *p, bool erp);
void pair_add_server(struct pair *p, const struct role_settings *settings);
/* Adds the roles. */
void pair_add(struct pair *p);
/* Lets the PaC authenticate; true if both are OPEN. */
bool pair_open(struct pair *p);
bool pair_is(const struct pair *p, const char *pac_state, const char *paa_state);
bool pair_command(struct role *r, const char *command);
/* Until both are in a state, for at most so many seconds. */
bool pair_until(struct pair *p, const char *pac_state, const char *paa_state, uint64_t seconds);
/* The settings of the variant: its bits are piggyback, stateless, optimized, encryption. */
void pair_vary(struct pair *p, unsigned variant);

#endif
