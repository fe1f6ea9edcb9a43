/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Summary of one EAP message, as eap_walk fills it and as eap_write_* take it: included by eap.h
 * alone. Octets of a summary point into the message; those of a part that is absent (or cut off)
 * are NULL, those of an empty part are not. eap_offset tells where a part stands.
 */
#ifndef ASSAY_EAP_MESSAGE_H
#define ASSAY_EAP_MESSAGE_H

enum {
	EAP_HEADER_SIZE = 4,   /* RFC 3748 4: code, identifier, length */
	EAP_EXPANDED_SIZE = 8, /* RFC 3748 5.7: type, vendor, vendor type */
	EAP_PSK_RAND = 16,
	EAP_PSK_MAC = 16,
	EAP_PSK_HEADER = 22, /* RFC 4764 3.3: what EAX authenticates of a message of type 47 */
	EAP_GPSK_RAND = 32,
	EAP_GPSK_CSUITE = 6
};

/* RFC 4764 5.1, the T of the flags. */
enum eap_psk_message { EAP_PSK_1, EAP_PSK_2, EAP_PSK_3, EAP_PSK_4 };

/* RFC 4764 6.1. */
enum eap_psk_result { EAP_PSK_CONT = 1, EAP_PSK_DONE_SUCCESS, EAP_PSK_DONE_FAILURE };

struct eap_psk {
	uint8_t flags;        /* T and reserved bits */
	uint8_t t;            /* enum eap_psk_message */
	struct octets header; /* what the tag covers besides the plaintext: up to RAND_S */
	struct octets rand_s; /* 16 octets, as the other RANDs and MACs */
	struct octets id_s;   /* first message */
	struct octets rand_p, mac_p, id_p; /* second message */
	struct octets mac_s;               /* third message */
	struct octets pchannel;            /* third and fourth: nonce, tag, ciphertext */
	struct octets tag, ciphertext;     /* parts of pchannel */
	uint32_t nonce;                    /* valid if tag is there */
};

/* The plaintext of a PCHANNEL, RFC 4764 5.3. */
struct eap_psk_result_part {
	bool complete;    /* the first octet is there */
	uint8_t r;        /* enum eap_psk_result, or 0 */
	bool e;           /* an EXT follows */
	uint8_t reserved; /* five bits */
	bool has_type;    /* the EXT_Type is there */
	uint8_t ext_type;
	struct octets ext_payload;
};

/* RFC 5433 9.1. */
enum eap_gpsk_opcode {
	EAP_GPSK_1 = 1,
	EAP_GPSK_2,
	EAP_GPSK_3,
	EAP_GPSK_4,
	EAP_GPSK_FAIL,
	EAP_GPSK_PROTECTED_FAIL
};

/* RFC 5433 9.3. */
enum eap_gpsk_failure {
	EAP_GPSK_PSK_NOT_FOUND = 1,
	EAP_GPSK_AUTHENTICATION_FAILURE,
	EAP_GPSK_AUTHORIZATION_FAILURE
};

struct eap_gpsk {
	uint8_t opcode;               /* enum eap_gpsk_opcode, or anything */
	bool has_failure_code;        /* Fail, Protected-Fail */
	uint32_t failure_code;        /* enum eap_gpsk_failure, or anything */
	struct octets id_peer;        /* GPSK-2 */
	struct octets id_server;      /* GPSK-1, -2, -3 */
	struct octets rand_peer;      /* GPSK-2, -3: 32 octets */
	struct octets rand_server;    /* GPSK-1, -2, -3: 32 octets */
	struct octets csuite_list;    /* GPSK-1, -2: 6 octets each */
	struct octets csuite_sel;     /* GPSK-2, -3: 6 octets */
	struct octets pd_payload;     /* GPSK-2, -3, -4: PD_Payload_Block; empty if there is none */
	struct octets iv, ciphertext; /* parts of pd_payload: after the IV, all that is encrypted */
	struct octets mac;            /* GPSK-2, -3, -4, Protected-Fail */
	struct octets covered;        /* what the MAC covers */
};

/* RFC 6696 5.3. */
enum eap_erp_type { EAP_ERP_START = 1, EAP_ERP_REAUTH = 2 };

enum eap_erp_flag {
	EAP_ERP_R = 0x80,
	EAP_ERP_B = 0x40,
	EAP_ERP_L = 0x20,
	EAP_ERP_FLAGS_RESERVED = 0x1f
};

/* RFC 6696 5.3.4. */
enum eap_erp_attribute {
	EAP_ERP_KEYNAME_NAI = 1,
	EAP_ERP_RRK_LIFETIME,
	EAP_ERP_RMSK_LIFETIME,
	EAP_ERP_DOMAIN_NAME,
	EAP_ERP_CRYPTOSUITES,
	EAP_ERP_AUTHORIZATION,
	EAP_ERP_CHANNEL_BINDING = 128,
	EAP_ERP_CHANNEL_BINDING_END = 192
};

struct eap_erp {
	uint8_t flags; /* enum eap_erp_flag; Re-auth-Start: the reserved octet */
	uint16_t seq;
	unsigned keyname_count;    /* how many keyName-NAI */
	struct octets keyname_nai; /* the first one, as the other attributes */
	struct octets domain_name, cryptosuites, authorization;
	bool has_rrk_lifetime, has_rmsk_lifetime;
	uint32_t rrk_lifetime, rmsk_lifetime; /* seconds */
	bool has_cryptosuite;
	uint8_t cryptosuite;
	struct octets tag;     /* empty: a failure that nobody could sign */
	struct octets covered; /* what the tag covers: from the code up to the cryptosuite */
};

enum eap_tls_flag { EAP_TLS_L = 0x80, EAP_TLS_M = 0x40, EAP_TLS_S = 0x20, EAP_TLS_O = 0x10 };

struct eap_tls {
	uint8_t flags; /* enum eap_tls_flag and what the method makes of the rest */
	bool has_length;
	uint32_t length;        /* of all fragments together */
	struct octets fragment; /* records of TLS, or a part of them */
};

struct eap_message {
	struct octets octets; /* the message: Length octets, or fewer if it is cut */
	bool complete; /* code, identifier and length are there; nothing below counts otherwise */
	bool has_type; /* Requests and Responses, Initiate and Finish with a type octet */
	bool sound;    /* nothing that the message should hold was cut off */
	bool expanded; /* it has vendor and vendor type */
	uint8_t code;  /* enum eap_code, or anything */
	uint8_t identifier;
	uint16_t length;
	uint8_t type; /* enum eap_type, or anything; Initiate and Finish: RFC 6696's type */
	uint32_t vendor, vendor_type; /* Expanded types */
	uint8_t method; /* the type that counts: vendor_type of an Expanded type of vendor 0 below
			 * 256, else type; RFC 3748 5.7 */
	struct octets data; /* what follows the type or the vendor type */
	union {             /* by code and method; zero if it does not apply */
		struct eap_psk psk;
		struct eap_gpsk gpsk;
		struct eap_erp erp;
		struct eap_tls tls;
	};
};

/* Where a part of the message stands, from the code on. */
static inline size_t eap_offset(const struct eap_message *m, struct octets part)
{
	return part.octets ? (size_t)(part.octets - m->octets.octets) : 0;
}

/* True for a Nak, legacy or Expanded. */
static inline bool eap_is_nak(const struct eap_message *m)
{
	return m->has_type && m->method == 3; /* EAP_TYPE_NAK */
}

#endif
