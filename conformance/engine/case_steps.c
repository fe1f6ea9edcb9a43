/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps of cases and fragments. */
#include <string.h>

#include "case_impl.h"

/* ---- players ---- */

static char *player_name(const struct case_reading *r, const char *written)
{
	return g_strdup(r->self && strcmp(written, "self") == 0 ? r->self : written);
}

static void player_starts(struct case_reading *r, const char *name)
{
	g_hash_table_add(r->players, g_strdup(name));
	if (r->out)
		g_ptr_array_add(r->out->starts, g_strdup(name));
}

/* A player that there is already. */
static bool read_player(struct case_reading *r, struct case_step *s)
{
	const struct case_token *t = reading_word(r, "the name of a player");

	if (!t)
		return false;
	s->player = player_name(r, t->text);
	if (g_hash_table_contains(r->players, s->player))
		return true;
	if (r->out) {
		g_ptr_array_add(r->out->wants, g_strdup(s->player));
		return true;
	}
	return reading_refused(r, "a player that has been started");
}

static bool read_new_player(struct case_reading *r, struct case_step *s)
{
	const struct case_token *t = reading_word(r, "a name for the player");

	if (!t)
		return false;
	if (!case_name_good(t->text) || strcmp(t->text, "new") == 0)
		return reading_refused(r, "a name for the player");
	s->player = player_name(r, t->text);
	return true;
}

/* ---- steps ---- */

static bool read_settings(struct case_reading *r, struct case_step *s)
{
	if (!reading_take(r, "with"))
		return reading_end(r);
	do {
		if (!reading_pair(r, "a setting NAME=VALUE", s->settings))
			return false;
	} while (reading_peek(r));
	return true;
}

/* Settings that a `use` hands down replace those of the `start`. */
static void hand_down(struct case_step *s, const GPtrArray *settings)
{
	for (guint i = 0; i < settings->len; i++) {
		const struct case_pair *given = g_ptr_array_index(settings, i);
		struct case_pair *pair = NULL;

		for (guint j = 0; j < s->settings->len && !pair; j++) {
			pair = g_ptr_array_index(s->settings, j);
			if (strcmp(pair->name, given->name) != 0)
				pair = NULL;
		}
		if (!pair) {
			pair = g_new0(struct case_pair, 1);
			pair->name = g_strdup(given->name);
			g_ptr_array_add(s->settings, pair);
		}
		pair->place = given->place;
		g_free(pair->value);
		pair->value = g_strdup(given->value);
	}
}

static bool read_start(struct case_reading *r, struct case_step *s)
{
	const struct case_token *t;
	bool is_self;

	t = reading_peek(r);
	is_self = t && strcmp(t->text, "self") == 0;
	if (!read_new_player(r, s))
		return false;
	if (g_hash_table_contains(r->players, s->player))
		return reading_refused(r, "a name that no other player has");
	if (!reading_demand(r, "as"))
		return false;
	t = reading_word(r, "the name of a role");
	if (!t)
		return false;
	s->name = g_strdup(t->text);
	if (!case_role_known(t->text))
		return reading_refused(r, "the name of a role (pana.pac, eap.server, ...)");
	if (!read_settings(r, s))
		return false;
	if (is_self && r->settings)
		hand_down(s, r->settings);
	player_starts(r, s->player);
	return true;
}

/* What a fragment wants there to be is there, or is wanted by the fragment that uses it. */
static bool find_wanted(struct case_reading *r, const struct case_step *s,
			const struct case_expansion *e, struct case_place place)
{
	for (guint i = 0; i < e->wants->len; i++) {
		const char *name = g_ptr_array_index(e->wants, i);

		if (g_hash_table_contains(r->players, name))
			continue;
		if (!r->out) {
			case_error(&r->parser->errors, place,
				   "wanted a player '%s' that has been started: '%s' speaks of it, "
				   "found none",
				   name, s->name);
			return false;
		}
		g_ptr_array_add(r->out->wants, g_strdup(name));
	}
	return true;
}

