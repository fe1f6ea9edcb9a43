/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages made for tests, and MACs made anew. */
#include <criterion/criterion.h>
#include <string.h>

#include "eap_pair.h"

static const char *const server_words[][2] = {
	{"Request", "Identity"},  {"Request", "Notification"},
	{"Request", "MD5"},       {"Request", "TLS"},
	{"Request", "Expanded"},  {"Request", "Nak"},
	{"Request", "PSK-1"},     {"Request", "PSK-2"},
	{"Request", "PSK-3"},     {"Request", "PSK-4"},
	{"Request", "GPSK-1"},    {"Request", "GPSK-3"},
	{"Request", "GPSK-Fail"}, {"Request", "GPSK-Protected-Fail"},
	{"Initiate", "Start"},    {"Request", "77"},
};

static const char *const peer_words[][2] = {
	{"Response", "Identity"}, {"Response", "Notification"}, {"Response", "Nak"},
	{"Response", "PSK-1"},    {"Response", "PSK-2"},        {"Response", "PSK-4"},
	{"Response", "GPSK-2"},   {"Response", "GPSK-4"},       {"Response", "GPSK-Fail"},
	{"Response", "MD5"},      {"Response", "77"},
};

static void expect_whole(const uint8_t *octets, const struct writer *w, const char *word)
{
	struct walk walk = walk_of(octets, w->length, NULL);
	struct eap_message m;

	eap_walk(&walk, &m);
	cr_expect(m.complete && m.sound && m.length == w->length, "%s", word);
}

static void craft_all(struct pair *p)
{
	uint8_t octets[EAP_ROLE_OCTETS];

	for (size_t i = 0; i < sizeof(server_words) / sizeof(server_words[0]); i++) {
		struct writer w = writer_of(octets, sizeof(octets));

		cr_expect(
			eap_server_craft(p->server, server_words[i][0], &server_words[i][1], 1, &w),
			"%s", server_words[i][1]);
		expect_whole(octets, &w, server_words[i][1]);
	}
	for (size_t i = 0; i < sizeof(peer_words) / sizeof(peer_words[0]); i++) {
		struct writer w = writer_of(octets, sizeof(octets));

		cr_expect(eap_peer_craft(p->peer, peer_words[i][0], &peer_words[i][1], 1, &w), "%s",
			  peer_words[i][1]);
		expect_whole(octets, &w, peer_words[i][1]);
	}
}

static bool craft_between(struct pair *p, bool to_peer, uint8_t *octets, size_t *length)
{
	(void)to_peer;
	(void)octets;
	(void)length;
	craft_all(p);
	return true;
}

Test(eap_craft, every_message_can_be_made_at_any_time_and_changes_nothing)
{
	for (enum role_method method = METHOD_PSK; method < METHODS; method++) {
		struct pair p;

		pair_init(&p, method);
		craft_all(&p);
		p.change = craft_between;
		pair_run(&p);
		cr_expect(p.peer_success && p.server_success);
		cr_expect_eq(pair_breaches(&p), 0);
		pair_clear(&p);
	}
}

/* Every MAC is spoiled under way, and then made anew by the end that sent it. */
static bool spoil_and_seal(struct pair *p, bool to_peer, uint8_t *octets, size_t *length)
{
	struct walk w = walk_of(octets, *length, NULL);
	struct eap_message m;
	uint8_t before[EAP_ROLE_OCTETS];
	struct octets mac = {NULL, 0};
	bool sealed;

	eap_walk(&w, &m);
	if (m.method == EAP_TYPE_PSK && m.has_type)
		mac = m.psk.mac_p.octets ? m.psk.mac_p
					 : (m.psk.mac_s.octets ? m.psk.mac_s : m.psk.tag);
	else if (m.method == EAP_TYPE_GPSK && m.has_type)
		mac = m.gpsk.mac;
	else if (m.code >= EAP_INITIATE)
		mac = m.erp.tag;
	if (!mac.octets)
		return true;
	memcpy(before, octets, *length);
	octets[eap_offset(&m, mac)] ^= 0xff;
	sealed = to_peer ? eap_server_seal(p->server, octets, *length)
			 : eap_peer_seal(p->peer, octets, *length);
	cr_expect(sealed);
	cr_expect_arr_eq(octets, before, *length);
	p->changed++;
	return true;
}

Test(eap_craft, macs_made_anew_are_those_that_were)
{
	for (enum role_method method = METHOD_PSK; method < METHODS; method++) {
		struct pair p;

		pair_init(&p, method);
		p.peer_role.settings.erp = p.server_role.settings.erp = true;
		p.peer_role.settings.protected_data = true;
		p.server_role.settings.protected_data = true;
		p.change = spoil_and_seal;
		pair_run(&p);
		cr_expect(p.peer_success && p.server_success);
		cr_expect_eq(p.changed, 3);
		eap_peer_restart(p.peer);
		pair_go_on(&p, eap_peer_initiate(p.peer)->message, false);
		cr_expect_eq(p.changed, 5);
		cr_expect_eq(pair_breaches(&p), 0);
		pair_clear(&p);
	}
}

Test(eap_craft, settings_make_the_ends_of_psk_say_other_results)
{
	static const struct {
		uint8_t server, peer, extension;
		bool success;
	} rows[] = {
		{EAP_PSK_CONT, EAP_PSK_CONT, 0, true}, {0, EAP_PSK_CONT, 0, true},
		{0, EAP_PSK_DONE_FAILURE, 0, false},   {EAP_PSK_DONE_FAILURE, 0, 0, false},
		{EAP_PSK_CONT, 0, 255, true},          {0, 0, 7, true},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pair p;

		pair_init(&p, METHOD_PSK);
		p.server_role.settings.psk_result = rows[i].server;
		p.server_role.settings.psk_extension = rows[i].extension;
		p.peer_role.settings.psk_result = rows[i].peer;
		pair_run(&p);
		cr_expect_eq(p.peer_success, rows[i].success, "row %zu", i);
		cr_expect_eq(p.server_success, rows[i].success, "row %zu", i);
		pair_clear(&p);
	}
}
