/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture.h"

#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>

#include "capture_impl.h"

enum { LIVE_WAIT = 100 }; /* milliseconds between looks at `stopped` */

enum { SNAPLEN = 262144 }; /* a filter's idea of a whole frame */

#define NANOSECONDS UINT64_C(1000000000) /* in a second */

void capture_say(char *error, size_t size, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(error, size, format, arguments);
	va_end(arguments);
}

void capture_say_link_type(const struct capture *c, int dlt, char *error, size_t error_size)
{
	const char *name = pcap_datalink_val_to_name(dlt);
	const char *description = pcap_datalink_val_to_description(dlt);
	GString *known = g_string_new(NULL);

	for (const struct link_layer *layer = link_layers; layer->name; layer++)
		g_string_append_printf(known, "%s%s", layer == link_layers ? "" : ", ",
				       layer->name);
	capture_say(error, error_size, "%s: link type: wanted one of %s; found %d (%s, %s)",
		    c->name, known->str, dlt, name ? name : "unknown to libpcap",
		    description ? description : "no description");
	g_string_free(known, TRUE);
}

struct link_type *capture_type(const struct capture *c)
{
	return &g_array_index(c->types, struct link_type, c->type);
}

static bool compile_filter(const struct capture *c, struct link_type *type, char *error,
			   size_t error_size)
{
	pcap_t *pcap;

	if (!c->filter_text || !type->layer)
		return true;
	pcap = pcap_open_dead(type->dlt, SNAPLEN);
	type->has_filter =
		pcap_compile(pcap, &type->filter, c->filter_text, 1, PCAP_NETMASK_UNKNOWN) == 0;
	if (!type->has_filter)
		capture_say(error, error_size, "filter \"%s\": wanted libpcap's syntax for %s; %s",
			    c->filter_text, type->layer->name, pcap_geterr(pcap));
	pcap_close(pcap);
	return type->has_filter;
}

bool capture_enter_type(struct capture *c, int dlt, char *error, size_t error_size)
{
	struct link_type type = {.dlt = dlt, .layer = link_layer_find(dlt)};

	if (c->types->len > 0 && capture_type(c)->dlt == dlt)
		return true;
	for (c->type = 0; c->type < c->types->len; c->type++)
		if (capture_type(c)->dlt == dlt)
			return true;
	if (!compile_filter(c, &type, error, error_size)) {
		c->type = 0;
		return false;
	}
	g_array_append_val(c->types, type);
	return true;
}

void capture_free(struct capture *c)
{
	if (!c)
		return;
	for (c->type = 0; c->type < c->types->len; c->type++)
		if (capture_type(c)->has_filter)
			pcap_freecode(&capture_type(c)->filter);
	g_array_free(c->types, TRUE);
	pcapng_free(c->pcapng);
	if (c->pcap)
		pcap_close(c->pcap);
	if (c->file)
		fclose(c->file);
	g_free(c->read_buffer);
	g_free(c->filter_text);
	defrag_free(c->defrag);
	g_free(c->name);
	g_free(c);
}

static enum capture_status broken(struct capture *c, const char *why)
{
	if (c->stopped)
		return CAPTURE_STOPPED;
	if (c->live)
		capture_say(c->error, sizeof(c->error),
			    "%s: capturing ended after frame %" PRIu64 ": %s", c->name,
			    c->counts.frames, why);
	else
		capture_say(c->error, sizeof(c->error),
			    "%s: frame %" PRIu64
			    ": wanted a whole record or the end of the file; %s",
			    c->name, c->counts.frames + 1, why);
	return CAPTURE_BROKEN;
}

/* The end of a file. One of which no frame could be walked is of no use, and that is said. */
static enum capture_status end(struct capture *c)
{
	if (c->stopped)
		return CAPTURE_STOPPED;
	for (size_t i = 0; i < c->types->len && !c->walked; i++) {
		int dlt = g_array_index(c->types, struct link_type, i).dlt;

		capture_say_link_type(c, dlt, c->error, sizeof(c->error));
		return CAPTURE_BROKEN;
	}
	return CAPTURE_END;
}

static void wait_for_frames(const struct capture *c)
{
	struct pollfd wanted = {.fd = c->descriptor, .events = POLLIN};

	poll(&wanted, c->descriptor >= 0 ? 1 : 0, LIVE_WAIT);
}

/* The next frame of a pcap file or an interface, waiting for it if need be. */
static enum capture_status next_of_pcap(struct capture *c, struct pcapng_record *record)
{
	struct pcap_pkthdr *header;
	const uint8_t *octets;

