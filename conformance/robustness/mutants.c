/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mutants.h"

#include <glib.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conformance/engine/link.h"
#include "headers.h"

enum {
	DAMAGED_SHARE = 50, /* one octet in so many */
	LINKTYPE_RAW = 101  /* in files; libpcap's DLT_RAW differs between systems */
};

static const char *const kind_names[MUTATION_KINDS] = {
	[MUTATION_NONE] = "none",
	[MUTATION_SNAP] = "snap",
	[MUTATION_CUT] = "cut",
	[MUTATION_SHRINK] = "shrink",
	[MUTATION_FLIP] = "flip",
	[MUTATION_BIT] = "bit",
	[MUTATION_DAMAGE] = "damage",
	[MUTATION_FILE_CUT] = "file-cut",
	[MUTATION_FILE_FLIP] = "file-flip",
	[MUTATION_FILE_BIT] = "file-bit",
};

/* ---- loading ---- */

/* Where the payload stands, by our own link layers. */
static void find_payload(struct frame *frame, int dlt)
{
	const struct link_layer *layer = link_layer_find(dlt);
	struct capture_payload payload = {.passage.frame = 1};
	struct defrag *defrag = defrag_new();
	char pdu_name[PDU_NAME_SIZE];

	if (layer &&
	    link_walk(layer, (struct octets){frame->octets, frame->length}, frame->wire_length,
		      defrag, &payload, pdu_name) == LINK_PAYLOAD &&
	    !payload.reassembled) {
		frame->payload = payload.offset_in_frame;
		frame->payload_length = payload.length;
	}
	defrag_free(defrag);
}

static bool load_frames(struct frames *frames, pcap_t *pcap, char *error, size_t error_size)
{
	GArray *list = g_array_new(FALSE, TRUE, sizeof(struct frame));
	struct pcap_pkthdr *header;
	const uint8_t *octets;
	int status;

	frames->dlt = pcap_datalink(pcap);
	while ((status = pcap_next_ex(pcap, &header, &octets)) == 1) {
		struct frame frame = {
			.octets = g_memdup2(octets, header->caplen),
			.length = header->caplen,
			.wire_length = header->len,
			.time = (uint64_t)header->ts.tv_sec * 1000000000u +
				(uint64_t)header->ts.tv_usec,
		};

		find_payload(&frame, frames->dlt);
		g_array_append_val(list, frame);
	}
	if (status != PCAP_ERROR_BREAK)
		snprintf(error, error_size, "%s: %s", frames->path, pcap_geterr(pcap));
	frames->count = list->len;
	frames->list = (struct frame *)(void *)g_array_free(list, FALSE);
	return status == PCAP_ERROR_BREAK;
}

struct frames *frames_load(const char *path, char *error, size_t error_size)
{
	struct frames *frames = g_new0(struct frames, 1);
	char why[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap =
		pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, why);
	bool loaded = false;
	char *file = NULL;

	frames->path = g_strdup(path);
	if (!pcap)
		snprintf(error, error_size, "%s: %s", path, why);
	else if (!g_file_get_contents(path, &file, &frames->file_length, NULL))
		snprintf(error, error_size, "%s: cannot be read", path);
	else
		loaded = load_frames(frames, pcap, error, error_size);
	if (pcap)
		pcap_close(pcap);
	frames->file = (uint8_t *)file;
	if (loaded)
		return frames;
	frames_free(frames);
	return NULL;
}

static void free_list(struct frame *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		g_free(list[i].octets);
	g_free(list);
}

void frames_free(struct frames *frames)
{
	if (!frames)
		return;
	free_list(frames->list, frames->count);
	g_free(frames->file);
	g_free(frames->path);
	g_free(frames);
}

/* ---- all mutations, one after the other ---- */

