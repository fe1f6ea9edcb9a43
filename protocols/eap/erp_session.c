/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ERP over time (RFC 6696): sequence numbers, identifiers, the authentication tag and the rMSK. The
 * key is an EMSK of the key table under the keyName-NAI, under its user part (the EMSK's name,
 * under which sessions file the EMSKs that they derive), or under the identity that the
 * conversation knows; the rRK is that of the home server, or of a local one by way of the DSRK of
 * the realm.
 */
#include <glib.h>
#include <string.h>

#include "protocols/crypto/kdf.h"
#include "session.h"

static const struct octets whole_message = {NULL, 0};

static struct octets at(const struct eap_event *e, size_t offset, size_t length)
{
	return (struct octets){e->m->octets.octets + offset, length};
}

enum { AT_ID = 1, AT_FLAGS = 5, AT_SEQ = 6 };

/* ---- keys ---- */

struct trial {
	const struct eap_erp *erp;
	struct octets realm;
	bool has_first;
	struct secret rrk, rik, first_rrk, first_rik;
};

static bool tag_right(const struct eap_erp *erp, const struct secret *rik)
{
	uint8_t tag[ERP_TAG_MAX];
	size_t length = erp_tag_length(erp->cryptosuite);

	return rik->length && erp->tag.length == length &&
	       erp_tag(erp->cryptosuite, rik, &erp->covered, 1, tag) &&
	       secret_equal(tag, erp->tag.octets, length);
}

static bool try_parent(struct trial *t, struct octets parent)
{
	if (!erp_rrk(parent, &t->rrk) || !erp_rik(&t->rrk, t->erp->cryptosuite, &t->rik))
		return false;
	if (!t->has_first) {
		t->first_rrk = t->rrk;
		t->first_rik = t->rik;
		t->has_first = true;
	}
	return tag_right(t->erp, &t->rik);
}

static bool try_key(void *context, struct octets emsk)
{
	struct trial *t = context;
	struct secret dsrk;
	bool right;

	if (try_parent(t, emsk))
		return true;
	if (!t->realm.length || !kdf_usrk(emsk, "dsrk@ietf.org", t->realm, &dsrk))
		return false;
	right = try_parent(t, (struct octets){dsrk.octets, dsrk.length});
	secret_clear(&dsrk);
	return right;
}

static struct octets realm_of(struct octets nai)
{
	const uint8_t *mark = nai.length ? memchr(nai.octets, '@', nai.length) : NULL;

	if (!mark)
		return (struct octets){NULL, 0};
	mark++;
	return (struct octets){mark, nai.length - (size_t)(mark - nai.octets)};
}

static enum eap_found find_key(const struct eap_event *e, struct eap_erp_session *s)
{
	struct octets nai = e->m->erp.keyname_nai;
	struct trial t = {.erp = &e->m->erp, .realm = realm_of(nai)};
	size_t user = nai.length - t.realm.length;
	char *whole = eap_identity_text(nai);
	char *name =
		eap_identity_text((struct octets){nai.octets, t.realm.octets ? user - 1 : user});
	char *lower = g_ascii_strdown(name, -1);
	const char *identities[] = {whole, name, lower, e->c->peer_id, e->c->identity};
	enum eap_found found = eap_try_keys(e->c, KEY_EMSK, identities, 5, try_key, &t);

	if (found == EAP_VERIFIES || t.has_first) {
		s->keyed = true;
		s->verified = found == EAP_VERIFIES;
		s->rrk = s->verified ? t.rrk : t.first_rrk;
		s->rik = s->verified ? t.rik : t.first_rik;
		s->rik_suite = e->m->erp.cryptosuite;
	}
	secret_wipe(&t, sizeof(t));
	g_free(whole);
	g_free(name);
	g_free(lower);
	return found;
}

static enum verdict check(const struct eap_event *e, struct eap_erp_session *s)
{
	const struct eap_erp *erp = &e->m->erp;
	enum eap_found found;

	if (!erp_tag_length(erp->cryptosuite))
		return VERDICT_UNSUPPORTED;
	if (!s->verified) {
		found = find_key(e, s);
		return found == EAP_NO_KEY ? VERDICT_NO_KEY
					   : verdict_of(found == EAP_VERIFIES, false);
	}
	if (s->rik_suite != erp->cryptosuite) {
		erp_rik(&s->rrk, erp->cryptosuite, &s->rik);
		s->rik_suite = erp->cryptosuite;
	}
	return verdict_of(tag_right(erp, &s->rik), true);
}

