/* SPDX-License-Identifier: GPL-2.0-or-later */
/* assay serve: plays a role against a real peer. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "conformance/engine/net.h"
#include "conformance/engine/net_udp.h"
#include "conformance/engine/pcapng_write.h"
#include "conformance/engine/role_options.h"
#include "conformance/engine/uri.h"
#include "serve_log.h"

enum { LISTEN_MAX = 8, LINE_SIZE = 256 };

static struct {
	char **keys, **listen, **set;
	char *target, *fault, *capture;
	gboolean verbose;
} options;

static const GOptionEntry entries[] = {
	{"listen", 'l', 0, G_OPTION_ARG_STRING_ARRAY, &options.listen,
	 "own address (may be given more than once)", "URI"},
	{"target", 't', 0, G_OPTION_ARG_STRING, &options.target,
	 "whom to address, for roles that begin; the PAA, for pana.pre", "URI"},
	{"keys", 'k', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.keys,
	 "read keys from FILE (may be given more than once)", "FILE"},
	{"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &options.set,
	 "a setting of the role (may be given more than once)", "NAME=VALUE"},
	{"fault", 0, 0, G_OPTION_ARG_STRING, &options.fault, "break one rule", "NAME"},
	{"capture", 0, 0, G_OPTION_ARG_FILENAME, &options.capture,
	 "write all datagrams to a pcapng file", "FILE"},
	{"verbose", 'v', 0, G_OPTION_ARG_NONE, &options.verbose, "tell of every message", NULL},
	G_OPTION_ENTRY_NULL,
};

struct serve {
	struct serve_log log;
	struct world *world;
	struct role *role;
	struct role_settings settings;
	struct uri listen[LISTEN_MAX];
	unsigned listen_count, interface;
	enum uri_scheme scheme; /* for what is printed */
	char line[LINE_SIZE];   /* of standard input, so far */
	size_t line_length;
};

/* ---- commands on standard input ---- */

static void tell_commands(const struct serve *s)
{
	const char *const *command = s->role->kind->commands;

	fputs("commands: ", stdout);
	for (; command && *command; command++)
		printf("%s, ", *command);
	puts("state, quit");
}

static void obey(struct serve *s, const char *command)
{
	const struct role_kind *kind = s->role->kind;
	char *word = g_strndup(command, strcspn(command, " "));
	bool known = kind->commands && g_strv_contains(kind->commands, word);

	g_free(word);
	if (!*command)
		return;
	if (strcmp(command, "quit") == 0) {
		serve_log_end(&s->log, EXIT_AS_EXPECTED);
	} else if (strcmp(command, "state") == 0) {
		serve_tell(world_now(s->world), "state", "%s",
			   kind->state ? kind->state(s->role) : "-");
	} else if (!known) {
		printf("no command '%s'; ", command);
		tell_commands(s);
	} else if (!kind->command(s->role, command)) {
		serve_tell(world_now(s->world), "not now", "%s", command);
	}
}

/* A terminal's line may be the foreground's: whoever serves in the background leaves it alone. */
static void on_input(void *context, int fd)
{
	struct serve *s = context;
	char *rest = s->line + s->line_length, *newline;
	ssize_t length = -1;

	if (!isatty(fd) || tcgetpgrp(fd) == getpgrp())
		length = read(fd, rest, sizeof(s->line) - 1 - s->line_length);
	if (length <= 0) {
		net_watch(s->world, fd, NULL, NULL);
		return;
	}
	s->line_length += (size_t)length;
	s->line[s->line_length] = 0;
	for (char *line = s->line; (newline = strchr(line, '\n')); line = s->line) {
		*newline = 0;
		obey(s, g_strstrip(line));
		s->line_length = strlen(newline + 1);
		memmove(s->line, newline + 1, s->line_length + 1);
	}
	if (s->line_length == sizeof(s->line) - 1)
		s->line_length = 0;
}

/* ---- setting up ---- */

static bool take_settings(struct serve *s)
{
	char error[LINE_SIZE];

	for (char **set = options.set; set && *set; set++) {
		char **pair = g_strsplit(*set, "=", 2);
		bool right = pair[0] && pair[1] &&
			     role_option_set(&s->settings, pair[0], pair[1], error, sizeof(error));

		if (pair[0] && !pair[1])
			g_snprintf(error, sizeof(error), "wanted NAME=VALUE, found '%s'", pair[0]);
		g_strfreev(pair);
		if (!right) {
			usage_error("--set: %s", error);
			return false;
		}
	}
	return true;
}

/* Who the peer is, if it is not said: the owner of the first pre-shared key. */
static void take_identity(struct serve *s)
{
	for (size_t i = 0; !s->settings.identity[0] && i < key_store_count(s->settings.keys); i++) {
		const struct key_row *row = key_store_row(s->settings.keys, i);

		if ((row->type == KEY_EAP_PSK || row->type == KEY_EAP_GPSK) &&
		    strcmp(row->identity, "*") != 0)
			g_strlcpy(s->settings.identity, row->identity,
				  sizeof(s->settings.identity));
	}
}

