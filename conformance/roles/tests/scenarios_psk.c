/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Situations of EAP-PSK: RFC 4764. Messages are changed by one who knows the key. */
#include <criterion/criterion.h>
#include <string.h>

#include "eap_scenarios.h"

/* What is wrong with the message of this T. */
struct psk_edit {
	uint8_t t;
	enum { CUT_RAND, AS_T, WRONG_RAND_S, WRONG_MAC, WRONG_TAG, NONCE, PAYLOAD } what;
	uint8_t as_t;
	uint32_t nonce;
	struct eap_psk_result_part part;
	bool octet_more;
};

static const uint8_t passphrase[] = "SecretPassphrase";

static void keys_of(const struct pair *p, struct eap_psk_keys *keys)
{
	cr_assert(eap_psk_setup(keys, (struct octets){passphrase, 16}));
	cr_assert(eap_psk_derive(keys, p->rand_p));
}

/* The third or fourth message anew: what the edit does not name is as it was. */
static void reseal(struct pair *p, const struct psk_edit *e, const struct eap_message *m,
		   uint8_t *octets, size_t *length)
{
	static const uint8_t more[] = {0};
	struct eap_psk_result_part part = {.r = EAP_PSK_DONE_SUCCESS};
	uint8_t copy[EAP_ROLE_OCTETS], rand_s[EAP_PSK_RAND], mac_s[EAP_PSK_MAC];
	struct writer w = writer_of(copy, sizeof(copy));
	struct eap_psk psk = {.t = m->psk.t, .nonce = m->psk.nonce};
	struct eap_psk_keys keys;

	keys_of(p, &keys);
	memcpy(rand_s, m->psk.rand_s.octets, EAP_PSK_RAND);
	rand_s[0] ^= e->what == WRONG_RAND_S;
	psk.rand_s = (struct octets){rand_s, EAP_PSK_RAND};
	if (m->psk.mac_s.octets) {
		memcpy(mac_s, m->psk.mac_s.octets, EAP_PSK_MAC);
		mac_s[0] ^= e->what == WRONG_MAC;
		psk.mac_s = (struct octets){mac_s, EAP_PSK_MAC};
	}
	if (e->what == NONCE)
		psk.nonce = e->nonce;
	if (e->what == PAYLOAD)
		part = e->part;
	if (e->octet_more)
		part.ext_payload = (struct octets){more, 1};
	cr_assert(eap_write_psk_sealed(&w, m->code, m->identifier, &psk, &part, &keys));
	memcpy(octets, copy, w.length);
	*length = w.length;
	if (e->what == WRONG_TAG)
		octets[EAP_PSK_HEADER + 4 + (m->psk.t == EAP_PSK_3 ? EAP_PSK_MAC : 0)] ^= 1;
}

static void write_length(uint8_t *octets, size_t length)
{
	octets[2] = (uint8_t)(length >> 8);
	octets[3] = (uint8_t)length;
}

static bool edit_psk(struct pair *p, bool to_peer, uint8_t *octets, size_t *length)
{
	const struct psk_edit *e = p->change_data;
	struct walk w = walk_of(octets, *length, NULL);
	struct eap_message m;

	(void)to_peer;
	eap_walk(&w, &m);
	if (!m.has_type || m.method != EAP_TYPE_PSK || m.psk.t != e->t || p->changed++)
		return true;
	if (e->what == CUT_RAND) {
		*length = 14;
		write_length(octets, *length);
	} else if (e->what == AS_T) {
		octets[5] = (uint8_t)(e->as_t << 6);
	} else if (m.psk.t >= EAP_PSK_3) {
		reseal(p, e, &m, octets, length);
	} else if (e->what == WRONG_RAND_S) { /* with a MAC_P that is right for it */
		struct eap_psk_keys keys;

		keys_of(p, &keys);
		octets[6] ^= 1;
		eap_psk_mac_p(&keys, m.psk.id_p, octets_of_text("server@lab.example"), octets + 6,
			      p->rand_p, octets + 6 + 2 * EAP_PSK_RAND);
	} else {
		octets[6 + 2 * EAP_PSK_RAND] ^= 1; /* MAC_P */
	}
	return true;
}

static void play_edit(struct pair *p, const struct scenario *s)
{
	p->change = edit_psk;
	p->change_data = s->edit;
	pair_run(p);
}

