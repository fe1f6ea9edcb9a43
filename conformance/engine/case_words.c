/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of a line: messages, changes, constraints, fields. */
#include "case_impl.h"

#include <stdlib.h>
#include <string.h>

#include "protocols/core/verdict.h"

/* ---- fields ---- */

/* Cuts "pana.avp.data_length@Nonce#2" into its parts; those that are not there are NULL. */
static bool split_field(char *text, char **element, char **number)
{
	uint64_t n;

	*number = strchr(text, '#');
	if (*number)
		*(*number)++ = '\0';
	*element = strchr(text, '@');
	if (*element)
		*(*element)++ = '\0';
	return !*number || (case_number(NULL, *number, &n) && n >= 1 && n < 1000);
}

static bool element_named(const char *name)
{
	return case_element_known(case_element_family("avp"), name) ||
	       case_element_known(case_element_family("attribute"), name);
}

static bool field_refused(struct case_reading *r, const char *name)
{
	char *near = case_near_field(name);
	char *wanted = g_strdup_printf("the name of a field%s", near);

	reading_refused(r, wanted);
	g_free(wanted);
	g_free(near);
	return false;
}

char *case_read_field(struct case_reading *r, const struct field **field)
{
	const struct case_token *t = reading_word(r, "the name of a field");
	char *name, *element, *number;
	bool good;

	if (!t)
		return NULL;
	name = g_strdup(t->text);
	good = split_field(name, &element, &number) ||
	       reading_refused(r, "FIELD#NUMBER, counting from 1");
	good = good &&
	       (!element || element_named(element) ||
		reading_refused(r, "FIELD@ELEMENT, the name or number of an AVP or attribute"));
	good = good && (case_field_find(name, field) || field_refused(r, name));
	g_free(name);
	return good ? g_strdup(t->text) : NULL;
}

/* $NAME is bound by a `keep` above; of a fragment, perhaps by one above its `use`. */
static bool value_bound(struct case_reading *r, const char *text)
{
	return text[0] != '$' || r->out || g_hash_table_contains(r->kept, text + 1) ||
	       reading_refused(r, "a name bound by 'keep' or 'each'");
}

/* ---- messages ---- */

static bool message_word(struct case_reading *r, struct case_message *m)
{
	const struct case_token *t = reading_word(r, "a word of the message, or 'of'");
	char *wanted;

	if (!t)
		return false;
	if (case_message_word_known(m->kind, t->text)) {
		g_ptr_array_add(m->words, g_strdup(t->text));
		return true;
	}
	wanted = g_strdup_printf("a flag or variant of %s, or 'of'", m->kind);
	reading_refused(r, wanted);
	g_free(wanted);
	return false;
}

struct case_message *case_read_message(struct case_reading *r, bool alternative)
{
	struct case_message *m = case_message_new(reading_place(r));
	const struct case_token *t = reading_word(r, "a kind of message (PAR, Request, any, ...)");
	bool good = t != NULL;

	if (good && !case_message_known(t->text))
		good = reading_refused(r, "a kind of message (PAR, Request, any, ...)");
	if (good)
		m->kind = g_strdup(t->text);
	while (good && !reading_take(r, "of")) {
		if (alternative && !reading_peek(r))
			return m;
		good = message_word(r, m);
	}
	if (good && alternative)
		good = reading_refused(r,
				       "the end of the line: an alternative is of the same player");
	if (good)
		return m;
	case_message_free(m);
	return NULL;
}

/* ---- changes ---- */

static bool read_layer(struct case_reading *r, struct case_change *c)
{
	static const struct {
		const char *first, *second;
		enum change_layer layer;
	} layers[] = {
		{"on", "wire", CHANGE_ON_WIRE},
		{"before", "mac", CHANGE_BEFORE_MAC},
	};

	if (!reading_peek(r))
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(layers); i++) {
		guint word = r->word;

		if (reading_take(r, layers[i].first) && reading_take(r, layers[i].second)) {
			c->layer = layers[i].layer;
			return reading_end(r);
		}
		r->word = word;
	}
	return reading_wanted(r, "'on wire', 'before mac' or the end");
}

static bool read_flip(struct case_reading *r, struct case_change *c)
{
	const struct case_token *t = reading_word(r, "'first bit', 'last bit' or a mask");
	size_t length;
	uint8_t *mask;

	if (!t)
		return false;
	c->kind = CHANGE_FLIP;
	c->value = g_strdup(t->text);
	if (strcmp(t->text, "first") == 0 || strcmp(t->text, "last") == 0)
		return reading_demand(r, "bit");
	mask = case_octets(t->text, &length);
	g_free(mask);
	return mask ||
	       reading_refused(r, "'first bit', 'last bit' or a mask in hexadecimal digits");
}

