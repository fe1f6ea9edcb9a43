/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an EAP conversation remembers and tells: digests, identities, keys, a description. */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "protocols/crypto/kdf.h"
#include "session.h"

/* ---- octets ---- */

/* FNV-1a, 64 bits. */
struct eap_digest eap_digest_of(struct octets octets)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (size_t i = 0; i < octets.length; i++)
		hash = (hash ^ octets.octets[i]) * 0x100000001b3;
	return (struct eap_digest){hash, octets.length};
}

bool eap_digest_same(const struct eap_digest *a, const struct eap_digest *b)
{
	return a->hash == b->hash && a->length == b->length;
}

void eap_forget(struct eap_kept *kept)
{
	g_free(kept->octets);
	*kept = (struct eap_kept){NULL, 0};
}

void eap_keep(struct eap_kept *kept, struct octets octets)
{
	eap_forget(kept);
	if (!octets.octets || octets.length > EAP_KEPT_MAX)
		return;
	kept->octets = g_malloc(octets.length + 1);
	kept->length = octets.length;
	if (octets.length)
		memcpy(kept->octets, octets.octets, octets.length);
}

char *eap_identity_text(struct octets identity)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < identity.length && text->len + 4 < KEY_IDENTITY_MAX; i++) {
		if (identity.octets[i])
			g_string_append_c(text, (char)identity.octets[i]);
		else
			g_string_append(text, "\\x00");
	}
	return g_string_free(text, FALSE);
}

/* ---- saying ---- */

void eap_event_note(const struct eap_event *e, const struct rule *rule, const struct field *field,
		    struct octets part, const char *wanted, const char *format, ...)
{
	char found[NOTE_TEXT_SIZE];
	va_list arguments;

	if (!e->r)
		return;
	va_start(arguments, format);
	vsnprintf(found, sizeof(found), format, arguments);
	va_end(arguments);
	if (!part.octets)
		part = e->m->octets;
	reader_note(e->r, rule, field, e->origin + eap_offset(e->m, part), part.length, wanted,
		    "%s", found);
}

void eap_event_verdict(const struct eap_event *e, const struct field *field, struct octets part,
		       enum verdict verdict, const struct rule *rule)
{
	conversation_verdict(e->base, e->r, field, e->origin + eap_offset(e->m, part), part.length,
			     verdict);
	if (verdict == VERDICT_FORGED)
		eap_event_note(e, rule, field, part, "a value that is right under the key",
			       "another one, though others of this key were right");
}

void eap_event_key(const struct eap_event *e, const struct field *field, const struct secret *key)
{
	if (key->length)
		reader_octets(e->r, field, e->origin, 0, key->octets, key->length);
}

/* ---- keys ---- */

enum eap_found eap_try_keys(const struct eap_conversation *c, enum key_type type,
			    const char *const *identities, size_t count,
			    bool (*right)(void *context, struct octets key), void *context)
{
	enum eap_found found = EAP_NO_KEY;

	if (type != KEY_EMSK && eap_conversation_proven(c)) {
		found = EAP_NONE_VERIFIES;
		if (right(context, (struct octets){c->proven, c->proven_length}))
			return EAP_VERIFIES;
	}
	for (size_t i = 0; i <= count; i++) {
		const char *identity = i < count ? identities[i] : "*";
		const struct key_row *row = NULL;

		if (!identity)
			continue;
		while ((row = key_store_next(c->keys, type, identity, row))) {
			if (strcmp(row->identity, identity) != 0)
				continue;
			found = EAP_NONE_VERIFIES;
			if (right(context, (struct octets){row->octets, row->length}))
				return EAP_VERIFIES;
		}
	}
	return found;
}

bool eap_conversation_proven(const struct eap_conversation *c)
{
	const char *identity = eap_conversation_identity(c);

	return c->proven && !g_strcmp0(c->proven_for, identity);
}

static void forget_proven(struct eap_conversation *c)
{
	if (c->proven)
		secret_wipe(c->proven, c->proven_length);
	g_free(c->proven);
	g_free(c->proven_for);
}

void eap_conversation_prove(struct eap_conversation *c, struct octets key)
{
	uint8_t *copy;

	copy = g_malloc(key.length + 1);
	if (key.length)
		memcpy(copy, key.octets, key.length);
	forget_proven(c);
	c->proven = copy;
	c->proven_length = key.length;
	c->proven_for = g_strdup(eap_conversation_identity(c));
}

/* The EMSK is filed under its name too, by which ERP calls it (RFC 6696 5.3.2). */
static void file_keys(const struct eap_event *e, const uint8_t name[EMSK_NAME_LENGTH], bool named)
{
	struct eap_conversation *c = e->c;
	const char *identity = eap_conversation_identity(c);
	char hexadecimal[2 * EMSK_NAME_LENGTH + 1];

	if (identity) {
		key_store_add_derived(c->keys, KEY_MSK, identity, c->msk.octets, c->msk.length,
				      e->p->frame);
		key_store_add_derived(c->keys, KEY_EMSK, identity, c->emsk.octets, c->emsk.length,
				      e->p->frame);
	}
	if (!named)
		return;
	for (size_t i = 0; i < EMSK_NAME_LENGTH; i++)
		snprintf(hexadecimal + 2 * i, 3, "%02x", name[i]);
	key_store_add_derived(c->keys, KEY_EMSK, hexadecimal, c->emsk.octets, c->emsk.length,
			      e->p->frame);
}

