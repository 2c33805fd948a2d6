// SPDX-License-Identifier: GPL-2.0-or-later
/* See header.h. */
#include "tui/header.h"

#include <curses.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/format.h"
#include "tui/busy.h"
#include "tui/cell.h"
#include "tui/pen.h"
#include "tui/alert.h"

/* From this width on there is room for whole words. */
#define WORDY_WIDTH 110
/* A banner costs a row: not on a screen that has few. */
#define BANNER_HEIGHT 20

/* A number as text, by value, so that it can stand in an argument list. */
struct number {
	char text[FORMAT_ROOM];
};

static struct number number_rate(const struct interval *iv, uint64_t value)
{
	struct number n = { "-" };

	if (value != MISSING)
		format_count(interval_rate(iv, value), n.text);
	return n;
}

/* Something is not nothing. */
static void number_put_percent(struct number *n, double percent, int decimals)
{
	if (!decimals && percent > 0 && percent < 0.5)
		snprintf(n->text, sizeof(n->text), "<1%%");
	else
		snprintf(n->text, sizeof(n->text), "%.*f%%", decimals, percent);
}

static struct number number_percent(const struct interval *iv, uint64_t ns,
				    int decimals)
{
	struct number n = { "-" };

	if (ns != MISSING && iv->ns)
		number_put_percent(&n, 100.0 * (double)ns / (double)iv->ns,
				   decimals);
	return n;
}

static struct number number_share(uint64_t part, uint64_t whole)
{
	struct number n = { "-" };

	if (part != MISSING && whole != MISSING && whole)
		number_put_percent(&n, 100.0 * (double)part / (double)whole, 0);
	return n;
}

/* What draws the header, with the attributes that it needs most. */
struct header {
	const struct tui *tui;
	const struct interval *iv;
	const struct summary *summary;
	unsigned int plain;
	unsigned int bold;
	unsigned int dim;
	unsigned int warn;
	unsigned int crit;
};

static bool header_is_wordy(void)
{
	return COLS >= WORDY_WIDTH;
}

static unsigned int header_attr(const struct header *h, enum alert alert)
{
	if (alert == ALERT_CRIT)
		return h->crit;
	return alert == ALERT_WARN ? h->warn : h->bold;
}

static unsigned int header_field_attr(const struct header *h, const char *name,
				      uint64_t value)
{
	const struct field *f = field_find(SCOPE_CPU, name);

	return header_attr(h, alert_of_value(h->iv, f, value));
}

/* --- the run and its cost --- */

static void header_put_name(struct pen *pen, unsigned int attr,
			    const char *name, int width)
{
	char fitted[TEXT_ROOM];

	text_fit(fitted, sizeof(fitted), name, width, CUT_TAIL);
	pen_put(pen, attr, fitted);
	pen_put(pen, attr, " ");
}

/* As it was: rates of a minute are not those of the second that was asked for. */
static void header_put_interval(const struct header *h, struct pen *pen)
{
	const uint64_t wish = h->tui->interval_ns, ns = h->iv->ns;
	const uint64_t apart = ns > wish ? ns - wish : wish - ns;
	const double seconds = (double)ns / 1e9;

	if (apart > wish / 8)
		pen_print(pen, *h->tui->banner ? h->plain : h->warn,
			  seconds < 100 ? "%.3gs " : "%.0fs ", seconds);
	else
		pen_print(pen, h->plain, "%gs ", (double)wish / 1e9);
}

static void header_draw_run(const struct header *h, int y)
{
	const struct host_row *host = &h->iv->host;
	struct format_machine machine;
	struct pen pen = pen_line(y);
	int width = COLS / 5;
	struct number cpus;

	format_machine(host, &machine);
	format_number(host->nr_cpus, cpus.text);
	pen_put(&pen, look_attr(&h->tui->look, LOOK_NAME), "napiscope ");
	header_put_name(&pen, h->bold, host->host, width);
	header_put_name(&pen, h->plain, host->kernel, width);
	pen_print(&pen, h->plain, "%s CPUs %s%s", cpus.text, machine.tier,
		  header_is_wordy() ? " tier, every " : " ");
	header_put_interval(h, &pen);
	if (h->tui->paused)
		pen_put(&pen, h->warn | A_REVERSE, " PAUSED ");
	pen_print(&pen, h->plain, header_is_wordy() ? " reading: " : " own ");
	pen_print(&pen, h->bold, "%s",
		  number_percent(h->iv, host->self_cpu_ns, 1).text);
	pen_print(&pen, h->plain, header_is_wordy() ? " of a CPU, " : " ");
	pen_print(&pen, h->bold, "%s", number_rate(h->iv, host->events).text);
	pen_put(&pen, h->plain, header_is_wordy() ? " events/s" : " ev/s");
	if (host->sample != MISSING)
		pen_print(&pen, h->plain,
			  header_is_wordy() ? ", times of 1 run in %" PRIu64 :
					      " 1:%" PRIu64,
			  host->sample);
}

