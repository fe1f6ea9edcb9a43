/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "player.h"

#include <string.h>

struct parcel *parcel_new(const struct datagram *d)
{
	struct parcel *p = g_new0(struct parcel, 1);

	p->datagram = *d;
	p->datagram.octets.octets = g_memdup2(d->octets.octets, d->octets.length);
	return p;
}

void parcel_free(struct parcel *p)
{
	if (!p)
		return;
	g_free((gpointer)p->datagram.octets.octets);
	g_free(p);
}

static bool same_octets(const struct parcel *p, struct octets o)
{
	const struct octets *own = &p->datagram.octets;

	return own->length == o.length &&
	       (!o.length || memcmp(own->octets, o.octets, o.length) == 0);
}

/* The newest of these octets, or NULL. */
static struct parcel *find_same(const GPtrArray *parcels, struct octets o)
{
	for (guint i = parcels->len; i > 0; i--) {
		struct parcel *p = g_ptr_array_index(parcels, i - 1);

		if (same_octets(p, o))
			return p;
	}
	return NULL;
}

/* Keeps a parcel in an account of what passed, which is bounded: the oldest goes, unless a step may
 * still look at it. */
static void account(struct player *p, GPtrArray *parcels, struct parcel *parcel)
{
	if (parcels->len >= PLAYER_HISTORY_MAX &&
	    !g_queue_find(&p->inbox, g_ptr_array_index(parcels, 0)))
		g_ptr_array_remove_index(parcels, 0);
	g_ptr_array_add(parcels, parcel);
}

/* ---- the environment of the reference role ---- */

static struct player *player_of(struct environment *e)
{
	return (struct player *)((char *)e - offsetof(struct player, environment));
}

static uint64_t inner_now(struct environment *e)
{
	return world_now(player_of(e)->world);
}

static void inner_random(struct environment *e, uint8_t *octets, size_t length)
{
	world_random(player_of(e)->world, octets, length);
}

static void inner_timer(struct environment *e, struct role *r, unsigned timer, uint64_t at)
{
	struct environment *world = world_environment(player_of(e)->world);

	(void)r;
	world->ops->timer(world, &player_of(e)->outer, timer, at);
}

static void inner_event(struct environment *e, struct role *r, enum role_event event,
			const char *text)
{
	struct player *p = player_of(e);

	(void)r;
	if ((unsigned)event >= PLAYER_EVENTS)
		return;
	p->events[event]++;
	g_strlcpy(p->last_event[event], text, sizeof(p->last_event[event]));
	if (p->watch->event)
		p->watch->event(p->watch, p, event, text);
}

/* A reference role that has moved to another address is listened for there too. */
static void follow(struct player *p, const struct endpoint *source)
{
	char error[WORLD_ERROR_SIZE];
	struct endpoint at = *source;

	if (endpoint_equal(source, &p->at))
		return;
	if (world_attach(p->world, &p->outer, CARRIER_UDP, &at, error, sizeof(error)))
		p->at = at;
}

/* RFC 6345 4.1 and 5: PaC-Information, then what the PaC has sent. */
void player_wrap(struct player *p, struct parcel *parcel)
{
	const struct endpoint *pac = &p->outer.settings.local;
	const struct octets inner = parcel->datagram.octets;
	size_t size = inner.length + 64, length = address_length(&pac->address);
	uint8_t information[18];
	struct pana_draft_avp avps[] = {
		{.code = PANA_AVP_PAC_INFORMATION, .value = {information, length + 2}},
		{.code = PANA_AVP_RELAYED_MESSAGE, .value = inner},
	};
	const struct pana_draft draft = {.type = PANA_RELAY, .avps = avps, .avp_count = 2};
	uint8_t *octets = g_malloc(size);
	struct writer w = writer_of(octets, size);

	memcpy(information, pac->address.octets, length);
	information[length] = (uint8_t)(pac->port >> 8);
	information[length + 1] = (uint8_t)pac->port;
	pana_write(&w, &draft);
	g_free((gpointer)inner.octets);
	parcel->datagram.octets = (struct octets){octets, w.length};
}

