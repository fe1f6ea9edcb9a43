/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EAP-PSK over time (RFC 4764): a dialog of four or more messages, its MACs, its protected channel.
 *
 * The key is found at the first value that a key can be tried on: MAC_P, else MAC_S, else a tag.
 * While none is right the first key that fits is kept, so that what follows from it can be seen to
 * be wrong too.
 */
#include <glib.h>
#include <string.h>

#include "session.h"

static const struct octets whole_message = {NULL, 0};

/* A part of the message by its place: the flags are the sixth octet of a legacy type. */
static struct octets flags_of(const struct eap_event *e)
{
	return (struct octets){e->m->data.octets, 1};
}

static struct octets nonce_of(const struct eap_psk *psk)
{
	return (struct octets){psk->pchannel.octets, 4};
}

/* ---- trying keys ---- */

struct trial {
	const struct eap_psk_session *s;
	const struct eap_psk *psk;
	bool (*right)(const struct trial *t, const struct eap_psk_keys *keys);
	bool has_first;
	struct eap_psk_keys keys, first; /* of the key tried last; of the first one */
	struct octets key;               /* tried last */
};

static bool mac_p_right(const struct trial *t, const struct eap_psk_keys *keys)
{
	uint8_t mac[EAP_PSK_MAC];

	return eap_psk_mac_p(keys, t->psk->id_p, eap_kept_octets(&t->s->id_s),
			     t->psk->rand_s.octets, t->psk->rand_p.octets, mac) &&
	       secret_equal(mac, t->psk->mac_p.octets, sizeof(mac));
}

static bool mac_s_right(const struct trial *t, const struct eap_psk_keys *keys)
{
	uint8_t mac[EAP_PSK_MAC];

	return eap_psk_mac_s(keys, eap_kept_octets(&t->s->id_s), t->s->rand_p, mac) &&
	       secret_equal(mac, t->psk->mac_s.octets, sizeof(mac));
}

static bool tag_right(const struct trial *t, const struct eap_psk_keys *keys)
{
	const struct eap_psk *psk = t->psk;
	uint8_t *plaintext = g_malloc(psk->ciphertext.length + 1);
	bool right = eap_psk_open(keys, psk->nonce, psk->header.octets, psk->ciphertext.octets,
				  plaintext, psk->ciphertext.length, psk->tag.octets);

	g_free(plaintext);
	return right;
}

static bool try_key(void *context, struct octets key)
{
	struct trial *t = context;
	const uint8_t *rand_p = t->psk->rand_p.octets ? t->psk->rand_p.octets : t->s->rand_p;

	if (!eap_psk_setup(&t->keys, key) || !eap_psk_derive(&t->keys, rand_p))
		return false;
	if (!t->has_first)
		t->first = t->keys;
	t->has_first = true;
	t->key = key;
	return !t->right || t->right(t, &t->keys);
}

/* Tries the keys that fit; keeps the one that is right, else the first. */
static enum eap_found find_key(const struct eap_event *e, struct eap_psk_session *s,
			       bool (*right)(const struct trial *t,
					     const struct eap_psk_keys *keys))
{
	struct eap_conversation *c = e->c;
	const char *identities[] = {c->peer_id, c->identity};
	struct trial t = {.s = s, .psk = &e->m->psk, .right = right};
	enum eap_found found = eap_try_keys(c, KEY_EAP_PSK, identities, 2, try_key, &t);

	if (found == EAP_VERIFIES && right) {
		s->keys = t.keys;
		s->keyed = s->verified = true;
		eap_conversation_prove(c, t.key);
	} else if (t.has_first && !s->verified) {
		s->keys = t.first;
		s->keyed = true;
	}
	eap_psk_clear(&t.keys);
	eap_psk_clear(&t.first);
	return found;
}

/* ---- verdicts ---- */

/* Once a key has proven right, later values are checked under it alone. */
static enum verdict check(const struct eap_event *e, struct eap_psk_session *s,
			  bool (*right)(const struct trial *t, const struct eap_psk_keys *keys))
{
	struct trial t = {.s = s, .psk = &e->m->psk};
	bool proven = eap_conversation_proven(e->c);
	enum eap_found found;

	if (s->verified)
		return verdict_of(right(&t, &s->keys), true);
	found = find_key(e, s, right);
	if (found == EAP_NO_KEY)
		return VERDICT_NO_KEY;
	return verdict_of(found == EAP_VERIFIES, proven);
}

