/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the walks of EAP's methods, one file each: reading fields of which the first that is cut
 * off is noted, and the walks themselves. For the files of this folder alone.
 */
#ifndef ASSAY_EAP_WALKS_H
#define ASSAY_EAP_WALKS_H

#include "eap.h"
#include "eap_fields.h"
#include "keys.h"

/* One message being read. */
struct eap_reading {
	struct walk *w;
	struct eap_message *m;
	const struct rule *format; /* what a field that is cut off breaks */
};

/* The next field; the first that is not all there is noted, and then m->sound is false. */
uint8_t eap_take_u8(struct eap_reading *r, const struct field *field);
uint16_t eap_take_u16(struct eap_reading *r, const struct field *field);
uint32_t eap_take_u24(struct eap_reading *r, const struct field *field);
uint32_t eap_take_u32(struct eap_reading *r, const struct field *field);
struct octets eap_take(struct eap_reading *r, const struct field *field, size_t length);
struct octets eap_take_rest(struct eap_reading *r, const struct field *field);

/* Notes octets that the message has no field for, if any are left. */
void eap_take_end(struct eap_reading *r);

/* Where the reading stands, in the source. */
static inline size_t eap_at(const struct eap_reading *r)
{
	return r->w->position;
}

/* Octets from position `from` of the source up to here. */
struct octets eap_since(const struct eap_reading *r, size_t from);

/* What follows the type, by method or code; `start` is where the message starts in the source. */
void eap_walk_psk(struct walk *w, struct eap_message *m, size_t start);
void eap_walk_gpsk(struct walk *w, struct eap_message *m, size_t start);
void eap_walk_erp(struct walk *w, struct eap_message *m, size_t start);
void eap_walk_tls(struct walk *w, struct eap_message *m);

/* The plaintext of a PCHANNEL, all there is in `w`. */
void eap_psk_walk_plaintext(struct walk *w, struct eap_psk_result_part *part);

/* PD_Payloads, padding and Pad Length, all there is in `w`, of a suite that encrypts or not. */
void eap_gpsk_walk_payloads(struct walk *w, const struct eap_gpsk_suite *suite);

/* Judges sizes of MAC, IV and padding by the suite; `start` is added to offsets. */
void eap_gpsk_judge(const struct eap_message *m, const struct eap_gpsk_suite *suite, size_t start,
		    struct reader *r);

/* The suite of a CSuite_Sel of 6 octets, or NULL. */
const struct eap_gpsk_suite *eap_gpsk_suite_of(struct octets csuite);

/* True if the two hold the same octets. */
bool eap_same(struct octets a, struct octets b);

#endif
