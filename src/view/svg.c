// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See svg.h.  A page: heading; a row for each CPU, its time and raise -> entry;
 * a row for each NAPI, its work, waits and poll times.
 */
#include "view/svg.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "util/output.h"
#include "view/svg_cpu.h"
#include "view/svg_draw.h"
#include "view/svg_heat.h"

/* Of CPUs, and of NAPIs: the others are said in words. */
#define PAGE_ROWS 8
/* A NAPI that did less than this part of the busiest is idle: words will do. */
#define IDLE_PART 1000

#define LEFT 66	 /* labels of an axis */
#define RIGHT 20 /* margin of the page */
#define GAP 84	 /* between plots: with the labels of the next one */
/* Of a row: title and marks of a CPU, title and captions of a NAPI. */
#define CPU_ABOVE 54
#define NAPI_ABOVE 40
#define PLOT_H 96 /* of a row */
#define BELOW 34
#define HEADING_H 104
#define CPUS_H 78 /* heading and legend */
#define NAPIS_H 58
#define LEGEND_X 560 /* of the heat maps */
#define FOOT_H 26    /* after the rows: what is not shown */

struct page {
	FILE *out;
	const struct series *series;
	const struct interval *iv;
	double y;
	double above; /* of the plots of a row */
	const struct series_row *cpus[PAGE_ROWS];
	const struct series_row *napis[PAGE_ROWS];
	size_t nr_cpus;
	size_t nr_napis;
	double scale_pct;
	struct svg_heat heat;
	struct svg_map raise;
	struct svg_map work;
	struct svg_map sched;
	struct svg_map poll;
};

static const struct svg_map raise_map = {
	.what = "raise -> entry of NET_RX",
	.unit = "runs",
	.times = true,
	.counts = offsetof(struct series_cpu, raise),
	.p99 = offsetof(struct series_cpu, raise_p99_ns),
};

static const struct svg_map work_map = {
	.what = "work per poll",
	.unit = "polls",
	.counts = offsetof(struct series_napi, work),
};

static const struct svg_map sched_map = {
	.what = "schedule -> poll",
	.unit = "polls",
	.times = true,
	.counts = offsetof(struct series_napi, sched),
	.p99 = offsetof(struct series_napi, sched_p99_ns),
};

static const struct svg_map poll_map = {
	.what = "poll time",
	.unit = "polls",
	.times = true,
	.counts = offsetof(struct series_napi, poll),
	.p99 = offsetof(struct series_napi, poll_p99_ns),
};

static void page_measure(struct page *p)
{
	const struct series *s = p->series;
	const size_t cpu = sizeof(struct series_cpu);
	const size_t napi = sizeof(struct series_napi);

	p->nr_cpus = series_busiest(&s->cpus, p->cpus, PAGE_ROWS);
	p->nr_napis = series_busiest(&s->napis, p->napis, PAGE_ROWS);
	while (p->nr_napis && p->napis[p->nr_napis - 1]->total <
				      p->napis[0]->total / IDLE_PART)
		p->nr_napis--;
	p->scale_pct = cpu_scale(s, p->cpus, p->nr_cpus);
	p->raise = raise_map;
	p->work = work_map;
	p->sched = sched_map;
	p->poll = poll_map;
	heat_measure(s, p->cpus, p->nr_cpus, cpu, &p->raise, &p->heat);
	heat_measure(s, p->napis, p->nr_napis, napi, &p->work, &p->heat);
	heat_measure(s, p->napis, p->nr_napis, napi, &p->sched, &p->heat);
	heat_measure(s, p->napis, p->nr_napis, napi, &p->poll, &p->heat);
}

static double page_height(const struct page *p)
{
	return HEADING_H + CPUS_H + NAPIS_H + 2 * FOOT_H +
	       (CPU_ABOVE + PLOT_H + BELOW) * (double)p->nr_cpus +
	       (NAPI_ABOVE + PLOT_H + BELOW) * (double)p->nr_napis;
}

/* One of several plots that share the width. */
static struct svg_plot page_plot(const struct page *p, unsigned int at,
				 unsigned int of)
{
	double width = (SVG_WIDTH - LEFT - RIGHT - GAP * (of - 1.0)) / of;

	return (struct svg_plot){
		.out = p->out,
		.series = p->series,
		.box = { LEFT + at * (width + GAP), p->y + p->above, width,
			 PLOT_H },
	};
}

/* --- heading -------------------------------------------------------------- */

static void format_utc(uint64_t real_ns, const char *fmt, char *text, size_t room)
{
	time_t seconds = (time_t)(real_ns / 1000000000);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(text, room, fmt, &tm);
}

/* All that grew, by name, into text; false: nothing. */
static bool lost_words(const struct interval *iv, char *text, size_t room)
{
	const struct field *f;
	size_t used = 0;
	uint64_t value;

	*text = '\0';
	for (f = field_table(SCOPE_LOST); f->name; f++) {
		value = field_u64(f, &iv->lost);
		if (!value || value == MISSING || f->flags & FIELD_HIDDEN ||
		    used >= room)
			continue;
		used += (size_t)snprintf(text + used, room - used,
					 "%s%s %" PRIu64, used ? ", " : "",
					 f->name, value);
	}
	return used;
}

