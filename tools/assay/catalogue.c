/* SPDX-License-Identifier: GPL-2.0-or-later */
/* assay list and assay explain: what the tables of protocols and roles say. */
#include <inttypes.h>
#include <string.h>

#include "command.h"
#include "conformance/engine/stack.h"
#include "conformance/roles/role.h"
#include "suites.h"

static void list_protocols(void)
{
	for (const struct protocol *const *p = stack_protocols; *p; p++)
		printf("-\t%s\t%s (%zu fields, %zu requirements)\n", (*p)->name, (*p)->label,
		       (*p)->field_count, (*p)->rule_count);
}

static void list_requirements(void)
{
	for (const struct protocol *const *p = stack_protocols; *p; p++)
		for (size_t i = 0; i < (*p)->rule_count; i++) {
			const struct rule *rule = &(*p)->rules[i];

			printf("%s\t%s\t%s, %s: %s\n", rule->role, rule->id,
			       rule_level_name(rule->level), rule->section, rule->text);
		}
}

static void list_fields(void)
{
	for (const struct protocol *const *p = stack_protocols; *p; p++)
		for (size_t i = 0; i < (*p)->field_count; i++)
			printf("%s\t%s\t%s\n", (*p)->name, (*p)->fields[i].name,
			       (*p)->fields[i].label);
}

static void list_roles(void)
{
	for (const struct role_kind *const *kind = role_kinds; *kind; kind++)
		printf("-\t%s\t%s\n", (*kind)->name, (*kind)->summary);
}

static void list_faults(void)
{
	for (const struct role_kind *const *kind = role_kinds; *kind; kind++)
		for (size_t i = 0; i < (*kind)->fault_count; i++)
			printf("%s\t%s\t%s: %s\n", (*kind)->name, (*kind)->faults[i].name,
			       (*kind)->faults[i].rule, (*kind)->faults[i].text);
}

static const struct {
	const char *name;
	void (*list)(void);
} kinds[] = {
	{"protocols", list_protocols}, {"requirements", list_requirements},
	{"fields", list_fields},       {"roles", list_roles},
	{"suites", suites_list},       {"cases", suites_list_cases},
	{"faults", list_faults},
};

enum exit_code command_list(int argc, char **argv)
{
	static const GOptionEntry none[] = {G_OPTION_ENTRY_NULL};

	if (!command_options(none,
			     "protocols | requirements | fields | roles | faults | suites | cases",
			     "Prints a tab-separated row per thing: what it belongs to, its name, "
			     "its summary.",
			     NULL, &argc, &argv))
		return EXIT_USAGE;
	if (argc != 2)
		return usage_error("wanted one of protocols, requirements, fields, roles, faults, "
				   "suites, cases");
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (strcmp(kinds[i].name, argv[1]) != 0)
			continue;
		kinds[i].list();
		return EXIT_AS_EXPECTED;
	}
	return usage_error("wanted one of protocols, requirements, fields, roles, faults, suites, "
			   "cases; found '%s'",
			   argv[1]);
}

/* ---- explain ---- */

static void explain_rule(const struct protocol *protocol, const struct rule *rule)
{
	bool open = rule->level == RULE_OPEN;

	printf("%s\n  %s\n\n", rule->id, rule->text);
	printf("  Level     %s%s\n", rule_level_name(rule->level),
	       open ? " (the sources disagree: told, never a failure)" : "");
	printf("  Binds     %s\n", rule->role);
	printf("  Section   %s\n", rule->section);
	printf("  Protocol  %s, %s\n", protocol->name, protocol->label);
}

static void explain_field(const struct protocol *protocol, const struct field *field)
{
	static const char *const kind_names[] = {
		[FIELD_GROUP] = "group of fields",
		[FIELD_UINT] = "number",
		[FIELD_BIT] = "bit",
		[FIELD_OCTETS] = "octets",
		[FIELD_TEXT] = "characters",
		[FIELD_IPV4] = "IPv4 address",
		[FIELD_IPV6] = "IPv6 address",
		[FIELD_SECRET] = "key octets, shown on demand",
		[FIELD_FRAME] = "number of a frame",
		[FIELD_DURATION] = "duration",
		[FIELD_STATEMENT] = "statement",
	};

	printf("%s\n  %s\n\n", field->name, field->label);
	printf("  Kind      %s%s\n", kind_names[field->kind],
	       field->generated ? ", not on the wire: computed" : "");
	if (field->width)
		printf("  Width     %d octets\n", field->width);
	if (field->section)
		printf("  Section   %s\n", field->section);
	printf("  Protocol  %s, %s\n", protocol->name, protocol->label);
	for (const struct value_name *v = field->names; v && v->name; v++)
		printf("  %8" PRIu64 "  %s\n", v->value, v->name);
}

