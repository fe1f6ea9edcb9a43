/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "protocols/crypto/kdf.h"

static uint8_t emsk_octets[64] = {1, 2, 3};
static const struct octets emsk = {emsk_octets, 64}, none = {NULL, 0};

Test(kdf, it_gives_8160_octets_and_no_more)
{
	static uint8_t out[KDF_LENGTH_MAX + 1];

	/* RFC 5295 3.1: at least 2048; 3.1.2: prf+ ends at 8160. */
	cr_expect(kdf_rfc5295(emsk, "label@example", none, out, KDF_LENGTH_MAX));
	cr_expect_not(kdf_rfc5295(emsk, "label@example", none, out, KDF_LENGTH_MAX + 1));
}

Test(kdf, label_data_and_length_each_make_another_key)
{
	struct octets data = {(const uint8_t *)"d", 1};
	uint8_t a[32], b[64];

	cr_assert(kdf_rfc5295(emsk, "label", none, a, 32));
	cr_assert(kdf_rfc5295(emsk, "label", none, b, 64));
	cr_expect_arr_neq(a, b, 32);
	cr_assert(kdf_rfc5295(emsk, "labe", none, b, 32));
	cr_expect_arr_neq(a, b, 32);
	cr_assert(kdf_rfc5295(emsk, "label", data, b, 32));
	cr_expect_arr_neq(a, b, 32);
}

Test(kdf, it_takes_2048_octets_of_data)
{
	static uint8_t data[2048];
	struct secret usrk;

	cr_assert(kdf_usrk(emsk, "label@example", (struct octets){data, sizeof(data)}, &usrk));
	cr_expect_eq(usrk.length, 64);
}

Test(erp, keys_are_as_long_as_their_parent)
{
	struct secret rrk, rik, rmsk;

	cr_assert(erp_rrk((struct octets){emsk_octets, 48}, &rrk));
	cr_assert(erp_rik(&rrk, 2, &rik) && erp_rmsk(&rrk, 7, &rmsk));
	cr_expect_eq(rrk.length, 48);
	cr_expect_eq(rik.length, 48);
	cr_expect_eq(rmsk.length, 48);
	cr_expect_arr_neq(rik.octets, rmsk.octets, 48);
}

Test(erp, a_parent_longer_than_a_secret_is_refused)
{
	uint8_t long_key[SECRET_SIZE + 1] = {0};
	struct secret rrk;

	cr_expect_not(erp_rrk((struct octets){long_key, sizeof(long_key)}, &rrk));
	cr_expect_eq(rrk.length, 0);
}

Test(erp, tags_have_the_length_of_their_cryptosuite)
{
	struct secret rik = {.length = 64};
	uint8_t tag[ERP_TAG_MAX];
	static const size_t wanted[] = {0, 8, 16, 32, 0};

	for (uint8_t suite = 0; suite < 5; suite++) {
		cr_expect_eq(erp_tag_length(suite), wanted[suite]);
		cr_expect_eq(erp_tag(suite, &rik, NULL, 0, tag), wanted[suite] != 0);
	}
}

Test(sso, ap_title_and_key_id_each_make_another_key)
{
	static const uint8_t title[] = {0x60, 0x7c, 0x86, 0xf7, 0x54, 0x01, 0x16, 0x00, 0x7b};
	struct secret usrk, a, b;

	cr_assert(sso_usrk(emsk, &usrk));
	cr_assert(sso_c1222_key(&usrk, (struct octets){title, 9}, 1, &a));
	cr_assert(sso_c1222_key(&usrk, (struct octets){title, 9}, 2, &b));
	cr_expect_eq(a.length, 16);
	cr_expect_arr_neq(a.octets, b.octets, 16);
	cr_assert(sso_c1222_key(&usrk, (struct octets){title, 8}, 1, &b));
	cr_expect_arr_neq(a.octets, b.octets, 16);
}
