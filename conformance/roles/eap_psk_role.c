/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EAP-PSK (RFC 4764), both ends. What comes is checked in the RFC's order: its fields, RAND_S, MACs
 * (MAC_S before the tag: 4.1), the nonce before the tag (3.3), the tag, the decrypted payload. A
 * message that fails any of these is ignored.
 *
 * Extensions: the peer knows none and says so as 6.2 has it, going along with what R says; the
 * server starts none, but goes on for as long as the peer says CONT, EAP_ROUNDS_MAX times.
 */
#include <string.h>

#include "eap_psk_role.h"
#include "protocols/eap/eap_walks.h"

static struct octets id_s_of(const struct psk_end *s)
{
	return (struct octets){s->id_s, s->id_s_length};
}

static struct octets rand_of(const uint8_t rand[EAP_PSK_RAND])
{
	return (struct octets){rand, EAP_PSK_RAND};
}

/* All that the message's T asks for is there (RFC 4764 5). */
static bool is_whole(const struct eap_message *m)
{
	const struct eap_psk *psk = &m->psk;

	if (!m->sound || !psk->rand_s.octets)
		return false;
	switch (psk->t) {
	case EAP_PSK_1:
		return psk->id_s.length > 0 && psk->id_s.length <= PSK_ID_MAX;
	case EAP_PSK_2:
		return psk->mac_p.octets && psk->id_p.length > 0 && psk->id_p.length <= PSK_ID_MAX;
	case EAP_PSK_3:
		return psk->mac_s.octets && psk->tag.octets && psk->ciphertext.length > 0;
	default:
		return psk->tag.octets && psk->ciphertext.length > 0;
	}
}

/* Opens the channel. `lenient` takes it for right whatever the tag says. */
static bool open_channel(const struct psk_end *s, const struct eap_psk *psk, bool lenient,
			 uint8_t plaintext[EAP_ROLE_OCTETS])
{
	bool right = psk->ciphertext.length <= EAP_ROLE_OCTETS &&
		     psk->header.length == EAP_PSK_HEADER &&
		     eap_psk_open(&s->keys, psk->nonce, psk->header.octets, psk->ciphertext.octets,
				  plaintext, psk->ciphertext.length, psk->tag.octets);

	if (!right && lenient) {
		memset(plaintext, 0, EAP_ROLE_OCTETS);
		plaintext[0] = EAP_PSK_DONE_SUCCESS << 6;
		return true;
	}
	return right;
}

/* Reads the payload; false if it is malformed: 5.3, 6.1. */
static bool read_payload(const uint8_t *plaintext, size_t length, struct eap_psk_result_part *part)
{
	struct walk w = walk_of(plaintext, length, NULL);

	eap_psk_walk_plaintext(&w, part);
	if (!part->complete || !part->r)
		return false;
	if (part->e)
		return part->has_type && part->ext_payload.length <= PSK_EXT_MAX;
	return length == 1;
}

/* ---- peer ---- */

static bool peer_fault(const struct role *owner, enum eap_peer_fault fault)
{
	return eap_peer_has_fault(owner, fault);
}

static struct eap_step going_on(void)
{
	return (struct eap_step){.state = METHOD_STATE_CONT};
}

static bool peer_keys(struct psk_end *s, struct role *owner)
{
	const struct key_row *row =
		eap_next_key(owner, KEY_EAP_PSK, owner->settings.identity, NULL);

	return row && eap_psk_setup(&s->keys, (struct octets){row->octets, row->length});
}

static struct eap_step peer_first(struct psk_end *s, struct role *owner,
				  const struct eap_message *m, struct writer *w)
{
	uint8_t mac_p[EAP_PSK_MAC], long_id[PSK_ID_TOO_LONG];
	struct eap_psk psk = {
		.t = EAP_PSK_2,
		.rand_s = rand_of(s->rand_s),
		.rand_p = rand_of(s->rand_p),
		.mac_p = {mac_p, sizeof(mac_p)},
		.id_p = octets_of_text(owner->settings.identity),
	};
	size_t cut = m->psk.rand_s.octets ? EAP_PSK_RAND : 0;

	if (!peer_keys(s, owner))
		return (struct eap_step){.refuse = true, .why = "no PSK for this identity"};
	if (cut)
		memcpy(s->rand_s, m->psk.rand_s.octets, cut);
	s->id_s_length = m->psk.id_s.length <= sizeof(s->id_s) ? m->psk.id_s.length : 0;
	if (s->id_s_length)
		memcpy(s->id_s, m->psk.id_s.octets, s->id_s_length);
	role_random(owner, s->rand_p, sizeof(s->rand_p));
	if (peer_fault(owner, PEER_PSK_ID_P)) {
		memset(long_id, 'x', sizeof(long_id));
		psk.id_p = (struct octets){long_id, sizeof(long_id)};
	}
	if (!eap_psk_mac_p(&s->keys, psk.id_p, id_s_of(s), s->rand_s, s->rand_p, mac_p))
		return eap_ignore("no MAC_P");
	if (peer_fault(owner, PEER_PSK_MAC_P))
		mac_p[0] ^= 1;
	eap_write_psk(w, EAP_RESPONSE, m->identifier, &psk);
	s->t = EAP_PSK_1;
	s->started = true;
	return going_on();
}

