/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "target.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "message.h"
#include "net.h"

enum { DEVICE_HOST = 1, CLIENT_HOST = 10, SERVER_HOST = 100 };

static const struct {
	const char *role, *opposite;
	bool client;
	uint16_t port; /* at which it waits */
} roles[] = {
	{"pana.pac", "pana.paa", true, PANA_PORT},      {"pana.paa", "pana.pac", false, PANA_PORT},
	{"pana.pre", "pana.pac", false, PANA_PORT},     {"eap.peer", "eap.server", true, 0},
	{"eap.server", "eap.peer", false, RADIUS_PORT},
};

static size_t row_of(const char *role)
{
	for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
		if (strcmp(roles[i].role, role) == 0)
			return i;
	return 0;
}

const char *target_opposite(const char *role)
{
	return roles[row_of(role)].opposite;
}

bool target_is_client(const char *role)
{
	return roles[row_of(role)].client;
}

bool target_reset(const struct target *t, const char *test_case)
{
	return t->reference || (t->hooks && hooks_reset(t->hooks, test_case));
}

/* ---- addresses ---- */

static struct endpoint host(const struct target *t, unsigned number, uint16_t port)
{
	/* On loopback each process has a network of its own, so that several may run. */
	const unsigned own = t->real ? (unsigned)getpid() : 0;
	const uint8_t octets[4] = {t->real ? 127 : 10, (uint8_t)(own >> 8), (uint8_t)own,
				   (uint8_t)number};

	return (struct endpoint){address_of(ADDRESS_IPV4, octets), port};
}

/* Our own address, as a packet to the device would bear it. */
static struct address address_towards(const struct endpoint *to)
{
	bool v6 = to->address.family == ADDRESS_IPV6;
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(to->port)};
	struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(to->port)};
	struct sockaddr *address = v6 ? (struct sockaddr *)&six : (struct sockaddr *)&four;
	socklen_t length = v6 ? sizeof(six) : sizeof(four);
	int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct address own = to->address;

	memcpy(&six.sin6_addr, to->address.octets, 16);
	memcpy(&four.sin_addr, to->address.octets, 4);
	memset(own.octets, 0, sizeof(own.octets));
	if (fd >= 0 && connect(fd, address, length) == 0 && getsockname(fd, address, &length) == 0)
		memcpy(own.octets, v6 ? (void *)&six.sin6_addr : (void *)&four.sin_addr,
		       v6 ? 16 : 4);
	if (fd >= 0)
		close(fd);
	return own;
}

/* A PaC to which a PAA is to speak first is found at PANA's port (RFC 5191 6.1). */
static bool is_spoken_to(const struct stage *s)
{
	for (guint i = 0; s->test_case->needs && i < s->test_case->needs->len; i++) {
		const struct case_pair *need = g_ptr_array_index(s->test_case->needs, i);

		if (strcmp(need->name, "initiate") == 0 && strcmp(need->value, "yes") == 0)
			return true;
	}
	return false;
}

static struct endpoint place_of(struct stage *s, const char *role)
{
	const struct target *t = s->target;
	size_t row = row_of(role);
	bool server = !roles[row].client;
	unsigned number = server ? SERVER_HOST + s->servers++ : CLIENT_HOST + s->clients++;
	struct endpoint at = {.port = server ? roles[row].port : 0};

	if (strcmp(role, "pana.pac") == 0 && is_spoken_to(s))
		at.port = PANA_PORT;
	if (t->reference)
		return host(t, number, at.port);
	if (server && target_is_client(t->role) && number == SERVER_HOST)
		return t->at;
	at.address = address_towards(&t->at);
	return at;
}

/* ---- the device, if it is ours ---- */

static void set_up(struct role_settings *settings, const GPtrArray *needs, bool common)
{
	for (guint i = 0; needs && i < needs->len; i++) {
		const struct case_pair *need = g_ptr_array_index(needs, i);

		if (!common || device_profile_is_common(need->name))
			device_profile_apply(settings, need->name, need->value);
	}
}

static void common_settings(const struct stage *s, struct role_settings *settings)
{
	role_settings_default(settings);
	settings->encryption_count = 0;
	settings->keys = s->target->keys;
	g_strlcpy(settings->identity, s->target->identity, sizeof(settings->identity));
}

