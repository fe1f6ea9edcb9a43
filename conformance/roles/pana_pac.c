/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The role pana.pac: one session at a time, towards the PAA of the settings or one that begins. */
#include "pana_pac.h"

#include "kinds.h"
#include "pana_craft.h"
#include "pana_describe.h"
#include "pana_end_actions.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void pac_timer(struct pana_end *e, enum end_timer timer, uint64_t at)
{
	role_timer(e->role, timer, at);
}

static void pac_closed(struct pana_end *e, bool linger)
{
	(void)e;
	(void)linger;
}

static const struct end_ops pac_ops = {
	.table = pac_table,
	.states = pac_state_names,
	.timer = pac_timer,
	.closed = pac_closed,
};

static struct role *pac_create(const struct role_settings *settings)
{
	struct pana_pac *p = calloc(1, sizeof(*p));

	(void)settings;
	if (!p)
		abort();
	end_init(&p->end, &p->role, END_PAC, &pac_ops);
	return &p->role;
}

static void pac_destroy(struct role *r)
{
	struct pana_pac *p = (struct pana_pac *)r;

	eap_peer_free(p->end.eap_peer);
	end_clear(&p->end);
	secret_wipe(p, sizeof(*p));
	free(p);
}

/* Settings are there only once the role is made. */
static void need_eap(struct pana_pac *p)
{
	if (!p->end.eap_peer)
		p->end.eap_peer = eap_peer_new(&p->role);
	end_fault_settings(&p->role);
}

static void pac_start(struct role *r)
{
	struct pana_pac *p = (struct pana_pac *)r;

	need_eap(p);
	end_reset(&p->end);
	p->end.peer = r->settings.peer;
	p->initiated = true;
	table_dispatch(&p->end, AUTH_USER);
}

/* RFC 5191 6.1: a PaC that began keeps to the PAA it addressed; else the PAA is who began. */
static bool from_paa(struct pana_pac *p, const struct datagram *d, const struct pana_message *m)
{
	const struct endpoint *expected = &p->end.peer;

	if (!p->initiated && m->kind == PANA_PAR && m->flags & PANA_FLAG_S && !p->end.second_par)
		return true;
	return address_equal(&d->source.address, &expected->address);
}

/* The session identifier is the PAA's to choose, in the initial PAR (RFC 5191 4.1). */
static bool of_session(const struct pana_pac *p, const struct pana_message *m)
{
	const struct pana_end *e = &p->end;

	if (m->kind == PANA_PAR && m->flags & PANA_FLAG_S && !e->second_par)
		return true;
	return e->initial_done && m->session_id == e->session_id;
}

static void pac_receive(struct role *r, const struct datagram *d)
{
	struct pana_pac *p = (struct pana_pac *)r;
	struct pana_message messages[PANA_DEPTH];
	struct end_validity v;
	struct walk w;

	need_eap(p);
	end_validity_init(&v);
	w = walk_of(d->octets.octets, d->octets.length, &v.reader);
	pana_walk(&w, messages);
	if (!messages[0].complete || messages[0].kind == PANA_PRY) {
		end_discard(&p->end, "not a message to a PaC");
		return;
	}
	if (!from_paa(p, d, &messages[0]) || !of_session(p, &messages[0])) {
		end_discard(&p->end, "%s: not of this session",
			    pana_kind_abbreviation(messages[0].kind));
		return;
	}
	if (!p->initiated && messages[0].flags & PANA_FLAG_S)
		p->end.peer = d->source;
	table_receive(&p->end, &messages[0], &v);
	p->end.in = NULL;
}

static void pac_expired(struct role *r, unsigned timer)
{
	struct pana_pac *p = (struct pana_pac *)r;
	enum end_event event;

	if (timer >= END_TIMERS)
		return;
	event = end_timer_event(&p->end, (enum end_timer)timer);
	if (!table_dispatch(&p->end, event) && event == REAUTH_TIMEOUT && p->end.opened &&
	    !p->end.reauth)
		end_timer(&p->end, END_REAUTH, 1); /* not now: a request is outstanding */
}

/* "10.0.0.7:30000", "[fe80::7]:30000". */
static bool parse_endpoint(const char *text, struct endpoint *e)
{
	uint8_t octets[16];
	char host[64];
	unsigned port;
	bool v6 = text[0] == '[';

	if (sscanf(text, v6 ? "[%63[^]]]:%u" : "%63[^:]:%u", host, &port) != 2 || port > 65535 ||
	    inet_pton(v6 ? AF_INET6 : AF_INET, host, octets) != 1)
		return false;
	e->address = address_of(v6 ? ADDRESS_IPV6 : ADDRESS_IPV4, octets);
	e->port = (uint16_t)port;
	return true;
}

/* RFC 5191 5.6: having moved, the PaC sends any valid message; here a ping. */
static bool move(struct pana_pac *p, const char *to)
{
	struct endpoint moved;

	if (p->end.state != PAC_OPEN || !can_ping(&p->end) || !parse_endpoint(to, &moved))
		return false;
	p->role.settings.local = moved;
	p->end.moved = true;
	return table_dispatch(&p->end, PANA_PING);
}

static bool pac_command(struct role *r, const char *command)
{
	struct pana_pac *p = (struct pana_pac *)r;

	if (!strcmp(command, "start")) {
		if (p->end.state != PAC_INITIAL && p->end.state != PAC_CLOSED)
			return false;
		pac_start(r);
		return true;
	}
	if (!strcmp(command, "ping"))
		return table_dispatch(&p->end, PANA_PING);
	if (!strcmp(command, "reauth"))
		return table_dispatch(&p->end, REAUTH);
	if (!strcmp(command, "terminate"))
		return table_dispatch(&p->end, TERMINATE);
	if (!strncmp(command, "move ", 5))
		return move(p, command + 5);
	return false;
}

static void pac_describe(const struct role *r, struct reader *reader)
{
	const struct pana_pac *p = (const struct pana_pac *)r;

	pana_end_describe(&p->end, reader);
}

static const char *pac_state(const struct role *r)
{
	return pac_state_names[((const struct pana_pac *)r)->end.state];
}

static const char *const pac_commands[] = {"start", "ping", "reauth", "terminate", "move", NULL};

static const struct fault pac_faults[] = {PANA_FAULTS_BOTH(PANA_FAULT_ROW)
						  PANA_FAULTS_PAC(PANA_FAULT_ROW)};

const struct role_kind pana_pac_kind = {
	.name = "pana.pac",
	.label = "PANA client",
	.summary = "PaC of RFC 5191, state machine of RFC 5609 7, with RFC 6786",
	.faults = pac_faults,
	.fault_count = sizeof(pac_faults) / sizeof(pac_faults[0]),
	.inner = &eap_peer_kind,
	.commands = pac_commands,
	.create = pac_create,
	.destroy = pac_destroy,
	.start = pac_start,
	.receive = pac_receive,
	.expired = pac_expired,
	.command = pac_command,
	.describe = pac_describe,
	.state = pac_state,
	.craft = pana_craft,
	.seal = pana_seal,
	.seal_inner = pana_seal_inner,
	.sent = pana_sent,
	.answered = pana_answered,
};
