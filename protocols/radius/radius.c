/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radius.h"

#include <string.h>

#define F(name) (&radius_fields[RADIUS_F_##name])

/* Attribute types (RFC 2865 section 5, RFC 3579 section 3, RFC 3162, RFC 4072). */
enum {
	TYPE_USER_NAME = 1,
	TYPE_NAS_IP_ADDRESS = 4,
	TYPE_STATE = 24,
	TYPE_VENDOR_SPECIFIC = 26,
	TYPE_CALLED_STATION_ID = 30,
	TYPE_CALLING_STATION_ID = 31,
	TYPE_NAS_IDENTIFIER = 32,
	TYPE_PROXY_STATE = 33,
	TYPE_EAP_MESSAGE = 79,
	TYPE_MESSAGE_AUTHENTICATOR = 80,
	TYPE_NAS_IPV6_ADDRESS = 95,
	TYPE_EAP_KEY_NAME = 102
};

enum { ATTRIBUTE_HEADER_LENGTH = 2 };

/* IANA "RADIUS Packet Type Codes". */
static const struct value_name code_names[] = {
	{1, "Access-Request"},
	{2, "Access-Accept"},
	{3, "Access-Reject"},
	{4, "Accounting-Request"},
	{5, "Accounting-Response"},
	{11, "Access-Challenge"},
	{12, "Status-Server"},
	{13, "Status-Client"},
	{40, "Disconnect-Request"},
	{41, "Disconnect-ACK"},
	{42, "Disconnect-NAK"},
	{43, "CoA-Request"},
	{44, "CoA-ACK"},
	{45, "CoA-NAK"},
	{0, NULL},
};

/* IANA "RADIUS Attribute Types": those seen beside EAP. */
static const struct value_name type_names[] = {
	{1, "User-Name"},
	{2, "User-Password"},
	{3, "CHAP-Password"},
	{4, "NAS-IP-Address"},
	{5, "NAS-Port"},
	{6, "Service-Type"},
	{7, "Framed-Protocol"},
	{8, "Framed-IP-Address"},
	{12, "Framed-MTU"},
	{18, "Reply-Message"},
	{24, "State"},
	{25, "Class"},
	{26, "Vendor-Specific"},
	{27, "Session-Timeout"},
	{28, "Idle-Timeout"},
	{29, "Termination-Action"},
	{30, "Called-Station-Id"},
	{31, "Calling-Station-Id"},
	{32, "NAS-Identifier"},
	{33, "Proxy-State"},
	{44, "Acct-Session-Id"},
	{50, "Acct-Multi-Session-Id"},
	{55, "Event-Timestamp"},
	{60, "CHAP-Challenge"},
	{61, "NAS-Port-Type"},
	{64, "Tunnel-Type"},
	{65, "Tunnel-Medium-Type"},
	{77, "Connect-Info"},
	{79, "EAP-Message"},
	{80, "Message-Authenticator"},
	{81, "Tunnel-Private-Group-ID"},
	{87, "NAS-Port-Id"},
	{89, "Chargeable-User-Identity"},
	{95, "NAS-IPv6-Address"},
	{102, "EAP-Key-Name"},
	{126, "Operator-Name"},
	{0, NULL},
};

