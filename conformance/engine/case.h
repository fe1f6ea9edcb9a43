/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Case files: what a suite holds, as the parser leaves it and the runner takes it.
 *
 * A case is one conversation with the device under test. Its steps are played by `players`: roles
 * of ours that stand opposite the device, one per `start`. A player computes everything that a step
 * does not mention; what a step mentions is sent as written. The grammar stands in CONTRIBUTING.md,
 * section "Case files". What the steps mean:
 *
 *   use F as P [with S=V ...]    the steps of fragment F, P being its `self`. `steps` holds them,
 *                                P and the settings already put in: just play them.
 *   start P as ROLE [with ...]   a new player. It keeps still until a step makes it speak.
 *   expect M of P                while it waits, P goes on as its role would: what does not match
 * is handed to the role, and what the role sends goes out. What matches is handed to the role too,
 * but what the role makes of it is kept back: a `send` of that kind sends it, changed or not; the
 * next `expect` without `again`, `alive` or `wait` of P lets it go as it is; a `send` of another
 * kind or `silence` leaves it kept. Retransmissions are answered as the role does, and never match.
 *   expect M again of P          the octets that matched last come again. Without `within`, in the
 *                                specification's own window after the interval measured before.
 * What is kept stays kept. send M of P                  what P keeps back, if it is of that kind;
 * else what its role sends on the command that makes M (PCI start, PNR ping, PNR reauth, PTR); else
 * a message made of the state of the session: identifier, next sequence number (of an answer: that
 * of the newest request), the AVPs that the specification demands in it, AUTH if there is a key.
 * One made from the state leaves the role's state as it is. send M again of P            the octets
 * of the last M sent, once more. silence T                    no message of the device but
 * retransmissions and its own pings. alive P                      what P owes the device gets its
 * specified answer: the newest send again, without its changes if it had any; else what is kept
 * back; else a ping. So the session lives and its state is unchanged. alive new a happy path from
 * the address of the case's first player, by a player of its own. trigger COMMAND              the
 * device itself is made to do it: "start", "ping", "reauth", "terminate", "move", "initiate" (ERP).
 * Without such a hook: case not applicable.
 *
 * A change belongs to the protocol whose field it names; what carries that protocol is computed
 * over it (AUTH over an EAP-Payload, Message-Authenticator over EAP-Message). A case's `req` rules
 * are judged also by walks and sessions: one of them found broken by the device fails the case,
 * others are told beside the verdict. `needs` says how the device must be set up: a reference role
 * is set up so; of a device at --target its profile tells.
 *
 * Everything belongs to the suite and lives until suite_free. Text is NUL-terminated. $NAMEs of
 * `each` are put in by the parser; the $NAMEs of `keep` stand as written in values.
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
	struct case_place place;
	char *name, *value;
};

/* A field is named "pana.seq"; "pana.prf_algorithm#2" the second of that name in order of the
 * octets (a relayed message comes behind its PRY); "pana.avp.data_length@Nonce" the one in that
 * element. What is no field of a protocol: "source.port", "source.address", "destination.port",
 * "destination.address" of the datagram, "octets" its payload. */

enum step_kind {
	STEP_USE,     /* fragment `name` played by `player`: `steps` */
	STEP_START,   /* new player `player` of role `name` */
	STEP_SEND,    /* `message` of `player`, changed by `changes` */
	STEP_EXPECT,  /* one of `alternatives` for `player`, from `earliest` up to `time` */
	STEP_SILENCE, /* nothing from the device for `time` */
	STEP_ALIVE,   /* the session, or with player NULL a new one, still works */
	STEP_WAIT,    /* let `time` pass */
	STEP_KEEP,   /* bind `name` to field `field` of the newest message of the device to `player`
		      */
	STEP_REPEAT, /* `count` times `steps` */
	STEP_TRIGGER /* the device is made to do `name` */
};