/* --- sums --- */

static void header_put_number(const struct header *h, struct pen *pen,
			      const char *before, struct number number,
			      const char *after)
{
	pen_put(pen, h->plain, before);
	pen_put(pen, h->bold, number.text);
	pen_put(pen, h->plain, after);
}

static void header_draw_sums(const struct header *h, int y)
{
	const struct cpu_row *sum = &h->summary->sum;
	const struct interval *iv = h->iv;
	struct pen pen = pen_line(y);

	header_put_number(h, &pen, "", number_rate(iv, sum->polls), " polls/s  ");
	header_put_number(h, &pen, "", number_rate(iv, sum->work), " work/s  ");
	header_put_number(h, &pen, "", number_rate(iv, sum->hardirqs),
			  " irqs/s  ");
	header_put_number(h, &pen, "NET_RX ",
			  number_percent(iv, sum->net_rx_ns, 0), "  ");
	header_put_number(h, &pen, "irq ",
			  number_percent(iv, sum->hardirq_ns, 0), "  ");
	header_put_number(h, &pen,
			  header_is_wordy() ? "ksoftirqd " : "ksoft polls ",
			  number_share(sum->ksoftirqd_polls, sum->polls),
			  header_is_wordy() ? " of polls" : "");
}

/* --- squeezes --- */

static void header_put_kinds(const struct header *h, struct pen *pen)
{
	const struct cpu_row *sum = &h->summary->sum;
	const struct interval *iv = h->iv;

	header_put_number(h, pen, "squeezes ",
			  number_rate(iv, h->summary->squeezes), "/s:");
	header_put_number(h, pen, " budget ",
			  number_rate(iv, sum->squeeze_budget), "");
	header_put_number(h, pen, " time ", number_rate(iv, sum->squeeze_time),
			  "");
	header_put_number(h, pen, " both ", number_rate(iv, sum->squeeze_both),
			  "");
	pen_put(pen, h->plain, "; work left ");
	pen_put(pen,
		header_field_attr(h, "squeeze_work_left", sum->squeeze_work_left),
		number_rate(iv, sum->squeeze_work_left).text);
	if (h->summary->unknown)
		pen_print(pen, h->warn, " and %s/s of unknown kind",
			  number_rate(iv, h->summary->unknown).text);
	else if (h->summary->squeezes && !sum->squeeze_work_left)
		pen_put(pen, h->plain, " (harmless)");
}

static void header_draw_squeezes(const struct header *h, int y)
{
	const struct cpu_row *sum = &h->summary->sum;
	const struct host_row *host = &h->iv->host;
	struct pen pen = pen_line(y);

	/* What is lost comes first: it is not cut off. */
	pen_put(&pen, h->plain, "backlog drops ");
	pen_print(&pen,
		  header_field_attr(h, "softnet_dropped", sum->softnet_dropped),
		  "%s", number_rate(h->iv, sum->softnet_dropped).text);
	pen_put(&pen, h->plain, "/s  ");
	if (h->summary->squeezes == MISSING)
		header_put_number(h, &pen, "squeezes ",
				  number_rate(h->iv, sum->softnet_squeezed),
				  "/s (kernel's count; kinds not known)");
	else
		header_put_kinds(h, &pen);
	if (header_is_wordy() && host->netdev_budget != MISSING &&
	    host->netdev_budget_usecs != MISSING)
		pen_print(&pen, h->plain,
			  "  (budget %" PRIu64 " packets, %" PRIu64 " us)",
			  host->netdev_budget, host->netdev_budget_usecs);
}

/* --- the busiest --- */

/* Where polls cannot be timed, the busiest is known, but not how busy. */
static void header_put_cpu(const struct header *h, struct pen *pen)
{
	const struct cpu_row *c = h->summary->cpu;
	const struct napi_row *n = h->summary->napi;
	const struct field *f = field_find(SCOPE_CPU, "net_rx_ns");
	uint64_t busy = busy_cpu_ns(c);

	if (n && n->poll_ns == MISSING)
		busy = MISSING;
	pen_print(pen, header_attr(h, alert_of_value(h->iv, f, busy)),
		  "CPU %" PRIu64 " %s", c->cpu,
		  number_percent(h->iv, busy, 0).text);
	if (header_is_wordy())
		pen_print(pen, h->plain, " (NET_RX %s, polls %s, irq %s)",
			  number_percent(h->iv, c->net_rx_ns, 1).text,
			  number_percent(h->iv, c->poll_ns, 1).text,
			  number_percent(h->iv, c->hardirq_ns, 1).text);
}

