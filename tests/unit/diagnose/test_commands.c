// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that findings give: do they do what they say, on that server? */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "scenarios.h"

static const struct finding *found(struct scene *s, const char *id)
{
	const struct finding *f;

	scene_judge(s);
	f = scene_found(s, id);
	assert_non_null(f);
	return f;
}

static unsigned int lines(const char *text)
{
	unsigned int n = *text != '\0';

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* One more interrupt on CPU 2, where its NAPI is polled. */
static void add_interrupt(struct scene *s, unsigned int row, unsigned int irq)
{
	char path[32];

	snprintf(path, sizeof(path), "irq/%u/affinity", irq);
	scene_add_napi(s, "eth0/x", "eth0", irq, 2);
	scene_polled(s, row, 10, 10, 1000);
	scene_set(s, path, "2");
}

/* Each of many interrupts has its way back. */
static void test_many_interrupts(void **state)
{
	const struct finding *f;
	unsigned int i;
	struct scene s;

	(void)state;
	scene_init(&s);
	gathered(&s);
	for (i = 4; i < 12; i++)
		add_interrupt(&s, i, 100 + i);
	f = found(&s, "irqs-on-one-cpu");
	assert_int_equal(lines(f->undo), 12);
	assert_non_null(
		strstr(f->undo, "echo 2 >/proc/irq/111/smp_affinity_list"));
	/* More: as runs of numbers, and kept in a file. */
	for (; i < 20; i++)
		add_interrupt(&s, i, 102 + 2 * i);
	f = found(&s, "irqs-on-one-cpu");
	assert_non_null(strstr(f->fix, "; for i in 24 25 26 27 $(seq 104 1 111) "
				       "$(seq 126 2 140); do echo $1 >/proc/"));
	assert_non_null(strstr(f->undo, "<~/affinities.before"));
	/* More than a line holds: the program that does it may run already. */
	for (; i < 60; i++)
		add_interrupt(&s, i, 1000 + i * i);
	assert_non_null(strstr(found(&s, "irqs-on-one-cpu")->fix,
			       "# start irqbalance"));
	scene_set(&s, "irqbalance/running", "1");
	assert_null(strstr(found(&s, "irqs-on-one-cpu")->fix, "start irqbalance"));
	scene_fini(&s);
}

/* A recording may say anything: what is no list of CPUs is in no command. */
static void test_what_is_no_affinity(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	two_devices(&s);
	scene_set(&s, "irq/40/affinity", "0;reboot #");
	assert_null(strstr(found(&s, "shared-cpu")->undo, "reboot"));
	scene_fini(&s);
}

/* Nor is there a CPU of any number. */
static void test_a_cpu_that_cannot_be(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	saturated(&s);
	scene_cpu(&s, 3)->cpu = 1ULL << 40;
	found(&s, "cpu-saturated");
	scene_fini(&s);
}

/* Moderation is no longer than the ring has room for. */
static void test_moderation_fits_the_ring(void **state)
{
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	flapping(&s);
	assert_non_null(strstr(found(&s, "flapping")->fix, "rx-usecs 250"));
	scene_set(&s, "dev/eth0/ring/rx", "16");
	f = found(&s, "flapping");
	assert_non_null(strstr(f->fix, "rx-usecs 160"));
	scene_set(&s, "dev/eth0/ring/rx", "0");
	assert_string_equal(found(&s, "flapping")->fix, "");
	scene_fini(&s);
}

/* In Intel's drivers a few microseconds are a mode, and no time. */
static void test_modes_that_adapt(void **state)
{
	static const struct {
		const char *driver, *usecs;
		bool adapts;
	} cases[] = {
		{ "igb", "3", true },	 { "igb", "4", false },
		{ "e1000e", "1", true }, { "ixgbe", "1", true },
		{ "ixgbe", "3", false }, { "mlx5_core", "3", false },
	};
	const struct finding *f;
	struct scene s;
	size_t i;

	(void)state;
	scene_init(&s);
	unmoderated(&s);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		scene_set(&s, "dev/eth0/driver", cases[i].driver);
		scene_set(&s, "dev/eth0/coalesce/rx_usecs", cases[i].usecs);
		f = found(&s, "no-coalescing");
		assert_int_equal(!*f->fix, cases[i].adapts);
		assert_int_equal(!strstr(f->cause, "they are not moderated"),
				 cases[i].adapts);
	}
	scene_fini(&s);
}

