/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mutate.h"

#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "mutate_edit.h"
#include "value_parse.h"

enum { EAP_ATTRIBUTE = 79, ATTRIBUTE_VALUE_MAX = 253 };

/* A change whose target has been looked up. */
struct wanted {
	const struct case_change *change;
	const struct field *field; /* NULL: an element, or the octets as a whole */
	bool whole;                /* "octets" */
	uint64_t code;             /* of the element; of a field: the one it stands in, 0: any */
	uint64_t vendor;           /* of the element; 0: the IETF's */
	unsigned nth;              /* from 1 */
	char *value;               /* with $names replaced; or NULL */
};

/* When a change is made. */
enum turn {
	TURN_EAP_FIELD,
	TURN_EAP_SEAL,
	TURN_EAP_MAC,
	TURN_EAP_WIRE,
	TURN_ELEMENT,
	TURN_FIELD,
	TURN_LENGTH,
	TURN_SEAL,
	TURN_MAC,
	TURN_WIRE,
	TURNS
};

static void fail(char *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void fail(char *error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_vsnprintf(error, MUTATE_ERROR_SIZE, format, arguments);
	va_end(arguments);
}

/* ---- targets ---- */

/* "Nonce", "99", "37244/9". */
static bool element_code(const struct protocol *protocol, const char *name, struct wanted *w)
{
	const struct field *codes = reading_field(
		protocol, protocol == &pana_protocol ? "pana.avp.code" : "eap.erp.attribute.type");
	const char *slash = strchr(name, '/');
	char *end;

	if (slash) {
		w->vendor = g_ascii_strtoull(name, &end, 10);
		w->code = g_ascii_strtoull(slash + 1, NULL, 10);
		return end == slash && w->code > 0 && w->code <= UINT16_MAX;
	}
	return codes && value_number(codes, name, &w->code) && w->code > 0 && w->code <= UINT16_MAX;
}

/* Splits "NAME@ELEMENT#N". */
static bool look_up(const struct protocol *protocol, const struct case_change *change,
		    struct wanted *w, char *error)
{
	char *name = g_strdup(change->target ? change->target : "octets");
	char *number = strchr(name, '#'), *element;
	bool found = true;

	*w = (struct wanted){.change = change, .nth = 1};
	if (number) {
		*number++ = '\0';
		w->nth = (unsigned)MAX(1, atoi(number));
	}
	element = strchr(name, '@');
	if (element)
		*element++ = '\0';
	if (strcmp(name, "octets") == 0) {
		w->whole = true;
	} else if (change->element) {
		found = element_code(protocol, name, w);
		if (!found)
			fail(error, "wanted an AVP or attribute, found \"%.60s\"", name);
	} else {
		w->field = reading_field(protocol, name);
		found = w->field && !w->field->generated;
		if (!found)
			fail(error, "wanted a field of a message, found \"%.60s\"", name);
		else if (element && !element_code(protocol, element, w)) {
			fail(error, "wanted an AVP or attribute, found \"%.60s\"", element);
			found = false;
		}
	}
	g_free(name);
	return found;
}

bool mutate_target_known(const struct protocol *protocol, const struct case_change *change,
			 char error[MUTATE_ERROR_SIZE])
{
	struct wanted w;

	return look_up(protocol, change, &w, error);
}

static bool is_mac(const struct field *field)
{
	static const char *const names[] = {
		"pana.auth",
		"eap.psk.mac_p",
		"eap.psk.mac_s",
		"eap.erp.tag",
		"eap.gpsk.payload_mac",
		"radius.Message_Authenticator",
		"eap.psk.pchannel.tag",
	};

	for (size_t i = 0; field && i < G_N_ELEMENTS(names); i++)
		if (strcmp(names[i], field->name) == 0)
			return true;
	return false;
}

static bool is_of_eap(const struct field *field)
{
	size_t index;

	return field && protocol_field_index(&eap_protocol, field, &index);
}

/* A change belongs to the protocol of its field; what carries that is computed over it. */
static enum turn turn_of(const struct wanted *w)
{
	bool wire = w->change->layer == CHANGE_ON_WIRE;

	if (is_of_eap(w->field) && wire)
		return TURN_EAP_WIRE;
	if (is_of_eap(w->field))
		return is_mac(w->field) ? TURN_EAP_MAC : TURN_EAP_FIELD;
	if (w->whole || wire)
		return TURN_WIRE;
	if (!w->field)
		return TURN_ELEMENT;
	if (is_mac(w->field))
		return TURN_MAC;
	return edit_is_length(w->field) ? TURN_LENGTH : TURN_FIELD;
}

/* ---- changes of octets ---- */

static void flip_bit(GByteArray *a, size_t bit)
{
	if (bit / 8 < a->len)
		a->data[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
}

static bool flip(GByteArray *a, const char *how)
{
	GByteArray *mask;
	char *end;

	if (!how || !*how || strcmp(how, "last bit") == 0 || strcmp(how, "last") == 0) {
		if (a->len)
			flip_bit(a, 8U * a->len - 1);
		return true;
	}
	if (strcmp(how, "first bit") == 0 || strcmp(how, "first") == 0) {
		flip_bit(a, 0);
		return true;
	}
	if (strcmp(how, "all") == 0) {
		for (guint i = 0; i < a->len; i++)
			a->data[i] ^= 0xff;
		return true;
	}
	if (g_str_has_prefix(how, "bit ")) {
		flip_bit(a, strtoul(how + 4, &end, 10));
		return !*end;
	}
	mask = value_hex(how);
	for (guint i = 0; mask && i < mask->len && i < a->len; i++)
		a->data[i] ^= mask->data[i];
	if (mask)
		g_byte_array_unref(mask);
	return mask != NULL;
}

static void randomise(const struct mutation *m, GByteArray *a)
{
	GByteArray *other = g_byte_array_new();

	g_byte_array_set_size(other, a->len);
	do {
		prng_fill(m->random, other->data, other->len);
	} while (a->len && memcmp(a->data, other->data, a->len) == 0);
	if (a->len)
		memcpy(a->data, other->data, a->len);
	g_byte_array_unref(other);
}

/* Changes `a`, the octets of a field or of the whole. `field` gives values their form. */
static bool change_octets(const struct mutation *m, const struct wanted *w,
			  const struct field *field, GByteArray *a, char *error)
{
	GByteArray *value = NULL;
	unsigned cut = w->change->count;

	switch (w->change->kind) {
	case CHANGE_SET:
	case CHANGE_ADD:
		if (w->value && w->change->kind == CHANGE_SET && field)
			value = value_octets(field, w->value);
		else if (w->value)
			value = g_str_has_prefix(w->value, "text:") && field
					? value_octets(field, w->value)
					: value_hex(w->value);
		if (!value) {
			fail(error, "%s: \"%.60s\" is no value for it",
			     w->change->target ? w->change->target : "octets",
			     w->value ? w->value : "");
			return false;
		}
		if (w->change->kind == CHANGE_SET)
			g_byte_array_set_size(a, 0);
		g_byte_array_append(a, value->data, value->len);
		g_byte_array_unref(value);
		return true;
	case CHANGE_FLIP:
		if (flip(a, w->value))
			return true;
		fail(error,
		     "flip: wanted first bit, last bit, all, bit N or a mask, found \"%.60s\"",
		     w->value);
		return false;
	case CHANGE_ZERO:
		memset(a->data, 0, a->len);
		return true;
	case CHANGE_CUT:
		g_byte_array_set_size(a, a->len - MIN(cut ? cut : 1, a->len));
		return true;
	case CHANGE_RANDOM:
		randomise(m, a);
		return true;
	default:
		fail(error, "%s: elements alone can be removed, inserted, duplicated or moved",
		     w->change->target ? w->change->target : "octets");
		return false;
	}
}

/* ---- fields ---- */

static uint64_t read_number(const uint8_t *octets, size_t width)
{
	uint64_t number = 0;

	for (size_t i = 0; i < width; i++)
		number = number << 8 | octets[i];
	return number;
}

/* Part of a number: the bits under a mask. */
static bool change_bits(const struct mutation *m, const struct wanted *w, struct edit *e,
			const struct seen *s, char *error)
{
	uint64_t mask = w->field->mask, number, value = 0, low = mask & (~mask + 1);
	size_t width = w->field->width;
	uint8_t octets[8];

	if (s->offset + width > e->octets->len || width > 8)
		return false;
	number = read_number(e->octets->data + s->offset, width);
	switch (w->change->kind) {
	case CHANGE_SET:
		if (!w->value || !value_number(w->field, w->value, &value)) {
			fail(error, "%s: \"%.60s\" is no value for it", w->field->name,
			     w->value ? w->value : "");
			return false;
		}
		value = value * low & mask;
		break;
	case CHANGE_FLIP:
		value = ~number & mask;
		break;
	case CHANGE_ZERO:
		break;
	case CHANGE_RANDOM:
		do {
			value = prng_number(m->random) & mask;
		} while (value == (number & mask));
		break;
	default:
		fail(error, "%s: a bit has no length", w->field->name);
		return false;
	}
	number = (number & ~mask) | value;
	for (size_t i = 0; i < width; i++)
		octets[i] = (uint8_t)(number >> 8 * (width - 1 - i));
	edit_overwrite(e, s->offset, octets, width);
	return true;
}

/* "+1", "-2": relative to what would be sent. The caller frees. NULL: it is not. */
static char *relative_value(const struct wanted *w, const struct seen *s)
{
	const char *v = w->value;
	uint64_t more, number;

	if (w->change->kind != CHANGE_SET || !v || w->field->kind != FIELD_UINT ||
	    (v[0] != '+' && v[0] != '-') || !value_number(w->field, v + 1, &more))
		return NULL;
	number = v[0] == '+' ? s->value.number + more : s->value.number - more;
	if (w->field->width < 8)
		number &= (UINT64_C(1) << 8 * w->field->width) - 1;
	return g_strdup_printf("%" G_GUINT64_FORMAT, number);
}

/* Reserved bits that are zero are not reported: they stand in the flags around them. */
static const struct seen *find_around(const struct edit *e, const struct wanted *w)
{
	static const struct {
		const char *field, *around;
	} rows[] = {
		{"pana.flags.reserved", "pana.flag_word"},
		{"pana.avp.flags.reserved", "pana.avp.flags"},
		{"eap.psk.flags.reserved", "eap.psk.flags"},
		{"eap.erp.flags.reserved", "eap.erp.flags"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (strcmp(rows[i].field, w->field->name) == 0)
			return edit_find(e, reading_field(e->protocol, rows[i].around), w->code,
					 w->nth);
	return NULL;
}

/* The value of an AVP that the walk reads as fields of its own. */
static bool change_avp_value(const struct mutation *m, const struct wanted *w, struct edit *e,
			     char *error)
{
	const struct seen *element = edit_element(e, w->code, w->nth);
	size_t header, length;
	GByteArray *a;
	bool changed;

	if (!element || element->offset + PANA_AVP_HEADER_SIZE > e->octets->len) {
		fail(error, "the message has no %s", w->change->target);
		return false;
	}
	header = PANA_AVP_HEADER_SIZE + (e->octets->data[element->offset + 2] & 0x80 ? 4 : 0);
	length = (size_t)read_number(e->octets->data + element->offset + 4, 2);
	length = MIN(length, element->length - MIN(header, element->length));
	a = g_byte_array_new();
	g_byte_array_append(a, e->octets->data + element->offset + header, (guint)length);
	changed = change_octets(m, w, w->field, a, error);
	if (changed)
		edit_splice(e, element, element->offset + header, length, a->data, a->len);
	g_byte_array_unref(a);
	return changed;
}

static bool change_field(const struct mutation *m, const struct wanted *wanted, struct edit *e,
			 char *error)
{
	struct wanted copy = *wanted;
	const struct wanted *w = &copy;
	const struct seen *found = edit_find(e, w->field, w->code, w->nth);
	struct seen s;
	GByteArray *a;
	char *relative;
	bool changed;

	if (!found)
		found = find_around(e, w);
	if (!found && strcmp(w->field->name, "pana.avp.value") == 0)
		return change_avp_value(m, w, e, error);
	if (!found) {
		fail(error, "the message has no %s", w->change->target);
		return false;
	}
	s = *found;
	if (w->field->mask)
		return change_bits(m, w, e, found, error);
	/* What stands behind a message is not of its length. */
	if (found->group && edit_length_field(e, found))
		g_ptr_array_add(e->mentioned, (gpointer)edit_length_field(e, found));
	relative = relative_value(w, found);
	if (relative)
		copy.value = relative;
	a = g_byte_array_new();
	s.length = MIN(s.length, e->octets->len - MIN(s.offset, e->octets->len));
	g_byte_array_append(a, e->octets->data + s.offset, (guint)s.length);
	changed = change_octets(m, w, w->field, a, error);
	if (changed && a->len == s.length)
		edit_overwrite(e, s.offset, a->data, a->len);
	else if (changed)
		edit_splice(e, found, s.offset, s.length, a->data, a->len);
	g_byte_array_unref(a);
	g_free(relative);
	return changed;
}

/* ---- elements ---- */

/* The message that the element stands in, for a relayed one the inner. */
static const struct seen *parent_of(const struct edit *e, const struct seen *element)
{
	const struct seen *parent = edit_message(e);
	const struct seen *first = parent;

	for (const struct seen *s = first; s < element; s++)
		if (s->group && s->field == first->field && s->offset <= element->offset &&
		    element->offset + element->length <= s->offset + s->length)
			parent = s;
	return parent;
}

static size_t header_size(const struct edit *e)
{
	return e->protocol == &pana_protocol ? PANA_HEADER_SIZE : RADIUS_HEADER_LENGTH;
}

/* Where an element at this position begins. */
static size_t place_of(const struct edit *e, const struct seen *parent,
		       enum change_position position)
{
	size_t end = parent->offset + parent->length, last = end;

	if (position == POSITION_FIRST)
		return parent->offset + header_size(e);
	if (position == POSITION_LAST)
		return end;
	for (guint i = 0; i < e->reading.seen->len; i++) {
		const struct seen *s = &g_array_index(e->reading.seen, struct seen, i);

		if (s->group && !s->source && s->depth == parent->depth + 1 &&
		    s->offset >= parent->offset && s->offset < end)
			last = s->offset;
	}
	return last;
}

/* A value as the specification has it, of an element that is put in without one. */
static GByteArray *usual_value(const struct edit *e, uint64_t code)
{
	static const struct {
		enum pana_avp_code code;
		const char *hex;
	} usual[] = {
		{PANA_AVP_AUTH, "000102030405060708090a0b0c0d0e0f10111213"},
		{PANA_AVP_EAP_PAYLOAD, "0200000501"},
		{PANA_AVP_INTEGRITY_ALGORITHM, "00000007"},
		{PANA_AVP_KEY_ID, "00000001"},
		{PANA_AVP_NONCE, "000102030405060708090a0b0c0d0e0f10111213"},
		{PANA_AVP_PRF_ALGORITHM, "00000002"},
		{PANA_AVP_RESULT_CODE, "00000000"},
		{PANA_AVP_SESSION_LIFETIME, "00000e10"},
		{PANA_AVP_TERMINATION_CAUSE, "00000001"},
		{PANA_AVP_PAC_INFORMATION, "0a0000070000"},
		{PANA_AVP_ENCRYPTION_ALGORITHM, "00000001"},
	};

	for (size_t i = 0; e->protocol == &pana_protocol && i < G_N_ELEMENTS(usual); i++)
		if (usual[i].code == code)
			return value_hex(usual[i].hex);
	return g_byte_array_new();
}

static GByteArray *write_element(const struct edit *e, const struct wanted *w, char *error)
{
	GByteArray *value = w->value ? value_hex(w->value) : usual_value(e, w->code);
	GByteArray *element = g_byte_array_new();
	uint8_t header[12] = {0};
	static const uint8_t zeros[4];

	if (w->value && g_str_has_prefix(w->value, "text:")) {
		value = g_byte_array_new();
		g_byte_array_append(value, (const guint8 *)w->value + 5,
				    (guint)strlen(w->value + 5));
	}
	if (!value) {
		fail(error, "insert: wanted hexadecimal digits, found \"%.60s\"", w->value);
		g_byte_array_unref(element);
		return NULL;
	}
	if (e->protocol == &pana_protocol) {
		header[0] = (uint8_t)(w->code >> 8);
		header[1] = (uint8_t)w->code;
		header[4] = (uint8_t)(value->len >> 8);
		header[5] = (uint8_t)value->len;
		header[2] = w->vendor ? 0x80 : 0;
		for (unsigned i = 0; i < 4; i++)
			header[8 + i] = (uint8_t)(w->vendor >> (24 - 8 * i));
		g_byte_array_append(element, header, w->vendor ? 12 : 8);
	} else {
		header[0] = (uint8_t)w->code;
		header[1] = (uint8_t)(2 + value->len);
		g_byte_array_append(element, header, 2);
	}
	g_byte_array_append(element, value->data, value->len);
	if (e->protocol == &pana_protocol)
		g_byte_array_append(element, zeros, -value->len & 3);
	g_byte_array_unref(value);
	return element;
}

static bool insert_element(const struct wanted *w, struct edit *e, char *error)
{
	const struct seen *parent = edit_message(e);
	GByteArray *element = write_element(e, w, error);

	if (!element)
		return false;
	edit_splice(e, parent, place_of(e, parent, w->change->position), 0, element->data,
		    element->len);
	g_byte_array_unref(element);
	return true;
}

static void remove_element(struct edit *e, const struct seen *element)
{
	edit_splice(e, parent_of(e, element), element->offset, element->length, NULL, 0);
}

/* Without a number, `remove` takes all of that code: "missing" is what it is for. */
static void remove_elements(const struct wanted *w, struct edit *e)
{
	const struct seen *element = edit_element(e, w->code, w->nth);

	remove_element(e, element);
	while (!strchr(w->change->target, '#') && (element = edit_element(e, w->code, 1)))
		remove_element(e, element);
}

static bool change_element(const struct wanted *w, struct edit *e, char *error)
{
	const struct seen *element = edit_element(e, w->code, w->nth);
	struct seen was;
	GByteArray *copy;

	if (w->change->kind == CHANGE_INSERT)
		return insert_element(w, e, error);
	if (!element) {
		fail(error, "the message has no %s", w->change->target);
		return false;
	}
	was = *element;
	copy = g_byte_array_new();
	g_byte_array_append(copy, e->octets->data + was.offset, (guint)was.length);
	switch (w->change->kind) {
	case CHANGE_REMOVE:
		remove_elements(w, e);
		break;
	case CHANGE_DUPLICATE:
		edit_splice(e, parent_of(e, element), was.offset + was.length, 0, copy->data,
			    copy->len);
		break;
	case CHANGE_MOVE:
		remove_element(e, element);
		edit_splice(e, edit_message(e), place_of(e, edit_message(e), w->change->position),
			    0, copy->data, copy->len);
		break;
	default:
		fail(error, "%s: wanted remove, insert, duplicate or move", w->change->target);
		g_byte_array_unref(copy);
		return false;
	}
	g_byte_array_unref(copy);
	return true;
}

/* ---- EAP in RADIUS ---- */

/* Puts an EAP packet in place of the one that the attributes hold. */
static void put_eap(struct edit *radius, const GByteArray *eap)
{
	const struct seen *element = edit_element(radius, EAP_ATTRIBUTE, 1);
	size_t at =
		element ? element->offset : place_of(radius, edit_message(radius), POSITION_LAST);
	GByteArray *attributes = g_byte_array_new();

	while ((element = edit_element(radius, EAP_ATTRIBUTE, 1)))
		remove_element(radius, element);
	for (guint i = 0; i < eap->len || !i; i += ATTRIBUTE_VALUE_MAX) {
		const guint part = MIN(eap->len - i, (guint)ATTRIBUTE_VALUE_MAX);
		const uint8_t header[2] = {EAP_ATTRIBUTE, (uint8_t)(part + 2)};

		g_byte_array_append(attributes, header, 2);
		g_byte_array_append(attributes, eap->data + i, part);
	}
	edit_splice(radius, edit_message(radius), at, 0, attributes->data, attributes->len);
	g_byte_array_unref(attributes);
}

/* MACs and tags of the EAP message, over what was changed in it. */
static void seal_eap(const struct mutation *m, uint8_t *octets, size_t length)
{
	struct writer w = {octets, length, length, false};

	if (m->seal_with && m->seal_with->kind->seal_inner)
		m->seal_with->kind->seal_inner(m->seal_with, &w);
}

/* Takes the EAP packet out of its attributes. NULL: there is none. */
static GByteArray *take_eap(const struct edit *radius)
{
	struct message *message = g_new(struct message, 1);
	GByteArray *eap = NULL;

	message_read(message, &radius_protocol,
		     (struct octets){radius->octets->data, radius->octets->len});
	if (message->readable && message->radius.eap_parts) {
		eap = g_byte_array_new();
		g_byte_array_set_size(eap, (guint)message->radius.eap_length);
		radius_eap_message(&message->radius, eap->data, eap->len);
	}
	g_free(message);
	return eap;
}

static bool change_eap(const struct mutation *m, const struct wanted *w, struct edit *radius,
		       char *error)
{
	GByteArray *eap = take_eap(radius);
	struct edit inner;
	bool changed;

	if (!eap) {
		fail(error, "the message has no EAP");
		return false;
	}
	edit_begin(&inner, &eap_protocol, eap, radius->mentioned);
	changed = change_field(m, w, &inner, error);
	edit_clear(&inner);
	if (changed)
		put_eap(radius, eap);
	g_byte_array_unref(eap);
	return changed;
}

/* A RADIUS role takes the whole packet, a PANA role the EAP message alone (struct role_kind). */
static void seal_inner(const struct mutation *m, struct edit *e)
{
	const struct seen *s = NULL;

	if (m->protocol == &radius_protocol)
		seal_eap(m, e->octets->data, e->octets->len);
	else
		s = edit_find(e, eap_root_field(), 0, 1);
	if (s && s->offset + s->length <= e->octets->len)
		seal_eap(m, e->octets->data + s->offset, s->length);
	edit_overwrite(e, 0, NULL, 0);
}

/* ---- the order of things ---- */

static bool make_change(const struct mutation *m, const struct wanted *w, struct edit *e,
			char *error)
{
	bool changed;

	if (m->protocol == &radius_protocol && is_of_eap(w->field))
		return change_eap(m, w, e, error);
	if (!w->whole)
		return w->field ? change_field(m, w, e, error) : change_element(w, e, error);
	changed = change_octets(m, w, NULL, e->octets, error);
	edit_overwrite(e, 0, NULL, 0);
	return changed;
}

static void seal(const struct mutation *m, struct edit *e)
{
	struct writer w = {e->octets->data, e->octets->len, e->octets->len, false};

	if (m->seal_with && m->seal_with->kind->seal)
		m->seal_with->kind->seal(m->seal_with, &w);
	edit_overwrite(e, 0, NULL, 0);
}

static bool take_turns(const struct mutation *m, struct edit *e, const GArray *wanted, char *error)
{
	bool under_mac = false;

	for (enum turn turn = 0; turn < TURNS; turn++) {
		if (turn == TURN_EAP_SEAL && under_mac)
			seal_inner(m, e);
		if (turn == TURN_SEAL && under_mac)
			seal(m, e);
		for (guint i = 0; i < wanted->len; i++) {
			const struct wanted *w = &g_array_index(wanted, struct wanted, i);

			if (turn_of(w) != turn)
				continue;
			under_mac |= turn < TURN_SEAL;
			if (!make_change(m, w, e, error))
				return false;
		}
	}
	return true;
}

static void clear_wanted(gpointer data)
{
	g_free(((struct wanted *)data)->value);
}

bool mutate(const struct mutation *m, GByteArray *octets, const GPtrArray *changes,
	    char error[MUTATE_ERROR_SIZE])
{
	GArray *wanted = g_array_new(FALSE, FALSE, sizeof(struct wanted));
	GPtrArray *mentioned = g_ptr_array_new();
	struct edit e;
	bool changed = true;

	g_array_set_clear_func(wanted, clear_wanted);
	for (guint i = 0; changes && i < changes->len && changed; i++) {
		const struct case_change *c = g_ptr_array_index(changes, i);
		struct wanted w;

		changed = look_up(m->protocol, c, &w, error);
		if (changed && c->value) {
			w.value = value_expand(c->value, m->bound, m->context, error,
					       MUTATE_ERROR_SIZE);
			changed = w.value != NULL;
		}
		if (!changed)
			break;
		g_array_append_val(wanted, w);
		if (w.field)
			g_ptr_array_add(mentioned, (gpointer)w.field);
	}
	if (changed) {
		edit_begin(&e, m->protocol, octets, mentioned);
		changed = take_turns(m, &e, wanted, error);
		edit_clear(&e);
	}
	g_array_free(wanted, TRUE);
	g_ptr_array_free(mentioned, TRUE);
	return changed;
}

void mutate_text(const struct case_change *change, GString *text)
{
	static const char *const words[] = {
		[CHANGE_SET] = "=",         [CHANGE_FLIP] = "flip",
		[CHANGE_ZERO] = "zero",     [CHANGE_CUT] = "cut",
		[CHANGE_ADD] = "add",       [CHANGE_RANDOM] = "random",
		[CHANGE_REMOVE] = "remove", [CHANGE_INSERT] = "insert",
		[CHANGE_MOVE] = "move",     [CHANGE_DUPLICATE] = "duplicate",
	};
	static const char *const positions[] = {
		[POSITION_FIRST] = "first",
		[POSITION_LAST] = "last",
		[POSITION_BEFORE_LAST] = "before last",
	};

	g_string_append_printf(text, "%s%s %s", change->element ? "avp " : "",
			       change->target ? change->target : "octets", words[change->kind]);
	if (change->value && *change->value)
		g_string_append_printf(text, " %s", change->value);
	if (change->kind == CHANGE_CUT)
		g_string_append_printf(text, " %u", MAX(change->count, 1U));
	if (change->kind == CHANGE_INSERT || change->kind == CHANGE_MOVE)
		g_string_append_printf(text, " %s", positions[change->position]);
	if (change->layer == CHANGE_ON_WIRE)
		g_string_append(text, " on wire");
}
