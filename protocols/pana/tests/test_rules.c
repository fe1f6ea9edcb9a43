/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every rule of the catalogue is broken by one message of a conversation that is otherwise right,
 * and is noted; in the same conversation unbroken it is not.
 *
 * The messages of the usual conversation (EAP-PSK):
 *
 *     PCI 1   PAR 1 PAN 1 (S)   PAR 2 PAN 2 (Identity, nonces)   PAR 3 PAN 3 and PAR 4 PAN 4
 *     (EAP-PSK)   PAR 5 PAN 5 (C)   PNR 1 PNA 1 (PaC's ping)   PNR 2 PNA 2 (PAA's)   PTR 1 PTA 1
 *
 * and of that with a re-authentication, from PAR 5 on:
 *
 *     PNR 1 PNA 1 (A)   PAR 6 PAN 6 (Identity, nonces)   PAR 7, 8 (EAP-PSK)   PAR 9 PAN 9 (C)
 *     PNR 2 PNA 2 (PaC's ping)
 */
#include "listener.h"
#include "protocols/pana/pana_fields.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A row says what is not usual. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define PLAN(...)                            \
	.plan = (const enum scenario_part[]) \
	{                                    \
		__VA_ARGS__, PART_END        \
	}
#define REAUTH PLAN(PART_AUTHENTICATION, PART_REAUTH_BY_PAC, PART_PING_BY_PAC)
#define OCTETS(...)                                                                    \
	{                                                                              \
		(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}) \
	}
#define VENDOR_AVP .code = 9, .flags = PANA_AVP_FLAG_V, .vendor = PANA_VENDOR_ZIGBEE

enum { PATCHES = 12 };

