/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EAP-GPSK messages (RFC 5433 9), read and written. */
#include <stdio.h>
#include <string.h>

#include "eap_walks.h"
#include "eap_write.h"

enum { BLOCK = 16, PAYLOADS_MAX = 4096 };

const struct eap_gpsk_suite *eap_gpsk_suite_of(struct octets csuite)
{
	const struct walk w = walk_of(csuite.octets, csuite.length, NULL);

	if (csuite.length != EAP_GPSK_CSUITE)
		return NULL;
	return eap_gpsk_suite_find((uint32_t)walk_peek(&w, 0, 4), (uint16_t)walk_peek(&w, 4, 2));
}

/* ---- fields ---- */

static struct octets take_id(struct eap_reading *r, const struct field *length,
			     const struct field *field)
{
	uint16_t octets = eap_take_u16(r, length);

	return eap_take(r, field, octets);
}

/* A ciphersuite in a group (RFC 5433 9.2, figure 5). */
static void take_csuite(struct eap_reading *r, const struct field *group)
{
	size_t at = eap_at(r);
	uint32_t vendor;
	uint16_t specifier;
	const char *name;

	walk_open(r->w, group, EAP_GPSK_CSUITE);
	vendor = eap_take_u32(r, F(GPSK_CSUITE_VENDOR));
	specifier = eap_take_u16(r, F(GPSK_CSUITE_SPECIFIER));
	name = vendor ? NULL : value_name_find(eap_gpsk_csuite_names, specifier);
	if (name && !r->w->cut) {
		struct octets text = {(const uint8_t *)name, strlen(name)};

		reader_octets(r->w->reader, F(GPSK_CSUITE_NAME), at, EAP_GPSK_CSUITE, text.octets,
			      text.length);
		reader_label(r->w->reader, "%s", name);
	}
	walk_close(r->w);
}

static struct octets take_csuite_list(struct eap_reading *r)
{
	uint16_t length = (uint16_t)walk_peek(r->w, 0, 2);
	size_t at = eap_at(r);
	struct octets list;

	walk_open(r->w, F(GPSK_CSUITE_LIST), 2U + length);
	length = eap_take_u16(r, F(GPSK_CSUITE_LIST_LEN));
	list = (struct octets){r->w->octets + eap_at(r), length};
	if (length > walk_left(r->w))
		length = (uint16_t)walk_left(r->w);
	for (; length >= EAP_GPSK_CSUITE; length = (uint16_t)(length - EAP_GPSK_CSUITE))
		take_csuite(r, F(GPSK_CSUITE_OFFERED));
	if (list.length % EAP_GPSK_CSUITE && !r->w->cut)
		reader_note(r->w->reader, R(5433_CSUITE_LIST_LENGTH), F(GPSK_CSUITE_LIST_LEN), at,
			    2, "a multiple of 6", "%zu", list.length);
	/* What is left of a list that is cut, or of an odd length. */
	eap_take(r, list.length % EAP_GPSK_CSUITE ? F(DATA) : NULL,
		 list.length - (eap_at(r) - at - 2));
	walk_close(r->w);
	return r->w->cut ? (struct octets){NULL, 0} : list;
}

static struct octets take_csuite_sel(struct eap_reading *r)
{
	struct octets sel = {r->w->octets + eap_at(r), EAP_GPSK_CSUITE};

	take_csuite(r, F(GPSK_CSUITE_SEL));
	return r->w->cut ? (struct octets){NULL, 0} : sel;
}

static bool list_has(struct octets list, struct octets csuite)
{
	for (size_t at = 0; at + EAP_GPSK_CSUITE <= list.length; at += EAP_GPSK_CSUITE) {
		if (eap_same((struct octets){list.octets + at, EAP_GPSK_CSUITE}, csuite))
			return true;
	}
	return false;
}

/* ---- protected data ---- */

static void note_pdata(struct walk *w, const struct field *field, size_t at, size_t length,
		       const char *wanted, size_t found)
{
	reader_note(w->reader, R(5433_PDATA_FORMAT), field, at, length, wanted, "%zu", found);
}

