/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "uri.h"

#include <glib.h>
#include <net/if.h>
#include <netdb.h>
#include <string.h>

#include "net_udp.h"
#include "protocols/pana/pana.h"
#include "protocols/radius/radius.h"

enum { COAP_PORT = 5683 };

static const struct {
	const char *name;
	enum carrier carrier;
	uint16_t port; /* 0: none of its own */
} schemes[] = {
	[URI_UDP] = {"udp", CARRIER_UDP, 0},
	[URI_TCP] = {"tcp", CARRIER_TCP, 0},
	[URI_COAP] = {"coap", CARRIER_UDP, COAP_PORT},
	[URI_RADIUS] = {"radius", CARRIER_UDP, RADIUS_PORT},
};

/* Roles whose protocol has one scheme. */
static const struct {
	const char *prefix;
	enum uri_scheme scheme;
	uint16_t port;
} role_schemes[] = {
	{"pana.", URI_UDP, PANA_PORT},
	{"eap.", URI_RADIUS, RADIUS_PORT},
};

static bool refuse(char *error, size_t error_size, const char *text, const char *wanted,
		   const char *found)
{
	g_snprintf(error, (gulong)error_size, "%.200s: wanted %s, found %s%.100s%s", text, wanted,
		   *found ? "'" : "", *found ? found : "none", *found ? "'" : "");
	return false;
}

/* Takes the scheme off `*rest`. */
static bool parse_scheme(const char **rest, struct uri *uri)
{
	const char *end = strstr(*rest, "://");

	for (size_t i = 0; end && i < G_N_ELEMENTS(schemes); i++) {
		size_t length = strlen(schemes[i].name);

		if ((size_t)(end - *rest) != length ||
		    g_ascii_strncasecmp(*rest, schemes[i].name, length) != 0)
			continue;
		uri->scheme = (enum uri_scheme)i;
		uri->carrier = schemes[i].carrier;
		uri->port = schemes[i].port;
		*rest = end + 3;
		return true;
	}
	return false;
}

static bool fits_role(struct uri *uri, const char *text, const char *role, char *error,
		      size_t error_size)
{
	char wanted[64];

	for (size_t i = 0; role && i < G_N_ELEMENTS(role_schemes); i++) {
		if (!g_str_has_prefix(role, role_schemes[i].prefix))
			continue;
		if (uri->scheme != role_schemes[i].scheme) {
			g_snprintf(wanted, sizeof(wanted), "%s:// for %.20s",
				   schemes[role_schemes[i].scheme].name, role);
			return refuse(error, error_size, text, wanted, schemes[uri->scheme].name);
		}
		uri->port = role_schemes[i].port;
	}
	return true;
}

/* Copies `length` characters. False: there are none, or too many. */
static bool copy(char *to, size_t size, const char *from, size_t length)
{
	if (length == 0 || length >= size)
		return false;
	memcpy(to, from, length);
	to[length] = 0;
	return true;
}

/* Takes the host off `*rest`: up to the port, or a bracketed IPv6 address with its zone. */
static bool parse_host(const char **rest, struct uri *uri)
{
	const char *from = *rest, *end, *zone;

	if (*from != '[') {
		end = from + strcspn(from, ":/?#@[]%");
		*rest = end;
		return copy(uri->host, sizeof(uri->host), from, (size_t)(end - from));
	}
	from++;
	end = strchr(from, ']');
	if (!end)
		return false;
	*rest = end + 1;
	zone = memchr(from, '%', (size_t)(end - from));
	if (zone && !copy(uri->zone, sizeof(uri->zone), zone + 1, (size_t)(end - zone - 1)))
		return false;
	if (zone)
		end = zone;
	return memchr(from, ':', (size_t)(end - from)) &&
	       copy(uri->host, sizeof(uri->host), from, (size_t)(end - from));
}

static bool parse_port(const char **rest, struct uri *uri)
{
	unsigned port = 0;
	const char *at = *rest + 1;

	if (**rest != ':')
		return true;
	for (; g_ascii_isdigit(*at) && port <= UINT16_MAX; at++)
		port = port * 10 + (unsigned)(*at - '0');
	if (at == *rest + 1 || port > UINT16_MAX)
		return false;
	uri->port = (uint16_t)port;
	*rest = at;
	return true;
}

bool uri_parse(const char *text, const char *role, struct uri *uri, char *error, size_t error_size)
{
	const char *rest = text;
	bool given;

	*uri = (struct uri){0};
	error[0] = 0;
	if (!parse_scheme(&rest, uri))
		return refuse(error, error_size, text,
			      "udp://, tcp://, coap:// or radius:// and a host", text);
	if (!fits_role(uri, text, role, error, error_size))
		return false;
	if (!parse_host(&rest, uri))
		return refuse(error, error_size, text,
			      "a name, an IPv4 address or an IPv6 address in brackets", rest);
	given = *rest == ':';
	if (!parse_port(&rest, uri))
		return refuse(error, error_size, text, "a port from 0 to 65535", rest + 1);
	if (*rest == '/')
		rest++;
	if (*rest)
		return refuse(error, error_size, text, "nothing after host and port", rest);
	if (!given && !uri->port)
		return refuse(error, error_size, text, "a port", "");
	return true;
}

bool uri_resolve(const struct uri *uri, struct endpoint *endpoint, unsigned *interface, char *error,
		 size_t error_size)
{
	const struct addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = uri->carrier == CARRIER_TCP ? SOCK_STREAM : SOCK_DGRAM,
	};
	struct sockaddr_storage sa = {0};
	struct addrinfo *found = NULL;
	int status;

	error[0] = 0;
	*interface = uri->zone[0] ? if_nametoindex(uri->zone) : 0;
	if (uri->zone[0] && !*interface) {
		g_snprintf(error, (gulong)error_size, "%s%%%s: there is no interface %s", uri->host,
			   uri->zone, uri->zone);
		return false;
	}
	status = getaddrinfo(uri->host, NULL, &hints, &found);
	if (status != 0) {
		g_snprintf(error, (gulong)error_size, "%s: %s", uri->host, gai_strerror(status));
		return false;
	}
	memcpy(&sa, found->ai_addr, MIN(sizeof(sa), (size_t)found->ai_addrlen));
	freeaddrinfo(found);
	*endpoint = endpoint_of_sockaddr(&sa);
	endpoint->port = uri->port;
	return true;
}

const char *uri_text(enum uri_scheme scheme, const struct endpoint *e, char text[URI_TEXT_SIZE])
{
	char endpoint[ENDPOINT_TEXT_SIZE];

	g_snprintf(text, URI_TEXT_SIZE, "%s://%s", schemes[scheme].name,
		   endpoint_text(e, endpoint));
	return text;
}
