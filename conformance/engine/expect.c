/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "expect.h"

#include <inttypes.h>
#include <string.h>

#include "printer.h"
#include "protocols/core/verdict.h"
#include "value_parse.h"

/* A constraint that is being looked at. */
struct asked {
	const struct case_constraint *constraint;
	const struct field *field;
	const struct field *element; /* FIELD@ELEMENT: the field that names elements; or NULL */
	uint64_t code;               /* and the element's number */
	unsigned nth;                /* FIELD#N; 0: any */
	expect_bound *bound;
	void *context;
	char error[EXPECT_TEXT_SIZE]; /* of a value that is none */
};

static const char *const words[] = {
	[CONSTRAINT_EQUAL] = "==",        [CONSTRAINT_UNEQUAL] = "!=",
	[CONSTRAINT_IN] = "in",           [CONSTRAINT_LENGTH] = "len",
	[CONSTRAINT_MATCHES] = "matches", [CONSTRAINT_PRESENT] = "present",
	[CONSTRAINT_ABSENT] = "absent",   [CONSTRAINT_OK] = "ok",
};

static bool is_numeric(const struct field *field)
{
	return field->kind == FIELD_UINT || field->kind == FIELD_BIT ||
	       field->kind == FIELD_FRAME || field->kind == FIELD_DURATION;
}

static size_t length_of(const struct seen *s)
{
	return is_numeric(s->field) ? s->length : s->value.length;
}

/* ---- one value against one seen ---- */

static bool number_fits(uint64_t number, const struct field *field, const char *text, bool *valid)
{
	char *dots = strstr(text, "..");
	uint64_t low, high;
	char *from;

	if (!dots) {
		*valid = value_number(field, text, &low);
		return *valid && number == low;
	}
	from = g_strndup(text, (gsize)(dots - text));
	*valid = value_number(field, from, &low) && value_number(field, dots + 2, &high);
	g_free(from);
	return *valid && number >= low && number <= high;
}

static bool octets_fit(const struct seen *s, const char *text, bool *valid)
{
	GByteArray *wanted = value_octets(s->field, text);
	bool fits;

	*valid = wanted != NULL;
	if (!wanted)
		return false;
	fits = wanted->len == s->value.length &&
	       (!wanted->len || memcmp(wanted->data, s->value.octets, wanted->len) == 0);
	g_byte_array_unref(wanted);
	return fits;
}

static bool glob_fits(const struct seen *s, const char *glob)
{
	char text[VALUE_TEXT_SIZE];
	GString *plain = g_string_new(NULL);
	bool fits;

	if (s->field->kind == FIELD_TEXT || s->field->kind == FIELD_STATEMENT)
		g_string_append_len(plain, (const char *)s->value.octets, (gssize)s->value.length);
	else if (is_numeric(s->field))
		g_string_append(plain, value_text(s->field, &s->value, true, text));
	else
		for (size_t i = 0; i < s->value.length; i++)
			g_string_append_printf(plain, "%02x", s->value.octets[i]);
	fits = g_pattern_match_simple(glob, plain->str);
	g_string_free(plain, TRUE);
	return fits;
}

static bool value_fits(struct asked *a, const struct seen *s, const char *written)
{
	static const struct field length_field = {.name = "len", .kind = FIELD_UINT, .width = 8};
	char *text = value_expand(written, a->bound, a->context, a->error, sizeof(a->error));
	bool valid = true, fits = false;

	if (!text)
		return false;
	if (a->constraint->kind == CONSTRAINT_LENGTH)
		fits = number_fits(length_of(s), &length_field, text, &valid);
	else if (a->constraint->kind == CONSTRAINT_MATCHES)
		fits = glob_fits(s, text);
	else if (is_numeric(a->field))
		fits = number_fits(s->value.number, a->field, text, &valid);
	else
		fits = octets_fit(s, text, &valid);
	if (!valid)
		g_snprintf(a->error, sizeof(a->error), "\"%s\" is no value for it", text);
	g_free(text);
	return fits;
}

static bool any_fits(struct asked *a, const struct seen *s)
{
	const GPtrArray *values = a->constraint->values;

	for (guint i = 0; values && i < values->len; i++)
		if (value_fits(a, s, g_ptr_array_index(values, i)))
			return true;
	return false;
}

