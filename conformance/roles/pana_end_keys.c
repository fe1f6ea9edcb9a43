/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Algorithms (RFC 5191 4.1), keys (5.3), AUTH (5.4), Encr-Encap (RFC 6786). */
#include "pana_end.h"

#include "protocols/pana/pana_fields.h"

#include <stdlib.h>
#include <string.h>

bool end_select(const uint32_t *own, unsigned count, const struct pana_offer *offer,
		uint32_t *selected)
{
	for (unsigned i = 0; i < count; i++) {
		for (unsigned j = 0; j < offer->count; j++) {
			if (own[i] != offer->ids[j])
				continue;
			*selected = own[i];
			return true;
		}
	}
	return false;
}

void end_sa_clear(struct end_sa *sa)
{
	secret_clear(&sa->auth_key);
	integrity_key_clear(&sa->auth_ready);
	secret_clear(&sa->pac_encr_key);
	secret_clear(&sa->paa_encr_key);
	memset(sa, 0, sizeof(*sa));
}

static struct octets copy_octets(const struct end_copy *copy)
{
	return (struct octets){copy->octets, copy->length};
}

static struct octets nonce_octets(const struct end_nonce *nonce)
{
	return (struct octets){nonce->octets, nonce->length};
}

static const struct secret *msk_of(const struct pana_end *e)
{
	if (e->side == END_PAC)
		return eap_peer_msk(e->eap_peer);
	return e->eap_pass ? &e->eap_pass->msk : eap_server_msk(e->eap_server);
}

bool end_derive(struct pana_end *e, uint32_t key_id, struct end_sa *sa)
{
	const struct secret *msk = msk_of(e);
	struct pana_key_input input = {
		.prf = e->prf,
		.i_par = copy_octets(&e->i_par),
		.i_pan = copy_octets(&e->i_pan),
		.pac_nonce = nonce_octets(&e->nonces[END_PAC]),
		.paa_nonce = nonce_octets(&e->nonces[END_PAA]),
		.key_id = key_id,
	};

	end_sa_clear(sa);
	if (!msk || !msk->length || !e->prf || !e->integrity)
		return false;
	input.msk = (struct octets){msk->octets, msk->length};
	sa->key_id = key_id;
	sa->established =
		pana_auth_key(&input, e->integrity, &sa->auth_key) &&
		integrity_key_set(&sa->auth_ready, e->integrity,
				  (struct octets){sa->auth_key.octets, sa->auth_key.length}) &&
		(!e->encryption ||
		 pana_encr_keys(&input, e->encryption, &sa->pac_encr_key, &sa->paa_encr_key));
	if (!sa->established)
		end_sa_clear(sa);
	return sa->established;
}

/* ---- AUTH ---- */

bool end_auth_right(const struct pana_end *e, const struct pana_message *m, const struct end_sa *sa)
{
	const struct pana_avp_found *auth = &m->avps.found[PANA_AVP_AUTH];
	uint8_t value[PANA_AUTH_VALUE_MAX];
	size_t length = 0;

	if (!auth->count)
		return false;
	if (auth->value.length != integrity_length(e->integrity))
		return end_fault(e, FAULT_AUTH_SIZE_NOT_CHECKED);
	if (end_fault(e, FAULT_AUTH_NOT_VERIFIED))
		return true;
	return pana_auth_value_with(&sa->auth_ready, m->octets.octets, m->octets.length,
				    auth->value_offset - m->origin, auth->value.length, value,
				    &length) &&
	       secret_equal(value, auth->value.octets, length);
}

void end_auth_write(const struct end_sa *sa, uint8_t *octets, size_t length)
{
	struct pana_message messages[PANA_DEPTH];
	struct walk w = walk_of(octets, length, NULL);
	const struct pana_avp_found *auth = &messages[0].avps.found[PANA_AVP_AUTH];
	uint8_t value[PANA_AUTH_VALUE_MAX];
	size_t value_length = 0;

	pana_walk(&w, messages);
	if (!auth->count ||
	    !pana_auth_value_with(&sa->auth_ready, octets, length, auth->value_offset,
				  auth->value.length, value, &value_length))
		return;
	if (value_length > auth->value.length)
		value_length = auth->value.length;
	memcpy(octets + auth->value_offset, value, value_length);
}

/* ---- Encr-Encap ---- */

bool end_open_encap(struct pana_end *e, const struct end_sa *sa)
{
	const struct pana_message *m = e->in;
	const struct octets sealed = m->avps.found[PANA_AVP_ENCR_ENCAP].value;
	const struct secret *key = e->side == END_PAC ? &sa->paa_encr_key : &sa->pac_encr_key;
	struct end_validity v;
	struct walk w;

	if (!key->length)
		return false;
	if (e->plaintext)
		secret_wipe(e->plaintext, e->plaintext_length);
	free(e->plaintext);
	e->plaintext = malloc(sealed.length + 1);
	if (!e->plaintext)
		abort();
	e->plaintext_length = sealed.length;
	if (!pana_encr_crypt(e->encryption, key, sa->key_id, m->session_id, m->sequence,
			     sealed.octets, e->plaintext, sealed.length))
		return false;
	end_validity_init(&v);
	w = walk_of(e->plaintext, sealed.length, &v.reader);
	pana_walk_encapsulated(&w, &e->inner);
	e->has_inner = true;
	if (v.broken == &pana_rules[R_ENCAP_POLICY] && end_fault(e, FAULT_ENCAP_POLICY_NOT_CHECKED))
		return true;
	return !v.broken || end_fault(e, FAULT_INVALID_TAKEN);
}
