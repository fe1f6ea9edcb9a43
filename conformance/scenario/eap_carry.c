/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EAP in EAPOL (IEEE 802.1X) and in RADIUS (RFC 2865, RFC 3579 3). */
#include "scenario.h"

#include "protocols/crypto/hash.h"

#include <string.h>

static const uint64_t millisecond = 1000000;
static const uint64_t beginning = 1767323045000000000u; /* 2026-01-02 03:04:05 */

static void advance(struct scenario *s)
{
	s->time = s->time ? s->time + 4 * millisecond : beginning;
}

/* ---- EAPOL ---- */

enum { EAPOL_VERSION = 2, EAPOL_EAP = 0, EAPOL_START = 1 };

static struct endpoint station(uint8_t last)
{
	static const uint8_t pae_group[] = {1, 0x80, 0xc2, 0, 0, 3};
	const uint8_t octets[] = {2, 0, 0, 0, 0, last};

	return (struct endpoint){address_of(ADDRESS_ETHERNET, last ? octets : pae_group), 0};
}

static void append_eapol(struct scenario *s, bool from_server, uint8_t type, struct octets body)
{
	const struct endpoint from = station(from_server ? 1 : 0x10), group = station(0);
	uint8_t frame[4 + PLAY_MESSAGE_MAX];
	struct writer w = writer_of(frame, sizeof(frame));

	write_u8(&w, EAPOL_VERSION);
	write_u8(&w, type);
	write_u16(&w, (uint16_t)body.length);
	write_octets(&w, body.octets, body.length);
	advance(s);
	scenario_append(s, &from, &group, (struct octets){frame, w.length})->carrier =
		CARRIER_EAPOL;
}

bool scenario_eapol(struct eap_play *play, struct scenario *s)
{
	uint8_t message[PLAY_MESSAGE_MAX];
	size_t length;

	append_eapol(s, false, EAPOL_START, (struct octets){NULL, 0});
	while (eap_play_next(play, message, &length))
		append_eapol(s, play->from_server, EAPOL_EAP, (struct octets){message, length});
	return eap_play_over(play);
}

/* ---- RADIUS ---- */

const char scenario_radius_secret[] = "testing123";

enum {
	RADIUS_PORT = 1812,
	RADIUS_REQUEST = 1,
	RADIUS_ACCEPT = 2,
	RADIUS_REJECT = 3,
	RADIUS_CHALLENGE = 11,
	RADIUS_USER_NAME = 1,
	RADIUS_NAS_IP_ADDRESS = 4,
	RADIUS_STATE = 24,
	RADIUS_EAP_MESSAGE = 79,
	RADIUS_MESSAGE_AUTHENTICATOR = 80,
	RADIUS_HEADER = 20,
	RADIUS_AUTHENTICATOR = 4, /* its offset */
	RADIUS_PACKET_MAX = 4096
};

static const struct octets secret = {(const uint8_t *)scenario_radius_secret,
				     sizeof(scenario_radius_secret) - 1};

struct radius_play {
	struct eap_play *eap;
	struct scenario *s;
	struct octet_source source;
	uint8_t identifier;
	uint8_t request_authenticator[16];
	uint8_t state[16];
	bool has_state;
	size_t split;
	bool failed;
};

static void attribute(struct writer *w, uint8_t type, const void *value, size_t length)
{
	write_u8(w, type);
	write_u8(w, (uint8_t)(length + 2));
	write_octets(w, value, length);
}

static void eap_attributes(struct writer *w, struct octets eap, size_t split)
{
	for (size_t at = 0; at < eap.length; at += split)
		attribute(w, RADIUS_EAP_MESSAGE, eap.octets + at,
			  eap.length - at < split ? eap.length - at : split);
}

/* RFC 3579 3.2; the attribute is the last of the packet, whose length is written already. */
static bool message_authenticator(struct writer *w)
{
	static const uint8_t zeros[16];
	struct octets packet;

	attribute(w, RADIUS_MESSAGE_AUTHENTICATOR, zeros, sizeof(zeros));
	write_patch_u16(w, 2, (uint16_t)w->length);
	packet = (struct octets){w->octets, w->length};
	return hmac(HASH_MD5, secret, &packet, 1, w->octets + w->length - 16);
}

