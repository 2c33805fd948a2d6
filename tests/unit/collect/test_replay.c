// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Recordings as files: written by the tee, read by the replay; cut off at
 * every byte, damaged at every byte, on a full disk.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../model/machine.h"
#include "../model/same.h"
#include "collect/replay.h"
#include "collect/tee.h"
#include "model/codec.h"

/* A whole recording, and what is in it. */
struct recording {
	struct bytes file;
	struct snapshot *snapshots;
	size_t *ends; /* where each is whole */
	unsigned int count;
};

struct fixture {
	struct recording rec;
	struct snapshot s;
	int file; /* what is replayed */
	int said; /* standard error */
	int stderr_copy;
	char text[1024];
};

static void recording_make(struct recording *rec, unsigned int count)
{
	struct encoder e;
	struct machine m;
	unsigned int i;

	rec->count = count;
	rec->snapshots = calloc(count, sizeof(*rec->snapshots));
	rec->ends = calloc(count, sizeof(*rec->ends));
	assert_int_equal(encoder_init(&e), 0);
	machine_init(&m, 1, 1, 1, 1);
	for (i = 0; i < count; i++) {
		machine_run(&m);
		snapshot_init(&rec->snapshots[i]);
		assert_int_equal(snapshot_copy(&rec->snapshots[i], &m.s), 0);
		assert_int_equal(encoder_put(&e, &m.s, &rec->file), 0);
		rec->ends[i] = rec->file.count;
	}
	assert_int_equal(encoder_end(&e, &rec->file), 0);
	machine_fini(&m);
	encoder_fini(&e);
}

static void recording_fini(struct recording *rec)
{
	unsigned int i;

	for (i = 0; i < rec->count; i++)
		snapshot_fini(&rec->snapshots[i]);
	free(rec->snapshots);
	free(rec->ends);
	bytes_fini(&rec->file);
}

static int setup(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	snapshot_init(&f.s);
	f.file = memfd_create("recording", 0);
	f.said = memfd_create("stderr", 0);
	f.stderr_copy = dup(STDERR_FILENO);
	assert_true(f.file >= 0 && f.said >= 0 && f.stderr_copy >= 0);
	dup2(f.said, STDERR_FILENO);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	dup2(f->stderr_copy, STDERR_FILENO);
	close(f->stderr_copy);
	close(f->said);
	close(f->file);
	snapshot_fini(&f->s);
	recording_fini(&f->rec);
	return 0;
}

/* How many lines were printed since the last call; they are in f->text. */
static unsigned int said(struct fixture *f)
{
	unsigned int lines = 0;
	ssize_t got = pread(f->said, f->text, sizeof(f->text) - 1, 0);
	char *c;

	assert_true(got >= 0);
	f->text[got] = '\0';
	for (c = f->text; *c; c++)
		lines += *c == '\n';
	assert_int_equal(ftruncate(f->said, 0), 0);
	lseek(f->said, 0, SEEK_SET);
	return lines;
}

static void file_set(struct fixture *f, const void *data, size_t count)
{
	assert_int_equal(ftruncate(f->file, 0), 0);
	assert_int_equal(pwrite(f->file, data, count, 0), count);
}

static struct replay *file_open(struct fixture *f, int *err)
{
	struct replay *r = NULL;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", f->file);
	*err = replay_open(&r, path);
	return r;
}

/* The recording has this snapshot, wherever it comes from. */
static unsigned int recording_index(const struct recording *rec,
				    const struct snapshot *s)
{
	unsigned int i;

	for (i = 0; i < rec->count; i++)
		if (rec->snapshots[i].mono_ns == s->mono_ns)
			return i;
	fail_msg("a snapshot that was never written");
	return 0;
}

/* Reads it all: how many snapshots; each is one that was written, in order. */
static unsigned int replay_all(struct fixture *f, struct replay *r)
{
	struct source *source = replay_source(r);
	unsigned int count = 0, i, next = 0;
	int got;

	while ((got = source->ops->read(source, &f->s)) == 1) {
		i = recording_index(&f->rec, &f->s);
		assert_true(i >= next);
		same_snapshot(&f->rec.snapshots[i], &f->s);
		next = i + 1;
		count++;
	}
	assert_int_equal(got, 0);
	/* And it stays at the end. */
	assert_int_equal(source->ops->read(source, &f->s), 0);
	return count;
}

