/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Suites: files, fragments, cases. */
#include <errno.h>
#include <string.h>

#include "case_impl.h"

/* The lines of one file. */
struct file_reading {
	struct case_parser *parser;
	const char *path;
	GPtrArray *lines;
	guint next;
};

static bool read_file(struct case_parser *p, const char *path, const char *octets, size_t length);

static void fragment_free(void *data)
{
	struct case_fragment *f = data;

	g_ptr_array_unref(f->lines);
	g_hash_table_destroy(f->expansions);
	g_free(f);
}

static struct case_reading reading_new(struct file_reading *f, const GPtrArray *lines)
{
	return (struct case_reading){
		.parser = f->parser,
		.file = f->path,
		.lines = lines,
		.players = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.factor = 1,
	};
}

static void reading_clear(struct case_reading *r)
{
	g_hash_table_destroy(r->players);
	g_hash_table_destroy(r->kept);
}

/* Whether a statement of a file begins here. */
static bool is_statement(const struct case_line *line)
{
	return case_line_begins(line, "suite") || case_line_begins(line, "include") ||
	       case_line_begins(line, "define") || case_line_begins(line, "case");
}

/* Lines up to the next statement. They stay the file's. */
static GPtrArray *take_block(struct file_reading *f)
{
	GPtrArray *block = g_ptr_array_new();

	while (f->next < f->lines->len) {
		struct case_line *line = g_ptr_array_index(f->lines, f->next);

		if (is_statement(line))
			break;
		g_ptr_array_add(block, line);
		f->next++;
	}
	return block;
}

/* ---- cases ---- */

static void line_unref(void *data, void *unused)
{
	struct case_line *line = data;

	(void)unused;
	g_ptr_array_unref(line->tokens);
	g_free(line);
}

static bool read_rules(struct case_reading *r, struct test_case *t)
{
	do {
		const struct case_token *id = reading_word(r, "the id of a rule");
		const struct rule *rule = id ? case_rule(id->text) : NULL;

		if (!id)
			return false;
		if (!rule) {
			char *near = case_near_rule(id->text);
			char *wanted = g_strdup_printf("the id of a rule%s", near);

			reading_refused(r, wanted);
			g_free(wanted);
			g_free(near);
			return false;
		}
		if (!g_ptr_array_find(t->rules, rule, NULL))
			g_ptr_array_add(t->rules, (gpointer)rule);
	} while (reading_peek(r));
	return true;
}

static bool read_level(struct case_reading *r, struct test_case *t, bool *given)
{
	static const enum rule_level levels[] = {RULE_MUST, RULE_SHOULD, RULE_MAY, RULE_OPEN};
	const struct case_token *word = reading_word(r, "a level");

	if (!word)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(levels); i++) {
		if (g_ascii_strcasecmp(word->text, rule_level_name(levels[i])) != 0)
			continue;
		t->level = levels[i];
		*given = true;
		return reading_end(r);
	}
	return reading_refused(r, "a level: must, should, may or open");
}

static bool read_needs(struct case_reading *r, struct test_case *t)
{
	do {
		if (!reading_pair(r, "what the device needs, KEY=VALUE", t->needs))
			return false;
	} while (reading_peek(r));
	return true;
}

static bool read_clauses(struct case_reading *r, struct test_case *t)
{
	bool level_given = false;

	for (; r->next < r->lines->len; r->next++) {
		bool good;

		reading_line(r, g_ptr_array_index(r->lines, r->next));
		if (reading_take(r, "req"))
			good = read_rules(r, t);
		else if (reading_take(r, "needs"))
			good = read_needs(r, t);
		else if (reading_take(r, "level"))
			good = read_level(r, t, &level_given);
		else
			break;
		if (!good)
			return false;
	}
	for (guint i = 0; i < t->rules->len && !level_given; i++) {
		const struct rule *rule = g_ptr_array_index(t->rules, i);

		t->level = i ? MIN(t->level, rule->level) : rule->level;
	}
	if (!t->rules->len && !level_given)
		t->level = RULE_MAY;
	return true;
}

