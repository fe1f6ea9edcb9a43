/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Roles in one room with a clock of its own: a network that delays, and on demand loses, doubles
 * and disorders; and a passive observer (pana_walk and pana_track, with the keys) who sees all that
 * is sent. Everything follows from the seed.
 */
#ifndef ASSAY_ROLES_TESTS_PANA_ROOM_H
#define ASSAY_ROLES_TESTS_PANA_ROOM_H

#include "conformance/roles/role.h"
#include "protocols/pana/pana.h"

enum { ROOM_ROLES = 260, ROOM_NOTES = 256, ROOM_EVENTS = 16 };

static const uint64_t ROOM_SECOND = 1000000000u, ROOM_MS = 1000000u;

struct room;

/* Looks at a datagram that is sent; false: it is lost before the observer sees it. May change it.
 */
typedef bool room_filter(struct room *room, struct role *from, uint8_t *octets, size_t *length);

struct room_note {
	const struct rule *rule;
	char text[400];
};

struct room {
	struct environment environment;         /* first */
	uint64_t now, state;                    /* of the clock, of the random numbers */
	unsigned loss, duplication, reordering; /* per cent */
	uint64_t delay;
	struct role *roles[ROOM_ROLES];
	unsigned role_count;
	unsigned events[ROOM_ROLES][ROOM_EVENTS]; /* by enum role_event */
	unsigned sent[ROOM_ROLES];                /* datagrams of each role */
	char last_text[200];
	room_filter *filter;
	void *filter_context;

	struct room_event *queue; /* by time */
	uint64_t timers[ROOM_ROLES][ROLE_TIMERS];

	struct key_store *keys, *observer_keys;
	struct pana_tracker *tracker;
	struct room_note notes[ROOM_NOTES];
	unsigned note_count;
	unsigned verdicts[8]; /* of AUTH, by enum verdict */
	uint32_t frames;
	bool watch, trace;
};

void room_open(struct room *room, uint64_t seed);
void room_close(struct room *room);

/* Settings with addresses: host 1 is the PaC, 2 the PAA, 3 the PRE. */
struct endpoint room_endpoint(unsigned host, uint16_t port);
struct role_settings room_settings(struct room *room);
struct role *room_add(struct room *room, const char *name, const struct role_settings *settings);

/* Lets time pass. */
void room_run(struct room *room, uint64_t seconds);
/* Until the role is in a state, for at most so many seconds. */
bool room_until(struct room *room, const struct role *role, const char *state, uint64_t seconds);
/* Until nothing is under way and no timer is due within a second. */
void room_settle(struct room *room);

/* Gives a role a datagram at once. */
void room_inject(struct room *room, struct role *to, struct endpoint from, const uint8_t *octets,
		 size_t length);

bool room_noted(const struct room *room, const char *rule);
/* "rule: text" of the first note that is not OPEN, or NULL. */
const char *room_first_note(const struct room *room);
unsigned room_count(const struct room *room, const struct role *role, enum role_event event);

#endif
