/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pana_relay.h"

#include "pana_faults.h"

#include <stdlib.h>
#include <string.h>

enum { PAC_INFORMATION_MAX = 18, PRY_SIZE_MAX = 65535 };

/* Which of the faults that PAA and PRE share is switched on, by their order in PANA_FAULTS_RELAY.
 */
enum relay_fault {
	PRY_R,
	PRY_SID,
	PRY_SEQUENCE,
	PRY_PAC_MISSING,
	PRY_RELAYED_TWICE,
	PRY_PAC_LENGTH,
	PRY_RETRANSMITTED,
	PRY_PAC_COPIED /* of the PAA alone */
};

static bool has(const struct role *role, enum relay_fault fault)
{
	bool paa = !strcmp(role->kind->name, "pana.paa");

	if (!paa && fault == PRY_PAC_COPIED)
		return false;
	return role_has_fault(role, (paa ? (size_t)FAULT_PAA_PRY_R : (size_t)FAULT_PRE_PRY_R) +
					    (size_t)fault);
}

static size_t write_pac(const struct role *role, const struct endpoint *pac,
			const struct octets relayed, uint8_t octets[PAC_INFORMATION_MAX])
{
	struct writer w = writer_of(octets, PAC_INFORMATION_MAX);
	bool wrong = relayed.length >= PANA_HEADER_SIZE && relayed.octets[7] == PANA_NOTIFICATION &&
		     has(role, PRY_PAC_COPIED);

	write_octets(&w, pac->address.octets, address_length(&pac->address));
	if (!has(role, PRY_PAC_LENGTH))
		write_u16(&w, (uint16_t)(pac->port + wrong));
	return w.length;
}

/* RFC 6345 2: the PRE speaks to the PAA from a port of its own, if it has been given one. */
static void send_pry(struct role *role, const struct endpoint *to, const uint8_t *octets,
		     size_t length)
{
	const struct role_settings *s = &role->settings;
	const struct datagram d = {
		.source = s->relay.address.family ? s->relay : s->local,
		.destination = *to,
		.octets = {octets, length},
	};

	role->environment->ops->send(role->environment, role, &d);
}

void pana_relay_send(struct role *role, const struct endpoint *to, const struct endpoint *pac,
		     const uint8_t *relayed, size_t length)
{
	uint8_t information[PAC_INFORMATION_MAX];
	const struct pana_draft_avp avps[] = {
		{.code = PANA_AVP_PAC_INFORMATION,
		 .value = {information,
			   write_pac(role, pac, (struct octets){relayed, length}, information)}},
		{.code = PANA_AVP_RELAYED_MESSAGE, .value = {relayed, length}},
		{.code = PANA_AVP_RELAYED_MESSAGE, .value = {relayed, length}},
	};
	size_t first = has(role, PRY_PAC_MISSING);
	const struct pana_draft draft = {
		.flags = has(role, PRY_R) ? PANA_FLAG_R : 0,
		.type = PANA_RELAY,
		.session_id = has(role, PRY_SID),
		.sequence = has(role, PRY_SEQUENCE),
		.avps = avps + first,
		.avp_count = 2 - first + has(role, PRY_RELAYED_TWICE),
	};
	uint8_t *octets = malloc(PRY_SIZE_MAX);
	struct writer w = writer_of(octets, PRY_SIZE_MAX);

	if (!octets)
		abort();
	pana_write(&w, &draft);
	if (!w.full) {
		send_pry(role, to, octets, w.length);
		if (has(role, PRY_RETRANSMITTED))
			send_pry(role, to, octets, w.length);
	}
	free(octets);
}

bool pana_relay_pac(const struct pana_message *pry, struct endpoint *pac)
{
	const struct octets value = pry->avps.found[PANA_AVP_PAC_INFORMATION].value;
	struct walk w = walk_of(value.octets, value.length, NULL);

	if (value.length != 6 && value.length != 18)
		return false;
	pac->address = address_of(value.length == 6 ? ADDRESS_IPV4 : ADDRESS_IPV6,
				  walk_octets(&w, NULL, value.length - 2));
	pac->port = walk_u16(&w, NULL);
	return true;
}