static void heading_times(const struct page *p)
{
	const struct interval *iv = p->iv;
	const struct series *s = p->series;
	char from[40], to[40], per[80];

	format_utc(iv->real_ns - iv->ns, "%Y-%m-%d %H:%M:%S", from, sizeof(from));
	format_utc(iv->real_ns, "%H:%M:%S UTC", to, sizeof(to));
	if (s->readings == 1)
		snprintf(per, sizeof(per), "%u readings, a column each",
			 s->count);
	else
		snprintf(per, sizeof(per), "%u columns of %u readings each",
			 s->count, s->readings);
	svg_text(p->out, LEFT, 52, "note",
		 "kernel %s, %s tier; %s to %s (%.1f s; %s)", iv->host.kernel,
		 iv->host.tier, from, to, (double)iv->ns / 1e9, per);
}

static void heading_settings(const struct page *p)
{
	const struct host_row *host = &p->iv->host;

	if (host->netdev_budget == MISSING || host->netdev_budget_usecs == MISSING)
		svg_text(p->out, LEFT, 70, "note",
			 "netdev_budget cannot be read: squeezes have no kind");
	else
		svg_text(p->out, LEFT, 70, "note",
			 "netdev_budget %" PRIu64
			 ", netdev_budget_usecs %" PRIu64,
			 host->netdev_budget, host->netdev_budget_usecs);
}

static void heading_lost(const struct page *p)
{
	char lost[320];

	if (lost_words(p->iv, lost, sizeof(lost)))
		svg_text(p->out, LEFT, 88, "bad", "Lost, and not in here: %s",
			 lost);
	else
		svg_text(p->out, LEFT, 88, "note", "Nothing was lost.");
}

static void draw_heading(struct page *p)
{
	svg_text(p->out, LEFT, 32, "title", "NAPI on %s", p->iv->host.host);
	heading_times(p);
	heading_settings(p);
	heading_lost(p);
	p->y = HEADING_H;
}

/* --- rows ----------------------------------------------------------------- */

/* As much of it as fits so many characters; bytes of UTF-8 stay together. */
static void shorten(const char *name, size_t most, char *text)
{
	size_t length = strlen(name);

	memcpy(text, name, length + 1);
	if (length <= most)
		return;
	length = most - 3;
	while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	memcpy(text + length, "...", 4);
}

/* Its name and words, and whether it has all of its past. */
static void draw_row_title(const struct page *p, const struct series_row *row,
			   const char *words)
{
	char name[SERIES_NAME];

	shorten(row->name, 70, name);
	fprintf(p->out, "<text x=\"%d\" y=\"%.1f\" class=\"row\">", LEFT,
		p->y + 12);
	svg_escape(p->out, name);
	fputs("<tspan dx=\"12\" class=\"words\">", p->out);
	svg_escape(p->out, words);
	if (row->since)
		fprintf(p->out, "; drawn from column %u on: busy late",
			row->since + 1);
	fputs("</tspan></text>\n", p->out);
}

static void draw_caption(const struct svg_plot *plot, const char *text)
{
	svg_text(plot->out, plot->box.x, plot->box.y - 6, "note", "%s", text);
}

static void draw_cpu(struct page *p, const struct series_row *row)
{
	struct svg_plot time = page_plot(p, 0, 2), raise = page_plot(p, 1, 2);
	char words[400];

	cpu_words(p->series, row, words, sizeof(words));
	draw_row_title(p, row, words);
	cpu_draw(&time, row, p->scale_pct);
	draw_caption(&raise, p->raise.what);
	heat_draw(&raise, row, sizeof(struct series_cpu), &p->raise, &p->heat,
		  heat_has_values(&p->raise) ?
			  "no raise of NET_RX here" :
			  "no raise of NET_RX was seen (probe softirq_raise)");
	p->y += p->above + PLOT_H + BELOW;
}

static void draw_map(const struct page *p, const struct series_row *row,
		     unsigned int at, unsigned int of,
		     const struct svg_map *map, const char *why_not)
{
	struct svg_plot plot = page_plot(p, at, of);

	draw_caption(&plot, map->what);
	heat_draw(&plot, row, sizeof(struct series_napi), map, &p->heat, why_not);
}

static bool is_tracepoint(const struct page *p)
{
	return !strcmp(p->iv->host.tier, "tracepoint");
}

/* The row of the interval; NULL: it has gone since. */
static const struct napi_row *find_napi(const struct interval *iv, uint64_t id)
{
	const struct napi_row *n;

	table_for_each (&iv->napis, n)
		if (n->id == id)
			return n;
	return NULL;
}

