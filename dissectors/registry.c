/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "registry.h"

#include <epan/ftypes/ftypes.h>
#include <epan/tfs.h>
#include <epan/unit_strings.h>
#include <epan/value_string.h>

#include <string.h>

#include "protocols/core/verdict.h"

enum { REGISTRY_MAX = 4 };

static struct registry registries[REGISTRY_MAX];
static unsigned registry_count;
static int etts[ETT_COUNT] = {-1, -1, -1};

/* ---- value tables in Wireshark's form ---- */

static size_t names_count(const struct value_name *names)
{
	size_t count = 0;

	while (names[count].name)
		count++;
	return count;
}

static const void *names_32(const struct value_name *names)
{
	size_t count = names_count(names);
	value_string *strings = g_new0(value_string, count + 1);

	for (size_t i = 0; i < count; i++) {
		strings[i].value = (guint32)names[i].value;
		strings[i].strptr = names[i].name;
	}
	return strings;
}

static const void *names_64(const struct value_name *names)
{
	size_t count = names_count(names);
	val64_string *strings = g_new0(val64_string, count + 1);

	for (size_t i = 0; i < count; i++) {
		strings[i].value = names[i].value;
		strings[i].strptr = names[i].name;
	}
	return strings;
}

static const void *names_bit(const struct value_name *names)
{
	true_false_string *strings = g_new0(true_false_string, 1);
	const char *set = value_name_find(names, 1);
	const char *clear = value_name_find(names, 0);

	strings->true_string = set ? set : "Set";
	strings->false_string = clear ? clear : "Not set";
	return strings;
}

static const void *unit_of(const char *unit)
{
	struct unit_name_string *strings = g_new0(struct unit_name_string, 1);
	char *text = g_strdup_printf(" %s", unit);

	strings->singular = text;
	if (g_str_has_suffix(text, "octets"))
		strings->singular = g_strdup(" octet");
	strings->plural = text;
	return strings;
}

/* ---- one field ---- */

static enum ftenum uint_type(const struct field *field)
{
	static const enum ftenum types[] = {FT_UINT32, FT_UINT8,  FT_UINT16, FT_UINT24, FT_UINT32,
					    FT_UINT40, FT_UINT48, FT_UINT56, FT_UINT64};

	return field->width < G_N_ELEMENTS(types) ? types[field->width] : FT_UINT64;
}

static void describe_uint(const struct field *field, header_field_info *info)
{
	info->type = uint_type(field);
	info->display = field->base == BASE_IS_HEX ? BASE_HEX : BASE_DEC;
	info->bitmask = field->mask;
	if (field->names && field->width > 4) {
		info->strings = names_64(field->names);
		info->display |= BASE_VAL64_STRING;
	} else if (field->names) {
		info->strings = names_32(field->names);
	} else if (field->unit) {
		info->strings = unit_of(field->unit);
		info->display |= BASE_UNIT_STRING;
	}
}

static void describe_bit(const struct field *field, header_field_info *info)
{
	info->type = FT_BOOLEAN;
	info->display = field->mask ? 8 * field->width : BASE_NONE;
	info->bitmask = field->mask;
	info->strings = field->names ? names_bit(field->names) : TFS(&tfs_set_notset);
}

/* What kind of link to another frame this is: Wireshark draws them differently. */
static const void *frame_type(const struct field *field)
{
	if (g_str_has_suffix(field->name, ".response_in"))
		return FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE);
	if (g_str_has_suffix(field->name, ".response_to"))
		return FRAMENUM_TYPE(FT_FRAMENUM_REQUEST);
	if (g_str_has_suffix(field->name, "retransmission_of"))
		return FRAMENUM_TYPE(FT_FRAMENUM_RETRANS_PREV);
	return FRAMENUM_TYPE(FT_FRAMENUM_NONE);
}

/* A verdict is told in words wherever Wireshark tells a value: its number says nothing. */
static bool is_verdict(const struct field *field)
{
	return field->generated && field->names == verdict_names;
}

static void describe_kind(const struct field *field, header_field_info *info)
{
	static const enum ftenum types[] = {
		[FIELD_GROUP] = FT_NONE,       [FIELD_OCTETS] = FT_BYTES,
		[FIELD_TEXT] = FT_STRING,      [FIELD_IPV4] = FT_IPv4,
		[FIELD_IPV6] = FT_IPv6,        [FIELD_SECRET] = FT_BYTES,
		[FIELD_FRAME] = FT_FRAMENUM,   [FIELD_DURATION] = FT_RELATIVE_TIME,
		[FIELD_STATEMENT] = FT_STRING,
	};

	if (is_verdict(field)) {
		info->type = FT_STRING;
		return;
	}
	switch (field->kind) {
	case FIELD_UINT:
		describe_uint(field, info);
		break;
	case FIELD_BIT:
		describe_bit(field, info);
		break;
	case FIELD_FRAME:
		info->type = FT_FRAMENUM;
		info->strings = frame_type(field);
		break;
	default:
		info->type = types[field->kind];
		break;
	}
}

/* True if Wireshark's field can hold what ours holds. An integer that is too narrow cannot: then
 * ours is registered beside it under the same name, which Wireshark allows. */
static bool fits(const struct field *field, const header_field_info *info)
{
	header_field_info ours = {.display = BASE_NONE};

	describe_kind(field, &ours);
	if (field->kind == FIELD_UINT && info->type >= FT_UINT8 && info->type <= FT_UINT64)
		return info->type >= ours.type;
	return true;
}

