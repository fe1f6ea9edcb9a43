/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "avp.h"

#include "pana_fields.h"

#include <string.h>

enum value_shape { VALUE_OCTETS, VALUE_NUMBER, VALUE_EAP, VALUE_PAC, VALUE_MESSAGE };

/* What the value of each AVP is (RFC 5191 8), and whether it may be encrypted (RFC 6786 6.1). */
static const struct avp_shape {
	enum value_shape shape;
	enum pana_field field;
	bool never_encrypted; /* policy N */
} shapes[PANA_AVP_CODES] = {
	[PANA_AVP_AUTH] = {VALUE_OCTETS, F_AUTH, true},
	[PANA_AVP_EAP_PAYLOAD] = {VALUE_EAP, F_AVP_VALUE, false},
	[PANA_AVP_INTEGRITY_ALGORITHM] = {VALUE_NUMBER, F_INTEGRITY_ALGORITHM, true},
	[PANA_AVP_KEY_ID] = {VALUE_NUMBER, F_KEY_ID, true},
	[PANA_AVP_NONCE] = {VALUE_OCTETS, F_NONCE, true},
	[PANA_AVP_PRF_ALGORITHM] = {VALUE_NUMBER, F_PRF_ALGORITHM, true},
	[PANA_AVP_RESULT_CODE] = {VALUE_NUMBER, F_RESULT_CODE, true},
	[PANA_AVP_SESSION_LIFETIME] = {VALUE_NUMBER, F_SESSION_LIFETIME, false},
	[PANA_AVP_TERMINATION_CAUSE] = {VALUE_NUMBER, F_TERMINATION_CAUSE, false},
	[PANA_AVP_PAC_INFORMATION] = {VALUE_PAC, F_PAC_INFORMATION, true},
	[PANA_AVP_RELAYED_MESSAGE] = {VALUE_MESSAGE, F_RELAYED_MESSAGE, true},
	[PANA_AVP_ENCR_ENCAP] = {VALUE_OCTETS, F_ENCR_ENCAP, true},
	[PANA_AVP_ENCRYPTION_ALGORITHM] = {VALUE_NUMBER, F_ENCRYPTION_ALGORITHM, true},
};

enum {
	ZIGBEE_NETWORK_KEY = 1,
	ZIGBEE_KEY_REQUEST = 2,
	NONCE_MIN = 8,
	NONCE_MAX = 256,
	NONCE_USUAL = 20
};

/* The header of one AVP, RFC 5191 6.3. */
struct avp_header {
	size_t offset; /* of the header */
	uint16_t code;
	uint16_t flags;
	uint16_t length; /* of the value */
	uint32_t vendor; /* 0 without the V flag */
};

static size_t padding_of(size_t length)
{
	return (4 - length % 4) % 4;
}

static const char *avp_name(const struct avp_header *h)
{
	const char *name = NULL;

	if (h->flags & PANA_AVP_FLAG_V)
		return "vendor AVP";
	name = value_name_find(pana_avp_names, h->code);
	return name ? name : "unknown AVP";
}

static void open_avp(struct walk *w)
{
	uint16_t code = (uint16_t)walk_peek(w, 0, 2);
	uint16_t flags = (uint16_t)walk_peek(w, 2, 2);
	size_t length = walk_peek(w, 4, 2);
	const struct avp_header h = {.code = code, .flags = flags};
	size_t whole = PANA_AVP_HEADER_SIZE + (flags & PANA_AVP_FLAG_V ? 4u : 0u) + length +
		       padding_of(length);

	if (!w->reader)
		return;
	walk_open(w, F(AVP), whole < walk_left(w) ? whole : walk_left(w));
	reader_label(w->reader, "%s (%u), %zu octets", avp_name(&h), code, length);
}

