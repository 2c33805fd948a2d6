// SPDX-License-Identifier: GPL-2.0-or-later
/* Snapshots to bytes and back are equal, and few. */
#include "codec_state.h"
#include "model/hist.h"

static void test_what_is_read_is_what_was_written(void **state)
{
	struct fixture *f = *state;
	struct machine m;
	unsigned int i, keys = 0;

	machine_init(&m, 4, 8, 10, 8);
	for (i = 0; i < 150; i++) {
		machine_run(&m);
		keys += pass(f, &m.s) == FRAME_KEY;
		same_snapshot(&m.s, &f->s);
	}
	/* One a minute. */
	assert_int_equal(keys, 3);
	machine_fini(&m);
}

static void remove_row(struct table *t, size_t i)
{
	memmove(table_at(t, i), table_at(t, i + 1),
		(--t->count - i) * t->row_size);
}

static void add_napi(struct snapshot *s, uint64_t id, uint64_t cpu)
{
	struct napi_row *n = table_add(&s->pairs);

	n->id = id;
	n->cpu = cpu;
	n->work = id * 1000 + cpu;
	n->irq = MISSING;
	snprintf(n->label, sizeof(n->label), "new%d", (int)id);
	snapshot_sort(s);
}

static void test_rows_come_and_go(void **state)
{
	struct fixture *f = *state;
	struct machine m;

	machine_init(&m, 4, 8, 10, 8);
	pass(f, &m.s);
	remove_row(&m.s.pairs, 0);
	remove_row(&m.s.pairs, 5);
	remove_row(&m.s.pairs, m.s.pairs.count - 1);
	add_napi(&m.s, 3, 3);
	add_napi(&m.s, 99, 0);
	add_napi(&m.s, 99, 1);
	pass(f, &m.s);
	same_snapshot(&m.s, &f->s);
	table_clear(&m.s.pairs);
	pass(f, &m.s);
	same_snapshot(&m.s, &f->s);
	add_napi(&m.s, 1, 0);
	table_clear(&m.s.config);
	assert_int_equal(pass(f, &m.s), FRAME_DELTA);
	same_snapshot(&m.s, &f->s);
	machine_fini(&m);
}

static void test_any_value_passes(void **state)
{
	static const uint64_t values[] = { 0,		MISSING, 1,
					   MISSING - 1, 5,	 1ULL << 63,
					   1,		0,	 MISSING };
	struct fixture *f = *state;
	struct machine m;
	struct napi_row *n;
	size_t i;

	machine_init(&m, 2, 2, 2, 2);
	n = m.s.pairs.rows;
	for (i = 0; i < sizeof(values) / sizeof(*values); i++) {
		n[0].irq = values[i];
		n[1].poll_ns = values[i];
		memset(n[0].dev, 'x', i * 8);
		n[0].dev[i * 8] = '\0';
		m.s.lost.missed = values[i];
		m.s.host.settled = values[i];
		strcpy(m.s.host.tier, i % 2 ? "" : "kprobe");
		pass(f, &m.s);
		same_snapshot(&m.s, &f->s);
	}
	machine_fini(&m);
}

static void test_the_end_is_marked(void **state)
{
	struct fixture *f = *state;
	struct machine m;

	machine_init(&m, 2, 2, 2, 2);
	pass(f, &m.s);
	assert_int_equal(encoder_end(&f->e, &f->file), 0);
	assert_int_equal(next_frame(f), FRAME_END);
	assert_int_equal(f->read, f->file.count);
	machine_fini(&m);
}

static void test_a_delta_needs_what_was_before(void **state)
{
	struct fixture *f = *state;
	struct machine m;

	machine_init(&m, 2, 2, 2, 2);
	pass(f, &m.s);
	machine_run(&m);
	assert_int_equal(encoder_put(&f->e, &m.s, &f->file), 0);
	assert_int_equal(next_frame(f), FRAME_DELTA);
	f->d.has_last = false;
	assert_int_equal(decoder_take(&f->d, FRAME_DELTA, &f->raw, &f->s), 0);
	machine_fini(&m);
}

