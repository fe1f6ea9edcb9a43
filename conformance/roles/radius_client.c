/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The role eap.peer: an EAP peer and the NAS that it would sit behind, in one: a RADIUS client
 * (RFC 3579). The NAS asks the peer for its identity and carries what it says to the server
 * (radius_nas.h). A further reply to the newest request is taken too, so that a server may ask
 * again where the peer has discarded its message.
 */
#include <glib.h>
#include <string.h>

#include "eap_describe.h"
#include "eap_faults.h"
#include "eap_role.h"
#include "erp_keys.h"
#include "kinds.h"
#include "radius_nas.h"

/* Seconds: a peer's patience once it has discarded a message. */
enum { IDLE = 30, SECOND = 1000000000 };

enum { TIMER_RETRANSMIT, TIMER_IDLE };

struct radius_client {
	struct role role;
	struct eap_peer *peer;
	struct radius_nas nas;
	bool under_way;
};

static struct radius_client *client_of(struct role *r)
{
	return (struct radius_client *)r;
}

/* Settings are there only once the role is made. */
static struct radius_nas *nas_of(struct radius_client *c)
{
	c->nas.role = &c->role;
	c->nas.server = c->role.settings.peer;
	c->nas.station = "02-00-00-00-00-01";
	c->nas.port_type = RADIUS_PORT_WIRELESS;
	return &c->nas;
}

/* ---- requests ---- */

static void end(struct radius_client *c)
{
	c->under_way = false;
	radius_nas_end(nas_of(c));
	role_timer(&c->role, TIMER_RETRANSMIT, 0);
	role_timer(&c->role, TIMER_IDLE, 0);
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

static void request(struct radius_client *c, struct octets eap)
{
	struct radius_nas *nas = nas_of(c);

	if (!radius_nas_request(nas, user_name(c, eap), eap)) {
		role_event(&c->role, ROLE_GAVE_UP, "no RADIUS secret for the server");
		end(c);
		return;
	}
	role_timer(&c->role, TIMER_IDLE, 0);
	role_timer(&c->role, TIMER_RETRANSMIT, nas->due);
}

/* ---- replies ---- */

/* The MSK that the server gave the NAS is the peer's (RFC 3748 7.10). */
static bool keys_agree(struct radius_client *c, const struct radius_parts *reply,
		       struct octets secret)
{
	const struct secret *msk = eap_peer_msk(c->peer);
	struct secret told;
	bool right = radius_nas_msk(&c->nas, reply, secret, &told) && told.length <= msk->length &&
		     secret_equal(msk->octets, told.octets, told.length);

	secret_clear(&told);
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

/* RFC 3579 2.6.3: the packet's code decides. The NAS lets the link go, whatever the peer may make
 * of the EAP in it: a Failure in the middle of a method is one that the peer discards. */
static void on_reject(struct radius_client *c, const struct eap_output *out)
{
	if (out->discarded)
		role_event(&c->role, ROLE_DISCARDED, "%s", out->why ? out->why : "");
	eap_peer_alt_reject(c->peer);
	role_event(&c->role, ROLE_REFUSED, "Access-Reject");
	end(c);
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
	} else if (reply->m.code == RADIUS_ACCESS_REJECT) {
		on_reject(c, out);
	} else if (out->message.length) {
		request(c, out->message);
	} else {
		on_discard(c, out);
	}
}

static void receive(struct role *r, const struct datagram *d)
{
	struct radius_client *c = client_of(r);
	struct radius_parts reply;
	struct octets secret;
	const char *why = radius_nas_take(nas_of(c), d, &reply, &secret);

	if (why) {
		role_event(r, ROLE_DISCARDED, "%s", why);
		return;
	}
	role_timer(r, TIMER_RETRANSMIT, 0);
	take(c, &reply, secret);
}

/* ---- for tests ---- */

static bool craft(struct role *r, const char *kind, const char *const *words, size_t count,
		  struct writer *w)
{
	struct radius_client *c = client_of(r);
	uint8_t eap[RADIUS_LENGTH_MAX], authenticator[RADIUS_AUTHENTICATOR_LENGTH];
	struct writer inner = writer_of(eap, sizeof(eap));
	struct octets message;

	if (!c->peer)
		c->peer = eap_peer_new(r);
	if (!eap_peer_craft(c->peer, kind, words, count, &inner))
		return false;
	role_random(r, authenticator, sizeof(authenticator));
	message = (struct octets){eap, inner.length};
	return radius_nas_write(nas_of(c), user_name(c, message), message, (uint8_t)(c->nas.id + 1),
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
	radius_nas_sent(nas_of(c), parts.whole);
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
	radius_nas_end(&c->nas);
	secret_wipe(c, sizeof(*c));
	g_free(c);
}

static void begin(struct radius_client *c)
{
	if (!c->peer)
		c->peer = eap_peer_new(&c->role);
	eap_peer_restart(c->peer);
	radius_nas_begin(nas_of(c));
	c->under_way = true;
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

	if (timer == TIMER_RETRANSMIT && radius_nas_expired(nas_of(c))) {
		role_timer(r, TIMER_RETRANSMIT, c->nas.due);
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
	RADIUS_ROLE_OPERATIONS,
	.sent = sent,
};
