/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The policy of the EAP server (RFC 4137 5.4): the identity first, a Notification if the settings
 * say so, then the methods of the settings in their order, as far as the peer's Nak allows
 * (RFC 3748 5.3). One method only is carried through (RFC 3748 2.1).
 */
#include <string.h>

#include "eap_server.h"

static bool faulty(const struct eap_server *s, enum eap_server_fault fault)
{
	return eap_server_has_fault(s->owner, fault);
}

static bool has(const uint8_t *types, size_t count, uint8_t type)
{
	return count && memchr(types, type, count);
}

/* The method to be proposed next; 0: none is left. */
static uint8_t next_method(const struct eap_server *s)
{
	uint8_t types[METHODS];
	size_t count = eap_method_types(s->owner, types);

	for (size_t i = 0; i < count; i++)
		if (!has(s->tried, s->tried_count, types[i]) &&
		    (!s->nak || has(s->wanted, s->wanted_count, types[i])))
			return types[i];
	return 0;
}

enum eap_policy eap_server_decide(const struct eap_server *s)
{
	if (s->ended && s->outcome != DECISION_FAIL && !s->second &&
	    faulty(s, SERVER_SECOND_METHOD))
		return POLICY_CONTINUE;
	if (s->ended)
		return s->outcome == DECISION_FAIL ? POLICY_FAILURE : POLICY_SUCCESS;
	if (!s->nak || next_method(s))
		return s->has_identity && !next_method(s) ? POLICY_FAILURE : POLICY_CONTINUE;
	return faulty(s, SERVER_NAK_REQUEST) && s->current != EAP_TYPE_NAK ? POLICY_CONTINUE
									   : POLICY_FAILURE;
}

/* SERVER_SECOND_METHOD: one that is left, or the same once more. */
static uint8_t second_method(struct eap_server *s)
{
	uint8_t types[METHODS], type = next_method(s);

	s->second = true;
	s->ended = false;
	if (type)
		return type;
	return eap_method_types(s->owner, types) ? types[0] : EAP_TYPE_IDENTITY;
}

uint8_t eap_server_next_type(struct eap_server *s)
{
	bool notify = s->owner->settings.notify || (s->nak && faulty(s, SERVER_NOTIFICATION_NULL));
	uint8_t type;

	if (s->ended)
		return second_method(s);
	if (!s->has_identity)
		return EAP_TYPE_IDENTITY;
	if (notify && !s->notified) {
		s->notified = true;
		return EAP_TYPE_NOTIFICATION;
	}
	type = next_method(s);
	if (type && s->tried_count < METHODS)
		s->tried[s->tried_count++] = type;
	return type ? type : EAP_TYPE_NAK; /* the latter by SERVER_NAK_REQUEST alone */
}

/* A legacy Nak lists types (5.3.1), an Expanded one Expanded types (5.3.2), of which those of
 * vendor 0 below 256 are the same. */
void eap_server_take_nak(struct eap_server *s)
{
	struct octets data = s->response.data;
	struct walk w = walk_of(data.octets, data.length, NULL);

	s->nak = true;
	s->wanted_count = 0;
	while (walk_left(&w) && !w.cut && s->wanted_count < sizeof(s->wanted)) {
		uint8_t type = walk_u8(&w, NULL);

		if (s->response.expanded) {
			uint32_t vendor = walk_u24(&w, NULL), vendor_type = walk_u32(&w, NULL);

			type = vendor == 0 && vendor_type < 256 ? (uint8_t)vendor_type : 0;
		}
		if (!w.cut && type >= EAP_TYPE_MD5)
			s->wanted[s->wanted_count++] = type;
	}
}

void eap_server_take_identity(struct eap_server *s)
{
	s->has_identity = true;
	if (!eap_identity_name(s->response.data, s->identity))
		s->identity[0] = '\0';
}
