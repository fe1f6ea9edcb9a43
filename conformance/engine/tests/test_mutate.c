/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes by name: octets and the lengths around them (RFC 5191 6.2, 6.3; RFC 3748 4). */
#include <criterion/criterion.h>
#include <string.h>

#include "conformance/engine/message.h"
#include "conformance/engine/mutate.h"

/* A PAN with a Nonce of 9 octets, an EAP-Payload with an Identity Response, a Key-Id. */
static const uint8_t pan[] = {
	0x00, 0x00, 0x00, 0x44, 0x00, 0x00, 0x00, 0x02, /* reserved, length 68, flags, PAN */
	0x01, 0x02, 0x03, 0x04, 0x00, 0x00, 0x00, 0x05, /* session, sequence */
	0x00, 0x05, 0x00, 0x00, 0x00, 0x09, 0x00, 0x00, /* Nonce, 9 */
	0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, /* */
	0xa8, 0x00, 0x00, 0x00,                         /* and padding */
	0x00, 0x02, 0x00, 0x00, 0x00, 0x09, 0x00, 0x00, /* EAP-Payload, 9 */
	0x02, 0x07, 0x00, 0x09, 0x01, 'u',  's',  'e',  /* Response 7, Identity "user" */
	'r',  0x00, 0x00, 0x00,                         /* */
	0x00, 0x04, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, /* Key-Id */
	0x00, 0x00, 0x00, 0x01,
};

static GByteArray *change(enum change_kind kind, const char *target, const char *value,
			  bool element)
{
	struct prng random = prng_of(1, "test", 0);
	const struct mutation m = {.protocol = &pana_protocol, .random = &random};
	struct case_change c = {.kind = kind,
				.target = (char *)(uintptr_t)target,
				.value = (char *)(uintptr_t)value,
				.element = element,
				.count = 2,
				.position = POSITION_FIRST};
	GPtrArray *changes = g_ptr_array_new();
	GByteArray *octets = g_byte_array_new();
	char error[MUTATE_ERROR_SIZE] = "";

	g_ptr_array_add(changes, &c);
	g_byte_array_append(octets, pan, sizeof(pan));
	cr_assert(mutate(&m, octets, changes, error), "%s", error);
	g_ptr_array_free(changes, TRUE);
	return octets;
}

/* Everything adds up: the walk finds no defect of length. */
static void is_sound(const GByteArray *a)
{
	struct message m;

	message_read(&m, &pana_protocol, (struct octets){a->data, a->len});
	cr_assert(m.readable && m.pana[0].sound);
	cr_assert_eq(m.pana[0].length, a->len);
	cr_assert_eq(a->len % 4, 0);
}

Test(mutate, number_is_set_in_place_and_relative)
{
	GByteArray *a = change(CHANGE_SET, "pana.seq", "0x11223344", false);
	GByteArray *b = change(CHANGE_SET, "pana.seq", "+3", false);

	cr_assert_eq(a->len, sizeof(pan));
	cr_assert_arr_eq(a->data + 12, "\x11\x22\x33\x44", 4);
	cr_assert_arr_eq(b->data + 12, "\x00\x00\x00\x08", 4);
	g_byte_array_unref(a);
	g_byte_array_unref(b);
}

Test(mutate, bit_is_set_alone)
{
	GByteArray *a = change(CHANGE_FLIP, "pana.flags.s", "first", false);

	cr_assert_eq(a->data[4], 0x40);
	g_byte_array_unref(a);
}

Test(mutate, shorter_value_keeps_avp_padding_and_message_length_right)
{
	GByteArray *a = change(CHANGE_CUT, "pana.nonce", NULL, false);

	cr_assert_eq(a->data[21], 7, "AVP Length");
	cr_assert_eq(a->len, sizeof(pan) - 4, "one word of padding less");
	is_sound(a);
	g_byte_array_unref(a);
}

Test(mutate, length_of_eap_follows_a_longer_identity)
{
	GByteArray *a = change(CHANGE_SET, "eap.identity", "somebody", false);
	struct message m;

	is_sound(a);
	message_read(&m, &pana_protocol, (struct octets){a->data, a->len});
	cr_assert_eq(m.eap.length, 13);
	cr_assert_eq(m.pana[0].avps.found[PANA_AVP_EAP_PAYLOAD].value.length, 13);
	g_byte_array_unref(a);
}

Test(mutate, octets_behind_an_eap_message_leave_its_length_alone)
{
	GByteArray *a = change(CHANGE_ADD, "eap", "deadbeef", false);
	struct message m;

	is_sound(a);
	message_read(&m, &pana_protocol, (struct octets){a->data, a->len});
	cr_assert_eq(m.eap.length, 9);
	cr_assert_eq(m.pana[0].avps.found[PANA_AVP_EAP_PAYLOAD].value.length, 13);
	g_byte_array_unref(a);
}

Test(mutate, length_that_is_mentioned_is_sent_as_written)
{
	GByteArray *a = change(CHANGE_SET, "pana.length", "+4", false);
	GByteArray *b = change(CHANGE_SET, "pana.avp.data_length@EAP-Payload", "5", false);

	cr_assert_eq(a->data[3], sizeof(pan) + 4);
	cr_assert_eq(a->len, sizeof(pan));
	cr_assert_eq(b->data[41], 5);
	g_byte_array_unref(a);
	g_byte_array_unref(b);
}

Test(mutate, elements_are_removed_inserted_duplicated_and_moved)
{
	GByteArray *removed = change(CHANGE_REMOVE, "Nonce", NULL, true);
	GByteArray *inserted = change(CHANGE_INSERT, "37244/9", "00000000", true);
	GByteArray *twice = change(CHANGE_DUPLICATE, "Key-Id", NULL, true);
	GByteArray *moved = change(CHANGE_MOVE, "Key-Id", NULL, true);

	is_sound(removed);
	cr_assert_eq(removed->len, sizeof(pan) - 20);
	is_sound(inserted);
	cr_assert_arr_eq(inserted->data + 16, "\x00\x09\x80\x00\x00\x04\x00\x00\x00\x00\x91\x7c",
			 12);
	is_sound(twice);
	cr_assert_eq(twice->len, sizeof(pan) + 12);
	is_sound(moved);
	cr_assert_eq(moved->data[17], PANA_AVP_KEY_ID);
	g_byte_array_unref(removed);
	g_byte_array_unref(inserted);
	g_byte_array_unref(twice);
	g_byte_array_unref(moved);
}

Test(mutate, field_that_the_message_has_not_is_an_error)
{
	const struct mutation m = {.protocol = &pana_protocol};
	struct case_change c = {.kind = CHANGE_ZERO, .target = (char *)(uintptr_t) "pana.auth"};
	GPtrArray *changes = g_ptr_array_new();
	GByteArray *octets = g_byte_array_new();
	char error[MUTATE_ERROR_SIZE] = "";

	g_ptr_array_add(changes, &c);
	g_byte_array_append(octets, pan, sizeof(pan));
	cr_assert_not(mutate(&m, octets, changes, error));
	cr_assert(strstr(error, "pana.auth"), "%s", error);
	g_ptr_array_free(changes, TRUE);
	g_byte_array_unref(octets);
}