/* The keys, when the first value has proven right or, silently, of the first candidate. */
static void hand_on_keys(const struct eap_event *e, struct eap_psk_session *s)
{
	struct eap_session_id id;

	if (!s->keyed || s->announced)
		return;
	eap_psk_session_id(s->rand_p, s->rand_s, &id);
	if (s->verified) {
		eap_event_key(e, F(KEY_AK), &s->keys.ak);
		eap_event_key(e, F(KEY_KDK), &s->keys.kdk);
		eap_event_key(e, F(KEY_TEK), &s->keys.tek);
	}
	eap_event_keys(e, &s->keys.msk, &s->keys.emsk, &id, s->verified);
	s->announced = s->verified;
}

/* ---- the protected channel ---- */

static void judge_extension(const struct eap_event *e, struct eap_psk_session *s,
			    const struct eap_psk_result_part *part, bool by_server)
{
	bool may_start = by_server && !s->server_sent;

	if (!s->extended && part->e && !may_start) {
		reader_note(e->r, R(4764_EXT_START), F(PSK_E), 0, 1, "0", "1");
		return;
	}
	if (!s->extended && part->e) {
		s->extended = true;
		s->ext_type = part->ext_type;
		if (part->has_type && !part->ext_payload.length)
			reader_note(e->r, R(4764_EXT_PAYLOAD_EMPTY), F(PSK_EXT_PAYLOAD), 2, 0,
				    "1 octet or more", "0 octets");
	} else if (s->extended && !part->e) {
		reader_note(e->r, R(4764_EXT_CONTINUES), F(PSK_E), 0, 1, "1", "0");
	} else if (s->extended && part->has_type && part->ext_type != s->ext_type) {
		reader_note(e->r, R(4764_EXT_TYPE), F(PSK_EXT_TYPE), 1, 1, "the type that started",
			    "%u after %u", part->ext_type, s->ext_type);
	}
}

static void judge_result(const struct eap_event *e, struct eap_psk_session *s,
			 const struct eap_psk_result_part *part, bool by_server)
{
	const char *name = value_name_find(F(PSK_R)->names, part->r);

	name = name ? name : "0";
	if (by_server && s->server_r == EAP_PSK_DONE_SUCCESS && part->r != EAP_PSK_DONE_SUCCESS)
		reader_note(e->r, R(4764_R_KEEPS), F(PSK_R), 0, 1, "DONE_SUCCESS again", "%s",
			    name);
	if (!by_server && s->server_sent && part->r == EAP_PSK_DONE_SUCCESS &&
	    s->server_r != EAP_PSK_DONE_SUCCESS)
		reader_note(e->r, R(4764_R_PEER_FIRST), F(PSK_R), 0, 1,
			    "DONE_SUCCESS of the server first", "%s", name);
	if (!by_server && s->server_r == EAP_PSK_DONE_FAILURE && part->r != EAP_PSK_DONE_FAILURE)
		reader_note(e->r, R(4764_R_FAILURE_REPLY), F(PSK_R), 0, 1, "DONE_FAILURE", "%s",
			    name);
	if (!s->extended && !part->e && part->r == EAP_PSK_CONT)
		reader_note(e->r, R(4764_R_STANDARD), F(PSK_R), 0, 1,
			    "DONE_SUCCESS or DONE_FAILURE", "%s", name);
}

static void take_result(const struct eap_event *e, struct eap_psk_session *s,
			const struct eap_psk_result_part *part, bool by_server)
{
	struct eap_conversation *c = e->c;

	judge_extension(e, s, part, by_server);
	judge_result(e, s, part, by_server);
	if (by_server) {
		s->server_r = part->r;
		s->server_sent = true;
		c->failure_indicated = part->r == EAP_PSK_DONE_FAILURE;
	} else {
		s->peer_r = part->r;
		c->method_finished = part->r != EAP_PSK_CONT;
		c->success_indicated =
			part->r == EAP_PSK_DONE_SUCCESS && s->server_r == EAP_PSK_DONE_SUCCESS;
	}
}

