// SPDX-License-Identifier: GPL-2.0-or-later
/* See config.h. */
#include "collect/config.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/config_devs.h"
#include "collect/procfs.h"
#include "model/config.h"

#define CONFIG_MAX_NODES 1024

static const struct config_file config_files[] = {
	{ "proc/version", "host/version" },
	{ "sys/kernel/realtime", "host/realtime" },
	{ "sys/hypervisor/type", "host/hypervisor" },
	{ "sys/class/dmi/id/sys_vendor", "host/vendor" },
	{ "sys/class/dmi/id/product_name", "host/product" },
	{ "sys/devices/system/clocksource/clocksource0/current_clocksource",
	  "host/clocksource" },
	{ "sys/devices/system/cpu/online", "cpu/online" },
	{ "sys/devices/system/cpu/possible", "cpu/possible" },
	{ "sys/devices/system/cpu/isolated", "cpu/isolated" },
	{ "sys/devices/system/cpu/nohz_full", "cpu/nohz_full" },
	{ "sys/fs/cgroup/cpuset.cpus.isolated", "cpu/partitioned" },
	{ "sys/devices/system/cpu/smt/active", "cpu/smt" },
	{ "proc/irq/default_smp_affinity", "irq/default_affinity" },
};

static const char *const config_sysctls[] = {
	"net/core/netdev_budget",
	"net/core/netdev_budget_usecs",
	"net/core/netdev_max_backlog",
	"net/core/dev_weight",
	"net/core/dev_weight_rx_bias",
	"net/core/dev_weight_tx_bias",
	"net/core/busy_poll",
	"net/core/busy_read",
	"net/core/rps_sock_flow_entries",
	"net/core/rps_default_mask",
	"net/core/flow_limit_cpu_bitmap",
	"net/core/flow_limit_table_len",
	"net/core/gro_normal_batch",
	"net/core/netdev_tstamp_prequeue",
	"net/core/default_qdisc",
	"net/core/rmem_default",
	"net/core/rmem_max",
	"kernel/sched_rt_runtime_us",
};

/* What changes where and how soon interrupts and softirqs run; others may be secrets. */
static const char *const config_parameters[] = {
	"acpi_irq_nobalance",
	"amd_iommu",
	"amd_pstate",
	"clocksource",
	"highres",
	"idle",
	"intel_idle.max_cstate",
	"intel_iommu",
	"intel_pstate",
	"iommu",
	"iommu.passthrough",
	"iommu.strict",
	"irqaffinity",
	"isolcpus",
	"maxcpus",
	"mitigations",
	"nohz",
	"nohz_full",
	"nosmt",
	"nr_cpus",
	"numa",
	"numa_balancing",
	"pcie_aspm",
	"possible_cpus",
	"preempt",
	"processor.max_cstate",
	"pti",
	"rcu_nocbs",
	"skew_tick",
	"threadirqs",
	"tsc",
};

bool capture_is_line(char *text)
{
	size_t len = strlen(text);

	while (len && (text[len - 1] == '\n' || text[len - 1] == ' '))
		text[--len] = '\0';
	return !strchr(text, '\n');
}

/* The setting at path from a file below root; one that is not there is none. */
static int capture_file(struct capture *c, const char *file, const char *path)
{
	if (procfs_readf(&c->buf, &c->room, "%s/%s", c->root, file) ||
	    !capture_is_line(c->buf))
		return 0;
	return config_add(c->config, path, c->buf);
}

static bool parameter_matters(const char *word)
{
	const size_t length = strcspn(word, "=");
	size_t i;

	for (i = 0; i < sizeof(config_parameters) / sizeof(*config_parameters);
	     i++)
		if (strlen(config_parameters[i]) == length &&
		    !memcmp(config_parameters[i], word, length))
			return true;
	return false;
}

