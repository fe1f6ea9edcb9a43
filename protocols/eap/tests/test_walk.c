/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is written is read again, octet by octet; and the layouts of the RFCs' figures. */
#include <criterion/criterion.h>
#include <string.h>

#include "protocols/crypto/kdf.h"
#include "protocols/eap/eap_walks.h"
#include "talk.h"

static struct talk_reader told;
static uint8_t octets[2048];
static struct writer w;
static struct eap_message m;

static void begin(void)
{
	talk_reader_begin(&told);
	w = writer_of(octets, sizeof(octets));
}

TestSuite(eap_walk, .init = begin);

#define OCTETS(text) ((struct octets){(const uint8_t *)(text), sizeof(text) - 1})
#define NOTHING      ((struct octets){NULL, 0})

static const uint8_t rand_s[] = "RAND_S, sixteen.";
static const uint8_t rand_p[] = "RAND_P, sixteen.";
static const uint8_t mac[] = "a MAC of sixteen";

static void read_octets(const uint8_t *from, size_t length)
{
	struct walk walk = walk_of(from, length, &told.reader);

	told.limit[0] = length;
	eap_walk(&walk, &m);
	cr_assert_not(told.outside);
	cr_assert_eq(told.depth, 0);
}

/* Reads what was written, which breaks no rule. */
static void read_back(void)
{
	cr_assert_not(w.full);
	read_octets(octets, w.length);
	cr_assert_eq(told.note_count, 0, "%s", told.first);
	cr_assert(m.complete && m.sound);
	cr_assert_eq(m.length, w.length);
}

static void expect_part(struct octets found, struct octets wanted, const char *name)
{
	cr_assert_eq(found.length, wanted.length, "%s: %zu octets", name, found.length);
	cr_assert(found.octets, "%s is absent", name);
	cr_assert_eq(memcmp(found.octets, wanted.octets, wanted.length), 0, "%s", name);
}

static void expect_summary(const char *wanted)
{
	char text[EAP_SUMMARY_SIZE];

	cr_assert_str_eq(eap_summary(&m, text), wanted);
}

Test(eap_walk, success_is_four_octets)
{
	eap_write_bare(&w, EAP_SUCCESS, 7);
	cr_assert_arr_eq(octets, "\x03\x07\x00\x04", 4);
	read_back();
	cr_assert_eq(m.code, EAP_SUCCESS);
	cr_assert_eq(m.identifier, 7);
	cr_assert_not(m.has_type);
	expect_summary("Success");
}

Test(eap_walk, identity_is_read_as_written)
{
	eap_write_typed(&w, EAP_RESPONSE, 1, EAP_TYPE_IDENTITY, OCTETS("user@lab.example"));
	read_back();
	cr_assert_eq(m.type, EAP_TYPE_IDENTITY);
	expect_part(m.data, OCTETS("user@lab.example"), "identity");
	cr_assert_eq(told.length[EAP_F_IDENTITY], 16);
	expect_summary("Response, Identity");
}

Test(eap_walk, every_type_of_a_nak_is_told)
{
	eap_write_typed(&w, EAP_RESPONSE, 1, EAP_TYPE_NAK, OCTETS("\x2f\x33\xfe"));
	read_back();
	cr_assert(eap_is_nak(&m));
	cr_assert_eq(told.values[EAP_F_NAK_TYPE], 3);
	cr_assert_eq(told.number[EAP_F_NAK_TYPE], 254);
}

/* The example of RFC 3748 5.3.2: OTP, and type 6 of vendor 20 (MIT). */
Test(eap_walk, expanded_nak_is_the_example_of_the_rfc)
{
	static const uint8_t example[] = {
		2,   9, 0, 28,             /* Response, Identifier 9, Length 28 */
		254, 0, 0, 0,  0, 0, 0, 3, /* Expanded, IETF, Nak */
		254, 0, 0, 0,  0, 0, 0, 5, /* Expanded, IETF, OTP */
		254, 0, 0, 20, 0, 0, 0, 6, /* Expanded, MIT, 6 */
	};
	uint8_t types[16];
	struct writer list = writer_of(types, sizeof(types));

	eap_write_expanded_type(&list, 0, 5);
	eap_write_expanded_type(&list, 20, 6);
	eap_write_expanded(&w, EAP_RESPONSE, 9, 0, EAP_TYPE_NAK,
			   (struct octets){types, list.length});
	cr_assert_eq(w.length, sizeof(example));
	cr_assert_arr_eq(octets, example, sizeof(example));
	read_back();
	cr_assert(m.expanded && eap_is_nak(&m));
	cr_assert_eq(told.values[EAP_F_EXT_NAK], 0, "a group has no value");
	cr_assert_eq(told.number[EAP_F_EXT_NAK_VENDOR], 20);
	cr_assert_eq(told.number[EAP_F_EXT_NAK_TYPE], 6);
	expect_summary("Response, Expanded Nak");
}

