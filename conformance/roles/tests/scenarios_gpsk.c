/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Situations of EAP-GPSK: RFC 5433. Messages are changed by one who knows the key. */
#include <criterion/criterion.h>
#include <string.h>

#include "eap_scenarios.h"

enum what {
	NOTHING,
	SUITES,         /* GPSK-1: another list */
	OCTET_MORE,     /* behind the last field */
	CUT,            /* to ten octets */
	AS_FAIL,        /* a GPSK-Fail in its place */
	AS_4,           /* its OP-Code */
	RAND_PEER,      /* another, the MAC right */
	RAND_SERVER,    /* another, the MAC right */
	ID_SERVER,      /* another, the MAC right */
	CSUITE_SEL,     /* the other suite, the MAC right */
	LIST,           /* one suite less, the MAC right */
	MAC,            /* wrong */
	PROTECTED_DATA, /* are there, and right */
	BAD_PADDING     /* protected data whose Pad Length is too large */
};

struct gpsk_edit {
	uint8_t opcode;
	enum what what;
	struct octets list;
};

static const uint8_t key[] = "0123456789abcdef0123456789abcdef";

static void keys_of(const struct pair *p, const struct eap_gpsk_suite *suite,
		    struct eap_gpsk_keys *keys)
{
	const struct eap_gpsk_input input = {
		.suite = suite,
		.psk = {key, 32},
		.rand_peer = p->rand_p,
		.rand_server = p->rand_s,
		.id_peer = octets_of_text("user1"),
		.id_server = octets_of_text("server@lab.example"),
	};

	cr_assert(eap_gpsk_derive(keys, &input));
}

static struct octets block_with(struct writer *block, const struct eap_gpsk_suite *suite,
				const struct eap_gpsk_keys *keys, bool bad)
{
	static const uint8_t iv[16] = {1, 2, 3};
	uint8_t payloads[32];
	struct writer w = writer_of(payloads, sizeof(payloads));

	if (bad && !suite->encrypts) { /* without encryption: IV Length 0, a Pad Length of 9 */
		write_u16(block, 9);
	} else if (bad) { /* one block of zeros decrypts to what has no sense */
		write_u8(block, 16);
		write_zeros(block, 32);
	} else {
		eap_write_gpsk_pdata(&w, 99, 1, octets_of_text("data"));
		cr_assert(eap_write_gpsk_block(block, suite, &keys->pk, iv,
					       (struct octets){payloads, w.length}));
	}
	return (struct octets){block->octets, block->length};
}

static uint8_t *flipped(struct octets part, uint8_t copy[EAP_GPSK_RAND])
{
	memcpy(copy, part.octets, EAP_GPSK_RAND);
	copy[0] ^= 1;
	return copy;
}

/* GPSK-2, -3 or -4 anew, with the MAC made over what it now is. */
static void sign_anew(struct pair *p, enum what what, const struct eap_message *m, uint8_t *octets,
		      size_t *length)
{
	static const uint8_t other_sel[] = {0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1};
	const struct eap_gpsk_suite *suite =
		eap_gpsk_suite_find(0, p->server_role.settings.methods[0] == METHOD_GPSK_2 ? 2 : 1);
	uint8_t copy[EAP_ROLE_OCTETS], rand_peer[EAP_GPSK_RAND], rand_server[EAP_GPSK_RAND];
	uint8_t block_octets[128];
	struct writer w = writer_of(copy, sizeof(copy));
	struct writer block = writer_of(block_octets, sizeof(block_octets));
	struct eap_gpsk gpsk = m->gpsk;
	struct eap_gpsk_keys keys;

	keys_of(p, suite, &keys);
	if (what == RAND_PEER)
		gpsk.rand_peer.octets = flipped(gpsk.rand_peer, rand_peer);
	if (what == RAND_SERVER)
		gpsk.rand_server.octets = flipped(gpsk.rand_server, rand_server);
	if (what == ID_SERVER)
		gpsk.id_server.length--;
	if (what == CSUITE_SEL)
		gpsk.csuite_sel.octets = other_sel + (suite->specifier == 2 ? 6 : 0);
	if (what == LIST)
		gpsk.csuite_list.length = 0;
	if (what == PROTECTED_DATA || what == BAD_PADDING)
		gpsk.pd_payload = block_with(&block, suite, &keys, what == BAD_PADDING);
	cr_assert(eap_write_gpsk_signed(&w, m->code, m->identifier, &gpsk, suite, &keys.sk));
	memcpy(octets, copy, w.length);
	*length = w.length;
}