static void append_packet(struct radius_play *p, const struct writer *w)
{
	static const uint8_t nas[] = {10, 0, 0, 4}, server[] = {10, 0, 0, 1};
	const struct endpoint client_end = {address_of(ADDRESS_IPV4, nas), 50000};
	const struct endpoint server_end = {address_of(ADDRESS_IPV4, server), RADIUS_PORT};
	bool request = w->octets[0] == RADIUS_REQUEST;

	advance(p->s);
	scenario_append(p->s, request ? &client_end : &server_end,
			request ? &server_end : &client_end, (struct octets){w->octets, w->length});
}

static void start_packet(struct radius_play *p, struct writer *w, uint8_t code)
{
	write_u8(w, code);
	write_u8(w, p->identifier);
	write_u16(w, 0);
	write_octets(w, p->request_authenticator, 16);
}

static void send_request(struct radius_play *p, struct octets eap)
{
	static const uint8_t nas[] = {10, 0, 0, 4};
	uint8_t packet[RADIUS_PACKET_MAX];
	struct writer w = writer_of(packet, sizeof(packet));

	octet_source_fill(&p->source, p->request_authenticator, 16);
	start_packet(p, &w, RADIUS_REQUEST);
	attribute(&w, RADIUS_USER_NAME, p->eap->identity.peer, strlen(p->eap->identity.peer));
	attribute(&w, RADIUS_NAS_IP_ADDRESS, nas, sizeof(nas));
	if (p->has_state)
		attribute(&w, RADIUS_STATE, p->state, sizeof(p->state));
	eap_attributes(&w, eap, p->split);
	p->failed = !message_authenticator(&w) || w.full || p->failed;
	append_packet(p, &w);
}

static uint8_t answer_code(const struct radius_play *p)
{
	if (!eap_play_over(p->eap))
		return RADIUS_CHALLENGE;
	return p->eap->refuse ? RADIUS_REJECT : RADIUS_ACCEPT;
}

/* RFC 2865 3: the Response Authenticator covers the packet with that of the request in it. */
static bool response_authenticator(const struct writer *w)
{
	const struct octets parts[] = {{w->octets, w->length}, secret};
	uint8_t value[16];

	if (!hash(HASH_MD5, parts, 2, value))
		return false;
	memcpy(w->octets + RADIUS_AUTHENTICATOR, value, sizeof(value));
	return true;
}

static void send_answer(struct radius_play *p, struct octets eap)
{
	uint8_t packet[RADIUS_PACKET_MAX];
	struct writer w = writer_of(packet, sizeof(packet));

	start_packet(p, &w, answer_code(p));
	if (packet[0] == RADIUS_CHALLENGE) {
		octet_source_fill(&p->source, p->state, sizeof(p->state));
		p->has_state = true;
		attribute(&w, RADIUS_STATE, p->state, sizeof(p->state));
	}
	eap_attributes(&w, eap, p->split);
	p->failed = !message_authenticator(&w) || !response_authenticator(&w) || p->failed;
	append_packet(p, &w);
	p->identifier++;
}

bool scenario_radius(struct eap_play *play, uint8_t identifier, size_t split, struct scenario *s)
{
	struct radius_play p = {.eap = play,
				.s = s,
				.source = {play->source.state ^ 0x52414449},
				.identifier = identifier,
				.split = split ? split : 253};
	uint8_t message[PLAY_MESSAGE_MAX];
	size_t length;

	if (play->method == PLAY_ERP)
		play->announce = false;
	else if (!eap_play_next(play, message, &length)) /* the NAS asks for the identity itself */
		return false;
	while (!p.failed && eap_play_next(play, message, &length)) {
		if (play->from_server)
			send_answer(&p, (struct octets){message, length});
		else
			send_request(&p, (struct octets){message, length});
	}
	return eap_play_over(play) && !p.failed;
}
