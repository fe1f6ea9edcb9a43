/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes pcapng files (draft-ietf-opsawg-pcapng): one section, one Ethernet interface, times in
 * nanoseconds, a comment per packet. Captures come from datagrams, so their lower headers are made
 * up: Ethernet addresses from the IP addresses, whole and right checksums, no fragments.
 *
 * The same datagrams give the same file, octet by octet: nothing of host, time or version is in it.
 * Each packet is in the file when its function returns, so that a run cut short leaves a whole one.
 */
#ifndef ASSAY_ENGINE_PCAPNG_WRITE_H
#define ASSAY_ENGINE_PCAPNG_WRITE_H

#include <stdio.h>

#include "conformance/roles/role.h"

enum { PCAPNG_COMMENT_MAX = 65535 };

struct pcapng_writer;

/* Creates a file that its owner alone can read, or empties and closes off one that is there. NULL
 * with a reason in `error`. */
struct pcapng_writer *pcapng_create(const char *path, char *error, size_t error_size);

/* Writes to `stream`, which pcapng_finish does not close. */
struct pcapng_writer *pcapng_write_to(FILE *stream);

/* A UDP datagram. Its addresses are of one family; one that is none counts as zeros. `comment` is
 * UTF-8, of PCAPNG_COMMENT_MAX octets at most (the rest is cut), or NULL. */
void pcapng_write_datagram(struct pcapng_writer *w, uint64_t time, const struct datagram *d,
			   const char *comment);

/* An Ethernet frame without its check sequence. */
void pcapng_write_frame(struct pcapng_writer *w, uint64_t time, struct octets frame,
			const char *comment);

/* Packets written so far; the newest one's number in Wireshark. */
uint32_t pcapng_written(const struct pcapng_writer *w);

/* Ends the file and frees the writer. False with a reason in `error` if something of it could not
 * be written. */
bool pcapng_finish(struct pcapng_writer *w, char *error, size_t error_size);

#endif
