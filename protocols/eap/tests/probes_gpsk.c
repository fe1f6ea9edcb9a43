/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For each rule of RFC 5433 what breaks it and its correct twin. */
#include "talk.h"

/* The messages without keys, RAND_Server aa.., RAND_Peer bb.., MACs of no meaning. */
#define LIST       " 000c 000000000001 000000000002 "
#define G1         "@id | 01 N LL 33 01 0006 'server' aa*32 " LIST " |"
#define G2_TO(sel) "02 C LL 33 02 0004 'peer' 0006 'server' bb*32 aa*32 " LIST sel " "
#define G2         G2_TO("000000000001") "0000 cc*16 |"
#define G3         "01 N LL 33 03 bb*32 aa*32 0006 'server' 000000000001 0000 cc*16 |"
#define G4         "02 C LL 33 04 0000 cc*16"
#define AGAIN      "@id | 01 N LL 33 01 0006 'server' ab*32 " LIST " |"
/* GPSK-2 with suite 2, before its PD_Payload_Block. */
#define G2_NULL G2_TO("000000000002")
#define MAC_32  " cc*32 |"

const struct probe eap_probes_gpsk[] = {
	{EAP_R_5433_FORMAT, G1 G2 G3 G4, "@id | 01 N LL 33 01 0006 'server' aa*31"},
	{EAP_R_5433_FORMAT, NULL, "@id | 01 N LL 33 01 0006 'server' aa*32 " LIST "ee"},
	{EAP_R_5433_FORMAT, NULL, G1 G2 "01 N LL 33 05 00000002 ee"},
	{EAP_R_5433_FORMAT, NULL, G1 G2_TO("000000000001") "00ff cc*16"},
	{EAP_R_5433_OPCODE, G1, "@id | 01 N LL 33 07"},
	{EAP_R_5433_DIRECTION, G1 G2, G1 "02 C LL 33 01 0006 'server' aa*32 " LIST},
	{EAP_R_5433_ORDER, G1 G2 G3, G1 G2 "01 N LL 33 04 0000 cc*16"},
	{EAP_R_5433_CSUITE_LIST_LENGTH, G1,
	 "@id | 01 N LL 33 01 0006 'server' aa*32 0007 000000000001 00"},
	{EAP_R_5433_CSUITE_1_OFFERED, G1,
	 "@id | 01 N LL 33 01 0006 'server' aa*32 0006 000000000002"},
	{EAP_R_5433_CSUITE_SELECTED, G1 G2, G1 G2_TO("000000000003") "0000 cc*16"},
	{EAP_R_5433_RAND_SERVER_ECHO, G1 G2,
	 G1 "02 C LL 33 02 0004 'peer' 0006 'server' bb*32 ab*32 " LIST "000000000001 0000 cc*16"},
	{EAP_R_5433_CSUITE_LIST_ECHO, G1 G2,
	 G1 "02 C LL 33 02 0004 'peer' 0006 'server' bb*32 aa*32 0006 000000000001"
	    "000000000001 0000 cc*16"},
	{EAP_R_5433_ID_SERVER_ECHO, G1 G2,
	 G1 "02 C LL 33 02 0004 'peer' 0006 'Server' bb*32 aa*32 " LIST "000000000001 0000 cc*16"},
	{EAP_R_5433_GPSK3_RAND_PEER, G1 G2 G3,
	 G1 G2 "01 N LL 33 03 bc*32 aa*32 0006 'server' 000000000001 0000 cc*16"},
	{EAP_R_5433_GPSK3_RAND_SERVER, G1 G2 G3,
	 G1 G2 "01 N LL 33 03 bb*32 ab*32 0006 'server' 000000000001 0000 cc*16"},
	{EAP_R_5433_GPSK3_ID_SERVER, G1 G2 G3,
	 G1 G2 "01 N LL 33 03 bb*32 aa*32 0006 'Server' 000000000001 0000 cc*16"},
	{EAP_R_5433_GPSK3_CSUITE_SEL, G1 G2 G3,
	 G1 G2 "01 N LL 33 03 bb*32 aa*32 0006 'server' 000000000002 0000 cc*32"},
	{EAP_R_5433_RAND_SERVER_FRESH, G1 G2 G3 G4 "|" AGAIN, G1 G2 G3 G4 "|" G1},
	{EAP_R_5433_RAND_PEER_FRESH,
	 G1 G2 AGAIN "02 C LL 33 02 0004 'peer' 0006 'server' bc*32 ab*32 " LIST
		     "000000000001 0000 cc*16",
	 G1 G2 AGAIN "02 C LL 33 02 0004 'peer' 0006 'server' bb*32 ab*32 " LIST
		     "000000000001 0000 cc*16"},
	{EAP_R_5433_MAC_LENGTH, G1 G2, G1 G2_TO("000000000001") "0000 cc*15"},
	{EAP_R_5433_MAC_LENGTH, G1 G2 G3 G4, G1 G2 G3 "02 C LL 33 04 0000"},
	{EAP_R_5433_MAC_LENGTH, NULL, G1 G2 G3 "02 C LL 33 04 0000 cc*32"},
	{EAP_R_5433_GPSK2_MAC, "@id | @gpsk1 | @gpsk2 | @rand 60 | @id | @gpsk1 | @gpsk2",
	 "@id | @gpsk1 | @gpsk2 | @rand 60 | @id | @gpsk1 | @gpsk2!"},
	{EAP_R_5433_GPSK3_MAC, "@id | @gpsk1 | @gpsk2 | @gpsk3", "@id | @gpsk1 | @gpsk2 | @gpsk3!"},
	{EAP_R_5433_GPSK4_MAC, "@id | @gpsk1 | @gpsk2 | @gpsk3 | @gpsk4",
	 "@id | @gpsk1 | @gpsk2 | @gpsk3 | @gpsk4!"},
	{EAP_R_5433_FAIL_MAC, "@id | @gpsk1 | @gpsk2 | @pfail 03",
	 "@id | @gpsk1 | @gpsk2 | @pfail! 03"},
	{EAP_R_5433_FAIL_REPLAY, "@id | @gpsk1 | @gpsk2 | @fail 02 | @failed 02",
	 "@id | @gpsk1 | @gpsk2 | @fail 02 | @failed 01"},
	{EAP_R_5433_FAILURE_CODE, "@id | @gpsk1 | @gpsk2 | @fail 02",
	 "@id | @gpsk1 | @gpsk2 | @fail 00"},
	{EAP_R_5433_FAIL_AUTHORIZATION, "@id | @gpsk1 | @gpsk2 | @pfail 03",
	 "@id | @gpsk1 | @gpsk2 | @fail 03"},
	{EAP_R_5433_FAIL_PROTECTED, "@id | @gpsk1 | @gpsk2 | @pfail 03",
	 "@id | @gpsk1 | @gpsk2 | @pfail 02"},
	{EAP_R_5433_IV_NULL, G1 G2_NULL "0002 00 00" MAC_32, G1 G2_NULL "0003 01 ee 00" MAC_32},
	{EAP_R_5433_IV_BLOCK, G1 G2_TO("000000000001") "0021 10 ee*16 dd*16 cc*16",
	 G1 G2_TO("000000000001") "0019 08 ee*8 dd*16 cc*16"},
	{EAP_R_5433_IV_SAME, "@id | @gpsk1 | @gpsk2 a1 0e*15 0f | @gpsk3 | @gpsk4 a2 0e*15 0f",
	 "@id | @gpsk1 | @gpsk2 a1 0e*15 0f | @gpsk3 | @gpsk4 a1 0e*15 0f"},
	{EAP_R_5433_IV_RECEIVED,
	 G1 G2_TO("000000000001") "0021 10 ee*16 dd*16 cc*16 |"
				  "01 N LL 33 03 bb*32 aa*32 0006 'server' 000000000001 0021 10 "
				  "ef*16 1d*16 cc*16",
	 G1 G2_TO("000000000001") "0021 10 ee*16 dd*16 cc*16 |"
				  "01 N LL 33 03 bb*32 aa*32 0006 'server' 000000000001 0021 10 "
				  "dd*16 1d*16 cc*16"},
	{EAP_R_5433_PADDING_BLOCK, G1 G2_TO("000000000001") "0021 10 ee*16 dd*16 cc*16",
	 G1 G2_TO("000000000001") "0020 10 ee*16 dd*15 cc*16"},
	{EAP_R_5433_PADDING_NULL, G1 G2_NULL "0002 00 00" MAC_32,
	 G1 G2_NULL "0003 00 ee 01" MAC_32},
	{EAP_R_5433_PADDING_MINIMAL, "@id | @gpsk1 | @gpsk2 a1 00*15 0f",
	 "@id | @gpsk1 | @gpsk2 a1 00*31 1f"},
	{EAP_R_5433_PDATA_FORMAT, G1 G2_NULL "000d 00 00000001 0002 0003 'abc' 00" MAC_32,
	 G1 G2_NULL "000d 00 00000001 0002 0004 'abc' 00" MAC_32},
	{EAP_R_5433_PDATA_FORMAT, NULL, G1 G2_NULL "0009 00 00000001 0002 00 00" MAC_32},
	{EAP_R_5433_PDATA_FORMAT, NULL, G1 G2_NULL "0001 00" MAC_32},
	{EAP_R_5433_PDATA_RESERVED, G1 G2_NULL "000a 00 00000000 0001 0000 00" MAC_32,
	 G1 G2_NULL "000a 00 00000000 0000 0000 00" MAC_32},
	{EAP_RULES, NULL, NULL},
};