/* The R to be sent, RFC 4764 6.1. An unknown extension costs one round (6.2). */
static uint8_t peer_result(const struct psk_end *s, const struct role *owner,
			   const struct eap_psk_result_part *in)
{
	if (in->r == EAP_PSK_DONE_FAILURE)
		return peer_fault(owner, PEER_PSK_R_FAILURE) ? EAP_PSK_DONE_SUCCESS
							     : EAP_PSK_DONE_FAILURE;
	if (owner->settings.psk_result && !s->rounds)
		return owner->settings.psk_result & 3;
	if (in->r == EAP_PSK_CONT && peer_fault(owner, PEER_PSK_R_FIRST))
		return EAP_PSK_DONE_SUCCESS;
	if (in->r == EAP_PSK_CONT && (!in->e || s->rounds >= 1))
		return EAP_PSK_DONE_FAILURE; /* nothing more would come of it */
	return in->r ? in->r : EAP_PSK_DONE_SUCCESS;
}

static const uint8_t too_long[PSK_EXT_MAX + 1];

/* The payload of the answer: an unknown extension is answered with no EXT_Payload. */
static struct eap_psk_result_part peer_payload(const struct psk_end *s, const struct role *owner,
					       const struct eap_psk_result_part *in)
{
	struct eap_psk_result_part out = {.r = peer_result(s, owner, in)};

	if (in->e && !peer_fault(owner, PEER_PSK_EXT_DROPPED)) {
		out.e = out.has_type = true;
		out.ext_type = in->ext_type;
		if (peer_fault(owner, PEER_PSK_EXT_TYPE))
			out.ext_type = (uint8_t)(in->ext_type == 255 ? 254 : in->ext_type + 1);
		if (peer_fault(owner, PEER_PSK_EXT_LONG))
			out.ext_payload = (struct octets){too_long, sizeof(too_long)};
	} else if (in->r == EAP_PSK_DONE_FAILURE && peer_fault(owner, PEER_PSK_EXT_START)) {
		out.e = out.has_type = true;
		out.ext_type = 255;
		out.ext_payload = (struct octets){too_long, 1};
	}
	return out;
}

/* RFC 3748 4.2 and RFC 4764 6.1: what both R together mean. */
static struct eap_step peer_outcome(const struct eap_psk_result_part *in, uint8_t sent)
{
	if (in->r == EAP_PSK_DONE_SUCCESS && sent == EAP_PSK_DONE_SUCCESS)
		return (struct eap_step){.state = METHOD_STATE_DONE,
					 .decision = DECISION_UNCOND_SUCC};
	if (sent == EAP_PSK_DONE_FAILURE || in->r == EAP_PSK_DONE_FAILURE)
		return (struct eap_step){.state = METHOD_STATE_MAY_CONT, .decision = DECISION_FAIL};
	return going_on();
}

static struct eap_step peer_answer(struct psk_end *s, struct role *owner,
				   const struct eap_message *m, const uint8_t *plaintext,
				   struct writer *w)
{
	struct eap_psk_result_part in, out;
	struct eap_psk psk = {.t = EAP_PSK_4, .rand_s = rand_of(s->rand_s)};
	size_t begin = w->length;

	if (!read_payload(plaintext, m->psk.ciphertext.length, &in) &&
	    !peer_fault(owner, PEER_PSK_PLAINTEXT) && !peer_fault(owner, PEER_PSK_TAG_TAKEN))
		return eap_ignore("the payload is malformed");
	if (in.e && peer_fault(owner, PEER_PSK_EXT_SILENT))
		return eap_ignore("an extension");
	out = peer_payload(s, owner, &in);
	psk.nonce = m->psk.nonce + 1;
	if (!eap_write_psk_sealed(w, EAP_RESPONSE, m->identifier, &psk, &out, &s->keys))
		return eap_ignore("the answer cannot be sealed");
	if (peer_fault(owner, PEER_PSK_TAG))
		w->octets[begin + EAP_PSK_HEADER + 4] ^= 1;
	s->said = out;
	s->nonce = m->psk.nonce + 2;
	s->t = EAP_PSK_4;
	s->rounds++;
	s->failed = out.r == EAP_PSK_DONE_FAILURE;
	return peer_outcome(&in, out.r);
}

