/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "protocols/radius/radius_tracker.h"

static struct radius_tracker *tracker;

static void start(void)
{
	tracker = radius_tracker_new(0);
}

static void stop(void)
{
	radius_tracker_free(tracker);
}

TestSuite(radius_tracker, .init = start, .fini = stop);

/* Tracks a packet between client 10.0.0.`client`:`port` and server 10.0.1.1:1812; the direction
 * follows from the code. The authenticator begins with `authenticator`; `state` NULL: none. */
static uint32_t track(uint8_t client_octet, uint16_t port, uint8_t code, uint8_t id,
		      uint8_t authenticator, const char *state, size_t eap_parts)
{
	struct endpoint client = {.port = port}, server = {.port = 1812};
	struct radius_message m = {.code = code,
				   .id = id,
				   .authenticator = {authenticator},
				   .eap_parts = eap_parts,
				   .has_state = state != NULL};
	bool request = code == 1 || code == 4 || code == 12;
	struct passage p = {.carrier = CARRIER_UDP};

	client.address = address_of(ADDRESS_IPV4, (uint8_t[]){10, 0, 0, client_octet});
	server.address = address_of(ADDRESS_IPV4, (uint8_t[]){10, 0, 1, 1});
	p.source = request ? client : server;
	p.destination = request ? server : client;
	if (state)
		m.state = (struct octets){(const uint8_t *)state, strlen(state)};
	return radius_track(tracker, &p, &m);
}

/* Packets with EAP: client, port, id, authenticator, State. */
#define REQUEST(client, port, id, authenticator, state) \
	track(client, port, 1, id, authenticator, state, 1)
#define CHALLENGE(client, port, id, authenticator, state) \
	track(client, port, 11, id, authenticator, state, 1)
#define ACCEPT(client, port, id, authenticator) track(client, port, 2, id, authenticator, NULL, 1)

Test(radius_tracker, a_state_that_stays_keeps_the_conversation)
{
	cr_expect_eq(REQUEST(1, 5000, 0, 0xa0, NULL), 1);
	cr_expect_eq(CHALLENGE(1, 5000, 0, 0xb0, "S"), 1);
	cr_expect_eq(REQUEST(1, 5000, 1, 0xa1, "S"), 1);
	cr_expect_eq(CHALLENGE(1, 5000, 1, 0xb1, "S"), 1);
	cr_expect_eq(REQUEST(1, 5000, 2, 0xa2, "S"), 1);
	cr_expect_eq(ACCEPT(1, 5000, 2, 0xb2), 1);
}

Test(radius_tracker, a_state_that_changes_every_round_keeps_the_conversation)
{
	cr_expect_eq(REQUEST(1, 5000, 0, 0xa0, NULL), 1);
	cr_expect_eq(CHALLENGE(1, 5000, 0, 0xb0, "S0"), 1);
	cr_expect_eq(REQUEST(1, 5000, 1, 0xa1, "S0"), 1);
	cr_expect_eq(CHALLENGE(1, 5000, 1, 0xb1, "S1"), 1);
	cr_expect_eq(REQUEST(1, 5000, 2, 0xa2, "S1"), 1);
	cr_expect_eq(ACCEPT(1, 5000, 2, 0xb2), 1);
}

Test(radius_tracker, a_request_without_state_starts_a_conversation)
{
	cr_expect_eq(REQUEST(1, 5000, 0, 0xa0, NULL), 1);
	cr_expect_eq(CHALLENGE(1, 5000, 0, 0xb0, "S"), 1);
	cr_expect_eq(REQUEST(1, 5000, 1, 0xa1, NULL), 2);
	/* a server begun anew hands out the State that it handed out before */
	cr_expect_eq(CHALLENGE(1, 5000, 1, 0xb1, "S"), 2);
	cr_expect_eq(REQUEST(1, 5000, 2, 0xa2, "S"), 2);
}

Test(radius_tracker, a_retransmission_starts_nothing)
{
	cr_expect_eq(REQUEST(1, 5000, 0, 0xa0, NULL), 1);
	cr_expect_eq(REQUEST(1, 5000, 0, 0xa0, NULL), 1);
	cr_expect_eq(CHALLENGE(1, 5000, 0, 0xb0, "S"), 1);
	cr_expect_eq(REQUEST(1, 5000, 0, 0xa0, NULL), 1);
	cr_expect_eq(CHALLENGE(1, 5000, 0, 0xb0, "S"), 1);
}

Test(radius_tracker, an_identifier_used_anew_is_another_request)
{
	cr_expect_eq(REQUEST(1, 5000, 0, 0xa0, NULL), 1);
	cr_expect_eq(REQUEST(1, 5000, 0, 0xa1, NULL), 2);
	cr_expect_eq(ACCEPT(1, 5000, 0, 0xb0), 2);
}

