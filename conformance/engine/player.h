/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A player: the tester's end of a conversation. It is a role of its own kind that stands in the
 * world and wraps a reference role of the kind opposite the device. Time, randomness and timers are
 * the world's; but what the reference role sends lands in the player's outbox, and what the device
 * sends lands in its inbox. The runner decides what moves on, and when, and changed how:
 *
 *     the device ──► inbox ──player_deliver──► reference role ──► outbox ──player_send──► the
 * device
 *
 * Two things move without being asked. What the reference role repeats of what has gone out
 * unchanged goes out again at once: retransmissions, and answers to the device's. What it repeats
 * of what has gone out changed, or still waits, is dropped. A player that is `talking` keeps
 * nothing else back; one that is `at_large` moves everything, both ways.
 *
 * The reference role is the player's, as are copies of all that passed (PLAYER_HISTORY_MAX each
 * way). The world and who watches are borrowed.
 */
#ifndef ASSAY_ENGINE_PLAYER_H
#define ASSAY_ENGINE_PLAYER_H

#include <glib.h>

#include "message.h"
#include "world.h"

enum { PLAYER_HISTORY_MAX = 4096, PLAYER_EVENTS = ROLE_DISCARDED + 1 };

/* A message that waits or has passed. */
struct parcel {
	struct datagram datagram; /* octets are the parcel's own */
	uint64_t time;            /* when it was sent or came */
	uint32_t frame;           /* what the watch called it */
	bool again;               /* the same octets as one before it */
	uint64_t interval;        /* again: since the newest of the same octets, nanoseconds */
	uint64_t interval_before; /* and that one's own; 0: it was the first */
	bool delivered;           /* of an inbox: the reference role has had it */
	bool changed;             /* sent: not as the reference role made it */
	bool crafted;             /* sent: the reference role did not make it */
};

struct player;

/* Is told of all that passes between player and device; returns the number of the frame. */
struct player_watch {
	uint32_t (*passed)(struct player_watch *w, struct player *p, bool sent,
			   const struct datagram *d);
	void (*event)(struct player_watch *w, struct player *p, enum role_event event,
		      const char *text);
};

struct player {
	struct role outer;              /* first: what the world knows */
	struct environment environment; /* of the reference role */
	struct world *world;
	struct player_watch *watch;
	struct role *inner;              /* the reference role */
	bool relayed;                    /* it speaks and hears through PRY (RFC 6345) */
	bool free;                       /* it is never held: a relay of ours */
	char *name;                      /* in the case */
	const struct protocol *protocol; /* of its messages */
	bool begun;                      /* its reference role was told to begin */
	bool owes;                       /* the newest that a step sent went out changed */
	bool talking;                    /* what the reference role sends goes out */
	bool at_large;                   /* and what comes is given to it at once */
	GQueue outbox;                   /* of struct parcel *, oldest first */
	GQueue inbox;                    /* received, not consumed by a step yet; borrowed */
	GPtrArray *received, *sent;      /* of struct parcel *: all that passed, oldest first */
	GPtrArray *withheld;             /* of struct parcel *: originals of what went changed */
	unsigned events[PLAYER_EVENTS];  /* how often the reference role told */
	char last_event[PLAYER_EVENTS][160];
	struct endpoint at;           /* where it stands in the world now */
	const struct parcel *matched; /* the newest that a step wanted; or NULL */
};

/* A player of this role, at settings->local (port 0: any). NULL with a reason in `error`. */
struct player *player_new(struct world *world, struct player_watch *watch, const char *name,
			  const char *role, const struct role_settings *settings, char *error,
			  size_t error_size);
void player_free(struct player *p);

/* Takes the first message of the outbox that is so named; the caller frees it. NULL: none. */
struct parcel *player_take(struct player *p, const struct case_message *wanted);

/* Has the reference role make a message of this name by a command. NULL: there is no such command,
 * or it does not obey now; the caller frees it. */
struct parcel *player_make(struct player *p, const struct case_message *wanted);
/* The same by its `craft`, whether its state machine would send it or not. */
struct parcel *player_craft(struct player *p, const struct case_message *wanted);

/* Of a relayed player: puts the parcel's message into a PRY, as a PRE would. */
void player_wrap(struct player *p, struct parcel *parcel);

/* True if the message is one as wanted; of a relayed player, or the one relayed in it. */
bool player_fits(const struct player *p, const struct message *m,
		 const struct case_message *wanted);

/* Sends `d` in place of `parcel`, which was taken or made and is now the player's. */
const struct parcel *player_send(struct player *p, struct parcel *parcel, const struct datagram *d,
				 bool changed);
/* Sends the newest message of a step again as it was, if it went out changed. False: it did not. */
bool player_send_original(struct player *p);

/* Gives the reference role what has come. */
void player_deliver(struct player *p, struct parcel *parcel);

/* Answers this message, whatever waits; for pings of the device. */
void player_answer_ping(struct player *p, struct parcel *ping);

/* Sends what waits in the outbox, and from now on everything at once. */
void player_talk(struct player *p);
/* The same both ways. */
void player_release(struct player *p);
/* From now on things wait again. */
void player_hold(struct player *p);

/* The newest message sent of this name, or NULL. */
const struct parcel *player_sent(const struct player *p, const struct case_message *wanted);

struct parcel *parcel_new(const struct datagram *d);
void parcel_free(struct parcel *p);

#endif