static bool mac_s_right(const struct psk_end *s, const struct eap_psk *psk)
{
	uint8_t mac[EAP_PSK_MAC];

	return eap_psk_mac_s(&s->keys, id_s_of(s), s->rand_p, mac) &&
	       secret_equal(mac, psk->mac_s.octets, sizeof(mac));
}

/* A third or later message. Only its keys are touched before all is checked, and those alike each
 * time. */
static struct eap_step peer_channel(struct psk_end *s, struct role *owner, struct eap_exports *out,
				    const struct eap_message *m, struct writer *w)
{
	const struct eap_psk *psk = &m->psk;
	uint8_t plaintext[EAP_ROLE_OCTETS];
	struct eap_step step;

	if (memcmp(psk->rand_s.octets, s->rand_s, EAP_PSK_RAND) &&
	    !peer_fault(owner, PEER_PSK_RAND_S))
		return eap_ignore("RAND_S is not the dialog's");
	if (psk->t == EAP_PSK_3 && !mac_s_right(s, psk) && !peer_fault(owner, PEER_PSK_MAC_S))
		return eap_ignore("MAC_S is wrong");
	if (psk->nonce != s->nonce && !peer_fault(owner, PEER_PSK_NONCE))
		return eap_ignore("the nonce is not the next one");
	if (psk->t == EAP_PSK_3 && !eap_psk_derive(&s->keys, s->rand_p))
		return eap_ignore("no TEK");
	if (!open_channel(s, psk, peer_fault(owner, PEER_PSK_TAG_TAKEN), plaintext))
		return eap_ignore("the tag is wrong");
	step = peer_answer(s, owner, m, plaintext, w);
	secret_wipe(plaintext, sizeof(plaintext));
	if (!step.ignore && step.state == METHOD_STATE_DONE) {
		out->msk = s->keys.msk;
		out->emsk = s->keys.emsk;
		eap_psk_session_id(s->rand_p, s->rand_s, &out->session_id);
		eap_identity_name(id_s_of(s), out->server);
	}
	return step;
}

/* A second message, taken for a first by a fault: it has no ID_S. */
static bool taken_for_first(const struct role *owner, const struct psk_end *s,
			    const struct eap_message *m)
{
	if (s->started)
		return false;
	return (m->psk.t == EAP_PSK_1 && peer_fault(owner, PEER_PSK_FORMAT)) ||
	       (m->psk.t == EAP_PSK_2 && peer_fault(owner, PEER_PSK_ORDER));
}

static struct eap_step psk_peer(void *state, struct role *owner, struct eap_exports *out,
				const struct eap_message *m, struct writer *w)
{
	struct psk_end *s = state;

	if (taken_for_first(owner, s, m))
		return peer_first(s, owner, m, w);
	if (!is_whole(m))
		return eap_ignore("it lacks a field");
	if (!s->started && m->psk.t == EAP_PSK_1)
		return peer_first(s, owner, m, w);
	if (!s->started || s->failed || m->psk.t != (s->t == EAP_PSK_1 ? EAP_PSK_3 : EAP_PSK_4))
		return eap_ignore("it is out of order");
	return peer_channel(s, owner, out, m, w);
}

/* ---- server ---- */

static bool server_fault(const struct role *owner, enum eap_server_fault fault)
{
	return eap_server_has_fault(owner, fault);
}

void psk_start(struct psk_end *s, struct role *owner)
{
	struct octets id = octets_of_text(owner->settings.server_identity);

	role_random(owner, s->rand_s, sizeof(s->rand_s));
	s->id_s_length = id.length;
	memcpy(s->id_s, id.octets, id.length);
	if (server_fault(owner, SERVER_PSK_ID_S)) {
		memset(s->id_s, 's', sizeof(s->id_s));
		s->id_s_length = sizeof(s->id_s);
	}
	if (server_fault(owner, SERVER_PSK_ID_S_CHANGES)) {
		role_random(owner, s->id_s, 1);
		s->id_s[0] = (uint8_t)('a' + s->id_s[0] % 26);
	}
	s->r = owner->settings.unauthorized ? EAP_PSK_DONE_FAILURE : EAP_PSK_DONE_SUCCESS;
	if (owner->settings.psk_result)
		s->r = owner->settings.psk_result & 3;
	s->nonce = server_fault(owner, SERVER_PSK_NONCE_ZERO) ? 2 : 0;
	s->t = -1;
	s->started = true;
}

