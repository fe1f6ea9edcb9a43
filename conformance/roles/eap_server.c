/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The EAP server: the stand-alone authenticator of RFC 4137 5 with its 16 states, and what the
 * backend authenticator (6) has beside them, for a carrier that brings a Response first: RADIUS.
 * The transitions stand as appendices A.2 and A.3 have them, in that order. Where RFC 3748 says
 * more:
 *
 *   RECEIVED             a Response must have the Type of its Request in either form, legacy or
 *                        Expanded (RFC 3748 5.7)
 *   NAK → SELECT_ACTION  fails where the Nak leaves no method (RFC 3748 5.3.1)
 *
 * A server that is told of ERP keys may begin with Initiate/Re-auth-Start; if nothing comes, the
 * carrier's eap_server_retransmit brings the Identity Request (RFC 6696 5.3.1).
 */
#include "eap_server.h"

#include <glib.h>
#include <string.h>

enum { STEPS_MAX = 10, RETRANSMISSIONS_MAX = 5 };

static bool faulty(const struct eap_server *s, enum eap_server_fault fault)
{
	return eap_server_has_fault(s->owner, fault);
}

static void drop_method(struct eap_server *s)
{
	if (s->method_data) {
		secret_wipe(s->method_data, s->method->server_size);
		g_free(s->method_data);
	}
	s->method_data = NULL;
	s->method = NULL;
	s->current = 0;
	s->method_state = METHOD_STATE_NONE;
}

/* ---- what is done on entering a state ---- */

static void enter_initialize(struct eap_server *s)
{
	drop_method(s);
	s->current_id = s->response_waiting ? s->response.identifier : EAP_NO_ID;
	s->retransmissions = 0;
	s->rx_response =
		s->response_waiting && s->response.code == EAP_RESPONSE && s->response.has_type;
	s->response_waiting = false;
}

/* Policy.doPickUp: of an Identity Response only. */
static void enter_pick_up(struct eap_server *s)
{
	if (s->response.method == EAP_TYPE_IDENTITY)
		s->current = EAP_TYPE_IDENTITY;
}

static void enter_retransmit(struct eap_server *s)
{
	s->timeout = false;
	if (++s->retransmissions <= RETRANSMISSIONS_MAX)
		s->output.message = (struct octets){s->last_request, s->last_length};
}

static void enter_received(struct eap_server *s)
{
	s->response_waiting = false;
	s->ignore = false;
	s->rx_response = s->response.code == EAP_RESPONSE && s->response.has_type;
	s->output.why = "not expected here";
}

static void enter_nak(struct eap_server *s)
{
	drop_method(s);
	eap_server_take_nak(s);
}

static void enter_select_action(struct eap_server *s)
{
	s->decision = eap_server_decide(s);
}

/* m.check and m.process are one: it says whether it ignores. */
static void enter_integrity_check(struct eap_server *s)
{
	s->ignore = false;
	if (!s->method)
		return;
	s->step = s->method->response(s->method_data, s->owner, &s->exports, &s->response);
	s->ignore = s->step.ignore;
	if (s->step.why)
		s->output.why = s->step.why;
}

static void enter_method_response(struct eap_server *s)
{
	if (s->current == EAP_TYPE_IDENTITY)
		eap_server_take_identity(s);
	if (!s->method || s->step.state == METHOD_STATE_DONE) {
		s->ended = s->method != NULL;
		s->outcome = s->ended ? s->step.decision : DECISION_FAIL;
		s->method_state = METHOD_STATE_DONE;
		return;
	}
	s->method_state = METHOD_STATE_CONT;
	if (faulty(s, SERVER_MIDWAY)) {
		s->ended = true;
		s->outcome = DECISION_COND_SUCC;
		s->method_state = METHOD_STATE_DONE;
	}
}

static void enter_propose_method(struct eap_server *s)
{
	uint8_t type = eap_server_next_type(s);

	drop_method(s);
	s->current = type;
	s->method = eap_method_of_type(s->owner, type);
	s->method_state = METHOD_STATE_CONT;
	if (!s->method)
		return;
	s->method_data = g_malloc0(s->method->server_size);
	s->method_state = METHOD_STATE_INIT;
}

