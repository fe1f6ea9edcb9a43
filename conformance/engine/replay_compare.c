/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What came against what was captured, field by field. */
#include <string.h>

#include "printer.h"
#include "protocols/core/verdict.h"
#include "replay.h"

/* Made anew in every session, or following from what is; and the flags as a whole, which are told
 * bit by bit. */
static const char *const live_fields[] = {
	"pana.length",
	"pana.flag_word",
	"pana.sid",
	"pana.seq",
	"pana.key_id",
	"pana.nonce",
	"pana.auth",
	"pana.encr_encap",
	"pana.avp.data_length",
	"pana.avp.padding",
	"pana.zigbee.network_key",
	"pana.zigbee.auth_counter",
	"eap.id",
	"eap.len",
	"eap.psk.rand_s",
	"eap.psk.rand_p",
	"eap.psk.mac_p",
	"eap.psk.mac_s",
	"eap.psk.pchannel",
	"eap.psk.pchannel.nonce",
	"eap.psk.pchannel.tag",
	"eap.psk.pchannel.ciphertext",
	"eap.gpsk.rand_server",
	"eap.gpsk.rand_peer",
	"eap.gpsk.pd_payload",
	"eap.gpsk.pd_payload.iv",
	"eap.gpsk.pd_payload.ciphertext",
	"eap.gpsk.pd_payload.padding",
	"eap.gpsk.payload_mac",
	"eap.erp.seq",
	"eap.erp.tag",
	"eap.erp.keyname_nai",
};

/* What a peer may have otherwise and still be right. */
static const char *const choice_fields[] = {
	"pana.session_lifetime",
	"pana.flags.i",
	"eap.psk.id_s",
	"eap.gpsk.id_server",
	"eap.gpsk.id_server.len",
	"eap.gpsk.csuite_list_len",
	"eap.notification",
	"eap.erp.rrk_lifetime",
	"eap.erp.rmsk_lifetime",
	"eap.erp.domain_name",
	"eap.gpsk.pd_payload.len",
	"eap.gpsk.pd_payload.iv_len",
	"eap.gpsk.pd_payload.pad_len",
	"eap.gpsk.pdata.vendor",
	"eap.gpsk.pdata.specifier",
	"eap.gpsk.pdata.length",
	"eap.gpsk.pdata.value",
	"eap.erp.attribute.type",
	"eap.erp.attribute.length",
	"eap.erp.authorization",
};

/* Of the initial PAR and PAN: what is offered, and selected of it (RFC 5191 4.1). */
static const char *const offer_fields[] = {
	"pana.prf_algorithm",
	"pana.integrity_algorithm",
	"pana.encryption_algorithm",
	"pana.avp.code",
};

