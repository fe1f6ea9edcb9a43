/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radius_nas.h"

#include <glib.h>
#include <string.h>

/* RFC 5080 2.2.1: seconds and counts. */
enum { IRT = 2, MRT = 16, MRC = 5, SECOND = 1000000000 };

enum { SERVICE_TYPE_FRAMED = 2, MTU = 1400 };

/* ---- Identifiers ---- */

/* The one unused for longest. False: all are in use. */
static bool take_id(struct radius_nas *n)
{
	struct radius_identifiers *ids = n->identifiers;

	radius_nas_done(n);
	if (!ids) {
		n->id++;
		n->has_id = true;
		return true;
	}
	for (unsigned i = 1; i <= RADIUS_IDENTIFIERS; i++) {
		uint8_t id = (uint8_t)(ids->newest + i);

		if (ids->of[id])
			continue;
		ids->of[id] = n;
		ids->newest = n->id = id;
		n->has_id = true;
		return true;
	}
	return false;
}

void radius_nas_done(struct radius_nas *n)
{
	if (n->has_id && n->identifiers && n->identifiers->of[n->id] == n)
		n->identifiers->of[n->id] = NULL;
	n->has_id = false;
}

/* ---- requests ---- */

static const struct key_row *first_secret(const struct radius_nas *n)
{
	return radius_secret(n->role, &n->server.address, NULL);
}

static void forget_request(struct radius_nas *n)
{
	g_free(n->request);
	n->request = NULL;
	n->length = 0;
}

void radius_nas_end(struct radius_nas *n)
{
	radius_nas_done(n);
	forget_request(n);
	n->due = 0;
}

void radius_nas_begin(struct radius_nas *n)
{
	radius_nas_end(n);
	n->has_state = false;
}

/* RT = 2 × RTprev ± a tenth, MRT at most. */
static void transmit(struct radius_nas *n)
{
	const struct datagram d = {
		.source = n->own.address.family ? n->own : n->role->settings.local,
		.destination = n->server,
		.octets = {n->request, n->length},
	};
	uint8_t random[2];
	uint64_t base = n->transmissions++ ? 2 * n->interval : (uint64_t)IRT * SECOND;

	if (base > (uint64_t)MRT * SECOND)
		base = (uint64_t)MRT * SECOND;
	role_random(n->role, random, sizeof(random));
	n->interval =
		base - base / 10 + base / 5 * (uint64_t)(random[0] << 8 | random[1]) / UINT16_MAX;
	n->due = role_now(n->role) + n->interval;
	if (n->has_id)
		n->role->environment->ops->send(n->role->environment, n->role, &d);
}

static void write_text(struct writer *w, enum radius_attribute type, const char *text)
{
	radius_write_attribute(w, (uint8_t)type,
			       (struct octets){(const uint8_t *)text, strlen(text)});
}

bool radius_nas_write(struct radius_nas *n, struct octets user_name, struct octets eap, uint8_t id,
		      const uint8_t *authenticator, struct writer *w)
{
	const struct key_row *row = first_secret(n);

	radius_write_begin(w, RADIUS_ACCESS_REQUEST, id, authenticator);
	if (user_name.length)
		radius_write_attribute(w, RADIUS_USER_NAME, user_name);
	write_text(w, RADIUS_NAS_IDENTIFIER, "assay");
	write_text(w, RADIUS_CALLING_STATION_ID, n->station);
	radius_write_u32(w, RADIUS_NAS_PORT_TYPE, (uint32_t)n->port_type);
	radius_write_u32(w, RADIUS_SERVICE_TYPE, SERVICE_TYPE_FRAMED);
	radius_write_u32(w, RADIUS_FRAMED_MTU, MTU);
	if (n->has_state)
		radius_write_attribute(w, RADIUS_STATE, (struct octets){n->state, n->state_length});
	radius_write_eap(w, eap);
	return row && radius_write_end_request(w, radius_secret_octets(row));
}

