/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "message.h"

#include <stdio.h>
#include <string.h>

const struct protocol *message_protocol(const char *role)
{
	if (role && g_str_has_prefix(role, "pana."))
		return &pana_protocol;
	if (role && g_str_has_prefix(role, "eap."))
		return &radius_protocol;
	return NULL;
}

/* ---- reading ---- */

static void read_pana(struct message *m)
{
	struct walk w = walk_of(m->octets.octets, m->octets.length, NULL);
	const struct pana_message *last;

	m->pana_count = pana_walk(&w, m->pana);
	m->readable = m->pana[0].complete;
	last = &m->pana[m->pana_count - 1];
	m->has_eap = last->complete && last->avps.found[PANA_AVP_EAP_PAYLOAD].count > 0;
	if (m->has_eap)
		m->eap = last->avps.eap;
}

static void read_radius(struct message *m)
{
	struct walk w = walk_of(m->octets.octets, m->octets.length, NULL);
	struct octets eap;

	m->readable = radius_walk(&w, &m->radius);
	if (!m->readable || m->radius.eap_parts == 0)
		return;
	eap = m->radius.eap;
	if (m->radius.eap_parts > 1)
		eap = (struct octets){
			m->joined,
			radius_eap_message(&m->radius, m->joined, sizeof(m->joined)),
		};
	if (eap.length == 0)
		return;
	w = walk_of(eap.octets, eap.length, NULL);
	eap_walk(&w, &m->eap);
	m->has_eap = true;
}

void message_read(struct message *m, const struct protocol *protocol, struct octets octets)
{
	memset(m, 0, sizeof(*m));
	m->protocol = protocol;
	m->octets = octets;
	if (protocol == &pana_protocol)
		read_pana(m);
	else
		read_radius(m);
}

/* ---- words of EAP ---- */

enum eap_word { WORD_CODE, WORD_TYPE, WORD_PSK, WORD_GPSK, WORD_ERP, WORD_RADIUS };

static const struct {
	const char *word;
	enum eap_word kind;
	unsigned value;
} eap_words[] = {
	{"Request", WORD_CODE, EAP_REQUEST},
	{"Response", WORD_CODE, EAP_RESPONSE},
	{"Success", WORD_CODE, EAP_SUCCESS},
	{"Failure", WORD_CODE, EAP_FAILURE},
	{"Initiate", WORD_CODE, EAP_INITIATE},
	{"Finish", WORD_CODE, EAP_FINISH},
	{"Identity", WORD_TYPE, EAP_TYPE_IDENTITY},
	{"Notification", WORD_TYPE, EAP_TYPE_NOTIFICATION},
	{"Nak", WORD_TYPE, EAP_TYPE_NAK},
	{"MD5", WORD_TYPE, EAP_TYPE_MD5},
	{"TLS", WORD_TYPE, EAP_TYPE_TLS},
	{"TTLS", WORD_TYPE, EAP_TYPE_TTLS},
	{"PEAP", WORD_TYPE, EAP_TYPE_PEAP},
	{"PSK", WORD_TYPE, EAP_TYPE_PSK},
	{"GPSK", WORD_TYPE, EAP_TYPE_GPSK},
	{"Expanded", WORD_TYPE, EAP_TYPE_EXPANDED},
	{"PSK-1", WORD_PSK, EAP_PSK_1},
	{"PSK-2", WORD_PSK, EAP_PSK_2},
	{"PSK-3", WORD_PSK, EAP_PSK_3},
	{"PSK-4", WORD_PSK, EAP_PSK_4},
	{"GPSK-1", WORD_GPSK, EAP_GPSK_1},
	{"GPSK-2", WORD_GPSK, EAP_GPSK_2},
	{"GPSK-3", WORD_GPSK, EAP_GPSK_3},
	{"GPSK-4", WORD_GPSK, EAP_GPSK_4},
	{"GPSK-Fail", WORD_GPSK, EAP_GPSK_FAIL},
	{"GPSK-Protected-Fail", WORD_GPSK, EAP_GPSK_PROTECTED_FAIL},
	{"Start", WORD_ERP, EAP_ERP_START},
	{"Reauth", WORD_ERP, EAP_ERP_REAUTH},
	{"Access-Request", WORD_RADIUS, RADIUS_ACCESS_REQUEST},
	{"Access-Accept", WORD_RADIUS, RADIUS_ACCESS_ACCEPT},
	{"Access-Reject", WORD_RADIUS, RADIUS_ACCESS_REJECT},
	{"Access-Challenge", WORD_RADIUS, RADIUS_ACCESS_CHALLENGE},
};

