/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EAP-GPSK over time (RFC 5433): what is echoed, MACs, protected data. GPSK-2 holds all that the
 * keys are derived from, so that a capture may begin there.
 */
#include <glib.h>
#include <string.h>

#include "session.h"

static const struct octets whole_message = {NULL, 0};

static struct octets opcode_of(const struct eap_event *e)
{
	return (struct octets){e->m->data.octets, 1};
}

/* ---- keys ---- */

struct trial {
	const struct eap_gpsk *gpsk;
	const struct eap_gpsk_suite *suite;
	bool has_first;
	struct eap_gpsk_keys keys, first; /* of the key tried last; of the first one */
	struct octets key;                /* tried last */
};

static bool mac_right(const struct eap_gpsk *gpsk, const struct eap_gpsk_suite *suite,
		      const struct eap_gpsk_keys *keys)
{
	uint8_t mac[EAP_GPSK_MAC_MAX];

	return gpsk->mac.length == suite->mac_length &&
	       eap_gpsk_mac(suite, &keys->sk, &gpsk->covered, 1, mac) &&
	       secret_equal(mac, gpsk->mac.octets, suite->mac_length);
}

static bool try_key(void *context, struct octets key)
{
	struct trial *t = context;
	const struct eap_gpsk_input input = {
		.suite = t->suite,
		.psk = key,
		.rand_peer = t->gpsk->rand_peer.octets,
		.rand_server = t->gpsk->rand_server.octets,
		.id_peer = t->gpsk->id_peer,
		.id_server = t->gpsk->id_server,
	};

	if (!eap_gpsk_derive(&t->keys, &input))
		return false;
	if (!t->has_first)
		t->first = t->keys;
	t->has_first = true;
	t->key = key;
	return mac_right(t->gpsk, t->suite, &t->keys);
}

static enum verdict find_key(const struct eap_event *e, struct eap_gpsk_session *s)
{
	struct eap_conversation *c = e->c;
	const char *identities[] = {c->peer_id, c->identity};
	struct trial t = {.gpsk = &e->m->gpsk, .suite = s->suite};
	bool proven = eap_conversation_proven(c);
	enum eap_found found = eap_try_keys(c, KEY_EAP_GPSK, identities, 2, try_key, &t);

	if (found == EAP_VERIFIES) {
		s->keys = t.keys;
		s->keyed = s->verified = true;
		eap_conversation_prove(c, t.key);
	} else if (t.has_first) {
		s->keys = t.first;
		s->keyed = true;
	}
	eap_gpsk_clear(&t.keys);
	eap_gpsk_clear(&t.first);
	return found == EAP_NO_KEY ? VERDICT_NO_KEY : verdict_of(found == EAP_VERIFIES, proven);
}

static void hand_on_keys(const struct eap_event *e, struct eap_gpsk_session *s)
{
	if (!s->keyed || s->announced)
		return;
	if (s->verified) {
		eap_event_key(e, F(KEY_MK), &s->keys.mk);
		eap_event_key(e, F(KEY_SK), &s->keys.sk);
		eap_event_key(e, F(KEY_PK), &s->keys.pk);
	}
	eap_event_keys(e, &s->keys.msk, &s->keys.emsk, &s->keys.session_id, s->verified);
	s->announced = s->verified;
}

/* ---- protected data ---- */

static void judge_iv(const struct eap_event *e, struct eap_gpsk_session *s)
{
	const struct eap_gpsk *gpsk = &e->m->gpsk;
	int sender = e->m->code == EAP_REQUEST;
	const uint8_t *iv = gpsk->iv.octets;
	size_t length = gpsk->ciphertext.length;

	if (e->again || gpsk->iv.length != 16)
		return;
	if (s->has_iv[sender] && !memcmp(s->iv[sender], iv, 16))
		eap_event_note(e, R(5433_IV_SAME), F(GPSK_PD_IV), gpsk->iv, "a new IV",
			       "that of the message before");
	if (s->has_block[!sender] && !memcmp(s->block[!sender], iv, 16))
		eap_event_note(e, R(5433_IV_RECEIVED), F(GPSK_PD_IV), gpsk->iv, "a new IV",
			       "the last block of the message received");
	s->has_iv[sender] = true;
	memcpy(s->iv[sender], iv, 16);
	s->has_block[sender] = length >= 16;
	if (length >= 16)
		memcpy(s->block[sender], gpsk->ciphertext.octets + length - 16, 16);
}

