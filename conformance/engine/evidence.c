/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "message.h"
#include "pcapng_datagram.h"
#include "protocols/core/secret.h"
#include "stack.h"

enum { KEY_LINE_MAX = 8192 };

struct evidence {
	const struct protocol *protocol;
	struct key_store *keys;
	struct stack *stack;
	GPtrArray *frames;
};

static void frame_free(gpointer data)
{
	struct frame *f = data;

	reading_clear(&f->alone);
	reading_clear(&f->full);
	g_string_free(f->comment, TRUE);
	g_free((gpointer)f->datagram.octets.octets);
	g_free(f);
}

struct key_store *evidence_copy_keys(const struct key_store *keys)
{
	struct key_store *copy = key_store_new();
	char line[KEY_LINE_MAX], error[256];

	for (size_t i = 0; keys && i < key_store_count(keys); i++) {
		size_t length = key_row_text(key_store_row(keys, i), line, sizeof(line));

		if (length < sizeof(line))
			key_store_parse(copy, "keys", line, length, error, sizeof(error));
	}
	secret_wipe(line, sizeof(line));
	return copy;
}

struct evidence *evidence_new(const struct protocol *protocol, const struct key_store *keys)
{
	struct evidence *e = g_new0(struct evidence, 1);

	e->protocol = protocol;
	e->keys = evidence_copy_keys(keys);
	e->stack = stack_new(e->keys, 0, NULL, NULL);
	e->frames = g_ptr_array_new_with_free_func(frame_free);
	return e;
}

void evidence_free(struct evidence *e)
{
	if (!e)
		return;
	g_ptr_array_free(e->frames, TRUE);
	stack_free(e->stack);
	key_store_free(e->keys);
	g_free(e);
}

/* What the session says of a message, whatever port it came from. */
static void read_in_session(struct evidence *e, struct frame *f)
{
	struct capture_payload payload = {
		.passage = {.frame = f->number,
			    .time = f->time,
			    .carrier = CARRIER_UDP,
			    .source = f->datagram.source,
			    .destination = f->datagram.destination},
		.kind = PAYLOAD_UDP,
		.pdu_name = "",
		.octets = f->datagram.octets.octets,
		.length = f->datagram.octets.length,
		.wire_length = f->datagram.octets.length,
	};

	/* RADIUS has no heuristic: a server at another port is told by the port. */
	if (e->protocol == &radius_protocol &&
	    !radius_port(payload.passage.source.port, payload.passage.destination.port)) {
		payload.kind = PAYLOAD_EXPORTED_PDU;
		payload.pdu_naming = PDU_DISSECTOR;
		payload.pdu_name = "radius";
	}
	stack_feed(e->stack, &payload, &f->full.reader);
}

static struct frame *add_frame(struct evidence *e, uint64_t time, bool sent,
			       const struct datagram *d)
{
	struct frame *f;

	if (e->frames->len >= EVIDENCE_FRAMES_MAX)
		return NULL;
	f = g_new0(struct frame, 1);
	f->number = e->frames->len + 1;
	f->time = time;
	f->sent = sent;
	f->datagram = *d;
	f->datagram.octets.octets = g_memdup2(d->octets.octets, d->octets.length);
	f->comment = g_string_new(NULL);
	reading_init(&f->alone);
	reading_init(&f->full);
	reading_alone(&f->alone, e->protocol, f->datagram.octets.octets, d->octets.length);
	g_ptr_array_add(e->frames, f);
	return f;
}

struct frame *evidence_passed(struct evidence *e, uint64_t time, bool sent,
			      const struct datagram *d)
{
	struct frame *f = add_frame(e, time, sent, d);

	if (f)
		read_in_session(e, f);
	return f;
}

struct frame *evidence_passed_aside(struct evidence *e, uint64_t time, bool sent,
				    const struct datagram *d)
{
	struct frame *f = add_frame(e, time, sent, d);

	if (f)
		reading_alone(&f->full, e->protocol, f->datagram.octets.octets, d->octets.length);
	return f;
}

struct frame *evidence_frame(const struct evidence *e, uint32_t number)
{
	return number && number <= e->frames->len ? g_ptr_array_index(e->frames, number - 1) : NULL;
}

uint32_t evidence_count(const struct evidence *e)
{
	return e->frames->len;
}

void evidence_comment(struct frame *f, const char *format, ...)
{
	va_list arguments;

	if (!f)
		return;
	if (f->comment->len)
		g_string_append_c(f->comment, '\n');
	va_start(arguments, format);
	g_string_append_vprintf(f->comment, format, arguments);
	va_end(arguments);
}

/* ---- files ---- */

static void append_keys(const struct key_store *keys, const char *before, GString *text)
{
	char line[KEY_LINE_MAX];

	for (size_t i = 0; i < key_store_count(keys); i++) {
		if (key_row_text(key_store_row(keys, i), line, sizeof(line)) < sizeof(line))
			g_string_append_printf(text, "%s%s\n", before, line);
	}
	secret_wipe(line, sizeof(line));
}

static bool write_keys(const struct evidence *e, const char *path, char *error)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
	GString *text = g_string_new(NULL);
	bool written = false;

	append_keys(e->keys, "", text);
	if (fd >= 0 && fchmod(fd, S_IRUSR | S_IWUSR) == 0)
		written = write(fd, text->str, text->len) == (ssize_t)text->len;
	if (!written)
		g_snprintf(error, EVIDENCE_ERROR_SIZE, "%s: %s", path, g_strerror(errno));
	if (fd >= 0)
		close(fd);
	secret_wipe(text->str, text->len);
	g_string_free(text, TRUE);
	return written;
}

static bool write_frames(const struct evidence *e, const char *path, const char *headline,
			 bool secrets, char *error)
{
	struct pcapng_writer *w = pcapng_create(path, PCAPNG_ETHERNET, error, EVIDENCE_ERROR_SIZE);
	GString *text;

	if (!w)
		return false;
	text = g_string_new(headline);
	if (secrets) {
		g_string_append_c(text, '\n');
		append_keys(e->keys, "assay-keys: ", text);
	}
	for (guint i = 0; i < e->frames->len; i++) {
		const struct frame *f = g_ptr_array_index(e->frames, i);

		if (i == 0 && text->len && text->str[text->len - 1] != '\n')
			g_string_append_c(text, '\n');
		if (i == 0)
			g_string_append(text, f->comment->str);
		pcapng_write_datagram(w, f->time, &f->datagram, i ? f->comment->str : text->str);
	}
	secret_wipe(text->str, text->len);
	g_string_free(text, TRUE);
	return pcapng_finish(w, error, EVIDENCE_ERROR_SIZE);
}

bool evidence_write(const struct evidence *e, const char *path, const char *headline, bool secrets,
		    char error[EVIDENCE_ERROR_SIZE])
{
	char *frames = g_strdup_printf("%s.pcapng", path);
	char *keys = g_strdup_printf("%s.keys", path);
	bool written = !e->frames->len || (write_frames(e, frames, headline, secrets, error) &&
					   write_keys(e, keys, error));

	g_free(frames);
	g_free(keys);
	return written;
}
