/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include <mbedtls/md.h>

#include "protocols/crypto/prf.h"

Test(hash, sha256_of_abc_is_that_of_fips_180)
{
	struct octets parts[] = {{(const uint8_t *)"a", 1}, {NULL, 0}, {(const uint8_t *)"bc", 2}};
	static const uint8_t wanted[] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea,
					 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
					 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c,
					 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
	uint8_t digest[HASH_LENGTH_MAX];

	cr_assert(hash(HASH_SHA256, parts, 3, digest));
	cr_expect_arr_eq(digest, wanted, sizeof(wanted));
}

Test(hash, an_unknown_hash_is_refused)
{
	uint8_t digest[HASH_LENGTH_MAX];
	struct octets empty = {NULL, 0};

	cr_expect_not(hash((enum hash)99, NULL, 0, digest));
	cr_expect_not(hmac((enum hash)99, empty, NULL, 0, digest));
	cr_expect_eq(hash_length((enum hash)99), 0);
}

Test(hash, hmac_equals_that_of_mbedtls_for_every_length_of_key_and_message)
{
	static const mbedtls_md_type_t types[] = {MBEDTLS_MD_MD5, MBEDTLS_MD_SHA1,
						  MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA384,
						  MBEDTLS_MD_SHA512};
	uint8_t text[300], wanted[64], mac[64];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * 11);
	for (size_t type = 0; type < 5; type++) {
		const mbedtls_md_info_t *info = mbedtls_md_info_from_type(types[type]);
		size_t length = hash_length((enum hash)type);

		for (size_t key = 0; key <= 140; key += 7)
			for (size_t size = 0; size <= 300; size += 13) {
				struct octets parts[] = {{text, size / 3},
							 {text + size / 3, size - size / 3}};

				cr_assert_eq(mbedtls_md_hmac(info, text, key, text, size, wanted),
					     0);
				cr_assert(hmac((enum hash)type, (struct octets){text, key}, parts,
					       2, mac));
				cr_assert_arr_eq(mac, wanted, length);
			}
	}
}

Test(hash, a_ready_key_serves_many_messages)
{
	struct octets key = {(const uint8_t *)"key", 3}, message = {(const uint8_t *)"message", 7};
	uint8_t once[HASH_LENGTH_MAX], mac[HASH_LENGTH_MAX];
	struct hmac_key ready;

	cr_assert(hmac(HASH_SHA1, key, &message, 1, once));
	cr_assert(hmac_key_set(&ready, HASH_SHA1, key));
	for (int i = 0; i < 3; i++) {
		cr_assert(hmac_with(&ready, &message, 1, mac));
		cr_expect_arr_eq(mac, once, 20);
		cr_assert(hmac_with(&ready, NULL, 0, mac));
	}
	hmac_key_clear(&ready);
}

Test(prf, lengths_are_those_of_the_registry)
{
	static const size_t prfs[] = {0, 16, 20, 0, 16, 32, 48, 64, 16, 0};
	static const size_t values[] = {0, 12, 12, 0, 0, 12, 16, 20, 12, 0, 0, 0, 16, 24, 32, 0};
	static const size_t keys[] = {0, 16, 20, 0, 0, 16, 16, 20, 16, 0, 0, 0, 32, 48, 64, 0};

	for (uint32_t i = 0; i < sizeof(prfs) / sizeof(prfs[0]); i++)
		cr_expect_eq(prf_length(i), prfs[i], "PRF %u", i);
	for (uint32_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		cr_expect_eq(integrity_length(i), values[i], "integrity %u", i);
		cr_expect_eq(integrity_key_length(i), keys[i], "integrity %u", i);
	}
	cr_expect_eq(prf_length(UINT32_MAX), 0);
}

Test(prf, what_is_not_supported_is_refused)
{
	uint8_t key_octets[20] = {0}, out[PRF_LENGTH_MAX];
	struct octets key = {key_octets, 20};

	cr_expect_not(prf(3, key, NULL, 0, out)); /* HMAC-TIGER */
	cr_expect_not(prf_plus(0, key, NULL, 0, out, 1));
	cr_expect_not(integrity(3, key, NULL, 0, out)); /* DES-MAC */
	cr_expect_not(integrity(9, key, NULL, 0, out)); /* AES-GMAC */
}

Test(prf, an_integrity_key_of_another_length_is_refused)
{
	uint8_t key[80] = {0}, out[INTEGRITY_LENGTH_MAX];

	for (size_t length = 0; length < sizeof(key); length++)
		cr_expect_eq(integrity(12, (struct octets){key, length}, NULL, 0, out),
			     length == 32);
}

Test(prf, prf_plus_ends_after_255_outputs)
{
	static uint8_t out[255 * 20 + 1];
	struct octets key = {(const uint8_t *)"k", 1};

	cr_expect(prf_plus(2, key, NULL, 0, out, 255 * 20));
	cr_expect_not(prf_plus(2, key, NULL, 0, out, 255 * 20 + 1));
	cr_expect(prf_plus(2, key, NULL, 0, out, 0));
}

Test(prf, prf_plus_refuses_a_list_that_is_too_long)
{
	struct octets parts[PRF_PARTS_MAX + 1] = {{NULL, 0}}, key = {NULL, 0};
	uint8_t out[4];

	cr_expect(prf_plus(5, key, parts, PRF_PARTS_MAX, out, 4));
	cr_expect_not(prf_plus(5, key, parts, PRF_PARTS_MAX + 1, out, 4));
}

Test(prf, a_shorter_prf_plus_is_a_prefix_of_a_longer_one)
{
	struct octets key = {(const uint8_t *)"key", 3}, seed = {(const uint8_t *)"seed", 4};
	uint8_t longest[100], shorter[100];

	for (uint32_t id = 1; id <= 8; id++) {
		if (!prf_length(id))
			continue;
		cr_assert(prf_plus(id, key, &seed, 1, longest, 100));
		for (size_t length = 1; length < 100; length++) {
			cr_assert(prf_plus(id, key, &seed, 1, shorter, length));
			cr_assert_arr_eq(shorter, longest, length);
		}
	}
}
