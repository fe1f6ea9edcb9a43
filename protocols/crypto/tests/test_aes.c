/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include <mbedtls/cipher.h>
#include <mbedtls/cmac.h>

#include "protocols/crypto/eax.h"

static const uint8_t key[AES_KEY] = {0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
				     0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c};

static void fill(uint8_t *octets, size_t length)
{
	for (size_t i = 0; i < length; i++)
		octets[i] = (uint8_t)(i * 7 + 3);
}

Test(aes, one_block_is_that_of_fips_197)
{
	/* FIPS 197 appendix B. */
	static const uint8_t in[] = {0x32, 0x43, 0xf6, 0xa8, 0x88, 0x5a, 0x30, 0x8d,
				     0x31, 0x31, 0x98, 0xa2, 0xe0, 0x37, 0x07, 0x34};
	static const uint8_t wanted[] = {0x39, 0x25, 0x84, 0x1d, 0x02, 0xdc, 0x09, 0xfb,
					 0xdc, 0x11, 0x85, 0x97, 0x19, 0x6a, 0x0b, 0x32};
	uint8_t out[AES_BLOCK];

	cr_assert(aes_encrypt_blocks(key, in, out, 1));
	cr_expect_arr_eq(out, wanted, AES_BLOCK);
}

Test(aes, cmac_equals_that_of_mbedtls_for_every_length_and_split)
{
	const mbedtls_cipher_info_t *info =
		mbedtls_cipher_info_from_type(MBEDTLS_CIPHER_AES_128_ECB);
	uint8_t message[70], wanted[AES_BLOCK], mac[AES_BLOCK];

	fill(message, sizeof(message));
	for (size_t length = 0; length <= sizeof(message); length++) {
		cr_assert_eq(mbedtls_cipher_cmac(info, key, 128, message, length, wanted), 0);
		for (size_t split = 0; split <= length; split++) {
			struct octets parts[] = {
				{message, split}, {NULL, 0}, {message + split, length - split}};

			cr_assert(aes_cmac(key, parts, 3, mac));
			cr_assert_arr_eq(mac, wanted, AES_BLOCK, "%zu octets cut at %zu", length,
					 split);
		}
	}
}

Test(aes, macs_of_an_empty_list_are_those_of_the_empty_message)
{
	struct octets empty = {NULL, 0};
	uint8_t a[AES_BLOCK], b[AES_BLOCK];

	cr_assert(aes_cmac(key, NULL, 0, a) && aes_cmac(key, &empty, 1, b));
	cr_expect_arr_eq(a, b, AES_BLOCK);
	cr_assert(aes_xcbc(key, NULL, 0, a) && aes_xcbc(key, &empty, 1, b));
	cr_expect_arr_eq(a, b, AES_BLOCK);
}

Test(aes, xcbc_does_not_depend_on_how_the_message_is_cut)
{
	uint8_t message[50], whole[AES_BLOCK], mac[AES_BLOCK];

	fill(message, sizeof(message));
	for (size_t split = 0; split <= sizeof(message); split++) {
		struct octets one = {message, sizeof(message)};
		struct octets two[] = {{message, split},
				       {message + split, sizeof(message) - split}};

		cr_assert(aes_xcbc(key, &one, 1, whole) && aes_xcbc(key, two, 2, mac));
		cr_assert_arr_eq(mac, whole, AES_BLOCK);
	}
}

Test(aes, cbc_refuses_what_is_no_multiple_of_a_block)
{
	uint8_t iv[AES_BLOCK] = {0}, text[32] = {0};

	for (size_t length = 0; length <= 32; length++) {
		cr_expect_eq(aes_cbc_encrypt(key, iv, text, text, length), length % 16 == 0);
		cr_expect_eq(aes_cbc_decrypt(key, iv, text, text, length), length % 16 == 0);
	}
}

Test(aes, cbc_and_ctr_work_in_place)
{
	uint8_t iv[AES_BLOCK] = {9}, text[48], other[48], plain[48];

	fill(plain, sizeof(plain));
	memcpy(text, plain, sizeof(text));
	cr_assert(aes_cbc_encrypt(key, iv, plain, other, 48));
	cr_assert(aes_cbc_encrypt(key, iv, text, text, 48));
	cr_expect_arr_eq(text, other, 48);
	cr_assert(aes_cbc_decrypt(key, iv, text, text, 48));
	cr_expect_arr_eq(text, plain, 48);
	cr_assert(aes_ctr(key, iv, plain, other, 47));
	cr_assert(aes_ctr(key, iv, text, text, 47));
	cr_expect_arr_eq(text, other, 47);
}

Test(aes, ctr_carries_into_the_high_octets)
{
	uint8_t counter[AES_BLOCK], next[AES_BLOCK] = {1}, zeros[32] = {0};
	uint8_t stream[32], wanted[AES_BLOCK];

	memset(counter, 0xff, AES_BLOCK);
	counter[0] = 0;
	cr_assert(aes_ctr(key, counter, zeros, stream, 32));
	cr_assert(aes_encrypt_blocks(key, next, wanted, 1));
	cr_expect_arr_eq(stream + 16, wanted, AES_BLOCK);
}

Test(eax, a_wrong_tag_writes_no_plaintext)
{
	struct octets nonce = {(const uint8_t *)"0123456789abcdef", 16}, header = {NULL, 0};
	uint8_t plain[20] = "nineteen characters", cipher[20], out[20], tag[EAX_TAG];

	cr_assert(eax_encrypt(key, nonce, header, plain, cipher, sizeof(plain), tag));
	for (size_t bit = 0; bit < 8 * EAX_TAG; bit++) {
		memset(out, 0xee, sizeof(out));
		tag[bit / 8] ^= (uint8_t)(1 << bit % 8);
		cr_assert_not(eax_decrypt(key, nonce, header, cipher, out, sizeof(out), tag));
		tag[bit / 8] ^= (uint8_t)(1 << bit % 8);
		for (size_t i = 0; i < sizeof(out); i++)
			cr_assert_eq(out[i], 0xee);
	}
	cr_assert(eax_decrypt(key, nonce, header, cipher, out, sizeof(out), tag));
	cr_expect_arr_eq(out, plain, sizeof(out));
}

Test(eax, nonce_header_and_ciphertext_are_each_authenticated)
{
	uint8_t nonce[16] = {1}, header[22] = {2}, text[9] = {3}, tag[EAX_TAG], out[9];
	struct octets n = {nonce, sizeof(nonce)}, h = {header, sizeof(header)};
	uint8_t *const touched[] = {nonce, header, text};

	cr_assert(eax_encrypt(key, n, h, text, text, sizeof(text), tag));
	for (size_t i = 0; i < 3; i++) {
		touched[i][0] ^= 0x80;
		cr_expect_not(eax_decrypt(key, n, h, text, out, sizeof(text), tag));
		touched[i][0] ^= 0x80;
	}
	cr_expect(eax_decrypt(key, n, h, text, out, sizeof(text), tag));
}
