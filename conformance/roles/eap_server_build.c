/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the EAP server sends: Requests, Success and Failure (RFC 3748 4.1, 4.2). */
#include "eap_server.h"

static bool faulty(const struct eap_server *s, enum eap_server_fault fault)
{
	return eap_server_has_fault(s->owner, fault);
}

static uint8_t next_id(struct eap_server *s)
{
	uint8_t random;

	if (s->nak && faulty(s, SERVER_REQUEST_ID))
		return (uint8_t)s->current_id;
	if (s->current_id != EAP_NO_ID)
		return (uint8_t)(s->current_id + 1);
	role_random(s->owner, &random, 1);
	return random;
}

static void write_notification(struct eap_server *s, struct writer *w)
{
	static const char text[] = "Assay: this is a notification";
	bool null = faulty(s, SERVER_NOTIFICATION_NULL);

	eap_write_typed(w, EAP_REQUEST, (uint8_t)s->current_id, EAP_TYPE_NOTIFICATION,
			(struct octets){(const uint8_t *)text, sizeof(text) - !null});
}

/* After a Nak: what is wrong with the Request. */
static void spoil_request(const struct eap_server *s, struct writer *w)
{
	if (!s->nak || w->length <= EAP_HEADER_SIZE)
		return;
	if (faulty(s, SERVER_LENGTH))
		write_patch_u16(w, 2, (uint16_t)(w->length + 1));
	if (faulty(s, SERVER_CODE))
		w->octets[0] = 7;
	if (faulty(s, SERVER_TYPE_ABSENT)) {
		w->length = EAP_HEADER_SIZE;
		eap_write_end(w, 0);
	}
}

/* m.buildReq */
void eap_server_ask(struct eap_server *s)
{
	struct writer w = writer_of(s->last_request, sizeof(s->last_request));
	static const uint8_t none = 0;

	s->current_id = next_id(s);
	s->cannot_ask = false;
	if (s->method)
		s->cannot_ask =
			!s->method->request(s->method_data, s->owner, (uint8_t)s->current_id, &w);
	else if (s->current == EAP_TYPE_NOTIFICATION)
		write_notification(s, &w);
	else
		eap_write_typed(&w, EAP_REQUEST, (uint8_t)s->current_id, s->current,
				(struct octets){&none, s->current == EAP_TYPE_NAK});
	spoil_request(s, &w);
	s->last_length = w.length;
	if (s->cannot_ask) {
		s->ended = true;
		s->outcome = DECISION_FAIL;
		s->decision = POLICY_FAILURE;
		s->output.why = "the method cannot ask";
	}
}

/* SERVER_UNFINISHED: the identity, in the middle of the method. */
void eap_server_ask_identity(struct eap_server *s)
{
	struct writer w = writer_of(s->last_request, sizeof(s->last_request));

	s->current_id = next_id(s);
	eap_write_typed(&w, EAP_REQUEST, (uint8_t)s->current_id, EAP_TYPE_IDENTITY,
			(struct octets){NULL, 0});
	s->last_length = w.length;
}

void eap_server_end(struct eap_server *s, enum eap_code code)
{
	struct writer w = writer_of(s->last_request, sizeof(s->last_request));
	bool failure = code == EAP_FAILURE;
	uint8_t identifier = (uint8_t)(s->current_id + (failure && faulty(s, SERVER_SUCCESS_ID)));

	eap_write_bare(&w, code, identifier);
	if (failure && faulty(s, SERVER_SUCCESS_LENGTH)) {
		write_u8(&w, 0);
		eap_write_end(&w, 0);
	}
	s->last_length = w.length;
	s->output.message = (struct octets){s->last_request, s->last_length};
}
