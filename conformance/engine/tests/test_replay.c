/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scripts of captures, messages made anew of them, and what is compared. */
#include <criterion/criterion.h>
#include <string.h>

#include "conformance/engine/case.h"
#include "conformance/engine/replay.h"

static struct replay_script *script_of(const char *name, const char *role)
{
	char error[REPLAY_ERROR_SIZE] = "", *path;
	struct key_store *keys = key_store_new();
	struct replay_script *s;

	cr_assert(key_store_load(keys, ASSAY_SOURCE_DIR "/pcaps/keys", error, sizeof(error)), "%s",
		  error);
	path = g_strdup_printf(ASSAY_SOURCE_DIR "/pcaps/%s.pcapng", name);
	s = replay_script_load(path, role, 0, keys, NULL, error, sizeof(error));
	cr_assert_not_null(s, "%s", error);
	g_free(path);
	key_store_free(keys);
	return s;
}

static const struct replay_line *line(const struct replay_script *s, guint i)
{
	return g_ptr_array_index(s->lines, i);
}

static const char *setting(const GPtrArray *settings, const char *name)
{
	for (guint i = 0; i < settings->len; i++) {
		const struct case_pair *pair = g_ptr_array_index(settings, i);

		if (strcmp(pair->name, name) == 0)
			return pair->value;
	}
	return "";
}

static void zeros(void *context, uint8_t *octets, size_t length)
{
	(void)context;
	memset(octets, 0, length);
}

static GByteArray *rebuilt(const struct replay_line *l, const struct octets *draft, int32_t off)
{
	const struct replay_live live = {
		.session_id = l->message->pana[0].session_id,
		.off = off,
		.draft = draft,
		.random = zeros,
	};

	return replay_rebuild(l->message, &live);
}

Test(replay, sides_are_told_by_who_sends_what)
{
	struct replay_script *pac = script_of("pana-eap-psk", "pana.pac");
	struct replay_script *paa = script_of("pana-eap-psk", "pana.paa");

	cr_assert_eq(pac->lines->len, paa->lines->len);
	for (guint i = 0; i < pac->lines->len; i++)
		cr_assert_neq(line(pac, i)->own, line(paa, i)->own);
	cr_assert(line(pac, 0)->own, "PCI is the PaC's");
	replay_script_free(pac);
	replay_script_free(paa);
}

Test(replay, repetitions_are_known)
{
	struct replay_script *s = script_of("pana-retransmissions", "pana.pac");
	unsigned again = 0;

	for (guint i = 0; i < s->lines->len; i++)
		again += line(s, i)->again;
	cr_assert_eq(again, 7, "found %u", again);
	replay_script_free(s);
}

Test(replay, settings_follow_from_the_capture)
{
	struct replay_script *s = script_of("pana-eap-gpsk-2", "pana.pac");
	GPtrArray *pac = replay_script_settings(s, "pana.pac");
	GPtrArray *paa = replay_script_settings(s, "pana.paa");

	cr_assert_str_eq(setting(pac, "identity"), "gpsk.user@lab.example");
	cr_assert_str_eq(setting(pac, "eap"), "gpsk-2");
	cr_assert_str_eq(setting(paa, "eap"), "gpsk-1,gpsk-2");
	g_ptr_array_free(pac, TRUE);
	g_ptr_array_free(paa, TRUE);
	replay_script_free(s);
}

/* The captured message is what the role would send: then it goes out as it is. */
Test(replay, a_message_rebuilt_of_itself_is_itself)
{
	static const char *const names[] = {"pana-eap-psk",      "pana-by-paa", "pana-reauth",
					    "pana-unauthorized", "wrong-avps",  "wrong-header"};

	for (size_t n = 0; n < G_N_ELEMENTS(names); n++) {
		struct replay_script *s = script_of(names[n], "pana.pac");

		for (guint i = 0; i < s->lines->len; i++) {
			const struct octets *was = &line(s, i)->message->octets;
			GByteArray *out = rebuilt(line(s, i), was, 0);

			cr_assert_eq(out->len, was->length, "%s, line %u", names[n], i);
			cr_assert_arr_eq(out->data, was->octets, out->len);
			g_byte_array_unref(out);
		}
		replay_script_free(s);
	}
}

