/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The role eap.server: a RADIUS server with an EAP server behind each conversation (RFC 3579). A
 * conversation is told by the State that it was given; a request seen before gets the reply it got
 * before (RFC 5080 2.2.2). What EAP discards silently is not answered at all (RFC 3579 2.2 leaves
 * that open). An Access-Accept hands the MSK on (RFC 2548 2.4; RFC 3748 7.10).
 *
 * At most SESSIONS_MAX conversations are kept; the one that has been silent longest makes room.
 */
#include <glib.h>
#include <string.h>

#include "eap_describe.h"
#include "eap_faults.h"
#include "eap_role.h"
#include "kinds.h"
#include "radius_role.h"

enum { SESSIONS_MAX = 1024, STATE_LENGTH = 16, MSK_HALF = 32 };

/* A request, as a duplicate of it has it. */
struct request_name {
	struct endpoint client;
	uint8_t id;
};

struct session {
	uint8_t state[STATE_LENGTH]; /* the key of by_state */
	struct request_name request; /* the newest: the key of by_request */
	uint8_t authenticator[RADIUS_AUTHENTICATOR_LENGTH];
	struct eap_server *eap;
	uint8_t *reply; /* to the newest request, or NULL */
	size_t reply_length;
	GList link; /* in the order of use */
};

struct radius_server {
	struct role role;
	GHashTable *by_state, *by_request;
	GQueue used; /* sessions, the newest first */
};

static struct radius_server *server_of(struct role *r)
{
	return (struct radius_server *)r;
}

/* ---- sessions ---- */

static guint hash_state(const void *key)
{
	return flow_hash(0, key, STATE_LENGTH);
}

static gboolean same_state(const void *a, const void *b)
{
	return !memcmp(a, b, STATE_LENGTH);
}

static guint hash_request(const void *key)
{
	const struct request_name *n = key;

	return endpoint_hash(n->id, &n->client);
}

static gboolean same_request(const void *a, const void *b)
{
	const struct request_name *x = a, *y = b;

	return x->id == y->id && endpoint_equal(&x->client, &y->client);
}

static void forget_request(struct radius_server *s, struct session *c)
{
	if (g_hash_table_lookup(s->by_request, &c->request) == c)
		g_hash_table_remove(s->by_request, &c->request);
	g_free(c->reply);
	c->reply = NULL;
	c->reply_length = 0;
}

static void drop(struct radius_server *s, struct session *c)
{
	forget_request(s, c);
	g_hash_table_remove(s->by_state, c->state);
	g_queue_unlink(&s->used, &c->link);
	eap_server_free(c->eap);
	g_free(c);
}

static struct session *add(struct radius_server *s)
{
	struct session *c = g_new0(struct session, 1);

	if (g_queue_get_length(&s->used) >= SESSIONS_MAX)
		drop(s, g_queue_peek_tail(&s->used));
	do
		role_random(&s->role, c->state, sizeof(c->state));
	while (g_hash_table_contains(s->by_state, c->state));
	c->eap = eap_server_new(&s->role);
	c->link.data = c;
	g_hash_table_insert(s->by_state, c->state, c);
	g_queue_push_head_link(&s->used, &c->link);
	return c;
}

/* The request is now the conversation's newest. */
static void use(struct radius_server *s, struct session *c, const struct request_name *request,
		const uint8_t *authenticator)
{
	forget_request(s, c);
	c->request = *request;
	memcpy(c->authenticator, authenticator, sizeof(c->authenticator));
	g_hash_table_replace(s->by_request, &c->request, c);
	g_queue_unlink(&s->used, &c->link);
	g_queue_push_head_link(&s->used, &c->link);
}

/* ---- replies ---- */

static enum radius_code code_of(const struct eap_output *out)
{
	if (out->success)
		return RADIUS_ACCESS_ACCEPT;
	return out->failure ? RADIUS_ACCESS_REJECT : RADIUS_ACCESS_CHALLENGE;
}

static void write_keys(struct radius_server *s, struct writer *w, const struct secret *msk,
		       struct octets secret)
{
	uint8_t salt[2];

	if (msk->length < 2 * MSK_HALF)
		return;
	role_random(&s->role, salt, sizeof(salt));
	radius_write_mppe_key(w, RADIUS_MPPE_RECV_KEY, (uint16_t)(salt[0] << 8 | salt[1]),
			      (struct octets){msk->octets, MSK_HALF}, secret);
	radius_write_mppe_key(w, RADIUS_MPPE_SEND_KEY, (uint16_t)(salt[0] << 8 | (salt[1] ^ 1)),
			      (struct octets){msk->octets + MSK_HALF, MSK_HALF}, secret);
}