static bool take_started(struct case_reading *r, const struct case_step *s,
			 const struct case_expansion *e, struct case_place place)
{
	for (guint i = 0; i < e->starts->len; i++) {
		const char *name = g_ptr_array_index(e->starts, i);

		if (g_hash_table_contains(r->players, name)) {
			case_error(&r->parser->errors, place,
				   "wanted a name that no other player has: '%s' starts one, found "
				   "'%s'",
				   s->name, name);
			return false;
		}
		player_starts(r, name);
	}
	return true;
}

static bool use_fragment(struct case_reading *r, struct case_step *s, struct case_fragment *f,
			 struct case_place place)
{
	struct case_expansion *e;

	if (r->use_depth >= CASE_USE_DEPTH) {
		case_error(&r->parser->errors, place,
			   "wanted fragments at most %d deep in each other", CASE_USE_DEPTH);
		return false;
	}
	e = case_expand(r->parser, f, s->player, s->settings, r->use_depth + 1);
	if (!e || !find_wanted(r, s, e, place) || !take_started(r, s, e, place))
		return false;
	for (guint i = 0; i < e->keeps->len; i++) {
		const char *name = g_ptr_array_index(e->keeps, i);

		g_hash_table_add(r->kept, g_strdup(name));
		if (r->out)
			g_ptr_array_add(r->out->keeps, g_strdup(name));
	}
	s->steps = g_ptr_array_ref(e->steps);
	r->played += r->factor * MIN(e->played, (unsigned)CASE_PLAYED_MAX);
	return true;
}

static bool read_use(struct case_reading *r, struct case_step *s)
{
	const struct case_token *t = reading_word(r, "the name of a fragment");
	struct case_place player;
	struct case_fragment *f;

	if (!t)
		return false;
	s->name = g_strdup(t->text);
	f = g_hash_table_lookup(r->parser->fragments, t->text);
	if (!f)
		return reading_refused(r, "the name of a fragment that is defined above");
	if (!reading_demand(r, "as"))
		return false;
	player = reading_place(r);
	if (!read_new_player(r, s) || !read_settings(r, s))
		return false;
	if (f->broken) /* said already */
		return false;
	return use_fragment(r, s, f, player);
}

static bool read_within(struct case_reading *r, struct case_step *s)
{
	static const char wanted[] = "a time (2s, 300ms, 900ms..1100ms) or 'rt'";
	const struct case_token *t = reading_word(r, wanted);
	const char *dots = t ? strstr(t->text, "..") : NULL;
	char *from;
	bool good;

	if (!t)
		return false;
	s->schedule = strcmp(t->text, "rt") == 0;
	if (s->schedule)
		return true;
	from = dots ? g_strndup(t->text, (gsize)(dots - t->text)) : NULL;
	good = (!from || case_time(from, &s->earliest)) &&
	       case_time(dots ? dots + 2 : t->text, &s->time) && s->time > s->earliest;
	g_free(from);
	return good || reading_refused(r, wanted);
}

/* The lines that belong to a step: those further in. */
static bool belongs(const struct case_reading *r, unsigned indent)
{
	const struct case_line *line;

	if (r->next >= r->lines->len)
		return false;
	line = g_ptr_array_index(r->lines, r->next);
	return line->indent > indent;
}

static bool read_constraints(struct case_reading *r, struct case_message *m, unsigned indent)
{
	while (belongs(r, indent)) {
		struct case_constraint *c;

		reading_line(r, g_ptr_array_index(r->lines, r->next++));
		c = case_read_constraint(r);
		if (!c)
			return false;
		g_ptr_array_add(m->constraints, c);
	}
	return true;
}

static bool read_send(struct case_reading *r, struct case_step *s)
{
	unsigned indent = r->line->indent;

	s->message = case_read_message(r, false);
	if (!s->message || !read_player(r, s) || !reading_end(r))
		return false;
	if (strcmp(s->message->kind, "any") == 0) {
		case_error(&r->parser->errors, s->message->place,
			   "wanted a kind of message to send, found 'any'");
		return false;
	}
	while (belongs(r, indent)) {
		struct case_change *c;

		reading_line(r, g_ptr_array_index(r->lines, r->next++));
		c = case_read_change(r);
		if (!c)
			return false;
		g_ptr_array_add(s->changes, c);
	}
	return true;
}

