/* SPDX-License-Identifier: GPL-2.0-or-later */
/* eap.peer against eap.server, RADIUS between them, in a room with a clock of its own. */
#include <criterion/criterion.h>
#include <string.h>

#include "conformance/roles/role.h"
#include "protocols/eap/eap.h"
#include "protocols/radius/radius_write.h"

enum { QUEUE = 64, SEEDS = 300 };

struct letter {
	struct role *to;
	struct endpoint source, destination;
	uint8_t octets[RADIUS_LENGTH_MAX];
	size_t length;
};

struct room {
	struct environment environment;
	uint64_t now, seed;
	struct key_store *keys;
	struct role *peer, *server;
	struct letter queue[QUEUE];
	size_t head, count;
	uint64_t timers[2][ROLE_TIMERS]; /* peer, server */
	unsigned loss;                   /* in hundred */
	unsigned events[ROLE_DISCARDED + 1];
	char last_text[256];
};

static struct room *room_of(struct environment *e)
{
	return (struct room *)e;
}

static uint64_t now(struct environment *e)
{
	return room_of(e)->now;
}

static uint64_t number(struct room *r)
{
	r->seed = r->seed * 6364136223846793005u + 1442695040888963407u;
	return r->seed >> 33;
}

static void fill(struct environment *e, uint8_t *octets, size_t length)
{
	for (size_t i = 0; i < length; i++)
		octets[i] = (uint8_t)number(room_of(e));
}

static void post(struct environment *e, struct role *from, const struct datagram *d)
{
	struct room *r = room_of(e);
	struct letter *l = &r->queue[(r->head + r->count) % QUEUE];

	if (number(r) % 100 < r->loss || r->count == QUEUE)
		return;
	l->to = from == r->peer ? r->server : r->peer;
	l->source = d->source;
	l->destination = d->destination;
	l->length = d->octets.length;
	memcpy(l->octets, d->octets.octets, l->length);
	r->count++;
}

static void set_timer(struct environment *e, struct role *from, unsigned timer, uint64_t at)
{
	struct room *r = room_of(e);

	r->timers[from == r->server][timer] = at;
}

static void note(struct environment *e, struct role *from, enum role_event event, const char *text)
{
	struct room *r = room_of(e);

	if (from == r->peer)
		r->events[event]++;
	if (from == r->peer)
		strncpy(r->last_text, text, sizeof(r->last_text) - 1);
}

static const struct environment_ops ops = {now, fill, post, set_timer, note};

static struct endpoint at_port(uint16_t port)
{
	static const uint8_t loopback[] = {127, 0, 0, 1};

	return (struct endpoint){address_of(ADDRESS_IPV4, loopback), port};
}

static void open_room(struct room *r, enum role_method method, bool erp)
{
	struct role_settings s;
	char error[200];
	static const char rows[] = "\"eap-psk\",\"user1@lab.example\",\"text:SecretPassphrase\"\n"
				   "\"eap-gpsk\",\"*\",\"text:0123456789abcdef0123456789abcdef\"\n"
				   "\"radius\",\"*\",\"text:testing123\"\n";

	memset(r, 0, sizeof(*r));
	r->environment.ops = &ops;
	r->now = 1;
	r->seed = 7;
	r->keys = key_store_new();
	cr_assert(key_store_parse(r->keys, "rows", rows, sizeof(rows) - 1, error, sizeof(error)),
		  "%s", error);
	role_settings_default(&s);
	s.keys = r->keys;
	s.erp = erp;
	strcpy(s.identity, "user1@lab.example");
	if (method != METHOD_NONE)
		memcpy(s.methods, (enum role_method[METHODS]){method}, sizeof(s.methods));
	s.local = at_port(RADIUS_PORT);
	r->server = role_new("eap.server", &s, &r->environment, error, sizeof(error));
	cr_assert(r->server, "%s", error);
	s.local = at_port(40000);
	s.peer = at_port(RADIUS_PORT);
	r->peer = role_new("eap.peer", &s, &r->environment, error, sizeof(error));
	cr_assert(r->peer, "%s", error);
}

