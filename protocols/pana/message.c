/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The PANA message: RFC 5191 6.2 and 7, RFC 6345 4.1. Reading and writing. */
#include "avp.h"
#include "pana_fields.h"

#include <stdio.h>
#include <string.h>

static const struct kind_row {
	const char *abbreviation;
	const char *name;
} kinds[PANA_KINDS + 1] = {
	[PANA_PCI] = {"PCI", "PANA-Client-Initiation"},
	[PANA_PAR] = {"PAR", "PANA-Auth-Request"},
	[PANA_PAN] = {"PAN", "PANA-Auth-Answer"},
	[PANA_PTR] = {"PTR", "PANA-Termination-Request"},
	[PANA_PTA] = {"PTA", "PANA-Termination-Answer"},
	[PANA_PNR] = {"PNR", "PANA-Notification-Request"},
	[PANA_PNA] = {"PNA", "PANA-Notification-Answer"},
	[PANA_PRY] = {"PRY", "PANA-Relay"},
	[PANA_UNKNOWN_KIND] = {"?", "unknown message type"},
};

const char *pana_kind_abbreviation(enum pana_kind kind)
{
	return kinds[kind].abbreviation;
}

const char *pana_kind_name(enum pana_kind kind)
{
	return kinds[kind].name;
}

static enum pana_kind kind_of(uint16_t type, uint16_t flags)
{
	bool request = flags & PANA_FLAG_R;

	switch (type) {
	case PANA_CLIENT_INITIATION:
		return PANA_PCI;
	case PANA_AUTH:
		return request ? PANA_PAR : PANA_PAN;
	case PANA_TERMINATION:
		return request ? PANA_PTR : PANA_PTA;
	case PANA_NOTIFICATION:
		return request ? PANA_PNR : PANA_PNA;
	case PANA_RELAY:
		return PANA_PRY;
	default:
		return PANA_UNKNOWN_KIND;
	}
}

/* In which kinds of message each flag may be set, RFC 5191 6.2. */
static const struct flag_row {
	uint16_t flag;
	enum pana_field field;
	enum pana_rule rule;
	unsigned kinds; /* bit set by enum pana_kind */
	const char *wanted;
} flag_rows[] = {
	{PANA_FLAG_S, F_FLAG_S, R_FLAG_S, 1u << PANA_PAR | 1u << PANA_PAN,
	 "set in PAR or PAN only"},
	{PANA_FLAG_C, F_FLAG_C, R_FLAG_C, 1u << PANA_PAR | 1u << PANA_PAN,
	 "set in PAR or PAN only"},
	{PANA_FLAG_A, F_FLAG_A, R_FLAG_A, 1u << PANA_PNR | 1u << PANA_PNA,
	 "set in PNR or PNA only"},
	{PANA_FLAG_P, F_FLAG_P, R_FLAG_P, 1u << PANA_PNR | 1u << PANA_PNA,
	 "set in PNR or PNA only"},
	{PANA_FLAG_I, F_FLAG_I, R_FLAG_I, 1u << PANA_PAR, "set in PAR only"},
};

static void note_flags(struct walk *w, const struct pana_message *m)
{
	size_t at = m->origin + 4;

	if (m->flags & PANA_FLAGS_RESERVED)
		reader_note(w->reader, R(FLAGS_RESERVED), F(FLAGS_RESERVED), at, 2, "zero",
			    "0x%04x", m->flags & PANA_FLAGS_RESERVED);
	for (size_t i = 0; i < sizeof(flag_rows) / sizeof(flag_rows[0]); i++) {
		const struct flag_row *row = &flag_rows[i];

		if (m->flags & row->flag && !(row->kinds & 1u << m->kind))
			reader_note(w->reader, &pana_rules[row->rule], &pana_fields[row->field], at,
				    2, row->wanted, "set in a message of type %u, %s", m->type,
				    pana_kind_name(m->kind));
	}
	if ((m->kind == PANA_PAR || m->kind == PANA_PAN) && m->flags & PANA_FLAG_S &&
	    m->flags & PANA_FLAG_C)
		reader_note(w->reader, R(S_AND_C), F(FLAGS), at, 2, "S or C, not both", "both");
	if ((m->kind == PANA_PNR || m->kind == PANA_PNA) &&
	    !(m->flags & PANA_FLAG_A) == !(m->flags & PANA_FLAG_P))
		reader_note(w->reader, R(A_XOR_P), F(FLAGS), at, 2, "exactly one of A and P", "%s",
			    m->flags & PANA_FLAG_A ? "both" : "neither");
}

