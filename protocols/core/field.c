/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "field.h"

const char *value_name_find(const struct value_name *names, uint64_t value)
{
	if (!names)
		return NULL;
	for (; names->name; names++) {
		if (names->value == value)
			return names->name;
	}
	return NULL;
}

const char *rule_level_name(enum rule_level level)
{
	static const char *const names[] = {"MUST", "SHOULD", "MAY", "OPEN"};

	return names[level];
}

bool protocol_field_index(const struct protocol *protocol, const struct field *field, size_t *index)
{
	uintptr_t start = (uintptr_t)protocol->fields;
	uintptr_t at = (uintptr_t)field;

	if (at < start || at >= start + protocol->field_count * sizeof(*field))
		return false;
	*index = (at - start) / sizeof(*field);
	return true;
}

bool protocol_rule_index(const struct protocol *protocol, const struct rule *rule, size_t *index)
{
	uintptr_t start = (uintptr_t)protocol->rules;
	uintptr_t at = (uintptr_t)rule;

	if (at < start || at >= start + protocol->rule_count * sizeof(*rule))
		return false;
	*index = (at - start) / sizeof(*rule);
	return true;
}
