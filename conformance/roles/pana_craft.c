/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a test needs of a PANA end: messages that its state machine would not send now, AUTH over
 * messages that were changed, and that keys follow from what has really gone out (RFC 5191 5.3: the
 * initial messages as sent).
 */
#include "pana_craft.h"

#include "pana_end_actions.h"
#include "pana_paa.h"
#include "pana_pac.h"

#include <string.h>
#include <strings.h>

static struct pana_end *end_of(struct role *r)
{
	if (!strcmp(r->kind->name, "pana.pac"))
		return &((struct pana_pac *)r)->end;
	if (!strcmp(r->kind->name, "pana.paa") && ((struct pana_paa *)r)->current)
		return &((struct pana_paa *)r)->current->end;
	return NULL;
}

/* ---- messages out of turn ---- */

static bool find_kind(const char *name, enum pana_kind *kind)
{
	for (*kind = PANA_PCI; *kind < PANA_PRY; (*kind)++)
		if (!strcasecmp(pana_kind_abbreviation(*kind), name))
			return true;
	return false;
}

static uint16_t flags_of(const char *const *words, size_t count)
{
	static const struct {
		const char *word;
		uint16_t flag;
	} names[] = {
		{"S", PANA_FLAG_S},      {"C", PANA_FLAG_C}, {"A", PANA_FLAG_A},
		{"P", PANA_FLAG_P},      {"I", PANA_FLAG_I}, {"ping", PANA_FLAG_P},
		{"reauth", PANA_FLAG_A},
	};
	uint16_t flags = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
			if (!strcasecmp(words[i], names[n].word))
				flags |= names[n].flag;
	return flags;
}

/* Of the next request, or of the peer's newest request. */
static uint32_t sequence_of(struct pana_end *e, enum pana_kind kind)
{
	uint8_t r[4];

	if (kind == PANA_PCI)
		return 0;
	if (kind == PANA_PAN || kind == PANA_PTA || kind == PANA_PNA)
		return e->sequence_in - 1;
	if (!e->counting) {
		role_random(e->role, r, sizeof(r));
		e->sequence_out =
			(uint32_t)r[0] << 24 | (uint32_t)r[1] << 16 | (uint32_t)r[2] << 8 | r[3];
		e->counting = true;
	}
	return e->sequence_out;
}

/* An Identity exchange, where the EAP end has nothing of its own to say. */
static size_t write_identity(const struct pana_end *e, uint8_t *octets, size_t size)
{
	const char *identity = e->role->settings.identity;
	struct writer w = writer_of(octets, size);
	size_t length = e->side == END_PAC ? strlen(identity) : 0;

	write_u8(&w, e->side == END_PAC ? EAP_RESPONSE : EAP_REQUEST);
	write_u8(&w, 1);
	write_u16(&w, (uint16_t)(5 + length));
	write_u8(&w, EAP_TYPE_IDENTITY);
	write_octets(&w, identity, length);
	return w.length;
}

static void draft_any_eap(struct pana_end *e, struct end_draft *d, uint8_t *octets, size_t size)
{
	if (e->eap_length)
		draft_eap(e, d);
	else
		draft_octets(d, PANA_AVP_EAP_PAYLOAD, octets, write_identity(e, octets, size));
}

static void draft_last(struct pana_end *e, struct end_draft *d)
{
	static const uint8_t success[] = {EAP_SUCCESS, 1, 0, 4};
	const struct end_sa *sa = e->new_sa.established ? &e->new_sa : &e->sa;

	if (e->new_sa.established)
		d->sa = &e->new_sa;
	if (d->kind == PANA_PAR) {
		draft_number(d, PANA_AVP_RESULT_CODE, 0);
		draft_octets(d, PANA_AVP_EAP_PAYLOAD, success, sizeof(success));
		draft_number(d, PANA_AVP_SESSION_LIFETIME, e->role->settings.lifetime);
	}
	if (sa->established)
		draft_number(d, PANA_AVP_KEY_ID, sa->key_id);
}

static void draft_avps(struct pana_end *e, struct end_draft *d, uint8_t *octets, size_t size)
{
	if (d->kind == PANA_PTR) {
		draft_number(d, PANA_AVP_TERMINATION_CAUSE, e->side == END_PAC ? 1 : 4);
	} else if (d->kind == PANA_PAR || d->kind == PANA_PAN) {
		if (d->flags & PANA_FLAG_S && d->kind == PANA_PAR)
			draft_offer(e, d);
		else if (d->flags & PANA_FLAG_S)
			draft_selection(e, d);
		else if (d->flags & PANA_FLAG_C)
			draft_last(e, d);
		else if (d->kind == PANA_PAR)
			draft_any_eap(e, d, octets, size);
	}
}

bool pana_craft(struct role *r, const char *kind, const char *const *words, size_t count,
		struct writer *w)
{
	struct pana_end *e = end_of(r);
	uint8_t octets[2048], eap[512];
	struct end_draft d;
	enum pana_kind which;
	size_t length;

	if (!e || !find_kind(kind, &which))
		return false;
	d = end_draft(e, which, flags_of(words, count));
	d.sequence = sequence_of(e, which);
	draft_avps(e, &d, eap, sizeof(eap));
	length = end_write(e, &d, octets, sizeof(octets));
	write_octets(w, octets, length);
	return length > 0 && !w->full;
}

