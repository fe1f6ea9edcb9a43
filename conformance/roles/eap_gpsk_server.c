/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EAP-GPSK (RFC 5433), the server. It offers the suites of its settings, in their order. What comes
 * is judged as section 10 has it, the echo before the keys that are derived from it.
 */
#include <string.h>

#include "eap_gpsk_role.h"

enum { FAILURE_MAX = 1 + 4 + EAP_GPSK_MAC_MAX + 1 };

enum stage { SENDS_1, SENDS_3, SENDS_FAILURE };

struct gpsk_server_end {
	enum stage stage; /* what the next Request is; the Response to it is expected then */
	uint8_t failure_code;
	bool protected;
	uint8_t failure[FAILURE_MAX]; /* as sent: the Response is to be the same */
	size_t failure_length;
	uint8_t csuite_list[METHODS * EAP_GPSK_CSUITE + 1];
	size_t list_length;
	const struct eap_gpsk_suite *suite;
	uint8_t rand_server[EAP_GPSK_RAND], rand_peer[EAP_GPSK_RAND];
	struct eap_gpsk_keys keys;
	struct gpsk_received received;
};

static bool faulty(const struct role *owner, enum eap_server_fault fault)
{
	return eap_server_has_fault(owner, fault);
}

/* ---- what it sends ---- */

static void start(struct gpsk_server_end *s, struct role *owner)
{
	role_random(owner, s->rand_server, EAP_GPSK_RAND);
	s->list_length = 0;
	for (size_t i = 0; i < METHODS && owner->settings.methods[i] != METHOD_NONE; i++) {
		const struct eap_gpsk_suite *suite =
			gpsk_suite_of_setting(owner->settings.methods[i]);

		if (!suite)
			continue;
		gpsk_csuite(suite, s->csuite_list + s->list_length);
		s->list_length += EAP_GPSK_CSUITE;
	}
	if (faulty(owner, SERVER_GPSK_LIST_LENGTH))
		s->csuite_list[s->list_length++] = 0;
}

static bool write_1(struct gpsk_server_end *s, struct role *owner, uint8_t identifier,
		    struct writer *w)
{
	struct eap_gpsk gpsk = {
		.opcode = EAP_GPSK_1,
		.id_server = octets_of_text(owner->settings.server_identity),
		.rand_server = {s->rand_server, EAP_GPSK_RAND},
	};

	start(s, owner);
	gpsk.csuite_list = (struct octets){s->csuite_list, s->list_length};
	eap_write_gpsk(w, EAP_REQUEST, identifier, &gpsk);
	return !w->full;
}

static enum gpsk_block_defect block_defect(const struct gpsk_server_end *s,
					   const struct role *owner)
{
	static const struct {
		enum eap_server_fault fault;
		enum gpsk_block_defect defect;
	} rows[] = {
		{SERVER_GPSK_IV_NULL, BLOCK_IV_NULL},
		{SERVER_GPSK_IV_RECEIVED, BLOCK_IV_RECEIVED},
		{SERVER_GPSK_PADDING_BLOCK, BLOCK_NOT_WHOLE},
		{SERVER_GPSK_PADDING_NULL, BLOCK_PADDED},
		{SERVER_GPSK_PDATA, BLOCK_CUT},
	};

	for (size_t i = 0; s->received.any && i < sizeof(rows) / sizeof(rows[0]); i++)
		if (faulty(owner, rows[i].fault))
			return rows[i].defect;
	return owner->settings.protected_data ? BLOCK_RIGHT : BLOCK_NONE;
}

static bool write_3(struct gpsk_server_end *s, struct role *owner, uint8_t identifier,
		    struct writer *w)
{
	uint8_t csuite[EAP_GPSK_CSUITE], block_octets[GPSK_PD_MAX];
	struct writer block = writer_of(block_octets, sizeof(block_octets));
	struct eap_gpsk gpsk = {
		.opcode = EAP_GPSK_3,
		.rand_peer = {s->rand_peer, EAP_GPSK_RAND},
		.rand_server = {s->rand_server, EAP_GPSK_RAND},
		.id_server = octets_of_text(owner->settings.server_identity),
		.csuite_sel = {csuite, sizeof(csuite)},
	};
	size_t begin = w->length;

