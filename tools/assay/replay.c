/* SPDX-License-Identifier: GPL-2.0-or-later */
/* assay replay: re-enacts one side of a captured conversation against a live peer. */
#include <signal.h>
#include <string.h>

#include "command.h"
#include "conformance/engine/replay.h"
#include "conformance/engine/uri.h"
#include "conformance/engine/world.h"

enum { WAIT_DEFAULT = 4 /* s */, WAIT_MAX = 3600, FAULT_SEED = 1 };

static struct {
	char **keys;
	char *as, *target, *against, *fault, *trigger;
	gint conversation, wait;
	gint64 seed;
	gboolean timing, strict;
} options;

static const GOptionEntry entries[] = {
	{"as", 0, 0, G_OPTION_ARG_STRING, &options.as, "the side that is re-enacted", "ROLE"},
	{"target", 't', 0, G_OPTION_ARG_STRING, &options.target,
	 "the live peer; of one that is a client, where to wait for it", "URI"},
	{"against", 'a', 0, G_OPTION_ARG_STRING, &options.against,
	 "a reference role instead, in a simulated world", "ROLE"},
	{"fault", 0, 0, G_OPTION_ARG_STRING, &options.fault, "the reference role breaks a rule",
	 "NAME"},
	{"keys", 'k', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.keys,
	 "read keys from FILE (may be given more than once)", "FILE"},
	{"conversation", 'c', 0, G_OPTION_ARG_INT, &options.conversation,
	 "the N-th of the capture (default: the first that begins in it)", "N"},
	{"trigger", 0, 0, G_OPTION_ARG_STRING, &options.trigger, "makes the peer do $ASSAY_TRIGGER",
	 "COMMAND"},
	{"wait", 'w', 0, G_OPTION_ARG_INT, &options.wait, "for an answer (default 4)", "SECONDS"},
	{"timing", 0, 0, G_OPTION_ARG_NONE, &options.timing, "keep the capture's times", NULL},
	{"seed", 's', 0, G_OPTION_ARG_INT64, &options.seed, "of all that is random", "N"},
	{"strict", 0, 0, G_OPTION_ARG_NONE, &options.strict,
	 "what a peer may choose, and differences that are expected, count too", NULL},
	G_OPTION_ENTRY_NULL,
};

/* ---- what is told ---- */

static const char *fate_word(const struct replay_told *t)
{
	switch (t->fate) {
	case REPLAY_SENT:
		return "sent";
	case REPLAY_UNSENT:
		return "not sent";
	case REPLAY_SAME:
		return "same";
	case REPLAY_REPETITION:
		return "repeated";
	default:
		return "different";
	}
}

static const char *fate_colour(const struct palette *p, const struct replay_told *t)
{
	if (t->fate == REPLAY_SAME)
		return p->good;
	if (t->fate == REPLAY_SENT || t->fate == REPLAY_REPETITION)
		return "";
	return t->expected ? p->warning : p->bad;
}

static void print_differences(const struct replay_told *t)
{
	for (guint i = 0; t->differences && i < t->differences->len; i++) {
		const struct replay_difference *d = g_ptr_array_index(t->differences, i);

		printf("                   %s: captured %s, came %s%s\n", d->field, d->captured,
		       d->live, d->choice ? " (the peer's choice)" : "");
	}
}

/* Names in messages are people's: no terminal obeys them. */
static void print_message(const char *label, const struct message *m)
{
	char text[MESSAGE_TEXT_SIZE], shown[4 * MESSAGE_TEXT_SIZE];

	message_text(m, text);
	printf("%s%s\n", label,
	       printable_text((const uint8_t *)text, strlen(text), shown, sizeof(shown)));
}

static void on_told(void *context, const struct replay_told *t)
{
	const struct palette *p = context;

	printf("%7u  %s%-9s%s", t->line->frame, fate_colour(p, t), fate_word(t), p->plain);
	print_message(" ", t->fate == REPLAY_SENT && t->live ? t->live : t->line->message);
	if (t->fate == REPLAY_NOTHING)
		printf("                   captured this; came nothing\n");
	if (t->fate == REPLAY_OTHER && t->live)
		print_message("                   came ", t->live);
	print_differences(t);
	if (t->broken)
		printf("                   as captured it breaks %s: %s (%s)\n", t->broken->id,
		       t->found, t->broken->section);
	if (t->fate == REPLAY_UNSENT)
		printf("                   %s\n", t->why);
	if (t->expected)
		printf("                   as expected: frame %u is one that a correct peer "
		       "discards\n",
		       t->expected);
	fflush(stdout);
}

static void print_summary(const struct replay_totals *t)
{
	unsigned different = t->other + t->nothing;

	printf("\n%u messages sent, %u answers the same", t->sent, t->same);
	if (t->choices)
		printf(" (%u with a choice of the peer's)", t->choices);
	printf(", %u different", different);
	if (t->expected)
		printf(" (%u as expected)", t->expected);
	if (t->unsent)
		printf(", %u not sent", t->unsent);
	if (t->repetitions)
		printf(", %u repetitions", t->repetitions);
	if (t->auth_sent[1] + t->auth_received[1])
		printf("; AUTH verified: %u of %u sent, %u of %u received", t->auth_sent[0],
		       t->auth_sent[1], t->auth_received[0], t->auth_received[1]);
	putchar('\n');
}

/* ---- running ---- */

static struct world *running; /* for the signal handler */

static void stop(int number)
{
	(void)number;
	if (running)
		world_stop(running);
}

