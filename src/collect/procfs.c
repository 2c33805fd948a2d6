// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Readers of the kernel's counters per CPU in /proc, and of its ksoftirqd
 * threads; see procfs.h.
 */
#include "collect/procfs.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collect/scan.h"
#include "model/field.h"
#include "model/rows.h"

#define NSEC_PER_SEC 1000000000ULL
#define SLURP_ROOM 4096
#define SLURP_LIMIT (1U << 28) /* 4096 CPUs with 5000 irqs */
#define PF_KTHREAD 0x00200000

/* Columns of /proc/net/softnet_stat. */
#define SOFTNET_MIN 9
#define SOFTNET_RPS 9
#define SOFTNET_FLOW_LIMIT 10
#define SOFTNET_CPU 12
#define SOFTNET_MAX 64

/* Columns of a cpuN line of /proc/stat. */
enum stat_column {
	STAT_USER,
	STAT_NICE,
	STAT_SYSTEM,
	STAT_IDLE,
	STAT_IOWAIT,
	STAT_IRQ,
	STAT_SOFTIRQ,
	STAT_STEAL,
	NR_STAT,
};

/* --- files ---------------------------------------------------------------- */

static int slurp_grow(char **buf, size_t *room)
{
	size_t more = *room ? 2 * *room : SLURP_ROOM;
	char *bigger;

	if (more > SLURP_LIMIT)
		return -EFBIG;
	bigger = realloc(*buf, more);
	if (!bigger)
		return -ENOMEM;
	*buf = bigger;
	*room = more;
	return 0;
}

static int slurp_fd(int fd, char **buf, size_t *room)
{
	size_t used = 0;
	ssize_t got;
	int err;

	do {
		err = used + 1 >= *room ? slurp_grow(buf, room) : 0;
		if (err)
			return err;
		got = read(fd, *buf + used, *room - used - 1);
		if (got > 0)
			used += got;
	} while (got > 0 || (got < 0 && errno == EINTR));
	if (got < 0)
		return -errno;
	(*buf)[used] = '\0';
	return 0;
}

int procfs_slurp(const char *path, char **buf, size_t *room)
{
	int fd, err;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = slurp_fd(fd, buf, room);
	close(fd);
	return err;
}

int procfs_readf(char **buf, size_t *room, const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(path, sizeof(path), fmt, args);
	va_end(args);
	if (len < 0 || (size_t)len >= sizeof(path))
		return -ENAMETOOLONG;
	return procfs_slurp(path, buf, room);
}

/* --- /proc/net/softnet_stat ----------------------------------------------- */

static unsigned int text_count_lines(const char *text)
{
	unsigned int count = 0;

	for (; (text = strchr(text, '\n')); text++)
		count++;
	return count;
}

/* How many there are, or -EPROTO; only the first SOFTNET_CPU + 1 are kept. */
static int softnet_fields(const char *line, uint32_t fields[SOFTNET_CPU + 1])
{
	uint32_t value;
	int i;

	for (i = 0; *(line = text_skip(line)); i++) {
		if (i == SOFTNET_MAX || text_hex(&line, &value))
			return -EPROTO;
		if (i <= SOFTNET_CPU)
			fields[i] = value;
	}
	return i < SOFTNET_MIN ? -EPROTO : i;
}

struct softnet {
	const struct cpuset *online;
	unsigned int next_cpu;	/* by position */
	unsigned int nr_fields; /* of the first line; 0: none yet */
};

/* Without its own number a line is of the next CPU that is online. */
static unsigned int softnet_next_cpu(struct softnet *softnet)
{
	while (softnet->next_cpu < cpuset_end(softnet->online) &&
	       !cpuset_has(softnet->online, softnet->next_cpu))
		softnet->next_cpu++;
	return softnet->next_cpu++;
}