/* One PD_Payload (RFC 5433 9.4, figure 12). */
static void walk_pdata(struct walk *w)
{
	size_t at = w->position;
	size_t left = walk_left(w);
	uint32_t vendor;
	uint16_t specifier, length;

	walk_open(w, F(GPSK_PDATA), left < 8 ? left : 8 + (size_t)walk_peek(w, 6, 2));
	vendor = walk_u32(w, F(GPSK_PDATA_VENDOR));
	specifier = walk_u16(w, F(GPSK_PDATA_SPECIFIER));
	length = walk_u16(w, F(GPSK_PDATA_LENGTH));
	if (w->cut)
		note_pdata(w, F(GPSK_PDATA), at, left, "8 octets or more", left);
	else if (vendor == 0 && specifier == 0)
		reader_note(w->reader, R(5433_PDATA_RESERVED), F(GPSK_PDATA_SPECIFIER), at + 4, 2,
			    "a type that is not reserved", "0");
	if (!w->cut && !walk_octets(w, F(GPSK_PDATA_VALUE), length))
		note_pdata(w, F(GPSK_PDATA_LENGTH), at + 6, 2, "no more than is left", length);
	walk_close(w);
}

void eap_gpsk_walk_payloads(struct walk *w, const struct eap_gpsk_suite *suite)
{
	size_t length = walk_left(w);
	uint8_t padding;
	struct walk payloads;
	size_t end = w->end;

	if (!length) {
		note_pdata(w, F(GPSK_PD_PAD_LENGTH), w->position, 0, "1 octet or more", 0);
		return;
	}
	padding = (uint8_t)walk_peek(w, length - 1, 1);
	if (padding + 1U > length) {
		note_pdata(w, F(GPSK_PD_PAD_LENGTH), end - 1, 1, "no more than is there", padding);
		padding = (uint8_t)(length - 1);
	}
	payloads = walk_window(w, length - padding - 1);
	while (walk_left(&payloads) && !payloads.cut)
		walk_pdata(&payloads);
	if (padding)
		walk_octets(w, F(GPSK_PD_PADDING), padding);
	walk_u8(w, F(GPSK_PD_PAD_LENGTH));
	if (!suite->encrypts && padding)
		reader_note(w->reader, R(5433_PADDING_NULL), F(GPSK_PD_PAD_LENGTH), end - 1, 1, "0",
			    "%u", padding);
	if (suite->encrypts && padding >= BLOCK)
		reader_note(w->reader, R(5433_PADDING_MINIMAL), F(GPSK_PD_PAD_LENGTH), end - 1, 1,
			    "less than 16", "%u", padding);
}

/* PD_Payload_Block (figures 13, 14): its parts; the payloads themselves if they are in clear. */
static void take_block(struct eap_reading *r, struct eap_gpsk *gpsk)
{
	uint16_t length = eap_take_u16(r, F(GPSK_PD_LEN));
	struct walk inner = *r->w;
	struct eap_reading parts = {&inner, r->m, r->format};
	const struct eap_gpsk_suite *suite = eap_gpsk_suite_of(gpsk->csuite_sel);
	uint8_t iv;

	gpsk->pd_payload = eap_take(r, length ? F(GPSK_PD) : NULL, length);
	if (!gpsk->pd_payload.length)
		return;
	inner.end = inner.position + length;
	iv = eap_take_u8(&parts, F(GPSK_PD_IV_LENGTH));
	gpsk->iv = eap_take(&parts, iv ? F(GPSK_PD_IV) : NULL, iv);
	if (inner.cut)
		return;
	gpsk->ciphertext = (struct octets){inner.octets + inner.position, walk_left(&inner)};
	if (suite && !suite->encrypts)
		eap_gpsk_walk_payloads(&inner, suite);
	else if (gpsk->ciphertext.length)
		eap_take_rest(&parts, F(GPSK_PD_CIPHERTEXT));
}

void eap_gpsk_judge(const struct eap_message *m, const struct eap_gpsk_suite *suite, size_t start,
		    struct reader *r)
{
	const struct eap_gpsk *gpsk = &m->gpsk;
	size_t iv = gpsk->iv.length;
	char wanted[24];

