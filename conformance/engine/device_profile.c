/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "device_profile.h"

#include <string.h>

#include "role_options.h"

struct device_profile {
	GHashTable *claims; /* key -> char ** of values */
	bool all;
};

/* ---- settings ---- */

/* Methods in order of preference: "psk", "gpsk-1,psk". */
static bool set_methods(struct role_settings *s, const char *value)
{
	static const struct {
		const char *name;
		enum role_method methods[2];
	} names[] = {
		{"psk", {METHOD_PSK, METHOD_NONE}},
		{"gpsk", {METHOD_GPSK_1, METHOD_GPSK_2}},
		{"gpsk-1", {METHOD_GPSK_1, METHOD_NONE}},
		{"gpsk-2", {METHOD_GPSK_2, METHOD_NONE}},
	};
	char **parts = g_strsplit(value, ",", -1);
	unsigned count = 0;
	bool known = true;

	memset(s->methods, 0, sizeof(s->methods));
	for (char **part = parts; *part && known; part++) {
		known = false;
		for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
			if (strcmp(names[i].name, *part) != 0)
				continue;
			known = true;
			for (size_t n = 0; n < 2 && names[i].methods[n] && count < METHODS - 1; n++)
				s->methods[count++] = names[i].methods[n];
		}
	}
	g_strfreev(parts);
	return known && count > 0;
}

bool device_profile_apply(struct role_settings *s, const char *key, const char *value)
{
	char error[256];

	if (strcmp(key, "eap") == 0)
		return set_methods(s, value);
	/* What a device may need that is no setting of a role. */
	if (strcmp(key, "mobility") == 0 || strcmp(key, "trigger") == 0 ||
	    strcmp(key, "relay") == 0 || strcmp(key, "second-reply") == 0)
		return true;
	return role_option_set(s, key, value, error, sizeof(error));
}

bool device_profile_is_common(const char *key)
{
	static const char *const keys[] = {"eap", "encryption", "prf", "integrity", "erp"};

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

/* ---- claims ---- */

/* What is claimed by whoever says nothing else. NULL: any value. */
static const struct {
	const char *key, *values;
} defaults[] = {
	{"eap", "psk"},
	{"encryption", "none"},
	{"prf", "2 5 hmac-sha1 hmac-sha256"},
	{"integrity", "7 12 hmac-sha1-160 hmac-sha256-128"},
	{"piggyback", "yes no"},
	{"stateless", "no"},
	{"refuse", "no"},
	{"initiate", "no"},
	{"notify", "no"},
	{"erp", "no"},
	{"lifetime", ""},
	{"ping-interval", ""},
	{"unauthorized", "no"},
	{"trigger", ""},
	{"relay", "no"},
	{"second-reply", "no"}, /* its NAS takes a further reply to the newest request */
	{"mobility", "yes"},
	{"identity", NULL},
	{"server-identity", NULL},
};

bool device_profile_known(const char *key)
{
	for (size_t i = 0; i < G_N_ELEMENTS(defaults); i++)
		if (strcmp(defaults[i].key, key) == 0)
			return true;
	for (size_t i = 0; i < role_option_count(); i++)
		if (strcmp(role_option_at(i).name, key) == 0)
			return true;
	return false;
}

struct device_profile *device_profile_new(bool all)
{
	struct device_profile *p = g_new0(struct device_profile, 1);

	p->all = all;
	p->claims =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_strfreev);
	return p;
}

void device_profile_free(struct device_profile *p)
{
	if (!p)
		return;
	g_hash_table_destroy(p->claims);
	g_free(p);
}

static char **split_values(const char *text)
{
	char **raw = g_strsplit_set(text, " \t,", -1);
	GPtrArray *values = g_ptr_array_new();

	for (char **v = raw; *v; v++)
		if (**v)
			g_ptr_array_add(values, g_strdup(*v));
	g_ptr_array_add(values, NULL);
	g_strfreev(raw);
	return (char **)g_ptr_array_free(values, FALSE);
}

static bool parse_line(struct device_profile *p, const char *name, unsigned number, char *line,
		       char *error, size_t error_size)
{
	char *comment = strchr(line, '#'), *equals;

	if (comment)
		*comment = '\0';
	g_strstrip(line);
	if (!*line)
		return true;
	equals = strchr(line, '=');
	if (!equals) {
		g_snprintf(error, (gulong)error_size, "%s:%u: wanted KEY = VALUE, found \"%.60s\"",
			   name, number, line);
		return false;
	}
	*equals = '\0';
	g_strstrip(line);
	if (!device_profile_known(line)) {
		g_snprintf(error, (gulong)error_size,
			   "%s:%u: wanted eap, encryption, refuse, ..., found \"%.60s\"", name,
			   number, line);
		return false;
	}
	g_hash_table_replace(p->claims, g_strdup(line), split_values(equals + 1));
	return true;
}

bool device_profile_parse(struct device_profile *p, const char *name, const char *text, char *error,
			  size_t error_size)
{
	char **lines = g_strsplit(text, "\n", -1);
	bool right = true;

	for (unsigned i = 0; lines[i] && right; i++)
		right = parse_line(p, name, i + 1, lines[i], error, error_size);
	g_strfreev(lines);
	return right;
}

bool device_profile_load(struct device_profile *p, const char *path, char *error, size_t error_size)
{
	GError *reason = NULL;
	char *text;
	bool right;

	if (!g_file_get_contents(path, &text, NULL, &reason)) {
		g_snprintf(error, (gulong)error_size, "%s", reason->message);
		g_error_free(reason);
		return false;
	}
	right = device_profile_parse(p, path, text, error, error_size);
	g_free(text);
	return right;
}

const char *device_profile_value(const struct device_profile *p, const char *key)
{
	char **values = p ? g_hash_table_lookup(p->claims, key) : NULL;

	return values ? values[0] : NULL;
}

/* All that is wanted, a list perhaps, is among the values. */
static bool has_all(char **values, const char *wanted)
{
	char **all = split_values(wanted);
	bool has = true;

	for (char **w = all; *w; w++)
		has = has && g_strv_contains((const char *const *)values, *w);
	g_strfreev(all);
	return has;
}

static bool claims(const struct device_profile *p, const struct case_pair *need)
{
	char **values = g_hash_table_lookup(p->claims, need->name);
	bool met;

	if (values)
		return has_all(values, need->value);
	if (p->all)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(defaults); i++) {
		if (strcmp(defaults[i].key, need->name) != 0)
			continue;
		if (!defaults[i].values)
			return true;
		values = split_values(defaults[i].values);
		met = has_all(values, need->value);
		g_strfreev(values);
		return met;
	}
	return false;
}

bool device_profile_meets(const struct device_profile *p, const GPtrArray *needs, char *unmet,
			  size_t unmet_size)
{
	for (guint i = 0; needs && i < needs->len; i++) {
		const struct case_pair *need = g_ptr_array_index(needs, i);

		if (claims(p, need))
			continue;
		g_snprintf(unmet, (gulong)unmet_size,
			   "needs %s=%s, which the device does not claim", need->name, need->value);
		return false;
	}
	return true;
}