static void close_room(struct room *r)
{
	role_free(r->peer);
	role_free(r->server);
	key_store_free(r->keys);
}

static bool deliver(struct room *r)
{
	struct letter l;
	struct datagram d;

	if (!r->count)
		return false;
	l = r->queue[r->head];
	r->head = (r->head + 1) % QUEUE;
	r->count--;
	d = (struct datagram){l.source, l.destination, {l.octets, l.length}};
	l.to->kind->receive(l.to, &d);
	return true;
}

static bool expire(struct room *r)
{
	uint64_t *first = NULL;

	for (size_t i = 0; i < 2; i++)
		for (size_t t = 0; t < ROLE_TIMERS; t++)
			if (r->timers[i][t] && (!first || r->timers[i][t] < *first))
				first = &r->timers[i][t];
	if (!first)
		return false;
	r->now = *first;
	*first = 0;
	size_t index = (size_t)(first - r->timers[0]);
	struct role *role = index / ROLE_TIMERS ? r->server : r->peer;

	role->kind->expired(role, (unsigned)(index % ROLE_TIMERS));
	return true;
}

static void settle(struct room *r)
{
	for (int i = 0; i < 1000 && (deliver(r) || expire(r)); i++)
		;
}

Test(eap_radius, every_method_authenticates_and_hands_the_msk_on)
{
	for (enum role_method m = METHOD_PSK; m < METHODS; m++) {
		struct room r;

		open_room(&r, m, false);
		r.peer->kind->start(r.peer);
		settle(&r);
		cr_expect_eq(r.events[ROLE_AUTHENTICATED], 1);
		cr_expect_eq(r.events[ROLE_REFUSED] + r.events[ROLE_GAVE_UP], 0);
		cr_expect(strstr(r.last_text, "MSK as the server's") != NULL);
		cr_expect_str_eq(r.peer->kind->state(r.peer), "SUCCESS");
		cr_expect_str_eq(r.server->kind->state(r.server), "SUCCESS");
		close_room(&r);
	}
}

Test(eap_radius, erp_follows_a_full_authentication)
{
	struct room r;

	open_room(&r, METHOD_PSK, true);
	cr_expect_not(r.peer->kind->command(r.peer, "reauth")); /* no keys yet */
	r.peer->kind->start(r.peer);
	settle(&r);
	for (unsigned i = 2; i < 5; i++) {
		cr_expect(r.peer->kind->command(r.peer, "reauth"));
		settle(&r);
		cr_expect_eq(r.events[ROLE_AUTHENTICATED], i);
		cr_expect(strstr(r.last_text, "MSK as the server's") != NULL);
	}
	close_room(&r);
}

Test(eap_radius, bad_weather_delays_and_does_not_deceive)
{
	unsigned authenticated = 0;

	for (unsigned seed = 0; seed < SEEDS; seed++) {
		struct room r;

		open_room(&r, METHOD_NONE, false);
		r.seed = seed;
		r.loss = 20;
		r.peer->kind->start(r.peer);
		settle(&r);
		cr_expect_eq(r.events[ROLE_AUTHENTICATED] + r.events[ROLE_GAVE_UP], 1);
		cr_expect_eq(r.events[ROLE_REFUSED], 0);
		authenticated += r.events[ROLE_AUTHENTICATED];
		close_room(&r);
	}
	/* A round trip fails with 36 in hundred, five in a row with 0.6: three of them. */
	cr_expect_geq(authenticated, SEEDS * 95 / 100);
}

Test(eap_radius, without_a_server_the_peer_gives_up)
{
	struct room r;

	open_room(&r, METHOD_PSK, false);
	r.loss = 100;
	r.peer->kind->start(r.peer);
	settle(&r);
	cr_expect_eq(r.events[ROLE_GAVE_UP], 1);
	cr_expect_geq(r.now, 30 * 1000000000ull); /* RFC 5080 2.2.1: 2, 4, 8, 16, 16 s */
	cr_expect_leq(r.now, 51 * 1000000000ull);
	close_room(&r);
}

