/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the EAP peer answers before a method does: Identity, Notification, Nak (RFC 3748 5). */
#include <string.h>

#include "eap_peer.h"

static bool faulty(const struct eap_peer *p, enum eap_peer_fault fault)
{
	return eap_peer_has_fault(p->owner, fault);
}

static void build(struct eap_peer *p, uint8_t type, struct octets data)
{
	struct writer w = writer_of(p->response, sizeof(p->response));

	eap_write_typed(&w, EAP_RESPONSE, p->request.identifier, type, data);
	p->response_length = w.length;
}

void eap_peer_build_identity(struct eap_peer *p)
{
	struct octets identity = octets_of_text(p->owner->settings.identity);
	bool again = p->identities++ > 0;
	bool null = again && faulty(p, PEER_IDENTITY_NULL);

	if (null)
		identity.length++; /* the text's own */
	build(p, again && faulty(p, PEER_RESPONSE_TYPE) ? EAP_TYPE_NOTIFICATION : EAP_TYPE_IDENTITY,
	      identity);
}

void eap_peer_build_notification(struct eap_peer *p)
{
	static const uint8_t none = 0;
	bool nak = faulty(p, PEER_NOTIFICATION_NAK);

	build(p, nak ? EAP_TYPE_NAK : EAP_TYPE_NOTIFICATION, (struct octets){&none, nak});
	if (faulty(p, PEER_LENGTH))
		p->response[3]++;
	if (faulty(p, PEER_CODE))
		p->response[0] = 7;
	if (faulty(p, PEER_RESPONSE_ID))
		p->response[1]++;
	if (faulty(p, PEER_TYPE_ABSENT)) {
		p->response[3] = EAP_HEADER_SIZE;
		p->response_length = EAP_HEADER_SIZE;
	}
}

/* Types that the peer would rather have; the one refused is none of them. */
static size_t desired(const struct eap_peer *p, uint8_t types[METHODS])
{
	size_t count = eap_method_types(p->owner, types), kept = 0;

	for (size_t i = 0; i < count; i++)
		if (types[i] != p->request.method)
			types[kept++] = types[i];
	if (!kept)
		types[kept++] = 0;
	return kept;
}

static void build_expanded_nak(struct eap_peer *p, const uint8_t *types, size_t count)
{
	uint8_t list[8 * METHODS + 8];
	struct writer data = writer_of(list, sizeof(list));
	struct writer w = writer_of(p->response, sizeof(p->response));

	if (faulty(p, PEER_EXPANDED_NAK_TYPES))
		eap_write_expanded_type(&data, 0, EAP_TYPE_IDENTITY);
	for (size_t i = 0; i < count; i++) {
		if (faulty(p, PEER_EXPANDED_NAK_FORMAT))
			write_u8(&data, types[i]);
		else
			eap_write_expanded_type(&data, 0, types[i]);
	}
	eap_write_expanded(&w, EAP_RESPONSE, p->request.identifier, 0, EAP_TYPE_NAK,
			   (struct octets){list, data.length});
	p->response_length = w.length;
}

/* A legacy Nak to a legacy type (5.3.1), an Expanded Nak to an Expanded one (5.3.2). */
void eap_peer_build_nak(struct eap_peer *p)
{
	uint8_t types[METHODS + 1];
	size_t count = desired(p, types);

	if (p->request.type == EAP_TYPE_EXPANDED || faulty(p, PEER_EXPANDED_NAK_REQUEST)) {
		build_expanded_nak(p, types, count);
		return;
	}
	if (faulty(p, PEER_NAK_TYPES))
		types[0] = EAP_TYPE_IDENTITY;
	if (faulty(p, PEER_NAK_EMPTY))
		count = 0;
	build(p, EAP_TYPE_NAK, (struct octets){types, count});
}

void eap_peer_file_keys(struct eap_peer *p)
{
	if (p->owner->settings.erp)
		erp_keys_add(p->owner, &p->exports.emsk, &p->exports.session_id,
			     p->owner->settings.identity, p->exports.server);
}