/* Shows what is encrypted, as the octets of a source of its own; and what is not, where the message
 * alone does not tell the suite. */
static void open_payloads(const struct eap_event *e, const struct eap_gpsk_session *s)
{
	const struct eap_gpsk *gpsk = &e->m->gpsk;
	size_t length = gpsk->ciphertext.length;
	uint8_t *plaintext;
	struct walk w;

	if (!e->r || !length || (s->suite->encrypts && (gpsk->iv.length != 16 || length % 16)))
		return;
	if (!s->suite->encrypts && gpsk->csuite_sel.octets)
		return;
	plaintext = g_malloc(length);
	if (eap_gpsk_decrypt(s->suite, &s->keys.pk, gpsk->iv.octets, gpsk->ciphertext.octets,
			     plaintext, length)) {
		reader_source(e->r,
			      s->suite->encrypts ? "Decrypted EAP-GPSK PD_Payload"
						 : "EAP-GPSK PD_Payload",
			      plaintext, length);
		w = walk_of(plaintext, length, e->r);
		eap_gpsk_walk_payloads(&w, s->suite);
		reader_close(e->r);
	}
	secret_wipe(plaintext, length);
	g_free(plaintext);
}

/* ---- verdicts ---- */

static void verify(const struct eap_event *e, struct eap_gpsk_session *s, const struct rule *rule)
{
	const struct eap_gpsk *gpsk = &e->m->gpsk;
	enum verdict verdict;

	if (!gpsk->mac.octets || !gpsk->mac.length)
		return;
	if (!s->has_2)
		verdict = VERDICT_NO_AUTHENTICATION;
	else if (!s->suite)
		verdict = VERDICT_UNSUPPORTED;
	else if (!s->keyed)
		verdict = VERDICT_NO_KEY;
	else
		verdict = verdict_of(mac_right(gpsk, s->suite, &s->keys), s->verified);
	eap_event_verdict(e, F(GPSK_MAC_STATUS), gpsk->mac, verdict, rule);
	if (!s->suite)
		return;
	judge_iv(e, s);
	if (verdict == VERDICT_VERIFIED || (verdict != VERDICT_FORGED && !s->suite->encrypts))
		open_payloads(e, s);
}

/* ---- what is to be echoed ---- */

static void judge_octets(const struct eap_event *e, const struct rule *rule,
			 const struct field *field, struct octets part, const uint8_t *before)
{
	if (part.octets && memcmp(part.octets, before, part.length) != 0)
		eap_event_note(e, rule, field, part, "the value of the message before",
			       "another one");
}

static void judge_digest(const struct eap_event *e, const struct rule *rule,
			 const struct field *field, struct octets part,
			 const struct eap_digest *before)
{
	struct eap_digest digest = eap_digest_of(part);

	if (part.octets && !eap_digest_same(&digest, before))
		eap_event_note(e, rule, field, part, "the value of the message before",
			       "another one");
}

static void judge_order(const struct eap_event *e, const struct eap_gpsk_session *s)
{
	uint8_t opcode = e->m->gpsk.opcode;
	bool failure = opcode == EAP_GPSK_FAIL || opcode == EAP_GPSK_PROTECTED_FAIL;
	bool follows = opcode == s->opcode + 1 && !failure;

	if (failure)
		follows = s->failed || s->opcode == EAP_GPSK_2;
	if (s->opcode && !s->failed && !follows)
		eap_event_note(e, R(5433_ORDER), F(GPSK_OPCODE), opcode_of(e), "the next message",
			       "OP-Code %u after %u", opcode, s->opcode);
}

