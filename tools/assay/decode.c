/* SPDX-License-Identifier: GPL-2.0-or-later */
/* assay decode */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "conformance/engine/capture.h"
#include "conformance/engine/stack.h"
#include "protocols/core/walk.h"

static struct {
	char **keys;
	char *format;
	char *filter;
	char *hex;
	gboolean secrets, offsets;
} options;

static const GOptionEntry entries[] = {
	{"keys", 'k', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.keys,
	 "read keys from FILE (may be given more than once)", "FILE"},
	{"format", 'f', 0, G_OPTION_ARG_STRING, &options.format,
	 "text (default), or json: an object per line", "FORMAT"},
	{"filter", 0, 0, G_OPTION_ARG_STRING, &options.filter,
	 "take only frames that this capture filter fits", "EXPRESSION"},
	{"hex", 0, 0, G_OPTION_ARG_STRING, &options.hex,
	 "read one message of PROTOCOL, given as hexadecimal digits", "PROTOCOL"},
	{"offsets", 0, 0, G_OPTION_ARG_NONE, &options.offsets,
	 "text: begin each line with offset and length", NULL},
	{"secrets", 0, 0, G_OPTION_ARG_NONE, &options.secrets, "show keys", NULL},
	G_OPTION_ENTRY_NULL,
};

/* Decodes messages in either form. */
struct decoder {
	bool json;
	struct jsonout writer;
	const struct palette *palette;
	FILE *body;   /* text: the tree, until its heading is known */
	char *octets; /* what was printed on it */
	size_t length;
	struct stack *stack;
	uint64_t messages;
};

static struct text_printer text_printer(const struct decoder *d, FILE *stream)
{
	struct text_printer printer = text_printer_of(stream);

	printer.palette = d->palette;
	printer.offsets = options.offsets;
	printer.secrets = options.secrets;
	printer.indent = 1;
	return printer;
}

static void decode_text(struct decoder *d, const struct capture_payload *payload)
{
	struct text_printer printer = text_printer(d, d->body);
	char summary[STACK_SUMMARY_SIZE], time[TIME_TEXT_SIZE];
	char source[ENDPOINT_TEXT_SIZE], destination[ENDPOINT_TEXT_SIZE];
	struct stack_told told;
	long end;

	rewind(d->body);
	told = stack_feed(d->stack, payload, &printer.reader);
	end = ftell(d->body);
	fflush(d->body);
	if (!told.protocol)
		return;
	d->messages++;
	printf("%sFrame %" PRIu32 ": %s, %s > %s, %zu octets%s: %s%s\n", d->palette->strong,
	       payload->passage.frame, time_text(payload->passage.time, time),
	       endpoint_text(&payload->passage.source, source),
	       endpoint_text(&payload->passage.destination, destination), payload->length,
	       told.truncated ? " (cut short by the capture, not judged)" : "",
	       stack_summary(d->stack, summary), d->palette->plain);
	fwrite(d->octets, 1, (size_t)end, stdout);
	putchar('\n');
}

static void decode_json(struct decoder *d, const char *file, const struct capture_payload *payload)
{
	struct json_printer printer = json_printer_of(&d->writer);
	char text[MAX((int)ENDPOINT_TEXT_SIZE, (int)STACK_SUMMARY_SIZE)];
	struct stack_told told;

	if (!stack_protocol(payload))
		return;
	printer.secrets = options.secrets;
	jsonout_open_object(&d->writer);
	jsonout_named_text(&d->writer, "file", file);
	jsonout_named_number(&d->writer, "frame", payload->passage.frame);
	jsonout_name(&d->writer, "time");
	jsonout_seconds(&d->writer, payload->passage.time);
	jsonout_named_text(&d->writer, "source", endpoint_text(&payload->passage.source, text));
	jsonout_named_text(&d->writer, "destination",
			   endpoint_text(&payload->passage.destination, text));
	jsonout_name(&d->writer, "fields");
	jsonout_open_array(&d->writer);
	told = stack_feed(d->stack, payload, &printer.reader);
	jsonout_close_array(&d->writer);
	jsonout_named_text(&d->writer, "protocol", told.protocol ? told.protocol->name : NULL);
	jsonout_named_text(&d->writer, "summary", stack_summary(d->stack, text));
	jsonout_name(&d->writer, "truncated");
	jsonout_bool(&d->writer, told.truncated);
	jsonout_close_object(&d->writer);
	jsonout_end_line(&d->writer);
	d->messages += told.protocol != NULL;
}

static bool decode_capture(struct decoder *d, struct capture *capture, const char *file)
{
	struct capture_payload payload;
	enum capture_status status;

	while ((status = capture_next(capture, &payload)) == CAPTURE_PAYLOAD) {
		if (d->json)
			decode_json(d, file, &payload);
		else
			decode_text(d, &payload);
	}
	if (status == CAPTURE_BROKEN)
		complain("%s", capture_error(capture));
	return status != CAPTURE_BROKEN;
}