/* At which layer of its protocol a change strikes. */
enum change_layer {
	CHANGE_BEFORE_MAC, /* the default: MACs and tags are computed above it */
	CHANGE_ON_WIRE     /* after everything of that protocol has been computed */
};

enum change_kind {
	CHANGE_SET,    /* = VALUE; +N or -N: relative to what would be sent */
	CHANGE_FLIP,   /* flip: value "first" or "last" (bit), or a mask in hexadecimal digits */
	CHANGE_ZERO,   /* all octets zero */
	CHANGE_CUT,    /* the last `count` octets are missing */
	CHANGE_ADD,    /* octets `value` behind it */
	CHANGE_RANDOM, /* other octets, from the case's seed */
	CHANGE_REMOVE, /* an element (AVP, attribute) is left out */
	CHANGE_INSERT, /* an element is put in: `value` (NULL: one as the specification has it), at
			  `position` */
	CHANGE_DUPLICATE, /* an element stands twice */
	CHANGE_MOVE       /* an element stands at `position` */
};

enum change_position { POSITION_FIRST, POSITION_LAST, POSITION_BEFORE_LAST };

struct case_change {
	struct case_place place;
	enum change_kind kind;
	enum change_layer layer;
	char *target; /* field or element, see above; "octets": all */
	bool element; /* `target` is an element (AVP, attribute): "Nonce", or its number */
	char *value;  /* as written, names of `keep` not yet replaced; or NULL */
	unsigned count;
	enum change_position position;
};

enum constraint_kind {
	CONSTRAINT_EQUAL,
	CONSTRAINT_UNEQUAL,
	CONSTRAINT_IN,      /* one of values, each a value or a range a..b */
	CONSTRAINT_LENGTH,  /* number of octets, values or ranges */
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

/* Kinds and words are those of message.h. */
struct case_message {
	struct case_place place;
	char *kind;             /* "PAR", "any" */
	GPtrArray *words;       /* of char *: flags and variants: "S", "ping", "again" */
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
	uint64_t earliest; /* expect: not before, nanoseconds since the device's last message */
	bool schedule;     /* expect: within "rt" */
	unsigned count;
};

struct case_define {
	struct case_place place;
	char *name;
	GPtrArray *steps; /* their player is "self" */
};

struct test_case {
	struct case_place place;
	char *name; /* "bad-auth-is-discarded"; a row of a family "name/value" */
	char *summary;
	GPtrArray *rules; /* of const struct rule * */
	GPtrArray *needs; /* of struct case_pair * */
	GPtrArray *steps;
	char *each_name, *each_value; /* of a family's row: "A", "1"; "A B", "1 2"; or NULL */
	enum rule_level level;        /* the strictest of its rules, if not given */
};

struct suite {
	char *name;         /* of the role that it tests */
	GPtrArray *defines; /* of struct case_define * */
	GPtrArray *cases;   /* of struct test_case *, families spread out, in order */
	GPtrArray *files;   /* of char *: paths, for places */
};

enum { CASE_ERROR_SIZE = 4096 };

/* Reads a suite by path. NULL with "FILE:LINE:COLUMN: wanted …, found …" in `error`, a line per
 * error. Rule ids, field names, define names and players are checked here, so that a suite that
 * loads can run. */
struct suite *suite_load(const char *path, char *error, size_t error_size);
/* The same of octets, whatever they are, for tests and fuzzing; `path` is where includes are looked
 * for. */
struct suite *suite_load_octets(const char *path, const char *octets, size_t length, char *error,
				size_t error_size);
void suite_free(struct suite *s);

const struct case_define *suite_define(const struct suite *s, const char *name);

/* The file of a suite named as people do, "pana.paa", or NULL; the caller frees. A path of a file
 * is taken as it is. $ASSAY_SUITES, then where suites are installed, then the tree of sources. */
char *suite_path(const char *name);
/* A file that stands beside the suites, or NULL; the caller frees. */
char *suite_file(const char *file);
/* Names of all suites found, sorted: of char *. */
GPtrArray *suite_names(void);

#endif
