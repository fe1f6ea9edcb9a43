/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RADIUS (RFC 2865), as far as it takes to reach the EAP packet that it carries (RFC 3579) and to
 * tell the EAP conversations of one client from each other (radius_tracker.h).
 *
 * The walk reports every attribute, with the names of Wireshark's fields; the summary points into
 * the octets walked and is valid as long as they are. A message is at most 4096 octets long; octets
 * behind the length that its header gives are padding (RFC 2865 section 3).
 */
#ifndef ASSAY_RADIUS_RADIUS_H
#define ASSAY_RADIUS_RADIUS_H

#include "protocols/core/octets.h"
#include "protocols/core/walk.h"

enum {
	RADIUS_HEADER_LENGTH = 20,
	RADIUS_LENGTH_MAX = 4096,
	RADIUS_AUTHENTICATOR_LENGTH = 16,
	RADIUS_EAP_MAX = RADIUS_LENGTH_MAX, /* an EAP packet in a RADIUS message is shorter */
	RADIUS_PORT = 1812,
	RADIUS_PORT_OLD = 1645 /* in use before RFC 2865 */
};

/* Codes of RFC 2865 section 4 and RFC 5997 that take part in EAP. */
enum radius_code {
	RADIUS_ACCESS_REQUEST = 1,
	RADIUS_ACCESS_ACCEPT = 2,
	RADIUS_ACCESS_REJECT = 3,
	RADIUS_ACCESS_CHALLENGE = 11,
	RADIUS_STATUS_SERVER = 12
};

struct radius_message {
	uint8_t code;                                       /* enum radius_code, or another */
	uint8_t id;                                         /* matches a reply to its request */
	uint16_t length;                                    /* of the message, octets */
	uint8_t authenticator[RADIUS_AUTHENTICATOR_LENGTH]; /* the request's, or the reply's */
	struct octets attributes;                           /* all of them, as far as captured */
	struct octets user_name;
	struct octets state;
	struct octets eap; /* the first EAP-Message attribute's value */
	size_t eap_parts;  /* number of EAP-Message attributes: 1, and `eap` is the packet */
	size_t eap_length; /* octets of the EAP packet, of all parts together */
	size_t eap_offset; /* of `eap` in the walk's source */
	bool has_state;    /* there is a State, be it empty */
	bool malformed;    /* an attribute's length contradicts the message's */
};

enum radius_field {
	RADIUS_F_MESSAGE,
	RADIUS_F_CODE,
	RADIUS_F_ID,
	RADIUS_F_LENGTH,
	RADIUS_F_AUTHENTICATOR,
	RADIUS_F_AVP,
	RADIUS_F_AVP_TYPE,
	RADIUS_F_AVP_LENGTH,
	RADIUS_F_VENDOR_ID,
	RADIUS_F_VENDOR_VALUE,
	RADIUS_F_USER_NAME,
	RADIUS_F_NAS_IP_ADDRESS,
	RADIUS_F_STATE,
	RADIUS_F_CALLED_STATION_ID,
	RADIUS_F_CALLING_STATION_ID,
	RADIUS_F_NAS_IDENTIFIER,
	RADIUS_F_PROXY_STATE,
	RADIUS_F_EAP_MESSAGE,
	RADIUS_F_MESSAGE_AUTHENTICATOR,
	RADIUS_F_NAS_IPV6_ADDRESS,
	RADIUS_F_EAP_KEY_NAME,
	RADIUS_F_OTHER,
	RADIUS_FIELD_COUNT
};

extern const struct field radius_fields[RADIUS_FIELD_COUNT];
extern const struct protocol radius_protocol;

/* Walks one message. False if it is none: no known code, or a length out of RFC 2865's range;
 * nothing is reported then. A message cut short is walked as far as it goes: w->cut is set. */
bool radius_walk(struct walk *w, struct radius_message *m);

/* Joins the EAP-Message attributes, in their order (RFC 3579 section 3.1). Returns the length of
 * the EAP packet; 0, and nothing is written, if there is none or it does not fit. */
size_t radius_eap_message(const struct radius_message *m, uint8_t *out, size_t capacity);

/* True if one of the ports is one that RADIUS uses, for whatever purpose; Wireshark takes these. */
bool radius_port(uint16_t source, uint16_t destination);

#endif
