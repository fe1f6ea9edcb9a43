/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One case: its stage, its players, its verdict. The steps are in runner_steps.c. */
#include "runner_play.h"

#include <stdarg.h>
#include <string.h>

#include "printer.h"
#include "protocols/pana/pana.h"

/* ---- verdicts ---- */

bool play_end(struct play *p, enum test_verdict verdict, const struct case_place *place,
	      const char *format, ...)
{
	va_list arguments;

	if (p->ended)
		return false;
	p->ended = true;
	p->result->verdict = verdict;
	if (place)
		p->result->place = *place;
	va_start(arguments, format);
	g_vsnprintf(p->result->reason, sizeof(p->result->reason), format, arguments);
	va_end(arguments);
	return false;
}

/* ---- what passes between players and device ---- */

static struct play *play_of(struct player_watch *w)
{
	return (struct play *)((char *)w - offsetof(struct play, watch));
}

/* "pana.pac, pana.paa" binds both. */
static bool binds(const struct rule *rule, const char *role)
{
	const char *at = strstr(rule->role, role);
	size_t length = strlen(role);

	return strcmp(rule->role, "any") == 0 ||
	       (at && (at == rule->role || at[-1] == ' ') && strchr(", ", at[length]));
}

static bool is_cited(const struct play *p, const struct rule *rule)
{
	for (guint i = 0; p->test_case->rules && i < p->test_case->rules->len; i++)
		if (g_ptr_array_index(p->test_case->rules, i) == rule)
			return true;
	return false;
}

static void remark(struct play *p, const struct frame *f, const struct note *n)
{
	char *text = g_strdup_printf("%s %s (%s): found %s, wanted %s (frame %u)",
				     rule_level_name(n->rule->level), n->rule->id, n->rule->section,
				     n->found, n->wanted, f->number);

	for (guint i = 0; i < p->result->remarks->len; i++) {
		if (strstr(g_ptr_array_index(p->result->remarks, i), n->rule->id)) {
			g_free(text);
			return;
		}
	}
	g_ptr_array_add(p->result->remarks, text);
}

static void judge_note(struct play *p, const struct frame *f, const struct note *n)
{
	const char *role = p->options->suite->name;
	bool must = n->rule->level == RULE_MUST;

	if (!binds(n->rule, role) && !is_cited(p, n->rule))
		return;
	if (!must && !(is_cited(p, n->rule) && n->rule->level == RULE_SHOULD)) {
		if (p->result->remarks->len < PLAY_REMARKS_MAX)
			remark(p, f, n);
		return;
	}
	if (p->broken)
		return;
	p->broken = n->rule;
	p->broken_frame = f->number;
	g_strlcpy(p->broken_what.field, n->field ? n->field->name : "",
		  sizeof(p->broken_what.field));
	g_strlcpy(p->broken_what.wanted, n->wanted, sizeof(p->broken_what.wanted));
	g_strlcpy(p->broken_what.got, n->found, sizeof(p->broken_what.got));
}

/* A player behind a relay of ours hears the relay, which is no device. */
static bool is_of_device(const struct play *p, const struct endpoint *e)
{
	for (guint i = 0; i < p->players->len; i++) {
		const struct player *other = g_ptr_array_index(p->players, i);

		if (endpoint_equal(&other->at, e))
			return false;
	}
	return true;
}

static void judge(struct play *p, const struct frame *f)
{
	const GArray *notes = p->disturbed ? f->alone.notes : f->full.notes;

	if (!is_of_device(p, &f->datagram.source))
		return;
	for (guint i = 0; i < notes->len; i++)
		judge_note(p, f, &g_array_index(notes, struct note, i));
}

static uint32_t on_passed(struct player_watch *w, struct player *player, bool sent,
			  const struct datagram *d)
{
	struct play *p = play_of(w);
	bool aside = !is_of_device(p, sent ? &d->destination : &d->source);
	uint64_t now = world_now(p->stage.world);
	struct frame *f = aside ? evidence_passed_aside(p->evidence, now, sent, d)
				: evidence_passed(p->evidence, now, sent, d);

	(void)player;
	if (!f)
		return 0;
	if (!sent) {
		p->heard = world_now(p->stage.world);
		p->anything = true;
		judge(p, f);
	} else {
		p->newest_sent = f->number;
	}
	return f->number;
}

