/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Link layers: from a captured frame down to the payload of a UDP datagram, an EAPOL frame or an
 * exported PDU. There is one table of link types, and one function for each layer.
 *
 * Ethernet (IEEE 802.3, with any number of 802.1Q and 802.1ad tags, and LLC/SNAP), Linux cooked v1
 * and v2, raw IP, BSD loopback in either byte order, Wireshark's exported PDUs; above them IPv4
 * with options, IPv6 with extension headers, fragments of both, UDP and UDP-Lite, EAPOL. What an
 * ICMP error quotes is not traffic and is not looked into.
 *
 * Nothing here allocates, but for the fragments that `defrag` keeps.
 */
#ifndef ASSAY_ENGINE_LINK_H
#define ASSAY_ENGINE_LINK_H

#include "capture_payload.h"
#include "defrag.h"
#include "protocols/core/walk.h"

enum link_outcome {
	LINK_PAYLOAD,  /* there is one */
	LINK_OTHER,    /* another protocol */
	LINK_FRAGMENT, /* part of a datagram of which more is wanted */
	LINK_CUT,      /* the frame ends inside its headers, or its fragment is not all captured */
	LINK_MALFORMED /* a header contradicts itself */
};

/* A frame on its way through the layers. */
struct link {
	struct walk w;   /* what is left of it, narrowed by each length field on the way */
	size_t wire_end; /* where `w` would end if the capture had kept every octet */
	bool overrun;    /* a header announces more octets than the frame had on the wire */
	uint16_t vlan;   /* of the outermost 802.1Q tag that names one, or 0 */
	bool partial;    /* this is a first fragment of which the capture lacks the end */
	bool reassembled;
	bool conflicting;
	struct defrag *defrag;
	struct capture_payload *payload; /* filled in on the way */
	char *pdu_name;                  /* PDU_NAME_SIZE octets for an exported PDU's name */
};

struct link_layer {
	int dlt;          /* libpcap's DLT_ number */
	const char *name; /* for people */
	enum link_outcome (*walk)(struct link *l);
};

/* The layer of a DLT_ number, or NULL. */
const struct link_layer *link_layer_find(int dlt);

/* All layers, up to one whose name is NULL. */
extern const struct link_layer link_layers[];

/* Walks one frame. `payload` is zero but for frame number and time; `wire_length` is the frame's
 * own; `pdu_name` holds PDU_NAME_SIZE octets and outlives the payload. */
enum link_outcome link_walk(const struct link_layer *layer, struct octets frame, size_t wire_length,
			    struct defrag *defrag, struct capture_payload *payload, char *pdu_name);

/* The layers, for each other. Each walks from l->w on. */
enum link_outcome link_ethernet(struct link *l);
enum link_outcome link_ethertype(struct link *l, uint16_t type);
enum link_outcome link_eapol(struct link *l);
enum link_outcome link_ip(struct link *l); /* of either version, as its first octet says */
enum link_outcome link_udp(struct link *l);
enum link_outcome link_exported_pdu(struct link *l);

/* The next `length` octets, by a header's own account, are all that counts from here. */
void link_narrow(struct link *l, size_t length);

/* All that is left is the payload. */
enum link_outcome link_deliver(struct link *l, enum payload_kind kind);

#endif
