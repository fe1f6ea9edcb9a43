/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The faults of the two EAP ends, one row each: X(NAME, name, rule, happy, text). eap.peer
 * and eap.server list them with FAULT_ROW, and the EAP suites are to find them there; a role that
 * has such an end inside, as those of PANA have, may be given the same by its `inner`.
 *
 * The ends find the fault of their owner by its name. A fault that would otherwise stop every
 * conversation strikes in a special situation only, which its text names, so that the happy path
 * goes on passing: "asked again" is a second Identity Request before the method, "notified" a
 * Notification Request, "a mixed list" a CSuite_List that has a suite beside 1 and 2.
 *
 * Requirements without a fault, for nobody sees from outside whether they are kept:
 *   rfc3748-response-timer      lower layers here are lock-step; a lone Response never leaves
 *   rfc3748-retransmission-id   RADIUS and PANA retransmit themselves (RFC 3748 4.3)
 *   rfc4764-nonce-wrap          4294967296 messages
 *   rfc5216-..., rfc9190-...    the roles have no TLS-based method
 */
#ifndef ASSAY_ROLES_EAP_FAULTS_H
#define ASSAY_ROLES_EAP_FAULTS_H

#include "role.h"

#define FAULT_ROW(NAME, name_, rule_, happy_, text_) \
	{.name = name_, .rule = rule_, .text = text_, .happy = happy_},
#define FAULT_NAME(NAME, name_, rule_, happy_, text_) NAME,