static const struct broken {
	const char *rule;
	struct scenario_patch patches[PATCHES];
	struct scenario_options options; /* zero: the usual conversation */
} broken[] = {
	/* ---- header ---- */
	{"rfc5191-header-complete", {{"PNR 1", PATCH_CUT, .number = 12}}},
	{"rfc5191-length", {{"PNR 1", PATCH_U16, .offset = 2, .number = 100}}},
	{"rfc5191-reserved-zero", {{"PNR 1", PATCH_U16, .offset = 0, .number = 1}}},
	{"rfc5191-flags-reserved-zero", {{"PNR 1", PATCH_FLAGS, .number = 1}}},
	{"rfc5191-type-known", {{"PNR 1", PATCH_TYPE, .number = 9}}},
	{"rfc5191-flag-s", {{"PNR 1", PATCH_FLAGS, .number = PANA_FLAG_S}}},
	{"rfc5191-flag-c", {{"PTR 1", PATCH_FLAGS, .number = PANA_FLAG_C}}},
	{"rfc5191-flag-a", {{"PAR 2", PATCH_FLAGS, .number = PANA_FLAG_A}}},
	{"rfc5191-flag-p", {{"PTR 1", PATCH_FLAGS, .number = PANA_FLAG_P}}},
	{"rfc5191-flag-i", {{"PNR 1", PATCH_FLAGS, .number = PANA_FLAG_I}}},
	{"rfc5191-flag-i-phase", {{"PAR 6", PATCH_FLAGS, .number = PANA_FLAG_I}}, {REAUTH}},
	{"rfc5191-s-and-c", {{"PAR 1", PATCH_FLAGS, .number = PANA_FLAG_C}}},
	{"rfc5191-a-xor-p", {{"PNR 1", PATCH_FLAGS, .number = PANA_FLAG_A}}},
	{"rfc5191-a-xor-p", {{"PNA 1", PATCH_FLAGS, .number = PANA_FLAG_P}}},
	{"rfc5191-pci-not-request", {{"PCI 1", PATCH_FLAGS, .number = PANA_FLAG_R}}},
	{"rfc5191-pci-session-id-zero", {{"PCI 1", PATCH_SESSION_ID, .number = 1}}},
	{"rfc5191-pci-sequence-zero", {{"PCI 1", PATCH_SEQUENCE, .number = 1}}},
	/* ---- transport ---- */
	{"rfc5191-port", {{"PNR 1", PATCH_DESTINATION_PORT, .number = 717}}},
	{"rfc5191-port-copied", {{"PNA 1", PATCH_DESTINATION_PORT, .number = 50000}}},
	{"rfc5191-unicast", {{"PCI 1", PATCH_MULTICAST}}},
	{"rfc5191-unicast", {{"PCI 1", PATCH_MULTICAST}}, {.ipv6 = true}},
	/* ---- AVPs ---- */
	{"rfc5191-avp-header-complete", {{"PNR 1", PATCH_CUT, .number = 20}}},
	{"rfc5191-avp-length",
	 {{"PNR 1", PATCH_U16, PANA_AVP_AUTH, .offset = 4, .number = 100, .late = true}}},
	{"rfc5191-avp-padding", {{"PAN 2", PATCH_CUT, .number = 63}}},
	{"rfc5191-avp-padding-zero", {{"PAN 2", PATCH_PADDING, PANA_AVP_EAP_PAYLOAD, 1}}},
	{"rfc5191-avp-reserved-zero",
	 {{"PNR 1", PATCH_U16, PANA_AVP_AUTH, .offset = 6, .number = 1}}},
	{"rfc5191-avp-flags-reserved-zero", {{"PNR 1", PATCH_AVP_FLAGS, PANA_AVP_AUTH, 1}}},
	{"rfc5191-avp-vendor-bit",
	 {{"PNR 1", PATCH_AVP_ADD, PANA_AVP_NONCE, .flags = PANA_AVP_FLAG_V}}},
	{"rfc5191-avp-known", {{"PNR 1", PATCH_AVP_ADD, .code = 14}}},
	{"rfc5191-avp-known", {{"PNR 1", PATCH_AVP_ADD, .code = 0}}},
	{"rfc5191-avp-number-size",
	 {{"PAR 5", PATCH_AVP_VALUE, PANA_AVP_SESSION_LIFETIME, .value = OCTETS(0, 10)}}},
	{"rfc5191-nonce-length",
	 {{"PAR 2", PATCH_AVP_VALUE, PANA_AVP_NONCE, .value = OCTETS(1, 2, 3, 4, 5, 6, 7)}}},
	{"rfc5191-nonce-20",
	 {{"PAR 2", PATCH_AVP_VALUE, PANA_AVP_NONCE,
	   .value = OCTETS(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
			   21)}}},
	{"rfc5191-auth-last", {{"PNR 1", PATCH_AVP_ADD_LAST, VENDOR_AVP}}},
	{"rfc5191-cause-first", {{"PTR 1", PATCH_AVP_ADD_FIRST, VENDOR_AVP}}},
	/* ---- the occurrence table, of which test_occurrence.c has every cell ---- */
	{"rfc5191-occurs-auth", {{"PNR 1", PATCH_AVP_DUPLICATE, PANA_AVP_AUTH}}},
	{"rfc5191-occurs-eap-payload",
	 {{"PNR 1", PATCH_AVP_ADD, PANA_AVP_EAP_PAYLOAD, .value = OCTETS(1, 1, 0, 5, 1)}}},
	{"rfc5191-occurs-integrity-algorithm",
	 {{"PAN 1", PATCH_AVP_DUPLICATE, PANA_AVP_INTEGRITY_ALGORITHM}}},
	{"rfc5191-occurs-key-id", {{"PNR 1", PATCH_AVP_ADD, PANA_AVP_KEY_ID}}},
	{"rfc5191-occurs-nonce",
	 {{"PNR 1", PATCH_AVP_ADD, PANA_AVP_NONCE, .value = OCTETS(1, 2, 3, 4, 5, 6, 7, 8)}}},
	{"rfc5191-occurs-prf-algorithm", {{"PAN 1", PATCH_AVP_DUPLICATE, PANA_AVP_PRF_ALGORITHM}}},
	{"rfc5191-occurs-result-code", {{"PAN 5", PATCH_AVP_ADD, PANA_AVP_RESULT_CODE}}},
	{"rfc5191-occurs-session-lifetime",
	 {{"PAN 5", PATCH_AVP_ADD, PANA_AVP_SESSION_LIFETIME, 10}}},
	{"rfc5191-occurs-termination-cause",
	 {{"PTR 1", PATCH_AVP_REMOVE, PANA_AVP_TERMINATION_CAUSE}}},
	/* ---- values, and where they belong ---- */
	{"rfc5191-result-defined", {{"PAR 5", PATCH_AVP_NUMBER, PANA_AVP_RESULT_CODE, 7}}},
	{"rfc5191-cause-defined", {{"PTR 1", PATCH_AVP_NUMBER, PANA_AVP_TERMINATION_CAUSE, 2}}},
	{"rfc5191-cause-direction", {{"PTR 1", PATCH_AVP_NUMBER, PANA_AVP_TERMINATION_CAUSE, 4}}},
	{"rfc5191-cause-direction",
	 {{"PTR 1", PATCH_AVP_NUMBER, PANA_AVP_TERMINATION_CAUSE, 1}},
	 {PLAN(PART_AUTHENTICATION, PART_TERMINATION_BY_PAA)}},
	{"rfc5191-result-in-last", {{"PAR 5", PATCH_AVP_REMOVE, PANA_AVP_RESULT_CODE}}},
	{"rfc5191-result-elsewhere", {{"PAR 3", PATCH_AVP_ADD, PANA_AVP_RESULT_CODE}}},
	{"rfc5191-lifetime-with-success", {{"PAR 5", PATCH_AVP_REMOVE, PANA_AVP_SESSION_LIFETIME}}},
	{"rfc5191-lifetime-elsewhere", {{"PAR 3", PATCH_AVP_ADD, PANA_AVP_SESSION_LIFETIME, 10}}},
	{"rfc5191-algorithms-initial", {{"PAR 3", PATCH_AVP_ADD, PANA_AVP_PRF_ALGORITHM, 5}}},
	{"rfc5191-algorithms-both", {{"PAN 1", PATCH_AVP_REMOVE, PANA_AVP_PRF_ALGORITHM}}},
	{"rfc5191-eap-in-paa-answer",
	 {{"PAN 3", PATCH_AVP_ADD, PANA_AVP_EAP_PAYLOAD, .value = OCTETS(1, 9, 0, 5, 1)}},
	 {.separate_answers = true}},
	/* ---- the initial exchange ---- */
	{"rfc5191-initial-s", {{"PAR 1", PATCH_FLAGS, .number = PANA_FLAG_S}}},
	{"rfc5191-initial-s", {{"PAN 1", PATCH_FLAGS, .number = PANA_FLAG_S}}},
	{"rfc5191-initial-s", {{"PAN 2", PATCH_FLAGS, .number = PANA_FLAG_S}}},
	{"rfc5191-session-id", {{"PNA 1", PATCH_SESSION_ID, .number = 4711}}},
	{"rfc5191-session-id-unique",
	 {{"PNR 1", PATCH_INSERT, .number = PART_INITIAL_PAR},
	  {"PAR 6", PATCH_DESTINATION, .number = 99}}},
	{"rfc5191-prf-selected", {{"PAN 1", PATCH_AVP_NUMBER, PANA_AVP_PRF_ALGORITHM, 8}}},
	{"rfc5191-prf-selected", {{"PAN 1", PATCH_AVP_REMOVE, PANA_AVP_PRF_ALGORITHM}}},
	{"rfc5191-integrity-selected",
	 {{"PAN 1", PATCH_AVP_NUMBER, PANA_AVP_INTEGRITY_ALGORITHM, 14}}},
	/* ---- nonces ---- */
	{"rfc5191-nonce-in-par", {{"PAR 2", PATCH_AVP_REMOVE, PANA_AVP_NONCE}}},
	{"rfc5191-nonce-in-par", {{"PAR 6", PATCH_AVP_REMOVE, PANA_AVP_NONCE}}, {REAUTH}},
	{"rfc5191-nonce-in-pan", {{"PAN 2", PATCH_AVP_REMOVE, PANA_AVP_NONCE}}},
	{"rfc5191-nonce-in-pan", {{"PAN 6", PATCH_AVP_REMOVE, PANA_AVP_NONCE}}, {REAUTH}},
	{"rfc5191-nonce-elsewhere",
	 {{"PAR 3", PATCH_AVP_ADD, PANA_AVP_NONCE, .value = OCTETS(1, 2, 3, 4, 5, 6, 7, 8)}}},
	{"rfc5191-nonce-elsewhere",
	 {{"PAR 1", PATCH_AVP_ADD, PANA_AVP_NONCE, .value = OCTETS(1, 2, 3, 4, 5, 6, 7, 8)}}},
	{"rfc5191-nonce-random",
	 {{"PAR 2", PATCH_AVP_VALUE, PANA_AVP_NONCE, .value = OCTETS(1, 2, 3, 4, 5, 6, 7, 8)},
	  {"PAN 2", PATCH_AVP_VALUE, PANA_AVP_NONCE, .value = OCTETS(1, 2, 3, 4, 5, 6, 7, 8)}}},
	{"rfc5191-nonce-random",
	 {{"PAR 2", PATCH_AVP_VALUE, PANA_AVP_NONCE, .value = OCTETS(1, 2, 3, 4, 5, 6, 7, 8)},
	  {"PAR 6", PATCH_AVP_VALUE, PANA_AVP_NONCE, .value = OCTETS(1, 2, 3, 4, 5, 6, 7, 8)}},
	 {REAUTH}},
	/* ---- the last exchange, keys, AUTH ---- */
	{"rfc5191-last-answer-c", {{"PAN 5", PATCH_FLAGS, .number = PANA_FLAG_C}}},
	{"rfc5191-last-answer-c", {{"PAN 4", PATCH_FLAGS, .number = PANA_FLAG_C}}},
	{"rfc5191-key-id-in-last", {{"PAR 5", PATCH_AVP_REMOVE, PANA_AVP_KEY_ID}}},
	{"rfc5191-key-id-echoed", {{"PAN 5", PATCH_AVP_NUMBER, PANA_AVP_KEY_ID, 4711}}},
	{"rfc5191-key-id-echoed", {{"PAN 5", PATCH_AVP_REMOVE, PANA_AVP_KEY_ID}}},
	{"rfc5191-key-id-unique",
	 {{"PAR 5", PATCH_AVP_NUMBER, PANA_AVP_KEY_ID, 4711},
	  {"PAR 9", PATCH_AVP_NUMBER, PANA_AVP_KEY_ID, 4711}},
	 {REAUTH}},
	{"rfc5191-auth-in-last", {{"PAR 5", PATCH_AVP_REMOVE, PANA_AVP_AUTH}}},
	{"rfc5191-auth-in-last", {{"PAN 5", PATCH_AVP_REMOVE, PANA_AVP_AUTH}}},
	{"rfc5191-auth-present", {{"PNR 1", PATCH_AVP_REMOVE, PANA_AVP_AUTH}}},
	{"rfc5191-auth-present", {{"PTA 1", PATCH_AVP_REMOVE, PANA_AVP_AUTH}}},
	{"rfc5191-auth-verify", {{"PNR 1", PATCH_AVP_FLIP, PANA_AVP_AUTH, .late = true}}},
	{"rfc5191-auth-verify", {{"PNR 1", PATCH_FLIP, PANA_AVP_AUTH, .offset = 23, .late = true}}},
	{"rfc5191-auth-size",
	 {{"PNR 1", PATCH_AVP_VALUE, PANA_AVP_AUTH, .value = OCTETS(0, 0, 0, 0, 0, 0, 0, 0)}}},
	{"rfc5191-auth-early",
	 {{"PAR 3", PATCH_AVP_ADD, PANA_AVP_AUTH, .value = OCTETS(0, 0, 0, 0, 0, 0, 0, 0)}}},
	{"rfc5191-reauth-old-key", {{"PAR 8", PATCH_OTHER_KEY}}, {REAUTH}},
	{"rfc5191-reauth-new-key", {{"PNR 2", PATCH_OTHER_KEY}}, {REAUTH}},
	{"rfc5191-reauth-new-key", {{"PAR 9", PATCH_OTHER_KEY}}, {REAUTH}},
	{"rfc5191-reauth-new-key", {{"PAN 9", PATCH_OTHER_KEY}}, {REAUTH}},
	/* ---- sequence numbers and retransmission ---- */
	{"rfc5191-sequence-next", {{"PNR 2", PATCH_SEQUENCE_ADD, .number = 1}}},
	{"rfc5191-sequence-next", {{"PTR 1", PATCH_SEQUENCE_ADD, .number = UINT32_MAX - 1}}},
	{"rfc5191-sequence-reauth", {{"PAR 6", PATCH_SEQUENCE, .number = 1}}, {REAUTH}},
	{"rfc5191-sequence-reauth",
	 {{"PAR 6", PATCH_SEQUENCE, .number = 1}},
	 {PLAN(PART_AUTHENTICATION, PART_REAUTH_BY_PAA)}},
	{"rfc5191-sequence-echoed", {{"PNA 1", PATCH_SEQUENCE_ADD, .number = 1}}},
	{"rfc5191-sequence-echoed", {{"PNA 1", PATCH_TYPE, .number = PANA_TERMINATION}}},
	{"rfc5191-one-outstanding", {{"PNA 1", PATCH_DROP}}},
	{"rfc5191-retransmission-same",
	 {{"PNR 2", PATCH_SEQUENCE_ADD, .number = UINT32_MAX},
	  {"PNR 2", PATCH_AVP_ADD, VENDOR_AVP}},
	 {PLAN(PART_AUTHENTICATION, PART_PING_BY_PAC, PART_PING_BY_PAC)}},
	{"rfc5191-retransmission-timer", {{"PNR 1", PATCH_REPEAT, .number = 300}}},
	{"rfc5191-retransmission-timer",
	 {{"PNR 1", PATCH_REPEAT, .number = 1000}, {"PNR 1", PATCH_REPEAT, .number = 2000}}},
	{"rfc5191-retransmission-count",
	 {{"PNR 1", PATCH_REPEAT, .number = 1000},
	  {"PNR 1", PATCH_REPEAT, .number = 3000},
	  {"PNR 1", PATCH_REPEAT, .number = 7000},
	  {"PNR 1", PATCH_REPEAT, .number = 15000},
	  {"PNR 1", PATCH_REPEAT, .number = 31000},
	  {"PNR 1", PATCH_REPEAT, .number = 61000},
	  {"PNR 1", PATCH_REPEAT, .number = 91000},
	  {"PNR 1", PATCH_REPEAT, .number = 121000},
	  {"PNR 1", PATCH_REPEAT, .number = 151000},
	  {"PNR 1", PATCH_REPEAT, .number = 181000},
	  {"PNR 1", PATCH_REPEAT, .number = 211000}}},
	/* ---- phases ---- */
	{"rfc5191-invalid-answered", {{"PNR 1", PATCH_AVP_FLIP, PANA_AVP_AUTH, .late = true}}},
	{"rfc5191-pci-unexpected", {{"PNR 1", PATCH_INSERT, .number = PART_PCI}}},
	{"rfc5191-pci-unexpected", {{"PAR 4", PATCH_INSERT, .number = PART_PCI}}},
	{"rfc5191-pci-unexpected", {{"PAR 7", PATCH_INSERT, .number = PART_PCI}}, {REAUTH}},
	{"rfc5191-pci-unexpected", {{"PTA 1", PATCH_INSERT, .number = PART_PCI}}},
	{"rfc5191-reauth-request-unexpected",
	 {{"PAR 3", PATCH_INSERT, .number = PART_REAUTH_REQUEST}}},
	{"rfc5191-ping-in-auth", {{"PAR 3", PATCH_INSERT, .number = PART_PING_BY_PAC}}},
	{"rfc5191-ping-in-reauth", {{"PAR 7", PATCH_INSERT, .number = PART_PING_BY_PAA}}, {REAUTH}},
	{"rfc5191-ping-in-termination", {{"PTA 1", PATCH_INSERT, .number = PART_PING_BY_PAA}}},
	{"rfc5191-last-par-early", {{"PAN 1", PATCH_INSERT, .number = PART_LAST_PAR}}},
	{"rfc5191-initial-par-late", {{"PAR 4", PATCH_INSERT, .number = PART_INITIAL_PAR}}},
	{"rfc5191-initial-par-late", {{"PNR 1", PATCH_INSERT, .number = PART_INITIAL_PAR}}},
	{"rfc5191-initial-par-late",
	 {{"PAR 7", PATCH_INSERT, .number = PART_INITIAL_PAR}},
	 {REAUTH}},
	{"rfc5191-ptr-in-auth", {{"PAR 3", PATCH_INSERT, .number = PART_TERMINATION_BY_PAC}}},
	{"rfc5191-par-in-access", {{"PNR 1", PATCH_INSERT, .number = PART_PAR_ALONE}}},
	{"rfc5191-request-in-termination", {{"PTA 1", PATCH_INSERT, .number = PART_PAR_ALONE}}},
	{"rfc5191-request-in-termination",
	 {{"PTA 1", PATCH_INSERT, .number = PART_REAUTH_REQUEST}}},
	{"rfc5191-session-gone",
	 {{"PTA 1", PATCH_NONE}},
	 {PLAN(PART_AUTHENTICATION, PART_TERMINATION_BY_PAC, PART_PING_BY_PAA)}},
	{"rfc5191-rejected-ends",
	 {{"PAN 5", PATCH_NONE}},
	 {.refuse = true, PLAN(PART_AUTHENTICATION, PART_PING_BY_PAC)}},
	{"rfc5191-reauth-request-by-pac",
	 {{"PAN 5", PATCH_NONE}},
	 {PLAN(PART_AUTHENTICATION, PART_REAUTH_REQUEST_BY_PAA)}},
	{"rfc5191-reauth-answer-first", {{"PNA 1", PATCH_DROP}}, {REAUTH}},
	{"rfc5191-lifetime-over", {{"PNR 1", PATCH_DELAY, .number = 20000}}, {.lifetime = 10}},
	{"rfc5191-success-and-eap",
	 {{"PAR 4", PATCH_AVP_NUMBER, PANA_AVP_RESULT_CODE, 0}},
	 {.refuse = true, PLAN(PART_AUTHENTICATION)}},
	{"rfc5191-reject-and-eap",
	 {{"PAR 5", PATCH_AVP_NUMBER, PANA_AVP_RESULT_CODE, 1}},
	 {.unauthorized = true, PLAN(PART_AUTHENTICATION)}},
	{"rfc5191-address-protected",
	 {{"PNR 1", PATCH_AVP_REMOVE, PANA_AVP_AUTH}},
	 {PLAN(PART_AUTHENTICATION, PART_MOVE, PART_PING_BY_PAC)}},
	/* ---- RFC 6345: PRY 1 holds the PCI, PRY 2 PAR 1, PRY 3 PAN 1 ---- */
	{"rfc6345-pry-not-request",
	 {{"PRY 3", PATCH_FLAGS, .number = PANA_FLAG_R}},
	 {.relay = RELAY_PAA_SIDE}},
	{"rfc6345-pry-session-id-zero",
	 {{"PRY 3", PATCH_SESSION_ID, .number = 1}},
	 {.relay = RELAY_PAA_SIDE}},
	{"rfc6345-pry-sequence-zero",
	 {{"PRY 3", PATCH_SEQUENCE, .number = 1}},
	 {.relay = RELAY_PAA_SIDE}},
	{"rfc6345-pac-information",
	 {{"PRY 3", PATCH_AVP_REMOVE, PANA_AVP_PAC_INFORMATION}},
	 {.relay = RELAY_PAA_SIDE}},
	{"rfc6345-pac-information",
	 {{"PRY 3", PATCH_AVP_DUPLICATE, PANA_AVP_PAC_INFORMATION}},
	 {.relay = RELAY_PAA_SIDE}},
	{"rfc6345-relayed-message",
	 {{"PRY 3", PATCH_AVP_REMOVE, PANA_AVP_RELAYED_MESSAGE}},
	 {.relay = RELAY_PAA_SIDE}},
	{"rfc6345-no-other-avp",
	 {{"PRY 3", PATCH_AVP_ADD, PANA_AVP_KEY_ID, 1}},
	 {.relay = RELAY_PAA_SIDE}},
	{"rfc6345-pry-only",
	 {{"PNR 1", PATCH_AVP_ADD, PANA_AVP_PAC_INFORMATION,
	   .value = OCTETS(10, 0, 0, 1, 2, 204)}}},
	{"rfc6345-pac-information-size",
	 {{"PRY 3", PATCH_AVP_VALUE, PANA_AVP_PAC_INFORMATION, .value = OCTETS(10, 0, 0, 1, 2)}},
	 {.relay = RELAY_PAA_SIDE}},
	{"rfc6345-nested",
	 {{"PRY 3", PATCH_AVP_VALUE, PANA_AVP_RELAYED_MESSAGE,
	   .value = OCTETS(0, 0, 0, 16, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0)}},
	 {.relay = RELAY_PAA_SIDE}},
	{"rfc6345-pac-information-copied",
	 {{"PRY 4", PATCH_AVP_FLIP, PANA_AVP_PAC_INFORMATION, 3}},
	 {.relay = RELAY_PAA_SIDE}},
	{"rfc6345-not-retransmitted",
	 {{"PRY 3", PATCH_REPEAT, .number = 100}},
	 {.relay = RELAY_PAA_SIDE}},
	/* ---- RFC 6786 ---- */
	{"rfc6786-algorithm-initial",
	 {{"PNR 1", PATCH_AVP_ADD, PANA_AVP_ENCRYPTION_ALGORITHM, 1}},
	 {.encrypt = true}},
	{"rfc6786-algorithm-one",
	 {{"PAN 1", PATCH_AVP_DUPLICATE, PANA_AVP_ENCRYPTION_ALGORITHM}},
	 {.encrypt = true}},
	{"rfc6786-algorithm-selected",
	 {{"PAN 1", PATCH_AVP_REMOVE, PANA_AVP_ENCRYPTION_ALGORITHM}},
	 {.encrypt = true}},
	{"rfc6786-algorithm-selected",
	 {{"PAN 1", PATCH_AVP_ADD, PANA_AVP_ENCRYPTION_ALGORITHM, 1}}},
	{"rfc6786-algorithm-defined",
	 {{"PAN 1", PATCH_AVP_NUMBER, PANA_AVP_ENCRYPTION_ALGORITHM, 2}},
	 {.encrypt = true}},
	{"rfc6786-encap-one",
	 {{"PNR 1", PATCH_AVP_ADD, PANA_AVP_ENCR_ENCAP, .value = OCTETS(1, 2, 3, 4)}},
	 {.encrypt = true}},
	{"rfc6786-encap-negotiated",
	 {{"PNR 1", PATCH_AVP_ADD, PANA_AVP_ENCR_ENCAP, .value = OCTETS(1, 2, 3, 4)}}},
	{"rfc6786-encap-keyed",
	 {{"PAR 3", PATCH_AVP_ADD, PANA_AVP_ENCR_ENCAP, .value = OCTETS(1, 2, 3, 4)}},
	 {.encrypt = true}},
	{"rfc6786-encap-with-auth",
	 {{"PNR 1", PATCH_AVP_REMOVE, PANA_AVP_AUTH}},
	 {.encrypt = true}},
	{"rfc6786-encap-policy", {{"PAN 5", PATCH_AVP_SEAL, PANA_AVP_KEY_ID}}, {.encrypt = true}},
	{"rfc6786-encap-content",
	 {{"PNR 1", PATCH_FLIP, PANA_AVP_ENCR_ENCAP, .offset = 8 + 4}},
	 {.encrypt = true}},
	{"rfc6786-sequence-wrap",
	 {{"PNR 2", PATCH_NONE}},
	 {.encrypt = true,
	  .pac_isn = UINT32_MAX,
	  PLAN(PART_AUTHENTICATION, PART_PING_BY_PAC, PART_PING_BY_PAC)}},
};

