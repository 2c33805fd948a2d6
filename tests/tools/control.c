// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * control: how many softirqs and interrupts this kernel hides from BPF
 * programs.  Counts from start until a line (or the end) of standard input,
 * then prints JSON: {"softirqs": [{"cpu", "vec", "hidden"}, ...], "irqs":
 * [{"irq", "hidden"}, ...]}, only what is not zero.  Run around napiscope it
 * bounds what napiscope can have missed; on a kernel that hides nothing it
 * prints empty lists, and the tests ask for equality.
 */
#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.skel.h"
#include "model/field.h"
#include "model/snapshot.h"
#include "collect/procfs.h"

#define TRIES 200
#define NR_IRQS 1024

struct sample {
	struct table cpus;  /* struct cpu_row */
	struct table lines; /* struct line_row */
	uint64_t softirqs[512][16];
	uint64_t irqs[512][NR_IRQS];
};

static int kernel_read(struct table *cpus, struct table *lines)
{
	unsigned int cpu, nr = sysconf(_SC_NPROCESSORS_CONF);
	struct cpu_row *row;

	table_clear(cpus);
	table_clear(lines);
	for (cpu = 0; cpu < nr; cpu++) {
		row = table_add(cpus);
		if (!row)
			return -ENOMEM;
		row->cpu = cpu;
	}
	procfs_softirqs("", cpus);
	return procfs_interrupts("", lines);
}

static bool same(const struct table *a, const struct table *b)
{
	return a->count == b->count &&
	       !memcmp(a->rows, b->rows, a->count * a->row_size);
}

/* The kernel's counters and ours at one instant, as in collect/live.c. */
static bool sample_take(const struct control *skel, struct sample *s)
{
	struct table cpus = TABLE_INIT(struct cpu_row);
	struct table lines = TABLE_INIT(struct line_row);
	bool settled = false;
	unsigned int tries;

	s->cpus.row_size = sizeof(struct cpu_row);
	s->lines.row_size = sizeof(struct line_row);
	for (tries = 0; !settled && tries < TRIES; tries++) {
		if (kernel_read(&s->cpus, &s->lines))
			break;
		memcpy(s->softirqs, skel->bss->softirqs, sizeof(s->softirqs));
		memcpy(s->irqs, skel->bss->irqs, sizeof(s->irqs));
		if (kernel_read(&cpus, &lines))
			break;
		settled = same(&s->cpus, &cpus) && same(&s->lines, &lines);
	}
	table_fini(&cpus);
	table_fini(&lines);
	return settled;
}

static json_t *hidden_softirqs(const struct sample *a, const struct sample *b)
{
	const struct cpu_row *x = a->cpus.rows, *y = b->cpus.rows;
	json_t *array = json_array();
	unsigned int cpu, vec;
	int64_t hidden;

	for (cpu = 0; cpu < b->cpus.count; cpu++) {
		for (vec = 0; vec < NAPI_NR_VECS; vec++) {
			hidden = (uint32_t)(y[cpu].softirqs_kernel[vec] -
					    x[cpu].softirqs_kernel[vec]) -
				 (int64_t)(b->softirqs[cpu][vec] -
					   a->softirqs[cpu][vec]);
			if (hidden)
				json_array_append_new(
					array,
					json_pack("{s:i, s:s, s:I}", "cpu", cpu,
						  "vec", vec_name(vec),
						  "hidden", (json_int_t)hidden));
		}
	}
	return array;
}

/* Of an irq over all CPUs; < 0: runs that the kernel does not count (edge). */
static int64_t hidden_runs(const struct sample *a, const struct sample *b,
			   uint64_t irq)
{
	const struct line_row *line;
	uint32_t kernel = 0;
	int64_t seen = 0;
	unsigned int cpu;

	table_for_each (&b->lines, line)
		kernel += line->irq == irq ? line->count : 0;
	table_for_each (&a->lines, line)
		kernel -= line->irq == irq ? line->count : 0;
	for (cpu = 0; cpu < 512; cpu++)
		seen += b->irqs[cpu][irq] - a->irqs[cpu][irq];
	return kernel - seen;
}

static json_t *hidden_irqs(const struct sample *a, const struct sample *b)
{
	json_t *array = json_array();
	unsigned int irq;
	int64_t hidden;

	for (irq = 0; irq < NR_IRQS; irq++) {
		hidden = hidden_runs(a, b, irq);
		if (hidden)
			json_array_append_new(
				array, json_pack("{s:i, s:I}", "irq", irq,
						 "hidden", (json_int_t)hidden));
	}
	return array;
}

static int control_run(struct control *skel)
{
	static struct sample before, after;
	json_t *root;

	if (!sample_take(skel, &before))
		return EXIT_FAILURE;
	puts("ready");
	fflush(stdout);
	while (getchar() != EOF)
		;
	if (!sample_take(skel, &after))
		return EXIT_FAILURE;
	root = json_pack("{s:o, s:o}", "softirqs",
			 hidden_softirqs(&before, &after), "irqs",
			 hidden_irqs(&before, &after));
	json_dumpf(root, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(root);
	table_fini(&before.cpus);
	table_fini(&before.lines);
	table_fini(&after.cpus);
	table_fini(&after.lines);
	return EXIT_SUCCESS;
}

int main(void)
{
	struct control *skel = control__open_and_load();
	int status = EXIT_FAILURE;

	if (skel && !control__attach(skel))
		status = control_run(skel);
	if (status)
		fputs("control: cannot count: no BPF, or /proc never stood "
		      "still\n",
		      stderr);
	control__destroy(skel);
	return status;
}
