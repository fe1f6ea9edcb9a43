/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "role_options.h"

#include <glib.h>
#include <string.h>

#include "uri.h"

/* A word that stands for a number. */
struct word {
	const char *name;
	uint32_t number;
};

static const struct word method_words[] = {
	{"psk", METHOD_PSK},
	{"gpsk-1", METHOD_GPSK_1},
	{"gpsk-2", METHOD_GPSK_2},
	{NULL, 0},
};

/* Transform numbers of IANA's IKEv2 registry, and RFC 6786 9. */
static const struct word prf_words[] = {{"hmac-sha1", 2}, {"hmac-sha256", 5}, {NULL, 0}};
static const struct word integrity_words[] = {
	{"hmac-sha1-160", 7}, {"hmac-sha256-128", 12}, {NULL, 0}};
static const struct word encryption_words[] = {{"aes128-ctr", 1}, {NULL, 0}};

static const struct word yes_no[] = {
	{"yes", 1}, {"no", 0}, {"true", 1}, {"false", 0}, {"on", 1},
	{"off", 0}, {"1", 1},  {"0", 0},    {NULL, 0},
};

struct option {
	struct role_option shown;
	bool (*set)(void *member, const struct option *o, struct role_settings *s,
		    const char *value);
	size_t member; /* offset in struct role_settings */
	size_t count;  /* lists: offset of their count */
	const struct word *words;
};

static bool word_number(const struct word *words, const char *text, uint32_t *number)
{
	for (; words->name; words++)
		if (g_ascii_strcasecmp(words->name, text) == 0) {
			*number = words->number;
			return true;
		}
	return false;
}

static bool decimal(const char *text, uint32_t *number)
{
	guint64 value;

	if (!g_ascii_string_to_unsigned(text, 10, 0, UINT32_MAX, &value, NULL))
		return false;
	*number = (uint32_t)value;
	return true;
}

static bool set_text(void *member, const struct option *o, struct role_settings *s,
		     const char *value)
{
	(void)o;
	(void)s;
	return g_strlcpy(member, value, sizeof(s->identity)) < sizeof(s->identity);
}

static bool set_number(void *member, const struct option *o, struct role_settings *s,
		       const char *value)
{
	(void)o;
	(void)s;
	return decimal(value, member);
}

static bool set_flag(void *member, const struct option *o, struct role_settings *s,
		     const char *value)
{
	uint32_t number;

	(void)o;
	(void)s;
	if (!word_number(yes_no, value, &number))
		return false;
	*(bool *)member = number != 0;
	return true;
}

/* Words of a list; -1: one of them is unknown, or there are more than `max`. */
static int parse_list(const struct word *words, bool numbers, const char *value, uint32_t *list,
		      int max)
{
	char **parts = g_strsplit(value, ",", -1);
	int count = 0;

	for (char **part = parts; *part && count >= 0; part++) {
		const char *text = g_strstrip(*part);
		uint32_t number = 0;

		if (!*text || g_ascii_strcasecmp(text, "none") == 0)
			continue;
		if (count < max &&
		    (word_number(words, text, &number) || (numbers && decimal(text, &number))))
			list[count++] = number;
		else
			count = -1;
	}
	g_strfreev(parts);
	return count;
}

static bool set_offers(void *member, const struct option *o, struct role_settings *s,
		       const char *value)
{
	uint32_t list[ROLE_OFFER_MAX] = {0};
	int count = parse_list(o->words, true, value, list, ROLE_OFFER_MAX);

	if (count < 0)
		return false;
	memcpy(member, list, sizeof(list));
	*(unsigned *)(void *)((char *)s + o->count) = (unsigned)count;
	return true;
}

static bool set_methods(void *member, const struct option *o, struct role_settings *s,
			const char *value)
{
	enum role_method *methods = member;
	uint32_t list[METHODS] = {0};
	int count = parse_list(o->words, false, value, list, METHODS - 1);

	(void)s;
	if (count < 1)
		return false;
	for (int i = 0; i < METHODS; i++)
		methods[i] = i < count ? (enum role_method)list[i] : METHOD_NONE;
	return true;
}