Test(radius_tracker, interleaved_clients_are_kept_apart)
{
	cr_expect_eq(REQUEST(1, 5000, 0, 0xa0, NULL), 1);
	cr_expect_eq(REQUEST(2, 5000, 0, 0xa0, NULL), 2);
	/* one State may be given to two clients by two servers behind one address */
	cr_expect_eq(CHALLENGE(2, 5000, 0, 0xb0, "S"), 2);
	cr_expect_eq(CHALLENGE(1, 5000, 0, 0xb0, "S"), 1);
	cr_expect_eq(REQUEST(2, 5000, 1, 0xa1, "S"), 2);
	cr_expect_eq(REQUEST(1, 5000, 1, 0xa1, "S"), 1);
	cr_expect_eq(ACCEPT(2, 5000, 1, 0xb1), 2);
	cr_expect_eq(ACCEPT(1, 5000, 1, 0xb1), 1);
}

Test(radius_tracker, interleaved_conversations_of_one_client_are_kept_apart)
{
	cr_expect_eq(REQUEST(1, 5000, 0, 0xa0, NULL), 1);
	cr_expect_eq(REQUEST(1, 5000, 1, 0xa1, NULL), 2);
	cr_expect_eq(CHALLENGE(1, 5000, 1, 0xb1, "T"), 2);
	cr_expect_eq(CHALLENGE(1, 5000, 0, 0xb0, "S"), 1);
	cr_expect_eq(REQUEST(1, 5000, 2, 0xa2, "S"), 1);
	cr_expect_eq(REQUEST(1, 5000, 3, 0xa3, "T"), 2);
}

Test(radius_tracker, a_client_may_change_its_port)
{
	cr_expect_eq(REQUEST(1, 5000, 0, 0xa0, NULL), 1);
	cr_expect_eq(CHALLENGE(1, 5000, 0, 0xb0, "S"), 1);
	cr_expect_eq(REQUEST(1, 5001, 0, 0xa1, "S"), 1);
	cr_expect_eq(ACCEPT(1, 5001, 0, 0xb1), 1);
}

Test(radius_tracker, a_capture_may_begin_with_a_challenge)
{
	cr_expect_eq(CHALLENGE(1, 5000, 0, 0xb0, "S"), 1);
	cr_expect_eq(REQUEST(1, 5000, 1, 0xa1, "S"), 1);
}

Test(radius_tracker, a_capture_may_begin_with_a_state)
{
	cr_expect_eq(REQUEST(1, 5000, 1, 0xa1, "S"), 1);
	cr_expect_eq(CHALLENGE(1, 5000, 1, 0xb1, "S"), 1);
	cr_expect_eq(REQUEST(1, 5000, 2, 0xa2, "S"), 1);
}

Test(radius_tracker, authentication_without_eap_is_part_of_no_conversation)
{
	cr_expect_eq(track(1, 5000, 1, 0, 0xa0, NULL, 0), 0);
	cr_expect_eq(track(1, 5000, 2, 0, 0xb0, NULL, 0), 0);
	/* Status-Server and its reply, with the identifier of an EAP request before it */
	cr_expect_eq(REQUEST(1, 5000, 7, 0xa0, NULL), 1);
	cr_expect_eq(track(1, 5000, 12, 7, 0xa1, NULL, 0), 0);
	cr_expect_eq(track(1, 5000, 2, 7, 0xb1, NULL, 0), 0);
	/* accounting */
	cr_expect_eq(track(1, 5000, 4, 0, 0xa2, NULL, 0), 0);
}

Test(radius_tracker, the_longest_unused_is_forgotten)
{
	radius_tracker_free(tracker);
	tracker = radius_tracker_new(3);
	cr_expect_eq(REQUEST(1, 5000, 0, 0xa0, NULL), 1);
	cr_expect_eq(CHALLENGE(1, 5000, 0, 0xb0, "S"), 1);
	for (uint8_t i = 1; i < 100; i++) {
		cr_expect_eq(REQUEST(2, 5000, i, 0xa0, NULL), i + 1u);
		cr_expect_leq(radius_tracker_count(tracker), 3);
	}
	cr_expect_eq(REQUEST(1, 5000, 1, 0xa1, "S"), 101);
}

Test(radius_tracker, a_million_conversations_stay_within_the_limit)
{
	for (uint32_t i = 0; i < 1000000; i++) {
		char state[16];

		snprintf(state, sizeof(state), "%u", i);
		cr_assert_eq(REQUEST((uint8_t)(i >> 16), (uint16_t)i, 0, 0xa0, NULL), i + 1);
		CHALLENGE((uint8_t)(i >> 16), (uint16_t)i, 0, 0xb0, state);
	}
	cr_expect_eq(radius_tracker_count(tracker), (size_t)RADIUS_TRACKED);
}
