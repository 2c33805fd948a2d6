// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzes the reading of /proc and /sys: the input is files, each behind the
 * byte that says which, and with 0xff behind it.  Those that it does not have
 * are empty.  What was read is recorded, and has to be read again.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/config.h"
#include "collect/kallsyms.h"
#include "collect/procfs.h"
#include "fuzz.h"
#include "model/codec.h"

#define TREE "build/fuzz/tree"
#define FILE_END 0xff
#define NR_CPUS 4
/* The same in every process, for the links of the tree lead to them. */
#define FIRST_FD 200

/* The order is that of the inputs that are kept: new ones come last. */
static const char *const files[] = {
	"proc/net/softnet_stat",
	"proc/softirqs",
	"proc/stat",
	"proc/interrupts",
	"proc/net/snmp",
	"proc/net/snmp6",
	"proc/kallsyms",
	"proc/1/stat",
	"proc/1/comm",
	"proc/cmdline",
	"proc/irq/24/smp_affinity_list",
	"proc/sys/net/core/netdev_budget",
	"sys/devices/system/cpu/online",
	"sys/devices/system/cpu/possible",
	"sys/devices/system/cpu/nohz_full",
	"sys/devices/system/cpu/cpu0/topology/thread_siblings_list",
	"sys/devices/system/node/online",
	"sys/devices/system/node/node0/cpulist",
	"sys/class/net/eth0/threaded",
	"sys/class/net/eth0/device/numa_node",
	"sys/class/net/eth0/queues/rx-0/rps_cpus",
	"sys/class/net/eth0/queues/tx-0/xps_cpus",
};

#define NR_FILES (sizeof(files) / sizeof(*files))
#define SYSCTL_FD (FIRST_FD + 11)

int LLVMFuzzerInitialize(int *argc, char ***argv);

/* A link to a file that is only in memory, and the directories above it. */
static void link_file(const char *file, int fd)
{
	char path[256], target[32], *slash;

	snprintf(path, sizeof(path), TREE "/%s", file);
	for (slash = path; (slash = strchr(slash + 1, '/')); *slash = '/') {
		*slash = '\0';
		mkdir(path, 0777);
	}
	snprintf(target, sizeof(target), "/proc/self/fd/%d", fd);
	if (symlink(target, path) && errno != EEXIST)
		abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	int i, fd;

	(void)argc;
	(void)argv;
	for (i = 0; i < (int)NR_FILES; i++) {
		fd = memfd_create(files[i], 0);
		if (fd < 0 || dup2(fd, FIRST_FD + i) < 0)
			abort();
		close(fd);
		link_file(files[i], FIRST_FD + i);
	}
	return 0;
}

static void write_files(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size, *next;
	unsigned int i;

	for (i = 0; i < NR_FILES; i++)
		if (ftruncate(FIRST_FD + i, 0))
			abort();
	for (; data < end; data = next + 1) {
		next = memchr(data, FILE_END, end - data);
		if (!next)
			next = end;
		if (data == next || pwrite(FIRST_FD + *data % NR_FILES,
					   data + 1, next - data - 1, 0) >= 0)
			continue;
		abort();
	}
}

static void add_rows(struct snapshot *s)
{
	struct cpu_row *cpu;
	struct dev_row *dev;
	unsigned int i;

	for (i = 0; i < NR_CPUS; i++) {
		cpu = table_add(&s->cpus);
		if (!cpu)
			abort();
		cpu->cpu = i;
	}
	dev = table_add(&s->devs);
	if (!dev)
		abort();
	strcpy(dev->dev, "eth0");
}

static void read_cpus(struct snapshot *s)
{
	static const char *const lists[] = { "possible", "nohz_full", "online" };
	struct cpuset set = { 0 };
	uint32_t pids[NR_CPUS];
	unsigned int i;

	for (i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		cpuset_fini(&set);
		sysfs_cpus(TREE, lists[i], &set);
	}
	procfs_softnet(TREE, &set, &s->cpus);
	cpuset_fini(&set);
	procfs_softirqs(TREE, &s->cpus);
	procfs_stat(TREE, 100, &s->cpus);
	procfs_ksoftirqd(TREE, pids, NR_CPUS, NR_CPUS);
}

static void read_symbols(void)
{
	static const char *const names[] = { "net_rx_action", "__napi_poll" };
	char name[NAPI_FUNC_NAME];
	uint64_t addrs[2];

	kallsyms_find(TREE, names, addrs, 2);
	if (!kallsyms_name(TREE, addrs[0] ? addrs[0] : 4096, name, sizeof(name)) &&
	    strlen(name) >= sizeof(name))
		abort();
}

static void read_all(struct snapshot *s)
{
	unsigned int rx, tx;
	uint64_t value;

	read_cpus(s);
	read_symbols();
	procfs_interrupts(TREE, &s->lines);
	procfs_udp(TREE, &s->host);
	procfs_sysctl(SYSCTL_FD, &value);
	sysfs_net_queues(TREE, "eth0", &rx, &tx);
	sysfs_net_u64(TREE, "eth0", "threaded", &value);
	snapshot_sort(s);
	config_capture(TREE, NULL, s);
}

static bool same_rows(const struct table *a, const struct table *b)
{
	return a->count == b->count &&
	       (!a->count || !memcmp(a->rows, b->rows, a->count * a->row_size));
}

/* Of settings the rest of a row is what an older one left there. */
static void check_same(const struct snapshot *a, const struct snapshot *b)
{
	const struct config_row *x = a->config.rows, *y = b->config.rows;
	size_t i;

	if (!same_rows(&a->cpus, &b->cpus) || !same_rows(&a->lines, &b->lines) ||
	    a->config.count != b->config.count)
		abort();
	for (i = 0; i < a->config.count; i++)
		if (strcmp(x[i].path, y[i].path) ||
		    strcmp(x[i].value, y[i].value))
			abort();
}

static void decode(struct bytes *file, struct snapshot *s)
{
	const uint8_t *at = file->data + FILE_HEAD;
	struct bytes raw = { 0 };
	struct frame frame;
	struct decoder d;

	decoder_init(&d);
	do {
		if (!frame_parse_head(at, &frame) ||
		    frame_unpack(&frame, at, &raw))
			abort();
		at += FRAME_HEAD + frame.length;
	} while (!decoder_take(&d, frame.type, &raw, s));
	decoder_fini(&d);
	bytes_fini(&raw);
}

static void record(const struct snapshot *s, struct bytes *file)
{
	struct encoder e;

	if (encoder_init(&e) || encoder_put(&e, s, file))
		abort();
	encoder_fini(&e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snapshot s, again;
	struct bytes file = { 0 };

	write_files(data, size);
	snapshot_init(&s);
	snapshot_init(&again);
	add_rows(&s);
	read_all(&s);
	record(&s, &file);
	decode(&file, &again);
	check_same(&s, &again);
	bytes_fini(&file);
	snapshot_fini(&s);
	snapshot_fini(&again);
	return 0;
}
