/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An EAP conversation over time: requests and responses, methods, the outcome (RFC 3748). */
#include <glib.h>

#include "session.h"

static const struct octets whole_message = {NULL, 0};

/* A part of the message by its place. */
static struct octets at(const struct eap_event *e, size_t offset, size_t length)
{
	return (struct octets){e->m->octets.octets + offset, length};
}

static struct octets identifier_of(const struct eap_event *e)
{
	return at(e, 1, 1);
}

/* ---- sides ---- */

void eap_side_set(struct eap_side *side, const struct eap_event *e)
{
	const struct eap_message *m = e->m;
	struct octets body = {m->octets.octets + 2, m->octets.length - 2};

	side->seen = true;
	side->identifier = m->identifier;
	side->code = m->code;
	side->method = m->has_type ? m->method : 0;
	side->expanded = m->expanded;
	side->vendor = m->vendor;
	side->vendor_type = m->vendor_type;
	side->nak = eap_is_nak(m);
	side->nak_zero = side->nak && !m->expanded && m->data.length && !m->data.octets[0];
	side->frame = e->p->frame;
	side->time = e->p->time;
	side->whole = eap_digest_of(m->octets);
	side->body = eap_digest_of(body);
}

bool eap_side_repeats(const struct eap_side *side, const struct eap_event *e)
{
	struct eap_digest whole;

	if (!side->seen || side->identifier != e->m->identifier ||
	    side->whole.length != e->m->octets.length)
		return false;
	whole = eap_digest_of(e->m->octets);
	if (!eap_digest_same(&side->whole, &whole))
		return false;
	reader_number(e->r, F(RETRANSMISSION_OF), e->origin, 0, side->frame);
	return true;
}

static void set_sides(struct eap_conversation *c, const struct passage *p, bool from_peer)
{
	if (c->has_sides)
		return;
	c->has_sides = true;
	c->peer = from_peer ? p->source : p->destination;
	c->authenticator = from_peer ? p->destination : p->source;
}

/* True if the message is of the type that `side` had. RFC 3748 5.7: an Expanded type of vendor 0
 * below 256 is the legacy one. */
static bool same_type(const struct eap_message *m, const struct eap_side *side)
{
	if (m->method != side->method)
		return false;
	return m->method != EAP_TYPE_EXPANDED ||
	       (m->vendor == side->vendor && m->vendor_type == side->vendor_type);
}

static bool is_authentication(const struct eap_message *m)
{
	return m->has_type && m->method >= EAP_TYPE_MD5;
}

/* ---- requests ---- */

static bool is_method_of(const struct eap_conversation *c, const struct eap_message *m)
{
	return c->method == m->method &&
	       (m->method != EAP_TYPE_EXPANDED ||
		(c->vendor == m->vendor && c->vendor_type == m->vendor_type));
}

static void judge_request(const struct eap_event *e)
{
	struct eap_conversation *c = e->c;
	struct octets body = {e->m->octets.octets + 2, e->m->octets.length - 2};
	struct eap_digest digest = eap_digest_of(body);

	if (!c->request.seen)
		return;
	if (e->m->identifier == c->request.identifier)
		eap_event_note(e, R(3748_NEW_REQUEST_ID), F(ID), identifier_of(e),
			       "another than the Request before", "%u again", e->m->identifier);
	else if (c->awaiting && eap_digest_same(&digest, &c->request.body))
		eap_event_note(e, R(3748_RETRANSMISSION_ID), F(ID), identifier_of(e),
			       "that of the Request repeated", "%u instead of %u", e->m->identifier,
			       c->request.identifier);
	else if (c->awaiting)
		eap_event_note(e, R(3748_LOCK_STEP), NULL, whole_message,
			       "a Response to the Request before", "a new Request");
	if (c->response.nak_zero && !c->awaiting)
		eap_event_note(e, R(3748_NAK_ZERO), F(CODE), at(e, 0, 1),
			       "an end, for the peer has no alternative", "another Request");
}

/* The Request names an authentication method: that of the conversation, or a new one. */
static void take_method(const struct eap_event *e)
{
	struct eap_conversation *c = e->c;
	const struct eap_message *m = e->m;

	if (is_method_of(c, m))
		return;
	if (c->method && c->method_answered)
		eap_event_note(
			e, c->method_finished ? R(3748_SECOND_METHOD) : R(3748_METHOD_UNFINISHED),
			F(TYPE), at(e, EAP_HEADER_SIZE, 1), "the method begun",
			"type %u after type %u", m->method, c->method);
	c->method = m->method;
	c->vendor = m->vendor;
	c->vendor_type = m->vendor_type;
	c->method_answered = c->method_finished = false;
}

