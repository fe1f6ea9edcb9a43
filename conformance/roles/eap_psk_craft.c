/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EAP-PSK messages for tests: any of the four at any time, and MACs made anew after a change. Where
 * there is no key yet, one of zeros stands in, so that the message is well formed at least.
 */
#include <string.h>

#include "eap_psk_role.h"
#include "protocols/eap/eap_walks.h"

static const uint8_t no_key[EAP_PSK_KEY];

static struct octets rand_of(const uint8_t rand[EAP_PSK_RAND])
{
	return (struct octets){rand, EAP_PSK_RAND};
}

static bool complete_keys(struct psk_end *s)
{
	if (!s->keys.ak.length && !eap_psk_setup(&s->keys, (struct octets){no_key, EAP_PSK_KEY}))
		return false;
	return s->keys.tek.length || eap_psk_derive(&s->keys, s->rand_p);
}

static bool craft_2(struct psk_end *s, struct role *owner, enum eap_code code, uint8_t identifier,
		    struct writer *w)
{
	uint8_t mac_p[EAP_PSK_MAC];
	struct octets id_s = {s->id_s, s->id_s_length};
	struct eap_psk psk = {
		.t = EAP_PSK_2,
		.rand_s = rand_of(s->rand_s),
		.rand_p = rand_of(s->rand_p),
		.mac_p = {mac_p, sizeof(mac_p)},
		.id_p = octets_of_text(owner->settings.identity),
	};

	if (!eap_psk_mac_p(&s->keys, psk.id_p, id_s, s->rand_s, s->rand_p, mac_p))
		return false;
	eap_write_psk(w, code, identifier, &psk);
	return !w->full;
}

static bool craft_4(struct psk_end *s, enum eap_code code, uint8_t identifier, struct writer *w)
{
	struct eap_psk_result_part done = {.r = EAP_PSK_DONE_SUCCESS};
	struct eap_psk psk = {
		.t = EAP_PSK_4,
		.rand_s = rand_of(s->rand_s),
		.nonce = s->said.r ? s->nonce - 1 : 1,
	};

	return eap_write_psk_sealed(w, code, identifier, &psk, s->said.r ? &s->said : &done,
				    &s->keys);
}

bool psk_craft(void *state, struct role *owner, bool server, unsigned step, uint8_t identifier,
	       struct writer *w)
{
	struct psk_end *s = state;
	enum eap_code code = server ? EAP_REQUEST : EAP_RESPONSE;
	struct eap_psk first = {.t = EAP_PSK_1};

	if (!s->started)
		psk_start(s, owner);
	if (!complete_keys(s))
		return false;
	switch (step) {
	case EAP_PSK_1:
		first.rand_s = rand_of(s->rand_s);
		first.id_s = (struct octets){s->id_s, s->id_s_length};
		eap_write_psk(w, code, identifier, &first);
		return !w->full;
	case EAP_PSK_2:
		return craft_2(s, owner, code, identifier, w);
	case EAP_PSK_3:
		s->nonce = 0;
		return server && psk_write_channel(s, owner, EAP_PSK_3, identifier, w);
	default:
		return craft_4(s, code, identifier, w);
	}
}

/* ---- MACs anew ---- */

static uint8_t *at(const struct eap_message *m, uint8_t *octets, struct octets part)
{
	return octets + eap_offset(m, part);
}

static bool seal_2(const struct psk_end *s, const struct eap_message *m, uint8_t *octets)
{
	const struct eap_psk *psk = &m->psk;

	return psk->mac_p.octets && psk->id_p.octets &&
	       eap_psk_mac_p(&s->keys, psk->id_p, (struct octets){s->id_s, s->id_s_length},
			     psk->rand_s.octets, psk->rand_p.octets, at(m, octets, psk->mac_p));
}

/* The payload of a message under the end's own nonce is what its ciphertext holds: a bit changed
 * there is that bit of the payload. Under another nonce it is what the end said last. */
static bool payload_of(const struct psk_end *s, const struct eap_psk_keys *keys,
		       const struct eap_psk *psk, struct writer *w)
{
	static const uint8_t zeros[EAP_ROLE_OCTETS];
	uint8_t stream[EAP_ROLE_OCTETS], tag[EAP_PSK_TAG];
	size_t length = psk->ciphertext.length;
	bool right;

	if (psk->nonce != s->nonce - 1) {
		eap_write_psk_plaintext(w, &s->said);
		return w->length == length && !w->full;
	}
	right = length <= sizeof(stream) &&
		eap_psk_seal(keys, psk->nonce, psk->header.octets, zeros, stream, length, tag);
	for (size_t i = 0; right && i < length; i++)
		write_u8(w, psk->ciphertext.octets[i] ^ stream[i]);
	secret_wipe(stream, sizeof(stream));
	return right && !w->full;
}

static bool seal_channel(const struct psk_end *s, const struct eap_message *m, uint8_t *octets)
{
	const struct eap_psk *psk = &m->psk;
	struct eap_psk_keys keys = s->keys;
	uint8_t payload[EAP_ROLE_OCTETS];
	struct writer w = writer_of(payload, sizeof(payload));
	bool right = keys.tek.length || eap_psk_derive(&keys, s->rand_p);

	right = right && s->said.r && psk->tag.octets && psk->header.length == EAP_PSK_HEADER &&
		payload_of(s, &keys, psk, &w) &&
		eap_psk_seal(&keys, psk->nonce, octets, payload, at(m, octets, psk->ciphertext),
			     w.length, at(m, octets, psk->tag));
	eap_psk_clear(&keys);
	secret_wipe(payload, sizeof(payload));
	return right;
}

bool psk_seal(const void *state, bool server, const struct eap_message *m, uint8_t *octets)
{
	const struct psk_end *s = state;

	(void)server;
	if (m->psk.t == EAP_PSK_2)
		return seal_2(s, m, octets);
	if (m->psk.t == EAP_PSK_3 &&
	    (!m->psk.mac_s.octets ||
	     !eap_psk_mac_s(&s->keys, (struct octets){s->id_s, s->id_s_length}, s->rand_p,
			    at(m, octets, m->psk.mac_s))))
		return false;
	return m->psk.t >= EAP_PSK_3 && seal_channel(s, m, octets);
}
