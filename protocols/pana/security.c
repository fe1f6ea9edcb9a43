/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys and AUTH: RFC 5191 5.3, 5.4.
 *
 * The MSK comes from the EAP conversation or, when its method cannot be opened, from the key table
 * ("msk"). Every candidate is tried on the AUTH of the last PAR; if none fits, the first is kept,
 * so that the verdict is "wrong key" and not silence.
 */
#include "session.h"

#include <stdio.h>
#include <string.h>

void pana_sa_clear(struct pana_sa *sa)
{
	secret_clear(&sa->auth_key);
	secret_clear(&sa->pac_encr_key);
	secret_clear(&sa->paa_encr_key);
	integrity_key_clear(&sa->auth_ready);
	memset(sa, 0, sizeof(*sa));
}

/* ---- keys ---- */

static struct octets nonce_octets(const struct pana_nonce *n)
{
	return (struct octets){n->octets, n->length};
}

/* Why no key can be derived, or VERDICT_VERIFIED if one can as soon as there is an MSK. */
static enum verdict underivable(const struct pana_session *s)
{
	if (!s->i_par.octets || !s->i_pan.octets || !s->nonces[SIDE_PAC].length ||
	    !s->nonces[SIDE_PAA].length)
		return VERDICT_NO_AUTHENTICATION;
	if (!s->prf_known || !s->integrity_known || !prf_length(s->prf) ||
	    !integrity_length(s->integrity))
		return VERDICT_UNSUPPORTED;
	return VERDICT_VERIFIED;
}

static bool derive(const struct pana_session *s, struct octets msk, struct pana_sa *sa)
{
	const struct pana_key_input input = {
		.prf = s->prf,
		.msk = msk,
		.i_par = s->i_par,
		.i_pan = s->i_pan,
		.pac_nonce = nonce_octets(&s->nonces[SIDE_PAC]),
		.paa_nonce = nonce_octets(&s->nonces[SIDE_PAA]),
		.key_id = sa->key_id,
	};
	struct octets key;

	if (!pana_auth_key(&input, s->integrity, &sa->auth_key))
		return false;
	key = (struct octets){sa->auth_key.octets, sa->auth_key.length};
	if (!integrity_key_set(&sa->auth_ready, s->integrity, key))
		return false;
	if (s->encryption_known)
		pana_encr_keys(&input, s->encryption, &sa->pac_encr_key, &sa->paa_encr_key);
	sa->keyed = true;
	return true;
}

static bool auth_is_right(const struct pana_step *step, const struct pana_sa *sa)
{
	const struct pana_avp_found *auth = &step->avps->found[PANA_AVP_AUTH];
	uint8_t value[PANA_AUTH_VALUE_MAX];
	size_t length = 0;

	return sa->keyed &&
	       pana_auth_value_with(&sa->auth_ready, step->m->octets.octets, step->m->octets.length,
				    auth->value_offset - step->m->origin, auth->value.length, value,
				    &length) &&
	       length == auth->value.length && secret_equal(value, auth->value.octets, length);
}

/* Derives the SA from one MSK; true if the message's AUTH says that it is the right one. */
static bool try_msk(const struct pana_step *step, struct octets msk, struct pana_sa *sa)
{
	struct pana_sa attempt = {.established = true, .key_id = sa->key_id};
	bool right = derive(step->s, msk, &attempt) && auth_is_right(step, &attempt);

	if (right || (!sa->keyed && attempt.keyed)) {
		pana_sa_clear(sa);
		*sa = attempt;
	}
	secret_wipe(&attempt, sizeof(attempt));
	return right;
}

