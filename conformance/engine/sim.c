/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim.h"

#include <string.h>

#include "prng.h"
#include "world_impl.h"

enum { FIRST_FREE_PORT = 49152, LAST_FREE_PORT = 65535 };

/* A datagram under way. */
struct passing {
	struct event_node node;
	struct endpoint source, destination;
	const struct role *from; /* for its weather; not followed: the role may be gone */
	uint64_t delay;          /* asked for by the filter */
	size_t length;
	uint8_t octets[];
};

/* What the world knows of a role's line. */
struct line {
	struct sim_weather weather;
	bool own_weather;
	uint64_t last; /* arrival of the newest datagram that was not reordered */
};

struct sim {
	struct world world; /* first */
	uint64_t now;
	struct prng role_random, weather_random;
	struct sim_weather weather;
	GHashTable *listeners;    /* struct endpoint, owned -> struct role * */
	GHashTable *lines;        /* struct role * -> struct line, owned */
	struct event_queue queue; /* nodes of struct passing */
	GQueue held;              /* struct passing */
	uint16_t next_port;
	size_t events_max, under_way_max;
	bool flooded;
	sim_filter *filter;
	void *filter_context;
	uint8_t buffer[DATAGRAM_MAX]; /* what the filter works on */
};

static struct sim *sim_of(struct world *w)
{
	return (struct sim *)w;
}

static guint endpoint_key_hash(gconstpointer key)
{
	return endpoint_hash(0, key);
}

static gboolean endpoint_key_equal(gconstpointer a, gconstpointer b)
{
	return endpoint_equal(a, b);
}

static struct line *line_of(struct sim *s, const struct role *r)
{
	struct line *line = g_hash_table_lookup(s->lines, r);

	if (!line) {
		line = g_new0(struct line, 1);
		g_hash_table_insert(s->lines, (gpointer)r, line);
	}
	return line;
}

/* ---- the network ---- */

static void tell(struct sim *s, enum world_stage stage, const struct passing *p)
{
	const struct datagram d = {p->source, p->destination, {p->octets, p->length}};

	world_tell_datagram(&s->world, stage, &d);
}

static struct passing *passing_new(const struct endpoint *source,
				   const struct endpoint *destination, const uint8_t *octets,
				   size_t length)
{
	struct passing *p = g_malloc0(sizeof(*p) + length);

	p->source = *source;
	p->destination = *destination;
	p->length = length;
	if (length)
		memcpy(p->octets, octets, length);
	return p;
}

static void put_under_way(struct sim *s, struct passing *p, uint64_t at)
{
	if (s->queue.count < s->under_way_max) {
		event_queue_put(&s->queue, &p->node, at);
		return;
	}
	s->flooded = true;
	tell(s, WORLD_LOST, p);
	g_free(p);
}

static uint64_t arrival(struct sim *s, const struct sim_weather *weather, const struct passing *p)
{
	return s->now + weather->latency + prng_below(&s->weather_random, weather->jitter + 1) +
	       p->delay;
}

/* All draws are made whatever their outcome, so that a change of one chance leaves the others. */
static void brave_weather(struct sim *s, struct passing *p)
{
	struct line *line = line_of(s, p->from);
	const struct sim_weather *weather = line->own_weather ? &line->weather : &s->weather;
	bool lost = prng_chance(&s->weather_random, weather->loss);
	bool twice = prng_chance(&s->weather_random, weather->duplicate);
	bool late = prng_chance(&s->weather_random, weather->reorder);
	uint64_t first = arrival(s, weather, p);
	uint64_t second = arrival(s, weather, p);

	if (lost) {
		tell(s, WORLD_LOST, p);
		g_free(p);
		return;
	}
	if (late)
		first += weather->reorder_delay
				 ? weather->reorder_delay
				 : 2 * (weather->latency + weather->jitter) + WORLD_MILLISECOND;
	else if (!p->delay)
		first = line->last = MAX(first, line->last);
	if (twice)
		put_under_way(s, passing_new(&p->source, &p->destination, p->octets, p->length),
			      MAX(first, second));
	put_under_way(s, p, first);
}

static bool sim_attach(struct world *w, struct role *r, enum carrier carrier, struct endpoint *at,
		       char *error, size_t error_size);

