// SPDX-License-Identifier: GPL-2.0-or-later
/* The choice of tier and probes, over the facts of kernels met so far. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "collect/probes.h"

#define ALL_TARGETS ((1ULL << NR_TARGETS) - 1)
#define BIT(n) (1ULL << (n))

/* A current x86 kernel that allows everything. */
static struct facts facts_modern(void)
{
	return (struct facts){
		.targets = ALL_TARGETS,
		.btf_functions = ALL_TARGETS,
		.in_net_rx_action = true,
		.symbol_names = true,
	};
}

static const struct probe_wish any = { .tier = TIER_AUTO };

static unsigned int programs_of(const struct probe_plan *plan, enum probe_id id)
{
	unsigned int i, n = 0;

	for (i = 0; i < PROBE_MAX_PROGRAMS; i++)
		n += probe_uses(plan, id, i);
	return n;
}

static void test_modern_kernel_gets_fentry(void **state)
{
	struct facts facts = facts_modern();
	struct probe_plan plan;

	(void)state;
	assert_int_equal(probe_choose(&facts, &any, &plan), 0);
	assert_int_equal(plan.tier, TIER_FENTRY);
	assert_string_equal(plan.tier_reason, "");
	assert_int_equal(programs_of(&plan, PROBE_POLL_ENTRY), 1);
	assert_int_equal(programs_of(&plan, PROBE_SCHEDULE), 2);
	assert_false(plan.on >> PROBE_DRIVER_POLL & 1);
	/* 6.4 and later say themselves that work is left. */
	assert_false(plan.on >> PROBE_SOFTIRQ_RAISE & 1);
}

/* What the counters do not need is attached when events of it are wanted. */
static void test_raises_can_be_asked_for(void **state)
{
	struct facts facts = facts_modern();
	struct probe_wish wish = { .tier = TIER_AUTO,
				   .with = 1 << PROBE_SOFTIRQ_RAISE };
	struct probe_plan plan;

	(void)state;
	assert_int_equal(probe_choose(&facts, &wish, &plan), 0);
	assert_true(plan.on >> PROBE_SOFTIRQ_RAISE & 1);
	wish.without = wish.with;
	assert_int_equal(probe_choose(&facts, &wish, &plan), 0);
	assert_false(plan.on >> PROBE_SOFTIRQ_RAISE & 1);
	wish.without = 0;
	facts.targets &= ~BIT(TARGET_SOFTIRQ_RAISE);
	assert_int_equal(probe_choose(&facts, &wish, &plan), 0);
	assert_false(plan.on >> PROBE_SOFTIRQ_RAISE & 1);
}

/* Histograms want it too, but only while they are measured. */
static void test_raises_of_histograms(void **state)
{
	struct facts facts = facts_modern();
	struct probe_wish wish = { .tier = TIER_AUTO, .hists = true };
	struct probe_plan plan;

	(void)state;
	assert_int_equal(probe_choose(&facts, &wish, &plan), 0);
	assert_true(plan.on >> PROBE_SOFTIRQ_RAISE & 1);
	assert_true(plan.with_hists >> PROBE_SOFTIRQ_RAISE & 1);
	wish.with = 1 << PROBE_SOFTIRQ_RAISE;
	assert_int_equal(probe_choose(&facts, &wish, &plan), 0);
	assert_false(plan.with_hists >> PROBE_SOFTIRQ_RAISE & 1);
	/* Needed for more than them, before 6.4. */
	wish.with = 0;
	facts.in_net_rx_action = false;
	assert_int_equal(probe_choose(&facts, &wish, &plan), 0);
	assert_false(plan.with_hists >> PROBE_SOFTIRQ_RAISE & 1);
}

static void test_locked_down_kernel_gets_tracepoints(void **state)
{
	struct facts facts = facts_modern();
	struct probe_plan plan;

	(void)state;
	facts.fentry_error = -EPERM;
	facts.fentry_at_load = true;
	facts.kprobe_error = -ENOENT;
	assert_int_equal(probe_choose(&facts, &any, &plan), 0);
	assert_int_equal(plan.tier, TIER_TRACEPOINT);
	assert_non_null(strstr(plan.tier_reason, "EPERM"));
	assert_non_null(strstr(plan.tier_reason, "kprobes"));
	assert_false(plan.on >> PROBE_POLL_ENTRY & 1);
	assert_int_equal(programs_of(&plan, PROBE_NAPI_POLL), 1);
}

/* arm64 before 6.4: fentry loads and does not attach. */
static void test_no_trampolines_gets_kprobes(void **state)
{
	struct facts facts = facts_modern();
	struct probe_plan plan;

	(void)state;
	facts.fentry_error = -524;
	assert_int_equal(probe_choose(&facts, &any, &plan), 0);
	assert_int_equal(plan.tier, TIER_KPROBE);
	assert_int_equal(programs_of(&plan, PROBE_COMPLETE), 2);
	assert_true(probe_uses(&plan, PROBE_POLL_ENTRY, 1));
	assert_false(probe_uses(&plan, PROBE_POLL_ENTRY, 0));
}