/* clang-format off */
#define EAP_PEER_FAULTS(X) \
	/* RFC 3748: what it sends */ \
	X(PEER_LENGTH, "notification-length-wrong", "rfc3748-length", true, \
	  "notified, it answers with a Length of one too many") \
	X(PEER_CODE, "notification-code-wrong", "rfc3748-code", true, \
	  "notified, it answers with Code 7") \
	X(PEER_TYPE_ABSENT, "notification-type-absent", "rfc3748-type-present", true, \
	  "notified, it answers without a Type") \
	X(PEER_RESPONSE_ID, "response-id-wrong", "rfc3748-response-id", true, \
	  "notified, it answers with the Identifier plus one") \
	X(PEER_RESPONSE_TYPE, "response-type-wrong", "rfc3748-response-type", true, \
	  "asked again for its identity, it answers with the Type plus one") \
	X(PEER_REPEAT, "request-reprocessed", "rfc3748-response-repeat", true, \
	  "a Request seen before is processed anew and gets another Response") \
	X(PEER_NAK_LATE, "nak-late", "rfc3748-nak-late", true, \
	  "a Request of another Type gets a Nak though the method has begun") \
	X(PEER_NAK_EMPTY, "nak-empty", "rfc3748-nak-empty", true, "its Nak names no Type") \
	X(PEER_NAK_TYPES, "nak-names-identity", "rfc3748-nak-types", true, \
	  "its Nak names Type 1") \
	X(PEER_EXPANDED_NAK_REQUEST, "expanded-nak-to-legacy", "rfc3748-expanded-nak-request", true, \
	  "it answers a Request of a legacy Type with an Expanded Nak") \
	X(PEER_EXPANDED_NAK_FORMAT, "expanded-nak-of-octets", "rfc3748-expanded-nak-format", true, \
	  "its Expanded Nak lists Types in one octet each") \
	X(PEER_EXPANDED_NAK_TYPES, "expanded-nak-names-identity", "rfc3748-expanded-nak-types", true, \
	  "its Expanded Nak names Type 1") \
	X(PEER_NOTIFICATION_NAK, "notification-refused", "rfc3748-notification-answer", true, \
	  "notified, it answers with a Nak") \
	X(PEER_NOTIFICATION_SILENT, "notification-ignored", "rfc3748-notification-answer", true, \
	  "notified, it says nothing") \
	X(PEER_IDENTITY_NULL, "identity-null-terminated", "rfc3748-identity-null", true, \
	  "asked again for its identity, it appends a null") \
	/* RFC 3748: what it takes */ \
	X(PEER_LENGTH_TAKEN, "eap-length-not-checked", "rfc3748-length-discard", true, \
	  "it answers a Request whose Length exceeds what has arrived") \
	X(PEER_TRAILING, "eap-trailing-octets-refused", "rfc3748-trailing-ignored", true, \
	  "it discards a Request with octets behind its Length") \
	X(PEER_CODE_TAKEN, "eap-code-not-checked", "rfc3748-code-discard", true, \
	  "it takes an unknown Code for a Request") \
	X(PEER_EXPANDED, "eap-expanded-type-unequal", "rfc3748-expanded-equal", true, \
	  "it does not know Types below 256 in the Expanded form") \
	X(PEER_SECOND_TYPE, "other-type-midway", "rfc3748-second-type-discard", true, \
	  "it answers an Identity Request in the middle of the method") \
	X(PEER_CANNED, "canned-success-believed", "rfc3748-success-discard", true, \
	  "it believes a Success before the method has ended") \
	X(PEER_FAILURE_MIDWAY, "failure-midway-believed", "rfc3748-success-discard", true, \
	  "it believes a Failure in the middle of the method") \
	X(PEER_FAILURE_AFTER, "failure-after-success-believed", "rfc3748-failure-discard", true, \
	  "it believes a Failure after both sides have indicated success") \
	X(PEER_SUCCESS_AFTER, "success-after-failure-believed", "rfc3748-success-failed-discard", true, \
	  "it believes a Success after the method has failed") \
	X(PEER_NAK_SILENT, "nak-not-sent", "rfc3748-nak-sent", true, \
	  "it says nothing to a Type that it does not accept") \
	/* RFC 4764: what it sends */ \
	X(PEER_PSK_ID_P, "psk-id-p-too-long", "rfc4764-id-p-length", false, \
	  "its ID_P has 967 octets") \
	X(PEER_PSK_MAC_P, "psk-mac-p-wrong", "rfc4764-mac-p", false, "its MAC_P is wrong") \
	X(PEER_PSK_TAG, "psk-peer-tag-wrong", "rfc4764-tag", false, \
	  "the tag of its fourth message is wrong") \
	X(PEER_PSK_R_FIRST, "psk-success-before-server", "rfc4764-r-peer-first", true, \
	  "it answers CONT with DONE_SUCCESS") \
	X(PEER_PSK_R_FAILURE, "psk-failure-contradicted", "rfc4764-r-failure-reply", true, \
	  "it answers DONE_FAILURE with DONE_SUCCESS") \
	X(PEER_PSK_EXT_START, "psk-peer-starts-extension", "rfc4764-ext-start", true, \
	  "it answers DONE_FAILURE with an extension of its own") \
	X(PEER_PSK_EXT_DROPPED, "psk-extension-dropped", "rfc4764-ext-continues", true, \
	  "it answers an extension with E clear") \
	X(PEER_PSK_EXT_TYPE, "psk-extension-type-changed", "rfc4764-ext-type", true, \
	  "it answers an extension with another EXT_Type") \
	X(PEER_PSK_EXT_LONG, "psk-extension-too-long", "rfc4764-ext-payload-length", true, \
	  "it answers an extension with 961 octets of EXT_Payload") \
	X(PEER_PSK_EXT_SILENT, "psk-extension-unsupported", "rfc4764-ext-support", true, \
	  "it says nothing to an extension") \
	/* RFC 4764: what it takes */ \
	X(PEER_PSK_FORMAT, "psk-peer-format-not-checked", "rfc4764-format-discard", true, \
	  "it answers a first message of which ID_S is missing and RAND_S cut") \
	X(PEER_PSK_ORDER, "psk-peer-order-not-checked", "rfc4764-order-discard", true, \
	  "it answers a second message as if it were a first") \
	X(PEER_PSK_RAND_S, "psk-peer-rand-s-not-checked", "rfc4764-rand-s-discard", true, \
	  "it takes a third message with the RAND_S of another dialog") \
	X(PEER_PSK_MAC_S, "psk-mac-s-not-checked", "rfc4764-mac-s-discard", true, \
	  "it takes a third message whose MAC_S is wrong") \
	X(PEER_PSK_TAG_TAKEN, "psk-peer-tag-not-checked", "rfc4764-tag-discard", true, \
	  "it takes a third message whose tag is wrong") \
	X(PEER_PSK_NONCE, "psk-peer-nonce-not-checked", "rfc4764-nonce-discard", true, \
	  "it takes a third message whose nonce is not 0") \
	X(PEER_PSK_PLAINTEXT, "psk-peer-payload-not-checked", "rfc4764-plaintext-discard", true, \
	  "it takes a payload with octets behind E = 0, or with an R of 0") \
	/* RFC 5433: what it sends */ \
	X(PEER_GPSK_FORMAT, "gpsk-peer-octet-more", "rfc5433-format", true, \
	  "it answers GPSK-Fail with an octet too many") \
	X(PEER_GPSK_LIST_LENGTH, "gpsk-list-length-odd", "rfc5433-csuite-list-length", true, \
	  "of a mixed list it returns one octet less") \
	X(PEER_GPSK_LIST_ECHO, "gpsk-list-not-echoed", "rfc5433-csuite-list-echo", true, \
	  "of a mixed list it returns suites 1 and 2 only") \
	X(PEER_GPSK_SELECTED, "gpsk-suite-not-offered", "rfc5433-csuite-selected", true, \
	  "of a mixed list without suite 2 it selects suite 2") \
	X(PEER_GPSK_RAND_SERVER, "gpsk-rand-server-not-echoed", "rfc5433-rand-server-echo", false, \
	  "its RAND_Server is not that of GPSK-1") \
	X(PEER_GPSK_2_MAC, "gpsk-2-mac-wrong", "rfc5433-gpsk2-mac", false, \
	  "the MAC of its GPSK-2 is wrong") \
	X(PEER_GPSK_4_MAC, "gpsk-4-mac-wrong", "rfc5433-gpsk4-mac", false, \
	  "the MAC of its GPSK-4 is wrong") \
	X(PEER_GPSK_MAC_LENGTH, "gpsk-4-mac-short", "rfc5433-mac-length", false, \
	  "the MAC of its GPSK-4 lacks the last octet") \
	X(PEER_GPSK_FAIL_REPLAY, "gpsk-failure-not-replayed", "rfc5433-fail-replay", true, \
	  "it answers a failure message with another Failure-Code") \
	X(PEER_GPSK_FAIL_MAC, "gpsk-peer-fail-mac-wrong", "rfc5433-fail-mac", true, \
	  "it answers GPSK-Protected-Fail with a wrong MAC") \
	X(PEER_GPSK_IV_NULL, "gpsk-peer-iv-without-cipher", "rfc5433-iv-null", true, \
	  "with suite 2 it answers protected data with an IV") \
	X(PEER_GPSK_IV_SAME, "gpsk-peer-iv-reused", "rfc5433-iv-same", false, \
	  "with suite 1 it sends protected data in GPSK-2 and GPSK-4 under one IV") \
	X(PEER_GPSK_IV_RECEIVED, "gpsk-peer-iv-copied", "rfc5433-iv-received", true, \
	  "with suite 1 it answers protected data under an IV that is their last block") \
	X(PEER_GPSK_PADDING_BLOCK, "gpsk-peer-block-not-whole", "rfc5433-padding-block", true, \
	  "with suite 1 it answers protected data with an octet less than whole blocks") \
	X(PEER_GPSK_PADDING_NULL, "gpsk-peer-padding-without-cipher", "rfc5433-padding-null", true, \
	  "with suite 2 it answers protected data with padding") \
	X(PEER_GPSK_PDATA, "gpsk-peer-payload-cut", "rfc5433-pdata-format", true, \
	  "it answers protected data with a PD_Payload longer than there is") \
	/* RFC 5433: what it takes */ \
	X(PEER_GPSK_FORMAT_TAKEN, "gpsk-peer-format-not-checked", "rfc5433-format-discard", true, \
	  "it answers a GPSK-1 with octets too many") \
	X(PEER_GPSK_ORDER, "gpsk-peer-order-not-checked", "rfc5433-order-discard", true, \
	  "it answers a GPSK-Fail that comes first") \
	X(PEER_GPSK_SUITE_1, "gpsk-peer-without-suite-1", "rfc5433-suite-1-support", false, \
	  "it refuses a list of suite 1 alone") \
	X(PEER_GPSK_DECRYPTION, "gpsk-peer-padding-not-checked", "rfc5433-decryption-discard", true, \
	  "it takes protected data that does not decrypt") \
	X(PEER_GPSK_NAK, "gpsk-nak-not-sent", "rfc5433-gpsk1-nak", true, \
	  "it says nothing to a GPSK-1 with no suite in common") \
	X(PEER_GPSK_3_ECHO, "gpsk-3-echo-not-checked", "rfc5433-gpsk3-echo-discard", true, \
	  "it takes a GPSK-3 whose RAND_Peer, ID_Server or CSuite_Sel is another") \
	X(PEER_GPSK_3_MAC, "gpsk-3-mac-not-checked", "rfc5433-gpsk3-mac-discard", true, \
	  "it takes a GPSK-3 whose MAC is wrong") \
	X(PEER_GPSK_FAIL_TAKEN, "gpsk-fail-mac-not-checked", "rfc5433-fail-mac-discard", true, \
	  "it takes a GPSK-Protected-Fail whose MAC is wrong") \
	/* RFC 6696 */ \
	X(PEER_ERP_KEYNAME, "erp-peer-keyname-twice", "rfc6696-keyname-once", true, \
	  "its Initiate has two keyName-NAI") \
	X(PEER_ERP_FIELDS, "erp-initiate-without-tag", "rfc6696-initiate-fields", true, \
	  "its Initiate ends before the cryptosuite") \
	X(PEER_ERP_TAG, "erp-initiate-tag-wrong", "rfc6696-initiate-tag", true, \
	  "the tag of its Initiate is wrong") \
	X(PEER_ERP_ID, "erp-initiate-id-reused", "rfc6696-initiate-id", true, \
	  "its next Initiate has the Identifier of the one before") \
	X(PEER_ERP_SEQUENCE, "erp-seq-reused", "rfc6696-sequence-increment", true, \
	  "its next Initiate has the SEQ of the one before") \
	X(PEER_ERP_SUITE, "erp-peer-suite-changed", "rfc6696-suite-same", true, \
	  "its next Initiate uses the rIK with another cryptosuite") \
	X(PEER_ERP_FINISH_ID, "erp-finish-id-not-checked", "rfc6696-finish-id-discard", true, \
	  "it takes a Finish of another Identifier") \
	X(PEER_ERP_FINISH_TAG, "erp-finish-tag-not-checked", "rfc6696-finish-check", true, \
	  "it takes a Finish whose tag is wrong") \
	X(PEER_ERP_FINISH_SEQ, "erp-finish-seq-not-checked", "rfc6696-finish-check", true, \
	  "it takes a Finish of another SEQ") \
	X(PEER_ERP_START, "erp-start-answered-twice", "rfc6696-start-discard", true, \
	  "it answers a Re-auth-Start though its Initiate is outstanding")