static void enter_discard(struct eap_server *s)
{
	eap_server_discard(s, s->output.why);
}

static void enter_send_request(struct eap_server *s)
{
	s->retransmissions = 0;
	s->output.message = (struct octets){s->last_request, s->last_length};
	s->output.why = NULL;
}

static void forget_keys(struct eap_server *s)
{
	secret_clear(&s->exports.msk);
	secret_clear(&s->exports.emsk);
}

static void enter_timeout_failure(struct eap_server *s)
{
	forget_keys(s);
	s->output.failure = true;
	s->output.why = "no Response";
}

static void enter_failure(struct eap_server *s)
{
	bool success = s->ended && faulty(s, SERVER_SUCCESS);

	forget_keys(s);
	s->output.failure = true;
	if (!s->output.why)
		s->output.why = "no method is left";
	s->output.discarded = false;
	if (s->ended && faulty(s, SERVER_END))
		return;
	eap_server_end(s, success ? EAP_SUCCESS : EAP_FAILURE);
}

static void enter_success(struct eap_server *s)
{
	bool failure = s->outcome == DECISION_UNCOND_SUCC && faulty(s, SERVER_FAILURE);

	if (s->owner->settings.erp)
		erp_keys_add(s->owner, &s->exports.emsk, &s->exports.session_id,
			     eap_server_identity(s), s->owner->settings.server_identity);
	s->output.success = true;
	s->output.why = NULL;
	eap_server_end(s, failure ? EAP_FAILURE : EAP_SUCCESS);
}

/* ---- conditions of appendices A.2 and A.3 ---- */

static bool always(const struct eap_server *s)
{
	(void)s;
	return true;
}

static bool no_response(const struct eap_server *s)
{
	return !s->rx_response;
}

static bool picked_up(const struct eap_server *s)
{
	return s->current != 0;
}

static bool timed_out(const struct eap_server *s)
{
	return s->timeout;
}

static bool has_response(const struct eap_server *s)
{
	return s->response_waiting;
}

static bool asked_enough(const struct eap_server *s)
{
	return s->retransmissions > RETRANSMISSIONS_MAX;
}

static bool answers(const struct eap_server *s)
{
	bool right_id = s->response.identifier == s->current_id;

	return s->rx_response && (right_id || faulty(s, SERVER_RESPONSE_ID));
}

static bool refuses(const struct eap_server *s)
{
	bool proposed = s->method_state == METHOD_STATE_INIT ||
			(faulty(s, SERVER_NAK) && s->method_state == METHOD_STATE_CONT);

	return answers(s) && eap_is_nak(&s->response) && s->method && proposed;
}

static bool has_type_of_request(const struct eap_server *s)
{
	bool equal = s->response.method == s->response.type || !faulty(s, SERVER_EXPANDED);

	return equal && s->response.method == s->current;
}

static bool responds(const struct eap_server *s)
{
	return answers(s) && has_type_of_request(s);
}

static bool responds_otherwise(const struct eap_server *s)
{
	return answers(s) && !eap_is_nak(&s->response) && s->method &&
	       faulty(s, SERVER_RESPONSE_TYPE);
}

static bool ignores(const struct eap_server *s)
{
	return s->ignore;
}

static bool method_ends(const struct eap_server *s)
{
	return s->method_state == METHOD_STATE_DONE;
}

static bool decides_failure(const struct eap_server *s)
{
	return s->decision == POLICY_FAILURE;
}

static bool decides_success(const struct eap_server *s)
{
	return s->decision == POLICY_SUCCESS;
}

static bool cannot_ask(const struct eap_server *s)
{
	return s->cannot_ask;
}

static bool fails_instead(const struct eap_server *s)
{
	return faulty(s, SERVER_UNANSWERED) && s->current_id != EAP_NO_ID;
}

/* ---- the tables ---- */