/* What follows `case NAME STRING`. */
static bool read_case_lines(struct case_reading *r, struct test_case *t)
{
	struct case_place place = t->place;

	if (!read_clauses(r, t))
		return false;
	t->steps = case_read_steps(r);
	if (!t->steps)
		return false;
	if (!t->steps->len) {
		case_error(&r->parser->errors, place, "wanted a case with steps, found none");
		return false;
	}
	if (r->next >= r->lines->len)
		return true;
	reading_line(r, g_ptr_array_index(r->lines, r->next++));
	if (!reading_demand(r, "end") || !reading_end(r))
		return false;
	if (r->next >= r->lines->len)
		return true;
	reading_line(r, g_ptr_array_index(r->lines, r->next));
	return reading_wanted(r, "'case', 'define' or 'include'");
}

static bool read_row(struct file_reading *f, struct case_place place, const char *name,
		     const char *summary, const GPtrArray *families, const guint *rows,
		     const GPtrArray *block)
{
	struct case_parser *p = f->parser;
	GPtrArray *lines = case_row_lines(families, rows, block);
	struct case_reading r = reading_new(f, lines);
	struct test_case *t = g_new0(struct test_case, 1);
	char *label = case_row_label(families, rows);
	bool good;

	t->place = place;
	t->rules = g_ptr_array_new();
	t->needs = g_ptr_array_new_with_free_func(case_pair_free);
	t->name = g_strconcat(name, label, NULL);
	t->summary = case_put_in(families, rows, summary);
	case_row_name(families, rows, t);
	p->lines_read += lines->len;
	good = p->lines_read <= CASE_LINES_READ_MAX && p->suite->cases->len < CASE_CASES_MAX;
	if (!good)
		case_error(&p->errors, place, "wanted fewer cases: a suite has at most %d",
			   CASE_CASES_MAX);
	else if (!g_hash_table_add(p->names, g_strdup(t->name))) {
		case_error(&p->errors, place, "wanted a name that no other case has, found '%s'",
			   t->name);
		good = false;
	} else {
		good = read_case_lines(&r, t);
	}
	if (good)
		g_ptr_array_add(p->suite->cases, t);
	else
		test_case_free(t);
	g_free(label);
	reading_clear(&r);
	g_ptr_array_foreach(lines, line_unref, NULL);
	g_ptr_array_unref(lines);
	return good;
}

/* Every combination of values, the last family's changing fastest. */
static bool read_family(struct file_reading *f, struct case_place place, const char *name,
			const char *summary, const GPtrArray *families, const GPtrArray *block)
{
	guint *rows = g_new0(guint, families->len + 1);
	size_t count = 1;
	bool good = true;

	for (guint i = 0; i < families->len; i++)
		count *= MIN(((struct case_each *)g_ptr_array_index(families, i))->rows->len,
			     (guint)CASE_ROWS_MAX + 1);
	if (families->len > 4 || count > CASE_ROWS_MAX) {
		case_error(&f->parser->errors, place, "wanted a family of at most %d cases",
			   CASE_ROWS_MAX);
		good = false;
	}
	while (good && count--) {
		good = read_row(f, place, name, summary, families, rows, block);
		for (guint i = families->len; i-- > 0;) {
			const struct case_each *e = g_ptr_array_index(families, i);

			if (++rows[i] < e->rows->len)
				break;
			rows[i] = 0;
		}
	}
	g_free(rows);
	return good;
}

static void read_case(struct file_reading *f, struct case_reading *r)
{
	struct case_place place;
	const struct case_token *name, *summary;
	GPtrArray *block, *families;
	bool good = true;

	reading_take(r, "case");
	place = reading_place(r);
	name = reading_word(r, "a name for the case");
	if (name && !case_name_good(name->text)) {
		reading_refused(r, "a name for the case: letters, digits, '-', '.', '_'");
		name = NULL;
	}
	summary = name ? reading_word(r, "what the case is about, in quotes") : NULL;
	if (summary && !summary->quoted) {
		reading_refused(r, "what the case is about, in quotes");
		summary = NULL;
	}
	if (summary && !reading_end(r))
		summary = NULL;
	block = take_block(f);
	families = g_ptr_array_new_with_free_func(case_each_free);
	for (guint i = 0; i < block->len && good; i++)
		if (case_line_begins(g_ptr_array_index(block, i), "each"))
			good = case_read_each(r, families, block, i);
	if (summary && good)
		read_family(f, place, name->text, summary->text, families, block);
	g_ptr_array_unref(families);
	g_ptr_array_unref(block);
}