	if (!r)
		return;
	if (gpsk->mac.octets && gpsk->mac.length != suite->mac_length) {
		snprintf(wanted, sizeof(wanted), "%zu octets", suite->mac_length);
		reader_note(r, R(5433_MAC_LENGTH), F(GPSK_MAC), start + eap_offset(m, gpsk->mac),
			    gpsk->mac.length, wanted, "%zu octets", gpsk->mac.length);
	}
	if (!gpsk->ciphertext.octets)
		return;
	if (suite->encrypts && iv != BLOCK)
		reader_note(r, R(5433_IV_BLOCK), F(GPSK_PD_IV_LENGTH),
			    start + eap_offset(m, gpsk->pd_payload), 1, "16", "%zu", iv);
	if (!suite->encrypts && iv)
		reader_note(r, R(5433_IV_NULL), F(GPSK_PD_IV_LENGTH),
			    start + eap_offset(m, gpsk->pd_payload), 1, "0", "%zu", iv);
	if (suite->encrypts && (gpsk->ciphertext.length % BLOCK || !gpsk->ciphertext.length))
		reader_note(r, R(5433_PADDING_BLOCK), F(GPSK_PD_CIPHERTEXT),
			    start + eap_offset(m, gpsk->ciphertext), gpsk->ciphertext.length,
			    "whole blocks of 16 octets", "%zu octets", gpsk->ciphertext.length);
}

/* ---- messages ---- */

/* The MAC is all that is left; without a suite to tell its length that must be something. */
static void take_mac(struct eap_reading *r, struct eap_gpsk *gpsk, size_t from, size_t start)
{
	const struct eap_gpsk_suite *suite = eap_gpsk_suite_of(gpsk->csuite_sel);
	size_t at = eap_at(r);

	gpsk->covered = eap_since(r, from);
	if (r->w->cut)
		return;
	gpsk->mac = eap_take_rest(r, walk_left(r->w) ? F(GPSK_MAC) : NULL);
	if (suite)
		eap_gpsk_judge(r->m, suite, start, r->w->reader);
	else if (!gpsk->mac.length && r->m->sound)
		reader_note(r->w->reader, R(5433_MAC_LENGTH), F(GPSK_MAC), at, 0, "a MAC", "none");
}

static void walk_gpsk_1(struct eap_reading *r, struct eap_gpsk *gpsk)
{
	static const uint8_t csuite_1[EAP_GPSK_CSUITE] = {0, 0, 0, 0, 0, 1};
	size_t at;

	gpsk->id_server = take_id(r, F(GPSK_ID_SERVER_LEN), F(GPSK_ID_SERVER));
	gpsk->rand_server = eap_take(r, F(GPSK_RAND_SERVER), EAP_GPSK_RAND);
	at = eap_at(r);
	gpsk->csuite_list = take_csuite_list(r);
	if (gpsk->csuite_list.octets &&
	    !list_has(gpsk->csuite_list, (struct octets){csuite_1, sizeof(csuite_1)}))
		reader_note(r->w->reader, R(5433_CSUITE_1_OFFERED), F(GPSK_CSUITE_LIST), at,
			    2 + gpsk->csuite_list.length, "suite 1 among others", "no suite 1");
	eap_take_end(r);
}

static void walk_gpsk_2(struct eap_reading *r, struct eap_gpsk *gpsk)
{
	size_t at;

	gpsk->id_peer = take_id(r, F(GPSK_ID_PEER_LEN), F(GPSK_ID_PEER));
	gpsk->id_server = take_id(r, F(GPSK_ID_SERVER_LEN), F(GPSK_ID_SERVER));
	gpsk->rand_peer = eap_take(r, F(GPSK_RAND_PEER), EAP_GPSK_RAND);
	gpsk->rand_server = eap_take(r, F(GPSK_RAND_SERVER), EAP_GPSK_RAND);
	gpsk->csuite_list = take_csuite_list(r);
	at = eap_at(r);
	gpsk->csuite_sel = take_csuite_sel(r);
	if (gpsk->csuite_sel.octets && !list_has(gpsk->csuite_list, gpsk->csuite_sel))
		reader_note(r->w->reader, R(5433_CSUITE_SELECTED), F(GPSK_CSUITE_SEL), at,
			    EAP_GPSK_CSUITE, "one of CSuite_List", "another one");
	take_block(r, gpsk);
}

