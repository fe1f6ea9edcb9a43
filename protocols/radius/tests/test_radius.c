/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "protocols/radius/radius.h"

/* Access-Challenge (11), id 7, 48 octets, authenticator 00 01 .. 0f */
#define CHALLENGE_HEADER                                                                          \
	0x0b, 0x07, 0x00, 0x30, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, \
		0x0b, 0x0c, 0x0d, 0x0e, 0x0f

static const uint8_t challenge[] = {
	CHALLENGE_HEADER,
	/* EAP-Message (79), 8 octets: EAP Request, id 1, 14 octets, type 47, flags 00 */
	0x4f, 0x08, 0x01, 0x01, 0x00, 0x0e, 0x2f, 0x00,
	/* EAP-Message (79), 6 octets: more of it */
	0x4f, 0x06, 0xaa, 0xbb, 0xcc, 0xdd,
	/* State (24), 4 octets: be ef */
	0x18, 0x04, 0xbe, 0xef,
	/* EAP-Message (79), 6 octets: the end of it */
	0x4f, 0x06, 0x11, 0x22, 0x33, 0x44,
	/* User-Name (1), 4 octets: "me" */
	0x01, 0x04, 'm', 'e'};

static const uint8_t challenge_eap[] = {0x01, 0x01, 0x00, 0x0e, 0x2f, 0x00, 0xaa,
					0xbb, 0xcc, 0xdd, 0x11, 0x22, 0x33, 0x44};

static bool walk(const uint8_t *octets, size_t length, struct radius_message *m)
{
	struct walk w = walk_of(octets, length, NULL);

	return radius_walk(&w, m);
}

Test(radius, header_is_read)
{
	struct radius_message m;

	cr_assert(walk(challenge, sizeof(challenge), &m));
	cr_expect_eq(m.code, RADIUS_ACCESS_CHALLENGE);
	cr_expect_eq(m.id, 7);
	cr_expect_eq(m.length, 48);
	cr_expect_arr_eq(m.authenticator, challenge + 4, 16);
	cr_expect_not(m.malformed);
}

Test(radius, attributes_are_summarized)
{
	struct radius_message m;

	cr_assert(walk(challenge, sizeof(challenge), &m));
	cr_assert_eq(m.user_name.length, 2);
	cr_expect_arr_eq(m.user_name.octets, "me", 2);
	cr_expect(m.has_state);
	cr_assert_eq(m.state.length, 2);
	cr_expect_arr_eq(m.state.octets, "\xbe\xef", 2);
	cr_expect_eq(m.eap_parts, 3);
	cr_expect_eq(m.eap_length, sizeof(challenge_eap));
	cr_expect_eq(m.eap_offset, 22);
}

Test(radius, eap_message_attributes_are_joined_in_order)
{
	struct radius_message m;
	uint8_t eap[RADIUS_EAP_MAX];

	cr_assert(walk(challenge, sizeof(challenge), &m));
	cr_assert_eq(radius_eap_message(&m, eap, sizeof(eap)), sizeof(challenge_eap));
	cr_expect_arr_eq(eap, challenge_eap, sizeof(challenge_eap));
}

Test(radius, eap_message_that_does_not_fit_is_not_written)
{
	struct radius_message m;
	uint8_t eap[sizeof(challenge_eap) - 1] = {0x5a};

	cr_assert(walk(challenge, sizeof(challenge), &m));
	cr_expect_eq(radius_eap_message(&m, eap, sizeof(eap)), 0);
	cr_expect_eq(eap[0], 0x5a);
}

/* RFC 3579 section 3.1: a message of 4096 octets may be all EAP-Message attributes. */
Test(radius, as_many_eap_message_attributes_as_fit_are_joined)
{
	uint8_t octets[RADIUS_LENGTH_MAX] = {RADIUS_ACCESS_REQUEST, 1, 0x10, 0x00};
	uint8_t eap[RADIUS_EAP_MAX];
	struct radius_message m;
	size_t parts = 0;

	for (size_t at = RADIUS_HEADER_LENGTH; at + 3 <= sizeof(octets); at += 3, parts++) {
		octets[at] = 79;
		octets[at + 1] = 3;
		octets[at + 2] = (uint8_t)parts;
	}
	octets[3] = (uint8_t)(RADIUS_HEADER_LENGTH + 3 * parts);
	octets[2] = (uint8_t)((RADIUS_HEADER_LENGTH + 3 * parts) >> 8);
	cr_assert(walk(octets, sizeof(octets), &m));
	cr_expect_eq(m.eap_parts, parts);
	cr_assert_eq(radius_eap_message(&m, eap, sizeof(eap)), parts);
	for (size_t i = 0; i < parts; i++)
		cr_assert_eq(eap[i], (uint8_t)i);
}

