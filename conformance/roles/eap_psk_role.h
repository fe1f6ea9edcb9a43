/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside EAP-PSK: its state, for eap_psk_role.c (both ends) and eap_psk_craft.c (tests). */
#ifndef ASSAY_ROLES_EAP_PSK_ROLE_H
#define ASSAY_ROLES_EAP_PSK_ROLE_H

#include "eap_method.h"

enum { PSK_ID_MAX = 966, PSK_ID_TOO_LONG = 967, PSK_EXT_MAX = 960 };

/* What one end knows of the dialog. */
struct psk_end {
	int t;          /* of the message handled last, -1 for none */
	uint32_t nonce; /* expected next */
	uint8_t rand_s[EAP_PSK_RAND], rand_p[EAP_PSK_RAND];
	uint8_t id_s[PSK_ID_TOO_LONG];
	size_t id_s_length;
	struct eap_psk_keys keys;
	uint8_t r, peer_r; /* server: what it sends next; what the peer sent last */
	unsigned rounds;
	bool started, failed;
	struct eap_psk_result_part said; /* in the newest message; its payload is nobody's own */
};

/* Server: draws RAND_S, sets ID_S and R. */
void psk_start(struct psk_end *s, struct role *owner);

/* A third (t: EAP_PSK_3) or later message of the server with its live fields. */
bool psk_write_channel(struct psk_end *s, struct role *owner, unsigned t, uint8_t identifier,
		       struct writer *w);

bool psk_craft(void *state, struct role *owner, bool server, unsigned step, uint8_t identifier,
	       struct writer *w);
bool psk_seal(const void *state, bool server, const struct eap_message *m, uint8_t *octets);

#endif
