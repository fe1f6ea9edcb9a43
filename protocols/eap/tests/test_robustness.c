/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whatever the octets: no offset outside its source, groups and sources closed, and, under a
 * sanitizer, no octet read or written that is not there. The damaged messages are those of the
 * probes, cut at every length and with every octet changed, and random ones behind a right header.
 */
#include <criterion/criterion.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "talk.h"

enum { MESSAGES_MAX = 16, OCTETS_CHANGED = 200, RANDOM_MESSAGES = 20000 };

/* A conversation as octets. */
struct recording {
	uint8_t *octets[MESSAGES_MAX];
	size_t length[MESSAGES_MAX];
	size_t count;
};

static const struct probe *const lists[] = {eap_probes_3748, eap_probes_psk, eap_probes_gpsk,
					    eap_probes_erp};

/* In memory of just its size, so that a read past its end is seen. */
static void feed_exact(struct talk *t, const uint8_t *octets, size_t length)
{
	uint8_t *exact = malloc(length ? length : 1);

	cr_assert_not_null(exact);
	if (length)
		memcpy(exact, octets, length);
	talk_octets(t, exact, length);
	free(exact);
	cr_assert_not(t->told.outside);
	cr_assert_eq(t->told.depth, 0);
}

static void record(struct recording *r, const char *text)
{
	char **messages = g_strsplit(text, "|", -1);
	struct talk t;

	r->count = 0;
	talk_begin(&t);
	for (size_t i = 0; messages[i] && r->count < MESSAGES_MAX; i++) {
		t.length = 0;
		talk(&t, messages[i]);
		if (!t.length)
			continue;
		r->octets[r->count] = g_memdup2(t.octets, t.length);
		r->length[r->count++] = t.length;
	}
	talk_end(&t);
	g_strfreev(messages);
}

static void forget(struct recording *r)
{
	for (size_t i = 0; i < r->count; i++)
		g_free(r->octets[i]);
}

/* The conversation with message `which` damaged: cut to `at`, or its octet `at` changed. */
static void replay(const struct recording *r, size_t which, size_t at, bool cut)
{
	uint8_t damaged[TALK_MESSAGE];
	struct talk t;

	talk_begin(&t);
	for (size_t i = 0; i < r->count; i++) {
		memcpy(damaged, r->octets[i], r->length[i]);
		if (i == which && !cut)
			damaged[at] ^= (uint8_t)(1 + (at * 37 + which) % 255);
		feed_exact(&t, damaged, i == which && cut ? at : r->length[i]);
	}
	talk_end(&t);
}

static void damage(const char *text)
{
	struct recording r;
	size_t last;

	if (!text)
		return;
	record(&r, text);
	last = r.count ? r.count - 1 : 0;
	for (size_t at = 0; r.count && at < r.length[last] && at < OCTETS_CHANGED; at++) {
		replay(&r, last, at, false);
		replay(&r, last, at, true);
	}
	forget(&r);
}

Test(eap_robustness, messages_of_probes_cut_and_changed)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		for (const struct probe *probe = lists[i]; probe->rule != EAP_RULES; probe++)
			damage(probe->broken);
	}
}

Test(eap_robustness, whole_conversations_with_one_damaged_message)
{
	static const char *const texts[] = {
		"@id | @psk1 | @psk2 | @psk3 60 ff 'offer' | @psk4 a0 ff 'x' | @success",
		"@id | @gpsk1 | @gpsk2 a1 000000010002 0003 'abc' 00*4 04 | @gpsk3 | @gpsk4 | "
		"@success",
		"@suite 02 | @id | @gpsk1 | @gpsk2 00 000000010002 0003 'abc' 00 | @gpsk3 | @pfail "
		"03",
		"@init 00 | @finish 00 | @init 01 60 | @finish 01 60",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct recording r;

		record(&r, texts[i]);
		for (size_t which = 0; which < r.count; which++) {
			for (size_t at = 0; at < r.length[which]; at += 1 + which % 3) {
				replay(&r, which, at, false);
				replay(&r, which, at, true);
			}
		}
		forget(&r);
	}
}

Test(eap_robustness, random_octets_behind_a_header)
{
	static const uint8_t types[] = {1, 2, 3, 13, 21, 47, 47, 51, 51, 55, 254, 0};
	GRand *random = g_rand_new_with_seed(4764);
	uint8_t octets[300];
	struct talk t;

	talk_begin(&t);
	for (int i = 0; i < RANDOM_MESSAGES; i++) {
		size_t length = (size_t)g_rand_int_range(random, 0, sizeof(octets));

		for (size_t j = 0; j < length; j++)
			octets[j] = (uint8_t)g_rand_int(random);
		if (length >= 5 && i % 8) {
			octets[0] = (uint8_t)g_rand_int_range(random, 1, 7);
			octets[2] = (uint8_t)(length >> 8);
			octets[3] = (uint8_t)length;
			octets[4] =
				octets[0] > 4 ? octets[4] % 3 : types[octets[4] % sizeof(types)];
			if (length > 5 && octets[4] == 51)
				octets[5] %= 8;
		}
		feed_exact(&t, octets, length);
	}
	talk_end(&t);
	g_rand_free(random);
}
