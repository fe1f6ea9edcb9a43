/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One value as one item of Wireshark's tree. */
#include "painter_impl.h"

#include <string.h>

/* How Wireshark is to read octets as a field of this type. */
static guint encoding_of(enum ftenum type)
{
	switch (type) {
	case FT_STRING:
		return ENC_UTF_8 | ENC_NA;
	case FT_BYTES:
	case FT_NONE:
	case FT_PROTOCOL:
		return ENC_NA;
	default:
		return ENC_BIG_ENDIAN;
	}
}

void paint_name(proto_item *item, const struct field *field, int hf, uint64_t number)
{
	const header_field_info *info = proto_registrar_get_nth((guint)hf);
	const char *name;

	if (!info->strings) {
		name = value_name_find(field->names, number);
		if (name)
			proto_item_append_text(item, " (%s)", name);
		else if (field->unit && !field->names)
			proto_item_append_text(item, " %s", field->unit);
	}
}

/* Octets that Wireshark's field of this type reads; 0: any number. */
static size_t octets_read(enum ftenum type)
{
	switch (type) {
	case FT_UINT16:
		return 2;
	case FT_INT32:
	case FT_UINT32:
		return 4;
	default:
		return 0;
	}
}

static void add_alias(proto_tree *tree, tvbuff_t *tvb, const struct field_entry *entry,
		      size_t offset, size_t length)
{
	const header_field_info *info = proto_registrar_get_nth((guint)entry->alias);
	size_t wanted = octets_read(info->type);
	proto_item *item;

	length += entry->alias_more;
	if ((wanted && length != wanted) || offset + length > tvb_captured_length(tvb))
		return;
	item = proto_tree_add_item(tree, entry->alias, tvb, (gint)offset, (gint)length,
				   encoding_of(info->type));
	proto_item_set_hidden(item);
}

/* A value that stands in the packet: Wireshark reads it from there itself. */
static proto_item *add_from_wire(proto_tree *tree, tvbuff_t *tvb, const struct field *field,
				 const struct field_entry *entry, size_t offset, size_t length,
				 const struct value *value)
{
	const header_field_info *info = proto_registrar_get_nth((guint)entry->hf);
	proto_item *item;

	if (offset > tvb_captured_length(tvb) || length > tvb_captured_length(tvb) - offset)
		return NULL;
	item = proto_tree_add_item(tree, entry->hf, tvb, (gint)offset, (gint)length,
				   encoding_of(info->type));
	if (field->kind == FIELD_UINT)
		paint_name(item, field, entry->hf, value->number);
	if (entry->alias > 0)
		add_alias(tree, tvb, entry, offset, length);
	return item;
}

/* Characters as Wireshark wants them: UTF-8, ended by NUL. */
static const char *text_of(wmem_allocator_t *pool, const struct value *value)
{
	const char *octets = value->octets ? (const char *)value->octets : "";
	char *valid = g_utf8_make_valid(octets, (gssize)value->length);
	const char *text = wmem_strdup(pool, valid);

	g_free(valid);
	return text;
}

static proto_item *add_number(proto_tree *tree, tvbuff_t *tvb, const struct field *field, int hf,
			      gint start, gint length, uint64_t number)
{
	const header_field_info *info = proto_registrar_get_nth((guint)hf);
	uint64_t raw = field->mask ? number * (field->mask & -field->mask) : number;

	if (info->type == FT_BOOLEAN)
		return proto_tree_add_boolean(tree, hf, tvb, start, length, (guint32)raw);
	if (info->type >= FT_UINT40 && info->type <= FT_UINT64)
		return proto_tree_add_uint64(tree, hf, tvb, start, length, raw);
	return proto_tree_add_uint(tree, hf, tvb, start, length, (guint32)raw);
}

static proto_item *add_duration(proto_tree *tree, tvbuff_t *tvb, int hf, gint start, gint length,
				uint64_t nanoseconds)
{
	nstime_t time = {.secs = (time_t)(nanoseconds / 1000000000u),
			 .nsecs = (int)(nanoseconds % 1000000000u)};

	return proto_tree_add_time(tree, hf, tvb, start, length, &time);
}

static proto_item *add_address(proto_tree *tree, tvbuff_t *tvb, const struct field *field, int hf,
			       gint start, gint length, const struct value *value)
{
	ws_in6_addr v6;
	ws_in4_addr v4;

	if (field->kind == FIELD_IPV4) {
		memcpy(&v4, value->octets, sizeof(v4));
		return proto_tree_add_ipv4(tree, hf, tvb, start, length, v4);
	}
	memcpy(&v6, value->octets, sizeof(v6));
	return proto_tree_add_ipv6(tree, hf, tvb, start, length, &v6);
}

static proto_item *add_word(proto_tree *tree, tvbuff_t *tvb, const struct field *field, int hf,
			    gint start, gint length, uint64_t number)
{
	const char *name = value_name_find(field->names, number);

	return proto_tree_add_string(tree, hf, tvb, start, length, name ? name : "unknown");
}

/* A value that a walk or a session computed. */
static proto_item *add_generated(proto_tree *tree, tvbuff_t *tvb, const struct field *field, int hf,
				 gint start, gint length, const struct value *value)
{
	switch (field->kind) {
	case FIELD_UINT:
	case FIELD_BIT:
	case FIELD_FRAME:
		return add_number(tree, tvb, field, hf, start, length, value->number);
	case FIELD_DURATION:
		return add_duration(tree, tvb, hf, start, length, value->number);
	case FIELD_OCTETS:
	case FIELD_SECRET:
		return proto_tree_add_bytes_with_length(tree, hf, tvb, start, length, value->octets,
							(gint)value->length);
	case FIELD_TEXT:
	case FIELD_STATEMENT:
		return proto_tree_add_string(tree, hf, tvb, start, length,
					     text_of(PNODE_POOL(tree), value));
	case FIELD_IPV4:
	case FIELD_IPV6:
		return add_address(tree, tvb, field, hf, start, length, value);
	default:
		return proto_tree_add_item(tree, hf, tvb, start, length, ENC_NA);
	}
}

/* That there is a key, but not which. */
static proto_item *add_hidden(proto_tree *tree, tvbuff_t *tvb, const struct field *field, int hf,
			      uint64_t length)
{
	proto_item *item = proto_tree_add_bytes_format_value(
		tree, hf, tvb, 0, 0, NULL,
		"%" PRIu64 " octets (the preference \"Show secrets\" shows them)", length);

	if (field->generated)
		proto_item_set_generated(item);
	return item;
}

proto_item *paint_item(proto_tree *tree, tvbuff_t *tvb, const struct field *field,
		       const struct field_entry *entry, size_t offset, size_t length,
		       const struct value *value)
{
	proto_item *item;

	if (field->kind == FIELD_SECRET && !preference_show_secrets())
		return add_hidden(tree, tvb, field, entry->hf,
				  value->octets ? value->length : value->number);
	if (!field->generated)
		return add_from_wire(tree, tvb, field, entry, offset, length, value);
	if (offset + length > tvb_captured_length(tvb))
		offset = length = 0;
	if (entry->in_words)
		item = add_word(tree, tvb, field, entry->hf, (gint)offset, (gint)length,
				value->number);
	else
		item = add_generated(tree, tvb, field, entry->hf, (gint)offset, (gint)length,
				     value);
	proto_item_set_generated(item);
	return item;
}
