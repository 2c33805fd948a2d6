// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzzseeds DIRECTORY: writes what the fuzzers of tests/fuzz begin with, into
 * codec/ and file/ there: recordings of make-believe machines, whole, and as
 * the contents of their frames.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "../unit/model/machine.h"
#include "model/codec.h"
#include "model/codec_events.h"
#include "model/hist.h"

static void seeds_save(const char *dir, const char *kind, unsigned int number,
		       const struct bytes *b)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, kind);
	mkdir(path, 0777);
	snprintf(path, sizeof(path), "%s/%s/seed%u", dir, kind, number);
	file = fopen(path, "w");
	if (!file || fwrite(b->data, 1, b->count, file) != b->count ||
	    fclose(file)) {
		perror(path);
		exit(1);
	}
}

/* Each frame as the decoder's fuzzer takes it: see tests/fuzz/codec.c. */
static void seeds_unpack(const struct bytes *file, struct bytes *out)
{
	struct bytes raw = { 0 };
	size_t at = FILE_HEAD;
	struct frame frame;

	while (at + FRAME_HEAD <= file->count &&
	       frame_parse_head(file->data + at, &frame) &&
	       !frame_unpack(&frame, file->data + at, &raw)) {
		bytes_put_u8(out, frame.type);
		bytes_put_u8(out, raw.count);
		bytes_put_u8(out, raw.count >> 8);
		bytes_put(out, raw.data, raw.count);
		at += FRAME_HEAD + frame.length;
	}
	bytes_fini(&raw);
}

static void seeds_add_hist(struct machine *m, unsigned int i)
{
	struct hist_row *h = table_add(&m->s.hists);

	h->kind = i % NAPI_NR_HIST_KINDS;
	h->cpu = i % m->cpus;
	h->sum = h->max = i;
	h->counts[i % HIST_BUCKETS] = i;
	snapshot_sort(&m->s);
}

/* Frame by frame, as trace writes them: facts, then events of each kind. */
static void seeds_add_trace(unsigned int i, struct bytes *file)
{
	struct trace_event events[TRACE_NR + 1] = { 0 };
	struct trace_facts facts;
	struct bytes raw = { 0 };
	unsigned int k;

	trace_facts_init(&facts);
	facts.base_ns = 1;
	facts.by_start = i % 2;
	facts.window = 0;
	facts_encode(&facts, &raw);
	if (frame_pack(FRAME_FACTS, &raw, file))
		exit(1);
	for (k = 0; k < TRACE_NR; k++) {
		events[k].type = k;
		events[k].ts = 1000 * (i + 1) + 10 * k;
		events[k].start = events[k].ts - 5;
		events[k].ns = 5;
		events[k].cpu = k % 2;
		events[k].id = k % 3;
		events[k].work = k;
		events[k].budget = 64;
	}
	event_pack_trigger(&events[k], 1, TRACE_WHY_POLL, 5000, k, 0);
	bytes_clear(&raw);
	events_encode(events, k + 1, &raw);
	if (frame_pack(FRAME_EVENTS, &raw, file))
		exit(1);
	bytes_fini(&raw);
}

static void seeds_record(const char *dir, unsigned int number,
			 unsigned int napis, unsigned int seconds)
{
	struct bytes file = { 0 }, contents = { 0 };
	struct encoder e;
	struct machine m;
	unsigned int i;

	machine_init(&m, 2, napis, napis + 1, napis);
	if (encoder_init(&e))
		exit(1);
	for (i = 0; i < seconds; i++) {
		machine_run(&m);
		if (number % 2)
			seeds_add_hist(&m, i);
		if (encoder_put(&e, &m.s, &file))
			exit(1);
		if (number >= 4)
			seeds_add_trace(i, &file);
	}
	if (encoder_end(&e, &file))
		exit(1);
	seeds_unpack(&file, &contents);
	seeds_save(dir, "file", number, &file);
	if (contents.count < 8192)
		seeds_save(dir, "codec", number, &contents);
	bytes_fini(&file);
	bytes_fini(&contents);
	encoder_fini(&e);
	machine_fini(&m);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: fuzzseeds DIRECTORY\n");
		return 2;
	}
	mkdir(argv[1], 0777);
	seeds_record(argv[1], 0, 1, 1);
	seeds_record(argv[1], 1, 1, 3);
	seeds_record(argv[1], 2, 4, 4);
	seeds_record(argv[1], 3, 2, 62);
	seeds_record(argv[1], 4, 1, 2);
	return 0;
}
