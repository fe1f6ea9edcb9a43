/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mutate_edit.h"

#include <string.h>

#include "message.h"

/* Groups whose length stands in a field of theirs, and fields whose length stands before them. */
static const struct length_row {
	const char *holder, *length;
	bool padded; /* to a multiple of four octets, which the length does not count */
} rows[] = {
	{"pana", "pana.length", false},
	{"pana.avp", "pana.avp.data_length", true},
	{"eap", "eap.len", false},
	{"radius", "radius.length", false},
	{"radius.avp", "radius.avp.length", false},
	{"eap.erp.attribute", "eap.erp.attribute.length", false},
	{"eap.gpsk.id_server", "eap.gpsk.id_server.len", false},
	{"eap.gpsk.id_peer", "eap.gpsk.id_peer.len", false},
	{"eap.gpsk.csuite_list", "eap.gpsk.csuite_list_len", false},
	{"eap.gpsk.pd_payload", "eap.gpsk.pd_payload.len", false},
	{"eap.gpsk.pdata", "eap.gpsk.pdata.length", false},
};

static const struct length_row *row_of(const struct field *holder)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (strcmp(rows[i].holder, holder->name) == 0)
			return &rows[i];
	return NULL;
}

bool edit_is_length(const struct field *field)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (strcmp(rows[i].length, field->name) == 0)
			return true;
	return false;
}

static void read_again(struct edit *e)
{
	struct walk w;
	struct eap_message m;

	reading_clear(&e->reading);
	reading_init(&e->reading);
	if (e->protocol != &eap_protocol) {
		reading_alone(&e->reading, e->protocol, e->octets->data, e->octets->len);
		return;
	}
	w = walk_of(e->octets->data, e->octets->len, &e->reading.reader);
	eap_walk(&w, &m);
}

void edit_begin(struct edit *e, const struct protocol *protocol, GByteArray *octets,
		GPtrArray *mentioned)
{
	memset(e, 0, sizeof(*e));
	e->protocol = protocol;
	e->octets = octets;
	e->mentioned = mentioned;
	read_again(e);
}

void edit_clear(struct edit *e)
{
	reading_clear(&e->reading);
}

/* ---- finding ---- */

static const struct seen *at_index(const struct edit *e, guint i)
{
	return &g_array_index(e->reading.seen, struct seen, i);
}

static bool stands_in(const struct seen *inner, const struct seen *outer)
{
	return inner->offset >= outer->offset &&
	       inner->offset + inner->length <= outer->offset + outer->length;
}

const struct seen *edit_element(const struct edit *e, uint64_t code, unsigned n)
{
	const struct seen *group = NULL;

	for (guint i = 0; i < e->reading.seen->len; i++) {
		const struct seen *s = at_index(e, i);

		if (s->source)
			continue;
		if (s->group && (strcmp(s->field->name, "pana.avp") == 0 ||
				 strcmp(s->field->name, "radius.avp") == 0))
			group = s;
		if (group && !s->group &&
		    (strcmp(s->field->name, "pana.avp.code") == 0 ||
		     strcmp(s->field->name, "radius.avp.type") == 0) &&
		    s->value.number == code && --n == 0)
			return group;
	}
	return NULL;
}

const struct seen *edit_find(const struct edit *e, const struct field *field, uint64_t code,
			     unsigned n)
{
	const struct seen *element = code ? edit_element(e, code, 1) : NULL;

	if (code && !element)
		return NULL;
	for (guint i = 0; i < e->reading.seen->len; i++) {
		const struct seen *s = at_index(e, i);

		if (s->field == field && !s->source && (!element || stands_in(s, element)) &&
		    --n == 0)
			return s;
	}
	return NULL;
}

const struct seen *edit_message(const struct edit *e)
{
	return e->reading.seen->len ? at_index(e, 0) : NULL;
}

const struct field *edit_length_field(const struct edit *e, const struct seen *group)
{
	const struct length_row *row = row_of(group->field);

	return row ? reading_field(e->protocol, row->length) : NULL;
}

/* ---- lengths ---- */

