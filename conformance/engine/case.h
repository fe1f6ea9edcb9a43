/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Case files: what a suite holds, as the parser leaves it and the runner takes it.
 *
 * A case is one conversation with the device under test. Its steps are played by `players`: roles
 * of ours that stand opposite the device, one per `use` or `start`. A player computes everything
 * that a step does not mention; what a step mentions is sent as written.
 *
 *     file       = { "suite" NAME | "include" STRING | define | case }
 *     define     = "define" NAME { step } "end"
 *     case       = "case" NAME STRING { clause } { step } "end"?       (ends at the next case too)
 *     clause     = "req" RULE { RULE } | "needs" KEY "=" VALUE { … } | "level" WORD
 *                | "each" NAME "in" VALUE { VALUE }                    (a test per value)
 *     step       = "use" NAME "as" PLAYER [ "with" SETTING "=" VALUE { … } ]
 *                | "start" PLAYER "as" ROLE [ "with" … ]
 *                | "send" MESSAGE "of" PLAYER { mutation }             (mutations are indented)
 *                | "expect" MESSAGE "of" PLAYER [ "within" WINDOW ] { constraint }
 *                  { "or" MESSAGE { constraint } }
 *                | "silence" TIME | "alive" ( PLAYER | "new" ) | "wait" TIME
 *                | "trigger" COMMAND                                  (the device is made to)
 *                | "keep" FIELD "of" PLAYER "as" "$"NAME
 *                | "repeat" COUNT { step } "end"
 *     WINDOW     = TIME | TIME ".." TIME | "rt"     (since the device's previous message; "rt": the
 *                                                   specification's own schedule of retransmissions)
 *     MESSAGE    = KIND { FLAG }            PNR ping, PAR S, Request Identity, "any"; PAR again: a
 *                                           retransmission (expect_message.h lists all)
 *     mutation   = FIELD change [ "on" "wire" ] | "avp" AVP avp-change | "octets" …
 *     change     = "=" VALUE | "flip" BITS | "zero" | "cut" COUNT | "add" HEX | "random"
 *     constraint = FIELD ( "==" | "!=" | "in" | "len" | "matches" ) VALUE { "," VALUE }
 *                | FIELD ( "present" | "absent" ) | "ok" "(" VERDICT_FIELD ")"
 *
 * Words that begin with $ are bound values or the value of `each`. `#` starts a comment. Times are
 * "2s", "300ms". The full grammar stands in CONTRIBUTING.md.
 *
 * Everything belongs to the suite and lives until suite_free. Text is NUL-terminated.
 */
#ifndef ASSAY_ENGINE_CASE_H
#define ASSAY_ENGINE_CASE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "protocols/core/field.h"

/* Where something was written, for messages. */
struct case_place {
	const char *file;
	unsigned line, column;
};

struct case_pair {
	char *name, *value;
};

enum step_kind {
	STEP_USE,     /* fragment `name` with new player `player` */
	STEP_START,   /* new player of role `name` */
	STEP_SEND,    /* `message` of `player`, changed by `changes` */
	STEP_EXPECT,  /* one of `alternatives`, within `time` */
	STEP_SILENCE, /* nothing from the device for `time` */
	STEP_ALIVE,   /* the session, or with player NULL a new one, still works */
	STEP_WAIT,    /* let `time` pass */
	STEP_KEEP,    /* bind `name` to field `field` of the newest message of the device */
	STEP_REPEAT,  /* `count` times `steps` */
	STEP_TRIGGER  /* the device is made to do `name`: "start", "ping", "reauth", "terminate" */
};

/* At which layer a change strikes. */
enum change_layer {
	CHANGE_BEFORE_MAC, /* the default: MACs are computed above it */
	CHANGE_ON_WIRE     /* after everything has been computed */
};

enum change_kind {
	CHANGE_SET,       /* = VALUE */
	CHANGE_FLIP,      /* flip: "first bit", "last bit", or a mask */
	CHANGE_ZERO,      /* all octets zero */
	CHANGE_CUT,       /* the last `count` octets are missing */
	CHANGE_ADD,       /* octets behind it */
	CHANGE_RANDOM,    /* other octets, from the case's seed */
	CHANGE_REMOVE,    /* an element (AVP, TLV, option) is left out */
	CHANGE_INSERT,    /* an element is put in: VALUE, at `position` */
	CHANGE_DUPLICATE, /* an element stands twice */
	CHANGE_MOVE       /* an element stands at `position` */
};

enum change_position { POSITION_FIRST, POSITION_LAST, POSITION_BEFORE_LAST };

struct case_change {
	struct case_place place;
	enum change_kind kind;
	enum change_layer layer;
	char *target; /* field name "pana.seq", or element "avp Nonce" as "Nonce" */
	bool element; /* target is an element, not a field */
	char *value;  /* as written, $names not yet replaced; or NULL */
	unsigned count;
	enum change_position position;
};

enum constraint_kind {
	CONSTRAINT_EQUAL,
	CONSTRAINT_UNEQUAL,
	CONSTRAINT_IN,      /* one of values, each a value or a range a..b */
	CONSTRAINT_LENGTH,  /* number of octets, a value or a range */
	CONSTRAINT_MATCHES, /* a glob over the text or hexadecimal digits */
	CONSTRAINT_PRESENT,
	CONSTRAINT_ABSENT,
	CONSTRAINT_OK /* a verdict field says "verified" */
};

struct case_constraint {
	struct case_place place;
	enum constraint_kind kind;
	char *field;
	GPtrArray *values; /* of char * */
};

struct case_message {
	struct case_place place;
	char *kind;             /* "PAR", "any" */
	GPtrArray *words;       /* of char *: flags and variants: "S", "ping" */
	GPtrArray *constraints; /* of struct case_constraint * */
};

struct case_step {
	struct case_place place;
	enum step_kind kind;
	char *player; /* or NULL */
	char *name;
	char *field;
	GPtrArray *settings; /* of struct case_pair * */
	struct case_message *message;
	GPtrArray *changes;      /* of struct case_change * */
	GPtrArray *alternatives; /* of struct case_message * */
	GPtrArray *steps;        /* of struct case_step * */
	uint64_t time;           /* nanoseconds; 0: the specification's own */
	uint64_t earliest;       /* expect: not before, nanoseconds since the device's last message */
	bool schedule;           /* expect: within "rt" */
	unsigned count;
};

struct case_define {
	struct case_place place;
	char *name;
	GPtrArray *steps;
};

struct test_case {
	struct case_place place;
	char *name; /* "bad-auth-is-discarded"; a row of a family "name/value" */
	char *summary;
	GPtrArray *rules; /* of const struct rule * */
	GPtrArray *needs; /* of struct case_pair * */
	GPtrArray *steps;
	char *each_name, *each_value; /* of a family's row, or NULL */
	enum rule_level level;        /* the strictest of its rules, if not given */
};

struct suite {
	char *name;         /* of the role that it tests */
	GPtrArray *defines; /* of struct case_define * */
	GPtrArray *cases;   /* of struct test_case *, families spread out, in order */
	GPtrArray *files;   /* of char *: paths, for places */
};

/* Reads a suite by path. NULL with "FILE:LINE:COLUMN: wanted …, found …" in `error`. Rule ids,
 * field names, define names and players are checked here, so that a suite that loads can run. */
struct suite *suite_load(const char *path, char *error, size_t error_size);
void suite_free(struct suite *s);

const struct case_define *suite_define(const struct suite *s, const char *name);

#endif