static void reply(struct radius_server *s, struct session *c, const struct radius_parts *request,
		  const struct eap_output *out, struct octets secret)
{
	uint8_t octets[RADIUS_LENGTH_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	const char *identity = eap_server_identity(c->eap);

	radius_write_begin(&w, code_of(out), request->m.id, request->m.authenticator);
	if (code_of(out) == RADIUS_ACCESS_CHALLENGE)
		radius_write_attribute(&w, RADIUS_STATE,
				       (struct octets){c->state, sizeof(c->state)});
	if (out->success && identity && strlen(identity) <= RADIUS_VALUE_MAX)
		radius_write_attribute(
			&w, RADIUS_USER_NAME,
			(struct octets){(const uint8_t *)identity, strlen(identity)});
	radius_write_eap(&w, out->message);
	for (size_t i = 0; i < request->proxy_state_count; i++)
		radius_write_attribute(&w, RADIUS_PROXY_STATE, request->proxy_states[i]);
	if (out->success && s->role.settings.lifetime)
		radius_write_u32(&w, RADIUS_SESSION_TIMEOUT, s->role.settings.lifetime);
	if (out->success)
		write_keys(s, &w, eap_server_msk(c->eap), secret);
	if (radius_write_end_reply(&w, secret)) {
		c->reply = g_memdup2(octets, w.length);
		c->reply_length = w.length;
		role_send(&s->role, &c->request.client, octets, w.length);
	}
	secret_wipe(octets, sizeof(octets));
}

static void tell(struct radius_server *s, const struct session *c, const struct eap_output *out)
{
	const char *identity = eap_server_identity(c->eap);

	identity = identity ? identity : "an unnamed peer";
	if (out->success)
		role_event(&s->role, ROLE_AUTHENTICATED, "%s", identity);
	else if (out->failure)
		role_event(&s->role, ROLE_REFUSED, "%s: %s", identity, out->why ? out->why : "");
	else if (out->discarded)
		role_event(&s->role, ROLE_DISCARDED, "%s", out->why ? out->why : "");
}

/* ---- requests ---- */

/* The secret under which the request is signed, or NULL. */
static const struct key_row *secret_of(const struct radius_server *s,
				       const struct radius_parts *request,
				       const struct endpoint *client)
{
	const struct address *addresses[] = {&client->address, &s->role.settings.local.address};

	for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++) {
		const struct key_row *row = NULL;

		while ((row = radius_secret(&s->role, addresses[i], row)))
			if (radius_verify_request(request, radius_secret_octets(row)))
				return row;
	}
	return NULL;
}

/* True if it is a duplicate: it has got its reply again. */
static bool is_duplicate(struct radius_server *s, const struct request_name *name,
			 const struct radius_parts *request)
{
	struct session *c = g_hash_table_lookup(s->by_request, name);

	if (!c || !c->reply ||
	    memcmp(c->authenticator, request->m.authenticator, sizeof(c->authenticator)) != 0)
		return false;
	role_send(&s->role, &c->request.client, c->reply, c->reply_length);
	return true;
}

static struct session *session_of(struct radius_server *s, const struct radius_parts *request)
{
	struct session *c;

	if (request->m.has_state)
		return request->m.state.length == STATE_LENGTH
			       ? g_hash_table_lookup(s->by_state, request->m.state.octets)
			       : NULL;
	c = add(s);
	role_event(&s->role, ROLE_STARTED, "a conversation");
	return c;
}

static void answer(struct radius_server *s, const struct radius_parts *request,
		   const struct request_name *name, struct octets secret)
{
	uint8_t eap[RADIUS_EAP_MAX];
	size_t length = radius_eap_message(&request->m, eap, sizeof(eap));
	struct session *c = session_of(s, request);
	const struct eap_output *out;

	if (!c) {
		role_event(&s->role, ROLE_DISCARDED, "State is not one given out");
		return;
	}
	use(s, c, name, request->m.authenticator);
	/* RFC 3579 2.1: an EAP-Message without octets is EAP-Start. */
	out = length ? eap_server_receive(c->eap, (struct octets){eap, length})
		     : eap_server_start(c->eap);
	if (out->message.length)
		reply(s, c, request, out, secret);
	tell(s, c, out);
}