static bool is_mentioned(const struct edit *e, const char *name)
{
	for (guint i = 0; e->mentioned && i < e->mentioned->len; i++) {
		const struct field *f = g_ptr_array_index(e->mentioned, i);

		if (strcmp(f->name, name) == 0)
			return true;
	}
	return false;
}

/* The length that holds for `holder`: the first of its name in a group, the last before a field. */
static const struct seen *length_of(const struct edit *e, const struct seen *holder,
				    const char *name)
{
	const struct seen *before = NULL;

	for (guint i = 0; i < e->reading.seen->len; i++) {
		const struct seen *s = at_index(e, i);

		if (s->group || s->source != holder->source || strcmp(s->field->name, name) != 0)
			continue;
		if (s->offset < holder->offset)
			before = s;
		else if (stands_in(s, holder))
			return s;
	}
	return before;
}

struct correction {
	size_t at; /* of the length field */
	unsigned width;
	uint64_t number;
};

static void correct(GByteArray *octets, const struct correction *c)
{
	for (unsigned i = 0; i < c->width && c->at + i < octets->len; i++)
		octets->data[c->at + i] = (uint8_t)(c->number >> 8 * (c->width - 1 - i));
}

/* Replaces octets; nothing but the array is changed. */
static void replace(GByteArray *a, size_t at, size_t old, const uint8_t *octets, size_t length)
{
	GByteArray *tail = g_byte_array_new();

	at = MIN(at, a->len);
	old = MIN(old, a->len - at);
	g_byte_array_append(tail, a->data + at + old, (guint)(a->len - at - old));
	g_byte_array_set_size(a, (guint)at);
	if (length)
		g_byte_array_append(a, octets, (guint)length);
	g_byte_array_append(a, tail->data, tail->len);
	g_byte_array_unref(tail);
}

static size_t padding_of(uint64_t length)
{
	return (size_t)(-length & 3);
}

/* The AVP's padding as it is: what its group holds behind header and value. */
static size_t padding_seen(const struct edit *e, const struct seen *avp)
{
	for (guint i = 0; i < e->reading.seen->len; i++) {
		const struct seen *s = at_index(e, i);

		if (!s->group && !s->source && strcmp(s->field->name, "pana.avp.padding") == 0 &&
		    stands_in(s, avp) && s->offset + s->length == avp->offset + avp->length)
			return s->length;
	}
	return 0;
}

/* Innermost first: groups are reported in the order in which they open. */
static void follow_lengths(struct edit *e, const struct seen *within, int64_t delta)
{
	static const uint8_t zeros[4];
	guint index = (guint)(within - at_index(e, 0));

	for (guint i = index + 1; i > 0 && delta; i--) {
		const struct seen *s = at_index(e, i - 1);
		const struct length_row *row = row_of(s->field);
		const struct seen *length;
		struct correction c;

		if (!row || s->source != within->source || !stands_in(within, s) ||
		    (!s->group && s != within))
			continue;
		length = length_of(e, s, row->length);
		if (!length)
			continue;
		c = (struct correction){length->offset, (unsigned)length->length,
					(uint64_t)((int64_t)length->value.number + delta)};
		if (!is_mentioned(e, row->length))
			correct(e->octets, &c);
		if (row->padded) {
			size_t old = padding_seen(e, s), wanted = padding_of(c.number);
			size_t end = (size_t)((int64_t)(s->offset + s->length - old) + delta);

			replace(e->octets, end, old, zeros, wanted);
			delta += (int64_t)wanted - (int64_t)old;
		}
	}
}

void edit_splice(struct edit *e, const struct seen *within, size_t at, size_t old,
		 const uint8_t *octets, size_t length)
{
	replace(e->octets, at, old, octets, length);
	follow_lengths(e, within, (int64_t)length - (int64_t)old);
	read_again(e);
}

void edit_overwrite(struct edit *e, size_t at, const uint8_t *octets, size_t length)
{
	for (size_t i = 0; i < length && at + i < e->octets->len; i++)
		e->octets->data[at + i] = octets[i];
	read_again(e);
}