/* The group that a value stands in: the last one opened before it that is not as deep. */
static const struct seen *group_of(const struct reading *r, const struct seen *s)
{
	const struct seen *first = (const struct seen *)(void *)r->seen->data;

	for (const struct seen *g = s; g > first; g--)
		if (g[-1].group && g[-1].depth < s->depth)
			return &g[-1];
	return NULL;
}

/* True if an element of the wanted number is around the value. */
static bool stands_in_element(const struct asked *a, const struct reading *r, const struct seen *s)
{
	const struct seen *last = (const struct seen *)(void *)r->seen->data + r->seen->len;

	for (const struct seen *g = group_of(r, s); g; g = group_of(r, g))
		for (const struct seen *n = g + 1; n < last && n->depth > g->depth; n++)
			if (n->field == a->element && n->depth == g->depth + 1 &&
			    n->value.number == a->code)
				return true;
	return false;
}

static const struct seen *element_seen(const struct asked *a, const struct reading *r)
{
	const struct seen *s = NULL;

	while ((s = reading_find(r, a->element, s)) && s->value.number != a->code)
		;
	return s;
}

/* The next value that is asked for. */
static const struct seen *next_seen(const struct asked *a, const struct reading *r,
				    const struct seen *previous)
{
	const struct seen *s = NULL;

	if (a->nth) {
		for (unsigned i = 0; !previous && i < a->nth && (!i || s); i++)
			s = reading_find(r, a->field, s);
		return s;
	}
	s = reading_find(r, a->field, previous);
	while (s && a->element && !stands_in_element(a, r, s))
		s = reading_find(r, a->field, s);
	return s;
}

/* One of several of a field is enough, but for !=, which all have to keep. */
static bool is_kept(struct asked *a, const struct reading *r)
{
	const struct seen *s = next_seen(a, r, NULL);
	bool all = a->constraint->kind == CONSTRAINT_UNEQUAL;

	/* The value of an AVP is there with it, whatever fields it is read as. */
	if (!s && a->element && strcmp(a->field->name, "pana.avp.value") == 0)
		s = element_seen(a, r);
	if (a->constraint->kind == CONSTRAINT_ABSENT)
		return !s;
	if (a->constraint->kind == CONSTRAINT_PRESENT || !s)
		return s != NULL;
	for (; s; s = next_seen(a, r, s)) {
		bool fits = a->constraint->kind == CONSTRAINT_OK
				    ? s->value.number == VERDICT_VERIFIED
				    : any_fits(a, s) != all;

		if (fits != all)
			return fits;
	}
	return all;
}

/* ---- what is wrong ---- */

static void say_wanted(const struct asked *a, struct mismatch *m)
{
	const GPtrArray *values = a->constraint->values;
	GString *text = g_string_new(words[a->constraint->kind]);

	for (guint i = 0; values && i < values->len; i++) {
		const char *value = g_ptr_array_index(values, i);
		const char *bound =
			*value == '$' && a->bound ? a->bound(a->context, value + 1) : NULL;

		g_string_append_printf(text, "%s %s", i ? "," : "", value);
		if (bound)
			g_string_append_printf(text, " (%s)", bound);
	}
	if (a->error[0])
		g_string_append_printf(text, " [%s]", a->error);
	g_strlcpy(m->wanted, text->str, sizeof(m->wanted));
	g_string_free(text, TRUE);
}

static void say_got(const struct asked *a, const struct reading *r, struct mismatch *m)
{
	const struct seen *s = next_seen(a, r, NULL);
	char text[VALUE_TEXT_SIZE];

	if (!s)
		g_strlcpy(m->got, "none", sizeof(m->got));
	else if (a->constraint->kind == CONSTRAINT_LENGTH)
		g_snprintf(m->got, sizeof(m->got), "%zu octets", length_of(s));
	else
		g_strlcpy(m->got, value_text(s->field, &s->value, false, text), sizeof(m->got));
}

static const char *const datagram_names[] = {"source.address", "source.port", "destination.address",
					     "destination.port", "octets"};