/* One more than the largest `at` of the kind; the seeds of damaged copies begin at 1. */
static size_t reach(const struct frames *frames, const struct mutation_bounds *bounds,
		    const struct mutation *m)
{
	const struct frame *frame = m->frame ? &frames->list[m->frame - 1] : NULL;

	switch (m->kind) {
	case MUTATION_SNAP:
	case MUTATION_CUT:
	case MUTATION_FLIP:
	case MUTATION_BIT:
		return frame->length;
	case MUTATION_SHRINK:
		return frame->payload_length;
	case MUTATION_DAMAGE:
		return bounds->copies + 1;
	case MUTATION_FILE_CUT:
	case MUTATION_FILE_FLIP:
	case MUTATION_FILE_BIT:
		return bounds->file ? frames->file_length : 0;
	default:
		return 1;
	}
}

static bool of_one_frame(enum mutation_kind kind)
{
	return kind >= MUTATION_SNAP && kind <= MUTATION_BIT;
}

/* The next frame, or the first one of the next kind. */
static bool next_run(const struct frames *frames, struct mutation *m)
{
	m->at = 0;
	if (of_one_frame(m->kind) && m->frame < frames->count) {
		m->frame++;
		return true;
	}
	if (m->kind + 1 == MUTATION_KINDS)
		return false;
	m->kind++;
	m->frame = of_one_frame(m->kind) && frames->count ? 1 : 0;
	if (m->kind == MUTATION_DAMAGE)
		m->at = 1;
	return true;
}

bool mutation_next(const struct frames *frames, const struct mutation_bounds *bounds,
		   struct mutation *m)
{
	if (!m->begun) {
		*m = (struct mutation){.begun = true};
		return true;
	}
	m->at++;
	for (;;) {
		bool absent = of_one_frame(m->kind) && m->frame == 0; /* a capture of no frames */

		if (!absent && m->at < reach(frames, bounds, m))
			return true;
		if (!next_run(frames, m))
			return false;
	}
}

/* ---- recipes ---- */

char *mutation_recipe(const struct frames *frames, const struct mutation *m)
{
	return g_strdup_printf("%s:%zu:%zu:%s", kind_names[m->kind], m->frame, m->at, frames->path);
}

static bool kind_of_name(const char *name, size_t length, enum mutation_kind *kind)
{
	for (int i = 0; i < MUTATION_KINDS; i++) {
		if (strlen(kind_names[i]) == length && !strncmp(kind_names[i], name, length)) {
			*kind = (enum mutation_kind)i;
			return true;
		}
	}
	return false;
}

bool mutation_of_recipe(const char *recipe, struct mutation *m, const char **path)
{
	const char *colon = strchr(recipe, ':');
	int used = 0;

	*m = (struct mutation){.begun = true};
	if (!colon || !kind_of_name(recipe, (size_t)(colon - recipe), &m->kind) ||
	    sscanf(colon, ":%zu:%zu:%n", &m->frame, &m->at, &used) != 2 || !used)
		return false;
	*path = colon + used;
	return true;
}

/* ---- making one ---- */

/* Vigna's splitmix64: the sequence of a seed is the same everywhere. */
static uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static uint8_t *octet_at(struct mutant *mutant, size_t place)
{
	for (size_t i = 0; i < mutant->count; i++) {
		if (place < mutant->list[i].length)
			return &mutant->list[i].octets[place];
		place -= mutant->list[i].length;
	}
	return NULL;
}

static void damage(struct mutant *mutant, uint64_t seed)
{
	uint64_t state = seed;
	size_t total = 0;

	for (size_t i = 0; i < mutant->count; i++)
		total += mutant->list[i].length;
	for (size_t i = 0; i < (total + DAMAGED_SHARE - 1) / DAMAGED_SHARE; i++) {
		uint8_t *octet = octet_at(mutant, random_next(&state) % total);

		*octet ^= (uint8_t)(1 + random_next(&state) % 255);
	}
}

static void shorten(struct frame *frame, size_t length)
{
	frame->octets = g_realloc(frame->octets, length);
	frame->length = length;
}

/* A bit that wanders through the octets, so that all eight have their turn. */
static uint8_t bit_of(size_t at)
{
	return (uint8_t)(1u << at * 3 % 8);
}