/* Debian with CAP_BPF and CAP_PERFMON, where fentry cannot be had. */
static void test_forbidden_kprobes_are_not_tried(void **state)
{
	struct facts facts = facts_modern();
	struct probe_plan plan;

	(void)state;
	facts.fentry_error = -524;
	facts.kprobe_error = -EACCES;
	assert_int_equal(probe_choose(&facts, &any, &plan), 0);
	assert_int_equal(plan.tier, TIER_TRACEPOINT);
	assert_non_null(strstr(plan.tier_reason, "CAP_SYS_ADMIN"));
}

static void test_a_forced_tier_is_had_or_refused(void **state)
{
	struct facts facts = facts_modern();
	struct probe_wish wish = { .tier = TIER_TRACEPOINT };
	struct probe_plan plan;

	(void)state;
	assert_int_equal(probe_choose(&facts, &wish, &plan), 0);
	assert_int_equal(plan.tier, TIER_TRACEPOINT);
	wish.tier = TIER_FENTRY;
	facts.fentry_error = -EPERM;
	assert_int_equal(probe_choose(&facts, &wish, &plan), -EOPNOTSUPP);
	assert_true(strlen(plan.tier_reason) > 0);
}

/* What fails is given up in steps: a probe, the tier, what is optional. */
static void test_what_fails_is_given_up(void **state)
{
	const uint32_t ways = BIT(PROBE_SCHEDULE) | BIT(PROBE_COMPLETE);
	struct facts facts = facts_modern();
	struct probe_plan plan;
	uint32_t given_up;

	(void)state;
	assert_int_equal(probe_choose(&facts, &any, &plan), 0);
	assert_int_equal(probe_give_up(&plan, PROBE_COMPLETE), ways);
	assert_int_equal(plan.tier, TIER_FENTRY);
	given_up = BIT(PROBE_POLL_ENTRY) | BIT(PROBE_WATCHDOG);
	assert_int_equal(probe_give_up(&plan, NR_PROBES), given_up);
	assert_int_equal(plan.tier, TIER_TRACEPOINT);
	assert_non_null(strstr(plan.tier_reason, "fentry"));
	assert_true(plan.on >> PROBE_IRQ_HANDLER & 1);
	given_up = probe_give_up(&plan, NR_PROBES);
	assert_true(given_up >> PROBE_IRQ_HANDLER & 1);
	assert_string_equal(plan.why[PROBE_IRQ_HANDLER], "the kernel refused it");
	assert_int_equal(plan.on, BIT(PROBE_SOFTIRQ) | BIT(PROBE_NAPI_POLL));
	assert_int_equal(probe_give_up(&plan, NR_PROBES), 0);
	assert_int_equal(probe_give_up(&plan, PROBE_SOFTIRQ), 0);
}

/* The last probe of a tier takes the tier with it. */
static void test_a_tier_without_its_probes_is_none(void **state)
{
	struct facts facts = facts_modern();
	struct probe_wish wish = { .tier = TIER_AUTO,
				   .without = BIT(PROBE_SCHEDULE) |
					      BIT(PROBE_WATCHDOG) };
	struct probe_plan plan;

	(void)state;
	assert_int_equal(probe_choose(&facts, &wish, &plan), 0);
	assert_int_equal(probe_give_up(&plan, PROBE_POLL_ENTRY),
			 BIT(PROBE_POLL_ENTRY));
	assert_int_equal(plan.tier, TIER_TRACEPOINT);
	/* Not where the tier was asked for: then it is had or refused. */
	wish.tier = TIER_FENTRY;
	assert_int_equal(probe_choose(&facts, &wish, &plan), 0);
	assert_int_equal(probe_give_up(&plan, PROBE_POLL_ENTRY), 0);
	assert_int_equal(plan.tier, TIER_FENTRY);
}

/* 5.10: no __napi_poll, and the raise event is needed for work left. */
static void test_old_kernel_goes_without_poll_entry(void **state)
{
	struct facts facts = facts_modern();
	struct probe_plan plan;

	(void)state;
	facts.targets &= ~BIT(TARGET_FN_NAPI_POLL);
	facts.btf_functions &= ~BIT(TARGET_FN_NAPI_POLL);
	facts.in_net_rx_action = false;
	assert_int_equal(probe_choose(&facts, &any, &plan), 0);
	assert_int_equal(plan.tier, TIER_FENTRY);
	assert_false(plan.on >> PROBE_POLL_ENTRY & 1);
	assert_non_null(plan.why[PROBE_POLL_ENTRY]);
	assert_int_equal(programs_of(&plan, PROBE_DRIVER_POLL), 1);
	assert_true(probe_exact(&plan));
	assert_true(plan.on >> PROBE_SOFTIRQ_RAISE & 1);
	assert_true(plan.on >> PROBE_SCHEDULE & 1);
}

