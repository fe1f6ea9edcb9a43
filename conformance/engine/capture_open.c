/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture_impl.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum {
	READ_BUFFER = 1 << 20,  /* octets of a file read at once */
	LIVE_SNAPLEN = 262144,  /* tcpdump's and Wireshark's */
	LIVE_BUFFER = 16 << 20, /* octets that the kernel keeps for us */
	LIVE_TIMEOUT = 100,     /* milliseconds that the kernel may gather frames */
	MICROSECOND = 1000      /* in nanoseconds */
};

enum { PCAPNG_FIRST_OCTET = 0x0a }; /* no pcap file begins so */

static struct capture *capture_new(const char *name, const char *filter)
{
	struct capture *c = g_new0(struct capture, 1);

	c->name = g_strdup(name);
	c->filter_text = filter && *filter ? g_strdup(filter) : NULL;
	c->descriptor = -1;
	c->fraction = 1;
	c->types = g_array_new(FALSE, TRUE, sizeof(struct link_type));
	c->defrag = defrag_new();
	return c;
}

/* What a file that is no capture looks like, from its first octets. */
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
	size_t length;

	if (fseek(file, 0, SEEK_SET) != 0)
		return NULL;
	length = fread(first, 1, sizeof(first), file);
	if (length == 0)
		return "an empty file";
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (length >= kinds[i].length &&
		    memcmp(first, kinds[i].magic, kinds[i].length) == 0)
			return kinds[i].kind;
	return NULL;
}

static FILE *open_stream(struct capture *c, const char *path, char *error, size_t error_size)
{
	struct stat status;
	FILE *file;

	if (strcmp(path, "-") == 0)
		return stdin;
	file = fopen(path, "rbe");
	if (!file) {
		capture_say(error, error_size, "%s: wanted a capture file; %s", path,
			    strerror(errno));
		return NULL;
	}
	if (fstat(fileno(file), &status) == 0 && S_ISDIR(status.st_mode)) {
		capture_say(error, error_size, "%s: wanted a capture file; found a folder", path);
		fclose(file);
		return NULL;
	}
	c->read_buffer = g_malloc(READ_BUFFER);
	setvbuf(file, c->read_buffer, _IOFBF, READ_BUFFER);
	return file;
}

/* A filter for a link type not yet known is tried on Ethernet, so that a slip shows at once. */
static bool check_filter(const struct capture *c, char *error, size_t error_size)
{
	struct bpf_program program;
	pcap_t *pcap;
	bool right;

	if (!c->filter_text)
		return true;
	pcap = pcap_open_dead(DLT_EN10MB, LIVE_SNAPLEN);
	right = pcap_compile(pcap, &program, c->filter_text, 1, PCAP_NETMASK_UNKNOWN) == 0;
	if (right)
		pcap_freecode(&program);
	else
		capture_say(error, error_size, "filter \"%s\": wanted libpcap's syntax; %s",
			    c->filter_text, pcap_geterr(pcap));
	pcap_close(pcap);
	return right;
}

static bool open_pcap(struct capture *c, FILE *file, char *error, size_t error_size)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	const char *kind;

	c->pcap = pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, why);
	if (!c->pcap) {
		kind = kind_of_file(file);
		capture_say(error, error_size, "%s: wanted a pcap or pcapng file; found %s",
			    c->name, kind ? kind : why);
		if (file != stdin)
			fclose(file);
		return false;
	}
	if (!capture_enter_type(c, pcap_datalink(c->pcap), error, error_size))
		return false;
	if (capture_type(c)->layer)
		return true;
	capture_say_link_type(c, pcap_datalink(c->pcap), error, error_size);
	return false;
}

static bool open_pcapng(struct capture *c, FILE *file, char *error, size_t error_size)
{
	c->file = file == stdin ? NULL : file;
	c->pcapng = pcapng_new(file);
	if (!pcapng_begin(c->pcapng)) {
		capture_say(error, error_size, "%s: wanted a pcap or pcapng file; %s", c->name,
			    pcapng_error(c->pcapng));
		return false;
	}
	return check_filter(c, error, error_size);
}

struct capture *capture_open_file(const char *path, const char *filter, char *error,
				  size_t error_size)
{
	bool from_stdin = strcmp(path, "-") == 0;
	struct capture *c = capture_new(from_stdin ? "standard input" : path, filter);
	FILE *file = open_stream(c, path, error, error_size);
	bool opened = false;

	if (file) {
		int first = ungetc(getc(file), file);

		opened = first == PCAPNG_FIRST_OCTET ? open_pcapng(c, file, error, error_size)
						     : open_pcap(c, file, error, error_size);
	}
	if (opened)
		return c;
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
	capture_say(error, error_size, "%s: wanted an interface to capture on; %s", c->name,
		    text->str);
	g_string_free(text, TRUE);
}

static bool activate(struct capture *c, char *error, size_t error_size)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	int status;

	c->pcap = pcap_create(c->name, why);
	if (!c->pcap) {
		capture_say(error, error_size, "%s: wanted an interface to capture on; %s", c->name,
			    why);
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
	if (pcap_get_tstamp_precision(c->pcap) != PCAP_TSTAMP_PRECISION_NANO)
		c->fraction = MICROSECOND;
	return true;
}

static bool make_ready(struct capture *c, char *error, size_t error_size)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	struct link_type *type;

	if (!capture_enter_type(c, pcap_datalink(c->pcap), error, error_size))
		return false;
	type = capture_type(c);
	if (!type->layer) {
		capture_say_link_type(c, type->dlt, error, error_size);
		return false;
	}
	if (type->has_filter && pcap_setfilter(c->pcap, &type->filter) != 0) {
		capture_say(error, error_size, "%s: filter refused; %s", c->name,
			    pcap_geterr(c->pcap));
		return false;
	}
	if (pcap_setnonblock(c->pcap, 1, why) != 0) {
		capture_say(error, error_size, "%s: wanted not to block; %s", c->name, why);
		return false;
	}
	c->descriptor = pcap_get_selectable_fd(c->pcap);
	return true;
}

struct capture *capture_open_interface(const char *name, const char *filter, char *error,
				       size_t error_size)
{
	struct capture *c = capture_new(name, filter);

	c->live = true;
	if (activate(c, error, error_size) && make_ready(c, error, error_size))
		return c;
	capture_free(c);
	return NULL;
}