/* Three octets of vendor, all of them. */
Test(eap_walk, expanded_type_keeps_24_bits_of_vendor)
{
	eap_write_expanded(&w, EAP_REQUEST, 1, 0x123456, 0x789abcde, OCTETS("data"));
	read_back();
	cr_assert_eq(m.vendor, 0x123456);
	cr_assert_eq(m.vendor_type, 0x789abcde);
	cr_assert_eq(told.number[EAP_F_EXT_VENDOR], 0x123456);
	cr_assert_eq(m.method, EAP_TYPE_EXPANDED);
	expect_part(m.data, OCTETS("data"), "data");
}

/* RFC 3748 5.7: a type below 256 of vendor 0 means the same in either form. */
Test(eap_walk, expanded_type_of_vendor_0_is_the_legacy_type)
{
	eap_write_expanded(&w, EAP_RESPONSE, 1, 0, EAP_TYPE_IDENTITY, OCTETS("me"));
	read_back();
	cr_assert_eq(m.method, EAP_TYPE_IDENTITY);
	cr_assert_eq(m.type, EAP_TYPE_EXPANDED);
	cr_assert_eq(told.length[EAP_F_IDENTITY], 2);
}

/* ---- EAP-PSK ---- */

static struct eap_psk psk_of(uint8_t t)
{
	return (struct eap_psk){
		.t = t,
		.rand_s = {rand_s, 16},
		.rand_p = {rand_p, 16},
		.id_s = OCTETS("server"),
		.id_p = OCTETS("peer"),
		.mac_p = {mac, 16},
		.mac_s = {mac, 16},
		.nonce = t == EAP_PSK_4,
		.tag = {mac, 16},
		.ciphertext = OCTETS("c"),
	};
}

Test(eap_walk, psk_first_and_second_messages)
{
	struct eap_psk psk = psk_of(EAP_PSK_1);

	eap_write_psk(&w, EAP_REQUEST, 1, &psk);
	cr_assert_eq(w.length, 22 + 6);
	read_back();
	cr_assert_eq(m.psk.t, EAP_PSK_1);
	expect_part(m.psk.rand_s, psk.rand_s, "RAND_S");
	expect_part(m.psk.id_s, psk.id_s, "ID_S");
	cr_assert_eq(m.psk.header.length, EAP_PSK_HEADER);
	expect_summary("Request, EAP-PSK, first message");
	begin();
	psk = psk_of(EAP_PSK_2);
	eap_write_psk(&w, EAP_RESPONSE, 1, &psk);
	cr_assert_eq(w.length, 22 + 32 + 4);
	read_back();
	expect_part(m.psk.rand_p, psk.rand_p, "RAND_P");
	expect_part(m.psk.mac_p, psk.mac_p, "MAC_P");
	expect_part(m.psk.id_p, psk.id_p, "ID_P");
	cr_assert_eq(eap_offset(&m, m.psk.mac_p), 38);
}

Test(eap_walk, psk_third_and_fourth_messages)
{
	struct eap_psk psk = psk_of(EAP_PSK_3);

	eap_write_psk(&w, EAP_REQUEST, 1, &psk);
	cr_assert_eq(w.length, 22 + 16 + 21);
	read_back();
	expect_part(m.psk.mac_s, psk.mac_s, "MAC_S");
	expect_part(m.psk.tag, psk.tag, "tag");
	expect_part(m.psk.ciphertext, psk.ciphertext, "ciphertext");
	cr_assert_eq(m.psk.pchannel.length, 21);
	begin();
	psk = psk_of(EAP_PSK_4);
	eap_write_psk(&w, EAP_RESPONSE, 1, &psk);
	read_back();
	cr_assert_eq(m.psk.nonce, 1);
	cr_assert_eq(told.number[EAP_F_PSK_NONCE], 1);
	expect_summary("Response, EAP-PSK, fourth message");
}

