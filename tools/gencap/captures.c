/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "captures.h"

/* A row says what is not usual. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define PLAN(...)                            \
	.plan = (const enum scenario_part[]) \
	{                                    \
		__VA_ARGS__, PART_END        \
	}
#define PATCHES(...)                               \
	.patches = (const struct scenario_patch[]) \
	{                                          \
		__VA_ARGS__,                       \
		{                                  \
			NULL                       \
		}                                  \
	}
#define OCTETS(...)                                                                    \
	{                                                                              \
		(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}) \
	}

enum { SHA1 = 2, SHA1_160 = 7 };

/* ---- captures that are no single PANA conversation ---- */

/* Two sessions, message by message in turns. */
static bool two_sessions(struct scenario *s)
{
	const struct scenario_options one = {.method = PLAY_PSK, .seed = 11};
	const struct scenario_options other = {
		.method = PLAY_GPSK_2, .seed = 12, .instance = 1, .start = 1767323045002000000u};
	bool made = scenario_pana(&one, NULL, s) && scenario_pana(&other, NULL, s);

	scenario_sort(s);
	return made;
}

/* The first pings of a session whose authentication the capture does not hold. */
static bool from_the_middle(struct scenario *s)
{
	const struct scenario_options whole = {.method = PLAY_PSK, .seed = 13};

	return scenario_pana(&whole, NULL, s) && scenario_skip(s, "PNR 1");
}

static bool radius_psk(struct scenario *s)
{
	struct eap_play play = eap_play_new(PLAY_PSK, 21);
	bool made = scenario_radius(&play, 1, 24, s);

	eap_play_clear(&play);
	return made;
}

static bool radius_gpsk(struct scenario *s)
{
	struct eap_play play = eap_play_new(PLAY_GPSK_1, 22);
	bool made = scenario_radius(&play, 1, 0, s);

	eap_play_clear(&play);
	return made;
}

/* EAP-PSK, and twice ERP with what it left behind. */
static bool radius_erp(struct scenario *s)
{
	struct eap_play play = eap_play_new(PLAY_PSK, 23), erp;
	bool made = scenario_radius(&play, 1, 0, s);

	for (uint16_t seq = 0; seq < 2 && made; seq++) {
		s->time += 60000000000u;
		made = eap_play_erp(&erp, &play, seq, 24 + seq) &&
		       scenario_radius(&erp, (uint8_t)(10 + seq), 0, s);
		eap_play_clear(&erp);
	}
	eap_play_clear(&play);
	return made;
}

static bool eapol_psk(struct scenario *s)
{
	struct eap_play play = eap_play_new(PLAY_PSK, 25);
	bool made = scenario_eapol(&play, s);

	eap_play_clear(&play);
	return made;
}

/* ---- the table ---- */

