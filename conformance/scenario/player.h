/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A PANA conversation being made: for the files of this folder. */
#ifndef ASSAY_SCENARIO_PLAYER_H
#define ASSAY_SCENARIO_PLAYER_H

#include "protocols/pana/keys.h"
#include "scenario.h"

enum { DRAFT_AVPS_MAX = 24, DRAFT_VALUES_MAX = 8192, MESSAGE_MAX = 8192, PATCHES_MAX = 32 };

enum player_side { BY_PAC, BY_PAA };

struct draft_avp {
	struct pana_draft_avp avp;
	bool sealed; /* goes into the Encr-Encap */
};

/* A message before it is written. */
struct draft {
	enum player_side from;
	uint16_t flags, type;
	uint32_t session_id, sequence;
	struct draft_avp avps[DRAFT_AVPS_MAX];
	size_t count;
	bool rekeys;                      /* the last PAR: a new MSK comes into force with it */
	bool other_key;                   /* as a patch will */
	uint8_t values[DRAFT_VALUES_MAX]; /* of the AVPs */
	size_t used;
	char label[SCENARIO_LABEL_SIZE];
};

/* The keys of one MSK. */
struct player_sa {
	bool present;
	uint32_t key_id;
	uint32_t integrity;
	struct secret auth, pac_encr, paa_encr;
};

struct player {
	const struct scenario_options *options;
	const struct scenario_patch *patches;
	bool struck[PATCHES_MAX]; /* which patches have found their message */
	struct scenario *s;
	struct octet_source source;
	struct endpoint pac, paa, pre_pac_side, pre_paa_side;
	uint32_t session_id, key_id;
	uint32_t sequence[2]; /* of the next request of each side */
	unsigned ordinals[PANA_KINDS + 1];

	/* as sent, after patches: what keys are derived from */
	uint8_t initial[2][MESSAGE_MAX]; /* PAN and PAR with S, by player_side */
	size_t initial_length[2];
	uint8_t nonces[2][256];
	size_t nonce_length[2];
	uint32_t prf, integrity, encryption;
	struct secret msk; /* of the EAP conversation going on */
	struct player_sa sa, old_sa;
	bool going; /* an authentication is, and its MSK is not in force yet */
	unsigned authentications;
	struct eap_play full; /* the newest full authentication, for ERP */
	uint16_t erp_seq;     /* of the next Initiate */
	bool failed;          /* a crypto function refused */
};

/* draft.c: an AVP with a copy of its value. */
void draft_add(struct draft *d, uint16_t code, const void *value, size_t length);
void draft_add_number(struct draft *d, uint16_t code, uint32_t number);
void draft_add_vendor(struct draft *d, uint32_t vendor, uint16_t code, const void *value,
		      size_t length);
void draft_insert(struct draft *d, size_t at, const struct pana_draft_avp *avp);
void draft_remove(struct draft *d, size_t at);
const uint8_t *draft_keep(struct draft *d, const void *octets, size_t length);

/* Index of AVP `code`, the `which`th; count if there is none. */
size_t draft_find(const struct draft *d, uint16_t code, unsigned which);

/* Writes the message, the sealed AVPs encrypted; returns its length. */
size_t draft_write(struct player *p, const struct draft *d, uint8_t *message);

/* Computes the AUTH value over the message written and puts it there and into the draft. */
void draft_authenticate(struct player *p, struct draft *d, uint8_t *message, size_t length);

/* patch.c: `i` runs over the patches of a message whose operation is in a range. What each function
 * does is marked in player.struck. */
bool patch_next(const struct player *p, size_t *i, const char *label, enum patch_op from,
		enum patch_op to);
bool patch_draft(struct player *p, struct draft *d, bool late); /* true if it changed */
void patch_octets(struct player *p, const char *label, uint8_t *message, size_t length, bool late);
void patch_size(struct player *p, const char *label, uint8_t *message, size_t *length);
void patch_before(struct player *p, const char *label);                       /* parts, delay */
bool patch_datagram(struct player *p, const char *label, struct datagram *g); /* false: dropped */

/* send.c: numbers the message, applies its patches, and appends its datagrams. */
void player_send(struct player *p, struct draft *d);

/* pana_play.c */
void player_part(struct player *p, enum scenario_part part);

/* keys.c */
void player_choose(struct player *p, const struct draft *pan); /* algorithms of the initial PAN */
void player_rekey(struct player *p, const struct draft *last_par);
bool player_derive(const struct player *p, uint32_t key_id, struct player_sa *sa);
void player_sa_clear(struct player_sa *sa);

#endif