static void set_length(uint8_t *octets, size_t length)
{
	octets[2] = (uint8_t)(length >> 8);
	octets[3] = (uint8_t)length;
}

static void write_1_with(const struct gpsk_edit *e, const struct eap_message *m, uint8_t *octets,
			 size_t *length)
{
	uint8_t copy[EAP_ROLE_OCTETS];
	struct writer w = writer_of(copy, sizeof(copy));
	struct eap_gpsk gpsk = m->gpsk;

	gpsk.csuite_list = e->list;
	eap_write_gpsk(&w, EAP_REQUEST, m->identifier, &gpsk);
	memcpy(octets, copy, w.length);
	*length = w.length;
}

static void edit_octets(const struct gpsk_edit *e, uint8_t *octets, size_t *length)
{
	switch (e->what) {
	case OCTET_MORE:
		octets[(*length)++] = 0;
		break;
	case CUT:
		*length = 10;
		break;
	case AS_FAIL:
		octets[5] = EAP_GPSK_FAIL;
		memcpy(octets + 6, (uint8_t[]){0, 0, 0, 1}, 4);
		*length = 10;
		break;
	case AS_4:
		octets[5] = EAP_GPSK_4;
		memset(octets + 6, 0, 2 + 16); /* no protected data, a MAC */
		*length = 6 + 2 + 16;
		break;
	case MAC:
		octets[*length - 1] ^= 1;
		break;
	default:
		break;
	}
	set_length(octets, *length);
}

static bool edit_gpsk(struct pair *p, bool to_peer, uint8_t *octets, size_t *length)
{
	const struct gpsk_edit *e = p->change_data;
	struct walk w = walk_of(octets, *length, NULL);
	struct eap_message m;

	(void)to_peer;
	eap_walk(&w, &m);
	if (!m.has_type || m.method != EAP_TYPE_GPSK || m.gpsk.opcode != e->opcode || p->changed++)
		return true;
	if (e->what == SUITES)
		write_1_with(e, &m, octets, length);
	else if (e->what >= RAND_PEER && e->what != MAC)
		sign_anew(p, e->what, &m, octets, length);
	else
		edit_octets(e, octets, length);
	return true;
}

static void play_edit(struct pair *p, const struct scenario *s)
{
	p->change = edit_gpsk;
	p->change_data = s->edit;
	pair_run(p);
}

static void play_unknown(struct pair *p, const struct scenario *s)
{
	strcpy(p->peer_role.settings.identity, "nobody");
	p->peer_role.settings.keys = p->other_keys;
	cr_assert(key_store_add_text(p->other_keys, "eap-gpsk", "*",
				     "text:00000000000000000000000000000000", (char[99]){0}, 99));
	(void)s;
	pair_run(p);
}

static void server_offers(struct pair *p, enum role_method a, enum role_method b)
{
	enum role_method list[METHODS] = {a, b};

	memcpy(p->server_role.settings.methods, list, sizeof(list));
	memcpy(p->peer_role.settings.methods, list, sizeof(list));
}

static void play_both_suites(struct pair *p, const struct scenario *s)
{
	(void)s;
	server_offers(p, METHOD_GPSK_1, METHOD_GPSK_2);
	pair_run(p);
}

#define EDIT(OPCODE, ...) (&(const struct gpsk_edit){.opcode = OPCODE, __VA_ARGS__})
#define SUITE(n)          0, 0, 0, 0, 0, n
#define LIST_OF(...)                                                             \
	{                                                                        \
		(const uint8_t[]){__VA_ARGS__}, sizeof((uint8_t[]){__VA_ARGS__}) \
	}

