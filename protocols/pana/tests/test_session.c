/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sessions: verdicts, phases, keys, and which message belongs to which. */
#include "listener.h"

#include <criterion/criterion.h>
#include <string.h>

/* A row says what is not usual. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define PLAN(...)                     \
	(const enum scenario_part[])  \
	{                             \
		__VA_ARGS__, PART_END \
	}
#define PATCHES(...)                    \
	(const struct scenario_patch[]) \
	{                               \
		__VA_ARGS__,            \
		{                       \
			NULL            \
		}                       \
	}

enum { INITIATION = 1, AUTH, ACCESS, REAUTH, TERMINATION, CLOSED };

static struct listener *play(const struct scenario_options *options,
			     const struct scenario_patch *patches)
{
	struct listener *l = listener_new();

	cr_assert(listener_play(l, options, patches), "the scenario cannot be made");
	return l;
}

static void expect_text(const struct listener *l, const char *field, const char *wanted)
{
	const struct heard_value *v = listener_value(l, field, 0);

	cr_assert(v, "%s is not told", field);
	cr_expect(v->length == strlen(wanted) && !memcmp(v->octets, wanted, v->length),
		  "%s: \"%.*s\"", field, (int)v->length, (const char *)v->octets);
}

/* ---- verdicts: never one word for two of them ---- */

Test(pana_session, wrong_key_is_told_from_forged)
{
	const struct scenario_options options = {.method = PLAY_PSK};
	struct scenario s = {0};
	struct listener *l = listener_new();

	cr_assert(scenario_pana(&options, NULL, &s));
	listener_hear(l, &s, "\"eap-psk\",\"user1\",\"text:NotThePassphrase\"\n", 0);
	cr_expect(l->verdicts[VERDICT_WRONG_KEY] == 8);
	cr_expect(listener_noted(l, NULL) == 0, "a wrong key is nobody's defect:%s",
		  listener_text(l));
	listener_free(l);
	scenario_clear(&s);

	l = play(&options, PATCHES({"PNA 1", PATCH_AVP_FLIP, PANA_AVP_AUTH, .late = true}));
	cr_expect(l->verdicts[VERDICT_FORGED] == 1 && l->verdicts[VERDICT_VERIFIED] == 7);
	listener_free(l);
}

Test(pana_session, without_a_key_nothing_is_claimed)
{
	const struct scenario_options options = {.method = PLAY_PSK};
	struct scenario s = {0};
	struct listener *l = listener_new();

	cr_assert(scenario_pana(&options, NULL, &s));
	listener_hear(l, &s, NULL, 0);
	cr_expect(l->verdicts[VERDICT_NO_KEY] == 8);
	cr_expect(listener_noted(l, NULL) == 0, "%s", listener_text(l));
	listener_free(l);
	scenario_clear(&s);
}

Test(pana_session, an_msk_of_the_key_table_opens_what_eap_does_not)
{
	const struct scenario_options options = {.method = PLAY_TLS};
	struct scenario s = {0};
	struct listener *l = listener_new();

	cr_assert(scenario_pana(&options, NULL, &s));
	listener_hear(l, &s, NULL, 0);
	cr_expect(l->verdicts[VERDICT_NO_KEY] == 8);
	listener_free(l);
	scenario_clear(&s);
	l = play(&options, NULL); /* with the row */
	cr_expect(l->verdicts[VERDICT_VERIFIED] == 8);
	listener_free(l);
}

Test(pana_session, a_key_id_that_nobody_has_named_is_told_so)
{
	const struct scenario_options options = {.method = PLAY_PSK};
	struct listener *l =
		play(&options, PATCHES({"PAN 5", PATCH_AVP_NUMBER, PANA_AVP_KEY_ID, 4711}));

	cr_expect(l->verdicts[VERDICT_UNKNOWN_KEY_ID] == 1);
	cr_expect(l->verdicts[VERDICT_VERIFIED] == 7);
	listener_free(l);
	/* The last PAR names none at all: there is no telling the key of any AUTH. */
	l = play(&options, PATCHES({"PAR 5", PATCH_AVP_REMOVE, PANA_AVP_KEY_ID}));
	cr_expect(l->verdicts[VERDICT_UNKNOWN_KEY_ID] == 8, "%u",
		  l->verdicts[VERDICT_UNKNOWN_KEY_ID]);
	listener_free(l);
}

