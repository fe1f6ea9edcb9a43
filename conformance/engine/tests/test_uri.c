/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "conformance/engine/uri.h"

Test(uri, right_ones_are_read)
{
	static const struct {
		const char *text, *role, *host, *zone;
		enum uri_scheme scheme;
		uint16_t port;
	} rows[] = {
		{"udp://192.0.2.1:716", NULL, "192.0.2.1", "", URI_UDP, 716},
		{"udp://192.0.2.1", "pana.paa", "192.0.2.1", "", URI_UDP, 716},
		{"UDP://paa.example/", "pana.pre", "paa.example", "", URI_UDP, 716},
		{"udp://[::1]:65535", NULL, "::1", "", URI_UDP, 65535},
		{"udp://[fe80::1%eth0]", "pana.pac", "fe80::1", "eth0", URI_UDP, 716},
		{"radius://localhost", NULL, "localhost", "", URI_RADIUS, 1812},
		{"radius://localhost:1645", "eap.peer", "localhost", "", URI_RADIUS, 1645},
		{"coap://[2001:db8::1]", NULL, "2001:db8::1", "", URI_COAP, 5683},
		{"tcp://meter:1153", NULL, "meter", "", URI_TCP, 1153},
		{"udp://0.0.0.0:0", "pana.paa", "0.0.0.0", "", URI_UDP, 0},
	};
	char error[URI_ERROR_SIZE];
	struct uri uri;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		cr_assert(uri_parse(rows[i].text, rows[i].role, &uri, error, sizeof(error)), "%s",
			  error);
		cr_assert_eq(uri.scheme, rows[i].scheme);
		cr_assert_str_eq(uri.host, rows[i].host);
		cr_assert_str_eq(uri.zone, rows[i].zone);
		cr_assert_eq(uri.port, rows[i].port);
		cr_assert_eq(uri.carrier, rows[i].scheme == URI_TCP ? CARRIER_TCP : CARRIER_UDP);
	}
}

Test(uri, wrong_ones_are_refused_with_the_reason)
{
	static const struct {
		const char *text, *role, *told;
	} rows[] = {
		{"", NULL, "wanted udp://, tcp://, coap:// or radius:// and a host, found none"},
		{"192.0.2.1:716", NULL, "found '192.0.2.1:716'"},
		{"http://host", NULL, "wanted udp://"},
		{"udp://host", NULL, "wanted a port, found none"},
		{"udp://:716", NULL, "wanted a name"},
		{"udp://[::1", NULL, "wanted a name"},
		{"udp://[host]:1", NULL, "wanted a name"},
		{"udp://[::1%]:1", NULL, "wanted a name"},
		{"udp://[fe80::1%a-name-of-many-characters]:1", NULL, "wanted a name"},
		{"udp://::1:716", NULL, "wanted a name"},
		{"udp://host:", NULL, "wanted a port from 0 to 65535, found none"},
		{"udp://host:65536", NULL, "wanted a port from 0 to 65535, found '65536'"},
		{"udp://host:99999999999999999999", NULL, "wanted a port from 0 to 65535"},
		{"udp://host:1x", NULL, "wanted nothing after host and port, found 'x'"},
		{"udp://host:1/path", NULL, "wanted nothing after host and port, found 'path'"},
		{"udp://user@host:1", NULL, "wanted nothing after host and port, found '@host:1'"},
		{"radius://host", "pana.paa", "wanted udp:// for pana.paa, found 'radius'"},
		{"udp://host:1812", "eap.server", "wanted radius:// for eap.server, found 'udp'"},
	};
	char error[URI_ERROR_SIZE];
	struct uri uri;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		cr_assert_not(uri_parse(rows[i].text, rows[i].role, &uri, error, sizeof(error)),
			      "%s", rows[i].text);
		cr_assert(strstr(error, rows[i].told), "%s", error);
	}
}

Test(uri, addresses_resolve_to_themselves)
{
	static const char *const texts[] = {"udp://192.0.2.1:716", "udp://[2001:db8::7]:1"};
	char error[URI_ERROR_SIZE], text[URI_TEXT_SIZE];
	struct endpoint endpoint;
	unsigned interface;
	struct uri uri;

	for (size_t i = 0; i < 2; i++) {
		cr_assert(uri_parse(texts[i], NULL, &uri, error, sizeof(error)));
		cr_assert(uri_resolve(&uri, &endpoint, &interface, error, sizeof(error)), "%s",
			  error);
		cr_assert_str_eq(uri_text(URI_UDP, &endpoint, text), texts[i]);
		cr_assert_eq(interface, 0);
	}
	cr_assert(uri_parse("udp://[fe80::1%lo]:1", NULL, &uri, error, sizeof(error)));
	cr_assert(uri_resolve(&uri, &endpoint, &interface, error, sizeof(error)), "%s", error);
	cr_assert_neq(interface, 0);
	cr_assert(uri_parse("udp://[fe80::1%nowhere]:1", NULL, &uri, error, sizeof(error)));
	cr_assert_not(uri_resolve(&uri, &endpoint, &interface, error, sizeof(error)));
	cr_assert(strstr(error, "there is no interface nowhere"), "%s", error);
}