static void receive(struct role *r, const struct datagram *d)
{
	struct radius_server *s = server_of(r);
	struct radius_parts request;
	struct request_name name;
	const struct key_row *secret;

	if (!radius_read(d->octets, &request) || request.m.code != RADIUS_ACCESS_REQUEST) {
		role_event(r, ROLE_DISCARDED, "no Access-Request");
		return;
	}
	secret = secret_of(s, &request, &d->source);
	if (!secret) {
		role_event(r, ROLE_DISCARDED, "no Message-Authenticator that is right");
		return;
	}
	if (!request.m.eap_parts) {
		role_event(r, ROLE_DISCARDED, "no EAP-Message");
		return;
	}
	memset(&name, 0, sizeof(name));
	name.client = d->source;
	name.id = request.m.id;
	if (!is_duplicate(s, &name, &request))
		answer(s, &request, &name, radius_secret_octets(secret));
}

/* ---- for tests: of the conversation used last ---- */

static struct session *newest_of(struct role *r)
{
	return g_queue_peek_head(&server_of(r)->used);
}

static const struct key_row *first_secret(const struct role *r, const struct session *c)
{
	const struct key_row *row = radius_secret(r, &c->request.client.address, NULL);

	return row ? row : radius_secret(r, &r->settings.local.address, NULL);
}

static enum radius_code carrier_of(uint8_t eap_code)
{
	if (eap_code == EAP_SUCCESS)
		return RADIUS_ACCESS_ACCEPT;
	return eap_code == EAP_FAILURE ? RADIUS_ACCESS_REJECT : RADIUS_ACCESS_CHALLENGE;
}

/* A reply to the newest request. */
static bool craft(struct role *r, const char *kind, const char *const *words, size_t count,
		  struct writer *w)
{
	struct session *c = newest_of(r);
	uint8_t eap[RADIUS_LENGTH_MAX];
	struct writer inner = writer_of(eap, sizeof(eap));
	const struct key_row *row = c ? first_secret(r, c) : NULL;

	if (!row || !eap_server_craft(c->eap, kind, words, count, &inner))
		return false;
	radius_write_begin(w, carrier_of(eap[0]), c->request.id, c->authenticator);
	if (carrier_of(eap[0]) == RADIUS_ACCESS_CHALLENGE)
		radius_write_attribute(w, RADIUS_STATE,
				       (struct octets){c->state, sizeof(c->state)});
	radius_write_eap(w, (struct octets){eap, inner.length});
	return radius_write_end_reply(w, radius_secret_octets(row));
}

static bool seal(struct role *r, struct writer *w)
{
	struct session *c = newest_of(r);
	const struct key_row *row = c ? first_secret(r, c) : NULL;

	return row &&
	       radius_seal(w->octets, w->length, c->authenticator, radius_secret_octets(row));
}

static bool seal_end(void *server, uint8_t *octets, size_t length)
{
	return eap_server_seal(server, octets, length);
}

static bool seal_inner(struct role *r, struct writer *w)
{
	struct session *c = newest_of(r);

	return c && radius_seal_eap(w, seal_end, c->eap);
}

/* ---- the kind ---- */

static struct role *create(const struct role_settings *settings)
{
	struct radius_server *s = g_new0(struct radius_server, 1);

	(void)settings;
	s->by_state = g_hash_table_new(hash_state, same_state);
	s->by_request = g_hash_table_new(hash_request, same_request);
	g_queue_init(&s->used);
	return &s->role;
}

static void destroy(struct role *r)
{
	struct radius_server *s = server_of(r);

	while (g_queue_get_length(&s->used))
		drop(s, g_queue_peek_tail(&s->used));
	g_hash_table_destroy(s->by_state);
	g_hash_table_destroy(s->by_request);
	g_free(s);
}

static void start(struct role *r)
{
	(void)r; /* it waits for clients */
}

static void expired(struct role *r, unsigned timer)
{
	(void)r;
	(void)timer;
}

static bool command(struct role *r, const char *text)
{
	(void)r;
	(void)text;
	return false;
}

static const struct session *newest(const struct role *r)
{
	return g_queue_peek_head(&server_of((struct role *)(uintptr_t)r)->used);
}

static void describe(const struct role *r, struct reader *reader)
{
	const struct session *c = newest(r);

	if (c)
		eap_describe(reader, eap_server_identity(c->eap), eap_server_state(c->eap),
			     eap_server_msk(c->eap), eap_server_emsk(c->eap));
}

static const char *state(const struct role *r)
{
	const struct session *c = newest(r);

	return c ? eap_server_state(c->eap) : "DISABLED";
}

static const struct fault faults[] = {EAP_SERVER_FAULTS(FAULT_ROW)};
static const char *const commands[] = {NULL};

const struct role_kind eap_server_kind = {
	.name = "eap.server",
	.label = "EAP server",
	.summary = "EAP server behind RADIUS: EAP-PSK, EAP-GPSK, ERP",
	.faults = faults,
	.fault_count = G_N_ELEMENTS(faults),
	RADIUS_ROLE_OPERATIONS,
};
