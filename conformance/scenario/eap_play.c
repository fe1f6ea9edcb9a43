/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eap_play.h"

#include "protocols/crypto/hash.h"
#include "protocols/eap/eap_write.h"

#include <stdio.h>
#include <string.h>

#define TEXT_OCTETS(text)                                 \
	{                                                 \
		(const uint8_t *)(text), sizeof(text) - 1 \
	}

const struct play_identity play_psk_identity = {"user1", "server@lab.example",
						TEXT_OCTETS("SecretPassphrase")};
const struct play_identity play_gpsk_identity = {"gpsk.user@lab.example", "server@lab.example",
						 TEXT_OCTETS("0123456789abcdef0123456789abcdef")};
const struct play_identity play_tls_identity = {
	"tls.user@lab.example", "server@lab.example", {NULL, 0}};
const struct play_identity play_md5_identity = {"md5.user", "server@lab.example",
						TEXT_OCTETS("password")};

/* The conversations of every method have one shape: the server asks, the peer answers. */
enum stage {
	STAGE_IDENTITY,
	STAGE_IDENTITY_ANSWER,
	STAGE_METHOD, /* its first message */
	STAGE_METHOD_ANSWER,
	STAGE_METHOD_2,
	STAGE_METHOD_2_ANSWER,
	STAGE_RESULT,
	STAGE_OVER
};

struct eap_play eap_play_new(enum play_method method, uint64_t seed)
{
	static const struct play_identity *const identities[] = {
		[PLAY_PSK] = &play_psk_identity,     [PLAY_GPSK_1] = &play_gpsk_identity,
		[PLAY_GPSK_2] = &play_gpsk_identity, [PLAY_TLS] = &play_tls_identity,
		[PLAY_MD5] = &play_md5_identity,     [PLAY_ERP] = &play_psk_identity,
	};
	struct eap_play play = {
		.method = method,
		.identity = *identities[method],
		.source = {seed},
	};

	play.identifier = (uint8_t)octet_source_number(&play.source);
	octet_source_fill(&play.source, play.rand_s, sizeof(play.rand_s));
	octet_source_fill(&play.source, play.rand_p, sizeof(play.rand_p));
	octet_source_fill(&play.source, play.challenge, sizeof(play.challenge));
	return play;
}

void eap_play_clear(struct eap_play *play)
{
	secret_wipe(play, sizeof(*play));
}

bool eap_play_over(const struct eap_play *play)
{
	return play->stage >= STAGE_OVER;
}

static struct octets text_octets(const char *text)
{
	return (struct octets){(const uint8_t *)text, strlen(text)};
}

/* ---- EAP-PSK, RFC 4764 2 ---- */

static bool psk_keys(struct eap_play *play, uint8_t mac_p[EAP_PSK_MAC])
{
	struct eap_psk_keys *keys = &play->psk_keys;

	if (!eap_psk_setup(keys, play->identity.key) || !eap_psk_derive(keys, play->rand_p) ||
	    !eap_psk_mac_p(keys, text_octets(play->identity.peer),
			   text_octets(play->identity.server), play->rand_s, play->rand_p, mac_p))
		return false;
	play->msk = keys->msk;
	play->emsk = keys->emsk;
	eap_psk_session_id(play->rand_p, play->rand_s, &play->session_id);
	return true;
}

static bool play_psk(struct eap_play *play, struct writer *w, enum eap_code code)
{
	static const struct eap_psk_result_part done = {.complete = true,
							.r = EAP_PSK_DONE_SUCCESS};
	uint8_t t = (uint8_t)(play->stage - STAGE_METHOD);
	uint8_t mac[EAP_PSK_MAC];
	struct eap_psk psk = {
		.t = t,
		.flags = (uint8_t)(t << 6),
		.rand_s = {play->rand_s, EAP_PSK_RAND},
		.rand_p = {play->rand_p, EAP_PSK_RAND},
		.id_s = text_octets(play->identity.server),
		.id_p = text_octets(play->identity.peer),
		.mac_p = {mac, sizeof(mac)},
		.mac_s = {mac, sizeof(mac)},
		.nonce = t == EAP_PSK_4 ? 1 : 0,
	};

	if (t == EAP_PSK_2 && !psk_keys(play, mac))
		return false;
	if (t <= EAP_PSK_2) {
		eap_write_psk(w, code, play->identifier, &psk);
		return true;
	}
	if (t == EAP_PSK_3 && !eap_psk_mac_s(&play->psk_keys, psk.id_s, play->rand_p, mac))
		return false;
	return eap_write_psk_sealed(w, code, play->identifier, &psk, &done, &play->psk_keys);
}