static void walk_gpsk_3(struct eap_reading *r, struct eap_gpsk *gpsk)
{
	gpsk->rand_peer = eap_take(r, F(GPSK_RAND_PEER), EAP_GPSK_RAND);
	gpsk->rand_server = eap_take(r, F(GPSK_RAND_SERVER), EAP_GPSK_RAND);
	gpsk->id_server = take_id(r, F(GPSK_ID_SERVER_LEN), F(GPSK_ID_SERVER));
	gpsk->csuite_sel = take_csuite_sel(r);
	take_block(r, gpsk);
}

static void walk_failure(struct eap_reading *r, struct eap_gpsk *gpsk)
{
	size_t at = eap_at(r);
	bool protected = gpsk->opcode == EAP_GPSK_PROTECTED_FAIL;
	bool authorization;

	gpsk->failure_code = eap_take_u32(r, F(GPSK_FAILURE_CODE));
	gpsk->has_failure_code = !r->w->cut;
	if (r->w->cut)
		return;
	authorization = gpsk->failure_code == EAP_GPSK_AUTHORIZATION_FAILURE;
	if (gpsk->failure_code < 1 || gpsk->failure_code > 3)
		reader_note(r->w->reader, R(5433_FAILURE_CODE), F(GPSK_FAILURE_CODE), at, 4,
			    "1, 2 or 3", "%u", gpsk->failure_code);
	else if (!protected && authorization)
		reader_note(r->w->reader, R(5433_FAIL_AUTHORIZATION), F(GPSK_FAILURE_CODE), at, 4,
			    "Authorization Failure in GPSK-Protected-Fail", "in GPSK-Fail");
	else if (protected && !authorization)
		reader_note(r->w->reader, R(5433_FAIL_PROTECTED), F(GPSK_FAILURE_CODE), at, 4, "3",
			    "%u", gpsk->failure_code);
	if (!protected)
		eap_take_end(r);
}

static void judge_direction(struct eap_reading *r, const struct eap_gpsk *gpsk, size_t start)
{
	unsigned code = gpsk->opcode == EAP_GPSK_1 || gpsk->opcode == EAP_GPSK_3 ? EAP_REQUEST
										 : EAP_RESPONSE;

	if (gpsk->opcode < EAP_GPSK_FAIL && r->m->code != code)
		reader_note(r->w->reader, R(5433_DIRECTION), F(CODE), start, 1,
			    code == EAP_REQUEST ? "Request" : "Response", "GPSK-%u in a %s",
			    gpsk->opcode, r->m->code == EAP_REQUEST ? "Request" : "Response");
}

void eap_walk_gpsk(struct walk *w, struct eap_message *m, size_t start)
{
	struct eap_reading r = {w, m, R(5433_FORMAT)};
	size_t at = eap_at(&r);
	struct eap_gpsk *gpsk = &m->gpsk;

	gpsk->opcode = eap_take_u8(&r, F(GPSK_OPCODE));
	if (w->cut)
		return;
	if (gpsk->opcode < EAP_GPSK_1 || gpsk->opcode > EAP_GPSK_PROTECTED_FAIL) {
		reader_note(w->reader, R(5433_OPCODE), F(GPSK_OPCODE), at, 1, "1 to 6", "%u",
			    gpsk->opcode);
		eap_take_rest(&r, walk_left(w) ? F(DATA) : NULL);
		return;
	}
	judge_direction(&r, gpsk, start);
	if (gpsk->opcode == EAP_GPSK_1)
		walk_gpsk_1(&r, gpsk);
	else if (gpsk->opcode == EAP_GPSK_2)
		walk_gpsk_2(&r, gpsk);
	else if (gpsk->opcode == EAP_GPSK_3)
		walk_gpsk_3(&r, gpsk);
	else if (gpsk->opcode == EAP_GPSK_4)
		take_block(&r, gpsk);
	else
		walk_failure(&r, gpsk);
	if (gpsk->opcode != EAP_GPSK_1 && gpsk->opcode != EAP_GPSK_FAIL)
		take_mac(&r, gpsk, at + 1, start);
}

