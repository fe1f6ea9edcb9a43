/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing RADIUS messages that carry EAP (RFC 2865, RFC 3579), and what their shared secret proves:
 * Message-Authenticator (RFC 3579 3.2), Response Authenticator (RFC 2865 3), and the MSK in the
 * attributes MS-MPPE-Recv-Key and MS-MPPE-Send-Key (RFC 2548 2.4.2, 2.4.3).
 *
 *     radius_write_begin(&w, RADIUS_ACCESS_REQUEST, id, authenticator);
 *     radius_write_attribute(&w, RADIUS_USER_NAME, name);
 *     radius_write_eap(&w, eap);
 *     radius_write_end_request(&w, secret);
 *
 * A writer holds one message, from its first octet on. Nothing allocates; the secret and keys are
 * the caller's.
 */
#ifndef ASSAY_RADIUS_WRITE_H
#define ASSAY_RADIUS_WRITE_H

#include "protocols/core/secret.h"
#include "protocols/core/writer.h"
#include "radius.h"

/* Attributes that EAP over RADIUS needs (RFC 2865 5, RFC 3579 3). */
enum radius_attribute {
	RADIUS_USER_NAME = 1,
	RADIUS_NAS_IP_ADDRESS = 4,
	RADIUS_SERVICE_TYPE = 6,
	RADIUS_FRAMED_MTU = 12,
	RADIUS_STATE = 24,
	RADIUS_VENDOR_SPECIFIC = 26,
	RADIUS_SESSION_TIMEOUT = 27,
	RADIUS_CALLED_STATION_ID = 30,
	RADIUS_CALLING_STATION_ID = 31,
	RADIUS_NAS_IDENTIFIER = 32,
	RADIUS_PROXY_STATE = 33,
	RADIUS_NAS_PORT_TYPE = 61,
	RADIUS_EAP_MESSAGE = 79,
	RADIUS_MESSAGE_AUTHENTICATOR = 80
};

/* Types of Microsoft's attributes (RFC 2548 2.4). */
enum radius_mppe { RADIUS_MPPE_SEND_KEY = 16, RADIUS_MPPE_RECV_KEY = 17 };

enum { RADIUS_VALUE_MAX = 253, RADIUS_VENDOR_MICROSOFT = 311 };

/* Code, identifier, room for the length, and of a request its random authenticator; of a reply the
 * authenticator of the request that it answers. */
void radius_write_begin(struct writer *w, enum radius_code code, uint8_t id,
			const uint8_t authenticator[RADIUS_AUTHENTICATOR_LENGTH]);

/* A value longer than RADIUS_VALUE_MAX sets w->full. */
void radius_write_attribute(struct writer *w, uint8_t type, struct octets value);
void radius_write_u32(struct writer *w, uint8_t type, uint32_t value);

/* EAP-Message attributes of at most RADIUS_VALUE_MAX octets each. */
void radius_write_eap(struct writer *w, struct octets eap);

/* A key under the secret and the request's authenticator, which stands in the message begun.
 * `salt`: its first bit is set here; it must differ among the keys of a message. At most
 * SECRET_SIZE octets. */
bool radius_write_mppe_key(struct writer *w, enum radius_mppe type, uint16_t salt,
			   struct octets key, struct octets secret);

/* Message-Authenticator, Length; and of a reply the Response Authenticator. False: it did not fit.
 */
bool radius_write_end_request(struct writer *w, struct octets secret);
bool radius_write_end_reply(struct writer *w, struct octets secret);

/* What the walk's summary leaves out, read by the same walk. Octets point into the message. */
enum { RADIUS_PROXY_STATES_MAX = 16 };

struct radius_parts {
	struct radius_message m;
	struct octets whole;                 /* the message, without padding behind it */
	struct octets message_authenticator; /* the first one's value */
	size_t message_authenticators;       /* how many there are */
	struct octets mppe_send, mppe_recv;  /* salt and encrypted key */
	struct octets proxy_states[RADIUS_PROXY_STATES_MAX];
	size_t proxy_state_count;
	bool has_session_timeout;
	uint32_t session_timeout; /* seconds */
};

/* False if it is no whole RADIUS message. */
bool radius_read(struct octets octets, struct radius_parts *parts);

/* True if there is one Message-Authenticator and it is right; of a reply also the Response
 * Authenticator. `authenticator` is the request's. */
bool radius_verify_request(const struct radius_parts *parts, struct octets secret);
bool radius_verify_reply(const struct radius_parts *parts,
			 const uint8_t authenticator[RADIUS_AUTHENTICATOR_LENGTH],
			 struct octets secret);

/* Makes the authenticators of a message that was changed right again, in place: of a reply to the
 * request of this authenticator; NULL: the message is a request. A Message-Authenticator that is
 * not there is not added. False if it is no whole RADIUS message. */
bool radius_seal(uint8_t *octets, size_t length, const uint8_t *authenticator,
		 struct octets secret);

/* Decrypts a value of mppe_send or mppe_recv. False if it holds no key of a sensible length. */
bool radius_open_mppe_key(struct octets value,
			  const uint8_t authenticator[RADIUS_AUTHENTICATOR_LENGTH],
			  struct octets secret, struct secret *key);

#endif