static bool of_datagram(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(datagram_names); i++)
		if (strcmp(datagram_names[i], name) == 0)
			return true;
	return false;
}

/* Takes "FIELD@ELEMENT#N" apart. */
static void look_up(struct asked *a, const struct protocol *protocol)
{
	char *name = g_strdup(a->constraint->field);
	char *number = strchr(name, '#'), *element;

	if (number)
		*number++ = '\0';
	element = strchr(name, '@');
	if (element)
		*element++ = '\0';
	a->field = reading_field(protocol, name);
	a->nth = number ? (unsigned)g_ascii_strtoull(number, NULL, 10) : 0;
	if (element) {
		a->element = reading_field(protocol, "pana.avp.code");
		if (!a->element || !value_number(a->element, element, &a->code)) {
			a->element = reading_field(protocol, "eap.erp.attribute.type");
			if (!a->element || !value_number(a->element, element, &a->code))
				a->field = NULL;
		}
	}
	g_free(name);
}

bool expect_keeps(const struct reading *r, const struct protocol *protocol,
		  const GPtrArray *constraints, expect_bound *bound, void *context,
		  struct mismatch *mismatch)
{
	for (guint i = 0; constraints && i < constraints->len; i++) {
		struct asked a = {
			.constraint = g_ptr_array_index(constraints, i),
			.bound = bound,
			.context = context,
		};

		if (of_datagram(a.constraint->field))
			continue;
		look_up(&a, protocol);
		g_strlcpy(mismatch->field, a.field ? a.field->name : a.constraint->field,
			  sizeof(mismatch->field));
		if (!a.field) {
			g_strlcpy(mismatch->wanted, "a field", sizeof(mismatch->wanted));
			g_strlcpy(mismatch->got, "no such field", sizeof(mismatch->got));
			return false;
		}
		if (is_kept(&a, r))
			continue;
		say_wanted(&a, mismatch);
		say_got(&a, r, mismatch);
		return false;
	}
	return true;
}

/* ---- the datagram ---- */

static void see_endpoint(struct reading *r, const struct field *fields, const struct endpoint *e)
{
	reader_octets(&r->reader, &fields[0], 0, 0, e->address.octets, address_length(&e->address));
	reader_number(&r->reader, &fields[1], 0, 2, e->port);
}

/* A reading of the datagram, whose fields are made for its family. */
static bool keeps_one(const struct datagram *d, const struct case_constraint *c,
		      expect_bound *bound, void *context, struct mismatch *mismatch)
{
	enum field_kind kind = d->source.address.family == ADDRESS_IPV6 ? FIELD_IPV6 : FIELD_IPV4;
	const struct field fields[] = {
		{.name = datagram_names[0], .kind = kind},
		{.name = datagram_names[1], .kind = FIELD_UINT, .width = 2},
		{.name = datagram_names[2], .kind = kind},
		{.name = datagram_names[3], .kind = FIELD_UINT, .width = 2},
		{.name = datagram_names[4], .kind = FIELD_OCTETS},
	};
	struct asked a = {.constraint = c, .bound = bound, .context = context};
	struct reading r;
	bool kept;

	reading_init(&r);
	see_endpoint(&r, &fields[0], &d->source);
	see_endpoint(&r, &fields[2], &d->destination);
	reader_octets(&r.reader, &fields[4], 0, d->octets.length, d->octets.octets,
		      d->octets.length);
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
		if (strcmp(fields[i].name, c->field) == 0)
			a.field = &fields[i];
	kept = is_kept(&a, &r);
	if (!kept) {
		g_strlcpy(mismatch->field, c->field, sizeof(mismatch->field));
		say_wanted(&a, mismatch);
		say_got(&a, &r, mismatch);
	}
	reading_clear(&r);
	return kept;
}

bool expect_keeps_datagram(const struct datagram *d, const GPtrArray *constraints,
			   expect_bound *bound, void *context, struct mismatch *mismatch)
{
	for (guint i = 0; constraints && i < constraints->len; i++) {
		const struct case_constraint *c = g_ptr_array_index(constraints, i);

		if (of_datagram(c->field) && !keeps_one(d, c, bound, context, mismatch))
			return false;
	}
	return true;
}
