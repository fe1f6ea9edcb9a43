/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Datagrams as frames in a pcapng file: Ethernet (RFC 894, RFC 2464), Linux cooked v1, Wireshark's
 * exported PDUs; IPv4 (RFC 791), IPv6 (RFC 8200) whole or in fragments, UDP (RFC 768) with its
 * checksum; EAPOL. Time stamps are those of the scenario, in nanoseconds. Nothing here depends on
 * the machine: the same datagrams make the same octets.
 */
#ifndef ASSAY_GENCAP_FRAME_H
#define ASSAY_GENCAP_FRAME_H

#include "conformance/engine/pcapng_write.h"
#include "conformance/scenario/scenario.h"

struct frame_form {
	enum pcapng_link link;
	size_t fragment; /* octets of payload in an IPv6 fragment, a multiple of 8; 0: whole */
};

/* Writes the file. False if it cannot be written: errno says why. */
bool frame_write_file(const char *path, const struct frame_form *form, const struct scenario *s);

#endif
