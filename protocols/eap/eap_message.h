/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Summary of one EAP message, as eap_walk fills it: included by eap.h alone. */
#ifndef ASSAY_EAP_MESSAGE_H
#define ASSAY_EAP_MESSAGE_H

struct eap_message {
	struct octets octets; /* the message: Length octets, or fewer if it is cut */
	bool complete; /* code, identifier and length are there; nothing below counts otherwise */
	bool has_type; /* Requests and Responses, Initiate and Finish with a type octet */
	uint8_t code;  /* enum eap_code, or anything */
	uint8_t identifier;
	uint16_t length;
	uint8_t type; /* enum eap_type, or anything; Initiate and Finish: RFC 6696's type */
	uint32_t vendor, vendor_type; /* Expanded types */
};

#endif
