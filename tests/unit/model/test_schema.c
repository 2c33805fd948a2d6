// SPDX-License-Identifier: GPL-2.0-or-later
/* Recordings of other versions, matched by name; and those that lie. */
#include "codec_state.h"
#include "model/hist.h"

/* --- files of other versions, written by hand ----------------------------- */

static void put_column(struct bytes *b, const char *name, enum wire wire,
		       unsigned int size)
{
	bytes_put_text(b, name);
	bytes_put_text(b, "kind");
	bytes_put_u8(b, wire);
	bytes_put_varint(b, size);
}

/* A scope of a later version, and one of ours with more and less. */
static void put_other_schema(struct bytes *b)
{
	bytes_put_varint(b, 2);
	bytes_put_text(b, "futures");
	bytes_put_varint(b, 3);
	put_column(b, "number", WIRE_NUMBERS, 2);
	put_column(b, "text", WIRE_TEXT, 9);
	put_column(b, "buckets", WIRE_SPARSE, 1000);
	bytes_put_text(b, "cpus");
	bytes_put_varint(b, 6);
	put_column(b, "cpu", WIRE_NUMBERS, 1);
	put_column(b, "from_the_future", WIRE_NUMBERS, 3);
	put_column(b, "hardirqs", WIRE_NUMBERS, 1);
	put_column(b, "name_of_the_future", WIRE_TEXT, 200);
	put_column(b, "hardirq_ns", WIRE_TEXT, 8); /* now a number */
	put_column(b, "softirqs", WIRE_NUMBERS, 2);
	bytes_put_varint(b, HIST_SUB_BITS);
	bytes_put_varint(b, HIST_MAX_BITS);
	bytes_put_varint(b, 0); /* none */
	bytes_put_text(b, "what a later version says");
}

/* No histogram: none of this version's. */
static void put_no_hists(struct bytes *b)
{
	bytes_put_varint(b, HIST_SUB_BITS);
	bytes_put_varint(b, HIST_MAX_BITS);
	bytes_put_varint(b, 0);
}

static void put_numbers(struct bytes *b, const uint64_t *grown, size_t count)
{
	bytes_put_u8(b, 1);
	while (count--)
		bytes_put_varint(b, zigzag(*grown++));
}

static void put_texts(struct bytes *b, size_t count)
{
	bytes_put_u8(b, 1);
	while (count--) {
		bytes_put_varint(b, 5);
		bytes_put(b, "text", 4);
	}
}

static void put_merge(struct bytes *b, uint64_t count, uint64_t keep,
		      uint64_t drop, uint64_t add)
{
	bytes_put_varint(b, count);
	bytes_put_varint(b, keep);
	bytes_put_varint(b, drop);
	bytes_put_varint(b, add);
}

static void put_futures(struct bytes *b, uint64_t keep, uint64_t add)
{
	static const uint64_t two[] = { 1, 2 };

	put_merge(b, 2, keep, 0, add);
	put_numbers(b, two, 2);
	bytes_put_u8(b, 0);
	put_texts(b, 2);
	bytes_put_u8(b, 1);
	bytes_put_varint(b, 1); /* of the first row one bucket */
	bytes_put_varint(b, 999);
	bytes_put_varint(b, 2);
	bytes_put_varint(b, 0);
}

/* Two CPUs: 0 and 1 at first, then both go on, or the first one goes. */
static void put_cpus(struct bytes *b, uint64_t keep, uint64_t add)
{
	static const uint64_t cpu[] = { 0, 1 }, none[] = { 0, 0 };
	static const uint64_t grown[] = { 100, 7 };
	unsigned int k;

	put_merge(b, 2, keep, 0, add);
	put_numbers(b, add ? cpu : none, 2);
	for (k = 0; k < 3; k++)
		put_numbers(b, grown, 2);
	put_numbers(b, grown, 2);
	put_texts(b, 2);
	put_texts(b, 2);
	put_numbers(b, grown, 2);
	bytes_put_u8(b, 0);
}