static void header_put_napi(const struct header *h, struct pen *pen)
{
	const struct napi_row *n = h->summary->napi;
	char context[CELL_CONTEXT_ROOM];
	struct number work = { "-" };

	cell_name_context(context, n);
	if (n->work_per_poll_milli != MISSING)
		format_count((double)n->work_per_poll_milli / 1000, work.text);
	pen_print(pen, h->bold, "; %s%s%s", n->label, *n->netns ? "@" : "",
		  n->netns);
	if (n->poll_ns != MISSING)
		pen_print(pen, h->plain, " %s",
			  number_percent(h->iv, n->poll_ns, 0).text);
	pen_print(pen, h->plain, ", %s/poll, %s", work.text, context);
}

static const char *header_squeeze_cause(const struct cpu_row *c)
{
	uint64_t most = c->squeeze_budget;
	const char *cause = "budget";

	if (c->squeeze_time > most) {
		most = c->squeeze_time;
		cause = "time";
	}
	return c->squeeze_both > most ? "budget and time" : cause;
}

static void header_put_trouble(const struct header *h, struct pen *pen,
			       const struct cpu_row *c)
{
	if (c->softnet_dropped && c->softnet_dropped != MISSING)
		pen_print(pen, h->crit, ", drops %s/s",
			  number_rate(h->iv, c->softnet_dropped).text);
	if (c->squeeze_work_left && c->squeeze_work_left != MISSING)
		pen_print(pen, h->warn, ", squeezed by %s",
			  header_squeeze_cause(c));
}

static void header_draw_busiest(const struct header *h, int y)
{
	const struct summary *s = h->summary;
	struct pen pen = pen_line(y);

	pen_put(&pen, h->plain, "busiest: ");
	if (!s->cpu || !busy_cpu_order(s->cpu)) {
		pen_put(&pen, h->plain, "no CPU polls or takes interrupts");
		return;
	}
	header_put_cpu(h, &pen);
	header_put_trouble(h, &pen, s->cpu);
	if (s->napi)
		header_put_napi(h, &pen);
}

/* --- what is missing in the numbers --- */

static bool header_has_lost(const struct header *h)
{
	const struct field *f;
	uint64_t value;

	for (f = field_table(SCOPE_LOST); f->name; f++) {
		value = field_u64(f, &h->tui->lost);
		if (value && value != MISSING)
			return true;
	}
	return false;
}

/* Since the start: a loss that is a minute old is still worth knowing. */
static void header_draw_lost(const struct header *h, int y)
{
	struct pen pen = pen_line(y);
	const struct field *f;
	uint64_t value;
	char text[FORMAT_ROOM];

	pen_put(&pen, h->warn,
		h->summary->lost && h->summary->lost != MISSING ?
			"! LOST now and before:" :
			"* LOST before:");
	for (f = field_table(SCOPE_LOST); f->name; f++) {
		value = field_u64(f, &h->tui->lost);
		if (!value || value == MISSING)
			continue;
		format_count((double)value, text);
		pen_print(&pen, h->warn, " %s %s", f->name, text);
	}
	pen_put(&pen, h->warn, " (numbers may be too low)");
}

int header_draw(const struct tui *tui)
{
	struct header h = {
		.tui = tui,
		.iv = tui_shown(tui),
		.summary = &tui->summary,
		.plain = look_attr(&tui->look, LOOK_PLAIN),
		.bold = look_attr(&tui->look, LOOK_BOLD),
		.dim = look_attr(&tui->look, LOOK_DIM),
		.warn = look_attr(&tui->look, LOOK_WARN),
		.crit = look_attr(&tui->look, LOOK_CRIT),
	};
	struct pen pen;
	int y = 0;

	header_draw_run(&h, y++);
	header_draw_sums(&h, y++);
	header_draw_squeezes(&h, y++);
	header_draw_busiest(&h, y++);
	if (header_has_lost(&h))
		header_draw_lost(&h, y++);
	if (*tui->banner && LINES >= BANNER_HEIGHT) {
		pen = pen_line(y++);
		pen_put(&pen, h.dim, tui->banner);
	}
	return y;
}
