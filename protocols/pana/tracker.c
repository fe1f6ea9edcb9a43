/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which session a message belongs to, and who in it is PaC and who PAA.
 *
 * A session is found by its identifier and the PAA (RFC 5191 2: an identifier is unique within the
 * PAA), so that a PaC may change its address (5.6). Before there is an identifier, and to see
 * answers that carry another one, by the pair of endpoints. A relayed message is judged as one
 * between the PaC that PaC-Information names and the PAA (RFC 6345 2).
 */
#include "session.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

struct pana_tracker {
	struct conversation_table *sessions;
	struct key_store *keys;
	GHashTable *pairs; /* struct pair → the newest session between the two */
};

/* Hashed and compared as memory: always made by pair_of. */
struct pair {
	struct endpoint pac;
	struct endpoint paa;
};

static struct pair pair_of(const struct endpoint *pac, const struct endpoint *paa)
{
	struct pair pair;

	memset(&pair, 0, sizeof(pair));
	pair.pac.address = pac->address;
	pair.pac.port = pac->port;
	pair.paa.address = paa->address;
	pair.paa.port = paa->port;
	return pair;
}

static guint pair_hash(gconstpointer key)
{
	return flow_hash(0, key, sizeof(struct pair));
}

static gboolean pair_equal(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, sizeof(struct pair)) == 0;
}

struct pana_tracker *pana_tracker_new(struct key_store *keys, size_t limit,
				      conversation_closed *closed, void *context)
{
	struct pana_tracker *t = calloc(1, sizeof(*t));

	if (!t)
		abort();
	t->keys = keys;
	t->sessions = conversation_table_new(limit, closed, context);
	t->pairs = g_hash_table_new_full(pair_hash, pair_equal, g_free, NULL);
	return t;
}

void pana_tracker_free(struct pana_tracker *t)
{
	if (!t)
		return;
	conversation_table_free(t->sessions);
	g_hash_table_destroy(t->pairs);
	free(t);
}

struct key_store *pana_tracker_keys(const struct pana_tracker *t)
{
	return t->keys;
}

static void remember_pair(struct pana_tracker *t, struct pana_session *s)
{
	const struct pair pair = pair_of(&s->pac, &s->paa);

	g_hash_table_replace(t->pairs, g_memdup2(&pair, sizeof(pair)), s);
}

void pana_tracker_forget(struct pana_tracker *t, const struct pana_session *s)
{
	const struct pair pair = pair_of(&s->pac, &s->paa);

	if (g_hash_table_lookup(t->pairs, &pair) == s)
		g_hash_table_remove(t->pairs, &pair);
}

/* ---- finding ---- */

static uint32_t session_hash(uint32_t session_id, const struct endpoint *pac)
{
	uint32_t hash = flow_hash(0, &session_id, sizeof(session_id));

	/* Without an identifier the PaC tells sessions apart. */
	return session_id ? hash : endpoint_hash(hash, pac);
}

struct wanted {
	uint32_t session_id;
	const struct passage *passage;
};

static bool has_id_and_paa(const struct conversation *c, const void *key)
{
	const struct pana_session *s = (const struct pana_session *)c;
	const struct wanted *w = key;

	return s->session_id == w->session_id &&
	       (address_equal(&s->paa.address, &w->passage->source.address) ||
		address_equal(&s->paa.address, &w->passage->destination.address));
}

static bool has_id_and_both_ends(const struct conversation *c, const void *key)
{
	const struct pana_session *s = (const struct pana_session *)c;
	const struct wanted *w = key;

	return has_id_and_paa(c, key) && (endpoint_equal(&s->pac, &w->passage->source) ||
					  endpoint_equal(&s->pac, &w->passage->destination));
}

static struct pana_session *find_by_id(const struct pana_tracker *t, const struct pana_message *m,
				       const struct passage *p)
{
	const struct wanted wanted = {m->session_id, p};
	struct conversation *c;
	uint32_t hash;

	if (!m->session_id)
		return NULL;
	hash = session_hash(m->session_id, NULL);
	c = conversation_find(t->sessions, hash, has_id_and_both_ends, &wanted);
	if (!c) /* the PaC has moved, or it is another session's identifier */
		c = conversation_find(t->sessions, hash, has_id_and_paa, &wanted);
	return (struct pana_session *)c;
}

