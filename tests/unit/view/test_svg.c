// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The picture of a synthetic series: well-formed, escaped, equal to the golden
 * one; and what it says where something is missing.  After a change of the look
 * SVG_GOLDEN_WRITE=1 in the environment writes a new golden one: look at it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/hist.h"
#include "model/series.h"
#include "view/svg.h"
#include "view/svg_draw.h"

#define SECOND 1000000000ULL
#define GOLDEN "tests/unit/view/report.svg"

/* What is drawn, and the memory it is in. */
struct drawing {
	char *text;
	size_t size;
};

static void add_values(struct interval *iv, unsigned int kind, uint64_t id,
		       uint64_t cpu, uint64_t value, uint64_t count)
{
	struct hist_row key = { .kind = kind, .id = id, .cpu = cpu };
	struct hist_row *h = table_find(&iv->hists, &key, hist_row_cmp);

	if (!h) {
		h = table_add(&iv->hists);
		assert_non_null(h);
		*h = key;
	}
	h->sum += count * value;
	h->max = value > h->max ? value : h->max;
	h->counts[hist_bucket(value)] += count;
	table_sort(&iv->hists, hist_row_cmp);
}

static void begin(struct interval *iv, unsigned int second)
{
	interval_init(iv);
	iv->ns = SECOND;
	iv->mono_ns = (1000 + second) * SECOND;
	iv->real_ns = (1700000000 + second) * SECOND;
	snprintf(iv->host.host, sizeof(iv->host.host), "db17");
	snprintf(iv->host.kernel, sizeof(iv->host.kernel), "6.1.0");
	snprintf(iv->host.tier, sizeof(iv->host.tier), "tracepoint");
	iv->host.netdev_budget = 300;
	iv->host.netdev_budget_usecs = 2000;
}

static struct cpu_row *add_cpu(struct interval *iv, uint64_t cpu, uint64_t ns)
{
	struct cpu_row *c = table_add(&iv->cpus);

	assert_non_null(c);
	c->cpu = cpu;
	c->hardirq_ns = ns / 10;
	c->net_rx_ns = ns;
	c->softirq_ns = ns + ns / 5;
	return c;
}

static struct napi_row *add_napi(struct interval *iv, uint64_t id, uint64_t cpu,
				 const char *label, uint64_t polls)
{
	struct napi_row *pair = table_add(&iv->pairs), *n = table_add(&iv->napis);

	assert_non_null(pair);
	assert_non_null(n);
	pair->id = id;
	pair->cpu = cpu;
	pair->inline_polls = polls - polls / 4;
	pair->ksoftirqd_polls = polls / 4;
	pair->polls = polls;
	pair->work = 8 * polls;
	pair->poll_ns = 1000 * polls;
	snprintf(pair->label, sizeof(pair->label), "%s", label);
	*n = *pair;
	n->cpu = MISSING;
	return pair;
}

/* Two NAPIs on a busy CPU, one of them with a hostile name, and an idle CPU. */
static void make_second(struct interval *iv, unsigned int second)
{
	struct cpu_row *c;

	begin(iv, second);
	c = add_cpu(iv, 0, second * SECOND / 10);
	c->squeeze_budget = second % 3;
	c->squeeze_work_left = second % 3 == 2;
	c->softnet_dropped = second == 5 ? 99 : 0;
	add_cpu(iv, 1, SECOND / 1000);
	add_napi(iv, 1, 0, "eth0/0", 1000 * second);
	add_napi(iv, 2, 0, "<b a='1'>&\"\x1b[31m\xef\xbf\xbf", 100);
	add_values(iv, NAPI_HIST_WORK, 1, 0, 1, 900 * second);
	add_values(iv, NAPI_HIST_WORK, 1, 0, 64, 100 * second);
	add_values(iv, NAPI_HIST_WORK, 2, 0, 0, 100);
	add_values(iv, NAPI_HIST_POLL_NS, 1, 0, 700, 900 * second);
	add_values(iv, NAPI_HIST_POLL_NS, 1, 0, 50000, 100 * second);
	add_values(iv, NAPI_HIST_RAISE_NS, 0, 0, 2000 * second, 40);
}

static void series_make(struct series *s, struct interval *whole)
{
	struct interval iv;
	unsigned int i;

	series_init(s);
	for (i = 1; i <= 8; i++) {
		make_second(&iv, i);
		assert_int_equal(napi_index_make(&iv.index, &iv), 0);
		assert_int_equal(series_add(s, &iv), 0);
		interval_fini(&iv);
	}
	make_second(whole, 8);
	whole->ns = 8 * SECOND;
}

static struct drawing draw(const struct series *s, const struct interval *iv)
{
	struct drawing d;
	FILE *out = open_memstream(&d.text, &d.size);

	assert_non_null(out);
	assert_int_equal(svg_write(out, s, iv), 0);
	fclose(out);
	return d;
}

