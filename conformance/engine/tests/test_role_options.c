/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "conformance/engine/role_options.h"

static struct role_settings settings;
static char error[256];

static bool set(const char *name, const char *value)
{
	return role_option_set(&settings, name, value, error, sizeof(error));
}

Test(role_options, settings_are_set_by_name)
{
	cr_assert(set("identity", "user1"));
	cr_assert_str_eq(settings.identity, "user1");
	cr_assert(set("server-identity", "server"));
	cr_assert_str_eq(settings.server_identity, "server");
	cr_assert(set("methods", "gpsk-2, psk"));
	cr_assert_eq(settings.methods[0], METHOD_GPSK_2);
	cr_assert_eq(settings.methods[1], METHOD_PSK);
	cr_assert_eq(settings.methods[2], METHOD_NONE);
	cr_assert(set("prf", "hmac-sha256"));
	cr_assert_eq(settings.prf_count, 1);
	cr_assert_eq(settings.prf[0], 5);
	cr_assert(set("integrity", "7,99,hmac-sha256-128"));
	cr_assert_eq(settings.integrity_count, 3);
	cr_assert_eq(settings.integrity[1], 99);
	cr_assert_eq(settings.integrity[2], 12);
	cr_assert(set("encryption", "none"));
	cr_assert_eq(settings.encryption_count, 0);
	cr_assert(set("lifetime", "60"));
	cr_assert_eq(settings.lifetime, 60);
	cr_assert(set("ping-interval", "4294967295"));
	cr_assert(set("piggyback", "yes"));
	cr_assert(settings.piggyback);
	cr_assert(set("piggyback", "OFF"));
	cr_assert_not(settings.piggyback);
	cr_assert(set("unauthorized", "on"));
	cr_assert(settings.unauthorized);
	cr_assert(set("pass-through", "radius://127.0.0.1"));
	cr_assert_eq(settings.radius.port, 1812);
	cr_assert_eq(settings.radius.address.octets[0], 127);
	cr_assert(set("pass-through", "radius://[::1]:99"));
	cr_assert_eq(settings.radius.port, 99);
	cr_assert_not(set("pass-through", "udp://127.0.0.1:716"));
	cr_assert_not(set("pass-through", "radius://127.0.0.1:0"));
	cr_assert_eq(settings.radius.port, 99);
	cr_assert(set("pass-through", "no"));
	cr_assert_eq(settings.radius.address.family, 0);
}

Test(role_options, wrong_values_change_nothing)
{
	char overlong[300];
	struct role_settings before;

	memset(overlong, 'x', sizeof(overlong) - 1);
	overlong[sizeof(overlong) - 1] = 0;
	cr_assert(set("methods", "psk"));
	before = settings;
	cr_assert_not(set("identity", overlong));
	cr_assert_not(set("methods", "psk,aka"));
	cr_assert_not(set("methods", ""));
	cr_assert_not(set("methods", "psk,psk,psk,psk,psk"));
	cr_assert_not(set("prf", "1,2,3,4,5,6,7,8,9"));
	cr_assert_not(set("lifetime", "-1"));
	cr_assert_not(set("lifetime", "4294967296"));
	cr_assert_not(set("lifetime", ""));
	cr_assert_str_eq(error, "lifetime: wanted SECONDS, found ''");
	cr_assert_not(set("erp", "maybe"));
	cr_assert_str_eq(error, "erp: wanted yes | no, found 'maybe'");
	cr_assert_not(set("colour", "red"));
	cr_assert_str_eq(error, "a role has no setting 'colour'");
	cr_assert_eq(memcmp(&before, &settings, sizeof(before)), 0);
}

Test(role_options, each_is_described)
{
	for (size_t i = 0; i < role_option_count(); i++) {
		const struct role_option o = role_option_at(i);

		cr_assert(*o.name && *o.values && *o.text);
	}
}
