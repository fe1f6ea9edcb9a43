/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults of behaviour: what no message shows, but a counterpart that tries it. Each trial says
 * whether the role misbehaves; it does so with its fault and not without.
 */
#include <criterion/criterion.h>

#include "conformance/roles/pana_paa.h"
#include "conformance/roles/pana_pac.h"
#include "pana_pair.h"

#include <stdio.h>
#include <string.h>

/* The pair that a trial is made with; the tested role is of `role`. */
struct trial {
	struct pair p;
	struct role *tested, *other;
};

static unsigned sent_by(const struct trial *t, const struct role *r)
{
	return t->p.room.sent[r == t->p.pac];
}

static struct pana_end *end_of(struct trial *t, struct role *r)
{
	return r == t->p.pac ? &((struct pana_pac *)r)->end : &((struct pana_paa *)r)->current->end;
}

static void say(struct trial *t, struct role *r, const char *command)
{
	cr_assert(pair_command(r, command));
	room_run(&t->p.room, 2);
}

/* ---- trials ---- */

static bool duplicate(struct trial *t)
{
	uint8_t octets[512];
	struct pana_end *e;
	struct end_draft d;
	unsigned before;
	size_t length;

	cr_assert(pair_open(&t->p));
	say(t, t->other, "ping");
	e = end_of(t, t->other);
	d = end_draft(e, PANA_PNR, PANA_FLAG_P);
	d.sequence = e->sequence_out - 1;
	length = end_write(e, &d, octets, sizeof(octets));
	before = sent_by(t, t->tested);
	room_inject(&t->p.room, t->tested, t->other->settings.local, octets, length);
	return sent_by(t, t->tested) == before;
}

static bool silence(struct trial *t)
{
	cr_assert(pair_open(&t->p));
	t->p.room.loss = 100;
	cr_assert(pair_command(t->tested, "ping"));
	room_run(&t->p.room, 300);
	return strcmp(t->tested->kind->state(t->tested), "CLOSED") != 0;
}

static bool reserved(struct trial *t)
{
	struct pana_end *e;
	struct end_draft d;
	uint8_t octets[512];
	unsigned before;
	size_t length;

	cr_assert(pair_open(&t->p));
	say(t, t->other, "ping");
	e = end_of(t, t->other);
	d = end_draft(e, PANA_PNR, PANA_FLAG_P);
	d.sequence = e->sequence_out;
	length = end_write(e, &d, octets, sizeof(octets));
	octets[1] = 1;
	octets[5] |= 1;
	end_auth_write(&e->sa, octets, length);
	before = sent_by(t, t->tested);
	room_inject(&t->p.room, t->tested, t->other->settings.local, octets, length);
	return sent_by(t, t->tested) == before;
}

static void only_sha1(struct pair *p, bool pac)
{
	struct role_settings *s = pac ? &p->paa_settings : &p->pac_settings;

	s->prf[0] = 2;
	s->integrity[0] = 7;
	s->prf_count = s->integrity_count = 1;
}

static bool not_opened(struct trial *t)
{
	return !pair_open(&t->p) && !pair_until(&t->p, "OPEN", "OPEN", 20);
}

static void encrypt(struct pair *p, bool pac)
{
	(void)pac;
	p->pac_settings.encryption_count = p->paa_settings.encryption_count = 1;
}

/* A Key-Id in Encr-Encap, which RFC 6786 6.1 forbids. */
static bool policy(struct trial *t)
{
	static const uint8_t key_id[12] = {0, 4, 0, 0, 0, 4, 0, 0, 0, 0, 0, 1};
	uint8_t octets[512], sealed[12];
	struct pana_end *e;
	struct end_draft d;
	unsigned before;
	size_t length;

	cr_assert(pair_open(&t->p));
	say(t, t->other, "ping");
	e = end_of(t, t->other);
	d = end_draft(e, PANA_PNR, PANA_FLAG_P);
	d.sequence = e->sequence_out;
	cr_assert(pana_encr_crypt(
		e->encryption, e->side == END_PAC ? &e->sa.pac_encr_key : &e->sa.paa_encr_key,
		e->sa.key_id, d.session_id, d.sequence, key_id, sealed, sizeof(sealed)));
	draft_octets(&d, PANA_AVP_ENCR_ENCAP, sealed, sizeof(sealed));
	length = end_write(e, &d, octets, sizeof(octets));
	before = sent_by(t, t->tested);
	room_inject(&t->p.room, t->tested, t->other->settings.local, octets, length);
	return sent_by(t, t->tested) > before;
}

static bool only_initial(struct room *room, struct role *from, uint8_t *octets, size_t *length)
{
	(void)room;
	(void)length;
	return strcmp(from->kind->name, "pana.paa") != 0 || octets[4] & 0x40;
}

static bool pci_stops(struct trial *t)
{
	t->p.room.filter = only_initial;
	t->p.pac->kind->start(t->p.pac);
	room_run(&t->p.room, 20);
	return t->p.room.sent[1] <= 3;
}

static bool unanswered(struct trial *t)
{
	unsigned before = 1;

	cr_assert(pair_open(&t->p));
	say(t, t->p.pac, "ping");
	cr_assert(pair_command(t->p.pac, "reauth"));
	room_run(&t->p.room, 5);
	return room_count(&t->p.room, t->p.paa, ROLE_AUTHENTICATED) == before;
}

static bool no_reauth_request(struct room *room, struct role *from, uint8_t *octets, size_t *length)
{
	(void)room;
	(void)length;
	return strcmp(from->kind->name, "pana.pac") != 0 ||
	       !(octets[7] == PANA_NOTIFICATION && octets[4] & 0x10);
}