const struct capture_row capture_rows[] = {
	/* ---- nothing is wrong ---- */
	{"pana-eap-psk",
	 "PANA from PCI to termination, EAP-PSK, a ping from either side",
	 "",
	 {.method = PLAY_PSK, .seed = 1}},
	{"pana-eap-gpsk-1",
	 "EAP-GPSK with ciphersuite 1 and encrypted payload in GPSK-3",
	 "",
	 {.method = PLAY_GPSK_1, .seed = 2}},
	{"pana-eap-gpsk-2", "EAP-GPSK with ciphersuite 2", "", {.method = PLAY_GPSK_2, .seed = 3}},
	{"pana-eap-tls",
	 "a method that only its MSK in the key table opens",
	 "",
	 {.method = PLAY_TLS, .seed = 4}},
	{"pana-no-key",
	 "a method that derives no key: no PANA SA, no AUTH",
	 "",
	 {.method = PLAY_MD5, .seed = 5}},
	{"pana-sha1",
	 "the algorithms that all must have: PRF 2, integrity 7",
	 "",
	 {.method = PLAY_PSK, .seed = 6, .prf = SHA1, .integrity = SHA1_160}},
	{"pana-eap-in-par",
	 "EAP responses in PARs of the PaC instead of its PANs",
	 "",
	 {.method = PLAY_PSK, .seed = 7, .separate_answers = true}},
	{"pana-by-paa",
	 "a session that the PAA begins, with IP reconfiguration; the PAA ends it",
	 "",
	 {.method = PLAY_PSK,
	  .seed = 8,
	  .paa_initiates = true,
	  .ip_reconfiguration = true,
	  PLAN(PART_AUTHENTICATION, PART_PING_BY_PAA, PART_TERMINATION_BY_PAA)}},
	{"pana-ipv6", "PANA over IPv6", "", {.method = PLAY_PSK, .seed = 9, .ipv6 = true}},
	{"pana-two-sessions", "two sessions with one PAA, in turns", "", .make = two_sessions},
	{"pana-from-the-middle", "the end of a session: AUTH cannot be checked", "",
	 .make = from_the_middle},
	{"pana-relay",
	 "a PaC behind a relay, seen on both sides of it",
	 "",
	 {.method = PLAY_PSK, .seed = 14, .relay = RELAY_BOTH_SIDES}},
	{"pana-relay-ipv6",
	 "the same over IPv6, seen on the PAA's side only",
	 "",
	 {.method = PLAY_PSK, .seed = 15, .relay = RELAY_PAA_SIDE, .ipv6 = true}},
	{"pana-encrypted-avps",
	 "ZigBee's network key and key request in Encr-Encap AVPs",
	 "",
	 {.method = PLAY_PSK, .seed = 16, .encrypt = true, .ipv6 = true}},
	{"pana-reauth",
	 "re-authentication that the PaC asks for: keys change at its last PAR",
	 "",
	 {.method = PLAY_PSK,
	  .seed = 17,
	  PLAN(PART_AUTHENTICATION, PART_PING_BY_PAC, PART_REAUTH_BY_PAC, PART_PING_BY_PAC,
	       PART_REAUTH_BY_PAC, PART_PING_BY_PAA, PART_TERMINATION_BY_PAC)}},
	{"pana-reauth-by-paa",
	 "re-authentication by the PAA, on which RFC 5191 contradicts itself",
	 "rfc5191-par-in-access",
	 {.method = PLAY_GPSK_1,
	  .seed = 18,
	  .encrypt = true,
	  PLAN(PART_AUTHENTICATION, PART_PING_BY_PAC, PART_REAUTH_BY_PAA, PART_PING_BY_PAC,
	       PART_TERMINATION_BY_PAA)}},
	{"pana-erp",
	 "re-authentication by ERP, twice: the rMSK is the MSK of the new keys",
	 "",
	 {.method = PLAY_PSK,
	  .seed = 31,
	  PLAN(PART_AUTHENTICATION, PART_PING_BY_PAC, PART_ERP_BY_PAC, PART_PING_BY_PAC,
	       PART_PING_BY_PAA, PART_ERP_BY_PAC, PART_PING_BY_PAC, PART_TERMINATION_BY_PAC)}},
	{"pana-moved",
	 "the PaC gets another address in the access phase",
	 "",
	 {.method = PLAY_PSK,
	  .seed = 19,
	  PLAN(PART_AUTHENTICATION, PART_PING_BY_PAA, PART_MOVE, PART_PING_BY_PAC, PART_PING_BY_PAA,
	       PART_TERMINATION_BY_PAC)}},
	{"pana-refused",
	 "EAP fails: the last PAR says so, the session ends",
	 "",
	 {.method = PLAY_PSK, .seed = 20, .refuse = true, PLAN(PART_AUTHENTICATION)}},
	{"pana-unauthorized",
	 "EAP succeeds, access is refused: Key-Id and AUTH all the same",
	 "",
	 {.method = PLAY_PSK, .seed = 26, .unauthorized = true, PLAN(PART_AUTHENTICATION)}},
	{"pana-retransmissions",
	 "requests repeated as RFC 5191 9 times them",
	 "",
	 {.method = PLAY_PSK, .seed = 27},
	 PATCHES({"PCI 1", PATCH_REPEAT, .number = 1000}, {"PCI 1", PATCH_REPEAT, .number = 3050},
		 {"PAR 3", PATCH_REPEAT, .number = 950}, {"PAR 3", PATCH_REPEAT, .number = 2800},
		 {"PNR 1", PATCH_REPEAT, .number = 1080}, {"PNR 1", PATCH_REPEAT, .number = 3300},
		 {"PNR 1", PATCH_REPEAT, .number = 7600})},
	{"pana-linux-cooked",
	 "PANA captured on Linux's any device",
	 "",
	 {.method = PLAY_PSK, .seed = 28},
	 .form = {PCAPNG_LINUX_COOKED}},
	{"pana-exported-pdu",
	 "PANA as a sniffer of IEEE 802.15.4 exports it",
	 "",
	 {.method = PLAY_PSK, .seed = 29, .ipv6 = true, .encrypt = true},
	 .form = {PCAPNG_UPPER_PDU}},
	{"pana-ipv6-fragments",
	 "datagrams in IPv6 fragments",
	 "",
	 {.method = PLAY_PSK, .seed = 30, .ipv6 = true},
	 .form = {PCAPNG_ETHERNET, 48}},
	{"eap-psk-radius", "EAP-PSK in RADIUS, each message in several EAP-Message attributes", "",
	 .make = radius_psk},
	{"eap-gpsk-radius", "EAP-GPSK with ciphersuite 1 in RADIUS", "", .make = radius_gpsk},
	{"eap-erp-radius", "EAP-PSK in RADIUS, then ERP twice with its EMSK", "",
	 .make = radius_erp},
	{"eap-psk-eapol", "EAP-PSK in EAPOL", "", .make = eapol_psk},
	/* ---- something is wrong ---- */
	{"wrong-auth",
	 "the AUTH value of a ping is wrong, and the ping is answered",
	 "rfc5191-auth-verify rfc5191-invalid-answered",
	 {.method = PLAY_PSK, .seed = 101},
	 PATCHES({"PNR 1", PATCH_AVP_FLIP, PANA_AVP_AUTH, .late = true})},
	{"wrong-nonces",
	 "both nonces are equal, and too short",
	 "rfc5191-nonce-length rfc5191-nonce-random",
	 {.method = PLAY_PSK, .seed = 102},
	 PATCHES({"PAR 2", PATCH_AVP_VALUE, PANA_AVP_NONCE, .value = OCTETS(1, 2, 3, 4, 5, 6)},
		 {"PAN 2", PATCH_AVP_VALUE, PANA_AVP_NONCE, .value = OCTETS(1, 2, 3, 4, 5, 6)})},
	{"wrong-sequence",
	 "a request skips a number, an answer has another's",
	 "rfc5191-one-outstanding rfc5191-sequence-echoed rfc5191-sequence-next",
	 {.method = PLAY_PSK, .seed = 103},
	 PATCHES({"PAN 3", PATCH_SEQUENCE_ADD, .number = 1},
		 {"PTR 1", PATCH_SEQUENCE_ADD, .number = 1},
		 {"PTA 1", PATCH_SEQUENCE_ADD, .number = 1})},
	{"wrong-timers",
	 "a ping repeated at once, and another twelve times",
	 "rfc5191-retransmission-count rfc5191-retransmission-timer",
	 {.method = PLAY_PSK, .seed = 104},
	 PATCHES({"PNR 1", PATCH_REPEAT, .number = 100}, {"PNR 2", PATCH_REPEAT, .number = 1000},
		 {"PNR 2", PATCH_REPEAT, .number = 3000}, {"PNR 2", PATCH_REPEAT, .number = 7000},
		 {"PNR 2", PATCH_REPEAT, .number = 15000}, {"PNR 2", PATCH_REPEAT, .number = 31000},
		 {"PNR 2", PATCH_REPEAT, .number = 61000}, {"PNR 2", PATCH_REPEAT, .number = 91000},
		 {"PNR 2", PATCH_REPEAT, .number = 121000},
		 {"PNR 2", PATCH_REPEAT, .number = 151000},
		 {"PNR 2", PATCH_REPEAT, .number = 181000},
		 {"PNR 2", PATCH_REPEAT, .number = 211000})},
	{"wrong-missing-avps",
	 "no Session-Lifetime, no Key-Id in the answer, no Termination-Cause",
	 "rfc5191-key-id-echoed rfc5191-lifetime-with-success rfc5191-occurs-termination-cause",
	 {.method = PLAY_PSK, .seed = 105},
	 PATCHES({"PAR 5", PATCH_AVP_REMOVE, PANA_AVP_SESSION_LIFETIME},
		 {"PAN 5", PATCH_AVP_REMOVE, PANA_AVP_KEY_ID},
		 {"PTR 1", PATCH_AVP_REMOVE, PANA_AVP_TERMINATION_CAUSE})},
	{"wrong-avps",
	 "unknown, doubled and misplaced AVPs, values that are not defined",
	 "rfc5191-auth-last rfc5191-avp-known rfc5191-cause-defined rfc5191-cause-first "
	 "rfc5191-occurs-key-id rfc5191-occurs-prf-algorithm",
	 {.method = PLAY_PSK, .seed = 106},
	 PATCHES({"PAN 1", PATCH_AVP_DUPLICATE, PANA_AVP_PRF_ALGORITHM},
		 {"PNR 1", PATCH_AVP_ADD, .code = 99}, {"PNA 1", PATCH_AVP_ADD, PANA_AVP_KEY_ID, 1},
		 {"PNR 2", PATCH_AVP_ADD_LAST, .code = 1, .flags = PANA_AVP_FLAG_V,
		  .vendor = PANA_VENDOR_ZIGBEE},
		 {"PTR 1", PATCH_AVP_ADD_FIRST, .code = 2, .flags = PANA_AVP_FLAG_V,
		  .vendor = PANA_VENDOR_ZIGBEE},
		 {"PTR 1", PATCH_AVP_NUMBER, PANA_AVP_TERMINATION_CAUSE, 2})},
	{"wrong-header",
	 "reserved bits set, flags where they do not belong, S missing",
	 "rfc5191-flag-s rfc5191-flags-reserved-zero rfc5191-initial-s rfc5191-pci-session-id-zero "
	 "rfc5191-reserved-zero",
	 {.method = PLAY_PSK, .seed = 107},
	 PATCHES({"PCI 1", PATCH_SESSION_ID, .number = 7}, {"PAN 4", PATCH_FLAGS, .number = 0x4000},
		 {"PNR 1", PATCH_FLAGS, .number = 0x0001},
		 {"PNA 1", PATCH_FLAGS, .number = PANA_FLAG_S}, {"PNR 2", PATCH_U16, .number = 1})},
	{"wrong-damaged",
	 "octets flipped on the way: an AVP's length, EAP-PSK's MAC_S, padding",
	 "rfc4764-mac-s rfc5191-auth-verify rfc5191-avp-length rfc5191-invalid-answered "
	 "rfc5191-length",
	 {.method = PLAY_PSK, .seed = 108},
	 PATCHES({"PAR 4", PATCH_AVP_FLIP, PANA_AVP_EAP_PAYLOAD, 30, .late = true},
		 {"PNR 1", PATCH_U16, PANA_AVP_AUTH, .offset = 4, .number = 272, .late = true},
		 {"PNR 2", PATCH_CUT, .number = 30})},
	{"wrong-phase",
	 "a ping and a termination in the midst of authentication",
	 "rfc5191-invalid-answered rfc5191-ping-in-auth rfc5191-ptr-in-auth",
	 {.method = PLAY_PSK, .seed = 109},
	 PATCHES({"PAR 3", PATCH_INSERT, .number = PART_PING_BY_PAC},
		 {"PAR 4", PATCH_INSERT, .number = PART_TERMINATION_BY_PAC})},
	{"wrong-refused-goes-on",
	 "access is refused, and the PaC goes on",
	 "rfc5191-invalid-answered rfc5191-rejected-ends",
	 {.method = PLAY_PSK,
	  .seed = 110,
	  .refuse = true,
	  PLAN(PART_AUTHENTICATION, PART_PING_BY_PAC)}},
	{"wrong-key-change",
	 "after re-authentication the PaC goes on with the old key",
	 "rfc5191-reauth-new-key",
	 {.method = PLAY_PSK,
	  .seed = 111,
	  PLAN(PART_AUTHENTICATION, PART_REAUTH_BY_PAC, PART_PING_BY_PAC, PART_PING_BY_PAA)},
	 PATCHES({"PNR 2", PATCH_OTHER_KEY})},
	{"wrong-no-auth",
	 "messages without AUTH though there is a PANA SA",
	 "rfc5191-auth-present rfc5191-invalid-answered",
	 {.method = PLAY_PSK, .seed = 112},
	 PATCHES({"PNR 2", PATCH_AVP_REMOVE, PANA_AVP_AUTH},
		 {"PTA 1", PATCH_AVP_REMOVE, PANA_AVP_AUTH})},
	{"wrong-selection",
	 "the PaC selects algorithms that were not offered",
	 "rfc5191-integrity-selected rfc5191-prf-selected",
	 {.method = PLAY_PSK, .seed = 113},
	 PATCHES({"PAN 1", PATCH_AVP_NUMBER, PANA_AVP_PRF_ALGORITHM, 8},
		 {"PAN 1", PATCH_AVP_NUMBER, PANA_AVP_INTEGRITY_ALGORITHM, 5})},
	{"wrong-relay",
	 "the relay repeats, adds an AVP; the PAA changes PaC-Information",
	 "rfc6345-no-other-avp rfc6345-not-retransmitted rfc6345-pac-information-copied",
	 {.method = PLAY_PSK, .seed = 114, .relay = RELAY_PAA_SIDE},
	 PATCHES({"PRY 3", PATCH_REPEAT, .number = 100},
		 {"PRY 5", PATCH_AVP_ADD, PANA_AVP_KEY_ID, 1},
		 {"PRY 6", PATCH_AVP_FLIP, PANA_AVP_PAC_INFORMATION, 3})},
	{"wrong-encryption",
	 "an Encr-Encap with what may not be in it, and one with half an AVP",
	 "rfc5191-avp-length rfc5191-key-id-echoed rfc6786-encap-content rfc6786-encap-policy",
	 {.method = PLAY_PSK, .seed = 115, .encrypt = true},
	 PATCHES({"PAN 5", PATCH_AVP_SEAL, PANA_AVP_KEY_ID},
		 {"PNR 1", PATCH_FLIP, PANA_AVP_ENCR_ENCAP, .offset = 8 + 4})},
	{NULL},
};
