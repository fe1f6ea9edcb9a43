/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two roles of no protocol, to test worlds with: a caller numbers its calls, repeats each after a
 * second until it is answered, and is done after `wanted` answers; an echo sends back what it gets.
 */
#ifndef ASSAY_ENGINE_TESTS_TOY_ROLE_H
#define ASSAY_ENGINE_TESTS_TOY_ROLE_H

#include "conformance/engine/world.h"

struct toy {
	struct role role;          /* first */
	unsigned wanted, answered; /* caller: the number of the call that waits is `answered` */
	unsigned sent, received;
	uint8_t nonce[8];       /* caller: drawn at its start, part of each call */
	struct datagram newest; /* received; without its octets */
};

void toy_caller(struct toy *t, struct world *w, unsigned wanted);
void toy_echo(struct toy *t, struct world *w);

/* A predicate for world_run: the caller is done. */
bool toy_done(void *caller);

/* 127.0.0.HOST, or ::1. */
struct endpoint toy_ipv4(uint8_t host, uint16_t port);
struct endpoint toy_ipv6(uint16_t port);

#endif