static void on_request(struct eap_event *e)
{
	struct eap_conversation *c = e->c;

	set_sides(c, e->p, false);
	e->again = !c->outcome && eap_side_repeats(&c->request, e);
	if (e->again) {
		c->request_repeated = true;
		if (!c->awaiting && c->response.seen)
			reader_number(e->r, F(RESPONSE_IN), e->origin, 0, c->response.frame);
	} else {
		if (c->outcome || e->m->method == EAP_TYPE_IDENTITY)
			eap_conversation_restart(c);
		else
			judge_request(e);
		c->from_start = c->from_start || e->m->method == EAP_TYPE_IDENTITY;
		if (is_authentication(e->m))
			take_method(e);
	}
}

/* ---- responses ---- */

/* A pass-through shows no Identity Request: the Response begins a conversation. */
static bool begins(const struct eap_event *e)
{
	const struct eap_conversation *c = e->c;
	bool passed = e->p->carrier == CARRIER_RADIUS || e->p->carrier == CARRIER_DIAMETER;

	if (e->m->method != EAP_TYPE_IDENTITY || !e->m->has_type)
		return false;
	if (!c->request.seen)
		return c->outcome || c->response.seen;
	return c->request.method != EAP_TYPE_IDENTITY && (passed || c->outcome);
}

static void judge_nak(const struct eap_event *e)
{
	struct eap_conversation *c = e->c;
	struct octets type = at(e, EAP_HEADER_SIZE, 1);

	if (e->m->expanded && c->request.code && !c->request.expanded)
		eap_event_note(e, R(3748_EXPANDED_NAK_REQUEST), F(TYPE), type,
			       "a legacy Nak to a Request of a legacy type", "an Expanded Nak");
	if (c->request.method == EAP_TYPE_NOTIFICATION)
		eap_event_note(e, R(3748_NOTIFICATION_ANSWER), F(TYPE), type, "Notification",
			       "a Nak");
	else if (c->request.method == EAP_TYPE_IDENTITY)
		eap_event_note(e, R(3748_NAK_IDENTITY), F(TYPE), type, "Identity", "a Nak");
	else if (c->method_answered)
		eap_event_note(e, R(3748_NAK_LATE), F(TYPE), type, "a Response of the method begun",
			       "a Nak");
}

static void judge_type(const struct eap_event *e)
{
	struct eap_conversation *c = e->c;

	if (eap_is_nak(e->m))
		judge_nak(e);
	else if (!e->m->has_type || !c->request.method || same_type(e->m, &c->request))
		return;
	else
		eap_event_note(e,
			       c->request.method == EAP_TYPE_NOTIFICATION
				       ? R(3748_NOTIFICATION_ANSWER)
				       : R(3748_RESPONSE_TYPE),
			       F(TYPE), at(e, EAP_HEADER_SIZE, 1), "the type of the Request",
			       "type %u to type %u", e->m->method, c->request.method);
}

static void judge_response(const struct eap_event *e)
{
	struct eap_conversation *c = e->c;
	char wanted[40];

	if (!c->request.seen)
		return;
	if (e->m->identifier != c->request.identifier) {
		g_snprintf(wanted, sizeof(wanted), "%u, the Request's", c->request.identifier);
		eap_event_note(e, R(3748_RESPONSE_ID), F(ID), identifier_of(e), wanted, "%u",
			       e->m->identifier);
		return;
	}
	if (!c->awaiting && c->response.seen) {
		eap_event_note(e, R(3748_RESPONSE_REPEAT), NULL, whole_message,
			       "the Response given before", "another one");
		return;
	}
	judge_type(e);
}

static void link_request(const struct eap_event *e)
{
	const struct eap_conversation *c = e->c;

	if (!c->request.seen || c->request.identifier != e->m->identifier)
		return;
	reader_number(e->r, F(REQUEST_IN), e->origin, 0, c->request.frame);
	if (e->p->time >= c->request.time)
		reader_number(e->r, F(RESPONSE_TIME), e->origin, 0, e->p->time - c->request.time);
}

/* Lower layers may deliver a message twice: these do not (RFC 3748 3.1 [5]). */
static bool delivers_once(enum carrier carrier)
{
	return carrier == CARRIER_EAPOL || carrier == CARRIER_PPP;
}

static void note_identity(struct eap_conversation *c, const struct eap_message *m)
{
	g_free(c->identity);
	c->identity = eap_identity_text(m->data);
	if (!*c->identity) {
		g_free(c->identity);
		c->identity = NULL;
	}
}

static void on_response(struct eap_event *e)
{
	struct eap_conversation *c = e->c;

	set_sides(c, e->p, true);
	e->again = eap_side_repeats(&c->response, e);
	link_request(e);
	if (e->again) {
		if (!c->request_repeated && delivers_once(e->p->carrier))
			eap_event_note(e, R(3748_RESPONSE_TIMER), NULL, whole_message,
				       "a Request before it", "the same Response again");
		c->request_repeated = false;
		return;
	}
	if (begins(e))
		eap_conversation_restart(c);
	else
		judge_response(e);
	if (!e->m->has_type)
		return;
	if (e->m->method == EAP_TYPE_IDENTITY) {
		c->from_start = true;
		note_identity(c, e->m);
	} else if (is_authentication(e->m)) {
		if (!c->method) {
			c->method = e->m->method;
			c->vendor = e->m->vendor;
			c->vendor_type = e->m->vendor_type;
		}
		if (is_method_of(c, e->m))
			c->method_answered = true;
	}
}

