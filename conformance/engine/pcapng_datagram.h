/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Datagrams of roles in pcapng files, as Ethernet frames whose headers are made up: Ethernet
 * addresses from the ends of the IP addresses, no fragments, right checksums.
 */
#ifndef ASSAY_ENGINE_PCAPNG_DATAGRAM_H
#define ASSAY_ENGINE_PCAPNG_DATAGRAM_H

#include "conformance/roles/role.h"
#include "pcapng_write.h"

/* Writes a UDP datagram to a file of PCAPNG_ETHERNET. Its addresses are of one family; one that is
 * none counts as zeros. Time and comment are as in pcapng_write_frame. */
void pcapng_write_datagram(struct pcapng_writer *w, uint64_t time, const struct datagram *d,
			   const char *comment);

#endif
