/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EAP as a whole: its descriptor, and a message in words. */
#include <stdarg.h>
#include <stdio.h>

#include "eap.h"
#include "eap_fields.h"

static void walk_alone(struct walk *w)
{
	struct eap_message m;

	eap_walk(w, &m);
}

const struct protocol eap_protocol = {
	.name = "eap",
	.label = "Extensible Authentication Protocol",
	.fields = eap_fields,
	.field_count = EAP_FIELDS,
	.rules = eap_rules,
	.rule_count = EAP_RULES,
	.walk = walk_alone,
};

/* A text that grows. */
struct line {
	char *text;
	size_t length; /* never past EAP_SUMMARY_SIZE - 1 */
};

static void add(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct line *line, const char *format, ...)
{
	size_t room = EAP_SUMMARY_SIZE - line->length;
	va_list arguments;
	int wanted;

	va_start(arguments, format);
	wanted = vsnprintf(line->text + line->length, room, format, arguments);
	va_end(arguments);
	if (wanted > 0)
		line->length += (size_t)wanted < room ? (size_t)wanted : room - 1;
}

static void add_name(struct line *line, const struct value_name *names, uint64_t value,
		     const char *what)
{
	const char *name = value_name_find(names, value);

	if (name)
		add(line, "%s", name);
	else
		add(line, "%s %u", what, (unsigned)value);
}

static void add_erp(struct line *line, const struct eap_message *m)
{
	if (!m->has_type)
		return;
	add(line, ", ");
	add_name(line, eap_erp_type_names, m->type, "type");
	if (m->type == EAP_ERP_REAUTH)
		add(line, ", SEQ %u", m->erp.seq);
	if (m->type == EAP_ERP_REAUTH && m->code == EAP_FINISH)
		add(line, ", %s", m->erp.flags & EAP_ERP_R ? "failure" : "success");
}

static void add_method(struct line *line, const struct eap_message *m)
{
	static const char *const ordinals[] = {"first", "second", "third", "fourth"};

	if (m->expanded && m->vendor) {
		add(line, ", Expanded Type, vendor %u, type %u", m->vendor, m->vendor_type);
		return;
	}
	add(line, ", ");
	if (m->expanded && m->method == EAP_TYPE_NAK)
		add(line, "Expanded Nak");
	else
		add_name(line, eap_type_names, m->method, "type");
	if (m->method == EAP_TYPE_PSK && m->data.length)
		add(line, ", %s message", ordinals[m->psk.t]);
	if (m->method == EAP_TYPE_GPSK && m->data.length) {
		add(line, ", ");
		add_name(line, eap_gpsk_opcode_names, m->gpsk.opcode, "OP-Code");
	}
}

const char *eap_summary(const struct eap_message *m, char text[EAP_SUMMARY_SIZE])
{
	struct line line = {text, 0};

	text[0] = '\0';
	if (!m->complete) {
		add(&line, "cut off");
		return text;
	}
	add_name(&line, eap_code_names, m->code, "code");
	if (m->code == EAP_INITIATE || m->code == EAP_FINISH)
		add_erp(&line, m);
	else if (m->has_type)
		add_method(&line, m);
	return text;
}