static bool read_set(struct case_reading *r, struct case_change *c, const struct field *field)
{
	const struct case_token *t = reading_word(r, "a value");
	const char *wanted;
	size_t length;
	uint8_t *octets;

	if (!t)
		return false;
	c->kind = CHANGE_SET;
	c->value = g_strdup(t->text);
	if (!value_bound(r, t->text))
		return false;
	if (field)
		return case_value_fits(field, t->text, true, &wanted) || reading_refused(r, wanted);
	if (strcmp(c->target, "octets") != 0)
		return true; /* of the datagram */
	if (t->text[0] == '$')
		return true;
	octets = case_octets(t->text, &length);
	g_free(octets);
	return octets || reading_refused(r, "octets in hexadecimal digits, or text:...");
}

static bool read_octets_word(struct case_reading *r, struct case_change *c)
{
	const struct case_token *t = reading_word(r, "octets in hexadecimal digits");
	size_t length;
	uint8_t *octets;

	if (!t)
		return false;
	c->value = g_strdup(t->text);
	if (!value_bound(r, t->text))
		return false;
	octets = t->text[0] == '$' ? NULL : case_octets(t->text, &length);
	g_free(octets);
	return octets || t->text[0] == '$' ||
	       reading_refused(r, "octets in hexadecimal digits, or text:...");
}

static bool read_count(struct case_reading *r, struct case_change *c)
{
	const struct case_token *t = reading_word(r, "a number of octets");

	if (!t)
		return false;
	return case_count(t->text, 65535, &c->count) ||
	       reading_refused(r, "a number of octets, 1 to 65535");
}

/* What becomes of a value. */
static bool read_value_change(struct case_reading *r, struct case_change *c,
			      const struct field *field)
{
	if (reading_take(r, "="))
		return read_set(r, c, field);
	if (reading_take(r, "flip"))
		return read_flip(r, c);
	if (reading_take(r, "cut")) {
		c->kind = CHANGE_CUT;
		return read_count(r, c);
	}
	if (reading_take(r, "add")) {
		c->kind = CHANGE_ADD;
		return read_octets_word(r, c);
	}
	if (reading_take(r, "zero")) {
		c->kind = CHANGE_ZERO;
		return true;
	}
	if (reading_take(r, "random")) {
		c->kind = CHANGE_RANDOM;
		return true;
	}
	return reading_wanted(r, "'=', 'flip', 'zero', 'cut', 'add' or 'random'");
}

static bool read_position(struct case_reading *r, struct case_change *c)
{
	if (reading_take(r, "first"))
		c->position = POSITION_FIRST;
	else if (reading_take(r, "last"))
		c->position = POSITION_LAST;
	else if (reading_take(r, "before"))
		c->position = POSITION_BEFORE_LAST;
	else
		return reading_wanted(r, "'first', 'before last' or 'last'");
	return c->position != POSITION_BEFORE_LAST || reading_demand(r, "last");
}

static bool read_insert(struct case_reading *r, struct case_change *c)
{
	c->kind = CHANGE_INSERT;
	c->position = POSITION_BEFORE_LAST;
	if (reading_take(r, "=") && !read_octets_word(r, c))
		return false;
	return !reading_peek(r) || read_position(r, c);
}

/* Behind "avp" or "attribute". */
static bool read_element(struct case_reading *r, struct case_change *c, const struct field *family)
{
	const struct case_token *t = reading_word(r, "the name or number of an element");
	char *name, *element, *number;
	bool known;

	c->element = true;
	if (!t)
		return false;
	c->target = g_strdup(t->text);
	name = g_strdup(t->text);
	known = split_field(name, &element, &number) && !element &&
		case_element_known(family, name);
	g_free(name);
	if (!known)
		return reading_refused(r, "the name or number of an element");
	if (reading_take(r, "insert"))
		return read_insert(r, c);
	if (reading_take(r, "move")) {
		c->kind = CHANGE_MOVE;
		return read_position(r, c);
	}
	c->kind = CHANGE_REMOVE;
	if (reading_take(r, "remove"))
		return true;
	c->kind = CHANGE_DUPLICATE;
	return reading_take(r, "duplicate") ||
	       reading_wanted(r, "'remove', 'insert', 'duplicate' or 'move'");
}