/* ---- fragments ---- */

/* Its lines outlive the file, for its uses. */
static GPtrArray *copy_lines(const GPtrArray *block, guint count)
{
	GPtrArray *lines = g_ptr_array_new();

	for (guint i = 0; i < count; i++) {
		const struct case_line *from = g_ptr_array_index(block, i);
		struct case_line *to = case_line_new(from->number, from->indent, from->end);

		for (guint j = 0; j < from->tokens->len; j++) {
			const struct case_token *t = g_ptr_array_index(from->tokens, j);

			g_ptr_array_add(to->tokens, case_token_new(t->text, t->column, t->quoted));
		}
		g_ptr_array_add(lines, to);
	}
	return lines;
}

static void fragment_lines_free(struct case_fragment *f)
{
	g_ptr_array_foreach(f->lines, line_unref, NULL);
	g_ptr_array_set_size(f->lines, 0);
}

static void read_define(struct file_reading *f, struct case_reading *r)
{
	struct case_parser *p = f->parser;
	struct case_fragment *fragment;
	struct case_expansion *e;
	struct case_place place;
	const struct case_token *name;
	const struct case_line *last;
	GPtrArray *block, *no_settings;

	reading_take(r, "define");
	place = reading_place(r);
	name = reading_word(r, "a name for the fragment");
	if (name && !case_name_good(name->text)) {
		reading_refused(r, "a name for the fragment: letters, digits, '-', '.', '_'");
		name = NULL;
	}
	if (name && g_hash_table_contains(p->fragments, name->text)) {
		reading_refused(r, "a name that no other fragment has");
		name = NULL;
	}
	if (name && !reading_end(r))
		name = NULL;
	block = take_block(f);
	last = block->len ? g_ptr_array_index(block, block->len - 1) : NULL;
	if (name && (!last || !case_line_begins(last, "end"))) {
		case_error(&p->errors, place, "wanted an 'end' of this 'define', found none");
		name = NULL;
	}
	if (!name) {
		g_ptr_array_unref(block);
		return;
	}
	fragment = g_new0(struct case_fragment, 1);
	fragment->define = g_new0(struct case_define, 1);
	fragment->define->place = place;
	fragment->define->name = g_strdup(name->text);
	fragment->lines = copy_lines(block, block->len - 1);
	fragment->expansions =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, case_expansion_free);
	no_settings = g_ptr_array_new();
	e = case_expand(p, fragment, "self", no_settings, 0);
	fragment->broken = !e;
	if (e)
		fragment->define->steps = g_ptr_array_ref(e->steps);
	g_ptr_array_add(p->suite->defines, fragment->define);
	g_hash_table_insert(p->fragments, g_strdup(name->text), fragment);
	g_ptr_array_unref(no_settings);
	g_ptr_array_unref(block);
}

/* ---- files ---- */

static void read_include(struct file_reading *f, struct case_reading *r)
{
	struct case_parser *p = f->parser;
	struct case_place place;
	const struct case_token *t;
	char *folder, *path, *octets = NULL;
	GError *error = NULL;
	gsize length;
	bool cycle = false;

	reading_take(r, "include");
	place = reading_place(r);
	t = reading_word(r, "the path of a file, in quotes");
	if (!t || !reading_end(r))
		return;
	folder = g_path_get_dirname(f->path);
	path = g_path_is_absolute(t->text) ? g_strdup(t->text)
					   : g_build_filename(folder, t->text, NULL);
	for (unsigned i = 0; i < p->depth; i++)
		cycle = cycle || strcmp(p->paths[i], path) == 0;
	if (cycle)
		case_error(&p->errors, place,
			   "wanted a file that does not include itself, found '%s'", t->text);
	else if (p->depth >= CASE_INCLUDE_DEPTH || p->suite->files->len >= CASE_FILES_MAX)
		case_error(&p->errors, place,
			   "wanted fewer files: at most %d, %d deep in each other", CASE_FILES_MAX,
			   CASE_INCLUDE_DEPTH);
	else if (!g_file_get_contents(path, &octets, &length, &error))
		case_error(&p->errors, place, "wanted a file that can be read, found '%s': %s",
			   t->text, error->message);
	else
		read_file(p, path, octets, length);
	g_clear_error(&error);
	g_free(octets);
	g_free(path);
	g_free(folder);
}

