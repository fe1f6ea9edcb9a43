/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "valid.h"

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static char why[512];

const char *valid_text(const char *text)
{
	const char *end;

	if (!g_utf8_validate(text, -1, &end)) {
		snprintf(why, sizeof(why), "not UTF-8 at octet %zu", (size_t)(end - text));
		return why;
	}
	for (const char *c = text; *c; c = g_utf8_next_char(c)) {
		if (*c != '\n' && g_unichar_iscntrl(g_utf8_get_char(c))) {
			snprintf(why, sizeof(why), "a control character at octet %zu",
				 (size_t)(c - text));
			return why;
		}
	}
	return NULL;
}

const char *valid_json(const char *text)
{
	json_error_t error;
	json_t *json = json_loads(text, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);

	if (json) {
		json_decref(json);
		return NULL;
	}
	snprintf(why, sizeof(why), "%s: %.200s", error.text, text);
	return why;
}

const char *valid_json_lines(char *text)
{
	const char *wrong;
	char *next;

	for (; *text; text = next) {
		next = strchr(text, '\n');
		if (!next)
			return "the last line has no end";
		*next++ = '\0';
		wrong = valid_json(text);
		if (wrong)
			return wrong;
	}
	return NULL;
}

const char *valid_xml(const char *text)
{
	const GMarkupParser parser = {.start_element =
					      NULL}; /* which lets control characters pass */
	const char *wrong = valid_text(text);
	GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, NULL, NULL);
	GError *error = NULL;
	bool valid = !wrong && g_markup_parse_context_parse(context, text, -1, &error) &&
		     g_markup_parse_context_end_parse(context, &error);

	g_markup_parse_context_free(context);
	if (valid || wrong)
		return wrong;
	snprintf(why, sizeof(why), "%s", error->message);
	g_error_free(error);
	return why;
}