static int softnet_line(struct scan *scan, const char *line)
{
	struct softnet *softnet = scan->arg;
	uint32_t fields[SOFTNET_CPU + 1];
	int count = softnet_fields(line, fields);
	struct cpu_row *row;

	if (count < 0 ||
	    (softnet->nr_fields && softnet->nr_fields != (unsigned int)count))
		return -EPROTO;
	softnet->nr_fields = count;
	row = scan_row(scan, count > SOFTNET_CPU ? fields[SOFTNET_CPU] :
						   softnet_next_cpu(softnet));
	if (!row)
		return 0;
	row->softnet_processed = fields[0];
	row->softnet_dropped = fields[1];
	row->softnet_squeezed = fields[2];
	if (count > SOFTNET_RPS)
		row->softnet_rps = fields[SOFTNET_RPS];
	if (count > SOFTNET_FLOW_LIMIT)
		row->softnet_flow_limit = fields[SOFTNET_FLOW_LIMIT];
	return 0;
}

/* Lines go by position only if there is one for each online CPU. */
static bool softnet_is_mappable(char *text, const struct cpuset *online)
{
	uint32_t fields[SOFTNET_CPU + 1];
	char *end = strchr(text, '\n');
	int count;

	if (!end)
		return false;
	*end = '\0';
	count = softnet_fields(text, fields);
	*end = '\n';
	return count > SOFTNET_CPU ||
	       text_count_lines(text) == cpuset_count(online);
}

int procfs_softnet(const char *root, const struct cpuset *online,
		   struct table *cpus)
{
	struct softnet softnet = { .online = online };
	struct scan scan = SCAN_INIT(cpus, &softnet);
	char *buf = NULL;
	size_t room = 0;
	int err;

	err = procfs_readf(&buf, &room, "%s/proc/net/softnet_stat", root);
	if (!err && !softnet_is_mappable(buf, online))
		err = -EPROTO;
	if (!err)
		err = scan_text(&scan, buf, softnet_line);
	free(buf);
	return err;
}

/* --- /proc/softirqs ------------------------------------------------------- */

/* The vector with the name of len bytes, or -ENOENT. */
static int softirqs_vec(const char *name, size_t len)
{
	const char *known;
	int vec;

	for (vec = 0; (known = vec_name(vec)); vec++)
		if (strlen(known) == len && !memcmp(known, name, len))
			return vec;
	return -ENOENT;
}

static int softirqs_line(struct scan *scan, const char *line)
{
	struct column *column;
	uint64_t count;
	size_t len;
	int vec;

	if (!scan->columns.count)
		return scan_header(scan, line);
	line = text_skip(line);
	len = strcspn(line, ":");
	if (!line[len])
		return -EPROTO;
	vec = softirqs_vec(line, len);
	if (vec < 0)
		return 0;
	line += len + 1;
	table_for_each (&scan->columns, column) {
		if (text_cell(&line, UINT32_MAX, &count))
			return -EPROTO;
		if (column->row)
			column->row->softirqs_kernel[vec] = count;
	}
	return *text_skip(line) ? -EPROTO : 0;
}

int procfs_softirqs(const char *root, struct table *cpus)
{
	struct scan scan = SCAN_INIT(cpus, NULL);

	return scan_file(&scan, root, "softirqs", softirqs_line);
}

/* --- /proc/stat ----------------------------------------------------------- */

/* Some hypervisors' steal time ran backwards to 2^64: MISSING, not nonsense. */
static uint64_t stat_ns(uint64_t ticks, unsigned int hz)
{
	if (ticks / hz >= UINT64_MAX / NSEC_PER_SEC)
		return MISSING;
	return ticks / hz * NSEC_PER_SEC + ticks % hz * NSEC_PER_SEC / hz;
}

static uint64_t stat_sum_ns(uint64_t a, uint64_t b, unsigned int hz)
{
	return __builtin_add_overflow(a, b, &a) ? MISSING : stat_ns(a, hz);
}

