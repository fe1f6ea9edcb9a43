/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Situations of EAP itself: RFC 3748. */
#include <criterion/criterion.h>
#include <string.h>

#include "eap_scenarios.h"

#define OCTETS(...) \
	(&(const struct octets){(const uint8_t[]){__VA_ARGS__}, sizeof((uint8_t[]){__VA_ARGS__})})

static void play_plain(struct pair *p, const struct scenario *s)
{
	(void)s;
	pair_run(p);
}

/* Two conversations of one peer with one server. */
static void play_twice(struct pair *p, const struct scenario *s)
{
	(void)s;
	pair_run(p);
	eap_peer_restart(p->peer);
	pair_run(p);
}

static void peer_has(struct pair *p, enum role_method method)
{
	enum role_method only[METHODS] = {method};

	memcpy(p->peer_role.settings.methods, only, sizeof(only));
}

static void play_nak(struct pair *p, const struct scenario *s)
{
	(void)s;
	peer_has(p, METHOD_GPSK_1);
	pair_run(p);
}

static void play_request(struct pair *p, const struct scenario *s)
{
	const struct octets *request = s->edit;

	pair_go_on(p, *request, true);
}

static void play_response(struct pair *p, const struct scenario *s)
{
	const struct octets *response = s->edit;

	pair_go_on(p, *response, false);
}

/* The server asks, and is answered in the Expanded form. */
static void play_expanded_response(struct pair *p, const struct scenario *s)
{
	uint8_t response[] = {2, 0, 0, 17, 254, 0, 0, 0, 0, 0, 0, 1, 'u', 's', 'e', 'r', '1'};

	(void)s;
	response[1] = eap_server_start(p->server)->message.octets[1];
	pair_go_on(p, (struct octets){response, sizeof(response)}, false);
}

static const uint8_t ask_1[] = {1, 10, 0, 5, 1}, ask_2[] = {1, 11, 0, 5, 1};

static void play_asked_again(struct pair *p, const struct scenario *s)
{
	(void)s;
	pair_poke(p, (struct octets){ask_1, sizeof(ask_1)}, true);
	pair_go_on(p, (struct octets){ask_2, sizeof(ask_2)}, true);
}

/* A Request of a type of some vendor's, once the peer has told its identity. */
static void play_vendor_type(struct pair *p, const struct scenario *s)
{
	static const uint8_t request[] = {1, 11, 0, 12, 254, 0x12, 0x34, 0x56, 0, 0, 0, 9};

	(void)s;
	pair_poke(p, (struct octets){ask_1, sizeof(ask_1)}, true);
	pair_poke(p, (struct octets){request, sizeof(request)}, true);
}

/* ---- messages between the messages ---- */

/* Where the third message of EAP-PSK is on its way, the peer gets this first: its Identifier is
 * that of the Request outstanding, plus `step`. */
struct between {
	uint8_t code, type, step;
	enum eap_code before; /* Request: before the third message; else before the end */
};

static bool poke_between(struct pair *p, bool to_peer, uint8_t *octets, size_t *length)
{
	const struct between *b = p->change_data;
	bool here = b->before == EAP_REQUEST ? octets[4] == EAP_TYPE_PSK && octets[5] >= 0x80
					     : octets[0] == EAP_SUCCESS || octets[0] == EAP_FAILURE;
	uint8_t message[5] = {b->code, 0, 0, b->type ? 5 : 4, b->type};
	uint8_t identifier = octets[1];

	(void)length;
	if (!to_peer || !here || p->changed++)
		return true;
	if (b->before == EAP_REQUEST)
		identifier--; /* of the Request answered last */
	message[1] = (uint8_t)(identifier + b->step);
	pair_poke(p, (struct octets){message, message[3]}, true);
	return true;
}

static void play_between(struct pair *p, const struct scenario *s)
{
	p->change = poke_between;
	p->change_data = s->edit;
	pair_run(p);
}

static bool poke_twice(struct pair *p, bool to_peer, uint8_t *octets, size_t *length)
{
	const struct eap_output *out;
	uint8_t first[EAP_ROLE_OCTETS];
	size_t first_length;

	if (!to_peer || octets[0] != EAP_REQUEST)
		return true;
	out = pair_poke(p, (struct octets){octets, *length}, true);
	first_length = out->message.length;
	if (first_length)
		memcpy(first, out->message.octets, first_length);
	out = pair_poke(p, (struct octets){octets, *length}, true);
	strcat(p->trace, octets_same(out->message, (struct octets){first, first_length})
				 ? "same "
				 : "another ");
	return true;
}

static void play_duplicates(struct pair *p, const struct scenario *s)
{
	(void)s;
	p->change = poke_twice;
	pair_run(p);
}

/* ---- to the server ---- */

/* The Response of this kind is replaced. */
struct instead {
	uint8_t t; /* of EAP-PSK's flags */
	uint8_t step, type, data;
};

static bool replace_response(struct pair *p, bool to_peer, uint8_t *octets, size_t *length)
{
	const struct instead *r = p->change_data;

	if (to_peer || octets[4] != EAP_TYPE_PSK || octets[5] >> 6 != r->t || p->changed++)
		return true;
	octets[1] = (uint8_t)(octets[1] + r->step);
	if (r->type) {
		octets[3] = 6;
		octets[4] = r->type;
		octets[5] = r->data;
		*length = 6;
	}
	return true;
}

static void play_instead(struct pair *p, const struct scenario *s)
{
	p->change = replace_response;
	p->change_data = s->edit;
	pair_run(p);
}