static bool read_alternatives(struct case_reading *r, struct case_step *s, unsigned indent)
{
	while (r->next < r->lines->len) {
		const struct case_line *line = g_ptr_array_index(r->lines, r->next);
		struct case_message *m;

		reading_line(r, line);
		if (line->indent != indent || !reading_take(r, "or"))
			return true;
		r->next++;
		m = case_read_message(r, true);
		if (!m)
			return false;
		g_ptr_array_add(s->alternatives, m);
		if (!read_constraints(r, m, indent))
			return false;
	}
	return true;
}

static bool read_expect(struct case_reading *r, struct case_step *s)
{
	unsigned indent = r->line->indent;
	struct case_message *m = case_read_message(r, false);

	if (!m)
		return false;
	g_ptr_array_add(s->alternatives, m);
	if (!read_player(r, s))
		return false;
	if (reading_take(r, "within") && !read_within(r, s))
		return false;
	return reading_end(r) && read_constraints(r, m, indent) && read_alternatives(r, s, indent);
}

static bool read_time(struct case_reading *r, struct case_step *s)
{
	const struct case_token *t = reading_word(r, "a time (2s, 300ms)");

	if (!t)
		return false;
	if (!case_time(t->text, &s->time) || !s->time)
		return reading_refused(r, "a time (2s, 300ms)");
	return reading_end(r);
}

static bool read_alive(struct case_reading *r, struct case_step *s)
{
	if (reading_take(r, "new"))
		return reading_end(r);
	return read_player(r, s) && reading_end(r);
}

static bool read_keep(struct case_reading *r, struct case_step *s)
{
	const struct case_token *t;

	const struct field *field;

	s->field = case_read_field(r, &field);
	if (!s->field || !reading_demand(r, "of") || !read_player(r, s) || !reading_demand(r, "as"))
		return false;
	t = reading_word(r, "a name that begins with $");
	if (!t)
		return false;
	if (t->text[0] != '$' || !case_name_good(t->text + 1))
		return reading_refused(r, "a name that begins with $");
	s->name = g_strdup(t->text + 1);
	g_hash_table_add(r->kept, g_strdup(s->name));
	if (r->out)
		g_ptr_array_add(r->out->keeps, g_strdup(s->name));
	return reading_end(r);
}

static bool read_repeat(struct case_reading *r, struct case_step *s)
{
	struct case_place place = s->place;
	const struct case_token *t = reading_word(r, "how many times");
	unsigned factor = r->factor;

	if (!t)
		return false;
	if (!case_count(t->text, CASE_REPEAT_MAX, &s->count))
		return reading_refused(r, "how many times, 1 to 1000");
	if (!reading_end(r))
		return false;
	if (++r->repeat_depth > CASE_REPEAT_DEPTH) {
		case_error(&r->parser->errors, place, "wanted 'repeat' at most %d deep",
			   CASE_REPEAT_DEPTH);
		return false;
	}
	r->factor = MIN(r->factor * s->count, (unsigned)CASE_PLAYED_MAX + 1);
	s->steps = case_read_steps(r);
	r->factor = factor;
	r->repeat_depth--;
	if (!s->steps)
		return false;
	if (r->next >= r->lines->len) {
		case_error(&r->parser->errors, place,
			   "wanted an 'end' of this 'repeat', found none");
		return false;
	}
	reading_line(r, g_ptr_array_index(r->lines, r->next++));
	return reading_demand(r, "end") && reading_end(r);
}

static bool read_trigger(struct case_reading *r, struct case_step *s)
{
	static const char *const commands[] = {"start", "ping",     "reauth", "terminate",
					       "move",  "initiate", NULL};
	const struct case_token *t = reading_word(r, "what the device is made to do");

	if (!t)
		return false;
	s->name = g_strdup(t->text);
	if (!g_strv_contains(commands, t->text))
		return reading_refused(
			r, "'start', 'ping', 'reauth', 'terminate', 'move' or 'initiate'");
	return reading_end(r);
}

