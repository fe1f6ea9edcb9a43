/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole conversations: what is verified, opened and derived, and that a correct one breaks no rule.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "protocols/crypto/kdf.h"
#include "protocols/eap/session.h"
#include "talk.h"

static struct talk t;

static void begin(void)
{
	talk_begin(&t);
}

static void end(void)
{
	talk_end(&t);
}

TestSuite(eap_session, .init = begin, .fini = end);

static void expect_silence(void)
{
	cr_assert_eq(t.told.note_count, 0, "%s", t.told.first);
	cr_assert_not(t.told.outside, "an offset was outside its source");
	cr_assert_eq(t.told.depth, 0);
}

static uint64_t said(enum eap_field field)
{
	cr_assert(t.told.values[field], "%s was not said", eap_fields[field].name);
	return t.told.number[field];
}

#define PSK  "@id | @psk1 | @psk2 | @psk3 80 | @psk4 80 | @success"
#define GPSK "@id | @gpsk1 | @gpsk2 | @gpsk3 | @gpsk4 | @success"

Test(eap_session, psk_is_verified_and_opened)
{
	talk(&t, PSK);
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 4, "MAC_P, MAC_S and two tags");
	cr_assert_eq(t.base.verdicts[VERDICT_VERIFIED], 4);
	cr_assert_eq(t.told.sources, 2, "both channels are opened");
	cr_assert_eq(said(EAP_F_PSK_R), EAP_PSK_DONE_SUCCESS);
	cr_assert_eq(eap_conversation_outcome(t.c), EAP_SUCCESS);
	cr_assert_str_eq(eap_conversation_identity(t.c), "peer.user@lab.example");
	cr_assert(eap_conversation_key_generating(t.c));
	cr_assert_eq(eap_conversation_msk(t.c)->length, 64);
	cr_assert_arr_eq(eap_conversation_msk(t.c)->octets, t.psk_keys.msk.octets, 64);
	cr_assert_arr_eq(eap_conversation_emsk(t.c)->octets, t.psk_keys.emsk.octets, 64);
	cr_assert_eq(t.told.values[EAP_F_KEY_MSK], 1, "said once");
}

Test(eap_session, gpsk_suite_1_is_verified_and_opened)
{
	/* One payload of vendor 1, type 2, three octets, padded to a block. */
	talk(&t, "@id | @gpsk1 | @gpsk2 a1 000000010002 0003 'abc' 00*4 04"
		 "| @gpsk3 a2 000000010002 0003 'abc' 00*4 04"
		 "| @gpsk4 a3 000000010002 0003 'abc' 00*4 04 | @success");
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 3);
	cr_assert_eq(t.told.sources, 3);
	cr_assert_eq(t.told.values[EAP_F_GPSK_PDATA_VALUE], 3);
	cr_assert_arr_eq(t.told.octets[EAP_F_GPSK_PDATA_VALUE], "abc", 3);
	cr_assert_arr_eq(eap_conversation_msk(t.c)->octets, t.gpsk_keys.msk.octets, 64);
}

Test(eap_session, gpsk_suite_2_is_verified_and_shown)
{
	talk(&t, "@suite 02 | @id | @gpsk1 | @gpsk2 00 000000010002 0003 'abc' 00"
		 "| @gpsk3 00 000000010002 0003 'abc' 00"
		 "| @gpsk4 00 000000010002 0003 'abc' 00 | @success");
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 3);
	cr_assert_eq(t.told.values[EAP_F_GPSK_PDATA_VALUE], 3);
	cr_assert_eq(t.told.sources, 1, "only GPSK-4 does not say by itself what the suite is");
}

Test(eap_session, gpsk_failure_is_a_failure)
{
	talk(&t, "@id | @gpsk1 | @gpsk2 | @fail 02 | @failed 02 | @failure");
	expect_silence();
	cr_assert_eq(eap_conversation_outcome(t.c), EAP_FAILURE);
}

Test(eap_session, erp_is_verified_and_yields_the_rmsk)
{
	talk(&t, "@init 00 | @finish 00 | @init 01 | @finish 01");
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 4);
	cr_assert_eq(eap_conversation_outcome(t.c), EAP_SUCCESS);
	cr_assert_eq(eap_conversation_msk(t.c)->length, 64);
	cr_assert_eq(t.told.values[EAP_F_KEY_RMSK], 2, "one for each SEQ");
}

