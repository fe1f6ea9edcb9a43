/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One PANA message: what is written is read again, and the octets stand where RFC 5191 6 wants. */
#include "listener.h"
#include "protocols/pana/pana_fields.h"

#include <criterion/criterion.h>
#include <string.h>

#define OCTETS(...)                                                                    \
	{                                                                              \
		(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}) \
	}

static unsigned hear(struct listener *l, const uint8_t *octets, size_t length,
		     struct pana_message messages[PANA_DEPTH])
{
	struct walk w = walk_of(octets, length, &l->reader);

	return pana_walk(&w, messages);
}

/* RFC 5191 6.2 and 6.3, drawn by hand. */
static const uint8_t ping[] = {
	0x00, 0x00,                                /* Reserved */
	0x00, 0x24,                                /* Message Length: 36 */
	0x88, 0x00,                                /* Flags: R, P */
	0x00, 0x04,                                /* Message Type: PANA-Notification */
	0x89, 0x02, 0x5c, 0xc1,                    /* Session Identifier */
	0xff, 0xff, 0xff, 0xff,                    /* Sequence Number */
	0x00, 0x01,                                /* AVP Code: AUTH */
	0x00, 0x00,                                /* AVP Flags */
	0x00, 0x0a,                                /* AVP Length: 10, of the value alone */
	0x00, 0x00,                                /* Reserved */
	1,    2,    3,    4,    5, 6, 7, 8, 9, 10, /* Value */
	0,    0,                                   /* padding to a multiple of 4 */
};

Test(pana_message, fields_stand_where_the_figures_of_rfc_5191_want_them)
{
	struct listener *l = listener_new();
	struct pana_message m[PANA_DEPTH];
	const struct {
		const char *field;
		uint64_t number;
	} wanted[] = {
		{"pana.reserved", 0},       {"pana.length", 36},
		{"pana.flag_word", 0x8800}, {"pana.flags.r", 1},
		{"pana.flags.s", 0},        {"pana.flags.c", 0},
		{"pana.flags.a", 0},        {"pana.flags.p", 1},
		{"pana.flags.i", 0},        {"pana.type", 4},
		{"pana.sid", 0x89025cc1},   {"pana.seq", 0xffffffff},
		{"pana.avp.code", 1},       {"pana.avp.flags", 0},
		{"pana.avp.flags.v", 0},    {"pana.avp.data_length", 10},
		{"pana.avp.reserved", 0},
	};

	cr_assert(hear(l, ping, sizeof(ping), m) == 1);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		const struct heard_value *v = listener_value(l, wanted[i].field, 0);

		cr_assert(v, "%s is not told", wanted[i].field);
		cr_expect(v->number == wanted[i].number, "%s: %lu", wanted[i].field,
			  (unsigned long)v->number);
	}
	cr_expect(listener_noted(l, NULL) == 0, "%s", listener_text(l));
	cr_expect(m[0].kind == PANA_PNR && m[0].complete && m[0].sound);
	cr_expect(m[0].avps.found[PANA_AVP_AUTH].value_offset == 24);
	cr_expect(m[0].avps.found[PANA_AVP_AUTH].value.length == 10);
	listener_free(l);
}

Test(pana_message, writing_lays_out_the_same_octets)
{
	const struct pana_draft_avp auth = {.code = PANA_AVP_AUTH,
					    .value = OCTETS(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)};
	const struct pana_draft draft = {.flags = PANA_FLAG_R | PANA_FLAG_P,
					 .type = PANA_NOTIFICATION,
					 .session_id = 0x89025cc1,
					 .sequence = 0xffffffff,
					 .avps = &auth,
					 .avp_count = 1};
	uint8_t octets[sizeof(ping)];
	struct writer w = writer_of(octets, sizeof(octets));

	pana_write(&w, &draft);
	cr_assert(!w.full && w.length == sizeof(ping));
	cr_expect(!memcmp(octets, ping, sizeof(ping)));
	w = writer_of(octets, sizeof(octets) - 1);
	pana_write(&w, &draft);
	cr_expect(w.full, "one octet too little");
}