static void judge_replay(const struct eap_event *e, const struct eap_gpsk_session *s)
{
	struct eap_digest digest = eap_digest_of(e->m->data);

	if (s->failed && e->m->code == EAP_RESPONSE && !eap_digest_same(&digest, &s->failure))
		eap_event_note(e, R(5433_FAIL_REPLAY), NULL, whole_message,
			       "the failure message received", "another message");
}

/* ---- messages ---- */

static void set_identity(char **text, struct octets identity)
{
	g_free(*text);
	*text = eap_identity_text(identity);
}

static void on_1(const struct eap_event *e, struct eap_gpsk_session *s)
{
	const struct eap_gpsk *gpsk = &e->m->gpsk;

	if (e->again || !gpsk->csuite_list.octets)
		return;
	if (s->opcode)
		eap_gpsk_restart(s);
	if (s->had_1 && !memcmp(s->old_rand_server, gpsk->rand_server.octets, EAP_GPSK_RAND))
		eap_event_note(e, R(5433_RAND_SERVER_FRESH), F(GPSK_RAND_SERVER), gpsk->rand_server,
			       "a new RAND_Server", "that of the authentication before");
	e->c->from_start = true;
	e->c->method_finished = false;
	s->has_1 = true;
	memcpy(s->rand_server, gpsk->rand_server.octets, EAP_GPSK_RAND);
	s->id_server = eap_digest_of(gpsk->id_server);
	s->csuite_list = eap_digest_of(gpsk->csuite_list);
	set_identity(&e->c->server_id, gpsk->id_server);
}

static void judge_2(const struct eap_event *e, const struct eap_gpsk_session *s)
{
	const struct eap_gpsk *gpsk = &e->m->gpsk;

	if (s->has_1) {
		judge_octets(e, R(5433_RAND_SERVER_ECHO), F(GPSK_RAND_SERVER), gpsk->rand_server,
			     s->rand_server);
		judge_digest(e, R(5433_CSUITE_LIST_ECHO), F(GPSK_CSUITE_LIST), gpsk->csuite_list,
			     &s->csuite_list);
		judge_digest(e, R(5433_ID_SERVER_ECHO), F(GPSK_ID_SERVER), gpsk->id_server,
			     &s->id_server);
	}
	if (s->had_2 && !memcmp(s->old_rand_peer, gpsk->rand_peer.octets, EAP_GPSK_RAND))
		eap_event_note(e, R(5433_RAND_PEER_FRESH), F(GPSK_RAND_PEER), gpsk->rand_peer,
			       "a new RAND_Peer", "that of the authentication before");
}

static void on_2(const struct eap_event *e, struct eap_gpsk_session *s)
{
	const struct eap_gpsk *gpsk = &e->m->gpsk;
	bool settled = s->has_2 && s->verified;
	enum verdict verdict = VERDICT_UNSUPPORTED;

	if (!gpsk->csuite_sel.octets || !gpsk->mac.octets)
		return;
	if (!e->again)
		judge_2(e, s);
	if (settled) {
		verify(e, s, R(5433_GPSK2_MAC));
		return; /* nothing that came later changes keys that have proven right */
	}
	s->has_2 = true;
	s->suite = eap_gpsk_suite_of(gpsk->csuite_sel);
	memcpy(s->rand_server, gpsk->rand_server.octets, EAP_GPSK_RAND);
	memcpy(s->rand_peer, gpsk->rand_peer.octets, EAP_GPSK_RAND);
	memcpy(s->csuite_sel, gpsk->csuite_sel.octets, EAP_GPSK_CSUITE);
	s->id_server = eap_digest_of(gpsk->id_server);
	set_identity(&e->c->peer_id, gpsk->id_peer);
	if (!e->c->server_id)
		set_identity(&e->c->server_id, gpsk->id_server);
	if (s->suite)
		verdict = find_key(e, s);
	if (gpsk->mac.length)
		eap_event_verdict(e, F(GPSK_MAC_STATUS), gpsk->mac, verdict, R(5433_GPSK2_MAC));
	hand_on_keys(e, s);
	if (s->suite)
		judge_iv(e, s);
	if (verdict == VERDICT_VERIFIED)
		open_payloads(e, s);
}

