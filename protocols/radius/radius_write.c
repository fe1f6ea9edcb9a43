/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radius_write.h"

#include <string.h>

#include "protocols/crypto/hash.h"

enum { MAC = 16, MPPE_BLOCK = 16, SALT = 2, MPPE_MAX = SECRET_SIZE + MPPE_BLOCK };

/* ---- writing ---- */

void radius_write_begin(struct writer *w, enum radius_code code, uint8_t id,
			const uint8_t authenticator[RADIUS_AUTHENTICATOR_LENGTH])
{
	write_u8(w, (uint8_t)code);
	write_u8(w, id);
	write_u16(w, 0);
	write_octets(w, authenticator, RADIUS_AUTHENTICATOR_LENGTH);
}

void radius_write_attribute(struct writer *w, uint8_t type, struct octets value)
{
	if (value.length > RADIUS_VALUE_MAX) {
		w->full = true;
		return;
	}
	write_u8(w, type);
	write_u8(w, (uint8_t)(value.length + 2));
	write_octets(w, value.octets, value.length);
}

void radius_write_u32(struct writer *w, uint8_t type, uint32_t value)
{
	write_u8(w, type);
	write_u8(w, 6);
	write_u32(w, value);
}

void radius_write_eap(struct writer *w, struct octets eap)
{
	while (eap.length) {
		size_t part = eap.length < RADIUS_VALUE_MAX ? eap.length : RADIUS_VALUE_MAX;

		radius_write_attribute(w, RADIUS_EAP_MESSAGE, (struct octets){eap.octets, part});
		eap = (struct octets){eap.octets + part, eap.length - part};
	}
}

/* RFC 2548 2.4.2: b(1) = MD5(secret | authenticator | salt), b(i) = MD5(secret | c(i-1)); c = p xor
 * b. `source` is what c(i-1) is taken from: the output when encrypting, the input when decrypting.
 */
static bool mppe_stream(struct octets secret, const uint8_t *authenticator,
			const uint8_t salt[SALT], const uint8_t *source, const uint8_t *in,
			uint8_t *out, size_t length)
{
	uint8_t block[MPPE_BLOCK];
	struct octets first[] = {secret, {authenticator, MAC}, {salt, SALT}};
	bool right = true;

	for (size_t at = 0; at < length && right; at += MPPE_BLOCK) {
		struct octets next[] = {secret, {source + at - MPPE_BLOCK, MPPE_BLOCK}};

		right = at ? hash(HASH_MD5, next, 2, block) : hash(HASH_MD5, first, 3, block);
		for (size_t i = 0; i < MPPE_BLOCK && right; i++)
			out[at + i] = in[at + i] ^ block[i];
	}
	secret_wipe(block, sizeof(block));
	return right;
}

bool radius_write_mppe_key(struct writer *w, enum radius_mppe type, uint16_t salt,
			   struct octets key, struct octets secret)
{
	uint8_t value[4 + 2 + SALT + MPPE_MAX] = {0};
	uint8_t plain[MPPE_MAX] = {0}, *at = value + 4 + 2 + SALT;
	size_t length = (1 + key.length + MPPE_BLOCK - 1) / MPPE_BLOCK * MPPE_BLOCK;
	bool right;

	if (key.length > SECRET_SIZE || w->length < RADIUS_HEADER_LENGTH)
		return false;
	plain[0] = (uint8_t)key.length;
	memcpy(plain + 1, key.octets, key.length);
	value[2] = RADIUS_VENDOR_MICROSOFT >> 8;
	value[3] = RADIUS_VENDOR_MICROSOFT & 0xff;
	value[4] = (uint8_t)type;
	value[5] = (uint8_t)(2 + SALT + length);
	value[6] = (uint8_t)(salt >> 8 | 0x80);
	value[7] = (uint8_t)salt;
	right = mppe_stream(secret, w->octets + 4, value + 6, at, plain, at, length);
	secret_wipe(plain, sizeof(plain));
	if (right)
		radius_write_attribute(w, RADIUS_VENDOR_SPECIFIC,
				       (struct octets){value, 4 + 2 + SALT + length});
	return right && !w->full;
}

