/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The EAP peer: RFC 4137 4, its 13 states and their transitions as appendix A.1 has them, in that
 * order. RFC 3748 wins where they differ:
 *
 *   RECEIVED → FAILURE   not for a Success while decision is FAIL: that Success is canned, or comes
 *                        after failure, and is silently discarded (RFC 3748 4.2)
 *   METHOD → DISCARD     where the first Request of a method is discarded, the method is not yet
 *                        selected: only a Response binds (RFC 3748 2.1)
 *   METHOD → SEND_RESPONSE  with a Nak where the method refuses its first Request (RFC 5433 10)
 *   RECEIVED → GET_METHOD   not for type 3, which is never a Request (RFC 3748 5)
 *
 * altAccept and idleWhile are the carrier's: it knows how long to wait.
 */
#include "eap_peer.h"

#include <glib.h>
#include <string.h>

enum { STEPS_MAX = 8, NO_ID = -1 };

static bool faulty(const struct eap_peer *p, enum eap_peer_fault fault)
{
	return eap_peer_has_fault(p->owner, fault);
}

/* ---- the method in use ---- */

static void drop_method(struct eap_peer *p)
{
	if (p->method) {
		secret_wipe(p->method, p->selected->peer_size);
		g_free(p->method);
	}
	p->method = NULL;
	p->selected = NULL;
	p->method_state = METHOD_STATE_NONE;
}

static void select_method(struct eap_peer *p, const struct eap_method *m)
{
	drop_method(p);
	p->selected = m;
	p->method = g_malloc0(m->peer_size);
	p->method_state = METHOD_STATE_INIT;
}

static bool is_type(const struct eap_peer *p, uint8_t type);
static bool naks_late(const struct eap_peer *p);

/* ---- what is done on entering a state ---- */

static void enter_initialize(struct eap_peer *p)
{
	drop_method(p);
	p->allow_notifications = true;
	p->decision = DECISION_FAIL;
	p->last_id = NO_ID;
	p->last_length = 0;
	p->identities = 0;
	p->alt_reject = p->request_waiting = false;
	secret_wipe(&p->exports, sizeof(p->exports));
}

/* parseEapReq: a message that is cut or of no known Code is none. */
static void enter_received(struct eap_peer *p)
{
	p->request_waiting = false;
	p->ignore = p->refuse = false;
	p->rx_request = p->request.code == EAP_REQUEST && p->request.has_type;
	p->rx_success = p->request.code == EAP_SUCCESS;
	p->rx_failure = p->request.code == EAP_FAILURE;
	p->output.why = "not expected here";
}

static void enter_get_method(struct eap_peer *p)
{
	bool known = is_type(p, p->request.method) && !naks_late(p);
	const struct eap_method *m = eap_method_of_type(p->owner, p->request.method);

	if (m && known) {
		select_method(p, m);
		return;
	}
	if (faulty(p, PEER_NAK_SILENT)) {
		p->ignore = true;
		p->output.why = "a type that it does not accept";
		return;
	}
	eap_peer_build_nak(p);
}

static void take_step(struct eap_peer *p, const struct eap_step *step, const struct writer *w)
{
	p->ignore = step->ignore;
	p->refuse = step->refuse;
	if (step->why)
		p->output.why = step->why;
	if (!step->ignore && !step->refuse && w->full) {
		p->ignore = true;
		p->output.why = "the Response would be too long";
	}
	if (p->ignore || p->refuse) {
		if (p->method_state == METHOD_STATE_INIT)
			drop_method(p);
		if (p->refuse)
			eap_peer_build_nak(p);
		return;
	}
	p->method_state = step->state;
	p->decision = step->decision;
	p->allow_notifications = step->state != METHOD_STATE_DONE;
	p->response_length = w->length;
	if (step->state == METHOD_STATE_DONE && step->decision != DECISION_FAIL)
		eap_peer_file_keys(p);
}

static void enter_method(struct eap_peer *p)
{
	struct writer w = writer_of(p->response, sizeof(p->response));
	struct eap_step step = p->selected->peer(p->method, p->owner, &p->exports, &p->request, &w);

	take_step(p, &step, &w);
}

static void enter_retransmit(struct eap_peer *p)
{
	memcpy(p->response, p->last_response, p->last_length);
	p->response_length = p->last_length;
}

static void enter_discard(struct eap_peer *p)
{
	eap_peer_discard(p, p->output.why);
}

static void enter_send_response(struct eap_peer *p)
{
	p->last_id = p->request.identifier;
	memcpy(p->last_response, p->response, p->response_length);
	p->last_length = p->response_length;
	p->output.message = (struct octets){p->last_response, p->last_length};
	p->output.discarded = false;
	p->output.why = NULL;
}

static void enter_success(struct eap_peer *p)
{
	p->output.success = true;
	p->output.why = NULL;
}

