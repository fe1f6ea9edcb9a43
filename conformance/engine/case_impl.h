/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading case files, between the files of it: case_lex.c makes lines of words, case_parse.c files,
 * fragments and cases of them, case_each.c families, case_steps.c steps, case_words.c messages,
 * changes and constraints; case_check.c knows which names there are, case_value.c what values mean.
 *
 * Whatever a file holds, memory and time are bounded by the limits below.
 */
#ifndef ASSAY_ENGINE_CASE_IMPL_H
#define ASSAY_ENGINE_CASE_IMPL_H

#include "case.h"

enum {
	CASE_FILE_MAX = 1 << 20, /* octets */
	CASE_LINE_MAX = 4096,    /* octets */
	CASE_TOKENS_MAX = 256,   /* of a line */
	CASE_FILES_MAX = 32,
	CASE_INCLUDE_DEPTH = 8,
	CASE_ROWS_MAX = 4096, /* of a family */
	CASE_CASES_MAX = 20000,
	CASE_USE_DEPTH = 8,
	CASE_REPEAT_DEPTH = 4,
	CASE_REPEAT_MAX = 1000,
	CASE_PLAYED_MAX = 20000,      /* steps of a case, repetitions and fragments counted out */
	CASE_LINES_READ_MAX = 400000, /* of a suite, each row of a family counted */
	CASE_ERRORS_MAX = 20
};

struct case_token {
	char *text;
	unsigned column; /* from 1 */
	bool quoted;
};

struct case_line {
	unsigned number;   /* from 1 */
	unsigned indent;   /* columns before the first word */
	unsigned end;      /* column behind the last word */
	GPtrArray *tokens; /* of struct case_token *; never empty */
};

struct case_errors {
	GString *text;
	unsigned count;
};