static bool attach_device(struct stage *s, char *error, size_t error_size)
{
	struct endpoint *local = &s->device->settings.local;

	if (world_attach(s->world, s->device, CARRIER_UDP, local, error, error_size))
		return true;
	/* A port below 1024 may be refused: any other will do. */
	local->port = 0;
	return s->target->real &&
	       world_attach(s->world, s->device, CARRIER_UDP, local, error, error_size);
}

static bool add_device(struct stage *s, char *error, size_t error_size)
{
	const struct target *t = s->target;
	size_t row = row_of(t->role), opposite = row_of(target_opposite(t->role));
	struct role_settings settings;
	bool relay = strcmp(t->role, "pana.pre") == 0;

	common_settings(s, &settings);
	set_up(&settings, s->test_case->needs, false);
	settings.local = host(t, DEVICE_HOST, roles[row].port);
	settings.fault = t->fault;
	settings.peer = host(t, target_is_client(t->role) ? SERVER_HOST : CLIENT_HOST,
			     relay ? PANA_PORT : roles[opposite].port);
	settings.upstream = host(t, SERVER_HOST, PANA_PORT);
	s->device = role_new(t->role, &settings, world_environment(s->world), error, error_size);
	if (!s->device || !attach_device(s, error, error_size))
		return false;
	s->at = s->device->settings.local;
	return true;
}

/* ---- the stage ---- */

bool stage_begin(struct stage *s, const struct target *target, const struct test_case *test_case,
		 const char *label, char *error, size_t error_size)
{
	const struct sim_settings sim = {
		.seed = target->seed, .label = label, .weather = target->weather};
	const struct net_settings net = {.interface = target->interface,
					 .seeded = true,
					 .seed = target->seed,
					 .label = label};

	*s = (struct stage){.target = target, .test_case = test_case, .at = target->at};
	s->world = target->real ? net_new(&net, error, error_size) : sim_new(&sim);
	if (!s->world)
		return false;
	if (!target->reference || add_device(s, error, error_size))
		return true;
	stage_end(s);
	return false;
}

void stage_end(struct stage *s)
{
	if (s->target && s->target->hooks)
		hooks_end_trigger(s->target->hooks);
	if (s->device) {
		world_detach(s->world, s->device);
		role_free(s->device);
	}
	world_free(s->world);
	s->device = NULL;
	s->world = NULL;
}

bool stage_player(struct stage *s, const char *role, const GPtrArray *given,
		  struct role_settings *settings, char *error, size_t error_size)
{
	common_settings(s, settings);
	set_up(settings, s->test_case->needs, true);
	settings->local = place_of(s, role);
	for (guint i = 0; given && i < given->len; i++) {
		const struct case_pair *pair = g_ptr_array_index(given, i);

		/* A relay's port is PANA's (RFC 6345 3). */
		if (strcmp(pair->name, "relay") == 0 && strcmp(pair->value, "yes") == 0)
			settings->local.port = PANA_PORT;
	}
	settings->peer = s->at;
	settings->upstream = s->at;
	for (guint i = 0; given && i < given->len; i++) {
		const struct case_pair *pair = g_ptr_array_index(given, i);

		if (strcmp(pair->name, "via") == 0 ||
		    device_profile_apply(settings, pair->name, pair->value))
			continue;
		g_snprintf(error, (gulong)error_size, "%s=%s: no player can be set up so",
			   pair->name, pair->value);
		return false;
	}
	return true;
}

bool stage_trigger(struct stage *s, const char *what)
{
	const struct target *t = s->target;
	const char *command = strcmp(what, "initiate") == 0 ? "reauth" : what;
	char text[ENDPOINT_TEXT_SIZE], move[ENDPOINT_TEXT_SIZE + 8];
	struct endpoint moved = s->at;
	bool done;

	if (strcmp(what, "move") == 0) {
		moved.address.octets[3]++;
		g_snprintf(move, sizeof(move), "move %s", endpoint_text(&moved, text));
		command = move;
	}
	s->triggered |= strcmp(what, "start") == 0;
	if (!s->device) {
		done = t->hooks && hooks_trigger(t->hooks, s->test_case->name, what);
	} else if (strcmp(what, "start") == 0) {
		s->device->kind->start(s->device);
		done = true;
	} else {
		done = s->device->kind->command && s->device->kind->command(s->device, command);
	}
	s->unable |= !done;
	return done;
}
