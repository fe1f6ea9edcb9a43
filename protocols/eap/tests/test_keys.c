/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The key schedules themselves are compared with other implementations by the vectors of
 * conformance/engine; here stands how they are used and misused. */
#include <criterion/criterion.h>
#include <string.h>

#include "protocols/eap/keys.h"

static const uint8_t octets[64] = "a pre-shared key of sixty-four octets, of which some are used..";

Test(eap_psk_keys, only_a_psk_of_16_octets_is_taken)
{
	struct eap_psk_keys keys;

	for (size_t length = 0; length <= 64; length++) {
		cr_expect_eq(eap_psk_setup(&keys, (struct octets){octets, length}), length == 16);
		cr_expect_eq(keys.ak.length, length == 16 ? 16 : 0);
	}
}

Test(eap_psk_keys, nothing_is_derived_or_opened_before_its_key_is_there)
{
	struct eap_psk_keys keys;
	uint8_t mac[EAP_PSK_MAC], tag[EAP_PSK_TAG] = {0}, text[4] = {0};

	eap_psk_clear(&keys);
	cr_expect_not(eap_psk_derive(&keys, octets));
	cr_expect_not(eap_psk_mac_s(&keys, (struct octets){octets, 3}, octets, mac));
	cr_assert(eap_psk_setup(&keys, (struct octets){octets, 16}));
	cr_expect_not(eap_psk_open(&keys, 0, octets, text, text, 4, tag));
	cr_expect_not(eap_psk_seal(&keys, 0, octets, text, text, 4, tag));
}

Test(eap_psk_keys, the_channel_opens_what_it_sealed_under_the_same_nonce_and_header)
{
	struct eap_psk_keys keys;
	uint8_t header[EAP_PSK_HEADER] = {1, 2, 0, 60, 47, 0x80}, tag[EAP_PSK_TAG];
	uint8_t plain[960], text[960];

	memset(plain, 0x5a, sizeof(plain)); /* RFC 4764 3.3: at most 960 octets */
	cr_assert(eap_psk_setup(&keys, (struct octets){octets, 16}));
	cr_assert(eap_psk_derive(&keys, octets));
	cr_assert(eap_psk_seal(&keys, 0xfffffffe, header, plain, text, sizeof(plain), tag));
	cr_expect_arr_neq(text, plain, sizeof(plain));
	cr_expect_not(eap_psk_open(&keys, 0xffffffff, header, text, text, sizeof(text), tag));
	header[1]++;
	cr_expect_not(eap_psk_open(&keys, 0xfffffffe, header, text, text, sizeof(text), tag));
	header[1]--;
	cr_assert(eap_psk_open(&keys, 0xfffffffe, header, text, text, sizeof(text), tag));
	cr_expect_arr_eq(text, plain, sizeof(plain));
}

Test(eap_gpsk_keys, suites_are_those_of_figure_3)
{
	const struct eap_gpsk_suite *suite = eap_gpsk_suite_find(0, 1);

	cr_assert_not_null(suite);
	cr_expect(suite->key_length == 16 && suite->mac_length == 16 && suite->encrypts);
	suite = eap_gpsk_suite_find(0, 2);
	cr_assert_not_null(suite);
	cr_expect(suite->key_length == 32 && suite->mac_length == 32 && !suite->encrypts);
	cr_expect_null(eap_gpsk_suite_find(0, 0));
	cr_expect_null(eap_gpsk_suite_find(0, 3));
	cr_expect_null(eap_gpsk_suite_find(9, 1));
}

static struct eap_gpsk_input input_of(uint16_t specifier, size_t psk_length)
{
	return (struct eap_gpsk_input){.suite = eap_gpsk_suite_find(0, specifier),
				       .psk = {octets, psk_length},
				       .rand_peer = octets,
				       .rand_server = octets + 32,
				       .id_peer = {octets, 4},
				       .id_server = {octets + 4, 4}};
}

Test(eap_gpsk_keys, a_psk_shorter_than_ks_is_refused)
{
	struct eap_gpsk_keys keys;

	for (uint16_t specifier = 1; specifier <= 2; specifier++)
		for (size_t length = 0; length <= 64; length++) {
			struct eap_gpsk_input input = input_of(specifier, length);
			bool right = length >= input.suite->key_length;

			cr_expect_eq(eap_gpsk_derive(&keys, &input), right);
			cr_expect_eq(keys.msk.length, right ? 64 : 0);
		}
}

Test(eap_gpsk_keys, only_the_encrypting_suite_has_a_pk)
{
	struct eap_gpsk_input one = input_of(1, 64), two = input_of(2, 64);
	struct eap_gpsk_keys keys;

	cr_assert(eap_gpsk_derive(&keys, &one));
	cr_expect_eq(keys.pk.length, 16);
	cr_expect_eq(keys.sk.length, 16);
	cr_expect_eq(keys.session_id.length, 17);
	cr_expect_eq(keys.session_id.octets[0], 0x33);
	cr_assert(eap_gpsk_derive(&keys, &two));
	cr_expect_eq(keys.pk.length, 0);
	cr_expect_eq(keys.sk.length, 32);
}

Test(eap_gpsk_keys, protected_data_of_the_wrong_length_or_without_key_is_refused)
{
	const struct eap_gpsk_suite *one = eap_gpsk_suite_find(0, 1);
	const struct eap_gpsk_suite *two = eap_gpsk_suite_find(0, 2);
	struct secret pk = {.length = 16}, nothing = {.length = 0};
	uint8_t text[32] = "seventeen octets", mac[EAP_GPSK_MAC_MAX];

	cr_expect_not(eap_gpsk_decrypt(one, &pk, octets, text, text, 17));
	cr_expect_not(eap_gpsk_decrypt(one, &nothing, octets, text, text, 16));
	cr_expect(eap_gpsk_decrypt(two, &nothing, octets, text, text, 17));
	cr_expect_str_eq((char *)text, "seventeen octets");
	cr_expect_not(eap_gpsk_mac(one, &nothing, NULL, 0, mac));
	cr_expect_not(eap_gpsk_mac(two, &pk, NULL, 0, mac));
}

Test(eap_keys, session_ids_begin_with_the_type)
{
	struct eap_session_id id;

	/* RFC 5247 appendix A, RFC 5216 2.3. */
	eap_psk_session_id(octets, octets + 16, &id);
	cr_assert_eq(id.length, 33);
	cr_expect_eq(id.octets[0], 47);
	cr_expect_arr_eq(id.octets + 1, octets, 32);
	eap_tls_session_id(octets, octets + 32, &id);
	cr_assert_eq(id.length, 65);
	cr_expect_eq(id.octets[0], 13);
	cr_expect_arr_eq(id.octets + 1, octets, 64);
}
