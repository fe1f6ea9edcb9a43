/* SPDX-License-Identifier: GPL-2.0-or-later */
/* assay keys */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "conformance/engine/capture.h"
#include "conformance/engine/stack.h"
#include "protocols/core/secret.h"

static struct {
	char **keys;
	char *filter;
	char *output;
} options;

static const GOptionEntry entries[] = {
	{"keys", 'k', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.keys,
	 "read keys from FILE (may be given more than once)", "FILE"},
	{"filter", 0, 0, G_OPTION_ARG_STRING, &options.filter,
	 "take only frames that this capture filter fits", "EXPRESSION"},
	{"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
	 "write to FILE, readable to its owner alone, instead of standard output", "FILE"},
	G_OPTION_ENTRY_NULL,
};

/* A row is its octets in hexadecimal digits and an identity of which each octet may be escaped. */
enum { ROW_SIZE = 4 * KEY_IDENTITY_MAX + 2 * KEY_OCTETS_MAX + 64 };

static size_t put_rows(FILE *stream, const char *file, const struct key_store *keys)
{
	size_t count = 0;

	for (size_t i = 0; i < key_store_count(keys); i++) {
		const struct key_row *row = key_store_row(keys, i);
		char text[ROW_SIZE], name[512];

		if (!row->derived && !row->captured)
			continue;
		key_row_text(row, text, sizeof(text));
		printable_text((const uint8_t *)file, strlen(file), name, sizeof(name));
		fprintf(stream, "# %s, frame %" PRIu32 "\n%s\n", name, row->frame, text);
		secret_wipe(text, sizeof(text));
		count++;
	}
	return count;
}

/* Derives all keys of a capture. False: it cannot be read, or not to its end. */
static bool derive(const char *file, struct key_store *keys)
{
	struct capture_payload payload;
	enum capture_status status;
	char error[CAPTURE_ERROR_SIZE];
	struct capture *capture = capture_open_file(file, options.filter, error, sizeof(error));
	struct stack *stack;

	if (!capture) {
		complain("%s", error);
		return false;
	}
	stack = stack_new(keys, 0, NULL, NULL);
	capture_take_keys(capture, keys);
	while ((status = capture_next(capture, &payload)) == CAPTURE_PAYLOAD)
		stack_feed(stack, &payload, NULL);
	if (status == CAPTURE_BROKEN)
		complain("%s", capture_error(capture));
	if (capture_keys_error(capture)[0])
		complain("%s: %s", file, capture_keys_error(capture));
	stack_free(stack);
	capture_free(capture);
	return status != CAPTURE_BROKEN;
}

/* A file that nobody else may read, whatever stood there before. */
static FILE *open_output(const char *path)
{
	int descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
	FILE *stream = NULL;

	if (descriptor >= 0 && fchmod(descriptor, S_IRUSR | S_IWUSR) == 0 &&
	    ftruncate(descriptor, 0) == 0)
		stream = fdopen(descriptor, "w");
	if (!stream) {
		complain("%s: cannot be written: %s", path, g_strerror(errno));
		if (descriptor >= 0)
			close(descriptor);
	}
	return stream;
}

static enum exit_code derive_all(FILE *stream, struct key_store *keys, int argc, char **argv)
{
	bool whole = true;
	size_t count = 0;

	for (int i = 1; i < argc; i++) {
		whole &= derive(argv[i], keys);
		count += put_rows(stream, argv[i], keys);
		key_store_forget_derived(keys);
	}
	if (whole && count == 0)
		complain("no key could be derived; wanted the key of an EAP-PSK or EAP-GPSK peer "
			 "in a file given with --keys, and its authentication in the capture");
	return whole && count ? EXIT_AS_EXPECTED : EXIT_USAGE;
}

enum exit_code command_keys(int argc, char **argv)
{
	FILE *stream = stdout;
	struct key_store *keys;
	enum exit_code code;

	if (!command_options(entries, "FILE...",
			     "Prints every key that a capture yields, as rows of a key file.",
			     "The rows are secrets, in the clear. They serve --keys and "
			     "Wireshark's table \"Assay keys\" alike.",
			     &argc, &argv))
		return EXIT_USAGE;
	if (argc < 2)
		return usage_error("wanted a capture file");
	keys = command_keys_of(options.keys);
	if (!keys)
		return EXIT_USAGE;
	if (options.output)
		stream = open_output(options.output);
	code = stream ? derive_all(stream, keys, argc, argv) : EXIT_USAGE;
	key_store_free(keys);
	if (stream && stream != stdout && fclose(stream) != 0) {
		complain("%s: cannot be written: %s", options.output, g_strerror(errno));
		return EXIT_INTERNAL;
	}
	return code;
}
