/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "import.h"

#include <string.h>

#include "case.h"
#include "protocols/core/verdict.h"
#include "replay.h"
#include "target.h"
#include "value_parse.h"

void import_head(const char *path, const char *role, GString *text)
{
	char *name = g_path_get_basename(path);

	g_string_append_printf(text,
			       "# Imported from %s, as %s. What is live in a session is computed;\n"
			       "# what the captured peer answered is wanted again.\n"
			       "suite %s\n",
			       name, role, target_opposite(role));
	g_free(name);
}

/* ---- settings ---- */

/* Words that need no quotes. */
static bool is_plain(const char *value)
{
	for (const char *c = value; *c; c++)
		if (!g_ascii_isalnum(*c) && !strchr("@.,-_+/:", *c))
			return false;
	return *value != '\0';
}

/* What the player's role would be anyway. */
static bool is_default(const struct case_pair *pair)
{
	return (strcmp(pair->name, "piggyback") == 0 && strcmp(pair->value, "yes") == 0) ||
	       (strcmp(pair->name, "encryption") == 0 && strcmp(pair->value, "none") == 0);
}

/* What makes the device go another way; what it may choose is not wanted of it. */
static bool is_needed(const struct replay_script *s, const struct case_pair *pair)
{
	static const char *const names[] = {"eap",      "encryption", "notify", "erp",
					    "initiate", "refuse",     NULL};
	static const char *const of_client[] = {"prf", "integrity", "piggyback", "identity", NULL};

	return g_strv_contains(names, pair->name) ||
	       (target_is_client(s->opposite) && g_strv_contains(of_client, pair->name));
}

/* Of what a server offered, what the peer took: more is not needed of the device. */
static const char *selected_method(const struct replay_script *s, const char *offered)
{
	bool two = strchr(offered, ',') != NULL;
	bool second = false;

	for (guint i = 0; i < s->lines->len && two; i++) {
		const struct message *m =
			((struct replay_line *)g_ptr_array_index(s->lines, i))->message;

		if (m->has_eap && m->eap.type == EAP_TYPE_GPSK && m->eap.gpsk.opcode == EAP_GPSK_2)
			second = m->eap.gpsk.csuite_sel.length == 6 &&
				 m->eap.gpsk.csuite_sel.octets[5] == 2;
	}
	return !two ? offered : second ? "gpsk-2" : "gpsk-1";
}

static void append_settings(GString *text, const char *before, const GPtrArray *settings,
			    const struct replay_script *s, bool needed)
{
	bool any = false;

	for (guint i = 0; i < settings->len; i++) {
		const struct case_pair *pair = g_ptr_array_index(settings, i);

		const char *value = pair->value;

		if (is_default(pair) || !is_plain(value) || (needed && !is_needed(s, pair)))
			continue;
		if (needed && strcmp(pair->name, "eap") == 0)
			value = selected_method(s, value);
		g_string_append_printf(text, "%s%s=%s", any ? " " : before, pair->name, value);
		any = true;
	}
}

static void append_start(GString *text, const struct replay_script *s)
{
	GPtrArray *needs = replay_script_settings(s, s->opposite);
	GPtrArray *with = replay_script_settings(s, s->role);

	append_settings(text, "  needs ", needs, s, true);
	if (text->str[text->len - 1] != '\n')
		g_string_append_c(text, '\n');
	g_string_append_printf(text, "  start s as %s", s->role);
	append_settings(text, " with ", with, s, false);
	g_string_append_c(text, '\n');
	g_ptr_array_free(needs, TRUE);
	g_ptr_array_free(with, TRUE);
}

/* ---- messages ---- */

static void append_message(GString *text, const char *keyword, const struct replay_line *l)
{
	struct case_message *named = replay_message_of(l->message);
	char shown[MESSAGE_TEXT_SIZE];

	g_string_append_printf(text, "  %s %s of s  # frame %u\n", keyword,
			       message_wanted_text(named, shown), l->frame);
	replay_message_free(named);
}

/* ---- what is wanted of the peer's messages ---- */

/* Said by kind and flags, or of no interest to a person who edits. */
static bool is_plumbing(const char *name)
{
	static const char *const names[] = {"pana.type", "radius.code", NULL};

	return strstr(name, "reserved") || g_str_has_prefix(name, "pana.avp.") ||
	       g_str_has_prefix(name, "pana.zigbee.") || /* what a reference role has none of */
	       g_str_has_prefix(name, "pana.flags.") || g_str_has_suffix(name, ".flags") ||
	       g_strv_contains(names, name);
}

/* Live, but whether it is there counts. */
static bool is_presence(const char *name)
{
	static const char *const names[] = {"pana.nonce", "pana.key_id", "pana.auth", NULL};

	return g_strv_contains(names, name);
}

static char *octets_written(const struct value *value)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < value->length; i++)
		g_string_append_printf(text, "%02x", value->octets[i]);
	return g_string_free(text, FALSE);
}

