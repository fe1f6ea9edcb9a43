/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UDP sockets as net.c wants them: not blocking, and each datagram with the address to which it was
 * sent and the interface by which it came (RFC 3542, and Linux's IP_PKTINFO), so that a host of
 * many addresses answers from the right one.
 */
#ifndef ASSAY_ENGINE_NET_UDP_H
#define ASSAY_ENGINE_NET_UDP_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "conformance/roles/role.h"

/* By which of our addresses and interfaces a datagram came or is to go. Zeros: the system's choice.
 */
struct net_route {
	struct address local;
	unsigned interface;
};

enum net_outcome {
	NET_DONE,
	NET_LATER, /* nothing has come, or nothing can be sent now */
	NET_FAILED /* errno says why */
};

/* Returns the length of `sa`, or 0: no IP address. `interface` counts for link-local IPv6. */
socklen_t sockaddr_of_endpoint(const struct endpoint *e, unsigned interface,
			       struct sockaddr_storage *sa);
/* Of another family than IP, the endpoint is zero. */
struct endpoint endpoint_of_sockaddr(const struct sockaddr_storage *sa);

bool address_is_link_local(const struct address *a);

/* Binds a socket to `at`, and writes back the port it got. -1: errno says why. */
int net_udp_open(struct endpoint *at, unsigned interface);

/* The address of ours from which the system would send to `to`. False: errno says why. */
bool net_udp_local(const struct endpoint *to, unsigned interface, struct address *local);

/* The next datagram into `octets`: where it came from, where it went to (the port aside), and the
 * route by which to answer. */
enum net_outcome net_udp_receive(int fd, uint8_t octets[static DATAGRAM_MAX], struct datagram *d,
				 struct net_route *route);

enum net_outcome net_udp_send(int fd, const struct endpoint *to, const struct net_route *route,
			      struct octets octets);

/* Takes one report, that a datagram did not arrive, off the socket's queue: where it was sent to,
 * and the system's error number. False: there is none. */
bool net_udp_report(int fd, struct endpoint *to, int *reason);

#endif