const struct field radius_fields[RADIUS_FIELD_COUNT] = {
	[RADIUS_F_MESSAGE] = {.name = "radius",
			      .label = "RADIUS Protocol",
			      .kind = FIELD_GROUP,
			      .section = "RFC 2865 3"},
	[RADIUS_F_CODE] = {.name = "radius.code",
			   .label = "Code",
			   .kind = FIELD_UINT,
			   .width = 1,
			   .names = code_names,
			   .section = "RFC 2865 3"},
	[RADIUS_F_ID] = {.name = "radius.id",
			 .label = "Identifier",
			 .kind = FIELD_UINT,
			 .width = 1,
			 .section = "RFC 2865 3"},
	[RADIUS_F_LENGTH] = {.name = "radius.length",
			     .label = "Length",
			     .kind = FIELD_UINT,
			     .width = 2,
			     .unit = "octets",
			     .section = "RFC 2865 3"},
	[RADIUS_F_AUTHENTICATOR] = {.name = "radius.authenticator",
				    .label = "Authenticator",
				    .kind = FIELD_OCTETS,
				    .section = "RFC 2865 3"},
	[RADIUS_F_AVP] = {.name = "radius.avp",
			  .label = "Attribute",
			  .kind = FIELD_GROUP,
			  .section = "RFC 2865 5"},
	[RADIUS_F_AVP_TYPE] = {.name = "radius.avp.type",
			       .label = "Type",
			       .kind = FIELD_UINT,
			       .width = 1,
			       .names = type_names,
			       .section = "RFC 2865 5"},
	[RADIUS_F_AVP_LENGTH] = {.name = "radius.avp.length",
				 .label = "Length",
				 .kind = FIELD_UINT,
				 .width = 1,
				 .unit = "octets",
				 .section = "RFC 2865 5"},
	[RADIUS_F_VENDOR_ID] = {.name = "radius.avp.vendor_id",
				.label = "Vendor ID",
				.kind = FIELD_UINT,
				.width = 4,
				.section = "RFC 2865 5.26"},
	[RADIUS_F_VENDOR_VALUE] = {.name = "radius.avp.vendor_value",
				   .label = "Vendor's value",
				   .kind = FIELD_OCTETS,
				   .section = "RFC 2865 5.26"},
	[RADIUS_F_USER_NAME] = {.name = "radius.User_Name",
				.label = "User-Name",
				.kind = FIELD_TEXT,
				.section = "RFC 2865 5.1"},
	[RADIUS_F_NAS_IP_ADDRESS] = {.name = "radius.NAS_IP_Address",
				     .label = "NAS-IP-Address",
				     .kind = FIELD_IPV4,
				     .section = "RFC 2865 5.4"},
	[RADIUS_F_STATE] = {.name = "radius.State",
			    .label = "State",
			    .kind = FIELD_OCTETS,
			    .section = "RFC 2865 5.24"},
	[RADIUS_F_CALLED_STATION_ID] = {.name = "radius.Called_Station_Id",
					.label = "Called-Station-Id",
					.kind = FIELD_TEXT,
					.section = "RFC 2865 5.30"},
	[RADIUS_F_CALLING_STATION_ID] = {.name = "radius.Calling_Station_Id",
					 .label = "Calling-Station-Id",
					 .kind = FIELD_TEXT,
					 .section = "RFC 2865 5.31"},
	[RADIUS_F_NAS_IDENTIFIER] = {.name = "radius.NAS_Identifier",
				     .label = "NAS-Identifier",
				     .kind = FIELD_TEXT,
				     .section = "RFC 2865 5.32"},
	[RADIUS_F_PROXY_STATE] = {.name = "radius.Proxy_State",
				  .label = "Proxy-State",
				  .kind = FIELD_OCTETS,
				  .section = "RFC 2865 5.33"},
	[RADIUS_F_EAP_MESSAGE] = {.name = "radius.EAP_Message",
				  .label = "EAP-Message",
				  .kind = FIELD_OCTETS,
				  .section = "RFC 3579 3.1"},
	[RADIUS_F_MESSAGE_AUTHENTICATOR] = {.name = "radius.Message_Authenticator",
					    .label = "Message-Authenticator",
					    .kind = FIELD_OCTETS,
					    .section = "RFC 3579 3.2"},
	[RADIUS_F_NAS_IPV6_ADDRESS] = {.name = "radius.NAS_IPv6_Address",
				       .label = "NAS-IPv6-Address",
				       .kind = FIELD_IPV6,
				       .section = "RFC 3162 2.1"},
	[RADIUS_F_EAP_KEY_NAME] = {.name = "radius.EAP_Key_Name",
				   .label = "EAP-Key-Name",
				   .kind = FIELD_OCTETS,
				   .section = "RFC 4072 2.8.5"},
	[RADIUS_F_OTHER] = {.name = "radius.Unknown_Attribute",
			    .label = "Value",
			    .kind = FIELD_OCTETS,
			    .section = "RFC 2865 5"},
};

/* The field of an attribute's value, by type; addresses only if they have an address's length. */
static const struct field *value_field(uint8_t type, size_t length)
{
	static const struct {
		uint8_t type;
		uint8_t field;
		uint8_t length; /* 0: any */
	} rows[] = {
		{TYPE_USER_NAME, RADIUS_F_USER_NAME, 0},
		{TYPE_NAS_IP_ADDRESS, RADIUS_F_NAS_IP_ADDRESS, 4},
		{TYPE_STATE, RADIUS_F_STATE, 0},
		{TYPE_CALLED_STATION_ID, RADIUS_F_CALLED_STATION_ID, 0},
		{TYPE_CALLING_STATION_ID, RADIUS_F_CALLING_STATION_ID, 0},
		{TYPE_NAS_IDENTIFIER, RADIUS_F_NAS_IDENTIFIER, 0},
		{TYPE_PROXY_STATE, RADIUS_F_PROXY_STATE, 0},
		{TYPE_EAP_MESSAGE, RADIUS_F_EAP_MESSAGE, 0},
		{TYPE_MESSAGE_AUTHENTICATOR, RADIUS_F_MESSAGE_AUTHENTICATOR, 0},
		{TYPE_NAS_IPV6_ADDRESS, RADIUS_F_NAS_IPV6_ADDRESS, 16},
		{TYPE_EAP_KEY_NAME, RADIUS_F_EAP_KEY_NAME, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].type == type && (rows[i].length == 0 || rows[i].length == length))
			return &radius_fields[rows[i].field];
	return F(OTHER);
}

/* All that is left of a walk, which does not move on. */
static struct octets rest(struct walk w)
{
	size_t length = walk_left(&w);

	return (struct octets){walk_octets(&w, NULL, length), length};
}