/* Polls, what they did and where they ran: contexts that occurred. */
static void napi_words(const struct napi_row *n, char *text, size_t room)
{
	const struct {
		const char *name;
		uint64_t polls;
	} contexts[NAPI_NR_CTX] = {
		{ "inline", n->inline_polls },
		{ "ksoftirqd", n->ksoftirqd_polls },
		{ "threaded", n->threaded_polls },
		{ "busy poll", n->busy_polls },
		{ "netpoll", n->netpoll_polls },
	};
	const double polls = n->polls ? (double)n->polls : 1;
	unsigned int i;
	size_t used;

	snprintf(text, room,
		 "%" PRIu64 " polls, %.1f work each, exhausted %.1f %%", n->polls,
		 (double)n->work / polls, 100 * (double)n->exhausted / polls);
	for (i = 0; i < NAPI_NR_CTX; i++) {
		used = strlen(text);
		if (contexts[i].polls)
			snprintf(text + used, room - used, "; %s %.1f %%",
				 contexts[i].name,
				 100 * (double)contexts[i].polls / polls);
	}
}

static void draw_napi(struct page *p, const struct series_row *row)
{
	const struct napi_row *n = find_napi(p->iv, row->id);
	unsigned int of = heat_has_values(&p->sched) ? 3 : 2;
	char words[240] = "";

	if (n)
		napi_words(n, words, sizeof(words));
	draw_row_title(p, row, words);
	draw_map(p, row, 0, of, &p->work, "no poll");
	if (of == 3)
		draw_map(p, row, 1, of, &p->sched, "no schedule was seen");
	draw_map(p, row, of - 1, of, &p->poll,
		 is_tracepoint(p) ? "not timed: not in NET_RX, tracepoint tier" :
				    "not timed: busy polls and netpoll");
	p->y += p->above + PLOT_H + BELOW;
}

/* --- sections ------------------------------------------------------------- */

/* Names of rows that are not drawn, and how little they did. */
static void draw_rest(const struct page *p, const struct series_set *set,
		      const struct series_row *const *drawn, size_t nr_drawn,
		      const char *what)
{
	const struct series_row *row;
	uint64_t all = 0, shown = 0;
	char names[120] = "";
	size_t i, used = 0, rest = set->rows.count - nr_drawn;

	if (!rest)
		return;
	for (i = 0; i < nr_drawn; i++)
		shown += drawn[i]->total;
	table_for_each (&set->rows, row) {
		all += row->total;
		for (i = 0; i < nr_drawn && drawn[i] != row; i++)
			;
		if (i == nr_drawn && used < sizeof(names))
			used += (size_t)snprintf(names + used,
						 sizeof(names) - used, "%s%s",
						 used ? ", " : "", row->name);
	}
	svg_text(p->out, LEFT, p->y + 14, "note",
		 "%zu more not drawn, with %.2f %% of %s: %s%s", rest,
		 100 * (double)(all - shown) / (double)all, what, names,
		 used < sizeof(names) ? "" : "...");
}

static void draw_cpus(struct page *p)
{
	size_t i;

	svg_text(p->out, LEFT, p->y + 16, "head", "%s",
		 p->nr_cpus ? "CPUs: share of the time by context" :
			      "No CPU had an interrupt, softirq or poll");
	if (p->nr_cpus) {
		cpu_legend(p->out, LEFT, p->y + 46);
		heat_legend(p->out, LEGEND_X, p->y + 14, &p->heat,
			    p->series->readings > 1);
	}
	p->y += CPUS_H;
	p->above = CPU_ABOVE;
	for (i = 0; i < p->nr_cpus; i++)
		draw_cpu(p, p->cpus[i]);
	draw_rest(p, &p->series->cpus, p->cpus, p->nr_cpus, "the time");
	p->y += FOOT_H;
}

static void draw_napis(struct page *p)
{
	size_t i;

	svg_text(p->out, LEFT, p->y + 16, "head", "%s",
		 p->nr_napis ? "NAPIs: work and times of their polls" :
			       "No NAPI was polled");
	if (p->nr_napis)
		heat_legend(p->out, LEGEND_X, p->y + 14, &p->heat,
			    p->series->readings > 1);
	if (p->nr_napis && !heat_has_values(&p->sched))
		svg_text(p->out, LEFT, p->y + 36, "note", "%s",
			 is_tracepoint(p) ?
				 "No schedule -> poll latency in the tracepoint "
				 "tier." :
				 "No schedule of these was seen.");
	p->y += NAPIS_H;
	p->above = NAPI_ABOVE;
	for (i = 0; i < p->nr_napis; i++)
		draw_napi(p, p->napis[i]);
	draw_rest(p, &p->series->napis, p->napis, p->nr_napis,
		  "all polls and work");
	p->y += FOOT_H;
}

int svg_write(FILE *out, const struct series *s, const struct interval *iv)
{
	struct page page = { .out = out, .series = s, .iv = iv };
	char title[ROW_NAME + 32];

	snprintf(title, sizeof(title), "napiscope: NAPI on %s", iv->host.host);
	page_measure(&page);
	errno = 0;
	svg_begin(out, page_height(&page), title);
	draw_heading(&page);
	draw_cpus(&page);
	draw_napis(&page);
	svg_end(out);
	return output_flush(out);
}
