/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The steps of a case: what each does (case.h). */
#include <string.h>

#include "message.h"
#include "printer.h"
#include "runner_play.h"
#include "value_parse.h"

enum { SETTLE = 5 /* ms */ };

static uint64_t now(const struct play *p)
{
	return world_now(p->stage.world);
}

static void comment(struct play *p, uint32_t frame, const struct case_step *s, const char *what)
{
	const char *file = s->place.file ? s->place.file : "";
	const char *slash = strrchr(file, '/');

	evidence_comment(evidence_frame(p->evidence, frame), "%s:%u %s", slash ? slash + 1 : file,
			 s->place.line, what);
}

static struct player *player_for(struct play *p, const struct case_step *s)
{
	struct player *player = play_player(p, s->player);

	if (!player)
		play_end(p, TEST_ERROR, &s->place, "no player '%s'", s->player);
	return player;
}

static bool has_mail(void *player)
{
	return !g_queue_is_empty(&((struct player *)player)->inbox);
}

static bool anybody_has_mail(void *play)
{
	const struct play *p = play;

	for (guint i = 0; i < p->players->len; i++)
		if (has_mail(g_ptr_array_index(p->players, i)))
			return true;
	return false;
}

/* ---- send ---- */

static struct parcel *make(struct play *p, struct player *player, const struct case_message *m);

static bool is_ping(const struct case_message *m)
{
	return g_ascii_strcasecmp(m->kind, "PNR") == 0 && m->words && m->words->len == 1 &&
	       (strcmp(g_ptr_array_index(m->words, 0), "ping") == 0 ||
		strcmp(g_ptr_array_index(m->words, 0), "P") == 0);
}

/* `send PRY PCI` of a relayed player: its PCI, relayed already when the changes are made. */
static struct parcel *make_relayed(struct play *p, struct player *player,
				   const struct case_message *m)
{
	struct case_message inner = *m;
	struct parcel *parcel;

	inner.kind = g_ptr_array_index(m->words, 0);
	inner.words = g_ptr_array_new();
	for (guint i = 1; i < m->words->len; i++)
		g_ptr_array_add(inner.words, g_ptr_array_index(m->words, i));
	parcel = make(p, player, &inner);
	g_ptr_array_free(inner.words, TRUE);
	if (parcel)
		player_wrap(player, parcel);
	return parcel;
}

/* The reference role limits the rate of its pings (RFC 5191 4.2): it may be a while. */
static struct parcel *make(struct play *p, struct player *player, const struct case_message *m)
{
	struct parcel *parcel = player_take(player, m);

	if (!parcel)
		parcel = player_make(player, m);
	if (!parcel && is_ping(m) && player->events[ROLE_ALIVE]) {
		if (!play_run(p, now(p) + WORLD_SECOND, NULL, NULL))
			return NULL;
		parcel = player_make(player, m);
	}
	if (parcel)
		return parcel;
	parcel = player_craft(player, m);
	p->disturbed |= parcel != NULL;
	return parcel;
}

/* Changes of the datagram itself: "source.port" and the like. */
static bool change_datagram(struct play *p, const struct case_change *c, struct datagram *d,
			    char *error, size_t error_size)
{
	static const struct field port_field = {.name = "port", .kind = FIELD_UINT, .width = 2};
	bool source = g_str_has_prefix(c->target, "source.");
	struct endpoint *e = source ? &d->source : &d->destination;
	struct field address_field = {.name = "address",
				      .kind = e->address.family == ADDRESS_IPV6 ? FIELD_IPV6
										: FIELD_IPV4};
	bool port = g_str_has_suffix(c->target, ".port");
	char *value = value_expand(c->value ? c->value : "", play_bound, p, error, error_size);
	GByteArray *octets =
		value ? value_octets(port ? &port_field : &address_field, value) : NULL;
	bool right = octets && octets->len <= 16 && c->kind == CHANGE_SET;

	if (right && port)
		e->port = (uint16_t)(octets->data[0] << 8 | octets->data[1]);
	else if (right)
		memcpy(e->address.octets, octets->data, octets->len);
	else
		g_snprintf(error, (gulong)error_size, "%s: wanted = VALUE", c->target);
	if (octets)
		g_byte_array_unref(octets);
	g_free(value);
	return right;
}