/* Of a full authentication the EMSK is filed under its name, by which ERP finds it. */
Test(eap_session, erp_finds_the_emsk_that_a_method_derived)
{
	char name[17];
	bool found = false;

	talk(&t, PSK);
	for (size_t i = 0; i < 8; i++)
		snprintf(name + 2 * i, 3, "%02x", t.told.octets[EAP_F_KEY_EMSK_NAME][i]);
	for (size_t i = 0; i < key_store_count(t.keys); i++) {
		const struct key_row *row = key_store_row(t.keys, i);

		if (row->type == KEY_EMSK && !strcmp(row->identity, name))
			found = !memcmp(row->octets, t.psk_keys.emsk.octets, 64);
	}
	cr_assert(found);
}

Test(eap_session, a_nak_a_notification_and_an_expanded_type_are_correct)
{
	talk(&t, "@id | 01 N LL 0d 20 | 02 C LL 03 2f 33 | @psk1 | @psk2 | 01 N LL 02 'Hello' |"
		 "02 C LL 02 | @psk3 80 | @psk4 80 | @success");
	expect_silence();
	cr_assert_eq(t.told.values[EAP_F_NAK_TYPE], 2, "every type of the list");
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 4);
	talk(&t, "@id | 01 N LL fe 372a01 00000001 | 02 C LL fe 000000 00000003 fe 000000 0000002f"
		 "fe 372a02 00000007 | @failure");
	expect_silence();
	cr_assert_eq(t.told.values[EAP_F_EXT_NAK_VENDOR], 2);
	cr_assert_eq(said(EAP_F_EXT_NAK_VENDOR), 0x372a02, "all 24 bits");
}

static void key(const char *type, const char *identity, const char *octets)
{
	char error[200];

	cr_assert(key_store_add_text(t.keys, type, identity, octets, error, sizeof(error)), "%s",
		  error);
}

static void forget_keys(void)
{
	eap_conversation_free(t.c);
	key_store_free(t.keys);
	t.keys = key_store_new();
	t.c = eap_conversation_new(t.keys);
}

Test(eap_session, without_a_key_nothing_is_checked)
{
	forget_keys();
	talk(&t, PSK);
	talk(&t, "@rand 60 |" GPSK);
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_NO_KEY], 4 + 3);
	cr_assert_eq(eap_conversation_msk(t.c)->length, 0);
}

Test(eap_session, a_wrong_key_is_not_the_devices_fault)
{
	forget_keys();
	key("eap-psk", "*", "text:notThePassphrase");
	key("eap-gpsk", "*", "text:not the key, but as long as it should be");
	talk(&t, PSK);
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_WRONG_KEY], 4);
	cr_assert_eq(eap_conversation_msk(t.c)->length, 64, "a candidate, to be seen wrong");
	talk(&t, "@rand 60 |" GPSK);
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_WRONG_KEY], 4 + 3);
	cr_assert_eq(key_store_count(t.keys), 2, "nothing unverified is handed on");
	cr_assert_eq(t.told.values[EAP_F_KEY_MSK], 0);
}

Test(eap_session, all_keys_are_tried_those_of_the_identity_first)
{
	forget_keys();
	key("eap-psk", "*", "text:notThePassphrase");
	key("eap-psk", "somebody else", "text:SecretPassphrase");
	key("eap-psk", "peer.user@lab.example", "text:neitherIsThisOne");
	key("eap-psk", "*", "text:SecretPassphrase");
	talk(&t, PSK);
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 4);
}

Test(eap_session, the_key_of_the_identity_response_serves_too)
{
	forget_keys();
	key("eap-psk", "routing@lab.example", "text:SecretPassphrase");
	talk(&t, "01 N LL 01 | 02 C LL 01 'routing@lab.example' | @psk1 | @psk2 | @psk3 80 |"
		 "@psk4 80 | @success");
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 4);
	cr_assert_str_eq(eap_conversation_identity(t.c), "peer.user@lab.example");
}

Test(eap_session, a_forged_value_is_told_from_a_wrong_key)
{
	talk(&t, "@id | @psk1 | @psk2 | @psk3! 80 | @psk4 80 | @success");
	cr_assert_eq(t.told.verdicts[VERDICT_FORGED], 1);
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 3);
	cr_assert_eq(said(EAP_F_PSK_MAC_S_STATUS), VERDICT_FORGED);
	cr_assert_eq(t.told.notes[EAP_R_4764_MAC_S], 1);
}

Test(eap_session, a_forged_second_message_does_not_disturb_the_session)
{
	talk(&t, "@id | @psk1 | @psk2 | @rand 70 | @psk2! | @rand 50 | @psk3 80 | @psk4 80");
	cr_assert_eq(t.told.verdicts[VERDICT_FORGED], 1);
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 4);
	cr_assert_arr_eq(eap_conversation_msk(t.c)->octets, t.psk_keys.msk.octets, 64);
}