static enum verdict verify(const struct eap_event *e, struct eap_erp_session *s,
			   const struct rule *rule)
{
	const struct eap_erp *erp = &e->m->erp;
	bool before = s->verified;
	enum verdict verdict;

	if (!erp->tag.length)
		return VERDICT_UNSUPPORTED;
	verdict = check(e, s);
	eap_event_verdict(e, F(ERP_TAG_STATUS), erp->tag, verdict, rule);
	if (!before && s->verified) {
		eap_event_key(e, F(KEY_RRK), &s->rrk);
		eap_event_key(e, F(KEY_RIK), &s->rik);
	}
	return verdict;
}

/* ---- Initiate ---- */

static void new_key(struct eap_erp_session *s)
{
	s->has_accepted = s->has_protected = s->keyed = s->verified = false;
	secret_clear(&s->rrk);
	secret_clear(&s->rik);
}

static void judge_initiate(const struct eap_event *e, const struct eap_erp_session *s,
			   bool same_key)
{
	const struct eap_erp *erp = &e->m->erp;

	if (!s->initiate.seen)
		return;
	if (s->initiate.identifier == e->m->identifier)
		eap_event_note(e, R(6696_INITIATE_ID), F(ID), at(e, AT_ID, 1),
			       "another than the Initiate before", "%u again", e->m->identifier);
	if (!same_key)
		return;
	if (erp->seq <= s->seq)
		eap_event_note(e, R(6696_SEQUENCE_INCREMENT), F(ERP_SEQ), at(e, AT_SEQ, 2),
			       "more than before", "%u after %u", erp->seq, s->seq);
	else if (erp->seq > s->seq + 1)
		eap_event_note(e, R(6696_SEQUENCE_STEP), F(ERP_SEQ), at(e, AT_SEQ, 2),
			       "one more than before", "%u after %u", erp->seq, s->seq);
}

/* The rMSK depends on no later message (RFC 6696 4.6): who carries the Finish under a key made of
 * it, as PANA does, needs it before. It takes no MSK's place that is in use. */
static void foresee_rmsk(const struct eap_event *e, struct eap_erp_session *s)
{
	struct eap_conversation *c = e->c;

	if (!s->keyed || (c->msk.length && !s->foreseen))
		return;
	s->foreseen = erp_rmsk(&s->rrk, s->seq, &c->msk);
	c->keys_verified = false;
}

static void on_initiate(struct eap_event *e, struct eap_erp_session *s)
{
	const struct eap_erp *erp = &e->m->erp;
	bool same_key = eap_same(erp->keyname_nai, eap_kept_octets(&s->keyname));

	e->again = eap_side_repeats(&s->initiate, e);
	if (!e->again) {
		judge_initiate(e, s, same_key && s->keyname.octets);
		if (!same_key) {
			new_key(s);
			eap_keep(&s->keyname, erp->keyname_nai);
		}
		s->flags = erp->flags;
		s->seq = erp->seq;
		s->cryptosuite = erp->cryptosuite;
		s->has_cryptosuite = erp->has_cryptosuite;
		s->awaiting = true;
		eap_side_set(&s->initiate, e);
		e->c->outcome = 0;
	}
	verify(e, s, R(6696_INITIATE_TAG));
	if (!e->again)
		foresee_rmsk(e, s);
}

/* ---- Finish ---- */

static void judge_identification(const struct eap_event *e, const struct eap_erp_session *s)
{
	const struct eap_erp *erp = &e->m->erp;
	char wanted[40];

	g_snprintf(wanted, sizeof(wanted), "%u, the Initiate's", s->initiate.identifier);
	if (e->m->identifier != s->initiate.identifier)
		eap_event_note(e, R(6696_FINISH_ID), F(ID), at(e, AT_ID, 1), wanted, "%u",
			       e->m->identifier);
	g_snprintf(wanted, sizeof(wanted), "%u, the Initiate's", s->seq);
	if (erp->seq != s->seq)
		eap_event_note(e, R(6696_FINISH_SEQ), F(ERP_SEQ), at(e, AT_SEQ, 2), wanted, "%u",
			       erp->seq);
	if (erp->keyname_nai.octets && s->keyname.octets &&
	    !eap_same(erp->keyname_nai, eap_kept_octets(&s->keyname)))
		eap_event_note(e, R(6696_KEYNAME_SAME), F(ERP_KEYNAME_NAI), erp->keyname_nai,
			       "that of the Initiate", "another one");
}

