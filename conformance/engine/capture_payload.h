/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One payload of a capture: the octets that a protocol of ours may stand in, and how they came
 * there. The link layers fill it in (link.h), the capture hands it out (capture.h).
 *
 * `octets` and `pdu_name` belong to the capture and are valid until the next call of capture_next.
 */
#ifndef ASSAY_ENGINE_CAPTURE_PAYLOAD_H
#define ASSAY_ENGINE_CAPTURE_PAYLOAD_H

#include "protocols/core/flow.h"

enum payload_kind {
	PAYLOAD_UDP,         /* of a UDP datagram; ports are in the passage */
	PAYLOAD_EAPOL_EAP,   /* EAP packet of an EAPOL frame (IEEE 802.1X) */
	PAYLOAD_EXPORTED_PDU /* Wireshark's exported PDU; its protocol is pdu_name's */
};

/* What pdu_name names. */
enum pdu_naming {
	PDU_NONE,      /* no exported PDU */
	PDU_DISSECTOR, /* a dissector: "eap" */
	PDU_HEURISTIC, /* a heuristic dissector: "pana_udp" */
	PDU_TABLE      /* a dissector table: "udp.port"; the row is pdu_number */
};

enum { PDU_NAME_SIZE = 64 };

struct capture_payload {
	struct passage passage; /* frame number, time, who sends to whom */
	enum payload_kind kind;
	enum pdu_naming pdu_naming;
	const char *pdu_name;    /* exported PDU: its name; else "" */
	uint32_t pdu_number;     /* PDU_TABLE: value looked up in the table */
	uint32_t original_frame; /* exported PDU: frame it was exported from, 0 if not said */
	const uint8_t *octets;   /* the payload */
	size_t length;           /* captured octets of it */
	size_t wire_length;      /* octets that the enclosing headers announce */
	bool truncated;          /* the capture kept fewer octets than the wire carried */
	size_t offset_in_frame;  /* of the payload; if reassembled, in the reassembled datagram */
	bool reassembled;        /* from IP fragments; the frame is that of the last to arrive */
	bool conflicting;        /* its fragments overlap and disagree: content is doubtful */
};

#endif
