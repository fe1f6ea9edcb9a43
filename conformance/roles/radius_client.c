/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The role eap.peer: an EAP peer and the NAS that it would sit behind, in one: a RADIUS client
 * (RFC 3579). The NAS asks the peer for its identity and carries what it says to the server; a
 * request is retransmitted unchanged as RFC 5080 2.2.1 has it. A further reply to the newest
 * request is taken too, so that a server may ask again where the peer has discarded its message.
 */
#include <glib.h>
#include <string.h>

#include "eap_describe.h"
#include "eap_faults.h"
#include "eap_role.h"
#include "erp_keys.h"
#include "kinds.h"
#include "radius_role.h"

/* RFC 5080 2.2.1: seconds and counts; IDLE: a peer's patience once it has discarded a message. */
enum { IRT = 2, MRT = 16, MRC = 5, IDLE = 30, SECOND = 1000000000 };

enum { TIMER_RETRANSMIT, TIMER_IDLE };

enum { NAS_PORT_TYPE_WIRELESS = 19, SERVICE_TYPE_FRAMED = 2, MTU = 1400, STATE_MAX = 253 };

struct radius_client {
	struct role role;
	struct eap_peer *peer;
	bool under_way;
	/* the newest request */
	uint8_t request[RADIUS_LENGTH_MAX];
	size_t request_length; /* 0: none */
	uint8_t id;
	uint8_t authenticator[RADIUS_AUTHENTICATOR_LENGTH];
	bool answered;
	unsigned transmissions;
	uint64_t interval; /* nanoseconds */
	uint8_t state[STATE_MAX];
	size_t state_length;
	bool has_state;
};

static struct radius_client *client_of(struct role *r)
{
	return (struct radius_client *)r;
}

/* ---- requests ---- */

static void end(struct radius_client *c)
{
	c->under_way = false;
	c->request_length = 0;
	role_timer(&c->role, TIMER_RETRANSMIT, 0);
	role_timer(&c->role, TIMER_IDLE, 0);
}

/* RT = 2 × RTprev ± a tenth, MRT at most. */
static void transmit(struct radius_client *c)
{
	uint8_t random[2];
	uint64_t base = c->transmissions++ ? 2 * c->interval : (uint64_t)IRT * SECOND;

	if (base > (uint64_t)MRT * SECOND)
		base = (uint64_t)MRT * SECOND;
	role_random(&c->role, random, sizeof(random));
	c->interval =
		base - base / 10 + base / 5 * (uint64_t)(random[0] << 8 | random[1]) / UINT16_MAX;
	role_send(&c->role, &c->role.settings.peer, c->request, c->request_length);
	role_timer(&c->role, TIMER_RETRANSMIT, role_now(&c->role) + c->interval);
}

/* RFC 6696 5.2: of an Initiate, User-Name is the keyName-NAI. */
static struct octets user_name(const struct radius_client *c, struct octets eap)
{
	const struct erp_key *key = erp_keys_newest(&c->role);
	const char *name = c->role.settings.identity;

	if (eap.octets[0] == EAP_INITIATE && key)
		name = key->nai;
	return (struct octets){(const uint8_t *)name, strnlen(name, RADIUS_VALUE_MAX)};
}

static void write_nas(struct writer *w)
{
	static const char nas[] = "assay", station[] = "02-00-00-00-00-01";

	radius_write_attribute(w, RADIUS_NAS_IDENTIFIER,
			       (struct octets){(const uint8_t *)nas, sizeof(nas) - 1});
	radius_write_attribute(w, RADIUS_CALLING_STATION_ID,
			       (struct octets){(const uint8_t *)station, sizeof(station) - 1});
	radius_write_u32(w, RADIUS_NAS_PORT_TYPE, NAS_PORT_TYPE_WIRELESS);
	radius_write_u32(w, RADIUS_SERVICE_TYPE, SERVICE_TYPE_FRAMED);
	radius_write_u32(w, RADIUS_FRAMED_MTU, MTU);
}

/* An Access-Request of this identifier and authenticator. */
static bool write_request(struct radius_client *c, struct octets eap, uint8_t id,
			  const uint8_t *authenticator, struct writer *w)
{
	const struct key_row *row = radius_secret(&c->role, &c->role.settings.peer.address, NULL);

	radius_write_begin(w, RADIUS_ACCESS_REQUEST, id, authenticator);
	radius_write_attribute(w, RADIUS_USER_NAME, user_name(c, eap));
	write_nas(w);
	if (c->has_state)
		radius_write_attribute(w, RADIUS_STATE, (struct octets){c->state, c->state_length});
	radius_write_eap(w, eap);
	return row && radius_write_end_request(w, radius_secret_octets(row));
}