/* HMAC-MD5 over the message with the attribute zero: RFC 3579 3.2. */
static bool sign(struct writer *w, struct octets secret)
{
	struct octets whole;
	uint8_t mac[MAC];

	write_u8(w, RADIUS_MESSAGE_AUTHENTICATOR);
	write_u8(w, 2 + MAC);
	write_zeros(w, MAC);
	if (w->full || w->length > RADIUS_LENGTH_MAX)
		return false;
	write_patch_u16(w, 2, (uint16_t)w->length);
	whole = (struct octets){w->octets, w->length};
	if (!hmac(HASH_MD5, secret, &whole, 1, mac))
		return false;
	memcpy(w->octets + w->length - MAC, mac, MAC);
	return true;
}

bool radius_write_end_request(struct writer *w, struct octets secret)
{
	return sign(w, secret);
}

bool radius_write_end_reply(struct writer *w, struct octets secret)
{
	uint8_t authenticator[RADIUS_AUTHENTICATOR_LENGTH];
	struct octets parts[2];

	if (!sign(w, secret))
		return false;
	parts[0] = (struct octets){w->octets, w->length};
	parts[1] = secret;
	if (!hash(HASH_MD5, parts, 2, authenticator))
		return false;
	memcpy(w->octets + 4, authenticator, sizeof(authenticator));
	return true;
}

/* ---- reading ---- */

/* Collects, while radius_walk reads, what its summary leaves out. */
struct collector {
	struct reader reader;
	struct radius_parts *parts;
	uint64_t vendor, type;
};

/* MS-MPPE keys: vendor type, vendor length, salt and key (RFC 2548 2.4.2). */
static void take_vendor(struct collector *c, struct octets value)
{
	struct octets inner = {value.octets + 2, value.length - 2};

	if (c->vendor != RADIUS_VENDOR_MICROSOFT || value.octets[1] != value.length)
		return;
	if (value.octets[0] == RADIUS_MPPE_SEND_KEY)
		c->parts->mppe_send = inner;
	else if (value.octets[0] == RADIUS_MPPE_RECV_KEY)
		c->parts->mppe_recv = inner;
}

/* RFC 2865 5.27. */
static void take_other(struct collector *c, struct octets value)
{
	struct walk w = walk_of(value.octets, value.length, NULL);

	if (c->type != RADIUS_SESSION_TIMEOUT || value.length != 4)
		return;
	c->parts->has_session_timeout = true;
	c->parts->session_timeout = walk_u32(&w, NULL);
}

static void collect(struct reader *r, const struct field *field, size_t offset, size_t length,
		    const struct value *value)
{
	struct collector *c = (struct collector *)r;
	struct radius_parts *parts = c->parts;
	struct octets octets = {parts->whole.octets + offset, length};

	if (field == &radius_fields[RADIUS_F_MESSAGE_AUTHENTICATOR]) {
		if (!parts->message_authenticators++)
			parts->message_authenticator = octets;
	} else if (field == &radius_fields[RADIUS_F_PROXY_STATE]) {
		if (parts->proxy_state_count < RADIUS_PROXY_STATES_MAX)
			parts->proxy_states[parts->proxy_state_count++] = octets;
	} else if (field == &radius_fields[RADIUS_F_AVP_TYPE]) {
		c->type = value->number;
	} else if (field == &radius_fields[RADIUS_F_OTHER]) {
		take_other(c, octets);
	} else if (field == &radius_fields[RADIUS_F_VENDOR_ID]) {
		c->vendor = value->number;
	} else if (field == &radius_fields[RADIUS_F_VENDOR_VALUE] && length > 2) {
		take_vendor(c, octets);
	}
}

