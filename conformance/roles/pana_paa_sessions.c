/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The PAA's sessions: found by identifier and by PaC, bounded, woken in order. */
#include "pana_paa.h"

#include <stdlib.h>
#include <string.h>

static guint id_hash(gconstpointer key)
{
	const struct paa_session *s = key;

	return flow_hash(0, &s->end.session_id, sizeof(s->end.session_id));
}

static gboolean id_equal(gconstpointer a, gconstpointer b)
{
	return ((const struct paa_session *)a)->end.session_id ==
	       ((const struct paa_session *)b)->end.session_id;
}

static guint pac_hash(gconstpointer key)
{
	const struct paa_session *s = key;

	return endpoint_hash(endpoint_hash(0, &s->end.peer), &s->end.pre);
}

static gboolean pac_equal(gconstpointer a, gconstpointer b)
{
	const struct paa_session *x = a, *y = b;

	return endpoint_equal(&x->end.peer, &y->end.peer) &&
	       endpoint_equal(&x->end.pre, &y->end.pre);
}

/* ---- timers: a binary heap ---- */

static void heap_set(struct pana_paa *p, size_t place, struct paa_session *s)
{
	p->heap[place - 1] = s;
	s->heap_place = place;
}

static bool earlier(const struct pana_paa *p, size_t a, size_t b)
{
	return p->heap[a - 1]->due < p->heap[b - 1]->due;
}

static void heap_swap(struct pana_paa *p, size_t a, size_t b)
{
	struct paa_session *s = p->heap[a - 1];

	heap_set(p, a, p->heap[b - 1]);
	heap_set(p, b, s);
}

static void heap_settle(struct pana_paa *p, size_t place)
{
	for (; place > 1 && earlier(p, place, place / 2); place /= 2)
		heap_swap(p, place, place / 2);
	while (2 * place <= p->heap_size) {
		size_t child = 2 * place;

		if (child < p->heap_size && earlier(p, child + 1, child))
			child++;
		if (!earlier(p, child, place))
			break;
		heap_swap(p, child, place);
		place = child;
	}
}

static void heap_remove(struct pana_paa *p, struct paa_session *s)
{
	size_t place = s->heap_place;

	if (!place)
		return;
	s->heap_place = 0;
	if (place != p->heap_size) {
		heap_set(p, place, p->heap[p->heap_size - 1]);
		p->heap_size--;
		heap_settle(p, place);
	} else {
		p->heap_size--;
	}
}

static void wake_at_earliest(struct pana_paa *p)
{
	role_timer(&p->role, 0, p->heap_size ? p->heap[0]->due : 0);
}

static void session_timer(struct pana_end *e, enum end_timer timer, uint64_t at)
{
	struct paa_session *s = (struct paa_session *)e;
	struct pana_paa *p = s->paa;
	uint64_t due = 0;

	(void)timer;
	(void)at;
	for (enum end_timer t = 0; t < END_TIMERS; t++) {
		if (e->due[t] && (!due || e->due[t] < due))
			due = e->due[t];
	}
	if (due == s->due)
		return;
	s->due = due;
	if (!due) {
		heap_remove(p, s);
	} else {
		if (!s->heap_place)
			heap_set(p, ++p->heap_size, s);
		heap_settle(p, s->heap_place);
	}
	wake_at_earliest(p);
}

struct paa_session *paa_session_due(struct pana_paa *p, uint64_t now, enum end_timer *timer)
{
	struct paa_session *s = p->heap_size ? p->heap[0] : NULL;

	if (!s || s->due > now)
		return NULL;
	for (enum end_timer t = 0; t < END_TIMERS; t++) {
		if (s->end.due[t] == s->due)
			*timer = t;
	}
	return s;
}

/* ---- finding ---- */

struct paa_session *paa_session_of_id(const struct pana_paa *p, uint32_t session_id)
{
	struct paa_session key = {.end.session_id = session_id};

	return g_hash_table_lookup(p->by_id, &key);
}

struct paa_session *paa_session_of_pac(const struct pana_paa *p, const struct endpoint *pac,
				       const struct endpoint *pre)
{
	struct paa_session key = {.end.peer = *pac, .end.pre = *pre};

	return g_hash_table_lookup(p->by_pac, &key);
}