static void request(struct radius_client *c, struct octets eap)
{
	struct writer w = writer_of(c->request, sizeof(c->request));
	const struct key_row *row = radius_secret(&c->role, &c->role.settings.peer.address, NULL);

	if (!row) {
		role_event(&c->role, ROLE_GAVE_UP, "no RADIUS secret for the server");
		end(c);
		return;
	}
	c->id++;
	role_random(&c->role, c->authenticator, sizeof(c->authenticator));
	if (!write_request(c, eap, c->id, c->authenticator, &w))
		return;
	c->request_length = w.length;
	c->answered = false;
	c->transmissions = 0;
	role_timer(&c->role, TIMER_IDLE, 0);
	transmit(c);
}

/* ---- replies ---- */

/* The MSK that the server gave the NAS is the peer's (RFC 3748 7.10). */
static bool keys_agree(struct radius_client *c, const struct radius_parts *reply,
		       struct octets secret)
{
	const struct secret *msk = eap_peer_msk(c->peer);
	struct secret recv, send;
	bool right = radius_open_mppe_key(reply->mppe_recv, c->authenticator, secret, &recv) &&
		     radius_open_mppe_key(reply->mppe_send, c->authenticator, secret, &send) &&
		     recv.length + send.length <= msk->length &&
		     secret_equal(msk->octets, recv.octets, recv.length) &&
		     secret_equal(msk->octets + recv.length, send.octets, send.length);

	secret_clear(&recv);
	secret_clear(&send);
	return right;
}

static void on_success(struct radius_client *c, const struct radius_parts *reply,
		       struct octets secret)
{
	bool keys = reply->mppe_recv.octets && reply->mppe_send.octets;

	if (reply->m.code != RADIUS_ACCESS_ACCEPT)
		role_event(&c->role, ROLE_REFUSED, "Success, but no Access-Accept");
	else if (keys && !keys_agree(c, reply, secret))
		role_event(&c->role, ROLE_REFUSED, "the server has another MSK");
	else
		role_event(&c->role, ROLE_AUTHENTICATED, "%s%s", c->role.settings.identity,
			   keys ? ", MSK as the server's" : "");
	end(c);
}

/* The peer has said nothing: it waits, and in the end gives up. */
static void on_discard(struct radius_client *c, const struct eap_output *out)
{
	role_event(&c->role, ROLE_DISCARDED, "%s", out->why ? out->why : "");
	role_timer(&c->role, TIMER_IDLE, role_now(&c->role) + (uint64_t)IDLE * SECOND);
}

static void take(struct radius_client *c, const struct radius_parts *reply, struct octets secret)
{
	uint8_t eap[RADIUS_EAP_MAX];
	size_t length = radius_eap_message(&reply->m, eap, sizeof(eap));
	const struct eap_output *out;

	if (!length) {
		eap_peer_alt_reject(c->peer);
		role_event(&c->role, ROLE_REFUSED, "a reply without EAP");
		end(c);
		return;
	}
	out = eap_peer_receive(c->peer, (struct octets){eap, length});
	if (out->success) {
		on_success(c, reply, secret);
	} else if (out->failure) {
		role_event(&c->role, ROLE_REFUSED, "%s", out->why ? out->why : "");
		end(c);
	} else if (out->message.length) {
		request(c, out->message);
	} else {
		on_discard(c, out);
	}
}

static void keep_state(struct radius_client *c, const struct radius_parts *reply)
{
	if (reply->m.code != RADIUS_ACCESS_CHALLENGE)
		return;
	c->has_state = reply->m.has_state;
	c->state_length = reply->m.state.length;
	if (c->state_length)
		memcpy(c->state, reply->m.state.octets, c->state_length);
}

static const struct key_row *secret_of(const struct radius_client *c,
				       const struct radius_parts *reply)
{
	const struct key_row *row = NULL;

	while ((row = radius_secret(&c->role, &c->role.settings.peer.address, row)))
		if (radius_verify_reply(reply, c->authenticator, radius_secret_octets(row)))
			return row;
	return NULL;
}

static bool is_reply(const struct radius_parts *reply)
{
	return reply->m.code == RADIUS_ACCESS_CHALLENGE || reply->m.code == RADIUS_ACCESS_ACCEPT ||
	       reply->m.code == RADIUS_ACCESS_REJECT;
}

static void receive(struct role *r, const struct datagram *d)
{
	struct radius_client *c = client_of(r);
	struct radius_parts reply;
	const struct key_row *secret;

	if (!c->request_length || !endpoint_equal(&d->source, &r->settings.peer) ||
	    !radius_read(d->octets, &reply) || !is_reply(&reply) || reply.m.id != c->id) {
		role_event(r, ROLE_DISCARDED, "no reply to the request");
		return;
	}
	secret = secret_of(c, &reply);
	if (!secret) {
		role_event(r, ROLE_DISCARDED, "the reply's authenticators are not right");
		return;
	}
	c->answered = true;
	role_timer(r, TIMER_RETRANSMIT, 0);
	keep_state(c, &reply);
	take(c, &reply, radius_secret_octets(secret));
}

/* ---- for tests ---- */

static bool craft(struct role *r, const char *kind, const char *const *words, size_t count,
		  struct writer *w)
{
	struct radius_client *c = client_of(r);
	uint8_t eap[RADIUS_LENGTH_MAX], authenticator[RADIUS_AUTHENTICATOR_LENGTH];
	struct writer inner = writer_of(eap, sizeof(eap));