/* Every AVP that there is, and a vendor's; the relayed message is the ping. */
static const struct pana_draft_avp every_avp[] = {
	{.code = PANA_AVP_TERMINATION_CAUSE, .value = OCTETS(0, 0, 0, 1)},
	{.code = PANA_AVP_EAP_PAYLOAD, .value = OCTETS(1, 7, 0, 5, 1)},
	{.code = PANA_AVP_INTEGRITY_ALGORITHM, .value = OCTETS(0, 0, 0, 12)},
	{.code = PANA_AVP_KEY_ID, .value = OCTETS(0xff, 0xff, 0xff, 0xfe)},
	{.code = PANA_AVP_NONCE, .value = OCTETS(1, 2, 3, 4, 5, 6, 7, 8, 9)},
	{.code = PANA_AVP_PRF_ALGORITHM, .value = OCTETS(0, 0, 0, 5)},
	{.code = PANA_AVP_RESULT_CODE, .value = OCTETS(0, 0, 0, 2)},
	{.code = PANA_AVP_SESSION_LIFETIME, .value = OCTETS(0, 0, 0x0e, 0x10)},
	{.code = PANA_AVP_PAC_INFORMATION, .value = OCTETS(10, 0, 0, 1, 2, 204)},
	{.code = PANA_AVP_RELAYED_MESSAGE, .value = {ping, sizeof(ping)}},
	{.code = PANA_AVP_ENCR_ENCAP, .value = OCTETS(9, 8, 7)},
	{.code = PANA_AVP_ENCRYPTION_ALGORITHM, .value = OCTETS(0, 0, 0, 1)},
	{.code = 77, .flags = PANA_AVP_FLAG_V, .vendor = 4711, .value = OCTETS(1, 2, 3, 4, 5)},
	{.code = PANA_AVP_AUTH, .value = OCTETS(1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3)},
};

static void expect_same(const struct pana_draft *draft, const struct pana_message *m)
{
	cr_expect(m->complete && m->sound);
	cr_expect(m->flags == draft->flags && m->type == draft->type);
	cr_expect(m->session_id == draft->session_id && m->sequence == draft->sequence);
	for (size_t i = 0; i < draft->avp_count; i++) {
		const struct pana_draft_avp *avp = &draft->avps[i];
		const struct pana_avp_found *found;

		if (avp->flags)
			continue; /* a vendor's has no place in the summary */
		found = &m->avps.found[avp->code];
		cr_expect(found->count == 1, "%s, AVP %u: %u of it", pana_kind_name(m->kind),
			  avp->code, found->count);
		cr_expect(found->value.length == avp->value.length &&
			  !memcmp(found->value.octets, avp->value.octets, avp->value.length));
	}
}

Test(pana_message, what_is_written_is_read_again_for_every_kind)
{
	static const struct {
		uint16_t type, flags;
		enum pana_kind kind;
	} kinds[] = {
		{PANA_CLIENT_INITIATION, 0, PANA_PCI},
		{PANA_AUTH, PANA_FLAG_R | PANA_FLAG_S, PANA_PAR},
		{PANA_AUTH, PANA_FLAG_C, PANA_PAN},
		{PANA_TERMINATION, PANA_FLAG_R, PANA_PTR},
		{PANA_TERMINATION, 0, PANA_PTA},
		{PANA_NOTIFICATION, PANA_FLAG_R | PANA_FLAG_A, PANA_PNR},
		{PANA_NOTIFICATION, PANA_FLAG_P | PANA_FLAG_I, PANA_PNA},
		{PANA_RELAY, 0, PANA_PRY},
		{4711, 0xffff, PANA_UNKNOWN_KIND},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct pana_draft draft = {.flags = kinds[i].flags,
						 .type = kinds[i].type,
						 .session_id = 0x80000001,
						 .sequence = 0xfffffffe,
						 .avps = every_avp,
						 .avp_count =
							 sizeof(every_avp) / sizeof(every_avp[0])};
		struct listener *l = listener_new();
		struct pana_message m[PANA_DEPTH];
		uint8_t octets[512];
		struct writer w = writer_of(octets, sizeof(octets));

		pana_write(&w, &draft);
		cr_assert(!w.full);
		cr_expect(hear(l, octets, w.length, m) == 2, "a relayed message is in it");
		cr_expect(m[0].kind == kinds[i].kind && m[0].length == w.length);
		expect_same(&draft, &m[0]);
		cr_expect(m[1].kind == PANA_PNR && m[1].sequence == 0xffffffff && m[1].sound);
		cr_expect(listener_value(l, "pana.avp.vendorid", 0)->number == 4711);
		cr_expect(listener_value(l, "pana.avp.vendor_code", 0)->number == 77);
		cr_expect(l->depth == 0);
		listener_free(l);
	}
}

Test(pana_message, offers_are_kept_in_order_and_within_bounds)
{
	struct pana_draft_avp avps[PANA_OFFER_MAX + 4];
	uint8_t numbers[PANA_OFFER_MAX + 4][4] = {{0}};
	struct pana_draft draft = {.flags = PANA_FLAG_R | PANA_FLAG_S,
				   .type = PANA_AUTH,
				   .avps = avps,
				   .avp_count = PANA_OFFER_MAX + 4};
	struct listener *l = listener_new();
	struct pana_message m[PANA_DEPTH];
	uint8_t octets[1024];
	struct writer w = writer_of(octets, sizeof(octets));

	for (unsigned i = 0; i < PANA_OFFER_MAX + 4; i++) {
		numbers[i][3] = (uint8_t)(100 - i);
		avps[i] = (struct pana_draft_avp){.code = PANA_AVP_PRF_ALGORITHM,
						  .value = {numbers[i], 4}};
	}
	pana_write(&w, &draft);
	hear(l, octets, w.length, m);
	cr_expect(m[0].avps.found[PANA_AVP_PRF_ALGORITHM].count == PANA_OFFER_MAX + 4);
	cr_assert(m[0].avps.prf.count == PANA_OFFER_MAX);
	for (unsigned i = 0; i < PANA_OFFER_MAX; i++)
		cr_expect(m[0].avps.prf.ids[i] == 100 - i);
	listener_free(l);
}