static void explain_role(const struct role_kind *kind)
{
	printf("%s, %s\n  %s\n\n", kind->name, kind->label, kind->summary);
	printf("  Commands  ");
	for (const char *const *c = kind->commands; c && *c; c++)
		printf("%s, ", *c);
	puts("state, quit");
	printf("  Faults    %zu%s%s\n", kind->fault_count, kind->inner ? ", and those of " : "",
	       kind->inner ? kind->inner->name : "");
}

/* A fault of the EAP ends is one of every role that has such an end. */
static bool explain_fault(const char *name)
{
	const struct fault *fault = NULL;
	GString *roles = g_string_new(NULL);

	for (const struct role_kind *const *kind = role_kinds; *kind; kind++) {
		const struct fault *found = role_fault_of(*kind, name);

		if (!found)
			continue;
		fault = found;
		g_string_append_printf(roles, "%s%s", roles->len ? ", " : "", (*kind)->name);
	}
	if (fault) {
		printf("%s\n  %s\n\n", fault->name, fault->text);
		printf("  Breaks    %s\n", fault->rule);
		printf("  Roles     %s\n", roles->str);
		printf("  Otherwise %s\n",
		       fault->happy ? "the happy path passes" : "the happy path fails");
	}
	g_string_free(roles, TRUE);
	return fault != NULL;
}

static bool explain(const char *id)
{
	bool found = explain_fault(id);

	if (!found && role_kind_of(id)) {
		found = true;
		explain_role(role_kind_of(id));
	}

	for (const struct protocol *const *p = stack_protocols; *p; p++) {
		for (size_t i = 0; i < (*p)->rule_count && !found; i++) {
			found = strcmp((*p)->rules[i].id, id) == 0;
			if (found)
				explain_rule(*p, &(*p)->rules[i]);
		}
		for (size_t i = 0; i < (*p)->field_count && !found; i++) {
			found = strcmp((*p)->fields[i].name, id) == 0;
			if (found)
				explain_field(*p, &(*p)->fields[i]);
		}
	}
	return found || suites_explain(id);
}

static enum exit_code unknown_id(const char *id)
{
	GPtrArray *names = g_ptr_array_new();
	GPtrArray *suites;
	char *near;

	for (const struct protocol *const *p = stack_protocols; *p; p++) {
		for (size_t i = 0; i < (*p)->rule_count; i++)
			g_ptr_array_add(names, (gpointer)(*p)->rules[i].id);
		for (size_t i = 0; i < (*p)->field_count; i++)
			g_ptr_array_add(names, (gpointer)(*p)->fields[i].name);
	}
	for (const struct role_kind *const *kind = role_kinds; *kind; kind++) {
		g_ptr_array_add(names, (gpointer)(*kind)->name);
		for (size_t i = 0; i < (*kind)->fault_count; i++)
			g_ptr_array_add(names, (gpointer)(*kind)->faults[i].name);
	}
	suites = suites_names(names);
	near = command_near(id, names);
	complain("no requirement, field, role, fault or case '%s'; %s%s%s", id,
		 *near ? "did you mean " : "", near,
		 *near ? "?" : "'assay list requirements' lists them");
	g_free(near);
	g_ptr_array_free(names, TRUE);
	if (suites)
		g_ptr_array_unref(suites);
	return EXIT_USAGE;
}

enum exit_code command_explain(int argc, char **argv)
{
	static const GOptionEntry none[] = {G_OPTION_ENTRY_NULL};
	enum exit_code code = EXIT_AS_EXPECTED;

	if (!command_options(none, "ID...",
			     "Tells requirements, fields, roles, faults or cases in full.",
			     "'assay list requirements', 'fields', 'roles', 'faults' and 'cases' "
			     "list the ids.",
			     &argc, &argv))
		return EXIT_USAGE;
	if (argc < 2)
		return usage_error("wanted the id of a requirement, or the name of a field, role, "
				   "fault or case");
	for (int i = 1; i < argc; i++) {
		if (i > 1)
			putchar('\n');
		if (!explain(argv[i]))
			code = unknown_id(argv[i]);
	}
	return code;
}
