/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What net.c, which runs the real world, and net_sockets.c, which holds its sockets, share. */
#ifndef ASSAY_ENGINE_NET_IMPL_H
#define ASSAY_ENGINE_NET_IMPL_H

#include "net.h"
#include "net_udp.h"
#include "prng.h"
#include "world_impl.h"

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

/* world_ops of net.c. */
bool net_attach(struct world *w, struct role *r, enum carrier carrier, struct endpoint *at,
		char *error, size_t error_size);
void net_detach(struct world *w, struct role *r);
void net_send(struct world *w, struct role *from, const struct datagram *d);

/* Frees a socket, for n->sockets. */
void net_socket_free(gpointer socket);

/* Frees the sockets of roles that are gone. Not while one is being served. */
void net_sweep(struct net *n);

/* Sends what waits, as far as the system takes it. */
void net_flush(struct net *n, struct net_socket *s);

/* Tells of datagrams that were refused. */
void net_take_reports(struct net *n, const struct net_socket *s);

/* Hands one datagram to the socket's role. False: there is none. */
bool net_receive(struct net *n, struct net_socket *s);

#endif
