/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What assay serve tells while it plays a role: a line per event, and per message if wanted; what
 * it counts and captures. It also sees when a role that begins has come to its end.
 */
#ifndef ASSAY_TOOLS_SERVE_LOG_H
#define ASSAY_TOOLS_SERVE_LOG_H

#include "command.h"
#include "conformance/engine/world.h"

struct serve_log {
	struct world_observer observer; /* first */
	struct world *world;            /* a real one; borrowed */
	struct pcapng_writer *capture;  /* NULL: none; borrowed */
	struct stack *stack;            /* reads what is shown */
	bool verbose;                   /* tell of every message */
	bool begins;                    /* the role's part is over when its session is, */
	bool without_session;           /* or, there being none, when it is authenticated */
	uint16_t radius_port;           /* the RADIUS server's; 0: no RADIUS */
	bool over;
	enum exit_code code; /* when it is over */
	uint64_t received, sent;
};

/* `keys` is borrowed, and gets what is derived. */
void serve_log_begin(struct serve_log *log, bool verbose, struct key_store *keys);
void serve_log_clear(struct serve_log *log);

/* It is over, with this exit code. */
void serve_log_end(struct serve_log *log, enum exit_code code);

/* Prints "12:34:56.789  started        ...". */
void serve_tell(uint64_t time, const char *what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
