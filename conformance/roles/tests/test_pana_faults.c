/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fault tables: every fault names a rule that binds its role, and can be seen from outside: the
 * passive rules note it in some ordinary session, or, where a faulty role takes what it should not,
 * or breaks a rule that only its peer can judge, a counterpart sees it.
 */
#include <criterion/criterion.h>

#include "conformance/roles/pana_faults.h"
#include "conformance/roles/pana_paa.h"
#include "conformance/roles/pana_pac.h"
#include "pana_pair.h"

#include <stdio.h>
#include <string.h>

/* Faults of the EAP end stand behind these, and are tested with it. */
static const struct {
	const char *role;
	size_t count;
} own[] = {
	{"pana.pac", PANA_PAC_FAULTS},
	{"pana.paa", PANA_PAA_FAULTS},
	{"pana.pre", PANA_PRE_FAULTS},
};

static const struct rule *rule_of(const char *id)
{
	for (size_t i = 0; i < pana_protocol.rule_count; i++) {
		if (!strcmp(pana_protocol.rules[i].id, id))
			return &pana_protocol.rules[i];
	}
	return NULL;
}

Test(pana_faults, each_names_a_rule_that_binds_its_role)
{
	for (size_t i = 0; i < 3; i++) {
		const struct role_kind *kind = role_kind_of(own[i].role);

		for (size_t j = 0; j < own[i].count; j++) {
			const struct fault *f = &kind->faults[j];
			const struct rule *rule = rule_of(f->rule);

			cr_expect(rule, "%s %s: no rule %s", kind->name, f->name, f->rule);
			cr_expect(!rule || strstr(rule->role, kind->name), "%s %s: %s binds %s",
				  kind->name, f->name, f->rule, rule ? rule->role : "");
		}
	}
}

Test(pana_faults, every_must_that_binds_a_role_has_one)
{
	for (size_t i = 0; i < pana_protocol.rule_count; i++) {
		const struct rule *rule = &pana_protocol.rules[i];

		for (size_t j = 0; j < 3 && rule->level == RULE_MUST; j++) {
			const struct role_kind *kind = role_kind_of(own[j].role);
			bool found = !strstr(rule->role, kind->name);

			for (size_t k = 0; k < own[j].count; k++)
				found |= !strcmp(kind->faults[k].rule, rule->id);
			cr_expect(found, "%s: no fault breaks %s", kind->name, rule->id);
		}
	}
}

Test(pana_faults, names_are_unique_in_each_role)
{
	for (size_t i = 0; i < 3; i++) {
		const struct role_kind *kind = role_kind_of(own[i].role);

		for (size_t j = 0; j < kind->fault_count; j++) {
			for (size_t k = 0; k < j; k++)
				cr_expect_str_neq(kind->faults[j].name, kind->faults[k].name,
						  "%s: %s twice", kind->name, kind->faults[j].name);
		}
	}
}

static void prepare(struct pair *p, const char *role, const char *fault)
{
	pair_prepare(p, 7);
	if (!strcmp(role, "pana.pac"))
		p->pac_settings.fault = fault;
	else if (!strcmp(role, "pana.paa"))
		p->paa_settings.fault = fault;
	else
		pair_relay(p, fault);
}

Test(pana_faults, happy_ones_leave_the_happy_path)
{
	for (size_t i = 0; i < 3; i++) {
		const struct role_kind *kind = role_kind_of(own[i].role);
		unsigned happy = 0;

		for (size_t j = 0; j < own[i].count; j++) {
			struct pair p;
			bool relay = !strcmp(kind->name, "pana.pre");

			prepare(&p, kind->name, kind->faults[j].name);
			pair_add(&p);
			happy += kind->faults[j].happy;
			if (!relay)
				cr_expect_eq(pair_open(&p) || pair_until(&p, "OPEN", "OPEN", 10),
					     kind->faults[j].happy, "%s %s: %s, %s", kind->name,
					     kind->faults[j].name, p.pac->kind->state(p.pac),
					     p.paa->kind->state(p.paa));
			room_close(&p.room);
		}
		printf("%s: %zu faults, %u happy\n", kind->name, own[i].count, happy);
		if (strcmp(kind->name, "pana.pre"))
			cr_expect_geq(happy * 5, own[i].count * 4, "%s", kind->name);
	}
}

/* ---- what the passive rules see ---- */

enum circumstances {
	PLAIN,
	ACKNOWLEDGED, /* EAP responses in PAR of their own */
	ENCRYPTED,
	ENCRYPTED_LONG, /* no re-authentication; many pings */
	REFUSING,
	FAILING, /* no method in common */
	RELAYED,
	EXPIRING, /* the PaC cannot begin a re-authentication */
	CIRCUMSTANCES
};

static bool is_reauth_request(const uint8_t *octets, size_t length)
{
	return length >= PANA_HEADER_SIZE && octets[7] == PANA_NOTIFICATION &&
	       octets[4] == (PANA_FLAG_R | PANA_FLAG_A) >> 8;
}

