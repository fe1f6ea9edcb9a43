/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The initial exchange: algorithms offered and chosen (RFC 5191 4.1, RFC 6786 2); and nonces. */
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An initial message longer than this is not kept; AUTH cannot be checked then. Real ones have a
 * hundred octets; what an attacker may make a tracker hold is bounded by it. */
enum { INITIAL_MAX = 2048 };

static void keep_octets(struct octets *kept, struct octets octets)
{
	uint8_t *copy;

	free((void *)(uintptr_t)kept->octets);
	*kept = (struct octets){NULL, 0};
	if (octets.length == 0 || octets.length > INITIAL_MAX)
		return;
	copy = malloc(octets.length);
	if (!copy)
		abort();
	memcpy(copy, octets.octets, octets.length);
	*kept = (struct octets){copy, octets.length};
}

/* ---- negotiation ---- */

static bool offered(const struct pana_offer *offer, uint32_t id)
{
	for (unsigned i = 0; i < offer->count; i++) {
		if (offer->ids[i] == id)
			return true;
	}
	return false;
}

static void offer_text(const struct pana_offer *offer, char *text, size_t size)
{
	size_t at =
		(size_t)snprintf(text, size, "%s", offer->count ? "one of" : "none: none offered");

	for (unsigned i = 0; i < offer->count && at < size; i++)
		at += (size_t)snprintf(text + at, size - at, " %u", offer->ids[i]);
}

struct selection {
	enum pana_avp_code code;
	enum pana_rule rule;
	enum pana_field said;
	const struct pana_offer *offer;
	uint32_t *chosen;
	bool *known;
};

/* The PaC selects exactly one out of what was offered: RFC 5191 4.1, RFC 6786 2. */
static void take_selection(struct pana_step *step, const struct selection *x)
{
	const struct pana_avp_found *found = &step->avps->found[x->code];
	char wanted[NOTE_TEXT_SIZE];

	offer_text(x->offer, wanted, sizeof(wanted));
	if (!found->count) {
		if (x->offer->count && step->m->sound)
			reader_note(step->r, &pana_rules[x->rule], F(AVP_CODE), step->m->origin, 0,
				    wanted, "none");
		return;
	}
	if (found->value.length != 4)
		return;
	if (step->s->i_par.octets && !offered(x->offer, found->number))
		reader_note(step->r, &pana_rules[x->rule], F(AVP_VALUE), found->value_offset, 4,
			    wanted, "%u", found->number);
	*x->chosen = found->number;
	*x->known = true;
	reader_number(step->r, &pana_fields[x->said], 0, 0, found->number);
}

static void take_selections(struct pana_step *step)
{
	struct pana_session *s = step->s;
	const struct selection selections[] = {
		{PANA_AVP_PRF_ALGORITHM, R_PRF_SELECTED, F_PRF_CHOSEN, &s->prf_offer, &s->prf,
		 &s->prf_known},
		{PANA_AVP_INTEGRITY_ALGORITHM, R_INTEGRITY_SELECTED, F_INTEGRITY_CHOSEN,
		 &s->integrity_offer, &s->integrity, &s->integrity_known},
		{PANA_AVP_ENCRYPTION_ALGORITHM, R_ENCR_ALGORITHM_SELECTED, F_ENCRYPTION_CHOSEN,
		 &s->encryption_offer, &s->encryption, &s->encryption_known},
	};

	for (size_t i = 0; i < sizeof(selections) / sizeof(selections[0]); i++)
		take_selection(step, &selections[i]);
}

void pana_step_negotiation(struct pana_step *step)
{
	struct pana_session *s = step->s;

	if (!step->initial || step->retransmission || s->phase > PANA_PHASE_AUTH || s->second_par)
		return;
	if (step->m->kind == PANA_PAR && step->from == SIDE_PAA) {
		keep_octets(&s->i_par, step->m->octets);
		keep_octets(&s->i_pan, (struct octets){NULL, 0});
		s->prf_offer = step->avps->prf;
		s->integrity_offer = step->avps->integrity;
		s->encryption_offer = step->avps->encryption;
		pana_expect_nonces(s);
	}
	if (step->m->kind == PANA_PAN && step->from == SIDE_PAC) {
		keep_octets(&s->i_pan, step->m->octets);
		take_selections(step);
	}
}

