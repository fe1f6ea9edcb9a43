/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

#include "eap_pair.h"

static enum role_method all_methods[] = {METHOD_PSK, METHOD_GPSK_1, METHOD_GPSK_2};

ParameterizedTestParameters(eap_roles, both_ends_authenticate_and_hold_the_same_keys)
{
	return cr_make_param_array(enum role_method, all_methods, 3);
}

ParameterizedTest(enum role_method *method, eap_roles,
		  both_ends_authenticate_and_hold_the_same_keys)
{
	struct pair p;

	pair_init(&p, *method);
	pair_run(&p);
	cr_expect(p.peer_success && p.server_success);
	cr_expect_not(p.peer_failure || p.server_failure);
	cr_expect_str_eq(eap_peer_state(p.peer), "SUCCESS");
	cr_expect_str_eq(eap_server_state(p.server), "SUCCESS");
	cr_expect_eq(eap_peer_msk(p.peer)->length, 64); /* RFC 3748 7.10 */
	cr_expect_eq(eap_peer_emsk(p.peer)->length, 64);
	cr_expect_arr_eq(eap_peer_msk(p.peer)->octets, eap_server_msk(p.server)->octets, 64);
	cr_expect_arr_eq(eap_peer_emsk(p.peer)->octets, eap_server_emsk(p.server)->octets, 64);
	cr_expect_str_eq(eap_server_identity(p.server), "user1");
	cr_expect_eq(pair_breaches(&p), 0);
	cr_expect_geq(p.onlooker.base.verdicts[VERDICT_VERIFIED], 3);
	cr_expect_arr_eq(eap_conversation_msk(p.onlooker.eap)->octets, eap_peer_msk(p.peer)->octets,
			 64);
	pair_clear(&p);
}

static void give_peer_wrong_keys(struct pair *p)
{
	char error[128];

	cr_assert(key_store_add_text(p->other_keys, "eap-psk", "*", "text:0000000000000000", error,
				     sizeof(error)));
	cr_assert(key_store_add_text(p->other_keys, "eap-gpsk", "*",
				     "text:00000000000000000000000000000000", error,
				     sizeof(error)));
	p->peer_role.settings.keys = p->other_keys;
}

Test(eap_roles, a_wrong_psk_meets_silence)
{
	struct pair p;

	pair_init(&p, METHOD_PSK);
	give_peer_wrong_keys(&p);
	pair_run(&p);
	cr_expect(p.server_discarded); /* RFC 4764 4.1 */
	cr_expect_not(p.peer_success || p.server_success || p.server_failure);
	pair_clear(&p);
}

Test(eap_roles, a_wrong_gpsk_key_meets_gpsk_fail_and_failure)
{
	struct pair p;

	pair_init(&p, METHOD_GPSK_1);
	give_peer_wrong_keys(&p);
	pair_run(&p);
	cr_expect(p.peer_failure && p.server_failure); /* RFC 5433 10 */
	cr_expect_not(p.peer_success || p.server_success);
	cr_expect_eq(eap_peer_msk(p.peer)->length, 0);
	pair_clear(&p);
}

Test(eap_roles, an_unknown_peer_of_gpsk_is_told_so)
{
	struct pair p;

	pair_init(&p, METHOD_GPSK_2);
	give_peer_wrong_keys(&p);
	strcpy(p.peer_role.settings.identity, "nobody");
	pair_run(&p);
	cr_expect(p.peer_failure && p.server_failure);
	cr_expect_eq(pair_breaches(&p), 0);
	pair_clear(&p);
}

ParameterizedTestParameters(eap_roles, an_unauthorized_peer_is_refused_by_the_method)
{
	return cr_make_param_array(enum role_method, all_methods, 3);
}

ParameterizedTest(enum role_method *method, eap_roles,
		  an_unauthorized_peer_is_refused_by_the_method)
{
	struct pair p;

	pair_init(&p, *method);
	p.server_role.settings.unauthorized = true;
	pair_run(&p);
	cr_expect(p.peer_failure && p.server_failure);
	cr_expect_eq(pair_breaches(&p), 0);
	pair_clear(&p);
}

Test(eap_roles, a_nak_leads_to_a_method_both_have)
{
	struct pair p;
	enum role_method peer[METHODS] = {METHOD_GPSK_1};

	pair_init(&p, METHOD_NONE);
	memcpy(p.peer_role.settings.methods, peer, sizeof(peer));
	pair_run(&p);
	cr_expect(p.peer_success && p.server_success);
	cr_expect_eq(pair_breaches(&p), 0);
	pair_clear(&p);
}

