/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eap_pair.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct pair *pair_of(struct environment *e)
{
	return (struct pair *)((char *)e - offsetof(struct pair, environment));
}

static uint64_t pair_now(struct environment *e)
{
	return pair_of(e)->now;
}

static void pair_random(struct environment *e, uint8_t *octets, size_t length)
{
	struct pair *p = pair_of(e);

	for (size_t i = 0; i < length; i++) {
		p->seed = p->seed * 6364136223846793005u + 1442695040888963407u;
		octets[i] = (uint8_t)(p->seed >> 56);
	}
}

static const struct environment_ops ops = {.now = pair_now, .random = pair_random};

static void keep_note(struct reader *r, const struct note *note)
{
	struct onlooker *o = (struct onlooker *)r;

	if (o->note_count < PAIR_NOTES)
		o->notes[o->note_count++] = note->rule;
}

static const struct reader_ops onlooker_ops = {.note = keep_note};

static void add_keys(struct key_store *keys)
{
	char error[256];

	cr_assert(key_store_add_text(keys, "eap-psk", "user1", "text:SecretPassphrase", error,
				     sizeof(error)),
		  "%s", error);
	cr_assert(key_store_add_text(keys, "eap-gpsk", "user1",
				     "text:0123456789abcdef0123456789abcdef", error, sizeof(error)),
		  "%s", error);
}

static void init_role(struct pair *p, struct role *r, struct role_kind *kind)
{
	r->kind = kind;
	r->environment = &p->environment;
	role_settings_default(&r->settings);
	r->settings.keys = p->keys;
	strcpy(r->settings.identity, "user1");
	strcpy(r->settings.server_identity, "server@lab.example");
}

void pair_init(struct pair *p, enum role_method method)
{
	memset(p, 0, sizeof(*p));
	p->environment.ops = &ops;
	p->now = 1000000000;
	p->seed = 1;
	p->keys = key_store_new();
	p->other_keys = key_store_new();
	p->onlooker.keys = key_store_new();
	add_keys(p->keys);
	add_keys(p->onlooker.keys);
	init_role(p, &p->peer_role, &p->peer_kind);
	init_role(p, &p->server_role, &p->server_kind);
	if (method != METHOD_NONE) {
		enum role_method only[METHODS] = {method};

		memcpy(p->peer_role.settings.methods, only, sizeof(only));
		memcpy(p->server_role.settings.methods, only, sizeof(only));
	}
	p->peer = eap_peer_new(&p->peer_role);
	p->server = eap_server_new(&p->server_role);
	p->onlooker.reader.ops = &onlooker_ops;
	p->onlooker.eap = eap_conversation_new(p->onlooker.keys);
	p->onlooker.peer.port = 1;
	p->onlooker.server.port = 2;
}

void pair_clear(struct pair *p)
{
	eap_peer_free(p->peer);
	eap_server_free(p->server);
	eap_conversation_free(p->onlooker.eap);
	erp_keys_free(p->peer_role.erp_keys);
	erp_keys_free(p->server_role.erp_keys);
	key_store_free(p->onlooker.keys);
	key_store_free(p->other_keys);
	key_store_free(p->keys);
}

static const struct fault *fault_of(const struct fault *faults, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(faults[i].name, name))
			return &faults[i];
	cr_assert_fail("no fault %s", name);
	return NULL;
}

void pair_fault(struct pair *p, const char *peer_fault, const char *server_fault)
{
	if (peer_fault)
		p->peer_role.fault = fault_of(eap_peer_faults, eap_peer_fault_count, peer_fault);
	if (server_fault)
		p->server_role.fault =
			fault_of(eap_server_faults, eap_server_fault_count, server_fault);
}

void pair_look(struct pair *p, struct octets message, bool from_server)
{
	struct onlooker *o = &p->onlooker;
	struct passage passage = {
		.frame = ++o->frame,
		.time = p->now,
		.carrier = CARRIER_UNKNOWN,
		.source = from_server ? o->server : o->peer,
		.destination = from_server ? o->peer : o->server,
	};
	struct walk w = walk_of(message.octets, message.length, &o->reader);
	struct eap_message m;

	eap_walk(&w, &m);
	eap_feed(o->eap, &o->base, &passage, &m, 0, &o->reader);
}

static void keep(struct pair *p, struct octets message)
{
	p->last_length = message.length;
	memcpy(p->last, message.octets, message.length);
}