static bool is_of_datagram(const struct case_change *c)
{
	return c->target && (g_str_has_prefix(c->target, "source.") ||
			     g_str_has_prefix(c->target, "destination."));
}

/* Puts the changes into `d`, whose octets are `octets`. */
static bool change(struct play *p, struct player *player, const struct case_step *s,
		   struct datagram *d, GByteArray *octets)
{
	const struct mutation mutation = {
		.protocol = player->protocol,
		.seal_with = player->inner,
		.random = &p->random,
		.bound = play_bound,
		.context = p,
	};
	GPtrArray *inside = g_ptr_array_new();
	char error[MUTATE_ERROR_SIZE] = "";
	bool changed = true;

	for (guint i = 0; s->changes && i < s->changes->len && changed; i++) {
		struct case_change *c = g_ptr_array_index(s->changes, i);

		if (is_of_datagram(c))
			changed = change_datagram(p, c, d, error, sizeof(error));
		else
			g_ptr_array_add(inside, c);
	}
	changed = changed && mutate(&mutation, octets, inside, error);
	g_ptr_array_free(inside, TRUE);
	d->octets = (struct octets){octets->data, octets->len};
	return changed || play_end(p, TEST_ERROR, &s->place, "%s", error);
}

static char *send_text(const struct case_step *s, const struct parcel *sent)
{
	char message[MESSAGE_TEXT_SIZE];
	GString *text = g_string_new(NULL);

	g_string_printf(text, "send %s of %s", message_wanted_text(s->message, message), s->player);
	if (sent->crafted)
		g_string_append(text, " (made of the state)");
	for (guint i = 0; s->changes && i < s->changes->len; i++) {
		g_string_append(text, "; ");
		mutate_text(g_ptr_array_index(s->changes, i), text);
	}
	return g_string_free(text, FALSE);
}

static bool transmit(struct play *p, struct player *player, const struct case_step *s,
		     struct parcel *parcel)
{
	GByteArray *octets = g_byte_array_new();
	struct datagram d = parcel->datagram;
	const struct octets was = parcel->datagram.octets;
	const struct parcel *sent;
	bool changed;
	char *text;

	g_byte_array_append(octets, was.octets, (guint)was.length);
	if (!change(p, player, s, &d, octets)) {
		parcel_free(parcel);
		g_byte_array_unref(octets);
		return false;
	}
	changed = d.octets.length != was.length ||
		  memcmp(d.octets.octets, was.octets, was.length) != 0 ||
		  !endpoint_equal(&d.source, &parcel->datagram.source) ||
		  !endpoint_equal(&d.destination, &parcel->datagram.destination);
	p->disturbed |= changed;
	sent = player_send(player, parcel, &d, changed);
	text = send_text(s, sent);
	comment(p, sent->frame, s, text);
	g_free(text);
	g_byte_array_unref(octets);
	return true;
}

static bool step_send(struct play *p, const struct case_step *s)
{
	struct player *player = player_for(p, s);
	char text[MESSAGE_TEXT_SIZE];
	struct parcel *parcel;
	bool relays;

	if (!player)
		return false;
	relays = player->relayed && g_ascii_strcasecmp(s->message->kind, "PRY") == 0 &&
		 s->message->words->len;
	if (message_wants_again(s->message)) {
		const struct parcel *before = player_sent(player, s->message);

		parcel = before ? parcel_new(&before->datagram) : NULL;
	} else {
		parcel = relays ? make_relayed(p, player, s->message) : make(p, player, s->message);
	}
	if (p->ended)
		return false;
	if (!parcel)
		return play_end(p, TEST_ERROR, &s->place, "%s cannot make %s in state %s",
				s->player, message_wanted_text(s->message, text),
				player->inner->kind->state
					? player->inner->kind->state(player->inner)
					: "?");
	return transmit(p, player, s, parcel);
}

/* ---- expect ---- */