/* False: it cannot be read, or not to its end. */
static bool decode_file(struct decoder *d, const char *file, struct key_store *keys)
{
	uint64_t before = d->messages;
	char error[CAPTURE_ERROR_SIZE];
	struct capture *capture;
	bool whole;

	capture = capture_open_file(file, options.filter, error, sizeof(error));
	if (!capture) {
		complain("%s", error);
		return false;
	}
	d->stack = stack_new(keys, 0, NULL, NULL);
	capture_take_keys(capture, keys);
	whole = decode_capture(d, capture, file);
	if (capture_keys_error(capture)[0])
		complain("%s: %s", file, capture_keys_error(capture));
	if (whole && d->messages == before)
		complain("%s: no known protocol in its %" PRIu64 " frames: wanted PANA or EAP",
			 file, capture_counts(capture).frames);
	stack_free(d->stack);
	key_store_forget_derived(keys);
	capture_free(capture);
	return whole;
}

static enum exit_code decode_files(struct decoder *d, int argc, char **argv)
{
	struct key_store *keys = command_keys_of(options.keys);
	bool whole = true;

	if (!keys)
		return EXIT_USAGE;
	d->body = open_memstream(&d->octets, &d->length);
	g_assert(d->body);
	for (int i = 1; i < argc; i++)
		whole &= decode_file(d, argv[i], keys);
	fclose(d->body);
	free(d->octets);
	key_store_free(keys);
	return whole && d->messages ? EXIT_AS_EXPECTED : EXIT_USAGE;
}

/* ---- --hex ---- */

static const struct protocol *find_protocol(const char *name)
{
	for (const struct protocol *const *p = stack_protocols; *p; p++)
		if (strcmp((*p)->name, name) == 0)
			return *p;
	return NULL;
}

/* Octets of hexadecimal digits in all operands; blanks and colons between them mean nothing. */
static bool read_hex(GByteArray *octets, int argc, char **argv)
{
	int high = -1;

	for (int i = 1; i < argc; i++) {
		for (const char *at = argv[i]; *at; at++) {
			int digit = g_ascii_xdigit_value(*at);

			if (digit < 0 && (g_ascii_isspace(*at) || *at == ':'))
				continue;
			if (digit < 0) {
				usage_error("--hex: wanted hexadecimal digits, found '%.20s'", at);
				return false;
			}
			if (high >= 0) {
				guint8 octet = (guint8)(high << 4 | digit);

				g_byte_array_append(octets, &octet, 1);
			}
			high = high >= 0 ? -1 : digit;
		}
	}
	if (high >= 0)
		usage_error("--hex: wanted an even number of digits, found %u and a half octet",
			    octets->len);
	return high < 0;
}

static void decode_octets(struct decoder *d, const struct protocol *protocol,
			  const GByteArray *octets)
{
	struct text_printer text = text_printer(d, stdout);
	struct json_printer json = json_printer_of(&d->writer);
	struct walk w = walk_of(octets->data, octets->len, d->json ? &json.reader : &text.reader);

	text.indent = 0;
	json.secrets = options.secrets;
	if (d->json) {
		jsonout_open_object(&d->writer);
		jsonout_named_text(&d->writer, "protocol", protocol->name);
		jsonout_name(&d->writer, "fields");
		jsonout_open_array(&d->writer);
	}
	protocol->walk(&w);
	if (d->json) {
		jsonout_close_array(&d->writer);
		jsonout_close_object(&d->writer);
		jsonout_end_line(&d->writer);
	}
}

static enum exit_code decode_hex(struct decoder *d, int argc, char **argv)
{
	const struct protocol *protocol = find_protocol(options.hex);
	GByteArray *octets;
	bool read;

	if (!protocol)
		return usage_error("--hex: no protocol '%s'; 'assay list protocols' lists them",
				   options.hex);
	if (!protocol->walk)
		return usage_error("--hex: %s cannot be read without what carries it", options.hex);
	if (argc < 2)
		return usage_error("--hex: wanted hexadecimal digits");
	octets = g_byte_array_new();
	read = read_hex(octets, argc, argv);
	if (read)
		decode_octets(d, protocol, octets);
	g_byte_array_free(octets, TRUE);
	return read ? EXIT_AS_EXPECTED : EXIT_USAGE;
}

enum exit_code command_decode(int argc, char **argv)
{
	struct decoder decoder = {
		.writer = jsonout_of(stdout),
		.palette = command_palette(),
	};

	if (!command_options(entries, "FILE... | --hex PROTOCOL HEX...",
			     "Prints every field of every message, and of what is encrypted in it "
			     "where the key is known.",
			     "FILE is a pcap or pcapng file, - is standard input.", &argc, &argv))
		return EXIT_USAGE;
	decoder.json = options.format && strcmp(options.format, "json") == 0;
	if (options.format && !decoder.json && strcmp(options.format, "text") != 0)
		return usage_error("--format: wanted text or json, found '%s'", options.format);
	if (options.hex)
		return decode_hex(&decoder, argc, argv);
	if (argc < 2)
		return usage_error("wanted a capture file, or --hex, a protocol and digits");
	return decode_files(&decoder, argc, argv);
}