static bool read_change(struct case_reading *r, struct case_change *c)
{
	const struct case_token *t = reading_peek(r);
	const struct field *family = t ? case_element_family(t->text) : NULL, *field;

	if (family) {
		r->word++;
		return read_element(r, c, family) && read_layer(r, c);
	}
	c->target = case_read_field(r, &field);
	if (!c->target)
		return false;
	if (field && field->generated)
		return reading_refused(r, "a field that stands in the message");
	return read_value_change(r, c, field) && read_layer(r, c);
}

struct case_change *case_read_change(struct case_reading *r)
{
	struct case_change *c = g_new0(struct case_change, 1);

	c->place = reading_place(r);
	if (read_change(r, c))
		return c;
	case_change_free(c);
	return NULL;
}

/* ---- constraints ---- */

static bool range_fits(const struct field *field, const char *text, const char **wanted)
{
	const char *dots = strstr(text, "..");
	char *from;
	bool fits;

	if (!dots)
		return case_value_fits(field, text, false, wanted);
	from = g_strndup(text, (gsize)(dots - text));
	fits = case_value_fits(field, from, false, wanted) &&
	       case_value_fits(field, dots + 2, false, wanted);
	g_free(from);
	return fits;
}

static bool length_fits(const char *text, const char **wanted)
{
	static const struct field octets = {.kind = FIELD_UINT, .width = 4};

	if (range_fits(&octets, text, wanted))
		return true;
	*wanted = "a number of octets, or a range FROM..TO";
	return false;
}

static bool read_values(struct case_reading *r, struct case_constraint *c,
			const struct field *field)
{
	bool list = c->kind == CONSTRAINT_IN || c->kind == CONSTRAINT_LENGTH;

	do {
		const struct case_token *t = reading_word(r, "a value");
		const char *wanted = "a value";
		bool fits = true;

		if (!t || !value_bound(r, t->text))
			return false;
		if (c->kind == CONSTRAINT_LENGTH)
			fits = t->text[0] == '$' || length_fits(t->text, &wanted);
		else if (c->kind == CONSTRAINT_IN)
			fits = range_fits(field, t->text, &wanted);
		else if (c->kind != CONSTRAINT_MATCHES)
			fits = case_value_fits(field, t->text, false, &wanted);
		if (!fits)
			return reading_refused(r, wanted);
		g_ptr_array_add(c->values, g_strdup(t->text));
	} while (list && reading_take(r, ","));
	return reading_end(r);
}

/* ok(pana.auth.status) */
static bool read_ok(struct case_reading *r, struct case_constraint *c)
{
	const struct field *field;

	c->kind = CONSTRAINT_OK;
	if (!reading_demand(r, "("))
		return false;
	c->field = case_read_field(r, &field);
	if (!c->field)
		return false;
	if (!field || field->names != verdict_names)
		return reading_refused(r, "a field that tells a verdict, such as pana.auth.status");
	return reading_demand(r, ")") && reading_end(r);
}

static bool read_constraint(struct case_reading *r, struct case_constraint *c)
{
	static const struct {
		const char *word;
		enum constraint_kind kind;
	} words[] = {
		{"==", CONSTRAINT_EQUAL},        {"!=", CONSTRAINT_UNEQUAL},
		{"in", CONSTRAINT_IN},           {"len", CONSTRAINT_LENGTH},
		{"matches", CONSTRAINT_MATCHES}, {"present", CONSTRAINT_PRESENT},
		{"absent", CONSTRAINT_ABSENT},
	};

	const struct field *field;

	if (reading_take(r, "ok"))
		return read_ok(r, c);
	c->field = case_read_field(r, &field);
	if (!c->field)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (!reading_take(r, words[i].word))
			continue;
		c->kind = words[i].kind;
		if (c->kind == CONSTRAINT_PRESENT || c->kind == CONSTRAINT_ABSENT)
			return reading_end(r);
		return read_values(r, c, field);
	}
	return reading_wanted(r, "'==', '!=', 'in', 'len', 'matches', 'present' or 'absent'");
}

struct case_constraint *case_read_constraint(struct case_reading *r)
{
	struct case_constraint *c = g_new0(struct case_constraint, 1);

	c->place = reading_place(r);
	c->values = g_ptr_array_new_with_free_func(g_free);
	if (read_constraint(r, c))
		return c;
	case_constraint_free(c);
	return NULL;
}