/* Shows the plaintext; it is the octets of a source of its own. */
static void open_channel(const struct eap_event *e, struct eap_psk_session *s)
{
	const struct eap_psk *psk = &e->m->psk;
	size_t length = psk->ciphertext.length;
	uint8_t *plaintext = g_malloc(length + 1);
	struct eap_psk_result_part part;
	struct walk w;

	if (eap_psk_open(&s->keys, psk->nonce, psk->header.octets, psk->ciphertext.octets,
			 plaintext, length, psk->tag.octets)) {
		reader_source(e->r, "Decrypted EAP-PSK PCHANNEL", plaintext, length);
		w = walk_of(plaintext, length, e->r);
		eap_psk_walk_plaintext(&w, &part);
		if (part.complete && !e->again)
			take_result(e, s, &part, e->m->code == EAP_REQUEST);
		reader_close(e->r);
	}
	secret_wipe(plaintext, length);
	g_free(plaintext);
}

static void verify_channel(const struct eap_event *e, struct eap_psk_session *s)
{
	const struct eap_psk *psk = &e->m->psk;
	enum verdict verdict = VERDICT_NO_AUTHENTICATION;

	if (!psk->tag.octets || !psk->ciphertext.octets)
		return;
	if (e->m->expanded) /* RFC 4764 3.3 says of 22 octets what fits a legacy type alone */
		verdict = VERDICT_UNSUPPORTED;
	else if (s->has_2)
		verdict = check(e, s, tag_right);
	eap_event_verdict(e, F(PSK_TAG_STATUS), psk->tag, verdict, R(4764_TAG));
	hand_on_keys(e, s);
	if (verdict == VERDICT_VERIFIED)
		open_channel(e, s);
}

/* ---- order ---- */

static void judge_order(const struct eap_event *e, const struct eap_psk_session *s)
{
	const struct eap_psk *psk = &e->m->psk;
	bool follows = psk->t == s->t + 1 || (psk->t == EAP_PSK_4 && s->t == EAP_PSK_4);

	if (s->t >= 0 && !follows)
		eap_event_note(e, R(4764_ORDER), F(PSK_T), flags_of(e), "the next message",
			       "T = %u after T = %d", psk->t, s->t);
	if ((s->has_1 || s->has_2) && psk->rand_s.octets &&
	    memcmp(psk->rand_s.octets, s->rand_s, EAP_PSK_RAND) != 0)
		eap_event_note(e, R(4764_RAND_S_ECHO), F(PSK_RAND_S), psk->rand_s,
			       "the RAND_S of the dialog", "another one");
	if (e->m->code == EAP_REQUEST && s->peer_r == EAP_PSK_DONE_FAILURE)
		eap_event_note(e, R(4764_R_FAILURE_END), NULL, whole_message, "Failure",
			       "a further message");
}

static void judge_nonce(const struct eap_event *e, struct eap_psk_session *s)
{
	const struct eap_psk *psk = &e->m->psk;

	if (!psk->tag.octets)
		return;
	if (e->m->code == EAP_REQUEST && s->server_exhausted)
		eap_event_note(e, R(4764_NONCE_WRAP), F(PSK_NONCE), nonce_of(psk),
			       "no message after nonce 4294967294", "nonce %u", psk->nonce);
	else if (s->has_nonce && psk->nonce != s->nonce + 1)
		eap_event_note(e, R(4764_NONCE_STEP), F(PSK_NONCE), nonce_of(psk),
			       "the nonce before plus one", "%u after %u", psk->nonce, s->nonce);
	s->has_nonce = true;
	s->nonce = psk->nonce;
	if (e->m->code == EAP_REQUEST && psk->nonce >= UINT32_MAX - 1)
		s->server_exhausted = true;
}

/* ---- messages ---- */

static void set_identity(char **text, struct octets identity)
{
	g_free(*text);
	*text = eap_identity_text(identity);
}

static void on_first(const struct eap_event *e, struct eap_psk_session *s)
{
	const struct eap_psk *psk = &e->m->psk;
	struct eap_digest id_s = eap_digest_of(psk->id_s);

	if (e->again || !psk->id_s.octets)
		return;
	if (s->t >= 0)
		eap_psk_restart(s);
	if (s->had_1 && !memcmp(s->old_rand_s, psk->rand_s.octets, EAP_PSK_RAND))
		eap_event_note(e, R(4764_RAND_S_FRESH), F(PSK_RAND_S), psk->rand_s, "a new RAND_S",
			       "that of the dialog before");
	if (s->had_1 && !eap_digest_same(&s->old_id_s, &id_s))
		eap_event_note(e, R(4764_ID_S_CONSTANT), F(PSK_ID_S), psk->id_s,
			       "the ID_S of the dialog before", "another one");
	e->c->from_start = true;
	e->c->method_finished = false;
	s->has_1 = true;
	memcpy(s->rand_s, psk->rand_s.octets, EAP_PSK_RAND);
	eap_keep(&s->id_s, psk->id_s);
	set_identity(&e->c->server_id, psk->id_s);
}

