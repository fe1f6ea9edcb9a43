/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay.h"

#include <string.h>

#include "evidence.h"
#include "player.h"
#include "protocols/core/verdict.h"

enum { INITIAL_RETRY = 1 /* s, RFC 5191 9: REQ_INIT_RT */ };

struct replay {
	const struct replay_script *script;
	const struct replay_options *options;
	struct replay_totals *totals;
	struct test_case test_case; /* how the device is set up */
	GPtrArray *own_settings;
	struct stage stage;
	struct player_watch watch;
	struct world_observer observer;
	struct evidence *evidence;
	struct player *player;
	const struct parcel *sent; /* the newest of ours, or NULL */
	uint8_t eap_id;            /* of the peer's newest EAP message */
	uint64_t began;
	GByteArray *missing; /* per line of the script: 1 if it has not come */
	bool quiet;          /* an answer is missing already: no more waiting */
	bool provoked;       /* the device was made to send what is expected */
	uint32_t breaking;   /* frame of the newest own message, if it breaks a MUST; or 0 */
	bool stop;

	/* while a message is waited for */
	guint index;
	struct case_message *expected;
	struct parcel *found;
	bool fits;
};

static const struct replay_line *line_at(const struct replay *r, guint index)
{
	return g_ptr_array_index(r->script->lines, index);
}

static void tell(struct replay *r, const struct replay_told *told)
{
	if (r->options->told)
		r->options->told(r->options->context, told);
}

/* ---- what passes ---- */

static void count_auth(struct replay *r, const struct frame *f)
{
	unsigned *counts = f && f->sent ? r->totals->auth_sent : r->totals->auth_received;

	for (guint i = 0; f && i < f->full.seen->len; i++) {
		const struct seen *s = &g_array_index(f->full.seen, struct seen, i);

		if (strcmp(s->field->name, "pana.auth.status") != 0)
			continue;
		counts[0] += s->value.number == VERDICT_VERIFIED;
		counts[1]++;
	}
}

static uint32_t on_passed(struct player_watch *w, struct player *p, bool sent,
			  const struct datagram *d)
{
	struct replay *r = (struct replay *)((char *)w - offsetof(struct replay, watch));
	struct frame *f = evidence_passed(r->evidence, world_now(r->stage.world), sent, d);

	(void)p;
	r->totals->heard += !sent;
	return f ? f->number : 0;
}

static void on_datagram(struct world_observer *o, uint64_t time, enum world_stage stage,
			const struct datagram *d)
{
	struct replay *r = (struct replay *)((char *)o - offsetof(struct replay, observer));

	(void)time, (void)d;
	r->totals->unreachable |= stage == WORLD_UNREACHABLE;
}

/* Lets time pass. False: interrupted. */
static bool run_until(struct replay *r, uint64_t until, bool (*done)(void *context))
{
	enum world_end why = world_run(r->stage.world, until, done, r);

	r->totals->interrupted |= why == WORLD_STOPPED;
	r->stop |= why == WORLD_STOPPED || why == WORLD_BROKEN;
	return !r->stop;
}

static uint64_t now(const struct replay *r)
{
	return world_now(r->stage.world);
}

/* ---- our messages ---- */

static void fresh(void *context, uint8_t *octets, size_t length)
{
	world_random(((struct replay *)context)->stage.world, octets, length);
}

/* What the role would send in place of the message: of the same kind, with other flags. */
static struct parcel *take_instead(struct player *p, const struct case_message *named)
{
	static const char *const words[] = {"S", "C", "reauth", "ping"};
	struct case_message other = {.kind = named->kind};
	struct parcel *parcel;

	other.words = g_ptr_array_new();
	parcel = player_take(p, &other);
	for (size_t i = 0; i < G_N_ELEMENTS(words) && !parcel; i++) {
		g_ptr_array_set_size(other.words, 0);
		g_ptr_array_add(other.words, (gpointer)(uintptr_t)words[i]);
		parcel = player_take(p, &other);
	}
	g_ptr_array_free(other.words, TRUE);
	return parcel;
}

/* False if the line answers a request that has not come. */
static bool is_asked(const struct replay *r)
{
	const struct pana_message *m = &line_at(r, r->index)->message->pana[0];

	if (r->script->protocol != &pana_protocol || m->flags & PANA_FLAG_R || m->kind == PANA_PCI)
		return true;
	for (guint i = r->index; i > 0; i--) {
		const struct replay_line *before = line_at(r, i - 1);
		const struct pana_message *request = &before->message->pana[0];

		if (!before->own && request->flags & PANA_FLAG_R &&
		    request->sequence == m->sequence && !before->again)
			return !r->missing->data[i - 1];
	}
	return true;
}