static struct pana_session *find_by_pair(const struct pana_tracker *t, const struct endpoint *pac,
					 const struct endpoint *paa)
{
	const struct pair pair = pair_of(pac, paa);

	return g_hash_table_lookup(t->pairs, &pair);
}

/* Who sends, where no session tells: by what the message is, then by who uses port 716 (RFC 5191
 * 6.1: the one that did not begin; mostly it is the PaC that begins). */
static enum pana_side guess_sender(const struct pana_message *m, const struct passage *p)
{
	bool marked = m->flags & (PANA_FLAG_S | PANA_FLAG_C);

	if (m->kind == PANA_PCI || (m->kind == PANA_PAN && marked))
		return SIDE_PAC;
	if (m->kind == PANA_PAR && marked)
		return SIDE_PAA;
	return p->source.port == PANA_PORT && p->destination.port != PANA_PORT ? SIDE_PAA
									       : SIDE_PAC;
}

static enum pana_side sender_in(const struct pana_session *s, const struct pana_message *m,
				const struct passage *p)
{
	if (endpoint_equal(&p->source, &p->destination))
		return guess_sender(m, p);
	if (endpoint_equal(&p->source, &s->pac))
		return SIDE_PAC;
	if (endpoint_equal(&p->destination, &s->pac) || endpoint_equal(&p->source, &s->paa))
		return SIDE_PAA;
	if (endpoint_equal(&p->destination, &s->paa))
		return SIDE_PAC;
	return address_equal(&p->source.address, &s->paa.address) ? SIDE_PAA : SIDE_PAC;
}

static struct pana_session *add_session(struct pana_tracker *t, const struct pana_message *m,
					const struct passage *p, enum pana_side from)
{
	struct pana_session *s = pana_session_new(t);

	s->pac = from == SIDE_PAC ? p->source : p->destination;
	s->paa = from == SIDE_PAC ? p->destination : p->source;
	s->session_id = m->session_id;
	s->from_start = m->kind == PANA_PCI || (m->kind == PANA_PAR && m->flags & PANA_FLAG_S);
	conversation_add(t->sessions, &s->base, session_hash(s->session_id, &s->pac));
	remember_pair(t, s);
	return s;
}

/* Its lifetime has run out: neither side knows of it any more (RFC 5191 5.7). */
static bool is_over(const struct pana_session *s, const struct passage *p)
{
	return s->lifetime && p->time > s->lifetime_end;
}

/* A PCI carries no identifier: it is of the session between the two that is not over. */
static struct pana_session *session_of_pci(struct pana_tracker *t, const struct pana_message *m,
					   const struct passage *p)
{
	struct pana_session *s = find_by_pair(t, &p->source, &p->destination);

	if (s && s->phase != PANA_PHASE_CLOSED && !is_over(s, p))
		return s;
	return add_session(t, m, p, SIDE_PAC);
}

/* The PAA gives the session that a PCI began its identifier (RFC 5191 4.1). */
static struct pana_session *adopt(struct pana_tracker *t, const struct pana_message *m,
				  const struct passage *p, enum pana_side from)
{
	const struct endpoint *pac = from == SIDE_PAC ? &p->source : &p->destination;
	const struct endpoint *paa = from == SIDE_PAC ? &p->destination : &p->source;
	struct pana_session *s = find_by_pair(t, pac, paa);

	if (!s || s->phase != PANA_PHASE_INITIATION || s->session_id)
		return NULL;
	s->session_id = m->session_id;
	conversation_rehash(t->sessions, &s->base, session_hash(s->session_id, &s->pac));
	return s;
}

