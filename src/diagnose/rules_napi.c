// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules about what a NAPI does with its polls. */
#include <inttypes.h>
#include <string.h>

#include "diagnose/rule.h"
#include "model/hist.h"

static uint64_t polls_with_budget(const struct napi_row *n)
{
	return n->polls - known(n->netpoll_polls);
}

static bool napi_is_empty(const struct context *c, const struct napi_row *n)
{
	return part_pct(n->empty, polls_with_budget(n)) >= limit(LIMIT_EMPTY) &&
	       context_rate(c, n->empty) >= limit(LIMIT_EMPTY_RATE);
}

/*
 * Is a program attached to any device?  It may send by another one; and that of a bond
 * or of hv_netvsc runs in the ports, which do not say so.
 */
static bool any_xdp(const struct context *c)
{
	const struct dev_row *dev;

	table_for_each (&c->iv->devs, dev)
		if (known(dev->xdp))
			return true;
	return false;
}

/* From 6.13 on each NAPI may have a setting of its own, which /sys does not show. */
static bool is_deferred(const struct context *c, struct finding *f,
			const struct napi_row *n, const struct dev_row *dev)
{
	const struct told_row *told = napi_told(c, n);
	const uint64_t all = dev_number(c, dev, "napi_defer_hard_irqs");
	const uint64_t defer = told && told->defer_hard_irqs != MISSING ?
				       told->defer_hard_irqs :
				       all;
	char exec[DEV_ROOM];

	if (!known(defer))
		return false;
	finding_add_number(f, "napi_defer_hard_irqs", defer, "");
	say(f->cause, "it polls on for napi_defer_hard_irqs times before it "
		      "waits for an interrupt");
	say(f->check, "%sgrep . /sys/class/net/%s/napi_defer_hard_irqs",
	    dev_exec(dev, exec), word(dev->dev));
	if (!napis_defer_alike(c, dev))
		return true;
	dev_write(f->fix, sizeof(f->fix), dev, "napi_defer_hard_irqs", defer / 2);
	dev_write(f->undo, sizeof(f->undo), dev, "napi_defer_hard_irqs", defer);
	return true;
}

/* From 6.19 on a thread may be told to poll on and on. */
static bool is_busy_thread(const struct context *c, const struct napi_row *n)
{
	const struct state_row key = { .id = n->id };
	const struct state_row *row =
		table_find(&c->d->last->states, &key, state_row_cmp);

	return row && strstr(row->states, "THREADED_BUSY_POLL");
}

/* Why a driver's polls may find nothing; false: there is no good reason. */
static bool empty_reason(const struct context *c, struct finding *f,
			 const struct napi_row *n)
{
	const struct dev_row *dev = context_dev(c, n);

	if (is_busy_thread(c, n) || part_pct(known(n->busy_polls), n->polls) >=
					    limit(LIMIT_HIDDEN_POLLS)) {
		say(f->cause, "a busy poller finds nothing most of the time: it "
			      "was asked to look");
		return true;
	}
	if (!strcmp(n->poll_func, "wg_packet_rx_poll")) {
		say(f->cause, "wireguard looks for the next packet in order, "
			      "which another CPU still decrypts");
		return true;
	}
	if (dev && is_deferred(c, f, n, dev))
		return true;
	if (!dev || dev->tx_packets == MISSING) {
		say(f->cause, "its polls find nothing to receive: they clean up "
			      "what was sent, or are for nothing; what its "
			      "device sends is not known");
		return true;
	}
	finding_add_number(f, "tx_packets", context_rate(c, dev->tx_packets),
			   "/s");
	if (any_xdp(c)) {
		say(f->cause,
		    "its polls find nothing to receive: with XDP they may "
		    "clean up what was redirected to it, which few "
		    "drivers count as sent");
		return true;
	}
	if (part_pct(dev->tx_packets, n->empty) >= limit(LIMIT_EMPTY)) {
		say(f->cause, "its polls only clean up what was sent, which is "
			      "no work by the kernel's count");
		return true;
	}
	return false;
}

static void judge_empty_polls(struct context *c)
{
	const struct napi_row *n;
	char name[NAPI_WORD_ROOM];
	struct finding *f;

	table_for_each (&c->iv->napis, n) {
		if (!napi_is_empty(c, n))
			continue;
		f = context_add_napi(c, SEVERITY_HARMLESS, n);
		f->share = n->empty;
		finding_add_number(f, "empty", context_rate(c, n->empty), "/s");
		finding_add_number(f, "of its polls",
				   part_pct(n->empty, polls_with_budget(n)), "%");
		finding_add_number(f, "work", context_rate(c, n->work), "/s");
		if (n->poll_ns != MISSING && n->empty_ns != MISSING)
			finding_add_number(f, "empty_ns",
					   context_pct(c, n->empty_ns), "%");
		if (empty_reason(c, f, n))
			continue;
		f->severity = SEVERITY_WARNING;
		say(f->cause, "most of its polls find nothing: it is scheduled "
			      "for nothing, or never completes");
		say(f->check, "napiscope trace --napi %s -n 100",
		    napi_word(n, name));
		say(f->avoid, "budgets and coalescing: report it to the "
			      "driver's maintainers, with a recording");
	}
}