/* An `expect` while it waits. */
struct expecting {
	struct play *p;
	const struct case_step *s;
	struct player *player;
	bool again;
	uint64_t deadline;
	char newest[MESSAGE_TEXT_SIZE]; /* that came and was not wanted */
	uint32_t newest_frame;
};

static char *wanted_text(const struct case_step *s)
{
	GString *text = g_string_new(NULL);
	char message[MESSAGE_TEXT_SIZE];

	for (guint i = 0; i < s->alternatives->len; i++)
		g_string_append_printf(
			text, "%s%s", i ? " or " : "",
			message_wanted_text(g_ptr_array_index(s->alternatives, i), message));
	return g_string_free(text, FALSE);
}

static bool nothing_came(struct expecting *x)
{
	struct test_result *result = x->p->result;
	char *wanted = wanted_text(x->s);

	g_strlcpy(result->mismatch.wanted, wanted, sizeof(result->mismatch.wanted));
	if (x->p->unreachable && !x->newest[0])
		g_strlcpy(result->mismatch.got, "nobody listens there",
			  sizeof(result->mismatch.got));
	else if (x->newest[0])
		g_strlcpy(result->mismatch.got, x->newest, sizeof(result->mismatch.got));
	else
		g_strlcpy(result->mismatch.got, "nothing", sizeof(result->mismatch.got));
	result->frame = x->newest_frame ? x->newest_frame : x->p->newest_sent;
	play_end(x->p, TEST_FAIL, &x->s->place, "expect %s of %s: it did not come", wanted,
		 x->s->player);
	g_free(wanted);
	return false;
}

/* Constraints of the datagram: "source.port == 716". The reading gets them as fields. */
static bool keeps(struct expecting *x, const struct parcel *parcel,
		  const struct case_message *wanted, struct mismatch *mismatch)
{
	struct frame *f = evidence_frame(x->p->evidence, parcel->frame);

	if (!f)
		return true;
	return expect_keeps_datagram(&parcel->datagram, wanted->constraints, play_bound, x->p,
				     mismatch) &&
	       expect_keeps(&f->full, x->player->protocol, wanted->constraints, play_bound, x->p,
			    mismatch);
}

static bool in_window(struct expecting *x, const struct parcel *parcel, const struct message *m)
{
	enum pana_kind kind = m->protocol == &pana_protocol ? m->pana[0].kind : PANA_PAR;
	uint64_t low = play_scaled(x->p, x->s->earliest), high = play_scaled(x->p, x->s->time);
	struct mismatch *mismatch = &x->p->result->mismatch;

	if (!x->again && !x->s->earliest)
		return true;
	if (x->again && (x->s->schedule || !x->s->time))
		play_window(x->p, kind, parcel->interval_before, &low, &high);
	if (!x->again && parcel->time - MIN(parcel->time, x->deadline - high) >= low)
		return true;
	if (x->again && parcel->interval >= low && parcel->interval <= high)
		return true;
	g_strlcpy(mismatch->field, "interval", sizeof(mismatch->field));
	g_snprintf(mismatch->wanted, sizeof(mismatch->wanted), "%.3f s to %.3f s",
		   (double)low / (double)WORLD_SECOND, (double)high / (double)WORLD_SECOND);
	g_snprintf(mismatch->got, sizeof(mismatch->got), "%.3f s",
		   (double)(x->again ? parcel->interval
				     : parcel->time - MIN(parcel->time, x->deadline - high)) /
			   (double)WORLD_SECOND);
	x->p->result->frame = parcel->frame;
	return play_end(x->p, TEST_FAIL, &x->s->place, "it came at the wrong time");
}

static bool matched(struct expecting *x, struct parcel *parcel, const struct message *m)
{
	struct play *p = x->p;
	char *wanted = wanted_text(x->s), *text;
	uint64_t settle = p->options->runner->target.real ? SETTLE * WORLD_MILLISECOND : 0;

	if (!in_window(x, parcel, m)) {
		g_free(wanted);
		return false;
	}
	text = g_strdup_printf("expect %s of %s: this", wanted, x->s->player);
	comment(p, parcel->frame, x->s, text);
	g_free(text);
	g_free(wanted);
	p->proved = true;
	x->player->matched = parcel;
	if (x->again)
		return true;
	player_hold(x->player);
	player_deliver(x->player, parcel);
	/* What came along with it is there before the next step. */
	return play_run(p, now(p) + settle, NULL, NULL);
}

