/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Wireshark knows of our tables. Each field of a protocol becomes a header field, each rule an
 * expert info. Where Wireshark has a field of that name already, that one is used; new ones are
 * added to Wireshark's own protocol of that name. Everything is allocated once, at start, and lives
 * as long as the program.
 */
#ifndef ASSAY_DISSECTORS_REGISTRY_H
#define ASSAY_DISSECTORS_REGISTRY_H

#include "compat.h"

#include <epan/expert.h>

#include "protocols/core/field.h"

struct field_entry {
	int hf;             /* id of the header field */
	int ett;            /* of the subtree below it */
	int alias;          /* a second field at the same place, hidden; -1: none */
	uint8_t alias_more; /* octets that it has beyond those of the first */
	bool built_in;      /* Wireshark's own field */
	bool in_words;      /* a number that is shown by its name alone: a verdict */
};

struct registry {
	const struct protocol *protocol;
	int proto;                  /* Wireshark's id of the protocol */
	struct field_entry *fields; /* by index of protocol->fields */
	expert_field *rules;        /* by index of protocol->rules */
};

/* Another built-in field that shows the octets of one of ours, and is to go on doing so. */
struct field_alias {
	const char *field; /* ours; a row whose field is NULL ends the table */
	const char *alias; /* Wireshark's */
	uint8_t more;      /* octets that it has beyond those of ours */
};

/* Registers the fields and rules of `protocol` on Wireshark's protocol of the same name. `aliases`
 * may be NULL. To be called once per protocol, while protocols are being registered. */
void registry_add(const struct protocol *protocol, const struct field_alias *aliases);

/* The protocol that a field (a rule) belongs to, and its index in that table; NULL if it belongs
 * to none that was added. */
const struct registry *registry_of_field(const struct field *field, size_t *index);
const struct registry *registry_of_rule(const struct rule *rule, size_t *index);

/* True if a filter or the like refers to any of the protocols, or to a field of theirs. */
bool registry_referenced(proto_tree *tree);

/* The field of that name; NULL if there is none. */
const struct field *registry_field_named(const struct protocol *protocol, const char *name);

/* Subtrees of text alone. */
enum registry_ett { ETT_SOURCE, ETT_SESSION, ETT_KEYS, ETT_COUNT };
int registry_ett(enum registry_ett ett);

#endif
