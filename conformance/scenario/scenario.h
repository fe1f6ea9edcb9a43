/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole conversations as lists of datagrams, for tests and captures: everything in them computed
 * (sequence numbers, nonces, EAP, keys, AUTH, encryption, relaying), the same octets for the same
 * options on every machine. A scenario is options (who, with which algorithms), a plan (what
 * happens) and patches (what is wrong):
 *
 *     static const struct scenario_patch patches[] = {
 *             {"PAR 3", PATCH_AVP_REMOVE, .code = PANA_AVP_NONCE}, {0}};
 *     struct scenario s = {0};
 *     scenario_pana(&(struct scenario_options){.method = PLAY_PSK}, patches, &s);
 *     for each of s.datagrams: send, feed or write it
 *     scenario_clear(&s);
 *
 * A patch names a message by its kind and its number among its kind: "PAR 1" is the initial PAR,
 * "PAN 1" its answer, "PRY 2" the second relayed message. What a patch changes is taken as if the
 * sender had meant it: AUTH and what later messages derive from it (keys from nonces, for one)
 * follow. With `late` set it strikes after AUTH has been computed, as damage on the wire would.
 *
 * This generates; it does not listen. Reference roles, which do, are conformance/roles/.
 * A scenario owns its datagrams and the keys that it tells; scenario_clear frees and wipes.
 */
#ifndef ASSAY_SCENARIO_H
#define ASSAY_SCENARIO_H

#include "eap_play.h"
#include "protocols/core/flow.h"
#include "protocols/pana/pana.h"

enum { SCENARIO_LABEL_SIZE = 12, SCENARIO_MSK_MAX = 4 };

struct datagram {
	uint64_t time;          /* nanoseconds since the epoch */
	enum carrier carrier;   /* CARRIER_UDP; CARRIER_EAPOL: octets are the EAPOL frame */
	struct endpoint source; /* EAPOL: Ethernet addresses */
	struct endpoint destination;
	uint8_t *octets; /* owned */
	size_t length;
	size_t order;                    /* in which it was made: breaks ties of time */
	char label[SCENARIO_LABEL_SIZE]; /* "PAR 3"; "" if patches cannot name it */
};

struct scenario {
	struct datagram *datagrams; /* in order of time */
	size_t count, room;
	uint64_t time;                            /* when the next one is sent */
	struct secret msk[SCENARIO_MSK_MAX];      /* of each EAP conversation, in order */
	struct secret auth_key[SCENARIO_MSK_MAX]; /* PANA_AUTH_KEY made of each */
	unsigned msk_count;
};

/* What happens, one after the other. */
enum scenario_part {
	PART_END,
	PART_AUTHENTICATION, /* from PCI or initial PAR to the last PAN */
	PART_PING_BY_PAC,
	PART_PING_BY_PAA,
	PART_REAUTH_BY_PAC, /* PNR, PNA, then as by the PAA */
	PART_REAUTH_BY_PAA,
	PART_ERP_BY_PAC, /* re-authentication by ERP with the newest full one's keys (RFC 6696) */
	PART_ERP_BY_PAA,
	PART_REAUTH_REQUEST, /* PNR and PNA alone, by the PaC */
	PART_REAUTH_REQUEST_BY_PAA,
	PART_MOVE, /* the PaC gets another address */
	PART_TERMINATION_BY_PAC,
	PART_TERMINATION_BY_PAA,
	PART_PCI,         /* a PCI alone */
	PART_INITIAL_PAR, /* a PAR with S, unanswered */
	PART_LAST_PAR,    /* a PAR with C, and a PAN with C */
	PART_PAR_ALONE,   /* a PAR of the PAA without EAP, and its PAN */
	PART_PAC_PAR      /* a PAR of the PaC without EAP, and its PAN */
};

enum scenario_relay { RELAY_NONE, RELAY_PAA_SIDE, RELAY_BOTH_SIDES };

struct scenario_options {
	enum play_method method;
	uint64_t seed;
	unsigned instance; /* other addresses, session identifiers and octets per instance */
	bool ipv6;
	bool equal_ports;        /* the PaC uses port 716 too */
	bool loopback;           /* both ends have one address */
	bool same_session_id;    /* whatever the instance */
	bool paa_initiates;      /* no PCI; the PaC's port is 716 */
	bool separate_answers;   /* EAP responses in PARs of the PaC, not in its PANs */
	bool ip_reconfiguration; /* the I flag in the PARs of the authentication */
	bool refuse;             /* EAP Failure, result 1 */
	bool unauthorized;       /* EAP Success, result 2 */
	bool encrypt;            /* negotiate RFC 6786; vendor AVPs of ZigBee in Encr-Encap */
	enum scenario_relay relay;
	uint32_t prf, integrity;        /* what the PaC chooses; 0: 5 and 12 */
	uint32_t lifetime;              /* seconds; 0: 3600 */
	uint32_t paa_isn, pac_isn;      /* initial sequence numbers; 0: by the seed */
	uint64_t start;                 /* nanoseconds since the epoch; 0: 2026-01-02 03:04:05 */
	const enum scenario_part *plan; /* ends with PART_END; NULL: authentication, a ping by each,
					 * termination by the PaC */
};