static bool take_uri(struct serve *s, const char *option, const char *text, const char *role,
		     struct uri *uri, struct endpoint *endpoint)
{
	char error[URI_ERROR_SIZE];
	unsigned interface;

	if (!uri_parse(text, role, uri, error, sizeof(error))) {
		usage_error("%s %s", option, error);
		return false;
	}
	if (!uri_resolve(uri, endpoint, &interface, error, sizeof(error))) {
		complain("%s %s", option, error);
		return false;
	}
	if (interface)
		s->interface = interface;
	s->scheme = uri->scheme;
	return true;
}

/* Own address and target; of a role that begins, one's own address is found if it is not said. */
static enum exit_code take_addresses(struct serve *s, const char *role, struct endpoint *listen)
{
	char text[ENDPOINT_TEXT_SIZE];
	struct uri uri;

	for (char **l = options.listen; l && *l; l++) {
		if (s->listen_count == LISTEN_MAX)
			return usage_error("--listen: more than %d addresses", LISTEN_MAX);
		if (!take_uri(s, "--listen", *l, role, &s->listen[s->listen_count],
			      &listen[s->listen_count]))
			return EXIT_USAGE;
		s->listen_count++;
	}
	if (!options.target)
		return EXIT_AS_EXPECTED;
	if (!take_uri(s, "--target", options.target, role, &uri, &s->settings.peer))
		return EXIT_TARGET;
	s->settings.upstream = s->settings.peer;
	if (s->listen_count)
		return EXIT_AS_EXPECTED;
	if (!net_udp_local(&s->settings.peer, s->interface, &listen[0].address)) {
		complain("--target %s: %s", endpoint_text(&s->settings.peer, text),
			 g_strerror(errno));
		return EXIT_TARGET;
	}
	s->listen[0] = uri;
	s->listen_count = 1;
	return EXIT_AS_EXPECTED;
}

/* Parts that have someone to address. */
static bool wants_target(const char *role)
{
	return strcmp(role, "pana.pac") == 0 || strcmp(role, "pana.pre") == 0 ||
	       strcmp(role, "eap.peer") == 0;
}

/* A PAA that passes EAP through speaks to the RADIUS server from a port of its own. */
static bool attach_client(struct serve *s, char *error, size_t error_size)
{
	const struct endpoint *server = &s->role->settings.radius;
	struct endpoint *own = &s->role->settings.relay;
	char text[URI_TEXT_SIZE];

	if (!server->address.family)
		return true;
	if (!net_udp_local(server, s->interface, &own->address)) {
		g_snprintf(error, (gulong)error_size, "%s: %s", uri_text(URI_RADIUS, server, text),
			   g_strerror(errno));
		return false;
	}
	if (!world_attach(s->world, s->role, CARRIER_UDP, own, error, error_size))
		return false;
	printf("EAP is passed through to %s\n", uri_text(URI_RADIUS, server, text));
	return true;
}

static enum exit_code attach(struct serve *s, struct endpoint *listen)
{
	char error[WORLD_ERROR_SIZE], text[URI_TEXT_SIZE];

	for (unsigned i = 0; i < s->listen_count; i++) {
		struct endpoint *at = i ? &listen[i] : &s->role->settings.local;

		if (!world_attach(s->world, s->role, s->listen[i].carrier, at, error,
				  sizeof(error))) {
			complain("%s", error);
			return EXIT_USAGE;
		}
		printf("%s at %s\n", s->role->kind->name, uri_text(s->scheme, at, text));
	}
	if (!attach_client(s, error, sizeof(error))) {
		complain("%s", error);
		return EXIT_TARGET;
	}
	if (s->role->fault)
		printf("fault %s: %s\n", s->role->fault->name, s->role->fault->text);
	return EXIT_AS_EXPECTED;
}

/* ---- running ---- */

static struct world *running; /* for the signal handler */

static void stop(int number)
{
	(void)number;
	world_stop(running);
}

