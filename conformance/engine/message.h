/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message as case files name it: what `send`, `expect` and `or` say between the keyword and `of`.
 *
 *     PANA    PCI PAR PAN PTR PTA PNR PNA PRY, then flags: S C A P I, or reauth (A), ping (P). S,
 * C, A, P are exact: `PAR` alone is one with neither S nor C; PNR and PNA without A and P fit
 * either. Behind PRY stands the message that is relayed: `PRY PAR S`. EAP     Request Response
 * Success Failure Initiate Finish, then a type: Identity Notification Nak MD5 TLS TTLS PEAP PSK
 * GPSK Expanded or its number, and a step: PSK-1 to PSK-4, GPSK-1 to GPSK-4, GPSK-Fail,
 * GPSK-Protected-Fail; Start, Reauth of ERP. They may stand behind a PANA message too: `PAR
 * Identity`. RADIUS  Access-Request Access-Accept Access-Reject Access-Challenge any     any
 * message again   a word behind any of them: the same octets as a message before
 *
 * Case is ignored. A message that was read points into the octets read.
 */
#ifndef ASSAY_ENGINE_MESSAGE_H
#define ASSAY_ENGINE_MESSAGE_H

#include "case.h"
#include "protocols/pana/pana.h"
#include "protocols/radius/radius.h"

struct message {
	const struct protocol *protocol; /* &pana_protocol or &radius_protocol */
	struct octets octets;
	bool readable; /* a header is there */
	struct pana_message pana[PANA_DEPTH];
	unsigned pana_count;
	struct radius_message radius;
	bool has_eap;
	struct eap_message eap;
	uint8_t joined[RADIUS_EAP_MAX]; /* EAP of several attributes */
};

/* The protocol that a role speaks: "pana.paa", "eap.peer". NULL if it is none of those. */
const struct protocol *message_protocol(const char *role);

void message_read(struct message *m, const struct protocol *protocol, struct octets octets);

/* True if the message is one as `kind` and `words` say; `again` counts as fitting. */
bool message_fits(const struct message *m, const char *kind, const char *const *words,
		  size_t count);
bool message_fits_case(const struct message *m, const struct case_message *wanted);

/* True if the word `again` is among them. */
bool message_wants_again(const struct case_message *wanted);

/* False with a reason in `error`: no message can be named so. */
bool message_known(const char *kind, const char *const *words, size_t count, char *error,
		   size_t error_size);

/* "PAR [S] seq 0x00000001, EAP Request, Identity" of a message; "PNR ping" of a wanted one. */
enum { MESSAGE_TEXT_SIZE = 320 };
const char *message_text(const struct message *m, char text[MESSAGE_TEXT_SIZE]);
const char *message_wanted_text(const struct case_message *wanted, char text[MESSAGE_TEXT_SIZE]);

/* A PANA ping of the peer's: answered by whoever plays, whatever the case is about. */
bool message_is_ping(const struct message *m);

/* A PANA request, or an EAP Request in RADIUS, or PCI: something that wants an answer. */
bool message_is_request(const struct message *m);

#endif
