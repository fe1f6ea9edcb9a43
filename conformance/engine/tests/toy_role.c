/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "toy_role.h"

#include <string.h>

enum { CALL_LENGTH = 12, TIMER_REPEAT = 3 };

static struct toy *toy_of(struct role *r)
{
	return (struct toy *)r;
}

static void send(struct toy *t, const struct endpoint *to, const uint8_t *octets, size_t length)
{
	struct environment *e = t->role.environment;
	const struct datagram d = {t->role.settings.local, *to, {octets, length}};

	t->sent++;
	e->ops->send(e, &t->role, &d);
}

static void call(struct toy *t)
{
	struct environment *e = t->role.environment;
	uint8_t octets[CALL_LENGTH] = {(uint8_t)(t->answered >> 24), (uint8_t)(t->answered >> 16),
				       (uint8_t)(t->answered >> 8), (uint8_t)t->answered};

	memcpy(octets + 4, t->nonce, sizeof(t->nonce));
	send(t, &t->role.settings.peer, octets, sizeof(octets));
	e->ops->timer(e, &t->role, TIMER_REPEAT, e->ops->now(e) + WORLD_SECOND);
}

static void caller_start(struct role *r)
{
	struct toy *t = toy_of(r);
	struct environment *e = r->environment;

	e->ops->random(e, t->nonce, sizeof(t->nonce));
	e->ops->event(e, r, ROLE_STARTED, "calling");
	call(t);
}

static void caller_receive(struct role *r, const struct datagram *d)
{
	struct toy *t = toy_of(r);
	struct environment *e = r->environment;
	const uint8_t *o = d->octets.octets;

	t->received++;
	t->newest = *d;
	if (d->octets.length != CALL_LENGTH || toy_done(t) ||
	    memcmp(o + 4, t->nonce, sizeof(t->nonce)) != 0 ||
	    ((unsigned)o[0] << 24 | (unsigned)o[1] << 16 | (unsigned)o[2] << 8 | o[3]) !=
		    t->answered)
		return;
	t->answered++;
	if (!toy_done(t)) {
		call(t);
		return;
	}
	e->ops->timer(e, r, TIMER_REPEAT, 0);
	e->ops->event(e, r, ROLE_CLOSED, "done");
}

static void caller_expired(struct role *r, unsigned timer)
{
	if (timer == TIMER_REPEAT)
		call(toy_of(r));
}

static void echo_receive(struct role *r, const struct datagram *d)
{
	struct toy *t = toy_of(r);

	t->received++;
	t->newest = *d;
	send(t, &d->source, d->octets.octets, d->octets.length);
}

static void echo_expired(struct role *r, unsigned timer)
{
	(void)r;
	(void)timer;
}

static const struct role_kind caller_kind = {
	.name = "toy.caller",
	.start = caller_start,
	.receive = caller_receive,
	.expired = caller_expired,
};

static const struct role_kind echo_kind = {
	.name = "toy.echo",
	.receive = echo_receive,
	.expired = echo_expired,
};

void toy_caller(struct toy *t, struct world *w, unsigned wanted)
{
	*t = (struct toy){.role = {.kind = &caller_kind, .environment = world_environment(w)},
			  .wanted = wanted};
}

void toy_echo(struct toy *t, struct world *w)
{
	*t = (struct toy){.role = {.kind = &echo_kind, .environment = world_environment(w)}};
}

bool toy_done(void *caller)
{
	const struct toy *t = caller;

	return t->answered >= t->wanted;
}

struct endpoint toy_ipv4(uint8_t host, uint16_t port)
{
	const uint8_t octets[4] = {127, 0, 0, host};

	return (struct endpoint){address_of(ADDRESS_IPV4, octets), port};
}

struct endpoint toy_ipv6(uint16_t port)
{
	const uint8_t octets[16] = {[15] = 1};

	return (struct endpoint){address_of(ADDRESS_IPV6, octets), port};
}
