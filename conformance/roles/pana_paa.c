/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The role pana.paa: where a message belongs, the stateless initial exchange, timers, commands. */
#include "pana_paa.h"

#include "kinds.h"
#include "pana_craft.h"
#include "pana_describe.h"
#include "pana_relay.h"

#include <stdlib.h>
#include <string.h>

static struct role *paa_create(const struct role_settings *settings)
{
	struct pana_paa *p = calloc(1, sizeof(*p));

	(void)settings;
	if (!p)
		abort();
	paa_sessions_init(p);
	return &p->role;
}

static void paa_destroy(struct role *r)
{
	struct pana_paa *p = (struct pana_paa *)r;

	paa_sessions_clear(p);
	secret_wipe(p, sizeof(*p));
	free(p);
}

/* ---- one message ---- */

/* A message on its way to its session. */
struct arrival {
	const struct pana_message *m;
	const struct end_validity *v;
	struct endpoint pac, pre; /* pre.address.family 0: not relayed */
};

static void deliver(struct paa_session *s, const struct arrival *a)
{
	paa_session_take(s);
	s->end.source = a->pac;
	s->end.source_pre = a->pre;
	table_receive(&s->end, a->m, a->v);
	s->end.in = NULL;
	paa_session_put(s);
}

static void discard(struct pana_paa *p, const struct arrival *a, const char *why)
{
	role_event(&p->role, ROLE_DISCARDED, "%s: %s", pana_kind_abbreviation(a->m->kind), why);
}

/* ---- the stateless initial exchange, RFC 5191 4.1 ---- */

/* Session identifier and sequence number are made from the PaC's address, a secret and the time, so
 * that the initial PAN proves that its sender has received the PAR. The identifier's first octet
 * says when. */
enum { COOKIE_SLOT = 4, COOKIE_SLOTS = 16 }; /* seconds; how many of these it is good for */
enum { PRF_HMAC_SHA2_256 = 5 };

struct cookie {
	uint32_t session_id, sequence;
};

static uint32_t current_slot(const struct pana_paa *p)
{
	return (uint32_t)(role_now(&p->role) / END_SECOND / COOKIE_SLOT);
}

static uint32_t number_of(const uint8_t octets[4])
{
	return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 |
	       octets[3];
}

static struct cookie cookie_of(struct pana_paa *p, uint32_t slot, const struct arrival *a)
{
	const uint8_t ports[4] = {(uint8_t)(a->pac.port >> 8), (uint8_t)a->pac.port,
				  (uint8_t)(a->pre.port >> 8), (uint8_t)a->pre.port};
	const struct octets parts[] = {
		{(const uint8_t *)&slot, sizeof(slot)},
		{ports, sizeof(ports)},
		{a->pac.address.octets, sizeof(a->pac.address.octets)},
		{a->pre.address.octets, sizeof(a->pre.address.octets)},
	};
	uint8_t made[PRF_LENGTH_MAX] = {0};

	if (!p->has_secret)
		role_random(&p->role, p->secret, sizeof(p->secret));
	p->has_secret = true;
	prf(PRF_HMAC_SHA2_256, (struct octets){p->secret, sizeof(p->secret)}, parts, 4, made);
	return (struct cookie){
		.session_id = slot << 24 | (number_of(made) & 0xfffffe) | 1, /* never 0 */
		.sequence = number_of(made + 4),
	};
}

/* Sends the initial PAR; of its end nothing remains but what `e` keeps. */
static void send_cookie(struct pana_end *e, const struct cookie *c)
{
	e->session_id = c->session_id;
	e->sequence_out = c->sequence;
	e->counting = true;
	paa_send_initial(e);
}

static void no_timer(struct pana_end *e, enum end_timer timer, uint64_t at)
{
	(void)e;
	(void)timer;
	(void)at;
}

static const struct end_ops stateless_ops = {.states = paa_state_names, .timer = no_timer};

static void answer_statelessly(struct pana_paa *p, const struct arrival *a)
{
	const struct cookie c = cookie_of(p, current_slot(p), a);
	struct pana_end e;

	end_init(&e, &p->role, END_PAA, &stateless_ops);
	e.peer = a->pac;
	e.pre = a->pre;
	send_cookie(&e, &c);
	end_clear(&e);
}

