/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ERP peer (RFC 6696 5): Initiate/Re-auth of its own accord or when a Re-auth-Start asks for
 * it, and the Finish. Each Initiate has a SEQ and an Identifier of its own; the carrier retransmits
 * it unchanged. A Finish counts only if Identifier, SEQ and tag are right (5.2.2): one that nobody
 * could sign is discarded, and the carrier's patience decides.
 */
#include <glib.h>
#include <string.h>

#include "eap_peer.h"

static const struct eap_output nothing = {.discarded = false};

static bool faulty(const struct eap_peer *p, enum eap_peer_fault fault)
{
	return eap_peer_has_fault(p->owner, fault);
}

/* The tag moved into place, wrong or after attributes that stand twice, is computed all the same:
 * only the rule broken is broken. */
static bool write_initiate(struct eap_peer *p, struct writer *w, const struct eap_erp *erp)
{
	uint8_t identifier = p->erp.identifier;
	struct eap_erp copy = *erp;

	if (faulty(p, PEER_ERP_FIELDS)) {
		copy.has_cryptosuite = false;
		eap_write_erp(w, EAP_INITIATE, identifier, EAP_ERP_REAUTH, &copy);
		return !w->full;
	}
	if (!eap_write_erp_signed(w, EAP_INITIATE, identifier, EAP_ERP_REAUTH, erp, &p->erp_rik))
		return false;
	if (faulty(p, PEER_ERP_TAG))
		w->octets[w->length - 1] ^= 1;
	return true;
}

/* A second keyName-NAI: the message so far, the attribute again before the cryptosuite, tag anew.
 */
static bool repeat_keyname(struct eap_peer *p, struct writer *w, struct octets nai)
{
	size_t tag = erp_tag_length(p->erp.cryptosuite), end = w->length - tag - 1;
	struct octets covered;

	w->length = end;
	write_u8(w, EAP_ERP_KEYNAME_NAI);
	write_u8(w, (uint8_t)nai.length);
	write_octets(w, nai.octets, nai.length);
	write_u8(w, p->erp.cryptosuite);
	covered = (struct octets){w->octets, w->length};
	write_zeros(w, tag);
	eap_write_end(w, 0);
	return !w->full &&
	       erp_tag(p->erp.cryptosuite, &p->erp_rik, &covered, 1, w->octets + w->length - tag);
}

static uint8_t next_identifier(struct eap_peer *p, struct erp_key *key)
{
	if (!key->has_identifier)
		role_random(p->owner, &key->identifier, 1);
	else if (!faulty(p, PEER_ERP_ID))
		key->identifier++;
	key->has_identifier = true;
	return key->identifier;
}

/* RFC 6696 4.5: a cryptosuite stays with its rIK. 5.4: SEQ grows. */
static void take_key(struct eap_peer *p, struct erp_key *key, uint8_t suite)
{
	bool again = key->next > 0;

	if (suite)
		key->cryptosuite = suite;
	else if (!key->cryptosuite)
		key->cryptosuite = ERP_SUITE_DEFAULT;
	next_identifier(p, key);
	p->erp_seq = (uint16_t)(again && faulty(p, PEER_ERP_SEQUENCE) ? key->next - 1 : key->next);
	if (!(again && faulty(p, PEER_ERP_SEQUENCE)))
		key->next++;
	p->erp = *key;
	erp_rik(&p->erp.rrk, p->erp.cryptosuite, &p->erp_rik);
	if (again && faulty(p, PEER_ERP_SUITE))
		p->erp.cryptosuite = p->erp.cryptosuite == 2 ? 3 : 2;
}

static const struct eap_output *initiate(struct eap_peer *p, uint8_t suite)
{
	struct erp_key *key = erp_keys_newest(p->owner);
	struct writer w = writer_of(p->last_response, sizeof(p->last_response));
	struct eap_erp erp = {.has_cryptosuite = true};

	p->output = nothing;
	if (!key || key->next > UINT16_MAX)
		return &p->output; /* RFC 6696 5.4: SEQ is used up, a full authentication is due */
	take_key(p, key, suite);
	erp.seq = p->erp_seq;
	erp.keyname_nai = octets_of_text(p->erp.nai);
	erp.cryptosuite = p->erp.cryptosuite;
	if (!write_initiate(p, &w, &erp))
		return &p->output;
	if (faulty(p, PEER_ERP_KEYNAME) && !repeat_keyname(p, &w, erp.keyname_nai))
		return &p->output;
	p->initiated = true;
	erp_rmsk(&p->erp.rrk, p->erp_seq, &p->exports.msk);
	p->output.message = (struct octets){w.octets, w.length};
	return &p->output;
}

