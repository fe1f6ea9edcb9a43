/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a check gathers of one conversation: each broken rule once, with its count and its first
 * occurrence, and the outcomes of cryptographic checks by field.
 *
 * Memory is bounded: GATHERING_RULES rules of one conversation are told apart, what goes beyond
 * is counted; values found and wanted are kept while all gatherings together hold fewer than
 * GATHERING_OCTETS octets of them.
 */
#ifndef ASSAY_ENGINE_GATHERING_H
#define ASSAY_ENGINE_GATHERING_H

#include "protocols/core/reader.h"
#include "protocols/core/verdict.h"

enum { GATHERING_RULES = 96, GATHERING_FIELDS = 32, GATHERING_OCTETS = 64 << 20 };

enum { VERDICT_KINDS = VERDICT_UNSUPPORTED + 1, RULE_LEVELS = RULE_OPEN + 1 };

/* A broken rule. */
struct finding {
	const struct rule *rule;
	const struct field *field; /* of the first occurrence; NULL: the message */
	uint32_t count;            /* occurrences */
	uint32_t frame;            /* the first one's */
	uint32_t offset;           /* of its octets, in its source */
	uint32_t length;
	char *source; /* name of the source, if it is not the message itself; else NULL */
	char *wanted; /* NULL: not kept */
	char *found;  /* NULL: not kept */
};

/* Outcomes of the checks that one field reports, by enum verdict. */
struct outcome {
	const struct field *field;
	uint32_t counts[VERDICT_KINDS];
	uint32_t first[VERDICT_KINDS]; /* frame of the first one */
};

struct gathering {
	uint32_t id; /* of the conversation, from 1 in order of appearance; 0: of none */
	uint32_t finding_count, finding_room;
	uint32_t outcome_count;
	uint32_t beyond;          /* occurrences of rules beyond GATHERING_RULES */
	struct finding *findings; /* in order of first occurrence */
	struct outcome *outcomes; /* in order of first occurrence */
};

enum { SOURCE_NAME_SIZE = 48 };

/* A broken rule at one place of one frame. */
struct occurrence {
	uint32_t frame;
	char source[SOURCE_NAME_SIZE]; /* name of the innermost source; "": the message itself */
	struct note note;
};

struct gathering *gathering_new(uint32_t id);
void gathering_free(struct gathering *g);

/* Adds an occurrence. True if it is the first of its rule in this conversation. */
bool gathering_note(struct gathering *g, const struct occurrence *o);
void gathering_verdict(struct gathering *g, const struct field *field, enum verdict verdict,
		       uint32_t frame);

/* Number of checks of an outcome: that took place, and in all. */
uint32_t outcome_checked(const struct outcome *o);
uint32_t outcome_total(const struct outcome *o);

#endif