/* A namespace without a name gets one, once: only so its /sys is seen. */
static void test_a_namespace_without_a_name(void **state)
{
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	by_timer(&s);
	snprintf(scene_dev(&s, 0)->netns, ROW_NETNS, "net:[4026532008]");
	scene_set(&s, "dev/eth0@net:[4026532008]/napi_defer_hard_irqs", "2");
	scene_set(&s, "dev/eth0@net:[4026532008]/gro_flush_timeout", "9000000");
	f = found(&s, "timer-polls");
	assert_string_equal(
		f->fix,
		"ip netns attach n4026532008 $(lsns -nrt net -o PID,NS | awk '$2 "
		"== 4026532008 { print $1 }') 2>/dev/null\n"
		"ip netns exec n4026532008 sh -c 'echo 0 "
		">/sys/class/net/eth0/napi_defer_hard_irqs'\n"
		"ip netns exec n4026532008 sh -c 'echo 0 "
		">/sys/class/net/eth0/gro_flush_timeout'");
	scene_fini(&s);
}

/* A mask of so many CPUs is as long as it is; with no room there is no command. */
static void test_masks_of_many_cpus(void **state)
{
	const struct finding *f;
	unsigned int cpu;
	struct scene s;

	(void)state;
	scene_init(&s);
	single_queue(&s);
	for (cpu = NR_CPUS; cpu < 512; cpu++)
		scene_add_cpu(&s, cpu);
	scene_set(&s, "cpu/online", "0-511");
	f = found(&s, "single-queue");
	assert_non_null(strstr(f->fix, "echo ffffffff,ffffffff,"));
	for (; cpu < 1024; cpu++)
		scene_add_cpu(&s, cpu);
	scene_set(&s, "cpu/online", "0-1023");
	assert_string_equal(found(&s, "single-queue")->fix, "");
	scene_fini(&s);
}

/* From 6.13 on a NAPI has its own, which a write to the device's would replace. */
static void test_napis_with_settings_of_their_own(void **state)
{
	struct told_row *told;
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	s.last.told.row_size = sizeof(*told);
	told = scene_row(&s.last.told);
	*told = (struct told_row){ .netns_ino = scene_napi(&s, 0)->netns_ino,
				   .napi_id = scene_napi(&s, 0)->napi_id,
				   .ifindex = scene_dev(&s, 0)->ifindex,
				   .defer_hard_irqs = 100,
				   .gro_flush_timeout_ns = 50000 };
	scene_set(&s, "dev/eth0/napi_defer_hard_irqs", "0");
	scene_set(&s, "dev/eth0/gro_flush_timeout", "0");
	empty(&s);
	f = found(&s, "empty-polls");
	assert_int_equal(f->severity, SEVERITY_HARMLESS);
	assert_string_equal(f->fix, "");
	/* It is the device's: then that may be changed. */
	scene_set(&s, "dev/eth0/napi_defer_hard_irqs", "100");
	scene_set(&s, "dev/eth0/gro_flush_timeout", "50000");
	f = found(&s, "empty-polls");
	assert_string_equal(f->fix,
			    "echo 50 >/sys/class/net/eth0/napi_defer_hard_irqs");
	scene_fini(&s);
}

/* A frame that ends the wait is as good as no wait. */
static void test_a_wait_that_a_frame_ends(void **state)
{
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	unmoderated(&s);
	scene_set(&s, "dev/eth0/coalesce/rx_frames", "1");
	f = found(&s, "no-coalescing");
	assert_non_null(strstr(f->fix, "rx-usecs 50 rx-frames 32"));
	assert_non_null(strstr(f->undo, " rx-frames 1"));
	scene_fini(&s);
}

/* CPUs that a cpuset keeps for somebody are nobody else's. */
static void test_cpus_of_a_partition(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	single_queue(&s);
	assert_non_null(strstr(found(&s, "single-queue")->fix, "echo e "));
	scene_set(&s, "cpu/partitioned", "2-3");
	assert_non_null(strstr(found(&s, "single-queue")->fix, "echo 3 "));
	scene_fini(&s);
}