static bool is_in(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

bool replay_is_live(const struct field *f)
{
	if (g_str_has_prefix(f->name, "radius."))
		return strcmp(f->name, "radius.code") != 0;
	return is_in(live_fields, G_N_ELEMENTS(live_fields), f->name);
}

static bool is_compared(const struct field *f)
{
	return f->generated ? f->names == verdict_names : !replay_is_live(f);
}

bool replay_is_choice(const struct field *f, const struct replay_line *captured)
{
	const struct message *m = captured->message;
	bool offer = m->protocol == &pana_protocol && m->pana[0].flags & PANA_FLAG_S;
	bool suites =
		m->has_eap && m->eap.type == EAP_TYPE_GPSK && m->eap.gpsk.opcode == EAP_GPSK_1;
	bool prompt = m->has_eap && m->eap.code == EAP_REQUEST;

	return is_in(choice_fields, G_N_ELEMENTS(choice_fields), f->name) ||
	       (offer && is_in(offer_fields, G_N_ELEMENTS(offer_fields), f->name)) ||
	       (suites && g_str_has_prefix(f->name, "eap.gpsk.csuite")) ||
	       (prompt && strcmp(f->name, "eap.identity") == 0);
}

/* ---- the values of a field in a reading ---- */

static int compare_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All values in an order of their own, for AVPs may stand in any. The caller frees. */
static char *values_of(const struct reading *r, const struct field *field)
{
	GPtrArray *values = g_ptr_array_new_with_free_func(g_free);
	bool each = strcmp(field->name, "pana.avp.code") == 0;
	GString *text = g_string_new(NULL);
	char one[VALUE_TEXT_SIZE];
	const char *last = "";

	for (const struct seen *s = reading_find(r, field, NULL); s; s = reading_find(r, field, s))
		g_ptr_array_add(values, g_strdup(value_text(field, &s->value, false, one)));
	g_ptr_array_sort(values, compare_text);
	for (guint i = 0; i < values->len; i++) {
		const char *value = g_ptr_array_index(values, i);

		if (each || !i || strcmp(value, last) != 0)
			g_string_append_printf(text, "%s%s", i ? ", " : "", value);
		last = value;
	}
	if (!values->len)
		g_string_append(text, "none");
	g_ptr_array_free(values, TRUE);
	return g_string_free(text, FALSE);
}

/* A check of the live message that took place and went wrong, or that took place of the captured
 * one alone, is a difference; one that could not take place in the capture is none. */
static bool verdicts_differ(const struct reading *captured, const struct reading *live,
			    const struct field *f)
{
	const struct seen *was = reading_find(captured, f, NULL), *is = reading_find(live, f, NULL);

	if (!is)
		return false; /* then its field is missing too */
	if (verdict_checked((enum verdict)is->value.number))
		return is->value.number != VERDICT_VERIFIED;
	return was && was->value.number == VERDICT_VERIFIED;
}

/* RFC 6786 6: whether AVPs that may be encrypted are is up to who sends them. */
static bool differs_by_encryption(const char *was, const char *is)
{
	static const char encap[] = "12 (Encr-Encap), ";
	const char *longer = strlen(was) > strlen(is) ? was : is;
	const char *at = strstr(longer, encap);
	char *without;
	bool same;

	if (!at)
		return false;
	without = g_strdup_printf("%.*s%s", (int)(at - longer), longer, at + strlen(encap));
	same = strcmp(without, longer == was ? is : was) == 0;
	g_free(without);
	return same;
}

static void compare_field(GPtrArray *differences, const struct replay_line *captured,
			  const struct reading *live, const struct field *f)
{
	char *was = values_of(&captured->reading, f), *is = values_of(live, f);
	bool same =
		f->generated ? !verdicts_differ(&captured->reading, live, f) : strcmp(was, is) == 0;

	if (!same) {
		struct replay_difference *d = g_new0(struct replay_difference, 1);

		g_strlcpy(d->field, f->name, sizeof(d->field));
		g_strlcpy(d->captured, was, sizeof(d->captured));
		g_strlcpy(d->live, is, sizeof(d->live));
		d->choice = replay_is_choice(f, captured) || differs_by_encryption(was, is);
		g_ptr_array_add(differences, d);
	}
	g_free(was);
	g_free(is);
}

static void compare_fields(GPtrArray *differences, GHashTable *done,
			   const struct replay_line *captured, const struct reading *of,
			   const struct reading *live)
{
	for (guint i = 0; i < of->seen->len; i++) {
		const struct seen *s = &g_array_index(of->seen, struct seen, i);

		if (!s->group && is_compared(s->field) &&
		    g_hash_table_add(done, (gpointer)s->field))
			compare_field(differences, captured, live, s->field);
	}
}

GPtrArray *replay_compare(const struct replay_line *captured, const struct reading *live)
{
	GPtrArray *differences = g_ptr_array_new_with_free_func(g_free);
	GHashTable *done = g_hash_table_new(NULL, NULL);

	compare_fields(differences, done, captured, &captured->reading, live);
	compare_fields(differences, done, captured, live, live);
	g_hash_table_destroy(done);
	return differences;
}
