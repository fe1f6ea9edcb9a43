/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stack.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "protocols/eap/eap.h"
#include "protocols/pana/pana.h"
#include "protocols/radius/radius.h"
#include "protocols/radius/radius_tracker.h"

enum { EAPOL_EAP = 0, PPP_EAP = 0xc227 };

const struct protocol *const stack_protocols[] = {
	&pana_protocol,
	&eap_protocol,
	&radius_protocol,
	NULL,
};

struct stack {
	struct pana_tracker *pana;
	struct eap_tracker *eap;
	struct radius_tracker *radius;
	const struct protocol *fed;               /* innermost protocol of the last payload */
	struct pana_message messages[PANA_DEPTH]; /* of the last payload, if it was PANA */
	unsigned message_count;
	struct eap_message eap_message;     /* of the last payload, if it was EAP */
	uint8_t eap_octets[RADIUS_EAP_MAX]; /* EAP joined from RADIUS attributes */
};

struct stack *stack_new(struct key_store *keys, size_t limit, conversation_closed *closed,
			void *context)
{
	struct stack *s = g_new0(struct stack, 1);

	s->pana = pana_tracker_new(keys, limit, closed, context);
	s->eap = eap_tracker_new(keys, limit, closed, context);
	s->radius = radius_tracker_new(0);
	return s;
}

void stack_free(struct stack *s)
{
	if (!s)
		return;
	pana_tracker_free(s->pana);
	eap_tracker_free(s->eap);
	radius_tracker_free(s->radius);
	g_free(s);
}

/* ---- which protocol ---- */

/* Rows of dissector tables and names of dissectors, for exported PDUs. */
struct pdu_protocol {
	enum pdu_naming naming;
	const char *name;
	uint32_t number; /* PDU_TABLE */
	const struct protocol *protocol;
};

static const struct pdu_protocol pdu_protocols[] = {
	{PDU_DISSECTOR, "pana", 0, &pana_protocol},
	{PDU_HEURISTIC, "pana_udp", 0, &pana_protocol},
	{PDU_TABLE, "udp.port", PANA_PORT, &pana_protocol},
	{PDU_DISSECTOR, "eap", 0, &eap_protocol},
	{PDU_TABLE, "eapol.type", EAPOL_EAP, &eap_protocol},
	{PDU_TABLE, "ppp.protocol", PPP_EAP, &eap_protocol},
	{PDU_DISSECTOR, "radius", 0, &radius_protocol},
	{PDU_TABLE, "udp.port", RADIUS_PORT, &radius_protocol},
	{PDU_TABLE, "udp.port", RADIUS_PORT_OLD, &radius_protocol},
};

static const struct protocol *exported_protocol(const struct capture_payload *payload)
{
	for (size_t i = 0; i < G_N_ELEMENTS(pdu_protocols); i++) {
		const struct pdu_protocol *row = &pdu_protocols[i];

		if (row->naming == payload->pdu_naming &&
		    strcmp(row->name, payload->pdu_name) == 0 &&
		    (row->naming != PDU_TABLE || row->number == payload->pdu_number))
			return row->protocol;
	}
	return NULL;
}

static const struct protocol *udp_protocol(const struct capture_payload *payload)
{
	uint16_t source = payload->passage.source.port;
	uint16_t destination = payload->passage.destination.port;

	if (source == PANA_PORT || destination == PANA_PORT)
		return &pana_protocol;
	if (radius_port(source, destination))
		return &radius_protocol;
	if (pana_recognise(payload->octets, payload->length))
		return &pana_protocol;
	return NULL;
}

const struct protocol *stack_protocol(const struct capture_payload *payload)
{
	if (payload->length == 0)
		return NULL;
	switch (payload->kind) {
	case PAYLOAD_UDP:
		return udp_protocol(payload);
	case PAYLOAD_EAPOL_EAP:
		return &eap_protocol;
	case PAYLOAD_EXPORTED_PDU:
		return exported_protocol(payload);
	}
	return NULL;
}

/* ---- reading what the capture cut short ---- */

/* Passes on everything but notes. */
struct unjudging {
	struct reader reader;
	struct reader *to;
};

static struct reader *beyond(struct reader *r)
{
	return ((struct unjudging *)r)->to;
}

static void pass_open(struct reader *r, const struct field *group, size_t offset, size_t length)
{
	reader_open(beyond(r), group, offset, length);
}

static void pass_label(struct reader *r, const char *text)
{
	reader_label(beyond(r), "%s", text);
}

static void pass_value(struct reader *r, const struct field *field, size_t offset, size_t length,
		       const struct value *value)
{
	reader_value(beyond(r), field, offset, length, value);
}

