/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What PaC and PAA say to each other, part by part: RFC 5191 4, RFC 6345, RFC 6786. */
#include "player.h"

#include <stdlib.h>
#include <string.h>

static const uint64_t second = 1000000000u;

enum { ZIGBEE_NETWORK_KEY = 1, ZIGBEE_KEY_REQUEST = 2 };

static const enum scenario_part usual_plan[] = {
	PART_AUTHENTICATION, PART_PING_BY_PAC, PART_PING_BY_PAA, PART_TERMINATION_BY_PAC, PART_END};

/* ---- messages ---- */

static struct draft *request(struct player *p, enum player_side from, uint16_t type, uint16_t flags)
{
	struct draft *d = calloc(1, sizeof(*d));

	if (!d)
		abort();
	d->from = from;
	d->type = type;
	d->flags = flags | PANA_FLAG_R;
	d->session_id = p->session_id;
	d->sequence = p->sequence[from]++;
	return d;
}

/* The answer to a request; to be made before the request is sent and freed. */
static struct draft *answer(const struct draft *to)
{
	struct draft *d = calloc(1, sizeof(*d));

	if (!d)
		abort();
	d->from = to->from == BY_PAC ? BY_PAA : BY_PAC;
	d->type = to->type;
	d->flags = to->flags & (uint16_t) ~(PANA_FLAG_R | PANA_FLAG_I);
	d->session_id = to->session_id;
	d->sequence = to->sequence;
	return d;
}

static void send(struct player *p, struct draft *d)
{
	player_send(p, d);
	secret_wipe(d, sizeof(*d));
	free(d);
}

/* A request and its answer, both without AVPs of their own but AUTH. */
static void exchange(struct player *p, struct draft *r)
{
	struct draft *a = answer(r);

	send(p, r);
	send(p, a);
}

static void add_sealed(struct draft *d, uint16_t code, const void *value, size_t length)
{
	draft_add_vendor(d, PANA_VENDOR_ZIGBEE, code, value, length);
	d->avps[d->count - 1].sealed = true;
}

/* ZigBee IP's Network-Key AVP: the key, its index, and a counter of authentications. */
static void add_network_key(struct player *p, struct draft *d)
{
	uint8_t value[18] = {[16] = 1, [17] = 1};

	if (!p->options->encrypt)
		return;
	octet_source_fill(&p->source, value, 16);
	add_sealed(d, ZIGBEE_NETWORK_KEY, value, sizeof(value));
}

static void add_nonce(struct player *p, struct draft *d)
{
	uint8_t nonce[20];

	octet_source_fill(&p->source, nonce, sizeof(nonce));
	draft_add(d, PANA_AVP_NONCE, nonce, sizeof(nonce));
}

/* ---- authentication ---- */

static void send_pci(struct player *p)
{
	struct draft *d = request(p, BY_PAC, PANA_CLIENT_INITIATION, 0);

	p->sequence[BY_PAC]--;
	d->flags = 0;
	d->session_id = d->sequence = 0;
	send(p, d);
}

static struct draft *initial_par(struct player *p)
{
	struct draft *par = request(p, BY_PAA, PANA_AUTH, PANA_FLAG_S);

	if (p->options->method == PLAY_MD5)
		return par; /* no key will come of it: nothing to negotiate */
	draft_add_number(par, PANA_AVP_PRF_ALGORITHM, p->prf);
	if (p->prf != 2)
		draft_add_number(par, PANA_AVP_PRF_ALGORITHM, 2);
	draft_add_number(par, PANA_AVP_INTEGRITY_ALGORITHM, p->integrity);
	if (p->integrity != 7)
		draft_add_number(par, PANA_AVP_INTEGRITY_ALGORITHM, 7);
	if (p->options->encrypt)
		draft_add_number(par, PANA_AVP_ENCRYPTION_ALGORITHM, PANA_AES128_CTR);
	return par;
}

static void initial_exchange(struct player *p)
{
	struct draft *par = initial_par(p), *pan = answer(par);

	if (p->options->method != PLAY_MD5) {
		draft_add_number(pan, PANA_AVP_PRF_ALGORITHM, p->prf);
		draft_add_number(pan, PANA_AVP_INTEGRITY_ALGORITHM, p->integrity);
	}
	if (p->options->encrypt)
		draft_add_number(pan, PANA_AVP_ENCRYPTION_ALGORITHM, PANA_AES128_CTR);
	send(p, par);
	send(p, pan);
}

static uint16_t auth_flags(const struct player *p)
{
	return p->options->ip_reconfiguration && p->authentications == 0 ? PANA_FLAG_I : 0;
}

