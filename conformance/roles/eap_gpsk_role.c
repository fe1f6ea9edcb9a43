/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EAP-GPSK (RFC 5433): the peer, and what both ends share. What comes is judged as section 10 has
 * it: parsed, expected, echoed, its MAC, its protected data, in this order.
 */
#include "eap_gpsk_role.h"

#include <string.h>

#include "protocols/eap/eap_walks.h"

/* ---- both ends ---- */

bool gpsk_mac_sized(const struct eap_gpsk *gpsk, const struct eap_gpsk_suite *suite)
{
	return gpsk->mac.octets && gpsk->mac.length == suite->mac_length;
}

bool gpsk_mac_right(const struct eap_gpsk *gpsk, const struct eap_gpsk_suite *suite,
		    const struct eap_gpsk_keys *keys)
{
	uint8_t mac[EAP_GPSK_MAC_MAX];

	return gpsk_mac_sized(gpsk, suite) &&
	       eap_gpsk_mac(suite, &keys->sk, &gpsk->covered, 1, mac) &&
	       secret_equal(mac, gpsk->mac.octets, suite->mac_length);
}

/* Counts the MUSTs that a walk finds broken. */
struct judge {
	struct reader reader;
	unsigned broken;
};

static void count_note(struct reader *r, const struct note *note)
{
	if (note->rule->level == RULE_MUST)
		((struct judge *)r)->broken++;
}

static bool payloads_sound(const struct eap_gpsk_suite *suite, const uint8_t *octets, size_t length)
{
	static const struct reader_ops ops = {.note = count_note};
	struct judge judge = {.reader = {&ops}};
	struct walk w = walk_of(octets, length, &judge.reader);

	eap_gpsk_walk_payloads(&w, suite);
	return !judge.broken;
}

bool gpsk_open_payloads(const struct eap_gpsk *gpsk, const struct eap_gpsk_suite *suite,
			const struct eap_gpsk_keys *keys, struct gpsk_received *received)
{
	uint8_t plaintext[EAP_ROLE_OCTETS];
	size_t length = gpsk->ciphertext.length;
	bool right;

	if (!gpsk->pd_payload.length)
		return true;
	received->any = true;
	if (gpsk->iv.length != (suite->encrypts ? GPSK_BLOCK : 0) || !length ||
	    length > sizeof(plaintext) || (suite->encrypts && length % GPSK_BLOCK))
		return false;
	if (suite->encrypts)
		memcpy(received->last_block, gpsk->ciphertext.octets + length - GPSK_BLOCK,
		       GPSK_BLOCK);
	right = eap_gpsk_decrypt(suite, &keys->pk, gpsk->iv.octets, gpsk->ciphertext.octets,
				 plaintext, length) &&
		payloads_sound(suite, plaintext, length);
	secret_wipe(plaintext, sizeof(plaintext));
	return right;
}

static void write_payloads(struct writer *w, bool cut)
{
	static const char text[] = "protected data";
	const uint32_t vendor = 37244;

	eap_write_gpsk_pdata(w, vendor, 1, octets_of_text(text));
	if (cut)
		write_patch_u16(w, 6, 0x7fff);
}

/* Suite 2 with what only suite 1 has: an IV, or padding. */
static void write_null_block(struct writer *block, enum gpsk_block_defect defect,
			     struct octets payloads, const uint8_t iv[GPSK_BLOCK])
{
	bool padded = defect == BLOCK_PADDED;

	write_u8(block, defect == BLOCK_IV_NULL ? GPSK_BLOCK : 0);
	if (defect == BLOCK_IV_NULL)
		write_octets(block, iv, GPSK_BLOCK);
	write_octets(block, payloads.octets, payloads.length);
	write_zeros(block, padded ? 3 : 0);
	write_u8(block, padded ? 3 : 0);
}

void gpsk_write_block(struct writer *block, enum gpsk_block_defect defect, struct role *owner,
		      const struct eap_gpsk_suite *suite, const struct eap_gpsk_keys *keys,
		      const uint8_t iv[GPSK_BLOCK], const struct gpsk_received *received)
{
	uint8_t octets[64], fresh[GPSK_BLOCK];
	struct writer w = writer_of(octets, sizeof(octets));
	bool of_suite_1 = defect == BLOCK_IV_RECEIVED || defect == BLOCK_NOT_WHOLE;
	bool of_suite_2 = defect == BLOCK_IV_NULL || defect == BLOCK_PADDED;

	if (defect == BLOCK_NONE || (suite->encrypts ? of_suite_2 : of_suite_1))
		return;
	write_payloads(&w, defect == BLOCK_CUT);
	role_random(owner, fresh, sizeof(fresh));
	if (!iv)
		iv = defect == BLOCK_IV_RECEIVED ? received->last_block : fresh;
	if (of_suite_2) {
		write_null_block(block, defect, (struct octets){octets, w.length}, iv);
		return;
	}
	eap_write_gpsk_block(block, suite, &keys->pk, iv, (struct octets){octets, w.length});
	if (defect == BLOCK_NOT_WHOLE && block->length)
		block->length--;
}

