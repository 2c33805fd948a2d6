// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bigmachine [OPTION]... FILE: writes the recording of a make-believe machine,
 * the same each time, through the codec as any other recording.
 *
 *	-c CPUS -n NAPIS -i IRQS (more than the NAPIs have) -b BUSY (NAPIs)
 *	-o ONE (of so many busy NAPIs has as much to do as a CPU can)
 *	-q QUEUES (of a device; default: 8 devices) -s SNAPSHOTS
 *	-H histograms of what is busy
 */
#include "tool.h"

#include "../unit/model/machine.h"
#include "model/codec.h"

#define CPUS_A_NODE 64
/* A hot NAPI has so many seconds' traffic in one. */
#define HOT_SECONDS 25

struct shape {
	unsigned int cpus, napis, irqs, busy, hot, queues, snapshots;
	bool hists;
	const char *path;
};

static void usage(void)
{
	die_usage("usage: bigmachine [-c CPUS] [-n NAPIS] [-i IRQS] [-b BUSY] "
		  "[-o ONE] [-q QUEUES] [-s SNAPSHOTS] [-H] FILE");
}

static struct shape parse(int argc, char **argv)
{
	struct shape shape = { 256, 512, 200, 24, 12, 0, 4, false, NULL };
	int option;

	while ((option = getopt(argc, argv, "c:n:i:b:o:q:s:H")) != -1) {
		if (option == 'c')
			shape.cpus = tool_number(optarg, "-c", 1, 4096);
		else if (option == 'n')
			shape.napis = tool_number(optarg, "-n", 1, 65536);
		else if (option == 'i')
			shape.irqs = tool_number(optarg, "-i", 0, 65536);
		else if (option == 'b')
			shape.busy = tool_number(optarg, "-b", 0, 65536);
		else if (option == 'o')
			shape.hot = tool_number(optarg, "-o", 1, 65536);
		else if (option == 'q')
			shape.queues = tool_number(optarg, "-q", 1, 65536);
		else if (option == 's')
			shape.snapshots = tool_number(optarg, "-s", 1, 100000);
		else if (option == 'H')
			shape.hists = true;
		else
			usage();
	}
	if (argc - optind != 1)
		usage();
	shape.path = argv[optind];
	if (!shape.queues)
		shape.queues = (shape.napis + 7) / 8;
	if (shape.busy > shape.napis)
		shape.busy = shape.napis;
	return shape;
}

/* --- what a machine has beside its NAPIs --------------------------------------- */

static void add_nodes(struct machine *m)
{
	char path[CONFIG_PATH], value[32];
	const struct dev_row *dev;
	unsigned int i, nodes = (m->cpus + CPUS_A_NODE - 1) / CPUS_A_NODE;

	snprintf(value, sizeof(value), "0-%u", m->cpus - 1);
	config_add(&m->s.config, "cpu/online", value);
	for (i = 0; i < m->cpus; i++) {
		snprintf(path, sizeof(path), "cpu/%u/node", i);
		snprintf(value, sizeof(value), "%u", i / CPUS_A_NODE);
		config_add(&m->s.config, path, value);
	}
	table_for_each (&m->s.devs, dev) {
		config_dev_path(path, dev->dev, "", "numa_node");
		snprintf(value, sizeof(value), "%u",
			 (unsigned int)dev->ifindex % nodes);
		config_add(&m->s.config, path, value);
	}
}

/* Of other devices, disks for one; they have a line each, and few a handler. */
static void add_irqs(struct machine *m, unsigned int irqs)
{
	struct line_row *line;
	struct irq_row *irq;
	unsigned int i;

	for (i = 0; i < irqs; i++) {
		line = table_add(&m->s.lines);
		line->irq = 100 + m->napis + i;
		line->cpu = i % m->cpus;
		strcpy(line->flow, "edge");
		irq = table_add(&m->s.irqs);
		irq->id = m->napis + i;
		irq->irq = line->irq;
		irq->cpu = line->cpu;
		snprintf(irq->name, sizeof(irq->name), "nvme%uq%u", i / 64,
			 i % 64);
	}
}