/* PCI and PRY have fixed header fields: RFC 5191 7.1, RFC 6345 4.1 and 7. */
static void note_fixed_header(struct walk *w, const struct pana_message *m)
{
	bool relay = m->kind == PANA_PRY;

	if (m->kind != PANA_PCI && !relay)
		return;
	if (m->flags & PANA_FLAG_R)
		reader_note(w->reader, relay ? R(PRY_R) : R(PCI_R), F(FLAG_R), m->origin + 4, 2,
			    "clear", "set");
	if (m->session_id != 0)
		reader_note(w->reader, relay ? R(PRY_SID) : R(PCI_SID), F(SESSION_ID),
			    m->origin + 8, 4, "0", "0x%08x", m->session_id);
	if (m->sequence != 0)
		reader_note(w->reader, relay ? R(PRY_SEQUENCE) : R(PCI_SEQUENCE), F(SEQUENCE),
			    m->origin + 12, 4, "0", "0x%08x", m->sequence);
}

static void walk_flags(struct walk *w, struct pana_message *m)
{
	size_t at = w->position;

	m->flags = walk_u16(w, F(FLAGS));
	if (w->cut || !w->reader)
		return;
	for (enum pana_field f = F_FLAG_R; f <= F_FLAG_I; f++)
		walk_bits(w, &pana_fields[f], at, m->flags);
	if (m->flags & PANA_FLAGS_RESERVED)
		walk_bits(w, F(FLAGS_RESERVED), at, m->flags);
}

static void walk_header(struct walk *w, struct pana_message *m)
{
	size_t available = walk_left(w);
	uint16_t reserved = walk_u16(w, F(RESERVED));

	m->length = walk_u16(w, F(LENGTH));
	walk_flags(w, m);
	m->type = walk_u16(w, F(TYPE));
	m->session_id = walk_u32(w, F(SESSION_ID));
	m->sequence = walk_u32(w, F(SEQUENCE));
	m->kind = kind_of(m->type, m->flags);
	m->complete = !w->cut;
	if (!m->complete) {
		reader_note(w->reader, R(HEADER_COMPLETE), F(MESSAGE), m->origin, available,
			    "16 octets", "%zu octets", available);
		return;
	}
	if (reserved)
		reader_note(w->reader, R(RESERVED), F(RESERVED), m->origin, 2, "zero", "0x%04x",
			    reserved);
	if (m->length != available)
		reader_note(w->reader, R(LENGTH), F(LENGTH), m->origin + 2, 2,
			    "the number of octets there are", "%u, where there are %zu", m->length,
			    available);
	if (m->kind == PANA_UNKNOWN_KIND)
		reader_note(w->reader, R(TYPE), F(TYPE), m->origin + 6, 2, "1 to 5", "%u", m->type);
	note_flags(w, m);
	note_fixed_header(w, m);
}

static unsigned count_of(const struct pana_message *m, enum pana_avp_code code)
{
	return m->avps.found[code].count;
}

static void note_exactly_one(struct walk *w, const struct pana_message *m, enum pana_avp_code code,
			     enum pana_rule rule)
{
	if (count_of(m, code) > 1 || (count_of(m, code) == 0 && m->sound))
		reader_note(w->reader, &pana_rules[rule], F(AVP_CODE),
			    count_of(m, code) ? m->avps.found[code].offset : m->origin, 0, "one",
			    "%u", count_of(m, code));
}