static void keep_request(struct radius_nas *n, const uint8_t *octets, size_t length)
{
	forget_request(n);
	n->request = g_memdup2(octets, length);
	n->length = length;
	memcpy(n->authenticator, octets + 4, sizeof(n->authenticator));
	n->answered = false;
}

bool radius_nas_request(struct radius_nas *n, struct octets user_name, struct octets eap)
{
	uint8_t octets[RADIUS_LENGTH_MAX], authenticator[RADIUS_AUTHENTICATOR_LENGTH];
	struct writer w = writer_of(octets, sizeof(octets));

	if (!first_secret(n))
		return false;
	take_id(n);
	role_random(n->role, authenticator, sizeof(authenticator));
	if (!radius_nas_write(n, user_name, eap, n->id, authenticator, &w)) {
		radius_nas_done(n);
		return false;
	}
	keep_request(n, octets, w.length);
	n->transmissions = 0;
	transmit(n);
	return true;
}

void radius_nas_sent(struct radius_nas *n, struct octets request)
{
	keep_request(n, request.octets, request.length);
	n->id = request.octets[1];
	n->has_id = true;
}

/* A request that has waited for its Identifier is signed anew. */
static void place(struct radius_nas *n)
{
	const struct key_row *row = first_secret(n);

	if (!row || !take_id(n))
		return;
	n->request[1] = n->id;
	radius_seal(n->request, n->length, NULL, radius_secret_octets(row));
}

bool radius_nas_expired(struct radius_nas *n)
{
	n->due = 0;
	if (!n->request || n->answered || n->transmissions >= MRC)
		return false;
	if (!n->has_id)
		place(n);
	transmit(n);
	return true;
}

/* ---- replies ---- */

static const struct key_row *secret_of(const struct radius_nas *n, const struct radius_parts *reply)
{
	const struct key_row *row = NULL;

	while ((row = radius_secret(n->role, &n->server.address, row)))
		if (radius_verify_reply(reply, n->authenticator, radius_secret_octets(row)))
			return row;
	return NULL;
}

static bool is_reply(const struct radius_parts *reply)
{
	return reply->m.code == RADIUS_ACCESS_CHALLENGE || reply->m.code == RADIUS_ACCESS_ACCEPT ||
	       reply->m.code == RADIUS_ACCESS_REJECT;
}

static void keep_state(struct radius_nas *n, const struct radius_parts *reply)
{
	if (reply->m.code != RADIUS_ACCESS_CHALLENGE)
		return;
	n->has_state = reply->m.has_state;
	n->state_length = reply->m.state.length;
	if (n->state_length)
		memcpy(n->state, reply->m.state.octets, n->state_length);
}

const char *radius_nas_take(struct radius_nas *n, const struct datagram *d,
			    struct radius_parts *reply, struct octets *secret)
{
	const struct key_row *row;

	if (!n->request || !n->has_id || !endpoint_equal(&d->source, &n->server) ||
	    !radius_read(d->octets, reply) || !is_reply(reply) || reply->m.id != n->id)
		return "no reply to the request";
	row = secret_of(n, reply);
	if (!row)
		return "the reply's authenticators are not right";
	*secret = radius_secret_octets(row);
	n->answered = true;
	n->due = 0;
	keep_state(n, reply);
	return NULL;
}

bool radius_nas_msk(const struct radius_nas *n, const struct radius_parts *reply,
		    struct octets secret, struct secret *msk)
{
	struct secret recv, send;
	bool right = radius_open_mppe_key(reply->mppe_recv, n->authenticator, secret, &recv) &&
		     radius_open_mppe_key(reply->mppe_send, n->authenticator, secret, &send) &&
		     recv.length + send.length <= SECRET_SIZE;

	secret_clear(msk);
	if (right) {
		memcpy(msk->octets, recv.octets, recv.length);
		memcpy(msk->octets + recv.length, send.octets, send.length);
		msk->length = recv.length + send.length;
	}
	secret_clear(&recv);
	secret_clear(&send);
	return right;
}
