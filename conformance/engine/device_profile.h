/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a device claims to be able to do, and how it is set up: a file of lines
 *
 *     # our meter
 *     eap       = psk
 *     identity  = 0023456789@sm
 *     refuse    = no
 *
 * A key is followed by the values claimed; `needs KEY=VALUE,...` of a case is met if each VALUE is
 * among them. What a profile does not mention it claims as the table of device_profile.c says: what
 * every implementation must be able to do, and not what has to be set up. A reference role claims
 * all.
 *
 * The same keys are settings of roles: device_profile_apply.
 */
#ifndef ASSAY_ENGINE_DEVICE_PROFILE_H
#define ASSAY_ENGINE_DEVICE_PROFILE_H

#include <glib.h>

#include "case.h"
#include "conformance/roles/role.h"

struct device_profile;

/* A profile that mentions nothing; with `all` it claims everything (a reference role). */
struct device_profile *device_profile_new(bool all);
void device_profile_free(struct device_profile *p);

/* Reads a file. False with "FILE:LINE: wanted ..., found ..." in `error`. */
bool device_profile_load(struct device_profile *p, const char *path, char *error,
			 size_t error_size);
bool device_profile_parse(struct device_profile *p, const char *name, const char *text, char *error,
			  size_t error_size);

/* True if all of `needs` (of struct case_pair *) are met; else the first that is not is told. */
bool device_profile_meets(const struct device_profile *p, const GPtrArray *needs, char *unmet,
			  size_t unmet_size);

/* The first value of a key, or NULL. */
const char *device_profile_value(const struct device_profile *p, const char *key);

/* Sets up a role as KEY=VALUE says. False: no setting is so named, or it does not take the value.
 */
bool device_profile_apply(struct role_settings *settings, const char *key, const char *value);

/* True if the setting is one that both ends must have alike: method, algorithms. */
bool device_profile_is_common(const char *key);

/* True if `needs` and `with` may name this key. */
bool device_profile_known(const char *key);

#endif
