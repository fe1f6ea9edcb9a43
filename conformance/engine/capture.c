/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture.h"

#include <errno.h>
#include <glib.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "defrag.h"
#include "link.h"

enum {
	READ_BUFFER = 1 << 20,    /* octets of a file read at once */
	LIVE_SNAPLEN = 262144,    /* tcpdump's and Wireshark's */
	LIVE_BUFFER = 16 << 20,   /* octets that the kernel keeps for us */
	LIVE_WAIT = 100,          /* milliseconds between looks at `stopped` */
	LIVE_TIMEOUT = 100,       /* milliseconds that the kernel may gather frames */
	NANOSECONDS = 1000000000, /* in a second */
	MICROSECOND = 1000        /* in nanoseconds */
};

struct capture {
	char *name; /* of file or interface, as messages call it */
	pcap_t *pcap;
	char *read_buffer; /* files: stdio's */
	bool live;
	int descriptor;    /* live: to wait on */
	uint64_t fraction; /* nanoseconds in a unit of a time stamp's tv_usec */
	const struct link_layer *layer;
	struct bpf_program filter;
	bool filtering; /* frames of a file pass through `filter` */
	bool has_filter;
	struct defrag *defrag;
	volatile sig_atomic_t stopped;
	struct capture_counts counts;
	char pdu_name[PDU_NAME_SIZE];
	char error[CAPTURE_ERROR_SIZE];
};

static void __attribute__((format(printf, 3, 4)))
say(char *error, size_t size, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(error, size, format, arguments);
	va_end(arguments);
}

static struct capture *capture_new(const char *name)
{
	struct capture *c = g_new0(struct capture, 1);

	c->name = g_strdup(name);
	c->descriptor = -1;
	c->defrag = defrag_new();
	return c;
}

void capture_free(struct capture *c)
{
	if (!c)
		return;
	if (c->has_filter)
		pcap_freecode(&c->filter);
	if (c->pcap)
		pcap_close(c->pcap);
	g_free(c->read_buffer);
	defrag_free(c->defrag);
	g_free(c->name);
	g_free(c);
}

static void list_layers(GString *text)
{
	for (const struct link_layer *layer = link_layers; layer->name; layer++)
		g_string_append_printf(text, "%s%s", layer == link_layers ? "" : ", ", layer->name);
}

static bool find_layer(struct capture *c, char *error, size_t error_size)
{
	int dlt = pcap_datalink(c->pcap);
	const char *dlt_name = pcap_datalink_val_to_name(dlt);
	const char *description = pcap_datalink_val_to_description(dlt);
	GString *known;

	c->layer = link_layer_find(dlt);
	if (c->layer)
		return true;
	known = g_string_new(NULL);
	list_layers(known);
	say(error, error_size, "%s: link type: wanted one of %s; found %d (%s, %s)", c->name,
	    known->str, dlt, dlt_name ? dlt_name : "unknown to libpcap",
	    description ? description : "no description");
	g_string_free(known, TRUE);
	return false;
}

static bool compile_filter(struct capture *c, const char *filter, char *error, size_t error_size)
{
	if (!filter || !*filter)
		return true;
	if (pcap_compile(c->pcap, &c->filter, filter, 1, PCAP_NETMASK_UNKNOWN) != 0) {
		say(error, error_size, "filter \"%s\": wanted libpcap's syntax for %s; %s", filter,
		    c->layer->name, pcap_geterr(c->pcap));
		return false;
	}
	c->has_filter = true;
	return true;
}

/* What a file that is no capture looks like, from its first octets; they are put back by rewind. */
static const char *kind_of_file(FILE *file)
{
	static const struct {
		const char *magic;
		size_t length;
		const char *kind;
	} kinds[] = {
		{"\x1f\x8b", 2, "a gzip-compressed file: uncompress it first"},
		{"\x28\xb5\x2f\xfd", 4, "a zstd-compressed file: uncompress it first"},
		{"\x04\x22\x4d\x18", 4, "an LZ4-compressed file: uncompress it first"},
		{"BZh", 3, "a bzip2-compressed file: uncompress it first"},
		{"\xfd\x37zXZ", 5, "an xz-compressed file: uncompress it first"},
		{"PK\x03\x04", 4, "a zip archive"},
		{"snoop\0\0\0", 8, "a snoop capture: convert it with editcap -F pcapng"},
	};
	char first[8] = {0};
	size_t length = fread(first, 1, sizeof(first), file);

	rewind(file);
	if (length == 0)
		return "an empty file";
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (length >= kinds[i].length &&
		    memcmp(first, kinds[i].magic, kinds[i].length) == 0)
			return kinds[i].kind;
	return NULL;
}

