/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which names there are: of rules, fields, roles, messages and elements. */
#include <string.h>

#include "case_impl.h"
#include "stack.h"

const struct rule *case_rule(const char *id)
{
	for (const struct protocol *const *p = stack_protocols; *p; p++)
		for (size_t i = 0; i < (*p)->rule_count; i++)
			if (strcmp((*p)->rules[i].id, id) == 0)
				return &(*p)->rules[i];
	return NULL;
}

/* What a datagram has beside its payload. */
static const char *const datagram_fields[] = {
	"source.address", "source.port", "destination.address", "destination.port", "octets", NULL};

bool case_field_find(const char *name, const struct field **field)
{
	*field = NULL;
	for (const char *const *d = datagram_fields; *d; d++)
		if (strcmp(*d, name) == 0)
			return true;
	for (const struct protocol *const *p = stack_protocols; *p && !*field; p++)
		for (size_t i = 0; i < (*p)->field_count && !*field; i++)
			if (strcmp((*p)->fields[i].name, name) == 0)
				*field = &(*p)->fields[i];
	return *field != NULL;
}

/* How many characters two names begin with alike. */
static size_t alike(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && a[n] == b[n])
		n++;
	return n;
}

/* Of names that begin like `text` the one that goes on so for longest and is shortest. */
struct near {
	const char *text, *name;
	size_t most;
};

static void near_try(struct near *n, const char *name)
{
	size_t same = alike(n->text, name);

	if (same < n->most || same < 5)
		return;
	if (same == n->most && n->name && strlen(n->name) <= strlen(name))
		return;
	n->most = same;
	n->name = name;
}

static char *near_text(const struct near *n)
{
	return n->name ? g_strdup_printf(" (there is '%s')", n->name) : g_strdup("");
}

char *case_near_rule(const char *id)
{
	struct near n = {.text = id};

	for (const struct protocol *const *p = stack_protocols; *p; p++)
		for (size_t i = 0; i < (*p)->rule_count; i++)
			near_try(&n, (*p)->rules[i].id);
	return near_text(&n);
}

char *case_near_field(const char *name)
{
	struct near n = {.text = name};

	for (const struct protocol *const *p = stack_protocols; *p; p++)
		for (size_t i = 0; i < (*p)->field_count; i++)
			near_try(&n, (*p)->fields[i].name);
	return near_text(&n);
}

bool case_role_known(const char *name)
{
	static const char *const roles[] = {"pana.pac", "pana.paa",   "pana.pre",
					    "eap.peer", "eap.server", NULL};

	return g_strv_contains(roles, name);
}

/* ---- messages ---- */

#define EAP_STEPS                                                                                \
	"PSK-1", "PSK-2", "PSK-3", "PSK-4", "GPSK-1", "GPSK-2", "GPSK-3", "GPSK-4", "GPSK-Fail", \
		"GPSK-Protected-Fail"
#define EAP_TYPES \
	"Identity", "Notification", "Nak", "MD5", "TLS", "TTLS", "PEAP", "PSK", "GPSK", "Expanded"

static const char *const no_words[] = {NULL};
static const char *const par_words[] = {"S",       "C",       "I",       "Success",
					"Failure", EAP_TYPES, EAP_STEPS, NULL};
static const char *const pan_words[] = {"S", "C", EAP_TYPES, EAP_STEPS, NULL};
static const char *const notification_words[] = {"ping", "reauth", "A", "P", NULL};
static const char *const eap_words[] = {EAP_TYPES, EAP_STEPS, NULL};
static const char *const erp_words[] = {"Start", "Reauth", NULL};
/* What is relayed stands behind PRY, with its words. */
static const char *const relay_words[] = {"PCI", "PAR",    "PAN",  "PTR", "PTA", "PNR",
					  "PNA", "PRY",    "S",    "C",   "I",   "A",
					  "P",   "reauth", "ping", NULL};

static const struct {
	const char *kind;
	const char *const *words;
	bool eap_type; /* a number may stand for the type */
} messages[] = {
	{"any", no_words, false},
	/* RFC 5191 7, RFC 6345 7 */
	{"PCI", no_words, false},
	{"PAR", par_words, true},
	{"PAN", pan_words, true},
	{"PTR", no_words, false},
	{"PTA", no_words, false},
	{"PNR", notification_words, false},
	{"PNA", notification_words, false},
	{"PRY", relay_words, false},
	/* RFC 3748 4, RFC 6696 5.3 */
	{"Request", eap_words, true},
	{"Response", eap_words, true},
	{"Success", no_words, false},
	{"Failure", no_words, false},
	{"Initiate", erp_words, false},
	{"Finish", erp_words, false},
	/* RFC 2865 4 */
	{"Access-Request", no_words, false},
	{"Access-Accept", no_words, false},
	{"Access-Reject", no_words, false},
	{"Access-Challenge", no_words, false},
};

bool case_message_known(const char *kind)
{
	for (size_t i = 0; i < G_N_ELEMENTS(messages); i++)
		if (strcmp(messages[i].kind, kind) == 0)
			return true;
	return false;
}

bool case_message_word_known(const char *kind, const char *word)
{
	uint64_t type;

	for (size_t i = 0; i < G_N_ELEMENTS(messages); i++)
		if (strcmp(messages[i].kind, kind) == 0)
			return strcmp(word, "again") == 0 ||
			       g_strv_contains(messages[i].words, word) ||
			       (messages[i].eap_type && case_number(NULL, word, &type) &&
				type <= UINT8_MAX);
	return false;
}

/* ---- elements ---- */

const struct field *case_element_family(const char *word)
{
	const struct field *field = NULL;

	if (strcmp(word, "avp") == 0)
		case_field_find("pana.avp.code", &field);
	else if (strcmp(word, "attribute") == 0)
		case_field_find("eap.erp.attribute.type", &field);
	return field;
}

bool case_element_known(const struct field *family, const char *name)
{
	const char *slash = strchr(name, '/');
	uint64_t number;

	if (slash) {
		char *vendor = g_strndup(name, (gsize)(slash - name));
		bool good = case_number(NULL, vendor, &number) && number <= UINT32_MAX;

		g_free(vendor);
		if (!good)
			return false;
		name = slash + 1;
		family = NULL;
	}
	return case_number(family, name, &number) && number <= UINT16_MAX;
}