const struct scenario gpsk_scenarios[] = {
	{.name = "both suites",
	 .wanted = "PS",
	 .method = METHOD_GPSK_1,
	 .play = play_both_suites,
	 .happy = true},
	{.name = "GPSK-1, a mixed list",
	 .wanted = "s",
	 .method = METHOD_GPSK_1,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_1, .what = SUITES, .list = LIST_OF(SUITE(1), SUITE(7)))},
	{.name = "GPSK-1, suites unknown",
	 .wanted = "xy",
	 .method = METHOD_GPSK_1,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_1, .what = SUITES, .list = LIST_OF(SUITE(7)))},
	{.name = "GPSK-1, suite 1 alone",
	 .wanted = "PS",
	 .method = METHOD_GPSK_1,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_1, .what = SUITES, .list = LIST_OF(SUITE(1)))},
	{.name = "GPSK-1, an octet more",
	 .wanted = "p",
	 .method = METHOD_GPSK_1,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_1, .what = OCTET_MORE)},
	{.name = "GPSK-Fail first",
	 .wanted = "p",
	 .method = METHOD_GPSK_1,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_1, .what = AS_FAIL)},
	{.name = "GPSK-3, RAND_Peer",
	 .wanted = "p",
	 .method = METHOD_GPSK_1,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_3, .what = RAND_PEER)},
	{.name = "GPSK-3, ID_Server",
	 .wanted = "p",
	 .method = METHOD_GPSK_1,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_3, .what = ID_SERVER)},
	{.name = "GPSK-3, CSuite_Sel",
	 .wanted = "p",
	 .method = METHOD_GPSK_1,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_3, .what = CSUITE_SEL)},
	{.name = "GPSK-3, MAC",
	 .wanted = "p",
	 .method = METHOD_GPSK_2,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_3, .what = MAC)},
	{.name = "GPSK-3, protected data, suite 1",
	 .wanted = "PS",
	 .method = METHOD_GPSK_1,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_3, .what = PROTECTED_DATA)},
	{.name = "GPSK-3, protected data, suite 2",
	 .wanted = "PS",
	 .method = METHOD_GPSK_2,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_3, .what = PROTECTED_DATA)},
	{.name = "GPSK-3, bad padding, suite 1",
	 .wanted = "p",
	 .method = METHOD_GPSK_1,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_3, .what = BAD_PADDING)},
	{.name = "GPSK-3, bad padding, suite 2",
	 .wanted = "p",
	 .method = METHOD_GPSK_2,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_3, .what = BAD_PADDING)},
	{.name = "GPSK-Fail", .wanted = "xy", .method = METHOD_GPSK_1, .play = play_unknown},
	{.name = "GPSK-Protected-Fail",
	 .wanted = "xy",
	 .method = METHOD_GPSK_1,
	 .play = play_edit,
	 .edit = EDIT(9, .what = NOTHING),
	 .unauthorized = true},
	{.name = "GPSK-Protected-Fail, MAC",
	 .wanted = "p",
	 .method = METHOD_GPSK_2,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_PROTECTED_FAIL, .what = MAC),
	 .unauthorized = true},
	{.name = "GPSK-2 cut",
	 .wanted = "s",
	 .method = METHOD_GPSK_1,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_2, .what = CUT)},
	{.name = "GPSK-4 first",
	 .wanted = "s",
	 .method = METHOD_GPSK_1,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_2, .what = AS_4)},
	{.name = "GPSK-2, RAND_Server",
	 .wanted = "s",
	 .method = METHOD_GPSK_1,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_2, .what = RAND_SERVER)},
	{.name = "GPSK-2, CSuite_List",
	 .wanted = "s",
	 .method = METHOD_GPSK_1,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_2, .what = LIST)},
	{.name = "GPSK-2, MAC",
	 .wanted = "xy",
	 .method = METHOD_GPSK_1,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_2, .what = MAC)},
	{.name = "GPSK-2, protected data, suite 1",
	 .wanted = "PS",
	 .method = METHOD_GPSK_1,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_2, .what = PROTECTED_DATA)},
	{.name = "GPSK-2, protected data, suite 2",
	 .wanted = "PS",
	 .method = METHOD_GPSK_2,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_2, .what = PROTECTED_DATA)},
	{.name = "GPSK-2, bad padding",
	 .wanted = "s",
	 .method = METHOD_GPSK_2,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_2, .what = BAD_PADDING)},
	{.name = "GPSK-4, MAC",
	 .wanted = "s",
	 .method = METHOD_GPSK_2,
	 .play = play_edit,
	 .edit = EDIT(EAP_GPSK_4, .what = MAC)},
};

const size_t gpsk_scenario_count = sizeof(gpsk_scenarios) / sizeof(gpsk_scenarios[0]);
