/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ERP messages (RFC 6696 5.3), read and written.
 *
 * Nothing says where the attributes of a Re-auth message end: behind them stand the cryptosuite and
 * the authentication tag, and the numbers of cryptosuites are also types of attributes. The end is
 * told from its distance to the end of the message: a cryptosuite is followed by just its tag.
 */
#include "eap_walks.h"
#include "eap_write.h"
#include "protocols/crypto/kdf.h"

enum { KEYNAME_MAX = 253, KEYNAME_USER = 16, LIFETIME_SIZE = 5 };

/* ---- attributes ---- */

static bool is_lifetime(uint8_t type)
{
	return type == EAP_ERP_RRK_LIFETIME || type == EAP_ERP_RMSK_LIFETIME;
}

static bool is_known(uint8_t type)
{
	return (type >= EAP_ERP_KEYNAME_NAI && type <= EAP_ERP_AUTHORIZATION) ||
	       (type >= EAP_ERP_CHANNEL_BINDING && type < EAP_ERP_CHANNEL_BINDING_END);
}

static const struct field *field_of(uint8_t type, size_t length)
{
	switch (type) {
	case EAP_ERP_KEYNAME_NAI:
		return F(ERP_KEYNAME_NAI);
	case EAP_ERP_DOMAIN_NAME:
		return F(ERP_DOMAIN_NAME);
	case EAP_ERP_AUTHORIZATION:
		return F(ERP_AUTHORIZATION);
	case 128:
		return F(ERP_CALLED_STATION);
	case 129:
		return F(ERP_CALLING_STATION);
	case 130:
		return F(ERP_NAS_IDENTIFIER);
	case 131:
		return length == 4 ? F(ERP_NAS_IP) : F(ERP_VALUE);
	case 132:
		return length == 16 ? F(ERP_NAS_IPV6) : F(ERP_VALUE);
	default:
		return F(ERP_VALUE);
	}
}

static bool is_hexadecimal(uint8_t digit)
{
	return (digit >= '0' && digit <= '9') || ((digit | 0x20) >= 'a' && (digit | 0x20) <= 'f');
}

static void judge_keyname(struct walk *w, size_t at, struct octets nai)
{
	size_t user = 0;

	if (nai.length > KEYNAME_MAX)
		reader_note(w->reader, R(6696_KEYNAME_LENGTH), F(ERP_KEYNAME_NAI), at, nai.length,
			    "at most 253 octets", "%zu", nai.length);
	while (user < nai.length && is_hexadecimal(nai.octets[user]))
		user++;
	if (user != KEYNAME_USER || user == nai.length || nai.octets[user] != '@')
		reader_note(w->reader, R(6696_KEYNAME_USER), F(ERP_KEYNAME_NAI), at, nai.length,
			    "16 hexadecimal digits, @, realm", "%zu such digits", user);
}

static void keep(struct eap_erp *erp, uint8_t type, struct octets value)
{
	struct octets *const places[] = {
		[EAP_ERP_KEYNAME_NAI] = &erp->keyname_nai,
		[EAP_ERP_DOMAIN_NAME] = &erp->domain_name,
		[EAP_ERP_CRYPTOSUITES] = &erp->cryptosuites,
		[EAP_ERP_AUTHORIZATION] = &erp->authorization,
	};

	if (type == EAP_ERP_KEYNAME_NAI)
		erp->keyname_count++;
	if (type < sizeof(places) / sizeof(places[0]) && places[type] && !places[type]->octets)
		*places[type] = value;
}

static void take_lifetime(struct eap_reading *r, struct eap_erp *erp, uint8_t type)
{
	bool rrk = type == EAP_ERP_RRK_LIFETIME;
	uint32_t seconds = eap_take_u32(r, rrk ? F(ERP_RRK_LIFETIME) : F(ERP_RMSK_LIFETIME));

	if (r->w->cut)
		return;
	*(rrk ? &erp->has_rrk_lifetime : &erp->has_rmsk_lifetime) = true;
	*(rrk ? &erp->rrk_lifetime : &erp->rmsk_lifetime) = seconds;
}

static void take_value(struct eap_reading *r, struct eap_erp *erp, uint8_t type)
{
	uint8_t length = eap_take_u8(r, F(ERP_ATTRIBUTE_LENGTH));
	size_t at = eap_at(r);
	struct octets value;

	if (type == EAP_ERP_CRYPTOSUITES) {
		for (uint8_t i = 0; i < length && !r->w->cut; i++)
			eap_take_u8(r, F(ERP_ACCEPTABLE));
		value = eap_since(r, at);
	} else {
		value = eap_take(r, field_of(type, length), length);
	}
	if (!value.octets)
		return;
	keep(erp, type, value);
	if (type == EAP_ERP_KEYNAME_NAI)
		judge_keyname(r->w, at, value);
}

