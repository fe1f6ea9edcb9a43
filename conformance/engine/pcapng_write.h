/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes pcapng files (draft-ietf-opsawg-pcapng): one section, one interface, times in nanoseconds,
 * a comment per packet. pcapng_datagram.h makes frames out of datagrams.
 *
 * The same packets give the same file, octet by octet, on every machine: nothing of host, time or
 * version is in it. Each packet is in the file when its function returns, so that a run cut short
 * leaves a whole one.
 */
#ifndef ASSAY_ENGINE_PCAPNG_WRITE_H
#define ASSAY_ENGINE_PCAPNG_WRITE_H

#include <stdbool.h>
#include <stdio.h>

#include "protocols/core/octets.h"

enum { PCAPNG_COMMENT_MAX = 65535, PCAPNG_SNAPSHOT = 262144, PCAPNG_ERROR_SIZE = 512 };

/* LINKTYPE_ numbers. */
enum pcapng_link { PCAPNG_ETHERNET = 1, PCAPNG_LINUX_COOKED = 113, PCAPNG_UPPER_PDU = 252 };

struct pcapng_writer;

/* Creates a file that its owner alone can read, or empties and closes off one that is there. NULL
 * with a reason in `error`. */
struct pcapng_writer *pcapng_create(const char *path, enum pcapng_link link, char *error,
				    size_t error_size);

/* Writes to `stream`, which pcapng_finish does not close. */
struct pcapng_writer *pcapng_write_to(FILE *stream, enum pcapng_link link);

/* A frame, of Ethernet without its check sequence; PCAPNG_SNAPSHOT octets at most. `time` is in
 * nanoseconds since the epoch; `comment` is UTF-8, of PCAPNG_COMMENT_MAX octets at most (the rest
 * is cut), or NULL. */
void pcapng_write_frame(struct pcapng_writer *w, uint64_t time, struct octets frame,
			const char *comment);

/* Packets written so far; the newest one's number in Wireshark. */
uint32_t pcapng_written(const struct pcapng_writer *w);

/* Ends the file and frees the writer. False with a reason in `error` if something of it could not
 * be written. */
bool pcapng_finish(struct pcapng_writer *w, char *error, size_t error_size);

#endif