static void find_msk(const struct pana_step *step, struct pana_sa *sa)
{
	const struct pana_session *s = step->s;
	const struct secret *msk = s->eap ? eap_conversation_msk(s->eap) : NULL;
	const char *identity = s->eap ? eap_conversation_identity(s->eap) : NULL;
	const struct key_store *keys = pana_tracker_keys(s->tracker);
	const struct key_row *row = NULL;

	sa->why_not = underivable(s);
	if (sa->why_not != VERDICT_VERIFIED)
		return;
	sa->why_not = VERDICT_NO_KEY;
	if (msk && msk->length && try_msk(step, (struct octets){msk->octets, msk->length}, sa))
		return;
	while ((row = key_store_next(keys, KEY_MSK, identity, row))) {
		if (try_msk(step, (struct octets){row->octets, row->length}, sa))
			return;
	}
}

static void report_keys(const struct pana_step *step, const struct pana_sa *sa)
{
	const struct {
		enum pana_field field;
		const struct secret *key;
	} keys[] = {
		{F_AUTH_KEY, &sa->auth_key},
		{F_PAC_ENCR_KEY, &sa->pac_encr_key},
		{F_PAA_ENCR_KEY, &sa->paa_encr_key},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (keys[i].key->length)
			reader_octets(step->r, &pana_fields[keys[i].field], 0, 0,
				      keys[i].key->octets, keys[i].key->length);
	}
}

static void note_key_id_reused(struct pana_step *step, const struct pana_avp_found *found)
{
	struct pana_session *s = step->s;
	unsigned kept = s->key_id_count < PANA_KEY_IDS_REMEMBERED ? s->key_id_count
								  : PANA_KEY_IDS_REMEMBERED;

	for (unsigned i = 0; i < kept; i++) {
		if (s->key_ids[i] == found->number)
			reader_note(step->r, R(KEY_ID_UNIQUE), F(KEY_ID), found->value_offset, 4,
				    "a Key-Id not used before in this session",
				    "0x%08x, which named another MSK", found->number);
	}
	s->key_ids[s->key_id_count++ % PANA_KEY_IDS_REMEMBERED] = found->number;
}

/* There can be no new key yet: EAP has not begun anew, or has not come to its end. */
static bool is_premature(const struct pana_step *step)
{
	const struct pana_session *s = step->s;

	if (s->phase == PANA_PHASE_ACCESS)
		return true;
	return !s->sa.keyed && s->eap && eap_conversation_outcome(s->eap) == 0 &&
	       !step_has(step, PANA_AVP_ENCR_ENCAP);
}

/* The last PAR of a re-authentication whose AUTH is right neither under the key that it names,
 * although EAP's own MACs prove the MSK, nor under the key before: it is forged. */
static bool is_forged(const struct pana_step *step)
{
	const struct pana_session *s = step->s;
	bool proven = s->sa.keyed && s->eap && eap_conversation_keys_verified(s->eap);

	return (proven || is_premature(step)) && s->old_sa.verified &&
	       step_has(step, PANA_AVP_AUTH) && !auth_is_right(step, &s->sa) &&
	       !auth_is_right(step, &s->old_sa);
}

/* The last PAR of an authentication brings a new MSK into force. */
static void new_sa(struct pana_step *step, const struct pana_avp_found *found)
{
	struct pana_session *s = step->s;
	struct pana_sa before = s->old_sa;

	note_key_id_reused(step, found);
	s->old_sa = s->sa;
	s->sa = (struct pana_sa){
		.established = true, .key_id = found->number, .sequence = step->m->sequence};
	find_msk(step, &s->sa);
	step->forged = is_forged(step);
	if (step->forged) {
		pana_sa_clear(&s->sa);
		s->sa = s->old_sa;
		s->old_sa = before;
		s->key_id_count--;
	} else {
		report_keys(step, &s->sa);
		s->requests[SIDE_PAC].wrapped = s->requests[SIDE_PAA].wrapped = false;
		pana_sa_clear(&before);
	}
	secret_wipe(&before, sizeof(before));
}

/* The last PAR again, with other octets: it names the same key. */
static bool is_renewed(const struct pana_step *step, const struct pana_avp_found *found)
{
	const struct pana_sa *sa = &step->s->sa;

	return sa->established && sa->key_id == found->number &&
	       sa->sequence == step->m->sequence && sa->verified;
}