/* What a PRY relays; the message itself if it is none. */
static struct octets unwrapped(const struct parcel *parcel)
{
	struct pana_message m[PANA_DEPTH];
	struct walk w =
		walk_of(parcel->datagram.octets.octets, parcel->datagram.octets.length, NULL);

	if (pana_walk(&w, m) > 1 && m[0].kind == PANA_PRY)
		return m[1].octets;
	return parcel->datagram.octets;
}

static bool is_pry(const struct octets *o)
{
	return o->length >= PANA_HEADER_SIZE && o->octets[6] == 0 && o->octets[7] == PANA_RELAY;
}

bool player_fits(const struct player *p, const struct message *m, const struct case_message *wanted)
{
	struct message inner;

	if (message_fits_case(m, wanted))
		return true;
	if (!p->relayed || m->pana_count < 2 || m->pana[0].kind != PANA_PRY)
		return false;
	message_read(&inner, m->protocol, m->pana[1].octets);
	return message_fits_case(&inner, wanted);
}

static struct parcel *transmit(struct player *p, struct parcel *parcel)
{
	struct environment *world = world_environment(p->world);
	const struct parcel *before = find_same(p->sent, parcel->datagram.octets);

	if (p->relayed && !is_pry(&parcel->datagram.octets)) {
		player_wrap(p, parcel);
		before = find_same(p->sent, parcel->datagram.octets);
	}
	follow(p, &parcel->datagram.source);
	parcel->time = world_now(p->world);
	parcel->again = before != NULL;
	parcel->frame = p->watch->passed(p->watch, p, true, &parcel->datagram);
	account(p, p->sent, parcel);
	world->ops->send(world, &p->outer, &parcel->datagram);
	return parcel;
}

/* The newest that has gone out with these octets, in the open or relayed. */
static const struct parcel *find_sent(const struct player *p, struct octets o)
{
	for (guint i = p->sent->len; i > 0; i--) {
		const struct parcel *sent = g_ptr_array_index(p->sent, i - 1);
		const struct octets was = p->relayed ? unwrapped(sent) : sent->datagram.octets;

		if (was.length == o.length &&
		    (!o.length || memcmp(was.octets, o.octets, o.length) == 0))
			return sent;
	}
	return NULL;
}

static bool waits_already(struct player *p, struct octets o)
{
	for (GList *l = p->outbox.head; l; l = l->next)
		if (same_octets(l->data, o))
			return true;
	return false;
}

static void inner_send(struct environment *e, struct role *from, const struct datagram *d)
{
	struct player *p = player_of(e);
	const struct parcel *before = find_sent(p, d->octets);

	(void)from;
	if (waits_already(p, d->octets) || find_same(p->withheld, d->octets))
		return;
	if (p->talking || (before && !before->changed))
		transmit(p, parcel_new(d));
	else
		g_queue_push_tail(&p->outbox, parcel_new(d));
}

static const struct environment_ops inner_ops = {
	.now = inner_now,
	.random = inner_random,
	.send = inner_send,
	.timer = inner_timer,
	.event = inner_event,
};

/* ---- what the world wants of the player ---- */

static void outer_receive(struct role *r, const struct datagram *d)
{
	struct player *p = (struct player *)r;
	struct parcel *parcel = parcel_new(d);
	const struct parcel *before = find_same(p->received, d->octets);

	parcel->time = world_now(p->world);
	parcel->again = before != NULL;
	parcel->interval = before ? parcel->time - before->time : 0;
	parcel->interval_before = before ? before->interval : 0;
	parcel->frame = p->watch->passed(p->watch, p, false, d);
	account(p, p->received, parcel);
	if (p->at_large) {
		player_deliver(p, parcel);
		return;
	}
	/* The reference role answers what comes again as its specification says, once it has had
	 * it. */
	if (before && before->delivered)
		player_deliver(p, parcel);
	g_queue_push_tail(&p->inbox, parcel);
}

static void outer_expired(struct role *r, unsigned timer)
{
	struct player *p = (struct player *)r;

	p->inner->kind->expired(p->inner, timer);
}

static void outer_nothing(struct role *r)
{
	(void)r;
}

static const struct role_kind player_kind = {
	.name = "player",
	.label = "player",
	.summary = "the tester's end of a conversation",
	.start = outer_nothing,
	.destroy = outer_nothing,
	.receive = outer_receive,
	.expired = outer_expired,
};