/* ---- AUTH over what was changed ---- */

/* Where the value of AUTH stands. What is damaged may not walk: then AUTH is looked for where it
 * belongs, at the end. */
static size_t find_auth(const struct pana_end *e, const struct writer *w, size_t *length)
{
	struct pana_message messages[PANA_DEPTH];
	struct walk walk = walk_of(w->octets, w->length, NULL);
	const struct pana_avp_found *auth = &messages[0].avps.found[PANA_AVP_AUTH];
	size_t wanted = integrity_length(e->integrity), padded = (wanted + 3) & ~(size_t)3;
	size_t at;

	pana_walk(&walk, messages);
	if (auth->count && auth->value.length <= w->length) {
		*length = auth->value.length;
		return auth->value_offset;
	}
	if (!wanted || w->length < PANA_HEADER_SIZE + PANA_AVP_HEADER_SIZE + padded)
		return 0;
	at = w->length - padded - PANA_AVP_HEADER_SIZE;
	if (w->octets[at] != 0 || w->octets[at + 1] != PANA_AVP_AUTH)
		return 0;
	*length = wanted;
	return at + PANA_AVP_HEADER_SIZE;
}

bool pana_seal(struct role *r, struct writer *w)
{
	struct pana_end *e = end_of(r);
	unsigned flags =
		w->length >= PANA_HEADER_SIZE ? (unsigned)w->octets[4] << 8 | w->octets[5] : 0;
	uint8_t value[PANA_AUTH_VALUE_MAX];
	size_t length = 0, value_length = 0, at;
	const struct end_sa *sa;

	if (!e)
		return false;
	sa = flags & PANA_FLAG_C && e->new_sa.established ? &e->new_sa : &e->sa;
	at = sa->established ? find_auth(e, w, &length) : 0;
	if (!at || !pana_auth_value(e->integrity, &sa->auth_key, w->octets, w->length, at, length,
				    value, &value_length))
		return false;
	memcpy(w->octets + at, value, value_length < length ? value_length : length);
	return true;
}

bool pana_seal_inner(struct role *r, struct writer *w)
{
	struct pana_end *e = end_of(r);

	if (e && e->eap_peer)
		return eap_peer_seal(e->eap_peer, w->octets, w->length);
	return e && e->eap_server && eap_server_seal(e->eap_server, w->octets, w->length);
}

/* ---- what follows from what has gone out ---- */

static void follow_selection(struct pana_end *e, const struct pana_avps *avps)
{
	if (avps->prf.count)
		e->prf = avps->prf.ids[0];
	if (avps->integrity.count)
		e->integrity = avps->integrity.ids[0];
	e->encryption = avps->encryption.count ? avps->encryption.ids[0] : 0;
}

/* What the end itself has written for it: the outstanding request, or the last answer. */
static const struct end_copy *original_of(const struct pana_end *e, const struct pana_message *m)
{
	const struct end_copy *copies[] = {&e->outstanding.message, &e->answer};

	for (size_t i = 0; i < 2; i++)
		if (copies[i]->length >= PANA_HEADER_SIZE && m->octets.length >= PANA_HEADER_SIZE &&
		    !memcmp(copies[i]->octets + 4, m->octets.octets + 4, 4))
			return copies[i];
	return NULL;
}

void pana_sent(struct role *r, struct octets message)
{
	struct pana_end *e = end_of(r);
	struct pana_message m[PANA_DEPTH], own[PANA_DEPTH];
	struct walk w = walk_of(message.octets, message.length, NULL);
	const struct pana_avp_found *nonce = &m[0].avps.found[PANA_AVP_NONCE];
	const struct end_copy *original;

	pana_walk(&w, m);
	original = e && m[0].complete ? original_of(e, &m[0]) : NULL;
	if (!original)
		return;
	w = walk_of(original->octets, original->length, NULL);
	pana_walk(&w, own);
	if (m[0].kind == PANA_PAR && m[0].flags & PANA_FLAG_S && e->side == END_PAA)
		end_copy_set(&e->i_par, message.octets, message.length);
	if (m[0].kind == PANA_PAN && m[0].flags & PANA_FLAG_S && e->side == END_PAC) {
		end_copy_set(&e->i_pan, message.octets, message.length);
		follow_selection(e, &m[0].avps);
	}
	if (nonce->count && own[0].avps.found[PANA_AVP_NONCE].count &&
	    nonce->value.length <= END_NONCE_MAX) {
		memcpy(e->nonces[e->side].octets, nonce->value.octets, nonce->value.length);
		e->nonces[e->side].length = nonce->value.length;
	}
}

void pana_answered(struct role *r, struct octets answer)
{
	struct pana_end *e = end_of(r);
	struct pana_message m[PANA_DEPTH];
	struct walk w = walk_of(answer.octets, answer.length, NULL);

	pana_walk(&w, m);
	if (e && m[0].complete && !(m[0].flags & PANA_FLAG_R) && m[0].kind != PANA_PCI &&
	    m[0].sequence == e->sequence_out && !e->outstanding.message.length)
		e->sequence_out++;
}