/* guest and guest_nice, the last two columns, are in user and nice already. */
static void stat_fill(struct cpu_row *row, const uint64_t ticks[NR_STAT],
		      unsigned int hz)
{
	row->stat_user_ns = stat_sum_ns(ticks[STAT_USER], ticks[STAT_NICE], hz);
	row->stat_system_ns = stat_ns(ticks[STAT_SYSTEM], hz);
	row->stat_idle_ns = stat_sum_ns(ticks[STAT_IDLE], ticks[STAT_IOWAIT], hz);
	row->stat_irq_ns = stat_ns(ticks[STAT_IRQ], hz);
	row->stat_softirq_ns = stat_ns(ticks[STAT_SOFTIRQ], hz);
	row->stat_steal_ns = stat_ns(ticks[STAT_STEAL], hz);
}

struct stat_file {
	unsigned int hz;
	unsigned int nr_cpus; /* lines seen */
};

static int stat_line(struct scan *scan, const char *line)
{
	uint64_t cpu, ticks[NR_STAT];
	struct stat_file *file = scan->arg;
	struct cpu_row *row;
	int i;

	if (strncmp(line, "cpu", 3) || line[3] == ' ')
		return 0;
	line += 3;
	if (text_cell(&line, SCAN_CPU_LIMIT - 1, &cpu))
		return -EPROTO;
	for (i = 0; i < NR_STAT; i++)
		if (text_cell(&line, UINT64_MAX, &ticks[i]))
			return -EPROTO;
	file->nr_cpus++;
	row = scan_row(scan, cpu);
	if (row)
		stat_fill(row, ticks, file->hz);
	return 0;
}

int procfs_stat(const char *root, unsigned int hz, struct table *cpus)
{
	struct stat_file file = { .hz = hz };
	struct scan scan = SCAN_INIT(cpus, &file);
	int err;

	if (!hz)
		return -EINVAL;
	err = scan_file(&scan, root, "stat", stat_line);
	return err || file.nr_cpus ? err : -EPROTO;
}

/* --- ksoftirqd ------------------------------------------------------------ */

/* "1 (name) S 2 0 0 0 -1 flags ...": flags is the seventh behind the name. */
static bool task_is_kthread(const char *behind_name)
{
	uint64_t flags;
	int i;

	for (i = 0; i < 6; i++) {
		behind_name = text_skip(behind_name);
		behind_name += strcspn(behind_name, " ");
	}
	return !text_cell(&behind_name, UINT32_MAX, &flags) && flags & PF_KTHREAD;
}

/* The CPU whose ksoftirqd this line of /proc/PID/stat describes. */
static bool task_is_ksoftirqd(const char *stat, unsigned int nr, uint64_t *cpu)
{
	const char *name = strchr(stat, '(');
	/* a name can have parentheses, what follows it cannot */
	const char *end = strrchr(stat, ')');

	if (!name || !end || strncmp(name, "(ksoftirqd/", 11))
		return false;
	name += 11;
	if (!isdigit((unsigned char)*name) || text_number(&name, nr - 1, cpu))
		return false;
	return name == end && task_is_kthread(end + 1);
}

int procfs_ksoftirqd(const char *root, uint32_t *pids, unsigned int nr,
		     unsigned int most)
{
	unsigned int found = 0;
	struct dirent *entry;
	char path[PATH_MAX];
	uint64_t pid, cpu;
	size_t room = 0;
	char *buf = NULL;
	DIR *proc;

	memset(pids, 0, nr * sizeof(*pids));
	snprintf(path, sizeof(path), "%s/proc", root);
	proc = opendir(path);
	if (!proc)
		return -errno;
	while (found < most && (entry = readdir(proc))) {
		/* a task that ended meanwhile is not ksoftirqd */
		if (num_parse_u64(entry->d_name, 1, INT32_MAX, &pid) ||
		    procfs_readf(&buf, &room, "%s/%s/stat", path, entry->d_name) ||
		    !task_is_ksoftirqd(buf, nr, &cpu))
			continue;
		found += !pids[cpu];
		pids[cpu] = pid;
	}
	closedir(proc);
	free(buf);
	return found;
}
