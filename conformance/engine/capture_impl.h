/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What capture.c, which reads captures, shares with capture_open.c, which opens them. */
#ifndef ASSAY_ENGINE_CAPTURE_IMPL_H
#define ASSAY_ENGINE_CAPTURE_IMPL_H

#include <glib.h>
#include <pcap/pcap.h>
#include <signal.h>
#include <stdio.h>

#include "capture.h"
#include "capture_pcapng.h"
#include "link.h"
#include "protocols/core/keycomment.h"

/* How the frames of one link type are read. */
struct link_type {
	int dlt;
	const struct link_layer *layer; /* NULL: passed over */
	struct bpf_program filter;      /* for this link type */
	bool has_filter;
};

struct capture {
	char *name;        /* of file or interface, as messages call it */
	char *filter_text; /* or NULL */

	pcap_t *pcap;          /* a pcap file or an interface; NULL for a pcapng file */
	struct pcapng *pcapng; /* a pcapng file; NULL for others */
	FILE *file;            /* pcapng's if it is ours to close */
	char *read_buffer;     /* stdio's, of a file */

	bool live;
	int descriptor;    /* live: to wait on */
	uint64_t fraction; /* pcap: nanoseconds in a unit of a time stamp's tv_usec */

	GArray *types; /* struct link_type: those met so far */
	size_t type;   /* index of the newest frame's */
	bool walked;   /* there was a frame of a link type that is walked */

	struct key_comments keys; /* in packets' comments; the store is NULL if unwanted */
	char keys_error[KEY_COMMENT_ERROR_SIZE + 32];

	struct defrag *defrag;
	volatile sig_atomic_t stopped;
	struct capture_counts counts;
	char pdu_name[PDU_NAME_SIZE];
	char error[CAPTURE_ERROR_SIZE];
};

/* Writes a message, cut to `size`. */
void capture_say(char *error, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Makes the link type the current one; at its first frame its filter is compiled. False with the
 * reason in `error`: the filter means nothing on this link type. */
bool capture_enter_type(struct capture *c, int dlt, char *error, size_t error_size);

/* The current link type. */
struct link_type *capture_type(const struct capture *c);

/* "NAME: link type: wanted one of ..., found ...". */
void capture_say_link_type(const struct capture *c, int dlt, char *error, size_t error_size);

#endif
