/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a session said of a message, kept with the frame. A session is fed once, in the order of the
 * capture; Wireshark dissects a frame again whenever a person looks at it. So on the first pass the
 * session speaks to a recorder, and on every pass the painter hears the recording.
 *
 * A recording lives in the memory of the capture's file. Of keys in it (FIELD_SECRET) it holds the
 * length alone, as the value's number, unless the preferences ask for secrets; and they are wiped
 * when the capture is closed.
 */
#ifndef ASSAY_DISSECTORS_RECORD_H
#define ASSAY_DISSECTORS_RECORD_H

#include "compat.h"

#include "protocols/core/reader.h"

struct recorder {
	struct reader reader; /* hand this to sessions */
	GByteArray *events;
	guint32 frame;
	bool secret; /* keys are among them */
};

struct recording;

void recorder_start(struct recorder *r, const packet_info *pinfo);

/* Ends the recording and keeps it with the frame, under `key`. */
const struct recording *recorder_keep(struct recorder *r, packet_info *pinfo, guint32 key);

/* The recording kept under `key`, or NULL. */
const struct recording *recording_of(packet_info *pinfo, guint32 key);

/* Tells `reader` all that was recorded, and which later frame turned out to answer this one.
 * `recording` may be NULL. */
void recording_replay(const struct recording *recording, struct reader *reader);

/* Once, at start: a value of `request`, the number of an earlier frame, makes the frame at hand the
 * value of `answer` there, and in frames that repeat that one: `repeats` is said of them. */
void recording_link(const struct field *request, const struct field *answer,
		    const struct field *repeats);

/* Wipes the keys of all recordings; the memory itself is the file's. */
void recordings_wipe(void);

#endif