/* RFC 5191 5.2: what was wrong by so much is wrong by so much again. */
Test(replay, a_wrong_sequence_number_stays_wrong)
{
	struct replay_script *s = script_of("wrong-sequence", "pana.pac");
	struct replay_script *right = script_of("pana-reauth", "pana.pac");
	unsigned off = 0;

	for (guint i = 0; i < s->lines->len; i++)
		off += replay_sequence_off(s, i) != 0;
	cr_assert_geq(off, 2, "a request that skips a number, an answer under another's");
	for (guint i = 0; i < right->lines->len; i++)
		cr_assert_eq(replay_sequence_off(right, i), 0, "line %u", i);
	replay_script_free(s);
	replay_script_free(right);
}

Test(replay, a_nonce_of_another_length_is_made_anew)
{
	struct replay_script *s = script_of("wrong-nonces", "pana.pac");
	struct replay_script *other = script_of("pana-eap-psk", "pana.pac");
	const struct replay_line *shorter = NULL, *usual = NULL;
	const struct pana_avp_found *nonce;
	struct message *m = g_new0(struct message, 1);
	GByteArray *out;

	for (guint i = 0; i < s->lines->len && !shorter; i++)
		if (line(s, i)->own && replay_line_find(line(s, i), "pana.nonce"))
			shorter = line(s, i);
	for (guint i = 0; i < other->lines->len && !usual; i++)
		if (line(other, i)->own && replay_line_find(line(other, i), "pana.nonce"))
			usual = line(other, i);
	cr_assert(shorter && usual);
	out = rebuilt(shorter, &usual->message->octets, 0);
	message_read(m, &pana_protocol, (struct octets){out->data, out->len});
	nonce = &m->pana[0].avps.found[PANA_AVP_NONCE];
	cr_assert_eq(nonce->value.length,
		     shorter->message->pana[0].avps.found[PANA_AVP_NONCE].value.length);
	cr_assert_eq(m->pana[0].sequence, usual->message->pana[0].sequence, "that of the draft");
	g_byte_array_unref(out);
	g_free(m);
	replay_script_free(s);
	replay_script_free(other);
}

/* Two sessions of the same kind: all that differs is live. */
Test(replay, live_fields_are_not_compared)
{
	struct replay_script *a = script_of("pana-eap-psk", "pana.pac");
	struct replay_script *b = script_of("pana-linux-cooked", "pana.pac");

	cr_assert_eq(a->lines->len, b->lines->len);
	for (guint i = 0; i < a->lines->len; i++) {
		GPtrArray *d = replay_compare(line(a, i), &line(b, i)->reading);

		for (guint n = 0; n < d->len; n++) {
			const struct replay_difference *one = g_ptr_array_index(d, n);

			cr_expect(one->choice, "line %u: %s: %s, %s", i, one->field, one->captured,
				  one->live);
		}
		g_ptr_array_free(d, TRUE);
	}
	replay_script_free(a);
	replay_script_free(b);
}

Test(replay, what_differs_is_told_with_both_values)
{
	struct replay_script *refused = script_of("pana-unauthorized", "pana.pac");
	struct replay_script *s = script_of("pana-eap-psk", "pana.pac");
	bool told = false;
	GPtrArray *d;

	for (guint i = 0; i < s->lines->len && !told; i++) {
		if (!replay_line_find(line(s, i), "pana.result_code"))
			continue;
		d = replay_compare(line(s, i), &line(refused, i)->reading);
		for (guint n = 0; n < d->len; n++) {
			const struct replay_difference *one = g_ptr_array_index(d, n);

			told |= strcmp(one->field, "pana.result_code") == 0 &&
				strstr(one->captured, "PANA_SUCCESS") &&
				strstr(one->live, "PANA_AUTHORIZATION_REJECTED") && !one->choice;
		}
		g_ptr_array_free(d, TRUE);
	}
	cr_assert(told);
	replay_script_free(refused);
	replay_script_free(s);
}
