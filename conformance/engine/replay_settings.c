/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the ends of a captured conversation were set up, as far as the capture shows it. */
#include <string.h>

#include "case.h"
#include "protocols/eap/eap_fields.h"
#include "replay_script.h"
#include "target.h"

static void add(GPtrArray *settings, const char *name, const char *value)
{
	struct case_pair *pair = g_new0(struct case_pair, 1);

	pair->name = g_strdup(name);
	pair->value = g_strdup(value);
	g_ptr_array_add(settings, pair);
}

static void pair_free(gpointer data)
{
	struct case_pair *pair = data;

	g_free(pair->name);
	g_free(pair->value);
	g_free(pair);
}

/* Of what a setting is made: the first line that holds a field. */
static const struct seen *first(const struct replay_script *s, const char *field)
{
	for (guint i = 0; i < s->lines->len; i++) {
		const struct seen *found = replay_line_find(g_ptr_array_index(s->lines, i), field);

		if (found && (found->value.length || found->field->kind != FIELD_TEXT))
			return found;
	}
	return NULL;
}

static void add_text(GPtrArray *settings, const char *name, const struct seen *seen)
{
	char *text;

	if (!seen || memchr(seen->value.octets, 0, seen->value.length))
		return;
	text = g_strndup((const char *)seen->value.octets, seen->value.length);
	add(settings, name, text);
	g_free(text);
}

/* ---- EAP ---- */

/* A server offers suites, a peer selects one. */
static const char *gpsk_name(const struct message *m, bool server)
{
	const struct octets *list = &m->eap.gpsk.csuite_list, *suite = &m->eap.gpsk.csuite_sel;

	if (server && list->length == 12)
		return list->octets[5] == 2 ? "gpsk-2,gpsk-1" : "gpsk-1,gpsk-2";
	return suite->length == 6 && suite->octets[5] == 2 ? "gpsk-2" : "gpsk-1";
}

static const char *method_name(const struct replay_script *s, bool server)
{
	const char *name = NULL;

	for (guint i = 0; i < s->lines->len; i++) {
		const struct message *m =
			((struct replay_line *)g_ptr_array_index(s->lines, i))->message;

		if (!m->has_eap || !m->eap.has_type || m->eap.code > EAP_RESPONSE)
			continue;
		if (m->eap.type == EAP_TYPE_PSK)
			name = "psk";
		else if (m->eap.type == EAP_TYPE_GPSK && m->eap.gpsk.opcode == EAP_GPSK_2)
			name = gpsk_name(m, server);
	}
	return name;
}

const char *replay_script_unplayable(const struct replay_script *s)
{
	for (guint i = 0; i < s->lines->len; i++) {
		const struct replay_line *l = g_ptr_array_index(s->lines, i);
		const struct eap_message *e = &l->message->eap;
		const char *name;

		if (!l->message->has_eap || !e->has_type || e->code > EAP_RESPONSE ||
		    e->type <= EAP_TYPE_NAK || e->type == EAP_TYPE_PSK || e->type == EAP_TYPE_GPSK)
			continue;
		name = value_name_find(eap_type_names, e->type);
		return name ? name : "an unknown EAP method";
	}
	return NULL;
}

static void settings_of_eap(const struct replay_script *s, const char *role, GPtrArray *settings)
{
	const struct seen *server = first(s, "eap.psk.id_s"), *identity = NULL;
	const char *method = method_name(s, !target_is_client(role));
	bool notified = false, erp = false;

	for (guint i = 0; i < s->lines->len; i++) {
		const struct replay_line *l = g_ptr_array_index(s->lines, i);
		const struct eap_message *e = &l->message->eap;

		if (!l->message->has_eap)
			continue;
		erp |= e->code == EAP_INITIATE && e->type == EAP_ERP_REAUTH;
		notified |=
			e->has_type && e->code == EAP_REQUEST && e->type == EAP_TYPE_NOTIFICATION;
		if (!identity && e->has_type && e->code == EAP_RESPONSE &&
		    e->type == EAP_TYPE_IDENTITY)
			identity = replay_line_find(l, "eap.identity");
	}
	if (method)
		add(settings, "eap", method);
	add_text(settings, "identity", identity);
	add_text(settings, "server-identity", server ? server : first(s, "eap.gpsk.id_server"));
	if (notified)
		add(settings, "notify", "yes");
	if (erp)
		add(settings, "erp", "yes");
}

/* ---- PANA ---- */

static void add_offer(GPtrArray *settings, const char *name, const struct pana_offer *offer,
		      bool none)
{
	GString *list = g_string_new(NULL);

	for (unsigned i = 0; i < offer->count; i++)
		g_string_append_printf(list, "%s%u", i ? "," : "", offer->ids[i]);
	if (offer->count || none)
		add(settings, name, offer->count ? list->str : "none");
	g_string_free(list, TRUE);
}

static const struct replay_line *find(const struct replay_script *s, enum pana_kind kind,
				      uint16_t flag)
{
	for (guint i = 0; i < s->lines->len; i++) {
		const struct replay_line *l = g_ptr_array_index(s->lines, i);

		if (l->message->pana[0].kind == kind && (l->message->pana[0].flags & flag) == flag)
			return l;
	}
	return NULL;
}

/* True if the PaC sends its EAP Responses in PARs. */
static bool own_pars(const struct replay_script *s)
{
	for (guint i = 0; i < s->lines->len; i++) {
		const struct replay_line *l = g_ptr_array_index(s->lines, i);

		if (l->message->pana[0].kind == PANA_PAR && l->message->has_eap &&
		    l->message->eap.code == EAP_RESPONSE)
			return true;
	}
	return false;
}

static void settings_of_pana(const struct replay_script *s, const char *role, GPtrArray *settings)
{
	bool pac = strcmp(role, "pana.pac") == 0;
	const struct replay_line *par = find(s, PANA_PAR, PANA_FLAG_S);
	const struct replay_line *pan = find(s, PANA_PAN, PANA_FLAG_S);
	const struct replay_line *last = find(s, PANA_PAR, PANA_FLAG_C);
	const struct replay_line *of = pac ? pan : par;
	const struct seen *lifetime = first(s, "pana.session_lifetime");

	if (of) {
		const struct pana_avps *avps = &of->message->pana[0].avps;

		add_offer(settings, "prf", &avps->prf, false);
		add_offer(settings, "integrity", &avps->integrity, false);
		add_offer(settings, "encryption", &avps->encryption, true);
	}
	if (pac) {
		add(settings, "piggyback", own_pars(s) ? "no" : "yes");
		return;
	}
	if (lifetime) {
		char *seconds = g_strdup_printf("%u", (unsigned)lifetime->value.number);

		add(settings, "lifetime", seconds);
		g_free(seconds);
	}
	if (!find(s, PANA_PCI, 0))
		add(settings, "initiate", "yes");
	if (last && last->message->pana[0].avps.found[PANA_AVP_RESULT_CODE].number == 2)
		add(settings, "refuse", "yes");
}

GPtrArray *replay_script_settings(const struct replay_script *s, const char *role)
{
	GPtrArray *settings = g_ptr_array_new_with_free_func(pair_free);

	settings_of_eap(s, role, settings);
	if (s->protocol == &pana_protocol)
		settings_of_pana(s, role, settings);
	return settings;
}