static void trace(struct pair *p, const char *format, ...)
{
	size_t used = strlen(p->trace);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(p->trace + used, sizeof(p->trace) - used, format, arguments);
	va_end(arguments);
}

/* What tells methods' messages apart stands in the sixth octet: T, OP-Code, flags. */
static void trace_message(struct pair *p, const char *to, const uint8_t *octets, size_t length)
{
	trace(p, "%s%u", to, octets[0]);
	if (length > 4)
		trace(p, ".%u", octets[4]);
	if (length > 5 && octets[4] != EAP_TYPE_IDENTITY)
		trace(p, ".%02x", octets[5]);
	trace(p, "/%zu ", length);
}

static void trace_output(struct pair *p, const struct eap_output *out)
{
	if (out->success)
		trace(p, "success ");
	if (out->failure)
		trace(p, "failure ");
	if (out->discarded)
		trace(p, "discarded ");
}

static void keep_randoms(struct pair *p, const struct eap_message *m)
{
	if (m->method == EAP_TYPE_PSK && m->psk.rand_p.octets)
		memcpy(p->rand_p, m->psk.rand_p.octets, EAP_PSK_RAND);
	if (m->method == EAP_TYPE_PSK && m->psk.id_s.octets)
		memcpy(p->rand_s, m->psk.rand_s.octets, EAP_PSK_RAND);
	if (m->method != EAP_TYPE_GPSK)
		return;
	if (m->gpsk.opcode == EAP_GPSK_2 && m->gpsk.rand_server.octets)
		memcpy(p->rand_p, m->gpsk.rand_peer.octets, EAP_GPSK_RAND);
	if (m->gpsk.opcode == EAP_GPSK_1 && m->gpsk.rand_server.octets)
		memcpy(p->rand_s, m->gpsk.rand_server.octets, EAP_GPSK_RAND);
}

const struct eap_output *pair_poke(struct pair *p, struct octets message, bool to_peer)
{
	const struct eap_output *out;

	pair_look(p, message, to_peer);
	trace_message(p, to_peer ? "<" : ">", message.octets, message.length);
	if (to_peer) {
		out = eap_peer_receive(p->peer, message);
		p->peer_success |= out->success;
		p->peer_failure |= out->failure;
		p->peer_discarded |= out->discarded;
	} else {
		out = eap_server_receive(p->server, message);
		p->server_success |= out->success;
		p->server_failure |= out->failure;
		p->server_discarded |= out->discarded;
	}
	trace_output(p, out);
	if (out->message.length)
		trace_message(p, "=", out->message.octets, out->message.length);
	return out;
}

/* Hands one message over; what comes back stands in p->last. False: nothing. */
static bool hand_over(struct pair *p, bool to_peer)
{
	uint8_t octets[EAP_ROLE_OCTETS];
	size_t length = p->last_length;
	struct walk w = walk_of(p->last, length, NULL);
	struct eap_message m;
	const struct eap_output *out;

	eap_walk(&w, &m);
	keep_randoms(p, &m);
	memcpy(octets, p->last, length);
	p->count++;
	if (p->change && !p->change(p, to_peer, octets, &length))
		return false;
	out = pair_poke(p, (struct octets){octets, length}, to_peer);
	if (!out->message.length)
		return false;
	keep(p, out->message);
	return true;
}

void pair_go_on(struct pair *p, struct octets message, bool to_peer)
{
	if (!message.length)
		return;
	keep(p, message);
	for (int i = 0; i < 40 && hand_over(p, to_peer); i++)
		to_peer = !to_peer;
}

void pair_run(struct pair *p)
{
	const struct eap_output *out = eap_server_start(p->server);

	pair_go_on(p, out->message, true);
}

size_t pair_noted(const struct pair *p, const char *rule)
{
	size_t count = 0;

	for (size_t i = 0; i < p->onlooker.note_count; i++)
		count += !strcmp(p->onlooker.notes[i]->id, rule);
	return count;
}

size_t pair_breaches(const struct pair *p)
{
	size_t count = 0;

	for (size_t i = 0; i < p->onlooker.note_count; i++)
		count += p->onlooker.notes[i]->level != RULE_OPEN;
	return count;
}

const struct rule *pair_rule(const char *id)
{
	for (size_t i = 0; i < eap_protocol.rule_count; i++)
		if (!strcmp(eap_protocol.rules[i].id, id))
			return &eap_protocol.rules[i];
	return NULL;
}