	gpsk_csuite(s->suite, csuite);
	if (faulty(owner, SERVER_GPSK_RAND_PEER))
		gpsk.rand_peer.octets = s->rand_server;
	if (faulty(owner, SERVER_GPSK_ID_SERVER))
		gpsk.id_server = octets_of_text("another@server");
	if (faulty(owner, SERVER_GPSK_SEL))
		csuite[5] ^= 3;
	gpsk_write_block(&block, block_defect(s, owner), owner, s->suite, &s->keys, NULL,
			 &s->received);
	gpsk.pd_payload = (struct octets){block_octets, block.length};
	if (!eap_write_gpsk_signed(w, EAP_REQUEST, identifier, &gpsk, s->suite, &s->keys.sk))
		return false;
	if (faulty(owner, SERVER_GPSK_3_MAC))
		w->octets[w->length - 1] ^= 1;
	if (faulty(owner, SERVER_GPSK_MAC_LENGTH))
		gpsk_shorten(w, begin);
	return true;
}

static bool write_failure(struct gpsk_server_end *s, struct role *owner, uint8_t identifier,
			  struct writer *w)
{
	struct eap_gpsk gpsk = {.opcode = EAP_GPSK_FAIL, .failure_code = s->failure_code};
	size_t begin = w->length, data = begin + EAP_HEADER_SIZE + 1;

	if (s->protected) {
		gpsk.opcode = EAP_GPSK_PROTECTED_FAIL;
		if (!eap_write_gpsk_signed(w, EAP_REQUEST, identifier, &gpsk, s->suite,
					   &s->keys.sk))
			return false;
		if (faulty(owner, SERVER_GPSK_FAIL_MAC))
			w->octets[w->length - 1] ^= 1;
	} else {
		eap_write_gpsk(w, EAP_REQUEST, identifier, &gpsk);
		if (faulty(owner, SERVER_GPSK_FORMAT)) {
			write_u8(w, 0);
			eap_write_end(w, begin);
		}
	}
	if (w->full || w->length - data > sizeof(s->failure))
		return false;
	s->failure_length = w->length - data;
	memcpy(s->failure, w->octets + data, s->failure_length);
	return true;
}

static bool gpsk_request(void *state, struct role *owner, uint8_t identifier, struct writer *w)
{
	struct gpsk_server_end *s = state;

	switch (s->stage) {
	case SENDS_1:
		return write_1(s, owner, identifier, w);
	case SENDS_3:
		return write_3(s, owner, identifier, w);
	default:
		return write_failure(s, owner, identifier, w);
	}
}

/* ---- what it takes ---- */

static struct eap_step going_on(void)
{
	return (struct eap_step){.state = METHOD_STATE_CONT};
}

static struct eap_step failed(const char *why)
{
	return (struct eap_step){.state = METHOD_STATE_DONE, .decision = DECISION_FAIL, .why = why};
}

static struct eap_step tell_failure(struct gpsk_server_end *s, enum eap_gpsk_failure code,
				    bool protected)
{
	s->stage = SENDS_FAILURE;
	s->failure_code = (uint8_t)code;
	s->protected = protected;
	return going_on();
}

static bool derive(struct eap_gpsk_keys *keys, const struct eap_gpsk_suite *suite,
		   const struct eap_gpsk *gpsk, const struct key_row *row)
{
	const struct eap_gpsk_input input = {
		.suite = suite,
		.psk = {row->octets, row->length},
		.rand_peer = gpsk->rand_peer.octets,
		.rand_server = gpsk->rand_server.octets,
		.id_peer = gpsk->id_peer,
		.id_server = gpsk->id_server,
	};

	return eap_gpsk_derive(keys, &input);
}

enum found { NO_KEY, WRONG_MAC, RIGHT_MAC };