void eap_event_keys(const struct eap_event *e, const struct secret *msk, const struct secret *emsk,
		    const struct eap_session_id *id, bool verified)
{
	struct eap_conversation *c = e->c;
	uint8_t name[EMSK_NAME_LENGTH];
	bool named;

	c->msk = *msk;
	if (c->erp)
		c->erp->foreseen = false;
	c->emsk = *emsk;
	c->session_id = *id;
	c->keys_verified = verified;
	if (!verified)
		return;
	named = kdf_emsk_name((struct octets){id->octets, id->length}, name);
	file_keys(e, name, named);
	eap_event_key(e, F(KEY_MSK), msk);
	eap_event_key(e, F(KEY_EMSK), emsk);
	reader_octets(e->r, F(KEY_SESSION_ID), e->origin, 0, id->octets, id->length);
	if (named)
		reader_octets(e->r, F(KEY_EMSK_NAME), e->origin, 0, name, sizeof(name));
}

/* ---- life ---- */

struct eap_conversation *eap_conversation_new(struct key_store *keys)
{
	struct eap_conversation *c = g_new0(struct eap_conversation, 1);

	c->keys = keys;
	return c;
}

void eap_conversation_restart(struct eap_conversation *c)
{
	struct eap_conversation fresh = {
		.keys = c->keys,
		.has_sides = c->has_sides,
		.peer = c->peer,
		.authenticator = c->authenticator,
		.identity = c->identity,
		.proven = c->proven,
		.proven_length = c->proven_length,
		.proven_for = c->proven_for,
		.psk = c->psk,
		.gpsk = c->gpsk,
		.erp = c->erp,
	};

	g_free(c->peer_id);
	g_free(c->server_id);
	secret_clear(&c->msk);
	secret_clear(&c->emsk);
	if (c->psk)
		eap_psk_restart(c->psk);
	if (c->gpsk)
		eap_gpsk_restart(c->gpsk);
	if (c->erp)
		c->erp->foreseen = false;
	*c = fresh;
}

void eap_conversation_free(struct eap_conversation *c)
{
	if (!c)
		return;
	eap_conversation_restart(c);
	eap_psk_free(c->psk);
	eap_gpsk_free(c->gpsk);
	eap_erp_free(c->erp);
	forget_proven(c);
	g_free(c->identity);
	g_free(c);
}

/* ---- telling ---- */

const struct secret *eap_conversation_msk(const struct eap_conversation *c)
{
	return &c->msk;
}

const struct secret *eap_conversation_emsk(const struct eap_conversation *c)
{
	return &c->emsk;
}

bool eap_conversation_keys_verified(const struct eap_conversation *c)
{
	return c->keys_verified;
}

const char *eap_conversation_identity(const struct eap_conversation *c)
{
	return c->peer_id ? c->peer_id : c->identity;
}

bool eap_conversation_key_generating(const struct eap_conversation *c)
{
	/* Key derivation: yes in their RFCs' or drafts' security claims. */
	static const uint8_t methods[] = {
		EAP_TYPE_TLS,      18 /* SIM */,  EAP_TYPE_TTLS, 23 /* AKA */, EAP_TYPE_PEAP,
		29 /* MSCHAPv2 */, EAP_TYPE_FAST, 46 /* PAX */,  EAP_TYPE_PSK, 48 /* SAKE */,
		49 /* IKEv2 */,    50 /* AKA' */, EAP_TYPE_GPSK, 52 /* pwd */, 53 /* EKE */,
		EAP_TYPE_TEAP,     56 /* NOOB */,
	};

	if (c->reauthentication)
		return true;
	return c->method && memchr(methods, c->method, sizeof(methods));
}

unsigned eap_conversation_outcome(const struct eap_conversation *c)
{
	return c->outcome;
}

static void say_text(struct reader *r, const struct field *field, const char *text)
{
	if (text)
		reader_octets(r, field, 0, 0, (const uint8_t *)text, strlen(text));
}

static const char *state_of(const struct eap_conversation *c)
{
	if (c->outcome == EAP_SUCCESS)
		return c->reauthentication ? "re-authenticated" : "success";
	if (c->outcome == EAP_FAILURE)
		return c->reauthentication ? "re-authentication refused" : "failure";
	if (c->erp && c->erp->awaiting)
		return "re-authentication requested";
	if (c->method_finished)
		return "method finished, outcome awaited";
	if (c->method_answered)
		return "method under way";
	if (c->method)
		return c->response.nak ? "method refused" : "method proposed";
	if (c->identity)
		return "identity known";
	return c->request.seen ? "identity requested" : "just begun";
}

void eap_conversation_say(const struct eap_conversation *c, struct reader *r)
{
	if (!r)
		return;
	say_text(r, F(SESSION_IDENTITY), c->identity);
	say_text(r, F(SESSION_PEER_ID), c->peer_id);
	say_text(r, F(SESSION_SERVER_ID), c->server_id);
	if (c->method)
		reader_number(r, F(SESSION_METHOD), 0, 0, c->method);
	reader_statement(r, F(SESSION_STATE), "%s", state_of(c));
}

void eap_conversation_describe_ends(const struct eap_conversation *c, struct reader *r)
{
	char text[ENDPOINT_TEXT_SIZE];

	if (!r || !c->has_sides)
		return;
	reader_statement(r, F(SESSION_PEER), "%s", endpoint_text(&c->peer, text));
	reader_statement(r, F(SESSION_AUTHENTICATOR), "%s", endpoint_text(&c->authenticator, text));
}

void eap_conversation_describe(const struct eap_conversation *c, struct reader *r)
{
	if (!r)
		return;
	eap_conversation_say(c, r);
	if (c->outcome)
		reader_number(r, F(SESSION_OUTCOME), 0, 0, c->outcome);
	if (!c->keys_verified)
		return;
	if (c->msk.length)
		reader_octets(r, F(KEY_MSK), 0, 0, c->msk.octets, c->msk.length);
	if (c->emsk.length)
		reader_octets(r, F(KEY_EMSK), 0, 0, c->emsk.octets, c->emsk.length);
}