enum patch_op {
	PATCH_NONE,
	/* header: `number` */
	PATCH_FLAGS, /* exclusive-or */
	PATCH_TYPE,
	PATCH_SESSION_ID,
	PATCH_SEQUENCE,
	PATCH_SEQUENCE_ADD,
	PATCH_OTHER_KEY, /* AUTH by the key before the re-authentication, or by the one to come */
	/* AVPs: of `code`, the first of them unless `which` says otherwise */
	PATCH_AVP_ADD,       /* before AUTH: `value`, or `number` as 4 octets; `flags`, `vendor` */
	PATCH_AVP_ADD_FIRST, /* before all others */
	PATCH_AVP_ADD_LAST,  /* behind AUTH */
	PATCH_AVP_REMOVE,
	PATCH_AVP_DUPLICATE, /* a second one behind it */
	PATCH_AVP_FIRST,     /* move */
	PATCH_AVP_LAST,
	PATCH_AVP_NUMBER, /* another value: `number` as 4 octets */
	PATCH_AVP_VALUE,  /* another value: `value` */
	PATCH_AVP_FLIP,   /* flip a bit of octet `number` of the value */
	PATCH_AVP_CODE,   /* another code: `number` */
	PATCH_AVP_FLAGS,  /* other flags: `number` */
	PATCH_AVP_SEAL,   /* into the Encr-Encap */
	PATCH_AVP_UNSEAL,
	/* octets of the message; with `code`, offsets count from that AVP's header */
	PATCH_U16,     /* two octets at `offset` become `number` */
	PATCH_FLIP,    /* flip a bit at `offset` */
	PATCH_PADDING, /* the last octet of padding of AVP `code` becomes `number` */
	PATCH_CUT,     /* `number` octets are left of the message; after AUTH */
	PATCH_APPEND,  /* `number` zeros behind the message; after AUTH */
	/* datagram */
	PATCH_DROP,
	PATCH_REPEAT,           /* again `number` milliseconds after the first transmission */
	PATCH_DELAY,            /* `number` milliseconds */
	PATCH_SOURCE_PORT,      /* `number` */
	PATCH_DESTINATION_PORT, /* `number` */
	PATCH_SOURCE,           /* address, last octet: `number` */
	PATCH_DESTINATION,
	PATCH_MULTICAST, /* destination 224.0.0.1 or ff02::1 */
	/* conversation: part `number` happens before the message */
	PATCH_INSERT
};

struct scenario_patch {
	const char *message; /* NULL ends the list */
	enum patch_op op;
	uint16_t code; /* enum pana_avp_code, or any */
	uint32_t number;
	struct octets value;
	uint16_t flags;
	uint32_t vendor;
	unsigned which; /* of several AVPs of one code, from 0 */
	size_t offset;
	bool late; /* after AUTH has been computed */
};

/* Appends a PANA conversation. `patches` may be NULL. False: a crypto function refused, or a patch
 * names what is not there (a test that changes nothing proves nothing). */
bool scenario_pana(const struct scenario_options *options, const struct scenario_patch *patches,
		   struct scenario *s);

/* Appends `play`, to its end, carried in EAPOL between two stations (IEEE 802.1X). */
bool scenario_eapol(struct eap_play *play, struct scenario *s);

/* Appends `play` carried in RADIUS (RFC 3579) under the shared secret scenario_radius_secret;
 * EAP-Message attributes hold at most `split` octets (0: 253). `identifier` is that of the first
 * packet. */
bool scenario_radius(struct eap_play *play, uint8_t identifier, size_t split, struct scenario *s);
extern const char scenario_radius_secret[];

/* Appends one datagram at s->time, with a copy of its octets; returns it. */
struct datagram *scenario_append(struct scenario *s, const struct endpoint *source,
				 const struct endpoint *destination, struct octets octets);

/* Puts the datagrams in order of time: several conversations become one capture. */
void scenario_sort(struct scenario *s);

/* Leaves out all that stands before the first datagram of this label. False: there is none. */
bool scenario_skip(struct scenario *s, const char *label);

void scenario_clear(struct scenario *s);

/* The key table's rows that open every scenario, as text of a key file. */
extern const char scenario_keys[];

#endif