static void take_attribute(struct eap_reading *r, struct eap_erp *erp)
{
	uint8_t type = (uint8_t)walk_peek(r->w, 0, 1);
	size_t size = is_lifetime(type) ? LIFETIME_SIZE : 2 + (size_t)walk_peek(r->w, 1, 1);

	walk_open(r->w, F(ERP_ATTRIBUTE), size);
	eap_take_u8(r, F(ERP_ATTRIBUTE_TYPE));
	if (is_lifetime(type))
		take_lifetime(r, erp, type);
	else
		take_value(r, erp, type);
	walk_close(r->w);
}

/* ---- the end ---- */

/* True if here stands a cryptosuite: a known one followed by just its tag or by nothing, or, once
 * the key is named, a number that is no attribute, or not one of an Initiate. */
static bool at_cryptosuite(const struct eap_reading *r, const struct eap_erp *erp)
{
	uint8_t number = (uint8_t)walk_peek(r->w, 0, 1);
	size_t left = walk_left(r->w);
	size_t tag = erp_tag_length(number);

	if (left == 1 || (tag && left == 1 + tag))
		return true;
	if (r->m->code == EAP_INITIATE && is_lifetime(number))
		return erp->keyname_count;
	return erp->keyname_count && !is_known(number);
}

static void judge_end(struct eap_reading *r, const struct eap_erp *erp, size_t at)
{
	struct reader *reader = r->w->reader;
	size_t wanted = erp_tag_length(erp->cryptosuite);
	bool refusal = r->m->code == EAP_FINISH && erp->flags & EAP_ERP_R;

	if (!refusal && (!erp->has_cryptosuite || !erp->tag.length)) {
		reader_note(reader,
			    r->m->code == EAP_FINISH ? R(6696_FINISH_FIELDS)
						     : R(6696_INITIATE_FIELDS),
			    erp->has_cryptosuite ? F(ERP_TAG) : F(ERP_CRYPTOSUITE), at, 0,
			    "cryptosuite and authentication tag", "%s",
			    erp->has_cryptosuite ? "no tag" : "neither");
		return;
	}
	if (erp->has_cryptosuite && !wanted)
		reader_note(reader, R(6696_CRYPTOSUITE), F(ERP_CRYPTOSUITE), at, 1, "1, 2 or 3",
			    "%u", erp->cryptosuite);
	else if (erp->tag.length && erp->tag.length != wanted)
		reader_note(reader, R(6696_TAG_LENGTH), F(ERP_TAG), at + 1, erp->tag.length,
			    "as the cryptosuite says", "%zu octets", erp->tag.length);
}

static void take_end(struct eap_reading *r, struct eap_erp *erp, size_t start)
{
	size_t at = eap_at(r);

	if (walk_left(r->w)) {
		erp->cryptosuite = eap_take_u8(r, F(ERP_CRYPTOSUITE));
		erp->has_cryptosuite = true;
		erp->covered = eap_since(r, start);
		erp->tag = eap_take_rest(r, walk_left(r->w) ? F(ERP_TAG) : NULL);
	}
	if (r->m->sound)
		judge_end(r, erp, at);
}

/* ---- messages ---- */

static void walk_flags(struct eap_reading *r, struct eap_erp *erp)
{
	size_t at = eap_at(r);

	erp->flags = eap_take_u8(r, F(ERP_FLAGS));
	if (r->w->cut)
		return;
	walk_bits(r->w, F(ERP_FLAG_R), at, erp->flags);
	walk_bits(r->w, F(ERP_FLAG_B), at, erp->flags);
	walk_bits(r->w, F(ERP_FLAG_L), at, erp->flags);
	walk_bits(r->w, F(ERP_FLAGS_RESERVED), at, erp->flags);
	if (erp->flags & EAP_ERP_FLAGS_RESERVED)
		reader_note(r->w->reader, R(6696_RESERVED), F(ERP_FLAGS_RESERVED), at, 1, "0",
			    "0x%02x", erp->flags & EAP_ERP_FLAGS_RESERVED);
	if (r->m->code == EAP_INITIATE && erp->flags & EAP_ERP_R)
		reader_note(r->w->reader, R(6696_FLAG_R), F(ERP_FLAG_R), at, 1, "0", "1");
}

static void judge_finish(struct eap_reading *r, const struct eap_erp *erp, size_t flags)
{
	struct reader *reader = r->w->reader;

	if (erp->flags & EAP_ERP_L && !(erp->has_rrk_lifetime && erp->has_rmsk_lifetime))
		reader_note(reader, R(6696_LIFETIME_FLAG), F(ERP_FLAG_L), flags, 1,
			    "rRK and rMSK lifetimes", "%s",
			    erp->has_rrk_lifetime    ? "no rMSK lifetime"
			    : erp->has_rmsk_lifetime ? "no rRK lifetime"
						     : "neither");
	if (erp->has_rrk_lifetime && erp->has_rmsk_lifetime &&
	    erp->rmsk_lifetime > erp->rrk_lifetime)
		reader_note(reader, R(6696_LIFETIME_RMSK), F(ERP_RMSK_LIFETIME), flags, 0,
			    "no more than the rRK's", "%u s and %u s", erp->rmsk_lifetime,
			    erp->rrk_lifetime);
	if (erp->flags & EAP_ERP_B && !(erp->flags & EAP_ERP_R) && !erp->domain_name.octets)
		reader_note(reader, R(6696_BOOTSTRAP_DOMAIN), F(ERP_FLAG_B), flags, 1,
			    "the domain name", "none");
}