static bool par_early(struct trial *t)
{
	cr_assert(pair_open(&t->p));
	t->p.room.filter = no_reauth_request;
	cr_assert(pair_command(t->p.pac, "reauth"));
	cr_assert(pair_command(t->p.paa, "reauth"));
	room_run(&t->p.room, 5);
	return strcmp(t->p.pac->kind->state(t->p.pac), "WAIT_PNA_REAUTH") != 0;
}

/* A PAR in the middle of the first authentication that grants 10 s, where the last one grants 3600:
 * the PaC must not hurry. */
static bool grant(struct room *room, struct role *from, uint8_t *octets, size_t *length)
{
	static const uint8_t lifetime[12] = {0, 8, 0, 0, 0, 4, 0, 0, 0, 0, 0, 10};

	(void)room;
	if (strcmp(from->kind->name, "pana.paa") != 0 || octets[7] != PANA_AUTH ||
	    octets[4] != 0x80)
		return true;
	memcpy(octets + *length, lifetime, sizeof(lifetime));
	*length += sizeof(lifetime);
	octets[2] = (uint8_t)(*length >> 8);
	octets[3] = (uint8_t)*length;
	return true;
}

static bool lifetime(struct trial *t)
{
	t->p.room.filter = grant;
	cr_assert(pair_open(&t->p));
	t->p.room.filter = NULL;
	room_run(&t->p.room, 60);
	return room_count(&t->p.room, t->p.paa, ROLE_AUTHENTICATED) > 1;
}

static bool late(struct trial *t)
{
	t->p.pac->kind->start(t->p.pac);
	room_run(&t->p.room, 3);
	return t->p.room.sent[1] > 0 && room_count(&t->p.room, t->p.pac, ROLE_STARTED) > 0 &&
	       ((struct pana_paa *)t->p.paa)->pcis > 1;
}

static bool pci_after_par(struct trial *t)
{
	static const uint8_t pci[16] = {0, 0, 0, 16, 0, 0, 0, 1};
	unsigned before;

	t->p.room.loss = 100;
	t->p.pac->kind->start(t->p.pac);
	room_inject(&t->p.room, t->p.paa, t->p.pac_settings.local, pci, sizeof(pci));
	before = t->p.room.sent[0];
	room_inject(&t->p.room, t->p.paa, t->p.pac_settings.local, pci, sizeof(pci));
	return before == 1 && t->p.room.sent[0] > before;
}

static bool unknown(struct trial *t)
{
	static const uint8_t pnr[16] = {0, 0, 0, 16, 0x90, 0, 0, 4, 1, 2, 3, 4, 5, 6, 7, 8};

	room_inject(&t->p.room, t->p.paa, t->p.pac_settings.local, pnr, sizeof(pnr));
	return t->p.room.sent[0] > 0;
}

static bool address(struct trial *t)
{
	cr_assert(pair_open(&t->p));
	cr_assert(pair_command(t->p.pac, "move 10.0.0.77:4000"));
	room_run(&t->p.room, 5);
	return room_count(&t->p.room, t->p.pac, ROLE_ALIVE) == 0;
}

static const struct row {
	const char *fault;
	bool pac, paa; /* roles that have it */
	void (*settings)(struct pair *p, bool pac);
	bool (*misbehaves)(struct trial *t);
	bool relayed;
} rows[] = {
	{"duplicate-ignored", true, true, NULL, duplicate, false},
	{"silence-ignored", true, true, NULL, silence, false},
	{"reserved-not-ignored", true, true, NULL, reserved, false},
	{"hmac-sha1-missing", true, true, only_sha1, not_opened, false},
	{"encap-policy-not-checked", true, true, encrypt, policy, false},
	{"pci-stops", true, false, NULL, pci_stops, false},
	{"last-par-not-answered", true, false, NULL, unanswered, false},
	{"par-before-reauth-answer", true, false, NULL, par_early, false},
	{"lifetime-taken-anywhere", true, false, NULL, lifetime, false},
	{"pci-ignored", false, true, NULL, late, false},
	{"pci-after-par", false, true, NULL, pci_after_par, false},
	{"session-unknown-answered", false, true, NULL, unknown, false},
	{"address-kept", false, true, NULL, address, false},
	{"pry-ignored", false, true, NULL, not_opened, true},
};

static bool try(const struct row *row, bool pac, const char *fault)
{
	struct trial t;
	bool wrong;

	pair_prepare(&t.p, 12);
	*(pac ? &t.p.pac_settings.fault : &t.p.paa_settings.fault) = fault;
	if (row->settings)
		row->settings(&t.p, pac);
	pair_add(&t.p);
	if (row->relayed)
		pair_relay(&t.p, NULL);
	if (row->relayed)
		t.p.pac->settings.peer = room_endpoint(3, 716);
	t.tested = pac ? t.p.pac : t.p.paa;
	t.other = pac ? t.p.paa : t.p.pac;
	wrong = row->misbehaves(&t);
	room_close(&t.p.room);
	return wrong;
}

Test(pana_behaviour, each_fault_shows_and_its_absence_too)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (unsigned pac = 0; pac < 2; pac++) {
			if (!(pac ? rows[i].pac : rows[i].paa))
				continue;
			cr_expect(try(&rows[i], pac, rows[i].fault), "%s: %s does not show",
				  pac ? "pana.pac" : "pana.paa", rows[i].fault);
			cr_expect_not(try(&rows[i], pac, NULL), "%s without a fault: %s",
				      pac ? "pana.pac" : "pana.paa", rows[i].fault);
		}
	}
}