/* A RADIUS server, or none. */
static bool set_server(void *member, const struct option *o, struct role_settings *s,
		       const char *value)
{
	char error[URI_ERROR_SIZE];
	unsigned interface;
	uint32_t number;
	struct uri uri;

	(void)o;
	(void)s;
	if (word_number(yes_no, value, &number) && !number) {
		*(struct endpoint *)member = (struct endpoint){0};
		return true;
	}
	return uri_parse(value, "eap.server", &uri, error, sizeof(error)) &&
	       uri_resolve(&uri, member, &interface, error, sizeof(error)) &&
	       ((struct endpoint *)member)->port;
}

#define AT(m)         offsetof(struct role_settings, m)
#define TEXT(m)       .set = set_text, .member = AT(m)
#define NUMBER(m)     .set = set_number, .member = AT(m)
#define FLAG(m)       .set = set_flag, .member = AT(m)
#define SERVER(m)     .set = set_server, .member = AT(m)
#define METHODS_OF(m) .set = set_methods, .member = AT(m), .words = method_words
#define OFFERS(m)     .set = set_offers, .member = AT(m), .count = AT(m##_count), .words = m##_words

static const struct option options[] = {
	{{"identity", "NAME", "who the EAP peer is"}, TEXT(identity)},
	{{"server-identity", "NAME", "who the EAP server is"}, TEXT(server_identity)},
	{{"methods", "psk,gpsk-1,gpsk-2", "methods of EAP, the preferred one first"},
	 METHODS_OF(methods)},
	{{"prf", "hmac-sha1,hmac-sha256", "pseudo-random functions of PANA, or their numbers"},
	 OFFERS(prf)},
	{{"integrity", "hmac-sha1-160,hmac-sha256-128", "of PANA's AUTH, or their numbers"},
	 OFFERS(integrity)},
	{{"encryption", "aes128-ctr | none", "of PANA's AVPs, or numbers"}, OFFERS(encryption)},
	{{"lifetime", "SECONDS", "Session-Lifetime that a PAA grants"}, NUMBER(lifetime)},
	{{"ping-interval", "SECONDS", "between liveness tests of one's own; 0: none"},
	 NUMBER(ping_interval)},
	{{"piggyback", "yes | no", "PaC: EAP responses in PAN, not in a PAR of its own"},
	 FLAG(piggyback)},
	{{"stateless", "yes | no", "PAA: no state before the initial PAN"}, FLAG(stateless)},
	{{"refuse", "yes | no", "PAA: refuses authorization after EAP success"}, FLAG(refuse)},
	{{"pass-through", "radius://HOST[:PORT] | no", "PAA: the server that EAP is passed to"},
	 SERVER(radius)},
	{{"initiate", "yes | no", "PAA: begins on its own, towards the target"}, FLAG(initiate)},
	{{"notify", "yes | no", "EAP server: sends a Notification first"}, FLAG(notify)},
	{{"erp", "yes | no", "re-authenticates with ERP"}, FLAG(erp)},
	{{"unauthorized", "yes | no", "EAP server: refuses, by the method, who authenticates"},
	 FLAG(unauthorized)},
	{{"protected-data", "yes | no", "EAP-GPSK: sends protected data"}, FLAG(protected_data)},
	{{"psk-extension", "NUMBER", "EAP-PSK server: EXT_Type of an extension it starts; 0: none"},
	 NUMBER(psk_extension)},
};

size_t role_option_count(void)
{
	return G_N_ELEMENTS(options);
}

struct role_option role_option_at(size_t index)
{
	return options[index].shown;
}

bool role_option_set(struct role_settings *settings, const char *name, const char *value,
		     char *error, size_t error_size)
{
	struct role_settings changed = *settings;

	for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
		const struct option *o = &options[i];

		if (strcmp(o->shown.name, name) != 0)
			continue;
		if (o->set((char *)&changed + o->member, o, &changed, value)) {
			*settings = changed;
			return true;
		}
		g_snprintf(error, (gulong)error_size, "%s: wanted %s, found '%.100s'", name,
			   o->shown.values, value);
		return false;
	}
	g_snprintf(error, (gulong)error_size, "a role has no setting '%.100s'", name);
	return false;
}
