/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pana_pair.h"

#include <string.h>

void pair_prepare(struct pair *p, uint64_t seed)
{
	room_open(&p->room, seed);
	p->pac_settings = p->paa_settings = room_settings(&p->room);
	p->pac_settings.local = room_endpoint(1, 36724);
	p->pac_settings.peer = room_endpoint(2, 716);
	p->paa_settings.local = room_endpoint(2, 716);
	p->pre = p->pac = p->paa = p->server = NULL;
}

void pair_relay(struct pair *p, const char *fault)
{
	struct role_settings s = room_settings(&p->room);

	s.local = room_endpoint(3, 716);
	s.relay = room_endpoint(3, 5000);
	s.upstream = room_endpoint(2, 716);
	s.fault = fault;
	p->pac_settings.peer = s.local;
	p->pre = room_add(&p->room, "pana.pre", &s);
}

struct role_settings pair_server(struct pair *p, bool erp)
{
	struct role_settings s = room_settings(&p->room);

	s.local = room_endpoint(4, 1812);
	s.erp = p->pac_settings.erp = p->paa_settings.erp = erp;
	p->paa_settings.radius = s.local;
	p->paa_settings.relay = room_endpoint(2, 40000);
	return s;
}

void pair_add_server(struct pair *p, const struct role_settings *settings)
{
	p->server = room_add(&p->room, "eap.server", settings);
}

void pair_add(struct pair *p)
{
	p->paa = room_add(&p->room, "pana.paa", &p->paa_settings);
	p->pac = room_add(&p->room, "pana.pac", &p->pac_settings);
	p->paa->kind->start(p->paa);
}

bool pair_is(const struct pair *p, const char *pac_state, const char *paa_state)
{
	return !strcmp(p->pac->kind->state(p->pac), pac_state) &&
	       !strcmp(p->paa->kind->state(p->paa), paa_state);
}

bool pair_until(struct pair *p, const char *pac_state, const char *paa_state, uint64_t seconds)
{
	for (uint64_t i = 0; i < seconds && !pair_is(p, pac_state, paa_state); i++)
		room_run(&p->room, 1);
	return pair_is(p, pac_state, paa_state);
}

bool pair_open(struct pair *p)
{
	p->pac->kind->start(p->pac);
	room_settle(&p->room);
	return pair_is(p, "OPEN", "OPEN");
}

bool pair_command(struct role *r, const char *command)
{
	return r->kind->command(r, command);
}

void pair_vary(struct pair *p, unsigned variant)
{
	p->pac_settings.piggyback = variant & 1;
	p->paa_settings.stateless = variant & 2;
	p->paa_settings.optimized = variant & 4;
	p->pac_settings.encryption_count = p->paa_settings.encryption_count = variant >> 3 & 1;
}