bool radius_read(struct octets octets, struct radius_parts *parts)
{
	static const struct reader_ops ops = {.value = collect};
	struct collector c = {.reader = {&ops}, .parts = parts};
	struct walk w = walk_of(octets.octets, octets.length, &c.reader);

	memset(parts, 0, sizeof(*parts));
	parts->whole = octets;
	if (!radius_walk(&w, &parts->m) || w.cut || parts->m.malformed ||
	    parts->m.length > octets.length)
		return false;
	parts->whole.length = parts->m.length;
	return true;
}

/* The MAC with the authenticator given in the place of the message's own. */
static bool verify(const struct radius_parts *parts, const uint8_t *authenticator,
		   struct octets secret)
{
	static const uint8_t zero[MAC];
	const uint8_t *whole = parts->whole.octets;
	struct octets found = parts->message_authenticator;
	size_t at, end = parts->whole.length;
	uint8_t mac[MAC];

	if (parts->message_authenticators != 1 || found.length != MAC)
		return false;
	at = (size_t)(found.octets - whole);

	const struct octets list[] = {{whole, 4},
				      {authenticator, RADIUS_AUTHENTICATOR_LENGTH},
				      {whole + RADIUS_HEADER_LENGTH, at - RADIUS_HEADER_LENGTH},
				      {zero, MAC},
				      {whole + at + MAC, end - at - MAC}};

	return hmac(HASH_MD5, secret, list, 5, mac) && secret_equal(mac, found.octets, MAC);
}

bool radius_verify_request(const struct radius_parts *parts, struct octets secret)
{
	return verify(parts, parts->m.authenticator, secret);
}

bool radius_verify_reply(const struct radius_parts *parts,
			 const uint8_t authenticator[RADIUS_AUTHENTICATOR_LENGTH],
			 struct octets secret)
{
	const uint8_t *whole = parts->whole.octets;
	const struct octets list[] = {
		{whole, 4},
		{authenticator, RADIUS_AUTHENTICATOR_LENGTH},
		{whole + RADIUS_HEADER_LENGTH, parts->whole.length - RADIUS_HEADER_LENGTH},
		secret};
	uint8_t right[RADIUS_AUTHENTICATOR_LENGTH];

	return verify(parts, authenticator, secret) && hash(HASH_MD5, list, 4, right) &&
	       secret_equal(right, parts->m.authenticator, sizeof(right));
}

bool radius_seal(uint8_t *octets, size_t length, const uint8_t *authenticator, struct octets secret)
{
	struct radius_parts parts;
	struct octets whole, mac;

	if (!radius_read((struct octets){octets, length}, &parts))
		return false;
	whole = parts.whole;
	mac = parts.message_authenticator;
	if (authenticator)
		memcpy(octets + 4, authenticator, RADIUS_AUTHENTICATOR_LENGTH);
	if (mac.length == MAC) {
		size_t at = (size_t)(mac.octets - octets);
		uint8_t right[MAC];

		memset(octets + at, 0, MAC);
		if (!hmac(HASH_MD5, secret, &whole, 1, right))
			return false;
		memcpy(octets + at, right, MAC);
	}
	if (authenticator) {
		const struct octets list[] = {whole, secret};
		uint8_t response[RADIUS_AUTHENTICATOR_LENGTH];

		if (!hash(HASH_MD5, list, 2, response))
			return false;
		memcpy(octets + 4, response, sizeof(response));
	}
	return true;
}

bool radius_open_mppe_key(struct octets value,
			  const uint8_t authenticator[RADIUS_AUTHENTICATOR_LENGTH],
			  struct octets secret, struct secret *key)
{
	uint8_t plain[MPPE_MAX];
	size_t length = value.length < SALT ? 0 : value.length - SALT;
	const uint8_t *in = value.octets + SALT;
	bool right;

	secret_clear(key);
	if (!length || length % MPPE_BLOCK || length > sizeof(plain))
		return false;
	right = mppe_stream(secret, authenticator, value.octets, in, in, plain, length) &&
		plain[0] > 0 && plain[0] < length && plain[0] <= SECRET_SIZE;
	if (right)
		secret_set(key, plain + 1, plain[0]);
	secret_wipe(plain, sizeof(plain));
	return right;
}