	while (!c->stopped) {
		switch (pcap_next_ex(c->pcap, &header, &octets)) {
		case 1:
			record->dlt = capture_type(c)->dlt;
			record->time = (uint64_t)header->ts.tv_sec * NANOSECONDS +
				       (uint64_t)header->ts.tv_usec * c->fraction;
			record->octets = (struct octets){octets, header->caplen};
			record->wire_length = header->len;
			return CAPTURE_PAYLOAD;
		case 0:
			wait_for_frames(c);
			break;
		case PCAP_ERROR_BREAK:
			return c->live ? CAPTURE_STOPPED : CAPTURE_END;
		default:
			return broken(c, pcap_geterr(c->pcap));
		}
	}
	return CAPTURE_STOPPED;
}

static enum capture_status next_of_pcapng(struct capture *c, struct pcapng_record *record)
{
	if (c->stopped)
		return CAPTURE_STOPPED;
	switch (pcapng_next(c->pcapng, record)) {
	case PCAPNG_RECORD:
		return CAPTURE_PAYLOAD;
	case PCAPNG_END:
		return end(c);
	default:
		return broken(c, pcapng_error(c->pcapng));
	}
}

static bool filtered(const struct capture *c, const struct link_type *type,
		     const struct pcapng_record *record)
{
	struct pcap_pkthdr header = {.caplen = (bpf_u_int32)record->octets.length,
				     .len = (bpf_u_int32)record->wire_length};

	return type->has_filter && !c->live &&
	       pcap_offline_filter(&type->filter, &header, record->octets.octets) == 0;
}

static void count(struct capture_counts *counts, enum link_outcome outcome)
{
	switch (outcome) {
	case LINK_PAYLOAD:
		counts->payloads++;
		break;
	case LINK_OTHER:
		counts->other++;
		break;
	case LINK_FRAGMENT:
		counts->fragments++;
		break;
	case LINK_CUT:
		counts->cut++;
		break;
	case LINK_MALFORMED:
		counts->malformed++;
		break;
	}
}

static bool walk_record(struct capture *c, const struct pcapng_record *record,
			struct capture_payload *payload)
{
	const struct link_type *type = capture_type(c);
	enum link_outcome outcome = LINK_OTHER;

	if (filtered(c, type, record)) {
		c->walked = true;
		c->counts.filtered++;
		return false;
	}
	*payload = (struct capture_payload){0};
	payload->passage.frame = (uint32_t)c->counts.frames;
	payload->passage.time = record->time;
	if (type->layer) {
		c->walked = true;
		outcome = link_walk(type->layer, record->octets, record->wire_length, c->defrag,
				    payload, c->pdu_name);
	}
	count(&c->counts, outcome);
	return outcome == LINK_PAYLOAD;
}

void capture_take_keys(struct capture *c, struct key_store *keys)
{
	c->keys = (struct key_comments){.store = keys};
}

const char *capture_keys_error(const struct capture *c)
{
	return c->keys_error;
}

static void take_keys(struct capture *c, const struct pcapng_record *record)
{
	const uint32_t frame = (uint32_t)c->counts.frames;
	char error[KEY_COMMENT_ERROR_SIZE];
	struct octets comment;
	size_t position = 0;

	while (pcapng_comment(c->pcapng, record, &position, &comment)) {
		if (!key_comments_add(&c->keys, frame, (const char *)comment.octets, comment.length,
				      error) &&
		    !c->keys_error[0])
			capture_say(c->keys_error, sizeof(c->keys_error), "frame %" PRIu32 ": %s",
				    frame, error);
	}
}

enum capture_status capture_next(struct capture *c, struct capture_payload *payload)
{
	struct pcapng_record record;
	enum capture_status status;

	for (;;) {
		status = c->pcapng ? next_of_pcapng(c, &record) : next_of_pcap(c, &record);
		if (status != CAPTURE_PAYLOAD)
			return status;
		c->counts.frames++;
		if (c->pcapng && c->keys.store)
			take_keys(c, &record);
		if (record.dlt < 0) {
			count(&c->counts, LINK_OTHER);
			continue;
		}
		if (!capture_enter_type(c, record.dlt, c->error, sizeof(c->error)))
			return CAPTURE_BROKEN;
		if (walk_record(c, &record, payload))
			return CAPTURE_PAYLOAD;
	}
}

void capture_stop(struct capture *c)
{
	c->stopped = 1;
	if (c->pcap)
		pcap_breakloop(c->pcap);
}

const char *capture_error(const struct capture *c)
{
	return c->error;
}

const char *capture_link_name(const struct capture *c)
{
	const struct link_type *type = c->types->len > 0 ? capture_type(c) : NULL;

	return type && type->layer ? type->layer->name : "unknown";
}

struct capture_counts capture_counts(const struct capture *c)
{
	struct capture_counts counts = c->counts;
	struct pcap_stat system;

	counts.given_up = defrag_given_up(c->defrag) + defrag_waiting(c->defrag);
	if (c->live && pcap_stats(c->pcap, &system) == 0)
		counts.dropped = system.ps_drop;
	return counts;
}
