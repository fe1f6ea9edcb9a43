/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "talk.h"

#include <ctype.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/crypto/kdf.h"

/* ---- the reader ---- */

static struct talk_reader *told_of(struct reader *r)
{
	return (struct talk_reader *)r;
}

static void check_place(struct talk_reader *t, size_t offset, size_t length)
{
	if (offset > t->limit[t->level] || length > t->limit[t->level] - offset)
		t->outside = true;
}

static void on_open(struct reader *r, const struct field *group, size_t offset, size_t length)
{
	(void)group;
	(void)length;
	check_place(told_of(r), offset, 0);
	told_of(r)->is_source[told_of(r)->depth++] = false;
}

static void on_value(struct reader *r, const struct field *field, size_t offset, size_t length,
		     const struct value *value)
{
	struct talk_reader *t = told_of(r);
	size_t i;

	if (!protocol_field_index(&eap_protocol, field, &i))
		abort();
	check_place(t, offset, length);
	t->values[i]++;
	t->number[i] = value->number;
	t->length[i] = value->length;
	if (value->length)
		memcpy(t->octets[i], value->octets, MIN(value->length, sizeof(t->octets[i])));
	if (field->names == verdict_names)
		t->verdicts[value->number]++;
}

static void on_source(struct reader *r, const char *name, const uint8_t *octets, size_t length)
{
	struct talk_reader *t = told_of(r);

	(void)name;
	(void)octets;
	t->sources++;
	t->is_source[t->depth++] = true;
	t->limit[++t->level] = length;
}

static void on_close(struct reader *r)
{
	struct talk_reader *t = told_of(r);

	if (t->is_source[--t->depth])
		t->level--;
}

static void on_note(struct reader *r, const struct note *note)
{
	struct talk_reader *t = told_of(r);
	size_t i;

	if (!protocol_rule_index(&eap_protocol, note->rule, &i))
		abort();
	check_place(t, note->offset, note->length);
	t->notes[i]++;
	if (!t->note_count++)
		snprintf(t->first, sizeof(t->first), "%s: wanted %s, found %s", note->rule->id,
			 note->wanted, note->found);
}

static const struct reader_ops ops = {.open = on_open,
				      .value = on_value,
				      .source = on_source,
				      .close = on_close,
				      .note = on_note};

void talk_reader_begin(struct talk_reader *told)
{
	memset(told, 0, sizeof(*told));
	told->reader.ops = &ops;
}

/* ---- the talk ---- */

static const char peer_id[TALK_PEER_ID + 1] = "peer.user@lab.example";
static const char server_id[] = "server@lab.example";

static struct octets text_of(const char *text)
{
	return (struct octets){(const uint8_t *)text, strlen(text)};
}

void talk_begin(struct talk *t)
{
	char error[200];

	memset(t, 0, sizeof(*t));
	talk_reader_begin(&t->told);
	t->keys = key_store_new();
	key_store_add_text(t->keys, "eap-psk", peer_id, "text:SecretPassphrase", error,
			   sizeof(error));
	key_store_add_text(t->keys, "eap-gpsk", peer_id, "text:0123456789abcdef0123456789abcdef",
			   error, sizeof(error));
	memcpy(t->psk, "SecretPassphrase", 16);
	memcpy(t->gpsk_key, "0123456789abcdef0123456789abcdef", 32);
	t->c = eap_conversation_new(t->keys);
	t->p = (struct passage){.frame = 0, .time = 1000000000, .carrier = CARRIER_UDP};
	t->rand = 0x50;
	t->suite = eap_gpsk_suite_find(0, 1);
	memset(t->emsk.octets, 0x3e, 64);
	t->emsk.length = 64;
	key_store_add_derived(t->keys, KEY_EMSK, "0123456789abcdef", t->emsk.octets, 64, 1);
	erp_rrk((struct octets){t->emsk.octets, 64}, &t->rrk);
}

