/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * assay cover: which requirement has which check. A check is a case that cites the rule, or a walk
 * or session that notes it in whatever traffic (a passive rule). What can have neither stands, with
 * the reason, in not-testable.txt beside the suites.
 */
#include <string.h>

#include "command.h"
#include "conformance/engine/case.h"
#include "conformance/engine/stack.h"
#include "suites.h"

/* From here on the rules of a protocol are about what a party does: it takes a test to see it. */
static const char *const first_active[] = {"rfc3748-length-discard", "rfc5191-pci-answered", NULL};

struct coverage {
	GPtrArray *suites; /* of struct suite * */
	GHashTable *why;   /* rule id -> why it is not testable */
	unsigned must, must_by_case, must_passive, must_excused, must_out;
};

static bool is_passive(const struct protocol *protocol, size_t index)
{
	for (size_t i = 0; i <= index; i++)
		if (g_strv_contains(first_active, protocol->rules[i].id))
			return false;
	return true;
}

/* "pana.pac, pana.paa" binds both; "any" whoever speaks the protocol. */
static bool binds(const struct protocol *protocol, const struct rule *rule, const char *role)
{
	char **roles = g_strsplit(rule->role, ", ", -1);
	bool bound = g_strv_contains((const char *const *)roles, role);

	if (g_strv_contains((const char *const *)roles, "any"))
		bound = bound || g_str_has_prefix(role, protocol->name);
	/* A server is the authenticator where there is no pass-through between them. */
	if (g_strv_contains((const char *const *)roles, "eap.authenticator"))
		bound = bound || strcmp(role, "eap.server") == 0;
	g_strfreev(roles);
	return bound;
}

static bool concerns(const struct coverage *c, const struct protocol *protocol,
		     const struct rule *rule)
{
	for (guint i = 0; i < c->suites->len; i++)
		if (binds(protocol, rule,
			  ((const struct suite *)g_ptr_array_index(c->suites, i))->name))
			return true;
	return false;
}

/* "pana.paa:auth-wrong(32)": families by their name, with how many rows cite the rule. */
static unsigned add_cases(const struct suite *s, const struct rule *rule, GString *text)
{
	char *last = NULL;
	unsigned rows = 0, all = 0;

	for (guint i = 0; i <= s->cases->len; i++) {
		const struct test_case *t =
			i < s->cases->len ? g_ptr_array_index(s->cases, i) : NULL;
		bool cites = t && g_ptr_array_find(t->rules, rule, NULL);
		char *family = cites ? g_strndup(t->name, strcspn(t->name, "/")) : NULL;

		if (last && (!t || (family && strcmp(family, last) != 0))) {
			g_string_append_printf(text, "%s%s:%s", text->len ? "," : "", s->name,
					       last);
			if (rows > 1)
				g_string_append_printf(text, "(%u)", rows);
			rows = 0;
			g_free(last);
			last = NULL;
		}
		if (family) {
			g_free(last);
			last = family;
			rows++;
			all++;
		}
	}
	return all;
}

static void count(struct coverage *c, const struct rule *rule, unsigned cases, bool passive,
		  const char *why)
{
	if (rule->level != RULE_MUST)
		return;
	c->must++;
	if (cases)
		c->must_by_case++;
	else if (passive)
		c->must_passive++;
	else if (why)
		c->must_excused++;
	else
		c->must_out++;
}

static void cover_rule(struct coverage *c, const struct protocol *protocol, size_t index)
{
	const struct rule *rule = &protocol->rules[index];
	bool passive = is_passive(protocol, index);
	const char *why = g_hash_table_lookup(c->why, rule->id);
	GString *text = g_string_new(NULL);
	unsigned cases = 0;

	for (guint i = 0; i < c->suites->len; i++)
		cases += add_cases(g_ptr_array_index(c->suites, i), rule, text);
	count(c, rule, cases, passive, why);
	printf("%s\t%s\t%s\t%s\t%u\t%s\t%s\n", rule->id, rule_level_name(rule->level), rule->role,
	       passive ? "passive" : "-", cases, text->len ? text->str : "-", why ? why : "-");
	if (!cases && !passive && !why && rule->level == RULE_MUST)
		complain("%s (%s) has no check, and no reason why not", rule->id, rule->section);
	g_string_free(text, TRUE);
}

/* Lines "RULE<tab>REASON"; `#` starts a comment. False: complained. */
static bool read_reasons(struct coverage *c)
{
	char *path = suite_file("not-testable.txt"), *text = NULL;
	char **lines;
	bool good = true;

	if (!path || !g_file_get_contents(path, &text, NULL, NULL)) {
		g_free(path);
		return true;
	}
	lines = g_strsplit(text, "\n", -1);
	for (unsigned i = 0; lines[i]; i++) {
		char **parts = g_strsplit(lines[i], "\t", 2);

		if (*lines[i] && *lines[i] != '#') {
			if (!parts[0] || !parts[1] || !suites_rule(parts[0])) {
				complain("%s:%u: wanted the id of a rule, a tab and a reason", path,
					 i + 1);
				good = false;
			} else {
				g_hash_table_insert(c->why, g_strdup(parts[0]), g_strdup(parts[1]));
			}
		}
		g_strfreev(parts);
	}
	g_strfreev(lines);
	g_free(text);
	g_free(path);
	return good;
}

static void print_matrix(struct coverage *c)
{
	puts("# rule\tlevel\tbinds\tpassive\tcases\twhich\twhy not testable");
	for (const struct protocol *const *p = stack_protocols; *p; p++)
		for (size_t i = 0; i < (*p)->rule_count; i++)
			if (concerns(c, *p, &(*p)->rules[i]))
				cover_rule(c, *p, i);
	printf("# %u MUST: %u with cases, %u by passive rules alone, %u not testable, %u without a "
	       "check\n",
	       c->must, c->must_by_case, c->must_passive, c->must_excused, c->must_out);
}

enum exit_code command_cover(int argc, char **argv)
{
	static const GOptionEntry none[] = {G_OPTION_ENTRY_NULL};
	struct coverage c = {0};
	enum exit_code code = EXIT_USAGE;

	if (!command_options(none, "[SUITE...]",
			     "Prints the requirements of the roles that the suites test (default: "
			     "of all), and what checks each: a tab-separated row per requirement.",
			     "Exit status: 0 every MUST has a check, or a reason why it can have "
			     "none; 1 one has neither.",
			     &argc, &argv))
		return EXIT_USAGE;
	c.suites = suites_load(argc - 1, argv + 1);
	c.why = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	if (c.suites && read_reasons(&c)) {
		print_matrix(&c);
		code = c.must_out ? EXIT_DIFFERS : EXIT_AS_EXPECTED;
	}
	g_hash_table_destroy(c.why);
	if (c.suites)
		g_ptr_array_unref(c.suites);
	return code;
}