Test(eap_roles, a_nak_that_leaves_nothing_leads_to_failure)
{
	struct pair p;
	enum role_method peer[METHODS] = {METHOD_GPSK_1};
	enum role_method server[METHODS] = {METHOD_PSK};

	pair_init(&p, METHOD_NONE);
	memcpy(p.peer_role.settings.methods, peer, sizeof(peer));
	memcpy(p.server_role.settings.methods, server, sizeof(server));
	pair_run(&p);
	cr_expect(p.peer_failure && p.server_failure);
	cr_expect_eq(pair_breaches(&p), 0);
	pair_clear(&p);
}

Test(eap_roles, no_suite_in_common_leads_to_a_nak)
{
	struct pair p;
	enum role_method peer[METHODS] = {METHOD_GPSK_2, METHOD_PSK};
	enum role_method server[METHODS] = {METHOD_GPSK_1, METHOD_PSK};

	pair_init(&p, METHOD_NONE);
	memcpy(p.peer_role.settings.methods, peer, sizeof(peer));
	memcpy(p.server_role.settings.methods, server, sizeof(server));
	pair_run(&p);
	cr_expect(p.peer_success && p.server_success); /* RFC 5433 10: EAP-NAK, here for EAP-PSK */
	cr_expect_eq(pair_breaches(&p), 0);
	pair_clear(&p);
}

Test(eap_roles, a_notification_is_answered_and_changes_nothing)
{
	struct pair p;

	pair_init(&p, METHOD_PSK);
	p.server_role.settings.notify = true;
	pair_run(&p);
	cr_expect(p.peer_success && p.server_success);
	cr_expect_eq(pair_breaches(&p), 0);
	pair_clear(&p);
}

/* Every message twice: to both ends, as if the lower layer had repeated it. */
static bool twice(struct pair *p, bool to_peer, uint8_t *octets, size_t *length)
{
	const struct eap_output *out;
	uint8_t copy[EAP_ROLE_OCTETS];
	size_t copied;

	if (!to_peer || octets[0] != EAP_REQUEST)
		return true;
	out = eap_peer_receive(p->peer, (struct octets){octets, *length});
	copied = out->message.length;
	cr_assert(copied);
	memcpy(copy, out->message.octets, copied);
	out = eap_peer_receive(p->peer, (struct octets){octets, *length});
	cr_expect_eq(out->message.length, copied); /* RFC 3748 4.1: the original Response */
	cr_expect_arr_eq(out->message.octets, copy, copied);
	return true;
}

Test(eap_roles, a_repeated_request_gets_the_same_response)
{
	struct pair p;

	for (size_t i = 0; i < 3; i++) {
		pair_init(&p, all_methods[i]);
		p.change = twice;
		pair_run(&p);
		cr_expect(p.peer_success && p.server_success);
		pair_clear(&p);
	}
}

/* RADIUS: the NAS asks for the identity, and the server sees the Response first. */
Test(eap_roles, the_server_takes_up_a_conversation_at_the_identity_response)
{
	static const uint8_t ask[] = {1, 7, 0, 5, 1};
	struct pair p;

	pair_init(&p, METHOD_PSK);
	pair_go_on(&p, (struct octets){ask, sizeof(ask)}, true);
	cr_expect(p.peer_success && p.server_success);
	cr_expect_eq(pair_breaches(&p), 0);
	pair_clear(&p);
}

static void authenticate_with_erp(struct pair *p)
{
	pair_init(p, METHOD_GPSK_1);
	p->peer_role.settings.erp = p->server_role.settings.erp = true;
	strcpy(p->peer_role.settings.identity, "user1");
	pair_run(p);
	cr_assert(p->peer_success && p->server_success);
	p->peer_success = p->server_success = false;
}

static void next_conversation(struct pair *p)
{
	eap_server_free(p->server);
	p->server = eap_server_new(&p->server_role);
	eap_peer_restart(p->peer);
}

Test(eap_roles, erp_gives_both_ends_the_same_rmsk)
{
	struct pair p;
	uint8_t before[64];

	authenticate_with_erp(&p);
	memcpy(before, eap_peer_msk(p.peer)->octets, 64);
	for (int i = 0; i < 3; i++) {
		next_conversation(&p);
		pair_go_on(&p, eap_peer_initiate(p.peer)->message, false);
		cr_expect(p.peer_success && p.server_success);
		cr_expect_eq(eap_peer_msk(p.peer)->length, 64); /* RFC 6696 4.6: as the rRK */
		cr_expect_arr_eq(eap_peer_msk(p.peer)->octets, eap_server_msk(p.server)->octets,
				 64);
		cr_expect_arr_neq(eap_peer_msk(p.peer)->octets, before, 64);
		memcpy(before, eap_peer_msk(p.peer)->octets, 64);
	}
	cr_expect_eq(pair_breaches(&p), 0);
	pair_clear(&p);
}