/* RFC 6345 4.1: what a PRY holds, and that nothing else holds it. */
static void note_relay(struct walk *w, const struct pana_message *m)
{
	static const enum pana_avp_code relay_codes[] = {PANA_AVP_PAC_INFORMATION,
							 PANA_AVP_RELAYED_MESSAGE};

	if (m->kind == PANA_PRY) {
		note_exactly_one(w, m, PANA_AVP_PAC_INFORMATION, R_PRY_PAC_INFORMATION);
		note_exactly_one(w, m, PANA_AVP_RELAYED_MESSAGE, R_PRY_RELAYED);
		for (unsigned code = 1; code < PANA_AVP_CODES; code++) {
			if (code == PANA_AVP_PAC_INFORMATION || code == PANA_AVP_RELAYED_MESSAGE)
				continue;
			if (m->avps.found[code].count)
				reader_note(w->reader, R(PRY_OTHER_AVP), F(AVP_CODE),
					    m->avps.found[code].offset, 2,
					    "PaC-Information and Relayed-Message only", "%s",
					    value_name_find(pana_avp_names, code));
		}
		return;
	}
	for (size_t i = 0; i < 2; i++) {
		const struct pana_avp_found *found = &m->avps.found[relay_codes[i]];

		if (found->count)
			reader_note(w->reader, R(PRY_ONLY), F(AVP_CODE), found->offset, 2,
				    "in PRY only", "%s in %s",
				    value_name_find(pana_avp_names, relay_codes[i]),
				    pana_kind_abbreviation(m->kind));
	}
}

/* What RFC 5191 4.1 and 5.7 want in a PAR with the C flag, and nowhere else. */
static void note_last_par(struct walk *w, const struct pana_message *m)
{
	const struct pana_avp_found *result = &m->avps.found[PANA_AVP_RESULT_CODE];
	const struct pana_avp_found *lifetime = &m->avps.found[PANA_AVP_SESSION_LIFETIME];
	bool last = m->flags & PANA_FLAG_C;
	bool success = last && result->count && result->value.length == 4 && result->number == 0;
	bool sealed = count_of(m, PANA_AVP_ENCR_ENCAP) > 0;

	if (m->kind != PANA_PAR)
		return;
	if (last && !result->count && m->sound)
		reader_note(w->reader, R(RESULT_IN_LAST), F(RESULT_CODE), m->origin, 0,
			    "a Result-Code", "none");
	if (!last && result->count)
		reader_note(w->reader, R(RESULT_ELSEWHERE), F(RESULT_CODE), result->value_offset, 4,
			    "in the PAR with the C flag", "in a PAR without");
	if (success && !lifetime->count && !sealed && m->sound)
		reader_note(w->reader, R(LIFETIME_WITH_SUCCESS), F(SESSION_LIFETIME), m->origin, 0,
			    "a Session-Lifetime", "none");
	if (!success && lifetime->count && (result->count || !last))
		reader_note(w->reader, R(LIFETIME_ELSEWHERE), F(SESSION_LIFETIME),
			    lifetime->value_offset, 4, "beside PANA_SUCCESS in the last PAR",
			    "without it");
}