Test(eap_session, a_retransmission_is_verified_again_and_changes_nothing)
{
	talk(&t, "@id | @psk1 | @again | @psk2 | @again | @psk3 80 | @again | @psk4 80 | @again |"
		 "@success | @again");
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 8);
	cr_assert_eq(t.told.values[EAP_F_RETRANSMISSION_OF], 4);
	cr_assert_eq(said(EAP_F_RETRANSMISSION_OF), 9, "the frame of the fourth message");
	talk(&t, "@rand 60 | @id | @gpsk1 | @gpsk2 | @again | @gpsk3 | @again | @gpsk4 | @again |"
		 "@success");
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 8 + 6);
}

Test(eap_session, a_capture_may_begin_in_the_middle)
{
	t.nonce = 1;
	talk(&t, "@psk4 80 | @success");
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_NO_AUTHENTICATION], 1);
	t.nonce = 0;
	talk(&t, "@psk3 80 | @psk4 80 | @success");
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_NO_AUTHENTICATION], 4);
	talk(&t, "@gpsk3 | @gpsk4 | @success");
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_NO_AUTHENTICATION], 6);
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 0);
}

/* Without ID_S the MACs cannot be checked, but the channel can: its key needs RAND_P alone. */
Test(eap_session, a_capture_that_begins_with_the_second_message_opens_the_channel)
{
	t.nonce = 0;
	talk(&t, "@psk2 | @psk3 80 | @psk4 80 | @success");
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_NO_AUTHENTICATION], 2);
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 2);
	cr_assert_eq(t.told.sources, 2);
	cr_assert_arr_eq(eap_conversation_msk(t.c)->octets, t.psk_keys.msk.octets, 64);
}

Test(eap_session, gpsk_needs_the_second_message_alone)
{
	talk(&t, "@gpsk2 | @gpsk3 | @gpsk4 | @success");
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 3);
}

Test(eap_session, a_second_authentication_has_its_own_keys)
{
	uint8_t first[64];

	talk(&t, PSK);
	memcpy(first, eap_conversation_msk(t.c)->octets, 64);
	talk(&t, "@rand 60 |" PSK);
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 8);
	cr_assert_arr_neq(eap_conversation_msk(t.c)->octets, first, 64);
	talk(&t, "@rand 70 | @psk1 | @psk2 | @rand 80 | @psk1 | @psk2 | @psk3 80 | @psk4 80 |"
		 "@success");
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 8 + 5, "broken off, begun anew");
}

/* RADIUS shows no Identity Request: a Response begins an authentication, also in the midst of one.
 */
Test(eap_session, behind_a_pass_through_a_response_begins)
{
	talk(&t, "@radius | 02 N LL 01 'a' | @psk1 | @psk2 | 02 N LL 01 'a' | @rand 60 | @psk1 |"
		 "@psk2 | @psk3 80 | @psk4 80 | @success");
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 1 + 4);
	talk(&t, "02 N LL 01 'a' | @rand 70 | @gpsk1 | @gpsk2 | @gpsk3 | @gpsk4 | @success");
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 1 + 4 + 3);
}

Test(eap_session, messages_out_of_order_do_not_stop_it)
{
	talk(&t, "@id | @psk1 | @psk3 80 | @psk2 | @psk4 80");
	cr_assert_eq(t.told.verdicts[VERDICT_NO_AUTHENTICATION], 2, "MAC_S and tag came early");
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 2, "MAC_P and the other tag");
	cr_assert_arr_eq(eap_conversation_msk(t.c)->octets, t.psk_keys.msk.octets, 64);
}

/* A local server's keys come of the DSRK (RFC 5295 3.2), its domain being the realm. */
Test(eap_session, erp_with_a_local_server_is_verified)
{
	struct secret dsrk;

	cr_assert(kdf_usrk((struct octets){t.emsk.octets, 64}, "dsrk@ietf.org",
			   (struct octets){(const uint8_t *)"lab.example", 11}, &dsrk));
	cr_assert(erp_rrk((struct octets){dsrk.octets, dsrk.length}, &t.rrk));
	talk(&t, "@init 00 | @finish 00");
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 2);
}

Test(eap_session, a_restart_keeps_the_identity_alone)
{
	talk(&t, PSK);
	eap_conversation_restart(t.c);
	cr_assert_str_eq(eap_conversation_identity(t.c), "peer.user@lab.example");
	cr_assert_eq(eap_conversation_msk(t.c)->length, 0);
	cr_assert_eq(eap_conversation_outcome(t.c), 0);
}

