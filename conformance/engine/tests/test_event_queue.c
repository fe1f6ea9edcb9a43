/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "conformance/engine/event_queue.h"
#include "conformance/engine/prng.h"

enum { NODES = 500 };

Test(event_queue, nodes_come_out_by_time_then_by_order)
{
	static struct event_node nodes[NODES];
	struct event_queue q = {0};
	struct prng p = prng_of(1, "queue", 0);
	const struct event_node *last = NULL;
	struct event_node *first;

	for (size_t i = 0; i < NODES; i++)
		event_queue_put(&q, &nodes[i], prng_below(&p, 50));
	/* Move some, take some out. */
	for (size_t i = 0; i < NODES; i += 3)
		event_queue_put(&q, &nodes[i], prng_below(&p, 50));
	for (size_t i = 0; i < NODES; i += 7)
		event_queue_remove(&q, &nodes[i]);
	for (size_t i = 0; i < NODES; i += 7)
		event_queue_remove(&q, &nodes[i]);
	cr_assert_eq(q.count, NODES - (NODES + 6) / 7);
	for (; (first = event_queue_first(&q)); last = first) {
		if (last)
			cr_assert(last->at < first->at ||
				  (last->at == first->at && last->order < first->order));
		event_queue_remove(&q, first);
		cr_assert_eq(first->place, 0);
	}
	event_queue_clear(&q);
}

/* The published reference code of xoshiro256**, state {1, 2, 3, 4}, gives these. */
Test(prng, numbers_are_those_of_xoshiro256starstar)
{
	static const uint64_t wanted[] = {11520u, 0u, 1509978240u, 1215971899390074240u};
	struct prng p = {{1, 2, 3, 4}};

	for (size_t i = 0; i < 4; i++)
		cr_assert_eq(prng_number(&p), wanted[i]);
}

Test(prng, streams_differ_by_seed_label_and_number)
{
	struct prng streams[] = {prng_of(1, "a", 0), prng_of(2, "a", 0), prng_of(1, "b", 0),
				 prng_of(1, "a", 1), prng_of(1, "a", 0)};
	uint8_t octets[5][33];

	for (size_t i = 0; i < 5; i++)
		prng_fill(&streams[i], octets[i], sizeof(octets[i]));
	for (size_t i = 1; i < 4; i++)
		cr_assert(memcmp(octets[0], octets[i], sizeof(octets[0])) != 0);
	cr_assert_arr_eq(octets[0], octets[4], sizeof(octets[0]));
}

Test(prng, chances_are_met)
{
	struct prng p = prng_of(7, "chance", 0);
	unsigned hits = 0;

	for (unsigned i = 0; i < 10000; i++) {
		hits += prng_chance(&p, 200);
		cr_assert_not(prng_chance(&p, 0));
		cr_assert(prng_chance(&p, 1000));
		cr_assert_lt(prng_below(&p, 3), 3);
	}
	/* Within five standard deviations of 2000. */
	cr_assert(hits > 1800 && hits < 2200, "%u", hits);
	cr_assert_eq(prng_below(&p, 0), 0);
}