/* An initial PAN of no session: one begins if it answers a PAR that was sent statelessly. */
static void take_cookie(struct pana_paa *p, const struct arrival *a)
{
	uint32_t now = current_slot(p), slot;
	struct paa_session *s;
	struct cookie c;

	slot = now - ((now - (a->m->session_id >> 24)) & 0xff);
	c = cookie_of(p, slot, a);
	if (now - slot >= COOKIE_SLOTS || c.session_id != a->m->session_id ||
	    c.sequence != a->m->sequence || a->v->broken ||
	    paa_session_of_pac(p, &a->pac, &a->pre)) {
		discard(p, a, "answers no initial PAR");
		return;
	}
	s = paa_session_new(p, &a->pac, &a->pre, c.session_id);
	if (!s) {
		discard(p, a, "no place for a session");
		return;
	}
	s->end.silent = true;
	send_cookie(&s->end, &c);
	s->end.silent = false;
	role_event(&p->role, ROLE_STARTED, "session %08x", c.session_id);
	deliver(s, a);
	s = paa_session_of_id(p, c.session_id);
	if (s && s->end.state == PAA_INITIAL) {
		s->over = true; /* the PAN was not valid */
		paa_session_put(s);
	}
}

/* ---- the RADIUS server's answers ---- */

static void receive_radius(struct pana_paa *p, const struct datagram *d)
{
	struct radius_nas *nas =
		d->octets.length > 1 ? p->identifiers.of[d->octets.octets[1]] : NULL;
	struct paa_session *s = nas ? ((struct eap_pass *)nas)->session : NULL;

	if (!s) {
		role_event(&p->role, ROLE_DISCARDED, "RADIUS: no reply to a request");
		return;
	}
	paa_session_take(s);
	table_eap_reply(&s->end, d);
	paa_session_put(s);
}

/* ---- where a message belongs ---- */

static void receive_pci(struct pana_paa *p, const struct arrival *a)
{
	struct paa_session *s = paa_session_of_pac(p, &a->pac, &a->pre);

	if (a->v->broken && !role_has_fault(&p->role, FAULT_INVALID_TAKEN)) {
		discard(p, a, a->v->broken->id);
		return;
	}
	if (p->begun && !paa_session_of_id(p, p->begun))
		p->begun = 0;
	if (p->begun && !s) {
		s = paa_session_of_id(p, p->begun);
		if (!address_equal(&s->end.peer.address, &a->pac.address) || s->end.initial_done)
			s = NULL;
	}
	if (s && s->end.state == PAA_INITIAL && role_has_fault(&p->role, FAULT_PAA_PCI_AFTER_PAR))
		end_retransmit(&s->end);
	if (role_has_fault(&p->role, FAULT_PAA_PCI_IGNORED) && p->pcis++ % 2 == 0)
		return;
	/* RFC 5191 4.1 and 5.5: nothing but an end lets a PaC begin again. */
	if (s && s->end.state != PAA_CLOSED) {
		discard(p, a, "the session has begun already");
		return;
	}
	if (p->role.settings.stateless) {
		answer_statelessly(p, a);
		return;
	}
	s = paa_session_new(p, &a->pac, &a->pre, 0);
	if (!s) {
		discard(p, a, "no place for a session");
		return;
	}
	table_dispatch(&s->end, RX_PCI);
}

/* Of a faulty PAA. */
static void answer_unknown(struct pana_paa *p, const struct arrival *a)
{
	struct end_draft d;
	struct pana_end e;

	end_init(&e, &p->role, END_PAA, &stateless_ops);
	e.peer = a->pac;
	e.pre = a->pre;
	e.session_id = a->m->session_id;
	e.in = a->m;
	d = end_draft(&e, PANA_PNA, a->m->flags & (PANA_FLAG_A | PANA_FLAG_P));
	end_send_answer(&e, &d);
	end_clear(&e);
}

static void receive_message(struct pana_paa *p, const struct arrival *a)
{
	struct paa_session *s;

	if (a->m->kind == PANA_PCI) {
		receive_pci(p, a);
		return;
	}
	s = paa_session_of_id(p, a->m->session_id);
	if (s)
		deliver(s, a);
	else if (p->role.settings.stateless && a->m->kind == PANA_PAN && a->m->flags & PANA_FLAG_S)
		take_cookie(p, a);
	else if (a->m->kind == PANA_PNR && role_has_fault(&p->role, FAULT_PAA_SESSION_UNKNOWN))
		answer_unknown(p, a);
	else
		discard(p, a, "no such session");
}

