/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fields of PANA. Where Wireshark's own dissector shows a field rightly, its name stands here, so
 * that filters keep working. Names of algorithms: IANA "IKEv2 Parameters", transform types 2 and 3,
 * and "PANA Parameters".
 */
#include "pana.h"
#include "pana_fields.h"

#include "protocols/core/verdict.h"

static const struct value_name type_names[] = {
	{PANA_CLIENT_INITIATION, "PANA-Client-Initiation"},
	{PANA_AUTH, "PANA-Auth"},
	{PANA_TERMINATION, "PANA-Termination"},
	{PANA_NOTIFICATION, "PANA-Notification"},
	{PANA_RELAY, "PANA-Relay"},
	{0, NULL},
};

const struct value_name pana_avp_names[] = {
	{PANA_AVP_AUTH, "AUTH"},
	{PANA_AVP_EAP_PAYLOAD, "EAP-Payload"},
	{PANA_AVP_INTEGRITY_ALGORITHM, "Integrity-Algorithm"},
	{PANA_AVP_KEY_ID, "Key-Id"},
	{PANA_AVP_NONCE, "Nonce"},
	{PANA_AVP_PRF_ALGORITHM, "PRF-Algorithm"},
	{PANA_AVP_RESULT_CODE, "Result-Code"},
	{PANA_AVP_SESSION_LIFETIME, "Session-Lifetime"},
	{PANA_AVP_TERMINATION_CAUSE, "Termination-Cause"},
	{PANA_AVP_PAC_INFORMATION, "PaC-Information"},
	{PANA_AVP_RELAYED_MESSAGE, "Relayed-Message"},
	{PANA_AVP_ENCR_ENCAP, "Encr-Encap"},
	{PANA_AVP_ENCRYPTION_ALGORITHM, "Encryption-Algorithm"},
	{0, NULL},
};

static const struct value_name vendor_names[] = {
	{PANA_VENDOR_ZIGBEE, "ZigBee Alliance"},
	{0, NULL},
};

const struct value_name pana_prf_names[] = {
	{1, "PRF_HMAC_MD5"},          {2, "PRF_HMAC_SHA1"},
	{3, "PRF_HMAC_TIGER"},        {4, "PRF_AES128_XCBC"},
	{5, "PRF_HMAC_SHA2_256"},     {6, "PRF_HMAC_SHA2_384"},
	{7, "PRF_HMAC_SHA2_512"},     {8, "PRF_AES128_CMAC"},
	{9, "PRF_HMAC_STREEBOG_512"}, {0, NULL},
};

const struct value_name pana_integrity_names[] = {
	{0, "NONE"},
	{1, "AUTH_HMAC_MD5_96"},
	{2, "AUTH_HMAC_SHA1_96"},
	{3, "AUTH_DES_MAC"},
	{4, "AUTH_KPDK_MD5"},
	{5, "AUTH_AES_XCBC_96"},
	{6, "AUTH_HMAC_MD5_128"},
	{7, "AUTH_HMAC_SHA1_160"},
	{8, "AUTH_AES_CMAC_96"},
	{9, "AUTH_AES_128_GMAC"},
	{10, "AUTH_AES_192_GMAC"},
	{11, "AUTH_AES_256_GMAC"},
	{12, "AUTH_HMAC_SHA2_256_128"},
	{13, "AUTH_HMAC_SHA2_384_192"},
	{14, "AUTH_HMAC_SHA2_512_256"},
	{0, NULL},
};

const struct value_name pana_encryption_names[] = {
	{1, "AES128_CTR"},
	{0, NULL},
};

const struct value_name pana_result_names[] = {
	{0, "PANA_SUCCESS"},
	{1, "PANA_AUTHENTICATION_REJECTED"},
	{2, "PANA_AUTHORIZATION_REJECTED"},
	{0, NULL},
};

const struct value_name pana_cause_names[] = {
	{1, "LOGOUT"},
	{4, "ADMINISTRATIVE"},
	{8, "SESSION_TIMEOUT"},
	{0, NULL},
};