/* ---- EAP-GPSK, RFC 5433 3 ---- */

static bool gpsk_keys(struct eap_play *play, const struct eap_gpsk_suite *suite)
{
	const struct eap_gpsk_input input = {
		.suite = suite,
		.psk = play->identity.key,
		.rand_peer = play->rand_p,
		.rand_server = play->rand_s,
		.id_peer = text_octets(play->identity.peer),
		.id_server = text_octets(play->identity.server),
	};

	if (!eap_gpsk_derive(&play->gpsk_keys, &input))
		return false;
	play->msk = play->gpsk_keys.msk;
	play->emsk = play->gpsk_keys.emsk;
	play->session_id = play->gpsk_keys.session_id;
	return true;
}

/* Protected data of some vendor's, so that there is something to decrypt. */
static bool gpsk_block(struct eap_play *play, const struct eap_gpsk_suite *suite,
		       struct writer *block)
{
	static const char text[] = "protected data";
	uint8_t payloads[64], iv[16];
	struct writer w = writer_of(payloads, sizeof(payloads));

	octet_source_fill(&play->source, iv, sizeof(iv));
	eap_write_gpsk_pdata(&w, 37244, 1, text_octets(text));
	return eap_write_gpsk_block(block, suite, &play->gpsk_keys.pk, iv,
				    (struct octets){payloads, w.length});
}

static bool play_gpsk(struct eap_play *play, struct writer *w, enum eap_code code)
{
	static const uint8_t both[] = {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2};
	bool first = play->method == PLAY_GPSK_1;
	const struct eap_gpsk_suite *suite = eap_gpsk_suite_find(0, first ? 1 : 2);
	uint8_t block_octets[128];
	struct writer block = writer_of(block_octets, sizeof(block_octets));
	struct eap_gpsk gpsk = {
		.opcode = (uint8_t)(EAP_GPSK_1 + play->stage - STAGE_METHOD),
		.id_peer = text_octets(play->identity.peer),
		.id_server = text_octets(play->identity.server),
		.rand_peer = {play->rand_p, EAP_GPSK_RAND},
		.rand_server = {play->rand_s, EAP_GPSK_RAND},
		.csuite_list = {both, sizeof(both)},
		.csuite_sel = {both + (first ? 0 : EAP_GPSK_CSUITE), EAP_GPSK_CSUITE},
	};

	if (gpsk.opcode == EAP_GPSK_1) {
		eap_write_gpsk(w, code, play->identifier, &gpsk);
		return true;
	}
	if (gpsk.opcode == EAP_GPSK_2 && !gpsk_keys(play, suite))
		return false;
	if (first && gpsk.opcode == EAP_GPSK_3) {
		if (!gpsk_block(play, suite, &block))
			return false;
		gpsk.pd_payload = (struct octets){block_octets, block.length};
	}
	return eap_write_gpsk_signed(w, code, play->identifier, &gpsk, suite, &play->gpsk_keys.sk);
}

/* ---- methods that are not opened ---- */

static bool play_tls(struct eap_play *play, struct writer *w, enum eap_code code)
{
	uint8_t record[5 + 160] = {0x17, 3, 3, 0, sizeof(record) - 5};
	struct eap_tls tls = {.flags = EAP_TLS_S};

	if (play->stage > STAGE_METHOD) {
		octet_source_fill(&play->source, record + 5, sizeof(record) - 5);
		tls = (struct eap_tls){.fragment = {record, sizeof(record)}};
	}
	if (play->stage == STAGE_METHOD_2_ANSWER) {
		tls = (struct eap_tls){.flags = 0}; /* the peer only acknowledges */
		octet_source_fill(&play->source, play->msk.octets, EAP_MSK);
		octet_source_fill(&play->source, play->emsk.octets, EAP_MSK);
		play->msk.length = play->emsk.length = EAP_MSK;
	}
	eap_write_tls(w, code, play->identifier, EAP_TYPE_TLS, &tls);
	return true;
}

/* RFC 3748 5.4 and RFC 1994 4.1: MD5 over identifier, password and challenge. */
static bool play_md5(struct eap_play *play, struct writer *w, enum eap_code code)
{
	const struct octets parts[] = {{&play->identifier, 1},
				       play->identity.key,
				       {play->challenge, sizeof(play->challenge)}};
	uint8_t data[17] = {16};

	if (play->stage == STAGE_METHOD)
		memcpy(data + 1, play->challenge, 16);
	else if (!hash(HASH_MD5, parts, 3, data + 1))
		return false;
	eap_write_typed(w, code, play->identifier, EAP_TYPE_MD5,
			(struct octets){data, sizeof(data)});
	if (play->stage == STAGE_METHOD_ANSWER)
		play->stage = STAGE_RESULT - 1;
	return true;
}