/* As people write it, where it can be: "text:user1". The caller frees. */
static char *written(const struct field *f, const struct value *value)
{
	char *text = f->kind == FIELD_TEXT ? g_strndup((const char *)value->octets, value->length)
					   : g_strdup("");
	char *as = NULL;

	if (f->kind == FIELD_TEXT && strlen(text) == value->length && is_plain(text))
		as = g_strdup_printf("text:%s", text);
	else if (f->kind == FIELD_UINT || f->kind == FIELD_BIT || f->kind == FIELD_TEXT)
		as = value_write(f, value);
	else
		as = octets_written(value);
	g_free(text);
	return as;
}

static void append_value(GString *text, const struct seen *s)
{
	const struct field *f = s->field;
	char *value;

	if (f->kind == FIELD_SECRET || (f->kind == FIELD_TEXT && !s->value.length))
		return;
	value = written(f, &s->value);
	g_string_append_printf(text, "    %s == %s", f->name, value);
	if (f->names && value_name_find(f->names, s->value.number))
		g_string_append_printf(text, "  # %s", value_name_find(f->names, s->value.number));
	g_string_append_c(text, '\n');
	g_free(value);
}

static void append_constraint(GString *text, const struct replay_line *l, const struct seen *s)
{
	const struct field *f = s->field;

	if (f->generated) {
		if (f->names == verdict_names && s->value.number == VERDICT_VERIFIED)
			g_string_append_printf(text, "    ok(%s)\n", f->name);
	} else if (is_presence(f->name) || (strcmp(f->name, "pana.session_lifetime") == 0)) {
		g_string_append_printf(text, "    %s present\n", f->name);
	} else if (!is_plumbing(f->name) && !replay_is_live(f) && !replay_is_choice(f, l)) {
		append_value(text, s);
	}
}

/* In the order of the message, each field once: of several the first is wanted. */
static void append_constraints(GString *text, const struct replay_line *l)
{
	GHashTable *done = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < l->reading.seen->len; i++) {
		const struct seen *s = &g_array_index(l->reading.seen, struct seen, i);

		if (!s->group && g_hash_table_add(done, (gpointer)s->field))
			append_constraint(text, l, s);
	}
	g_hash_table_destroy(done);
}

/* ---- what is sent otherwise than the player would ---- */

/* RFC 5191 8.9: what a role gives as its reason. */
static bool append_changes(GString *text, const struct replay_script *s,
			   const struct replay_line *l)
{
	const struct seen *cause = replay_line_find(l, "pana.termination_cause");
	uint64_t usual = strcmp(s->role, "pana.pac") == 0 ? 1 : 4;

	if (!cause || cause->source || cause->value.number == usual)
		return true;
	g_string_append_printf(text, "    pana.termination_cause = %u\n",
			       (unsigned)cause->value.number);
	return cause->value.number == 1 || cause->value.number == 4 || cause->value.number == 8;
}

/* ---- the case ---- */

/* A line that waits for the device to act by itself is preceded by its trigger; the device is given
 * time to be done with what went before. */
static void append_expect(GString *text, const struct replay_script *s, guint i)
{
	const struct replay_line *l = g_ptr_array_index(s->lines, i);
	const char *trigger = replay_trigger(s, i);

	if (trigger)
		g_string_append_printf(text, "%s  trigger %s\n", i ? "  wait 2s\n" : "", trigger);
	append_message(text, "expect", l);
	append_constraints(text, l);
}

/* A message that a correct peer discards: it stays silent, and alive. What follows on our part
 * cannot follow. */
static void append_discarded(GString *text)
{
	g_string_append(text, "    # breaks a MUST as captured: whatever the captured peer did, a\n"
			      "    # correct one discards it\n"
			      "  silence 2s\n"
			      "  alive s\n");
}

static void append_steps(GString *text, const struct replay_script *s)
{
	bool settled = false;

	for (guint i = 0; i < s->lines->len; i++) {
		const struct replay_line *l = g_ptr_array_index(s->lines, i);

		if (l->again)
			continue;
		if (!l->own) {
			append_expect(text, s, i);
			settled = false;
			continue;
		}
		/* While it waits, the player goes on by itself: only where all is said. */
		if (settled)
			g_string_append(text, "  wait 100ms\n");
		if (l->message->protocol == &pana_protocol &&
		    l->message->pana[0].kind == PANA_UNKNOWN_KIND) {
			g_string_append_printf(text, "  # frame %u is no message of PANA\n",
					       l->frame);
			continue;
		}
		append_message(text, "send", l);
		settled = l->message->protocol == &pana_protocol &&
			  l->message->pana[0].kind == PANA_PAN &&
			  l->message->pana[0].flags & PANA_FLAG_C;
		if (!append_changes(text, s, l)) {
			append_discarded(text);
			break;
		}
	}
}

void import_case(const struct replay_script *s, GString *text)
{
	char *name = g_path_get_basename(s->path), *dot = strrchr(name, '.');
	const struct replay_line *first = g_ptr_array_index(s->lines, 0);
	const struct replay_line *last = g_ptr_array_index(s->lines, s->lines->len - 1);

	if (dot && dot != name)
		*dot = '\0';
	g_strcanon(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._", '-');
	g_string_append_printf(text, "\ncase %s-%u \"Conversation %u of %s, frames %u to %u\"\n",
			       name, s->conversation, s->conversation, name, first->frame,
			       last->frame);
	append_start(text, s);
	append_steps(text, s);
	g_free(name);
}
