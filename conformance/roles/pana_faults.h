/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The faults of the PANA roles: each breaks one rule, at one place. Where a fault would keep the
 * peer from ever authenticating, it is done in the answer to a ping, in a re-authentication or in
 * the termination instead, so that the happy path still passes: what is told in `happy`.
 *
 * Faults that PaC and PAA have in common have the same index in both tables, so that the code they
 * share can ask for them; those of one role come behind.
 *
 *   FAULT(name of the constant, name, rule, what the faulty role does, happy)
 */
#ifndef ASSAY_ROLES_PANA_FAULTS_H
#define ASSAY_ROLES_PANA_FAULTS_H

#include "role.h"

#define R5191(rule) "rfc5191-" rule
#define R6345(rule) "rfc6345-" rule
#define R6786(rule) "rfc6786-" rule

#define PANA_FAULTS_BOTH(FAULT)                                                                    \
	/* header, RFC 5191 6.2 */                                                                 \
	FAULT(HEADER_CUT, "header-cut", R5191("header-complete"), "answers a ping with 12 octets", \
	      true)                                                                                \
	FAULT(LENGTH, "length-wrong", R5191("length"),                                             \
	      "answers a ping with a Message Length 4 too large", true)                            \
	FAULT(RESERVED, "reserved-not-zero", R5191("reserved-zero"),                               \
	      "sends 1 in the reserved field of the header", true)                                 \
	FAULT(FLAGS_RESERVED, "flags-reserved-not-zero", R5191("flags-reserved-zero"),             \
	      "sends reserved flags of the header set", true)                                      \
	FAULT(TYPE, "type-unknown", R5191("type-known"), "answers a ping with Message Type 6",     \
	      true)                                                                                \
	FAULT(FLAG_S, "flag-s-elsewhere", R5191("flag-s"), "sets S in the answer to a ping", true) \
	FAULT(FLAG_C, "flag-c-elsewhere", R5191("flag-c"), "sets C in the answer to a ping", true) \
	FAULT(FLAG_A, "flag-a-elsewhere", R5191("flag-a"), "sets A in PTR and PTA", true)          \
	FAULT(FLAG_P, "flag-p-elsewhere", R5191("flag-p"), "sets P in PTR and PTA", true)          \
	FAULT(S_AND_C, "s-and-c", R5191("s-and-c"),                                                \
	      "sets S beside C in the last message of a re-authentication", true)                  \
	FAULT(A_AND_P, "a-and-p", R5191("a-xor-p"), "sets A beside P in the answer to a ping",     \
	      true)                                                                                \
	/* AVPs, RFC 5191 6.3 and 8 */                                                             \
	FAULT(AVP_HEADER, "avp-header-cut", R5191("avp-header-complete"),                          \
	      "ends the answer to a ping with half an AVP header", true)                           \
	FAULT(AVP_LENGTH, "avp-length-wrong", R5191("avp-length"),                                 \
	      "answers a ping with an AVP Length that goes past the end", true)                    \
	FAULT(AVP_PADDING, "avp-not-padded", R5191("avp-padding"),                                 \
	      "leaves the padding of EAP-Payload out", false)                                      \
	FAULT(AVP_PADDING_ZERO, "avp-padding-not-zero", R5191("avp-padding-zero"),                 \
	      "pads EAP-Payload with ones", true)                                                  \
	FAULT(AVP_RESERVED, "avp-reserved-not-zero", R5191("avp-reserved-zero"),                   \
	      "sends 1 in the reserved field of every AVP", true)                                  \
	FAULT(AVP_FLAGS_RESERVED, "avp-flags-reserved-not-zero", R5191("avp-flags-reserved-zero"), \
	      "sends a reserved flag of every AVP set", true)                                      \
	FAULT(AVP_VENDOR_BIT, "avp-vendor-bit", R5191("avp-vendor-bit"),                           \
	      "answers a ping with an AVP of the IETF that has V set", true)                       \
	FAULT(AVP_UNKNOWN, "avp-unknown", R5191("avp-known"), "answers a ping with an AVP 99",     \
	      true)                                                                                \
	FAULT(AVP_NUMBER, "avp-number-short", R5191("avp-number-size"),                            \
	      "sends Termination-Cause in 2 octets", true)                                         \
	FAULT(NONCE_LENGTH, "nonce-short", R5191("nonce-length"),                                  \
	      "sends a nonce of 4 octets in a re-authentication", true)                            \
	FAULT(AUTH_NOT_LAST, "auth-not-last", R5191("auth-last"),                                  \
	      "answers a ping with an AVP behind AUTH", true)                                      \
	FAULT(CAUSE_NOT_FIRST, "cause-not-first", R5191("cause-first"),                            \
	      "sends an AVP before Termination-Cause", true)                                       \
	FAULT(OCCURS_AUTH, "occurs-auth", R5191("occurs-auth"),                                    \
	      "answers a ping with two AUTH AVPs", true)                                           \
	FAULT(OCCURS_EAP, "occurs-eap-payload", R5191("occurs-eap-payload"),                       \
	      "answers a ping with an EAP-Payload", true)                                          \
	FAULT(OCCURS_INTEGRITY, "occurs-integrity-algorithm", R5191("occurs-integrity-algorithm"), \
	      "answers a ping with an Integrity-Algorithm", true)                                  \
	FAULT(OCCURS_KEY_ID, "occurs-key-id", R5191("occurs-key-id"),                              \
	      "answers a ping with a Key-Id", true)                                                \
	FAULT(OCCURS_NONCE, "occurs-nonce", R5191("occurs-nonce"), "answers a ping with a Nonce",  \
	      true)                                                                                \
	FAULT(OCCURS_PRF, "occurs-prf-algorithm", R5191("occurs-prf-algorithm"),                   \
	      "answers a ping with a PRF-Algorithm", true)                                         \
	FAULT(OCCURS_CAUSE, "occurs-termination-cause", R5191("occurs-termination-cause"),         \
	      "sends a PTR without Termination-Cause", true)                                       \
	FAULT(CAUSE_DEFINED, "cause-undefined", R5191("cause-defined"), "terminates with cause 2", \
	      true)                                                                                \
	FAULT(CAUSE_DIRECTION, "cause-of-the-other", R5191("cause-direction"),                     \
	      "terminates with a cause that is the other side's", true)                            \
	/* the session, RFC 5191 4 and 5 */                                                        \
	FAULT(SESSION_ID, "session-id-other", R5191("session-id"),                                 \
	      "answers a ping under another session identifier", true)                             \
	FAULT(NONCE_ELSEWHERE, "nonce-elsewhere", R5191("nonce-elsewhere"),                        \
	      "sends a nonce in the last message of a re-authentication", true)                    \
	FAULT(NONCE_REPEATED, "nonce-repeated", R5191("nonce-random"),                             \
	      "sends the same nonce in every authentication", true)                                \
	FAULT(LAST_ANSWER_C, "last-answer-c", R5191("last-answer-c"),                              \
	      "has C wrong in its PAN of a re-authentication", true)                               \
	FAULT(KEY_ID_MISSING, "key-id-missing", R5191("key-id-in-last"),                           \
	      "sends no Key-Id at the end of a re-authentication", true)                           \
	FAULT(AUTH_NOT_IN_LAST, "auth-not-in-last", R5191("auth-in-last"),                         \
	      "sends Key-Id without AUTH at the end of a re-authentication", true)                 \
	FAULT(AUTH_ABSENT, "auth-absent", R5191("auth-present"), "answers a ping without AUTH",    \
	      true)                                                                                \
	FAULT(AUTH_WRONG, "auth-wrong", R5191("auth-verify"), "answers a ping with a wrong AUTH",  \
	      true)                                                                                \
	FAULT(AUTH_SHORT, "auth-short", R5191("auth-size"),                                        \
	      "answers a ping with an AUTH cut to 8 octets", true)                                 \
	FAULT(REAUTH_NEW_KEY_EARLY, "new-key-early", R5191("reauth-old-key"),                      \
	      "uses the new key before the last PAR of a re-authentication", true)                 \
	FAULT(REAUTH_OLD_KEY_LATE, "old-key-late", R5191("reauth-new-key"),                        \
	      "uses the old key at the end of a re-authentication", true)                          \
	FAULT(SEQUENCE_SKIPPED, "sequence-skipped", R5191("sequence-next"),                        \
	      "skips a sequence number before a ping", true)                                       \
	FAULT(SEQUENCE_RESET, "sequence-reset", R5191("sequence-reauth"),                          \
	      "resets the sequence number when it begins a re-authentication", true)               \
	FAULT(SEQUENCE_NOT_ECHOED, "sequence-not-echoed", R5191("sequence-echoed"),                \
	      "answers a ping under the next sequence number", true)                               \
	FAULT(TWO_OUTSTANDING, "two-outstanding", R5191("one-outstanding"),                        \
	      "sends two pings at once", true)                                                     \
	FAULT(REAUTH_REQUEST_EARLY, "reauth-request-early", R5191("reauth-request-unexpected"),    \
	      "sends PNR[A] in the authentication phase", true)                                    \
	FAULT(PING_IN_AUTH, "ping-in-auth", R5191("ping-in-auth"),                                 \
	      "sends a ping in the authentication phase", true)                                    \
	FAULT(PING_IN_REAUTH, "ping-in-reauth", R5191("ping-in-reauth"),                           \
	      "sends a ping in the re-authentication phase", true)                                 \
	FAULT(PTR_IN_AUTH, "ptr-in-auth", R5191("ptr-in-auth"),                                    \
	      "sends a PTR in the authentication phase", true)                                     \
	FAULT(REQUEST_IN_TERMINATION, "request-in-termination", R5191("request-in-termination"),   \
	      "sends PNR[A] in the termination phase", true)                                       \
	FAULT(SESSION_NOT_GONE, "session-not-gone", R5191("session-gone"),                         \
	      "sends a ping after the termination", true)                                          \
	FAULT(REJECTED_GOES_ON, "rejected-goes-on", R5191("rejected-ends"),                        \
	      "sends a ping in a session that was refused", true)                                  \
	/* what it accepts, RFC 5191 5.5 */                                                        \
	FAULT(AUTH_NOT_VERIFIED, "auth-not-verified", R5191("auth-verify"), "takes any AUTH",      \
	      true)                                                                                \
	FAULT(AUTH_NOT_DEMANDED, "auth-not-demanded", R5191("auth-present"),                       \
	      "takes messages without AUTH", true)                                                 \
	FAULT(AUTH_SIZE_NOT_CHECKED, "auth-size-not-checked", R5191("auth-size"),                  \
	      "takes any AUTH that is not of its size", true)                                      \
	FAULT(SEQUENCE_NOT_CHECKED, "sequence-not-checked", R5191("sequence-next"),                \
	      "takes requests under any sequence number", true)                                    \
	FAULT(ANSWER_NOT_MATCHED, "answer-not-matched", R5191("sequence-echoed"),                  \
	      "takes answers under any sequence number", true)                                     \
	FAULT(DUPLICATE_IGNORED, "duplicate-ignored", R5191("duplicate-answered"),                 \
	      "does not answer a request that comes again", true)                                  \
	FAULT(SILENCE_IGNORED, "silence-ignored", R5191("silence-ends"),                           \
	      "goes on transmitting a request that is not answered", true)                         \
	FAULT(RESERVED_NOT_IGNORED, "reserved-not-ignored", R5191("reserved-ignored"),             \
	      "discards messages that have reserved fields or flags set", true)                    \
	FAULT(ALGORITHMS_MISSING, "hmac-sha1-missing", R5191("algorithms-supported"),              \
	      "knows no HMAC-SHA1", true)                                                          \
	FAULT(ENCAP_POLICY_NOT_CHECKED, "encap-policy-not-checked", R6786("encap-policy"),         \
	      "takes any AVP out of Encr-Encap", true)                                             \
	FAULT(INVALID_TAKEN, "invalid-taken", R5191("invalid-answered"),                           \
	      "takes messages whose header or AVPs are not valid", true)                           \
	/* RFC 6786 */                                                                             \
	FAULT(ENCR_ALGORITHM_LATE, "encr-algorithm-late", R6786("algorithm-initial"),              \
	      "answers a ping with an Encryption-Algorithm", true)                                 \
	FAULT(ENCAP_TWO, "encap-two", R6786("encap-one"), "answers a ping with two Encr-Encap",    \
	      true)                                                                                \
	FAULT(ENCAP_NOT_NEGOTIATED, "encap-not-negotiated", R6786("encap-negotiated"),             \
	      "answers a ping with an Encr-Encap though no algorithm is negotiated", true)         \
	FAULT(ENCAP_EARLY, "encap-early", R6786("encap-keyed"),                                    \
	      "sends an Encr-Encap before there is a key", false)                                  \
	FAULT(ENCAP_WITHOUT_AUTH, "encap-without-auth", R6786("encap-with-auth"),                  \
	      "answers a ping with an Encr-Encap and no AUTH", true)                               \
	FAULT(ENCAP_POLICY, "encap-policy", R6786("encap-policy"),                                 \
	      "answers a ping with a Nonce in Encr-Encap", true)                                   \
	FAULT(ENCAP_CONTENT, "encap-content", R6786("encap-content"),                              \
	      "answers a ping with half an AVP in Encr-Encap", true)                               \
	FAULT(ENCAP_WRAP, "sequence-wraps", R6786("sequence-wrap"),                                \
	      "lets the sequence number wrap under one encryption key", true)