/* --- well-formed? ---------------------------------------------------------- */

#define DEPTH 16

/* Text up to '<': printable, and '&' begins a known entity. */
static const char *check_text(const char *c)
{
	static const char *const known[] = { "&amp;", "&lt;", "&gt;", "&quot;" };
	unsigned int i;

	for (; *c && *c != '<'; c++) {
		assert_true((unsigned char)*c >= ' ' || *c == '\n');
		assert_true(*c != '>');
		if (*c != '&')
			continue;
		for (i = 0; i < 4; i++)
			if (!strncmp(c, known[i], strlen(known[i])))
				break;
		assert_true(i < 4);
	}
	return c;
}

/* Past a tag at c; its name is put on the stack or taken from it. */
static const char *check_tag(const char *c, char stack[DEPTH][16],
			     unsigned int *depth)
{
	const char *end = strchr(c, '>');
	unsigned int quotes = 0;
	size_t length;

	assert_non_null(end);
	for (const char *q = c; q < end; q++)
		quotes += *q == '"';
	assert_int_equal(quotes % 2, 0);
	if (c[1] == '/') {
		assert_true(*depth > 0);
		length = strlen(stack[--*depth]);
		assert_memory_equal(c + 2, stack[*depth], length);
		assert_int_equal(c[2 + length], '>');
	} else if (end[-1] != '/' && c[1] != '?') {
		length = strcspn(c + 1, " >");
		assert_true(length < 16 && *depth < DEPTH);
		snprintf(stack[*depth], 16, "%.*s", (int)length, c + 1);
		++*depth;
	}
	return end + 1;
}

static void check_well_formed(const char *c)
{
	char stack[DEPTH][16];
	unsigned int depth = 0, tags = 0;

	while (*c) {
		c = check_text(c);
		if (!*c)
			break;
		c = check_tag(c, stack, &depth);
		tags++;
	}
	assert_int_equal(depth, 0);
	assert_true(tags > 10);
}

/* --- tests ----------------------------------------------------------------- */

static void test_escape(void **state)
{
	struct drawing d;
	FILE *out = open_memstream(&d.text, &d.size);

	(void)state;
	assert_non_null(out);
	svg_escape(out, "a<b>&\"c\" \x1b\xff \xc3\xa9 \xef\xbf\xbe.");
	fclose(out);
	assert_string_equal(d.text,
			    "a&lt;b&gt;&amp;&quot;c&quot; ?? \xc3\xa9 ?.");
	free(d.text);
}

static void golden_write(const struct drawing *d)
{
	FILE *file = fopen(GOLDEN, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(d->text, 1, d->size, file), d->size);
	assert_int_equal(fclose(file), 0);
}