static int built_in(const struct field *field)
{
	header_field_info *info = proto_registrar_get_byname(field->name);

	return info && fits(field, info) ? info->id : -1;
}

static hf_register_info new_field(const struct field *field, int *id)
{
	hf_register_info new = {
		id,
		{field->label, field->name, FT_NONE, BASE_NONE, NULL, 0, field->section, HFILL}};

	describe_kind(field, &new.hfinfo);
	return new;
}

static void add_fields(struct registry *r, const struct field_alias *aliases)
{
	const struct protocol *protocol = r->protocol;
	hf_register_info *hf = g_new0(hf_register_info, protocol->field_count);
	int **ett = g_new0(int *, protocol->field_count);

	r->fields = g_new0(struct field_entry, protocol->field_count);
	for (size_t i = 0; i < protocol->field_count; i++) {
		const struct field *field = &protocol->fields[i];
		struct field_entry *entry = &r->fields[i];

		entry->ett = -1;
		ett[i] = &entry->ett;
		entry->alias = -1;
		entry->hf = built_in(field);
		entry->built_in = entry->hf > 0;
		entry->in_words = is_verdict(field);
		if (!entry->built_in) {
			hf[i] = new_field(field, &entry->hf);
			proto_register_field_array(r->proto, &hf[i], 1);
		}
		for (const struct field_alias *a = aliases; a && a->field; a++) {
			if (!strcmp(a->field, field->name)) {
				entry->alias = proto_registrar_get_id_byname(a->alias);
				entry->alias_more = a->more;
			}
		}
	}
	proto_register_subtree_array(ett, (int)protocol->field_count);
	g_free(ett);
}

/* ---- rules ---- */

static int severity_of(const struct rule *rule)
{
	static const int severities[] = {
		[RULE_MUST] = PI_ERROR,
		[RULE_SHOULD] = PI_WARN,
		[RULE_MAY] = PI_NOTE,
		[RULE_OPEN] = PI_CHAT,
	};

	return severities[rule->level];
}

static bool has_word(const char *id, const char *const *words)
{
	for (; *words; words++) {
		if (strstr(id, *words))
			return true;
	}
	return false;
}

static int group_of(const struct rule *rule)
{
	static const char *const security[] = {"auth",  "mac",  "key",  "encap",
					       "nonce", "rand", "tag-", NULL};
	static const char *const malformed[] = {"length", "complete", "size", NULL};

	if (has_word(rule->id, malformed))
		return PI_MALFORMED;
	if (has_word(rule->id, security))
		return PI_SECURITY;
	if (strstr(rule->id, "sequence"))
		return PI_SEQUENCE;
	return PI_PROTOCOL;
}

static void add_rules(struct registry *r)
{
	const struct protocol *protocol = r->protocol;
	expert_module_t *module = expert_register_protocol(r->proto);
	ei_register_info *ei = g_new0(ei_register_info, protocol->rule_count);

	r->rules = g_new0(expert_field, protocol->rule_count);
	for (size_t i = 0; i < protocol->rule_count; i++) {
		const struct rule *rule = &protocol->rules[i];

		r->rules[i] = (expert_field)EI_INIT;
		ei[i].ids = &r->rules[i];
		ei[i].eiinfo.name = g_strdup_printf("%s.rule.%s", protocol->name, rule->id);
		ei[i].eiinfo.group = group_of(rule);
		ei[i].eiinfo.severity = severity_of(rule);
		ei[i].eiinfo.summary = rule->text;
		ei[i].eiinfo.hf_info =
			(hf_register_info){&r->rules[i].hf,
					   {rule->text, ei[i].eiinfo.name, FT_NONE, BASE_NONE, NULL,
					    0, rule->section, HFILL}};
	}
	expert_register_field_array(module, ei, (int)protocol->rule_count);
}

void registry_add(const struct protocol *protocol, const struct field_alias *aliases)
{
	static int *const ett[] = {&etts[ETT_SOURCE], &etts[ETT_SESSION], &etts[ETT_KEYS]};
	struct registry *r = &registries[registry_count];

	g_assert(registry_count < REGISTRY_MAX);
	r->protocol = protocol;
	r->proto = proto_get_id_by_filter_name(protocol->name);
	if (r->proto < 0)
		r->proto = proto_register_protocol(protocol->label, protocol->name, protocol->name);
	add_fields(r, aliases);
	add_rules(r);
	if (registry_count == 0)
		proto_register_subtree_array(ett, ETT_COUNT);
	registry_count++;
}

const struct registry *registry_of_field(const struct field *field, size_t *index)
{
	for (unsigned i = 0; i < registry_count; i++) {
		if (protocol_field_index(registries[i].protocol, field, index))
			return &registries[i];
	}
	return NULL;
}

const struct registry *registry_of_rule(const struct rule *rule, size_t *index)
{
	for (unsigned i = 0; i < registry_count; i++) {
		if (protocol_rule_index(registries[i].protocol, rule, index))
			return &registries[i];
	}
	return NULL;
}

bool registry_referenced(proto_tree *tree)
{
	for (unsigned i = 0; i < registry_count; i++) {
		if (proto_field_is_referenced(tree, registries[i].proto))
			return true;
	}
	return false;
}

const struct field *registry_field_named(const struct protocol *protocol, const char *name)
{
	for (size_t i = 0; i < protocol->field_count; i++) {
		if (!strcmp(protocol->fields[i].name, name))
			return &protocol->fields[i];
	}
	return NULL;
}

int registry_ett(enum registry_ett ett)
{
	return etts[ett];
}