static struct parcel *make(struct replay *r, const struct case_message *named)
{
	struct player *p = r->player;
	struct parcel *parcel = player_take(p, named);

	if (!parcel)
		parcel = player_make(p, named);
	/* RFC 5191 4.2: roles limit the rate of their pings. */
	if (!parcel && p->events[ROLE_ALIVE] && strcmp(named->kind, "PNR") == 0 &&
	    run_until(r, now(r) + WORLD_SECOND, NULL))
		parcel = player_make(p, named);
	if (!parcel && r->script->protocol == &pana_protocol)
		parcel = take_instead(p, named);
	return parcel ? parcel : player_craft(p, named);
}

static uint32_t session_id(const struct replay_script *s)
{
	for (guint i = 0; i < s->lines->len; i++) {
		const struct replay_line *l = g_ptr_array_index(s->lines, i);

		if (s->protocol == &pana_protocol && l->message->pana[0].kind != PANA_PCI)
			return l->message->pana[0].session_id;
	}
	return 0;
}

/* True if the captured message broke the rule too. */
static bool was_broken(const struct replay_line *l, const struct rule *rule)
{
	for (guint i = 0; i < l->reading.notes->len; i++)
		if (g_array_index(l->reading.notes, struct note, i).rule == rule)
			return true;
	return false;
}

static bool binds(const struct rule *rule, const char *role)
{
	return strstr(rule->role, role) || strcmp(rule->role, "any") == 0;
}

/* What a receiver ignores (RFC 5191 6.2, 6.3) or cannot know is no reason to discard a message. */
static bool is_discardable(const struct rule *rule)
{
	return !g_str_has_suffix(rule->id, "-zero") && !g_str_has_suffix(rule->id, "-random");
}

/* A MUST that our message breaks as captured. */
static void find_broken(const struct replay *r, const struct parcel *sent, struct replay_told *told)
{
	const struct frame *f = evidence_frame(r->evidence, sent->frame);
	const char *role = r->script->role;

	for (guint i = 0; f && i < f->full.notes->len && !told->broken; i++) {
		const struct note *n = &g_array_index(f->full.notes, struct note, i);

		if (n->rule->level != RULE_MUST || !binds(n->rule, role) ||
		    !was_broken(told->line, n->rule))
			continue;
		told->broken = n->rule;
		g_snprintf(told->found, sizeof(told->found), "found %s, wanted %s", n->found,
			   n->wanted);
	}
}

static void send_rebuilt(struct replay *r, struct parcel *parcel, struct replay_told *told)
{
	const struct replay_line *l = told->line;
	const struct replay_live live = {
		.session_id = session_id(r->script),
		.off = replay_sequence_off(r->script, r->index),
		.role = r->player->inner,
		.draft = &parcel->datagram.octets,
		.eap_id = r->eap_id,
		.random = fresh,
		.context = r,
	};
	GByteArray *octets = replay_rebuild(l->message, &live);
	struct datagram d = parcel->datagram;
	struct message *m = g_new(struct message, 1);
	bool changed = octets->len != d.octets.length ||
		       memcmp(octets->data, d.octets.octets, octets->len) != 0;

	d.octets = (struct octets){octets->data, octets->len};
	r->sent = player_send(r->player, parcel, &d, changed);
	count_auth(r, evidence_frame(r->evidence, r->sent->frame));
	find_broken(r, r->sent, told);
	r->breaking = told->broken && is_discardable(told->broken) ? l->frame : 0;
	r->quiet = false;
	r->totals->sent++;
	message_read(m, r->script->protocol, d.octets);
	told->live = m;
	tell(r, told);
	g_free(m);
	g_byte_array_unref(octets);
}

static void play_own(struct replay *r)
{
	struct replay_told told = {.line = line_at(r, r->index), .fate = REPLAY_SENT};
	struct case_message *named = replay_message_of(told.line->message);
	bool known = strcmp(named->kind, "any") != 0, asked = is_asked(r);
	struct parcel *parcel = asked && known ? make(r, named) : NULL;

	if (r->stop) {
		parcel_free(parcel);
	} else if (parcel) {
		send_rebuilt(r, parcel, &told);
	} else {
		told.fate = REPLAY_UNSENT;
		told.why = !known  ? "no role has such a message"
			   : asked ? "the session has not come so far"
				   : "what it answers has not come";
		r->totals->unsent++;
		r->quiet = true;
		tell(r, &told);
	}
	replay_message_free(named);
}