static bool no_reauth_request(struct room *room, struct role *from, uint8_t *octets, size_t *length)
{
	(void)room;
	return strcmp(from->kind->name, "pana.pac") != 0 || !is_reauth_request(octets, *length);
}

static void set_circumstances(struct pair *p, enum circumstances c)
{
	p->pac_settings.piggyback = c != ACKNOWLEDGED;
	if (c == ENCRYPTED || c == ENCRYPTED_LONG)
		p->pac_settings.encryption_count = p->paa_settings.encryption_count = 1;
	p->paa_settings.refuse = c == REFUSING;
	if (c == FAILING) {
		p->pac_settings.methods[0] = METHOD_PSK;
		p->paa_settings.methods[0] = METHOD_GPSK_1;
		p->pac_settings.methods[1] = p->paa_settings.methods[1] = METHOD_NONE;
	}
	if (c == EXPIRING) {
		p->paa_settings.lifetime = 20;
		p->room.filter = no_reauth_request;
	}
	if (c == RELAYED && !p->pre)
		pair_relay(p, NULL);
}

static void say(struct pair *p, struct role *r, const char *command)
{
	pair_command(r, command);
	room_run(&p->room, 2);
}

static void ordinary_life(struct pair *p, enum circumstances c, bool paa_ends)
{
	pair_open(p);
	if (c == EXPIRING)
		room_run(&p->room, 22);
	for (unsigned i = 0; i < (c == ENCRYPTED_LONG ? 9u : 1u); i++) {
		say(p, p->pac, "ping");
		say(p, p->paa, "ping");
	}
	if (c != ENCRYPTED_LONG) {
		say(p, p->pac, "move 10.0.0.9:40000");
		say(p, p->pac, "reauth");
		say(p, p->pac, "ping");
		say(p, p->paa, "ping");
		say(p, p->paa, "reauth");
	}
	say(p, paa_ends ? p->paa : p->pac, "terminate");
}

static bool is_noted(const char *role, const struct fault *f)
{
	for (unsigned i = 0; i < 2 * CIRCUMSTANCES; i++) {
		enum circumstances c = (enum circumstances)(i / 2);
		struct pair p;
		bool noted;

		prepare(&p, role, f->name);
		set_circumstances(&p, c);
		pair_add(&p);
		ordinary_life(&p, c, i % 2);
		noted = room_noted(&p.room, f->rule);
		room_close(&p.room);
		if (noted)
			return true;
	}
	return false;
}

/* Seen by counterparts only: the tests below. */
static const char *const not_noted[] = {
	"auth-not-verified",
	"auth-not-demanded",
	"auth-size-not-checked",
	"sequence-not-checked",
	"answer-not-matched",
	"invalid-taken",
	/* and those of test_pana_behaviour.c */
	"duplicate-ignored",
	"silence-ignored",
	"reserved-not-ignored",
	"hmac-sha1-missing",
	"encap-policy-not-checked",
	"pci-stops",
	"last-par-not-answered",
	"par-before-reauth-answer",
	"lifetime-taken-anywhere",
	"pci-ignored",
	"pci-after-par",
	"session-unknown-answered",
	"address-kept",
	"pry-ignored",
	"pana.pac sequence-reset",
	"pana.pac key-id-missing",
};

static bool is_in(const char *role, const char *fault)
{
	char both[100];

	snprintf(both, sizeof(both), "%s %s", role, fault);
	for (size_t i = 0; i < sizeof(not_noted) / sizeof(not_noted[0]); i++) {
		if (!strcmp(not_noted[i], fault) || !strcmp(not_noted[i], both))
			return true;
	}
	return false;
}

Test(pana_faults, what_is_sent_wrongly_is_noted_under_its_rule, .timeout = 200)
{
	for (size_t i = 0; i < 3; i++) {
		const struct role_kind *kind = role_kind_of(own[i].role);

		for (size_t j = 0; j < own[i].count; j++) {
			const struct fault *f = &kind->faults[j];

			cr_expect_eq(is_noted(kind->name, f), !is_in(kind->name, f->name),
				     "%s %s: %s", kind->name, f->name, f->rule);
		}
	}
}

/* No note of a MUST without a fault, in none of the circumstances. */
Test(pana_faults, without_a_fault_nothing_is_noted_in_any_circumstances)
{
	for (unsigned i = 0; i < 2 * CIRCUMSTANCES; i++) {
		enum circumstances c = (enum circumstances)(i / 2);
		struct pair p;

		prepare(&p, "pana.pac", NULL);
		set_circumstances(&p, c);
		pair_add(&p);
		ordinary_life(&p, c, i % 2);
		cr_expect_null(room_first_note(&p.room), "circumstances %u: %s", i,
			       room_first_note(&p.room));
		room_close(&p.room);
	}
}

/* ---- what a counterpart sees ---- */

struct counterpart {
	struct pair p;
	struct role *faulty, *other;
	struct pana_end *end; /* of the other */
};