/* 1: it is wanted. 0: it is not. -1: the case has ended. */
static int look_at(struct expecting *x, struct parcel *parcel)
{
	struct mismatch mismatch = {0};
	struct message m;
	bool fits = false;

	message_read(&m, x->player->protocol, parcel->datagram.octets);
	if (parcel->again != x->again)
		return 0;
	for (guint i = 0; i < x->s->alternatives->len; i++) {
		const struct case_message *wanted = g_ptr_array_index(x->s->alternatives, i);

		if (!player_fits(x->player, &m, wanted))
			continue;
		if (keeps(x, parcel, wanted, &mismatch))
			return matched(x, parcel, &m) ? 1 : -1;
		fits = true;
	}
	if (!fits) {
		message_text(&m, x->newest);
		x->newest_frame = parcel->frame;
		return 0;
	}
	x->p->result->mismatch = mismatch;
	x->p->result->frame = parcel->frame;
	play_end(x->p, TEST_FAIL, &x->s->place, "%s is not as wanted", message_text(&m, x->newest));
	return -1;
}

/* What is not wanted goes its way. */
static void pass_on(struct expecting *x, struct parcel *parcel)
{
	struct message m;

	if (parcel->delivered)
		return;
	message_read(&m, x->player->protocol, parcel->datagram.octets);
	if (!x->player->talking && message_is_ping(&m))
		player_answer_ping(x->player, parcel);
	else if (x->player->talking)
		player_deliver(x->player, parcel);
}

static void set_deadline(struct expecting *x)
{
	struct play *p = x->p;
	uint64_t low, high;

	if (x->s->time && !x->s->schedule) {
		x->deadline = (x->s->earliest || x->again ? p->heard : now(p)) +
			      play_scaled(p, x->s->time);
	} else if (x->again) {
		uint64_t before = x->player->matched ? x->player->matched->interval : 0;
		const struct case_message *wanted = g_ptr_array_index(x->s->alternatives, 0);
		bool pci = g_ascii_strcasecmp(wanted->kind, "PCI") == 0;

		play_window(p, pci ? PANA_PCI : PANA_PAR, before, &low, &high);
		x->deadline = MAX(p->heard, now(p)) + high + play_patience(p) / 8;
	} else {
		x->deadline = now(p) + play_patience(p);
	}
}

static bool step_expect(struct play *p, const struct case_step *s)
{
	struct expecting x = {.p = p, .s = s, .player = player_for(p, s)};
	struct parcel *parcel;
	int what = 0;

	if (!x.player)
		return false;
	for (guint i = 0; i < s->alternatives->len; i++)
		x.again |= message_wants_again(g_ptr_array_index(s->alternatives, i));
	if (target_is_client(p->options->suite->name) && !p->stage.triggered && !p->anything)
		stage_trigger(&p->stage, "start");
	if (!x.again)
		player_talk(x.player);
	set_deadline(&x);
	while (what == 0) {
		parcel = g_queue_pop_head(&x.player->inbox);
		if (!parcel && now(p) >= x.deadline)
			return nothing_came(&x);
		if (!parcel && !play_run(p, x.deadline, has_mail, x.player))
			return false;
		if (!parcel)
			continue;
		what = look_at(&x, parcel);
		if (what == 0)
			pass_on(&x, parcel);
		/* A device that goes on talking is waited for. */
		if (what == 0 && !s->time && !x.again && !parcel->again)
			x.deadline = now(p) + play_patience(p);
	}
	return what > 0;
}

/* ---- silence, wait ---- */

