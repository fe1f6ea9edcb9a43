/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE /* ppoll */
#include "net.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "net_impl.h"

/* Datagrams taken from one socket before the others and the timers have their turn. */
enum { BATCH = 64 };

static struct net *net_of(struct world *w)
{
	return (struct net *)w;
}

static int64_t clock_now(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * (int64_t)WORLD_SECOND + t.tv_nsec;
}

static uint64_t net_now(const struct world *w)
{
	return (uint64_t)(clock_now(CLOCK_MONOTONIC) + ((const struct net *)w)->epoch);
}

static void net_random(struct world *w, uint8_t *octets, size_t length)
{
	struct net *n = net_of(w);
	ssize_t got;

	if (n->seeded) {
		prng_fill(&n->random, octets, length);
		return;
	}
	for (; length; octets += got, length -= (size_t)got) {
		got = getrandom(octets, length, 0);
		if (got < 0 && errno != EINTR)
			g_error("getrandom: %s", g_strerror(errno));
		got = MAX(got, 0);
	}
}

/* ---- running ---- */

static void fill_polled(struct net *n)
{
	struct pollfd p = {.fd = n->wake, .events = POLLIN};

	net_sweep(n);
	g_array_set_size(n->polled, 0);
	g_array_append_val(n->polled, p);
	for (unsigned i = 0; i < n->watch_count; i++) {
		p = (struct pollfd){.fd = n->watches[i].fd, .events = POLLIN};
		g_array_append_val(n->polled, p);
	}
	for (guint i = 0; i < n->sockets->len; i++) {
		const struct net_socket *s = g_ptr_array_index(n->sockets, i);

		p = (struct pollfd){.fd = s->fd, .events = POLLIN};
		if (s->waiting.length)
			p.events |= POLLOUT;
		g_array_append_val(n->polled, p);
	}
}

/* Until something has come or is due. False: world_error says why. */
static bool wait_until(struct net *n, uint64_t until)
{
	const struct event_node *timer = event_queue_first(&n->world.timers);
	uint64_t now = net_now(&n->world);
	struct timespec rest = {0};

	if (timer)
		until = MIN(until, timer->at);
	fill_polled(n);
	if (until > now) {
		rest.tv_sec = (time_t)MIN((until - now) / WORLD_SECOND, (uint64_t)INT32_MAX);
		rest.tv_nsec = (long)((until - now) % WORLD_SECOND);
	}
	if (ppoll((struct pollfd *)(void *)n->polled->data, n->polled->len, &rest, NULL) >= 0)
		return true;
	g_array_set_size(n->polled, 0);
	if (errno == EINTR)
		return true;
	world_break(&n->world, "poll: %s", g_strerror(errno));
	return false;
}

static void serve_watches(struct net *n)
{
	/* A watch may end itself or others: the array of what was polled stays as it was. */
	for (unsigned i = 0; i < NET_WATCHES_MAX && i + 1 < n->polled->len; i++) {
		const struct pollfd p = g_array_index(n->polled, struct pollfd, i + 1);

		for (unsigned j = 0; p.revents && j < n->watch_count; j++)
			if (n->watches[j].fd == p.fd) {
				n->watches[j].ready(n->watches[j].context, p.fd);
				break;
			}
	}
}

/* True if `done` holds: asked after each datagram. */
static bool serve_socket(struct net *n, struct net_socket *s, short ready,
			 bool (*done)(void *context), void *context)
{
	if (ready & POLLOUT)
		net_flush(n, s);
	if (ready & POLLERR)
		net_take_reports(n, s);
	if (!(ready & POLLIN))
		return false;
	for (unsigned i = 0; i < BATCH && net_receive(n, s); i++)
		if (done && done(context))
			return true;
	return false;
}