static void send_to(struct role *role, struct endpoint source, const struct writer *w)
{
	struct datagram d = {source, role->settings.local, {w->octets, w->length}};

	role->kind->receive(role, &d);
}

Test(eap_radius, a_request_that_is_not_signed_rightly_is_not_answered)
{
	static const uint8_t eap[] = {2, 1, 0, 10, 1, 'u', 's', 'e', 'r', '1'};
	static const uint8_t authenticator[16] = {1};
	static const struct octets wrong = {(const uint8_t *)"testing124", 10};
	static const struct octets right = {(const uint8_t *)"testing123", 10};
	uint8_t octets[RADIUS_LENGTH_MAX];
	struct room r;

	open_room(&r, METHOD_PSK, false);
	for (int i = 0; i < 3; i++) {
		struct writer w = writer_of(octets, sizeof(octets));

		radius_write_begin(&w, RADIUS_ACCESS_REQUEST, (uint8_t)i, authenticator);
		radius_write_eap(&w, (struct octets){eap, sizeof(eap)});
		if (i)
			radius_write_end_request(&w, i == 1 ? wrong : right);
		else
			write_patch_u16(&w, 2, (uint16_t)w.length);
		send_to(r.server, at_port(40000), &w);
		cr_expect_eq(r.count, i == 2); /* RFC 3579 3.2 */
	}
	close_room(&r);
}

Test(eap_radius, a_duplicate_request_gets_the_reply_again_and_nothing_else)
{
	struct room r;
	struct letter first;

	open_room(&r, METHOD_PSK, false);
	r.peer->kind->start(r.peer);
	first = r.queue[r.head];
	cr_assert(deliver(&r));
	struct letter reply = r.queue[r.head];
	struct datagram d = {first.source, first.destination, {first.octets, first.length}};

	r.server->kind->receive(r.server, &d);
	cr_assert_eq(r.count, 2);
	cr_expect_eq(r.queue[r.head + 1].length, reply.length);
	cr_expect_arr_eq(r.queue[r.head + 1].octets, reply.octets, reply.length);
	settle(&r);
	cr_expect_eq(r.events[ROLE_AUTHENTICATED], 1);
	close_room(&r);
}