/* Those of the kernel's command line that matter, in its order. */
static int capture_cmdline(struct capture *c)
{
	char *word, *rest, *end;

	if (procfs_readf(&c->buf, &c->room, "%s/proc/cmdline", c->root) ||
	    !capture_is_line(c->buf))
		return 0;
	end = c->buf;
	for (word = strtok_r(c->buf, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest)) {
		if (!parameter_matters(word))
			continue;
		if (end != c->buf)
			*end++ = ' ';
		memmove(end, word, strlen(word) + 1);
		end += strlen(end);
	}
	return end == c->buf ? 0 : config_add(c->config, "host/cmdline", c->buf);
}

static int capture_files(struct capture *c)
{
	size_t i;
	int err = 0;

	for (i = 0; i < sizeof(config_files) / sizeof(*config_files) && !err; i++)
		err = capture_file(c, config_files[i].file, config_files[i].path);
	return err;
}

static int capture_sysctls(struct capture *c)
{
	char file[PATH_MAX], path[CONFIG_PATH], *slash;
	size_t i;
	int err = 0;

	for (i = 0;
	     i < sizeof(config_sysctls) / sizeof(*config_sysctls) && !err; i++) {
		snprintf(file, sizeof(file), "proc/sys/%s", config_sysctls[i]);
		snprintf(path, sizeof(path), "sysctl/%s", config_sysctls[i]);
		while ((slash = strchr(path + sizeof("sysctl"), '/')))
			*slash = '.';
		err = capture_file(c, file, path);
	}
	return err;
}

/* --- CPUs ----------------------------------------------------------------- */

static int capture_cpu(struct capture *c, uint64_t cpu)
{
	static const struct config_file files[] = {
		{ "topology/thread_siblings_list", "siblings" },
		{ "cpufreq/scaling_governor", "governor" },
	};
	char file[PATH_MAX], path[CONFIG_PATH];
	size_t i;
	int err = 0;

	for (i = 0; i < sizeof(files) / sizeof(*files) && !err; i++) {
		snprintf(file, sizeof(file),
			 "sys/devices/system/cpu/cpu%" PRIu64 "/%s", cpu,
			 files[i].file);
		snprintf(path, sizeof(path), "cpu/%" PRIu64 "/%s", cpu,
			 files[i].path);
		err = capture_file(c, file, path);
	}
	return err;
}

static int capture_node(struct capture *c, unsigned int node,
			const struct cpuset *cpus)
{
	char path[CONFIG_PATH], value[16];
	unsigned int cpu;
	int err = 0;

	snprintf(value, sizeof(value), "%u", node);
	for (cpu = 0; cpu < cpuset_end(cpus) && !err; cpu++) {
		if (!cpuset_has(cpus, cpu))
			continue;
		snprintf(path, sizeof(path), "cpu/%u/node", cpu);
		err = config_add(c->config, path, value);
	}
	return err;
}

/* The node's list is one file for all its CPUs. */
static int capture_nodes(struct capture *c)
{
	struct cpuset nodes = { 0 }, cpus = { 0 };
	char path[CONFIG_PATH];
	unsigned int node;
	int err = 0;

	if (procfs_readf(&c->buf, &c->room, "%s/sys/devices/system/node/online",
			 c->root) ||
	    !capture_is_line(c->buf) || cpuset_parse(c->buf, &nodes))
		return 0;
	for (node = 0; node < cpuset_end(&nodes) && !err; node++) {
		if (node >= CONFIG_MAX_NODES || !cpuset_has(&nodes, node) ||
		    procfs_readf(&c->buf, &c->room,
				 "%s/sys/devices/system/node/node%u/cpulist",
				 c->root, node) ||
		    !capture_is_line(c->buf) || cpuset_parse(c->buf, &cpus))
			continue;
		err = capture_node(c, node, &cpus);
		cpuset_fini(&cpus);
		snprintf(path, sizeof(path), "node/%u/distance", node);
		if (!err &&
		    !procfs_readf(&c->buf, &c->room,
				  "%s/sys/devices/system/node/node%u/distance",
				  c->root, node) &&
		    capture_is_line(c->buf))
			err = config_add(c->config, path, c->buf);
	}
	cpuset_fini(&nodes);
	return err;
}

