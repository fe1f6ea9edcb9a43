/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of a PANA conversation being made: from what has been sent, right or wrong. */
#include "player.h"

#include <string.h>

static uint32_t number_of(const struct draft *d, uint16_t code, uint32_t otherwise)
{
	size_t at = draft_find(d, code, 0);
	struct octets value = {NULL, 0};
	struct walk w;

	if (at < d->count)
		value = d->avps[at].avp.value;
	if (value.length != 4)
		return otherwise;
	w = walk_of(value.octets, value.length, NULL);
	return walk_u32(&w, NULL);
}

void player_choose(struct player *p, const struct draft *pan)
{
	p->prf = number_of(pan, PANA_AVP_PRF_ALGORITHM, p->prf);
	p->integrity = number_of(pan, PANA_AVP_INTEGRITY_ALGORITHM, p->integrity);
	p->encryption = number_of(pan, PANA_AVP_ENCRYPTION_ALGORITHM, 0);
}

void player_sa_clear(struct player_sa *sa)
{
	secret_clear(&sa->auth);
	secret_clear(&sa->pac_encr);
	secret_clear(&sa->paa_encr);
	memset(sa, 0, sizeof(*sa));
}

bool player_derive(const struct player *p, uint32_t key_id, struct player_sa *sa)
{
	const struct pana_key_input input = {
		.prf = p->prf,
		.msk = {p->msk.octets, p->msk.length},
		.i_par = {p->initial[BY_PAA], p->initial_length[BY_PAA]},
		.i_pan = {p->initial[BY_PAC], p->initial_length[BY_PAC]},
		.pac_nonce = {p->nonces[BY_PAC], p->nonce_length[BY_PAC]},
		.paa_nonce = {p->nonces[BY_PAA], p->nonce_length[BY_PAA]},
		.key_id = key_id,
	};

	*sa = (struct player_sa){.present = true, .key_id = key_id, .integrity = p->integrity};
	if (!pana_auth_key(&input, p->integrity, &sa->auth))
		return false;
	if (p->encryption)
		pana_encr_keys(&input, p->encryption, &sa->pac_encr, &sa->paa_encr);
	return true;
}

void player_rekey(struct player *p, const struct draft *last_par)
{
	struct scenario *s = p->s;

	player_sa_clear(&p->old_sa);
	p->old_sa = p->sa;
	p->key_id = number_of(last_par, PANA_AVP_KEY_ID, p->key_id + 1);
	player_derive(p, p->key_id, &p->sa); /* without a key where an algorithm is not ours */
	p->going = false;
	if (s->msk_count < SCENARIO_MSK_MAX) {
		s->msk[s->msk_count] = p->msk;
		s->auth_key[s->msk_count++] = p->sa.auth;
	}
}