/* Where a role has moved to, it is attached. */
static void follow(struct sim *s, struct role *r, const struct endpoint *source)
{
	struct endpoint at = *source;
	char error[WORLD_ERROR_SIZE];

	if (at.port && endpoint_equal(&at, &r->settings.local) &&
	    !g_hash_table_contains(s->listeners, &at))
		sim_attach(&s->world, r, CARRIER_UDP, &at, error, sizeof(error));
}

static void sim_send(struct world *w, struct role *from, const struct datagram *d)
{
	struct sim *s = sim_of(w);
	struct sim_datagram seen = {d->source, d->destination, s->buffer, d->octets.length, 0};
	enum sim_fate fate = SIM_PASS;
	struct passing *p;

	if (d->octets.length > DATAGRAM_MAX)
		return;
	follow(s, from, &d->source);
	world_tell_datagram(w, WORLD_SENT, d);
	if (d->octets.length)
		memcpy(s->buffer, d->octets.octets, d->octets.length);
	if (s->filter)
		fate = s->filter(s->filter_context, from, &seen);
	g_assert(seen.length <= DATAGRAM_MAX);
	p = passing_new(&seen.source, &seen.destination, seen.octets, seen.length);
	p->from = from;
	p->delay = seen.delay;
	if (fate == SIM_PASS) {
		brave_weather(s, p);
	} else if (fate == SIM_HOLD && s->held.length < s->under_way_max) {
		g_queue_push_tail(&s->held, p);
	} else {
		s->flooded |= fate == SIM_HOLD;
		tell(s, WORLD_LOST, p);
		g_free(p);
	}
}

static void deliver(struct sim *s)
{
	struct passing *p = (struct passing *)event_queue_first(&s->queue);
	struct role *to = g_hash_table_lookup(s->listeners, &p->destination);
	const struct datagram d = {p->source, p->destination, {p->octets, p->length}};

	event_queue_remove(&s->queue, &p->node);
	tell(s, to ? WORLD_RECEIVED : WORLD_UNREACHABLE, p);
	if (to)
		to->kind->receive(to, &d);
	g_free(p);
}

/* ---- the world's operations ---- */

static uint64_t sim_now(const struct world *w)
{
	return ((const struct sim *)w)->now;
}

static void sim_random(struct world *w, uint8_t *octets, size_t length)
{
	prng_fill(&sim_of(w)->role_random, octets, length);
}

static bool find_port(struct sim *s, struct endpoint *at)
{
	for (unsigned i = FIRST_FREE_PORT; i <= LAST_FREE_PORT; i++) {
		at->port = s->next_port;
		s->next_port =
			at->port == LAST_FREE_PORT ? FIRST_FREE_PORT : (uint16_t)(at->port + 1);
		if (!g_hash_table_contains(s->listeners, at))
			return true;
	}
	at->port = 0;
	return false;
}

static bool sim_attach(struct world *w, struct role *r, enum carrier carrier, struct endpoint *at,
		       char *error, size_t error_size)
{
	struct sim *s = sim_of(w);
	char text[ENDPOINT_TEXT_SIZE];

	if (carrier != CARRIER_UDP) {
		g_snprintf(error, error_size, "the simulated network carries UDP alone");
		return false;
	}
	if (at->address.family != ADDRESS_IPV4 && at->address.family != ADDRESS_IPV6) {
		g_snprintf(error, error_size, "wanted an IPv4 or IPv6 address, found none");
		return false;
	}
	if (!at->port && !find_port(s, at)) {
		g_snprintf(error, error_size, "no port is free");
		return false;
	}
	if (g_hash_table_contains(s->listeners, at)) {
		g_snprintf(error, error_size, "%s is taken", endpoint_text(at, text));
		return false;
	}
	g_hash_table_insert(s->listeners, g_memdup2(at, sizeof(*at)), r);
	return true;
}

static gboolean listens(gpointer key, gpointer value, gpointer role)
{
	(void)key;
	return value == role;
}

static void sim_detach(struct world *w, struct role *r)
{
	struct sim *s = sim_of(w);

	g_hash_table_foreach_remove(s->listeners, listens, r);
	g_hash_table_remove(s->lines, r);
}

