/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fields, rules and protocols: the static descriptors that make up the one description of a
 * protocol. The Wireshark filter name, the name in a case file, the JSON key and the name in a fuzz
 * log are all field.name; the name of a requirement everywhere is rule.id.
 *
 * A protocol keeps its fields in one array and its rules in another, indexed by an enum of its own,
 * so that a reader can map a descriptor to a slot of its own table by subtraction
 * (protocol_of_field, protocol_of_rule). Everything here is const and lives as long as the program.
 */
#ifndef ASSAY_CORE_FIELD_H
#define ASSAY_CORE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One row of a value table: what a number means. A table ends with a row whose name is NULL. */
struct value_name {
	uint64_t value;   /* the number on the wire */
	const char *name; /* the specification's or registry's term */
};

enum field_kind {
	FIELD_GROUP,    /* holds other fields: a message, a header, an AVP */
	FIELD_UINT,     /* unsigned number, 1 to 8 octets, network byte order */
	FIELD_BIT,      /* one bit of a number: `mask` of the `width` octets at its offset */
	FIELD_OCTETS,   /* opaque octets */
	FIELD_TEXT,     /* characters, UTF-8 expected, any octet possible */
	FIELD_IPV4,     /* 4 octets */
	FIELD_IPV6,     /* 16 octets */
	FIELD_SECRET,   /* key octets: shown only when the user asks for secrets */
	FIELD_FRAME,    /* number of another frame of the capture */
	FIELD_DURATION, /* nanoseconds */
	FIELD_STATEMENT /* text that Assay says of the message: a phase, a conclusion */
};

enum field_base { BASE_IS_DEC, BASE_IS_HEX };

struct field {
	const char *name;               /* stable, unique: "pana.seq" */
	const char *label;              /* for people: "Sequence Number" */
	enum field_kind kind;           /* how the octets are to be read */
	uint8_t width;                  /* FIELD_UINT and FIELD_BIT: octets on the wire, 1..8 */
	enum field_base base;           /* FIELD_UINT: how people write it */
	bool generated;                 /* not on the wire: computed by a walk or a session */
	uint64_t mask;                  /* FIELD_BIT and bit fields: bits meant; 0 = all */
	const struct value_name *names; /* meaning of numbers, or NULL */
	const char *unit;               /* "s", "octets", or NULL */
	const char *section;            /* where the specification defines it: "RFC 5191 6.2" */
};

/* What a broken rule means. OPEN: the sources disagree; reported, never a failure. */
enum rule_level { RULE_MUST, RULE_SHOULD, RULE_MAY, RULE_OPEN };

struct rule {
	const char *id;        /* stable: "rfc5191-auth-verify" */
	enum rule_level level; /* MUST and SHALL are RULE_MUST */
	const char *role;      /* whom it binds: "pana.paa", "eap.peer", "any" */
	const char *section;   /* "RFC 5191 5.4" */
	const char *text;      /* the requirement in one line of our own words */
};

struct walk;

struct protocol {
	const char *name;           /* "pana": prefix of its fields */
	const char *label;          /* the name in full */
	const struct field *fields; /* all its fields */
	size_t field_count;
	const struct rule *rules; /* its requirement catalogue */
	size_t rule_count;
	void (*walk)(struct walk *w); /* reads one message without any context, for decode --hex */
};

/* Name of `value` in `names`, or NULL. `names` may be NULL. */
const char *value_name_find(const struct value_name *names, uint64_t value);

/* "MUST", "SHOULD", "MAY" or "OPEN". */
const char *rule_level_name(enum rule_level level);

/* True if `field` (`rule`) stands in the table of `protocol`; then its index is in *index. */
bool protocol_field_index(const struct protocol *protocol, const struct field *field,
			  size_t *index);
bool protocol_rule_index(const struct protocol *protocol, const struct rule *rule, size_t *index);

#endif