/* ZigBee IP, vendor 37244: the network key with index and counter, and the request for one. */
Test(pana_message, zigbee_vendor_avps_are_told_part_by_part)
{
	const struct pana_draft_avp avps[] = {
		{.code = 1,
		 .flags = PANA_AVP_FLAG_V,
		 .vendor = PANA_VENDOR_ZIGBEE,
		 .value = OCTETS(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 3, 4)},
		{.code = 2,
		 .flags = PANA_AVP_FLAG_V,
		 .vendor = PANA_VENDOR_ZIGBEE,
		 .value = OCTETS(1, 7)},
	};
	const struct pana_draft draft = {
		.flags = PANA_FLAG_P, .type = PANA_NOTIFICATION, .avps = avps, .avp_count = 2};
	struct listener *l = listener_new();
	struct pana_message m[PANA_DEPTH];
	uint8_t octets[128];
	struct writer w = writer_of(octets, sizeof(octets));

	pana_write(&w, &draft);
	hear(l, octets, w.length, m);
	cr_expect(listener_value(l, "pana.zigbee.network_key", 0)->length == 16);
	cr_expect(listener_value(l, "pana.zigbee.key_index", 0)->number == 3);
	cr_expect(listener_value(l, "pana.zigbee.auth_counter", 0)->number == 4);
	cr_expect(listener_value(l, "pana.zigbee.request_flags.request", 0)->number == 1);
	cr_expect(listener_value(l, "pana.zigbee.request_key_index", 0)->number == 7);
	cr_expect(listener_noted(l, NULL) == 0, "%s", listener_text(l));
	listener_free(l);
}

/* RFC 5191 6.2: reserved bits are ignored on receipt, and what follows them is read. */
Test(pana_message, reserved_bits_do_not_hide_a_message)
{
	uint8_t octets[sizeof(ping)];
	struct listener *l = listener_new();
	struct pana_message m[PANA_DEPTH];

	memcpy(octets, ping, sizeof(ping));
	octets[1] = 1;
	cr_expect(pana_recognise(octets, sizeof(octets)));
	octets[5] |= 1;
	hear(l, octets, sizeof(octets), m);
	cr_expect(m[0].kind == PANA_PNR && m[0].avps.found[PANA_AVP_AUTH].count == 1);
	cr_expect(listener_noted(l, "rfc5191-reserved-zero") == 1);
	cr_expect(listener_noted(l, "rfc5191-flags-reserved-zero") == 1);
	listener_free(l);
}

Test(pana_message, what_is_not_pana_is_not_recognised)
{
	static const struct {
		size_t at;
		uint8_t value;
		const char *why;
	} others[] = {
		{3, 35, "Message Length"}, {7, 6, "Message Type 6"},
		{7, 0, "Message Type 0"},  {17, 14, "first AVP of code 14"},
		{17, 0, "AVP of code 0"},  {20, 1, "AVP too long"},
	};
	uint8_t octets[sizeof(ping)];

	cr_expect(pana_recognise(ping, sizeof(ping)));
	cr_expect(!pana_recognise(ping, sizeof(ping) - 1));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		memcpy(octets, ping, sizeof(ping));
		octets[others[i].at] = others[i].value;
		cr_expect(!pana_recognise(octets, sizeof(octets)), "%s", others[i].why);
	}
	memcpy(octets, ping, sizeof(ping)); /* a vendor's AVP in the first place */
	octets[17] = 200;
	octets[18] = 0x80;
	octets[21] = 8;
	cr_expect(pana_recognise(octets, sizeof(octets)));
}

Test(pana_message, summary_names_a_message_and_the_one_relayed_in_it)
{
	struct pana_draft_avp avps[] = {
		{.code = PANA_AVP_PAC_INFORMATION, .value = OCTETS(10, 0, 0, 1, 2, 204)},
		{.code = PANA_AVP_RELAYED_MESSAGE, .value = {ping, sizeof(ping)}}};
	const struct pana_draft draft = {.type = PANA_RELAY, .avps = avps, .avp_count = 2};
	struct listener *l = listener_new();
	struct pana_message m[PANA_DEPTH];
	char text[PANA_SUMMARY_SIZE];
	uint8_t octets[128];
	struct writer w = writer_of(octets, sizeof(octets));
	unsigned count;

	pana_write(&w, &draft);
	count = hear(l, octets, w.length, m);
	cr_expect_str_eq(pana_summary(m, count, text), "PANA-Relay: PANA-Notification-Request [P]");
	listener_free(l);
}