const struct value_name pana_phase_names[] = {
	{PANA_PHASE_UNKNOWN, "unknown (the capture began in the middle)"},
	{PANA_PHASE_INITIATION, "initiation"},
	{PANA_PHASE_AUTH, "authentication and authorization"},
	{PANA_PHASE_ACCESS, "access"},
	{PANA_PHASE_REAUTH, "re-authentication"},
	{PANA_PHASE_TERMINATION, "termination"},
	{PANA_PHASE_CLOSED, "closed"},
	{0, NULL},
};

static const struct value_name key_in_use_names[] = {
	{1, "from the newest MSK"},
	{2, "from the MSK before re-authentication"},
	{0, NULL},
};

#define U16(n, l, s)                                                                \
	{                                                                           \
		.name = n, .label = l, .kind = FIELD_UINT, .width = 2, .section = s \
	}
#define X16(n, l, s)                                                                        \
	{                                                                                   \
		.name = n, .label = l, .kind = FIELD_UINT, .width = 2, .base = BASE_IS_HEX, \
		.section = s                                                                \
	}
#define X32(n, l, s)                                                                        \
	{                                                                                   \
		.name = n, .label = l, .kind = FIELD_UINT, .width = 4, .base = BASE_IS_HEX, \
		.section = s                                                                \
	}
#define ENUM(w, n, l, v, s)                                                                     \
	{                                                                                       \
		.name = n, .label = l, .kind = FIELD_UINT, .width = w, .names = v, .section = s \
	}
#define BIT16(n, l, m, s)                                                                     \
	{                                                                                     \
		.name = n, .label = l, .kind = FIELD_BIT, .width = 2, .mask = m, .section = s \
	}
#define OCTETS(n, l, s)                                                   \
	{                                                                 \
		.name = n, .label = l, .kind = FIELD_OCTETS, .section = s \
	}
#define GROUP(n, l, s)                                                   \
	{                                                                \
		.name = n, .label = l, .kind = FIELD_GROUP, .section = s \
	}
#define SAID(k, n, l, s)                                                          \
	{                                                                         \
		.name = n, .label = l, .kind = k, .generated = true, .section = s \
	}
#define SAID_ENUM(n, l, v, s)                                                             \
	{                                                                                 \
		.name = n, .label = l, .kind = FIELD_UINT, .width = 4, .generated = true, \
		.names = v, .section = s                                                  \
	}

