// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzes names: devices, interrupts, tasks, settings, all texts of a recording.
 * The input is a byte that says which command reads it, one that says of which
 * recording of tests/replay the numbers are, one that says how names are put
 * in (bits: instead of those there, into queues, without devices), and the names, with a NUL behind each.  What the command prints is checked
 * by its format.
 */
#include <fcntl.h>
#include <glob.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "output.h"

int napiscope_main(int argc, char **argv);
#define main napiscope_main
#include "../../src/main.c"
#undef main

#include "collect/replay.h"
#include "confine.h"
#include "model/codec.h"
#include "model/codec_events.h"

#define RECORDINGS "tests/replay/*.rec"
#define MAX_RECORDINGS 128
#define NR_SNAPSHOTS 2
#define MAX_WORDS 16

/* Files in memory: with the names, as they were, and for a picture. */
#define NAMED_FD 210
#define PLAIN_FD 211
#define PICTURE_FD 212
#define NAMED "/proc/self/fd/210"
#define PLAIN "/proc/self/fd/211"
#define PICTURE "/proc/self/fd/212"

enum format {
	TEXT,
	JSON,
	JSON_LINES,
	FINDINGS,
	CSV,
	OPENMETRICS,
	SVG,
};

static const struct {
	const char *words;
	enum format format;
} invocations[] = {
	{ "report -r " NAMED, TEXT },
	{ "report -f json -r " NAMED, JSON },
	{ "report -f csv -r " NAMED, CSV },
	{ "report -f openmetrics -r " NAMED, OPENMETRICS },
	{ "report -i 1 --svg " PICTURE " -r " NAMED, SVG },
	{ "report -r " NAMED " -r " PLAIN, TEXT },
	{ "report -f json -r " NAMED " -r " PLAIN, JSON },
	{ "top -b -r " NAMED, TEXT },
	{ "top -b -f json -r " NAMED, JSON_LINES },
	{ "diagnose -r " NAMED, TEXT },
	{ "diagnose -f json -r " NAMED, FINDINGS },
	{ "diagnose -r " NAMED " -r " PLAIN, TEXT },
	{ "list -r " NAMED, TEXT },
	{ "list -f json -r " NAMED, JSON },
	{ "probes -r " NAMED, TEXT },
	{ "probes -f json -r " NAMED, JSON },
	{ "trace -r " NAMED, TEXT },
	{ "trace -f json -r " NAMED, JSON_LINES },
	{ "trace -f perfetto -r " NAMED, JSON },
	{ "compare " PLAIN " " NAMED, TEXT },
	{ "compare -f json " PLAIN " " NAMED, JSON },
	{ "compare -r " NAMED " -r " PLAIN, TEXT },
};

#define NR_INVOCATIONS (sizeof(invocations) / sizeof(*invocations))

/* In place of the program's, whose process ends: this one has more to run. */
void confine_replay(void)
{
}

void confine_opened(void)
{
}

void confine_live(void)
{
}

void confine_export(void)
{
}

/* What a command prints. */
struct printed {
	char *text;
	size_t size;
};

int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct snapshot bases[MAX_RECORDINGS][NR_SNAPSHOTS];
static unsigned int nr_bases;

/* --- recordings ------------------------------------------------------------- */

static void load(const char *path)
{
	struct snapshot *base = bases[nr_bases];
	struct source *source;
	struct replay *r;
	unsigned int i;

	if (nr_bases == MAX_RECORDINGS || replay_open(&r, path))
		return;
	source = replay_source(r);
	for (i = 0; i < NR_SNAPSHOTS; i++) {
		snapshot_init(&base[i]);
		output_expect(source->ops->read(source, &base[i]) == 1);
	}
	source->ops->close(source);
	nr_bases++;
}

static void make_file(int at)
{
	int fd = memfd_create("recording", MFD_CLOEXEC);

	output_expect(fd >= 0 && dup2(fd, at) == at);
	close(fd);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	glob_t found;
	size_t i;

	(void)argc;
	(void)argv;
	make_file(NAMED_FD);
	make_file(PLAIN_FD);
	make_file(PICTURE_FD);
	output_expect(!glob(RECORDINGS, 0, NULL, &found));
	for (i = 0; i < found.gl_pathc; i++)
		load(found.gl_pathv[i]);
	globfree(&found);
	output_expect(nr_bases);
	return 0;
}