/* An answer under an unknown identifier, to a request that is outstanding between the two. */
static void note_foreign_id(struct pana_tracker *t, const struct pana_message *m,
			    const struct passage *p, struct reader *r)
{
	const struct pana_session *s = find_by_pair(t, &p->source, &p->destination);
	enum pana_side from = SIDE_PAC;
	const struct pana_requests *q;
	char wanted[32];

	if (m->flags & PANA_FLAG_R)
		return;
	if (!s) {
		s = find_by_pair(t, &p->destination, &p->source);
		from = SIDE_PAA;
	}
	if (!s)
		return;
	q = &s->requests[!from];
	if (!q->seen || q->answered || q->sequence != m->sequence)
		return;
	g_snprintf(wanted, sizeof(wanted), "0x%08x", s->session_id);
	reader_note(r, R(SID_KNOWN), F(SESSION_ID), m->origin + 8, 4, wanted, "0x%08x",
		    m->session_id);
}

static void note_shared_id(const struct pana_session *s, const struct pana_message *m,
			   const struct passage *p, struct reader *r)
{
	char text[ENDPOINT_TEXT_SIZE];

	if (m->kind != PANA_PAR || !(m->flags & PANA_FLAG_S) || s->phase == PANA_PHASE_CLOSED ||
	    endpoint_equal(&p->destination, &s->pac))
		return;
	reader_note(r, R(SID_UNIQUE), F(SESSION_ID), m->origin + 8, 4,
		    "an identifier that no other session of the PAA has",
		    "0x%08x, which is that of %s too", m->session_id, endpoint_text(&s->pac, text));
}

static bool starts_another(const struct pana_session *s, const struct pana_message *m,
			   const struct passage *p)
{
	return m->kind == PANA_PAR && m->flags & PANA_FLAG_S &&
	       (s->phase == PANA_PHASE_CLOSED || !endpoint_equal(&p->destination, &s->pac)) &&
	       endpoint_equal(&p->source, &s->paa);
}

/* The session that a new initial PAR takes the identifier from is no longer found by it. */
static void retire(struct pana_tracker *t, struct pana_session *s)
{
	s->session_id = 0;
	s->phase = PANA_PHASE_CLOSED;
	conversation_rehash(t->sessions, &s->base, session_hash(0, &s->pac));
}

static struct pana_session *find_session(struct pana_tracker *t, const struct pana_message *m,
					 const struct passage *p, struct reader *r)
{
	struct pana_session *s;
	enum pana_side from;

	if (m->kind == PANA_PCI)
		return session_of_pci(t, m, p);
	s = find_by_id(t, m, p);
	if (s && starts_another(s, m, p)) {
		note_shared_id(s, m, p, r);
		if (s->phase == PANA_PHASE_CLOSED)
			retire(t, s);
		s = NULL;
	}
	if (s)
		return s;
	from = guess_sender(m, p);
	s = adopt(t, m, p, from);
	if (s)
		return s;
	note_foreign_id(t, m, p, r);
	return add_session(t, m, p, from);
}

/* ---- feeding ---- */

/* RFC 5191 5.6: the PaC has moved. A message that proves nothing moves nothing. */
static void follow_address(struct pana_tracker *t, struct pana_step *step)
{
	struct pana_session *s = step->s;
	const struct endpoint *source = &step->passage->source;
	char text[ENDPOINT_TEXT_SIZE];

	if (step->from != SIDE_PAC || endpoint_equal(source, &s->pac) || step->forged)
		return;
	if (s->sa.established && !step_has(step, PANA_AVP_AUTH)) {
		step_note(step, ADDRESS_PROTECTED, AUTH, 0, 0,
			  "AUTH in a message from a new address", "none, from %s",
			  endpoint_text(source, text));
		return;
	}
	pana_tracker_forget(t, s);
	s->pac = *source;
	remember_pair(t, s);
}

static struct conversation *feed(struct pana_tracker *t, const struct passage *p,
				 const struct pana_message *m, const struct endpoint *pre,
				 struct reader *r)
{
	struct pana_session *s = find_session(t, m, p, r);
	struct pana_step step = {.s = s, .passage = p, .m = m, .avps = &m->avps, .r = r};

	if (pre)
		s->pre = *pre;
	step.from = sender_in(s, m, p);
	conversation_use(t->sessions, &s->base, p);
	pana_session_step(&step);
	follow_address(t, &step);
	return &s->base;
}