#define PANA_FAULTS_PAC(FAULT)                                                                \
	FAULT(PAC_PCI_R, "pci-request", R5191("pci-not-request"), "sets R in PCI", false)     \
	FAULT(PAC_PCI_SID, "pci-session-id", R5191("pci-session-id-zero"),                    \
	      "sends a PCI with a session identifier", false)                                 \
	FAULT(PAC_PCI_SEQUENCE, "pci-sequence", R5191("pci-sequence-zero"),                   \
	      "sends a PCI with a sequence number", false)                                    \
	FAULT(PAC_PCI_STOPS, "pci-stops", R5191("pci-repeated"),                              \
	      "sends no more PCI once the initial PAR has come", true)                        \
	FAULT(PAC_LAST_NOT_ANSWERED, "last-par-not-answered", R5191("last-par-answered"),     \
	      "does not answer the last PAR of a re-authentication", true)                    \
	FAULT(PAC_PAR_TAKEN, "par-before-reauth-answer", R5191("par-before-reauth-answer"),   \
	      "takes a PAR before its PNR[A] is answered", true)                              \
	FAULT(PAC_LIFETIME, "lifetime-taken-anywhere", R5191("lifetime-ignored"),             \
	      "believes a Session-Lifetime in any PAR", true)                                 \
	FAULT(PAC_PCI_LATE, "pci-late", R5191("pci-unexpected"),                              \
	      "sends a PCI when it begins a re-authentication", true)                         \
	FAULT(PAC_INITIAL_S, "initial-s", R5191("initial-s"),                                 \
	      "sets S in its PAN of a re-authentication", true)                               \
	FAULT(PAC_PRF, "prf-not-offered", R5191("prf-selected"), "selects a PRF not offered", \
	      false)                                                                          \
	FAULT(PAC_INTEGRITY, "integrity-not-offered", R5191("integrity-selected"),            \
	      "selects an integrity algorithm not offered", false)                            \
	FAULT(PAC_NONCE, "nonce-missing", R5191("nonce-in-pan"),                              \
	      "sends no nonce in a re-authentication", true)                                  \
	FAULT(PAC_KEY_ID, "key-id-other", R5191("key-id-echoed"),                             \
	      "answers the last PAR of a re-authentication under another Key-Id", true)       \
	FAULT(PAC_ADDRESS, "address-unprotected", R5191("address-protected"),                 \
	      "tells its new address without AUTH", true)                                     \
	FAULT(PAC_ENCRYPTION, "encryption-not-offered", R6786("algorithm-selected"),          \
	      "selects an encryption algorithm not offered", false)                           \
	FAULT(PAC_ENCRYPTION_TWO, "encryption-two", R6786("algorithm-one"),                   \
	      "selects two encryption algorithms", true)