static void catch_signals(void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = (int)SA_RESETHAND};

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static enum exit_code code_of(const struct replay_totals *t)
{
	unsigned different = t->other + t->nothing - t->expected + t->unsent;

	if (t->interrupted)
		return EXIT_INTERRUPTED;
	if (!t->heard)
		return EXIT_TARGET;
	if (options.strict)
		different += t->expected + t->choices;
	return different ? EXIT_DIFFERS : EXIT_AS_EXPECTED;
}

static enum exit_code run(const struct replay_script *s, const struct target *target)
{
	struct replay_totals totals;
	char error[REPLAY_ERROR_SIZE];
	const struct replay_options wanted = {
		.target = target,
		.wait = (uint64_t)(options.wait ? options.wait : WAIT_DEFAULT) * WORLD_SECOND,
		.timing = options.timing,
		.told = on_told,
		.context = (void *)(uintptr_t)command_palette(),
		.world = &running,
	};
	bool begun;

	printf("%s, conversation %u of %u, as %s against %s\n\n", s->path, s->conversation,
	       s->conversations, s->role, options.against ? options.against : options.target);
	catch_signals(stop);
	begun = replay_run(s, &wanted, &totals, error, sizeof(error));
	catch_signals(SIG_DFL);
	if (!begun) {
		complain("%s", error);
		return EXIT_INTERNAL;
	}
	print_summary(&totals);
	if (!totals.heard && !totals.interrupted)
		complain("%s %s", options.against ? options.against : options.target,
			 totals.unreachable ? "is not there" : "does not answer");
	return code_of(&totals);
}

/* ---- setting up ---- */

static bool has_fault(const char *role)
{
	const struct role_kind *kind = role_kind_of(role);

	for (size_t i = 0; kind && i < kind->fault_count; i++)
		if (strcmp(kind->faults[i].name, options.fault) == 0)
			return true;
	return false;
}

static enum exit_code take_target(struct target *t, const char *role)
{
	char error[URI_ERROR_SIZE];
	struct uri uri;

	t->role = role;
	t->fault = options.fault;
	t->reference = options.against != NULL;
	t->real = !t->reference;
	t->identity = "";
	t->seed = options.seed   ? (uint64_t)options.seed
		  : t->reference ? FAULT_SEED
				 : (uint64_t)g_random_int() << 32 | g_random_int();
	if (options.fault && !has_fault(role))
		return usage_error("--fault: wanted one of 'assay list faults' of %s, found '%s'",
				   role, options.fault);
	if (t->reference) {
		if (strcmp(options.against, role) == 0)
			return EXIT_AS_EXPECTED;
		return usage_error("--against: wanted %s, which stands opposite %s, found '%s'",
				   role, options.as, options.against);
	}
	if (!uri_parse(options.target, role, &uri, error, sizeof(error)))
		return usage_error("--target %s", error);
	if (uri_resolve(&uri, &t->at, &t->interface, error, sizeof(error)))
		return EXIT_AS_EXPECTED;
	complain("--target %s", error);
	return EXIT_TARGET;
}

static enum exit_code with_keys(const char *path, struct target *target)
{
	char error[REPLAY_ERROR_SIZE];
	struct replay_script *s;
	enum exit_code code = EXIT_USAGE;
	const char *method;

	s = replay_script_load(path, options.as, (unsigned)options.conversation, target->keys, NULL,
			       error, sizeof(error));
	if (!s) {
		complain("%s", error);
		return EXIT_USAGE;
	}
	method = replay_script_unplayable(s);
	if (method)
		complain("%s: conversation %u is about %s, which no role plays", path,
			 s->conversation, method);
	else
		code = run(s, target);
	replay_script_free(s);
	return code;
}

enum exit_code command_replay(int argc, char **argv)
{
	struct hooks hooks = {0};
	struct target target = {0};
	enum exit_code code;
	char error[256];

	if (!command_options(entries, "CAPTURE --as ROLE --target URI | --against ROLE",
			     "Re-enacts one side of a captured conversation against a live peer, "
			     "and tells where\nthe peer answers otherwise than the captured one.",
			     "Session identifiers, sequence numbers, nonces, the EAP exchange and "
			     "MACs are made\nanew with the keys; all else is sent as captured.\n\n"
			     "Exit status: 0 the same, or different as expected; 1 different; 2 "
			     "wrong usage, or\nnothing to re-enact; 3 the peer does not answer; "
			     "130 interrupted.",
			     &argc, &argv))
		return EXIT_USAGE;
	if (argc != 2)
		return usage_error("wanted one capture");
	if (!options.as || !replay_role_known(options.as))
		return usage_error("wanted --as pana.pac, pana.paa, eap.peer or eap.server");
	if (!options.target == !options.against)
		return usage_error("wanted either --target or --against");
	if (options.fault && !options.against)
		return usage_error("--fault is for --against");
	if (options.wait < 0 || options.wait > WAIT_MAX || options.conversation < 0)
		return usage_error("--wait, --conversation: wanted a number, not too great");
	code = take_target(&target, target_opposite(options.as));
	if (code != EXIT_AS_EXPECTED)
		return code;
	target.keys = command_keys_of(options.keys);
	if (!target.keys)
		return EXIT_USAGE;
	/* Captured addresses are not those of the simulated world. */
	if (options.against)
		key_store_add_text(target.keys, "radius", "*", "text:secret", error, sizeof(error));
	hooks.trigger = options.trigger;
	hooks.role = target.role;
	hooks.target = options.target;
	target.hooks = options.trigger ? &hooks : NULL;
	code = with_keys(argv[1], &target);
	key_store_free(target.keys);
	return code;
}