static bool broke_silence(struct play *p, const struct case_step *s, const struct parcel *parcel,
			  const struct message *m)
{
	char text[MESSAGE_TEXT_SIZE];

	g_strlcpy(p->result->mismatch.wanted, "nothing", sizeof(p->result->mismatch.wanted));
	g_strlcpy(p->result->mismatch.got, message_text(m, text), sizeof(p->result->mismatch.got));
	p->result->frame = parcel->frame;
	return play_end(p, TEST_FAIL, &s->place, "silence: the device sent %s", text);
}

/* Empties the inboxes of what may come in silence, and of what came before the newest `send`. */
static bool listen(struct play *p, const struct case_step *s, GQueue *early)
{
	for (guint i = 0; i < p->players->len; i++) {
		struct player *player = g_ptr_array_index(p->players, i);
		struct parcel *parcel;
		struct message m;

		while ((parcel = g_queue_pop_head(&player->inbox))) {
			message_read(&m, player->protocol, parcel->datagram.octets);
			if (parcel->again)
				continue;
			if (message_is_ping(&m))
				player_answer_ping(player, parcel);
			else if (parcel->frame < p->newest_sent)
				g_queue_push_tail(&early[MIN(i, 7U)], parcel);
			else
				return broke_silence(p, s, parcel, &m);
		}
	}
	return true;
}

static bool step_silence(struct play *p, const struct case_step *s)
{
	uint64_t until = now(p) + play_scaled(p, s->time ? s->time : 2 * WORLD_SECOND);
	GQueue early[8];
	bool quiet = true;

	for (size_t i = 0; i < G_N_ELEMENTS(early); i++)
		g_queue_init(&early[i]);
	/* Answers of ours may go out meanwhile: what counts is the step's own send. */
	while (quiet) {
		quiet = listen(p, s, early);
		if (now(p) >= until)
			break;
		quiet = quiet && play_run(p, until, anybody_has_mail, p);
	}
	for (guint i = 0; i < p->players->len && i < G_N_ELEMENTS(early); i++) {
		struct player *player = g_ptr_array_index(p->players, i);

		while (!g_queue_is_empty(&early[i]))
			g_queue_push_head(&player->inbox, g_queue_pop_tail(&early[i]));
	}
	if (quiet)
		p->unproved = s->place;
	return quiet;
}

/* All players go on as their roles would, or keep still again. */
static void release_all(struct play *p, bool release)
{
	for (guint i = 0; i < p->players->len; i++) {
		if (release)
			player_release(g_ptr_array_index(p->players, i));
		else
			player_hold(g_ptr_array_index(p->players, i));
	}
}

static bool step_wait(struct play *p, const struct case_step *s)
{
	bool passed;

	release_all(p, true);
	passed = play_run(p, now(p) + play_scaled(p, s->time), NULL, NULL);
	release_all(p, false);
	return passed;
}

/* ---- alive ---- */

/* What the reference role told until now, and whether it has told more. */
struct alive {
	struct player *player;
	unsigned authenticated, alive, closed, refused, gave_up;
	bool refusal; /* is what the case wants */
};

static struct alive alive_of(struct play *p, struct player *player)
{
	struct alive a = {
		.player = player,
		.authenticated = player->events[ROLE_AUTHENTICATED],
		.alive = player->events[ROLE_ALIVE],
		.closed = player->events[ROLE_CLOSED],
		.refused = player->events[ROLE_REFUSED],
		.gave_up = player->events[ROLE_GAVE_UP],
	};

	a.refusal = player->outer.settings.refuse || player->outer.settings.unauthorized;
	for (guint i = 0; p->test_case->needs && i < p->test_case->needs->len; i++) {
		const struct case_pair *need = g_ptr_array_index(p->test_case->needs, i);

		a.refusal |= (strcmp(need->name, "refuse") == 0 ||
			      strcmp(need->name, "unauthorized") == 0) &&
			     strcmp(need->value, "yes") == 0;
	}
	return a;
}

static bool shown_alive(const struct alive *a)
{
	const unsigned *events = a->player->events;

	return events[ROLE_AUTHENTICATED] > a->authenticated || events[ROLE_ALIVE] > a->alive ||
	       events[ROLE_CLOSED] > a->closed || (a->refusal && events[ROLE_REFUSED] > a->refused);
}