/* One of each type, of NAPIs and interrupts that the snapshot has. */
static void put_events(const struct snapshot *s, struct bytes *file)
{
	struct trace_event events[TRACE_NR] = { 0 };
	const struct napi_row *napi = s->pairs.rows;
	const struct irq_row *irq = s->irqs.rows;
	struct bytes raw = { 0 };
	unsigned int i;

	for (i = 0; i < TRACE_NR; i++) {
		events[i].type = i;
		events[i].ts = s->mono_ns + 1000 * i;
		events[i].start = events[i].ts - 500;
		events[i].ns = 400;
		if (i == TRACE_IRQ && s->irqs.count) {
			events[i].id = irq->id;
			events[i].irq = irq->irq + 1;
		} else if (s->pairs.count) {
			events[i].id = napi->id;
		}
	}
	events_encode(events, TRACE_NR, &raw);
	output_expect(!frame_pack(FRAME_EVENTS, &raw, file));
	bytes_fini(&raw);
}

static void write_file(int fd, const struct snapshot *s)
{
	struct bytes file = { 0 };
	struct encoder e;
	unsigned int i;

	output_expect(!encoder_init(&e));
	for (i = 0; i < NR_SNAPSHOTS; i++) {
		output_expect(!encoder_put(&e, &s[i], &file));
		if (!i)
			put_events(s, &file);
	}
	output_expect(!encoder_end(&e, &file));
	output_expect(!ftruncate(fd, 0));
	output_expect(pwrite(fd, file.data, file.count, 0) == (ssize_t)file.count);
	encoder_fini(&e);
	bytes_fini(&file);
}

/* --- names ------------------------------------------------------------------ */

struct names {
	const char *at, *first, *end;
	/* Instead of what was there, else behind it; of queues, too. */
	bool instead, queues;
};

/* After the last one they come again. */
static const char *next_name(struct names *n)
{
	const char *name = n->at < n->end ? n->at : n->first;

	n->at = name + strlen(name) + 1;
	return name;
}

/* "dev/eth0@db/queue/rx-0/rps_cpus": the name goes behind each that is one. */
static void put_path(const struct names *n, char *path, size_t room)
{
	char old[sizeof(struct config_row)], *dev = old + 4, *rest, *netns,
					     *queue;
	size_t used;

	snprintf(old, sizeof(old), "%s", path);
	rest = strchr(dev, '/');
	if (!rest)
		return;
	*rest++ = '\0';
	netns = strrchr(dev, '@');
	if (netns)
		*netns++ = '\0';
	used = snprintf(path, room, "dev/%s%s%s%s%s/", dev, n->first,
			netns ? "@" : "", netns ? netns : "",
			netns ? n->first : "");
	if (used >= room)
		return;
	queue = n->queues && !strncmp(rest, "queue/", 6) ? strchr(rest + 6, '/') :
							   NULL;
	if (queue)
		snprintf(path + used, room - used, "%.*s%s%s",
			 (int)(queue - rest), rest, n->first, queue);
	else
		snprintf(path + used, room - used, "%s", rest);
}

/*
 * Behind what is there the same name comes again and again, and into the paths
 * of a device's settings behind its name: so rules find what they look for.
 */
static void put_name(struct names *n, const struct field *f, char *text)
{
	char old[sizeof(struct config_row)];

	snprintf(old, sizeof(old), "%s", text);
	if (n->instead) {
		snprintf(text, f->size, "%s", next_name(n));
		return;
	}
	/* Of what has no namespace, and no name, there is none. */
	if (!*old || (f->scope == SCOPE_HOST && !strcmp(f->name, "tier")))
		return;
	if (!strncmp(old, "dev/", 4))
		put_path(n, text, f->size);
	else if (f->scope != SCOPE_CONFIG)
		snprintf(text, f->size, "%s%s", old, n->first);
}

