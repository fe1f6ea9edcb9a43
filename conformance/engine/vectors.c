// SPDX-License-Identifier: GPL-2.0-or-later
#include "vectors.h"

#include <string.h>

#include "vectors_entry.h"

/* A new format is a row here and a runner. */
static const struct vectors_format formats[] = {
	{"EAP-PSK key schedule", NULL, NULL, "method", "psk", vectors_run_psk},
	{"EAP-GPSK key schedule", NULL, NULL, "method", "gpsk", vectors_run_gpsk},
	{"PANA_AUTH_KEY of a capture", NULL, NULL, "method", "pana", vectors_run_pana},
	{"C12.22 key of kp-sso/1", NULL, NULL, "c1222_key", NULL, vectors_run_sso},
	{"PANA keys and AUTH", NULL, NULL, "algorithm", "pana-keys", vectors_run_pana_keys},
	{"PANA counter block", NULL, NULL, "algorithm", "pana-counter", vectors_run_pana_counter},
	{"PANA encryption", NULL, NULL, "algorithm", "pana-encr", vectors_run_pana_encr},
	{"ERP keys and tag", NULL, NULL, "algorithm", "erp", vectors_run_erp},
	{"IKEv2 PRF", NULL, NULL, "algorithm", "prf", vectors_run_prf},
	{"IKEv2 prf+", NULL, NULL, "algorithm", "prf+", vectors_run_prf_plus},
	{"IKEv2 integrity algorithm", NULL, NULL, "algorithm", "integrity", vectors_run_integrity},
	{"HMAC", NULL, NULL, "algorithm", "hmac", vectors_run_hmac},
	{"AES-CMAC", NULL, NULL, "algorithm", "aes-cmac", vectors_run_cmac},
	{"AES-XCBC-MAC", NULL, NULL, "algorithm", "aes-xcbc", vectors_run_xcbc},
	{"AES-CBC", NULL, NULL, "algorithm", "aes-cbc", vectors_run_cbc},
	{"AES-CTR", NULL, NULL, "algorithm", "aes-ctr", vectors_run_ctr},
	{"AES-EAX", NULL, NULL, "algorithm", "aes-eax", vectors_run_eax},
};

/* Members that describe an entry and are not compared. */
static const char *const descriptive[] = {"id", "source", "note", "method", "algorithm"};

/* One run over one file. */
struct run {
	const char *path;
	const json_t *root;
	FILE *out;
	bool verbose;
	struct vectors_result *result;
	size_t entries; /* seen */
	char *error;
	size_t error_size;
};

const char *vectors_format_label(size_t index)
{
	return index < G_N_ELEMENTS(formats) ? formats[index].label : NULL;
}

static bool text_is(const json_t *value, const char *text)
{
	return json_is_string(value) && !strcmp(json_string_value(value), text);
}

static const struct vectors_format *recognise(const struct vectors_entry *e)
{
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
		const struct vectors_format *f = &formats[i];
		const json_t *member = f->member ? json_object_get(e->object, f->member) : NULL;

		if (f->profile && !text_is(json_object_get(e->root, "profile"), f->profile))
			continue;
		if (f->section && (!e->section || strcmp(e->section, f->section) != 0))
			continue;
		if (f->member && (!member || (f->value && !text_is(member, f->value))))
			continue;
		return f;
	}
	return NULL;
}

static void name_entry(struct vectors_entry *e, size_t index)
{
	const json_t *id = json_object_get(e->object, "id");

	if (json_is_string(id))
		snprintf(e->name, sizeof(e->name), "%s", json_string_value(id));
	else
		snprintf(e->name, sizeof(e->name), "%s%sentry %zu", e->section ? e->section : "",
			 e->section ? " " : "", index + 1);
}

/* What no runner has read would otherwise pass unexamined. */
static void fail_unread(struct vectors_entry *e)
{
	const char *member;
	json_t *value;

	for (size_t i = 0; i < G_N_ELEMENTS(descriptive); i++)
		json_object_del(e->unread, descriptive[i]);
	json_object_foreach(e->unread, member, value)
		entry_fail(e, "member \"%s\" is compared with nothing", member);
}

static void count_entry(struct run *run, const struct vectors_entry *e)
{
	if (e->failures) {
		run->result->failed++;
	} else if (e->skipped[0]) {
		run->result->skipped++;
		fprintf(run->out, "skip %s: %s: %s\n", e->path, e->name, e->skipped);
	} else {
		run->result->passed++;
		if (run->verbose)
			fprintf(run->out, "pass %s: %s\n", e->path, e->name);
	}
}

static bool fail_file(struct run *run, const struct vectors_entry *e, const char *text)
{
	snprintf(run->error, run->error_size, "%s: %s: %s", e->path, e->name, text);
	return false;
}

static bool run_entry(struct run *run, const char *section, const json_t *object, size_t index)
{
	struct vectors_entry e = {.path = run->path,
				  .root = run->root,
				  .section = section,
				  .object = object,
				  .out = run->out};
	const struct vectors_format *format;
	bool understood = true;

	name_entry(&e, index);
	run->entries++;
	if (!json_is_object(object))
		return fail_file(run, &e, "wanted an object, found another type");
	format = recognise(&e);
	if (!format)
		return fail_file(run, &e, "its members are those of no known format");
	e.unread = json_copy((json_t *)(uintptr_t)object);
	e.owned = g_ptr_array_new_with_free_func(g_free);
	format->run(&e);
	if (e.malformed[0]) {
		understood = fail_file(run, &e, e.malformed);
	} else {
		if (!e.skipped[0] && !e.failures)
			fail_unread(&e);
		count_entry(run, &e);
	}
	g_ptr_array_free(e.owned, TRUE);
	json_decref(e.unread);
	return understood;
}

static bool run_list(struct run *run, const char *section, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!run_entry(run, section, json_array_get(list, i), i))
			return false;
	return true;
}

static bool run_root(struct run *run)
{
	const char *section;
	json_t *list;

	if (json_is_array(run->root))
		return run_list(run, NULL, run->root);
	json_object_foreach((json_t *)(uintptr_t)run->root, section,
			    list) if (json_is_array(list) &&
				      !run_list(run, section, list)) return false;
	return true;
}

bool vectors_run(const char *path, FILE *out, bool verbose, struct vectors_result *result,
		 char *error, size_t error_size)
{
	json_error_t why;
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
	struct run run = {.path = path,
			  .root = root,
			  .out = out,
			  .verbose = verbose,
			  .result = result,
			  .error = error,
			  .error_size = error_size};
	bool understood;

	if (!root) {
		if (why.line > 0)
			snprintf(error, error_size, "%s:%d:%d: %s", path, why.line, why.column,
				 why.text);
		else
			snprintf(error, error_size, "%s: %s", path, why.text);
		return false;
	}
	understood = run_root(&run);
	if (understood && !run.entries) {
		snprintf(error, error_size, "%s: wanted known answers, found no entry", path);
		understood = false;
	}
	json_decref(root);
	return understood;
}