/* RFC 5191 4.1 and RFC 6786 2: algorithms are negotiated in the initial exchange. */
static void note_negotiation(struct walk *w, const struct pana_message *m)
{
	const struct pana_avp_found *prf = &m->avps.found[PANA_AVP_PRF_ALGORITHM];
	const struct pana_avp_found *integrity = &m->avps.found[PANA_AVP_INTEGRITY_ALGORITHM];
	const struct pana_avp_found *encryption = &m->avps.found[PANA_AVP_ENCRYPTION_ALGORITHM];
	bool auth = m->kind == PANA_PAR || m->kind == PANA_PAN;
	bool initial = auth && m->flags & PANA_FLAG_S;

	if (auth && !initial && (prf->count || integrity->count))
		reader_note(w->reader, R(ALGORITHMS_INITIAL), F(AVP_CODE),
			    prf->count ? prf->offset : integrity->offset, 2, "with the S flag only",
			    "in a %s without", pana_kind_abbreviation(m->kind));
	if (initial && !prf->count != !integrity->count && m->sound)
		reader_note(w->reader, R(ALGORITHMS_BOTH), F(AVP_CODE),
			    prf->count ? prf->offset : integrity->offset, 2,
			    "PRF-Algorithm and Integrity-Algorithm", "%s only",
			    prf->count ? "PRF-Algorithm" : "Integrity-Algorithm");
	if (!initial && encryption->count && m->kind != PANA_PRY)
		reader_note(w->reader, R(ENCR_ALGORITHM_INITIAL), F(AVP_CODE), encryption->offset,
			    2, "in the initial PAR and PAN only", "in %s",
			    pana_kind_abbreviation(m->kind));
	if (m->kind == PANA_PAN && encryption->count > 1)
		reader_note(w->reader, R(ENCR_ALGORITHM_ONE), F(AVP_CODE), encryption->offset, 2,
			    "one", "%u", encryption->count);
}

static void note_encap(struct walk *w, const struct pana_message *m)
{
	const struct pana_avp_found *encap = &m->avps.found[PANA_AVP_ENCR_ENCAP];

	if (encap->count > 1)
		reader_note(w->reader, R(ENCAP_ONE), F(AVP_CODE), encap->offset, 2, "one", "%u",
			    encap->count);
	if (encap->count && !count_of(m, PANA_AVP_AUTH) && m->sound)
		reader_note(w->reader, R(ENCAP_AUTH), F(AUTH), m->origin, 0, "AUTH", "none");
}

static void note_message(struct walk *w, const struct pana_message *m)
{
	if (!w->reader)
		return;
	note_relay(w, m);
	note_last_par(w, m);
	note_negotiation(w, m);
	note_encap(w, m);
	pana_note_occurrence(w, m);
}

static void label_message(struct walk *w)
{
	const uint16_t flags = (uint16_t)walk_peek(w, 4, 2);
	const struct pana_message m = {
		.complete = walk_left(w) >= PANA_HEADER_SIZE,
		.flags = flags,
		.kind = kind_of((uint16_t)walk_peek(w, 6, 2), flags),
	};
	char text[PANA_SUMMARY_SIZE];

	if (w->reader && w->reader->ops->label && m.complete)
		reader_label(w->reader, "%s", pana_summary(&m, 1, text));
}

void pana_walk_message(struct walk *w, struct pana_message *m, struct pana_message *relayed,
		       bool *has_relayed)
{
	struct walk body;
	struct avp_context context = {.relayed = relayed, .has_relayed = has_relayed};
	size_t left;

	memset(m, 0, sizeof(*m));
	m->origin = w->position;
	m->octets.octets = w->octets + w->position;
	m->octets.length = walk_left(w);
	walk_open(w, F(MESSAGE), walk_left(w));
	label_message(w);
	walk_header(w, m);
	if (m->complete) {
		left = m->length > PANA_HEADER_SIZE ? m->length - (size_t)PANA_HEADER_SIZE : 0;
		body = walk_window(w, left < walk_left(w) ? left : walk_left(w));
		context.kind = m->kind;
		m->octets.length = body.end - m->origin;
		m->sound = pana_walk_avps(&body, &context, &m->avps);
		note_message(&body, m);
	}
	walk_close(w);
}

unsigned pana_walk(struct walk *w, struct pana_message messages[PANA_DEPTH])
{
	bool has_relayed = false;

	pana_walk_message(w, &messages[0], &messages[1], &has_relayed);
	if (has_relayed && messages[1].kind == PANA_PRY && messages[1].complete)
		reader_note(w->reader, R(PRY_NESTED), F(RELAYED_MESSAGE), messages[1].origin,
			    messages[1].octets.length, "a PaC's or PAA's message", "a PRY");
	return has_relayed ? 2 : 1;
}

