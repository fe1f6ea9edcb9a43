/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay_script.h"

#include <string.h>

#include "capture.h"
#include "evidence.h"
#include "replay.h"
#include "stack.h"

bool replay_role_known(const char *role)
{
	static const char *const roles[] = {"pana.pac", "pana.paa", "eap.peer", "eap.server", NULL};

	return g_strv_contains(roles, role);
}

/* ---- lines ---- */

static void line_free(gpointer data)
{
	struct replay_line *l = data;

	reading_clear(&l->reading);
	if (l->message)
		g_free((gpointer)l->message->octets.octets);
	g_free(l->message);
	g_free(l);
}

static struct replay_line *line_new(const struct protocol *protocol,
				    const struct capture_payload *payload)
{
	struct replay_line *l = g_new0(struct replay_line, 1);
	struct octets octets = {g_memdup2(payload->octets, MAX(payload->length, 1)),
				payload->length};

	l->frame = payload->passage.frame;
	l->time = payload->passage.time;
	l->source = payload->passage.source;
	l->destination = payload->passage.destination;
	l->message = g_new0(struct message, 1);
	message_read(l->message, protocol, octets);
	return l;
}

const struct seen *replay_line_find(const struct replay_line *l, const char *field)
{
	for (guint i = 0; i < l->reading.seen->len; i++) {
		const struct seen *s = &g_array_index(l->reading.seen, struct seen, i);

		if (!s->group && strcmp(s->field->name, field) == 0)
			return s;
	}
	return NULL;
}

/* ---- who is who ---- */

/* Who of the two sends such a message: 1 PaC, -1 PAA, 0 either may. */
static int side_of(const struct pana_message *m)
{
	bool first_or_last = m->flags & (PANA_FLAG_S | PANA_FLAG_C);

	if (m->kind == PANA_PCI || (m->kind == PANA_PAN && first_or_last))
		return 1;
	return m->kind == PANA_PAR && first_or_last ? -1 : 0;
}

/* The PAA's endpoint, or the RADIUS server's. */
static struct endpoint server_of(const struct protocol *protocol, const GPtrArray *lines)
{
	const struct replay_line *l = g_ptr_array_index(lines, 0);

	for (guint i = 0; i < lines->len; i++) {
		int side;

		l = g_ptr_array_index(lines, i);
		side = protocol == &pana_protocol ? side_of(&l->message->pana[0])
		       : l->message->radius.code == RADIUS_ACCESS_REQUEST ? 1
									  : -1;
		if (side)
			return side > 0 ? l->destination : l->source;
	}
	return l->source.port == PANA_PORT ? l->source : l->destination;
}

static bool same_octets(const struct replay_line *a, const struct replay_line *b)
{
	const struct octets *x = &a->message->octets, *y = &b->message->octets;

	return a->own == b->own && x->length == y->length &&
	       memcmp(x->octets, y->octets, x->length) == 0;
}

static void assign(struct replay_script *s)
{
	struct endpoint server = server_of(s->protocol, s->lines);
	bool as_server = strcmp(s->role, "pana.paa") == 0 || strcmp(s->role, "eap.server") == 0;

	for (guint i = 0; i < s->lines->len; i++) {
		struct replay_line *l = g_ptr_array_index(s->lines, i);

		l->own = endpoint_equal(&l->source, &server) == as_server;
		for (guint before = 0; before < i && !l->again; before++)
			l->again = same_octets(l, g_ptr_array_index(s->lines, before));
	}
}

/* ---- reading the capture ---- */

/* All conversations of the protocol, while the capture is read. */
struct gatherer {
	const struct protocol *protocol;
	GPtrArray *conversations; /* of GPtrArray * of struct replay_line * */
};

static GPtrArray *lines_of(struct gatherer *g, struct conversation *c)
{
	if (!c->attachment) {
		c->attachment = g_ptr_array_new_with_free_func(line_free);
		g_ptr_array_add(g->conversations, c->attachment);
	}
	return c->attachment;
}

static void take(struct gatherer *g, struct stack *stack, const struct capture_payload *payload)
{
	bool ours = stack_protocol(payload) == g->protocol && payload->kind == PAYLOAD_UDP;
	struct replay_line *l = ours ? line_new(g->protocol, payload) : NULL;
	struct stack_told told;
	GPtrArray *lines;

	if (l)
		reading_init(&l->reading);
	told = stack_feed(stack, payload, l ? &l->reading.reader : NULL);
	if (!l)
		return;
	lines = told.conversation && !told.truncated && l->message->readable &&
				(g->protocol != &pana_protocol || l->message->pana_count == 1)
			? lines_of(g, told.conversation)
			: NULL;
	if (lines && lines->len < REPLAY_LINES_MAX)
		g_ptr_array_add(lines, l);
	else
		line_free(l);
}

static bool gather(struct gatherer *g, const char *path, const struct key_store *keys, char *error,
		   size_t error_size)
{
	struct capture *capture = capture_open_file(path, NULL, error, error_size);
	struct key_store *own = evidence_copy_keys(keys);
	struct stack *stack = stack_new(own, 0, NULL, NULL);
	struct capture_payload payload;
	enum capture_status status = CAPTURE_BROKEN;

	while (capture && (status = capture_next(capture, &payload)) == CAPTURE_PAYLOAD)
		take(g, stack, &payload);
	if (capture && status == CAPTURE_BROKEN)
		g_strlcpy(error, capture_error(capture), error_size);
	stack_free(stack);
	key_store_free(own);
	capture_free(capture);
	return status == CAPTURE_END;
}