Test(pana_session, algorithms_that_assay_lacks_are_told_so)
{
	const struct scenario_options tiger = {.method = PLAY_PSK, .prf = 3};
	const struct scenario_options gmac = {.method = PLAY_PSK, .integrity = 9};
	struct listener *l = play(&tiger, NULL);

	cr_expect(l->verdicts[VERDICT_UNSUPPORTED] == 8);
	cr_expect(listener_noted(l, NULL) == 0, "%s", listener_text(l));
	listener_free(l);
	l = play(&gmac, NULL);
	cr_expect(l->verdicts[VERDICT_UNSUPPORTED] == 8);
	listener_free(l);
}

Test(pana_session, a_capture_that_begins_in_the_middle_says_so)
{
	const struct scenario_options options = {.method = PLAY_PSK};
	struct scenario s = {0};
	struct listener *l = listener_new();

	cr_assert(scenario_pana(&options, NULL, &s) && scenario_skip(&s, "PNR 1"));
	listener_hear(l, &s, scenario_keys, 0);
	cr_expect(l->verdicts[VERDICT_NO_AUTHENTICATION] == 6);
	cr_expect(listener_noted(l, NULL) == 0, "%s", listener_text(l));
	expect_text(l, "pana.session.progress", "joined in the middle, complete, to termination");
	expect_text(l, "pana.session.pac", "10.0.0.16:49152");
	listener_free(l);
	scenario_clear(&s);
}

/* ---- phases, RFC 5609 ---- */

Test(pana_session, phases_follow_the_messages)
{
	const struct scenario_options options = {
		.method = PLAY_PSK,
		.plan = PLAN(PART_AUTHENTICATION, PART_REAUTH_BY_PAC, PART_TERMINATION_BY_PAC)};
	static const unsigned wanted[] = {INITIATION,  AUTH,
					  AUTH,        AUTH,
					  AUTH,        AUTH,
					  AUTH,        AUTH,
					  AUTH,        AUTH,
					  ACCESS, /* PAN 5 */
					  ACCESS,      /* PNR 1 */ REAUTH,
					  REAUTH,      REAUTH,
					  REAUTH,      REAUTH,
					  REAUTH,      REAUTH,
					  REAUTH,      ACCESS,
					  TERMINATION, CLOSED};
	struct listener *l = play(&options, NULL);

	for (unsigned i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		const struct heard_value *phase = listener_value(l, "pana.phase", i);

		cr_assert(phase);
		cr_expect(phase->number == wanted[i], "frame %u: phase %lu, wanted %u", i + 1,
			  (unsigned long)phase->number, wanted[i]);
	}
	expect_text(l, "pana.session.progress", "complete, to termination");
	cr_expect(listener_value(l, "pana.session.reauthentications", 0)->number == 1);
	listener_free(l);
}

Test(pana_session, a_refusal_closes_the_session)
{
	const struct scenario_options options = {
		.method = PLAY_PSK, .refuse = true, .plan = PLAN(PART_AUTHENTICATION)};
	struct listener *l = play(&options, NULL);

	expect_text(l, "pana.session.progress", "access refused");
	cr_expect(listener_value(l, "pana.session.result", 0)->number == 1);
	listener_free(l);
}

/* ---- keys ---- */