static void test_a_whole_file_says_nothing(void **state)
{
	struct fixture *f = *state;
	struct replay *r;
	int err;

	recording_make(&f->rec, 130);
	file_set(f, f->rec.file.data, f->rec.file.count);
	r = file_open(f, &err);
	assert_int_equal(err, 0);
	assert_int_equal(replay_all(f, r), 130);
	assert_int_equal(replay_error(r), 0);
	assert_int_equal(said(f), 0);
	replay_source(r)->ops->close(replay_source(r));
}

static unsigned int whole_before(const struct recording *rec, size_t end)
{
	unsigned int count = 0;

	while (count < rec->count && rec->ends[count] <= end)
		count++;
	return count;
}

static void test_cut_off_at_every_byte(void **state)
{
	struct fixture *f = *state;
	unsigned int whole;
	struct replay *r;
	size_t end;
	int err;

	recording_make(&f->rec, 4);
	for (end = 1; end < f->rec.file.count; end++) {
		file_set(f, f->rec.file.data, end);
		r = file_open(f, &err);
		assert_int_equal(err, 0);
		whole = whole_before(&f->rec, end);
		assert_int_equal(replay_all(f, r), whole);
		assert_int_equal(replay_error(r), whole ? 0 : -ENODATA);
		assert_int_equal(said(f), 1);
		assert_non_null(strstr(f->text, "cut off"));
		replay_source(r)->ops->close(replay_source(r));
	}
}

/* Damage is found wherever it is, and never makes a wrong number. */
static void damage_byte(struct fixture *f, size_t at, uint8_t bits)
{
	unsigned int count = 0;
	struct replay *r;
	int err;

	f->rec.file.data[at] ^= bits;
	file_set(f, f->rec.file.data, f->rec.file.count);
	f->rec.file.data[at] ^= bits;
	r = file_open(f, &err);
	if (!err) {
		count = replay_all(f, r);
		replay_source(r)->ops->close(replay_source(r));
	}
	assert_true(count < f->rec.count || at >= f->rec.ends[count - 1]);
	if (said(f) != 1)
		fail_msg("byte %zu: %s", at, f->text);
}

static void test_damaged_at_every_byte(void **state)
{
	struct fixture *f = *state;
	size_t at;

	recording_make(&f->rec, 3);
	for (at = 0; at < f->rec.file.count; at++) {
		damage_byte(f, at, 1 << at % 8);
		damage_byte(f, at, 0xff);
	}
}

/* A damaged file is read on from the next key frame, and says what is lost. */
static void expect_lost(struct fixture *f, unsigned int first, unsigned int lost)
{
	struct replay *r;
	char text[64];
	int err;

	f->rec.file.data[(first ? f->rec.ends[first - 1] : FILE_HEAD) + 30] ^= 4;
	file_set(f, f->rec.file.data, f->rec.file.count);
	r = file_open(f, &err);
	assert_int_equal(err, 0);
	assert_int_equal(replay_all(f, r), f->rec.count - lost);
	assert_int_equal(replay_error(r), -EBADMSG);
	assert_int_equal(said(f), 1);
	snprintf(text, sizeof(text), "%u of %u snapshots are lost", lost,
		 f->rec.count);
	if (!strstr(f->text, text))
		fail_msg("not \"%s\": %s", text, f->text);
	replay_source(r)->ops->close(replay_source(r));
}

static void test_a_damaged_frame_costs_a_minute(void **state)
{
	struct fixture *f = *state;

	recording_make(&f->rec, 130);
	expect_lost(f, 10, 50);
}

static void test_a_damaged_key_frame_too(void **state)
{
	struct fixture *f = *state;

	recording_make(&f->rec, 130);
	expect_lost(f, 60, 60);
}

static void test_a_damaged_schema_costs_ten(void **state)
{
	struct fixture *f = *state;

	recording_make(&f->rec, 610);
	expect_lost(f, 0, 600);
}

