/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ER server (RFC 6696 5.2): the home server, which has the rRK of every full authentication it
 * has been through. SEQ is judged first, then the cryptosuite, then the tag; whatever fails is
 * refused with Result 1, under a tag if the rIK is known. Explicit bootstrapping is answered like
 * any other: no local server has asked for a DSRK, so no domain name stands in the Finish (5.2.2).
 */
#include <stdio.h>
#include <string.h>

#include "eap_server.h"

/* Cryptosuites that it accepts: RFC 6696 5.3.2, the mandatory one first. */
static const uint8_t suites[] = {2, 3, 1};

static bool faulty(const struct eap_server *s, enum eap_server_fault fault)
{
	return eap_server_has_fault(s->owner, fault);
}

void eap_server_announce(struct eap_server *s, struct writer *w)
{
	struct eap_erp erp = {.flags = faulty(s, SERVER_ERP_RESERVED)};
	const char *realm = strchr(erp_keys_newest(s->owner)->nai, '@');
	uint8_t identifier;

	role_random(s->owner, &identifier, 1);
	if (realm)
		erp.domain_name = octets_of_text(realm + 1);
	eap_write_erp(w, EAP_INITIATE, identifier, EAP_ERP_START, &erp);
}

/* What an Initiate is answered with. */
struct finish {
	struct erp_key *key; /* NULL: unknown */
	bool refused;
	bool list; /* the acceptable cryptosuites are to be told */
	uint8_t cryptosuite;
	const char *why;
};

static bool tag_right(const struct erp_key *key, const struct eap_erp *erp)
{
	size_t length = erp_tag_length(erp->cryptosuite);
	uint8_t tag[ERP_TAG_MAX];
	struct secret rik;
	bool right = erp_rik(&key->rrk, erp->cryptosuite, &rik) && erp->tag.length == length &&
		     erp_tag(erp->cryptosuite, &rik, &erp->covered, 1, tag) &&
		     secret_equal(tag, erp->tag.octets, length);

	secret_clear(&rik);
	return right;
}

/* RFC 6696 5.2, in its order. NULL: granted. */
static const char *judge(struct eap_server *s, const struct eap_erp *erp, struct finish *f)
{
	bool known = erp->has_cryptosuite && memchr(suites, erp->cryptosuite, sizeof(suites));

	if (!f->key)
		return "no key of this name";
	if (erp->seq < f->key->next && !faulty(s, SERVER_ERP_REPLAY))
		return "SEQ has been used";
	if (erp->seq > f->key->next && faulty(s, SERVER_ERP_GAP))
		return "SEQ leaves some out";
	if (!known || (f->key->cryptosuite && f->key->cryptosuite != erp->cryptosuite)) {
		f->list = true;
		return "the cryptosuite is not acceptable";
	}
	f->cryptosuite = erp->cryptosuite;
	if (!tag_right(f->key, erp) && !faulty(s, SERVER_ERP_INITIATE_TAG))
		return "the tag is wrong";
	return NULL;
}

static void set_lifetimes(const struct eap_server *s, const struct eap_erp *in, struct eap_erp *out)
{
	if (!(in->flags & EAP_ERP_L))
		return;
	out->flags |= EAP_ERP_L;
	out->has_rrk_lifetime = out->has_rmsk_lifetime = true;
	out->rrk_lifetime = s->owner->settings.lifetime;
	out->rmsk_lifetime = out->rrk_lifetime + faulty(s, SERVER_ERP_LIFETIME);
}

static bool write_signed(struct eap_server *s, struct writer *w, uint8_t identifier,
			 const struct eap_erp *erp, const struct erp_key *key)
{
	struct secret rik;
	bool right = erp_rik(&key->rrk, erp->cryptosuite, &rik) &&
		     eap_write_erp_signed(w, EAP_FINISH, identifier, EAP_ERP_REAUTH, erp, &rik);
	size_t length = erp_tag_length(erp->cryptosuite), end;
	struct octets covered;

	if (right && faulty(s, SERVER_ERP_KEYNAME)) {
		end = w->length - length - 1;
		w->length = end;
		write_u8(w, EAP_ERP_KEYNAME_NAI);
		write_u8(w, (uint8_t)erp->keyname_nai.length);
		write_octets(w, erp->keyname_nai.octets, erp->keyname_nai.length);
		write_u8(w, erp->cryptosuite);
		covered = (struct octets){w->octets, w->length};
		write_zeros(w, length);
		eap_write_end(w, 0);
		right = !w->full && erp_tag(erp->cryptosuite, &rik, &covered, 1,
					    w->octets + w->length - length);
	}
	secret_clear(&rik);
	if (right && faulty(s, SERVER_ERP_TAG))
		w->octets[w->length - 1] ^= 1;
	return right;
}