const struct eap_gpsk_suite *gpsk_suite_of_setting(enum role_method setting)
{
	if (setting == METHOD_GPSK_1)
		return eap_gpsk_suite_find(0, 1);
	return setting == METHOD_GPSK_2 ? eap_gpsk_suite_find(0, 2) : NULL;
}

const struct eap_gpsk_suite *gpsk_suite_of(struct octets csuite)
{
	return csuite.octets ? eap_gpsk_suite_of(csuite) : NULL;
}

void gpsk_csuite(const struct eap_gpsk_suite *suite, uint8_t csuite[EAP_GPSK_CSUITE])
{
	memset(csuite, 0, EAP_GPSK_CSUITE);
	csuite[4] = (uint8_t)(suite->specifier >> 8);
	csuite[5] = (uint8_t)suite->specifier;
}

bool gpsk_list_has(struct octets list, const struct eap_gpsk_suite *suite)
{
	uint8_t csuite[EAP_GPSK_CSUITE];

	gpsk_csuite(suite, csuite);
	for (size_t at = 0; at + EAP_GPSK_CSUITE <= list.length; at += EAP_GPSK_CSUITE)
		if (!memcmp(list.octets + at, csuite, EAP_GPSK_CSUITE))
			return true;
	return false;
}

void gpsk_shorten(struct writer *w, size_t begin)
{
	w->length--;
	eap_write_end(w, begin);
}

bool gpsk_write_fail(struct writer *w, enum eap_code code, uint8_t identifier, bool protected,
		     const struct eap_gpsk_suite *suite, const struct eap_gpsk_keys *keys)
{
	struct eap_gpsk gpsk = {.opcode = EAP_GPSK_FAIL,
				.failure_code = EAP_GPSK_AUTHENTICATION_FAILURE};

	if (!protected) {
		eap_write_gpsk(w, code, identifier, &gpsk);
		return !w->full;
	}
	gpsk.opcode = EAP_GPSK_PROTECTED_FAIL;
	gpsk.failure_code = EAP_GPSK_AUTHORIZATION_FAILURE;
	return suite && keys->sk.length &&
	       eap_write_gpsk_signed(w, code, identifier, &gpsk, suite, &keys->sk);
}

bool gpsk_seal_message(const struct eap_gpsk_suite *suite, const struct eap_gpsk_keys *keys,
		       const struct eap_message *m, uint8_t *octets)
{
	const struct eap_gpsk *gpsk = &m->gpsk;
	uint8_t mac[EAP_GPSK_MAC_MAX];

	if (!suite || !keys->sk.length || !gpsk->mac.octets || !gpsk->covered.octets ||
	    gpsk->mac.length != suite->mac_length ||
	    !eap_gpsk_mac(suite, &keys->sk, &gpsk->covered, 1, mac))
		return false;
	memcpy(octets + eap_offset(m, gpsk->mac), mac, suite->mac_length);
	return true;
}

/* ---- peer ---- */

static bool faulty(const struct role *owner, enum eap_peer_fault fault)
{
	return eap_peer_has_fault(owner, fault);
}

/* The first suite of the settings that the list has and a key fits; NULL: none. */
static const struct eap_gpsk_suite *select_suite(struct role *owner, struct octets list,
						 const struct key_row **key)
{
	const char *identity = owner->settings.identity;

	if (faulty(owner, PEER_GPSK_SUITE_1) && list.length == EAP_GPSK_CSUITE &&
	    gpsk_list_has(list, eap_gpsk_suite_find(0, 1)))
		return NULL;
	for (size_t i = 0; i < METHODS && owner->settings.methods[i] != METHOD_NONE; i++) {
		const struct eap_gpsk_suite *suite =
			gpsk_suite_of_setting(owner->settings.methods[i]);
		const struct key_row *row = NULL;

		if (!suite || !gpsk_list_has(list, suite))
			continue;
		while ((row = eap_next_key(owner, KEY_EAP_GPSK, identity, row)))
			if (row->length >= suite->key_length)
				break;
		*key = row;
		if (row)
			return suite;
	}
	return NULL;
}

