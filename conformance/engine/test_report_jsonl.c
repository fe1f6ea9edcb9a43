/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON Lines: a line per case, and one at the end. The other formats are views of it. */
#include "jsonout.h"
#include "test_report.h"

static void put_mismatch(struct jsonout *j, const struct test_result *result)
{
	const struct mismatch *m = &result->mismatch;

	if (m->field[0])
		jsonout_named_text(j, "field", m->field);
	if (m->wanted[0])
		jsonout_named_text(j, "wanted", m->wanted);
	if (m->got[0])
		jsonout_named_text(j, "got", m->got);
	if (result->frame)
		jsonout_named_number(j, "frame", result->frame);
	if (result->rule)
		jsonout_named_text(j, "broken", result->rule->id);
	if (result->place.file) {
		jsonout_named_text(j, "file", result->place.file);
		jsonout_named_number(j, "line", result->place.line);
	}
}

static void put_rules(struct jsonout *j, const GPtrArray *rules)
{
	jsonout_name(j, "rules");
	jsonout_open_array(j);
	for (guint i = 0; rules && i < rules->len; i++)
		jsonout_text(j, ((const struct rule *)g_ptr_array_index(rules, i))->id);
	jsonout_close_array(j);
}

static void put_remarks(struct jsonout *j, const GPtrArray *remarks)
{
	if (!remarks || !remarks->len)
		return;
	jsonout_name(j, "remarks");
	jsonout_open_array(j);
	for (guint i = 0; i < remarks->len; i++)
		jsonout_text(j, g_ptr_array_index(remarks, i));
	jsonout_close_array(j);
}

static void put_flag(struct jsonout *j, const char *name)
{
	jsonout_name(j, name);
	jsonout_bool(j, true);
}

static void jsonl_result(struct test_report *r, const struct test_result *result)
{
	struct jsonout j = jsonout_of(r->options.stream);

	jsonout_open_object(&j);
	jsonout_named_text(&j, "type", "case");
	jsonout_named_text(&j, "suite", result->suite->name);
	jsonout_named_text(&j, "case", result->test_case->name);
	jsonout_named_text(&j, "summary", result->test_case->summary);
	jsonout_named_text(&j, "verdict", test_verdict_name(result->verdict));
	if (result->overlay)
		jsonout_named_text(&j, "overlay", test_overlay_name(result->overlay));
	put_rules(&j, result->test_case->rules);
	if (result->reason[0])
		jsonout_named_text(&j, "reason", result->reason);
	put_mismatch(&j, result);
	put_remarks(&j, result->remarks);
	if (result->killed)
		put_flag(&j, "killed");
	jsonout_named_number(&j, "attempts", result->attempts);
	jsonout_name(&j, "played");
	jsonout_seconds(&j, result->played);
	jsonout_name(&j, "elapsed");
	jsonout_seconds(&j, result->elapsed);
	jsonout_named_number(&j, "seed", r->options.seed);
	if (result->evidence)
		jsonout_named_text(&j, "evidence", result->evidence);
	if (result->redo)
		jsonout_named_text(&j, "redo", result->redo);
	if (result->baseline_why)
		jsonout_named_text(&j, "baseline", result->baseline_why);
	jsonout_close_object(&j);
	jsonout_end_line(&j);
}

static void jsonl_end(struct test_report *r, const struct test_totals *totals)
{
	struct jsonout j = jsonout_of(r->options.stream);

	jsonout_open_object(&j);
	jsonout_named_text(&j, "type", "totals");
	if (r->options.target)
		jsonout_named_text(&j, "target", r->options.target);
	for (enum test_verdict v = TEST_PASS; v < TEST_VERDICTS; v++)
		jsonout_named_number(&j, test_verdict_name(v), totals->verdicts[v]);
	jsonout_named_number(&j, "xfail", totals->xfail);
	jsonout_named_number(&j, "xpass", totals->xpass);
	jsonout_named_number(&j, "flaky", totals->flaky);
	jsonout_named_number(&j, "killed", totals->killed);
	jsonout_name(&j, "interrupted");
	jsonout_bool(&j, totals->interrupted);
	jsonout_name(&j, "target_dead");
	jsonout_bool(&j, totals->target_dead);
	jsonout_name(&j, "elapsed");
	jsonout_seconds(&j, totals->elapsed);
	jsonout_close_object(&j);
	jsonout_end_line(&j);
}

struct test_report *test_report_jsonl_new(void)
{
	static const struct test_report_ops ops = {.result = jsonl_result, .end = jsonl_end};
	struct test_report *r = g_new0(struct test_report, 1);

	r->ops = &ops;
	return r;
}