void talk_end(struct talk *t)
{
	eap_conversation_free(t->c);
	key_store_free(t->keys);
}

void talk_octets(struct talk *t, const uint8_t *octets, size_t length)
{
	struct walk w = walk_of(octets, length, &t->told.reader);
	struct eap_message m;

	if (octets != t->octets && length <= sizeof(t->octets)) {
		memcpy(t->octets, octets, length);
		t->length = length;
	}
	t->told.limit[0] = length;
	eap_walk(&w, &m);
	if (t->walk_only)
		return;
	t->p.frame++;
	t->p.time += 1000000;
	t->told.limit[0] = length + t->origin;
	eap_feed(t->c, &t->base, &t->p, &m, t->origin, &t->told.reader);
}

/* ---- plain messages ---- */

static void put_octets(struct talk *t, struct writer *w, const char *token)
{
	size_t length = strlen(token);
	const char *star = strchr(token, '*');
	size_t times = star ? strtoul(star + 1, NULL, 10) : 1;

	if (!strcmp(token, "LL")) {
		write_u16(w, 0xffff);
	} else if (!strcmp(token, "N")) {
		write_u8(w, ++t->identifier);
	} else if (!strcmp(token, "C")) {
		write_u8(w, t->identifier);
	} else if (*token == '\'') {
		write_octets(w, token + 1, length - 2);
	} else {
		length = star ? (size_t)(star - token) : length;
		while (times--) {
			for (size_t i = 0; i + 1 < length; i += 2) {
				char digits[3] = {token[i], token[i + 1], '\0'};

				write_u8(w, (uint8_t)strtoul(digits, NULL, 16));
			}
		}
	}
}

static void write_plain(struct talk *t, struct writer *w, char *text)
{
	char *next = NULL;
	size_t length_at = 0;

	for (char *token = strtok_r(text, " \n", &next); token;
	     token = strtok_r(NULL, " \n", &next)) {
		if (!strcmp(token, "LL"))
			length_at = w->length;
		put_octets(t, w, token);
	}
	if (length_at)
		write_patch_u16(w, length_at, (uint16_t)w->length);
}

/* ---- computed messages ---- */

static struct octets filled(uint8_t *octets, uint8_t with, size_t length)
{
	memset(octets, with, length);
	return (struct octets){octets, length};
}

static void spoil(struct writer *w, size_t at)
{
	if (!w->full)
		w->octets[at] ^= 1;
}

/* @psk1 to @psk5 */
static void speak_psk(struct talk *t, struct writer *w, int number, int spoilt,
		      struct octets plaintext)
{
	bool request = number != 2 && number != 4;
	uint8_t identifier = request ? ++t->identifier : t->identifier;
	enum eap_code code = request ? EAP_REQUEST : EAP_RESPONSE;
	uint8_t rand_s[16], rand_p[16], mac[16];
	struct eap_psk psk = {.t = (uint8_t)(number > 4 ? 3 : number - 1)};
	struct eap_psk_keys *keys = &t->psk_keys;

	psk.rand_s = filled(rand_s, t->rand, 16);
	psk.rand_p = filled(rand_p, (uint8_t)(t->rand + 1), 16);
	psk.id_s = text_of(server_id);
	psk.id_p = text_of(peer_id);
	eap_psk_setup(keys, (struct octets){t->psk, 16});
	eap_psk_derive(keys, rand_p);
	if (number == 1)
		t->nonce = 0;
	if (number == 2)
		eap_psk_mac_p(keys, psk.id_p, psk.id_s, rand_s, rand_p, mac);
	else
		eap_psk_mac_s(keys, psk.id_s, rand_p, mac);
	mac[0] ^= spoilt == 1;
	psk.mac_p = psk.mac_s = (struct octets){mac, 16};
	if (number < 3) {
		eap_write_psk(w, code, identifier, &psk);
		return;
	}
	psk.nonce = t->nonce++;
	/* The plaintext goes in as it is: an octet and what follows it. */
	{
		struct eap_psk_result_part part = {
			.r = plaintext.octets[0] >> 6,
			.e = plaintext.octets[0] & 0x20,
			.reserved = plaintext.octets[0] & 0x1f,
			.ext_payload = {plaintext.octets + 1, plaintext.length - 1},
		};

		eap_write_psk_sealed(w, code, identifier, &psk, &part, keys);
	}
	if (spoilt == 2 || (spoilt == 1 && number > 3))
		spoil(w, w->length - plaintext.length - 1);
}