#define EAP_SERVER_FAULTS(X) \
	/* RFC 3748: what it sends */ \
	X(SERVER_LENGTH, "request-length-wrong", "rfc3748-length", true, \
	  "after a Nak its Request has a Length of one too many") \
	X(SERVER_CODE, "request-code-wrong", "rfc3748-code", true, \
	  "after a Nak its Request has Code 7") \
	X(SERVER_TYPE_ABSENT, "request-type-absent", "rfc3748-type-present", true, \
	  "after a Nak its Request has no Type") \
	X(SERVER_SUCCESS_LENGTH, "failure-with-data", "rfc3748-success-length", true, \
	  "its Failure holds an octet of data") \
	X(SERVER_SUCCESS_ID, "failure-id-wrong", "rfc3748-success-id", true, \
	  "its Failure has the next Identifier") \
	X(SERVER_UNANSWERED, "failure-while-unanswered", "rfc3748-success-unanswered", true, \
	  "it sends Failure where it should discard a Response silently") \
	X(SERVER_MIDWAY, "success-midway", "rfc3748-success-midway", false, \
	  "it sends Success after the first Response of the method") \
	X(SERVER_FAILURE, "failure-after-success", "rfc3748-success-after-success", false, \
	  "it sends Failure after both sides have indicated success") \
	X(SERVER_SUCCESS, "success-after-failure", "rfc3748-failure-after-failure", true, \
	  "it sends Success after a method that has failed") \
	X(SERVER_REQUEST_ID, "request-id-reused", "rfc3748-new-request-id", true, \
	  "after a Nak its Request has the Identifier of the one before") \
	X(SERVER_UNFINISHED, "identity-asked-midway", "rfc3748-method-unfinished", true, \
	  "it asks for the identity where it should discard a Response of the method") \
	X(SERVER_SECOND_METHOD, "second-method", "rfc3748-second-method", false, \
	  "after the method it begins another") \
	X(SERVER_NAK_REQUEST, "nak-as-request", "rfc3748-nak-request", true, \
	  "it answers a Nak without alternatives with a Request of Type 3") \
	X(SERVER_NOTIFICATION_NULL, "notification-null-terminated", "rfc3748-notification-null", true, \
	  "after a Nak it sends a Notification that ends with a null") \
	/* RFC 3748: what it takes */ \
	X(SERVER_LENGTH_TAKEN, "eap-length-not-checked", "rfc3748-length-discard", true, \
	  "it takes a Response whose Length exceeds what has arrived") \
	X(SERVER_TRAILING, "eap-trailing-octets-refused", "rfc3748-trailing-ignored", true, \
	  "it discards a Response with octets behind its Length") \
	X(SERVER_CODE_TAKEN, "eap-code-not-checked", "rfc3748-code-discard", true, \
	  "it takes an unknown Code for a Response") \
	X(SERVER_EXPANDED, "eap-expanded-type-unequal", "rfc3748-expanded-equal", true, \
	  "it does not know Types below 256 in the Expanded form") \
	X(SERVER_RESPONSE_ID, "response-id-not-checked", "rfc3748-response-id-discard", true, \
	  "it takes a Response of any Identifier") \
	X(SERVER_RESPONSE_TYPE, "response-type-not-checked", "rfc3748-response-type-discard", true, \
	  "it takes a Response of another Type for a failed method") \
	X(SERVER_NAK, "nak-midway-taken", "rfc3748-nak-discard", true, \
	  "it takes a Nak after the method has been answered") \
	X(SERVER_END, "end-not-sent", "rfc3748-end-sent", true, \
	  "it says nothing once a method has failed") \
	/* RFC 4764: what it sends */ \
	X(SERVER_PSK_ID_S, "psk-id-s-too-long", "rfc4764-id-s-length", false, \
	  "its ID_S has 967 octets") \
	X(SERVER_PSK_ID_S_CHANGES, "psk-id-s-changes", "rfc4764-id-s-constant", true, \
	  "its ID_S differs from dialog to dialog") \
	X(SERVER_PSK_MAC_S, "psk-mac-s-wrong", "rfc4764-mac-s", false, "its MAC_S is wrong") \
	X(SERVER_PSK_TAG, "psk-server-tag-wrong", "rfc4764-tag", false, \
	  "the tag of its third message is wrong") \
	X(SERVER_PSK_NONCE_ZERO, "psk-nonce-not-zero", "rfc4764-nonce-zero", false, \
	  "its first nonce is 2") \
	X(SERVER_PSK_R_KEEPS, "psk-success-withdrawn", "rfc4764-r-keeps", true, \
	  "after DONE_SUCCESS it answers CONT with CONT") \
	X(SERVER_PSK_R_FAILURE, "psk-goes-on-after-failure", "rfc4764-r-failure-end", true, \
	  "it answers DONE_FAILURE with a further message") \
	X(SERVER_PSK_EXT_START, "psk-extension-late", "rfc4764-ext-start", true, \
	  "it answers CONT by starting an extension") \
	X(SERVER_PSK_EXT_EMPTY, "psk-extension-empty", "rfc4764-ext-payload-empty", false, \
	  "it starts an extension without EXT_Payload") \
	/* RFC 4764: what it takes */ \
	X(SERVER_PSK_FORMAT, "psk-server-format-not-checked", "rfc4764-format-discard", true, \
	  "it fails the dialog where a second message is cut short") \
	X(SERVER_PSK_ORDER, "psk-server-order-not-checked", "rfc4764-order-discard", true, \
	  "it fails the dialog where a fourth message comes second") \
	X(SERVER_PSK_RAND_S, "psk-server-rand-s-not-checked", "rfc4764-rand-s-discard", true, \
	  "it takes a second message with the RAND_S of another dialog") \
	X(SERVER_PSK_MAC_P, "psk-mac-p-not-checked", "rfc4764-mac-p-discard", true, \
	  "it takes a second message whose MAC_P is wrong") \
	X(SERVER_PSK_TAG_TAKEN, "psk-server-tag-not-checked", "rfc4764-tag-discard", true, \
	  "it takes a fourth message whose tag is wrong") \
	X(SERVER_PSK_NONCE, "psk-server-nonce-not-checked", "rfc4764-nonce-discard", true, \
	  "it takes a fourth message whose nonce is not 1") \
	X(SERVER_PSK_PLAINTEXT, "psk-server-payload-not-checked", "rfc4764-plaintext-discard", true, \
	  "it takes a payload with octets behind E = 0, or with an R of 0") \
	/* RFC 5433: what it sends */ \
	X(SERVER_GPSK_FORMAT, "gpsk-server-octet-more", "rfc5433-format", true, \
	  "its GPSK-Fail has an octet too many") \
	X(SERVER_GPSK_LIST_LENGTH, "gpsk-server-list-odd", "rfc5433-csuite-list-length", false, \
	  "its CSuite_List has an octet too many") \
	X(SERVER_GPSK_RAND_PEER, "gpsk-rand-peer-not-echoed", "rfc5433-gpsk3-rand-peer", false, \
	  "RAND_Peer of its GPSK-3 is another") \
	X(SERVER_GPSK_ID_SERVER, "gpsk-id-server-not-echoed", "rfc5433-gpsk3-id-server", false, \
	  "ID_Server of its GPSK-3 is another") \
	X(SERVER_GPSK_SEL, "gpsk-suite-not-echoed", "rfc5433-gpsk3-csuite-sel", false, \
	  "CSuite_Sel of its GPSK-3 is another") \
	X(SERVER_GPSK_3_MAC, "gpsk-3-mac-wrong", "rfc5433-gpsk3-mac", false, \
	  "the MAC of its GPSK-3 is wrong") \
	X(SERVER_GPSK_MAC_LENGTH, "gpsk-3-mac-short", "rfc5433-mac-length", false, \
	  "the MAC of its GPSK-3 lacks the last octet") \
	X(SERVER_GPSK_FAIL_MAC, "gpsk-server-fail-mac-wrong", "rfc5433-fail-mac", true, \
	  "the MAC of its GPSK-Protected-Fail is wrong") \
	X(SERVER_GPSK_AUTHORIZATION, "gpsk-authorization-unprotected", \
	  "rfc5433-fail-authorization", true, \
	  "it tells a peer that is not authorized so in GPSK-Fail") \
	X(SERVER_GPSK_IV_NULL, "gpsk-server-iv-without-cipher", "rfc5433-iv-null", true, \
	  "with suite 2 it answers protected data with an IV") \
	X(SERVER_GPSK_IV_RECEIVED, "gpsk-server-iv-copied", "rfc5433-iv-received", true, \
	  "with suite 1 it answers protected data under an IV that is their last block") \
	X(SERVER_GPSK_PADDING_BLOCK, "gpsk-server-block-not-whole", "rfc5433-padding-block", true, \
	  "with suite 1 it answers protected data with an octet less than whole blocks") \
	X(SERVER_GPSK_PADDING_NULL, "gpsk-server-padding-without-cipher", "rfc5433-padding-null", \
	  true, "with suite 2 it answers protected data with padding") \
	X(SERVER_GPSK_PDATA, "gpsk-server-payload-cut", "rfc5433-pdata-format", true, \
	  "it answers protected data with a PD_Payload longer than there is") \
	/* RFC 5433: what it takes */ \
	X(SERVER_GPSK_FORMAT_TAKEN, "gpsk-server-format-not-checked", "rfc5433-format-discard", true, \
	  "it fails the method where a GPSK-2 is cut short") \
	X(SERVER_GPSK_ORDER, "gpsk-server-order-not-checked", "rfc5433-order-discard", true, \
	  "it fails the method where a GPSK-4 comes first") \
	X(SERVER_GPSK_SUITE_1, "gpsk-server-without-suite-1", "rfc5433-suite-1-support", false, \
	  "it discards a GPSK-2 that selects suite 1 while suite 2 was offered too") \
	X(SERVER_GPSK_DECRYPTION, "gpsk-server-padding-not-checked", "rfc5433-decryption-discard", \
	  true, "it takes protected data that does not decrypt") \
	X(SERVER_GPSK_UNKNOWN, "gpsk-unknown-peer-ignored", "rfc5433-gpsk2-unknown-peer", true, \
	  "it says nothing to an unknown ID_Peer") \
	X(SERVER_GPSK_2_MAC, "gpsk-2-mac-ignored", "rfc5433-gpsk2-mac-fail", true, \
	  "it says nothing to a GPSK-2 whose MAC is wrong") \
	X(SERVER_GPSK_2_MAC_TAKEN, "gpsk-2-mac-not-checked", "rfc5433-gpsk2-mac-fail", true, \
	  "it takes a GPSK-2 whose MAC is wrong") \
	X(SERVER_GPSK_2_ECHO, "gpsk-2-echo-not-checked", "rfc5433-gpsk2-echo-discard", true, \
	  "it takes a GPSK-2 whose RAND_Server or CSuite_List is another") \
	X(SERVER_GPSK_UNAUTHORIZED, "gpsk-unauthorized-silent", "rfc5433-gpsk2-unauthorized", true, \
	  "it says nothing to a peer that is not authorized") \
	X(SERVER_GPSK_4_MAC, "gpsk-4-mac-not-checked", "rfc5433-gpsk4-mac-discard", true, \
	  "it takes a GPSK-4 whose MAC is wrong") \
	X(SERVER_GPSK_FAIL_END, "gpsk-failure-repeated", "rfc5433-fail-end", true, \
	  "it answers the peer's copy of a failure message with that message again") \
	/* RFC 6696 */ \
	X(SERVER_ERP_RESERVED, "erp-start-reserved-set", "rfc6696-start-reserved", true, \
	  "the reserved octet of its Re-auth-Start is not zero") \
	X(SERVER_ERP_KEYNAME, "erp-server-keyname-twice", "rfc6696-keyname-once", true, \
	  "its Finish has two keyName-NAI") \
	X(SERVER_ERP_FIELDS, "erp-finish-without-tag", "rfc6696-finish-fields", true, \
	  "its Finish ends before the cryptosuite") \
	X(SERVER_ERP_TAG, "erp-finish-tag-wrong", "rfc6696-finish-tag", true, \
	  "the tag of its Finish is wrong") \
	X(SERVER_ERP_ID, "erp-finish-id-wrong", "rfc6696-finish-id", true, \
	  "its Finish has the Identifier plus one") \
	X(SERVER_ERP_SEQ, "erp-finish-seq-wrong", "rfc6696-finish-seq", true, \
	  "its Finish has the SEQ plus one") \
	X(SERVER_ERP_REPLAY, "erp-replay-accepted", "rfc6696-sequence-replay", true, \
	  "it accepts a SEQ used before") \
	X(SERVER_ERP_SUITE, "erp-server-suite-changed", "rfc6696-suite-same", true, \
	  "its Finish uses the rIK with another cryptosuite than the Initiate") \
	X(SERVER_ERP_PROTECTED, "erp-failure-unprotected", "rfc6696-failure-protected", true, \
	  "its refusals have no tag though it has the rIK") \
	X(SERVER_ERP_BOOTSTRAP, "erp-bootstrap-flag-missing", "rfc6696-bootstrap-flag", true, \
	  "it answers a bootstrapping Initiate without the B flag") \
	X(SERVER_ERP_LIFETIME, "erp-rmsk-outlives-rrk", "rfc6696-lifetime-rmsk", true, \
	  "asked for lifetimes, it gives the rMSK a longer one than the rRK") \
	X(SERVER_ERP_INITIATE_TAG, "erp-initiate-tag-not-checked", "rfc6696-initiate-check", true, \
	  "it grants an Initiate whose tag is wrong") \
	X(SERVER_ERP_SUITE_SILENT, "erp-unknown-suite-ignored", "rfc6696-suite-check", true, \
	  "it says nothing to an unacceptable cryptosuite") \
	X(SERVER_ERP_GAP, "erp-seq-gap-refused", "rfc6696-sequence-accept", true, \
	  "it refuses a SEQ that leaves some out") \
	X(SERVER_ERP_UNKNOWN, "erp-unknown-key-ignored", "rfc6696-failure-sent", true, \
	  "it says nothing to an Initiate of an unknown key")
/* clang-format on */

enum eap_peer_fault { EAP_PEER_FAULTS(FAULT_NAME) EAP_PEER_FAULT_COUNT };
enum eap_server_fault { EAP_SERVER_FAULTS(FAULT_NAME) EAP_SERVER_FAULT_COUNT };

/* True if the owner of the end has this fault switched on. */
bool eap_peer_has_fault(const struct role *owner, enum eap_peer_fault fault);
bool eap_server_has_fault(const struct role *owner, enum eap_server_fault fault);

#endif