static const struct {
	const char *word;
	enum step_kind kind;
	bool (*read)(struct case_reading *r, struct case_step *s);
} steps[] = {
	{"use", STEP_USE, read_use},          {"start", STEP_START, read_start},
	{"send", STEP_SEND, read_send},       {"expect", STEP_EXPECT, read_expect},
	{"silence", STEP_SILENCE, read_time}, {"alive", STEP_ALIVE, read_alive},
	{"wait", STEP_WAIT, read_time},       {"keep", STEP_KEEP, read_keep},
	{"repeat", STEP_REPEAT, read_repeat}, {"trigger", STEP_TRIGGER, read_trigger},
};

static bool read_step(struct case_reading *r, GPtrArray *into)
{
	struct case_place place;
	struct case_step *s;

	reading_line(r, g_ptr_array_index(r->lines, r->next));
	place = reading_place(r);
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		if (!reading_take(r, steps[i].word))
			continue;
		r->next++;
		r->played += r->factor;
		s = case_step_new(steps[i].kind, place);
		g_ptr_array_add(into, s);
		if (!steps[i].read(r, s))
			return false;
		if (r->played <= CASE_PLAYED_MAX)
			return true;
		case_error(&r->parser->errors, place,
			   "wanted at most %d steps in a case, repetitions counted out",
			   CASE_PLAYED_MAX);
		return false;
	}
	return reading_wanted(r, "a step (use, start, send, expect, silence, alive, wait, keep, "
				 "repeat, trigger) or 'end'");
}

GPtrArray *case_read_steps(struct case_reading *r)
{
	GPtrArray *into = g_ptr_array_new_with_free_func(case_step_free);

	while (r->next < r->lines->len) {
		reading_line(r, g_ptr_array_index(r->lines, r->next));
		if (reading_take(r, "end"))
			return into;
		if (!read_step(r, into)) {
			g_ptr_array_unref(into);
			return NULL;
		}
	}
	return into;
}

/* ---- fragments ---- */

void case_expansion_free(void *data)
{
	struct case_expansion *e = data;

	if (e->steps)
		g_ptr_array_unref(e->steps);
	g_ptr_array_unref(e->starts);
	g_ptr_array_unref(e->keeps);
	g_ptr_array_unref(e->wants);
	g_free(e);
}

static char *expansion_key(const char *player, const GPtrArray *settings)
{
	GString *key = g_string_new(player);

	for (guint i = 0; i < settings->len; i++) {
		const struct case_pair *pair = g_ptr_array_index(settings, i);

		g_string_append_printf(key, "\n%s=%s", pair->name, pair->value);
	}
	return g_string_free(key, FALSE);
}

struct case_expansion *case_expand(struct case_parser *p, struct case_fragment *f,
				   const char *player, const GPtrArray *settings, unsigned depth)
{
	char *key = expansion_key(player, settings);
	struct case_expansion *e = g_hash_table_lookup(f->expansions, key);
	struct case_reading r = {
		.parser = p,
		.file = f->define->place.file,
		.lines = f->lines,
		.self = player,
		.settings = settings,
		.use_depth = depth,
		.factor = 1,
	};

	if (e) {
		g_free(key);
		return e;
	}
	e = g_new0(struct case_expansion, 1);
	e->starts = g_ptr_array_new_with_free_func(g_free);
	e->keeps = g_ptr_array_new_with_free_func(g_free);
	e->wants = g_ptr_array_new_with_free_func(g_free);
	r.out = e;
	r.players = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	r.kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	p->lines_read += f->lines->len;
	e->steps = case_read_steps(&r);
	e->played = r.played;
	g_hash_table_destroy(r.players);
	g_hash_table_destroy(r.kept);
	if (!e->steps) {
		case_expansion_free(e);
		g_free(key);
		return NULL;
	}
	g_hash_table_insert(f->expansions, key, e);
	return e;
}