/* A hole, as a file system leaves one. */
static void test_a_hole(void **state)
{
	struct fixture *f = *state;
	struct replay *r;
	int err;

	recording_make(&f->rec, 130);
	memset(f->rec.file.data + f->rec.ends[20], 0,
	       f->rec.ends[70] - f->rec.ends[20]);
	file_set(f, f->rec.file.data, f->rec.file.count);
	r = file_open(f, &err);
	assert_int_equal(err, 0);
	assert_int_equal(replay_all(f, r), 21 + 10);
	assert_int_equal(replay_error(r), -EBADMSG);
	assert_int_equal(said(f), 1);
	replay_source(r)->ops->close(replay_source(r));
}

static void test_a_frame_that_is_gone(void **state)
{
	struct fixture *f = *state;
	struct bytes *file = &f->rec.file;
	struct replay *r;
	int err;

	recording_make(&f->rec, 70);
	memmove(file->data + f->rec.ends[5], file->data + f->rec.ends[6],
		file->count - f->rec.ends[6]);
	file->count -= f->rec.ends[6] - f->rec.ends[5];
	file_set(f, file->data, file->count);
	r = file_open(f, &err);
	assert_int_equal(replay_all(f, r), 6 + 10);
	assert_int_equal(replay_error(r), -EBADMSG);
	assert_int_equal(said(f), 1);
	replay_source(r)->ops->close(replay_source(r));
}

/* Events are most of a trace: none of them costs a snapshot. */
/*
 * It was killed and started again, into one file: two recordings, of which the first
 * one has no end.
 */
static void test_two_in_one_file(void **state)
{
	struct fixture *f = *state;
	struct bytes both = { 0 };
	struct replay *r;
	size_t first;
	int err;

	recording_make(&f->rec, 70);
	first = f->rec.ends[69];
	bytes_put(&both, f->rec.file.data, first);
	bytes_put(&both, f->rec.file.data, f->rec.file.count);
	file_set(f, both.data, both.count);
	r = file_open(f, &err);
	assert_int_equal(err, 0);
	assert_int_equal(replay_all(f, r), 70);
	assert_int_equal(replay_error(r), -EBADMSG);
	assert_int_equal(said(f), 1);
	assert_non_null(strstr(f->text, "another recording"));
	replay_source(r)->ops->close(replay_source(r));
	bytes_fini(&both);
}

static void test_damaged_events_cost_no_snapshot(void **state)
{
	struct fixture *f = *state;
	struct bytes *file = &f->rec.file, raw = { 0 }, events = { 0 };
	struct replay *r;
	size_t at;
	int err;

	recording_make(&f->rec, 30);
	bytes_put(&raw, f->text, 500);
	assert_int_equal(frame_pack(FRAME_EVENTS, &raw, &events), 0);
	events.data[FRAME_HEAD + 9] ^= 4;
	at = f->rec.ends[4];
	bytes_put(file, events.data, events.count);
	memmove(file->data + at + events.count, file->data + at,
		file->count - events.count - at);
	memcpy(file->data + at, events.data, events.count);
	file_set(f, file->data, file->count);
	r = file_open(f, &err);
	assert_int_equal(replay_all(f, r), 30);
	assert_int_equal(replay_error(r), -EBADMSG);
	assert_int_equal(said(f), 1);
	assert_non_null(strstr(f->text, "no snapshot is lost, events may be"));
	replay_source(r)->ops->close(replay_source(r));
	bytes_fini(&raw);
	bytes_fini(&events);
}

static void expect_refused(struct fixture *f, const void *data, size_t count,
			   const char *text)
{
	int err;

	file_set(f, data, count);
	assert_null(file_open(f, &err));
	assert_true(err < 0);
	assert_int_equal(said(f), 1);
	assert_non_null(strstr(f->text, text));
}