/* ---- the peer's ---- */

/* True if a message of the peer is captured further on, before one of ours. */
static bool comes_later(const struct replay *r, const struct message *m)
{
	bool later = false;

	for (guint i = r->index + 1; i < r->script->lines->len && !later; i++) {
		const struct replay_line *l = line_at(r, i);
		struct case_message *named;

		if (l->own)
			break;
		named = replay_message_of(l->message);
		later = message_fits_case(m, named);
		replay_message_free(named);
	}
	return later;
}

/* Looks through what has come: finds what is expected, or what stands in its place; absorbs
 * repetitions and pings. */
static bool look(void *context)
{
	struct replay *r = context;
	struct message *m = g_new(struct message, 1);

	for (GList *l = r->player->inbox.head, *next; l && !r->found; l = next) {
		struct parcel *parcel = l->data;

		next = l->next;
		message_read(m, r->script->protocol, parcel->datagram.octets);
		r->fits = !parcel->again && message_fits_case(m, r->expected);
		if (!r->fits && !parcel->again && !message_is_ping(m) && comes_later(r, m))
			continue;
		g_queue_delete_link(&r->player->inbox, l);
		if (r->fits || (!parcel->again && !message_is_ping(m)))
			r->found = parcel;
		else if (!parcel->again)
			player_answer_ping(r->player, parcel);
	}
	g_free(m);
	return r->found || (r->totals->unreachable && !r->totals->heard);
}

static void provoke(struct replay *r)
{
	const struct target *t = r->options->target;
	const char *trigger = replay_trigger(r->script, r->index);

	if (trigger && !r->provoked && (t->reference || t->hooks))
		r->provoked = stage_trigger(&r->stage, trigger);
}

/* The role repeats what has gone out as it made it; what was changed is repeated here. */
static void repeat(struct replay *r)
{
	struct parcel *again;

	if (!r->sent || !(r->sent->changed || r->sent->crafted))
		return;
	again = parcel_new(&r->sent->datagram);
	again->crafted = r->sent->crafted;
	r->sent = player_send(r->player, again, &again->datagram, false);
	((struct parcel *)(uintptr_t)r->sent)->changed = true;
}

static void await(struct replay *r)
{
	uint64_t end = now(r) + r->options->wait, pause = INITIAL_RETRY * WORLD_SECOND;

	r->found = NULL;
	r->provoked = false;
	provoke(r);
	look(r);
	while (!r->found && !r->quiet && now(r) < end) {
		if (!run_until(r, MIN(end, now(r) + pause), look) || r->found ||
		    (r->totals->unreachable && !r->totals->heard))
			return;
		repeat(r);
		provoke(r);
		pause *= 2;
	}
}

/* A MUST that the live message breaks, and the captured one did not, is a difference too: what is
 * live has to be right all the same. */
static void add_broken(const struct replay *r, const struct replay_line *l, const struct frame *f,
		       GPtrArray *differences)
{
	for (guint i = 0; i < f->full.notes->len; i++) {
		const struct note *n = &g_array_index(f->full.notes, struct note, i);
		struct replay_difference *d;

		if (n->rule->level != RULE_MUST || !binds(n->rule, r->script->opposite) ||
		    was_broken(l, n->rule))
			continue;
		d = g_new0(struct replay_difference, 1);
		g_strlcpy(d->field, n->rule->id, sizeof(d->field));
		g_strlcpy(d->captured, "as it must be", sizeof(d->captured));
		g_strlcpy(d->live, n->found, sizeof(d->live));
		g_ptr_array_add(differences, d);
	}
}

static bool all_choices(const GPtrArray *differences)
{
	for (guint i = 0; i < differences->len; i++)
		if (!((struct replay_difference *)g_ptr_array_index(differences, i))->choice)
			return false;
	return true;
}