static void walk_avp_flags(struct walk *w, uint16_t flags, size_t at)
{
	walk_bits(w, F(AVP_FLAG_V), at, flags);
	if (flags & PANA_AVP_FLAGS_RESERVED) {
		walk_bits(w, F(AVP_FLAGS_RESERVED), at, flags);
		reader_note(w->reader, R(AVP_FLAGS_RESERVED), F(AVP_FLAGS_RESERVED), at, 2, "zero",
			    "0x%04x", flags & PANA_AVP_FLAGS_RESERVED);
	}
}

/* Reads the header; false if it is cut off. */
static bool walk_avp_header(struct walk *w, struct avp_header *h)
{
	size_t flags_at, reserved_at;
	uint16_t reserved;

	h->offset = w->position;
	h->code = (uint16_t)walk_peek(w, 0, 2);
	walk_u16(w, walk_peek(w, 2, 2) & PANA_AVP_FLAG_V ? F(AVP_VENDOR_CODE) : F(AVP_CODE));
	flags_at = w->position;
	h->flags = walk_u16(w, F(AVP_FLAGS));
	walk_avp_flags(w, h->flags, flags_at);
	h->length = walk_u16(w, F(AVP_LENGTH));
	reserved_at = w->position;
	reserved = walk_u16(w, F(AVP_RESERVED));
	h->vendor = h->flags & PANA_AVP_FLAG_V ? walk_u32(w, F(AVP_VENDOR)) : 0;
	if (w->cut)
		return false;
	if (reserved)
		reader_note(w->reader, R(AVP_RESERVED), F(AVP_RESERVED), reserved_at, 2, "zero",
			    "0x%04x", reserved);
	return true;
}

/* The AVP is one that stands in the IETF's registry. */
static bool is_ietf(const struct avp_header *h)
{
	return !(h->flags & PANA_AVP_FLAG_V) && h->code > 0 && h->code < PANA_AVP_CODES;
}

static void note_code(struct walk *w, const struct avp_header *h)
{
	if (h->flags & PANA_AVP_FLAG_V) {
		if (h->vendor == 0)
			reader_note(w->reader, R(AVP_VENDOR_BIT), F(AVP_FLAG_V), h->offset + 2, 2,
				    "V clear, or a vendor's id", "V set with Vendor-Id 0");
	} else if (!is_ietf(h)) {
		reader_note(w->reader, R(AVP_KNOWN), F(AVP_CODE), h->offset, 2, "1 to 13", "%u",
			    h->code);
	}
}

/* ZigBee IP's two vendor AVPs, vendor 37244. False if this is neither. */
static bool walk_zigbee(struct walk *value, const struct avp_header *h)
{
	if (h->vendor != PANA_VENDOR_ZIGBEE)
		return false;
	if (h->code == ZIGBEE_NETWORK_KEY && h->length == 18) {
		walk_octets(value, F(ZIGBEE_NETWORK_KEY), 16);
		walk_u8(value, F(ZIGBEE_KEY_INDEX));
		walk_u8(value, F(ZIGBEE_AUTH_COUNTER));
		return true;
	}
	if (h->code == ZIGBEE_KEY_REQUEST && h->length == 2) {
		uint8_t flags = walk_u8(value, F(ZIGBEE_REQUEST_FLAGS));

		walk_bits(value, F(ZIGBEE_REQUEST), value->position - 1, flags);
		walk_u8(value, F(ZIGBEE_REQUEST_INDEX));
		return true;
	}
	return false;
}

static void keep_offer(struct pana_avps *avps, uint16_t code, uint32_t id)
{
	struct pana_offer *offer = code == PANA_AVP_PRF_ALGORITHM          ? &avps->prf
				   : code == PANA_AVP_INTEGRITY_ALGORITHM  ? &avps->integrity
				   : code == PANA_AVP_ENCRYPTION_ALGORITHM ? &avps->encryption
									   : NULL;

	if (offer && offer->count < PANA_OFFER_MAX)
		offer->ids[offer->count++] = id;
}