static void derive_gpsk(struct talk *t, const struct eap_gpsk *gpsk)
{
	const struct eap_gpsk_input input = {
		.suite = t->suite,
		.psk = {t->gpsk_key, 32},
		.rand_peer = gpsk->rand_peer.octets,
		.rand_server = gpsk->rand_server.octets,
		.id_peer = gpsk->id_peer,
		.id_server = gpsk->id_server,
	};

	eap_gpsk_derive(&t->gpsk_keys, &input);
}

/* A PD_Payload_Block around `plaintext`, which is encrypted as it is; the first octet gives the
 * octets of the IV. */
static void write_block(struct talk *t, struct writer *w, struct octets plaintext)
{
	uint8_t iv[16];
	size_t at;

	memset(iv, plaintext.octets[0], 16);
	write_u8(w, t->suite->encrypts ? 16 : 0);
	if (t->suite->encrypts)
		write_octets(w, iv, 16);
	at = w->length;
	write_octets(w, plaintext.octets + 1, plaintext.length - 1);
	eap_gpsk_encrypt(t->suite, &t->gpsk_keys.pk, iv, w->octets + at, w->octets + at,
			 plaintext.length - 1);
}

/* Opcodes; 7 is the peer's replay of 5. */
static void speak_gpsk(struct talk *t, struct writer *w, int opcode, int spoilt,
		       struct octets plaintext)
{
	static const uint8_t list[12] = {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2};
	bool request = opcode == 1 || opcode == 3 || opcode == 5 || opcode == 6;
	uint8_t identifier = request ? ++t->identifier : t->identifier;
	enum eap_code code = request ? EAP_REQUEST : EAP_RESPONSE;
	uint8_t rand_server[32], rand_peer[32], block[1024];
	struct writer pd = writer_of(block, sizeof(block));
	struct eap_gpsk gpsk = {.opcode = (uint8_t)(opcode == 7 ? 5 : opcode)};

	gpsk.rand_server = filled(rand_server, t->rand, 32);
	gpsk.rand_peer = filled(rand_peer, (uint8_t)(t->rand + 1), 32);
	gpsk.id_server = text_of(server_id);
	gpsk.id_peer = text_of(peer_id);
	gpsk.csuite_list = (struct octets){list, 12};
	gpsk.csuite_sel = (struct octets){list + 6 * (t->suite->specifier - 1), 6};
	derive_gpsk(t, &gpsk);
	if (opcode > 4) {
		gpsk.failure_code = plaintext.octets[0];
	} else if (plaintext.length) {
		write_block(t, &pd, plaintext);
		gpsk.pd_payload = (struct octets){block, pd.length};
	}
	if (opcode == 1 || opcode == 5 || opcode == 7)
		eap_write_gpsk(w, code, identifier, &gpsk);
	else
		eap_write_gpsk_signed(w, code, identifier, &gpsk, t->suite, &t->gpsk_keys.sk);
	if (spoilt)
		spoil(w, w->length - 1);
}

static void speak_erp(struct talk *t, struct writer *w, bool finish, int spoilt,
		      struct octets content)
{
	struct eap_erp erp = {
		.seq = content.octets[0],
		.flags = content.length > 1 ? content.octets[1] : 0,
		.has_cryptosuite = true,
		.cryptosuite = content.length > 2 ? content.octets[2] : 2,
	};
	struct secret rik;