static void write_finish(struct eap_server *s, const struct eap_message *m, const struct finish *f)
{
	struct writer w = writer_of(s->last_request, sizeof(s->last_request));
	bool bootstraps = m->erp.flags & EAP_ERP_B && !faulty(s, SERVER_ERP_BOOTSTRAP);
	bool sign = f->key && !(f->refused && faulty(s, SERVER_ERP_PROTECTED)) &&
		    !(!f->refused && faulty(s, SERVER_ERP_FIELDS));
	uint8_t identifier = (uint8_t)(m->identifier + faulty(s, SERVER_ERP_ID));
	struct eap_erp erp = {
		.flags = (uint8_t)((f->refused ? EAP_ERP_R : 0) | (bootstraps ? EAP_ERP_B : 0)),
		.seq = (uint16_t)(m->erp.seq + faulty(s, SERVER_ERP_SEQ)),
		.keyname_nai = m->erp.keyname_nai,
		.has_cryptosuite = f->refused || sign,
		.cryptosuite = f->cryptosuite,
	};

	if (!f->refused)
		set_lifetimes(s, &m->erp, &erp);
	if (f->list)
		erp.cryptosuites = (struct octets){suites, sizeof(suites)};
	if (!f->refused && faulty(s, SERVER_ERP_SUITE))
		erp.cryptosuite = erp.cryptosuite == 2 ? 3 : 2;
	if (!sign || !write_signed(s, &w, identifier, &erp, f->key)) {
		w.length = 0;
		eap_write_erp(&w, EAP_FINISH, identifier, EAP_ERP_REAUTH, &erp);
	}
	s->last_length = w.length;
	s->output.message = (struct octets){s->last_request, s->last_length};
}

static bool is_silent(const struct eap_server *s, const struct finish *f)
{
	return (f->list && faulty(s, SERVER_ERP_SUITE_SILENT)) ||
	       (f->refused && !f->key && faulty(s, SERVER_ERP_UNKNOWN));
}

static void grant(struct eap_server *s, const struct eap_message *m, struct finish *f)
{
	f->key->cryptosuite = m->erp.cryptosuite;
	f->key->next = (uint32_t)m->erp.seq + 1;
	if (!erp_rmsk(&f->key->rrk, m->erp.seq, &s->exports.msk)) {
		f->refused = true;
		f->why = "no rMSK";
		return;
	}
	snprintf(s->exports.identity, sizeof(s->exports.identity), "%s", f->key->nai);
}

void eap_server_receive_erp(struct eap_server *s, const struct eap_message *m)
{
	struct finish f = {.cryptosuite = ERP_SUITE_DEFAULT};

	if (!s->owner->settings.erp || m->type != EAP_ERP_REAUTH || !m->has_type ||
	    m->erp.keyname_count != 1 || !m->sound) {
		eap_server_discard(s,
				   s->owner->settings.erp ? "it cannot be parsed" : "no ERP here");
		return;
	}
	f.key = erp_keys_find(s->owner, m->erp.keyname_nai);
	if (f.key && f.key->cryptosuite)
		f.cryptosuite = f.key->cryptosuite;
	f.why = judge(s, &m->erp, &f);
	f.refused = f.why != NULL;
	if (is_silent(s, &f)) {
		eap_server_discard(s, f.why);
		return;
	}
	if (!f.refused)
		grant(s, m, &f);
	write_finish(s, m, &f);
	s->announced = false;
	s->state = f.refused ? SERVER_FAILURE_STATE : SERVER_SUCCESS_STATE;
	s->output.success = !f.refused;
	s->output.failure = f.refused;
	s->output.why = f.why;
}