enum { BROKEN = sizeof(broken) / sizeof(broken[0]) };

/* The plan itself breaks the rule: its twin is the usual conversation. */
static bool is_plan(const struct broken *b)
{
	return b->patches[0].op == PATCH_NONE;
}

Test(pana_rules, each_is_noted_where_it_is_broken)
{
	for (size_t i = 0; i < BROKEN; i++) {
		const struct scenario_patch *patches =
			is_plan(&broken[i]) ? NULL : broken[i].patches;
		struct listener *l = listener_new();

		cr_expect(listener_play(l, &broken[i].options, patches),
			  "case %zu, %s: cannot be made", i, broken[i].rule);
		cr_expect(listener_noted(l, broken[i].rule) > 0,
			  "case %zu, %s: not noted; notes:%s", i, broken[i].rule, listener_text(l));
		cr_expect(l->depth == 0, "case %zu, %s: %d groups left open", i, broken[i].rule,
			  l->depth);
		if (getenv("ASSAY_TEST_NOTES"))
			printf("%s:%s\n", broken[i].rule, listener_text(l));
		listener_free(l);
	}
}

Test(pana_rules, none_is_noted_in_the_same_conversation_unbroken)
{
	for (size_t i = 0; i < BROKEN; i++) {
		const struct scenario_options usual = {.method = PLAY_PSK};
		struct listener *l = listener_new();

		cr_expect(
			listener_play(l, is_plan(&broken[i]) ? &usual : &broken[i].options, NULL));
		cr_expect(listener_noted(l, broken[i].rule) == 0, "case %zu: %s", i,
			  listener_text(l));
		listener_free(l);
	}
}

Test(pana_rules, the_whole_catalogue_is_covered)
{
	for (size_t r = 0; r < R_PASSIVE; r++) {
		size_t i = 0;

		cr_assert(pana_rules[r].id, "rule %zu has no row", r);
		while (i < BROKEN && strcmp(broken[i].rule, pana_rules[r].id))
			i++;
		cr_expect(i < BROKEN, "no message breaks %s", pana_rules[r].id);
	}
}

Test(pana_rules, ids_are_unique)
{
	for (size_t i = 0; i < R_COUNT; i++) {
		for (size_t j = i + 1; j < R_COUNT; j++)
			cr_expect(strcmp(pana_rules[i].id, pana_rules[j].id), "%s twice",
				  pana_rules[i].id);
	}
}
