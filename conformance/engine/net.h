/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The real world: sockets, the system's clock, the system's randomness. The roles in it are the
 * same as in a simulated one (sim.h), several of them in one process, each with sockets of its own.
 *
 * Time is the realtime clock as it stood when the world was made, and runs with the monotonic
 * clock from there: setting the host's clock does not disturb a timer.
 *
 * A role at an unspecified address (0.0.0.0, ::) answers a peer from the address at which the peer
 * addressed it, and by the interface of link-local ones. That is remembered for NET_PEERS_MAX peers
 * of a socket; when there are more, all are forgotten, and the system chooses.
 *
 * What cannot be sent at once waits, up to NET_WAITING_MAX datagrams per socket; more are told as
 * WORLD_LOST. A datagram that the peer's host refuses is told as WORLD_UNREACHABLE, without its
 * octets if the report came later.
 */
#ifndef ASSAY_ENGINE_NET_H
#define ASSAY_ENGINE_NET_H

#include "world.h"

enum { NET_PEERS_MAX = 65536, NET_WAITING_MAX = 1024, NET_WATCHES_MAX = 8 };

struct net_settings {
	unsigned interface; /* for link-local addresses not heard of before; 0: none */
	bool seeded;        /* for tests: random octets come from seed and label */
	uint64_t seed;
	const char *label; /* NULL: "" */
};

/* NULL: everything as above. Returns NULL with the reason in `error` if the system refuses. */
struct world *net_new(const struct net_settings *settings, char *error, size_t error_size);

/* Calls `ready` during world_run whenever `fd`, which stays the caller's, can be read or has come
 * to its end. `ready` NULL: no longer. False: NET_WATCHES_MAX are watched already. */
bool net_watch(struct world *w, int fd, void (*ready)(void *context, int fd), void *context);

/* Why the newest datagram told as WORLD_UNREACHABLE was, in the system's words. */
const char *net_reason(const struct world *w);

#endif