static void put_head(struct bytes *b, uint64_t number)
{
	bytes_put_varint(b, number);
	bytes_put_varint(b, 1000);
	bytes_put_varint(b, 2000);
}

static void test_files_of_other_versions(void **state)
{
	struct fixture *f = *state;
	const struct cpu_row *cpus;

	put_other_schema(&f->raw);
	assert_int_equal(decoder_take(&f->d, FRAME_SCHEMA, &f->raw, &f->s), 0);
	bytes_clear(&f->raw);
	put_head(&f->raw, 0);
	put_futures(&f->raw, 0, 2);
	put_cpus(&f->raw, 0, 2);
	assert_int_equal(decoder_take(&f->d, FRAME_KEY, &f->raw, &f->s), 1);
	bytes_clear(&f->raw);
	put_head(&f->raw, 1);
	put_futures(&f->raw, 2, 0);
	put_cpus(&f->raw, 2, 0);
	assert_int_equal(decoder_take(&f->d, FRAME_DELTA, &f->raw, &f->s), 1);

	assert_int_equal(f->s.cpus.count, 2);
	cpus = f->s.cpus.rows;
	assert_int_equal(cpus[1].cpu, 1);
	assert_int_equal(cpus[0].hardirqs, 200);
	assert_int_equal(cpus[1].hardirqs, 107 + 7);
	/* What the file does not have is missing, not zero. */
	assert_true(cpus[1].hardirq_ns == MISSING);
	assert_true(cpus[1].squeeze_time == MISSING);
	assert_int_equal(cpus[0].softirqs[0], 200);
	assert_int_equal(cpus[0].softirqs[1], 0);
	assert_true(cpus[0].softirqs[2] == MISSING);
	assert_true(f->s.host.netdev_budget == MISSING);
	assert_string_equal(f->s.host.tier, "");
	assert_int_equal(f->s.pairs.count, 0);
}

static void test_frames_of_other_versions_are_passed_over(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(decoder_take(&f->d, 77, &f->raw, &f->s), 0);
	assert_int_equal(decoder_take(&f->d, FRAME_KEY, &f->raw, &f->s), 0);
}

/* Kinds are matched by name: the file has two, and one is known here. */
static void take_hists(struct fixture *f, unsigned int sub_bits)
{
	static const uint64_t kinds[] = { 0, 1 };

	bytes_clear(&f->raw);
	bytes_put_varint(&f->raw, 1);
	bytes_put_text(&f->raw, "hists");
	bytes_put_varint(&f->raw, 1);
	put_column(&f->raw, "kind", WIRE_NUMBERS, 1);
	bytes_put_varint(&f->raw, sub_bits);
	bytes_put_varint(&f->raw, HIST_MAX_BITS);
	bytes_put_varint(&f->raw, 2);
	bytes_put_text(&f->raw, "of_the_future");
	bytes_put_text(&f->raw, "net_rx_ns");
	assert_int_equal(decoder_take(&f->d, FRAME_SCHEMA, &f->raw, &f->s), 0);
	bytes_clear(&f->raw);
	put_head(&f->raw, 0);
	put_merge(&f->raw, 2, 0, 0, 2);
	put_numbers(&f->raw, kinds, 2);
	assert_int_equal(decoder_take(&f->d, FRAME_KEY, &f->raw, &f->s), 1);
}

static void test_histograms_of_other_versions(void **state)
{
	struct fixture *f = *state;
	const struct hist_row *h;

	take_hists(f, HIST_SUB_BITS);
	assert_int_equal(f->s.hists.count, 1);
	h = f->s.hists.rows;
	assert_int_equal(h->kind, NAPI_HIST_NET_RX_NS);
	/* Buckets of another width are none of ours. */
	take_hists(f, HIST_SUB_BITS + 1);
	assert_int_equal(f->s.hists.count, 0);
}

/* --- files that lie -------------------------------------------------------- */

static void expect_bad(struct fixture *f, uint32_t type)
{
	assert_int_equal(decoder_take(&f->d, type, &f->raw, &f->s), -EBADMSG);
	bytes_clear(&f->raw);
}