/* Keeps what the summary wants of an attribute. Of User-Name and State the first counts. */
static void summarize(struct radius_message *m, uint8_t type, struct octets value, size_t offset)
{
	switch (type) {
	case TYPE_USER_NAME:
		if (!m->user_name.octets)
			m->user_name = value;
		break;
	case TYPE_STATE:
		if (!m->has_state)
			m->state = value;
		m->has_state = true;
		break;
	case TYPE_EAP_MESSAGE:
		if (m->eap_parts == 0) {
			m->eap = value;
			m->eap_offset = offset;
		}
		m->eap_parts++;
		m->eap_length += value.length;
		break;
	default:
		break;
	}
}

static void vendor_specific_walk(struct walk *value)
{
	walk_u32(value, F(VENDOR_ID));
	walk_octets(value, F(VENDOR_VALUE), walk_left(value));
}

/* RFC 2865 section 5: type, length of the whole attribute, value. */
static bool attribute_walk(struct walk *w, struct radius_message *m)
{
	uint8_t type = (uint8_t)walk_peek(w, 0, 1);
	size_t length = (size_t)walk_peek(w, 1, 1);
	size_t left = walk_left(w);
	struct walk value;
	const char *name;

	if (length < ATTRIBUTE_HEADER_LENGTH || length > left)
		return false;
	walk_open(w, F(AVP), length);
	name = value_name_find(type_names, type);
	if (name)
		reader_label(w->reader, "%s", name);
	walk_u8(w, F(AVP_TYPE));
	walk_u8(w, F(AVP_LENGTH));
	length -= ATTRIBUTE_HEADER_LENGTH;
	value = walk_window(w, length);
	summarize(m, type, rest(value), value.position);
	if (type == TYPE_VENDOR_SPECIFIC && length >= 4)
		vendor_specific_walk(&value);
	else
		walk_octets(&value, value_field(type, length), length);
	walk_close(w);
	return true;
}

/* The attributes: all that the message's length covers and the capture kept. */
static void attributes_walk(struct walk *w, struct radius_message *m)
{
	size_t length = m->length - (size_t)RADIUS_HEADER_LENGTH;
	size_t left = walk_left(w);
	struct walk attributes = walk_window(w, length < left ? length : left);

	m->attributes = rest(attributes);
	while (walk_left(&attributes) > 0)
		if (!attribute_walk(&attributes, m))
			break;
	if (left < length) {
		w->cut = true;
		w->cut_wanted = length;
	} else if (walk_left(&attributes) > 0) {
		m->malformed = true;
	}
}

bool radius_walk(struct walk *w, struct radius_message *m)
{
	uint64_t code = walk_peek(w, 0, 1);
	uint64_t length = walk_peek(w, 2, 2);
	const uint8_t *authenticator;

	*m = (struct radius_message){0};
	if (!value_name_find(code_names, code) || length < RADIUS_HEADER_LENGTH ||
	    length > RADIUS_LENGTH_MAX)
		return false;
	walk_open(w, F(MESSAGE), (size_t)length);
	m->code = walk_u8(w, F(CODE));
	m->id = walk_u8(w, F(ID));
	m->length = walk_u16(w, F(LENGTH));
	authenticator = walk_octets(w, F(AUTHENTICATOR), RADIUS_AUTHENTICATOR_LENGTH);
	if (authenticator) {
		memcpy(m->authenticator, authenticator, RADIUS_AUTHENTICATOR_LENGTH);
		attributes_walk(w, m);
	}
	walk_close(w);
	return true;
}

size_t radius_eap_message(const struct radius_message *m, uint8_t *out, size_t capacity)
{
	struct walk w = walk_of(m->attributes.octets, m->attributes.length, NULL);
	size_t filled = 0;

	if (m->eap_length == 0 || m->eap_length > capacity)
		return 0;
	while (filled < m->eap_length) {
		struct radius_message one = {0};

		if (!attribute_walk(&w, &one))
			return 0;
		if (one.eap_length > 0)
			memcpy(out + filled, one.eap.octets, one.eap_length);
		filled += one.eap_length;
	}
	return filled;
}

static bool is_radius_port(uint16_t port)
{
	static const uint16_t ports[] = {
		RADIUS_PORT, RADIUS_PORT_OLD, 1813, 1646, /* accounting: RFC 2866 section 3 */
		3799,                                     /* dynamic authorization: RFC 5176 2.3 */
		1700                                      /* the same before it had that number */
	};

	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		if (ports[i] == port)
			return true;
	return false;
}

bool radius_port(uint16_t source, uint16_t destination)
{
	return is_radius_port(source) || is_radius_port(destination);
}

static void walk_alone(struct walk *w)
{
	struct radius_message m;

	radius_walk(w, &m);
}

const struct protocol radius_protocol = {
	.name = "radius",
	.label = "Remote Authentication Dial-In User Service",
	.fields = radius_fields,
	.field_count = RADIUS_FIELD_COUNT,
	.rules = NULL, /* RADIUS is a way to EAP here, not a subject of its own */
	.rule_count = 0,
	.walk = walk_alone,
};