/* ---- life ---- */

struct player *player_new(struct world *world, struct player_watch *watch, const char *name,
			  const char *role, const struct role_settings *settings, char *error,
			  size_t error_size)
{
	struct player *p = g_new0(struct player, 1);

	p->outer.kind = &player_kind;
	p->outer.environment = world_environment(world);
	p->outer.settings = *settings;
	p->environment.ops = &inner_ops;
	p->world = world;
	p->watch = watch;
	p->name = g_strdup(name);
	p->protocol = message_protocol(role);
	p->received = g_ptr_array_new_with_free_func((GDestroyNotify)parcel_free);
	p->sent = g_ptr_array_new_with_free_func((GDestroyNotify)parcel_free);
	p->withheld = g_ptr_array_new_with_free_func((GDestroyNotify)parcel_free);
	g_queue_init(&p->outbox);
	g_queue_init(&p->inbox);
	if (!world_attach(world, &p->outer, CARRIER_UDP, &p->outer.settings.local, error,
			  error_size)) {
		player_free(p);
		return NULL;
	}
	p->at = p->outer.settings.local;
	p->inner = role_new(role, &p->outer.settings, &p->environment, error, error_size);
	if (!p->inner) {
		player_free(p);
		return NULL;
	}
	return p;
}

void player_free(struct player *p)
{
	if (!p)
		return;
	role_free(p->inner);
	world_detach(p->world, &p->outer);
	g_queue_clear_full(&p->outbox, (GDestroyNotify)parcel_free);
	g_queue_clear(&p->inbox);
	g_ptr_array_free(p->received, TRUE);
	g_ptr_array_free(p->sent, TRUE);
	g_ptr_array_free(p->withheld, TRUE);
	g_free(p->name);
	g_free(p);
}

/* ---- outward ---- */

struct parcel *player_take(struct player *p, const struct case_message *wanted)
{
	struct message m;

	for (GList *l = p->outbox.head; l; l = l->next) {
		struct parcel *parcel = l->data;

		message_read(&m, p->protocol, parcel->datagram.octets);
		if (!message_fits_case(&m, wanted))
			continue;
		g_queue_delete_link(&p->outbox, l);
		return parcel;
	}
	return NULL;
}

/* Commands by which a role makes a message of its own accord. */
static const struct {
	const char *kind, *word; /* NULL: none */
	const char *command;     /* NULL: start, once */
	const char *role;        /* that makes the message so; NULL: any */
} commands[] = {
	{"PCI", NULL, NULL, NULL},
	{"PNR", "ping", "ping", NULL},
	{"PNR", "P", "ping", NULL},
	{"PNR", "reauth", "reauth", NULL},
	{"PNR", "A", "reauth", NULL},
	{"PTR", NULL, "terminate", NULL},
	{"PAR", "S", "start", "pana.paa"},
	{"PAR", NULL, "reauth", "pana.paa"},
	{"Access-Request", NULL, NULL, "eap.peer"},
	{"Response", "Identity", NULL, "eap.peer"},
	{"Initiate", "Reauth", "reauth", "eap.peer"},
};

static bool has_word(const struct case_message *wanted, const char *word)
{
	for (guint i = 0; wanted->words && i < wanted->words->len; i++)
		if (g_ascii_strcasecmp(g_ptr_array_index(wanted->words, i), word) == 0)
			return true;
	return false;
}

/* Has the reference role begin, or obey the command that makes the message. */
static void command(struct player *p, const struct case_message *wanted)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
		if (g_ascii_strcasecmp(commands[i].kind, wanted->kind) != 0 ||
		    (commands[i].word && !has_word(wanted, commands[i].word)) ||
		    (commands[i].role && strcmp(commands[i].role, p->inner->kind->name) != 0))
			continue;
		if (commands[i].command && p->inner->kind->command)
			p->inner->kind->command(p->inner, commands[i].command);
		else if (!commands[i].command && !p->begun && !p->events[ROLE_STARTED])
			p->inner->kind->start(p->inner);
		p->begun |= !commands[i].command;
		return;
	}
}