static void read_suite(struct file_reading *f, struct case_reading *r)
{
	struct case_parser *p = f->parser;
	const struct case_token *t;

	if (p->depth > 1 || p->suite->name) {
		reading_wanted(r, p->depth > 1 ? "a file to be included without 'suite'"
					       : "one 'suite' only");
		return;
	}
	reading_take(r, "suite");
	t = reading_word(r, "the name of the role that the suite tests");
	if (!t)
		return;
	if (!case_role_known(t->text)) {
		reading_refused(r, "the name of the role that the suite tests (pana.paa, ...)");
		return;
	}
	p->suite->name = g_strdup(t->text);
	reading_end(r);
}

static void read_statement(struct file_reading *f)
{
	struct case_reading r = reading_new(f, f->lines);
	const struct case_line *line = g_ptr_array_index(f->lines, f->next);

	reading_line(&r, line);
	if (!is_statement(line)) {
		reading_wanted(&r, "'suite', 'include', 'define' or 'case'");
		g_ptr_array_unref(take_block(f));
		reading_clear(&r);
		return;
	}
	f->next++;
	if (case_line_begins(line, "suite"))
		read_suite(f, &r);
	else if (case_line_begins(line, "include"))
		read_include(f, &r);
	else if (case_line_begins(line, "define"))
		read_define(f, &r);
	else
		read_case(f, &r);
	reading_clear(&r);
}

static bool known_file(const struct suite *s, const char *path)
{
	for (guint i = 0; i < s->files->len; i++)
		if (strcmp(g_ptr_array_index(s->files, i), path) == 0)
			return true;
	return false;
}

/* A file that was read before is not read again. */
static bool read_file(struct case_parser *p, const char *path, const char *octets, size_t length)
{
	struct file_reading f = {.parser = p};
	unsigned before = p->errors.count;

	if (known_file(p->suite, path))
		return true;
	f.path = g_strdup(path);
	g_ptr_array_add(p->suite->files, (gpointer)f.path);
	p->paths[p->depth++] = f.path;
	f.lines = case_lex(f.path, octets, length, &p->errors);
	while (f.next < f.lines->len && p->errors.count < CASE_ERRORS_MAX)
		read_statement(&f);
	g_ptr_array_unref(f.lines);
	p->depth--;
	return p->errors.count == before;
}

static void fragment_forget(void *key, void *value, void *unused)
{
	(void)key;
	(void)unused;
	fragment_lines_free(value);
}

struct suite *suite_load_octets(const char *path, const char *octets, size_t length, char *error,
				size_t error_size)
{
	struct case_parser p = {.suite = g_new0(struct suite, 1)};
	struct case_place start = {path, 1, 1};

	p.suite->defines = g_ptr_array_new_with_free_func(case_define_free);
	p.suite->cases = g_ptr_array_new_with_free_func(test_case_free);
	p.suite->files = g_ptr_array_new_with_free_func(g_free);
	p.errors.text = g_string_new(NULL);
	p.fragments = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, fragment_free);
	p.names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	read_file(&p, path, octets, length);
	if (!p.errors.count && !p.suite->name)
		case_error(&p.errors, start, "wanted 'suite ROLE' as the first statement");
	if (!p.errors.count && !p.suite->cases->len)
		case_error(&p.errors, start, "wanted a case, found none");
	if (p.errors.count) {
		g_strlcpy(error, p.errors.text->str, error_size);
		suite_free(p.suite);
		p.suite = NULL;
	}
	g_hash_table_foreach(p.fragments, fragment_forget, NULL);
	g_hash_table_destroy(p.fragments);
	g_hash_table_destroy(p.names);
	g_string_free(p.errors.text, TRUE);
	return p.suite;
}

struct suite *suite_load(const char *path, char *error, size_t error_size)
{
	GError *reason = NULL;
	struct suite *s;
	char *octets;
	gsize length;

	if (!g_file_get_contents(path, &octets, &length, &reason)) {
		g_snprintf(error, error_size, "%s:1:1: wanted a file that can be read, found: %s",
			   path, reason->message);
		g_error_free(reason);
		return NULL;
	}
	s = suite_load_octets(path, octets, length, error, error_size);
	g_free(octets);
	return s;
}