static bool next_eap(struct player *p, struct eap_play *eap, struct draft *d)
{
	uint8_t message[PLAY_MESSAGE_MAX];
	size_t length;

	if (!eap_play_next(eap, message, &length)) {
		p->failed = true;
		return false;
	}
	draft_add(d, PANA_AVP_EAP_PAYLOAD, message, length);
	p->msk = eap->msk;
	return true;
}

/* The PAA's PAR with the result, and its answer. */
static void last_exchange(struct player *p, const struct eap_play *eap, struct draft *par)
{
	bool keyed = eap->msk.length > 0;
	uint32_t result = p->options->refuse ? 1 : p->options->unauthorized ? 2 : 0;
	struct draft *pan;

	par->flags |= PANA_FLAG_C;
	pan = answer(par);
	draft_add_number(par, PANA_AVP_RESULT_CODE, result);
	if (result == 0)
		draft_add_number(par, PANA_AVP_SESSION_LIFETIME,
				 p->options->lifetime ? p->options->lifetime : 3600);
	par->rekeys = keyed;
	if (keyed) {
		draft_add_number(par, PANA_AVP_KEY_ID, p->key_id + 1);
		add_network_key(p, par);
	}
	send(p, par);
	if (keyed)
		draft_add_number(pan, PANA_AVP_KEY_ID, p->key_id);
	send(p, pan);
}

static void pac_par(struct player *p, struct eap_play *eap)
{
	struct draft *par = request(p, BY_PAC, PANA_AUTH, 0);

	if (next_eap(p, eap, par))
		exchange(p, par);
	else
		free(par);
}

static void eap_exchanges(struct player *p, struct eap_play *eap)
{
	bool first = true;

	while (!p->failed) {
		struct draft *par = request(p, BY_PAA, PANA_AUTH, auth_flags(p));
		struct draft *pan = answer(par);

		if (!next_eap(p, eap, par) || eap_play_over(eap)) {
			free(pan);
			last_exchange(p, eap, par);
			return;
		}
		if (first) {
			add_nonce(p, par);
			add_nonce(p, pan);
		}
		first = false;
		if (!p->options->separate_answers)
			next_eap(p, eap, pan);
		send(p, par);
		send(p, pan);
		if (p->options->separate_answers)
			pac_par(p, eap);
	}
}

static void authenticate(struct player *p, bool again, bool erp)
{
	uint64_t seed = octet_source_number(&p->source);
	struct eap_play eap = eap_play_new(p->options->method, seed);

	if (erp && !eap_play_erp(&eap, &p->full, p->erp_seq++, seed))
		p->failed = true;

	if (!again && p->authentications) { /* another session */
		p->session_id = (uint32_t)octet_source_number(&p->source) | 1;
		player_sa_clear(&p->sa);
	}
	eap.refuse = p->options->refuse;
	p->going = again;
	if (!again && !p->options->paa_initiates)
		send_pci(p);
	if (!again)
		initial_exchange(p);
	eap_exchanges(p, &eap);
	p->authentications++;
	if (!erp) {
		p->full = eap;
		p->erp_seq = 0;
	}
	secret_clear(&p->msk);
	eap_play_clear(&eap);
}

/* ---- the other parts ---- */

static void notify(struct player *p, enum player_side from, uint16_t flag)
{
	static const uint8_t key_request[] = {1, 1};
	struct draft *pnr = request(p, from, PANA_NOTIFICATION, flag);
	struct draft *pna = answer(pnr);

	if (p->options->encrypt && from == BY_PAC && flag == PANA_FLAG_P) {
		add_sealed(pnr, ZIGBEE_KEY_REQUEST, key_request, sizeof(key_request));
		add_network_key(p, pna);
	}
	send(p, pnr);
	send(p, pna);
}

static void terminate(struct player *p, enum player_side from)
{
	struct draft *ptr = request(p, from, PANA_TERMINATION, 0);

	draft_add_number(ptr, PANA_AVP_TERMINATION_CAUSE, from == BY_PAC ? 1 : 4);
	exchange(p, ptr);
}

/* The last PAR and PAN by themselves, out of place. */
static void last_par(struct player *p)
{
	struct draft *par = request(p, BY_PAA, PANA_AUTH, PANA_FLAG_C);

	draft_add_number(par, PANA_AVP_RESULT_CODE, 1);
	exchange(p, par);
}