Test(pana_session, keys_are_those_that_the_peers_derive_and_change_at_the_last_par)
{
	const struct scenario_options options = {.method = PLAY_PSK,
						 .encrypt = true,
						 .plan = PLAN(PART_AUTHENTICATION, PART_PING_BY_PAC,
							      PART_REAUTH_BY_PAC,
							      PART_PING_BY_PAC)};
	/* PAR 5 is frame 10; PNR and PNA of ping and request, and PAR 6 to 8 with answers follow.
	 */
	static const uint32_t frames[] = {10, 22};
	struct scenario s = {0};
	struct listener *l = listener_new();

	cr_assert(scenario_pana(&options, NULL, &s) && s.msk_count == 2);
	listener_hear(l, &s, scenario_keys, 0);
	for (unsigned i = 0; i < 2; i++) {
		const struct heard_value *key = listener_value(l, "pana.auth_key", i);

		cr_assert(key);
		cr_expect(key->frame == frames[i], "key %u in frame %u", i, key->frame);
		cr_expect(key->length == s.auth_key[i].length &&
			  !memcmp(key->octets, s.auth_key[i].octets, key->length));
	}
	cr_expect(listener_value(l, "pana.pac_encr_key", 1)->frame == 22);
	listener_free(l);
	scenario_clear(&s);
}

Test(pana_session, encrypted_avps_are_opened_by_the_sender_s_key)
{
	const struct scenario_options options = {.method = PLAY_PSK, .encrypt = true};
	struct listener *l = play(&options, NULL);

	/* In the last PAR and in the answer to the PaC's ping; the request in that ping. */
	cr_expect(listener_value(l, "pana.zigbee.network_key", 0)->frame == 10);
	cr_expect(listener_value(l, "pana.zigbee.network_key", 1)->frame == 13);
	cr_expect(listener_value(l, "pana.zigbee.request_key_index", 0)->frame == 12);
	listener_free(l);
}

/* RFC 5191 5.5: an invalid message changes nothing. */
Test(pana_session, a_forged_last_par_changes_no_keys)
{
	const struct scenario_options options = {
		.method = PLAY_PSK, .plan = PLAN(PART_AUTHENTICATION, PART_PING_BY_PAC)};
	struct listener *l =
		play(&options, PATCHES({"PNR 1", PATCH_INSERT, .number = PART_LAST_PAR},
				       {"PAR 6", PATCH_AVP_ADD, PANA_AVP_KEY_ID, 4711},
				       {"PAR 6", PATCH_AVP_FLIP, PANA_AVP_AUTH, .late = true},
				       {"PAN 6", PATCH_DROP}));

	cr_expect(l->verdicts[VERDICT_FORGED] == 1, "%s", listener_text(l));
	cr_expect(l->verdicts[VERDICT_VERIFIED] == 4, "the ping is verified under the old key");
	cr_expect(listener_noted(l, "rfc5191-reauth-new-key") == 0);
	listener_free(l);
}

Test(pana_session, an_unprotected_message_moves_no_session)
{
	const struct scenario_options options = {
		.method = PLAY_PSK, .plan = PLAN(PART_AUTHENTICATION, PART_PING_BY_PAC)};
	struct listener *l = play(&options, PATCHES({"PNR 1", PATCH_SOURCE, .number = 77},
						    {"PNR 1", PATCH_AVP_REMOVE, PANA_AVP_AUTH}));

	expect_text(l, "pana.session.pac", "10.0.0.16:49152");
	cr_expect(l->sessions == 1);
	listener_free(l);
}

/* ---- which session ---- */

Test(pana_session, a_pac_that_moves_keeps_its_session)
{
	const struct scenario_options options = {.method = PLAY_PSK,
						 .plan = PLAN(PART_AUTHENTICATION, PART_MOVE,
							      PART_PING_BY_PAC, PART_PING_BY_PAA,
							      PART_MOVE, PART_TERMINATION_BY_PAC)};
	struct listener *l = play(&options, NULL);

	cr_expect(l->sessions == 1, "%zu sessions", l->sessions);
	cr_expect(l->verdicts[VERDICT_VERIFIED] == 8);
	cr_expect(listener_noted(l, NULL) == 0, "%s", listener_text(l));
	listener_free(l);
}

