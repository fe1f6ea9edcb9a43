/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of the EAP ends for tests (struct role_kind, craft and seal): what case files name with
 * the words of engine/message.h, with the identifier and randoms of the conversation under way.
 */
#include <glib.h>
#include <string.h>

#include "eap_peer.h"
#include "eap_server.h"

/* ---- words ---- */

struct wish {
	uint8_t code, type;
	bool has_step;
	unsigned step; /* T, OP-Code, or ERP's type */
};

static const struct {
	const char *word;
	uint8_t code, type;
	int step; /* -1: none */
} words_known[] = {
	{"Request", EAP_REQUEST, 0, -1},
	{"Response", EAP_RESPONSE, 0, -1},
	{"Success", EAP_SUCCESS, 0, -1},
	{"Failure", EAP_FAILURE, 0, -1},
	{"Initiate", EAP_INITIATE, 0, -1},
	{"Finish", EAP_FINISH, 0, -1},
	{"Identity", 0, EAP_TYPE_IDENTITY, -1},
	{"Notification", 0, EAP_TYPE_NOTIFICATION, -1},
	{"Nak", 0, EAP_TYPE_NAK, -1},
	{"MD5", 0, EAP_TYPE_MD5, -1},
	{"TLS", 0, EAP_TYPE_TLS, -1},
	{"TTLS", 0, EAP_TYPE_TTLS, -1},
	{"PEAP", 0, EAP_TYPE_PEAP, -1},
	{"Expanded", 0, EAP_TYPE_EXPANDED, -1},
	{"PSK", 0, EAP_TYPE_PSK, EAP_PSK_1},
	{"PSK-1", 0, EAP_TYPE_PSK, EAP_PSK_1},
	{"PSK-2", 0, EAP_TYPE_PSK, EAP_PSK_2},
	{"PSK-3", 0, EAP_TYPE_PSK, EAP_PSK_3},
	{"PSK-4", 0, EAP_TYPE_PSK, EAP_PSK_4},
	{"GPSK", 0, EAP_TYPE_GPSK, EAP_GPSK_1},
	{"GPSK-1", 0, EAP_TYPE_GPSK, EAP_GPSK_1},
	{"GPSK-2", 0, EAP_TYPE_GPSK, EAP_GPSK_2},
	{"GPSK-3", 0, EAP_TYPE_GPSK, EAP_GPSK_3},
	{"GPSK-4", 0, EAP_TYPE_GPSK, EAP_GPSK_4},
	{"GPSK-Fail", 0, EAP_TYPE_GPSK, EAP_GPSK_FAIL},
	{"GPSK-Protected-Fail", 0, EAP_TYPE_GPSK, EAP_GPSK_PROTECTED_FAIL},
	{"Start", 0, 0, EAP_ERP_START},
	{"Reauth", 0, 0, EAP_ERP_REAUTH},
};

static void take_word(struct wish *wish, const char *word)
{
	guint64 number;

	for (size_t i = 0; i < G_N_ELEMENTS(words_known); i++) {
		if (g_ascii_strcasecmp(words_known[i].word, word) != 0)
			continue;
		if (words_known[i].code)
			wish->code = words_known[i].code;
		if (words_known[i].type)
			wish->type = words_known[i].type;
		if (words_known[i].step >= 0) {
			wish->has_step = true;
			wish->step = (unsigned)words_known[i].step;
		}
		return;
	}
	if (g_ascii_string_to_unsigned(word, 10, 0, 255, &number, NULL))
		wish->type = (uint8_t)number;
}

/* `code` is what the end sends of itself. */
static struct wish wish_of(uint8_t code, const char *kind, const char *const *words, size_t count)
{
	struct wish wish = {.code = code};

	take_word(&wish, kind);
	for (size_t i = 0; i < count; i++)
		take_word(&wish, words[i]);
	return wish;
}

/* ---- messages that no method makes ---- */

/* What stands behind the type, so that the message is one of its type. */
static struct octets data_of(uint8_t type, bool request, const char *identity)
{
	static const uint8_t challenge[17] = {16}, flags_start[] = {0x20}, none[] = {0};
	static const uint8_t vendor[] = {0x12, 0x34, 0x56, 0, 0, 0, 9};
	static const char text[] = "Assay: this is a notification";

	switch (type) {
	case EAP_TYPE_IDENTITY:
		return request ? (struct octets){none, 0} : octets_of_text(identity);
	case EAP_TYPE_NOTIFICATION:
		return (struct octets){(const uint8_t *)text, request ? sizeof(text) - 1 : 0};
	case EAP_TYPE_NAK:
		return (struct octets){none, 1};
	case EAP_TYPE_MD5:
		return (struct octets){challenge, sizeof(challenge)};
	case EAP_TYPE_TLS:
	case EAP_TYPE_TTLS:
	case EAP_TYPE_PEAP:
		return (struct octets){flags_start, 1};
	case EAP_TYPE_EXPANDED:
		return (struct octets){vendor, sizeof(vendor)};
	default:
		return (struct octets){none, 0};
	}
}

