/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EAP: RFC 3748, with the methods EAP-PSK (RFC 4764) and EAP-GPSK (RFC 5433), ERP (RFC 6696), and
 * of TLS-based methods the flags, length and fragments.
 *
 *   eap_walk           reads one message: reports its fields, notes broken rules, fills a summary.
 *   eap_feed           follows one conversation: identities, method, identifiers; tries the keys of
 *                      the key store, verifies MACs, opens protected data, derives MSK and EMSK.
 *   eap_track          finds the conversation of a message that some carrier other than PANA
 * brought (RADIUS, EAPOL, PPP, Diameter) and feeds it. PANA sessions own a conversation.
 *
 * Summaries point into the octets that were walked and hold no memory of their own. A conversation
 * owns copies of what it needs, bounded by EAP_CONVERSATION_OCTETS_MAX, and wipes its keys.
 */
#ifndef ASSAY_EAP_H
#define ASSAY_EAP_H

#include "protocols/core/conversation.h"
#include "protocols/core/keystore.h"
#include "protocols/core/octets.h"
#include "protocols/core/secret.h"
#include "protocols/core/walk.h"

extern const struct protocol eap_protocol;

enum eap_code {
	EAP_REQUEST = 1,
	EAP_RESPONSE = 2,
	EAP_SUCCESS = 3,
	EAP_FAILURE = 4,
	EAP_INITIATE = 5, /* RFC 6696 */
	EAP_FINISH = 6    /* RFC 6696 */
};

enum eap_type {
	EAP_TYPE_IDENTITY = 1,
	EAP_TYPE_NOTIFICATION = 2,
	EAP_TYPE_NAK = 3,
	EAP_TYPE_MD5 = 4,
	EAP_TYPE_TLS = 13,
	EAP_TYPE_TTLS = 21,
	EAP_TYPE_PEAP = 25,
	EAP_TYPE_FAST = 43,
	EAP_TYPE_PSK = 47,
	EAP_TYPE_GPSK = 51,
	EAP_TYPE_TEAP = 55,
	EAP_TYPE_EXPANDED = 254
};

#include "eap_message.h" /* struct eap_message, the summary of one message */

/* The group field that holds a whole EAP message: the first thing eap_walk opens. */
const struct field *eap_root_field(void);

/* Reads one EAP message, which must be all that is left in `w`. */
void eap_walk(struct walk *w, struct eap_message *m);

/* "Request, EAP-PSK, first message": the message in words, for an Info column. Returns `text`. */
enum { EAP_SUMMARY_SIZE = 96 };
const char *eap_summary(const struct eap_message *m, char text[EAP_SUMMARY_SIZE]);

/* ---- one conversation ---- */

enum { EAP_CONVERSATION_OCTETS_MAX = 16384 };

struct eap_conversation;

/* `keys` is borrowed and must outlive the conversation. */
struct eap_conversation *eap_conversation_new(struct key_store *keys);
void eap_conversation_free(struct eap_conversation *c);

/* Forget everything but the identity: a new authentication begins. */
void eap_conversation_restart(struct eap_conversation *c);

/* Feeds one message. Verdicts are counted in `base`, which the caller's session embeds; what the
 * conversation says of the message goes to `r`, with offsets in `octets of the message`: offset 0
 * is the EAP code. `origin` is added to every offset reported. */
void eap_feed(struct eap_conversation *c, struct conversation *base, const struct passage *p,
	      const struct eap_message *m, size_t origin, struct reader *r);

/* The MSK (EMSK) that the method has yielded or would yield under the key at hand; length 0 while
 * there is none. Under a wrong key this is a wrong MSK: MACs made with it will say so. */
const struct secret *eap_conversation_msk(const struct eap_conversation *c);
const struct secret *eap_conversation_emsk(const struct eap_conversation *c);

/* True if MACs or tags of the method have proven the key that these come from. */
bool eap_conversation_keys_verified(const struct eap_conversation *c);

/* The peer's identity as a key-table identity: the method's, else that of the Identity response,
 * else NULL. */
const char *eap_conversation_identity(const struct eap_conversation *c);

/* True once the method in use is known to derive keys (RFC 3748 7.10), open or not. */
bool eap_conversation_key_generating(const struct eap_conversation *c);

/* EAP_SUCCESS, EAP_FAILURE or 0: how the conversation ended. */
unsigned eap_conversation_outcome(const struct eap_conversation *c);

/* Says who is peer and who authenticator or server, by address. */
void eap_conversation_describe_ends(const struct eap_conversation *c, struct reader *r);

/* Says method, identities, outcome and derived keys (FIELD_SECRET) as values of generated fields.
 */
void eap_conversation_describe(const struct eap_conversation *c, struct reader *r);

/* ---- conversations of other carriers ---- */

struct eap_tracker;

struct eap_tracker *eap_tracker_new(struct key_store *keys, size_t limit,
				    conversation_closed *closed, void *context);
void eap_tracker_free(struct eap_tracker *t);

/* Finds or makes the conversation and feeds it. `stream` is the number that the carrier gives the
 * conversation (radius_track), 0 where only addresses tell. For EAPOL the pair of addresses counts,
 * or the group address alone where one side is 01:80:c2:00:00:03. Never NULL. */
struct conversation *eap_track(struct eap_tracker *t, const struct passage *p, uint32_t stream,
			       const struct eap_message *m, size_t origin, struct reader *r);

#endif
