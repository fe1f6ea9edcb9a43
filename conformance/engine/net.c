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

#include "net_udp.h"
#include "prng.h"
#include "world_impl.h"

/* Datagrams taken from one socket before the others and the timers have their turn. */
enum { BATCH = 64 };

/* A datagram that waits until its socket can take it. */
struct waiting {
	struct endpoint source, destination;
	struct net_route route;
	size_t length;
	uint8_t octets[];
};

struct net_socket {
	int fd;
	struct role *role; /* NULL: closed, to be swept */
	struct endpoint bound;
	bool unspecified;  /* bound to all addresses */
	GHashTable *peers; /* struct endpoint -> struct net_route, both owned */
	GQueue waiting;    /* struct waiting */
};

struct watch {
	int fd;
	void (*ready)(void *context, int fd);
	void *context;
};

struct net {
	struct world world; /* first */
	int64_t epoch;      /* realtime less monotonic, at the beginning */
	unsigned interface;
	bool seeded;
	struct prng random;
	GPtrArray *sockets; /* struct net_socket, owned */
	bool sweep;         /* some are closed */
	GArray *polled;     /* struct pollfd */
	struct watch watches[NET_WATCHES_MAX];
	unsigned watch_count;
	int wake; /* eventfd of world_stop */
	int reason;
	uint8_t buffer[DATAGRAM_MAX];
};

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

/* ---- sockets ---- */

static guint endpoint_key_hash(gconstpointer key)
{
	return endpoint_hash(0, key);
}

static gboolean endpoint_key_equal(gconstpointer a, gconstpointer b)
{
	return endpoint_equal(a, b);
}

static bool is_unspecified(const struct address *a)
{
	static const uint8_t zeros[sizeof(a->octets)];

	return memcmp(a->octets, zeros, sizeof(zeros)) == 0;
}

static void socket_free(gpointer data)
{
	struct net_socket *s = data;

	if (s->fd >= 0)
		close(s->fd);
	g_queue_clear_full(&s->waiting, g_free);
	g_hash_table_destroy(s->peers);
	g_free(s);
}

static bool net_attach(struct world *w, struct role *r, enum carrier carrier, struct endpoint *at,
		       char *error, size_t error_size)
{
	struct net *n = net_of(w);
	char text[ENDPOINT_TEXT_SIZE];
	struct net_socket *s;
	int fd;

	if (carrier != CARRIER_UDP) {
		g_snprintf(error, error_size, "this version carries UDP alone");
		return false;
	}
	fd = net_udp_open(at, n->interface);
	if (fd < 0) {
		g_snprintf(error, error_size, "%s: %s%s", endpoint_text(at, text),
			   g_strerror(errno),
			   errno == EACCES ? " (ports below 1024 are the administrator's)" : "");
		return false;
	}
	s = g_new0(struct net_socket, 1);
	s->fd = fd;
	s->role = r;
	s->bound = *at;
	s->unspecified = is_unspecified(&at->address);
	s->peers = g_hash_table_new_full(endpoint_key_hash, endpoint_key_equal, g_free, g_free);
	g_queue_init(&s->waiting);
	g_ptr_array_add(n->sockets, s);
	return true;
}

/* A socket may be in use further up the call stack: it is closed here, and freed in sweep(). */
static void net_detach(struct world *w, struct role *r)
{
	struct net *n = net_of(w);

	for (guint i = 0; i < n->sockets->len; i++) {
		struct net_socket *s = g_ptr_array_index(n->sockets, i);

		if (s->role != r)
			continue;
		close(s->fd);
		s->fd = -1;
		s->role = NULL;
		n->sweep = true;
	}
}

static void sweep(struct net *n)
{
	for (guint i = n->sockets->len; n->sweep && i-- > 0;) {
		struct net_socket *s = g_ptr_array_index(n->sockets, i);

		if (!s->role)
			g_ptr_array_remove_index(n->sockets, i);
	}
	n->sweep = false;
}

/* ---- sending ---- */

static void tell_unreachable(struct net *n, const struct datagram *d, int reason)
{
	n->reason = reason;
	world_tell_datagram(&n->world, WORLD_UNREACHABLE, d);
}

static void take_reports(struct net *n, const struct net_socket *s)
{
	struct datagram d = {.source = s->bound};
	int reason;

	while (s->role && net_udp_report(s->fd, &d.destination, &reason))
		tell_unreachable(n, &d, reason);
}

static bool wait_for_room(struct net_socket *s, const struct datagram *d,
			  const struct net_route *route)
{
	struct waiting *waiting;

	if (s->waiting.length >= NET_WAITING_MAX)
		return false;
	waiting = g_malloc0(sizeof(*waiting) + d->octets.length);
	waiting->source = d->source;
	waiting->destination = d->destination;
	waiting->route = *route;
	waiting->length = d->octets.length;
	if (waiting->length)
		memcpy(waiting->octets, d->octets.octets, waiting->length);
	g_queue_push_tail(&s->waiting, waiting);
	return true;
}