static void walk_number(struct walk *value, const struct avp_header *h, struct pana_avps *avps,
			bool first)
{
	const struct field *field = &pana_fields[shapes[h->code].field];
	size_t at = value->position;
	uint32_t number;

	if (h->length != 4) {
		walk_octets(value, F(AVP_VALUE), walk_left(value));
		reader_note(value->reader, R(AVP_UNSIGNED32), field, at, h->length, "4 octets",
			    "%u octets", h->length);
		return;
	}
	number = walk_u32(value, field);
	keep_offer(avps, h->code, number);
	if (first)
		avps->found[h->code].number = number;
	if (h->code == PANA_AVP_RESULT_CODE && !value_name_find(pana_result_names, number))
		reader_note(value->reader, R(RESULT_DEFINED), field, at, 4, "0, 1 or 2", "%u",
			    number);
	if (h->code == PANA_AVP_TERMINATION_CAUSE && !value_name_find(pana_cause_names, number))
		reader_note(value->reader, R(CAUSE_DEFINED), field, at, 4,
			    "1 (LOGOUT), 4 (ADMINISTRATIVE) or 8 (SESSION_TIMEOUT)", "%u", number);
	if (h->code == PANA_AVP_ENCRYPTION_ALGORITHM && number != 1)
		reader_note(value->reader, R(ENCR_ALGORITHM_DEFINED), field, at, 4,
			    "1 (AES128_CTR)", "%u", number);
}

/* RFC 6345 5.1: an address of 4 or 16 octets, and a port. */
static void walk_pac_information(struct walk *value, const struct avp_header *h)
{
	if (h->length != 6 && h->length != 18) {
		reader_note(value->reader, R(PRY_PAC_LENGTH), F(PAC_INFORMATION), value->position,
			    h->length, "6 or 18 octets", "%u octets", h->length);
		walk_octets(value, F(PAC_INFORMATION), walk_left(value));
		return;
	}
	walk_octets(value, h->length == 6 ? F(PAC_IPV4) : F(PAC_IPV6), h->length - 2u);
	walk_u16(value, F(PAC_PORT));
}

static void walk_relayed(struct walk *value, const struct avp_context *context, bool first)
{
	if (!first || !context->relayed) {
		walk_octets(value, F(RELAYED_MESSAGE), walk_left(value));
		return;
	}
	*context->has_relayed = true;
	pana_walk_message(value, context->relayed, NULL, NULL);
}

static void walk_octet_string(struct walk *value, const struct avp_header *h)
{
	size_t at = value->position;

	walk_octets(value, &pana_fields[shapes[h->code].field], walk_left(value));
	if (h->code != PANA_AVP_NONCE)
		return;
	if (h->length < NONCE_MIN || h->length > NONCE_MAX)
		reader_note(value->reader, R(NONCE_LENGTH), F(NONCE), at, h->length,
			    "8 to 256 octets", "%u octets", h->length);
	else if (h->length > NONCE_USUAL)
		reader_note(value->reader, R(NONCE_SHORT), F(NONCE), at, h->length,
			    "at most 20 octets", "%u octets", h->length);
}

static void walk_value(struct walk *value, const struct avp_header *h,
		       const struct avp_context *context, struct pana_avps *avps, bool first)
{
	struct eap_message another;

	if (!is_ietf(h)) {
		if (!walk_zigbee(value, h))
			walk_octets(value, F(AVP_VALUE), walk_left(value));
		return;
	}
	switch (shapes[h->code].shape) {
	case VALUE_NUMBER:
		walk_number(value, h, avps, first);
		break;
	case VALUE_EAP:
		eap_walk(value, first ? &avps->eap : &another);
		break;
	case VALUE_PAC:
		walk_pac_information(value, h);
		break;
	case VALUE_MESSAGE:
		walk_relayed(value, context, first);
		break;
	case VALUE_OCTETS:
		walk_octet_string(value, h);
		break;
	}
}

