/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The EAP message: header, types 1 to 3 and Expanded types (RFC 3748 4, 5), read and written. */
#include <glib.h>
#include <string.h>

#include "eap_walks.h"
#include "eap_write.h"

/* ---- reading fields ---- */

static void note_if_cut(struct eap_reading *r, const struct field *field, size_t wanted)
{
	size_t left = walk_left(r->w);

	if (!r->w->cut || !r->m->sound)
		return;
	r->m->sound = false;
	if (r->w->reader) {
		char text[40];

		g_snprintf(text, sizeof(text), "%zu octets", wanted);
		reader_note(r->w->reader, r->format, field, r->w->position, left, text,
			    "%zu octets left", left);
	}
}

uint8_t eap_take_u8(struct eap_reading *r, const struct field *field)
{
	uint8_t number = walk_u8(r->w, field);

	note_if_cut(r, field, 1);
	return number;
}

uint16_t eap_take_u16(struct eap_reading *r, const struct field *field)
{
	uint16_t number = walk_u16(r->w, field);

	note_if_cut(r, field, 2);
	return number;
}

uint32_t eap_take_u24(struct eap_reading *r, const struct field *field)
{
	uint32_t number = walk_u24(r->w, field);

	note_if_cut(r, field, 3);
	return number;
}

uint32_t eap_take_u32(struct eap_reading *r, const struct field *field)
{
	uint32_t number = walk_u32(r->w, field);

	note_if_cut(r, field, 4);
	return number;
}

struct octets eap_take(struct eap_reading *r, const struct field *field, size_t length)
{
	const uint8_t *octets = walk_octets(r->w, field, length);

	note_if_cut(r, field, length);
	return (struct octets){octets, octets ? length : 0};
}

struct octets eap_take_rest(struct eap_reading *r, const struct field *field)
{
	return eap_take(r, field, walk_left(r->w));
}

void eap_take_end(struct eap_reading *r)
{
	size_t at = r->w->position;
	size_t left = walk_left(r->w);

	if (!left || r->w->cut)
		return;
	walk_octets(r->w, F(DATA), left);
	r->m->sound = false;
	reader_note(r->w->reader, r->format, F(DATA), at, left, "nothing more", "%zu octets more",
		    left);
}

struct octets eap_since(const struct eap_reading *r, size_t from)
{
	if (r->w->cut)
		return (struct octets){NULL, 0};
	return (struct octets){r->w->octets + from, r->w->position - from};
}

bool eap_same(struct octets a, struct octets b)
{
	return a.length == b.length && (!a.length || !memcmp(a.octets, b.octets, a.length));
}

/* ---- types 1, 2, 3 ---- */

static bool ends_with_null(struct octets text)
{
	return text.length && !text.octets[text.length - 1];
}

/* What is displayed: up to a null (RFC 3748 5.1). */
static void judge_utf8(struct walk *w, const struct field *field, size_t at, struct octets text)
{
	const uint8_t *null;
	size_t shown;

	if (!w->reader || !text.length)
		return;
	null = memchr(text.octets, 0, text.length);
	shown = null ? (size_t)(null - text.octets) : text.length;
	if (!g_utf8_validate((const char *)text.octets, (gssize)shown, NULL))
		reader_note(w->reader, R(3748_NOTIFICATION_UTF8), field, at, text.length, "UTF-8",
			    "other octets");
}

static void walk_identity(struct walk *w, struct eap_message *m)
{
	struct eap_reading r = {w, m, R(3748_LENGTH)};
	size_t at = eap_at(&r);
	struct octets text = eap_take_rest(&r, F(IDENTITY));

	if (m->length > 1020)
		reader_note(w->reader, R(3748_IDENTITY_SIZE), F(IDENTITY), at, text.length,
			    "at most 1020 octets of message", "%u", m->length);
	if (m->code == EAP_REQUEST)
		judge_utf8(w, F(IDENTITY), at, text);
	else if (ends_with_null(text))
		reader_note(w->reader, R(3748_IDENTITY_NULL), F(IDENTITY), at + text.length - 1, 1,
			    "no null at the end", "a null");
}

static void walk_notification(struct walk *w, struct eap_message *m)
{
	struct eap_reading r = {w, m, R(3748_LENGTH)};
	size_t at = eap_at(&r);
	struct octets text = eap_take_rest(&r, F(NOTIFICATION));

	if (m->code == EAP_RESPONSE) {
		if (text.length)
			reader_note(w->reader, R(3748_NOTIFICATION_RESPONSE), F(NOTIFICATION), at,
				    text.length, "0 octets", "%zu octets", text.length);
		return;
	}
	if (!text.length && m->sound)
		reader_note(w->reader, R(3748_NOTIFICATION_EMPTY), F(NOTIFICATION), at, 0,
			    "1 octet or more", "0 octets");
	if (ends_with_null(text))
		reader_note(w->reader, R(3748_NOTIFICATION_NULL), F(NOTIFICATION),
			    at + text.length - 1, 1, "no null at the end", "a null");
	judge_utf8(w, F(NOTIFICATION), at, text);
}

