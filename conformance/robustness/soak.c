/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "soak.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/* What the sanitizers' runtimes ask for: a finding ends the process by a signal that we see. */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

const char *__asan_default_options(void)
{
	return "abort_on_error=1:detect_leaks=0:detect_stack_use_after_return=1";
}

const char *__ubsan_default_options(void)
{
	return "abort_on_error=1:print_stacktrace=1";
}

static struct {
	const struct soak_reader *reader;
	/* The command line's. */
	char **keys;
	char *redo, *after, *status, *save;
	int every, copies, limit;
	/* Found so far. */
	uint64_t read, findings;
	unsigned captures;
	int saved;         /* descriptor of the file */
	char recipe[4096]; /* of the mutant at hand */
} soak = {.every = 1, .copies = MUTATION_COPIES, .limit = SOAK_FINDINGS};

/* ---- what goes wrong ---- */

void soak_finding(const char *format, ...)
{
	va_list arguments;

	soak.findings++;
	printf("FOUND  %s\n       ", soak.recipe);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	fflush(stdout);
}

static void write_text(const char *text)
{
	if (write(STDOUT_FILENO, text, strlen(text)) < 0)
		return;
}

/* Of SIGABRT and the like, and SIGPROF: only what a signal handler may do. */
static void on_signal(int number)
{
	write_text("FOUND  ");
	write_text(soak.recipe);
	write_text(number == SIGPROF ? "\n       takes too long\n" : "\n       crashed\n");
	signal(number, SIG_DFL);
	raise(number);
}

/* Of processor time, so that a busy machine is no hang. 0: no longer. */
static void allow_seconds(time_t seconds)
{
	const struct itimerval time = {.it_value.tv_sec = seconds};

	setitimer(ITIMER_PROF, &time, NULL);
}

static void catch_signals(void)
{
	static const int signals[] = {SIGABRT, SIGPROF, SIGTRAP};

	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
		signal(signals[i], on_signal);
}

/* ---- one capture ---- */

/* Behind those before it, with addresses of its own. */
static void save_mutant(struct mutant *mutant)
{
	mutant_renumber(mutant, (uint32_t)soak.read);
	if (!mutant_save(mutant, soak.saved, soak.read == 0))
		soak_finding("%s: %s", soak.save, strerror(errno));
}

static void read_mutant(const struct frames *frames, const struct mutation *m)
{
	struct mutant *mutant = mutant_new(frames, m);
	char *recipe = mutation_recipe(frames, m);

	g_strlcpy(soak.recipe, recipe, sizeof(soak.recipe));
	g_free(recipe);
	allow_seconds(SOAK_SECONDS);
	if (soak.save)
		save_mutant(mutant);
	else
		soak.reader->read(frames, mutant, soak.read);
	soak.read++;
	allow_seconds(0);
	mutant_free(mutant);
}

static bool mutation_equal(const struct mutation *a, const struct mutation *b)
{
	return a->kind == b->kind && a->frame == b->frame && a->at == b->at;
}

/* Of all mutants of one frame about as many are read as their share is; where in the run the first
 * one stands differs from frame to frame. */
static bool chosen(const struct mutation *m, uint64_t index)
{
	if (m->kind == MUTATION_NONE || m->kind == MUTATION_DAMAGE)
		return true;
	return soak.every && (index + m->frame * 7 + m->kind * 3) % (uint64_t)soak.every == 0;
}

static void tell_status(const struct frames *frames, uint64_t index, uint64_t total)
{
	char *text;

	if (!soak.status)
		return;
	text = g_strdup_printf("%s %" PRIu64 "%%", strrchr(frames->path, '/') + 1,
			       index * 100 / MAX(total, 1));
	g_file_set_contents(soak.status, text, -1, NULL);
	g_free(text);
}

static uint64_t count_mutations(const struct frames *frames, const struct mutation_bounds *bounds)
{
	struct mutation m = {.begun = false};
	uint64_t count = 0;

	while (mutation_next(frames, bounds, &m))
		count++;
	return count;
}

/* libwireshark, begun anew often, does not give back all it took: beyond this another process goes
 * on behind the mutant read last, so that no machine runs out of memory. */
static const uint64_t resident_max = UINT64_C(3) << 30;

static bool is_grown(void)
{
	char *text = NULL;
	unsigned long long pages = 0;

	if (g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
		sscanf(text, "%*u %llu", &pages);
	g_free(text);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE) > resident_max;
}

static void hand_over(void)
{
	printf("AGAIN  %s\n", soak.recipe);
	fflush(stdout);
	_exit(SOAK_GROWN);
}