static void pass_source(struct reader *r, const char *name, const uint8_t *octets, size_t length)
{
	reader_source(beyond(r), name, octets, length);
}

static void pass_close(struct reader *r)
{
	reader_close(beyond(r));
}

static const struct reader_ops unjudging_ops = {
	.open = pass_open,
	.label = pass_label,
	.value = pass_value,
	.source = pass_source,
	.close = pass_close,
};

/* ---- feeding ---- */

static struct stack_told feed_pana(struct stack *s, const struct capture_payload *payload,
				   struct reader *reader)
{
	struct walk w = walk_of(payload->octets, payload->length, reader);
	struct stack_told told = {.protocol = &pana_protocol};

	s->message_count = pana_walk(&w, s->messages);
	if (!payload->truncated)
		told.conversation = pana_track(s->pana, &payload->passage, s->messages,
					       s->message_count, reader);
	return told;
}

/* An EAP message that stands at `origin` of what `w` walks. */
static struct stack_told feed_eap(struct stack *s, const struct capture_payload *payload,
				  struct walk *w, enum carrier carrier, uint32_t stream)
{
	struct passage passage = payload->passage;
	struct stack_told told = {.protocol = &eap_protocol};
	size_t origin = w->position;
	struct reader *reader = w->reader;

	passage.carrier = carrier;
	eap_walk(w, &s->eap_message);
	if (!payload->truncated)
		told.conversation =
			eap_track(s->eap, &passage, stream, &s->eap_message, origin, reader);
	return told;
}

static struct stack_told feed_radius(struct stack *s, const struct capture_payload *payload,
				     struct reader *reader)
{
	struct walk w = walk_of(payload->octets, payload->length, reader);
	struct stack_told told = {.protocol = NULL};
	struct radius_message m;
	struct walk eap;
	uint32_t stream;
	size_t length;

	if (!radius_walk(&w, &m))
		return told;
	told.protocol = &radius_protocol;
	stream = payload->truncated ? 0 : radius_track(s->radius, &payload->passage, &m);
	if (m.eap_length == 0) /* none, or an EAP-Start: RFC 3579 2.1 */
		return told;
	if (m.eap_parts == 1) {
		eap = walk_of(payload->octets, m.eap_offset + m.eap.length, reader);
		eap.position = m.eap_offset;
		return feed_eap(s, payload, &eap, CARRIER_RADIUS, stream);
	}
	length = radius_eap_message(&m, s->eap_octets, sizeof(s->eap_octets));
	if (length == 0)
		return told;
	reader_source(reader, "Reassembled EAP packet", s->eap_octets, length);
	eap = walk_of(s->eap_octets, length, reader);
	told = feed_eap(s, payload, &eap, CARRIER_RADIUS, stream);
	reader_close(reader);
	return told;
}

struct stack_told stack_feed(struct stack *s, const struct capture_payload *payload,
			     struct reader *reader)
{
	struct unjudging unjudging = {.reader.ops = &unjudging_ops, .to = reader};
	const struct protocol *protocol = stack_protocol(payload);
	struct stack_told told = {.protocol = NULL};

	if (payload->truncated)
		reader = &unjudging.reader;
	if (protocol == &pana_protocol) {
		told = feed_pana(s, payload, reader);
	} else if (protocol == &radius_protocol) {
		told = feed_radius(s, payload, reader);
	} else if (protocol == &eap_protocol) {
		struct walk w = walk_of(payload->octets, payload->length, reader);

		told = feed_eap(s, payload, &w, payload->passage.carrier, 0);
	}
	told.truncated = told.protocol && payload->truncated;
	s->fed = told.protocol;
	return told;
}

/* PANA's words and, behind them, those of the EAP message that it carries. */
static void summarize_pana(const struct stack *s, char text[STACK_SUMMARY_SIZE])
{
	const struct pana_avps *avps = &s->messages[s->message_count - 1].avps;
	char pana[PANA_SUMMARY_SIZE], eap[EAP_SUMMARY_SIZE] = "";
	bool carries = avps->found[PANA_AVP_EAP_PAYLOAD].count > 0;

	pana_summary(s->messages, s->message_count, pana);
	if (carries)
		eap_summary(&avps->eap, eap);
	snprintf(text, STACK_SUMMARY_SIZE, "%s%s%s", pana, carries ? " | EAP " : "", eap);
}

const char *stack_summary(const struct stack *s, char text[STACK_SUMMARY_SIZE])
{
	text[0] = '\0';
	if (s->fed == &pana_protocol)
		summarize_pana(s, text);
	else if (s->fed == &eap_protocol)
		eap_summary(&s->eap_message, text);
	else if (s->fed)
		snprintf(text, STACK_SUMMARY_SIZE, "%s without EAP", s->fed->label);
	return text;
}
