/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A message before it is written, and its way to octets: AVPs, Encr-Encap, AUTH. */
#include "player.h"

#include <string.h>

const uint8_t *draft_keep(struct draft *d, const void *octets, size_t length)
{
	uint8_t *at = d->values + d->used;

	if (length > sizeof(d->values) - d->used)
		return NULL;
	if (length)
		memcpy(at, octets, length);
	d->used += length;
	return at;
}

void draft_insert(struct draft *d, size_t at, const struct pana_draft_avp *avp)
{
	const uint8_t *value = draft_keep(d, avp->value.octets, avp->value.length);

	if (!value || d->count == DRAFT_AVPS_MAX || at > d->count)
		return;
	memmove(d->avps + at + 1, d->avps + at, (d->count - at) * sizeof(d->avps[0]));
	d->avps[at] = (struct draft_avp){.avp = *avp};
	d->avps[at].avp.value.octets = value;
	d->count++;
}

void draft_remove(struct draft *d, size_t at)
{
	d->count--;
	memmove(d->avps + at, d->avps + at + 1, (d->count - at) * sizeof(d->avps[0]));
}

void draft_add(struct draft *d, uint16_t code, const void *value, size_t length)
{
	const struct pana_draft_avp avp = {.code = code, .value = {value, length}};

	draft_insert(d, d->count, &avp);
}

void draft_add_number(struct draft *d, uint16_t code, uint32_t number)
{
	uint8_t octets[4];
	struct writer w = writer_of(octets, sizeof(octets));

	write_u32(&w, number);
	draft_add(d, code, octets, sizeof(octets));
}

void draft_add_vendor(struct draft *d, uint32_t vendor, uint16_t code, const void *value,
		      size_t length)
{
	const struct pana_draft_avp avp = {
		.code = code, .flags = PANA_AVP_FLAG_V, .vendor = vendor, .value = {value, length}};

	draft_insert(d, d->count, &avp);
}

size_t draft_find(const struct draft *d, uint16_t code, unsigned which)
{
	size_t i = 0;

	while (i < d->count && (d->avps[i].avp.code != code || which-- > 0))
		i++;
	return i;
}

/* The value of the Encr-Encap: whole AVPs, as a message without its header. */
static size_t write_sealed(struct player *p, const struct draft *d, uint8_t *out)
{
	uint8_t message[MESSAGE_MAX];
	struct pana_draft_avp avps[DRAFT_AVPS_MAX];
	struct pana_draft inner = {.avps = avps};
	struct writer w = writer_of(message, sizeof(message));
	const struct secret *key = d->from == BY_PAC ? &p->sa.pac_encr : &p->sa.paa_encr;
	size_t length;

	for (size_t i = 0; i < d->count; i++) {
		if (d->avps[i].sealed)
			avps[inner.avp_count++] = d->avps[i].avp;
	}
	if (inner.avp_count == 0)
		return 0;
	pana_write(&w, &inner);
	length = w.length - PANA_HEADER_SIZE;
	if (!pana_encr_crypt(PANA_AES128_CTR, key, p->sa.key_id, d->session_id, d->sequence,
			     message + PANA_HEADER_SIZE, out, length))
		octet_source_fill(&p->source, out, length); /* nobody has a key for it */
	return length;
}

size_t draft_write(struct player *p, const struct draft *d, uint8_t *message)
{
	uint8_t sealed[MESSAGE_MAX];
	size_t sealed_length = write_sealed(p, d, sealed);
	struct pana_draft_avp avps[DRAFT_AVPS_MAX + 1];
	struct pana_draft out = {
		.flags = d->flags,
		.type = d->type,
		.session_id = d->session_id,
		.sequence = d->sequence,
		.avps = avps,
	};
	struct writer w = writer_of(message, MESSAGE_MAX);

	for (size_t i = 0; i < d->count; i++) {
		if (!d->avps[i].sealed) {
			avps[out.avp_count++] = d->avps[i].avp;
			continue;
		}
		if (sealed_length)
			avps[out.avp_count++] = (struct pana_draft_avp){
				.code = PANA_AVP_ENCR_ENCAP, .value = {sealed, sealed_length}};
		sealed_length = 0;
	}
	pana_write(&w, &out);
	p->failed = p->failed || w.full;
	return w.length;
}

/* Offset of the value of the AUTH AVP in the message as written, 0 if there is none. */
static size_t auth_offset(const uint8_t *message, size_t length, size_t *value_length)
{
	struct walk w = walk_of(message, length, NULL);
	struct pana_message messages[PANA_DEPTH];
	const struct pana_avp_found *found = &messages[0].avps.found[PANA_AVP_AUTH];

	pana_walk(&w, messages);
	*value_length = found->value.length;
	return found->count ? found->value_offset : 0;
}

void draft_authenticate(struct player *p, struct draft *d, uint8_t *message, size_t length)
{
	const struct player_sa *sa = d->other_key ? &p->old_sa : &p->sa;
	struct player_sa to_come = {0};
	uint8_t value[PANA_AUTH_VALUE_MAX];
	size_t hole_length, value_length;
	size_t hole = auth_offset(message, length, &hole_length);
	size_t auth = draft_find(d, PANA_AVP_AUTH, 0);

	if (!hole)
		return;
	if (d->other_key && p->going && player_derive(p, p->key_id + 1, &to_come))
		sa = &to_come;
	if (!pana_auth_value(sa->integrity, &sa->auth, message, length, hole, hole_length, value,
			     &value_length)) {
		/* An algorithm that Assay does not have, or a patched length. */
		value_length = hole_length < sizeof(value) ? hole_length : sizeof(value);
		octet_source_fill(&p->source, value, value_length);
	}
	player_sa_clear(&to_come);
	memcpy(message + hole, value, value_length);
	if (auth < d->count)
		d->avps[auth].avp.value.octets = draft_keep(d, value, value_length);
}