/* ---- the end ---- */

/* Whether the method may have come to its end here. */
static void judge_midway(const struct eap_event *e)
{
	struct eap_conversation *c = e->c;
	bool open =
		(c->method == EAP_TYPE_PSK || c->method == EAP_TYPE_GPSK) && !c->method_finished;

	if (!c->from_start)
		return;
	if (!c->method || (!c->method_answered && c->response.nak))
		eap_event_note(e, R(3748_SUCCESS_CANNED), F(CODE), at(e, 0, 1),
			       "an authentication method first", "Success without one");
	else if (!c->method_answered || open)
		eap_event_note(e, R(3748_SUCCESS_MIDWAY), F(CODE), at(e, 0, 1),
			       "the end of the method first", "Success");
}

static void judge_success(const struct eap_event *e)
{
	struct eap_conversation *c = e->c;

	judge_midway(e);
	if (c->failure_indicated)
		eap_event_note(e, R(3748_FAILURE_AFTER_FAILURE), F(CODE), at(e, 0, 1), "Failure",
			       "Success");
	if (c->psk && c->psk->peer_r == EAP_PSK_DONE_FAILURE)
		eap_event_note(e, R(4764_R_FAILURE_END), F(CODE), at(e, 0, 1), "Failure",
			       "Success after the peer's DONE_FAILURE");
}

static void judge_end(const struct eap_event *e)
{
	struct eap_conversation *c = e->c;
	char wanted[40];

	if (c->response.seen && c->response.identifier != e->m->identifier) {
		g_snprintf(wanted, sizeof(wanted), "%u, the Response's", c->response.identifier);
		eap_event_note(e, R(3748_SUCCESS_ID), F(ID), identifier_of(e), wanted, "%u",
			       e->m->identifier);
	}
	if (c->awaiting)
		eap_event_note(e, R(3748_SUCCESS_UNANSWERED), F(CODE), at(e, 0, 1),
			       "the Response to the Request", "%s",
			       e->m->code == EAP_SUCCESS ? "Success" : "Failure");
	else if (e->m->code == EAP_SUCCESS)
		judge_success(e);
	else if (c->success_indicated)
		eap_event_note(e, R(3748_SUCCESS_AFTER_SUCCESS), F(CODE), at(e, 0, 1), "Success",
			       "Failure");
}

static void on_end(const struct eap_event *e)
{
	struct eap_conversation *c = e->c;

	set_sides(c, e->p, false);
	if (c->outcome == e->m->code)
		return;
	judge_end(e);
	c->outcome = e->m->code;
	c->reauthentication = false;
	c->awaiting = false;
}

/* ---- feeding ---- */

static void feed_method(const struct eap_event *e)
{
	switch (e->m->method) {
	case EAP_TYPE_PSK:
		if (e->m->data.length)
			eap_psk_feed(e);
		break;
	case EAP_TYPE_GPSK:
		if (e->m->data.length)
			eap_gpsk_feed(e);
		break;
	default:
		break;
	}
}

static void feed_typed(struct eap_event *e)
{
	struct eap_conversation *c = e->c;
	bool request = e->m->code == EAP_REQUEST;
	struct eap_side *side = request ? &c->request : &c->response;
	bool fits;

	if (request)
		on_request(e);
	else
		on_response(e);
	if (e->m->has_type && is_method_of(c, e->m))
		feed_method(e);
	if (e->again)
		return;
	fits = request || !c->request.seen || c->request.identifier == e->m->identifier;
	if (e->m->has_type && e->m->method == EAP_TYPE_TLS)
		eap_tls_feed(e, side, request ? &c->response : &c->request);
	else
		side->more = side->fragmenting = false;
	if (!fits)
		return;
	eap_side_set(side, e);
	c->awaiting = request;
	c->request_repeated = false;
}

void eap_feed(struct eap_conversation *c, struct conversation *base, const struct passage *p,
	      const struct eap_message *m, size_t origin, struct reader *r)
{
	struct eap_event e = {.c = c, .base = base, .p = p, .m = m, .origin = origin, .r = r};

	if (!m->complete)
		return;
	switch (m->code) {
	case EAP_REQUEST:
	case EAP_RESPONSE:
		feed_typed(&e);
		break;
	case EAP_SUCCESS:
	case EAP_FAILURE:
		on_end(&e);
		break;
	case EAP_INITIATE:
	case EAP_FINISH:
		if (m->has_type && m->type == EAP_ERP_REAUTH)
			eap_erp_feed(&e);
		break;
	default:
		return;
	}
	eap_conversation_say(c, r);
}
