/* SPDX-License-Identifier: GPL-2.0-or-later */
/* AVPs: RFC 5191 6.3 and 8, RFC 6345 5, RFC 6786 4 to 6. For the files of this folder. */
#ifndef ASSAY_PANA_AVP_H
#define ASSAY_PANA_AVP_H

#include "pana.h"

/* Where the AVPs stand: the occurrence and policy tables differ. */
struct avp_context {
	enum pana_kind kind;          /* of the message */
	bool encapsulated;            /* in the plaintext of an Encr-Encap */
	struct pana_message *relayed; /* where a relayed message is summarised, or NULL */
	bool *has_relayed;            /* set if there was one */
};

/* Reads AVPs until the window ends. False if one was cut off. */
bool pana_walk_avps(struct walk *w, const struct avp_context *context, struct pana_avps *avps);

/* Notes every cell of the occurrence table (RFC 5191 8) that the message breaks. `m` is complete.
 */
void pana_note_occurrence(struct walk *w, const struct pana_message *m);

/* The same once its Encr-Encap is open: RFC 6786 6.1 wants the table kept by what is in it too. `w`
 * is the walk over the plaintext. */
void pana_note_sealed_occurrence(struct walk *w, const struct pana_message *m,
				 const struct pana_avps *sealed);

/* Reads one message at the walk's position; `relayed` as above, NULL inside a relayed message. */
void pana_walk_message(struct walk *w, struct pana_message *m, struct pana_message *relayed,
		       bool *has_relayed);

extern const struct value_name pana_avp_names[], pana_prf_names[], pana_integrity_names[],
	pana_encryption_names[], pana_result_names[], pana_cause_names[], pana_phase_names[];

#endif