Test(eap_roles, re_auth_start_begins_erp)
{
	struct pair p;

	authenticate_with_erp(&p);
	next_conversation(&p);
	pair_run(&p);
	cr_expect_eq(p.last[0], EAP_FINISH);
	cr_expect(p.peer_success && p.server_success);
	cr_expect_eq(pair_breaches(&p), 0);
	pair_clear(&p);
}

Test(eap_roles, a_peer_without_erp_ignores_re_auth_start_and_is_asked_for_its_identity)
{
	struct pair p;
	const struct eap_output *out;

	authenticate_with_erp(&p);
	next_conversation(&p);
	p.peer_role.settings.erp = false;
	pair_run(&p);
	cr_expect(p.peer_discarded); /* RFC 6696 5.3.1.2 */
	out = eap_server_retransmit(p.server);
	pair_go_on(&p, out->message, true);
	cr_expect(p.peer_success && p.server_success);
	cr_expect_eq(pair_breaches(&p), 0);
	pair_clear(&p);
}

Test(eap_roles, a_replayed_initiate_is_refused_under_a_tag)
{
	struct pair p;
	uint8_t initiate[512];
	size_t length;
	const struct eap_output *out;

	authenticate_with_erp(&p);
	next_conversation(&p);
	out = eap_peer_initiate(p.peer);
	length = out->message.length;
	memcpy(initiate, out->message.octets, length);
	cr_assert(eap_server_receive(p.server, (struct octets){initiate, length})->success);
	out = eap_server_receive(p.server, (struct octets){initiate, length});
	cr_expect(out->failure); /* RFC 6696 5.2, 5.2.2: Result 1, protected */
	cr_expect_eq(out->message.octets[5] & EAP_ERP_R, EAP_ERP_R);
	out = eap_peer_receive(p.peer, out->message);
	cr_expect(out->failure);
	pair_clear(&p);
}

Test(eap_roles, an_unknown_name_is_refused_and_the_peer_waits)
{
	struct pair p;
	const struct eap_output *out;

	authenticate_with_erp(&p);
	next_conversation(&p);
	erp_keys_free(p.server_role.erp_keys);
	p.server_role.erp_keys = NULL;
	out = eap_server_receive(p.server, eap_peer_initiate(p.peer)->message);
	cr_expect(out->failure);
	out = eap_peer_receive(p.peer, out->message);
	cr_expect(out->discarded); /* RFC 6696 5.2.2: nobody has signed it */
	pair_clear(&p);
}

Test(eap_roles, a_cryptosuite_of_the_servers_list_is_tried_once)
{
	struct pair p;

	authenticate_with_erp(&p);
	next_conversation(&p);
	erp_keys_newest(&p.server_role)->cryptosuite = 3; /* another is not accepted any more */
	pair_go_on(&p, eap_peer_initiate(p.peer)->message, false);
	cr_expect(p.peer_success);
	cr_expect_eq(erp_keys_newest(&p.peer_role)->cryptosuite, 3);
	cr_expect_arr_eq(eap_peer_msk(p.peer)->octets, eap_server_msk(p.server)->octets, 64);
	pair_clear(&p);
}

Test(eap_roles, retransmissions_are_the_same_and_end)
{
	struct pair p;
	const struct eap_output *out;
	uint8_t first[5];

	pair_init(&p, METHOD_PSK);
	out = eap_server_start(p.server);
	cr_assert_eq(out->message.length, 5);
	memcpy(first, out->message.octets, 5);
	for (int i = 0; i < 5; i++) { /* RFC 3748 4.3: 3 to 5 */
		out = eap_server_retransmit(p.server);
		cr_expect_eq(out->message.length, 5);
		cr_expect_arr_eq(out->message.octets, first, 5);
	}
	out = eap_server_retransmit(p.server);
	cr_expect(out->failure);
	cr_expect_str_eq(eap_server_state(p.server), "TIMEOUT_FAILURE");
	pair_clear(&p);
}

/* Any octets: nothing breaks, and what goes on is bounded. */
static bool damage(struct pair *p, bool to_peer, uint8_t *octets, size_t *length)
{
	uint64_t random;

	(void)to_peer;
	p->environment.ops->random(&p->environment, (uint8_t *)&random, sizeof(random));
	if (random % 3 == 0 && *length)
		octets[(random >> 8) % *length] = (uint8_t)(random >> 32);
	if (random % 7 == 0)
		*length = (random >> 16) % (*length + 1);
	return random % 11 != 0;
}

Test(eap_roles, damaged_conversations_end_in_a_state_and_no_disagreement)
{
	struct pair p;

	for (unsigned seed = 0; seed < 3000; seed++) {
		pair_init(&p, all_methods[seed % 3]);
		p.seed = seed;
		p.change = damage;
		pair_run(&p);
		if (p.peer_success && p.server_success)
			cr_assert_arr_eq(eap_peer_msk(p.peer)->octets,
					 eap_server_msk(p.server)->octets, 64);
		pair_clear(&p);
	}
}