static bool shown_any(void *context)
{
	const struct alive *a = context;

	return shown_alive(a) || a->player->events[ROLE_REFUSED] > a->refused ||
	       a->player->events[ROLE_GAVE_UP] > a->gave_up;
}

static bool is_established(const struct player *player)
{
	return player->events[ROLE_AUTHENTICATED] > player->events[ROLE_CLOSED] +
							    player->events[ROLE_REFUSED] +
							    player->events[ROLE_GAVE_UP];
}

/* A ping, as soon as the reference role may send one. */
static bool ping(struct play *p, struct player *player)
{
	const struct role_kind *kind = player->inner->kind;

	for (unsigned i = 0; i < 3; i++) {
		if (kind->command && kind->command(player->inner, "ping"))
			return true;
		if (!play_run(p, now(p) + WORLD_SECOND, NULL, NULL))
			return false;
	}
	return false;
}

static bool not_alive(struct play *p, const struct case_step *s, const struct player *player)
{
	const char *why = player->last_event[ROLE_DISCARDED];

	g_strlcpy(p->result->mismatch.wanted, "the specified answer",
		  sizeof(p->result->mismatch.wanted));
	if (p->unreachable)
		why = "nobody listens there";
	else if (player->events[ROLE_REFUSED])
		why = player->last_event[ROLE_REFUSED];
	g_strlcpy(p->result->mismatch.got, *why ? why : "nothing", sizeof(p->result->mismatch.got));
	p->result->frame = evidence_count(p->evidence);
	return play_end(p, TEST_FAIL, &s->place, "%s is not alive: state %s of %s", player->name,
			player->inner->kind->state ? player->inner->kind->state(player->inner)
						   : "?",
			player->inner->kind->name);
}

static bool is_last_word(const struct message *m)
{
	return m->protocol == &radius_protocol && m->readable &&
	       (m->radius.code == RADIUS_ACCESS_ACCEPT || m->radius.code == RADIUS_ACCESS_REJECT);
}

/* A NAS takes one reply to a request (RFC 2865 2): what is sent again does not reach the peer
 * behind it. Such a peer is well if it comes again. */
static bool takes_one_reply(const struct play *p)
{
	const struct target *t = p->stage.target;

	return p->protocol == &radius_protocol && target_is_client(t->role) && !t->reference &&
	       g_strcmp0(device_profile_value(t->profile, "second-reply"), "yes") != 0;
}

static bool step_alive(struct play *p, const struct case_step *s)
{
	struct player *player = player_for(p, s);
	struct alive a;
	bool established, sent, waits, anew = takes_one_reply(p);
	struct message m = {0};

	if (!player)
		return false;
	a = alive_of(p, player);
	established = is_established(player);
	waits = !g_queue_is_empty(&player->outbox) || has_mail(player);
	release_all(p, true);
	sent = !anew && player_send_original(player);
	if (sent) {
		const struct parcel *last = g_ptr_array_index(player->sent, player->sent->len - 1);

		comment(p, last->frame, s, "alive: the same without changes");
		message_read(&m, player->protocol, last->datagram.octets);
	}
	/* An answer of ours that is not answered in turn proves nothing. */
	if (established && player->protocol == &pana_protocol &&
	    !(sent && message_is_request(&m)) && !waits && !ping(p, player) && !p->ended)
		return play_end(p, TEST_ERROR, &s->place, "%s cannot send a ping", s->player);
	/* The last word of an EAP server has no answer: the peer is well if it comes again. */
	if (anew || (sent && is_last_word(&m)))
		stage_trigger(&p->stage, "start");
	if (p->ended || !play_run(p, now(p) + 3 * play_patience(p), shown_any, &a))
		return false;
	if (!shown_alive(&a) && established && !(sent && message_is_request(&m)) &&
	    ping(p, player) && !play_run(p, now(p) + play_patience(p), shown_any, &a))
		return false;
	release_all(p, false);
	if (!shown_alive(&a))
		return not_alive(p, s, player);
	p->proved = true;
	p->unproved.file = NULL;
	return true;
}