Test(eap_session, an_answer_is_linked_to_its_request)
{
	talk(&t, "@id | @psk1 | @psk2");
	cr_assert_eq(said(EAP_F_REQUEST_IN), 3);
	cr_assert_eq(said(EAP_F_RESPONSE_TIME), 1000000);
}

Test(eap_session, offsets_count_from_the_origin)
{
	t.origin = 1000;
	talk(&t, "@id | @psk1 | @psk2 | @psk3! 80 | @psk4 80 | @success");
	cr_assert_not(t.told.outside);
}

Test(eap_session, an_extended_authentication_is_followed)
{
	talk(&t, "@id | @psk1 | @psk2 | @psk3 60 ff 'offer' | @psk4 60 ff 'more' |"
		 "@psk5 a0 ff 'done' | @psk4 a0 ff 'done' | @success");
	expect_silence();
	cr_assert_eq(t.told.verdicts[VERDICT_VERIFIED], 6);
	cr_assert_eq(said(EAP_F_PSK_EXT_TYPE), 255);
}

Test(eap_session, fragments_of_eap_tls_are_acknowledged)
{
	talk(&t, "@id | 01 N LL 0d 20 | 02 C LL 0d c0 00000008 1603 | 01 N LL 0d 00 |"
		 "02 C LL 0d 00 010203040506 | 01 N LL 0d 00 1603 | 02 C LL 0d 00 | @success");
	expect_silence();
	cr_assert(eap_conversation_key_generating(t.c));
}

Test(eap_session, nulls_of_an_identity_are_written_out)
{
	talk(&t, "01 N LL 01 | 02 C LL 01 'a' 00 'b'");
	cr_assert_str_eq(eap_conversation_identity(t.c), "a\\x00b");
}

Test(eap_session, describes_itself)
{
	struct talk_reader told;

	talk(&t, PSK);
	talk_reader_begin(&told);
	eap_conversation_describe_ends(t.c, &told.reader);
	eap_conversation_describe(t.c, &told.reader);
	cr_assert_eq(told.number[EAP_F_SESSION_METHOD], EAP_TYPE_PSK);
	cr_assert_eq(told.number[EAP_F_SESSION_OUTCOME], EAP_SUCCESS);
	cr_assert_eq(told.values[EAP_F_SESSION_PEER], 1);
	cr_assert_eq(told.values[EAP_F_KEY_MSK], 1);
	cr_assert_eq(told.length[EAP_F_SESSION_SERVER_ID], strlen("server@lab.example"));
}

/* ---- the tracker ---- */

static struct conversation *track(struct eap_tracker *tracker, const uint8_t *from,
				  const uint8_t *to, const char *text)
{
	struct talk one;
	struct eap_message m;
	struct walk w;
	struct passage p = {.frame = 1, .carrier = CARRIER_EAPOL};

	talk_begin(&one);
	one.walk_only = true;
	talk(&one, text);
	p.source.address = address_of(ADDRESS_ETHERNET, from);
	p.destination.address = address_of(ADDRESS_ETHERNET, to);
	w = walk_of(one.octets, one.length, NULL);
	eap_walk(&w, &m);
	talk_end(&one);
	return eap_track(tracker, &p, 0, &m, 0, NULL);
}

Test(eap_session, eapol_conversations_are_told_by_addresses)
{
	static const uint8_t a[6] = {2, 0, 0, 0, 0, 1}, b[6] = {2, 0, 0, 0, 0, 2};
	static const uint8_t x[6] = {2, 0, 0, 0, 0, 9};
	static const uint8_t group[6] = {1, 0x80, 0xc2, 0, 0, 3};
	struct eap_tracker *tracker = eap_tracker_new(t.keys, 0, NULL, NULL);
	struct conversation *first = track(tracker, x, a, "01 N LL 01");
	struct conversation *second = track(tracker, x, b, "01 N LL 01");

	cr_assert_neq(first, second);
	cr_assert_eq(track(tracker, a, x, "02 01 LL 01 'a'"), first);
	cr_assert_eq(track(tracker, b, group, "02 01 LL 01 'b'"), second,
		     "the peer answers to the group address");
	cr_assert_eq(first->messages, 2);
	eap_tracker_free(tracker);
	tracker = eap_tracker_new(t.keys, 0, NULL, NULL);
	first = track(tracker, x, group, "01 N LL 01");
	cr_assert_eq(track(tracker, a, group, "02 01 LL 01 'a'"), first, "a link of two");
	eap_tracker_free(tracker);
}