#define PANA_FAULTS_PAA(FAULT)                                                                   \
	FAULT(PAA_PCI_IGNORED, "pci-ignored", R5191("pci-answered"),                             \
	      "answers every other PCI only", true)                                              \
	FAULT(PAA_PCI_AFTER_PAR, "pci-after-par", R5191("pci-after-par"),                        \
	      "answers a PCI that comes after the initial PAR", true)                            \
	FAULT(PAA_SESSION_UNKNOWN, "session-unknown-answered", R5191("session-unknown"),         \
	      "answers PNR[A] of a session that it does not know", true)                         \
	FAULT(PAA_ADDRESS_KEPT, "address-kept", R5191("address-followed"),                       \
	      "goes on sending to the old address of the PaC", true)                             \
	FAULT(PAA_PRY_IGNORED, "pry-ignored", R6345("pry-processed"), "does not know PRY", true) \
	FAULT(PAA_FLAG_I, "flag-i-elsewhere", R5191("flag-i"), "sets I in the answer to a ping", \
	      true)                                                                              \
	FAULT(PAA_FLAG_I_PHASE, "flag-i-in-reauth", R5191("flag-i-phase"),                       \
	      "sets I in the PAR of a re-authentication", true)                                  \
	FAULT(PAA_OCCURS_RESULT, "occurs-result-code", R5191("occurs-result-code"),              \
	      "answers a ping with a Result-Code", true)                                         \
	FAULT(PAA_OCCURS_LIFETIME, "occurs-session-lifetime", R5191("occurs-session-lifetime"),  \
	      "answers a ping with a Session-Lifetime", true)                                    \
	FAULT(PAA_RESULT_DEFINED, "result-undefined", R5191("result-defined"),                   \
	      "refuses with Result-Code 3", true)                                                \
	FAULT(PAA_RESULT_MISSING, "result-missing", R5191("result-in-last"),                     \
	      "sends no Result-Code at the end of a re-authentication", true)                    \
	FAULT(PAA_LIFETIME_MISSING, "lifetime-missing", R5191("lifetime-with-success"),          \
	      "grants no lifetime at the end of a re-authentication", true)                      \
	FAULT(PAA_INITIAL_S, "initial-s", R5191("initial-s"), "leaves S out of the initial PAR", \
	      false)                                                                             \
	FAULT(PAA_NONCE, "nonce-missing", R5191("nonce-in-par"),                                 \
	      "sends no nonce in a re-authentication", true)                                     \
	FAULT(PAA_KEY_ID_REUSED, "key-id-reused", R5191("key-id-unique"),                        \
	      "names every MSK by the same Key-Id", true)                                        \
	FAULT(PAA_LAST_EARLY, "last-par-early", R5191("last-par-early"),                         \
	      "sends a last PAR before the initial exchange is complete", true)                  \
	FAULT(PAA_INITIAL_LATE, "initial-par-late", R5191("initial-par-late"),                   \
	      "begins a re-authentication with an initial PAR", true)                            \
	FAULT(PAA_ANSWER_LATE, "reauth-answer-late", R5191("reauth-answer-first"),               \
	      "answers PNR[A] behind its first PAR", true)                                       \
	FAULT(PAA_LIFETIME_OVER, "lifetime-ignored", R5191("lifetime-over"),                     \
	      "lets the lifetime pass and goes on", true)                                        \
	FAULT(PAA_SUCCESS_AND_EAP, "success-beside-failure", R5191("success-and-eap"),           \
	      "says PANA_SUCCESS beside an EAP Failure", true)                                   \
	FAULT(PAA_REJECT_AND_EAP, "reject-after-success", R5191("reject-and-eap"),               \
	      "says PANA_AUTHENTICATION_REJECTED beside an EAP Success", true)