/* ---- relay ---- */

static struct endpoint pac_information(const struct pana_message *pry)
{
	const struct octets value = pry->avps.found[PANA_AVP_PAC_INFORMATION].value;
	struct walk w = walk_of(value.octets, value.length, NULL);
	struct endpoint e = {0};

	if (value.length != 6 && value.length != 18)
		return e;
	e.address = address_of(value.length == 6 ? ADDRESS_IPV4 : ADDRESS_IPV6,
			       walk_octets(&w, NULL, value.length - 2));
	e.port = walk_u16(&w, NULL);
	return e;
}

/* RFC 6345 2: the PRE sends to the PAA's port 716 from a port of its own. Where both are 716, the
 * relayed message tells. */
static enum pana_side relay_sender(const struct pana_tracker *t, const struct pana_message *inner,
				   const struct passage *p)
{
	const struct pana_session *s = find_by_id(t, inner, p);

	if (p->source.port != p->destination.port)
		return p->destination.port == PANA_PORT ? SIDE_PAC : SIDE_PAA;
	if (s && !address_equal(&p->source.address, &p->destination.address))
		return address_equal(&p->source.address, &s->paa.address) ? SIDE_PAA : SIDE_PAC;
	return inner->kind == PANA_PAR ? SIDE_PAA : SIDE_PAC;
}

static void note_relay(struct pana_session *s, enum pana_side from, const struct passage *p,
		       const struct pana_message *pry, const struct endpoint *pac, struct reader *r)
{
	const struct pana_avp_found *found = &pry->avps.found[PANA_AVP_PAC_INFORMATION];
	uint32_t digest = flow_hash(0, pry->octets.octets, pry->octets.length);
	char wanted[ENDPOINT_TEXT_SIZE], text[ENDPOINT_TEXT_SIZE];

	if (from == SIDE_PAA && s->base.messages && !endpoint_equal(pac, &s->pac))
		reader_note(r, R(PRY_PAC_COPIED), F(PAC_INFORMATION), found->value_offset,
			    found->value.length, endpoint_text(&s->pac, wanted), "%s",
			    endpoint_text(pac, text));
	if (s->relay_digest[from] == digest && p->time - s->relay_time[from] < 900000000u)
		reader_note(r, R(PRY_RETRANSMITTED), F(MESSAGE), pry->origin, pry->octets.length,
			    "once", "again after %.3f s",
			    (double)(p->time - s->relay_time[from]) / 1e9);
	s->relay_digest[from] = digest;
	s->relay_time[from] = p->time;
}

static struct conversation *feed_relayed(struct pana_tracker *t, const struct passage *p,
					 const struct pana_message *messages, struct reader *r)
{
	const struct pana_message *inner = &messages[1];
	const struct endpoint pac = pac_information(&messages[0]);
	enum pana_side from = relay_sender(t, inner, p);
	struct passage through = *p;
	const struct endpoint *pre = from == SIDE_PAC ? &p->source : &p->destination;
	struct pana_session *s;

	*(from == SIDE_PAC ? &through.source : &through.destination) = pac;
	s = find_by_id(t, inner, &through);
	if (!s)
		s = find_by_pair(t, &pac, from == SIDE_PAC ? &p->destination : &p->source);
	if (s) {
		note_relay(s, from, p, &messages[0], &pac, r);
		if (from == SIDE_PAA)
			through.destination = s->pac;
	}
	return feed(t, &through, inner, pre, r);
}

struct conversation *pana_track(struct pana_tracker *t, const struct passage *p,
				const struct pana_message *messages, unsigned count,
				struct reader *r)
{
	if (count == 0 || !messages[0].complete)
		return NULL;
	if (messages[0].kind != PANA_PRY)
		return feed(t, p, &messages[0], NULL, r);
	if (count > 1 && messages[1].complete && messages[1].kind != PANA_PRY &&
	    pac_information(&messages[0]).address.family)
		return feed_relayed(t, p, messages, r);
	return NULL;
}
