/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Situations of ERP, each after a full authentication: RFC 6696. */
#include <criterion/criterion.h>
#include <string.h>

#include "eap_scenarios.h"

/* What is changed in the Initiate or the Finish; the tag is made anew but where it is the matter.
 */
struct erp_edit {
	enum eap_code code;
	enum { NOTHING, IDENTIFIER, TAG, SEQ, SUITE, FLAG } what;
	uint8_t flag;
};

static void next_conversation(struct pair *p)
{
	eap_server_free(p->server);
	p->server = eap_server_new(&p->server_role);
	eap_peer_restart(p->peer);
}

static void authenticate(struct pair *p)
{
	pair_run(p);
	next_conversation(p);
}

static void sign_anew(struct pair *p, const struct erp_edit *e, const struct eap_message *m,
		      uint8_t *octets, size_t *length)
{
	struct erp_key *key = erp_keys_newest(&p->peer_role);
	uint8_t copy[EAP_ROLE_OCTETS], identifier = m->identifier;
	struct writer w = writer_of(copy, sizeof(copy));
	struct eap_erp erp = m->erp;
	struct secret rik;

	identifier = (uint8_t)(identifier + (e->what == IDENTIFIER));
	erp.seq = (uint16_t)(erp.seq + (e->what == SEQ));
	erp.flags |= e->flag;
	cr_assert(erp_rik(&key->rrk, erp.cryptosuite, &rik));
	if (e->what == SUITE) {
		erp.cryptosuite = 200;
		erp.tag = (struct octets){octets, 16};
		eap_write_erp(&w, m->code, identifier, m->type, &erp);
	} else {
		cr_assert(eap_write_erp_signed(&w, m->code, identifier, m->type, &erp, &rik));
	}
	memcpy(octets, copy, w.length);
	*length = w.length;
	if (e->what == TAG)
		octets[*length - 1] ^= 1;
}

static bool edit_erp(struct pair *p, bool to_peer, uint8_t *octets, size_t *length)
{
	const struct erp_edit *e = p->change_data;
	struct walk w = walk_of(octets, *length, NULL);
	struct eap_message m;

	(void)to_peer;
	eap_walk(&w, &m);
	if (m.code == e->code && m.type == EAP_ERP_REAUTH && m.erp.has_cryptosuite && !p->changed++)
		sign_anew(p, e, &m, octets, length);
	return true;
}

static void play_edit(struct pair *p, const struct scenario *s)
{
	authenticate(p);
	p->change = edit_erp;
	p->change_data = s->edit;
	pair_go_on(p, eap_peer_initiate(p->peer)->message, false);
}

/* Three in a row, the peer's keys the same. */
static void play_thrice(struct pair *p, const struct scenario *s)
{
	authenticate(p);
	(void)s;
	for (int i = 0; i < 3; i++) {
		pair_go_on(p, eap_peer_initiate(p->peer)->message, false);
		next_conversation(p);
	}
}

static void play_start(struct pair *p, const struct scenario *s)
{
	authenticate(p);
	(void)s;
	pair_run(p);
}

static const uint8_t start[] = {5, 77, 0, 6, 1, 0};

static void play_start_late(struct pair *p, const struct scenario *s)
{
	authenticate(p);
	(void)s;
	pair_poke(p, (struct octets){start, sizeof(start)}, true);
	pair_poke(p, (struct octets){start, sizeof(start)}, true);
}

/* The Initiate once more, in a conversation of its own. */
static void play_replay(struct pair *p, const struct scenario *s)
{
	uint8_t octets[EAP_ROLE_OCTETS];
	struct octets initiate;

	authenticate(p);
	(void)s;
	initiate = eap_peer_initiate(p->peer)->message;
	if (!initiate.length)
		return;
	memcpy(octets, initiate.octets, initiate.length);
	initiate.octets = octets;
	pair_poke(p, initiate, false);
	eap_server_free(p->server);
	p->server = eap_server_new(&p->server_role);
	pair_go_on(p, initiate, false);
}

static void play_gap(struct pair *p, const struct scenario *s)
{
	authenticate(p);
	(void)s;
	if (!erp_keys_newest(&p->peer_role))
		return;
	erp_keys_newest(&p->peer_role)->next += 5;
	pair_go_on(p, eap_peer_initiate(p->peer)->message, false);
}

static void play_unknown(struct pair *p, const struct scenario *s)
{
	authenticate(p);
	(void)s;
	erp_keys_free(p->server_role.erp_keys);
	p->server_role.erp_keys = NULL;
	pair_go_on(p, eap_peer_initiate(p->peer)->message, false);
}

#define EDIT(CODE, ...) (&(const struct erp_edit){.code = CODE, __VA_ARGS__})

const struct scenario erp_scenarios[] = {
	{.name = "ERP", .wanted = "PS", .method = METHOD_PSK, .play = play_thrice, .erp = true},
	{.name = "Re-auth-Start",
	 .wanted = "PS",
	 .method = METHOD_PSK,
	 .play = play_start,
	 .erp = true},
	{.name = "Re-auth-Start again",
	 .wanted = "pPS",
	 .method = METHOD_PSK,
	 .play = play_start_late,
	 .erp = true},
	{.name = "Finish, Identifier",
	 .wanted = "pPS",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_FINISH, .what = IDENTIFIER),
	 .erp = true},
	{.name = "Finish, tag",
	 .wanted = "pPS",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_FINISH, .what = TAG),
	 .erp = true},
	{.name = "Finish, SEQ",
	 .wanted = "pPS",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_FINISH, .what = SEQ),
	 .erp = true},
	{.name = "Initiate, tag",
	 .wanted = "PSxy",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_INITIATE, .what = TAG),
	 .erp = true},
	{.name = "Initiate, cryptosuite",
	 .wanted = "PSy",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_INITIATE, .what = SUITE),
	 .erp = true},
	{.name = "Initiate, bootstrapping",
	 .wanted = "PS",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_INITIATE, .what = FLAG, .flag = EAP_ERP_B),
	 .erp = true},
	{.name = "Initiate, lifetimes",
	 .wanted = "PS",
	 .method = METHOD_PSK,
	 .play = play_edit,
	 .edit = EDIT(EAP_INITIATE, .what = FLAG, .flag = EAP_ERP_L),
	 .erp = true},
	{.name = "Initiate replayed",
	 .wanted = "PSxy",
	 .method = METHOD_PSK,
	 .play = play_replay,
	 .erp = true},
	{.name = "Initiate, SEQ with a gap",
	 .wanted = "PS",
	 .method = METHOD_PSK,
	 .play = play_gap,
	 .erp = true},
	{.name = "Initiate, key unknown",
	 .wanted = "pPSy",
	 .method = METHOD_PSK,
	 .play = play_unknown,
	 .erp = true},
};

const size_t erp_scenario_count = sizeof(erp_scenarios) / sizeof(erp_scenarios[0]);
