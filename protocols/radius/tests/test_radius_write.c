/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "protocols/radius/radius_write.h"

static const struct octets secret = {(const uint8_t *)"testing123", 10};
static const uint8_t authenticator[16] = "0123456789abcdef";

static struct writer request_with(uint8_t *octets, struct octets eap)
{
	struct writer w = writer_of(octets, RADIUS_LENGTH_MAX);

	radius_write_begin(&w, RADIUS_ACCESS_REQUEST, 9, authenticator);
	radius_write_attribute(&w, RADIUS_USER_NAME, (struct octets){(const uint8_t *)"u", 1});
	radius_write_eap(&w, eap);
	radius_write_attribute(&w, RADIUS_PROXY_STATE, (struct octets){authenticator, 4});
	cr_assert(radius_write_end_request(&w, secret));
	return w;
}

Test(radius_write, an_eap_message_is_split_at_253_octets_and_joined_again)
{
	static uint8_t eap[1500], octets[RADIUS_LENGTH_MAX], joined[RADIUS_EAP_MAX];
	static const size_t lengths[] = {5, 253, 254, 506, 507, 1500};
	struct radius_parts parts;

	for (size_t i = 0; i < sizeof(eap); i++)
		eap[i] = (uint8_t)i;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct writer w = request_with(octets, (struct octets){eap, lengths[i]});

		cr_assert(radius_read((struct octets){octets, w.length}, &parts));
		cr_expect_eq(parts.m.eap_parts, (lengths[i] + 252) / 253); /* RFC 3579 3.1 */
		cr_assert_eq(radius_eap_message(&parts.m, joined, sizeof(joined)), lengths[i]);
		cr_expect_arr_eq(joined, eap, lengths[i]);
		cr_expect_eq(parts.proxy_state_count, 1);
	}
}

Test(radius_write, a_request_verifies_under_its_secret_and_no_other)
{
	uint8_t octets[RADIUS_LENGTH_MAX];
	struct writer w = request_with(octets, (struct octets){authenticator, 16});
	struct radius_parts parts;

	cr_assert(radius_read((struct octets){octets, w.length}, &parts));
	cr_expect(radius_verify_request(&parts, secret));
	cr_expect_not(radius_verify_request(&parts, (struct octets){authenticator, 10}));
	for (size_t i = 0; i < w.length; i++) {
		octets[i] ^= 1;
		cr_expect_not(radius_read((struct octets){octets, w.length}, &parts) &&
			      radius_verify_request(&parts, secret));
		octets[i] ^= 1;
	}
}

Test(radius_write, a_reply_verifies_and_gives_up_its_key)
{
	uint8_t octets[RADIUS_LENGTH_MAX], key_octets[32];
	struct writer w = writer_of(octets, sizeof(octets));
	struct radius_parts parts;
	struct secret key;

	memset(key_octets, 0x5a, sizeof(key_octets));
	radius_write_begin(&w, RADIUS_ACCESS_ACCEPT, 9, authenticator);
	cr_assert(radius_write_mppe_key(&w, RADIUS_MPPE_RECV_KEY, 0x0102,
					(struct octets){key_octets, 32}, secret));
	cr_assert(radius_write_end_reply(&w, secret));
	cr_assert(radius_read((struct octets){octets, w.length}, &parts));
	cr_expect(radius_verify_reply(&parts, authenticator, secret));
	cr_expect_not(radius_verify_reply(&parts, octets + 4, secret));
	cr_assert(radius_open_mppe_key(parts.mppe_recv, authenticator, secret, &key));
	cr_expect_eq(key.length, 32);
	cr_expect_arr_eq(key.octets, key_octets, 32);
	cr_expect_eq(parts.mppe_recv.octets[0] & 0x80, 0x80); /* RFC 2548 2.4.2: the salt */
	secret_clear(&key);
}

Test(radius_write, a_message_without_authenticator_or_with_two_does_not_verify)
{
	uint8_t octets[RADIUS_LENGTH_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	struct radius_parts parts;

	radius_write_begin(&w, RADIUS_ACCESS_REQUEST, 1, authenticator);
	write_patch_u16(&w, 2, (uint16_t)w.length);
	cr_assert(radius_read((struct octets){octets, w.length}, &parts));
	cr_expect_not(radius_verify_request(&parts, secret)); /* RFC 3579 3.2 */
	cr_assert(radius_write_end_request(&w, secret));
	cr_assert(radius_write_end_request(&w, secret));
	cr_assert(radius_read((struct octets){octets, w.length}, &parts));
	cr_expect_not(radius_verify_request(&parts, secret));
}

Test(radius_write, what_does_not_fit_is_not_sent)
{
	uint8_t octets[64], value[254] = {0};
	struct writer w = writer_of(octets, sizeof(octets));

	radius_write_begin(&w, RADIUS_ACCESS_REQUEST, 1, authenticator);
	radius_write_attribute(&w, RADIUS_USER_NAME, (struct octets){value, 254});
	cr_expect(w.full);
	cr_expect_not(radius_write_end_request(&w, secret));
}

Test(radius_write, no_octets_of_an_mppe_value_mislead)
{
	uint8_t value[200];
	struct secret key;

	for (size_t length = 0; length < sizeof(value); length++) {
		memset(value, (int)length, sizeof(value));
		if (radius_open_mppe_key((struct octets){value, length}, authenticator, secret,
					 &key))
			cr_expect_leq(key.length, SECRET_SIZE);
	}
}