static void on_second(const struct eap_event *e, struct eap_psk_session *s)
{
	const struct eap_psk *psk = &e->m->psk;
	enum verdict verdict = VERDICT_NO_AUTHENTICATION;
	bool settled = s->has_2 && s->verified;
	struct octets id_p = psk->id_p;

	if (!id_p.octets)
		return;
	if (!e->again && s->had_2 && !memcmp(s->old_rand_p, psk->rand_p.octets, EAP_PSK_RAND))
		eap_event_note(e, R(4764_RAND_P_FRESH), F(PSK_RAND_P), psk->rand_p, "a new RAND_P",
			       "that of the dialog before");
	if (!settled)
		set_identity(&e->c->peer_id, id_p);
	if (s->id_s.octets)
		verdict = check(e, s, mac_p_right);
	else
		find_key(e, s, NULL);
	eap_event_verdict(e, F(PSK_MAC_P_STATUS), psk->mac_p, verdict, R(4764_MAC_P));
	if (settled)
		return; /* nothing that came later changes keys that have proven right */
	if (!s->has_1)
		memcpy(s->rand_s, psk->rand_s.octets, EAP_PSK_RAND);
	s->has_2 = true;
	memcpy(s->rand_p, psk->rand_p.octets, EAP_PSK_RAND);
	eap_keep(&s->id_p, id_p);
	hand_on_keys(e, s);
}

static void on_third(const struct eap_event *e, struct eap_psk_session *s)
{
	const struct eap_psk *psk = &e->m->psk;
	enum verdict verdict = VERDICT_NO_AUTHENTICATION;

	if (!psk->mac_s.octets)
		return;
	if (s->has_2 && s->id_s.octets)
		verdict = check(e, s, mac_s_right);
	eap_event_verdict(e, F(PSK_MAC_S_STATUS), psk->mac_s, verdict, R(4764_MAC_S));
	hand_on_keys(e, s);
	verify_channel(e, s);
}

void eap_psk_feed(const struct eap_event *e)
{
	struct eap_psk_session *s = e->c->psk;
	const struct eap_psk *psk = &e->m->psk;

	if (!s) {
		s = e->c->psk = g_new0(struct eap_psk_session, 1);
		s->t = -1;
	}
	if (!psk->rand_s.octets)
		return;
	if (!e->again && psk->t != EAP_PSK_1) {
		judge_order(e, s);
		judge_nonce(e, s);
	}
	if (psk->t == EAP_PSK_1)
		on_first(e, s);
	else if (psk->t == EAP_PSK_2)
		on_second(e, s);
	else if (psk->t == EAP_PSK_3)
		on_third(e, s);
	else
		verify_channel(e, s);
	if (e->again)
		return;
	s->t = psk->t;
	if (psk->t == EAP_PSK_4 && e->m->code == EAP_RESPONSE && !s->verified)
		e->c->method_finished = true; /* for all that can be told */
}

/* ---- life ---- */

void eap_psk_restart(struct eap_psk_session *s)
{
	struct eap_psk_session fresh = {.t = -1, .had_1 = s->had_1, .had_2 = s->had_2};

	memcpy(fresh.old_rand_s, s->has_1 ? s->rand_s : s->old_rand_s, EAP_PSK_RAND);
	memcpy(fresh.old_rand_p, s->has_2 ? s->rand_p : s->old_rand_p, EAP_PSK_RAND);
	fresh.old_id_s = s->has_1 ? eap_digest_of(eap_kept_octets(&s->id_s)) : s->old_id_s;
	fresh.had_1 = s->had_1 || s->has_1;
	fresh.had_2 = s->had_2 || s->has_2;
	eap_forget(&s->id_s);
	eap_forget(&s->id_p);
	eap_psk_clear(&s->keys);
	*s = fresh;
}

void eap_psk_free(struct eap_psk_session *s)
{
	if (!s)
		return;
	eap_psk_restart(s);
	g_free(s);
}