	if (!c->peer)
		c->peer = eap_peer_new(r);
	if (!eap_peer_craft(c->peer, kind, words, count, &inner))
		return false;
	role_random(r, authenticator, sizeof(authenticator));
	return write_request(c, (struct octets){eap, inner.length}, (uint8_t)(c->id + 1),
			     authenticator, w);
}

static bool seal(struct role *r, struct writer *w)
{
	const struct key_row *row = radius_secret(r, &r->settings.peer.address, NULL);

	return row && radius_seal(w->octets, w->length, NULL, radius_secret_octets(row));
}

static bool seal_end(void *peer, uint8_t *octets, size_t length)
{
	return eap_peer_seal(peer, octets, length);
}

static bool seal_inner(struct role *r, struct writer *w)
{
	struct radius_client *c = client_of(r);

	return c->peer && radius_seal_eap(w, seal_end, c->peer);
}

/* Replies to it are taken from now on, and it is what is retransmitted. */
static void sent(struct role *r, struct octets message)
{
	struct radius_client *c = client_of(r);
	struct radius_parts parts;

	if (!radius_read(message, &parts) || parts.m.code != RADIUS_ACCESS_REQUEST)
		return;
	memcpy(c->request, parts.whole.octets, parts.whole.length);
	c->request_length = parts.whole.length;
	c->id = parts.m.id;
	memcpy(c->authenticator, parts.m.authenticator, sizeof(c->authenticator));
	c->answered = false;
}

/* ---- the kind ---- */

static struct role *create(const struct role_settings *settings)
{
	struct radius_client *c = g_new0(struct radius_client, 1);

	(void)settings;
	return &c->role;
}

static void destroy(struct role *r)
{
	struct radius_client *c = client_of(r);

	eap_peer_free(c->peer);
	secret_wipe(c, sizeof(*c));
	g_free(c);
}

static void begin(struct radius_client *c)
{
	if (!c->peer)
		c->peer = eap_peer_new(&c->role);
	eap_peer_restart(c->peer);
	c->under_way = true;
	c->has_state = false;
	role_event(&c->role, ROLE_STARTED, "%s", c->role.settings.identity);
}

/* The NAS asks for the identity, RFC 3579 2. */
static void start(struct role *r)
{
	struct radius_client *c = client_of(r);
	uint8_t ask[] = {EAP_REQUEST, 0, 0, 5, EAP_TYPE_IDENTITY};
	const struct eap_output *out;

	begin(c);
	role_random(r, ask + 1, 1);
	out = eap_peer_receive(c->peer, (struct octets){ask, sizeof(ask)});
	if (out->message.length)
		request(c, out->message);
}

static bool reauthenticate(struct radius_client *c)
{
	const struct eap_output *out;

	if (!erp_keys_newest(&c->role))
		return false;
	begin(c);
	out = eap_peer_initiate(c->peer);
	if (out->message.length)
		request(c, out->message);
	return out->message.length > 0;
}

static void expired(struct role *r, unsigned timer)
{
	struct radius_client *c = client_of(r);

	if (timer == TIMER_RETRANSMIT && c->request_length && !c->answered &&
	    c->transmissions < MRC) {
		transmit(c);
		return;
	}
	if (!c->under_way)
		return;
	eap_peer_alt_reject(c->peer);
	role_event(r, ROLE_GAVE_UP,
		   timer == TIMER_IDLE ? "nothing came that the peer could use"
				       : "the server does not answer");
	end(c);
}

static bool command(struct role *r, const char *text)
{
	if (!strcmp(text, "start")) {
		start(r);
		return true;
	}
	return !strcmp(text, "reauth") && reauthenticate(client_of(r));
}

static void describe(const struct role *r, struct reader *reader)
{
	const struct radius_client *c = (const struct radius_client *)r;

	if (c->peer)
		eap_describe(reader, r->settings.identity, eap_peer_state(c->peer),
			     eap_peer_msk(c->peer), eap_peer_emsk(c->peer));
}

static const char *state(const struct role *r)
{
	const struct radius_client *c = (const struct radius_client *)r;

	return c->peer ? eap_peer_state(c->peer) : "DISABLED";
}

static const struct fault faults[] = {EAP_PEER_FAULTS(FAULT_ROW)};
static const char *const commands[] = {"start", "reauth", NULL};

const struct role_kind eap_peer_kind = {
	.name = "eap.peer",
	.label = "EAP peer",
	.summary = "EAP peer and RADIUS client in one: EAP-PSK, EAP-GPSK, ERP",
	.faults = faults,
	.fault_count = G_N_ELEMENTS(faults),
	.commands = commands,
	.create = create,
	.destroy = destroy,
	.start = start,
	.receive = receive,
	.expired = expired,
	.command = command,
	.describe = describe,
	.state = state,
	.craft = craft,
	.seal = seal,
	.seal_inner = seal_inner,
	.sent = sent,
};