static const struct event_node *next_due(const struct sim *s, bool *timer)
{
	const struct event_node *t = event_queue_first(&s->world.timers);
	const struct event_node *p = event_queue_first(&s->queue);

	/* Of a timer and a datagram due at the same time, the datagram was faster. */
	*timer = t && (!p || t->at < p->at);
	return *timer ? t : p;
}

static enum world_end sim_run(struct world *w, uint64_t until, bool (*done)(void *context),
			      void *context)
{
	struct sim *s = sim_of(w);
	const struct event_node *node;
	bool timer;

	for (size_t events = 0;; events++) {
		if (done && done(context))
			return WORLD_DONE;
		if (world_take_stop(w))
			return WORLD_STOPPED;
		if (s->flooded) {
			s->flooded = false;
			return world_break(w, "more than %zu datagrams were under way at one time",
					   s->under_way_max);
		}
		node = next_due(s, &timer);
		if (!node || node->at > until)
			break;
		if (events == s->events_max)
			return world_break(w, "%zu events without coming to an end", events);
		s->now = MAX(s->now, node->at);
		if (timer)
			world_fire(w);
		else
			deliver(s);
	}
	if (until == WORLD_FOREVER)
		return WORLD_IDLE;
	s->now = MAX(s->now, until);
	return node ? WORLD_TIME : WORLD_IDLE;
}

static void sim_free(struct world *w)
{
	struct sim *s = sim_of(w);
	struct event_node *node;

	while ((node = event_queue_first(&s->queue))) {
		event_queue_remove(&s->queue, node);
		g_free(node);
	}
	event_queue_clear(&s->queue);
	g_queue_clear_full(&s->held, g_free);
	g_hash_table_destroy(s->listeners);
	g_hash_table_destroy(s->lines);
	world_end(w);
	g_free(s);
}

static const struct world_ops sim_ops = {
	.now = sim_now,
	.random = sim_random,
	.send = sim_send,
	.attach = sim_attach,
	.detach = sim_detach,
	.run = sim_run,
	.free = sim_free,
};

/* ---- the interface ---- */

struct world *sim_new(const struct sim_settings *settings)
{
	const char *label = settings->label ? settings->label : "";
	struct sim *s = g_new0(struct sim, 1);

	world_begin(&s->world, &sim_ops);
	s->now = settings->epoch ? settings->epoch : SIM_EPOCH;
	s->role_random = prng_of(settings->seed, label, 0);
	s->weather_random = prng_of(settings->seed, label, 1);
	s->weather = settings->weather;
	s->events_max = settings->events_max ? settings->events_max : SIM_EVENTS_MAX;
	s->under_way_max = settings->under_way_max ? settings->under_way_max : SIM_UNDER_WAY_MAX;
	s->next_port = FIRST_FREE_PORT;
	s->listeners = g_hash_table_new_full(endpoint_key_hash, endpoint_key_equal, g_free, NULL);
	s->lines = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	g_queue_init(&s->held);
	return &s->world;
}

void sim_weather(struct world *w, const struct role *sender, const struct sim_weather *weather)
{
	struct sim *s = sim_of(w);

	if (!sender) {
		s->weather = *weather;
		return;
	}
	line_of(s, sender)->weather = *weather;
	line_of(s, sender)->own_weather = true;
}

void sim_set_filter(struct world *w, sim_filter *filter, void *context)
{
	sim_of(w)->filter = filter;
	sim_of(w)->filter_context = context;
}

size_t sim_release(struct world *w, size_t count)
{
	struct sim *s = sim_of(w);
	size_t released = 0;

	for (; released < count && s->held.length; released++)
		brave_weather(s, g_queue_pop_head(&s->held));
	return released;
}

void sim_inject(struct world *w, const struct datagram *d, uint64_t delay)
{
	struct sim *s = sim_of(w);

	if (d->octets.length > DATAGRAM_MAX)
		return;
	put_under_way(s,
		      passing_new(&d->source, &d->destination, d->octets.octets, d->octets.length),
		      s->now + delay);
}

enum world_end sim_run_idle(struct world *w)
{
	return world_run(w, WORLD_FOREVER, NULL, NULL);
}