static void test_schedule_and_complete_go_together(void **state)
{
	struct facts facts = facts_modern();
	struct probe_plan plan;

	(void)state;
	facts.btf_functions &= ~BIT(TARGET_FN_NAPI_COMPLETE_DONE);
	assert_int_equal(probe_choose(&facts, &any, &plan), 0);
	assert_false(plan.on >> PROBE_SCHEDULE & 1);
	assert_false(plan.on >> PROBE_COMPLETE & 1);
	assert_non_null(plan.why[PROBE_SCHEDULE]);
}

static void test_realtime_hooks_one_schedule_function(void **state)
{
	struct facts facts = facts_modern();
	struct probe_plan plan;

	(void)state;
	facts.realtime = true;
	assert_int_equal(probe_choose(&facts, &any, &plan), 0);
	assert_int_equal(programs_of(&plan, PROBE_SCHEDULE), 1);
	/* Patches of 5.10 have but one function of the two. */
	facts.btf_functions &= ~BIT(TARGET_FN_NAPI_SCHEDULE_IRQOFF);
	facts.targets &= ~BIT(TARGET_FN_NAPI_SCHEDULE_IRQOFF);
	assert_int_equal(probe_choose(&facts, &any, &plan), 0);
	assert_int_equal(programs_of(&plan, PROBE_SCHEDULE), 1);
	assert_true(plan.on >> PROBE_COMPLETE & 1);
}

static void test_optional_probes_can_be_left_out(void **state)
{
	struct facts facts = facts_modern();
	struct probe_wish wish = { .tier = TIER_AUTO,
				   .without = 1 << PROBE_IRQ_HANDLER };
	struct probe_plan plan;

	(void)state;
	assert_int_equal(probe_choose(&facts, &wish, &plan), 0);
	assert_false(plan.on >> PROBE_IRQ_HANDLER & 1);
	wish.without = 1 << PROBE_NAPI_POLL;
	assert_int_equal(probe_choose(&facts, &wish, &plan), -ENOENT);
	assert_non_null(strstr(plan.tier_reason, "napi_poll"));
}

static void test_other_architectures_have_no_vectors(void **state)
{
	struct facts facts = facts_modern();
	struct probe_plan plan;

	(void)state;
	facts.targets &=
		~(BIT(TARGET_LOCAL_TIMER_ENTRY) | BIT(TARGET_CALL_SINGLE_EXIT));
	assert_int_equal(probe_choose(&facts, &any, &plan), 0);
	assert_false(plan.on >> PROBE_TIMER_VECTOR & 1);
	assert_false(plan.on >> PROBE_IPI_VECTORS & 1);
}

static void test_what_stops_everything_is_said(void **state)
{
	struct facts facts = facts_modern();
	struct probe_plan plan;

	(void)state;
	facts.tp_error = -EPERM;
	assert_int_equal(probe_choose(&facts, &any, &plan), -EPERM);
	assert_non_null(strstr(plan.tier_reason, "CAP_PERFMON"));
	facts.btf_error = -ENOENT;
	assert_int_equal(probe_choose(&facts, &any, &plan), -ENOENT);
	assert_non_null(strstr(plan.tier_reason, "BTF"));
	facts = facts_modern();
	facts.targets &= ~BIT(TARGET_SOFTIRQ_EXIT);
	assert_int_equal(probe_choose(&facts, &any, &plan), -ENOENT);
	assert_non_null(strstr(plan.tier_reason, "softirq"));
}

static void test_names_parse_back(void **state)
{
	enum probe_id id;
	enum tier tier;
	unsigned int i;

	(void)state;
	for (i = 0; i < NR_PROBES; i++) {
		assert_int_equal(probe_parse(probes[i].name, &id), 0);
		assert_int_equal(id, i);
	}
	for (i = 0; i <= TIER_AUTO; i++) {
		assert_int_equal(tier_parse(tier_name(i), &tier), 0);
		assert_int_equal(tier, i);
	}
	assert_int_equal(probe_parse("softirq_", &id), -EINVAL);
	assert_int_equal(tier_parse("", &tier), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modern_kernel_gets_fentry),
		cmocka_unit_test(test_locked_down_kernel_gets_tracepoints),
		cmocka_unit_test(test_no_trampolines_gets_kprobes),
		cmocka_unit_test(test_forbidden_kprobes_are_not_tried),
		cmocka_unit_test(test_a_forced_tier_is_had_or_refused),
		cmocka_unit_test(test_raises_can_be_asked_for),
		cmocka_unit_test(test_raises_of_histograms),
		cmocka_unit_test(test_what_fails_is_given_up),
		cmocka_unit_test(test_a_tier_without_its_probes_is_none),
		cmocka_unit_test(test_old_kernel_goes_without_poll_entry),
		cmocka_unit_test(test_schedule_and_complete_go_together),
		cmocka_unit_test(test_realtime_hooks_one_schedule_function),
		cmocka_unit_test(test_optional_probes_can_be_left_out),
		cmocka_unit_test(test_other_architectures_have_no_vectors),
		cmocka_unit_test(test_what_stops_everything_is_said),
		cmocka_unit_test(test_names_parse_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