static void step_last_par(struct pana_step *step, const struct pana_avp_found *found)
{
	struct pana_session *s = step->s;
	bool succeeded = s->eap && eap_conversation_outcome(s->eap) == EAP_SUCCESS &&
			 eap_conversation_key_generating(s->eap);

	if (found->count && found->value.length == 4 && !is_renewed(step, found))
		new_sa(step, found);
	else if (!found->count && succeeded && s->prf_known && step->m->sound)
		step_note(step, KEY_ID_IN_LAST, KEY_ID, 0, 0, "a Key-Id for the new MSK", "none");
}

static void step_last_pan(struct pana_step *step, const struct pana_avp_found *found)
{
	struct pana_session *s = step->s;
	char wanted[32];

	/* The last PAR has not been captured: its answer names the key too. */
	if (!s->last_par_seen && found->value.length == 4 && s->second_par &&
	    (s->phase == PANA_PHASE_AUTH || s->phase == PANA_PHASE_REAUTH)) {
		new_sa(step, found);
		s->last_par_seen = s->last_par_keyed = !step->forged;
	}
	if (!s->last_par_seen || !s->last_par_keyed)
		return;
	snprintf(wanted, sizeof(wanted), "0x%08x", s->sa.key_id);
	if (!found->count && step->m->sound)
		step_note(step, KEY_ID_ECHOED, KEY_ID, 0, 0, wanted, "none");
	else if (found->value.length == 4 && found->number != s->sa.key_id)
		reader_note(step->r, R(KEY_ID_ECHOED), F(KEY_ID), found->value_offset, 4, wanted,
			    "0x%08x", found->number);
}

void pana_step_key_id(struct pana_step *step)
{
	const struct pana_avp_found *found = &step->avps->found[PANA_AVP_KEY_ID];

	if (!step_flag(step, PANA_FLAG_C))
		return;
	if (found->count && !step_has(step, PANA_AVP_AUTH) && step->m->sound)
		step_note(step, AUTH_IN_LAST, AUTH, 0, 0, "AUTH beside the Key-Id", "none");
	if (step->retransmission)
		return;
	if (step->m->kind == PANA_PAR && step->from == SIDE_PAA)
		step_last_par(step, found);
	if (step->m->kind == PANA_PAN && step->from == SIDE_PAC)
		step_last_pan(step, found);
}

/* ---- AUTH ---- */

static void note_no_auth(struct pana_step *step)
{
	const struct pana_sa *sa = &step->s->sa;

	if (!sa->established || step->m->kind == PANA_PCI || !step->m->sound)
		return;
	if (!step->invalid)
		step->invalid = R(AUTH_PRESENT);
	/* Beside a Key-Id its absence has been noted already. */
	if (step_has(step, PANA_AVP_KEY_ID))
		return;
	step_note(step, AUTH_PRESENT, AUTH, 0, 0, "AUTH", "none");
}

/* The message names a key other than the one in force. */
static bool names_other_key(const struct pana_step *step)
{
	const struct pana_avp_found *found = &step->avps->found[PANA_AVP_KEY_ID];

	return found->count && found->value.length == 4 && step->s->sa.established &&
	       found->number != step->s->sa.key_id;
}

/* RFC 5191 4.3: a re-authentication changes keys at its last PAR. The AUTH fails under the key due
 * there; if it is right under the other one, that is the defect. */
static bool right_under_other_key(struct pana_step *step)
{
	struct pana_session *s = step->s;

	if (!s->old_sa.keyed || !auth_is_right(step, &s->old_sa))
		return false;
	s->old_sa.verified++;
	reader_note(step->r, R(REAUTH_NEW_KEY), F(AUTH),
		    step->avps->found[PANA_AVP_AUTH].value_offset,
		    step->avps->found[PANA_AVP_AUTH].value.length,
		    "AUTH made with the key of the latest authentication",
		    "AUTH made with the key before it");
	reader_number(step->r, F(AUTH_KEY_IN_USE), 0, 0, 2);
	return true;
}