static void mutate_frame(struct frame *frame, int dlt, const struct mutation *m)
{
	switch (m->kind) {
	case MUTATION_SNAP:
		shorten(frame, m->at);
		break;
	case MUTATION_CUT:
		shorten(frame, m->at);
		frame->wire_length = m->at;
		break;
	case MUTATION_SHRINK:
		headers_announce(frame, dlt, m->at);
		shorten(frame, frame->payload + m->at);
		frame->wire_length = frame->length;
		break;
	case MUTATION_FLIP:
		frame->octets[m->at] ^= 0xff;
		break;
	case MUTATION_BIT:
		frame->octets[m->at] ^= bit_of(m->at);
		break;
	default:
		break;
	}
}

static void mutate_file(struct mutant *mutant, const struct frames *frames,
			const struct mutation *m)
{
	mutant->file_length = m->kind == MUTATION_FILE_CUT ? m->at : frames->file_length;
	mutant->file = g_memdup2(frames->file, frames->file_length);
	if (m->kind == MUTATION_FILE_FLIP)
		mutant->file[m->at] ^= 0xff;
	else if (m->kind == MUTATION_FILE_BIT)
		mutant->file[m->at] ^= bit_of(m->at);
}

static bool possible(const struct frames *frames, const struct mutation *m)
{
	const struct mutation_bounds bounds = {.copies = SIZE_MAX - 1, .file = true};

	if (of_one_frame(m->kind) && (m->frame == 0 || m->frame > frames->count))
		return false;
	return m->at < reach(frames, &bounds, m);
}

struct mutant *mutant_new(const struct frames *frames, const struct mutation *m)
{
	struct mutant *mutant = g_new0(struct mutant, 1);

	mutant->dlt = frames->dlt;
	if (!possible(frames, m))
		return mutant;
	if (m->kind >= MUTATION_FILE_CUT) {
		mutate_file(mutant, frames, m);
		return mutant;
	}
	mutant->count = frames->count;
	mutant->list = g_memdup2(frames->list, frames->count * sizeof(*frames->list));
	for (size_t i = 0; i < mutant->count; i++)
		mutant->list[i].octets = g_memdup2(frames->list[i].octets, frames->list[i].length);
	if (m->kind == MUTATION_DAMAGE)
		damage(mutant, m->at);
	else if (m->frame)
		mutate_frame(&mutant->list[m->frame - 1], mutant->dlt, m);
	return mutant;
}

void mutant_free(struct mutant *mutant)
{
	if (!mutant)
		return;
	free_list(mutant->list, mutant->count);
	g_free(mutant->file);
	g_free(mutant);
}

/* ---- what is done to a whole mutant ---- */

void mutant_renumber(struct mutant *mutant, uint32_t number)
{
	for (size_t i = 0; i < mutant->count; i++)
		headers_renumber(&mutant->list[i], mutant->dlt, number);
}

static void put_record(GByteArray *file, const struct frame *frame)
{
	const uint32_t header[4] = {(uint32_t)(frame->time / 1000000000u),
				    (uint32_t)(frame->time % 1000000000u), (uint32_t)frame->length,
				    (uint32_t)frame->wire_length};

	g_byte_array_append(file, (const guint8 *)header, sizeof(header));
	if (frame->length)
		g_byte_array_append(file, frame->octets, (guint)frame->length);
}

uint32_t mutant_link_type(const struct mutant *mutant)
{
	return mutant->dlt == DLT_RAW ? LINKTYPE_RAW : (uint32_t)mutant->dlt;
}

bool mutant_save(const struct mutant *mutant, int descriptor, bool begin)
{
	/* pcap with nanoseconds, in this machine's byte order. */
	const struct {
		uint32_t magic;
		uint16_t major, minor;
		uint32_t zone, accuracy, snaplen, network;
	} header = {0xa1b23c4d, 2, 4, 0, 0, 262144, mutant_link_type(mutant)};
	GByteArray *file = g_byte_array_new();
	bool written;

	if (mutant->file) {
		g_byte_array_append(file, mutant->file, (guint)mutant->file_length);
	} else {
		if (begin)
			g_byte_array_append(file, (const guint8 *)&header, sizeof(header));
		for (size_t i = 0; i < mutant->count; i++)
			put_record(file, &mutant->list[i]);
	}
	written = write(descriptor, file->data, file->len) == (ssize_t)file->len;
	g_byte_array_free(file, TRUE);
	return written;
}