/* True if the conversation's first messages are there. ERP begins with keys of another one. */
static bool is_whole(const struct protocol *protocol, const GPtrArray *lines)
{
	const struct message *m = ((struct replay_line *)g_ptr_array_index(lines, 0))->message;

	if (protocol != &pana_protocol)
		return m->has_eap && m->radius.code == RADIUS_ACCESS_REQUEST &&
		       m->eap.code != EAP_INITIATE;
	return m->pana[0].kind == PANA_PCI ||
	       (m->pana[0].kind == PANA_PAR && m->pana[0].flags & PANA_FLAG_S);
}

/* True if both sides have said something. */
static bool is_mutual(const GPtrArray *lines)
{
	const struct replay_line *first = g_ptr_array_index(lines, 0);

	for (guint i = 1; i < lines->len; i++) {
		const struct replay_line *l = g_ptr_array_index(lines, i);

		if (!endpoint_equal(&l->source, &first->source))
			return true;
	}
	return false;
}

static GPtrArray *choose(struct gatherer *g, const char *path, unsigned *number, char *error,
			 size_t error_size)
{
	const char *what =
		g->protocol == &pana_protocol ? "PANA session" : "EAP conversation in RADIUS";

	if (!g->conversations->len || *number > g->conversations->len) {
		g_snprintf(error, (gulong)error_size, "%s: wanted %s %u, found %u of them", path,
			   what, MAX(*number, 1U), g->conversations->len);
		return NULL;
	}
	for (guint i = 0; i < g->conversations->len; i++) {
		GPtrArray *lines = g_ptr_array_index(g->conversations, i);

		if ((*number && *number != i + 1) || !is_whole(g->protocol, lines) ||
		    !is_mutual(lines))
			continue;
		*number = i + 1;
		return lines;
	}
	g_snprintf(error, (gulong)error_size, "%s: no %s is there from its beginning", path, what);
	return NULL;
}

struct replay_script *replay_script_load(const char *path, const char *role, unsigned number,
					 const struct key_store *keys, unsigned *count, char *error,
					 size_t error_size)
{
	struct gatherer g = {message_protocol(role),
			     g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref)};
	struct replay_script *s = NULL;
	GPtrArray *lines = NULL;

	if (gather(&g, path, keys, error, error_size))
		lines = choose(&g, path, &number, error, error_size);
	if (lines) {
		s = g_new0(struct replay_script, 1);
		s->path = g_strdup(path);
		s->role = g_strdup(role);
		s->opposite = target_opposite(role);
		s->protocol = g.protocol;
		s->conversation = number;
		s->conversations = g.conversations->len;
		s->lines = g_ptr_array_ref(lines);
		assign(s);
	}
	if (count)
		*count = g.conversations->len;
	g_ptr_array_free(g.conversations, TRUE);
	return s;
}

void replay_script_free(struct replay_script *s)
{
	if (!s)
		return;
	g_ptr_array_unref(s->lines);
	g_free(s->path);
	g_free(s->role);
	g_free(s);
}

/* ---- messages by name ---- */

static const char *radius_kind(uint8_t code)
{
	switch (code) {
	case RADIUS_ACCESS_REQUEST:
		return "Access-Request";
	case RADIUS_ACCESS_ACCEPT:
		return "Access-Accept";
	case RADIUS_ACCESS_REJECT:
		return "Access-Reject";
	default:
		return "Access-Challenge";
	}
}

struct case_message *replay_message_of(const struct message *m)
{
	/* RFC 5191 6.2: S and C belong to PAR and PAN, A and P to PNR and PNA. */
	static const struct {
		uint16_t flag, type;
		const char *word;
	} flags[] = {
		{PANA_FLAG_S, PANA_AUTH, "S"},
		{PANA_FLAG_C, PANA_AUTH, "C"},
		{PANA_FLAG_A, PANA_NOTIFICATION, "reauth"},
		{PANA_FLAG_P, PANA_NOTIFICATION, "ping"},
	};
	struct case_message *named = g_new0(struct case_message, 1);
	const struct pana_message *p = &m->pana[0];

	named->words = g_ptr_array_new_with_free_func(g_free);
	if (m->protocol != &pana_protocol) {
		named->kind = g_strdup(radius_kind(m->radius.code));
		return named;
	}
	named->kind = g_strdup(p->kind < PANA_KINDS ? pana_kind_abbreviation(p->kind) : "any");
	for (size_t i = 0; p->kind < PANA_KINDS && i < G_N_ELEMENTS(flags); i++)
		if (p->flags & flags[i].flag && p->type == flags[i].type)
			g_ptr_array_add(named->words, g_strdup(flags[i].word));
	return named;
}

void replay_message_free(struct case_message *m)
{
	if (!m)
		return;
	g_ptr_array_free(m->words, TRUE);
	g_free(m->kind);
	g_free(m);
}

const char *replay_trigger(const struct replay_script *s, guint index)
{
	const struct replay_line *l = g_ptr_array_index(s->lines, index);
	const struct replay_line *last = index ? g_ptr_array_index(s->lines, index - 1) : NULL;
	const struct pana_message *m = &l->message->pana[0];
	const struct pana_message *before = last ? &last->message->pana[0] : NULL;

	if (s->protocol != &pana_protocol)
		return index || target_is_client(s->role) ? NULL : "start";
	if (m->kind == PANA_PCI || (!before && m->kind == PANA_PAR))
		return "start";
	if (m->kind == PANA_PTR)
		return "terminate";
	if (m->kind == PANA_PNR)
		return m->flags & PANA_FLAG_P ? "ping" : "reauth";
	if (m->kind == PANA_PAR && before &&
	    ((before->kind == PANA_PAN && before->flags & PANA_FLAG_C) ||
	     (before->kind == PANA_PNA && before->flags & PANA_FLAG_P)))
		return "reauth";
	return NULL;
}