/* A Failure of the server in reply to the request that waits to be delivered. */
static void answer_with_failure(struct room *r, enum radius_code code)
{
	static const struct octets secret = {(const uint8_t *)"testing123", 10};
	const struct letter *request = &r->queue[r->head];
	uint8_t octets[RADIUS_LENGTH_MAX], eap[RADIUS_EAP_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	struct radius_parts parts;

	cr_assert(radius_read((struct octets){request->octets, request->length}, &parts));
	cr_assert(radius_eap_message(&parts.m, eap, sizeof(eap)));
	radius_write_begin(&w, code, parts.m.id, parts.m.authenticator);
	if (parts.m.has_state)
		radius_write_attribute(&w, RADIUS_STATE, parts.m.state);
	radius_write_eap(&w, (struct octets){(const uint8_t[]){EAP_FAILURE, eap[1], 0, 4}, 4});
	cr_assert(radius_write_end_reply(&w, secret));
	send_to(r->peer, at_port(RADIUS_PORT), &w);
}

/* RFC 3579 2.6.3: the packet's code alone decides; RFC 4137 4.1.1: altReject. */
Test(eap_radius, an_access_reject_ends_what_the_failure_in_it_does_not)
{
	for (enum role_method m = METHOD_PSK; m < METHODS; m++) {
		struct room r;

		open_room(&r, m, false);
		r.peer->kind->start(r.peer);
		cr_assert(deliver(&r) && deliver(&r)); /* identity, the method's first message */
		answer_with_failure(&r, RADIUS_ACCESS_CHALLENGE);
		cr_expect_eq(r.events[ROLE_DISCARDED], 1);
		cr_expect_eq(r.events[ROLE_REFUSED], 0);
		answer_with_failure(&r, RADIUS_ACCESS_REJECT);
		cr_expect_eq(r.events[ROLE_REFUSED], 1);
		cr_expect_str_eq(r.peer->kind->state(r.peer), "FAILURE");
		settle(&r);
		cr_expect_eq(r.events[ROLE_AUTHENTICATED] + r.events[ROLE_GAVE_UP], 0);
		close_room(&r);
	}
}

Test(eap_radius, eap_start_is_answered_with_an_identity_request)
{
	static const uint8_t authenticator[16] = {1};
	static const struct octets secret = {(const uint8_t *)"testing123", 10};
	uint8_t octets[RADIUS_LENGTH_MAX], eap[64];
	struct writer w = writer_of(octets, sizeof(octets));
	struct radius_parts parts;
	struct room r;

	open_room(&r, METHOD_PSK, false);
	radius_write_begin(&w, RADIUS_ACCESS_REQUEST, 1, authenticator);
	radius_write_attribute(&w, RADIUS_EAP_MESSAGE, (struct octets){eap, 0});
	cr_assert(radius_write_end_request(&w, secret));
	send_to(r.server, at_port(40000), &w);
	cr_assert_eq(r.count, 1);
	cr_assert(radius_read((struct octets){r.queue[0].octets, r.queue[0].length}, &parts));
	cr_expect_eq(parts.m.code, RADIUS_ACCESS_CHALLENGE);
	cr_expect(radius_verify_reply(&parts, authenticator, secret));
	cr_assert_eq(radius_eap_message(&parts.m, eap, sizeof(eap)), 5);
	cr_expect_eq(eap[4], EAP_TYPE_IDENTITY); /* RFC 3579 2.1 */
	close_room(&r);
}

Test(eap_radius, thousands_of_conversations_begun_leave_the_server_bounded_and_working)
{
	static const uint8_t eap[] = {2, 1, 0, 10, 1, 'u', 's', 'e', 'r', '1'};
	static const struct octets secret = {(const uint8_t *)"testing123", 10};
	uint8_t octets[RADIUS_LENGTH_MAX], authenticator[16] = {0};
	struct room r;

	open_room(&r, METHOD_PSK, false);
	for (unsigned i = 0; i < 5000; i++) {
		struct writer w = writer_of(octets, sizeof(octets));

		authenticator[0] = (uint8_t)i;
		authenticator[1] = (uint8_t)(i >> 8);
		radius_write_begin(&w, RADIUS_ACCESS_REQUEST, (uint8_t)i, authenticator);
		radius_write_eap(&w, (struct octets){eap, sizeof(eap)});
		cr_assert(radius_write_end_request(&w, secret));
		r.count = 0;
		send_to(r.server, at_port((uint16_t)(1024 + i)), &w);
		cr_assert_eq(r.count, 1);
	}
	r.count = 0;
	r.peer->kind->start(r.peer);
	settle(&r);
	cr_expect_eq(r.events[ROLE_AUTHENTICATED], 1);
	close_room(&r);
}

Test(eap_radius, any_octets_leave_both_roles_working)
{
	struct room r;
	uint8_t octets[512];

	open_room(&r, METHOD_NONE, true);
	r.peer->kind->start(r.peer);
	for (unsigned i = 0; i < 20000; i++) {
		struct writer w = writer_of(octets, sizeof(octets));
		struct letter *l = &r.queue[r.head];
		size_t length = l->length < sizeof(octets) ? l->length : sizeof(octets);

		memcpy(octets, l->octets, length);
		for (int n = 0; n < 3; n++)
			octets[number(&r) % length] = (uint8_t)number(&r);
		w.length = length - number(&r) % 2 * (number(&r) % length);
		send_to(i % 2 ? r.server : r.peer, i % 2 ? at_port(40000) : at_port(RADIUS_PORT),
			&w);
		if (r.count > 1)
			r.count = 1;
	}
	settle(&r);
	close_room(&r);
}

Test(eap_radius, a_role_of_unknown_name_or_fault_is_refused_with_a_reason)
{
	struct room r;
	struct role_settings s;
	char error[200];

	open_room(&r, METHOD_NONE, false);
	s = r.peer->settings;
	cr_expect_null(role_new("eap.nobody", &s, &r.environment, error, sizeof(error)));
	cr_expect(strstr(error, "eap.nobody") != NULL);
	s.fault = "no-such-fault";
	cr_expect_null(role_new("eap.peer", &s, &r.environment, error, sizeof(error)));
	cr_expect(strstr(error, "no-such-fault") != NULL);
	s.fault = "psk-mac-p-wrong";
	struct role *faulty = role_new("eap.peer", &s, &r.environment, error, sizeof(error));

	cr_assert(faulty);
	role_free(faulty);
	close_room(&r);
}

/* What is made for tests is answered like what the role itself sends. */
Test(eap_radius, crafted_requests_are_answered_and_their_replies_taken)
{
	static const char *const identity[] = {"Identity"};
	uint8_t octets[RADIUS_LENGTH_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	struct room r;

	open_room(&r, METHOD_PSK, false);
	cr_assert(r.peer->kind->craft(r.peer, "Response", identity, 1, &w));
	r.peer->kind->sent(r.peer, (struct octets){octets, w.length});
	send_to(r.server, at_port(40000), &w);
	cr_assert_eq(r.count, 1);
	settle(&r); /* Response/Identity of its own making: the role goes on from there */
	cr_expect_eq(r.events[ROLE_AUTHENTICATED], 1);
	close_room(&r);
}

Test(eap_radius, messages_changed_are_sealed_again_at_both_levels)
{
	static const struct octets secret = {(const uint8_t *)"testing123", 10};
	uint8_t octets[RADIUS_LENGTH_MAX], before[RADIUS_LENGTH_MAX];
	struct radius_parts parts;
	struct room r;
	struct writer w;

	open_room(&r, METHOD_GPSK_2, false);
	r.peer->kind->start(r.peer);
	deliver(&r);
	deliver(&r);
	w = writer_of(octets, sizeof(octets)); /* GPSK-2 is under way */
	write_octets(&w, r.queue[r.head].octets, r.queue[r.head].length);
	memcpy(before, octets, w.length);
	octets[w.length - 18 - 1] ^=
		1; /* the last octet of the MAC, before Message-Authenticator */
	cr_assert(r.peer->kind->seal(r.peer, &w));
	cr_assert(radius_read((struct octets){octets, w.length}, &parts));
	cr_expect(radius_verify_request(&parts, secret));
	cr_expect(memcmp(octets, before, w.length) != 0);
	cr_assert(r.peer->kind->seal_inner(r.peer, &w));
	cr_assert(r.peer->kind->seal(r.peer, &w));
	cr_expect_arr_eq(octets, before, w.length);

	deliver(&r); /* GPSK-3 */
	w = writer_of(octets, sizeof(octets));
	write_octets(&w, r.queue[r.head].octets, r.queue[r.head].length);
	memcpy(before, octets, w.length);
	octets[w.length - 18 - 1] ^= 1;
	cr_assert(r.server->kind->seal_inner(r.server, &w));
	cr_assert(r.server->kind->seal(r.server, &w));
	cr_expect_arr_eq(octets, before, w.length);
	settle(&r);
	cr_expect_eq(r.events[ROLE_AUTHENTICATED], 1);
	close_room(&r);
}

Test(eap_radius, a_crafted_reply_goes_to_the_newest_request)
{
	static const char *const words[] = {"Notification"};
	uint8_t octets[RADIUS_LENGTH_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	struct room r;

	open_room(&r, METHOD_PSK, false);
	cr_expect_not(r.server->kind->craft(r.server, "Request", words, 1, &w));
	r.peer->kind->start(r.peer);
	deliver(&r);
	cr_assert(r.server->kind->craft(r.server, "Request", words, 1, &w));
	send_to(r.peer, at_port(RADIUS_PORT), &w);
	cr_assert_eq(r.count, 2); /* the first method Request, and the answer to the Notification */
	cr_expect_eq(r.events[ROLE_DISCARDED], 0);
	close_room(&r);
}