static void walk_reauth(struct eap_reading *r, struct eap_erp *erp, size_t start)
{
	size_t flags = eap_at(r);
	size_t attributes;

	walk_flags(r, erp);
	erp->seq = eap_take_u16(r, F(ERP_SEQ));
	attributes = eap_at(r);
	while (walk_left(r->w) && !r->w->cut && !at_cryptosuite(r, erp))
		take_attribute(r, erp);
	if (r->w->cut)
		return;
	if (erp->keyname_count != 1 && r->m->sound)
		reader_note(r->w->reader, R(6696_KEYNAME_ONCE), F(ERP_KEYNAME_NAI), attributes,
			    eap_at(r) - attributes, "1", "%u", erp->keyname_count);
	take_end(r, erp, start);
	if (r->m->code == EAP_FINISH)
		judge_finish(r, erp, flags);
}

static void walk_start(struct eap_reading *r, struct eap_erp *erp)
{
	size_t at = eap_at(r);

	erp->flags = eap_take_u8(r, F(ERP_RESERVED));
	if (erp->flags)
		reader_note(r->w->reader, R(6696_START_RESERVED), F(ERP_RESERVED), at, 1, "0",
			    "0x%02x", erp->flags);
	while (walk_left(r->w) && !r->w->cut)
		take_attribute(r, erp);
	if (!erp->domain_name.octets && r->m->sound)
		reader_note(r->w->reader, R(6696_START_DOMAIN), F(ERP_DOMAIN_NAME), at + 1, 0,
			    "the domain name", "none");
}

void eap_walk_erp(struct walk *w, struct eap_message *m, size_t start)
{
	struct eap_reading r = {w, m, R(6696_FORMAT)};
	size_t at = eap_at(&r);

	m->type = eap_take_u8(&r, F(ERP_TYPE));
	m->has_type = !w->cut;
	if (w->cut)
		return;
	m->data = (struct octets){w->octets + w->position, walk_left(w)};
	if (m->type == EAP_ERP_REAUTH) {
		walk_reauth(&r, &m->erp, start);
	} else if (m->type == EAP_ERP_START && m->code == EAP_INITIATE) {
		walk_start(&r, &m->erp);
	} else {
		reader_note(w->reader, R(6696_TYPE), F(ERP_TYPE), at, 1,
			    m->code == EAP_INITIATE ? "1 or 2" : "2", "%u", m->type);
		eap_take_rest(&r, walk_left(w) ? F(DATA) : NULL);
	}
}

/* ---- writing ---- */

static void write_attribute(struct writer *w, uint8_t type, struct octets value)
{
	if (!value.octets)
		return;
	write_u8(w, type);
	write_u8(w, (uint8_t)value.length);
	write_octets(w, value.octets, value.length);
}

static size_t write_start(struct writer *w, enum eap_code code, uint8_t identifier, uint8_t type,
			  const struct eap_erp *erp)
{
	size_t begin = eap_write_begin(w, code, identifier);

	write_u8(w, type);
	write_u8(w, erp->flags);
	if (type == EAP_ERP_REAUTH)
		write_u16(w, erp->seq);
	write_attribute(w, EAP_ERP_KEYNAME_NAI, erp->keyname_nai);
	if (erp->has_rrk_lifetime) {
		write_u8(w, EAP_ERP_RRK_LIFETIME);
		write_u32(w, erp->rrk_lifetime);
	}
	if (erp->has_rmsk_lifetime) {
		write_u8(w, EAP_ERP_RMSK_LIFETIME);
		write_u32(w, erp->rmsk_lifetime);
	}
	write_attribute(w, EAP_ERP_DOMAIN_NAME, erp->domain_name);
	write_attribute(w, EAP_ERP_CRYPTOSUITES, erp->cryptosuites);
	write_attribute(w, EAP_ERP_AUTHORIZATION, erp->authorization);
	if (erp->has_cryptosuite)
		write_u8(w, erp->cryptosuite);
	return begin;
}

void eap_write_erp(struct writer *w, enum eap_code code, uint8_t identifier, uint8_t type,
		   const struct eap_erp *erp)
{
	size_t begin = write_start(w, code, identifier, type, erp);

	write_octets(w, erp->tag.octets, erp->tag.length);
	eap_write_end(w, begin);
}

bool eap_write_erp_signed(struct writer *w, enum eap_code code, uint8_t identifier, uint8_t type,
			  const struct eap_erp *erp, const struct secret *rik)
{
	size_t begin = write_start(w, code, identifier, type, erp);
	size_t length = erp_tag_length(erp->cryptosuite);
	uint8_t tag[ERP_TAG_MAX];
	struct octets covered = {w->octets + begin, w->length - begin};

	write_zeros(w, length);
	eap_write_end(w, begin);
	if (w->full || !erp_tag(erp->cryptosuite, rik, &covered, 1, tag))
		return false;
	for (size_t i = 0; i < length; i++)
		w->octets[w->length - length + i] = tag[i];
	return true;
}