Test(eap_walk, psk_plaintext_to_the_last_bit)
{
	struct eap_psk_result_part part = {.r = EAP_PSK_DONE_SUCCESS,
					   .e = true,
					   .has_type = true,
					   .ext_type = 255,
					   .ext_payload = OCTETS("abc")};
	struct eap_psk_result_part read;
	struct walk walk;

	eap_write_psk_plaintext(&w, &part);
	cr_assert_arr_eq(octets,
			 "\xa0\xff"
			 "abc",
			 5);
	walk = walk_of(octets, w.length, &told.reader);
	told.limit[0] = w.length;
	eap_psk_walk_plaintext(&walk, &read);
	cr_assert(read.complete && read.e && read.has_type);
	cr_assert_eq(read.r, EAP_PSK_DONE_SUCCESS);
	cr_assert_eq(read.ext_type, 255);
	expect_part(read.ext_payload, part.ext_payload, "EXT_Payload");
	cr_assert_eq(told.number[EAP_F_PSK_R], 2);
	cr_assert_eq(told.number[EAP_F_PSK_E], 1);
}

/* ---- EAP-GPSK ---- */

static const uint8_t csuites[] = {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2};

static struct eap_gpsk gpsk_of(uint8_t opcode)
{
	return (struct eap_gpsk){
		.opcode = opcode,
		.id_peer = OCTETS("peer"),
		.id_server = OCTETS("server"),
		.rand_peer = OCTETS("RAND_Peer, thirty-two octets of."),
		.rand_server = OCTETS("RAND_Server, thirty-two octets.."),
		.csuite_list = {csuites, 12},
		.csuite_sel = {csuites, 6},
		.pd_payload = OCTETS("\x10IV, sixteen oct.sixteen octets.."),
		.failure_code = EAP_GPSK_AUTHORIZATION_FAILURE,
		.mac = {mac, 16},
	};
}

static void write_gpsk(uint8_t opcode)
{
	struct eap_gpsk gpsk = gpsk_of(opcode);
	bool request = opcode != EAP_GPSK_2 && opcode != EAP_GPSK_4;

	if (opcode == EAP_GPSK_1)
		gpsk.mac = NOTHING;
	begin();
	eap_write_gpsk(&w, request ? EAP_REQUEST : EAP_RESPONSE, 1, &gpsk);
	read_back();
	cr_assert_eq(m.gpsk.opcode, opcode);
}

Test(eap_walk, gpsk_messages_one_to_four)
{
	struct eap_gpsk gpsk = gpsk_of(0);

	write_gpsk(EAP_GPSK_1);
	cr_assert_eq(w.length, 6 + 2 + 6 + 32 + 2 + 12);
	expect_part(m.gpsk.csuite_list, gpsk.csuite_list, "CSuite_List");
	cr_assert_eq(told.values[EAP_F_GPSK_CSUITE_NAME], 2, "both have names");
	write_gpsk(EAP_GPSK_2);
	expect_part(m.gpsk.id_peer, gpsk.id_peer, "ID_Peer");
	expect_part(m.gpsk.id_server, gpsk.id_server, "ID_Server");
	expect_part(m.gpsk.rand_peer, gpsk.rand_peer, "RAND_Peer");
	expect_part(m.gpsk.rand_server, gpsk.rand_server, "RAND_Server");
	expect_part(m.gpsk.csuite_sel, gpsk.csuite_sel, "CSuite_Sel");
	expect_part(m.gpsk.pd_payload, gpsk.pd_payload, "PD_Payload");
	expect_part(m.gpsk.iv, OCTETS("IV, sixteen oct."), "IV");
	expect_part(m.gpsk.ciphertext, OCTETS("sixteen octets.."), "ciphertext");
	expect_part(m.gpsk.mac, gpsk.mac, "MAC");
	cr_assert_eq(m.gpsk.covered.length, w.length - 6 - 16, "from ID_Peer's length on");
	write_gpsk(EAP_GPSK_3);
	expect_part(m.gpsk.rand_peer, gpsk.rand_peer, "RAND_Peer");
	cr_assert_eq(eap_offset(&m, m.gpsk.covered), 6);
	write_gpsk(EAP_GPSK_4);
	expect_part(m.gpsk.mac, gpsk.mac, "MAC");
	expect_part(m.gpsk.pd_payload, gpsk.pd_payload, "PD_Payload");
	expect_summary("Response, EAP-GPSK, GPSK-4");
}