/* A second signal ends the program in the ordinary way. */
static void catch_signals(struct world *world)
{
	struct sigaction action = {.sa_handler = stop, .sa_flags = (int)SA_RESETHAND};

	running = world;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static bool is_over(void *context)
{
	return ((const struct serve *)context)->log.over;
}

static enum exit_code run(struct serve *s)
{
	enum world_end why;

	net_watch(s->world, STDIN_FILENO, on_input, s);
	catch_signals(s->world);
	if (s->role->kind->start)
		s->role->kind->start(s->role);
	why = world_run(s->world, WORLD_FOREVER, is_over, s);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	printf("%" PRIu64 " datagrams received, %" PRIu64 " sent\n", s->log.received, s->log.sent);
	if (why == WORLD_BROKEN) {
		complain("%s", world_error(s->world));
		return EXIT_INTERNAL;
	}
	return s->log.code;
}

static enum exit_code with_role(struct serve *s, const char *name, struct endpoint *listen)
{
	char error[LINE_SIZE];
	enum exit_code code;

	s->settings.local = listen[0];
	s->role = role_new(name, &s->settings, world_environment(s->world), error, sizeof(error));
	if (!s->role) {
		complain("%s", error);
		return EXIT_USAGE;
	}
	s->log.world = s->world;
	world_observe(s->world, &s->log.observer);
	code = attach(s, listen);
	if (s->scheme == URI_RADIUS)
		s->log.radius_port = s->settings.peer.port ? s->settings.peer.port
							   : s->role->settings.local.port;
	if (s->settings.radius.address.family)
		s->log.radius_port = s->settings.radius.port;
	if (code == EXIT_AS_EXPECTED)
		code = run(s);
	world_detach(s->world, s->role);
	role_free(s->role);
	return code;
}

static enum exit_code with_world(struct serve *s, const char *name, struct endpoint *listen)
{
	const struct net_settings wanted = {.interface = s->interface};
	char error[PCAPNG_ERROR_SIZE];
	enum exit_code code;

	if (options.capture) {
		s->log.capture =
			pcapng_create(options.capture, PCAPNG_ETHERNET, error, sizeof(error));
		if (!s->log.capture) {
			complain("--capture %s", error);
			return EXIT_USAGE;
		}
	}
	s->world = net_new(&wanted, error, sizeof(error));
	if (s->world) {
		code = with_role(s, name, listen);
		world_free(s->world);
	} else {
		complain("%s", error);
		code = EXIT_INTERNAL;
	}
	if (!pcapng_finish(s->log.capture, error, sizeof(error))) {
		complain("--capture %s", error);
		code = EXIT_INTERNAL;
	}
	return code;
}

static enum exit_code serve(struct serve *s, const char *name)
{
	struct endpoint listen[LISTEN_MAX] = {0};
	enum exit_code code;

	s->log.begins = wants_target(name) && strcmp(name, "pana.pre") != 0;
	if (!take_settings(s))
		return EXIT_USAGE;
	/* One that may re-authenticate by ERP waits for that command. */
	s->log.without_session = strcmp(name, "eap.peer") == 0 && !s->settings.erp;
	take_identity(s);
	code = take_addresses(s, name, listen);
	if (code != EXIT_AS_EXPECTED)
		return code;
	if (!s->settings.peer.port && wants_target(name))
		return usage_error("%s wants --target, and a port in it", name);
	if (!s->listen_count)
		return usage_error("%s wants --listen", name);
	return with_world(s, name, listen);
}

static enum exit_code unknown_role(const char *name)
{
	GPtrArray *names = g_ptr_array_new();
	char *near;

	for (const struct role_kind *const *kind = role_kinds; *kind; kind++)
		g_ptr_array_add(names, (gpointer)(*kind)->name);
	near = command_near(name, names);
	complain("no role '%s'; %s%s%s", name, *near ? "did you mean " : "", near,
		 *near ? "?" : "'assay list roles' lists them");
	g_free(near);
	g_ptr_array_free(names, TRUE);
	return EXIT_USAGE;
}

/* The settings, for --help. The caller frees. */
static char *settings_help(void)
{
	GString *text = g_string_new("Settings:\n");

	for (size_t i = 0; i < role_option_count(); i++) {
		const struct role_option o = role_option_at(i);
		char *name = g_strdup_printf("%s=%s", o.name, o.values);

		g_string_append_printf(text, "  %-39s %s\n", name, o.text);
		g_free(name);
	}
	g_string_append(
		text,
		"\nA line on standard input is a command to the role: state, quit, and those that\n"
		"'assay explain ROLE' tells. Ctrl-C ends it as wanted, with exit status 0. A role\n"
		"that begins ends with its session, eap.peer without erp when it is "
		"authenticated:\n"
		"0 as it should, 1 refused, 3 the target is silent.\n"
		"'assay list roles' and 'assay list faults' list roles and faults.");
	return g_string_free(text, FALSE);
}

enum exit_code command_serve(int argc, char **argv)
{
	struct serve s = {0};
	char *more = settings_help();
	struct key_store *seen; /* what is derived to show messages is not the role's */
	enum exit_code code;
	bool parsed = command_options(entries, "ROLE --listen URI | --target URI",
				      "Plays a role against a real peer, until it is interrupted.",
				      more, &argc, &argv);

	g_free(more);
	if (!parsed)
		return EXIT_USAGE;
	if (argc != 2)
		return usage_error("wanted one role");
	if (!role_kind_of(argv[1]))
		return unknown_role(argv[1]);
	role_settings_default(&s.settings);
	s.settings.fault = options.fault;
	s.settings.keys = command_keys_of(options.keys);
	seen = s.settings.keys ? command_keys_of(options.keys) : NULL;
	if (!seen) {
		key_store_free(s.settings.keys);
		return EXIT_USAGE;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	serve_log_begin(&s.log, options.verbose, seen);
	code = serve(&s, argv[1]);
	serve_log_clear(&s.log);
	key_store_free(seen);
	key_store_free(s.settings.keys);
	return code;
}