static void test_golden(void **state)
{
	static char golden[1 << 20];
	static struct series s;
	struct interval whole;
	struct drawing d;
	FILE *file;

	(void)state;
	series_make(&s, &whole);
	d = draw(&s, &whole);
	check_well_formed(d.text);
	if (getenv("SVG_GOLDEN_WRITE"))
		golden_write(&d);
	file = fopen(GOLDEN, "r");
	assert_non_null(file);
	golden[fread(golden, 1, sizeof(golden) - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(d.text, golden);
	free(d.text);
	interval_fini(&whole);
	series_fini(&s);
}

/* Sum of the counts that cells of a map have, by its title. */
static unsigned long map_sum(const char *text, const char *title, const char *unit)
{
	const char *c = strstr(text, title), *end;
	unsigned long sum = 0;

	assert_non_null(c);
	end = strstr(c, "</g>");
	assert_non_null(end);
	for (c = strstr(c, "</title>") + 1; c < end; c++)
		if (!strncmp(c, "</title>", 8)) {
			assert_memory_equal(c - strlen(unit), unit, strlen(unit));
			c -= strlen(unit) + 1;
			while (c[-1] != ' ')
				c--;
			sum += strtoul(c, NULL, 10);
			c = strstr(c, "</title>");
		}
	return sum;
}

/* Every value is in a cell, and what is missing is said. */
static void test_cells(void **state)
{
	static struct series s;
	struct interval whole;
	struct drawing d;

	(void)state;
	series_make(&s, &whole);
	d = draw(&s, &whole);
	assert_int_equal(map_sum(d.text, "eth0/0: work per poll", "polls"),
			 1000 * 36);
	assert_int_equal(map_sum(d.text, "eth0/0: poll time", "polls"),
			 1000 * 36);
	assert_int_equal(map_sum(d.text, "CPU 0: raise -&gt; entry", "runs"),
			 8 * 40);
	assert_non_null(strstr(d.text, "&lt;b a='1'&gt;&amp;&quot;?[31m?: work"));
	assert_non_null(strstr(d.text, "No schedule -&gt; poll latency in the "
				       "tracepoint tier"));
	assert_non_null(strstr(d.text, "not timed: not in NET_RX"));
	assert_non_null(strstr(d.text, "no raise of NET_RX here"));
	assert_non_null(strstr(d.text, "99 packets dropped by the backlog"));
	assert_non_null(strstr(d.text, "Nothing was lost"));
	free(d.text);
	whole.lost.missed = 7;
	d = draw(&s, &whole);
	assert_null(strstr(d.text, "Nothing was lost"));
	assert_non_null(strstr(d.text, "missed 7"));
	free(d.text);
	interval_fini(&whole);
	series_fini(&s);
}

/* Other tiers know schedules, and then there are three maps. */
static void test_schedules(void **state)
{
	static struct series s;
	struct interval iv, whole;
	struct drawing d;

	(void)state;
	series_make(&s, &whole);
	make_second(&iv, 9);
	add_values(&iv, NAPI_HIST_SCHED_NS, 1, 0, 12345, 17);
	assert_int_equal(napi_index_make(&iv.index, &iv), 0);
	assert_int_equal(series_add(&s, &iv), 0);
	d = draw(&s, &whole);
	assert_int_equal(map_sum(d.text, "eth0/0: schedule -&gt; poll", "polls"),
			 17);
	assert_null(strstr(d.text, "No schedule"));
	assert_non_null(strstr(d.text, "no schedule was seen"));
	check_well_formed(d.text);
	free(d.text);
	interval_fini(&iv);
	interval_fini(&whole);
	series_fini(&s);
}

/* Nothing happened at all: words, and no division by it. */
static void test_idle(void **state)
{
	static struct series s;
	struct interval iv;
	struct drawing d;

	(void)state;
	series_init(&s);
	begin(&iv, 1);
	assert_int_equal(napi_index_make(&iv.index, &iv), 0);
	assert_int_equal(series_add(&s, &iv), 0);
	d = draw(&s, &iv);
	check_well_formed(d.text);
	assert_non_null(strstr(d.text, "No NAPI was polled"));
	assert_non_null(strstr(d.text, "No CPU had"));
	free(d.text);
	interval_fini(&iv);
	series_fini(&s);
}

/* More than a page shows: the others by name. */
static void test_rest(void **state)
{
	static struct series s;
	char label[8];
	struct interval iv;
	struct drawing d;
	unsigned int i;

	(void)state;
	series_init(&s);
	begin(&iv, 1);
	for (i = 1; i <= 11; i++) {
		snprintf(label, sizeof(label), "nic/%u", i);
		add_napi(&iv, i, 0, label, 100 * i);
		add_values(&iv, NAPI_HIST_WORK, i, 0, 1, 100 * i);
	}
	assert_int_equal(napi_index_make(&iv.index, &iv), 0);
	assert_int_equal(series_add(&s, &iv), 0);
	((struct series_row *)table_at(&s.napis.rows, 10))->since = 3;
	d = draw(&s, &iv);
	assert_non_null(strstr(d.text, "drawn from column 4 on: busy late"));
	assert_non_null(strstr(d.text, "3 more not drawn, with 9.09 % of all "
				       "polls and work: nic/1, nic/2, nic/3<"));
	assert_null(strstr(d.text, "nic/3: work"));
	assert_non_null(strstr(d.text, "nic/4: work"));
	free(d.text);
	interval_fini(&iv);
	series_fini(&s);
}

/* Where the kernel says nothing of what was left, nothing is harmless. */
static void test_unknown(void **state)
{
	static struct series s;
	struct interval iv;
	struct cpu_row *c;
	struct drawing d;

	(void)state;
	series_init(&s);
	begin(&iv, 1);
	c = add_cpu(&iv, 0, SECOND / 10);
	c->hardirq_ns = MISSING;
	c->squeeze_budget = 3;
	c->squeeze_work_left = MISSING;
	assert_int_equal(napi_index_make(&iv.index, &iv), 0);
	assert_int_equal(series_add(&s, &iv), 0);
	d = draw(&s, &iv);
	assert_non_null(strstr(d.text, "budget 3, time 0, both 0; - left work"));
	assert_non_null(strstr(d.text, "<rect class=\"unsplit\""));
	assert_null(strstr(d.text, "<rect class=\"harmless\""));
	assert_null(strstr(d.text, "interrupts 0.00 %"));
	free(d.text);
	interval_fini(&iv);
	series_fini(&s);
}

static void test_full(void **state)
{
	static struct series s;
	struct interval whole;
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(out);
	series_make(&s, &whole);
	assert_true(svg_write(out, &s, &whole) < 0);
	fclose(out);
	interval_fini(&whole);
	series_fini(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unknown),	  cmocka_unit_test(test_escape),
		cmocka_unit_test(test_golden),	  cmocka_unit_test(test_cells),
		cmocka_unit_test(test_schedules), cmocka_unit_test(test_idle),
		cmocka_unit_test(test_rest),	  cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
