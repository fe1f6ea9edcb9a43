/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "event_queue.h"

#include <glib.h>

void event_queue_clear(struct event_queue *q)
{
	for (size_t i = 0; i < q->count; i++)
		q->nodes[i]->place = 0;
	g_free(q->nodes);
	*q = (struct event_queue){0};
}

static bool before(const struct event_node *a, const struct event_node *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void set(struct event_queue *q, size_t index, struct event_node *node)
{
	q->nodes[index] = node;
	node->place = index + 1;
}

static void rise(struct event_queue *q, size_t index)
{
	struct event_node *node = q->nodes[index];

	while (index > 0 && before(node, q->nodes[(index - 1) / 2])) {
		set(q, index, q->nodes[(index - 1) / 2]);
		index = (index - 1) / 2;
	}
	set(q, index, node);
}

static void sink(struct event_queue *q, size_t index)
{
	struct event_node *node = q->nodes[index];

	for (size_t child = 2 * index + 1; child < q->count; child = 2 * index + 1) {
		if (child + 1 < q->count && before(q->nodes[child + 1], q->nodes[child]))
			child++;
		if (!before(q->nodes[child], node))
			break;
		set(q, index, q->nodes[child]);
		index = child;
	}
	set(q, index, node);
}

void event_queue_put(struct event_queue *q, struct event_node *node, uint64_t at)
{
	event_queue_remove(q, node);
	if (q->count == q->capacity) {
		q->capacity = q->capacity ? 2 * q->capacity : 64;
		q->nodes = g_renew(struct event_node *, q->nodes, q->capacity);
	}
	node->at = at;
	node->order = q->order++;
	set(q, q->count++, node);
	rise(q, node->place - 1);
}

void event_queue_remove(struct event_queue *q, struct event_node *node)
{
	size_t index = node->place - 1;
	struct event_node *last;

	if (!node->place)
		return;
	node->place = 0;
	last = q->nodes[--q->count];
	if (last == node)
		return;
	set(q, index, last);
	rise(q, index);
	sink(q, last->place - 1);
}

struct event_node *event_queue_first(const struct event_queue *q)
{
	return q->count ? q->nodes[0] : NULL;
}