static void soak_capture(const struct frames *frames)
{
	const struct mutation_bounds bounds = {.copies = (size_t)soak.copies,
					       .file = soak.reader->takes_files};
	uint64_t total = count_mutations(frames, &bounds), index = 0, before = soak.read;
	gint64 begun = g_get_monotonic_time(), told = 0;
	struct mutation m = {.begun = false}, after;
	const char *path;
	bool skipping = soak.after && mutation_of_recipe(soak.after, &after, &path);

	while (soak.findings < (uint64_t)soak.limit && mutation_next(frames, &bounds, &m)) {
		index++;
		if (skipping) {
			skipping = !mutation_equal(&m, &after);
			continue;
		}
		if (!chosen(&m, index))
			continue;
		read_mutant(frames, &m);
		if (g_get_monotonic_time() - told > G_USEC_PER_SEC) {
			told = g_get_monotonic_time();
			tell_status(frames, index, total);
			if (soak.status && is_grown())
				hand_over();
		}
	}
	soak.captures++;
	printf("%s: %zu frames, %" PRIu64 " of %" PRIu64 " mutants, %.1f s\n", frames->path,
	       frames->count, soak.read - before, total,
	       (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC);
	fflush(stdout);
}

static bool soak_file(const char *path)
{
	char error[512];
	struct frames *frames = frames_load(path, error, sizeof(error));

	if (!frames) {
		fprintf(stderr, "%s\n", error);
		return false;
	}
	soak_capture(frames);
	frames_free(frames);
	return true;
}

/* ---- captures to be read ---- */

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_capture(const char *name)
{
	return g_str_has_suffix(name, ".pcap") || g_str_has_suffix(name, ".pcapng");
}

static bool soak_folder(const char *folder)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;
	bool fine = true;

	if (!dir)
		printf("%s: not there, passed over\n", folder);
	while (dir && (name = g_dir_read_name(dir)))
		if (is_capture(name))
			g_ptr_array_add(names, g_build_filename(folder, name, NULL));
	if (dir)
		g_dir_close(dir);
	g_ptr_array_sort(names, compare_names);
	for (guint i = 0; i < names->len; i++)
		fine = soak_file(g_ptr_array_index(names, i)) && fine;
	g_ptr_array_free(names, TRUE);
	return fine;
}

static bool soak_path(const char *path)
{
	return is_capture(path) ? soak_file(path) : soak_folder(path);
}

static bool redo(const char *recipe)
{
	char error[512];
	struct mutation m;
	const char *path;
	struct frames *frames;

	if (!mutation_of_recipe(recipe, &m, &path)) {
		fprintf(stderr, "%s: wanted a recipe: KIND:FRAME:AT:PATH\n", recipe);
		return false;
	}
	frames = frames_load(path, error, sizeof(error));
	if (!frames) {
		fprintf(stderr, "%s\n", error);
		return false;
	}
	read_mutant(frames, &m);
	soak.captures++;
	frames_free(frames);
	return true;
}

/* ---- the command line ---- */

static bool parse(int *argc, char ***argv)
{
	const GOptionEntry entries[] = {
		{"keys", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &soak.keys, "Load keys from FILE",
		 "FILE"},
		{"every", 0, 0, G_OPTION_ARG_INT, &soak.every,
		 "Of the cuts and flips, read every Kth; 0: none", "K"},
		{"copies", 0, 0, G_OPTION_ARG_INT, &soak.copies,
		 "Read N copies with a fiftieth of their octets damaged (1000)", "N"},
		{"findings", 0, 0, G_OPTION_ARG_INT, &soak.limit, "End after N findings (20)", "N"},
		{"after", 0, 0, G_OPTION_ARG_STRING, &soak.after, "Begin behind RECIPE", "RECIPE"},
		{"redo", 0, 0, G_OPTION_ARG_STRING, &soak.redo, "Read this mutant alone", "RECIPE"},
		{"save", 0, 0, G_OPTION_ARG_FILENAME, &soak.save,
		 "Instead of reading, append each to the pcap FILE, with addresses of its own",
		 "FILE"},
		{"status", 0, 0, G_OPTION_ARG_FILENAME, &soak.status,
		 "Write how far it is to FILE, every second", "FILE"},
		G_OPTION_ENTRY_NULL};
	GOptionContext *context = g_option_context_new("CAPTURE|FOLDER...");
	GError *error = NULL;
	bool parsed;

	g_option_context_add_main_entries(context, entries, NULL);
	parsed = g_option_context_parse(context, argc, argv, &error);
	if (!parsed) {
		fprintf(stderr, "%s\n", error->message);
		g_error_free(error);
	}
	g_option_context_free(context);
	return parsed && soak.every >= 0 && soak.copies >= 0 && soak.limit > 0;
}

int soak_main(int argc, char **argv, const struct soak_reader *reader)
{
	char error[512] = "";
	bool fine = true;

	soak.reader = reader;
	if (!parse(&argc, &argv))
		return 2;
	if (soak.save)
		soak.saved = open(soak.save, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0644);
	if (soak.saved < 0) {
		fprintf(stderr, "%s: %s\n", soak.save, strerror(errno));
		return 2;
	}
	if (!reader->start((const char *const *)soak.keys, error, sizeof(error))) {
		fprintf(stderr, "%s\n", error);
		return 2;
	}
	catch_signals();
	if (soak.redo)
		fine = redo(soak.redo);
	for (int i = 1; i < argc && !soak.redo; i++)
		fine = soak_path(argv[i]) && fine;
	reader->end();
	printf("%" PRIu64 " mutants of %u captures: %" PRIu64 " findings\n", soak.read,
	       soak.captures, soak.findings);
	g_strfreev(soak.keys);
	if (!fine)
		return 2;
	if (!soak.captures)
		return SOAK_SKIPPED;
	return soak.findings ? 1 : 0;
}
