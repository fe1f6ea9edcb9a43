/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE /* in6_pktinfo of RFC 3542 */
#include "net_udp.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER_WANTED = 4 << 20, CONTROL_SIZE = 512 };

/* ---- addresses ---- */

bool address_is_link_local(const struct address *a)
{
	return a->family == ADDRESS_IPV6 && a->octets[0] == 0xfe && (a->octets[1] & 0xc0) == 0x80;
}

socklen_t sockaddr_of_endpoint(const struct endpoint *e, unsigned interface,
			       struct sockaddr_storage *sa)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)sa;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)sa;

	memset(sa, 0, sizeof(*sa));
	switch (e->address.family) {
	case ADDRESS_IPV4:
		v4->sin_family = AF_INET;
		v4->sin_port = htons(e->port);
		memcpy(&v4->sin_addr, e->address.octets, 4);
		return sizeof(*v4);
	case ADDRESS_IPV6:
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(e->port);
		memcpy(&v6->sin6_addr, e->address.octets, 16);
		if (address_is_link_local(&e->address))
			v6->sin6_scope_id = interface;
		return sizeof(*v6);
	default:
		return 0;
	}
}

struct endpoint endpoint_of_sockaddr(const struct sockaddr_storage *sa)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)sa;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)sa;
	struct endpoint e = {0};

	if (sa->ss_family == AF_INET) {
		e.address = address_of(ADDRESS_IPV4, (const uint8_t *)&v4->sin_addr);
		e.port = ntohs(v4->sin_port);
	} else if (sa->ss_family == AF_INET6) {
		e.address = address_of(ADDRESS_IPV6, (const uint8_t *)&v6->sin6_addr);
		e.port = ntohs(v6->sin6_port);
	}
	return e;
}

/* ---- opening ---- */

static bool set_option(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value)) == 0;
}

/* No SO_REUSEADDR: with UDP it would let a second server take the first one's datagrams away. */
static bool set_options(int fd, sa_family_t family)
{
	(void)set_option(fd, SOL_SOCKET, SO_RCVBUF, BUFFER_WANTED);
	(void)set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_WANTED);
	(void)set_option(fd, SOL_SOCKET, SO_SNDBUF, BUFFER_WANTED);
	if (family == AF_INET)
		return set_option(fd, IPPROTO_IP, IP_PKTINFO, 1) &&
		       set_option(fd, IPPROTO_IP, IP_RECVERR, 1);
	return set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) &&
	       set_option(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) &&
	       set_option(fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
}

static bool bind_to(int fd, struct endpoint *at, unsigned interface)
{
	struct sockaddr_storage sa;
	socklen_t length = sockaddr_of_endpoint(at, interface, &sa);

	if (!set_options(fd, sa.ss_family) || bind(fd, (struct sockaddr *)&sa, length) != 0)
		return false;
	length = sizeof(sa);
	if (getsockname(fd, (struct sockaddr *)&sa, &length) != 0)
		return false;
	at->port = endpoint_of_sockaddr(&sa).port;
	return true;
}

int net_udp_open(struct endpoint *at, unsigned interface)
{
	struct sockaddr_storage sa;
	int fd, reason;

	if (!sockaddr_of_endpoint(at, interface, &sa)) {
		errno = EAFNOSUPPORT;
		return -1;
	}
	fd = socket(sa.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (bind_to(fd, at, interface))
		return fd;
	reason = errno;
	close(fd);
	errno = reason;
	return -1;
}

bool net_udp_local(const struct endpoint *to, unsigned interface, struct address *local)
{
	struct sockaddr_storage sa;
	socklen_t length = sockaddr_of_endpoint(to, interface, &sa);
	int fd = socket(sa.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool found = fd >= 0 && connect(fd, (struct sockaddr *)&sa, length) == 0;
	int reason;

	length = sizeof(sa);
	found = found && getsockname(fd, (struct sockaddr *)&sa, &length) == 0;
	reason = errno;
	*local = endpoint_of_sockaddr(&sa).address;
	if (fd >= 0)
		close(fd);
	errno = reason;
	return found;
}

/* ---- receiving ---- */

static void take_control(struct msghdr *m, struct datagram *d, struct net_route *route)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			d->destination.address =
				address_of(ADDRESS_IPV4, (const uint8_t *)&info.ipi_addr);
			route->local =
				address_of(ADDRESS_IPV4, (const uint8_t *)&info.ipi_spec_dst);
		} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			d->destination.address =
				address_of(ADDRESS_IPV6, (const uint8_t *)&info.ipi6_addr);
			/* A multicast address can be no source. */
			if (!IN6_IS_ADDR_MULTICAST(&info.ipi6_addr))
				route->local = d->destination.address;
			if (address_is_link_local(&d->source.address))
				route->interface = info.ipi6_ifindex;
		}
	}
}