/* The backlog of each CPU was polled once at least. */
static void add_backlogs(struct machine *m)
{
	struct napi_row *n;
	unsigned int cpu;

	for (cpu = 0; cpu < m->cpus; cpu++) {
		n = table_add(&m->s.pairs);
		n->id = m->napis + cpu;
		n->cpu = cpu;
		n->backlog_cpu = cpu;
		snprintf(n->label, sizeof(n->label), "backlog/%u", cpu);
		snprintf(n->poll_func, sizeof(n->poll_func), "process_backlog");
		n->netns_ino = MISSING;
		n->ifindex = MISSING;
		n->napi_id = MISSING;
		n->queue = MISSING;
		n->irq = MISSING;
		n->weight = 64;
		n->schedules = MISSING;
		n->core_reschedules = MISSING;
		n->completions = MISSING;
		n->rearms = MISSING;
		n->sched_ns = MISSING;
		n->sched_polls = MISSING;
		n->residency_ns = MISSING;
		n->watchdog_polls = MISSING;
	}
}

/* --- a second ------------------------------------------------------------------- */

static void grow_hot(struct machine *m, unsigned int one)
{
	struct napi_row *n;
	unsigned int i;

	table_for_each (&m->s.pairs, n) {
		if (!machine_is_busy(m, n->id) || n->id / m->spread % one ||
		    n->cpu != n->id % m->cpus)
			continue;
		for (i = 1; i < HOT_SECONDS; i++)
			machine_grow_napi(m, n, table_at(&m->s.irqs, n->id),
					  table_at(&m->s.lines, n->id));
	}
}

/* Nobody is all idle: timers run, and a disk has something to say. */
static void grow_others(struct machine *m)
{
	struct line_row *lines = m->s.lines.rows;
	struct irq_row *irqs = m->s.irqs.rows;
	struct cpu_row *cpu;
	uint64_t count;
	size_t i;

	table_for_each (&m->s.cpus, cpu)
		machine_grow_cpu(m, cpu, 0, 0);
	for (i = m->napis; i < m->s.irqs.count; i += 8) {
		count = machine_about(m, 20);
		irqs[i].count += count;
		irqs[i].ns += count * 2000;
		lines[i].count += count;
		cpu = table_at(&m->s.cpus, irqs[i].cpu);
		cpu->hardirqs += count;
		cpu->hardirq_ns += count * 2000;
	}
}

static int save(FILE *file, struct bytes *out)
{
	size_t put = fwrite(out->data, 1, out->count, file);

	if (put != out->count)
		return -EIO;
	bytes_clear(out);
	return 0;
}

static int write_all(struct machine *m, const struct shape *shape, FILE *file)
{
	struct bytes out = { 0 };
	struct encoder e;
	unsigned int i;
	int err;

	err = encoder_init(&e);
	for (i = 0; i < shape->snapshots && !err; i++) {
		machine_run(m);
		grow_hot(m, shape->hot);
		grow_others(m);
		err = encoder_put(&e, &m->s, &out);
		if (!err)
			err = save(file, &out);
	}
	if (!err)
		err = encoder_end(&e, &out);
	if (!err)
		err = save(file, &out);
	encoder_fini(&e);
	bytes_fini(&out);
	return err;
}

int main(int argc, char **argv)
{
	const struct shape shape = parse(argc, argv);
	unsigned int spread = shape.busy ? shape.napis / shape.busy : 1;
	FILE *file = fopen(shape.path, "w");
	struct machine m;

	if (!file)
		die("%s", shape.path);
	machine_init_shape(&m, shape.cpus, shape.napis,
			   shape.napis + shape.napis / 4, shape.busy, spread,
			   shape.queues);
	if (shape.hists)
		machine_add_hists(&m);
	add_nodes(&m);
	add_irqs(&m, shape.irqs);
	add_backlogs(&m);
	snapshot_sort(&m.s);
	errno = -write_all(&m, &shape, file);
	if (errno || fclose(file))
		die("%s", shape.path);
	machine_fini(&m);
	return 0;
}
