/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every field of EAP, in the order of enum eap_field. */
#include "eap.h"
#include "eap_fields.h"

/* Rows by kind: `id` of enum eap_field, name without "eap.", label, section. */
#define GROUP(id, name_, label_, section_) \
	[EAP_F_##id] = {                   \
		.name = "eap." name_, .label = label_, .kind = FIELD_GROUP, .section = section_}
#define UINT(id, name_, label_, octets_, names_, section_) \
	[EAP_F_##id] = {.name = "eap." name_,              \
			.label = label_,                   \
			.kind = FIELD_UINT,                \
			.width = octets_,                  \
			.names = names_,                   \
			.section = section_}
#define HEX(id, name_, label_, octets_, mask_, section_) \
	[EAP_F_##id] = {.name = "eap." name_,            \
			.label = label_,                 \
			.kind = FIELD_UINT,              \
			.width = octets_,                \
			.base = BASE_IS_HEX,             \
			.mask = mask_,                   \
			.section = section_}
#define BITS(id, name_, label_, mask_, names_, section_) \
	[EAP_F_##id] = {.name = "eap." name_,            \
			.label = label_,                 \
			.kind = FIELD_UINT,              \
			.width = 1,                      \
			.mask = mask_,                   \
			.names = names_,                 \
			.section = section_}
#define BIT(id, name_, label_, mask_, section_) \
	[EAP_F_##id] = {.name = "eap." name_,   \
			.label = label_,        \
			.kind = FIELD_BIT,      \
			.width = 1,             \
			.mask = mask_,          \
			.section = section_}
#define SECONDS(id, name_, label_, section_)  \
	[EAP_F_##id] = {.name = "eap." name_, \
			.label = label_,      \
			.kind = FIELD_UINT,   \
			.width = 4,           \
			.unit = "s",          \
			.section = section_}