/* Notes "FILE:LINE:COLUMN: ..." */
void case_error(struct case_errors *errors, struct case_place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* ---- case_lex.c ---- */

/* Lines that hold words, of struct case_line *. Errors are noted; what can be read is returned. */
GPtrArray *case_lex(const char *path, const char *octets, size_t length,
		    struct case_errors *errors);
struct case_token *case_token_new(const char *text, unsigned column, bool quoted);
/* The words of a text, as if they stood in a line: for values of several words. */
GPtrArray *case_lex_text(const char *text, unsigned column);
struct case_line *case_line_new(unsigned number, unsigned indent, unsigned end);

/* ---- case_parse.c ---- */

/* What the lines of a fragment become for one player and one set of settings. */
struct case_expansion {
	GPtrArray *steps;
	GPtrArray *starts; /* players that it starts, of char * */
	GPtrArray *keeps;  /* names that it binds, of char * */
	unsigned played;   /* steps, counted out */
	GPtrArray *wants;  /* players that it speaks of without starting them, of char * */
};

/* A fragment while the suite is read. */
struct case_fragment {
	struct case_define *define;
	GPtrArray *lines;
	bool broken;
	GHashTable *expansions; /* by player and settings, of struct case_expansion * */
};

struct case_parser {
	struct suite *suite;
	struct case_errors errors;
	GHashTable *fragments;                 /* by name, of struct case_fragment * */
	GHashTable *names;                     /* of cases: set */
	const char *paths[CASE_INCLUDE_DEPTH]; /* files being read */
	unsigned depth;
	unsigned lines_read;
};

/* Lines being read as steps. */
struct case_reading {
	struct case_parser *parser;
	const char *file;
	const GPtrArray *lines;
	guint next;
	const struct case_line *line; /* whose words are being read */
	guint word;
	GHashTable *players;        /* known: set of char * */
	GHashTable *kept;           /* names bound by keep: set of char * */
	struct case_expansion *out; /* when a fragment is read, else NULL */
	const char *self;           /* name that `self` stands for, or NULL outside of fragments */
	const GPtrArray *settings;  /* that go to the start of `self`, or NULL */
	unsigned use_depth, repeat_depth;
	unsigned played, factor;
};

/* ---- case_each.c ---- */

/* One family of values: the words that stand for each name in each row. */
struct case_each {
	GPtrArray *names; /* of char * */
	GPtrArray *rows;  /* of GPtrArray * of GPtrArray * of struct case_token * */
	GPtrArray *texts; /* of char *: as written */
};

bool case_line_begins(const struct case_line *line, const char *word);
void case_each_free(void *each);
/* Reads the `each` at line `from` of the block, appends it to `families` (of struct case_each *).
 */
bool case_read_each(struct case_reading *r, GPtrArray *families, const GPtrArray *block,
		    guint from);
/* The block with the values of a row (an index per family) put in; its lines are new ones. */
GPtrArray *case_row_lines(const GPtrArray *families, const guint *rows, const GPtrArray *block);
/* The same of a text; the caller frees. */
char *case_put_in(const GPtrArray *families, const guint *rows, const char *text);
/* "/PNR-ping,zero": what the row adds to the name of its case; the caller frees. */
char *case_row_label(const GPtrArray *families, const guint *rows);
/* Sets each_name and each_value. */
void case_row_name(const GPtrArray *families, const guint *rows, struct test_case *t);

/* ---- case_line.c: words of the line being read ---- */

void reading_line(struct case_reading *r, const struct case_line *line);
const struct case_token *reading_peek(const struct case_reading *r);
/* True, and read, if the next word is this one and not quoted. */
bool reading_take(struct case_reading *r, const char *word);
/* The next word, or NULL after the error "wanted `wanted`, found ...". */
const struct case_token *reading_word(struct case_reading *r, const char *wanted);
bool reading_demand(struct case_reading *r, const char *word);
bool reading_end(struct case_reading *r);
struct case_place reading_place(const struct case_reading *r); /* of the next word */
/* Notes "wanted `wanted`, found" the next word. Returns false. */
bool reading_wanted(struct case_reading *r, const char *wanted);
/* Notes the same of the word just read. */
bool reading_refused(struct case_reading *r, const char *wanted);
/* NAME=VALUE, VALUE a word, a string or a list with commas; appended to `pairs`. */
bool reading_pair(struct case_reading *r, const char *wanted, GPtrArray *pairs);

/* ---- case_steps.c ---- */

/* Reads steps up to the end of the lines or to "end", which is left. NULL: an error was noted. */
GPtrArray *case_read_steps(struct case_reading *r);
struct case_expansion *case_expand(struct case_parser *p, struct case_fragment *f,
				   const char *player, const GPtrArray *settings, unsigned depth);
void case_expansion_free(void *expansion);

/* ---- case_words.c ---- */

struct case_message *case_read_message(struct case_reading *r, bool alternative);
struct case_change *case_read_change(struct case_reading *r);
struct case_constraint *case_read_constraint(struct case_reading *r);
/* The name of a field, checked; the caller frees. NULL: an error was noted. */
char *case_read_field(struct case_reading *r, const struct field **field);

/* ---- case_check.c ---- */

const struct rule *case_rule(const char *id);
/* The field of this name, which may be one of the datagram. False: there is none. */
bool case_field_find(const char *name, const struct field **field);
/* Whether "RULE" or field looks like `text`: for messages. The caller frees; "" if none. */
char *case_near_rule(const char *id);
char *case_near_field(const char *name);
bool case_role_known(const char *name);
bool case_message_known(const char *kind);
bool case_message_word_known(const char *kind, const char *word);
/* "avp" or "attribute": the field whose names name such elements; else NULL. */
const struct field *case_element_family(const char *word);
/* "Nonce", "99", "37244/1". */
bool case_element_known(const struct field *family, const char *name);
/* Whether a value can be one of the field: in a change; in a constraint. The reason is what is
 * wanted instead. */
bool case_value_fits(const struct field *field, const char *value, bool relative,
		     const char **wanted);

/* ---- case_value.c ---- */

/* A number ("716", "0x2cc", or the name that the field has for it; `field` may be NULL). */
bool case_number(const struct field *field, const char *text, uint64_t *number);
/* The octets of "00ff" or "text:abc". The caller frees; NULL if it is neither. */
uint8_t *case_octets(const char *text, size_t *length);
bool case_time(const char *text, uint64_t *nanoseconds);
bool case_count(const char *text, unsigned maximum, unsigned *count);
bool case_name_good(const char *text);

/* ---- case_model.c ---- */

struct case_step *case_step_new(enum step_kind kind, struct case_place place);
struct case_message *case_message_new(struct case_place place);
void case_step_free(void *step);
void case_message_free(void *message);
void case_change_free(void *change);
void case_constraint_free(void *constraint);
void case_define_free(void *define);
void case_pair_free(void *pair);
void test_case_free(void *test);

#endif