/* Time and budget were used up together: more budget is no way out. */
static void test_squeezed_by_both(void **state)
{
	struct scene s;
	struct cpu_row *cpu;

	(void)state;
	scene_init(&s);
	squeezed_by_time(&s);
	cpu = scene_cpu(&s, 0);
	for (; cpu < scene_cpu(&s, 0) + NR_CPUS; cpu++) {
		cpu->squeeze_both = cpu->squeeze_time;
		cpu->squeeze_time = 0;
	}
	found(&s, "squeeze-time");
	assert_null(scene_found(&s, "squeeze-budget"));
	assert_null(scene_found(&s, "squeeze-harmless"));
	assert_null(scene_found(&s, "squeeze-elsewhere"));
	scene_fini(&s);

	scene_init(&s);
	time_elsewhere(&s);
	for (cpu = scene_cpu(&s, 0); cpu < scene_cpu(&s, 0) + NR_CPUS; cpu++) {
		cpu->squeeze_both = cpu->squeeze_time;
		cpu->squeeze_time = 0;
	}
	found(&s, "squeeze-elsewhere");
	assert_null(scene_found(&s, "squeeze-harmless"));
	scene_fini(&s);
}

/* What the hypervisor took may be in the time of NET_RX. */
static void test_stolen_time(void **state)
{
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	saturated(&s);
	assert_int_equal(found(&s, "cpu-saturated")->severity, SEVERITY_CRITICAL);
	scene_cpu(&s, 3)->stat_steal_ns = NS / 10;
	f = found(&s, "cpu-saturated");
	assert_int_equal(f->severity, SEVERITY_WARNING);
	assert_non_null(strstr(f->kernel, "hypervisor"));
	scene_fini(&s);
}

/* The limit that rps-one-flow advises drops, too: that is no full backlog. */
static void test_flow_limit(void **state)
{
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_cpu(&s, 1)->softnet_dropped = 1000;
	scene_cpu(&s, 0)->softnet_flow_limit = 499;
	f = found(&s, "backlog-drops");
	assert_int_equal(f->severity, SEVERITY_WARNING);
	scene_cpu(&s, 0)->softnet_flow_limit = 500;
	f = found(&s, "backlog-drops");
	assert_int_equal(f->severity, SEVERITY_NOTE);
	assert_string_equal(f->fix, "");
	assert_non_null(strstr(f->cause, "flow limit"));
	scene_fini(&s);
}

/* A NAPI in a thread is polled where the thread is. */
static void test_threads_have_no_affinity(void **state)
{
	struct scene s;
	unsigned int i;

	(void)state;
	scene_init(&s);
	remote(&s);
	for (i = 0; i < NR_QUEUES; i++)
		scene_napi(&s, i)->threaded_polls = scene_napi(&s, i)->polls;
	assert_string_equal(found(&s, "remote-node")->fix, "");
	scene_fini(&s);
}

/* Those of a full CPU may never have had an interrupt while somebody looked. */
static void test_links_that_are_not_known(void **state)
{
	struct scene s;
	unsigned int i;

	(void)state;
	scene_init(&s);
	gathered(&s);
	for (i = 1; i < NR_QUEUES; i++) {
		scene_napi(&s, i)->irq = MISSING;
		scene_place(&s, i, 2);
	}
	scene_set(&s, "dev/eth0/bus", "usb-0000:00:14.0-1");
	scene_judge(&s);
	assert_int_equal(scene_rule(&s, "irqs-on-one-cpu")->state, RULE_CLEAR);
	scene_set(&s, "dev/eth0/bus", "0000:01:00.0");
	scene_judge(&s);
	assert_int_equal(scene_rule(&s, "irqs-on-one-cpu")->state,
			 RULE_NOT_MEASURED);
	scene_fini(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many_interrupts),
		cmocka_unit_test(test_what_is_no_affinity),
		cmocka_unit_test(test_a_cpu_that_cannot_be),
		cmocka_unit_test(test_moderation_fits_the_ring),
		cmocka_unit_test(test_modes_that_adapt),
		cmocka_unit_test(test_a_namespace_without_a_name),
		cmocka_unit_test(test_masks_of_many_cpus),
		cmocka_unit_test(test_napis_with_settings_of_their_own),
		cmocka_unit_test(test_a_wait_that_a_frame_ends),
		cmocka_unit_test(test_cpus_of_a_partition),
		cmocka_unit_test(test_squeezed_by_both),
		cmocka_unit_test(test_stolen_time),
		cmocka_unit_test(test_flow_limit),
		cmocka_unit_test(test_threads_have_no_affinity),
		cmocka_unit_test(test_links_that_are_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