/* Several PaCs and one PAA, message by message in turns. */
static struct listener *crossed(unsigned count, size_t limit, bool loopback)
{
	struct scenario s = {0};
	struct listener *l = listener_new();

	for (unsigned i = 0; i < count; i++) {
		const struct scenario_options options = {.method = i % 2 ? PLAY_GPSK_2 : PLAY_PSK,
							 .instance = i,
							 .loopback = loopback,
							 .paa_isn = 1000,
							 .pac_isn = 1000,
							 .start = 1000000000u + i * 1000000u};

		cr_assert(scenario_pana(&options, NULL, &s));
	}
	scenario_sort(&s);
	listener_hear(l, &s, scenario_keys, limit);
	scenario_clear(&s);
	return l;
}

Test(pana_session, crossed_sessions_are_told_apart)
{
	for (unsigned loopback = 0; loopback < 2; loopback++) {
		struct listener *l = crossed(3, 0, loopback);

		cr_expect(l->sessions == 3, "%zu sessions", l->sessions);
		cr_expect(l->verdicts[VERDICT_VERIFIED] == 24, "%u", l->verdicts[VERDICT_VERIFIED]);
		cr_expect(listener_noted(l, NULL) == 0, "%s", listener_text(l));
		listener_free(l);
	}
}

/* RFC 5191 5.7: neither side knows a session whose lifetime has run out. */
Test(pana_session, a_pci_after_the_lifetime_begins_another_session)
{
	const struct scenario_options options = {
		.method = PLAY_PSK,
		.lifetime = 10,
		.plan = PLAN(PART_AUTHENTICATION, PART_AUTHENTICATION, PART_PING_BY_PAC)};
	struct listener *l = play(&options, PATCHES({"PCI 2", PATCH_DELAY, .number = 20000}));

	cr_expect(l->sessions == 2, "%zu sessions", l->sessions);
	cr_expect(l->verdicts[VERDICT_VERIFIED] == 6);
	cr_expect(listener_noted(l, NULL) == 0, "%s", listener_text(l));
	listener_free(l);
	l = play(&options, NULL); /* before it has run out, the PCI is unexpected */
	cr_expect(listener_noted(l, "rfc5191-pci-unexpected") == 1, "%s", listener_text(l));
	cr_expect(l->verdicts[VERDICT_VERIFIED] == 6);
	listener_free(l);
}

/* A PAA that gives two PaCs one identifier is noted; each is followed all the same. */
Test(pana_session, sessions_of_one_identifier_are_told_apart_by_the_pac)
{
	struct scenario s = {0};
	struct listener *l = listener_new();

	for (unsigned i = 0; i < 2; i++) {
		const struct scenario_options options = {.method = PLAY_PSK,
							 .instance = i,
							 .same_session_id = true,
							 .start = 1000000000u + i * 1000000u};

		cr_assert(scenario_pana(&options, NULL, &s));
	}
	scenario_sort(&s);
	listener_hear(l, &s, scenario_keys, 0);
	cr_expect(listener_noted(l, NULL) == 1 && listener_noted(l, "rfc5191-session-id-unique"),
		  "%s", listener_text(l));
	cr_expect(l->verdicts[VERDICT_VERIFIED] == 16, "%u", l->verdicts[VERDICT_VERIFIED]);
	listener_free(l);
	scenario_clear(&s);
}

Test(pana_session, idle_sessions_are_evicted_at_the_limit)
{
	struct listener *l = crossed(5, 2, false);

	cr_expect(l->evicted > 0 && l->sessions > l->evicted);
	cr_expect(l->verdicts[VERDICT_FORGED] == 0 && l->verdicts[VERDICT_WRONG_KEY] == 0);
	listener_free(l);
}