/* ---- nonces ---- */

static uint64_t nonce_digest(struct octets nonce)
{
	return (uint64_t)flow_hash(0, nonce.octets, nonce.length) << 32 |
	       flow_hash(0x5bd1e995, nonce.octets, nonce.length);
}

/* RFC 5191 8.5: random, so never the same twice. */
static void note_repeated_nonce(struct pana_step *step, const struct pana_avp_found *found)
{
	struct pana_session *s = step->s;
	uint64_t digest = nonce_digest(found->value);
	unsigned kept =
		s->nonce_count < PANA_NONCES_REMEMBERED ? s->nonce_count : PANA_NONCES_REMEMBERED;

	for (unsigned i = 0; i < kept; i++) {
		if (s->nonce_history[i] != digest)
			continue;
		reader_note(step->r, R(NONCE_RANDOM), F(NONCE), found->value_offset,
			    found->value.length, "a nonce not used before in this session",
			    "the %s's nonce, equal to one used before in this session",
			    step->from == SIDE_PAC ? "PaC" : "PAA");
		break;
	}
	s->nonce_history[s->nonce_count++ % PANA_NONCES_REMEMBERED] = digest;
}

void pana_expect_nonces(struct pana_session *s)
{
	s->expects_nonce[SIDE_PAA] = s->expects_nonce[SIDE_PAC] = true;
	s->nonces[SIDE_PAA].length = s->nonces[SIDE_PAC].length = 0;
}

/* True if the message is the one that has to carry a nonce. Where a capture lacks messages, the
 * next one is not taken for it. */
static bool expects_nonce(struct pana_step *step, bool par)
{
	struct pana_session *s = step->s;
	bool expected = s->expects_nonce[step->from] && !step->initial;

	if (!expected)
		return false;
	s->expects_nonce[step->from] = false;
	if (par)
		s->nonce_par = step->m->sequence;
	else if (!s->expects_nonce[SIDE_PAA] && step->m->sequence != s->nonce_par)
		return false;
	return true;
}

static void keep_nonce(struct pana_step *step, const struct pana_avp_found *found)
{
	struct pana_nonce *nonce = &step->s->nonces[step->from];

	note_repeated_nonce(step, found);
	memcpy(nonce->octets, found->value.octets, found->value.length);
	nonce->length = found->value.length;
}

void pana_step_nonce(struct pana_step *step)
{
	struct pana_session *s = step->s;
	const struct pana_avp_found *found = &step->avps->found[PANA_AVP_NONCE];
	bool par = step->m->kind == PANA_PAR && step->from == SIDE_PAA;
	bool pan = step->m->kind == PANA_PAN && step->from == SIDE_PAC;
	bool expected;

	/* What is to be discarded takes no part in the exchange of nonces. */
	if (step->retransmission || step->invalid || (pan && s->requests[SIDE_PAA].invalid))
		return;
	/* The first of a re-authentication; or the initial exchange has not been captured. */
	if (par && (s->phase == PANA_PHASE_ACCESS || s->phase == PANA_PHASE_INITIATION) &&
	    !step->initial && !step_flag(step, PANA_FLAG_C))
		pana_expect_nonces(s);
	expected = (par || pan) && expects_nonce(step, par);
	if (expected && !found->count && step->m->sound && !step->gap)
		reader_note(step->r, par ? R(NONCE_PAR) : R(NONCE_PAN), F(NONCE), step->m->origin,
			    0, "a Nonce", "none");
	if (!found->count)
		return;
	if (!expected && s->from_start)
		reader_note(step->r, R(NONCE_ELSEWHERE), F(NONCE), found->value_offset,
			    found->value.length,
			    "a Nonce in the first PAR and PAN after the initial ones only",
			    "a Nonce in another %s", pana_kind_abbreviation(step->m->kind));
	if (expected && found->value.length <= PANA_NONCE_MAX)
		keep_nonce(step, found);
}