/* The first message taken for what it is not, before any dialog. */
static void play_second_first(struct pair *p, const struct scenario *s)
{
	static const uint8_t ask[] = {1, 10, 0, 5, 1};
	uint8_t second[70] = {1, 11, 0, sizeof(second), EAP_TYPE_PSK, 0x40};

	(void)s;
	pair_poke(p, (struct octets){ask, sizeof(ask)}, true);
	pair_poke(p, (struct octets){second, sizeof(second)}, true);
}

#define EDIT(T, ...) (&(const struct psk_edit){.t = T, __VA_ARGS__})

static const uint8_t payload[] = {1, 2, 3};

const struct scenario psk_scenarios[] = {
	{.name = "first message cut",
	 .wanted = "p",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_1, .what = CUT_RAND)},
	{.name = "second message first",
	 .wanted = "p",
	 .method = METHOD_PSK,
	 .play = play_second_first},
	{.name = "third message, RAND_S",
	 .wanted = "p",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_3, .what = WRONG_RAND_S)},
	{.name = "third message, MAC_S",
	 .wanted = "p",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_3, .what = WRONG_MAC)},
	{.name = "third message, tag",
	 .wanted = "p",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_3, .what = WRONG_TAG)},
	{.name = "third message, nonce",
	 .wanted = "p",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_3, .what = NONCE, .nonce = 2)},
	{.name = "third message, octet behind E = 0",
	 .wanted = "p",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_3, .what = PAYLOAD, .part = {.r = EAP_PSK_DONE_SUCCESS},
		      .octet_more = true)},
	{.name = "third message, R = 0",
	 .wanted = "p",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_3, .what = PAYLOAD, .part = {.r = 0})},
	{.name = "third message, CONT",
	 .wanted = "xy",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_3, .what = PAYLOAD, .part = {.r = EAP_PSK_CONT})},
	{.name = "third message, CONT and an extension",
	 .wanted = "s",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_3, .what = PAYLOAD,
		      .part = {.r = EAP_PSK_CONT,
			       .e = true,
			       .has_type = true,
			       .ext_type = 255,
			       .ext_payload = {payload, 3}})},
	{.name = "third message, DONE_SUCCESS and an extension",
	 .wanted = "s",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_3, .what = PAYLOAD,
		      .part = {.r = EAP_PSK_DONE_SUCCESS,
			       .e = true,
			       .has_type = true,
			       .ext_type = 7,
			       .ext_payload = {payload, 3}})},
	{.name = "third message, DONE_FAILURE",
	 .wanted = "xy",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_3, .what = PAYLOAD, .part = {.r = EAP_PSK_DONE_FAILURE})},
	{.name = "EAP-PSK, unauthorized",
	 .wanted = "xy",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(9, .what = CUT_RAND),
	 .unauthorized = true},
	{.name = "second message cut",
	 .wanted = "s",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_2, .what = CUT_RAND)},
	{.name = "second message as a fourth",
	 .wanted = "s",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_2, .what = AS_T, .as_t = EAP_PSK_4)},
	{.name = "second message, RAND_S",
	 .wanted = "s",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_2, .what = WRONG_RAND_S)},
	{.name = "second message, MAC_P",
	 .wanted = "s",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_2, .what = WRONG_MAC)},
	{.name = "fourth message, tag",
	 .wanted = "s",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_4, .what = WRONG_TAG)},
	{.name = "fourth message, nonce",
	 .wanted = "s",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_4, .what = NONCE, .nonce = 3)},
	{.name = "fourth message, octet behind E = 0",
	 .wanted = "s",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_4, .what = PAYLOAD, .part = {.r = EAP_PSK_DONE_SUCCESS},
		      .octet_more = true)},
	{.name = "fourth message, R = 0",
	 .wanted = "s",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_4, .what = PAYLOAD, .part = {.r = 0})},
	{.name = "fourth message, CONT",
	 .wanted = "p",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_4, .what = PAYLOAD, .part = {.r = EAP_PSK_CONT})},
	{.name = "fourth message, DONE_FAILURE",
	 .wanted = "py",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_PSK_4, .what = PAYLOAD, .part = {.r = EAP_PSK_DONE_FAILURE})},
};

const size_t psk_scenario_count = sizeof(psk_scenarios) / sizeof(psk_scenarios[0]);