static void put_small_schema(struct fixture *f)
{
	bytes_clear(&f->raw);
	bytes_put_varint(&f->raw, 2);
	bytes_put_text(&f->raw, "host");
	bytes_put_varint(&f->raw, 1);
	put_column(&f->raw, "hz", WIRE_NUMBERS, 1);
	bytes_put_text(&f->raw, "cpus");
	bytes_put_varint(&f->raw, 1);
	put_column(&f->raw, "cpu", WIRE_NUMBERS, 1);
	put_no_hists(&f->raw);
	assert_int_equal(decoder_take(&f->d, FRAME_SCHEMA, &f->raw, &f->s), 0);
	bytes_clear(&f->raw);
}

static void put_hosts(struct bytes *b, uint64_t count, uint64_t keep, uint64_t add)
{
	put_head(b, keep ? 1 : 0);
	put_merge(b, count, keep, 0, add);
	bytes_put_u8(b, 0);
}

static void test_counts_that_lie(void **state)
{
	static const uint64_t more[][4] = {
		{ 1ULL << 40, 0, 0, 1ULL << 40 }, /* more than any machine */
		{ 200000, 0, 0, 200000 }, /* more than there are bytes */
		{ 1, 1, 0, 0 },		  /* kept, of none */
		{ 1, 0, 1, 1 },		  /* went, of none */
		{ 1, 0, 0, 2 },		  /* more than it says */
		{ 1, 0, 0, 0 },		  /* nothing, forever */
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < sizeof(more) / sizeof(*more); i++) {
		put_small_schema(f);
		put_hosts(&f->raw, 1, 0, 1);
		put_merge(&f->raw, more[i][0], more[i][1], more[i][2],
			  more[i][3]);
		bytes_put_u8(&f->raw, 0);
		bytes_put_u8(&f->raw, 0);
		bytes_put_u8(&f->raw, 0);
		expect_bad(f, FRAME_KEY);
	}
}

/* Several rows of the host: one of them is kept, and no more can be. */
static void test_hosts_that_lie(void **state)
{
	struct fixture *f = *state;

	put_small_schema(f);
	put_hosts(&f->raw, 3, 0, 3);
	bytes_put_varint(&f->raw, 0);
	bytes_put_u8(&f->raw, 0);
	assert_int_equal(decoder_take(&f->d, FRAME_KEY, &f->raw, &f->s), 1);
	bytes_clear(&f->raw);
	put_hosts(&f->raw, 3, 3, 0);
	bytes_put_varint(&f->raw, 0);
	bytes_put_u8(&f->raw, 0);
	expect_bad(f, FRAME_DELTA);
}

static void test_schemas_that_lie(void **state)
{
	static const unsigned int sizes[] = { 1 << 20, 1 };
	static const unsigned int wires[] = { WIRE_NUMBERS, NR_WIRES };
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < 2; i++) {
		bytes_put_varint(&f->raw, 1);
		bytes_put_text(&f->raw, "cpus");
		bytes_put_varint(&f->raw, 1);
		put_column(&f->raw, "cpu", wires[i], sizes[i]);
		expect_bad(f, FRAME_SCHEMA);
	}
	bytes_put_varint(&f->raw, 1000);
	expect_bad(f, FRAME_SCHEMA);
	bytes_put_varint(&f->raw, 2); /* the same scope twice */
	for (i = 0; i < 2; i++) {
		bytes_put_text(&f->raw, "cpus");
		bytes_put_varint(&f->raw, 0);
	}
	expect_bad(f, FRAME_SCHEMA);
	/* Without a schema there is no snapshot. */
	put_hosts(&f->raw, 1, 0, 1);
	assert_int_equal(decoder_take(&f->d, FRAME_KEY, &f->raw, &f->s), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_files_of_other_versions),
		TEST(test_frames_of_other_versions_are_passed_over),
		TEST(test_histograms_of_other_versions),
		TEST(test_counts_that_lie),
		TEST(test_hosts_that_lie),
		TEST(test_schemas_that_lie),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