static void put_names_in(struct names *n, enum field_scope scope, void *row)
{
	const struct field *f;

	for (f = field_table(scope); f->name; f++)
		if (f->kind == FIELD_TEXT)
			put_name(n, f, (char *)row + f->offset);
}

static void put_names(struct names *n, struct snapshot *s)
{
	const struct snapshot_table *t;
	struct table *table;
	size_t i;

	put_names_in(n, SCOPE_HOST, &s->host);
	for (t = snapshot_tables; t->cmp; t++) {
		table = snapshot_table(s, t);
		for (i = 0; i < table->count; i++)
			put_names_in(n, t->scope, table_at(table, i));
	}
	snapshot_sort(s);
	config_sort(&s->config); /* paths may be the same now */
}

static void write_named(struct names *n, const struct snapshot *base,
			bool without_devs)
{
	struct snapshot s[NR_SNAPSHOTS];
	unsigned int i;

	for (i = 0; i < NR_SNAPSHOTS; i++) {
		snapshot_init(&s[i]);
		output_expect(!snapshot_copy(&s[i], &base[i]));
		n->at = n->first;
		/* Of a device that went before the end only its NAPIs tell. */
		if (without_devs)
			table_clear(&s[i].devs);
		put_names(n, &s[i]);
	}
	write_file(NAMED_FD, s);
	for (i = 0; i < NR_SNAPSHOTS; i++)
		snapshot_fini(&s[i]);
}

/* --- what is printed ---------------------------------------------------------- */

static void run(const char *words, struct printed *out, struct printed *err)
{
	FILE *const real_out = stdout, *const real_err = stderr;
	char line[256], *argv[MAX_WORDS], *save = NULL;
	int argc = 0;

	snprintf(line, sizeof(line), "napiscope %s", words);
	argv[argc] = strtok_r(line, " ", &save);
	while (argv[argc])
		argv[++argc] = strtok_r(NULL, " ", &save);
	stdout = open_memstream(&out->text, &out->size);
	stderr = open_memstream(&err->text, &err->size);
	output_expect(stdout && stderr);
	napiscope_main(argc, argv);
	fclose(stdout);
	fclose(stderr);
	stdout = real_out;
	stderr = real_err;
}

static void check_picture(void)
{
	static char picture[1 << 22];
	ssize_t size = pread(PICTURE_FD, picture, sizeof(picture) - 1, 0);

	output_expect(size >= 0 && size < (ssize_t)sizeof(picture) - 1);
	picture[size] = '\0';
	output_check_text(picture, size);
	output_check_svg(picture);
}

static void check(enum format format, const struct printed *out)
{
	output_check_text(out->text, out->size);
	switch (format) {
	case TEXT:
		break;
	case JSON:
		output_check_json(out->text, out->size);
		break;
	case JSON_LINES:
		output_check_json_lines(out->text, out->size);
		break;
	case FINDINGS:
		output_check_json(out->text, out->size);
		output_check_findings(out->text, out->size);
		break;
	case CSV:
		output_check_csv(out->text);
		break;
	case OPENMETRICS:
		output_check_openmetrics(out->text);
		break;
	case SVG:
		check_picture();
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r = reader_of(data, size);
	unsigned int invocation = reader_u8(&r) % NR_INVOCATIONS;
	const struct snapshot *base = bases[reader_u8(&r) % nr_bases];
	unsigned int how = reader_u8(&r);
	struct names names = { .instead = how & 1, .queues = how & 2 };
	struct printed out, err;
	char *text;

	if (r.failed)
		return 0;
	text = malloc(r.left + 1);
	output_expect(text);
	memcpy(text, r.at, r.left);
	text[r.left] = '\0';
	names.first = text;
	names.end = text + r.left;
	write_named(&names, base, how & 4);
	write_file(PLAIN_FD, base);
	run(invocations[invocation].words, &out, &err);
	output_check_text(err.text, err.size);
	check(invocations[invocation].format, &out);
	free(out.text);
	free(err.text);
	free(text);
	return 0;
}