static bool derive(struct gpsk_peer_end *s, const struct role *owner, const struct key_row *key)
{
	const struct eap_gpsk_input input = {
		.suite = s->suite,
		.psk = {key->octets, key->length},
		.rand_peer = s->rand_peer,
		.rand_server = s->rand_server,
		.id_peer = octets_of_text(owner->settings.identity),
		.id_server = {s->id_server, s->id_server_length},
	};

	return eap_gpsk_derive(&s->keys, &input);
}

/* A list with a suite that is neither 1 nor 2. */
static bool is_mixed(struct octets list)
{
	for (size_t at = 0; at + EAP_GPSK_CSUITE <= list.length; at += EAP_GPSK_CSUITE)
		if (!gpsk_suite_of((struct octets){list.octets + at, EAP_GPSK_CSUITE}))
			return true;
	return false;
}

static const uint8_t both_suites[] = {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2};

/* What faults make of GPSK-2. */
static void spoil_gpsk_2(struct eap_gpsk *gpsk, struct gpsk_peer_end *s, const struct role *owner)
{
	bool mixed = is_mixed(gpsk->csuite_list);

	if (faulty(owner, PEER_GPSK_RAND_SERVER))
		gpsk->rand_server.octets = s->rand_peer;
	if (mixed && faulty(owner, PEER_GPSK_LIST_LENGTH))
		gpsk->csuite_list.length--;
	if (mixed && faulty(owner, PEER_GPSK_LIST_ECHO))
		gpsk->csuite_list = (struct octets){both_suites, sizeof(both_suites)};
	if (mixed && faulty(owner, PEER_GPSK_SELECTED) &&
	    !gpsk_list_has(gpsk->csuite_list, eap_gpsk_suite_find(0, 2)))
		gpsk->csuite_sel = (struct octets){both_suites + EAP_GPSK_CSUITE, EAP_GPSK_CSUITE};
}

static bool write_gpsk_2(struct gpsk_peer_end *s, struct role *owner, const struct eap_message *m,
			 struct writer *w)
{
	uint8_t csuite[EAP_GPSK_CSUITE], block_octets[GPSK_PD_MAX];
	struct writer block = writer_of(block_octets, sizeof(block_octets));
	struct eap_gpsk gpsk = {
		.opcode = EAP_GPSK_2,
		.id_peer = octets_of_text(owner->settings.identity),
		.id_server = {s->id_server, s->id_server_length},
		.rand_peer = {s->rand_peer, EAP_GPSK_RAND},
		.rand_server = {s->rand_server, EAP_GPSK_RAND},
		.csuite_list = m->gpsk.csuite_list,
		.csuite_sel = {csuite, sizeof(csuite)},
	};

	gpsk_csuite(s->suite, csuite);
	spoil_gpsk_2(&gpsk, s, owner);
	if (owner->settings.protected_data && !faulty(owner, PEER_GPSK_IV_SAME)) {
		gpsk_write_block(&block, BLOCK_RIGHT, owner, s->suite, &s->keys, NULL, NULL);
		gpsk.pd_payload = (struct octets){block_octets, block.length};
	}
	if (s->suite->encrypts && faulty(owner, PEER_GPSK_IV_SAME)) {
		role_random(owner, s->iv, sizeof(s->iv));
		gpsk_write_block(&block, BLOCK_RIGHT, owner, s->suite, &s->keys, s->iv, NULL);
		gpsk.pd_payload = (struct octets){block_octets, block.length};
	}
	if (!eap_write_gpsk_signed(w, EAP_RESPONSE, m->identifier, &gpsk, s->suite, &s->keys.sk))
		return false;
	if (faulty(owner, PEER_GPSK_2_MAC))
		w->octets[w->length - 1] ^= 1;
	return true;
}