static void enter_failure(struct eap_peer *p)
{
	p->output.failure = true;
	p->output.why = p->alt_reject ? "refused by the lower layer" : "Failure received";
	secret_clear(&p->exports.msk);
	secret_clear(&p->exports.emsk);
}

/* ---- conditions of appendix A.1 ---- */

static bool is_new(const struct eap_peer *p)
{
	return p->rx_request && p->request.identifier != p->last_id;
}

static bool is_type(const struct eap_peer *p, uint8_t type)
{
	bool equal = p->request.method == p->request.type || !faulty(p, PEER_EXPANDED);

	return equal && p->request.method == type;
}

static bool always(const struct eap_peer *p)
{
	(void)p;
	return true;
}

static bool has_request(const struct eap_peer *p)
{
	return p->request_waiting;
}

static bool rejected(const struct eap_peer *p)
{
	return p->alt_reject;
}

static bool continues_method(const struct eap_peer *p)
{
	return is_new(p) && p->selected && is_type(p, p->selected->type) &&
	       p->method_state != METHOD_STATE_DONE;
}

static bool begins_method(const struct eap_peer *p)
{
	return is_new(p) && !p->selected && !is_type(p, EAP_TYPE_IDENTITY) &&
	       !is_type(p, EAP_TYPE_NOTIFICATION) && !eap_is_nak(&p->request);
}

static bool asks_identity(const struct eap_peer *p)
{
	bool early = !p->selected ||
		     (faulty(p, PEER_SECOND_TYPE) && p->method_state == METHOD_STATE_CONT);

	return is_new(p) && early && is_type(p, EAP_TYPE_IDENTITY);
}

static bool notifies(const struct eap_peer *p)
{
	return is_new(p) && is_type(p, EAP_TYPE_NOTIFICATION) && p->allow_notifications &&
	       !faulty(p, PEER_NOTIFICATION_SILENT);
}

/* PEER_REPEAT: the method begins anew, whatever it has answered. */
static bool repeats(const struct eap_peer *p)
{
	return p->rx_request && p->request.identifier == p->last_id &&
	       !(faulty(p, PEER_REPEAT) && p->selected && is_type(p, p->selected->type));
}

static bool reprocesses(const struct eap_peer *p)
{
	return faulty(p, PEER_REPEAT) && p->rx_request && p->selected &&
	       p->request.identifier == p->last_id && is_type(p, p->selected->type);
}

static bool naks_late(const struct eap_peer *p)
{
	return faulty(p, PEER_NAK_LATE) && is_new(p) && p->selected &&
	       p->request.method >= EAP_TYPE_MD5 && !is_type(p, p->selected->type);
}

static bool succeeds(const struct eap_peer *p)
{
	bool failed = p->decision == DECISION_FAIL;

	if (!p->rx_success)
		return false;
	if (faulty(p, PEER_CANNED) && failed && p->method_state != METHOD_STATE_MAY_CONT)
		return true;
	if (faulty(p, PEER_SUCCESS_AFTER) && failed && p->method_state == METHOD_STATE_MAY_CONT)
		return true;
	return p->request.identifier == p->last_id && !failed;
}

static bool fails(const struct eap_peer *p)
{
	if (!p->rx_failure || p->request.identifier != p->last_id)
		return false;
	if (p->method_state == METHOD_STATE_CONT)
		return faulty(p, PEER_FAILURE_MIDWAY);
	return p->decision != DECISION_UNCOND_SUCC || faulty(p, PEER_FAILURE_AFTER);
}

static bool ignores(const struct eap_peer *p)
{
	return p->ignore;
}

static bool ends_unanswered(const struct eap_peer *p)
{
	return p->method_state == METHOD_STATE_DONE && p->decision == DECISION_FAIL;
}

static bool selected(const struct eap_peer *p)
{
	return p->selected != NULL;
}

/* ---- the tables ---- */

static const struct {
	const char *name;
	void (*enter)(struct eap_peer *p);
} states[PEER_STATES] = {
	[PEER_DISABLED] = {"DISABLED", NULL},
	[PEER_INITIALIZE] = {"INITIALIZE", enter_initialize},
	[PEER_IDLE] = {"IDLE", NULL},
	[PEER_RECEIVED] = {"RECEIVED", enter_received},
	[PEER_GET_METHOD] = {"GET_METHOD", enter_get_method},
	[PEER_METHOD] = {"METHOD", enter_method},
	[PEER_SEND_RESPONSE] = {"SEND_RESPONSE", enter_send_response},
	[PEER_DISCARD] = {"DISCARD", enter_discard},
	[PEER_IDENTITY] = {"IDENTITY", eap_peer_build_identity},
	[PEER_NOTIFICATION] = {"NOTIFICATION", eap_peer_build_notification},
	[PEER_RETRANSMIT] = {"RETRANSMIT", enter_retransmit},
	[PEER_SUCCESS] = {"SUCCESS", enter_success},
	[PEER_FAILURE] = {"FAILURE", enter_failure},
};