/* A message of a method, made on a copy of its state, or on a fresh one. */
static bool craft_method(struct role *owner, const struct wish *wish, bool server,
			 const struct eap_method *current, const void *state, uint8_t identifier,
			 struct writer *w)
{
	const struct eap_method *m =
		wish->type == EAP_TYPE_PSK ? &eap_psk_method : &eap_gpsk_method;
	size_t size = server ? m->server_size : m->peer_size;
	void *copy = g_malloc0(size);
	bool made;

	if (current == m && state)
		memcpy(copy, state, size);
	made = m->craft(copy, owner, server, wish->step, identifier, w);
	secret_wipe(copy, size);
	g_free(copy);
	return made && !w->full;
}

static bool craft_plain(const struct wish *wish, const char *identity, uint8_t identifier,
			struct writer *w)
{
	if (wish->code == EAP_SUCCESS || wish->code == EAP_FAILURE)
		eap_write_bare(w, wish->code, identifier);
	else
		eap_write_typed(w, wish->code, identifier, wish->type,
				data_of(wish->type, wish->code == EAP_REQUEST, identity));
	return !w->full;
}

static bool is_of_method(const struct wish *wish)
{
	return wish->has_step && (wish->type == EAP_TYPE_PSK || wish->type == EAP_TYPE_GPSK);
}

/* ---- the two ends ---- */

static bool craft_start(const struct eap_server *s, struct writer *w)
{
	struct eap_erp erp = {.domain_name = octets_of_text("assay.example")};
	struct erp_key *key = erp_keys_newest(s->owner);
	const char *realm = key ? strchr(key->nai, '@') : NULL;
	uint8_t identifier;

	role_random(s->owner, &identifier, 1);
	if (realm)
		erp.domain_name = octets_of_text(realm + 1);
	eap_write_erp(w, EAP_INITIATE, identifier, EAP_ERP_START, &erp);
	return !w->full;
}

/* Requests are new ones; Success and Failure end the Request outstanding. */
bool eap_server_craft(struct eap_server *s, const char *kind, const char *const *words,
		      size_t count, struct writer *w)
{
	struct wish wish = wish_of(EAP_REQUEST, kind, words, count);
	uint8_t identifier = (uint8_t)(s->current_id + (wish.code == EAP_REQUEST));

	if (wish.code == EAP_INITIATE)
		return craft_start(s, w);
	if (wish.code == EAP_FINISH || (wish.code == EAP_REQUEST && !wish.type))
		return false;
	if (is_of_method(&wish))
		return craft_method(s->owner, &wish, true, s->method, s->method_data, identifier,
				    w);
	return craft_plain(&wish, s->owner->settings.identity, identifier, w);
}

/* Responses answer the newest Request. */
bool eap_peer_craft(struct eap_peer *p, const char *kind, const char *const *words, size_t count,
		    struct writer *w)
{
	struct wish wish = wish_of(EAP_RESPONSE, kind, words, count);
	uint8_t identifier = (uint8_t)(p->last_id < 0 ? 0 : p->last_id);
	struct octets initiate;

	if (wish.code == EAP_INITIATE) {
		initiate = eap_peer_initiate(p)->message;
		write_octets(w, initiate.octets, initiate.length);
		return initiate.length > 0 && !w->full;
	}
	if (wish.code == EAP_FINISH || (wish.code == EAP_RESPONSE && !wish.type))
		return false;
	if (is_of_method(&wish))
		return craft_method(p->owner, &wish, false, p->selected, p->method, identifier, w);
	return craft_plain(&wish, p->owner->settings.identity, identifier, w);
}

/* ---- MACs anew ---- */

/* The tag of an Initiate or Finish under the rIK of the key that it names. */
static bool seal_erp(const struct role *owner, const struct erp_key *newest,
		     const struct eap_message *m, uint8_t *octets)
{
	const struct erp_key *key = erp_keys_find(owner, m->erp.keyname_nai);
	struct secret rik;
	bool right;

	key = key ? key : newest;
	if (!key || !m->erp.has_cryptosuite ||
	    m->erp.tag.length != erp_tag_length(m->erp.cryptosuite) || !m->erp.tag.length)
		return false;
	right = erp_rik(&key->rrk, m->erp.cryptosuite, &rik) &&
		erp_tag(m->erp.cryptosuite, &rik, &m->erp.covered, 1,
			octets + eap_offset(m, m->erp.tag));
	secret_clear(&rik);
	return right;
}

static bool seal(struct role *owner, bool server, const struct eap_method *method,
		 const void *state, uint8_t *octets, size_t length)
{
	struct walk w = walk_of(octets, length, NULL);
	struct eap_message m;

	eap_walk(&w, &m);
	if (!m.complete || !m.has_type)
		return false;
	if (m.code == EAP_INITIATE || m.code == EAP_FINISH)
		return seal_erp(owner, erp_keys_newest(owner), &m, octets);
	return state && method->type == m.method && m.data.length &&
	       method->seal(state, server, &m, octets);
}

bool eap_server_seal(struct eap_server *s, uint8_t *octets, size_t length)
{
	return seal(s->owner, true, s->method, s->method_data, octets, length);
}

bool eap_peer_seal(struct eap_peer *p, uint8_t *octets, size_t length)
{
	return seal(p->owner, false, p->selected, p->method, octets, length);
}