static struct eap_psk_result_part server_payload(const struct psk_end *s, const struct role *owner)
{
	struct eap_psk_result_part out = {.r = s->r};
	bool late = s->rounds && server_fault(owner, SERVER_PSK_EXT_START);

	if (s->rounds && server_fault(owner, SERVER_PSK_R_KEEPS))
		out.r = EAP_PSK_CONT;
	if (late || server_fault(owner, SERVER_PSK_EXT_EMPTY)) {
		out.e = out.has_type = true;
		out.ext_type = 255;
		out.ext_payload = (struct octets){too_long, late};
	} else if (owner->settings.psk_extension) {
		out.e = out.has_type = true;
		out.ext_type = (uint8_t)owner->settings.psk_extension;
		out.ext_payload = (struct octets){too_long, s->rounds == 0};
	}
	return out;
}

bool psk_write_channel(struct psk_end *s, struct role *owner, unsigned t, uint8_t identifier,
		       struct writer *w)
{
	uint8_t mac_s[EAP_PSK_MAC];
	struct eap_psk_result_part part = server_payload(s, owner);
	struct eap_psk psk = {
		.t = (uint8_t)t,
		.rand_s = rand_of(s->rand_s),
		.nonce = s->nonce,
		.mac_s = {mac_s, sizeof(mac_s)},
	};
	size_t begin = w->length, tag = EAP_PSK_HEADER + 4;

	if (!eap_psk_mac_s(&s->keys, id_s_of(s), s->rand_p, mac_s))
		return false;
	if (server_fault(owner, SERVER_PSK_MAC_S))
		mac_s[0] ^= 1;
	if (!eap_write_psk_sealed(w, EAP_REQUEST, identifier, &psk, &part, &s->keys))
		return false;
	if (server_fault(owner, SERVER_PSK_TAG))
		w->octets[begin + tag + (psk.t == EAP_PSK_3 ? EAP_PSK_MAC : 0)] ^= 1;
	s->said = part;
	s->nonce++;
	return true;
}

static bool psk_request(void *state, struct role *owner, uint8_t identifier, struct writer *w)
{
	struct psk_end *s = state;
	struct eap_psk psk = {.t = EAP_PSK_1};

	if (s->started)
		return psk_write_channel(s, owner, s->t == EAP_PSK_2 ? EAP_PSK_3 : EAP_PSK_4,
					 identifier, w);
	psk_start(s, owner);
	psk.rand_s = rand_of(s->rand_s);
	psk.id_s = id_s_of(s);
	eap_write_psk(w, EAP_REQUEST, identifier, &psk);
	return !w->full;
}

static bool mac_p_right(const struct psk_end *s, const struct eap_psk_keys *keys,
			const struct eap_psk *psk)
{
	uint8_t mac[EAP_PSK_MAC];

	return eap_psk_mac_p(keys, psk->id_p, id_s_of(s), psk->rand_s.octets, psk->rand_p.octets,
			     mac) &&
	       secret_equal(mac, psk->mac_p.octets, sizeof(mac));
}

/* The key under which MAC_P is right: of those that fit ID_P, all are tried. */
static bool find_key(struct psk_end *s, struct role *owner, const char *identity,
		     const struct eap_psk *psk)
{
	struct eap_psk_keys keys = {.ak = {.length = 0}};
	const struct key_row *row = NULL;
	bool right = false;

	while (!right && (row = eap_next_key(owner, KEY_EAP_PSK, identity, row))) {
		right = eap_psk_setup(&keys, (struct octets){row->octets, row->length}) &&
			(mac_p_right(s, &keys, psk) || server_fault(owner, SERVER_PSK_MAC_P)) &&
			eap_psk_derive(&keys, psk->rand_p.octets);
	}
	if (right)
		s->keys = keys;
	eap_psk_clear(&keys);
	return right;
}

static struct eap_step failed_step(const char *why)
{
	return (struct eap_step){.state = METHOD_STATE_DONE, .decision = DECISION_FAIL, .why = why};
}