/* The largest work of one poll; 0: it was not measured. */
static uint64_t napi_most_work(const struct context *c, const struct napi_row *n)
{
	struct hist_row sum;

	if (!hist_of_row(c->iv, NAPI_HIST_WORK, SCOPE_NAPI, n, &sum))
		return 0;
	return sum.max;
}

static void judge_over_budget(struct context *c)
{
	const struct napi_row *n;
	struct finding *f;
	uint64_t most;

	table_for_each (&c->iv->napis, n) {
		most = napi_most_work(c, n);
		/* A busy poller's budget is its own. */
		if (napi_is_backlog(n) || n->weight == MISSING || !n->weight ||
		    known(n->busy_polls) || most <= n->weight)
			continue;
		f = context_add_napi(c, SEVERITY_WARNING, n);
		f->share = most;
		finding_add_number(f, "work of one poll, at most", most,
				   "packets");
		finding_add_number(f, "weight", n->weight, "packets");
		say(f->cause,
		    "%s returned more work than its budget: a mistake "
		    "of the driver, of which the kernel warns once",
		    n->poll_func);
		say(f->check, "dmesg | grep -i napi");
		say(f->avoid, "tuning: report it to the driver's maintainers");
	}
}

/*
 * Work that cannot have been packets.  What an XDP program took need not be counted,
 * and what was sent may keep a driver polling.
 */
static bool napi_is_stuck(const struct context *c, const struct napi_row *n,
			  const struct dev_row *dev)
{
	const struct napi_row *other;
	struct napi_refs napis;
	uint64_t work = 0;
	size_t i;

	/* Who polls for himself completes when he likes. */
	if (n->sessions != 0 || !dev || dev->rx_packets == MISSING ||
	    any_xdp(c) || known(n->busy_polls) ||
	    context_rate(c, n->work) < limit(LIMIT_LOADED_NAPI))
		return false;
	napis = napi_index_of_dev(&c->iv->index, dev);
	napi_refs_for_each (napis, i, other)
		work += other->work;
	return part_pct(dev->rx_packets + known(dev->tx_packets), work) <
	       limit(LIMIT_PHANTOM_WORK);
}

static void judge_never_completes(struct context *c)
{
	const struct dev_row *dev;
	const struct napi_row *n;
	char name[NAPI_WORD_ROOM];
	struct finding *f;

	table_for_each (&c->iv->napis, n) {
		dev = context_dev(c, n);
		if (!napi_is_stuck(c, n, dev))
			continue;
		if (c->iv->ns < limit(LIMIT_WATCHED_DEV) * 1e9) {
			say(c->unseen, "it takes %g seconds to tell (-d)",
			    limit(LIMIT_WATCHED_DEV));
			continue;
		}
		f = context_add_napi(c, SEVERITY_CRITICAL, n);
		f->share = n->polls;
		finding_add_number(f, "polls", context_rate(c, n->polls), "/s");
		finding_add_number(f, "sessions", 0, "");
		finding_add_number(f, "work", context_rate(c, n->work), "/s");
		finding_add_number(f, "rx_packets",
				   context_rate(c, dev->rx_packets), "/s");
		say(f->cause, "never leaves poll mode although there is nothing "
			      "to receive: its driver never completes");
		say(f->check, "napiscope trace --napi %s --events poll -n 100",
		    napi_word(n, name));
		dev_down_up(f, dev, "until the driver is mended ", false);
		say(f->avoid, "net.core.netdev_budget: no budget is enough for a "
			      "NAPI that never ends");
	}
}

const struct rule rules_napi[] = {
	{ .id = "empty-polls",
	  .about = "polls that find nothing, and whether that is harmless",
	  .judge = judge_empty_polls,
	  .limits = { LIMIT_EMPTY, LIMIT_EMPTY_RATE, LIMIT_HIDDEN_POLLS } },
	{ .id = "over-budget",
	  .about = "a driver that returns more work than its budget",
	  .needs = NEED_HISTS,
	  .judge = judge_over_budget },
	{ .id = "never-completes",
	  .about = "a NAPI in poll mode for good, with nothing to receive",
	  .needs = NEED_DEVS,
	  .root = 4,
	  .judge = judge_never_completes,
	  .limits = { LIMIT_LOADED_NAPI, LIMIT_PHANTOM_WORK, LIMIT_WATCHED_DEV } },
	{ 0 },
};