enum net_outcome net_udp_receive(int fd, uint8_t octets[static DATAGRAM_MAX], struct datagram *d,
				 struct net_route *route)
{
	union {
		uint8_t octets[CONTROL_SIZE];
		struct cmsghdr align;
	} control;
	struct sockaddr_storage source;
	struct iovec part = {octets, DATAGRAM_MAX};
	struct msghdr m = {.msg_name = &source,
			   .msg_namelen = sizeof(source),
			   .msg_iov = &part,
			   .msg_iovlen = 1,
			   .msg_control = &control,
			   .msg_controllen = sizeof(control)};
	ssize_t length = recvmsg(fd, &m, 0);

	if (length < 0)
		return errno == EAGAIN || errno == EINTR ? NET_LATER : NET_FAILED;
	*d = (struct datagram){.source = endpoint_of_sockaddr(&source),
			       .octets = {octets, (size_t)length}};
	*route = (struct net_route){0};
	take_control(&m, d, route);
	return NET_DONE;
}

/* ---- sending ---- */

/* Says in `m`, which has room, that the datagram goes by this route. */
static void put_control(struct msghdr *m, const struct net_route *route)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(m);

	if (route->local.family == ADDRESS_IPV4) {
		struct in_pktinfo info = {.ipi_ifindex = (int)route->interface};

		memcpy(&info.ipi_spec_dst, route->local.octets, 4);
		c->cmsg_level = IPPROTO_IP;
		c->cmsg_type = IP_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof(info));
		memcpy(CMSG_DATA(c), &info, sizeof(info));
		m->msg_controllen = CMSG_SPACE(sizeof(info));
	} else {
		struct in6_pktinfo info = {.ipi6_ifindex = route->interface};

		memcpy(&info.ipi6_addr, route->local.octets, 16);
		c->cmsg_level = IPPROTO_IPV6;
		c->cmsg_type = IPV6_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof(info));
		memcpy(CMSG_DATA(c), &info, sizeof(info));
		m->msg_controllen = CMSG_SPACE(sizeof(info));
	}
}

enum net_outcome net_udp_send(int fd, const struct endpoint *to, const struct net_route *route,
			      struct octets octets)
{
	union {
		uint8_t octets[CONTROL_SIZE];
		struct cmsghdr align;
	} control = {{0}};
	struct sockaddr_storage sa;
	socklen_t length = sockaddr_of_endpoint(to, route->interface, &sa);
	struct iovec part = {(void *)octets.octets, octets.length};
	struct msghdr m = {
		.msg_name = &sa, .msg_namelen = length, .msg_iov = &part, .msg_iovlen = 1};
	ssize_t sent;

	if (!length) {
		errno = EAFNOSUPPORT;
		return NET_FAILED;
	}
	if (route->local.family == to->address.family) {
		m.msg_control = &control;
		m.msg_controllen = sizeof(control);
		put_control(&m, route);
	}
	sent = sendmsg(fd, &m, 0);
	if (sent >= 0)
		return NET_DONE;
	return errno == EAGAIN || errno == EINTR || errno == ENOBUFS ? NET_LATER : NET_FAILED;
}

bool net_udp_report(int fd, struct endpoint *to, int *reason)
{
	union {
		uint8_t octets[CONTROL_SIZE];
		struct cmsghdr align;
	} control;
	struct sockaddr_storage destination;
	uint8_t quoted[64];
	struct iovec part = {quoted, sizeof(quoted)};
	struct msghdr m = {.msg_name = &destination,
			   .msg_namelen = sizeof(destination),
			   .msg_iov = &part,
			   .msg_iovlen = 1,
			   .msg_control = &control,
			   .msg_controllen = sizeof(control)};

	if (recvmsg(fd, &m, MSG_ERRQUEUE) < 0)
		return false;
	*to = endpoint_of_sockaddr(&destination);
	*reason = 0;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		struct sock_extended_err e;

		if (!(c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) &&
		    !(c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR))
			continue;
		memcpy(&e, CMSG_DATA(c), sizeof(e));
		*reason = (int)e.ee_errno;
	}
	return true;
}