/* Counts the AVP; true if it is the first of its code. */
static bool keep_found(struct pana_avps *avps, const struct avp_header *h, const struct walk *value)
{
	struct pana_avp_found *found;

	if (!is_ietf(h))
		return true;
	found = &avps->found[h->code];
	if (found->count++ > 0)
		return false;
	found->offset = h->offset;
	found->value_offset = value->position;
	found->value.octets = value->octets + value->position;
	found->value.length = walk_left(value);
	return true;
}

static void walk_padding(struct walk *w, const struct avp_header *h)
{
	size_t wanted = padding_of(h->length);
	size_t at = w->position;
	const uint8_t *padding;

	if (wanted == 0)
		return;
	if (walk_left(w) < wanted) {
		reader_note(w->reader, R(AVP_PADDING), F(AVP_PADDING), at, walk_left(w),
			    "padding to a multiple of 4 octets", "%zu of %zu octets", walk_left(w),
			    wanted);
		wanted = walk_left(w);
	}
	padding = walk_octets(w, F(AVP_PADDING), wanted);
	for (size_t i = 0; i < wanted; i++) {
		if (padding[i] == 0)
			continue;
		reader_note(w->reader, R(AVP_PADDING_ZERO), F(AVP_PADDING), at + i, 1, "zero",
			    "0x%02x", padding[i]);
		break;
	}
}

/* Notes what depends on the AVPs before and behind this one. */
static void note_position(struct walk *w, const struct avp_header *h,
			  const struct avp_context *context, size_t first_offset)
{
	if (!is_ietf(h))
		return;
	if (context->encapsulated && shapes[h->code].never_encrypted)
		reader_note(w->reader, R(ENCAP_POLICY), F(AVP_CODE), h->offset, 2,
			    "an AVP that may be encrypted", "%s", avp_name(h));
	if (h->code == PANA_AVP_AUTH && walk_left(w) > 0)
		reader_note(w->reader, R(AUTH_LAST), F(AUTH), h->offset, w->position - h->offset,
			    "no AVP behind AUTH", "%zu octets behind it", walk_left(w));
	if (h->code == PANA_AVP_TERMINATION_CAUSE && context->kind == PANA_PTR &&
	    !context->encapsulated && h->offset != first_offset)
		reader_note(w->reader, R(CAUSE_FIRST), F(TERMINATION_CAUSE), h->offset,
			    w->position - h->offset, "the first AVP", "it stands behind others");
}

static bool walk_avp(struct walk *w, const struct avp_context *context, struct pana_avps *avps,
		     size_t first_offset)
{
	struct avp_header h = {0};
	struct walk value;
	bool first;

	if (!walk_avp_header(w, &h)) {
		reader_note(w->reader, R(AVP_HEADER), F(AVP), h.offset, w->end - h.offset,
			    h.flags & PANA_AVP_FLAG_V ? "12 octets" : "8 octets", "%zu octets",
			    w->end - h.offset);
		return false;
	}
	note_code(w, &h);
	value = walk_window(w, h.length);
	first = keep_found(avps, &h, &value);
	if (value.cut) {
		reader_note(w->reader, R(AVP_LENGTH), F(AVP_LENGTH), h.offset + 4, 2,
			    "at most what is left of the message", "%u, where %zu octets are left",
			    h.length, walk_left(&value));
		value.cut = false;
		walk_octets(&value, F(AVP_VALUE), walk_left(&value));
		return false;
	}
	walk_value(&value, &h, context, avps, first);
	walk_padding(w, &h);
	note_position(w, &h, context, first_offset);
	return true;
}

bool pana_walk_avps(struct walk *w, const struct avp_context *context, struct pana_avps *avps)
{
	size_t first_offset = w->position;
	bool whole = true;

	while (whole && walk_left(w) > 0) {
		open_avp(w);
		whole = walk_avp(w, context, avps, first_offset);
		walk_close(w);
	}
	return whole;
}

/* RFC 5191 8, figure 4. */
enum occurs { NONE, UP_TO_ONE, ONE, ANY };

