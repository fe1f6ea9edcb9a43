/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capture: a pcap or pcapng file, or a live interface, read payload by payload.
 *
 *     struct capture *c = capture_open_file(path, NULL, error, sizeof(error));
 *     while ((status = capture_next(c, &payload)) == CAPTURE_PAYLOAD)
 *             ...
 *     if (status == CAPTURE_BROKEN)
 *             complain(capture_error(c));
 *     capture_free(c);
 *
 * Frames are numbered from 1 as Wireshark numbers them: every record of a file counts, also those
 * that the filter leaves out. A live capture numbers the frames that it is given.
 *
 * A pcapng file may hold frames of several link types; those of types not walked are passed over,
 * and if there are no others, the end of the file is CAPTURE_BROKEN. A pcap file of such a type is
 * refused.
 *
 * What is not a payload (link.h says which layers are walked) is passed over and counted. A file
 * that breaks off inside a record delivers all that stands before it, then CAPTURE_BROKEN.
 *
 * The kernel's packet filter, libpcap's syntax, sees single frames: "udp port 716" misses all but
 * the first fragment of a datagram, and so the datagram.
 */
#ifndef ASSAY_ENGINE_CAPTURE_H
#define ASSAY_ENGINE_CAPTURE_H

#include "capture_payload.h"
#include "protocols/core/keystore.h"

enum { CAPTURE_ERROR_SIZE = 512 };

enum capture_status {
	CAPTURE_PAYLOAD, /* the payload is filled in */
	CAPTURE_END,     /* of the file */
	CAPTURE_STOPPED, /* by capture_stop */
	CAPTURE_BROKEN   /* the rest cannot be read: capture_error says why */
};

/* What went through. */
struct capture_counts {
	uint64_t frames;    /* read */
	uint64_t filtered;  /* of them: left out by the filter of a file */
	uint64_t payloads;  /* delivered */
	uint64_t fragments; /* parts of datagrams that wait or waited for others */
	uint64_t other;     /* frames of other protocols */
	uint64_t cut;       /* frames whose headers were not all captured */
	uint64_t malformed; /* frames whose headers contradict themselves */
	uint64_t given_up;  /* datagrams that never became whole, those still waiting included */
	uint64_t dropped;   /* live: frames that the system could not keep for us */
};

struct capture;

/* Opens a file ("-": standard input); `filter` may be NULL. NULL with the reason in `error`: what
 * is wrong with which file, what was wanted and what was found. */
struct capture *capture_open_file(const char *path, const char *filter, char *error,
				  size_t error_size);

/* Opens an interface ("any": all of them). */
struct capture *capture_open_interface(const char *name, const char *filter, char *error,
				       size_t error_size);

void capture_free(struct capture *c);

/* The next payload. A live capture waits for it; capture_stop ends the wait. */
enum capture_status capture_next(struct capture *c, struct capture_payload *payload);

/* From now on, keys that stand in comments of packets (protocols/core/keycomment.h) are added to
 * `keys`, which is borrowed, before the packet's payload is delivered; the filter does not matter.
 * capture_keys_error says what is wrong with the first of those that are none ("frame 1: line 2 of
 * the comment: key: wanted ..."), or "". */
void capture_take_keys(struct capture *c, struct key_store *keys);
const char *capture_keys_error(const struct capture *c);

/* Makes capture_next return CAPTURE_STOPPED. May be called from a signal handler. */
void capture_stop(struct capture *c);

/* After CAPTURE_BROKEN: why, beginning with the name of the file or interface. Else "". */
const char *capture_error(const struct capture *c);

/* The link layer of the newest frame, for people: "Ethernet". */
const char *capture_link_name(const struct capture *c);

struct capture_counts capture_counts(const struct capture *c);

#endif