static struct eap_step on_1(struct gpsk_peer_end *s, struct role *owner,
			    const struct eap_message *m, struct writer *w)
{
	const struct eap_gpsk *gpsk = &m->gpsk;
	const struct key_row *key = NULL;

	s->suite = select_suite(owner, gpsk->csuite_list, &key);
	if (!s->suite)
		return faulty(owner, PEER_GPSK_NAK)
			       ? eap_ignore("no ciphersuite in common")
			       : (struct eap_step){.refuse = true,
						   .why = "no ciphersuite in common"};
	memcpy(s->rand_server, gpsk->rand_server.octets, EAP_GPSK_RAND);
	s->id_server_length = gpsk->id_server.length;
	if (s->id_server_length)
		memcpy(s->id_server, gpsk->id_server.octets, s->id_server_length);
	role_random(owner, s->rand_peer, EAP_GPSK_RAND);
	if (!derive(s, owner, key) || !write_gpsk_2(s, owner, m, w))
		return eap_ignore("GPSK-2 cannot be made");
	s->opcode = EAP_GPSK_1;
	return (struct eap_step){.state = METHOD_STATE_CONT};
}

static bool echo_right(const struct gpsk_peer_end *s, const struct eap_gpsk *gpsk)
{
	return !memcmp(gpsk->rand_peer.octets, s->rand_peer, EAP_GPSK_RAND) &&
	       !memcmp(gpsk->rand_server.octets, s->rand_server, EAP_GPSK_RAND) &&
	       octets_same(gpsk->id_server, (struct octets){s->id_server, s->id_server_length}) &&
	       gpsk_suite_of(gpsk->csuite_sel) == s->suite;
}

static enum gpsk_block_defect block_defect(const struct gpsk_peer_end *s, const struct role *owner)
{
	static const struct {
		enum eap_peer_fault fault;
		enum gpsk_block_defect defect;
	} rows[] = {
		{PEER_GPSK_IV_NULL, BLOCK_IV_NULL},
		{PEER_GPSK_IV_RECEIVED, BLOCK_IV_RECEIVED},
		{PEER_GPSK_PADDING_BLOCK, BLOCK_NOT_WHOLE},
		{PEER_GPSK_PADDING_NULL, BLOCK_PADDED},
		{PEER_GPSK_PDATA, BLOCK_CUT},
	};

	if (s->suite->encrypts && faulty(owner, PEER_GPSK_IV_SAME))
		return BLOCK_RIGHT;
	for (size_t i = 0; s->received.any && i < sizeof(rows) / sizeof(rows[0]); i++)
		if (faulty(owner, rows[i].fault))
			return rows[i].defect;
	return owner->settings.protected_data ? BLOCK_RIGHT : BLOCK_NONE;
}

static bool write_gpsk_4(struct gpsk_peer_end *s, struct role *owner, uint8_t identifier,
			 struct writer *w)
{
	uint8_t block_octets[GPSK_PD_MAX];
	struct writer block = writer_of(block_octets, sizeof(block_octets));
	const uint8_t *iv = faulty(owner, PEER_GPSK_IV_SAME) ? s->iv : NULL;
	struct eap_gpsk gpsk = {.opcode = EAP_GPSK_4};
	size_t begin = w->length;

	gpsk_write_block(&block, block_defect(s, owner), owner, s->suite, &s->keys, iv,
			 &s->received);
	gpsk.pd_payload = (struct octets){block_octets, block.length};
	if (!eap_write_gpsk_signed(w, EAP_RESPONSE, identifier, &gpsk, s->suite, &s->keys.sk))
		return false;
	if (faulty(owner, PEER_GPSK_4_MAC))
		w->octets[w->length - 1] ^= 1;
	if (faulty(owner, PEER_GPSK_MAC_LENGTH))
		gpsk_shorten(w, begin);
	return true;
}

static struct eap_step on_3(struct gpsk_peer_end *s, struct role *owner, struct eap_exports *out,
			    const struct eap_message *m, struct writer *w)
{
	const struct eap_gpsk *gpsk = &m->gpsk;

	if (!echo_right(s, gpsk) && !faulty(owner, PEER_GPSK_3_ECHO))
		return eap_ignore("it does not echo GPSK-2");
	if (!gpsk_mac_sized(gpsk, s->suite) && !faulty(owner, PEER_GPSK_3_ECHO) &&
	    !faulty(owner, PEER_GPSK_3_MAC))
		return eap_ignore("it cannot be parsed");
	if (!gpsk_mac_right(gpsk, s->suite, &s->keys) && !faulty(owner, PEER_GPSK_3_MAC))
		return eap_ignore("the MAC is wrong");
	if (!gpsk_open_payloads(gpsk, s->suite, &s->keys, &s->received) &&
	    !faulty(owner, PEER_GPSK_DECRYPTION))
		return eap_ignore("the protected data do not decrypt");
	if (!write_gpsk_4(s, owner, m->identifier, w))
		return eap_ignore("GPSK-4 cannot be made");
	s->opcode = EAP_GPSK_3;
	out->msk = s->keys.msk;
	out->emsk = s->keys.emsk;
	out->session_id = s->keys.session_id;
	if (!eap_identity_name((struct octets){s->id_server, s->id_server_length}, out->server))
		out->server[0] = '\0';
	return (struct eap_step){.state = METHOD_STATE_DONE, .decision = DECISION_COND_SUCC};
}