void player_part(struct player *p, enum scenario_part part)
{
	struct draft *d;

	switch (part) {
	case PART_AUTHENTICATION:
		authenticate(p, false, false);
		break;
	case PART_PING_BY_PAC:
	case PART_PING_BY_PAA:
		notify(p, part == PART_PING_BY_PAC ? BY_PAC : BY_PAA, PANA_FLAG_P);
		break;
	case PART_REAUTH_REQUEST:
	case PART_REAUTH_REQUEST_BY_PAA:
		notify(p, part == PART_REAUTH_REQUEST ? BY_PAC : BY_PAA, PANA_FLAG_A);
		break;
	case PART_REAUTH_BY_PAC:
	case PART_ERP_BY_PAC:
		notify(p, BY_PAC, PANA_FLAG_A);
		authenticate(p, true, part == PART_ERP_BY_PAC);
		break;
	case PART_REAUTH_BY_PAA:
	case PART_ERP_BY_PAA:
		authenticate(p, true, part == PART_ERP_BY_PAA);
		break;
	case PART_MOVE:
		p->pac.address.octets[p->pac.address.family == ADDRESS_IPV4 ? 3 : 15] ^= 0x80;
		break;
	case PART_TERMINATION_BY_PAC:
	case PART_TERMINATION_BY_PAA:
		terminate(p, part == PART_TERMINATION_BY_PAC ? BY_PAC : BY_PAA);
		break;
	case PART_PCI:
		send_pci(p);
		break;
	case PART_INITIAL_PAR:
		send(p, initial_par(p));
		break;
	case PART_LAST_PAR:
		last_par(p);
		break;
	case PART_PAR_ALONE:
	case PART_PAC_PAR:
		d = request(p, part == PART_PAC_PAR ? BY_PAC : BY_PAA, PANA_AUTH, 0);
		exchange(p, d);
		break;
	case PART_END:
		break;
	}
}

/* ---- who and where ---- */

static struct endpoint at(const struct scenario_options *o, unsigned host, unsigned port)
{
	const uint8_t ipv4[] = {10, (uint8_t)(host >> 16), (uint8_t)(host >> 8), (uint8_t)host};
	const uint8_t ipv6[16] = {0x20,
				  1,
				  0x0d,
				  0xb8,
				  [13] = (uint8_t)(host >> 16),
				  [14] = (uint8_t)(host >> 8),
				  [15] = (uint8_t)host};

	return (struct endpoint){o->ipv6 ? address_of(ADDRESS_IPV6, ipv6)
					 : address_of(ADDRESS_IPV4, ipv4),
				 (uint16_t)port};
}

/* The PAA is host 1, its relay hosts 2 and 3, PaCs are 16 and up. */
static void place(struct player *p, const struct scenario_options *o)
{
	unsigned host = o->loopback ? 1 : 16 + o->instance % 0xffff00;
	unsigned any = 49152 + o->instance % 16384;

	p->paa = at(o, 1, o->paa_initiates ? any : PANA_PORT);
	p->pac = at(o, host, o->paa_initiates || o->equal_ports ? PANA_PORT : any);
	p->pre_pac_side = at(o, 2, PANA_PORT);
	p->pre_paa_side = at(o, 3, 40000);
}

static bool all_struck(const struct player *p)
{
	size_t i = 0;

	while (p->patches && p->patches[i].message && i < PATCHES_MAX && p->struck[i])
		i++;
	return !p->patches || !p->patches[i].message;
}

bool scenario_pana(const struct scenario_options *o, const struct scenario_patch *patches,
		   struct scenario *s)
{
	const enum scenario_part *plan = o->plan ? o->plan : usual_plan;
	struct player *p = calloc(1, sizeof(*p));
	bool right;

	if (!p)
		abort();
	p->options = o;
	p->patches = patches;
	p->s = s;
	p->source.state = o->seed + ((uint64_t)o->instance << 32);
	s->time = o->start ? o->start : 1767323045u * second;
	p->session_id = (uint32_t)octet_source_number(&p->source) | 1;
	if (o->same_session_id)
		p->session_id = 0x5e551011;
	p->key_id = (uint32_t)octet_source_number(&p->source) & 0x7fffffff;
	p->sequence[BY_PAA] = o->paa_isn ? o->paa_isn : (uint32_t)octet_source_number(&p->source);
	p->sequence[BY_PAC] = o->pac_isn ? o->pac_isn : (uint32_t)octet_source_number(&p->source);
	p->prf = o->prf ? o->prf : 5;
	p->integrity = o->integrity ? o->integrity : 12;
	place(p, o);
	for (; *plan != PART_END; plan++) {
		player_part(p, *plan);
		s->time += second;
	}
	right = !p->failed && all_struck(p);
	secret_wipe(p, sizeof(*p));
	free(p);
	return right;
}
