/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A recording is a run of events; behind each stand its octets, and the run stays aligned. */
#include "record.h"

#include "assay.h"
#include "painter_impl.h"

#include "protocols/core/secret.h"

#include <string.h>

enum event_kind { EVENT_OPEN, EVENT_LABEL, EVENT_VALUE, EVENT_SOURCE, EVENT_CLOSE, EVENT_NOTE };

struct event {
	const void *subject;       /* field or rule */
	const struct field *field; /* a note's */
	uint64_t number;           /* a value's */
	uint32_t offset;
	uint32_t length;
	uint32_t octets; /* that follow; a note: "wanted", NUL, "found", NUL */
	uint32_t kind;   /* enum event_kind */
};

struct recording {
	size_t length;
	const uint8_t *events;
	guint32 frame;
};

/* Fields that link a request and its answer, both ways. */
struct link {
	const struct field *request; /* said of the answer: the request's frame */
	const struct field *answer;  /* said of the request: the answer's frame */
	const struct field *repeats; /* said of a retransmission: the frame of the first one */
};

static struct link links[4];
static unsigned link_count;

struct secret_run {
	uint8_t *octets;
	size_t length;
};

static GArray *secrets; /* struct secret_run: recordings that hold keys */

static size_t padded(size_t octets)
{
	return (octets + 7) & ~(size_t)7;
}

static void append(struct reader *reader, const struct event *event, const void *octets)
{
	static const uint8_t zeros[8];
	GByteArray *events = ((struct recorder *)reader)->events;

	g_byte_array_append(events, (const guint8 *)event, sizeof(*event));
	if (event->octets == 0)
		return;
	g_byte_array_append(events, octets, event->octets);
	g_byte_array_append(events, zeros, (guint)(padded(event->octets) - event->octets));
}

static wmem_map_t *made(wmem_map_t **map)
{
	if (!*map)
		*map = wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);
	return *map;
}

/* Keeps what links requests with their answers. */
static void link_frames(unsigned i, const struct field *field, guint frame, guint other)
{
	wmem_map_t *firsts = made(&sessions.firsts[i]);
	wmem_map_t *answers = made(&sessions.answers[i]);
	void *first = wmem_map_lookup(firsts, GUINT_TO_POINTER(other));

	if (links[i].repeats == field)
		wmem_map_insert(firsts, GUINT_TO_POINTER(frame), GUINT_TO_POINTER(other));
	if (links[i].request == field)
		wmem_map_insert(answers, first ? first : GUINT_TO_POINTER(other),
				GUINT_TO_POINTER(frame));
}

static void on_open(struct reader *reader, const struct field *group, size_t offset, size_t length)
{
	const struct event event = {.kind = EVENT_OPEN,
				    .subject = group,
				    .offset = (uint32_t)offset,
				    .length = (uint32_t)length};

	append(reader, &event, NULL);
}

static void on_label(struct reader *reader, const char *text)
{
	const struct event event = {.kind = EVENT_LABEL, .octets = (uint32_t)strlen(text) + 1};

	append(reader, &event, text);
}

static void on_value(struct reader *reader, const struct field *field, size_t offset, size_t length,
		     const struct value *value)
{
	struct event event = {.kind = EVENT_VALUE,
			      .subject = field,
			      .number = value->number,
			      .offset = (uint32_t)offset,
			      .length = (uint32_t)length,
			      .octets = value->octets ? (uint32_t)value->length : 0};

	if (field->kind == FIELD_SECRET && preference_show_secrets()) {
		((struct recorder *)reader)->secret = true;
	} else if (field->kind == FIELD_SECRET) {
		event.number = value->length;
		event.octets = 0;
	}
	append(reader, &event, value->octets);
	for (unsigned i = 0; i < link_count; i++)
		link_frames(i, field, ((struct recorder *)reader)->frame, (guint)value->number);
}

/* The name and the octets of a source stand one behind the other. */
static void on_source(struct reader *reader, const char *name, const uint8_t *octets, size_t length)
{
	struct event event = {.kind = EVENT_LABEL, .octets = (uint32_t)strlen(name) + 1};

	append(reader, &event, name);
	event = (struct event){
		.kind = EVENT_SOURCE, .length = (uint32_t)length, .octets = (uint32_t)length};
	append(reader, &event, octets);
}

static void on_close(struct reader *reader)
{
	const struct event event = {.kind = EVENT_CLOSE};

	append(reader, &event, NULL);
}

static void on_note(struct reader *reader, const struct note *note)
{
	char text[2 * NOTE_TEXT_SIZE];
	size_t wanted = strlen(note->wanted) + 1, found = strlen(note->found) + 1;
	const struct event event = {.kind = EVENT_NOTE,
				    .subject = note->rule,
				    .field = note->field,
				    .offset = (uint32_t)note->offset,
				    .length = (uint32_t)note->length,
				    .octets = (uint32_t)(wanted + found)};

	memcpy(text, note->wanted, wanted);
	memcpy(text + wanted, note->found, found);
	append(reader, &event, text);
}

