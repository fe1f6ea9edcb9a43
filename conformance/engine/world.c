/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "world_impl.h"

#include <stdarg.h>
#include <stdio.h>

static struct world *world_of(struct environment *e)
{
	return (struct world *)e;
}

/* ---- what roles ask for ---- */

static uint64_t environment_now(struct environment *e)
{
	return world_now(world_of(e));
}

static void environment_random(struct environment *e, uint8_t *octets, size_t length)
{
	world_random(world_of(e), octets, length);
}

static void environment_send(struct environment *e, struct role *from, const struct datagram *d)
{
	world_of(e)->ops->send(world_of(e), from, d);
}

static void environment_timer(struct environment *e, struct role *r, unsigned timer, uint64_t at)
{
	struct world *w = world_of(e);
	struct world_member *member = world_member(w, r);

	g_assert(timer < ROLE_TIMERS);
	if (at)
		event_queue_put(&w->timers, &member->timers[timer].node, at);
	else
		event_queue_remove(&w->timers, &member->timers[timer].node);
}

static void environment_event(struct environment *e, struct role *r, enum role_event event,
			      const char *text)
{
	struct world *w = world_of(e);

	for (guint i = 0; i < w->observers->len; i++) {
		struct world_observer *o = g_ptr_array_index(w->observers, i);

		if (o->ops->event)
			o->ops->event(o, world_now(w), r, event, text);
	}
}

static const struct environment_ops environment_ops = {
	.now = environment_now,
	.random = environment_random,
	.send = environment_send,
	.timer = environment_timer,
	.event = environment_event,
};

/* ---- what worlds share ---- */

void world_begin(struct world *w, const struct world_ops *ops)
{
	w->environment.ops = &environment_ops;
	w->ops = ops;
	w->members = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	w->observers = g_ptr_array_new();
}

void world_end(struct world *w)
{
	event_queue_clear(&w->timers);
	g_hash_table_destroy(w->members);
	g_ptr_array_free(w->observers, TRUE);
}

struct world_member *world_member(struct world *w, struct role *r)
{
	struct world_member *member = g_hash_table_lookup(w->members, r);

	if (member)
		return member;
	member = g_new0(struct world_member, 1);
	member->role = r;
	for (unsigned i = 0; i < ROLE_TIMERS; i++)
		member->timers[i].member = member;
	g_hash_table_insert(w->members, r, member);
	return member;
}

void world_fire(struct world *w)
{
	struct world_timer *timer = (struct world_timer *)event_queue_first(&w->timers);
	struct role *r = timer->member->role;

	event_queue_remove(&w->timers, &timer->node);
	r->kind->expired(r, (unsigned)(timer - timer->member->timers));
}

bool world_take_stop(struct world *w)
{
	bool stop = w->stop != 0;

	w->stop = 0;
	return stop;
}

void world_tell_datagram(struct world *w, enum world_stage stage, const struct datagram *d)
{
	for (guint i = 0; i < w->observers->len; i++) {
		struct world_observer *o = g_ptr_array_index(w->observers, i);

		if (o->ops->datagram)
			o->ops->datagram(o, world_now(w), stage, d);
	}
}

enum world_end world_break(struct world *w, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(w->error, sizeof(w->error), format, arguments);
	va_end(arguments);
	return WORLD_BROKEN;
}

/* ---- the interface ---- */

void world_free(struct world *w)
{
	if (w)
		w->ops->free(w);
}

struct environment *world_environment(struct world *w)
{
	return &w->environment;
}

uint64_t world_now(const struct world *w)
{
	return w->ops->now(w);
}

void world_random(struct world *w, uint8_t *octets, size_t length)
{
	w->ops->random(w, octets, length);
}

bool world_attach(struct world *w, struct role *r, enum carrier carrier, struct endpoint *at,
		  char *error, size_t error_size)
{
	error[0] = 0;
	return w->ops->attach(w, r, carrier, at, error, error_size);
}

void world_detach(struct world *w, struct role *r)
{
	struct world_member *member = g_hash_table_lookup(w->members, r);

	w->ops->detach(w, r);
	if (!member)
		return;
	for (unsigned i = 0; i < ROLE_TIMERS; i++)
		event_queue_remove(&w->timers, &member->timers[i].node);
	g_hash_table_remove(w->members, r);
}

void world_observe(struct world *w, struct world_observer *o)
{
	g_ptr_array_add(w->observers, o);
}

void world_ignore(struct world *w, struct world_observer *o)
{
	g_ptr_array_remove(w->observers, o);
}

enum world_end world_run(struct world *w, uint64_t until, bool (*done)(void *context),
			 void *context)
{
	w->error[0] = 0;
	return w->ops->run(w, until, done, context);
}

void world_stop(struct world *w)
{
	w->stop = 1;
	if (w->ops->stop)
		w->ops->stop(w);
}

const char *world_error(const struct world *w)
{
	return w->error;
}

const char *role_event_name(enum role_event event)
{
	static const char *const names[] = {
		[ROLE_STARTED] = "started",     [ROLE_AUTHENTICATED] = "authenticated",
		[ROLE_REFUSED] = "refused",     [ROLE_ALIVE] = "alive",
		[ROLE_CLOSED] = "closed",       [ROLE_GAVE_UP] = "gave-up",
		[ROLE_DISCARDED] = "discarded",
	};

	return (size_t)event < G_N_ELEMENTS(names) ? names[event] : "unknown";
}