/* ---- writing ---- */

static void write_part(struct writer *w, struct octets part)
{
	write_octets(w, part.octets, part.length);
}

static void write_sized(struct writer *w, struct octets part)
{
	write_u16(w, (uint16_t)part.length);
	write_part(w, part);
}

static void write_content(struct writer *w, const struct eap_gpsk *gpsk)
{
	switch (gpsk->opcode) {
	case EAP_GPSK_1:
		write_sized(w, gpsk->id_server);
		write_part(w, gpsk->rand_server);
		write_sized(w, gpsk->csuite_list);
		break;
	case EAP_GPSK_2:
		write_sized(w, gpsk->id_peer);
		write_sized(w, gpsk->id_server);
		write_part(w, gpsk->rand_peer);
		write_part(w, gpsk->rand_server);
		write_sized(w, gpsk->csuite_list);
		write_part(w, gpsk->csuite_sel);
		write_sized(w, gpsk->pd_payload);
		break;
	case EAP_GPSK_3:
		write_part(w, gpsk->rand_peer);
		write_part(w, gpsk->rand_server);
		write_sized(w, gpsk->id_server);
		write_part(w, gpsk->csuite_sel);
		write_sized(w, gpsk->pd_payload);
		break;
	case EAP_GPSK_4:
		write_sized(w, gpsk->pd_payload);
		break;
	default:
		write_u32(w, gpsk->failure_code);
	}
}

static size_t write_start(struct writer *w, enum eap_code code, uint8_t identifier,
			  const struct eap_gpsk *gpsk)
{
	size_t begin = eap_write_begin(w, code, identifier);

	write_u8(w, EAP_TYPE_GPSK);
	write_u8(w, gpsk->opcode);
	write_content(w, gpsk);
	return begin;
}

void eap_write_gpsk(struct writer *w, enum eap_code code, uint8_t identifier,
		    const struct eap_gpsk *gpsk)
{
	size_t begin = write_start(w, code, identifier, gpsk);

	write_part(w, gpsk->mac);
	eap_write_end(w, begin);
}

bool eap_write_gpsk_signed(struct writer *w, enum eap_code code, uint8_t identifier,
			   const struct eap_gpsk *gpsk, const struct eap_gpsk_suite *suite,
			   const struct secret *sk)
{
	size_t begin = write_start(w, code, identifier, gpsk);
	uint8_t mac[EAP_GPSK_MAC_MAX];
	struct octets covered = {w->octets + begin + 6, w->length - begin - 6};

	if (w->full || !eap_gpsk_mac(suite, sk, &covered, 1, mac))
		return false;
	write_octets(w, mac, suite->mac_length);
	eap_write_end(w, begin);
	return !w->full;
}

void eap_write_gpsk_pdata(struct writer *w, uint32_t vendor, uint16_t specifier,
			  struct octets value)
{
	write_u32(w, vendor);
	write_u16(w, specifier);
	write_sized(w, value);
}

bool eap_write_gpsk_block(struct writer *w, const struct eap_gpsk_suite *suite,
			  const struct secret *pk, const uint8_t iv[16], struct octets payloads)
{
	uint8_t padding = 0;
	size_t from;

	if (payloads.length > PAYLOADS_MAX)
		return false;
	if (suite->encrypts)
		padding = (uint8_t)((BLOCK - (payloads.length + 1) % BLOCK) % BLOCK);
	write_u8(w, suite->encrypts ? BLOCK : 0);
	if (suite->encrypts)
		write_octets(w, iv, BLOCK);
	from = w->length;
	write_part(w, payloads);
	write_zeros(w, padding);
	write_u8(w, padding);
	return !w->full && eap_gpsk_encrypt(suite, pk, iv, w->octets + from, w->octets + from,
					    w->length - from);
}