static const struct reader_ops recorder_ops = {
	.open = on_open,
	.label = on_label,
	.value = on_value,
	.source = on_source,
	.close = on_close,
	.note = on_note,
};

void recorder_start(struct recorder *r, const packet_info *pinfo)
{
	static GByteArray *scratch;

	if (!scratch)
		scratch = g_byte_array_sized_new(4096);
	g_byte_array_set_size(scratch, 0);
	r->reader.ops = &recorder_ops;
	r->events = scratch;
	r->frame = pinfo->num;
	r->secret = false;
}

const struct recording *recorder_keep(struct recorder *r, packet_info *pinfo, guint32 key)
{
	struct recording *recording = wmem_new(wmem_file_scope(), struct recording);
	uint8_t *events = wmem_memdup(wmem_file_scope(), r->events->data, r->events->len);
	struct secret_run run = {events, r->events->len};

	recording->length = r->events->len;
	recording->events = events;
	recording->frame = r->frame;
	if (r->secret) {
		if (!secrets)
			secrets = g_array_new(FALSE, FALSE, sizeof(struct secret_run));
		g_array_append_val(secrets, run);
		secret_wipe(r->events->data, r->events->len);
	}
	p_add_proto_data(wmem_file_scope(), pinfo, proto_assay, key, recording);
	return recording;
}

const struct recording *recording_of(packet_info *pinfo, guint32 key)
{
	return p_get_proto_data(wmem_file_scope(), pinfo, proto_assay, key);
}

void recording_link(const struct field *request, const struct field *answer,
		    const struct field *repeats)
{
	g_assert(request && answer && repeats && link_count < G_N_ELEMENTS(links));
	links[link_count++] = (struct link){request, answer, repeats};
}

void recordings_wipe(void)
{
	for (guint i = 0; secrets && i < secrets->len; i++) {
		struct secret_run *run = &g_array_index(secrets, struct secret_run, i);

		secret_wipe(run->octets, run->length);
	}
	if (secrets)
		g_array_set_size(secrets, 0);
}

/* ---- replaying ---- */

static void replay_value(struct reader *reader, const struct event *event, const uint8_t *octets)
{
	const struct value value = {event->number, event->octets ? octets : NULL, event->octets};

	reader_value(reader, event->subject, event->offset, event->length, &value);
}

static void replay_note(struct reader *reader, const struct event *event, const char *text)
{
	struct note note = {.rule = event->subject,
			    .field = event->field,
			    .offset = event->offset,
			    .length = event->length};

	g_strlcpy(note.wanted, text, sizeof(note.wanted));
	g_strlcpy(note.found, text + strlen(text) + 1, sizeof(note.found));
	if (reader->ops->note)
		reader->ops->note(reader, &note);
}

static const struct event *event_at(const struct recording *recording, size_t position)
{
	return (const struct event *)(const void *)(recording->events + position);
}

static size_t next(const struct event *event, size_t position)
{
	return position + sizeof(*event) + padded(event->octets);
}

/* The frame of a request: this one, or the one that it repeats. */
static guint frame_of(const struct recording *recording, const struct field *repeats)
{
	const struct event *event;

	for (size_t at = 0; at < recording->length; at = next(event, at)) {
		event = event_at(recording, at);
		if (event->kind == EVENT_VALUE && event->subject == repeats)
			return (guint)event->number;
	}
	return recording->frame;
}

static void replay_answers(const struct recording *recording, struct reader *reader)
{
	for (unsigned i = 0; i < link_count; i++) {
		void *frame = GUINT_TO_POINTER(frame_of(recording, links[i].repeats));
		guint answer = GPOINTER_TO_UINT(wmem_map_lookup(made(&sessions.answers[i]), frame));

		if (answer > recording->frame)
			reader_number(reader, links[i].answer, 0, 0, answer);
	}
}

void recording_replay(const struct recording *recording, struct reader *reader)
{
	const char *label = "";
	const struct event *event;

	if (!recording)
		return;
	if (reader->ops->value)
		replay_answers(recording, reader);

	for (size_t at = 0; at < recording->length; at = next(event, at)) {
		const uint8_t *octets = recording->events + at + sizeof(*event);

		event = event_at(recording, at);
		switch ((enum event_kind)event->kind) {
		case EVENT_OPEN:
			reader_open(reader, event->subject, event->offset, event->length);
			break;
		case EVENT_LABEL:
			label = (const char *)octets;
			/* A source's name comes right before it. */
			if (next(event, at) >= recording->length ||
			    event_at(recording, next(event, at))->kind != EVENT_SOURCE)
				reader_label(reader, "%s", label);
			break;
		case EVENT_VALUE:
			replay_value(reader, event, octets);
			break;
		case EVENT_SOURCE:
			reader_source(reader, label, octets, event->length);
			break;
		case EVENT_CLOSE:
			reader_close(reader);
			break;
		case EVENT_NOTE:
			replay_note(reader, event, (const char *)octets);
			break;
		}
	}
}