static void paa_receive(struct role *r, const struct datagram *d)
{
	struct pana_paa *p = (struct pana_paa *)r;
	struct pana_message messages[PANA_DEPTH];
	struct arrival a = {.m = &messages[0], .pac = d->source};
	struct end_validity v;
	struct walk w;
	unsigned count;

	end_fault_settings(r);
	if (r->settings.radius.address.family && endpoint_equal(&d->source, &r->settings.radius)) {
		receive_radius(p, d);
		return;
	}
	end_validity_init(&v);
	a.v = &v;
	w = walk_of(d->octets.octets, d->octets.length, &v.reader);
	count = pana_walk(&w, messages);
	if (messages[0].kind == PANA_PRY && role_has_fault(r, FAULT_PAA_PRY_IGNORED))
		return;
	if (messages[0].kind == PANA_PRY && messages[0].complete) {
		if (count < 2 || messages[1].kind == PANA_PRY || v.broken ||
		    !pana_relay_pac(&messages[0], &a.pac)) {
			discard(p, &a, v.broken ? v.broken->id : "nothing relayed in it");
			return;
		}
		a.m = &messages[1];
		a.pre = d->source;
	}
	if (a.m->complete)
		receive_message(p, &a);
	else
		role_event(r, ROLE_DISCARDED, "no header");
}

/* ---- the rest of the role ---- */

static void begin_session(struct pana_paa *p)
{
	const struct endpoint none = {0};
	struct paa_session *s = paa_session_of_pac(p, &p->role.settings.peer, &none);

	if (s)
		return;
	s = paa_session_new(p, &p->role.settings.peer, &none, 0);
	if (!s)
		return;
	p->begun = s->end.session_id;
	table_dispatch(&s->end, AUTH_USER);
}

static void paa_start(struct role *r)
{
	end_fault_settings(r);
	if (r->settings.initiate)
		begin_session((struct pana_paa *)r);
}

static void paa_expired(struct role *r, unsigned timer)
{
	struct pana_paa *p = (struct pana_paa *)r;
	struct paa_session *s;
	enum end_timer which = END_RTX;
	enum end_event event;

	(void)timer;
	while ((s = paa_session_due(p, role_now(r), &which))) {
		end_timer_stop(&s->end, which);
		paa_session_take(s);
		event = end_timer_event(&s->end, which);
		if (event == SESS_TIMEOUT && s->end.state == PAA_CLOSED)
			s->over = true;
		else if (!table_dispatch(&s->end, event) && event == REAUTH_TIMEOUT &&
			 !s->end.reauth)
			end_timer(&s->end, END_REAUTH, 1); /* not now: a request is outstanding */
		paa_session_put(s);
	}
}

static bool dispatch_current(struct pana_paa *p, enum end_event event)
{
	struct paa_session *s = p->current;
	bool done;

	if (!s)
		return false;
	paa_session_take(s);
	done = table_dispatch(&s->end, event);
	paa_session_put(s);
	return done;
}

static bool paa_command(struct role *r, const char *command)
{
	static const struct {
		const char *name;
		enum end_event event;
	} events[] = {{"ping", PANA_PING}, {"reauth", REAUTH}, {"terminate", TERMINATE}};
	struct pana_paa *p = (struct pana_paa *)r;

	if (!strcmp(command, "start") && r->settings.peer.address.family) {
		begin_session(p);
		return true;
	}
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		if (!strcmp(command, events[i].name))
			return dispatch_current(p, events[i].event);
	}
	return false;
}

static void paa_describe(const struct role *r, struct reader *reader)
{
	const struct pana_paa *p = (const struct pana_paa *)r;

	if (p->current)
		pana_end_describe(&p->current->end, reader);
}

static const char *paa_state(const struct role *r)
{
	const struct pana_paa *p = (const struct pana_paa *)r;

	return paa_state_names[p->current ? p->current->end.state : p->last_state];
}

static const char *const paa_commands[] = {"start", "ping", "reauth", "terminate", NULL};

static const struct fault paa_faults[] = {PANA_FAULTS_BOTH(PANA_FAULT_ROW) PANA_FAULTS_PAA(
	PANA_FAULT_ROW) PANA_FAULTS_PAA_RELAY(PANA_FAULT_ROW)};

const struct role_kind pana_paa_kind = {
	.name = "pana.paa",
	.label = "PANA authentication agent",
	.summary = "PAA of RFC 5191, state machine of RFC 5609 8, with RFC 6345 and RFC 6786",
	.faults = paa_faults,
	.fault_count = sizeof(paa_faults) / sizeof(paa_faults[0]),
	.inner = &eap_server_kind,
	.commands = paa_commands,
	.create = paa_create,
	.destroy = paa_destroy,
	.start = paa_start,
	.receive = paa_receive,
	.expired = paa_expired,
	.command = paa_command,
	.describe = paa_describe,
	.state = paa_state,
	.craft = pana_craft,
	.seal = pana_seal,
	.seal_inner = pana_seal_inner,
	.sent = pana_sent,
	.answered = pana_answered,
};