/* RFC 2865 section 3: octets outside the range of the Length field are padding. */
Test(radius, padding_behind_the_message_is_ignored)
{
	uint8_t octets[sizeof(challenge) + 3] = {0};
	struct radius_message m;

	memcpy(octets, challenge, sizeof(challenge));
	cr_assert(walk(octets, sizeof(octets), &m));
	cr_expect_not(m.malformed);
	cr_expect_eq(m.eap_parts, 3);
}

/* RFC 2865 section 3: the minimum length is 20 and the maximum length is 4096. */
Test(radius, a_length_out_of_range_is_no_radius)
{
	uint8_t octets[sizeof(challenge)];
	struct radius_message m;

	memcpy(octets, challenge, sizeof(challenge));
	octets[3] = 19;
	cr_expect_not(walk(octets, sizeof(octets), &m));
	octets[2] = 0x10;
	octets[3] = 0x01; /* 4097 */
	cr_expect_not(walk(octets, sizeof(octets), &m));
}

Test(radius, an_unknown_code_is_no_radius)
{
	uint8_t octets[sizeof(challenge)];
	struct radius_message m;

	memcpy(octets, challenge, sizeof(challenge));
	octets[0] = 200;
	cr_expect_not(walk(octets, sizeof(octets), &m));
}

Test(radius, an_attribute_longer_than_the_message_is_malformed)
{
	/* Access-Request, id 0, 24 octets; State (24), 5 octets, of which 2 are there */
	static const uint8_t octets[24] = {0x01, 0x00, 0x00, 0x18, [20] = 0x18, 0x05, 0x01, 0x02};
	struct radius_message m;

	cr_assert(walk(octets, sizeof(octets), &m));
	cr_expect(m.malformed);
	cr_expect_not(m.has_state);
}

Test(radius, an_attribute_shorter_than_its_header_is_malformed)
{
	/* Access-Request, id 0, 22 octets; State (24), 1 octet */
	static const uint8_t octets[22] = {0x01, 0x00, 0x00, 0x16, [20] = 0x18, 0x01};
	struct radius_message m;

	cr_assert(walk(octets, sizeof(octets), &m));
	cr_expect(m.malformed);
}

Test(radius, a_message_cut_at_any_length_is_walked_as_far_as_it_goes)
{
	for (size_t length = 0; length < sizeof(challenge); length++) {
		struct walk w = walk_of(challenge, length, NULL);
		struct radius_message m;
		bool is_radius = radius_walk(&w, &m);

		cr_expect_eq(is_radius, length >= 4, "at %zu", length);
		cr_expect(!is_radius || w.cut, "at %zu", length);
		cr_expect_not(m.malformed, "at %zu", length);
	}
}

/* Counts what the walk reports. */
struct counter {
	struct reader reader;
	size_t values, groups, depth, octets;
};

static void count_open(struct reader *r, const struct field *group, size_t offset, size_t length)
{
	struct counter *c = (struct counter *)r;

	(void)group, (void)offset, (void)length;
	c->groups++;
	c->depth++;
}

static void count_close(struct reader *r)
{
	((struct counter *)r)->depth--;
}

static void count_value(struct reader *r, const struct field *field, size_t offset, size_t length,
			const struct value *value)
{
	struct counter *c = (struct counter *)r;

	(void)value;
	cr_expect_eq(offset, c->octets, "%s at %zu, wanted %zu", field->name, offset, c->octets);
	c->octets += length;
	c->values++;
}

Test(radius, every_octet_is_reported_once)
{
	static const struct reader_ops ops = {
		.open = count_open, .close = count_close, .value = count_value};
	struct counter c = {.reader.ops = &ops};
	struct walk w = walk_of(challenge, sizeof(challenge), &c.reader);
	struct radius_message m;

	cr_assert(radius_walk(&w, &m));
	cr_expect_eq(c.octets, sizeof(challenge));
	cr_expect_eq(c.groups, 6);
	cr_expect_eq(c.depth, 0);
	cr_expect_eq(c.values, 4 + 5 * 3);
}

Test(radius, field_names_are_unique_and_of_the_protocol)
{
	for (size_t i = 0; i < radius_protocol.field_count; i++) {
		cr_assert_not_null(radius_fields[i].name, "field %zu", i);
		cr_expect_eq(strncmp(radius_fields[i].name, "radius", 6), 0);
		for (size_t j = 0; j < i; j++)
			cr_expect_str_neq(radius_fields[i].name, radius_fields[j].name);
	}
}

/* RFC 2865 3, RFC 2866 3, RFC 5176 2.3, and those in use before: what Wireshark takes for RADIUS.
 */
Test(radius, each_of_its_ports_is_known)
{
	static const uint16_t ports[] = {1645, 1646, 1700, 1812, 1813, 3799};

	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		cr_expect(radius_port(ports[i], 50000));
		cr_expect(radius_port(50000, ports[i]));
	}
	cr_expect_not(radius_port(1814, 50000));
}