/* The key under which the MAC is right: of those that fit ID_Peer, all are tried. */
static enum found find_key(struct gpsk_server_end *s, struct role *owner, const char *identity,
			   const struct eap_gpsk *gpsk)
{
	const struct key_row *row = NULL;
	struct eap_gpsk_keys keys;
	enum found found = NO_KEY;

	while (found != RIGHT_MAC && (row = eap_next_key(owner, KEY_EAP_GPSK, identity, row))) {
		if (!derive(&keys, s->suite, gpsk, row))
			continue;
		found = WRONG_MAC;
		if (gpsk_mac_right(gpsk, s->suite, &keys) || faulty(owner, SERVER_GPSK_2_MAC_TAKEN))
			found = RIGHT_MAC;
		if (found == RIGHT_MAC)
			s->keys = keys;
		eap_gpsk_clear(&keys);
	}
	return found;
}

static bool echo_right(const struct gpsk_server_end *s, const struct role *owner,
		       const struct eap_gpsk *gpsk)
{
	return !memcmp(gpsk->rand_server.octets, s->rand_server, EAP_GPSK_RAND) &&
	       octets_same(gpsk->csuite_list, (struct octets){s->csuite_list, s->list_length}) &&
	       octets_same(gpsk->id_server, octets_of_text(owner->settings.server_identity));
}

static const struct eap_gpsk_suite *selected(const struct gpsk_server_end *s,
					     const struct role *owner, const struct eap_gpsk *gpsk)
{
	const struct eap_gpsk_suite *suite = gpsk_suite_of(gpsk->csuite_sel);
	struct octets list = {s->csuite_list, s->list_length};

	if (!suite || !gpsk_list_has(list, suite))
		return NULL;
	if (faulty(owner, SERVER_GPSK_SUITE_1) && suite->specifier == 1 &&
	    gpsk_list_has(list, eap_gpsk_suite_find(0, 2)))
		return NULL;
	return suite;
}

static struct eap_step judge_2(struct gpsk_server_end *s, struct role *owner,
			       struct eap_exports *out, const struct eap_gpsk *gpsk,
			       const char *identity)
{
	enum found found = find_key(s, owner, identity, gpsk);

	if (found == NO_KEY)
		return faulty(owner, SERVER_GPSK_UNKNOWN)
			       ? eap_ignore("an unknown ID_Peer")
			       : tell_failure(s, EAP_GPSK_PSK_NOT_FOUND, false);
	if (found == WRONG_MAC)
		return faulty(owner, SERVER_GPSK_2_MAC)
			       ? eap_ignore("the MAC is wrong")
			       : tell_failure(s, EAP_GPSK_AUTHENTICATION_FAILURE, false);
	if (!gpsk_open_payloads(gpsk, s->suite, &s->keys, &s->received) &&
	    !faulty(owner, SERVER_GPSK_DECRYPTION))
		return eap_ignore("the protected data do not decrypt");
	if (owner->settings.unauthorized)
		return faulty(owner, SERVER_GPSK_UNAUTHORIZED)
			       ? eap_ignore("it is not authorized")
			       : tell_failure(s, EAP_GPSK_AUTHORIZATION_FAILURE,
					      !faulty(owner, SERVER_GPSK_AUTHORIZATION));
	memcpy(s->rand_peer, gpsk->rand_peer.octets, EAP_GPSK_RAND);
	memcpy(out->identity, identity, EAP_NAME_MAX);
	s->stage = SENDS_3;
	return going_on();
}

static struct eap_step on_2(struct gpsk_server_end *s, struct role *owner, struct eap_exports *out,
			    const struct eap_gpsk *gpsk)
{
	char identity[EAP_NAME_MAX];

	if (!echo_right(s, owner, gpsk) && !faulty(owner, SERVER_GPSK_2_ECHO))
		return eap_ignore("it does not echo GPSK-1");
	s->suite = selected(s, owner, gpsk);
	if (!s->suite)
		return eap_ignore("a ciphersuite that was not offered");
	if (!gpsk_mac_sized(gpsk, s->suite) || !eap_identity_name(gpsk->id_peer, identity))
		return eap_ignore("it cannot be parsed");
	return judge_2(s, owner, out, gpsk, identity);
}