/* Both sides ping under the same sequence number: each answer is its own request's. */
Test(pana_session, answers_are_linked_per_direction)
{
	const struct scenario_options options = {
		.method = PLAY_PSK,
		.paa_isn = 1000,
		.pac_isn = 1005,
		.plan = PLAN(PART_AUTHENTICATION, PART_PING_BY_PAC, PART_PING_BY_PAA)};
	struct scenario s = {0};
	struct listener *l = listener_new();
	struct datagram crossing;

	cr_assert(scenario_pana(&options, NULL, &s) && s.count == 15);
	crossing = s.datagrams[12]; /* PNR 1, PNR 2, PNA 1, PNA 2 */
	s.datagrams[12] = s.datagrams[13];
	s.datagrams[13] = crossing;
	listener_hear(l, &s, scenario_keys, 0);
	cr_expect(!memcmp(s.datagrams[11].octets + 12, s.datagrams[12].octets + 12, 4),
		  "one sequence number in both directions");
	cr_expect(listener_value(l, "pana.response_to", 5)->frame == 14);
	cr_expect(listener_value(l, "pana.response_to", 5)->number == 12);
	cr_expect(listener_value(l, "pana.response_to", 6)->frame == 15);
	cr_expect(listener_value(l, "pana.response_to", 6)->number == 13);
	cr_expect(listener_noted(l, NULL) == 0, "%s", listener_text(l));
	listener_free(l);
	scenario_clear(&s);
}

Test(pana_session, retransmissions_are_linked_and_answered_once_and_again)
{
	const struct scenario_options options = {.method = PLAY_PSK};
	struct listener *l = play(&options, PATCHES({"PNR 1", PATCH_REPEAT, .number = 1000},
						    {"PNA 1", PATCH_REPEAT, .number = 10},
						    {"PAR 3", PATCH_REPEAT, .number = 1000}));

	cr_expect(listener_value(l, "pana.retransmission_of", 0)->frame == 7);
	cr_expect(listener_value(l, "pana.retransmission_of", 0)->number == 6);
	cr_expect(listener_value(l, "pana.retransmission_of", 1)->number == 13);
	cr_expect(listener_noted(l, NULL) == 0, "%s", listener_text(l));
	cr_expect(listener_value(l, "pana.session.pings", 0)->number == 2);
	listener_free(l);
}

/* ---- what is not in the capture ---- */

/* A sniffer misses frames. What is then noted is the gap and no more. */
Test(pana_session, a_frame_that_is_missing_is_no_chain_of_defects)
{
	static const char *const gaps[] = {"rfc5191-sequence-next", "rfc5191-sequence-echoed",
					   "rfc5191-one-outstanding",
					   "rfc5191-reauth-answer-first"};
	const struct scenario_options options = {.method = PLAY_PSK,
						 .plan = PLAN(PART_AUTHENTICATION, PART_PING_BY_PAC,
							      PART_REAUTH_BY_PAC, PART_PING_BY_PAA,
							      PART_TERMINATION_BY_PAC)};
	struct scenario s = {0};

	cr_assert(scenario_pana(&options, NULL, &s));
	for (size_t i = 0; i < s.count; i++) {
		struct scenario gap = s;
		struct datagram left[64];
		struct listener *l = listener_new();

		memcpy(left, s.datagrams, i * sizeof(left[0]));
		memcpy(left + i, s.datagrams + i + 1, (s.count - i - 1) * sizeof(left[0]));
		gap.datagrams = left;
		gap.count--;
		listener_hear(l, &gap, scenario_keys, 0);
		for (size_t n = 0; n < l->note_count; n++) {
			/* EAP has its own say. */
			bool known = strncmp(l->notes[n].rule->id, "rfc5191-", 8);

			for (size_t g = 0; g < sizeof(gaps) / sizeof(gaps[0]); g++)
				known = known || !strcmp(l->notes[n].rule->id, gaps[g]);
			cr_expect(known, "without %s: %s (frame %u)", s.datagrams[i].label,
				  l->notes[n].rule->id, l->note_frames[n]);
		}
		cr_expect(l->verdicts[VERDICT_FORGED] == 0, "without %s: forged",
			  s.datagrams[i].label);
		listener_free(l);
	}
	scenario_clear(&s);
}