static void counterpart_open(struct counterpart *c, const char *role, const char *fault)
{
	bool pac = !strcmp(role, "pana.pac");

	prepare(&c->p, role, fault);
	pair_add(&c->p);
	cr_assert(pair_open(&c->p));
	c->faulty = pac ? c->p.pac : c->p.paa;
	c->other = pac ? c->p.paa : c->p.pac;
	c->end = pac ? &((struct pana_paa *)c->other)->current->end
		     : &((struct pana_pac *)c->other)->end;
}

/* A ping of the other end, as it would send it, to be changed. */
static size_t craft(struct counterpart *c, enum pana_kind kind, const char *how, uint8_t *octets,
		    size_t size)
{
	struct end_draft d = end_draft(c->end, kind, PANA_FLAG_P);
	size_t length;

	if (!c->end->counting) {
		c->end->sequence_out = 1000;
		c->end->counting = true;
	}
	d.sequence = kind == PANA_PNR ? c->end->sequence_out : c->end->sequence_in;
	if (!strcmp(how, "no auth"))
		d.sa = NULL;
	if (!strcmp(how, "sequence"))
		d.sequence += 5;
	if (!strcmp(how, "avp"))
		draft_octets(&d, PANA_AVP_NONCE, (const uint8_t *)"12345678", 8);
	length = end_write(c->end, &d, octets, size);
	if (!strcmp(how, "auth"))
		octets[length - 1] ^= 1;
	if (!strcmp(how, "short")) {
		length -= integrity_length(c->end->integrity) - 8;
		octets[3] = (uint8_t)length;
		octets[length - 8 - 4 + 1] = 8;
	}
	return length;
}

/* True if the role answers a ping that has been changed in this way. */
static bool answers_ping(const char *role, const char *fault, const char *how)
{
	struct counterpart c;
	uint8_t octets[512];
	unsigned before;
	size_t length;
	bool answered;

	counterpart_open(&c, role, fault);
	/* A right one first: the sequence number is settled. */
	cr_assert(pair_command(c.other, "ping"));
	room_run(&c.p.room, 2);
	cr_assert_eq(room_count(&c.p.room, c.other, ROLE_ALIVE), 1);
	length = craft(&c, PANA_PNR, how, octets, sizeof(octets));
	before = c.p.room.sent[c.faulty == c.p.pac];
	room_inject(&c.p.room, c.faulty, c.other->settings.local, octets, length);
	answered = c.p.room.sent[c.faulty == c.p.pac] > before;
	room_close(&c.p.room);
	return answered;
}

static const struct {
	const char *fault, *how;
} taken[] = {
	{"auth-not-verified", "auth"},      {"auth-not-demanded", "no auth"},
	{"auth-size-not-checked", "short"}, {"sequence-not-checked", "sequence"},
	{"invalid-taken", "avp"},
};

Test(pana_faults, what_is_taken_wrongly_is_answered)
{
	for (size_t i = 0; i < 2; i++) {
		for (size_t j = 0; j < sizeof(taken) / sizeof(taken[0]); j++) {
			cr_expect(answers_ping(own[i].role, taken[j].fault, taken[j].how), "%s %s",
				  own[i].role, taken[j].fault);
			cr_expect_not(answers_ping(own[i].role, NULL, taken[j].how), "%s %s",
				      own[i].role, taken[j].how);
		}
		cr_expect(answers_ping(own[i].role, NULL, "not at all"));
	}
}

static bool takes_wrong_answer(const char *role, const char *fault)
{
	struct counterpart c;
	uint8_t octets[512];
	size_t length;
	bool taken_for_it;

	counterpart_open(&c, role, fault);
	c.p.room.loss = 100;
	cr_assert(pair_command(c.faulty, "ping"));
	length = craft(&c, PANA_PNA, "sequence", octets, sizeof(octets));
	room_inject(&c.p.room, c.faulty, c.other->settings.local, octets, length);
	taken_for_it = room_count(&c.p.room, c.faulty, ROLE_ALIVE) > 0;
	room_close(&c.p.room);
	return taken_for_it;
}

Test(pana_faults, answer_to_another_request_is_taken)
{
	for (size_t i = 0; i < 2; i++) {
		cr_expect(takes_wrong_answer(own[i].role, "answer-not-matched"), "%s", own[i].role);
		cr_expect_not(takes_wrong_answer(own[i].role, NULL), "%s", own[i].role);
	}
}

/* The PAA discards what this PaC sends: no re-authentication comes to its end. */
Test(pana_faults, pac_whose_reauthentication_no_paa_accepts)
{
	static const char *const faults[] = {"sequence-reset", "key-id-missing", NULL};

	for (size_t i = 0; i < 3; i++) {
		struct counterpart c;

		counterpart_open(&c, "pana.pac", faults[i]);
		say(&c.p, c.p.pac, "ping");
		say(&c.p, c.p.pac, "reauth");
		cr_expect_eq(room_count(&c.p.room, c.p.paa, ROLE_AUTHENTICATED), faults[i] ? 1 : 2,
			     "%s", faults[i]);
		room_close(&c.p.room);
	}
}