static bool is_number(const char *word, unsigned long *number)
{
	char *end;

	*number = strtoul(word, &end, 10);
	return *word && !*end && *number < 256;
}

static bool type_fits(const struct message *m, unsigned long type)
{
	if (!m->has_eap || !m->eap.has_type)
		return false;
	if (type == EAP_TYPE_EXPANDED)
		return m->eap.expanded;
	return m->eap.type == type || m->eap.method == type;
}

static bool eap_word_fits(const struct message *m, size_t row)
{
	const struct eap_message *e = &m->eap;
	unsigned value = eap_words[row].value;

	switch (eap_words[row].kind) {
	case WORD_CODE:
		return m->has_eap && e->complete && e->code == value;
	case WORD_TYPE:
		return type_fits(m, value);
	case WORD_PSK:
		return type_fits(m, EAP_TYPE_PSK) && e->psk.t == value;
	case WORD_GPSK:
		return type_fits(m, EAP_TYPE_GPSK) && e->gpsk.opcode == value;
	case WORD_ERP:
		return m->has_eap && (e->code == EAP_INITIATE || e->code == EAP_FINISH) &&
		       e->type == value;
	case WORD_RADIUS:
		return m->protocol == &radius_protocol && m->radius.code == value;
	}
	return false;
}

static bool find_eap_word(const char *word, size_t *row)
{
	for (*row = 0; *row < G_N_ELEMENTS(eap_words); (*row)++)
		if (g_ascii_strcasecmp(eap_words[*row].word, word) == 0)
			return true;
	return false;
}

static bool word_fits(const struct message *m, const char *word)
{
	unsigned long number;
	size_t row;

	if (g_ascii_strcasecmp(word, "again") == 0)
		return true;
	if (find_eap_word(word, &row))
		return eap_word_fits(m, row);
	return is_number(word, &number) && type_fits(m, number);
}

/* ---- words of PANA ---- */

static const struct {
	const char *word;
	uint16_t flag;
} flag_words[] = {
	{"S", PANA_FLAG_S}, {"C", PANA_FLAG_C},      {"A", PANA_FLAG_A},    {"P", PANA_FLAG_P},
	{"I", PANA_FLAG_I}, {"reauth", PANA_FLAG_A}, {"ping", PANA_FLAG_P},
};

static uint16_t flag_of(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(flag_words); i++)
		if (g_ascii_strcasecmp(flag_words[i].word, word) == 0)
			return flag_words[i].flag;
	return 0;
}

static bool find_pana_kind(const char *word, enum pana_kind *kind)
{
	for (*kind = PANA_PCI; *kind < PANA_KINDS; (*kind)++)
		if (g_ascii_strcasecmp(pana_kind_abbreviation(*kind), word) == 0)
			return true;
	return false;
}

/* Flags that a message of this kind has or has not, whether named or not. */
static uint16_t exact_flags(enum pana_kind kind, uint16_t named)
{
	bool notification = kind == PANA_PNR || kind == PANA_PNA;
	uint16_t exact = PANA_FLAG_S | PANA_FLAG_C;

	if (!notification || named & (PANA_FLAG_A | PANA_FLAG_P))
		exact |= PANA_FLAG_A | PANA_FLAG_P;
	return exact | (named & PANA_FLAG_I);
}

static bool pana_fits(const struct message *m, const struct pana_message *p, enum pana_kind kind,
		      const char *const *words, size_t count)
{
	uint16_t named = 0;
	enum pana_kind inner;

	if (!p->complete || p->kind != kind)
		return false;
	if (kind == PANA_PRY && count && find_pana_kind(words[0], &inner))
		return m->pana_count > 1 && p == m->pana &&
		       pana_fits(m, &m->pana[1], inner, words + 1, count - 1);
	for (size_t i = 0; i < count; i++) {
		uint16_t flag = flag_of(words[i]);

		named |= flag;
		if (!flag && !word_fits(m, words[i]))
			return false;
	}
	return (p->flags & exact_flags(kind, named)) == named;
}

/* ---- both ---- */

bool message_fits(const struct message *m, const char *kind, const char *const *words, size_t count)
{
	enum pana_kind pana;

	if (g_ascii_strcasecmp(kind, "any") == 0) {
		if (!m->readable)
			return false;
	} else if (find_pana_kind(kind, &pana)) {
		return m->protocol == &pana_protocol && m->readable &&
		       pana_fits(m, m->pana, pana, words, count);
	} else if (!m->readable || !word_fits(m, kind)) {
		return false;
	}
	for (size_t i = 0; i < count; i++)
		if (!word_fits(m, words[i]))
			return false;
	return true;
}