static void test_what_is_no_recording(void **state)
{
	struct fixture *f = *state;
	struct replay *r;

	expect_refused(f, "", 0, "no recording");
	expect_refused(f, "#!/bin/sh\necho hello\n", 21, "no recording");
	expect_refused(f, "\x7f", 1, "no recording");
	recording_make(&f->rec, 1);
	f->rec.file.data[FILE_MAGIC_SIZE] = 2;
	expect_refused(f, f->rec.file.data, f->rec.file.count, "newer");
	assert_int_equal(replay_open(&r, "/nonexistent/x"), -ENOENT);
	assert_int_equal(said(f), 1);
	assert_int_equal(replay_open(&r, "/"), -EISDIR);
	assert_int_equal(said(f), 1);
}

/* --- the tee --------------------------------------------------------------- */

struct fake {
	struct source source;
	const struct recording *rec;
	unsigned int next;
	bool closed;
};

static int fake_read(struct source *source, struct snapshot *s)
{
	struct fake *fake = (struct fake *)source;

	if (fake->next == fake->rec->count)
		return 0;
	assert_int_equal(snapshot_copy(s, &fake->rec->snapshots[fake->next++]),
			 0);
	return 1;
}

static void fake_close(struct source *source)
{
	((struct fake *)source)->closed = true;
}

static const struct source_ops fake_ops = { fake_read, fake_close };

static void test_the_tee_writes_what_it_reads(void **state)
{
	char path[] = "/tmp/napiscope-test.XXXXXX";
	struct fixture *f = *state;
	struct fake fake = { .source.ops = &fake_ops, .rec = &f->rec };
	struct replay *r;
	struct tee *tee;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	/* Longer than what is written: it has to go. */
	assert_int_equal(ftruncate(fd, 1 << 20), 0);
	recording_make(&f->rec, 5);
	assert_int_equal(tee_open(&tee, &fake.source, path, NULL), 0);
	while (tee_source(tee)->ops->read(tee_source(tee), &f->s) == 1)
		same_snapshot(&f->rec.snapshots[fake.next - 1], &f->s);
	assert_int_equal(tee_close(tee), 0);
	assert_true(fake.closed);
	assert_int_equal(replay_open(&r, path), 0);
	assert_int_equal(replay_all(f, r), 5);
	assert_int_equal(replay_error(r), 0);
	assert_int_equal(said(f), 0);
	replay_source(r)->ops->close(replay_source(r));
	close(fd);
	unlink(path);
}

static void test_what_is_read_is_not_written(void **state)
{
	char path[] = "/tmp/napiscope-test.XXXXXX";
	struct fixture *f = *state;
	struct fake fake = { .source.ops = &fake_ops, .rec = &f->rec };
	int fd = mkstemp(path);
	struct tee *tee;
	struct stat st;

	assert_true(fd >= 0 && write(fd, "precious", 8) == 8);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(tee_open(&tee, &fake.source, path, &st), -EIO);
	assert_int_equal(said(f), 1);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, 8);
	close(fd);
	unlink(path);
}

static void test_a_full_disk(void **state)
{
	struct fixture *f = *state;
	struct fake fake = { .source.ops = &fake_ops, .rec = &f->rec };
	struct tee *tee;

	recording_make(&f->rec, 2);
	assert_int_equal(tee_open(&tee, &fake.source, "/dev/full", NULL), 0);
	assert_int_equal(tee_source(tee)->ops->read(tee_source(tee), &f->s),
			 -ENOSPC);
	/* It was said once. */
	assert_int_equal(tee_close(tee), -ENOSPC);
	assert_int_equal(said(f), 1);
	assert_non_null(strstr(f->text, "No space left"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_a_whole_file_says_nothing),
		TEST(test_cut_off_at_every_byte),
		TEST(test_damaged_at_every_byte),
		TEST(test_a_damaged_frame_costs_a_minute),
		TEST(test_a_damaged_key_frame_too),
		TEST(test_two_in_one_file),
		TEST(test_damaged_events_cost_no_snapshot),
		TEST(test_a_damaged_schema_costs_ten),
		TEST(test_a_hole),
		TEST(test_a_frame_that_is_gone),
		TEST(test_what_is_no_recording),
		TEST(test_the_tee_writes_what_it_reads),
		TEST(test_what_is_read_is_not_written),
		TEST(test_a_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