static int capture_cpus(struct capture *c, const struct snapshot *s)
{
	const struct cpu_row *cpu;
	int err = capture_nodes(c);

	table_for_each (&s->cpus, cpu)
		if (!err)
			err = capture_cpu(c, cpu->cpu);
	return err;
}

/* --- interrupts ----------------------------------------------------------- */

static int capture_irq(struct capture *c, uint64_t irq)
{
	static const struct config_file files[] = {
		{ "smp_affinity_list", "affinity" },
		{ "effective_affinity_list", "effective_affinity" },
		{ "node", "node" },
	};
	char file[PATH_MAX], path[CONFIG_PATH];
	size_t i;
	int err = 0;

	for (i = 0; i < sizeof(files) / sizeof(*files) && !err; i++) {
		snprintf(file, sizeof(file), "proc/irq/%" PRIu64 "/%s", irq,
			 files[i].file);
		snprintf(path, sizeof(path), "irq/%" PRIu64 "/%s", irq,
			 files[i].path);
		err = capture_file(c, file, path);
	}
	return err;
}

static int irq_number_cmp(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int irq_numbers_add(struct table *irqs, uint64_t irq)
{
	uint64_t *row;

	if (irq == MISSING)
		return 0;
	row = table_add(irqs);
	if (!row)
		return -ENOMEM;
	*row = irq;
	return 0;
}

/* Those that ran, those of /proc/interrupts, and those of idle NAPIs. */
static int irq_numbers(struct table *irqs, const struct snapshot *s)
{
	const struct line_row *line;
	const struct irq_row *irq;
	const struct told_row *told;
	const struct napi_row *napi;
	int err = 0;

	table_for_each (&s->irqs, irq)
		err = err ? err : irq_numbers_add(irqs, irq->irq);
	table_for_each (&s->lines, line)
		err = err ? err : irq_numbers_add(irqs, line->irq);
	table_for_each (&s->told, told)
		err = err ? err : irq_numbers_add(irqs, told->irq);
	table_for_each (&s->pairs, napi)
		err = err ? err : irq_numbers_add(irqs, napi->irq);
	table_sort(irqs, irq_number_cmp);
	return err;
}

static int capture_irqs(struct capture *c, const struct snapshot *s)
{
	struct table irqs = TABLE_INIT(uint64_t);
	uint64_t last = MISSING, *irq;
	int err = irq_numbers(&irqs, s);

	table_for_each (&irqs, irq) {
		if (!err && *irq != last)
			err = capture_irq(c, *irq);
		last = *irq;
	}
	table_fini(&irqs);
	return err;
}

/* --- irqbalance ----------------------------------------------------------- */

/* It undoes a pinning by hand, so that a diagnosis has to know. */
static int capture_irqbalance(struct capture *c)
{
	struct dirent *entry;
	char path[PATH_MAX];
	const char *running = "0";
	DIR *proc;

	snprintf(path, sizeof(path), "%s/proc", c->root);
	proc = opendir(path);
	if (!proc)
		return 0;
	while (*running == '0' && (entry = readdir(proc)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		    !procfs_readf(&c->buf, &c->room, "%s/%s/comm", path,
				  entry->d_name) &&
		    !strcmp(c->buf, "irqbalance\n"))
			running = "1";
	closedir(proc);
	return config_add(c->config, "irqbalance/running", running);
}

int config_capture(const char *root, const struct netdev *nd, struct snapshot *s)
{
	struct capture c = { .root = root, .config = &s->config };
	int err;

	table_clear(&s->config);
	err = config_add(c.config, "host/napiscope", VERSION);
	if (!err)
		err = capture_files(&c);
	if (!err)
		err = capture_cmdline(&c);
	if (!err)
		err = capture_sysctls(&c);
	if (!err)
		err = capture_cpus(&c, s);
	if (!err)
		err = capture_irqs(&c, s);
	if (!err)
		err = capture_devs(&c, nd, s);
	if (!err)
		err = capture_irqbalance(&c);
	free(c.buf);
	config_sort(&s->config);
	return err;
}
