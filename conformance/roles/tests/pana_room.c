/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pana_room.h"

#include "protocols/radius/radius.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct room_event {
	uint64_t at;
	struct datagram d;
	uint8_t *octets;
	struct room_event *next;
};

static struct room *room_of(struct environment *e)
{
	return (struct room *)e;
}

static uint64_t next_random(struct room *room)
{
	uint64_t z = (room->state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static uint64_t env_now(struct environment *e)
{
	return room_of(e)->now;
}

static void env_random(struct environment *e, uint8_t *octets, size_t length)
{
	for (size_t i = 0; i < length; i++)
		octets[i] = (uint8_t)next_random(room_of(e));
}

static unsigned index_of(const struct room *room, const struct role *r)
{
	for (unsigned i = 0; i < room->role_count; i++) {
		if (room->roles[i] == r)
			return i;
	}
	abort();
}

/* ---- the observer ---- */

struct watcher {
	struct reader reader; /* first */
	struct room *room;
};

static void watcher_note(struct reader *r, const struct note *note)
{
	struct room *room = ((struct watcher *)r)->room;
	struct room_note *kept;

	if (room->trace)
		printf("      ! %s: wanted %s, found %s\n", note->rule->id, note->wanted,
		       note->found);
	if (room->note_count == ROOM_NOTES)
		return;
	kept = &room->notes[room->note_count++];
	kept->rule = note->rule;
	snprintf(kept->text, sizeof(kept->text), "frame %u: %s: wanted %s, found %s", room->frames,
		 note->rule->id, note->wanted, note->found);
}

static void watcher_value(struct reader *r, const struct field *field, size_t offset, size_t length,
			  const struct value *value)
{
	struct room *room = ((struct watcher *)r)->room;

	(void)offset;
	(void)length;
	if (!strcmp(field->name, "pana.auth.status") && value->number < 8)
		room->verdicts[value->number]++;
}

static void watch(struct room *room, const struct datagram *d)
{
	static const struct reader_ops ops = {.note = watcher_note, .value = watcher_value};
	struct watcher w = {{&ops}, room};
	struct pana_message messages[PANA_DEPTH];
	struct passage p = {.frame = ++room->frames,
			    .time = room->now,
			    .carrier = CARRIER_UDP,
			    .source = d->source,
			    .destination = d->destination};
	struct walk walk = walk_of(d->octets.octets, d->octets.length, &w.reader);
	unsigned count = pana_walk(&walk, messages);

	pana_track(room->tracker, &p, messages, count, &w.reader);
}

static void trace(struct room *room, const struct datagram *d)
{
	struct pana_message messages[PANA_DEPTH];
	struct walk w = walk_of(d->octets.octets, d->octets.length, NULL);
	unsigned count = pana_walk(&w, messages);
	char text[PANA_SUMMARY_SIZE], a[ENDPOINT_TEXT_SIZE], b[ENDPOINT_TEXT_SIZE];

	printf("%10.3f #%u %s > %s %s sid %08x seq %08x:",
	       (double)(room->now % (1000000 * ROOM_SECOND)) / 1e9, room->frames + 1,
	       endpoint_text(&d->source, a), endpoint_text(&d->destination, b),
	       pana_summary(messages, count, text), messages[count - 1].session_id,
	       messages[count - 1].sequence);
	for (unsigned i = 1; i < PANA_AVP_CODES; i++) {
		if (messages[count - 1].avps.found[i].count)
			printf(" %u", i);
	}
	printf("\n");
}

/* ---- the network ---- */

static void enqueue(struct room *room, const struct datagram *d, uint64_t at)
{
	struct room_event *ev = calloc(1, sizeof(*ev));
	struct room_event **place = &room->queue;

	ev->at = at;
	ev->d = *d;
	ev->octets = malloc(d->octets.length + 1);
	memcpy(ev->octets, d->octets.octets, d->octets.length);
	/* Exactly as long as it is, so that a sanitizer sees what reads on. */
	ev->octets = realloc(ev->octets, d->octets.length ? d->octets.length : 1);
	ev->d.octets.octets = ev->octets;
	while (*place && (*place)->at <= at)
		place = &(*place)->next;
	ev->next = *place;
	*place = ev;
}

static bool chance(struct room *room, unsigned per_cent)
{
	return per_cent && next_random(room) % 100 < per_cent;
}

static void env_send(struct environment *e, struct role *from, const struct datagram *d)
{
	struct room *room = room_of(e);
	uint8_t *copy = malloc(d->octets.length + 64);
	struct datagram sent = *d;
	size_t length = d->octets.length;
	bool lost, pana;

	memcpy(copy, d->octets.octets, length);
	lost = room->filter && !room->filter(room, from, copy, &length);
	sent.octets = (struct octets){copy, length};
	pana = !radius_port(d->source.port, d->destination.port);
	if (room->trace && !lost && pana)
		trace(room, &sent);
	room->sent[index_of(room, from)]++;
	if (room->watch && !lost && pana)
		watch(room, &sent);
	if (!lost && !chance(room, room->loss)) {
		for (unsigned i = 0; i < 1u + chance(room, room->duplication); i++) {
			uint64_t extra = chance(room, room->reordering)
						 ? next_random(room) % (3 * ROOM_SECOND)
						 : 0;

			enqueue(room, &sent, room->now + room->delay + extra);
		}
	}
	free(copy);
}

static void env_timer(struct environment *e, struct role *r, unsigned timer, uint64_t at)
{
	struct room *room = room_of(e);

	room->timers[index_of(room, r)][timer] = at;
}

static void env_event(struct environment *e, struct role *r, enum role_event event,
		      const char *text)
{
	struct room *room = room_of(e);

	if (room->trace)
		printf("           %s: event %d: %s\n", r->kind->name, (int)event, text);
	room->events[index_of(room, r)][event]++;
	snprintf(room->last_text, sizeof(room->last_text), "%s", text);
}

static const struct environment_ops room_ops = {env_now, env_random, env_send, env_timer,
						env_event};

/* ---- time ---- */

static uint64_t next_timer(const struct room *room, unsigned *role, unsigned *timer)
{
	uint64_t first = 0;

	for (unsigned i = 0; i < room->role_count; i++) {
		for (unsigned t = 0; t < ROLE_TIMERS; t++) {
			uint64_t at = room->timers[i][t];

			if (!at || (first && at >= first))
				continue;
			first = at;
			*role = i;
			*timer = t;
		}
	}
	return first;
}

static void deliver(struct room *room)
{
	struct room_event *ev = room->queue;

	room->queue = ev->next;
	for (unsigned i = 0; i < room->role_count; i++) {
		struct role *r = room->roles[i];

		if (endpoint_equal(&r->settings.local, &ev->d.destination) ||
		    endpoint_equal(&r->settings.relay, &ev->d.destination)) {
			r->kind->receive(r, &ev->d);
			break;
		}
	}
	free(ev->octets);
	free(ev);
}

/* The next thing that happens, if it does before `end`. */
static bool step(struct room *room, uint64_t end)
{
	unsigned role = 0, timer = 0;
	uint64_t due = next_timer(room, &role, &timer);

	if (room->queue && (!due || room->queue->at <= due)) {
		if (room->queue->at > end)
			return false;
		if (room->queue->at > room->now)
			room->now = room->queue->at;
		deliver(room);
		return true;
	}
	if (!due || due > end)
		return false;
	if (due > room->now)
		room->now = due;
	room->timers[role][timer] = 0;
	room->roles[role]->kind->expired(room->roles[role], timer);
	return true;
}

void room_run(struct room *room, uint64_t seconds)
{
	uint64_t end = room->now + seconds * ROOM_SECOND;

	while (step(room, end))
		;
	room->now = end;
}

bool room_until(struct room *room, const struct role *role, const char *state, uint64_t seconds)
{
	uint64_t end = room->now + seconds * ROOM_SECOND;

	while (strcmp(role->kind->state(role), state)) {
		if (!step(room, end))
			return false;
	}
	return true;
}

void room_settle(struct room *room)
{
	while (step(room, room->now + ROOM_SECOND / 2))
		;
}

void room_inject(struct room *room, struct role *to, struct endpoint from, const uint8_t *octets,
		 size_t length)
{
	struct datagram d = {from, to->settings.local, {octets, length}};

	(void)room;
	to->kind->receive(to, &d);
}

/* ---- life ---- */

struct endpoint room_endpoint(unsigned host, uint16_t port)
{
	const uint8_t octets[4] = {10, 0, (uint8_t)(host >> 8), (uint8_t)host};

	return (struct endpoint){address_of(ADDRESS_IPV4, octets), port};
}

static struct key_store *keys_of_all(void)
{
	struct key_store *keys = key_store_new();
	char error[200];

	if (!key_store_add_text(keys, "radius", "*", "text:testing123", error, sizeof(error)) ||
	    !key_store_add_text(keys, "eap-psk", "pac@example.org",
				"000102030405060708090a0b0c0d0e0f", error, sizeof(error)) ||
	    !key_store_add_text(keys, "eap-gpsk", "pac@example.org",
				"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
				error, sizeof(error)))
		abort();
	return keys;
}

void room_open(struct room *room, uint64_t seed)
{
	memset(room, 0, sizeof(*room));
	room->environment.ops = &room_ops;
	room->now = 1700000000u * ROOM_SECOND;
	room->state = seed * 0x2545f4914f6cdd1du + 88172645463325252u;
	room->delay = 5 * ROOM_MS;
	room->keys = keys_of_all();
	room->observer_keys = keys_of_all();
	room->tracker = pana_tracker_new(room->observer_keys, 0, NULL, NULL);
	room->watch = true;
	room->trace = getenv("ROOM_TRACE") != NULL;
}

void room_close(struct room *room)
{
	while (room->queue) {
		struct room_event *ev = room->queue;

		room->queue = ev->next;
		free(ev->octets);
		free(ev);
	}
	for (unsigned i = 0; i < room->role_count; i++)
		role_free(room->roles[i]);
	pana_tracker_free(room->tracker);
	key_store_free(room->keys);
	key_store_free(room->observer_keys);
}

struct role_settings room_settings(struct room *room)
{
	struct role_settings s;

	role_settings_default(&s);
	s.keys = room->keys;
	snprintf(s.identity, sizeof(s.identity), "pac@example.org");
	return s;
}

struct role *room_add(struct room *room, const char *name, const struct role_settings *settings)
{
	char error[200] = "";
	struct role *r = role_new(name, settings, &room->environment, error, sizeof(error));

	if (!r) {
		printf("%s: %s\n", name, error);
		abort();
	}
	room->roles[room->role_count++] = r;
	return r;
}

bool room_noted(const struct room *room, const char *rule)
{
	for (unsigned i = 0; i < room->note_count; i++) {
		if (!strcmp(room->notes[i].rule->id, rule))
			return true;
	}
	return false;
}

const char *room_first_note(const struct room *room)
{
	for (unsigned i = 0; i < room->note_count; i++) {
		if (room->notes[i].rule->level != RULE_OPEN)
			return room->notes[i].text;
	}
	return NULL;
}

unsigned room_count(const struct room *room, const struct role *role, enum role_event event)
{
	return room->events[index_of(room, role)][event];
}