static void on_event(struct player_watch *w, struct player *player, enum role_event event,
		     const char *text)
{
	struct play *p = play_of(w);
	struct frame *f = evidence_frame(p->evidence, evidence_count(p->evidence));

	if (event == ROLE_DISCARDED)
		evidence_comment(f, "%s discards: %s", player->name, text);
	else
		evidence_comment(f, "%s: %s %s", player->name, role_event_name(event), text);
}

/* Somebody told that nobody listens. */
static void on_datagram(struct world_observer *o, uint64_t time, enum world_stage stage,
			const struct datagram *d)
{
	struct play *p = (struct play *)((char *)o - offsetof(struct play, observer));

	(void)time, (void)d;
	if (stage == WORLD_UNREACHABLE)
		p->unreachable = true;
}

/* ---- players ---- */

struct player *play_player(struct play *p, const char *name)
{
	for (guint i = 0; i < p->players->len; i++) {
		struct player *player = g_ptr_array_index(p->players, i);

		if (strcmp(player->name, name) == 0)
			return player;
	}
	return NULL;
}

/* A relay of ours is free to relay; whoever stands behind it addresses it. */
static bool stand_behind(struct play *p, const GPtrArray *given, struct role_settings *settings)
{
	for (guint i = 0; given && i < given->len; i++) {
		const struct case_pair *pair = g_ptr_array_index(given, i);
		struct player *relay;

		if (strcmp(pair->name, "via") != 0)
			continue;
		relay = play_player(p, pair->value);
		if (!relay)
			return false;
		relay->free = true;
		player_release(relay);
		settings->peer = relay->at;
	}
	return true;
}

static bool has_setting(const GPtrArray *given, const char *name, const char *value)
{
	for (guint i = 0; given && i < given->len; i++) {
		const struct case_pair *pair = g_ptr_array_index(given, i);

		if (strcmp(pair->name, name) == 0 && strcmp(pair->value, value) == 0)
			return true;
	}
	return false;
}

struct player *play_start(struct play *p, const struct case_step *s)
{
	struct role_settings settings;
	struct player *player;
	char error[WORLD_ERROR_SIZE];

	if (!stage_player(&p->stage, s->name, s->settings, &settings, error, sizeof(error))) {
		play_end(p, TEST_ERROR, &s->place, "%s", error);
		return NULL;
	}
	if (!stand_behind(p, s->settings, &settings)) {
		play_end(p, TEST_ERROR, &s->place, "via: no player of that name");
		return NULL;
	}
	player = player_new(p->stage.world, &p->watch, s->player, s->name, &settings, error,
			    sizeof(error));
	if (!player) {
		play_end(p, TEST_ERROR, &s->place, "%s: %s", s->player, error);
		return NULL;
	}
	player->relayed = has_setting(s->settings, "relay", "yes");
	g_ptr_array_add(p->players, player);
	if (p->stage.device && target_is_client(p->options->suite->name) && p->players->len == 1)
		p->stage.device->settings.peer = player->at;
	if (p->stage.device && strcmp(s->name, "pana.paa") == 0)
		p->stage.device->settings.upstream = player->at;
	return player;
}

const char *play_bound(void *context, const char *name)
{
	return g_hash_table_lookup(((struct play *)context)->bound, name);
}

/* ---- the case ---- */

static void play_free_player(gpointer player)
{
	player_free(player);
}

static bool begin(struct play *p, const struct play_options *options, const struct test_case *c,
		  struct test_result *result)
{
	static const struct world_observer_ops observer_ops = {.datagram = on_datagram};
	const struct target *target = &options->runner->target;
	char error[WORLD_ERROR_SIZE];

	*p = (struct play){
		.options = options,
		.test_case = c,
		.result = result,
		.watch = {on_passed, on_event},
		.observer.ops = &observer_ops,
		.random = prng_of(target->seed, options->label, 7),
	};
	p->protocol = message_protocol(options->suite->name);
	p->players = g_ptr_array_new_with_free_func(play_free_player);
	p->bound = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	p->evidence = evidence_new(p->protocol, target->keys);
	if (!result->remarks)
		result->remarks = g_ptr_array_new_with_free_func(g_free);
	if (!stage_begin(&p->stage, target, c, options->label, error, sizeof(error))) {
		play_end(p, TEST_ERROR, NULL, "%s", error);
		return false;
	}
	world_observe(p->stage.world, &p->observer);
	*options->world = p->stage.world;
	p->began = world_now(p->stage.world);
	return true;
}