static bool serve_sockets(struct net *n, bool (*done)(void *context), void *context)
{
	guint first = 1 + n->watch_count,
	      count = n->polled->len > first ? n->polled->len - first : 0;

	serve_watches(n);
	/* Sockets are freed in fill_polled alone, new ones stand behind these. */
	for (guint i = 0; i < count; i++) {
		short ready = g_array_index(n->polled, struct pollfd, first + i).revents;

		if (ready &&
		    serve_socket(n, g_ptr_array_index(n->sockets, i), ready, done, context))
			return true;
	}
	return false;
}

/* True if `done` holds: asked after each timer. */
static bool fire_due(struct net *n, bool (*done)(void *context), void *context)
{
	const struct event_node *timer;

	/* Those that fall due meanwhile wait for the next round. */
	for (uint64_t now = net_now(&n->world);
	     (timer = event_queue_first(&n->world.timers)) && timer->at <= now;) {
		world_fire(&n->world);
		if (done && done(context))
			return true;
	}
	return false;
}

static bool take_stop(struct net *n)
{
	uint64_t count;

	if (!world_take_stop(&n->world))
		return false;
	/* Nothing to read: the signal handler is between flag and wake. */
	if (read(n->wake, &count, sizeof(count)) < 0)
		count = 0;
	return true;
}

static enum world_end net_run(struct world *w, uint64_t until, bool (*done)(void *context),
			      void *context)
{
	struct net *n = net_of(w);
	bool last;

	for (;;) {
		if (done && done(context))
			return WORLD_DONE;
		if (take_stop(n))
			return WORLD_STOPPED;
		last = net_now(w) >= until;
		if (!wait_until(n, until))
			return WORLD_BROKEN;
		if (serve_sockets(n, done, context) || fire_due(n, done, context))
			return WORLD_DONE;
		if (last)
			return WORLD_TIME;
	}
}

static void net_stop(struct world *w)
{
	const uint64_t one = 1;
	int before = errno;

	if (write(net_of(w)->wake, &one, sizeof(one)) < 0)
		errno = before;
}

static void net_free(struct world *w)
{
	struct net *n = net_of(w);

	g_ptr_array_free(n->sockets, TRUE);
	g_array_free(n->polled, TRUE);
	close(n->wake);
	world_end(w);
	g_free(n);
}

static const struct world_ops net_ops = {
	.now = net_now,
	.random = net_random,
	.send = net_send,
	.attach = net_attach,
	.detach = net_detach,
	.run = net_run,
	.stop = net_stop,
	.free = net_free,
};

/* ---- the interface ---- */

struct world *net_new(const struct net_settings *settings, char *error, size_t error_size)
{
	struct net *n;
	int wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	if (wake < 0) {
		g_snprintf(error, error_size, "eventfd: %s", g_strerror(errno));
		return NULL;
	}
	n = g_new0(struct net, 1);
	world_begin(&n->world, &net_ops);
	n->wake = wake;
	n->epoch = clock_now(CLOCK_REALTIME) - clock_now(CLOCK_MONOTONIC);
	n->sockets = g_ptr_array_new_with_free_func(net_socket_free);
	n->polled = g_array_new(FALSE, FALSE, sizeof(struct pollfd));
	if (settings) {
		n->interface = settings->interface;
		n->seeded = settings->seeded;
		n->random = prng_of(settings->seed, settings->label ? settings->label : "", 0);
	}
	return &n->world;
}

bool net_watch(struct world *w, int fd, void (*ready)(void *context, int fd), void *context)
{
	struct net *n = net_of(w);

	for (unsigned i = 0; i < n->watch_count; i++) {
		if (n->watches[i].fd != fd)
			continue;
		n->watches[i] = n->watches[--n->watch_count];
		break;
	}
	if (!ready)
		return true;
	if (n->watch_count == NET_WATCHES_MAX)
		return false;
	n->watches[n->watch_count++] = (struct watch){fd, ready, context};
	return true;
}

const char *net_reason(const struct world *w)
{
	return g_strerror(((const struct net *)w)->reason);
}