/* A report of an earlier datagram fails the next sending too, which is then tried again. */
static enum net_outcome push(struct net *n, struct net_socket *s, const struct datagram *d,
			     const struct net_route *route)
{
	enum net_outcome outcome = net_udp_send(s->fd, &d->destination, route, d->octets);

	if (outcome != NET_FAILED)
		return outcome;
	take_reports(n, s);
	return s->role ? net_udp_send(s->fd, &d->destination, route, d->octets) : NET_DONE;
}

static void send_by(struct net *n, struct net_socket *s, const struct datagram *d)
{
	const struct net_route *known = g_hash_table_lookup(s->peers, &d->destination);
	struct net_route route = known ? *known : (struct net_route){.interface = n->interface};
	struct datagram told = *d; /* with the source that it really has */

	if (!known && !address_is_link_local(&d->destination.address))
		route.interface = 0;
	if (!s->unspecified)
		route.local = (struct address){0};
	told.source = s->bound;
	if (route.local.family)
		told.source.address = route.local;
	world_tell_datagram(&n->world, WORLD_SENT, &told);
	switch (s->waiting.length ? NET_LATER : push(n, s, &told, &route)) {
	case NET_DONE:
		break;
	case NET_LATER:
		if (!wait_for_room(s, &told, &route))
			world_tell_datagram(&n->world, WORLD_LOST, &told);
		break;
	case NET_FAILED:
		tell_unreachable(n, &told, errno);
		break;
	}
}

/* The role's socket at the datagram's source, else one of the destination's family that knows the
 * peer, else one of that family. */
static struct net_socket *socket_for(const struct net *n, const struct role *from,
				     const struct datagram *d)
{
	struct net_socket *best = NULL;
	int best_fit = 0, fit;

	for (guint i = 0; i < n->sockets->len; i++) {
		struct net_socket *s = g_ptr_array_index(n->sockets, i);

		if (s->role != from || s->bound.address.family != d->destination.address.family)
			continue;
		fit = 1 + 2 * g_hash_table_contains(s->peers, &d->destination) +
		      4 * endpoint_equal(&s->bound, &d->source);
		if (fit > best_fit) {
			best = s;
			best_fit = fit;
		}
	}
	return best;
}

/* Where a role has moved to, it is attached. */
static void follow(struct net *n, struct role *r, const struct endpoint *source)
{
	struct endpoint at = *source;
	char error[WORLD_ERROR_SIZE];

	if (at.port && endpoint_equal(&at, &r->settings.local))
		net_attach(&n->world, r, CARRIER_UDP, &at, error, sizeof(error));
}

static void net_send(struct world *w, struct role *from, const struct datagram *d)
{
	struct net *n = net_of(w);
	struct net_socket *s = socket_for(n, from, d);

	if (!s || !endpoint_equal(&s->bound, &d->source)) {
		follow(n, from, &d->source);
		s = socket_for(n, from, d);
	}
	if (s)
		send_by(n, s, d);
	else
		tell_unreachable(n, d, EAFNOSUPPORT);
}

static void flush(struct net *n, struct net_socket *s)
{
	struct waiting *next;

	while (s->role && (next = g_queue_peek_head(&s->waiting))) {
		const struct datagram d = {
			next->source, next->destination, {next->octets, next->length}};
		enum net_outcome outcome = push(n, s, &d, &next->route);

		if (outcome == NET_LATER)
			return;
		if (outcome == NET_FAILED)
			tell_unreachable(n, &d, errno);
		g_free(g_queue_pop_head(&s->waiting));
	}
}

/* ---- receiving ---- */

static void remember(struct net_socket *s, const struct endpoint *peer,
		     const struct net_route *route)
{
	const struct net_route *known = g_hash_table_lookup(s->peers, peer);

	if (known && known->interface == route->interface &&
	    address_equal(&known->local, &route->local))
		return;
	if (g_hash_table_size(s->peers) >= NET_PEERS_MAX)
		g_hash_table_remove_all(s->peers);
	g_hash_table_insert(s->peers, g_memdup2(peer, sizeof(*peer)),
			    g_memdup2(route, sizeof(*route)));
}

/* Hands one datagram to the socket's role. False: there is none. */
static bool receive(struct net *n, struct net_socket *s)
{
	struct net_route route;
	struct datagram d;

	if (!s->role || net_udp_receive(s->fd, n->buffer, &d, &route) != NET_DONE)
		return false;
	d.destination.port = s->bound.port;
	if (d.destination.address.family == ADDRESS_NONE)
		d.destination = s->bound;
	/* Of a socket at one address, only the interface of a link-local peer is worth knowing. */
	if (s->unspecified || route.interface)
		remember(s, &d.source, &route);
	world_tell_datagram(&n->world, WORLD_RECEIVED, &d);
	if (s->role)
		s->role->kind->receive(s->role, &d);
	return true;
}

/* ---- running ---- */

static void fill_polled(struct net *n)
{
	struct pollfd p = {.fd = n->wake, .events = POLLIN};

	sweep(n);
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
		flush(n, s);
	if (ready & POLLERR)
		take_reports(n, s);
	if (!(ready & POLLIN))
		return false;
	for (unsigned i = 0; i < BATCH && receive(n, s); i++)
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
	n->sockets = g_ptr_array_new_with_free_func(socket_free);
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