/* The key of the authentication going on, before its last PAR has named it: only to recognise a
 * peer that changes over too early. The Key-Id is not known yet, so the next one is guessed. */
static bool right_under_key_to_come(const struct pana_step *step)
{
	const struct pana_session *s = step->s;
	const struct secret *msk = s->eap ? eap_conversation_msk(s->eap) : NULL;
	struct pana_sa next = {.key_id = s->sa.key_id + 1};
	bool right;

	if (s->phase != PANA_PHASE_REAUTH || s->last_par_seen || !msk || !msk->length ||
	    underivable(s) != VERDICT_VERIFIED)
		return false;
	right = derive(s, (struct octets){msk->octets, msk->length}, &next) &&
		auth_is_right(step, &next);
	pana_sa_clear(&next);
	return right;
}

static enum verdict judge_auth(struct pana_step *step)
{
	struct pana_session *s = step->s;
	const struct pana_avp_found *auth = &step->avps->found[PANA_AVP_AUTH];

	if (step->forged)
		return VERDICT_FORGED;
	if (names_other_key(step))
		return VERDICT_UNKNOWN_KEY_ID;
	if (!s->sa.keyed && s->sa.established)
		return s->sa.why_not;
	if (!s->sa.keyed) /* no last PAR has named a key yet */
		return s->from_start ? VERDICT_UNKNOWN_KEY_ID : VERDICT_NO_AUTHENTICATION;
	if (auth_is_right(step, &s->sa)) {
		s->sa.verified++;
		return VERDICT_VERIFIED;
	}
	if (right_under_other_key(step))
		return VERDICT_VERIFIED;
	if (right_under_key_to_come(step)) {
		reader_note(step->r, R(REAUTH_OLD_KEY), F(AUTH), auth->value_offset,
			    auth->value.length, "AUTH made with the key in force",
			    "AUTH made with the key of the authentication going on");
		return VERDICT_VERIFIED;
	}
	return verdict_of(false, s->sa.verified > 0);
}

static void note_auth_size(struct pana_step *step)
{
	const struct pana_avp_found *auth = &step->avps->found[PANA_AVP_AUTH];
	size_t wanted = step->s->integrity_known ? integrity_length(step->s->integrity) : 0;
	char text[32];

	if (!wanted || wanted == auth->value.length || !step->m->sound)
		return;
	snprintf(text, sizeof(text), "%zu octets", wanted);
	reader_note(step->r, R(AUTH_SIZE), F(AUTH), auth->value_offset, auth->value.length, text,
		    "%zu octets", auth->value.length);
}

void pana_step_auth(struct pana_step *step)
{
	struct pana_session *s = step->s;
	const struct pana_avp_found *auth = &step->avps->found[PANA_AVP_AUTH];
	enum verdict verdict;

	if (!auth->count) {
		note_no_auth(step);
		return;
	}
	if (!s->sa.established && s->from_start && s->phase <= PANA_PHASE_AUTH &&
	    !step_flag(step, PANA_FLAG_C))
		reader_note(step->r, R(AUTH_EARLY), F(AUTH), auth->offset, 2,
			    "no AUTH before there is a key", "AUTH");
	note_auth_size(step);
	verdict = judge_auth(step);
	if (!s->from_start)
		s->sa.established = true;
	conversation_verdict(&s->base, step->r, F(AUTH_STATUS), auth->value_offset,
			     auth->value.length, verdict);
	step->forged = verdict == VERDICT_FORGED;
	if (!step->forged)
		return;
	step->invalid = R(AUTH_VERIFY);
	reader_note(step->r, R(AUTH_VERIFY), F(AUTH), auth->value_offset, auth->value.length,
		    "the keyed hash of the message",
		    "another value, though others of this session are right");
}