Test(eap_walk, gpsk_failures)
{
	struct eap_gpsk gpsk = gpsk_of(EAP_GPSK_FAIL);

	write_gpsk(EAP_GPSK_PROTECTED_FAIL);
	cr_assert_eq(m.gpsk.failure_code, EAP_GPSK_AUTHORIZATION_FAILURE);
	expect_part(m.gpsk.mac, gpsk.mac, "MAC");
	expect_part(m.gpsk.covered, OCTETS("\0\0\0\3"), "covered");
	begin();
	gpsk.failure_code = EAP_GPSK_PSK_NOT_FOUND;
	gpsk.mac = NOTHING;
	eap_write_gpsk(&w, EAP_REQUEST, 1, &gpsk);
	read_back();
	cr_assert_eq(m.gpsk.failure_code, EAP_GPSK_PSK_NOT_FOUND);
}

/* RFC 5433 figure 14. */
Test(eap_walk, gpsk_payloads_in_clear_are_told_one_by_one)
{
	const struct eap_gpsk_suite *suite = eap_gpsk_suite_find(0, 2);
	struct eap_gpsk gpsk = gpsk_of(EAP_GPSK_3);
	uint8_t payloads[64], block[64];
	struct writer list = writer_of(payloads, sizeof(payloads));
	struct writer pd = writer_of(block, sizeof(block));
	struct secret none = {.length = 0};

	eap_write_gpsk_pdata(&list, 37244, 1, OCTETS("first"));
	eap_write_gpsk_pdata(&list, 37244, 2, OCTETS("second"));
	cr_assert(eap_write_gpsk_block(&pd, suite, &none, NULL,
				       (struct octets){payloads, list.length}));
	cr_assert_eq(block[0], 0, "IV length");
	cr_assert_eq(block[pd.length - 1], 0, "Pad Length");
	gpsk.csuite_sel = (struct octets){csuites + 6, 6};
	gpsk.pd_payload = (struct octets){block, pd.length};
	gpsk.mac = OCTETS("a MAC of thirty-two octets, yes.");
	eap_write_gpsk(&w, EAP_REQUEST, 1, &gpsk);
	read_back();
	cr_assert_eq(told.values[EAP_F_GPSK_PDATA_VALUE], 2);
	cr_assert_eq(told.number[EAP_F_GPSK_PDATA_SPECIFIER], 2);
	cr_assert_arr_eq(told.octets[EAP_F_GPSK_PDATA_VALUE], "second", 6);
}

/* ---- ERP ---- */

Test(eap_walk, erp_reauth_with_everything)
{
	struct eap_erp erp = {
		.flags = EAP_ERP_B | EAP_ERP_L,
		.seq = 0x0102,
		.keyname_nai = OCTETS("0123456789abcdef@lab.example"),
		.has_rrk_lifetime = true,
		.rrk_lifetime = 3600,
		.has_rmsk_lifetime = true,
		.rmsk_lifetime = 600,
		.domain_name = OCTETS("lab.example"),
		.cryptosuites = OCTETS("\x02\x03"),
		.has_cryptosuite = true,
		.cryptosuite = 2,
		.tag = {mac, 16},
	};

	eap_write_erp(&w, EAP_FINISH, 5, EAP_ERP_REAUTH, &erp);
	read_back();
	cr_assert_eq(m.erp.flags, erp.flags);
	cr_assert_eq(m.erp.seq, 0x0102);
	cr_assert_eq(m.erp.keyname_count, 1);
	expect_part(m.erp.keyname_nai, erp.keyname_nai, "keyName-NAI");
	cr_assert_eq(m.erp.rrk_lifetime, 3600);
	cr_assert_eq(m.erp.rmsk_lifetime, 600);
	expect_part(m.erp.domain_name, erp.domain_name, "domain name");
	expect_part(m.erp.cryptosuites, erp.cryptosuites, "cryptosuites");
	cr_assert_eq(m.erp.cryptosuite, 2);
	expect_part(m.erp.tag, erp.tag, "tag");
	cr_assert_eq(m.erp.covered.length, w.length - 16);
	cr_assert_eq(told.values[EAP_F_ERP_ACCEPTABLE], 2);
	expect_summary("Finish, Re-auth, SEQ 258, success");
}

/* The numbers of cryptosuites are types of attributes too: each suite's end is found all the same.
 */
Test(eap_walk, erp_end_is_found_for_every_cryptosuite)
{
	static const uint8_t tag[32] = {1, 2, 3};

	for (uint8_t suite = 1; suite <= 3; suite++) {
		struct eap_erp erp = {
			.keyname_nai = OCTETS("0123456789abcdef@lab.example"),
			.has_cryptosuite = true,
			.cryptosuite = suite,
			.tag = {tag, erp_tag_length(suite)},
		};

		begin();
		eap_write_erp(&w, EAP_INITIATE, 5, EAP_ERP_REAUTH, &erp);
		read_back();
		cr_assert_eq(m.erp.cryptosuite, suite);
		expect_part(m.erp.tag, erp.tag, "tag");
	}
}