static void on_3(const struct eap_event *e, struct eap_gpsk_session *s)
{
	const struct eap_gpsk *gpsk = &e->m->gpsk;

	if (!e->again && s->has_2) {
		judge_octets(e, R(5433_GPSK3_RAND_PEER), F(GPSK_RAND_PEER), gpsk->rand_peer,
			     s->rand_peer);
		judge_octets(e, R(5433_GPSK3_RAND_SERVER), F(GPSK_RAND_SERVER), gpsk->rand_server,
			     s->rand_server);
		judge_digest(e, R(5433_GPSK3_ID_SERVER), F(GPSK_ID_SERVER), gpsk->id_server,
			     &s->id_server);
		judge_octets(e, R(5433_GPSK3_CSUITE_SEL), F(GPSK_CSUITE_SEL), gpsk->csuite_sel,
			     s->csuite_sel);
	}
	verify(e, s, R(5433_GPSK3_MAC));
}

static void on_4(const struct eap_event *e, struct eap_gpsk_session *s)
{
	if (s->suite && !e->again)
		eap_gpsk_judge(e->m, s->suite, e->origin, e->r);
	verify(e, s, R(5433_GPSK4_MAC));
	if (e->m->code == EAP_RESPONSE)
		e->c->method_finished = true;
}

static void on_failure(const struct eap_event *e, struct eap_gpsk_session *s)
{
	if (e->m->gpsk.opcode == EAP_GPSK_PROTECTED_FAIL) {
		if (s->suite && !e->again)
			eap_gpsk_judge(e->m, s->suite, e->origin, e->r);
		verify(e, s, R(5433_FAIL_MAC));
	}
	if (e->again)
		return;
	if (e->m->code == EAP_REQUEST) {
		s->failed = true;
		s->failure = eap_digest_of(e->m->data);
		e->c->failure_indicated = true;
	} else {
		e->c->method_finished = true;
	}
}

void eap_gpsk_feed(const struct eap_event *e)
{
	struct eap_gpsk_session *s = e->c->gpsk;
	uint8_t opcode = e->m->gpsk.opcode;

	if (!s)
		s = e->c->gpsk = g_new0(struct eap_gpsk_session, 1);
	if (opcode < EAP_GPSK_1 || opcode > EAP_GPSK_PROTECTED_FAIL)
		return;
	if (!e->again && opcode != EAP_GPSK_1)
		judge_order(e, s);
	if (!e->again)
		judge_replay(e, s);
	if (opcode == EAP_GPSK_1)
		on_1(e, s);
	else if (opcode == EAP_GPSK_2)
		on_2(e, s);
	else if (opcode == EAP_GPSK_3)
		on_3(e, s);
	else if (opcode == EAP_GPSK_4)
		on_4(e, s);
	else
		on_failure(e, s);
	if (!e->again)
		s->opcode = opcode;
}

/* ---- life ---- */

void eap_gpsk_restart(struct eap_gpsk_session *s)
{
	struct eap_gpsk_session fresh = {
		.had_1 = s->had_1 || s->has_1,
		.had_2 = s->had_2 || s->has_2,
	};

	memcpy(fresh.old_rand_server, s->has_1 ? s->rand_server : s->old_rand_server,
	       EAP_GPSK_RAND);
	memcpy(fresh.old_rand_peer, s->has_2 ? s->rand_peer : s->old_rand_peer, EAP_GPSK_RAND);
	eap_gpsk_clear(&s->keys);
	*s = fresh;
}

void eap_gpsk_free(struct eap_gpsk_session *s)
{
	if (!s)
		return;
	eap_gpsk_restart(s);
	g_free(s);
}