static const char *const *words_of(const struct case_message *wanted, size_t *count)
{
	*count = wanted->words ? wanted->words->len : 0;
	return *count ? (const char *const *)wanted->words->pdata : NULL;
}

bool message_fits_case(const struct message *m, const struct case_message *wanted)
{
	size_t count;
	const char *const *words = words_of(wanted, &count);

	return message_fits(m, wanted->kind, words, count);
}

bool message_wants_again(const struct case_message *wanted)
{
	size_t count;
	const char *const *words = words_of(wanted, &count);

	for (size_t i = 0; i < count; i++)
		if (g_ascii_strcasecmp(words[i], "again") == 0)
			return true;
	return false;
}

static bool word_known(const char *word, bool pana)
{
	enum pana_kind kind;
	unsigned long number;
	size_t row;

	return g_ascii_strcasecmp(word, "again") == 0 || find_eap_word(word, &row) ||
	       is_number(word, &number) || (pana && (flag_of(word) || find_pana_kind(word, &kind)));
}

bool message_known(const char *kind, const char *const *words, size_t count, char *error,
		   size_t error_size)
{
	enum pana_kind pana;
	size_t row;
	bool is_pana = find_pana_kind(kind, &pana);

	if (!is_pana && g_ascii_strcasecmp(kind, "any") != 0 && !find_eap_word(kind, &row)) {
		g_snprintf(error, (gulong)error_size,
			   "wanted a message (PAR, Request, any, ...), found \"%.40s\"", kind);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		if (word_known(words[i], is_pana))
			continue;
		g_snprintf(error, (gulong)error_size,
			   "wanted a flag or type of %s (S, ping, Identity, ...), found \"%.40s\"",
			   kind, words[i]);
		return false;
	}
	return true;
}

/* ---- for people ---- */

static const char *radius_code_text(uint8_t code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(eap_words); i++)
		if (eap_words[i].kind == WORD_RADIUS && eap_words[i].value == code)
			return eap_words[i].word;
	return "RADIUS";
}

const char *message_text(const struct message *m, char text[MESSAGE_TEXT_SIZE])
{
	char outer[PANA_SUMMARY_SIZE + 32] = "", eap[EAP_SUMMARY_SIZE] = "";

	if (!m->readable) {
		g_snprintf(text, MESSAGE_TEXT_SIZE, "%zu octets that are no %s message",
			   m->octets.length, m->protocol == &pana_protocol ? "PANA" : "RADIUS");
		return text;
	}
	if (m->protocol == &pana_protocol) {
		char summary[PANA_SUMMARY_SIZE];

		g_snprintf(outer, sizeof(outer), "%s, seq 0x%08x",
			   pana_summary(m->pana, m->pana_count, summary),
			   m->pana[m->pana_count - 1].sequence);
	} else {
		g_snprintf(outer, sizeof(outer), "%s", radius_code_text(m->radius.code));
	}
	if (m->has_eap)
		eap_summary(&m->eap, eap);
	g_snprintf(text, MESSAGE_TEXT_SIZE, "%s%s%s", outer, m->has_eap ? ", EAP " : "", eap);
	return text;
}

const char *message_wanted_text(const struct case_message *wanted, char text[MESSAGE_TEXT_SIZE])
{
	size_t count, at = (size_t)g_snprintf(text, MESSAGE_TEXT_SIZE, "%s", wanted->kind);
	const char *const *words = words_of(wanted, &count);

	for (size_t i = 0; i < count && at < MESSAGE_TEXT_SIZE; i++)
		at += (size_t)g_snprintf(text + at, (gulong)(MESSAGE_TEXT_SIZE - at), " %s",
					 words[i]);
	return text;
}

bool message_is_ping(const struct message *m)
{
	return m->protocol == &pana_protocol && m->readable && m->pana[0].kind == PANA_PNR &&
	       m->pana[0].flags & PANA_FLAG_P;
}

bool message_is_request(const struct message *m)
{
	if (m->protocol == &pana_protocol)
		return m->readable &&
		       (m->pana[0].flags & PANA_FLAG_R || m->pana[0].kind == PANA_PCI);
	return m->readable && (m->radius.code == RADIUS_ACCESS_REQUEST ||
			       (m->has_eap && m->eap.code == EAP_REQUEST));
}