static bool has_received(void *player)
{
	return ((const struct player *)player)->received->len > 0;
}

bool play_begin_happy(struct play *p, uint64_t patience)
{
	struct player *player = g_ptr_array_index(p->players, p->players->len - 1);

	player_release(player);
	if (target_is_client(p->options->suite->name))
		stage_trigger(&p->stage, "start");
	else
		player->inner->kind->start(player->inner);
	play_run(p, now(p) + patience, has_received, player);
	return has_received(player);
}

/* A client device is begun with anew; a server gets a new session from the same address. */
static void make_room(struct play *p)
{
	if (!target_is_client(p->options->suite->name))
		return;
	g_ptr_array_set_size(p->players, 0);
	p->stage.servers = 0;
	if (p->stage.device && p->stage.device->kind->command)
		p->stage.device->kind->command(p->stage.device, "terminate");
}

static bool step_alive_new(struct play *p, const struct case_step *s)
{
	const struct player *first = p->players->len ? g_ptr_array_index(p->players, 0) : NULL;
	struct case_step start = *s;
	struct player *player;
	struct alive a;

	start.player = (char *)(uintptr_t) "new";
	start.name = (char *)(uintptr_t)(first ? first->inner->kind->name
					       : target_opposite(p->options->suite->name));
	start.settings = NULL;
	if (first)
		p->stage.clients--;
	/* How the session before has ended, nobody can tell who saw messages alone. */
	p->disturbed = true;
	make_room(p);
	player = play_start(p, &start);
	if (!player)
		return false;
	a = alive_of(p, player);
	play_begin_happy(p, 0);
	if (!play_run(p, now(p) + 3 * play_patience(p), shown_any, &a))
		return false;
	if (!shown_alive(&a))
		return not_alive(p, s, player);
	player_hold(player);
	p->proved = true;
	p->unproved.file = NULL;
	return true;
}

/* ---- the others ---- */

static bool step_keep(struct play *p, const struct case_step *s)
{
	struct player *player = player_for(p, s);
	const struct field *field;
	const struct seen *seen = NULL;
	const struct frame *f;

	if (!player)
		return false;
	field = reading_field(player->protocol, s->field);
	f = player->matched ? evidence_frame(p->evidence, player->matched->frame) : NULL;
	if (f && field)
		seen = reading_find(&f->full, field, NULL);
	if (!seen)
		return play_end(p, TEST_FAIL, &s->place, "keep: the message has no %s", s->field);
	g_hash_table_replace(p->bound, g_strdup(s->name), value_write(field, &seen->value));
	return true;
}

static bool step_trigger(struct play *p, const struct case_step *s)
{
	if (stage_trigger(&p->stage, s->name))
		return true;
	return play_end(p, TEST_NOT_APPLICABLE, &s->place, "the device cannot be made to %s",
			s->name);
}

static bool step_repeat(struct play *p, const struct case_step *s)
{
	for (unsigned i = 0; i < s->count; i++)
		if (!play_steps(p, s->steps))
			return false;
	return true;
}

static bool play_step(struct play *p, const struct case_step *s)
{
	switch (s->kind) {
	case STEP_USE:
		return play_steps(p, s->steps);
	case STEP_START:
		return play_start(p, s) != NULL;
	case STEP_SEND:
		return step_send(p, s);
	case STEP_EXPECT:
		return step_expect(p, s);
	case STEP_SILENCE:
		return step_silence(p, s);
	case STEP_ALIVE:
		return s->player ? step_alive(p, s) : step_alive_new(p, s);
	case STEP_WAIT:
		return step_wait(p, s);
	case STEP_KEEP:
		return step_keep(p, s);
	case STEP_REPEAT:
		return step_repeat(p, s);
	case STEP_TRIGGER:
		return step_trigger(p, s);
	}
	return play_end(p, TEST_ERROR, &s->place, "a step that there is not");
}

bool play_steps(struct play *p, const GPtrArray *steps)
{
	for (guint i = 0; steps && i < steps->len; i++)
		if (!play_step(p, g_ptr_array_index(steps, i)) || p->ended)
			return false;
	return true;
}