const struct scenario scenarios[] = {
	{.name = "EAP-PSK",
	 .wanted = "PS",
	 .method = METHOD_PSK,
	 .play = play_plain,
	 .happy = true},
	{.name = "EAP-GPSK, suite 1",
	 .wanted = "PS",
	 .method = METHOD_GPSK_1,
	 .play = play_plain,
	 .happy = true},
	{.name = "EAP-GPSK, suite 2",
	 .wanted = "PS",
	 .method = METHOD_GPSK_2,
	 .play = play_plain,
	 .happy = true},
	{.name = "any method",
	 .wanted = "PS",
	 .method = METHOD_NONE,
	 .play = play_plain,
	 .happy = true},
	{.name = "two dialogs", .wanted = "PS", .method = METHOD_PSK, .play = play_twice},
	{.name = "Notification",
	 .wanted = "PS",
	 .method = METHOD_PSK,
	 .play = play_plain,
	 .notify = true},
	{.name = "asked again", .wanted = "PS", .method = METHOD_PSK, .play = play_asked_again},
	{.name = "Nak", .wanted = "PS", .method = METHOD_NONE, .play = play_nak},
	{.name = "Nak, nothing left", .wanted = "xy", .method = METHOD_PSK, .play = play_nak},
	{.name = "a vendor's type", .wanted = "", .method = METHOD_PSK, .play = play_vendor_type},
	{.name = "Expanded Identity",
	 .wanted = "PS",
	 .method = METHOD_PSK,
	 .play = play_request,
	 .edit = OCTETS(1, 5, 0, 12, 254, 0, 0, 0, 0, 0, 0, 1)},
	{.name = "Expanded Identity Response",
	 .wanted = "PS",
	 .method = METHOD_PSK,
	 .play = play_expanded_response},
	{.name = "Request longer than there is",
	 .wanted = "p",
	 .method = METHOD_PSK,
	 .play = play_request,
	 .edit = OCTETS(1, 5, 0, 9, 1)},
	{.name = "Request with octets behind",
	 .wanted = "PS",
	 .method = METHOD_PSK,
	 .play = play_request,
	 .edit = OCTETS(1, 5, 0, 5, 1, 255)},
	{.name = "Code 9 to the peer",
	 .wanted = "p",
	 .method = METHOD_PSK,
	 .play = play_request,
	 .edit = OCTETS(9, 5, 0, 5, 1)},
	{.name = "canned Success",
	 .wanted = "p",
	 .method = METHOD_PSK,
	 .play = play_request,
	 .edit = OCTETS(3, 5, 0, 4)},
	{.name = "Identity midway",
	 .wanted = "pPS",
	 .method = METHOD_PSK,
	 .play = play_between,
	 .edit = &(const struct between){EAP_REQUEST, EAP_TYPE_IDENTITY, 9, EAP_REQUEST}},
	{.name = "another method midway",
	 .wanted = "pPS",
	 .method = METHOD_PSK,
	 .play = play_between,
	 .edit = &(const struct between){EAP_REQUEST, EAP_TYPE_MD5, 9, EAP_REQUEST}},
	{.name = "Success midway",
	 .wanted = "pPS",
	 .method = METHOD_PSK,
	 .play = play_between,
	 .edit = &(const struct between){EAP_SUCCESS, 0, 0, EAP_REQUEST}},
	{.name = "Failure midway",
	 .wanted = "pPS",
	 .method = METHOD_PSK,
	 .play = play_between,
	 .edit = &(const struct between){EAP_FAILURE, 0, 0, EAP_REQUEST}},
	{.name = "Failure after success",
	 .wanted = "pPS",
	 .method = METHOD_PSK,
	 .play = play_between,
	 .edit = &(const struct between){EAP_FAILURE, 0, 0, EAP_SUCCESS}},
	{.name = "Success after failure",
	 .wanted = "pxy",
	 .method = METHOD_PSK,
	 .play = play_between,
	 .edit = &(const struct between){EAP_SUCCESS, 0, 0, EAP_FAILURE},
	 .unauthorized = true},
	{.name = "duplicates", .wanted = "PS", .method = METHOD_PSK, .play = play_duplicates},
	{.name = "Response longer than there is",
	 .wanted = "s",
	 .method = METHOD_PSK,
	 .play = play_response,
	 .edit = OCTETS(2, 5, 0, 20, 1, 'u', 's', 'e', 'r', '1')},
	{.name = "Response with octets behind",
	 .wanted = "PS",
	 .method = METHOD_PSK,
	 .play = play_response,
	 .edit = OCTETS(2, 5, 0, 10, 1, 'u', 's', 'e', 'r', '1', 255)},
	{.name = "Code 9 to the server",
	 .wanted = "s",
	 .method = METHOD_PSK,
	 .play = play_response,
	 .edit = OCTETS(9, 5, 0, 10, 1, 'u', 's', 'e', 'r', '1')},
	{.name = "Response of another Identifier",
	 .wanted = "s",
	 .method = METHOD_PSK,
	 .play = play_instead,
	 .edit = &(const struct instead){EAP_PSK_2, 9, 0, 0}},
	{.name = "Response of another Type",
	 .wanted = "s",
	 .method = METHOD_PSK,
	 .play = play_instead,
	 .edit = &(const struct instead){EAP_PSK_2, 0, EAP_TYPE_MD5, 0}},
	{.name = "Nak midway",
	 .wanted = "s",
	 .method = METHOD_NONE,
	 .play = play_instead,
	 .edit = &(const struct instead){EAP_PSK_4, 0, EAP_TYPE_NAK, EAP_TYPE_GPSK}},
};

const size_t scenario_count = sizeof(scenarios) / sizeof(scenarios[0]);