static const struct {
	const char *name;
	void (*enter)(struct eap_server *s);
} states[SERVER_STATES] = {
	[SERVER_DISABLED] = {"DISABLED", NULL},
	[SERVER_INITIALIZE] = {"INITIALIZE", enter_initialize},
	[SERVER_PICK_UP_METHOD] = {"PICK_UP_METHOD", enter_pick_up},
	[SERVER_IDLE] = {"IDLE", NULL},
	[SERVER_RETRANSMIT] = {"RETRANSMIT", enter_retransmit},
	[SERVER_RECEIVED] = {"RECEIVED", enter_received},
	[SERVER_NAK_STATE] = {"NAK", enter_nak},
	[SERVER_SELECT_ACTION] = {"SELECT_ACTION", enter_select_action},
	[SERVER_INTEGRITY_CHECK] = {"INTEGRITY_CHECK", enter_integrity_check},
	[SERVER_METHOD_RESPONSE] = {"METHOD_RESPONSE", enter_method_response},
	[SERVER_PROPOSE_METHOD] = {"PROPOSE_METHOD", enter_propose_method},
	[SERVER_METHOD_REQUEST] = {"METHOD_REQUEST", eap_server_ask},
	[SERVER_DISCARD] = {"DISCARD", enter_discard},
	[SERVER_SEND_REQUEST] = {"SEND_REQUEST", enter_send_request},
	[SERVER_TIMEOUT_FAILURE] = {"TIMEOUT_FAILURE", enter_timeout_failure},
	[SERVER_FAILURE_STATE] = {"FAILURE", enter_failure},
	[SERVER_SUCCESS_STATE] = {"SUCCESS", enter_success},
};

/* The first row of the state whose condition holds is taken. */
static const struct {
	enum eap_server_state_id from;
	bool (*when)(const struct eap_server *s);
	enum eap_server_state_id to;
} transitions[] = {
	{SERVER_DISABLED, always, SERVER_INITIALIZE},
	{SERVER_INITIALIZE, no_response, SERVER_SELECT_ACTION},
	{SERVER_INITIALIZE, always, SERVER_PICK_UP_METHOD},
	{SERVER_PICK_UP_METHOD, picked_up, SERVER_METHOD_RESPONSE},
	{SERVER_PICK_UP_METHOD, always, SERVER_SELECT_ACTION},
	{SERVER_IDLE, timed_out, SERVER_RETRANSMIT},
	{SERVER_IDLE, has_response, SERVER_RECEIVED},
	{SERVER_RETRANSMIT, asked_enough, SERVER_TIMEOUT_FAILURE},
	{SERVER_RETRANSMIT, always, SERVER_IDLE},
	{SERVER_RECEIVED, refuses, SERVER_NAK_STATE},
	{SERVER_RECEIVED, responds, SERVER_INTEGRITY_CHECK},
	{SERVER_RECEIVED, responds_otherwise, SERVER_FAILURE_STATE},
	{SERVER_RECEIVED, always, SERVER_DISCARD},
	{SERVER_NAK_STATE, always, SERVER_SELECT_ACTION},
	{SERVER_SELECT_ACTION, decides_failure, SERVER_FAILURE_STATE},
	{SERVER_SELECT_ACTION, decides_success, SERVER_SUCCESS_STATE},
	{SERVER_SELECT_ACTION, always, SERVER_PROPOSE_METHOD},
	{SERVER_INTEGRITY_CHECK, ignores, SERVER_DISCARD},
	{SERVER_INTEGRITY_CHECK, always, SERVER_METHOD_RESPONSE},
	{SERVER_METHOD_RESPONSE, method_ends, SERVER_SELECT_ACTION},
	{SERVER_METHOD_RESPONSE, always, SERVER_METHOD_REQUEST},
	{SERVER_PROPOSE_METHOD, always, SERVER_METHOD_REQUEST},
	{SERVER_METHOD_REQUEST, cannot_ask, SERVER_FAILURE_STATE},
	{SERVER_METHOD_REQUEST, always, SERVER_SEND_REQUEST},
	{SERVER_DISCARD, fails_instead, SERVER_FAILURE_STATE},
	{SERVER_DISCARD, always, SERVER_IDLE},
	{SERVER_SEND_REQUEST, always, SERVER_IDLE},
};

