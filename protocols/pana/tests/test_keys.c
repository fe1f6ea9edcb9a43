/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys themselves are compared with other implementations by the vectors of
 * conformance/engine; here stands how they are used and misused. */
#include <criterion/criterion.h>
#include <string.h>

#include "protocols/pana/keys.h"

static const uint8_t octets[64] = "sixty-four octets that stand for an MSK, messages and nonces...";

static struct pana_key_input input(uint32_t prf)
{
	return (struct pana_key_input){.prf = prf,
				       .msk = {octets, 64},
				       .i_par = {octets, 28},
				       .i_pan = {octets + 4, 28},
				       .pac_nonce = {octets, 20},
				       .paa_nonce = {octets + 1, 20},
				       .key_id = 1};
}

Test(pana_keys, the_integrity_algorithm_gives_the_length)
{
	struct pana_key_input in = input(5);
	struct secret key;

	cr_assert(pana_auth_key(&in, 7, &key));
	cr_expect_eq(key.length, 20);
	cr_assert(pana_auth_key(&in, 12, &key));
	cr_expect_eq(key.length, 32);
	cr_assert(pana_auth_key(&in, 14, &key));
	cr_expect_eq(key.length, 64);
}

Test(pana_keys, algorithms_not_supported_give_no_key)
{
	struct pana_key_input in = input(3), right = input(2);
	struct secret key, other;

	cr_expect_not(pana_auth_key(&in, 7, &key));
	cr_expect_eq(key.length, 0);
	cr_expect_not(pana_auth_key(&right, 0, &key));
	cr_expect_not(pana_auth_key(&right, 9, &key));
	cr_expect_not(pana_encr_keys(&right, 2, &key, &other));
	cr_expect_not(pana_encr_keys(&in, PANA_AES128_CTR, &key, &other));
}

Test(pana_keys, every_input_changes_the_key)
{
	struct pana_key_input variants[7];
	struct secret keys[7];

	for (size_t i = 0; i < 7; i++)
		variants[i] = input(2);
	variants[1].msk.octets++;
	variants[1].msk.length--;
	variants[2].i_par.length--;
	variants[3].i_pan.octets++;
	variants[4].pac_nonce.octets += 2;
	variants[5].paa_nonce.octets += 2;
	variants[6].key_id++;
	for (size_t i = 0; i < 7; i++)
		cr_assert(pana_auth_key(&variants[i], 7, &keys[i]));
	for (size_t i = 0; i < 7; i++)
		for (size_t j = 0; j < i; j++)
			cr_expect_not(secret_equal(keys[i].octets, keys[j].octets, 20),
				      "variants %zu and %zu", i, j);
}

Test(pana_keys, the_two_encryption_keys_differ)
{
	struct pana_key_input in = input(2);
	struct secret pac, paa;

	cr_assert(pana_encr_keys(&in, PANA_AES128_CTR, &pac, &paa));
	cr_expect_eq(pac.length, 16);
	cr_expect_eq(paa.length, 16);
	cr_expect_not(secret_equal(pac.octets, paa.octets, 16));
}

Test(pana_keys, what_stands_in_the_auth_value_does_not_matter)
{
	struct secret key = {.length = 20};
	uint8_t pdu[60] = {0}, zeroed[PANA_AUTH_VALUE_MAX], filled[PANA_AUTH_VALUE_MAX];
	size_t length;

	cr_assert(pana_auth_value(7, &key, pdu, sizeof(pdu), 24, 20, zeroed, &length));
	cr_expect_eq(length, 20);
	memset(pdu + 24, 0xff, 20);
	cr_assert(pana_auth_value(7, &key, pdu, sizeof(pdu), 24, 20, filled, &length));
	cr_expect_arr_eq(filled, zeroed, 20);
	pdu[44] = 1; /* the octet behind */
	cr_assert(pana_auth_value(7, &key, pdu, sizeof(pdu), 24, 20, filled, &length));
	cr_expect_arr_neq(filled, zeroed, 20);
}

Test(pana_keys, a_hole_outside_the_pdu_or_of_another_length_is_refused)
{
	struct secret key = {.length = 20}, other = {.length = 16};
	uint8_t pdu[60] = {0}, value[PANA_AUTH_VALUE_MAX];
	size_t length;

	cr_expect_not(pana_auth_value(7, &key, pdu, 60, 41, 20, value, &length));
	cr_expect_not(pana_auth_value(7, &key, pdu, 60, 61, 20, value, &length));
	cr_expect_not(pana_auth_value(7, &key, pdu, 60, (size_t)-1, 20, value, &length));
	cr_expect_not(pana_auth_value(7, &key, pdu, 60, 24, 12, value, &length));
	cr_expect_not(pana_auth_value(7, &key, pdu, 60, 24, 0, value, &length));
	cr_expect_not(pana_auth_value(7, &other, pdu, 60, 24, 20, value, &length));
	cr_expect_not(pana_auth_value(3, &key, pdu, 60, 24, 20, value, &length));
	cr_expect(pana_auth_value(7, &key, pdu, 60, 40, 20, value, &length));
}

Test(pana_keys, the_first_counter_block_is_that_of_rfc_6786)
{
	static const uint8_t wanted[] = {0x02, 0x55, 0x66, 0x77, 0x88, 0xaa, 0xbb, 0xcc,
					 0xdd, 0x11, 0x22, 0x33, 0x44, 0x00, 0x00, 0x01};
	uint8_t block[16];

	pana_counter_block(0x55667788, 0xaabbccdd, 0x11223344, block);
	cr_expect_arr_eq(block, wanted, 16);
}

Test(pana_keys, encryption_needs_its_algorithm_and_a_whole_key)
{
	struct secret key = {.length = 16}, none = {.length = 0};
	uint8_t text[40], back[40];

	cr_assert(pana_encr_crypt(PANA_AES128_CTR, &key, 1, 2, 3, octets, text, 40));
	cr_assert(pana_encr_crypt(PANA_AES128_CTR, &key, 1, 2, 3, text, back, 40));
	cr_expect_arr_eq(back, octets, 40);
	cr_expect_not(pana_encr_crypt(2, &key, 1, 2, 3, octets, text, 40));
	cr_expect_not(pana_encr_crypt(2, &none, 1, 2, 3, octets, text, 40));
	cr_expect_not(pana_encr_crypt(PANA_AES128_CTR, &none, 1, 2, 3, octets, text, 40));
}