static const struct occurrence {
	enum pana_avp_code code;
	enum pana_rule rule;
	enum occurs in[PANA_PRY]; /* by enum pana_kind, the relay apart */
} occurrences[] = {
#define O UP_TO_ONE
	/*                                                     PCI  PAR  PAN  PTR  PTA  PNR  PNA */
	{PANA_AVP_AUTH, R_OCCURS_AUTH, {NONE, O, O, O, O, O, O}},
	{PANA_AVP_EAP_PAYLOAD, R_OCCURS_EAP, {NONE, O, O, NONE, NONE, NONE, NONE}},
	{PANA_AVP_INTEGRITY_ALGORITHM, R_OCCURS_INTEGRITY, {NONE, ANY, O, NONE, NONE, NONE, NONE}},
	{PANA_AVP_KEY_ID, R_OCCURS_KEY_ID, {NONE, O, O, NONE, NONE, NONE, NONE}},
	{PANA_AVP_NONCE, R_OCCURS_NONCE, {NONE, O, O, NONE, NONE, NONE, NONE}},
	{PANA_AVP_PRF_ALGORITHM, R_OCCURS_PRF, {NONE, ANY, O, NONE, NONE, NONE, NONE}},
	{PANA_AVP_RESULT_CODE, R_OCCURS_RESULT, {NONE, O, NONE, NONE, NONE, NONE, NONE}},
	{PANA_AVP_SESSION_LIFETIME, R_OCCURS_LIFETIME, {NONE, O, NONE, NONE, NONE, NONE, NONE}},
	{PANA_AVP_TERMINATION_CAUSE, R_OCCURS_CAUSE, {NONE, NONE, NONE, ONE, NONE, NONE, NONE}},
#undef O
};

static const char *const occurs_words[] = {
	[NONE] = "none",
	[UP_TO_ONE] = "none or one",
	[ONE] = "one",
	[ANY] = "any number",
};

static bool occurs_rightly(enum occurs allowed, unsigned count)
{
	switch (allowed) {
	case NONE:
		return count == 0;
	case UP_TO_ONE:
		return count <= 1;
	case ONE:
		return count == 1;
	case ANY:
		break;
	}
	return true;
}

void pana_note_occurrence(struct walk *w, const struct pana_message *m)
{
	if (!w->reader || m->kind >= PANA_PRY)
		return;
	for (size_t i = 0; i < sizeof(occurrences) / sizeof(occurrences[0]); i++) {
		const struct occurrence *o = &occurrences[i];
		const struct pana_avp_found *found = &m->avps.found[o->code];

		/* It may stand in an Encr-Encap that is not open yet, or in what is cut off. */
		if (found->count == 0 && (m->avps.found[PANA_AVP_ENCR_ENCAP].count || !m->sound))
			continue;
		if (occurs_rightly(o->in[m->kind], found->count))
			continue;
		reader_note(w->reader, &pana_rules[o->rule], F(AVP_CODE),
			    found->count ? found->offset : m->origin, found->count ? 2 : 0,
			    occurs_words[o->in[m->kind]], "%u in %s", found->count,
			    pana_kind_abbreviation(m->kind));
	}
}

void pana_note_sealed_occurrence(struct walk *w, const struct pana_message *m,
				 const struct pana_avps *sealed)
{
	if (!w->reader || m->kind >= PANA_PRY)
		return;
	for (size_t i = 0; i < sizeof(occurrences) / sizeof(occurrences[0]); i++) {
		const struct occurrence *o = &occurrences[i];
		const struct pana_avp_found *found = &sealed->found[o->code];
		unsigned count = m->avps.found[o->code].count + found->count;

		/* What breaks the table without the sealed ones has been noted. */
		if (occurs_rightly(o->in[m->kind], count) || (count > 0 && found->count == 0))
			continue;
		reader_note(w->reader, &pana_rules[o->rule], F(AVP_CODE), found->offset,
			    found->count ? 2 : 0, occurs_words[o->in[m->kind]],
			    "%u in %s, those in Encr-Encap included", count,
			    pana_kind_abbreviation(m->kind));
	}
}