#define PLAIN(id, kind_, name_, label_, section_) \
	[EAP_F_##id] = {.name = "eap." name_, .label = label_, .kind = kind_, .section = section_}
#define OCTETS(id, name_, label_, section_) PLAIN(id, FIELD_OCTETS, name_, label_, section_)
#define TEXT(id, name_, label_, section_)   PLAIN(id, FIELD_TEXT, name_, label_, section_)
/* Not on the wire. */
#define SAID(id, kind_, name_, label_, section_) \
	[EAP_F_##id] = {.name = "eap." name_,    \
			.label = label_,         \
			.kind = kind_,           \
			.generated = true,       \
			.section = section_}
#define NUMBER_SAID(id, name_, label_, names_, section_) \
	[EAP_F_##id] = {.name = "eap." name_,            \
			.label = label_,                 \
			.kind = FIELD_UINT,              \
			.width = 1,                      \
			.generated = true,               \
			.names = names_,                 \
			.section = section_}
#define STATUS(id, name_, label_, section_) NUMBER_SAID(id, name_, label_, verdict_names, section_)
#define SECRET(id, name_, label_, section_) SAID(id, FIELD_SECRET, name_, label_, section_)

static const struct value_name message_names[] = {
	{EAP_PSK_1, "first message"},
	{EAP_PSK_2, "second message"},
	{EAP_PSK_3, "third message"},
	{EAP_PSK_4, "fourth or later message"},
	{0, NULL},
};

static const struct value_name result_names[] = {
	{EAP_PSK_CONT, "CONT"},
	{EAP_PSK_DONE_SUCCESS, "DONE_SUCCESS"},
	{EAP_PSK_DONE_FAILURE, "DONE_FAILURE"},
	{0, NULL},
};

static const struct value_name ext_type_names[] = {
	{255, "Experimental"},
	{0, NULL},
};

static const struct value_name vendor_names[] = {
	{0, "IETF"}, {9, "Cisco"}, {311, "Microsoft"}, {14122, "Wi-Fi Alliance"}, {0, NULL},
};

static const struct value_name failure_names[] = {
	{0, "Reserved"},
	{EAP_GPSK_PSK_NOT_FOUND, "PSK Not Found"},
	{EAP_GPSK_AUTHENTICATION_FAILURE, "Authentication Failure"},
	{EAP_GPSK_AUTHORIZATION_FAILURE, "Authorization Failure"},
	{0, NULL},
};

static const struct value_name attribute_names[] = {
	{EAP_ERP_KEYNAME_NAI, "keyName-NAI"},
	{EAP_ERP_RRK_LIFETIME, "rRK Lifetime"},
	{EAP_ERP_RMSK_LIFETIME, "rMSK Lifetime"},
	{EAP_ERP_DOMAIN_NAME, "Domain name"},
	{EAP_ERP_CRYPTOSUITES, "Cryptosuite list"},
	{EAP_ERP_AUTHORIZATION, "Authorization Indication"},
	{128, "Called-Station-Id"},
	{129, "Calling-Station-Id"},
	{130, "NAS-Identifier"},
	{131, "NAS-IP-Address"},
	{132, "NAS-IPv6-Address"},
	{0, NULL},
};

static const struct value_name cryptosuite_names[] = {
	{0, "RESERVED"}, {1, "HMAC-SHA256-64"}, {2, "HMAC-SHA256-128"}, {3, "HMAC-SHA256-256"},
	{0, NULL},
};

const struct field eap_fields[EAP_FIELDS] = {
	[EAP_F_EAP] = {.name = "eap",
		       .label = "Extensible Authentication Protocol",
		       .kind = FIELD_GROUP,
		       .section = "RFC 3748 4"},
	UINT(CODE, "code", "Code", 1, eap_code_names, "RFC 3748 4"),
	UINT(ID, "id", "Id", 1, NULL, "RFC 3748 4"),
	UINT(LEN, "len", "Length", 2, NULL, "RFC 3748 4"),
	UINT(TYPE, "type", "Type", 1, eap_type_names, "RFC 3748 4.1"),
	OCTETS(DATA, "data", "EAP Data", "RFC 3748 4.1"),
	OCTETS(TRAILING, "trailing", "Octets behind Length", "RFC 3748 4"),

	TEXT(IDENTITY, "identity", "Identity", "RFC 3748 5.1"),
	TEXT(NOTIFICATION, "notification", "Notification", "RFC 3748 5.2"),
	UINT(NAK_TYPE, "nak.type", "Desired Type", 1, eap_type_names, "RFC 3748 5.3.1"),
	UINT(EXT_VENDOR, "ext.vendor", "Vendor-Id", 3, vendor_names, "RFC 3748 5.7"),
	UINT(EXT_TYPE, "ext.type", "Vendor-Type", 4, NULL, "RFC 3748 5.7"),
	GROUP(EXT_NAK, "nak.expanded", "Desired Expanded Type", "RFC 3748 5.3.2"),
	UINT(EXT_NAK_MARK, "nak.expanded.mark", "Type", 1, eap_type_names, "RFC 3748 5.3.2"),
	UINT(EXT_NAK_VENDOR, "nak.expanded.vendor", "Vendor-Id", 3, vendor_names, "RFC 3748 5.3.2"),
	UINT(EXT_NAK_TYPE, "nak.expanded.type", "Vendor-Type", 4, NULL, "RFC 3748 5.3.2"),

	HEX(PSK_FLAGS, "psk.flags", "EAP-PSK Flags", 1, 0, "RFC 4764 5.1"),
	BITS(PSK_T, "psk.flags.t", "T", 0xc0, message_names, "RFC 4764 5.1"),
	HEX(PSK_RESERVED, "psk.flags.reserved", "Reserved", 1, 0x3f, "RFC 4764 5.1"),
	OCTETS(PSK_RAND_S, "psk.rand_s", "EAP-PSK RAND_S", "RFC 4764 5.1"),
	OCTETS(PSK_RAND_P, "psk.rand_p", "EAP-PSK RAND_P", "RFC 4764 5.2"),
	OCTETS(PSK_MAC_P, "psk.mac_p", "EAP-PSK MAC_P", "RFC 4764 5.2"),
	STATUS(PSK_MAC_P_STATUS, "psk.mac_p.status", "MAC_P", "RFC 4764 4.1"),
	OCTETS(PSK_MAC_S, "psk.mac_s", "EAP-PSK MAC_S", "RFC 4764 5.3"),
	STATUS(PSK_MAC_S_STATUS, "psk.mac_s.status", "MAC_S", "RFC 4764 4.1"),
	TEXT(PSK_ID_S, "psk.id_s", "EAP-PSK ID_S", "RFC 4764 5.1"),
	TEXT(PSK_ID_P, "psk.id_p", "EAP-PSK ID_P", "RFC 4764 5.2"),
	OCTETS(PSK_PCHANNEL, "psk.pchannel", "EAP-PSK Protected Channel (encrypted)",
	       "RFC 4764 5.3"),
	UINT(PSK_NONCE, "psk.pchannel.nonce", "Nonce", 4, NULL, "RFC 4764 5.3"),
	OCTETS(PSK_TAG, "psk.pchannel.tag", "Tag", "RFC 4764 5.3"),
	STATUS(PSK_TAG_STATUS, "psk.pchannel.status", "Protected Channel Tag", "RFC 4764 3.3"),
	OCTETS(PSK_CIPHERTEXT, "psk.pchannel.ciphertext", "Ciphertext", "RFC 4764 3.3"),
	BITS(PSK_R, "psk.pchannel.r", "Result Indication (R)", 0xc0, result_names, "RFC 4764 6.1"),
	BIT(PSK_E, "psk.pchannel.e", "Extension (E)", 0x20, "RFC 4764 5.3"),
	HEX(PSK_PLAIN_RESERVED, "psk.pchannel.reserved", "Reserved", 1, 0x1f, "RFC 4764 5.3"),
	UINT(PSK_EXT_TYPE, "psk.pchannel.ext_type", "EXT_Type", 1, ext_type_names, "RFC 4764 5.3"),
	OCTETS(PSK_EXT_PAYLOAD, "psk.pchannel.ext_payload", "EXT_Payload", "RFC 4764 5.3"),

	UINT(GPSK_OPCODE, "gpsk.opcode", "EAP-GPSK OP-Code", 1, eap_gpsk_opcode_names,
	     "RFC 5433 9.1"),
	UINT(GPSK_ID_SERVER_LEN, "gpsk.id_server.len", "EAP-GPSK ID_Server len", 2, NULL,
	     "RFC 5433 9.3"),
	TEXT(GPSK_ID_SERVER, "gpsk.id_server", "EAP-GPSK ID_Server", "RFC 5433 9.3"),
	UINT(GPSK_ID_PEER_LEN, "gpsk.id_peer.len", "EAP-GPSK ID_Peer len", 2, NULL, "RFC 5433 9.3"),
	TEXT(GPSK_ID_PEER, "gpsk.id_peer", "EAP-GPSK ID_Peer", "RFC 5433 9.3"),
	OCTETS(GPSK_RAND_SERVER, "gpsk.rand_server", "EAP-GPSK Rand_Server", "RFC 5433 9.3"),
	OCTETS(GPSK_RAND_PEER, "gpsk.rand_peer", "EAP-GPSK Rand_Peer", "RFC 5433 9.3"),
	GROUP(GPSK_CSUITE_LIST, "gpsk.csuite_list", "EAP-GPSK CSuite_List", "RFC 5433 9.2"),
	UINT(GPSK_CSUITE_LIST_LEN, "gpsk.csuite_list_len", "Len", 2, NULL, "RFC 5433 9.3"),
	GROUP(GPSK_CSUITE_OFFERED, "gpsk.csuite", "CSuite", "RFC 5433 9.2"),
	GROUP(GPSK_CSUITE_SEL, "gpsk.csuite_sel", "EAP-GPSK CSuite_Sel", "RFC 5433 9.3"),
	UINT(GPSK_CSUITE_VENDOR, "gpsk.csuite.vendor", "Vendor", 4, vendor_names, "RFC 5433 9.2"),
	UINT(GPSK_CSUITE_SPECIFIER, "gpsk.csuite.specifier", "Specifier", 2, NULL, "RFC 5433 9.2"),
	SAID(GPSK_CSUITE_NAME, FIELD_STATEMENT, "gpsk.csuite.name", "Ciphersuite", "RFC 5433 6"),
	UINT(GPSK_PD_LEN, "gpsk.pd_payload.len", "EAP-GPSK PD_Payload len", 2, NULL,
	     "RFC 5433 9.3"),
	OCTETS(GPSK_PD, "gpsk.pd_payload", "EAP-GPSK PD_Payload", "RFC 5433 9.4"),
	UINT(GPSK_PD_IV_LENGTH, "gpsk.pd_payload.iv_len", "IV Length", 1, NULL, "RFC 5433 9.4"),
	OCTETS(GPSK_PD_IV, "gpsk.pd_payload.iv", "Initialization Vector", "RFC 5433 9.4"),
	OCTETS(GPSK_PD_CIPHERTEXT, "gpsk.pd_payload.ciphertext",
	       "PD_Payloads, Padding, Pad Length (encrypted)", "RFC 5433 9.4"),
	GROUP(GPSK_PDATA, "gpsk.pdata", "PD_Payload", "RFC 5433 9.4"),
	UINT(GPSK_PDATA_VENDOR, "gpsk.pdata.vendor", "PData/Vendor", 4, vendor_names,
	     "RFC 5433 9.4"),
	UINT(GPSK_PDATA_SPECIFIER, "gpsk.pdata.specifier", "PData/Specifier", 2, NULL,
	     "RFC 5433 9.4"),
	UINT(GPSK_PDATA_LENGTH, "gpsk.pdata.length", "PData/Length", 2, NULL, "RFC 5433 9.4"),
	OCTETS(GPSK_PDATA_VALUE, "gpsk.pdata.value", "PData/Value", "RFC 5433 9.4"),
	OCTETS(GPSK_PD_PADDING, "gpsk.pd_payload.padding", "Padding", "RFC 5433 9.4"),
	UINT(GPSK_PD_PAD_LENGTH, "gpsk.pd_payload.pad_len", "Pad Length", 1, NULL, "RFC 5433 9.4"),
	OCTETS(GPSK_MAC, "gpsk.payload_mac", "EAP-GPSK Payload MAC", "RFC 5433 9.3"),
	STATUS(GPSK_MAC_STATUS, "gpsk.payload_mac.status", "Payload MAC", "RFC 5433 8"),
	UINT(GPSK_FAILURE_CODE, "gpsk.failure_code", "EAP-GPSK Failure code", 4, failure_names,
	     "RFC 5433 9.3"),

	UINT(ERP_TYPE, "erp.type", "ERP Type", 1, eap_erp_type_names, "RFC 6696 5.3"),
	HEX(ERP_RESERVED, "erp.reserved", "Reserved", 1, 0, "RFC 6696 5.3.1"),
	HEX(ERP_FLAGS, "erp.flags", "Flags", 1, 0, "RFC 6696 5.3.2"),
	BIT(ERP_FLAG_R, "erp.flags.r", "Result: failure", EAP_ERP_R, "RFC 6696 5.3.3"),
	BIT(ERP_FLAG_B, "erp.flags.b", "Bootstrapping", EAP_ERP_B, "RFC 6696 5.3.2"),
	BIT(ERP_FLAG_L, "erp.flags.l", "Lifetimes", EAP_ERP_L, "RFC 6696 5.3.2"),
	HEX(ERP_FLAGS_RESERVED, "erp.flags.reserved", "Reserved", 1, EAP_ERP_FLAGS_RESERVED,
	    "RFC 6696 5.3.2"),
	UINT(ERP_SEQ, "erp.seq", "SEQ", 2, NULL, "RFC 6696 5.3.2"),
	GROUP(ERP_ATTRIBUTE, "erp.attribute", "Attribute", "RFC 6696 5.3.4"),
	UINT(ERP_ATTRIBUTE_TYPE, "erp.attribute.type", "Type", 1, attribute_names,
	     "RFC 6696 5.3.4"),
	UINT(ERP_ATTRIBUTE_LENGTH, "erp.attribute.length", "Length", 1, NULL, "RFC 6696 5.3.4"),
	TEXT(ERP_KEYNAME_NAI, "erp.keyname_nai", "keyName-NAI", "RFC 6696 5.3.2"),
	SECONDS(ERP_RRK_LIFETIME, "erp.rrk_lifetime", "rRK Lifetime", "RFC 6696 5.3.3"),
	SECONDS(ERP_RMSK_LIFETIME, "erp.rmsk_lifetime", "rMSK Lifetime", "RFC 6696 5.3.3"),
	TEXT(ERP_DOMAIN_NAME, "erp.domain_name", "Domain Name", "RFC 6696 5.3.3"),
	UINT(ERP_ACCEPTABLE, "erp.acceptable_cryptosuite", "Acceptable Cryptosuite", 1,
	     cryptosuite_names, "RFC 6696 5.3.3"),
	OCTETS(ERP_AUTHORIZATION, "erp.authorization", "Authorization Indication",
	       "RFC 6696 5.3.3"),
	TEXT(ERP_CALLED_STATION, "erp.called_station_id", "Called-Station-Id", "RFC 6696 5.3.4"),
	TEXT(ERP_CALLING_STATION, "erp.calling_station_id", "Calling-Station-Id", "RFC 6696 5.3.4"),
	TEXT(ERP_NAS_IDENTIFIER, "erp.nas_identifier", "NAS-Identifier", "RFC 6696 5.3.4"),
	PLAIN(ERP_NAS_IP, FIELD_IPV4, "erp.nas_ip_address", "NAS-IP-Address", "RFC 6696 5.3.4"),
	PLAIN(ERP_NAS_IPV6, FIELD_IPV6, "erp.nas_ipv6_address", "NAS-IPv6-Address",
	      "RFC 6696 5.3.4"),
	OCTETS(ERP_VALUE, "erp.attribute.value", "Value", "RFC 6696 5.3.4"),
	UINT(ERP_CRYPTOSUITE, "erp.cryptosuite", "Cryptosuite", 1, cryptosuite_names,
	     "RFC 6696 5.3.2"),
	OCTETS(ERP_TAG, "erp.tag", "Authentication Tag", "RFC 6696 5.3.2"),
	STATUS(ERP_TAG_STATUS, "erp.tag.status", "Authentication Tag", "RFC 6696 5.3.2"),

	HEX(TLS_FLAGS, "tls.flags", "EAP-TLS Flags", 1, 0, "RFC 5216 3.1"),
	BIT(TLS_L, "tls.flags.len_included", "Length Included", EAP_TLS_L, "RFC 5216 3.1"),
	BIT(TLS_M, "tls.flags.more_fragments", "More Fragments", EAP_TLS_M, "RFC 5216 3.1"),
	BIT(TLS_S, "tls.flags.start", "Start", EAP_TLS_S, "RFC 5216 3.1"),
	BIT(TLS_O, "tls.flags.outer_tlv_len_included", "Outer TLV Length Included", EAP_TLS_O,
	    "RFC 7170 4.1"),
	BITS(TLS_VERSION, "tls.flags.version", "Version", 0x07, NULL, "RFC 5281 9.1"),
	UINT(TLS_LEN, "tls.len", "EAP-TLS Length", 4, NULL, "RFC 5216 3.1"),
	UINT(TLS_OUTER_LEN, "tls.outer_tlv_len", "Outer TLV Length", 4, NULL, "RFC 7170 4.1"),
	OCTETS(TLS_DATA, "tls.data", "TLS Data", "RFC 5216 3.1"),

	SAID(RESPONSE_IN, FIELD_FRAME, "response_in", "Response in", "RFC 3748 4.1"),
	SAID(REQUEST_IN, FIELD_FRAME, "request_in", "Request in", "RFC 3748 4.1"),
	SAID(RESPONSE_TIME, FIELD_DURATION, "response_time", "Response Time", "RFC 3748 4.1"),
	SAID(RETRANSMISSION_OF, FIELD_FRAME, "retransmission_of", "Retransmission of frame",
	     "RFC 3748 4.1"),
	SAID(SESSION_PEER, FIELD_STATEMENT, "session.peer", "EAP peer", "RFC 3748 1.2"),
	SAID(SESSION_AUTHENTICATOR, FIELD_STATEMENT, "session.authenticator", "EAP server",
	     "RFC 3748 1.2"),
	SAID(SESSION_IDENTITY, FIELD_TEXT, "session.identity", "EAP identity", "RFC 3748 5.1"),
	SAID(SESSION_PEER_ID, FIELD_TEXT, "session.peer_id", "EAP Peer-Id", "RFC 5247 1.4"),
	SAID(SESSION_SERVER_ID, FIELD_TEXT, "session.server_id", "EAP Server-Id", "RFC 5247 1.4"),
	NUMBER_SAID(SESSION_METHOD, "session.method", "EAP method", eap_type_names, "RFC 3748 5"),
	SAID(SESSION_STATE, FIELD_STATEMENT, "session.state", "EAP state", "RFC 3748 4"),
	NUMBER_SAID(SESSION_OUTCOME, "session.outcome", "EAP outcome", eap_code_names,
		    "RFC 3748 4.2"),

	SECRET(KEY_AK, "key.ak", "AK", "RFC 4764 3.1"),
	SECRET(KEY_KDK, "key.kdk", "KDK", "RFC 4764 3.1"),
	SECRET(KEY_TEK, "key.tek", "TEK", "RFC 4764 3.2"),
	SECRET(KEY_MK, "key.mk", "MK", "RFC 5433 4"),
	SECRET(KEY_SK, "key.sk", "SK", "RFC 5433 4"),
	SECRET(KEY_PK, "key.pk", "PK", "RFC 5433 4"),
	SECRET(KEY_MSK, "key.msk", "MSK", "RFC 3748 7.10"),
	SECRET(KEY_EMSK, "key.emsk", "EMSK", "RFC 3748 7.10"),
	SAID(KEY_SESSION_ID, FIELD_OCTETS, "key.session_id", "Session-Id", "RFC 5247 1.4"),
	SAID(KEY_EMSK_NAME, FIELD_OCTETS, "key.emsk_name", "EMSK Name", "RFC 5295 3.2"),
	SECRET(KEY_RRK, "key.rrk", "rRK", "RFC 6696 4.1"),
	SECRET(KEY_RIK, "key.rik", "rIK", "RFC 6696 4.3"),
	SECRET(KEY_RMSK, "key.rmsk", "rMSK", "RFC 6696 4.6"),
};

const struct field *eap_root_field(void)
{
	return F(EAP);
}
