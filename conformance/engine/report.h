/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report puts what a check finds on a stream: text for people, JSON Lines, JUnit or TAP. Each
 * form is a table of operations; any of them may be NULL. All are streamed: a report holds no more
 * than the conversations that it puts in order.
 *
 * What comes from the wire is escaped, so that a report is valid in its form, and harmless on a
 * terminal, whatever the octets. Derived keys are hidden unless `secrets`.
 */
#ifndef ASSAY_ENGINE_REPORT_H
#define ASSAY_ENGINE_REPORT_H

#include "gathering.h"
#include "printer.h"
#include "protocols/core/conversation.h"

enum report_format { REPORT_TEXT, REPORT_JSONL, REPORT_JUNIT, REPORT_TAP, REPORT_FORMATS };

struct report_options {
	FILE *stream;                  /* borrowed */
	const struct palette *palette; /* text */
	bool secrets;                  /* show derived keys */
	bool strict;                   /* a broken SHOULD is a failure */
	bool quiet;                    /* text: only conversations in which something is wrong */
};

/* One conversation, when it closes. */
struct report_conversation {
	const char *file;                        /* or interface */
	const struct conversation *conversation; /* NULL: what belongs to none */
	const struct gathering *gathered;
	enum closing why;
};

/* Counts over all that was checked. */
struct report_totals {
	uint64_t frames;        /* read */
	uint64_t messages;      /* in which a protocol of ours was found */
	uint64_t unknown;       /* payloads in which none was found */
	uint64_t truncated;     /* messages not judged: the capture cut them short */
	uint64_t conflicting;   /* messages from IP fragments that overlap and disagree */
	uint64_t given_up;      /* datagrams that never became whole */
	uint64_t malformed;     /* frames whose headers contradict themselves */
	uint64_t cut;           /* frames cut inside their headers */
	uint64_t dropped;       /* live: frames that the system lost */
	uint64_t conversations; /* reported */
	uint64_t evicted;       /* of them: closed as idle, to stay within bounds */
	uint64_t verdicts[VERDICT_KINDS];
	uint64_t notes[RULE_LEVELS]; /* occurrences of broken rules */
	uint32_t rules[RULE_LEVELS]; /* different rules broken */
	uint32_t inputs;             /* files or interfaces opened */
	uint32_t failed_inputs;      /* that could not be read, or not to their end */
	bool interrupted;
};

struct report {
	const struct report_ops *ops;
	struct report_options options;
};

struct report_ops {
	void (*begin)(struct report *r);
	/* Each occurrence; `conversation` is 0 if it belongs to none. */
	void (*note)(struct report *r, const char *file, const struct protocol *protocol,
		     uint32_t conversation, const struct occurrence *o);
	void (*verdict)(struct report *r, const char *file, uint32_t frame, uint32_t conversation,
			const struct field *field, size_t offset, size_t length,
			enum verdict verdict);
	void (*conversation)(struct report *r, const struct report_conversation *c);
	/* Something to know about an input: that messages were cut. A failure, for instance that
	 * it breaks off, is told on standard error too. */
	void (*statement)(struct report *r, const char *file, const char *text, bool failure);
	void (*end)(struct report *r, const struct report_totals *totals);
	void (*free)(struct report *r);
};

struct report *report_new(enum report_format format, const struct report_options *options);
void report_free(struct report *r);

/* "text", "jsonl", "junit", "tap". False: no such format. */
bool report_format_of(const char *name, enum report_format *format);

/* Each calls the operation, if there is one. */
void report_begin(struct report *r);
void report_conversation(struct report *r, const struct report_conversation *c);
void report_statement(struct report *r, const char *file, const char *text, bool failure);
void report_end(struct report *r, const struct report_totals *totals);

/* ---- shared by the forms ---- */

struct report *report_text_new(void);
struct report *report_jsonl_new(void);
struct report *report_junit_new(void);
struct report *report_tap_new(void);

/* True if a rule of this level, broken, is a failure. */
bool report_fails(const struct report *r, enum rule_level level);

/* "PANA session 3", or "messages of no conversation". Returns `text`. */
enum { REPORT_TITLE_SIZE = 128 };
const char *report_title(const struct report_conversation *c, char text[REPORT_TITLE_SIZE]);

/* "8 of 8 verified", "1 wrong key (first in frame 9), 7 not checked: no key (...)". */
enum { REPORT_OUTCOME_SIZE = 512 };
const char *report_outcome(const struct outcome *o, char text[REPORT_OUTCOME_SIZE]);

/* "frame 9, pana.nonce at offset 24, 20 octets". */
enum { REPORT_PLACE_SIZE = 256 };
const char *report_place(const struct finding *f, char text[REPORT_PLACE_SIZE]);

/* The texts of a finding; in their place, where they were not kept, a word that says so. */
const char *report_found(const struct finding *f);
const char *report_wanted(const struct finding *f);

#endif
