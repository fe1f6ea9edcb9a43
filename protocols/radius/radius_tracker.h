/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which EAP conversation a RADIUS packet belongs to. A server tells its conversations apart by the
 * State attribute (RFC 3579 section 2.6.1), which it hands out in an Access-Challenge and the
 * client returns in its next Access-Request; a reply carries its request's identifier (RFC 2865
 * section 3).
 *
 *   - An Access-Request without State starts a conversation, unless it is a retransmission: same
 *     endpoints, identifier and authenticator.
 *   - A reply belongs to the newest request of its identifier between its endpoints.
 *   - A request with a State belongs to the conversation whose reply last gave this State to this
 *     client. A State may change with every reply, or stay.
 *   - Where the capture begins in the middle, the first packet seen starts the conversation.
 *
 * The same packets in the same order get the same numbers. A tracker remembers at most
 * RADIUS_TRACKED requests and States together and forgets the one unused longest.
 */
#ifndef ASSAY_RADIUS_TRACKER_H
#define ASSAY_RADIUS_TRACKER_H

#include "protocols/core/flow.h"
#include "radius.h"

enum { RADIUS_TRACKED = 131072 };

struct radius_tracker;

/* At most `limit` requests and States (0: RADIUS_TRACKED). */
struct radius_tracker *radius_tracker_new(size_t limit);
void radius_tracker_free(struct radius_tracker *t);

/* The number of the conversation, from 1; 0 if the packet is part of none: it is neither request
 * nor reply of an authentication, or there is no EAP in what it belongs to. */
uint32_t radius_track(struct radius_tracker *t, const struct passage *p,
		      const struct radius_message *m);

/* Requests and States remembered now. */
size_t radius_tracker_count(const struct radius_tracker *t);

#endif
