/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "serve_log.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "conformance/engine/net.h"
#include "conformance/engine/pcapng_datagram.h"
#include "conformance/engine/stack.h"
#include "protocols/radius/radius.h"

enum { TEXT_SIZE = 512 };

/* What peers call themselves is in these lines: no terminal obeys it. */
void serve_tell(uint64_t time, const char *what, const char *format, ...)
{
	GDateTime *date = g_date_time_new_from_unix_local((gint64)(time / WORLD_SECOND));
	char text[TEXT_SIZE], shown[4 * TEXT_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (date)
		printf("%02d:%02d:%02d.%03" PRIu64 "  ", g_date_time_get_hour(date),
		       g_date_time_get_minute(date), g_date_time_get_second(date),
		       time % WORLD_SECOND / WORLD_MILLISECOND);
	g_clear_pointer(&date, g_date_time_unref);
	printf("%-13s  %s\n", what,
	       printable_text((const uint8_t *)text, strlen(text), shown, sizeof(shown)));
}

/* A stack knows RADIUS by its port alone. */
static struct endpoint as_known(const struct serve_log *log, const struct endpoint *e)
{
	struct endpoint known = *e;

	if (log->radius_port && e->port == log->radius_port)
		known.port = RADIUS_PORT;
	return known;
}

static void tell_message(struct serve_log *log, uint64_t time, bool received,
			 const struct datagram *d)
{
	char peer[ENDPOINT_TEXT_SIZE], summary[STACK_SUMMARY_SIZE];
	const struct capture_payload payload = {
		.passage = {.frame = 1,
			    .time = time,
			    .carrier = CARRIER_UDP,
			    .source = as_known(log, &d->source),
			    .destination = as_known(log, &d->destination)},
		.kind = PAYLOAD_UDP,
		.pdu_name = "",
		.octets = d->octets.octets,
		.length = d->octets.length,
		.wire_length = d->octets.length,
	};

	stack_feed(log->stack, &payload, NULL);
	stack_summary(log->stack, summary);
	serve_tell(time, received ? "received" : "sent", "%s %s: %s%s%zu octets",
		   received ? "from" : "to",
		   endpoint_text(received ? &d->source : &d->destination, peer), summary,
		   summary[0] ? ", " : "", d->octets.length);
}

static void on_datagram(struct world_observer *o, uint64_t time, enum world_stage stage,
			const struct datagram *d)
{
	struct serve_log *log = (struct serve_log *)o;
	char peer[ENDPOINT_TEXT_SIZE];

	log->received += stage == WORLD_RECEIVED;
	log->sent += stage == WORLD_SENT;
	if (stage == WORLD_UNREACHABLE)
		serve_tell(time, "unreachable", "%s: %s", endpoint_text(&d->destination, peer),
			   net_reason(log->world));
	else if (stage == WORLD_LOST)
		serve_tell(time, "lost", "to %s: more waits to be sent than the system takes",
			   endpoint_text(&d->destination, peer));
	if (stage != WORLD_RECEIVED && stage != WORLD_SENT)
		return;
	if (log->capture)
		pcapng_write_datagram(log->capture, time, d, NULL);
	if (log->verbose)
		tell_message(log, time, stage == WORLD_RECEIVED, d);
}

void serve_log_end(struct serve_log *log, enum exit_code code)
{
	log->over = true;
	log->code = code;
}

static void on_event(struct world_observer *o, uint64_t time, struct role *r, enum role_event event,
		     const char *text)
{
	struct serve_log *log = (struct serve_log *)o;

	(void)r;
	serve_tell(time, role_event_name(event), "%s", text);
	if (!log->begins)
		return;
	if (event == ROLE_CLOSED || (event == ROLE_AUTHENTICATED && log->without_session))
		serve_log_end(log, EXIT_AS_EXPECTED);
	else if (event == ROLE_REFUSED)
		serve_log_end(log, EXIT_DIFFERS);
	else if (event == ROLE_GAVE_UP)
		serve_log_end(log, EXIT_TARGET);
}

static const struct world_observer_ops observer_ops = {on_datagram, on_event};

void serve_log_begin(struct serve_log *log, bool verbose, struct key_store *keys)
{
	*log = (struct serve_log){
		.observer = {&observer_ops},
		.verbose = verbose,
		.stack = stack_new(keys, 0, NULL, NULL),
	};
}

void serve_log_clear(struct serve_log *log)
{
	stack_free(log->stack);
	log->stack = NULL;
}