void pana_walk_encapsulated(struct walk *w, struct pana_avps *avps)
{
	const struct avp_context context = {.kind = PANA_UNKNOWN_KIND, .encapsulated = true};
	size_t length = walk_left(w);

	memset(avps, 0, sizeof(*avps));
	if (!pana_walk_avps(w, &context, avps))
		reader_note(w->reader, R(ENCAP_CONTENT), F(ENCR_ENCAP), 0, length, "whole AVPs",
			    "an AVP that is cut off");
}

bool pana_recognise(const uint8_t *octets, size_t length)
{
	struct walk w = walk_of(octets, length, NULL);
	size_t size = walk_peek(&w, 2, 2);
	uint64_t type = walk_peek(&w, 6, 2);
	uint64_t code = walk_peek(&w, 16, 2);
	uint64_t flags = walk_peek(&w, 18, 2);
	size_t value = walk_peek(&w, 20, 2);

	if (length < PANA_HEADER_SIZE || size != length || type < 1 || type > PANA_RELAY)
		return false;
	/* Of the two reserved fields one may be wrong: a tester wants to see that. */
	if (walk_peek(&w, 0, 2) != 0 && (walk_peek(&w, 4, 2) & PANA_FLAGS_RESERVED) != 0)
		return false;
	if (length == PANA_HEADER_SIZE)
		return true;
	if (length < PANA_HEADER_SIZE + PANA_AVP_HEADER_SIZE)
		return false;
	if (flags & PANA_AVP_FLAG_V ? flags != PANA_AVP_FLAG_V : code < 1 || code >= PANA_AVP_CODES)
		return false;
	return value <= length - PANA_HEADER_SIZE - PANA_AVP_HEADER_SIZE;
}

/* Flags as RFC 5191's figures name them, without R, which the message's name tells. */
static void flags_text(uint16_t flags, char text[16])
{
	static const struct value_name letters[] = {
		{PANA_FLAG_S, "S"}, {PANA_FLAG_C, "C"}, {PANA_FLAG_A, "A"},
		{PANA_FLAG_P, "P"}, {PANA_FLAG_I, "I"}, {0, NULL},
	};
	char *at = text;

	for (const struct value_name *l = letters; l->name; l++) {
		if (!(flags & l->value))
			continue;
		if (at != text)
			*at++ = ',';
		*at++ = *l->name;
	}
	*at = '\0';
}

const char *pana_summary(const struct pana_message *messages, unsigned count,
			 char text[PANA_SUMMARY_SIZE])
{
	size_t at = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < count && messages[i].complete && at < PANA_SUMMARY_SIZE; i++) {
		const struct pana_message *m = &messages[i];
		char flags[16];
		int n;

		flags_text(m->flags, flags);
		n = snprintf(text + at, PANA_SUMMARY_SIZE - at, "%s%s%s%s%s", i ? ": " : "",
			     pana_kind_name(m->kind), flags[0] ? " [" : "", flags,
			     flags[0] ? "]" : "");
		at += n > 0 ? (size_t)n : 0;
	}
	return text;
}

static void write_avp(struct writer *w, const struct pana_draft_avp *avp)
{
	write_u16(w, avp->code);
	write_u16(w, avp->flags);
	write_u16(w, (uint16_t)avp->value.length);
	write_u16(w, 0);
	if (avp->flags & PANA_AVP_FLAG_V)
		write_u32(w, avp->vendor);
	write_octets(w, avp->value.octets, avp->value.length);
	write_zeros(w, (4 - avp->value.length % 4) % 4);
}

void pana_write(struct writer *w, const struct pana_draft *draft)
{
	size_t start = w->length;

	write_u16(w, 0);
	write_u16(w, 0); /* Message Length, below */
	write_u16(w, draft->flags);
	write_u16(w, draft->type);
	write_u32(w, draft->session_id);
	write_u32(w, draft->sequence);
	for (size_t i = 0; i < draft->avp_count; i++)
		write_avp(w, &draft->avps[i]);
	if (w->length - start > UINT16_MAX)
		w->full = true;
	if (!w->full)
		write_patch_u16(w, start + 2, (uint16_t)(w->length - start));
}