static void judge_grant(const struct eap_event *e, const struct eap_erp_session *s)
{
	const struct eap_erp *erp = &e->m->erp;
	struct octets flags = at(e, AT_FLAGS, 1);

	if (s->flags & EAP_ERP_B && !(erp->flags & EAP_ERP_B))
		eap_event_note(e, R(6696_BOOTSTRAP_FLAG), F(ERP_FLAG_B), flags, "1", "0");
	if (s->flags & EAP_ERP_L && !(erp->has_rrk_lifetime && erp->has_rmsk_lifetime))
		eap_event_note(e, R(6696_LIFETIME_REQUESTED), F(ERP_FLAG_L), flags,
			       "rRK and rMSK lifetimes", "not both");
	if (erp->has_cryptosuite && s->has_cryptosuite && erp->cryptosuite != s->cryptosuite)
		eap_event_note(e, R(6696_SUITE_SAME), F(ERP_CRYPTOSUITE),
			       (struct octets){erp->tag.octets ? erp->tag.octets - 1 : NULL, 1},
			       "that of the Initiate", "%u instead of %u", erp->cryptosuite,
			       s->cryptosuite);
	if (s->has_accepted && s->seq <= s->accepted)
		eap_event_note(e, R(6696_SEQUENCE_REPLAY), F(ERP_FLAG_R), flags,
			       "Result 1: the SEQ was used", "Result 0 for SEQ %u", s->seq);
}

static void judge_refusal(const struct eap_event *e, const struct eap_erp_session *s)
{
	const struct eap_erp *erp = &e->m->erp;
	bool other = erp->has_cryptosuite && erp->cryptosuite != s->cryptosuite;

	if (s->has_cryptosuite && (!erp_tag_length(s->cryptosuite) || other) &&
	    !erp->cryptosuites.octets)
		eap_event_note(e, R(6696_SUITE_LIST), F(ERP_ACCEPTABLE), whole_message,
			       "the list of acceptable cryptosuites", "none");
	if (!erp->tag.length && s->has_protected)
		eap_event_note(e, R(6696_FAILURE_PROTECTED), F(ERP_TAG), whole_message,
			       "an authentication tag, as before", "none");
}

/* The rMSK is to the lower layer what the MSK was (RFC 6696 4.6, 4.7). */
static void take_rmsk(const struct eap_event *e, struct eap_erp_session *s, bool verified)
{
	struct eap_conversation *c = e->c;
	struct secret rmsk;
	char *identity;

	if (!s->keyed || !erp_rmsk(&s->rrk, s->seq, &rmsk))
		return;
	c->msk = rmsk;
	s->foreseen = false;
	c->keys_verified = verified;
	if (verified) {
		eap_event_key(e, F(KEY_RMSK), &rmsk);
		identity = eap_identity_text(eap_kept_octets(&s->keyname));
		key_store_add_derived(c->keys, KEY_MSK, identity, rmsk.octets, rmsk.length,
				      e->p->frame);
		g_free(identity);
	}
	secret_clear(&rmsk);
}

static void link_initiate(const struct eap_event *e, const struct eap_erp_session *s)
{
	if (e->m->identifier != s->initiate.identifier)
		return;
	reader_number(e->r, F(REQUEST_IN), e->origin, 0, s->initiate.frame);
	if (e->p->time >= s->initiate.time)
		reader_number(e->r, F(RESPONSE_TIME), e->origin, 0, e->p->time - s->initiate.time);
}

static void on_finish(struct eap_event *e, struct eap_erp_session *s)
{
	const struct eap_erp *erp = &e->m->erp;
	bool granted = !(erp->flags & EAP_ERP_R);
	enum verdict verdict = VERDICT_NO_AUTHENTICATION;

	e->again = eap_side_repeats(&s->finish, e);
	if (s->initiate.seen) {
		link_initiate(e, s);
		if (!e->again) {
			judge_identification(e, s);
			if (granted)
				judge_grant(e, s);
			else
				judge_refusal(e, s);
		}
	}
	verdict = verify(e, s, R(6696_FINISH_TAG));
	if (e->again)
		return;
	eap_side_set(&s->finish, e);
	s->has_protected = s->has_protected || erp->tag.length;
	s->awaiting = false;
	if (verdict == VERDICT_FORGED)
		return;
	e->c->outcome = granted ? EAP_SUCCESS : EAP_FAILURE;
	e->c->reauthentication = true;
	if (!granted && s->foreseen)
		secret_clear(&e->c->msk);
	if (!granted || !s->initiate.seen)
		return;
	s->accepted = s->has_accepted && s->accepted > s->seq ? s->accepted : s->seq;
	s->has_accepted = true;
	take_rmsk(e, s, verdict == VERDICT_VERIFIED);
}

void eap_erp_feed(const struct eap_event *e)
{
	struct eap_event event = *e;

	if (!e->c->erp)
		e->c->erp = g_new0(struct eap_erp_session, 1);
	if (!e->m->sound || !e->m->octets.length)
		return;
	if (e->m->code == EAP_INITIATE)
		on_initiate(&event, e->c->erp);
	else
		on_finish(&event, e->c->erp);
}

void eap_erp_free(struct eap_erp_session *s)
{
	if (!s)
		return;
	eap_forget(&s->keyname);
	secret_wipe(s, sizeof(*s));
	g_free(s);
}
