// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trace's formats over events made by hand, against files beside this one (with
 * REGOLD set they are written anew: look at the difference); what a viewer
 * needs of slices and flows is checked over again.
 */
#include "view/trace.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#define GOLDEN "tests/unit/view/trace."
#define BASE 5000000000ULL
/* 2026-01-02 03:04:05 UTC at BASE */
#define REAL_OFFSET (1767323045000000000LL - (int64_t)BASE)

static const struct napi_row eth0 = { .id = 3,
				      .label = "eth0/1",
				      .dev = "eth0",
				      .napi_id = 8193,
				      .irq = 24,
				      .poll_func = "e1000e_poll" };
static const struct napi_row odd = { .id = 4,
				     .label = "v\"\\\x1b#7",
				     .dev = "v\"\\\x1b",
				     .netns = "db",
				     .napi_id = MISSING,
				     .irq = MISSING };

static struct event make(unsigned int type, uint64_t cpu, uint64_t start,
			 uint64_t end)
{
	const struct event e = { .type = type,
				 .cpu = cpu,
				 .ts_ns = BASE + end,
				 .start_ns = start ? BASE + start : MISSING,
				 .ns = start ? end - start : MISSING,
				 .irq = MISSING,
				 .napi_key = MISSING,
				 .irq_name = "" };

	return e;
}

static struct event make_irq(uint64_t cpu, uint64_t irq, uint64_t start,
			     uint64_t end)
{
	struct event e = make(TRACE_IRQ, cpu, start, end);

	e.irq = irq;
	e.irq_name = irq == 24 ? "eth0-rx-1" : "nvme";
	return e;
}

static struct event make_run(uint64_t cpu, unsigned int vec, uint64_t start,
			     uint64_t end)
{
	struct event e = make(TRACE_SOFTIRQ, cpu, start, end);

	e.vec = vec;
	e.work = vec == NAPI_VEC_NET_RX ? 74 : 0;
	return e;
}

static struct event make_napi(unsigned int type, uint64_t cpu,
			      const struct napi_row *napi, uint64_t start,
			      uint64_t end)
{
	struct event e = make(type, cpu, start, end);

	e.napi = napi;
	e.napi_key = napi->id;
	return e;
}

static struct event make_poll(uint64_t cpu, const struct napi_row *napi,
			      uint64_t start, uint64_t end, int64_t work)
{
	struct event e = make_napi(TRACE_POLL, cpu, napi, start, end);

	e.work = work;
	e.budget = 64;
	return e;
}

/* By when they began. */
static size_t make_all(struct event *e, bool schedules)
{
	size_t n = 0;

	e[n++] = make_irq(0, 24, 1000, 1500);
	if (schedules) {
		e[n] = make_napi(TRACE_SCHEDULE, 0, &eth0, 0, 1400);
		e[n++].irq = 24;
	}
	e[n++] = make_run(0, NAPI_VEC_NET_RX, 2000, 9001);
	e[n++] = make_poll(0, &eth0, 2000, 5000, 64);
	e[n] = make_irq(0, 25, 3000, 3100);
	e[n++].ns = 90;
	e[n++] = make_poll(0, &eth0, 5000, 8000, 10);
	e[n] = make_napi(TRACE_COMPLETE, 0, &eth0, 0, 7900);
	e[n++].flags = TRACE_REARMED;
	e[n++] = make_poll(0, &odd, 8000, 8000, 0);
	e[n] = make(TRACE_SQUEEZE, 0, 0, 8500);
	e[n].kind = TRACE_SQUEEZE_BUDGET;
	e[n].flags = TRACE_LEFT;
	e[n].work = 74;
	e[n++].budget = 64;
	/* threaded, preempted: the softirq ends after the poll it is in */
	e[n] = make_poll(1, &odd, 10000, 20000, 5);
	e[n++].context = NAPI_CTX_THREADED;
	e[n++] = make_run(1, NAPI_VEC_TIMER, 15000, 25000);
	e[n] = make_poll(1, &odd, 0, 30000, 1);
	e[n++].context = NAPI_CTX_BUSY;
	e[n] = make(EVENT_TRIGGER, 1, 0, 31000);
	e[n].kind = TRACE_WHY_POLL;
	e[n++].kept = 12;
	e[n] = make(TRACE_RAISE, 1, 0, 32000);
	e[n++].vec = NAPI_VEC_NET_TX;
	return n;
}

static char *write_all(const struct trace_view *view, bool schedules)
{
	const struct trace_tail tail = { .events = 13,
					 .facts = { .lost = 2,
						    .late = 1,
						    .triggers = 7,
						    .triggers_missed = 3 } };
	struct trace_writer w = { .view = view,
				  .base_ns = BASE,
				  .base_real_ns = BASE + REAL_OFFSET,
				  .real_offset_ns = REAL_OFFSET };
	struct event e[16];
	char *text = NULL;
	size_t size, i, n = make_all(e, schedules);

	snprintf(w.host.host, sizeof(w.host.host), "db17");
	snprintf(w.host.kernel, sizeof(w.host.kernel), "6.1.0");
	snprintf(w.host.tier, sizeof(w.host.tier), "fentry");
	w.out = open_memstream(&text, &size);
	assert_non_null(w.out);
	assert_int_equal(view->begin(&w), 0);
	for (i = 0; i < n; i++)
		assert_int_equal(view->event(&w, &e[i]), 0);
	assert_int_equal(view->end(&w, &tail), 0);
	fclose(w.out);
	return text;
}

static char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 16);

	assert_non_null(text);
	if (f) {
		assert_true(fread(text, 1, (1 << 16) - 1, f) > 0);
		fclose(f);
	}
	return text;
}