static struct eap_step on_4(struct gpsk_server_end *s, struct role *owner, struct eap_exports *out,
			    const struct eap_gpsk *gpsk)
{
	if (!gpsk_mac_right(gpsk, s->suite, &s->keys) && !faulty(owner, SERVER_GPSK_4_MAC))
		return eap_ignore("the MAC is wrong");
	if (!gpsk_open_payloads(gpsk, s->suite, &s->keys, &s->received) &&
	    !faulty(owner, SERVER_GPSK_DECRYPTION))
		return eap_ignore("the protected data do not decrypt");
	out->msk = s->keys.msk;
	out->emsk = s->keys.emsk;
	out->session_id = s->keys.session_id;
	return (struct eap_step){.state = METHOD_STATE_DONE, .decision = DECISION_COND_SUCC};
}

static struct eap_step on_failure(struct gpsk_server_end *s, struct role *owner,
				  const struct eap_message *m)
{
	if (!octets_same(m->data, (struct octets){s->failure, s->failure_length}))
		return eap_ignore("it is not the failure message");
	if (faulty(owner, SERVER_GPSK_FAIL_END))
		return going_on();
	return failed("the failure message has been acknowledged");
}

static struct eap_step gpsk_response(void *state, struct role *owner, struct eap_exports *out,
				     const struct eap_message *m)
{
	struct gpsk_server_end *s = state;
	uint8_t opcode = m->gpsk.opcode;

	if (s->stage == SENDS_FAILURE && m->data.length &&
	    (opcode == EAP_GPSK_FAIL || opcode == EAP_GPSK_PROTECTED_FAIL))
		return on_failure(s, owner, m);
	if (!m->sound || !m->data.length)
		return faulty(owner, SERVER_GPSK_FORMAT_TAKEN) ? failed("it cannot be parsed")
							       : eap_ignore("it cannot be parsed");
	if (s->stage == SENDS_1 && opcode == EAP_GPSK_2)
		return on_2(s, owner, out, &m->gpsk);
	if (s->stage == SENDS_3 && opcode == EAP_GPSK_4)
		return on_4(s, owner, out, &m->gpsk);
	return faulty(owner, SERVER_GPSK_ORDER) ? failed("it is out of order")
						: eap_ignore("it is out of order");
}

/* ---- for tests ---- */

static bool craft_server(struct gpsk_server_end *s, struct role *owner, unsigned opcode,
			 uint8_t identifier, struct writer *w)
{
	struct eap_gpsk first = {
		.opcode = EAP_GPSK_1,
		.id_server = octets_of_text(owner->settings.server_identity),
		.rand_server = {s->rand_server, EAP_GPSK_RAND},
	};

	if (!s->list_length)
		start(s, owner);
	if (opcode == EAP_GPSK_1) {
		first.csuite_list = (struct octets){s->csuite_list, s->list_length};
		eap_write_gpsk(w, EAP_REQUEST, identifier, &first);
		return !w->full;
	}
	if (!s->suite) {
		s->suite = eap_gpsk_suite_find(0, 1);
		s->keys.sk.length = s->keys.pk.length = s->suite->key_length;
	}
	if (opcode == EAP_GPSK_3)
		return write_3(s, owner, identifier, w);
	return (opcode == EAP_GPSK_FAIL || opcode == EAP_GPSK_PROTECTED_FAIL) &&
	       gpsk_write_fail(w, EAP_REQUEST, identifier, opcode == EAP_GPSK_PROTECTED_FAIL,
			       s->suite, &s->keys);
}

static bool gpsk_craft(void *state, struct role *owner, bool server, unsigned opcode,
		       uint8_t identifier, struct writer *w)
{
	return server ? craft_server(state, owner, opcode, identifier, w)
		      : gpsk_peer_craft(state, owner, opcode, identifier, w);
}

static bool gpsk_seal(const void *state, bool server, const struct eap_message *m, uint8_t *octets)
{
	const struct gpsk_server_end *s = state;
	const struct gpsk_peer_end *p = state;

	return server ? gpsk_seal_message(s->suite, &s->keys, m, octets)
		      : gpsk_seal_message(p->suite, &p->keys, m, octets);
}

const struct eap_method eap_gpsk_method = {
	.type = EAP_TYPE_GPSK,
	.name = "EAP-GPSK",
	.peer_size = sizeof(struct gpsk_peer_end),
	.server_size = sizeof(struct gpsk_server_end),
	.peer = gpsk_peer,
	.request = gpsk_request,
	.response = gpsk_response,
	.craft = gpsk_craft,
	.seal = gpsk_seal,
};