const struct field pana_fields[F_COUNT] = {
	[F_MESSAGE] = GROUP("pana", "PANA", "RFC 5191 6.2"),
	[F_RESERVED] = X16("pana.reserved", "Reserved", "RFC 5191 6.2"),
	[F_LENGTH] = U16("pana.length", "Message Length", "RFC 5191 6.2"),
	[F_FLAGS] = X16("pana.flag_word", "Flags", "RFC 5191 6.2"),
	[F_FLAG_R] = BIT16("pana.flags.r", "Request", PANA_FLAG_R, "RFC 5191 6.2"),
	[F_FLAG_S] = BIT16("pana.flags.s", "Start", PANA_FLAG_S, "RFC 5191 6.2"),
	[F_FLAG_C] = BIT16("pana.flags.c", "Complete", PANA_FLAG_C, "RFC 5191 6.2"),
	[F_FLAG_A] = BIT16("pana.flags.a", "Re-authentication", PANA_FLAG_A, "RFC 5191 6.2"),
	[F_FLAG_P] = BIT16("pana.flags.p", "Ping", PANA_FLAG_P, "RFC 5191 6.2"),
	[F_FLAG_I] = BIT16("pana.flags.i", "IP Reconfiguration", PANA_FLAG_I, "RFC 5191 6.2"),
	[F_FLAGS_RESERVED] = {.name = "pana.flags.reserved",
			      .label = "Reserved flags",
			      .kind = FIELD_UINT,
			      .width = 2,
			      .base = BASE_IS_HEX,
			      .mask = PANA_FLAGS_RESERVED,
			      .section = "RFC 5191 6.2"},
	[F_TYPE] = ENUM(2, "pana.type", "Message Type", type_names, "RFC 5191 7"),
	[F_SESSION_ID] = X32("pana.sid", "Session Identifier", "RFC 5191 6.2"),
	[F_SEQUENCE] = X32("pana.seq", "Sequence Number", "RFC 5191 6.2"),

	[F_AVP] = GROUP("pana.avp", "AVP", "RFC 5191 6.3"),
	[F_AVP_CODE] = ENUM(2, "pana.avp.code", "AVP Code", pana_avp_names, "RFC 5191 8"),
	[F_AVP_VENDOR_CODE] = U16("pana.avp.vendor_code", "Vendor's AVP Code", "RFC 5191 6.3"),
	[F_AVP_FLAGS] = X16("pana.avp.flags", "AVP Flags", "RFC 5191 6.3"),
	[F_AVP_FLAG_V] = BIT16("pana.avp.flags.v", "Vendor", PANA_AVP_FLAG_V, "RFC 5191 6.3"),
	[F_AVP_FLAGS_RESERVED] = {.name = "pana.avp.flags.reserved",
				  .label = "Reserved flags",
				  .kind = FIELD_UINT,
				  .width = 2,
				  .base = BASE_IS_HEX,
				  .mask = PANA_AVP_FLAGS_RESERVED,
				  .section = "RFC 5191 6.3"},
	[F_AVP_LENGTH] = {.name = "pana.avp.data_length",
			  .label = "AVP Length",
			  .kind = FIELD_UINT,
			  .width = 2,
			  .unit = "octets",
			  .section = "RFC 5191 6.3"},
	[F_AVP_RESERVED] = X16("pana.avp.reserved", "Reserved", "RFC 5191 6.3"),
	[F_AVP_VENDOR] = ENUM(4, "pana.avp.vendorid", "Vendor-Id", vendor_names, "RFC 5191 6.3"),
	[F_AVP_VALUE] = OCTETS("pana.avp.value", "Value", "RFC 5191 6.3"),
	[F_AVP_PADDING] = OCTETS("pana.avp.padding", "Padding", "RFC 5191 6.3"),

	[F_AUTH] = OCTETS("pana.auth", "AUTH", "RFC 5191 8.1"),
	[F_INTEGRITY_ALGORITHM] = ENUM(4, "pana.integrity_algorithm", "Integrity-Algorithm",
				       pana_integrity_names, "RFC 5191 8.3"),
	[F_KEY_ID] = X32("pana.key_id", "Key-Id", "RFC 5191 8.4"),
	[F_NONCE] = OCTETS("pana.nonce", "Nonce", "RFC 5191 8.5"),
	[F_PRF_ALGORITHM] =
		ENUM(4, "pana.prf_algorithm", "PRF-Algorithm", pana_prf_names, "RFC 5191 8.6"),
	[F_RESULT_CODE] =
		ENUM(4, "pana.result_code", "Result-Code", pana_result_names, "RFC 5191 8.7"),
	[F_SESSION_LIFETIME] = {.name = "pana.session_lifetime",
				.label = "Session-Lifetime",
				.kind = FIELD_UINT,
				.width = 4,
				.unit = "s",
				.section = "RFC 5191 8.8"},
	[F_TERMINATION_CAUSE] = ENUM(4, "pana.termination_cause", "Termination-Cause",
				     pana_cause_names, "RFC 5191 8.9"),
	[F_PAC_IPV4] = {.name = "pana.pac_information.ipv4",
			.label = "PaC address",
			.kind = FIELD_IPV4,
			.section = "RFC 6345 5.1"},
	[F_PAC_IPV6] = {.name = "pana.pac_information.ipv6",
			.label = "PaC address",
			.kind = FIELD_IPV6,
			.section = "RFC 6345 5.1"},
	[F_PAC_PORT] = U16("pana.pac_information.port", "PaC port", "RFC 6345 5.1"),
	[F_PAC_INFORMATION] = OCTETS("pana.pac_information", "PaC-Information", "RFC 6345 5.1"),
	[F_RELAYED_MESSAGE] = OCTETS("pana.relayed_message", "Relayed-Message", "RFC 6345 5.2"),
	[F_ENCR_ENCAP] = OCTETS("pana.encr_encap", "Encrypted AVPs", "RFC 6786 5"),
	[F_ENCRYPTION_ALGORITHM] = ENUM(4, "pana.encryption_algorithm", "Encryption-Algorithm",
					pana_encryption_names, "RFC 6786 4"),
	[F_ZIGBEE_NETWORK_KEY] = {.name = "pana.zigbee.network_key",
				  .label = "Network key",
				  .kind = FIELD_SECRET,
				  .section = "ZigBee IP, vendor AVP 1"},
	[F_ZIGBEE_KEY_INDEX] = {.name = "pana.zigbee.key_index",
				.label = "Key index",
				.kind = FIELD_UINT,
				.width = 1,
				.section = "ZigBee IP, vendor AVP 1"},
	[F_ZIGBEE_AUTH_COUNTER] = {.name = "pana.zigbee.auth_counter",
				   .label = "Authentication counter",
				   .kind = FIELD_UINT,
				   .width = 1,
				   .section = "ZigBee IP, vendor AVP 1"},
	[F_ZIGBEE_REQUEST_FLAGS] = {.name = "pana.zigbee.request_flags",
				    .label = "Request flags",
				    .kind = FIELD_UINT,
				    .width = 1,
				    .base = BASE_IS_HEX,
				    .section = "ZigBee IP, vendor AVP 2"},
	[F_ZIGBEE_REQUEST] = {.name = "pana.zigbee.request_flags.request",
			      .label = "Key requested",
			      .kind = FIELD_BIT,
			      .width = 1,
			      .mask = 0x01,
			      .section = "ZigBee IP, vendor AVP 2"},
	[F_ZIGBEE_REQUEST_INDEX] = {.name = "pana.zigbee.request_key_index",
				    .label = "Index of the key held",
				    .kind = FIELD_UINT,
				    .width = 1,
				    .section = "ZigBee IP, vendor AVP 2"},

	[F_AUTH_STATUS] = SAID_ENUM("pana.auth.status", "AUTH", verdict_names, "RFC 5191 5.4"),
	[F_AUTH_KEY_IN_USE] = SAID_ENUM("pana.auth.key", "Verified with the key", key_in_use_names,
					"RFC 5191 4.3"),
	[F_RESPONSE_IN] = SAID(FIELD_FRAME, "pana.response_in", "Answered in", "RFC 5191 5.2"),
	[F_RESPONSE_TO] =
		SAID(FIELD_FRAME, "pana.response_to", "Answer to the request in", "RFC 5191 5.2"),
	[F_RESPONSE_TIME] =
		SAID(FIELD_DURATION, "pana.response_time", "Response time", "RFC 5191 5.2"),
	[F_RETRANSMISSION_OF] = SAID(FIELD_FRAME, "pana.retransmission_of",
				     "Retransmission of the message in", "RFC 5191 5.2"),
	[F_PHASE] = SAID_ENUM("pana.phase", "Phase", pana_phase_names, "RFC 5191 3"),
	[F_PRF_CHOSEN] = SAID_ENUM("pana.prf_chosen", "PRF chosen", pana_prf_names, "RFC 5191 4.1"),
	[F_INTEGRITY_CHOSEN] = SAID_ENUM("pana.integrity_chosen", "Integrity algorithm chosen",
					 pana_integrity_names, "RFC 5191 4.1"),
	[F_ENCRYPTION_CHOSEN] = SAID_ENUM("pana.encryption_chosen", "Encryption algorithm chosen",
					  pana_encryption_names, "RFC 6786 2"),
	[F_AUTH_KEY] = SAID(FIELD_SECRET, "pana.auth_key", "PANA_AUTH_KEY", "RFC 5191 5.3"),
	[F_PAC_ENCR_KEY] =
		SAID(FIELD_SECRET, "pana.pac_encr_key", "PANA_PAC_ENCR_KEY", "RFC 6786 3"),
	[F_PAA_ENCR_KEY] =
		SAID(FIELD_SECRET, "pana.paa_encr_key", "PANA_PAA_ENCR_KEY", "RFC 6786 3"),
	[F_DECRYPTION] =
		SAID(FIELD_STATEMENT, "pana.encr_encap.status", "Decryption", "RFC 6786 5"),

	[F_SESSION_PAC] = SAID(FIELD_STATEMENT, "pana.session.pac", "PaC", "RFC 5191 2"),
	[F_SESSION_PAA] = SAID(FIELD_STATEMENT, "pana.session.paa", "PAA", "RFC 5191 2"),
	[F_SESSION_PRE] = SAID(FIELD_STATEMENT, "pana.session.pre", "Relayed by", "RFC 6345 2"),
	[F_SESSION_SID] = {.name = "pana.session.id",
			   .label = "Session Identifier",
			   .kind = FIELD_UINT,
			   .width = 4,
			   .base = BASE_IS_HEX,
			   .generated = true,
			   .section = "RFC 5191 2"},
	[F_SESSION_PROGRESS] =
		SAID(FIELD_STATEMENT, "pana.session.progress", "Progress", "RFC 5191 3"),
	[F_SESSION_PRF] = SAID_ENUM("pana.session.prf", "PRF", pana_prf_names, "RFC 5191 8.6"),
	[F_SESSION_INTEGRITY] = SAID_ENUM("pana.session.integrity", "Integrity algorithm",
					  pana_integrity_names, "RFC 5191 8.3"),
	[F_SESSION_ENCRYPTION] = SAID_ENUM("pana.session.encryption", "Encryption algorithm",
					   pana_encryption_names, "RFC 6786 4"),
	[F_SESSION_KEY_ID] = {.name = "pana.session.key_id",
			      .label = "Key-Id",
			      .kind = FIELD_UINT,
			      .width = 4,
			      .base = BASE_IS_HEX,
			      .generated = true,
			      .section = "RFC 5191 8.4"},
	[F_SESSION_RESULT] =
		SAID_ENUM("pana.session.result", "Result", pana_result_names, "RFC 5191 8.7"),
	[F_SESSION_EXPIRY] = {.name = "pana.session.lifetime",
			      .label = "Lifetime granted",
			      .kind = FIELD_UINT,
			      .width = 4,
			      .generated = true,
			      .unit = "s",
			      .section = "RFC 5191 8.8"},
	[F_SESSION_CAUSE] = SAID_ENUM("pana.session.termination_cause", "Termination cause",
				      pana_cause_names, "RFC 5191 8.9"),
	[F_SESSION_PINGS] = {.name = "pana.session.pings",
			     .label = "Pings answered",
			     .kind = FIELD_UINT,
			     .width = 4,
			     .generated = true,
			     .section = "RFC 5191 4.2"},
	[F_SESSION_REAUTHS] = {.name = "pana.session.reauthentications",
			       .label = "Re-authentications",
			       .kind = FIELD_UINT,
			       .width = 4,
			       .generated = true,
			       .section = "RFC 5191 4.3"},
};

static void walk_alone(struct walk *w)
{
	struct pana_message messages[PANA_DEPTH];

	pana_walk(w, messages);
}

const struct protocol pana_protocol = {
	.name = "pana",
	.label = "Protocol for carrying Authentication for Network Access (RFC 5191)",
	.fields = pana_fields,
	.field_count = F_COUNT,
	.rules = pana_rules,
	.rule_count = R_COUNT,
	.walk = walk_alone,
};
