/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time: how long is waited, by the specification's own timers. */
#include "net.h"
#include "runner_play.h"

/*
 * RFC 5191 9: RT is 1 s ± 10 % at first and doubles; a message that gets lost twice has come after
 * 1.1 + 2.31 s, its answer, lost twice, after as much again. RFC 5080 2.2.1: the same from 2 s.
 */
static const uint64_t pana_patience = 8 * WORLD_SECOND;
static const uint64_t radius_patience = 15 * WORLD_SECOND;

uint64_t play_scaled(const struct play *p, uint64_t time)
{
	return (uint64_t)((double)time * p->options->runner->timescale);
}

uint64_t play_patience(const struct play *p)
{
	return play_scaled(p, p->protocol == &pana_protocol ? pana_patience : radius_patience);
}

void play_window(const struct play *p, enum pana_kind kind, uint64_t before, uint64_t *low,
		 uint64_t *high)
{
	bool pana = p->protocol == &pana_protocol;
	uint64_t irt = (pana ? 1 : 2) * WORLD_SECOND;
	uint64_t mrt = (pana ? kind == PANA_PCI ? 120 : 30 : 16) * WORLD_SECOND;
	const struct sim_weather *weather = &p->options->runner->target.weather;
	uint64_t slack = p->options->runner->target.real
				 ? play_scaled(p, 60 * WORLD_MILLISECOND)
				 : WORLD_MILLISECOND + 2 * (weather->latency + weather->jitter);

	if (before) {
		/* RT = 2 * RTprev + RAND * RTprev; if that is more than MRT, MRT + RAND * MRT. */
		*low = MIN(before / 10 * 19, mrt / 10 * 9);
		*high = before / 10 * 21 > mrt ? mrt / 10 * 11 : before / 10 * 21;
	} else {
		*low = irt / 10 * 9;
		*high = irt / 10 * 11;
	}
	*low -= MIN(*low, slack);
	*high += slack;
}

struct waiting {
	struct play *play;
	bool (*done)(void *context);
	void *context;
};

static bool over(void *context)
{
	const struct waiting *w = context;

	return *w->play->options->stop || (w->done && w->done(w->context));
}

bool play_run(struct play *p, uint64_t until, bool (*done)(void *context), void *context)
{
	struct waiting w = {p, done, context};
	enum world_end end = world_run(p->stage.world, until, over, &w);

	if (end == WORLD_BROKEN)
		return play_end(p, TEST_ERROR, NULL, "%s", world_error(p->stage.world));
	if (end == WORLD_STOPPED || *p->options->stop) {
		p->interrupted = true;
		return play_end(p, TEST_ERROR, NULL, "interrupted");
	}
	return true;
}
