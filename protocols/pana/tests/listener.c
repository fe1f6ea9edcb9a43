/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "listener.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void on_open(struct reader *r, const struct field *group, size_t offset, size_t length)
{
	(void)group;
	(void)offset;
	(void)length;
	((struct listener *)r)->depth++;
}

static void on_source(struct reader *r, const char *name, const uint8_t *octets, size_t length)
{
	(void)name;
	(void)octets;
	(void)length;
	((struct listener *)r)->depth++;
}

static void on_close(struct reader *r)
{
	((struct listener *)r)->depth--;
}

static void on_value(struct reader *r, const struct field *field, size_t offset, size_t length,
		     const struct value *value)
{
	struct listener *l = (struct listener *)r;
	struct heard_value *v;

	(void)offset;
	(void)length;
	if (!strcmp(field->name, "pana.auth.status"))
		l->verdicts[value->number]++;
	if (l->value_count == LISTENER_VALUES)
		return;
	v = &l->values[l->value_count++];
	*v = (struct heard_value){.field = field,
				  .frame = l->frame,
				  .number = value->number,
				  .length = value->length};
	if (value->octets && value->length)
		memcpy(v->octets, value->octets,
		       value->length < sizeof(v->octets) ? value->length : sizeof(v->octets));
}

static void on_note(struct reader *r, const struct note *note)
{
	struct listener *l = (struct listener *)r;

	if (l->note_count == LISTENER_NOTES)
		return;
	l->note_frames[l->note_count] = l->frame;
	l->notes[l->note_count++] = *note;
}

static const struct reader_ops ops = {
	.open = on_open,
	.value = on_value,
	.source = on_source,
	.close = on_close,
	.note = on_note,
};

struct listener *listener_new(void)
{
	struct listener *l = calloc(1, sizeof(*l));

	if (!l)
		abort();
	l->reader.ops = &ops;
	return l;
}

void listener_free(struct listener *l)
{
	free(l);
}

static void on_closed(struct conversation *c, enum closing why, void *context)
{
	struct listener *l = context;

	l->sessions++;
	l->evicted += why == CLOSED_EVICTED;
	if (c->kind->describe)
		c->kind->describe(c, &l->reader);
}

static void hear_one(struct listener *l, struct pana_tracker *t, const struct datagram *d)
{
	struct passage p = {.frame = ++l->frame,
			    .time = d->time,
			    .carrier = d->carrier,
			    .source = d->source,
			    .destination = d->destination};
	struct pana_message messages[PANA_DEPTH];
	/* Exactly as large as the datagram, so that a sanitizer sees the first octet too many. */
	uint8_t *octets = malloc(d->length ? d->length : 1);
	struct walk w = walk_of(octets, d->length, &l->reader);
	unsigned count;

	if (!octets)
		abort();
	memcpy(octets, d->octets, d->length);
	count = pana_walk(&w, messages);
	pana_track(t, &p, messages, count, &l->reader);
	free(octets);
}

void listener_hear(struct listener *l, const struct scenario *s, const char *keys_text,
		   size_t limit)
{
	struct key_store *keys = key_store_new();
	struct pana_tracker *t = pana_tracker_new(keys, limit, on_closed, l);
	char error[256];

	if (keys_text &&
	    !key_store_parse(keys, "test", keys_text, strlen(keys_text), error, sizeof(error)))
		abort();
	for (size_t i = 0; i < s->count; i++)
		hear_one(l, t, &s->datagrams[i]);
	pana_tracker_free(t);
	key_store_free(keys);
}

/* The rows of the scenarios, and those of a method that cannot be opened. */
static void add_msk_rows(const struct scenario *s, char *text, size_t size)
{
	size_t at = (size_t)snprintf(text, size, "%s", scenario_keys);

	for (unsigned i = 0; i < s->msk_count; i++) {
		at += (size_t)snprintf(text + at, size - at, "\"msk\",\"%s\",\"",
				       play_tls_identity.peer);
		for (size_t n = 0; n < s->msk[i].length; n++)
			at += (size_t)snprintf(text + at, size - at, "%02x", s->msk[i].octets[n]);
		at += (size_t)snprintf(text + at, size - at, "\"\n");
	}
}

bool listener_play(struct listener *l, const struct scenario_options *options,
		   const struct scenario_patch *patches)
{
	struct scenario s = {0};
	char keys[2048];
	bool made = scenario_pana(options, patches, &s);

	if (options->method == PLAY_TLS)
		add_msk_rows(&s, keys, sizeof(keys));
	else
		snprintf(keys, sizeof(keys), "%s", scenario_keys);
	listener_hear(l, &s, keys, 0);
	scenario_clear(&s);
	return made;
}

unsigned listener_noted(const struct listener *l, const char *id)
{
	unsigned n = 0;

	for (size_t i = 0; i < l->note_count; i++)
		n += !id || !strcmp(l->notes[i].rule->id, id);
	return n;
}

const struct heard_value *listener_value(const struct listener *l, const char *field,
					 unsigned which)
{
	for (size_t i = 0; i < l->value_count; i++) {
		if (!strcmp(l->values[i].field->name, field) && which-- == 0)
			return &l->values[i];
	}
	return NULL;
}

const char *listener_text(const struct listener *l)
{
	static char text[8192];
	size_t at = 0;

	text[0] = '\0';
	for (size_t i = 0; i < l->note_count && at < sizeof(text); i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at,
				       "\n  frame %u: %s: wanted %s, found %s", l->note_frames[i],
				       l->notes[i].rule->id, l->notes[i].wanted, l->notes[i].found);
	return text;
}
