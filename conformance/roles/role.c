/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "role.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "erp_keys.h"

/* Transform numbers of IANA's IKEv2 registry: PRF_HMAC_SHA1, AUTH_HMAC_SHA1_160, which RFC 5191 8.3
 * and 8.6 have everyone support, and the SHA-256 ones; RFC 6786 9: AES128-CTR. */
enum { PRF_SHA1 = 2, PRF_SHA256 = 5, AUTH_SHA1_160 = 7, AUTH_SHA256_128 = 12, AES128_CTR = 1 };

void role_settings_default(struct role_settings *settings)
{
	*settings = (struct role_settings){
		.methods = {METHOD_PSK, METHOD_GPSK_1, METHOD_GPSK_2},
		.prf = {PRF_SHA1, PRF_SHA256},
		.integrity = {AUTH_SHA1_160, AUTH_SHA256_128},
		.encryption = {AES128_CTR},
		.prf_count = 2,
		.integrity_count = 2,
		.lifetime = 3600,
		.piggyback = true,
	};
	snprintf(settings->server_identity, sizeof(settings->server_identity), "server@assay");
}

const struct role_kind *role_kind_of(const char *name)
{
	for (size_t i = 0; role_kinds[i]; i++)
		if (name && !strcmp(role_kinds[i]->name, name))
			return role_kinds[i];
	return NULL;
}

const struct fault *role_fault_of(const struct role_kind *kind, const char *name)
{
	for (size_t i = 0; i < kind->fault_count; i++)
		if (!strcmp(kind->faults[i].name, name))
			return &kind->faults[i];
	return kind->inner ? role_fault_of(kind->inner, name) : NULL;
}

struct role *role_new(const char *name, const struct role_settings *settings,
		      struct environment *environment, char *error, size_t error_size)
{
	const struct role_kind *kind = role_kind_of(name);
	const struct fault *fault = NULL;
	struct role_settings copy = *settings;
	struct role *r;

	if (!kind) {
		snprintf(error, error_size, "role: wanted one of assay list roles; found \"%.60s\"",
			 name ? name : "");
		return NULL;
	}
	if (settings->fault && !(fault = role_fault_of(kind, settings->fault))) {
		snprintf(error, error_size, "fault: wanted one of %s's; found \"%.60s\"", name,
			 settings->fault);
		return NULL;
	}
	if (!settings->keys) {
		snprintf(error, error_size, "keys: wanted a key table; found none");
		return NULL;
	}
	copy.fault = fault ? fault->name : NULL;
	r = kind->create(&copy);
	if (!r) {
		snprintf(error, error_size, "%s: settings that it cannot work with", name);
		return NULL;
	}
	r->kind = kind;
	r->environment = environment;
	r->settings = copy;
	r->fault = fault;
	return r;
}

void role_free(struct role *r)
{
	if (!r)
		return;
	erp_keys_free(r->erp_keys);
	r->erp_keys = NULL;
	r->kind->destroy(r);
}

bool role_has_fault(const struct role *r, size_t index)
{
	return r->fault && r->fault == &r->kind->faults[index];
}

uint64_t role_now(const struct role *r)
{
	return r->environment->ops->now(r->environment);
}

void role_random(struct role *r, uint8_t *octets, size_t length)
{
	r->environment->ops->random(r->environment, octets, length);
}

void role_send(struct role *r, const struct endpoint *to, const uint8_t *octets, size_t length)
{
	const struct datagram d = {
		.source = r->settings.local,
		.destination = *to,
		.octets = {octets, length},
	};

	if (length <= DATAGRAM_MAX)
		r->environment->ops->send(r->environment, r, &d);
}

void role_timer(struct role *r, unsigned timer, uint64_t at)
{
	r->environment->ops->timer(r->environment, r, timer, at);
}

void role_event(struct role *r, enum role_event event, const char *format, ...)
{
	char text[256];
	va_list arguments;

	if (!r->environment->ops->event)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	r->environment->ops->event(r->environment, r, event, text);
}
