/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For each rule of RFC 4764 what breaks it and its correct twin. */
#include "talk.h"

/* The messages without keys, RAND_S aa.., RAND_P bb.., MACs and tags of no meaning. */
#define FIRST  "@id | 01 N LL 2f 00 aa*16 'server' |"
#define SECOND "02 C LL 2f 40 aa*16 bb*16 cc*16 'peer' |"
#define THIRD  "01 N LL 2f 80 aa*16 cc*16 00000000 dd*16 55 |"
#define FOURTH "02 C LL 2f c0 aa*16 00000001 dd*16 55"

#define OPEN "@id | @psk1 | @psk2 | @psk3"

const struct probe eap_probes_psk[] = {
	{EAP_R_4764_FORMAT, FIRST SECOND THIRD FOURTH, "@id | 01 N LL 2f 00 aa*15"},
	{EAP_R_4764_FORMAT, NULL, FIRST "02 C LL 2f 40 aa*16 bb*16 cc*15"},
	{EAP_R_4764_FORMAT, NULL, FIRST SECOND "01 N LL 2f 80 aa*16 cc*16 00000000 dd*16"},
	{EAP_R_4764_RESERVED, FIRST, "@id | 01 N LL 2f 01 aa*16 'server'"},
	{EAP_R_4764_DIRECTION, FIRST SECOND, FIRST "02 C LL 2f 00 aa*16 'server'"},
	{EAP_R_4764_ORDER, FIRST SECOND THIRD,
	 FIRST SECOND "01 N LL 2f c0 aa*16 00000000 dd*16 55"},
	{EAP_R_4764_RAND_S_ECHO, FIRST SECOND, FIRST "02 C LL 2f 40 ab*16 bb*16 cc*16 'peer'"},
	{EAP_R_4764_ID_S_LENGTH, "@id | 01 N LL 2f 00 aa*16 61*966",
	 "@id | 01 N LL 2f 00 aa*16 61*967"},
	{EAP_R_4764_ID_P_LENGTH, FIRST "02 C LL 2f 40 aa*16 bb*16 cc*16 61*966",
	 FIRST "02 C LL 2f 40 aa*16 bb*16 cc*16 61*967"},
	{EAP_R_4764_ID_S_CONSTANT, FIRST SECOND "@id | 01 N LL 2f 00 ab*16 'server'",
	 FIRST SECOND "@id | 01 N LL 2f 00 ab*16 'other'"},
	{EAP_R_4764_RAND_S_FRESH, FIRST SECOND "@id | 01 N LL 2f 00 ab*16 'server'",
	 FIRST SECOND "@id | 01 N LL 2f 00 aa*16 'server'"},
	{EAP_R_4764_RAND_P_FRESH,
	 FIRST SECOND "@id | 01 N LL 2f 00 ab*16 'server' | 02 C LL 2f 40 ab*16 bc*16 cc*16 'peer'",
	 FIRST SECOND
	 "@id | 01 N LL 2f 00 ab*16 'server' | 02 C LL 2f 40 ab*16 bb*16 cc*16 'peer'"},
	/* The key proves right in the first dialog: a wrong MAC_P of the second is no wrong key. */
	{EAP_R_4764_MAC_P, "@id | @psk1 | @psk2 | @rand 60 | @id | @psk1 | @psk2",
	 "@id | @psk1 | @psk2 | @rand 60 | @id | @psk1 | @psk2!"},
	{EAP_R_4764_MAC_S, OPEN " 80", "@id | @psk1 | @psk2 | @psk3! 80"},
	{EAP_R_4764_TAG, OPEN " 80", "@id | @psk1 | @psk2 | @psk3!! 80"},
	{EAP_R_4764_NONCE_ZERO, FIRST SECOND THIRD,
	 FIRST SECOND "01 N LL 2f 80 aa*16 cc*16 00000002 dd*16 55"},
	{EAP_R_4764_NONCE_STEP, FIRST SECOND THIRD FOURTH,
	 FIRST SECOND THIRD "02 C LL 2f c0 aa*16 00000003 dd*16 55"},
	{EAP_R_4764_NONCE_PARITY, FIRST SECOND THIRD FOURTH,
	 FIRST SECOND THIRD "02 C LL 2f c0 aa*16 00000002 dd*16 55"},
	{EAP_R_4764_NONCE_WRAP, FIRST SECOND THIRD FOURTH "| 01 N LL 2f c0 aa*16 00000002 dd*16 55",
	 FIRST SECOND THIRD FOURTH "| 01 N LL 2f c0 aa*16 fffffffe dd*16 55 |"
				   "02 C LL 2f c0 aa*16 ffffffff dd*16 55 |"
				   "01 N LL 2f c0 aa*16 00000000 dd*16 55"},
	{EAP_R_4764_PLAINTEXT, OPEN " 60 01 'x'", OPEN " 60"},
	{EAP_R_4764_PLAINTEXT, OPEN " 80", OPEN " 80 01"},
	{EAP_R_4764_PLAINTEXT_RESERVED, OPEN " 80", OPEN " 81"},
	{EAP_R_4764_R_VALUE, OPEN " 80", OPEN " 00"},
	{EAP_R_4764_R_STANDARD, OPEN " c0 | @psk4 c0 | @failure", OPEN " 40"},
	{EAP_R_4764_R_KEEPS, OPEN " a0 01 'x' | @psk4 60 01 'x' | @psk5 a0 01 'x'",
	 OPEN " a0 01 'x' | @psk4 60 01 'x' | @psk5 60 01 'x'"},
	{EAP_R_4764_R_PEER_FIRST, OPEN " 60 01 'x' | @psk4 60 01 'x' | @psk5 a0 01 'x'",
	 OPEN " 60 01 'x' | @psk4 a0 01 'x'"},
	{EAP_R_4764_R_FAILURE_REPLY, OPEN " c0 | @psk4 c0", OPEN " c0 | @psk4 80"},
	{EAP_R_4764_R_FAILURE_END, OPEN " 60 01 'x' | @psk4 e0 01 'x' | @failure",
	 OPEN " 60 01 'x' | @psk4 e0 01 'x' | @psk5 e0 01 'x'"},
	{EAP_R_4764_R_FAILURE_END, NULL, OPEN " 80 | @psk4 c0 | @success"},
	{EAP_R_4764_EXT_START, OPEN " 60 01 'x' | @psk4 60 01", OPEN " 80 | @psk4 a0 01 'x'"},
	{EAP_R_4764_EXT_CONTINUES, OPEN " a0 01 'x' | @psk4 a0 01 'x'",
	 OPEN " a0 01 'x' | @psk4 80"},
	{EAP_R_4764_EXT_TYPE, OPEN " 60 01 'x' | @psk4 60 01 'y'",
	 OPEN " 60 01 'x' | @psk4 60 02 'y'"},
	{EAP_R_4764_EXT_TYPE_ZERO, OPEN " 60 01 'x'", OPEN " 60 00 'x'"},
	{EAP_R_4764_EXT_PAYLOAD_EMPTY, OPEN " 60 01 'x'", OPEN " 60 01"},
	{EAP_R_4764_EXT_PAYLOAD_LENGTH, OPEN " 60 01 78*960", OPEN " 60 01 78*961"},
	{EAP_RULES, NULL, NULL},
};