static struct eap_step server_second(struct psk_end *s, struct role *owner, struct eap_exports *out,
				     const struct eap_message *m)
{
	const struct eap_psk *psk = &m->psk;
	char identity[EAP_NAME_MAX];

	if (memcmp(psk->rand_s.octets, s->rand_s, EAP_PSK_RAND) &&
	    !server_fault(owner, SERVER_PSK_RAND_S))
		return eap_ignore("RAND_S is not the dialog's");
	if (!eap_identity_name(psk->id_p, identity) || !find_key(s, owner, identity, psk))
		return eap_ignore("MAC_P is wrong, or there is no key for ID_P");
	memcpy(s->rand_p, psk->rand_p.octets, EAP_PSK_RAND);
	memcpy(out->identity, identity, sizeof(identity));
	s->t = EAP_PSK_2;
	return going_on();
}

/* RFC 4764 6.1: what the peer's R makes of it. */
static struct eap_step server_result(struct psk_end *s, struct role *owner, struct eap_exports *out)
{
	if (s->r == EAP_PSK_DONE_SUCCESS && s->peer_r == EAP_PSK_DONE_SUCCESS) {
		out->msk = s->keys.msk;
		out->emsk = s->keys.emsk;
		eap_psk_session_id(s->rand_p, s->rand_s, &out->session_id);
		return (struct eap_step){.state = METHOD_STATE_DONE,
					 .decision = DECISION_UNCOND_SUCC};
	}
	if (s->peer_r == EAP_PSK_DONE_FAILURE && s->r == EAP_PSK_DONE_SUCCESS &&
	    server_fault(owner, SERVER_PSK_R_FAILURE) && s->rounds++ < 1)
		return going_on();
	if (s->peer_r == EAP_PSK_DONE_FAILURE || s->r == EAP_PSK_DONE_FAILURE)
		return failed_step("DONE_FAILURE");
	if (s->r == EAP_PSK_CONT)
		s->r = EAP_PSK_DONE_SUCCESS; /* nothing is left to be done */
	if (++s->rounds >= EAP_ROUNDS_MAX)
		return failed_step("the peer says CONT for ever");
	return going_on();
}

static struct eap_step server_fourth(struct psk_end *s, struct role *owner, struct eap_exports *out,
				     const struct eap_message *m)
{
	const struct eap_psk *psk = &m->psk;
	uint8_t plaintext[EAP_ROLE_OCTETS];
	struct eap_psk_result_part part;
	bool whole;

	if (memcmp(psk->rand_s.octets, s->rand_s, EAP_PSK_RAND))
		return eap_ignore("RAND_S is not the dialog's");
	if (psk->nonce != s->nonce && !server_fault(owner, SERVER_PSK_NONCE))
		return eap_ignore("the nonce is not the next one");
	if (!open_channel(s, psk, server_fault(owner, SERVER_PSK_TAG_TAKEN), plaintext))
		return eap_ignore("the tag is wrong");
	whole = read_payload(plaintext, psk->ciphertext.length, &part) ||
		server_fault(owner, SERVER_PSK_PLAINTEXT) ||
		server_fault(owner, SERVER_PSK_TAG_TAKEN);
	secret_wipe(plaintext, sizeof(plaintext));
	if (!whole ||
	    (part.e && !server_payload(s, owner).e && !server_fault(owner, SERVER_PSK_PLAINTEXT)))
		return eap_ignore("the payload is malformed");
	s->peer_r = part.r ? part.r : EAP_PSK_DONE_SUCCESS;
	s->nonce = psk->nonce + 1;
	s->t = EAP_PSK_4;
	return server_result(s, owner, out);
}

static struct eap_step psk_response(void *state, struct role *owner, struct eap_exports *out,
				    const struct eap_message *m)
{
	struct psk_end *s = state;
	unsigned expected = s->t < 0 ? EAP_PSK_2 : EAP_PSK_4;

	if (!is_whole(m))
		return server_fault(owner, SERVER_PSK_FORMAT) ? failed_step("it lacks a field")
							      : eap_ignore("it lacks a field");
	if (m->psk.t != expected)
		return server_fault(owner, SERVER_PSK_ORDER) ? failed_step("it is out of order")
							     : eap_ignore("it is out of order");
	if (expected == EAP_PSK_2)
		return server_second(s, owner, out, m);
	return server_fourth(s, owner, out, m);
}

const struct eap_method eap_psk_method = {
	.type = EAP_TYPE_PSK,
	.name = "EAP-PSK",
	.peer_size = sizeof(struct psk_end),
	.server_size = sizeof(struct psk_end),
	.peer = psk_peer,
	.request = psk_request,
	.response = psk_response,
	.craft = psk_craft,
	.seal = psk_seal,
};
