/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/core/conversation.h"
#include "protocols/core/secret.h"

struct session {
	struct conversation base;
	uint32_t id;
};

static unsigned freed, evicted, at_end;

static void session_free(struct conversation *c)
{
	freed++;
	free(c);
}

static const struct conversation_kind kind = {.label = "test", .free = session_free};

static void closed(struct conversation *c, enum closing why, void *context)
{
	uint32_t *last = context;

	*last = ((struct session *)c)->id;
	if (why == CLOSED_EVICTED)
		evicted++;
	else
		at_end++;
}

static bool has_id(const struct conversation *c, const void *key)
{
	return ((const struct session *)c)->id == *(const uint32_t *)key;
}

static struct conversation *add(struct conversation_table *t, uint32_t id, uint32_t hash)
{
	struct session *s = calloc(1, sizeof(*s));

	s->base.kind = &kind;
	s->id = id;
	conversation_add(t, &s->base, hash);
	return &s->base;
}

static struct conversation *find(struct conversation_table *t, uint32_t id, uint32_t hash)
{
	return conversation_find(t, hash, has_id, &id);
}

Test(conversation, same_hash_is_told_apart_by_match)
{
	struct conversation_table *t = conversation_table_new(0, NULL, NULL);

	add(t, 1, 7);
	add(t, 2, 7);
	cr_assert_eq(((struct session *)find(t, 1, 7))->id, 1);
	cr_assert_eq(((struct session *)find(t, 2, 7))->id, 2);
	cr_assert_null(find(t, 3, 7));
	cr_assert_null(find(t, 1, 8));
	conversation_table_free(t);
	cr_assert_eq(freed, 2);
}

Test(conversation, full_table_closes_the_longest_idle_one)
{
	uint32_t last = 0;
	struct passage p = {.frame = 9, .time = 5};
	struct conversation_table *t = conversation_table_new(3, closed, &last);
	struct conversation *first = add(t, 1, 1);

	add(t, 2, 2);
	add(t, 3, 3);
	conversation_use(t, first, &p);
	add(t, 4, 4);
	cr_assert_eq(last, 2, "1 was used after 2");
	cr_assert_eq(evicted, 1);
	cr_assert_eq(conversation_count(t), 3);
	cr_assert_null(find(t, 2, 2));
	conversation_table_free(t);
	cr_assert_eq(at_end, 3);
	cr_assert_eq(freed, 4);
}

Test(conversation, use_keeps_the_first_passage_and_counts)
{
	struct conversation_table *t = conversation_table_new(0, NULL, NULL);
	struct conversation *c = add(t, 1, 1);
	struct passage p = {.frame = 4, .time = 100};

	conversation_use(t, c, &p);
	p.frame = 6;
	p.time = 200;
	conversation_use(t, c, &p);
	cr_assert_eq(c->first.frame, 4);
	cr_assert_eq(c->last_frame, 6);
	cr_assert_eq(c->last_time, 200);
	cr_assert_eq(c->messages, 2);
	conversation_table_free(t);
}

Test(conversation, found_after_growth_and_under_a_new_hash)
{
	struct conversation_table *t = conversation_table_new(0, NULL, NULL);

	for (uint32_t i = 0; i < 5000; i++)
		add(t, i, i * 2654435761u);
	for (uint32_t i = 0; i < 5000; i++)
		cr_assert_not_null(find(t, i, i * 2654435761u), "%u", i);
	conversation_rehash(t, find(t, 17, 17 * 2654435761u), 99);
	cr_assert_not_null(find(t, 17, 99));
	cr_assert_null(find(t, 17, 17 * 2654435761u));
	conversation_table_free(t);
}

Test(verdict, says_forged_only_after_something_was_right)
{
	cr_assert_eq(verdict_of(true, false), VERDICT_VERIFIED);
	cr_assert_eq(verdict_of(false, false), VERDICT_WRONG_KEY);
	cr_assert_eq(verdict_of(false, true), VERDICT_FORGED);
	for (uint64_t v = VERDICT_VERIFIED; v <= VERDICT_UNSUPPORTED; v++)
		cr_assert_not_null(value_name_find(verdict_names, v));
}

/* RFC 5952 4 for the IPv6 forms. */
Test(flow, endpoints_in_the_usual_spelling)
{
	static const uint8_t v4[] = {192, 0, 2, 1};
	static const uint8_t v6[16] = {0xfe, 0x80, [15] = 1};
	static const uint8_t mac[] = {2, 0, 0, 0, 0, 0x1f};
	struct endpoint e = {.address = address_of(ADDRESS_IPV4, v4), .port = 716};
	char text[ENDPOINT_TEXT_SIZE];

	cr_assert_str_eq(endpoint_text(&e, text), "192.0.2.1:716");
	e.address = address_of(ADDRESS_IPV6, v6);
	cr_assert_str_eq(endpoint_text(&e, text), "[fe80::1]:716");
	e.port = 0;
	cr_assert_str_eq(endpoint_text(&e, text), "fe80::1");
	e.address = address_of(ADDRESS_ETHERNET, mac);
	cr_assert_str_eq(endpoint_text(&e, text), "02:00:00:00:00:1f");
}

Test(secret, shown_only_when_asked_for)
{
	static const uint8_t key[] = {0xde, 0xad, 0xbe, 0xef};
	char text[SECRET_TEXT_SIZE];

	cr_assert_str_eq(secret_text(key, 4, false, text, sizeof(text)), "(4 octets, hidden)");
	cr_assert_str_eq(secret_text(key, 4, true, text, sizeof(text)), "deadbeef");
	cr_assert_str_eq(secret_text(key, 4, true, text, 6), "dead", "cut to whole octets");
}

Test(secret, clearing_leaves_nothing)
{
	static const uint8_t key[] = {1, 2, 3};
	struct secret s, zero = {0};

	secret_set(&s, key, 3);
	cr_assert_eq(s.length, 3);
	cr_assert(secret_equal(s.octets, key, 3));
	secret_clear(&s);
	cr_assert_eq(memcmp(&s, &zero, sizeof(s)), 0);
}