static bool advance(struct eap_server *s)
{
	for (size_t i = 0; i < G_N_ELEMENTS(transitions); i++) {
		if (transitions[i].from != s->state || !transitions[i].when(s))
			continue;
		s->state = transitions[i].to;
		if (states[s->state].enter)
			states[s->state].enter(s);
		return true;
	}
	return false;
}

static const struct eap_output *run(struct eap_server *s)
{
	for (int i = 0; i < STEPS_MAX && advance(s); i++)
		;
	return &s->output;
}

/* ---- to the lower layer ---- */

/* SERVER_UNFINISHED: the identity is asked for instead. */
void eap_server_discard(struct eap_server *s, const char *why)
{
	if (s->method && s->method_state == METHOD_STATE_CONT && faulty(s, SERVER_UNFINISHED)) {
		eap_server_ask_identity(s);
		enter_send_request(s);
		return;
	}
	s->output.message = (struct octets){NULL, 0};
	s->output.discarded = true;
	s->output.why = why;
}

struct eap_server *eap_server_new(struct role *owner)
{
	struct eap_server *s = g_new0(struct eap_server, 1);

	s->owner = owner;
	s->current_id = EAP_NO_ID;
	return s;
}

void eap_server_free(struct eap_server *s)
{
	if (!s)
		return;
	drop_method(s);
	secret_wipe(s, sizeof(*s));
	g_free(s);
}

/* Forgets the conversation before. */
static void reset(struct eap_server *s)
{
	struct role *owner = s->owner;

	drop_method(s);
	secret_wipe(s, sizeof(*s));
	s->owner = owner;
	s->current_id = EAP_NO_ID;
}

const struct eap_output *eap_server_start_full(struct eap_server *s)
{
	reset(s);
	return run(s);
}

const struct eap_output *eap_server_start(struct eap_server *s)
{
	struct writer w;

	if (!s->owner->settings.erp || !erp_keys_newest(s->owner))
		return eap_server_start_full(s);
	reset(s);
	w = writer_of(s->last_request, sizeof(s->last_request));
	eap_server_announce(s, &w);
	s->announced = true;
	s->last_length = w.length;
	s->output.message = (struct octets){s->last_request, s->last_length};
	return &s->output;
}

const struct eap_output *eap_server_receive(struct eap_server *s, struct octets message)
{
	const struct eap_leniency leniency = {
		.length = faulty(s, SERVER_LENGTH_TAKEN),
		.code = faulty(s, SERVER_CODE_TAKEN),
		.strict = faulty(s, SERVER_TRAILING),
		.taken_for = EAP_RESPONSE,
	};
	const char *defect = eap_take_message(s->octets, message, &leniency, &s->response);

	s->output = (struct eap_output){.discarded = false};
	if (defect) {
		eap_server_discard(s, defect);
	} else if (s->response.code == EAP_INITIATE) {
		eap_server_receive_erp(s, &s->response);
	} else if (s->response.code != EAP_RESPONSE || !s->response.has_type) {
		eap_server_discard(s, "it is no Response");
	} else if (s->state != SERVER_IDLE && s->state != SERVER_DISABLED) {
		eap_server_discard(s, "the conversation is over");
	} else {
		s->announced = false;
		s->response_waiting = true;
		run(s);
	}
	return &s->output;
}

const struct eap_output *eap_server_retransmit(struct eap_server *s)
{
	s->output = (struct eap_output){.discarded = false};
	if (s->announced) {
		s->announced = false;
		return run(s);
	}
	s->timeout = s->state == SERVER_IDLE;
	return run(s);
}

const struct secret *eap_server_msk(const struct eap_server *s)
{
	return &s->exports.msk;
}

const struct secret *eap_server_emsk(const struct eap_server *s)
{
	return &s->exports.emsk;
}

const char *eap_server_identity(const struct eap_server *s)
{
	if (s->exports.identity[0])
		return s->exports.identity;
	return s->identity[0] ? s->identity : NULL;
}

const char *eap_server_state(const struct eap_server *s)
{
	return states[s->state].name;
}
