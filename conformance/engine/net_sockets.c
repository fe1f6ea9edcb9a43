/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "net_impl.h"

/* A datagram that waits until its socket can take it. */
struct waiting {
	struct endpoint source, destination;
	struct net_route route;
	size_t length;
	uint8_t octets[];
};

static struct net *net_of(struct world *w)
{
	return (struct net *)w;
}

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

void net_socket_free(gpointer data)
{
	struct net_socket *s = data;

	if (s->fd >= 0)
		close(s->fd);
	g_queue_clear_full(&s->waiting, g_free);
	g_hash_table_destroy(s->peers);
	g_free(s);
}

bool net_attach(struct world *w, struct role *r, enum carrier carrier, struct endpoint *at,
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

/* A socket may be in use further up the call stack: it is closed here, and freed in net_sweep(). */
void net_detach(struct world *w, struct role *r)
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

void net_sweep(struct net *n)
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

void net_take_reports(struct net *n, const struct net_socket *s)
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
	net_take_reports(n, s);
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

void net_send(struct world *w, struct role *from, const struct datagram *d)
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

void net_flush(struct net *n, struct net_socket *s)
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

bool net_receive(struct net *n, struct net_socket *s)
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