static void finish(struct play *p)
{
	struct test_result *result = p->result;

	*p->options->world = NULL;
	if (p->stage.world)
		result->played = world_now(p->stage.world) - p->began;
	g_ptr_array_free(p->players, TRUE);
	stage_end(&p->stage);
	evidence_free(p->evidence);
	g_hash_table_destroy(p->bound);
}

/* What the steps did not say. */
static void conclude(struct play *p)
{
	struct test_result *result = p->result;

	/* Also of a case that could not be played on: what was broken may be why. */
	if (p->broken) {
		bool beside = p->ended && result->verdict == TEST_FAIL;

		result->rule = p->broken;
		if (!beside) {
			p->ended = false;
			result->mismatch = p->broken_what;
			result->frame = p->broken_frame;
			play_end(p, TEST_FAIL, NULL, "%s (%s) is broken: %s", p->broken->id,
				 p->broken->section, p->broken->text);
		}
	}
	if (!p->ended && p->unproved.file)
		play_end(p, TEST_INCONCLUSIVE, &p->unproved,
			 "silence, and no `alive` behind it that would tell discarding from death");
	if (!p->ended && !p->proved)
		play_end(p, TEST_INCONCLUSIVE, NULL, "nothing was wanted of the device");
	if (!p->ended)
		result->verdict = TEST_PASS;
	if (p->stage.unable && !p->broken && result->verdict != TEST_PASS) {
		result->unable = true;
		result->verdict = TEST_NOT_APPLICABLE;
		g_strlcpy(result->reason, "the device cannot be made to do what the case wants",
			  sizeof(result->reason));
	}
	result->interrupted = p->interrupted;
}

static char *evidence_name(const struct test_case *c)
{
	char *name = g_strdup(c->name);

	return g_strcanon(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._",
			  '_');
}

static void write_evidence(struct play *p)
{
	const struct runner_options *o = p->options->runner;
	struct test_result *result = p->result;
	char error[EVIDENCE_ERROR_SIZE];
	char *folder, *name, *path, *headline;

	if (!o->out || !evidence_count(p->evidence))
		return;
	folder = g_build_filename(o->out, p->options->suite->name, NULL);
	name = evidence_name(p->test_case);
	path = g_build_filename(folder, name, NULL);
	headline = g_strdup_printf(
		"%s %s: %s\nverdict: %s%s%s", p->options->suite->name, p->test_case->name,
		p->test_case->summary ? p->test_case->summary : "",
		test_verdict_name(result->verdict), result->reason[0] ? ": " : "", result->reason);
	g_mkdir_with_parents(folder, 0777);
	g_free(result->evidence);
	result->evidence = NULL;
	if (evidence_write(p->evidence, path, headline, o->secrets, error))
		result->evidence = g_strdup_printf("%s.pcapng", path);
	else
		g_ptr_array_add(result->remarks, g_strdup(error));
	g_free(headline);
	g_free(path);
	g_free(name);
	g_free(folder);
}

void runner_play(const struct play_options *options, const struct test_case *test_case,
		 struct test_result *result)
{
	struct play p;

	if (begin(&p, options, test_case, result) && play_steps(&p, test_case->steps)) {
		struct frame *last = evidence_frame(p.evidence, evidence_count(p.evidence));

		evidence_comment(last, "end of the case");
	}
	conclude(&p);
	write_evidence(&p);
	finish(&p);
}

/* A happy path is begun; whatever comes will do. */
bool runner_probe(const struct play_options *options)
{
	struct test_case c = {.name = (char *)(uintptr_t) "(probe)"};
	struct case_step start = {
		.kind = STEP_START,
		.player = (char *)(uintptr_t) "probe",
		.name = (char *)(uintptr_t)target_opposite(options->suite->name),
	};
	struct test_result result = {0};
	struct play p;
	bool alive = false;

	if (begin(&p, options, &c, &result) && play_start(&p, &start))
		alive = play_begin_happy(&p, PLAY_PROBE);
	finish(&p);
	test_result_clear(&result);
	return alive;
}