static void judge(struct replay *r, struct replay_told *told)
{
	const struct frame *f = evidence_frame(r->evidence, r->found->frame);
	GPtrArray *differences;
	struct message *m = g_new(struct message, 1);

	count_auth(r, f);
	message_read(m, r->script->protocol, r->found->datagram.octets);
	if (m->has_eap)
		r->eap_id = m->eap.identifier;
	differences = f ? replay_compare(told->line, &f->full) : g_ptr_array_new();
	if (f)
		add_broken(r, told->line, f, differences);
	told->fate = r->fits && all_choices(differences) ? REPLAY_SAME : REPLAY_OTHER;
	told->live = m;
	told->differences = differences;
	told->expected = told->fate == REPLAY_OTHER ? r->breaking : 0;
	r->totals->same += told->fate == REPLAY_SAME;
	r->totals->other += told->fate == REPLAY_OTHER;
	r->totals->choices += told->fate == REPLAY_SAME && differences->len;
	r->totals->expected += told->expected != 0;
	tell(r, told);
	player_deliver(r->player, r->found);
	g_ptr_array_free(differences, TRUE);
	g_free(m);
}

static void play_peer(struct replay *r)
{
	struct replay_told told = {.line = line_at(r, r->index), .fate = REPLAY_NOTHING};

	r->expected = replay_message_of(told.line->message);
	await(r);
	replay_message_free(r->expected);
	r->expected = NULL;
	if (r->stop)
		return;
	if (r->found) {
		judge(r, &told);
		return;
	}
	told.expected = r->breaking;
	r->missing->data[r->index] = 1;
	r->totals->nothing++;
	r->totals->expected += told.expected != 0;
	r->quiet = true;
	r->stop = !r->totals->heard;
	tell(r, &told);
}

/* ---- the whole ---- */

static void play_line(struct replay *r)
{
	const struct replay_line *l = line_at(r, r->index), *first = line_at(r, 0);
	struct replay_told told = {.line = l, .fate = REPLAY_REPETITION};

	if (r->options->timing && l->own &&
	    !run_until(r, r->began + (l->time - MIN(l->time, first->time)), NULL))
		return;
	if (l->again && !(r->options->timing && l->own)) {
		r->totals->repetitions++;
		tell(r, &told);
	} else if (l->own && !l->again) {
		play_own(r);
	} else if (l->own) {
		repeat(r);
		r->totals->repetitions++;
		tell(r, &told);
	} else {
		play_peer(r);
	}
}

static bool begin(struct replay *r, char *error, size_t error_size)
{
	static const struct world_observer_ops observer_ops = {.datagram = on_datagram};
	struct role_settings settings;

	r->missing = g_byte_array_new();
	g_byte_array_set_size(r->missing, r->script->lines->len);
	memset(r->missing->data, 0, r->missing->len);
	r->watch = (struct player_watch){on_passed, NULL};
	r->observer.ops = &observer_ops;
	r->test_case.name = (char *)(uintptr_t) "replay";
	r->test_case.needs = replay_script_settings(r->script, r->script->opposite);
	r->own_settings = replay_script_settings(r->script, r->script->role);
	r->evidence = evidence_new(r->script->protocol, r->options->target->keys);
	if (!stage_begin(&r->stage, r->options->target, &r->test_case, "replay", error, error_size))
		return false;
	world_observe(r->stage.world, &r->observer);
	if (r->options->world)
		*r->options->world = r->stage.world;
	if (!stage_player(&r->stage, r->script->role, r->own_settings, &settings, error,
			  error_size))
		return false;
	r->player = player_new(r->stage.world, &r->watch, "replayer", r->script->role, &settings,
			       error, error_size);
	if (r->player && r->stage.device && target_is_client(r->options->target->role))
		r->stage.device->settings.peer = r->player->at;
	r->began = now(r);
	return r->player != NULL;
}

static void finish(struct replay *r)
{
	if (r->options->world)
		*r->options->world = NULL;
	player_free(r->player);
	if (r->stage.world)
		stage_end(&r->stage);
	evidence_free(r->evidence);
	g_ptr_array_free(r->test_case.needs, TRUE);
	g_ptr_array_free(r->own_settings, TRUE);
	g_byte_array_unref(r->missing);
}

bool replay_run(const struct replay_script *s, const struct replay_options *options,
		struct replay_totals *totals, char *error, size_t error_size)
{
	struct replay r = {.script = s, .options = options, .totals = totals};
	bool begun;

	*totals = (struct replay_totals){0};
	begun = begin(&r, error, error_size);
	for (; begun && !r.stop && r.index < s->lines->len; r.index++)
		play_line(&r);
	finish(&r);
	return begun;
}