const struct eap_output *eap_peer_initiate(struct eap_peer *p)
{
	p->retried = false;
	return initiate(p, 0);
}

/* ---- Re-auth-Start, RFC 6696 5.3.1.2 ---- */

static void on_start(struct eap_peer *p)
{
	if (!p->owner->settings.erp) {
		eap_peer_discard(p, "Re-auth-Start, but no ERP here");
	} else if (p->initiated && !faulty(p, PEER_ERP_START)) {
		eap_peer_discard(p, "Re-auth-Start, but the Initiate is under way");
	} else if (p->state != PEER_IDLE || p->selected) {
		eap_peer_discard(p, "Re-auth-Start in a full authentication");
	} else if (!initiate(p, 0)->message.length) {
		eap_peer_discard(p, "Re-auth-Start, but no keys of an authentication before");
	}
}

/* ---- Finish, RFC 6696 5.2, 5.2.2 ---- */

static bool tag_right(struct eap_peer *p, const struct eap_erp *erp)
{
	size_t length = erp_tag_length(erp->cryptosuite);
	uint8_t tag[ERP_TAG_MAX];
	struct secret rik;
	bool right;

	if (!erp->has_cryptosuite || !length || erp->tag.length != length)
		return false;
	right = erp_rik(&p->erp.rrk, erp->cryptosuite, &rik) &&
		erp_tag(erp->cryptosuite, &rik, &erp->covered, 1, tag) &&
		secret_equal(tag, erp->tag.octets, length);
	secret_clear(&rik);
	return right;
}

/* RFC 6696 5.2.2: another cryptosuite of the server's list, once. */
static bool retry(struct eap_peer *p, const struct eap_erp *erp)
{
	uint8_t used = p->erp.cryptosuite;

	for (size_t i = 0; i < erp->cryptosuites.length && !p->retried; i++) {
		uint8_t suite = erp->cryptosuites.octets[i];

		if (suite == used || !erp_tag_length(suite))
			continue;
		p->retried = true;
		return initiate(p, suite)->message.length > 0;
	}
	return false;
}

static void grant(struct eap_peer *p)
{
	p->initiated = false;
	if (!erp_rmsk(&p->erp.rrk, p->erp_seq, &p->exports.msk)) {
		p->output.failure = true;
		p->output.why = "no rMSK";
		return;
	}
	p->state = PEER_SUCCESS;
	p->output.success = true;
}

static const char *defect_of(struct eap_peer *p, const struct eap_message *m)
{
	const struct eap_erp *erp = &m->erp;
	bool right_name = octets_same(erp->keyname_nai, octets_of_text(p->erp.nai));

	if (!p->initiated)
		return "Finish, but no Initiate is outstanding";
	if (m->type != EAP_ERP_REAUTH || !m->sound)
		return "Finish that cannot be parsed";
	if (m->identifier != p->erp.identifier && !faulty(p, PEER_ERP_FINISH_ID))
		return "Identifier is not the Initiate's";
	if (erp->seq != p->erp_seq && !faulty(p, PEER_ERP_FINISH_SEQ))
		return "SEQ is not the Initiate's";
	if (erp->keyname_count != 1 || !right_name)
		return "keyName-NAI is not the Initiate's";
	if (!faulty(p, PEER_ERP_FINISH_TAG) && !tag_right(p, erp))
		return erp->tag.length ? "the tag is wrong" : "nobody has signed it";
	return NULL;
}

void eap_peer_receive_erp(struct eap_peer *p, const struct eap_message *m)
{
	const char *defect;

	if (m->code == EAP_INITIATE && m->has_type && m->type == EAP_ERP_START) {
		on_start(p);
		return;
	}
	if (m->code != EAP_FINISH || !m->has_type) {
		eap_peer_discard(p, "not for a peer");
		return;
	}
	defect = defect_of(p, m);
	if (defect) {
		eap_peer_discard(p, defect);
	} else if (!(m->erp.flags & EAP_ERP_R)) {
		grant(p);
	} else if (!retry(p, &m->erp)) {
		p->initiated = false;
		secret_clear(&p->exports.msk);
		p->state = PEER_FAILURE;
		p->output.failure = true;
		p->output.why = "re-authentication refused";
	}
}
