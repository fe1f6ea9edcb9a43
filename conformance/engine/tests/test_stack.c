/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "conformance/engine/stack.h"
#include "protocols/eap/eap.h"
#include "protocols/pana/pana.h"
#include "protocols/radius/radius.h"

/* PANA-Client-Initiation: length 16, no flags, type 1, session and sequence 0 */
static const uint8_t pci[] = {0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0};

/* EAP-Request/Identity, identifier 7 */
static const uint8_t identity[] = {1, 7, 0, 5, 1};

/* RADIUS Access-Challenge, id 9, length 29: EAP-Message in two parts, EAP as above */
static const uint8_t challenge[] = {11, 9,  0,  29, 1,  2,  3, 4, 5, 6,  7, 8, 9, 10, 11,
				    12, 13, 14, 15, 16, 79, 4, 1, 7, 79, 5, 0, 5, 1};

static struct key_store *keys;
static struct stack *stack;

static void start(void)
{
	keys = key_store_new();
	stack = stack_new(keys, 0, NULL, NULL);
}

static void stop(void)
{
	stack_free(stack);
	key_store_free(keys);
}

TestSuite(stack, .init = start, .fini = stop);

static struct capture_payload udp(uint16_t source, uint16_t destination, const uint8_t *octets,
				  size_t length)
{
	return (struct capture_payload){
		.kind = PAYLOAD_UDP,
		.pdu_name = "",
		.passage = {.frame = 1,
			    .carrier = CARRIER_UDP,
			    .source = {.port = source},
			    .destination = {.port = destination}},
		.octets = octets,
		.length = length,
		.wire_length = length,
	};
}

Test(stack, pana_is_told_by_its_port)
{
	struct capture_payload p = udp(1024, 716, pci, sizeof(pci));
	struct stack_told told = stack_feed(stack, &p, NULL);

	cr_assert_eq(told.protocol, &pana_protocol);
	cr_assert_not_null(told.conversation);
}

Test(stack, pana_off_its_port_is_recognised)
{
	struct capture_payload p = udp(1024, 4000, pci, sizeof(pci));

	cr_assert_eq(stack_protocol(&p), &pana_protocol);
}

Test(stack, other_traffic_is_none_of_ours)
{
	static const uint8_t other[] = "GET / HTTP/1.1";
	struct capture_payload p = udp(1024, 53, other, sizeof(other));

	cr_assert_null(stack_protocol(&p));
	cr_assert_null(stack_feed(stack, &p, NULL).protocol);
	p = udp(1024, 716, pci, 0);
	cr_assert_null(stack_feed(stack, &p, NULL).protocol);
}

Test(stack, eap_in_radius_is_joined_from_its_attributes)
{
	struct capture_payload p = udp(1812, 1024, challenge, sizeof(challenge));
	struct stack_told told = stack_feed(stack, &p, NULL);
	char text[STACK_SUMMARY_SIZE];

	cr_assert_eq(told.protocol, &eap_protocol);
	cr_assert_not_null(told.conversation);
	cr_assert(strstr(stack_summary(stack, text), "Identity"));
}

Test(stack, radius_without_eap_is_radius)
{
	uint8_t bare[20] = {2, 9, 0, 20};
	struct capture_payload p = udp(1812, 1024, bare, sizeof(bare));

	cr_assert_eq(stack_feed(stack, &p, NULL).protocol, &radius_protocol);
}

/* RFC 3579 section 2.1: an EAP-Message of length 2 asks the server to begin; there is no EAP packet
 * in it that could be judged. */
Test(stack, eap_start_is_no_eap_message)
{
	uint8_t eap_start[22] = {1, 9, 0, 22, [20] = 79, 2};
	struct capture_payload p = udp(1024, 1812, eap_start, sizeof(eap_start));

	cr_assert_eq(stack_feed(stack, &p, NULL).protocol, &radius_protocol);
}

Test(stack, exported_pdus_are_told_by_name)
{
	static const struct {
		enum pdu_naming naming;
		const char *name;
		uint32_t number;
		const struct protocol *protocol;
	} rows[] = {
		{PDU_DISSECTOR, "pana", 0, &pana_protocol},
		{PDU_HEURISTIC, "pana_udp", 0, &pana_protocol},
		{PDU_TABLE, "udp.port", 716, &pana_protocol},
		{PDU_DISSECTOR, "eap", 0, &eap_protocol},
		{PDU_TABLE, "eapol.type", 0, &eap_protocol},
		{PDU_DISSECTOR, "coap", 0, NULL},
		{PDU_TABLE, "udp.port", 717, NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct capture_payload p = udp(0, 0, pci, sizeof(pci));

		p.kind = PAYLOAD_EXPORTED_PDU;
		p.pdu_naming = rows[i].naming;
		p.pdu_name = rows[i].name;
		p.pdu_number = rows[i].number;
		cr_assert_eq(stack_protocol(&p), rows[i].protocol, "%s", rows[i].name);
	}
}

/* ---- what the capture cut short ---- */

struct counter {
	struct reader reader;
	unsigned values, notes;
};

static void count_value(struct reader *r, const struct field *field, size_t offset, size_t length,
			const struct value *value)
{
	(void)field, (void)offset, (void)length, (void)value;
	((struct counter *)r)->values++;
}

static void count_note(struct reader *r, const struct note *note)
{
	(void)note;
	((struct counter *)r)->notes++;
}

static const struct reader_ops counter_ops = {.value = count_value, .note = count_note};

Test(stack, a_message_that_the_capture_cut_is_shown_but_not_judged)
{
	struct counter whole = {.reader.ops = &counter_ops}, cut = whole;
	struct capture_payload p = udp(1024, 716, pci, sizeof(pci) - 4);
	struct stack_told told;

	told = stack_feed(stack, &p, &whole.reader);
	cr_assert_gt(whole.notes, 0, "a short message breaks a rule");
	cr_assert_not(told.truncated);
	p.truncated = true;
	told = stack_feed(stack, &p, &cut.reader);
	cr_assert_eq(cut.notes, 0);
	cr_assert_gt(cut.values, 0);
	cr_assert(told.truncated);
	cr_assert_null(told.conversation);
}

Test(stack, an_eap_message_in_eapol_has_a_conversation)
{
	struct capture_payload p = udp(0, 0, identity, sizeof(identity));

	p.kind = PAYLOAD_EAPOL_EAP;
	p.passage.carrier = CARRIER_EAPOL;
	cr_assert_eq(stack_feed(stack, &p, NULL).protocol, &eap_protocol);
}