/* RFC 5433 10: the failure message goes back as it came. */
static struct eap_step on_failure(struct gpsk_peer_end *s, struct role *owner,
				  const struct eap_message *m, struct writer *w)
{
	const struct eap_gpsk *gpsk = &m->gpsk;
	bool protected = gpsk->opcode == EAP_GPSK_PROTECTED_FAIL;
	struct octets data = m->data;
	size_t begin = w->length, code = begin + EAP_HEADER_SIZE + 2;

	if (protected && !gpsk_mac_right(gpsk, s->suite, &s->keys) &&
	    !faulty(owner, PEER_GPSK_FAIL_TAKEN))
		return eap_ignore("the MAC is wrong");
	eap_write_typed(w, EAP_RESPONSE, m->identifier, EAP_TYPE_GPSK, data);
	if (faulty(owner, PEER_GPSK_FAIL_REPLAY) && !w->full)
		w->octets[code + 3] ^= 3;
	if (faulty(owner, PEER_GPSK_FAIL_MAC) && protected)
		w->octets[w->length - 1] ^= 1;
	if (faulty(owner, PEER_GPSK_FORMAT) && !protected) {
		write_u8(w, 0);
		eap_write_end(w, begin);
	}
	s->opcode = gpsk->opcode;
	return (struct eap_step){.state = METHOD_STATE_MAY_CONT,
				 .decision = DECISION_FAIL,
				 .why = "the server reports a failure"};
}

/* RFC 5433 10: "cannot be parsed". */
static bool is_parsed(const struct role *owner, const struct eap_message *m)
{
	bool lenient = m->gpsk.opcode == EAP_GPSK_1 && m->gpsk.csuite_list.octets &&
		       faulty(owner, PEER_GPSK_FORMAT_TAKEN);

	if (m->gpsk.opcode == EAP_GPSK_1 && m->gpsk.csuite_list.length % EAP_GPSK_CSUITE)
		return false;
	return m->sound || lenient;
}

struct eap_step gpsk_peer(void *state, struct role *owner, struct eap_exports *out,
			  const struct eap_message *m, struct writer *w)
{
	struct gpsk_peer_end *s = state;
	uint8_t opcode = m->gpsk.opcode;
	bool failure = opcode == EAP_GPSK_FAIL || opcode == EAP_GPSK_PROTECTED_FAIL;

	if (!m->data.length || !is_parsed(owner, m))
		return eap_ignore("it cannot be parsed");
	if (!s->opcode && opcode == EAP_GPSK_1)
		return on_1(s, owner, m, w);
	if (!s->opcode && opcode == EAP_GPSK_FAIL && faulty(owner, PEER_GPSK_ORDER))
		return on_failure(s, owner, m, w);
	if (s->opcode == EAP_GPSK_1 && opcode == EAP_GPSK_3)
		return on_3(s, owner, out, m, w);
	if (s->opcode == EAP_GPSK_1 && failure)
		return on_failure(s, owner, m, w);
	return eap_ignore("it is out of order");
}

/* For tests: with keys that are there, or a suite and keys of zeros. */
bool gpsk_peer_craft(struct gpsk_peer_end *s, struct role *owner, unsigned opcode,
		     uint8_t identifier, struct writer *w)
{
	struct eap_message request = {
		.identifier = identifier,
		.gpsk.csuite_list = {both_suites, sizeof(both_suites)},
	};

	if (!s->suite) {
		s->suite = eap_gpsk_suite_find(0, 1);
		s->keys.sk.length = s->keys.pk.length = s->suite->key_length;
	}
	if (opcode == EAP_GPSK_2)
		return write_gpsk_2(s, owner, &request, w);
	if (opcode == EAP_GPSK_4)
		return write_gpsk_4(s, owner, identifier, w);
	return (opcode == EAP_GPSK_FAIL || opcode == EAP_GPSK_PROTECTED_FAIL) &&
	       gpsk_write_fail(w, EAP_RESPONSE, identifier, opcode == EAP_GPSK_PROTECTED_FAIL,
			       s->suite, &s->keys);
}
