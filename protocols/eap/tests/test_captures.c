/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conversations of other implementations are verified from their key alone, and break no rule. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conformance/engine/capture.h"
#include "conformance/engine/stack.h"
#include "talk.h"

/* What a capture's README says of it. */
struct expectation {
	const char *file, *type, *identity, *key;
	unsigned verified;         /* values of eap.*.status */
	unsigned conversations;    /* that yield an MSK */
	const char *msk_starts[2]; /* four octets */
};

/* Takes what is said of EAP and passes over the rest. */
struct sieve {
	struct reader reader;
	unsigned verified, other, notes;
	char note[200];
};

static void on_value(struct reader *r, const struct field *field, size_t offset, size_t length,
		     const struct value *value)
{
	struct sieve *s = (struct sieve *)r;
	size_t i;

	(void)offset;
	(void)length;
	if (field->names != verdict_names || !protocol_field_index(&eap_protocol, field, &i))
		return;
	if (value->number == VERDICT_VERIFIED)
		s->verified++;
	else
		s->other++;
}

static void on_note(struct reader *r, const struct note *note)
{
	struct sieve *s = (struct sieve *)r;
	size_t i;

	if (!protocol_rule_index(&eap_protocol, note->rule, &i))
		return;
	s->notes++;
	snprintf(s->note, sizeof(s->note), "%s: %.100s", note->rule->id, note->found);
}

static const struct reader_ops ops = {.value = on_value, .note = on_note};

static void read_capture(const char *path, struct key_store *keys, struct sieve *sieve)
{
	char error[CAPTURE_ERROR_SIZE];
	struct capture *capture = capture_open_file(path, NULL, error, sizeof(error));
	struct stack *stack = stack_new(keys, 0, NULL, NULL);
	struct capture_payload payload;

	cr_assert_not_null(capture, "%s", error);
	while (capture_next(capture, &payload) == CAPTURE_PAYLOAD)
		stack_feed(stack, &payload, &sieve->reader);
	stack_free(stack);
	capture_free(capture);
}

/* A derived MSK that starts so is in the store. */
static bool has_msk(const struct key_store *keys, const char *starts)
{
	for (size_t i = 0; i < key_store_count(keys); i++) {
		const struct key_row *row = key_store_row(keys, i);
		char text[9];

		if (row->type != KEY_MSK || !row->derived)
			continue;
		for (size_t j = 0; j < 4; j++)
			snprintf(text + 2 * j, 3, "%02x", row->octets[j]);
		if (!strcmp(text, starts))
			return true;
	}
	return false;
}

static void check(const struct expectation *e)
{
	struct key_store *keys = key_store_new();
	struct sieve sieve = {.reader = {&ops}};
	char path[400], error[200];

	snprintf(path, sizeof(path), ASSAY_SHARED_DIR "/captures/%s", e->file);
	if (access(path, R_OK) != 0)
		cr_skip("%s is not here", path);
	cr_assert(key_store_add_text(keys, e->type, e->identity, e->key, error, sizeof(error)));
	read_capture(path, keys, &sieve);
	cr_expect_eq(sieve.verified, e->verified, "%u verified", sieve.verified);
	cr_expect_eq(sieve.other, 0, "%u not verified", sieve.other);
	cr_expect_eq(sieve.notes, 0, "%s", sieve.note);
	for (unsigned i = 0; i < e->conversations; i++)
		cr_expect(has_msk(keys, e->msk_starts[i]), "no MSK starts %s", e->msk_starts[i]);
	key_store_free(keys);
}

Test(eap_captures, two_sessions_of_eap_psk)
{
	check(&(struct expectation){"eap-psk.pcapng",
				    "eap-psk",
				    "psk.user@lab.example",
				    "00112233445566778899aabbccddeeff",
				    8,
				    2,
				    {"f02c0705", "8501fa62"}});
}

Test(eap_captures, two_sessions_of_eap_gpsk)
{
	check(&(struct expectation){"eap-gpsk.pcapng",
				    "eap-gpsk",
				    "gpsk.user@lab.example",
				    "text:0123456789abcdef0123456789abcdef",
				    6,
				    2,
				    {"6bb9f899", "8aeccbf7"}});
}

/* The same authentication in PANA and in RADIUS. */
Test(eap_captures, eap_psk_in_pana)
{
	check(&(struct expectation){"pana-eap-psk.pcapng",
				    "eap-psk",
				    "user1",
				    "text:SecretPassphrase",
				    8,
				    1,
				    {"2c8bc173"}});
}

Test(eap_captures, eap_tls_breaks_no_rule)
{
	check(&(struct expectation){
		"eap-tls.pcapng", "eap-psk", "*", "text:SecretPassphrase", 0, 0, {NULL}});
}
