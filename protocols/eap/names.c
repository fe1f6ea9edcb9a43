/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What EAP's numbers mean. */
#include "eap.h"
#include "eap_fields.h"

const struct value_name eap_code_names[] = {
	{EAP_REQUEST, "Request"},
	{EAP_RESPONSE, "Response"},
	{EAP_SUCCESS, "Success"},
	{EAP_FAILURE, "Failure"},
	{EAP_INITIATE, "Initiate"},
	{EAP_FINISH, "Finish"},
	{0, NULL},
};

const struct value_name eap_type_names[] = {
	{1, "Identity"},
	{2, "Notification"},
	{3, "Legacy Nak"},
	{4, "MD5-Challenge"},
	{5, "One-Time Password (OTP)"},
	{6, "Generic Token Card (GTC)"},
	{9, "RSA Public Key Authentication"},
	{10, "DSS Unilateral"},
	{11, "KEA"},
	{12, "KEA-VALIDATE"},
	{13, "EAP-TLS"},
	{14, "Defender Token (AXENT)"},
	{15, "RSA Security SecurID EAP"},
	{16, "Arcot Systems EAP"},
	{17, "EAP-Cisco Wireless (LEAP)"},
	{18, "EAP-SIM"},
	{19, "SRP-SHA1"},
	{21, "EAP-TTLS"},
	{22, "Remote Access Service"},
	{23, "EAP-AKA"},
	{24, "EAP-3Com Wireless"},
	{25, "PEAP"},
	{26, "MS-EAP-Authentication"},
	{27, "Mutual Authentication w/Key Exchange (MAKE)"},
	{28, "CRYPTOCard"},
	{29, "EAP-MSCHAP-V2"},
	{30, "DynamID"},
	{31, "Rob EAP"},
	{32, "Protected One-Time Password"},
	{33, "MS-Authentication-TLV"},
	{34, "SentriNET"},
	{35, "EAP-Actiontec Wireless"},
	{36, "Cogent Systems Biometrics Authentication EAP"},
	{37, "AirFortress EAP"},
	{38, "EAP-HTTP Digest"},
	{39, "SecureSuite EAP"},
	{40, "DeviceConnect EAP"},
	{41, "EAP-SPEKE"},
	{42, "EAP-MOBAC"},
	{43, "EAP-FAST"},
	{44, "ZoneLabs EAP (ZLXEAP)"},
	{45, "EAP-Link"},
	{46, "EAP-PAX"},
	{47, "EAP-PSK"},
	{48, "EAP-SAKE"},
	{49, "EAP-IKEv2"},
	{50, "EAP-AKA'"},
	{51, "EAP-GPSK"},
	{52, "EAP-pwd"},
	{53, "EAP-EKE Version 1"},
	{54, "EAP Method Type for PT-EAP"},
	{55, "TEAP"},
	{56, "EAP-NOOB"},
	{254, "Expanded Type"},
	{255, "Experimental"},
	{0, NULL},
};

const struct value_name eap_gpsk_opcode_names[] = {
	{0, "Reserved"},
	{EAP_GPSK_1, "GPSK-1"},
	{EAP_GPSK_2, "GPSK-2"},
	{EAP_GPSK_3, "GPSK-3"},
	{EAP_GPSK_4, "GPSK-4"},
	{EAP_GPSK_FAIL, "GPSK-Fail"},
	{EAP_GPSK_PROTECTED_FAIL, "GPSK-Protected-Fail"},
	{0, NULL},
};

const struct value_name eap_gpsk_csuite_names[] = {
	{1, "AES-CBC-128, AES-CMAC-128, GKDF"},
	{2, "NULL, HMAC-SHA256, GKDF"},
	{0, NULL},
};

const struct value_name eap_erp_type_names[] = {
	{EAP_ERP_START, "Re-auth-Start"},
	{EAP_ERP_REAUTH, "Re-auth"},
	{0, NULL},
};
