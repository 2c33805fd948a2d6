// SPDX-License-Identifier: GPL-2.0-only
/*
 * What no NIC has and refnic needs, in /sys/kernel/debug/refnic/NAME, where
 * NAME is what ethtool -i calls "bus-info":
 *
 *	gen/	the traffic generator: its settings, and "run": 1 starts, 0 ends
 *	fault/	ways to break the device and the driver
 *
 * The NAPI that ports share has faults of its own, in "shared"; those of its
 * ports then only break their rings.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "refnic.h"

static struct dentry *refnic_debugfs;

static int run_get(void *data, u64 *value)
{
	struct refnic_port *port = data;

	*value = refnic_hw_gen_runs(port->hw);
	return 0;
}

static int run_set(void *data, u64 value)
{
	struct refnic_port *port = data;
	int err = 0;

	/* One at a time; the port's own end waits for files in use. */
	mutex_lock(&port->gen_lock);
	if (value)
		err = refnic_hw_gen_start(port->hw);
	else
		refnic_hw_gen_stop(port->hw);
	mutex_unlock(&port->gen_lock);
	return err;
}

DEFINE_DEBUGFS_ATTRIBUTE(run_fops, run_get, run_set, "%llu\n");

static void add_gen(struct refnic_port *port)
{
	struct dentry *dir = debugfs_create_dir("gen", port->debugfs);
	struct refnic_gen *gen = refnic_hw_gen(port->hw);

	debugfs_create_u32("rate", 0644, dir, &gen->rate);
	debugfs_create_u32("burst", 0644, dir, &gen->burst);
	debugfs_create_u32("size", 0644, dir, &gen->size);
	debugfs_create_u32("flows", 0644, dir, &gen->flows);
	debugfs_create_u32("cpu", 0644, dir, &gen->cpu);
	debugfs_create_u64("count", 0644, dir, &gen->count);
	debugfs_create_u64("sent", 0444, dir, &gen->sent);
	debugfs_create_file_unsafe("run", 0644, dir, port, &run_fops);
}

/* Of an interrupt and its NAPI */
static struct dentry *add_vector_faults(struct dentry *parent,
					struct refnic_hw_faults *hw,
					struct refnic_faults *driver)
{
	struct dentry *dir = debugfs_create_dir("fault", parent);

	debugfs_create_u32("lose_irq", 0644, dir, &hw->lose_irq);
	debugfs_create_u32("bridge", 0644, dir, &hw->bridge);
	debugfs_create_u32("irq_ns", 0644, dir, &driver->irq_ns);
	debugfs_create_u32("irq_fail", 0644, dir, &driver->irq_fail);
	debugfs_create_u32("no_mask", 0644, dir, &driver->no_mask);
	debugfs_create_u32("no_complete", 0644, dir, &driver->no_complete);
	debugfs_create_u32("over_budget", 0644, dir, &driver->over_budget);
	debugfs_create_u32("empty_polls", 0644, dir, &driver->empty_polls);
	return dir;
}

/* Those, and of the port's rings */
static void add_faults(struct refnic_port *port)
{
	struct refnic_hw_faults *hw = refnic_hw_faults(port->hw);
	struct refnic_faults *driver = &port->faults;
	struct dentry *dir = add_vector_faults(port->debugfs, hw, driver);

	debugfs_create_u32("one_queue", 0644, dir, &hw->one_queue);
	debugfs_create_u32("packet_ns", 0644, dir, &driver->packet_ns);
	debugfs_create_u32("alloc_fail", 0644, dir, &driver->alloc_fail);
}

/* Without debugfs all of it does nothing. */
void refnic_debugfs_add(struct refnic_port *port)
{
	port->debugfs = debugfs_create_dir(port->name, refnic_debugfs);
	add_gen(port);
	add_faults(port);
}

void refnic_debugfs_remove(struct refnic_port *port)
{
	debugfs_remove(port->debugfs);
}

void refnic_debugfs_init(void)
{
	struct refnic_hw_faults *hw;
	struct refnic_faults *driver;

	refnic_debugfs = debugfs_create_dir("refnic", NULL);
	refnic_shared_faults(&hw, &driver);
	add_vector_faults(debugfs_create_dir("shared", refnic_debugfs), hw,
			  driver);
}

void refnic_debugfs_exit(void)
{
	debugfs_remove(refnic_debugfs);
}