static void judge_nak_code(struct walk *w, const struct eap_message *m, size_t start)
{
	if (m->code == EAP_REQUEST)
		reader_note(w->reader, R(3748_NAK_REQUEST), F(CODE), start, 1, "Response",
			    "Request");
}

static void walk_nak(struct walk *w, struct eap_message *m, size_t start)
{
	judge_nak_code(w, m, start);
	if (!walk_left(w) && m->sound)
		reader_note(w->reader, R(3748_NAK_EMPTY), F(NAK_TYPE), w->position, 0,
			    "one type or more", "none");
	while (walk_left(w)) {
		size_t at = w->position;
		uint8_t type = walk_u8(w, F(NAK_TYPE));

		if (type > 0 && type < EAP_TYPE_MD5)
			reader_note(w->reader, R(3748_NAK_TYPES), F(NAK_TYPE), at, 1,
				    "0 or 4 to 255", "%u", type);
	}
}

/* One of the types of an Expanded Nak (RFC 3748 5.3.2): 8 octets. */
static void walk_expanded_nak_type(struct eap_reading *r)
{
	size_t at = eap_at(r);
	uint32_t vendor, type;
	uint8_t mark;

	walk_open(r->w, F(EXT_NAK), EAP_EXPANDED_SIZE);
	mark = eap_take_u8(r, F(EXT_NAK_MARK));
	vendor = eap_take_u24(r, F(EXT_NAK_VENDOR));
	type = eap_take_u32(r, F(EXT_NAK_TYPE));
	walk_close(r->w);
	if (r->w->cut)
		return;
	if (mark != EAP_TYPE_EXPANDED)
		reader_note(r->w->reader, r->format, F(EXT_NAK_MARK), at, 1, "254", "%u", mark);
	if (vendor == 0 && type > 0 && type < EAP_TYPE_MD5)
		reader_note(r->w->reader, R(3748_EXPANDED_NAK_TYPES), F(EXT_NAK_TYPE), at + 4, 4,
			    "0 or from 4 on", "%u", type);
}

static void walk_expanded_nak(struct walk *w, struct eap_message *m, size_t start)
{
	struct eap_reading r = {w, m, R(3748_EXPANDED_NAK_FORMAT)};

	judge_nak_code(w, m, start);
	if (!walk_left(w) && m->sound)
		reader_note(w->reader, r.format, F(EXT_NAK), w->position, 0, "one type or more",
			    "none");
	while (walk_left(w) && !w->cut)
		walk_expanded_nak_type(&r);
}

/* ---- the message ---- */

static void walk_method(struct walk *w, struct eap_message *m, size_t start)
{
	switch (m->method) {
	case EAP_TYPE_IDENTITY:
		walk_identity(w, m);
		break;
	case EAP_TYPE_NOTIFICATION:
		walk_notification(w, m);
		break;
	case EAP_TYPE_NAK:
		if (m->expanded)
			walk_expanded_nak(w, m, start);
		else
			walk_nak(w, m, start);
		break;
	case EAP_TYPE_TLS:
	case EAP_TYPE_TTLS:
	case EAP_TYPE_PEAP:
	case EAP_TYPE_FAST:
	case EAP_TYPE_TEAP:
		eap_walk_tls(w, m);
		break;
	case EAP_TYPE_PSK:
		eap_walk_psk(w, m, start);
		break;
	case EAP_TYPE_GPSK:
		eap_walk_gpsk(w, m, start);
		break;
	default:
		if (walk_left(w))
			walk_octets(w, F(DATA), walk_left(w));
	}
}

static void walk_expanded(struct walk *w, struct eap_message *m)
{
	struct eap_reading r = {w, m, R(3748_EXPANDED_FORMAT)};

	m->vendor = eap_take_u24(&r, F(EXT_VENDOR));
	m->vendor_type = eap_take_u32(&r, F(EXT_TYPE));
	m->expanded = !w->cut;
	if (m->expanded && m->vendor == 0 && m->vendor_type < 256)
		m->method = (uint8_t)m->vendor_type;
}

