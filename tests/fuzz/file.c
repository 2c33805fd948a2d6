// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzes the reading of a recording as a file.  Mutated frames get the CRC that
 * they should have, so that the fuzzer gets past it.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "collect/events_replay.h"
#include "collect/replay.h"
#include "fuzz.h"
#include "model/frame.h"
#include "util/log.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed);

/* In place of the log's: what is said of bad files is not for the fuzzer. */
void log_print(enum log_level level, const char *fmt, ...)
{
	(void)level;
	(void)fmt;
}

static void fix_crc(uint8_t *head, size_t left)
{
	struct frame frame;
	uLong crc;

	if (!frame_parse_head(head, &frame) || frame.length > left - FRAME_HEAD)
		return;
	crc = crc32(0, head + FRAME_MAGIC_SIZE,
		    FRAME_HEAD - 4 - FRAME_MAGIC_SIZE);
	crc = crc32_z(crc, head + FRAME_HEAD, frame.length);
	bytes_store_u32(head + FRAME_HEAD - 4, crc);
}

/* One in four keeps a wrong CRC. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed)
{
	size_t at;

	size = LLVMFuzzerMutate(data, size, max_size);
	for (at = 0; seed % 4 && at + FRAME_HEAD <= size; at++)
		fix_crc(data + at, size - at);
	return size;
}

static void replay_all(struct replay *r)
{
	struct source *source = replay_source(r);
	struct fuzz f;

	fuzz_init(&f);
	while (source->ops->read(source, fuzz_next(&f)) == 1)
		fuzz_use(&f);
	replay_error(r);
	fuzz_fini(&f);
	source->ops->close(source);
}

static int trace_event_to(void *arg, const struct event *e)
{
	struct trace_writer *w = arg;

	return w->view->event(w, e);
}

/* The same file as a trace; its size says in which order. */
static void replay_trace(struct replay *r, bool by_start)
{
	const struct event_filter all = { .napi_id = MISSING,
					  .types = UINT32_MAX };
	const struct trace_tail tail = { 0 };
	struct trace_writer w = { .view = by_start ? &trace_view_perfetto :
						     &trace_view_json };
	struct event_source *source;

	w.out = fopen("/dev/null", "w");
	if (!w.out)
		abort();
	if (!events_replay_open(&source, r, NULL, "fuzz", &all, by_start)) {
		w.view->begin(&w);
		while (source->ops->read(source, trace_event_to, &w) > 0)
			;
		w.view->end(&w, &tail);
		source->ops->close(source);
	}
	fclose(w.out);
	replay_source(r)->ops->close(replay_source(r));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct replay *r;
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	if (!replay_open(&r, path))
		replay_all(r);
	if (!lseek(fd, 0, SEEK_SET) && !replay_open(&r, path))
		replay_trace(r, size % 2);
	close(fd);
	return 0;
}