/* Of those that send PRY: PAA and PRE. */
#define PANA_FAULTS_RELAY(FAULT, SIDE)                                                          \
	FAULT(SIDE##_PRY_R, "pry-request", R6345("pry-not-request"), "sets R in PRY", true)     \
	FAULT(SIDE##_PRY_SID, "pry-session-id", R6345("pry-session-id-zero"),                   \
	      "sends a PRY with a session identifier", true)                                    \
	FAULT(SIDE##_PRY_SEQUENCE, "pry-sequence", R6345("pry-sequence-zero"),                  \
	      "sends a PRY with a sequence number", true)                                       \
	FAULT(SIDE##_PRY_PAC_MISSING, "pry-pac-information-missing", R6345("pac-information"),  \
	      "sends a PRY without PaC-Information", true)                                      \
	FAULT(SIDE##_PRY_RELAYED_TWICE, "pry-two-messages", R6345("relayed-message"),           \
	      "sends a PRY with two relayed messages", true)                                    \
	FAULT(SIDE##_PRY_PAC_LENGTH, "pry-pac-information-size", R6345("pac-information-size"), \
	      "sends a PaC-Information without the port", true)                                 \
	FAULT(SIDE##_PRY_RETRANSMITTED, "pry-retransmitted", R6345("not-retransmitted"),        \
	      "sends every PRY twice", true)

#define PANA_FAULTS_PAA_RELAY(FAULT)                                                            \
	PANA_FAULTS_RELAY(FAULT, PAA)                                                           \
	FAULT(PAA_PRY_PAC_COPIED, "pry-pac-information-other", R6345("pac-information-copied"), \
	      "relays notifications with another port in PaC-Information", true)

#define PANA_FAULT_INDEX(constant, name, rule, text, happy) FAULT_##constant,
#define PANA_FAULT_ROW(constant, name, rule, text, happy)   {name, rule, text, happy},

enum pana_fault { PANA_FAULTS_BOTH(PANA_FAULT_INDEX) PANA_FAULTS_IN_COMMON };

enum pana_pac_fault {
	PANA_PAC_FAULTS_BEFORE = PANA_FAULTS_IN_COMMON - 1,
	PANA_FAULTS_PAC(PANA_FAULT_INDEX) PANA_PAC_FAULTS
};

enum pana_paa_fault {
	PANA_PAA_FAULTS_BEFORE = PANA_FAULTS_IN_COMMON - 1,
	PANA_FAULTS_PAA(PANA_FAULT_INDEX) PANA_FAULTS_PAA_RELAY(PANA_FAULT_INDEX) PANA_PAA_FAULTS
};

enum pana_pre_fault { PANA_FAULTS_RELAY(PANA_FAULT_INDEX, PRE) PANA_PRE_FAULTS };

#endif