static void forget_pac(struct paa_session *s)
{
	if (g_hash_table_lookup(s->paa->by_pac, s) == s)
		g_hash_table_remove(s->paa->by_pac, s);
}

static void enqueue(struct paa_session *s)
{
	GQueue *queue =
		s->end.opened && s->end.state != PAA_CLOSED ? &s->paa->open : &s->paa->pending;

	if (s->queue)
		g_queue_unlink(s->queue, &s->link);
	s->queue = queue;
	g_queue_push_tail_link(queue, &s->link);
}

static void session_free(struct paa_session *s)
{
	struct pana_paa *p = s->paa;

	if (p->current == s) {
		p->last_state = s->end.state;
		p->current = NULL;
	}
	heap_remove(p, s);
	wake_at_earliest(p);
	forget_pac(s);
	g_hash_table_remove(p->by_id, s);
	g_queue_unlink(s->queue, &s->link);
	eap_server_free(s->end.eap_server);
	eap_pass_free(s->end.eap_pass);
	end_clear(&s->end);
	secret_wipe(s, sizeof(*s));
	free(s);
}

/* How long a session that the PaC has ended may be asked for its last answer again: as long as ten
 * transmissions take (RFC 5191 9), and some. */
enum { LINGER = 240 };

static void session_closed(struct pana_end *e, bool linger)
{
	struct paa_session *s = (struct paa_session *)e;

	s->over = !linger;
	if (e->eap_pass)
		eap_pass_end(e->eap_pass);
	if (linger)
		end_timer(e, END_SESSION, LINGER);
}

const struct end_ops paa_ops = {
	.table = paa_table,
	.states = paa_state_names,
	.timer = session_timer,
	.closed = session_closed,
};

/* ---- life ---- */

void paa_sessions_init(struct pana_paa *p)
{
	p->by_id = g_hash_table_new(id_hash, id_equal);
	p->by_pac = g_hash_table_new(pac_hash, pac_equal);
	g_queue_init(&p->pending);
	g_queue_init(&p->open);
	p->heap = g_new0(struct paa_session *, PAA_SESSIONS_MAX);
}

void paa_sessions_clear(struct pana_paa *p)
{
	while (p->pending.head)
		session_free(p->pending.head->data);
	while (p->open.head)
		session_free(p->open.head->data);
	g_hash_table_destroy(p->by_id);
	g_hash_table_destroy(p->by_pac);
	g_free(p->heap);
}

static bool make_room(struct pana_paa *p)
{
	unsigned all = p->pending.length + p->open.length;

	if (p->pending.length >= PAA_PENDING_MAX || (all >= PAA_SESSIONS_MAX && p->pending.length))
		session_free(p->pending.head->data);
	return p->pending.length + p->open.length < PAA_SESSIONS_MAX;
}

static uint32_t free_id(struct pana_paa *p)
{
	uint32_t id;

	do
		role_random(&p->role, (uint8_t *)&id, sizeof(id));
	while (id == 0 || paa_session_of_id(p, id));
	return id;
}

struct paa_session *paa_session_new(struct pana_paa *p, const struct endpoint *pac,
				    const struct endpoint *pre, uint32_t session_id)
{
	struct paa_session *s;

	if ((session_id && paa_session_of_id(p, session_id)) || !make_room(p))
		return NULL;
	s = calloc(1, sizeof(*s));
	if (!s)
		abort();
	end_init(&s->end, &p->role, END_PAA, &paa_ops);
	s->paa = p;
	s->link.data = s;
	s->end.peer = *pac;
	s->end.pre = *pre;
	s->end.session_id = session_id ? session_id : free_id(p);
	if (p->role.settings.radius.address.family)
		s->end.eap_pass = eap_pass_new(&p->role, &p->identifiers, &s->end.peer, s);
	else
		s->end.eap_server = eap_server_new(&p->role);
	g_hash_table_add(p->by_id, s);
	g_hash_table_replace(p->by_pac, s, s);
	enqueue(s);
	p->current = s;
	return s;
}

void paa_session_take(struct paa_session *s)
{
	forget_pac(s);
	s->paa->current = s;
}

void paa_session_put(struct paa_session *s)
{
	if (s->over) {
		session_free(s);
		return;
	}
	g_hash_table_replace(s->paa->by_pac, s, s);
	enqueue(s);
}