static struct parcel *craft(struct player *p, const struct case_message *wanted)
{
	uint8_t *octets;
	struct writer w;
	struct parcel *made = NULL;
	struct datagram d = {.source = p->inner->settings.local};

	if (!p->inner->kind->craft)
		return NULL;
	octets = g_malloc(DATAGRAM_MAX);
	w = writer_of(octets, DATAGRAM_MAX);
	if (p->inner->kind->craft(p->inner, wanted->kind,
				  wanted->words ? (const char *const *)wanted->words->pdata : NULL,
				  wanted->words ? wanted->words->len : 0, &w) &&
	    !w.full && w.length) {
		d.destination = p->inner->settings.peer;
		for (guint i = p->received->len; i > 0; i--) {
			const struct parcel *last = g_ptr_array_index(p->received, i - 1);

			d.destination = last->datagram.source;
			break;
		}
		d.octets = (struct octets){octets, w.length};
		made = parcel_new(&d);
		made->crafted = true;
	}
	g_free(octets);
	return made;
}

struct parcel *player_make(struct player *p, const struct case_message *wanted)
{
	command(p, wanted);
	return player_take(p, wanted);
}

struct parcel *player_craft(struct player *p, const struct case_message *wanted)
{
	struct parcel *parcel = craft(p, wanted);

	if (parcel)
		return parcel;
	/* Where a request takes state of its own along, `craft` has the role send it. */
	parcel = player_take(p, wanted);
	if (parcel)
		parcel->crafted = true;
	return parcel;
}

const struct parcel *player_send(struct player *p, struct parcel *parcel, const struct datagram *d,
				 bool changed)
{
	struct parcel *sent = parcel_new(d);

	sent->changed = changed;
	sent->crafted = parcel->crafted;
	p->owes = changed;
	if (changed)
		g_ptr_array_add(p->withheld, parcel);
	else
		parcel_free(parcel);
	if (p->inner->kind->sent && !sent->crafted)
		p->inner->kind->sent(p->inner, sent->datagram.octets);
	return transmit(p, sent);
}

bool player_send_original(struct player *p)
{
	struct parcel *original;

	if (!p->owes || !p->withheld->len)
		return false;
	original = g_ptr_array_steal_index(p->withheld, p->withheld->len - 1);
	g_ptr_array_set_size(p->withheld, 0);
	player_send(p, original, &original->datagram, false);
	return true;
}

const struct parcel *player_sent(const struct player *p, const struct case_message *wanted)
{
	struct message m;

	for (guint i = p->sent->len; i > 0; i--) {
		const struct parcel *parcel = g_ptr_array_index(p->sent, i - 1);

		message_read(&m, p->protocol, parcel->datagram.octets);
		if (player_fits(p, &m, wanted))
			return parcel;
	}
	return NULL;
}

/* ---- inward ---- */

void player_deliver(struct player *p, struct parcel *parcel)
{
	const struct parcel *last =
		p->sent->len ? g_ptr_array_index(p->sent, p->sent->len - 1) : NULL;
	struct datagram d = parcel->datagram;

	if (!parcel->delivered && last && last->crafted && p->inner->kind->answered)
		p->inner->kind->answered(p->inner, parcel->datagram.octets);
	parcel->delivered = true;
	if (p->relayed)
		d.octets = unwrapped(parcel);
	p->inner->kind->receive(p->inner, &d);
}

void player_answer_ping(struct player *p, struct parcel *ping)
{
	GQueue before = p->outbox;

	g_queue_init(&p->outbox);
	player_deliver(p, ping);
	while (!g_queue_is_empty(&p->outbox))
		transmit(p, g_queue_pop_head(&p->outbox));
	p->outbox = before;
}

void player_talk(struct player *p)
{
	p->talking = true;
	while (!g_queue_is_empty(&p->outbox))
		transmit(p, g_queue_pop_head(&p->outbox));
}

void player_release(struct player *p)
{
	p->at_large = true;
	player_talk(p);
	while (!g_queue_is_empty(&p->inbox)) {
		struct parcel *parcel = g_queue_pop_head(&p->inbox);

		if (!parcel->delivered)
			player_deliver(p, parcel);
	}
}

void player_hold(struct player *p)
{
	p->talking = p->at_large = p->free;
}