static FILE *open_stream(const char *path, char *error, size_t error_size)
{
	struct stat status;
	FILE *file;

	if (strcmp(path, "-") == 0)
		return stdin;
	file = fopen(path, "rbe");
	if (!file) {
		say(error, error_size, "%s: wanted a capture file; %s", path, strerror(errno));
		return NULL;
	}
	if (fstat(fileno(file), &status) == 0 && S_ISDIR(status.st_mode)) {
		say(error, error_size, "%s: wanted a capture file; found a folder", path);
		fclose(file);
		return NULL;
	}
	return file;
}

static bool open_pcap_file(struct capture *c, const char *path, char *error, size_t error_size)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	FILE *file = open_stream(path, error, error_size);
	bool seekable = file && file != stdin && fseek(file, 0, SEEK_SET) == 0;
	const char *kind;

	if (!file)
		return false;
	if (file != stdin) { /* which outlives us */
		c->read_buffer = g_malloc(READ_BUFFER);
		setvbuf(file, c->read_buffer, _IOFBF, READ_BUFFER);
	}
	c->pcap = pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, why);
	if (c->pcap)
		return true;
	if (seekable)
		rewind(file);
	kind = seekable ? kind_of_file(file) : NULL;
	say(error, error_size, "%s: wanted a pcap or pcapng file; found %s", c->name,
	    kind ? kind : why);
	if (file != stdin)
		fclose(file);
	return false;
}

struct capture *capture_open_file(const char *path, const char *filter, char *error,
				  size_t error_size)
{
	struct capture *c = capture_new(strcmp(path, "-") == 0 ? "standard input" : path);

	c->fraction = 1;
	if (open_pcap_file(c, path, error, error_size) && find_layer(c, error, error_size) &&
	    compile_filter(c, filter, error, error_size)) {
		c->filtering = c->has_filter;
		return c;
	}
	capture_free(c);
	return NULL;
}

static void list_interfaces(GString *text)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_if_t *interfaces = NULL;

	if (pcap_findalldevs(&interfaces, why) != 0 || !interfaces)
		return;
	g_string_append(text, "; there are");
	for (const pcap_if_t *i = interfaces; i; i = i->next)
		g_string_append_printf(text, "%s %s", i == interfaces ? "" : ",", i->name);
	pcap_freealldevs(interfaces);
}

/* `status` is pcap_activate's: an error. */
static void explain_activate(struct capture *c, int status, char *error, size_t error_size)
{
	GString *text = g_string_new(NULL);
	const char *why = pcap_geterr(c->pcap);

	switch (status) {
	case PCAP_ERROR_NO_SUCH_DEVICE:
		g_string_append(text, "found none of that name");
		list_interfaces(text);
		break;
	case PCAP_ERROR_PERM_DENIED:
		g_string_append_printf(text, "not permitted (%s): this needs root or CAP_NET_RAW",
				       why);
		break;
	default:
		g_string_append_printf(text, "%s", *why ? why : pcap_statustostr(status));
		break;
	}
	say(error, error_size, "%s: wanted an interface to capture on; %s", c->name, text->str);
	g_string_free(text, TRUE);
}

static bool activate(struct capture *c, const char *name, char *error, size_t error_size)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	int status;

	c->pcap = pcap_create(name, why);
	if (!c->pcap) {
		say(error, error_size, "%s: wanted an interface to capture on; %s", name, why);
		return false;
	}
	pcap_set_snaplen(c->pcap, LIVE_SNAPLEN);
	pcap_set_promisc(c->pcap, 1);
	pcap_set_timeout(c->pcap, LIVE_TIMEOUT);
	pcap_set_buffer_size(c->pcap, LIVE_BUFFER);
	pcap_set_tstamp_precision(c->pcap, PCAP_TSTAMP_PRECISION_NANO); /* may be refused */
	status = pcap_activate(c->pcap);
	if (status < 0) {
		explain_activate(c, status, error, error_size);
		return false;
	}
	c->fraction =
		pcap_get_tstamp_precision(c->pcap) == PCAP_TSTAMP_PRECISION_NANO ? 1 : MICROSECOND;
	return true;
}

