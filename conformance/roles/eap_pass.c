/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eap_pass.h"

#include <glib.h>
#include <string.h>

#include "protocols/eap/eap_write.h"

enum { NO_ID = -1 };

static const struct eap_output *say_nothing(struct eap_pass *p, const char *why)
{
	p->output = (struct eap_output){.failure = true, .why = why};
	radius_nas_end(&p->nas);
	return &p->output;
}

static const struct eap_output *discard(struct eap_pass *p, const char *why)
{
	p->output = (struct eap_output){.discarded = true, .why = why};
	return &p->output;
}

/* ---- life ---- */

struct eap_pass *eap_pass_new(struct role *owner, struct radius_identifiers *identifiers,
			      const struct endpoint *peer, void *session)
{
	struct eap_pass *p = g_new0(struct eap_pass, 1);

	p->owner = owner;
	p->peer = peer;
	p->session = session;
	p->id = NO_ID;
	p->nas = (struct radius_nas){
		.role = owner,
		.identifiers = identifiers,
		.server = owner->settings.radius,
		.own = owner->settings.relay,
		.station = p->station,
		.port_type = RADIUS_PORT_VIRTUAL,
	};
	return p;
}

void eap_pass_end(struct eap_pass *p)
{
	radius_nas_end(&p->nas);
	p->announced = false;
	p->id = NO_ID;
	secret_clear(&p->msk);
}

void eap_pass_free(struct eap_pass *p)
{
	if (!p)
		return;
	eap_pass_end(p);
	secret_wipe(p, sizeof(*p));
	g_free(p);
}

/* ---- to the peer ---- */

static const struct eap_output *hand_on(struct eap_pass *p, size_t length)
{
	p->output = (struct eap_output){.message = {p->message, length}};
	return &p->output;
}

static const struct eap_output *ask_identity(struct eap_pass *p)
{
	struct writer w = writer_of(p->message, sizeof(p->message));
	uint8_t id;

	role_random(p->owner, &id, 1);
	p->id = id;
	p->announced = false;
	eap_write_typed(&w, EAP_REQUEST, id, EAP_TYPE_IDENTITY, (struct octets){NULL, 0});
	return hand_on(p, w.length);
}

/* RFC 6696 5.3.1: the domain is the realm of whom the server knows. */
static const struct eap_output *announce(struct eap_pass *p)
{
	struct writer w = writer_of(p->message, sizeof(p->message));
	const uint8_t *mark = p->name_length ? memchr(p->name, '@', p->name_length) : NULL;
	struct eap_erp erp = {.flags = 0};
	uint8_t id;

	if (mark)
		erp.domain_name =
			(struct octets){mark + 1, p->name_length - (size_t)(mark + 1 - p->name)};
	role_random(p->owner, &id, 1);
	p->announced = true;
	eap_write_erp(&w, EAP_INITIATE, id, EAP_ERP_START, &erp);
	return hand_on(p, w.length);
}

const struct eap_output *eap_pass_start(struct eap_pass *p, bool again)
{
	eap_pass_end(p);
	radius_nas_begin(&p->nas);
	p->lifetime = 0;
	p->unauthorized = false;
	endpoint_text(p->peer, p->station);
	return again && p->owner->settings.erp ? announce(p) : ask_identity(p);
}

const struct eap_output *eap_pass_retransmit(struct eap_pass *p)
{
	return p->announced ? ask_identity(p) : discard(p, "nothing to repeat");
}

/* ---- to the server ---- */

/* RFC 3579 2.1: User-Name is what the Identity Response says; RFC 6696 5.2: or the keyName-NAI. */
static void take_name(struct eap_pass *p, struct octets name)
{
	if (!name.length || name.length > sizeof(p->name))
		return;
	memcpy(p->name, name.octets, name.length);
	p->name_length = name.length;
}