/* The first row of the state whose condition holds is taken. Those of faults stand last but one. */
static const struct {
	enum eap_peer_state_id from;
	bool (*when)(const struct eap_peer *p);
	enum eap_peer_state_id to;
} transitions[] = {
	{PEER_DISABLED, always, PEER_INITIALIZE},
	{PEER_INITIALIZE, always, PEER_IDLE},
	{PEER_IDLE, has_request, PEER_RECEIVED},
	{PEER_IDLE, rejected, PEER_FAILURE},
	{PEER_RECEIVED, continues_method, PEER_METHOD},
	{PEER_RECEIVED, begins_method, PEER_GET_METHOD},
	{PEER_RECEIVED, asks_identity, PEER_IDENTITY},
	{PEER_RECEIVED, notifies, PEER_NOTIFICATION},
	{PEER_RECEIVED, repeats, PEER_RETRANSMIT},
	{PEER_RECEIVED, succeeds, PEER_SUCCESS},
	{PEER_RECEIVED, fails, PEER_FAILURE},
	{PEER_RECEIVED, reprocesses, PEER_GET_METHOD},
	{PEER_RECEIVED, naks_late, PEER_GET_METHOD},
	{PEER_RECEIVED, always, PEER_DISCARD},
	{PEER_METHOD, ignores, PEER_DISCARD},
	{PEER_METHOD, ends_unanswered, PEER_FAILURE},
	{PEER_METHOD, always, PEER_SEND_RESPONSE},
	{PEER_GET_METHOD, ignores, PEER_DISCARD},
	{PEER_GET_METHOD, naks_late, PEER_SEND_RESPONSE},
	{PEER_GET_METHOD, selected, PEER_METHOD},
	{PEER_GET_METHOD, always, PEER_SEND_RESPONSE},
	{PEER_IDENTITY, always, PEER_SEND_RESPONSE},
	{PEER_NOTIFICATION, always, PEER_SEND_RESPONSE},
	{PEER_RETRANSMIT, always, PEER_SEND_RESPONSE},
	{PEER_DISCARD, always, PEER_IDLE},
	{PEER_SEND_RESPONSE, always, PEER_IDLE},
};

static bool advance(struct eap_peer *p)
{
	for (size_t i = 0; i < G_N_ELEMENTS(transitions); i++) {
		if (transitions[i].from != p->state || !transitions[i].when(p))
			continue;
		p->state = transitions[i].to;
		if (states[p->state].enter)
			states[p->state].enter(p);
		return true;
	}
	return false;
}

static const struct eap_output *run(struct eap_peer *p)
{
	for (int i = 0; i < STEPS_MAX && advance(p); i++)
		;
	return &p->output;
}

/* ---- to the lower layer ---- */

void eap_peer_discard(struct eap_peer *p, const char *why)
{
	p->output.message = (struct octets){NULL, 0};
	p->output.discarded = true;
	p->output.why = why;
}

struct eap_peer *eap_peer_new(struct role *owner)
{
	struct eap_peer *p = g_new0(struct eap_peer, 1);

	p->owner = owner;
	run(p);
	return p;
}

void eap_peer_free(struct eap_peer *p)
{
	if (!p)
		return;
	drop_method(p);
	secret_wipe(p, sizeof(*p));
	g_free(p);
}

void eap_peer_restart(struct eap_peer *p)
{
	p->state = PEER_INITIALIZE;
	p->initiated = p->retried = false;
	enter_initialize(p);
	p->output = (struct eap_output){.discarded = false};
	run(p);
}

const struct eap_output *eap_peer_receive(struct eap_peer *p, struct octets message)
{
	const struct eap_leniency leniency = {
		.length = faulty(p, PEER_LENGTH_TAKEN),
		.code = faulty(p, PEER_CODE_TAKEN),
		.strict = faulty(p, PEER_TRAILING),
		.taken_for = EAP_REQUEST,
	};
	const char *defect = eap_take_message(p->octets, message, &leniency, &p->request);

	p->output = (struct eap_output){.discarded = false};
	if (defect) {
		eap_peer_discard(p, defect);
		return &p->output;
	}
	if (p->request.code == EAP_INITIATE || p->request.code == EAP_FINISH) {
		eap_peer_receive_erp(p, &p->request);
		return &p->output;
	}
	if (p->state != PEER_IDLE) {
		eap_peer_discard(p, "the conversation is over");
		return &p->output;
	}
	p->request_waiting = true;
	return run(p);
}

void eap_peer_alt_reject(struct eap_peer *p)
{
	p->output = (struct eap_output){.discarded = false};
	p->alt_reject = true;
	run(p);
}

const struct secret *eap_peer_msk(const struct eap_peer *p)
{
	return &p->exports.msk;
}

const struct secret *eap_peer_emsk(const struct eap_peer *p)
{
	return &p->exports.emsk;
}

const char *eap_peer_state(const struct eap_peer *p)
{
	return states[p->state].name;
}