/* ---- ERP, RFC 6696 3.1 and 5.3 ---- */

bool eap_play_erp(struct eap_play *erp, const struct eap_play *before, uint16_t seq, uint64_t seed)
{
	uint8_t name[EMSK_NAME_LENGTH];
	struct octets id = {before->session_id.octets, before->session_id.length};
	char *at = erp->key_name;

	*erp = eap_play_new(PLAY_ERP, seed);
	erp->identity = before->identity;
	erp->erp_seq = seq;
	erp->cryptosuite = 2; /* HMAC-SHA256-128, mandatory */
	erp->announce = true;
	if (!kdf_emsk_name(id, name) ||
	    !erp_rrk((struct octets){before->emsk.octets, before->emsk.length}, &erp->rrk) ||
	    !erp_rik(&erp->rrk, erp->cryptosuite, &erp->rik) ||
	    !erp_rmsk(&erp->rrk, seq, &erp->msk))
		return false;
	for (size_t i = 0; i < sizeof(name); i++)
		at += sprintf(at, "%02x", name[i]);
	strcpy(at, "@lab.example");
	return true;
}

static bool play_erp(struct eap_play *play, struct writer *w)
{
	const struct eap_erp start = {.domain_name = text_octets("lab.example")};
	const struct eap_erp reauth = {
		.seq = play->erp_seq,
		.keyname_nai = text_octets(play->key_name),
		.keyname_count = 1,
		.has_cryptosuite = true,
		.cryptosuite = play->cryptosuite,
	};

	if (play->stage == 0 && !play->announce)
		play->stage = 1;
	play->from_server = play->stage != 1;
	switch (play->stage++) {
	case 0:
		eap_write_erp(w, EAP_INITIATE, play->identifier, EAP_ERP_START, &start);
		return true;
	case 1:
		return eap_write_erp_signed(w, EAP_INITIATE, ++play->identifier, EAP_ERP_REAUTH,
					    &reauth, &play->rik);
	default:
		play->stage = STAGE_OVER;
		return eap_write_erp_signed(w, EAP_FINISH, play->identifier, EAP_ERP_REAUTH,
					    &reauth, &play->rik);
	}
}

/* ---- the conversation ---- */

static bool play_method(struct eap_play *play, struct writer *w, enum eap_code code)
{
	switch (play->method) {
	case PLAY_PSK:
		return play_psk(play, w, code);
	case PLAY_GPSK_1:
	case PLAY_GPSK_2:
		return play_gpsk(play, w, code);
	case PLAY_TLS:
		return play_tls(play, w, code);
	case PLAY_MD5:
		return play_md5(play, w, code);
	default:
		return false;
	}
}

static bool play_stage(struct eap_play *play, struct writer *w)
{
	enum eap_code code = play->from_server ? EAP_REQUEST : EAP_RESPONSE;

	switch (play->stage) {
	case STAGE_IDENTITY:
		eap_write_typed(w, code, play->identifier, EAP_TYPE_IDENTITY,
				(struct octets){NULL, 0});
		return true;
	case STAGE_IDENTITY_ANSWER:
		eap_write_typed(w, code, play->identifier, EAP_TYPE_IDENTITY,
				text_octets(play->identity.peer));
		return true;
	case STAGE_RESULT:
		/* RFC 3748 4.2: under the identifier of the last Response. */
		eap_write_bare(w, play->refuse ? EAP_FAILURE : EAP_SUCCESS, play->identifier);
		return true;
	default:
		return play_method(play, w, code);
	}
}

bool eap_play_next(struct eap_play *play, uint8_t message[PLAY_MESSAGE_MAX], size_t *length)
{
	struct writer w = writer_of(message, PLAY_MESSAGE_MAX);
	bool right;

	if (eap_play_over(play))
		return false;
	if (play->method == PLAY_ERP) {
		right = play_erp(play, &w);
	} else {
		if (play->refuse && play->stage == STAGE_METHOD_2) {
			secret_clear(&play->msk);
			secret_clear(&play->emsk);
			play->stage = STAGE_RESULT;
		}
		play->from_server = play->stage % 2 == 0;
		if (play->from_server && play->stage != STAGE_IDENTITY &&
		    play->stage != STAGE_RESULT)
			play->identifier++;
		right = play_stage(play, &w);
		play->stage++;
	}
	*length = w.length;
	return right && !w.full;
}