static void check_golden(const struct trace_view *view)
{
	char *text = write_all(view, true), *golden;
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), GOLDEN "%s", view->name);
	if (getenv("REGOLD")) {
		f = fopen(path, "w");
		assert_non_null(f);
		fputs(text, f);
		fclose(f);
	}
	golden = read_file(path);
	assert_string_equal(text, golden);
	free(golden);
	free(text);
}

static void test_text(void **state)
{
	(void)state;
	check_golden(&trace_view_text);
}

static void test_json(void **state)
{
	(void)state;
	check_golden(&trace_view_json);
}

static void test_perfetto(void **state)
{
	(void)state;
	check_golden(&trace_view_perfetto);
}

static void test_json_lines_parse(void **state)
{
	char *text = write_all(&trace_view_json, true), *line, *rest = text;
	unsigned int lines = 0;
	json_t *root;

	(void)state;
	while ((line = strsep(&rest, "\n")) && *line) {
		root = json_loads(line, 0, NULL);
		assert_non_null(root);
		assert_true(json_is_string(json_object_get(root, "event")));
		json_decref(root);
		lines++;
	}
	assert_int_equal(lines, 15);
	free(text);
}

/* --- what a viewer needs ---------------------------------------------------- */

static json_t *load_perfetto(bool schedules)
{
	char *text = write_all(&trace_view_perfetto, schedules);
	json_t *root = json_loads(text, 0, NULL);

	assert_non_null(root);
	free(text);
	return root;
}

static bool is_phase(const json_t *e, const char *phase)
{
	return !strcmp(json_string_value(json_object_get(e, "ph")), phase);
}

static int64_t number_ns(const json_t *e, const char *name)
{
	double us = json_number_value(json_object_get(e, name));

	return (int64_t)(us * 1000 + 0.5);
}

static bool same_track(const json_t *a, const json_t *b)
{
	return json_integer_value(json_object_get(a, "tid")) ==
	       json_integer_value(json_object_get(b, "tid"));
}

/* One inside the other, or one after the other. */
static bool slices_agree(const json_t *a, const json_t *b)
{
	int64_t a0 = number_ns(a, "ts"), a1 = a0 + number_ns(a, "dur");
	int64_t b0 = number_ns(b, "ts"), b1 = b0 + number_ns(b, "dur");

	return a1 <= b0 || b1 <= a0 || (a0 <= b0 && b1 <= a1) ||
	       (b0 <= a0 && a1 <= b1);
}

static void test_slices_nest(void **state)
{
	json_t *root = load_perfetto(true), *a, *b;
	const json_t *all = json_object_get(root, "traceEvents");
	unsigned int slices = 0;
	size_t i, k;

	(void)state;
	json_array_foreach(all, i, a)
	{
		if (!is_phase(a, "X"))
			continue;
		slices++;
		json_array_foreach(all, k,
				   b) if (is_phase(b, "X") && same_track(a, b))
			assert_true(slices_agree(a, b));
	}
	assert_int_equal(slices, 8);
	json_decref(root);
}

/* The numbers of flows, and that each begins at one time and ends at another. */
static unsigned int count_flows(json_t *root, int64_t from, int64_t to)
{
	const json_t *all = json_object_get(root, "traceEvents");
	unsigned int begun = 0, ended = 0;
	json_t *e;
	size_t i;

	json_array_foreach(all, i, e)
	{
		if (is_phase(e, "s")) {
			begun++;
			assert_int_equal(number_ns(e, "ts"), from);
		} else if (is_phase(e, "f")) {
			ended++;
			assert_int_equal(number_ns(e, "ts"), to);
		}
	}
	assert_int_equal(begun, ended);
	return begun;
}

/* From the schedule in the handler to the poll; not to the poll after it. */
static void test_flow_of_a_schedule(void **state)
{
	json_t *root = load_perfetto(true);

	(void)state;
	assert_int_equal(count_flows(root, 1400, 2000), 1);
	json_decref(root);
}

/* Without schedules: from the handler of the irq that the NAPI is linked to. */
static void test_flow_inferred(void **state)
{
	json_t *root = load_perfetto(false);

	(void)state;
	assert_int_equal(count_flows(root, 1000, 2000), 1);
	json_decref(root);
}

static void test_formats_by_name(void **state)
{
	(void)state;
	assert_ptr_equal(trace_view_find("text"), &trace_view_text);
	assert_ptr_equal(trace_view_find("json"), &trace_view_json);
	assert_ptr_equal(trace_view_find("perfetto"), &trace_view_perfetto);
	assert_null(trace_view_find("csv"));
	assert_null(trace_view_find(""));
}

/* A full device is an error of the format, whenever it is noticed. */
static void test_full(void **state)
{
	static const struct trace_view *const views[] = { &trace_view_text,
							  &trace_view_json,
							  &trace_view_perfetto };
	const struct trace_tail tail = { .facts = { .triggers = MISSING } };
	struct event e[16];
	unsigned int i;

	(void)state;
	make_all(e, true);
	for (i = 0; i < 3; i++) {
		struct trace_writer w = { .view = views[i] };

		w.out = fopen("/dev/full", "w");
		assert_non_null(w.out);
		setvbuf(w.out, NULL, _IONBF, 0);
		views[i]->begin(&w);
		assert_int_equal(views[i]->event(&w, &e[0]), -ENOSPC);
		assert_int_equal(views[i]->end(&w, &tail), -ENOSPC);
		fclose(w.out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_perfetto),
		cmocka_unit_test(test_json_lines_parse),
		cmocka_unit_test(test_slices_nest),
		cmocka_unit_test(test_flow_of_a_schedule),
		cmocka_unit_test(test_flow_inferred),
		cmocka_unit_test(test_formats_by_name),
		cmocka_unit_test(test_full),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
