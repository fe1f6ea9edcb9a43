/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scenario.h"

#include <stdlib.h>
#include <string.h>

const char scenario_keys[] = "# Opens every capture of this folder.\n"
			     "\"eap-psk\",\"user1\",\"text:SecretPassphrase\"\n"
			     "\"eap-gpsk\",\"gpsk.user@lab.example\","
			     "\"text:0123456789abcdef0123456789abcdef\"\n"
			     "\"radius\",\"10.0.0.1\",\"text:testing123\"\n";

static int by_time(const void *a, const void *b)
{
	const struct datagram *left = a, *right = b;

	if (left->time != right->time)
		return left->time < right->time ? -1 : 1;
	return left->order < right->order ? -1 : left->order > right->order;
}

void scenario_sort(struct scenario *s)
{
	if (s->count)
		qsort(s->datagrams, s->count, sizeof(*s->datagrams), by_time);
}

bool scenario_skip(struct scenario *s, const char *label)
{
	size_t first = 0;

	while (first < s->count && strcmp(s->datagrams[first].label, label))
		free(s->datagrams[first++].octets);
	s->count -= first;
	memmove(s->datagrams, s->datagrams + first, s->count * sizeof(*s->datagrams));
	return s->count > 0;
}

void scenario_clear(struct scenario *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->datagrams[i].octets);
	free(s->datagrams);
	secret_wipe(s, sizeof(*s));
}