/* RFC 4137 6: what the peer may say now goes on as it is. NULL: it may. */
static const char *defect_of(const struct eap_pass *p, const struct eap_message *m)
{
	if (!m->complete || m->octets.length < m->length)
		return "it is cut";
	if (m->code == EAP_INITIATE && m->has_type && m->type == EAP_ERP_REAUTH)
		return p->owner->settings.erp ? NULL : "no ERP here";
	if (m->code != EAP_RESPONSE || !m->has_type)
		return "it is no Response";
	if (m->identifier != p->id)
		return "Identifier is not the Request's";
	return NULL;
}

const struct eap_output *eap_pass_receive(struct eap_pass *p, struct octets message)
{
	struct walk w = walk_of(message.octets, message.length, NULL);
	struct eap_message m;
	const char *defect;

	eap_walk(&w, &m);
	defect = defect_of(p, &m);
	if (defect)
		return discard(p, defect);
	if (m.code == EAP_INITIATE)
		take_name(p, m.erp.keyname_nai);
	else if (m.method == EAP_TYPE_IDENTITY)
		take_name(p, m.data);
	p->id = NO_ID;
	p->announced = false;
	if (!radius_nas_request(&p->nas, (struct octets){p->name, p->name_length}, m.octets))
		return say_nothing(p, "no RADIUS secret for the server");
	return NULL;
}

/* ---- from the server ---- */

static bool has_succeeded(const struct eap_message *m)
{
	return m->code == EAP_SUCCESS || (m->code == EAP_FINISH && !(m->erp.flags & EAP_ERP_R));
}

static bool has_failed(const struct eap_message *m)
{
	return m->code == EAP_FAILURE || (m->code == EAP_FINISH && m->erp.flags & EAP_ERP_R);
}

static const struct eap_output *on_challenge(struct eap_pass *p, const struct eap_message *m)
{
	if (m->code != EAP_REQUEST)
		return say_nothing(p, "an Access-Challenge without a Request");
	p->id = m->identifier;
	return hand_on(p, m->octets.length);
}

static const struct eap_output *on_accept(struct eap_pass *p, const struct eap_message *m,
					  const struct radius_parts *reply, struct octets secret)
{
	if (!has_succeeded(m))
		return say_nothing(p, "an Access-Accept without a Success");
	radius_nas_msk(&p->nas, reply, secret, &p->msk);
	p->lifetime = reply->has_session_timeout ? reply->session_timeout : 0;
	radius_nas_end(&p->nas);
	hand_on(p, m->octets.length);
	p->output.success = true;
	return &p->output;
}

/* RFC 5191 4.1: a Success in an Access-Reject is an authorization refused. */
static const struct eap_output *on_reject(struct eap_pass *p, const struct eap_message *m)
{
	if (!has_succeeded(m) && !has_failed(m))
		return say_nothing(p, "an Access-Reject without a Failure");
	radius_nas_end(&p->nas);
	hand_on(p, m->octets.length);
	p->unauthorized = has_succeeded(m);
	p->output.success = p->unauthorized;
	p->output.failure = !p->unauthorized;
	p->output.why = "Access-Reject";
	return &p->output;
}

const struct eap_output *eap_pass_reply(struct eap_pass *p, const struct datagram *d)
{
	struct radius_parts reply;
	struct octets secret;
	struct eap_message m;
	const char *why = radius_nas_take(&p->nas, d, &reply, &secret);
	struct walk w;

	if (why) {
		role_event(p->owner, ROLE_DISCARDED, "RADIUS: %s", why);
		return NULL;
	}
	radius_nas_done(&p->nas);
	w = walk_of(p->message, radius_eap_message(&reply.m, p->message, sizeof(p->message)), NULL);
	eap_walk(&w, &m);
	if (!m.complete || m.octets.length < m.length)
		return say_nothing(p, "a reply without EAP");
	if (reply.m.code == RADIUS_ACCESS_CHALLENGE)
		return on_challenge(p, &m);
	if (reply.m.code == RADIUS_ACCESS_ACCEPT)
		return on_accept(p, &m, &reply, secret);
	return on_reject(p, &m);
}

const struct eap_output *eap_pass_expired(struct eap_pass *p)
{
	return radius_nas_expired(&p->nas) ? NULL
					   : say_nothing(p, "the RADIUS server does not answer");
}