/* A frame that went is not taken for one without changes. */
static void test_a_frame_is_missed(void **state)
{
	struct fixture *f = *state;
	struct machine m;

	machine_init(&m, 2, 2, 2, 2);
	pass(f, &m.s);
	machine_run(&m);
	assert_int_equal(encoder_put(&f->e, &m.s, &f->file), 0);
	next_frame(f);
	assert_int_equal(encoder_put(&f->e, &m.s, &f->file), 0);
	next_frame(f);
	assert_int_equal(decoder_take(&f->d, FRAME_DELTA, &f->raw, &f->s),
			 -EBADMSG);
	assert_false(f->d.has_last);
	machine_fini(&m);
}

/* --- histograms ------------------------------------------------------------ */

static void add_hist(struct snapshot *s, uint64_t kind, uint64_t cpu,
		     unsigned int bucket)
{
	struct hist_row *h = table_add(&s->hists);

	h->kind = kind;
	h->cpu = cpu;
	h->sum = 1000 * bucket;
	h->max = bucket;
	h->counts[bucket] = 77;
	h->counts[HIST_BUCKETS - 1] = 1;
	snapshot_sort(s);
}

static void test_histograms_pass(void **state)
{
	struct fixture *f = *state;
	struct hist_row *h;
	struct machine m;

	machine_init(&m, 2, 2, 2, 2);
	add_hist(&m.s, NAPI_HIST_RAISE_NS, 0, 0);
	add_hist(&m.s, NAPI_HIST_RAISE_NS, 1, 100);
	pass(f, &m.s);
	same_snapshot(&m.s, &f->s);
	h = m.s.hists.rows;
	h[0].counts[0]++;
	h[0].counts[300] = 5;
	h[1].max = 3;
	add_hist(&m.s, NAPI_HIST_WORK, 1, 20);
	assert_int_equal(pass(f, &m.s), FRAME_DELTA);
	same_snapshot(&m.s, &f->s);
	remove_row(&m.s.hists, 1);
	pass(f, &m.s);
	same_snapshot(&m.s, &f->s);
	machine_fini(&m);
}

/* Every way to end early is noticed. */
static void test_contents_that_end_early(void **state)
{
	struct fixture *f = *state;
	struct machine m;
	uint32_t type;
	size_t whole;

	machine_init(&m, 2, 2, 2, 2);
	assert_int_equal(encoder_put(&f->e, &m.s, &f->file), 0);
	while ((type = next_frame(f)) != FRAME_KEY)
		decoder_take(&f->d, type, &f->raw, &f->s);
	whole = f->raw.count;
	for (f->raw.count = 0; f->raw.count < whole; f->raw.count++)
		assert_int_equal(decoder_take(&f->d, type, &f->raw, &f->s),
				 -EBADMSG);
	assert_int_equal(decoder_take(&f->d, type, &f->raw, &f->s), 1);
	same_snapshot(&m.s, &f->s);
	machine_fini(&m);
}

/*
 * 64 CPUs, 256 NAPIs on 320 pairs, all of them busy: the README has what an
 * hour is (tests/tools/recsize.c).
 */
static void test_a_recording_is_small(void **state)
{
	struct fixture *f = *state;
	const unsigned int count = 61;
	struct machine m;
	unsigned int i;

	machine_init(&m, 64, 256, 320, 256);
	for (i = 0; i < count; i++) {
		machine_run(&m);
		assert_int_equal(encoder_put(&f->e, &m.s, &f->file), 0);
	}
	assert_in_range(f->file.count / count, 1000, 10500);
	machine_fini(&m);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_read_is_what_was_written),
		TEST(test_rows_come_and_go),
		TEST(test_any_value_passes),
		TEST(test_the_end_is_marked),
		TEST(test_a_delta_needs_what_was_before),
		TEST(test_a_frame_is_missed),
		TEST(test_histograms_pass),
		TEST(test_contents_that_end_early),
		TEST(test_a_recording_is_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