Test(eap_walk, erp_start_has_a_domain_name)
{
	struct eap_erp erp = {.domain_name = OCTETS("lab.example")};

	eap_write_erp(&w, EAP_INITIATE, 5, EAP_ERP_START, &erp);
	read_back();
	cr_assert_eq(m.type, EAP_ERP_START);
	expect_part(m.erp.domain_name, erp.domain_name, "domain name");
	expect_summary("Initiate, Re-auth-Start");
}

/* Channel binding: an IPv4 and an IPv6 address, and one of a wrong length. */
Test(eap_walk, erp_channel_binding_is_told_by_type)
{
	static const uint8_t message[] = {
		5,   1,  0,    37,         /* Initiate, Identifier 1, Length 37 */
		1,   0,                    /* Re-auth-Start, reserved */
		4,   1,  'a',              /* Domain name */
		131, 4,  10,   0,    0, 1, /* NAS-IP-Address */
		132, 16, 0xfe, 0x80, 0, 0, 0, 0, 0,
		0,   0,  0,    0,    0, 0, 0, 0, 1, /* NAS-IPv6-Address */
		131, 2,  10,   0,                   /* NAS-IP-Address, too short */
	};

	read_octets(message, sizeof(message));
	cr_assert_eq(told.note_count, 0, "%s", told.first);
	cr_assert_arr_eq(told.octets[EAP_F_ERP_NAS_IP], "\x0a\0\0\1", 4);
	cr_assert_eq(told.length[EAP_F_ERP_NAS_IPV6], 16);
	cr_assert_eq(told.values[EAP_F_ERP_VALUE], 1);
}

/* ---- TLS ---- */

Test(eap_walk, tls_flags_length_and_fragment)
{
	struct eap_tls tls = {.flags = EAP_TLS_L | EAP_TLS_M,
			      .has_length = true,
			      .length = 5000,
			      .fragment = OCTETS("\x16\x03\x01")};

	for (size_t i = 0; i < 5; i++) {
		static const uint8_t methods[] = {13, 21, 25, 43, 55};

		begin();
		eap_write_tls(&w, EAP_RESPONSE, 1, methods[i], &tls);
		read_back();
		cr_assert_eq(m.tls.flags, tls.flags);
		cr_assert_eq(m.tls.length, 5000);
		expect_part(m.tls.fragment, tls.fragment, "fragment");
		cr_assert_eq(told.number[EAP_F_TLS_M], 1);
	}
}

/* ---- what is cut ---- */

Test(eap_walk, a_cut_field_is_noted_where_it_stands)
{
	/* EAP-PSK, first message: RAND_S has 3 octets of 16. */
	static const uint8_t message[] = {1, 1, 0, 9, 47, 0, 'a', 'b', 'c'};

	read_octets(message, sizeof(message));
	cr_assert_eq(told.note_count, 1);
	cr_assert_str_eq(told.first, "rfc4764-format: wanted 16 octets, found 3 octets left");
	cr_assert(m.complete);
	cr_assert_not(m.sound);
	cr_assert_null(m.psk.rand_s.octets);
}

Test(eap_walk, a_length_beyond_the_message_is_noted_once)
{
	static const uint8_t message[] = {1, 1, 0, 99, 47, 0, 'a', 'b', 'c'};

	read_octets(message, sizeof(message));
	cr_assert_eq(told.note_count, 1, "%s", told.first);
	cr_assert_eq(told.notes[EAP_R_3748_LENGTH], 1);
	cr_assert_eq(m.octets.length, sizeof(message));
}

Test(eap_walk, octets_behind_the_length_are_padding)
{
	static const uint8_t message[] = {3, 1, 0, 4, 0, 0, 0};

	read_octets(message, sizeof(message));
	cr_assert_eq(told.note_count, 0);
	cr_assert_eq(told.length[EAP_F_TRAILING], 3);
	cr_assert_eq(m.octets.length, 4);
}

Test(eap_walk, less_than_a_header_is_incomplete)
{
	for (size_t length = 0; length < 4; length++) {
		begin();
		read_octets((const uint8_t *)"\x03\x01\x00", length);
		cr_assert_not(m.complete);
		cr_assert_eq(told.notes[EAP_R_3748_LENGTH], 1);
		expect_summary("cut off");
	}
}