static bool make_ready(struct capture *c, char *error, size_t error_size)
{
	char why[PCAP_ERRBUF_SIZE] = "";

	if (c->has_filter && pcap_setfilter(c->pcap, &c->filter) != 0) {
		say(error, error_size, "%s: filter refused; %s", c->name, pcap_geterr(c->pcap));
		return false;
	}
	if (pcap_setnonblock(c->pcap, 1, why) != 0) {
		say(error, error_size, "%s: wanted not to block; %s", c->name, why);
		return false;
	}
	c->descriptor = pcap_get_selectable_fd(c->pcap);
	return true;
}

struct capture *capture_open_interface(const char *name, const char *filter, char *error,
				       size_t error_size)
{
	struct capture *c = capture_new(name);

	c->live = true;
	if (activate(c, name, error, error_size) && find_layer(c, error, error_size) &&
	    compile_filter(c, filter, error, error_size) && make_ready(c, error, error_size))
		return c;
	capture_free(c);
	return NULL;
}

/* Several interfaces in one pcapng file are one to libpcap, which gives up when they differ. */
static const char *remedy(const char *why)
{
	if (strstr(why, "different from the type of the first interface"))
		return "; a file of several link types has to be split: one file for each "
		       "interface (Wireshark: filter on frame.interface_id, export the packets)";
	if (strstr(why, "snapshot length"))
		return "; a file of several snapshot lengths has to be made one: "
		       "editcap -F pcap IN OUT";
	return "";
}

static enum capture_status broken(struct capture *c)
{
	const char *why = pcap_geterr(c->pcap);

	if (c->live)
		say(c->error, sizeof(c->error), "%s: capturing ended after frame %" PRIu64 ": %s",
		    c->name, c->counts.frames, why);
	else
		say(c->error, sizeof(c->error),
		    "%s: frame %" PRIu64 ": wanted a whole record or the end of the file; %s%s",
		    c->name, c->counts.frames + 1, why, remedy(why));
	return CAPTURE_BROKEN;
}

static void wait_for_frames(const struct capture *c)
{
	struct pollfd wanted = {.fd = c->descriptor, .events = POLLIN};

	poll(&wanted, c->descriptor >= 0 ? 1 : 0, LIVE_WAIT);
}

/* The next record, waiting for it if need be. */
static enum capture_status next_record(struct capture *c, struct pcap_pkthdr **header,
				       const uint8_t **octets)
{
	for (;;) {
		if (c->stopped)
			return CAPTURE_STOPPED;
		switch (pcap_next_ex(c->pcap, header, octets)) {
		case 1:
			return CAPTURE_PAYLOAD;
		case 0:
			wait_for_frames(c);
			break;
		case PCAP_ERROR_BREAK:
			return c->live ? CAPTURE_STOPPED : CAPTURE_END;
		default:
			return c->stopped ? CAPTURE_STOPPED : broken(c);
		}
	}
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

static uint64_t time_of(const struct capture *c, const struct pcap_pkthdr *header)
{
	return (uint64_t)header->ts.tv_sec * NANOSECONDS +
	       (uint64_t)header->ts.tv_usec * c->fraction;
}

enum capture_status capture_next(struct capture *c, struct capture_payload *payload)
{
	struct pcap_pkthdr *header;
	const uint8_t *octets;
	enum capture_status status;
	enum link_outcome outcome;

	while ((status = next_record(c, &header, &octets)) == CAPTURE_PAYLOAD) {
		c->counts.frames++;
		if (c->filtering && pcap_offline_filter(&c->filter, header, octets) == 0) {
			c->counts.filtered++;
			continue;
		}
		*payload = (struct capture_payload){0};
		payload->passage.frame = (uint32_t)c->counts.frames;
		payload->passage.time = time_of(c, header);
		outcome = link_walk(c->layer, (struct octets){octets, header->caplen}, header->len,
				    c->defrag, payload, c->pdu_name);
		count(&c->counts, outcome);
		if (outcome == LINK_PAYLOAD)
			break;
	}
	return status;
}

void capture_stop(struct capture *c)
{
	c->stopped = 1;
	pcap_breakloop(c->pcap);
}

const char *capture_error(const struct capture *c)
{
	return c->error;
}

const char *capture_link_name(const struct capture *c)
{
	return c->layer->name;
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
