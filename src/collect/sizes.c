// SPDX-License-Identifier: GPL-2.0-or-later
/* See sizes.h. */
#include "collect/sizes.h"

#include <string.h>

#include "collect/procfs.h"
#include "util/log.h"

#define MIN_SLOTS 8192
#define MAX_SLOTS 65536
#define SLOTS_PER_CPU 128
#define IRQ_SLOTS_PER_CPU 256
#define MAX_IRQ_SLOTS 65536
#define HISTS_PER_CPU 64
#define MIN_HISTS 4096
#define MAX_HISTS 16384
/* Of each pair that is asked room for. */
#define HISTS_PER_SLOT 3

static unsigned int clamp(unsigned int value, unsigned int low, unsigned int high)
{
	return value < low ? low : value > high ? high : value;
}

static unsigned int sizes_hists(unsigned int slots, unsigned int cpus)
{
	unsigned int asked = clamp(HISTS_PER_SLOT * slots, MIN_HISTS, MAX_HISTS);

	return clamp(HISTS_PER_CPU * cpus, asked, MAX_HISTS);
}

int sizes_choose(unsigned int slots, bool hists, struct loader_sizes *sizes)
{
	struct cpuset possible = { 0 };
	int err = sysfs_cpus("", "possible", &possible);

	if (err) {
		log_error("cannot read /sys/devices/system/cpu/possible: %s; is /sys "
			  "mounted?",
			  strerror(-err));
		return err;
	}
	sizes->cpus = cpuset_end(&possible);
	cpuset_fini(&possible);
	sizes->slots =
		slots ? slots :
			clamp(SLOTS_PER_CPU * sizes->cpus, MIN_SLOTS, MAX_SLOTS);
	sizes->irq_slots = clamp(IRQ_SLOTS_PER_CPU * sizes->cpus,
				 IRQ_SLOTS_PER_CPU, MAX_IRQ_SLOTS);
	if (sizes->irq_slots < slots)
		sizes->irq_slots = slots;
	sizes->hists = hists ? sizes_hists(slots, sizes->cpus) : 1;
	return 0;
}
