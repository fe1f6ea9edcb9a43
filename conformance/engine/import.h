/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes a case of a captured conversation: a step per message, `send` for the side that is
 * re-enacted, `expect` for the peer, with constraints on all that is not live (replay.h), so that
 * it passes unedited against the reference role, and is there to be edited.
 *
 * Repetitions, and messages of relays, are left out. Of our own messages the case says what the
 * player would not send by itself: another Termination-Cause. Where the captured message breaks a
 * MUST by that, and a correct peer discards it, the case wants silence and a sign of life, whatever
 * the captured peer did.
 */
#ifndef ASSAY_ENGINE_IMPORT_H
#define ASSAY_ENGINE_IMPORT_H

#include "replay_script.h"

/* "suite ..." and a comment: the beginning of a file. Appends. */
void import_head(const char *path, const char *role, GString *text);

/* The case of one conversation. Appends. */
void import_case(const struct replay_script *s, GString *text);

#endif