/* Request and Response (RFC 3748 4.1). */
static void walk_typed(struct walk *w, struct eap_message *m, size_t start)
{
	struct eap_reading r = {w, m, R(3748_TYPE_PRESENT)};
	size_t at = w->position;

	m->type = eap_take_u8(&r, F(TYPE));
	m->method = m->type;
	m->has_type = !w->cut;
	if (w->cut)
		return;
	if (m->type == 0)
		reader_note(w->reader, R(3748_TYPE_ZERO), F(TYPE), at, 1, "1 to 255", "0");
	if (m->type == EAP_TYPE_EXPANDED)
		walk_expanded(w, m);
	if (w->cut)
		return;
	m->data = (struct octets){w->octets + w->position, walk_left(w)};
	walk_method(w, m, start);
}

static void walk_body(struct walk *w, struct eap_message *m, size_t start)
{
	size_t left = walk_left(w);

	switch (m->code) {
	case EAP_REQUEST:
	case EAP_RESPONSE:
		walk_typed(w, m, start);
		break;
	case EAP_SUCCESS:
	case EAP_FAILURE:
		if (m->length > EAP_HEADER_SIZE)
			reader_note(w->reader, R(3748_SUCCESS_LENGTH), F(LEN), start + 2, 2, "4",
				    "%u", m->length);
		if (left)
			walk_octets(w, F(DATA), left);
		break;
	case EAP_INITIATE:
	case EAP_FINISH:
		eap_walk_erp(w, m, start);
		break;
	default:
		reader_note(w->reader, R(3748_CODE), F(CODE), start, 1, "1 to 6", "%u", m->code);
		if (left)
			walk_octets(w, F(DATA), left);
	}
}

/* Length against what is there; how many octets the message has. */
static size_t judge_length(struct walk *w, struct eap_message *m, size_t start)
{
	size_t there = m->octets.length;
	char wanted[40];

	if (m->length >= EAP_HEADER_SIZE && m->length <= there)
		return m->length;
	g_snprintf(wanted, sizeof(wanted), "%d to %zu", EAP_HEADER_SIZE, there);
	reader_note(w->reader, R(3748_LENGTH), F(LEN), start + 2, 2, wanted, "%u", m->length);
	m->sound = false;
	return m->length < EAP_HEADER_SIZE ? EAP_HEADER_SIZE : there;
}

void eap_walk(struct walk *w, struct eap_message *m)
{
	size_t start = w->position;
	size_t length = walk_left(w);
	struct eap_reading r = {w, m, R(3748_LENGTH)};
	struct walk body;

	memset(m, 0, sizeof(*m));
	m->octets = (struct octets){w->octets ? w->octets + start : NULL, length};
	m->sound = true;
	walk_open(w, F(EAP), length);
	m->code = eap_take_u8(&r, F(CODE));
	m->identifier = eap_take_u8(&r, F(ID));
	m->length = eap_take_u16(&r, F(LEN));
	m->complete = !w->cut;
	if (m->complete) {
		length = judge_length(w, m, start);
		m->octets.length = length;
		body = walk_window(w, length - EAP_HEADER_SIZE);
		walk_body(&body, m, start);
		if (walk_left(w))
			walk_octets(w, F(TRAILING), walk_left(w));
	}
	walk_close(w);
}

/* ---- writing ---- */

size_t eap_write_begin(struct writer *w, enum eap_code code, uint8_t identifier)
{
	size_t begin = w->length;

	write_u8(w, (uint8_t)code);
	write_u8(w, identifier);
	write_u16(w, 0);
	return begin;
}

void eap_write_end(struct writer *w, size_t begin)
{
	if (!w->full)
		write_patch_u16(w, begin + 2, (uint16_t)(w->length - begin));
}

void eap_write_bare(struct writer *w, enum eap_code code, uint8_t identifier)
{
	eap_write_end(w, eap_write_begin(w, code, identifier));
}

void eap_write_typed(struct writer *w, enum eap_code code, uint8_t identifier, uint8_t type,
		     struct octets data)
{
	size_t begin = eap_write_begin(w, code, identifier);

	write_u8(w, type);
	write_octets(w, data.octets, data.length);
	eap_write_end(w, begin);
}

void eap_write_expanded_type(struct writer *w, uint32_t vendor, uint32_t vendor_type)
{
	write_u8(w, EAP_TYPE_EXPANDED);
	write_u24(w, vendor);
	write_u32(w, vendor_type);
}

void eap_write_expanded(struct writer *w, enum eap_code code, uint8_t identifier, uint32_t vendor,
			uint32_t vendor_type, struct octets data)
{
	size_t begin = eap_write_begin(w, code, identifier);

	eap_write_expanded_type(w, vendor, vendor_type);
	write_octets(w, data.octets, data.length);
	eap_write_end(w, begin);
}
