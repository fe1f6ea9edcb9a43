/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is due when: an intrusive binary heap. Whoever waits owns its node; the queue only points at
 * it. Nodes due at the same time come out in the order in which they were put in, so that a
 * simulated run is the same on every machine. Putting and removing take O(log n).
 */
#ifndef ASSAY_ENGINE_EVENT_QUEUE_H
#define ASSAY_ENGINE_EVENT_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_node {
	uint64_t at;    /* nanoseconds since the epoch */
	uint64_t order; /* among those due at the same time */
	size_t place;   /* in the heap, from 1; 0: not queued */
};

struct event_queue {
	struct event_node **nodes; /* nodes[0] is the first due */
	size_t count, capacity;
	uint64_t order; /* of the next node */
};

/* Frees the heap itself; the nodes stay their owners'. */
void event_queue_clear(struct event_queue *q);

/* Puts a node in, or moves it to another time if it is in. */
void event_queue_put(struct event_queue *q, struct event_node *node, uint64_t at);

/* Takes a node out; nothing happens if it is not in. */
void event_queue_remove(struct event_queue *q, struct event_node *node);

/* The node that is due first, or NULL. */
struct event_node *event_queue_first(const struct event_queue *q);

#endif