	erp.keyname_nai = text_of("0123456789abcdef@lab.example");
	erp_rik(&t->rrk, erp.cryptosuite, &rik);
	eap_write_erp_signed(w, finish ? EAP_FINISH : EAP_INITIATE,
			     finish ? t->identifier : ++t->identifier, EAP_ERP_REAUTH, &erp, &rik);
	if (spoilt)
		spoil(w, w->length - 1);
}

static void speak_identity(struct talk *t)
{
	struct writer w = writer_of(t->octets, sizeof(t->octets));

	eap_write_typed(&w, EAP_REQUEST, ++t->identifier, EAP_TYPE_IDENTITY,
			(struct octets){NULL, 0});
	t->length = w.length;
	talk_octets(t, t->octets, t->length);
	w = writer_of(t->octets, sizeof(t->octets));
	eap_write_typed(&w, EAP_RESPONSE, t->identifier, EAP_TYPE_IDENTITY, text_of(peer_id));
	t->length = w.length;
	talk_octets(t, t->octets, t->length);
}

/* The rest of a text, as octets. */
static struct octets octets_of(struct talk *t, char *text, uint8_t *octets, size_t size)
{
	struct writer w = writer_of(octets, size);

	write_plain(t, &w, text);
	return (struct octets){octets, w.length};
}

static void speak(struct talk *t, char *text)
{
	struct writer w = writer_of(t->octets, sizeof(t->octets));
	uint8_t content[2048];
	char name[16] = "";
	int length = 0, spoilt;
	struct octets rest;

	sscanf(text, "@%15[a-z0-9]%n", name, &length);
	spoilt = (text[length] == '!') + (text[length] == '!' && text[length + 1] == '!');
	rest = octets_of(t, text + length + spoilt, content, sizeof(content));
	if (!strcmp(name, "id")) {
		speak_identity(t);
		return;
	} else if (!strcmp(name, "suite")) {
		t->suite = eap_gpsk_suite_find(0, content[0]);
		return;
	} else if (!strcmp(name, "rand")) {
		t->rand = content[0];
		return;
	} else if (!strcmp(name, "eapol") || !strcmp(name, "radius")) {
		t->p.carrier = *name == 'e' ? CARRIER_EAPOL : CARRIER_RADIUS;
		return;
	} else if (!strcmp(name, "again")) {
		talk_octets(t, t->octets, t->length);
		return;
	} else if (!strncmp(name, "psk", 3)) {
		speak_psk(t, &w, name[3] - '0', spoilt, rest);
	} else if (!strncmp(name, "gpsk", 4)) {
		speak_gpsk(t, &w, name[4] - '0', spoilt, rest);
	} else if (!strcmp(name, "fail")) {
		speak_gpsk(t, &w, 5, spoilt, rest);
	} else if (!strcmp(name, "pfail")) {
		speak_gpsk(t, &w, 6, spoilt, rest);
	} else if (!strcmp(name, "failed")) {
		speak_gpsk(t, &w, 7, spoilt, rest);
	} else if (!strcmp(name, "init") || !strcmp(name, "finish")) {
		speak_erp(t, &w, *name == 'f', spoilt, rest);
	} else if (!strcmp(name, "success") || !strcmp(name, "failure")) {
		eap_write_bare(&w, *name == 's' ? EAP_SUCCESS : EAP_FAILURE, t->identifier);
	} else {
		fprintf(stderr, "no such message: %s\n", text);
		abort();
	}
	t->length = w.length;
	talk_octets(t, t->octets, t->length);
}

void talk(struct talk *t, const char *text)
{
	char **messages = g_strsplit(text, "|", -1);

	for (size_t i = 0; messages[i]; i++) {
		char *message = g_strstrip(messages[i]);
		struct writer w = writer_of(t->octets, sizeof(t->octets));

		if (*message == '@') {
			speak(t, message);
		} else if (*message) {
			write_plain(t, &w, message);
			t->length = w.length;
			talk_octets(t, t->octets, t->length);
		}
	}
	g_strfreev(messages);
}
