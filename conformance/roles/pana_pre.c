/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The role pana.pre: RFC 6345. What comes from the PAA of the settings and is a PRY is opened and
 * sent on to the PaC that it names, octet for octet; what else is PANA is a PaC's, and goes to the
 * PAA in a PRY. No state is kept, nothing is repeated.
 *
 * The PaC's side is at `local`, whose port is to be 716, for the PaC's answers come from there; the
 * PAA's side at `relay`, else at `local` too (RFC 6345 2).
 */
#include "kinds.h"
#include "pana_faults.h"
#include "pana_relay.h"

#include <stdlib.h>
#include <string.h>

struct pana_pre {
	struct role role;  /* first */
	unsigned up, down; /* messages relayed, to the PAA and from it */
};

static struct role *pre_create(const struct role_settings *settings)
{
	struct pana_pre *p = calloc(1, sizeof(*p));

	(void)settings;
	if (!p)
		abort();
	return &p->role;
}

static void pre_destroy(struct role *r)
{
	free(r);
}

static void pre_start(struct role *r)
{
	(void)r;
}

/* RFC 6345 4.1. What is wrong inside is for the PaC to judge. */
static bool is_valid(const struct pana_message *pry)
{
	return pry->sound && pry->length == pry->octets.length && !(pry->flags & PANA_FLAG_R) &&
	       pry->session_id == 0 && pry->sequence == 0 &&
	       pry->avps.found[PANA_AVP_PAC_INFORMATION].count == 1 &&
	       pry->avps.found[PANA_AVP_RELAYED_MESSAGE].count == 1;
}

static void relay_down(struct pana_pre *p, const struct pana_message *pry)
{
	const struct octets inner = pry->avps.found[PANA_AVP_RELAYED_MESSAGE].value;
	struct endpoint pac;

	if (!is_valid(pry) || !pana_relay_pac(pry, &pac)) {
		role_event(&p->role, ROLE_DISCARDED, "PRY: not valid");
		return;
	}
	p->down++;
	role_send(&p->role, &pac, inner.octets, inner.length);
}

static void relay_up(struct pana_pre *p, const struct datagram *d)
{
	p->up++;
	pana_relay_send(&p->role, &p->role.settings.upstream, &d->source, d->octets.octets,
			d->octets.length);
}

static void pre_receive(struct role *r, const struct datagram *d)
{
	struct pana_pre *p = (struct pana_pre *)r;
	struct pana_message messages[PANA_DEPTH];
	struct walk w = walk_of(d->octets.octets, d->octets.length, NULL);

	pana_walk(&w, messages);
	if (!messages[0].complete) {
		role_event(r, ROLE_DISCARDED, "no header");
	} else if (messages[0].kind == PANA_PRY) {
		if (address_equal(&d->source.address, &r->settings.upstream.address))
			relay_down(p, &messages[0]);
		else
			role_event(r, ROLE_DISCARDED, "PRY: not from the PAA");
	} else {
		relay_up(p, d);
	}
}

static void pre_expired(struct role *r, unsigned timer)
{
	(void)r;
	(void)timer;
}

static bool pre_command(struct role *r, const char *command)
{
	(void)r;
	(void)command;
	return false;
}

static void pre_describe(const struct role *r, struct reader *reader)
{
	(void)r;
	(void)reader;
}

static const char *pre_state(const struct role *r)
{
	(void)r;
	return "stateless";
}

static const char *const pre_commands[] = {NULL};
static const struct fault pre_faults[] = {PANA_FAULTS_RELAY(PANA_FAULT_ROW, PRE)};

const struct role_kind pana_pre_kind = {
	.name = "pana.pre",
	.label = "PANA relay element",
	.summary = "PRE of RFC 6345",
	.faults = pre_faults,
	.fault_count = sizeof(pre_faults) / sizeof(pre_faults[0]),
	.commands = pre_commands,
	.create = pre_create,
	.destroy = pre_destroy,
	.start = pre_start,
	.receive = pre_receive,
	.expired = pre_expired,
	.command = pre_command,
	.describe = pre_describe,
	.state = pre_state,
};
