/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Encr-Encap: RFC 6786. */
#include "session.h"

#include <stdlib.h>

static void note_encap(struct pana_step *step, const struct pana_avp_found *encap)
{
	const struct pana_session *s = step->s;

	if (!s->from_start)
		return;
	if (s->initial_done && !s->encryption_known)
		reader_note(step->r, R(ENCAP_NEGOTIATED), F(AVP_CODE), encap->offset, 2,
			    "no Encr-Encap without a negotiated algorithm", "an Encr-Encap");
	if (!s->sa.established)
		reader_note(step->r, R(ENCAP_KEYED), F(AVP_CODE), encap->offset, 2,
			    "no Encr-Encap before the PAR with PANA_SUCCESS", "an Encr-Encap");
	if (s->requests[step->from].wrapped)
		reader_note(step->r, R(ENCAP_WRAP), F(SEQUENCE), step->m->origin + 12, 4,
			    "re-authentication before the sequence number wraps",
			    "0x%08x under the same key", step->m->sequence);
}

/* RFC 5191 5.7; a Session-Lifetime may be encrypted (RFC 6786 6.1). */
static void note_sealed_lifetime(struct pana_step *step)
{
	const struct pana_avp_found *result = &step->avps->found[PANA_AVP_RESULT_CODE];

	if (step->m->kind == PANA_PAR && step_flag(step, PANA_FLAG_C) &&
	    result->value.length == 4 && result->number == 0 &&
	    !step_has(step, PANA_AVP_SESSION_LIFETIME) &&
	    !step->inner.found[PANA_AVP_SESSION_LIFETIME].count)
		reader_note(step->r, R(LIFETIME_WITH_SUCCESS), F(SESSION_LIFETIME), 0, 0,
			    "a Session-Lifetime", "none, in Encr-Encap neither");
}

static void open_encap(struct pana_step *step, const struct pana_avp_found *encap,
		       const struct secret *key)
{
	const struct pana_message *m = step->m;
	size_t length = encap->value.length;
	struct walk w;

	step->plaintext = malloc(length + 1);
	step->plaintext_length = length;
	if (!step->plaintext ||
	    !pana_encr_crypt(step->s->encryption, key, step->s->sa.key_id, m->session_id,
			     m->sequence, encap->value.octets, step->plaintext, length))
		return;
	reader_statement(step->r, F(DECRYPTION), "decrypted, %s",
			 step->s->sa.verified ? "key verified" : "key not verified");
	reader_source(step->r, "Decrypted PANA AVPs", step->plaintext, length);
	w = walk_of(step->plaintext, length, step->r);
	pana_walk_encapsulated(&w, &step->inner);
	pana_note_sealed_occurrence(&w, m, &step->inner);
	note_sealed_lifetime(step);
	reader_close(step->r);
	step->has_inner = true;
}

void pana_step_encap(struct pana_step *step)
{
	struct pana_session *s = step->s;
	const struct pana_avp_found *encap = &step->avps->found[PANA_AVP_ENCR_ENCAP];
	const struct secret *key =
		step->from == SIDE_PAC ? &s->sa.pac_encr_key : &s->sa.paa_encr_key;

	note_encap(step, encap);
	if (step->forged) {
		reader_statement(step->r, F(DECRYPTION), "not decrypted: AUTH is not right");
		return;
	}
	if (!s->sa.keyed || !key->length || !s->sa.verified) {
		reader_statement(step->r, F(DECRYPTION), "not decrypted: %s",
				 !s->sa.keyed   ? value_name_find(verdict_names, s->sa.why_not)
				 : !key->length ? "no encryption algorithm in force"
						: "no AUTH has verified under the key");
		return;
	}
	open_encap(step, encap, key);
}
