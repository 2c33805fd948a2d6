// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every rule has a scenario that fires it and one that just does not, and what
 * has one root is one finding.
 */
#include "scenarios.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_nothing_is_wrong(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_judge(&s);
	assert_int_equal(s.verdict.findings.count, 0);
	assert_int_equal(verdict_not_measured(&s.verdict), 0);
	scene_fini(&s);
}

static void check_finding(const struct scenario *sc, const struct finding *f)
{
	static const char missing[] = "18446744073709551615";

	if (f->severity != sc->severity)
		fail_msg("%s: %s, not %s", sc->id, severity_name(f->severity),
			 severity_name(sc->severity));
	if (!*f->cause || !f->nr_evidence)
		fail_msg("%s: no cause or no evidence", sc->id);
	if (strcmp(f->id, sc->id))
		return;
	if (!!sc->fix != !!*f->fix || (sc->fix && !strstr(f->fix, sc->fix)))
		fail_msg("%s: the fix is '%s'", sc->id, f->fix);
	/* What is changed by a command can be put back. */
	if (strchr(f->fix, '>') || strstr(f->fix, "sysctl -w") ||
	    strstr(f->fix, "ethtool -"))
		if (!*f->undo && *f->fix != '#')
			fail_msg("%s: no way back", sc->id);
	if (!*f->check && strcmp(sc->id, "lost-events"))
		fail_msg("%s: no check", sc->id);
	if (strstr(f->cause, missing) || strstr(f->check, missing) ||
	    strstr(f->fix, missing) || strstr(f->undo, missing))
		fail_msg("%s: what is not known is in it", sc->id);
}

static void test_each_rule_fires(void **state)
{
	const struct finding *f;
	struct scene s;
	size_t i;

	(void)state;
	for (i = 0; i < NR_SCENARIOS; i++) {
		scene_init(&s);
		scenarios[i].fire(&s);
		scene_judge(&s);
		f = scene_found(&s, scenarios[i].id);
		if (!f)
			fail_msg("%s did not fire", scenarios[i].id);
		check_finding(&scenarios[i], f);
		scene_fini(&s);
	}
}

static void test_each_rule_spares(void **state)
{
	struct scene s;
	size_t i;

	(void)state;
	for (i = 0; i < NR_SCENARIOS; i++) {
		scene_init(&s);
		scenarios[i].fire(&s);
		scenarios[i].spare(&s);
		scene_judge(&s);
		if (scene_rule(&s, scenarios[i].id)->state != RULE_CLEAR)
			fail_msg("%s fired, or did not look", scenarios[i].id);
		scene_fini(&s);
	}
}

static void test_each_rule_has_a_scenario(void **state)
{
	const struct judged *rule;
	struct scene s;
	size_t i;

	(void)state;
	scene_init(&s);
	scene_judge(&s);
	assert_int_equal(s.verdict.rules.count, NR_SCENARIOS);
	table_for_each (&s.verdict.rules, rule) {
		for (i = 0; i < NR_SCENARIOS; i++)
			if (!strcmp(scenarios[i].id, rule->id))
				break;
		if (i == NR_SCENARIOS)
			fail_msg("%s has no scenario", rule->id);
	}
	scene_fini(&s);
}

/* --- together ----------------------------------------------------------------- */

/* One core with all interrupts: squeezed, late, in ksoftirqd, dropping. */
static void test_one_root_is_one_finding(void **state)
{
	static const char *const symptoms[] = {
		"cpu-saturated", "squeeze-budget", "ksoftirqd",
		"ring-drops",	 "late-softirq",   "backlog-drops"
	};
	const struct finding *f;
	struct scene s;
	size_t i;

	(void)state;
	scene_init(&s);
	scene_gather(&s, 2, 99);
	scene_cpu(&s, 2)->squeeze_budget = 5000;
	scene_cpu(&s, 2)->squeeze_work_left = 5000;
	scene_cpu(&s, 2)->softnet_dropped = 100;
	scene_cpu(&s, 2)->softnet_processed = 2500000;
	scene_cpu(&s, 2)->late_ns = 2000000;
	scene_cpu(&s, 2)->ksoftirqd_polls = scene_cpu(&s, 2)->polls;
	scene_cpu(&s, 2)->raise_p99_ns = 2000000;
	scene_dev(&s, 0)->rx_missed = 1000;
	scene_judge(&s);
	assert_int_equal(s.verdict.findings.count, 1);
	f = s.verdict.findings.rows;
	assert_string_equal(f->id, "irqs-on-one-cpu");
	assert_string_equal(f->subject, "2");
	for (i = 0; i < sizeof(symptoms) / sizeof(*symptoms); i++)
		assert_ptr_equal(scene_found(&s, symptoms[i]), f);
	scene_fini(&s);
}

/* A task that is named is not a symptom of the budget that it runs out of. */
static void test_a_culprit_is_not_joined(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_gather(&s, 2, 99);
	scene_cpu(&s, 2)->raise_p99_ns = 20000000;
	scene_cpu(&s, 2)->squeeze_budget = 5000;
	scene_cpu(&s, 2)->squeeze_work_left = 5000;
	strcpy(scene_cpu(&s, 2)->late_comm, "cadvisor");
	scene_judge(&s);
	assert_string_equal(scene_found(&s, "late-softirq")->id, "late-softirq");
	assert_non_null(strstr(scene_found(&s, "late-softirq")->cause,
			       "'cadvisor' had the CPU, with softirqs off"));
	scene_fini(&s);
}

/* It ran while ksoftirqd waited: nobody says that it kept softirqs off. */
static void test_who_ran_is_no_culprit(void **state)
{
	struct cpu_row *cpu;
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_gather(&s, 2, 99);
	cpu = scene_cpu(&s, 2);
	cpu->raise_p99_ns = 4000000;
	cpu->ksoftirqd_polls = cpu->polls / 2 + 1;
	strcpy(cpu->late_comm, "cadvisor");
	scene_judge(&s);
	assert_string_equal(scene_found(&s, "late-softirq")->id,
			    "irqs-on-one-cpu");
	scene_fini(&s);
}

/* Names are those of whoever made the device, and commands are for root. */
static void test_names_are_no_commands(void **state)
{
	static const char *const names[][2] = {
		{ "a;reboot", "" },	      { "$(reboot)", "" },
		{ "eth0", "net:[`reboot`]" }, { "eth0", "it's" },
		{ "eth0", "-all" },	      { "--help", "" },
		{ "a\nreboot", "" }
	};
	const struct finding *f;
	struct scene s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		scene_init(&s);
		ring_drops(&s);
		snprintf(scene_dev(&s, 0)->dev, ROW_NAME, "%s", names[i][0]);
		snprintf(scene_dev(&s, 0)->netns, ROW_NETNS, "%s", names[i][1]);
		scene_judge(&s);
		f = scene_found(&s, "ring-drops");
		assert_int_equal(*f->check, '#');
		assert_true(!*f->fix || *f->fix == '#');
		scene_fini(&s);
	}
}

/* One command for two CPUs: who asks about one of them is told of it. */
static void test_a_part_of_what_is_alike(void **state)
{
	struct cpuset three = { 0 };
	const struct selection here = { .cpus = &three };
	const struct finding *f;
	struct scene s;

	(void)state;
	assert_int_equal(cpuset_parse("3", &three), 0);
	scene_init(&s);
	scene_cpu(&s, 1)->softnet_dropped = 10;
	scene_cpu(&s, 3)->softnet_dropped = 20000;
	scene_judge(&s);
	/* The worst of them speaks for all. */
	assert_int_equal(s.verdict.findings.count, 1);
	f = s.verdict.findings.rows;
	assert_int_equal(f->cpu, 3);
	assert_int_equal(f->nr_joined, 1);
	assert_string_equal(f->joined[0].subject, "1");
	s.selection = &here;
	scene_judge(&s);
	assert_int_equal(scene_rule(&s, "backlog-drops")->state, RULE_FOUND);
	f = s.verdict.findings.rows;
	assert_int_equal(f->cpu, 3);
	assert_int_equal(f->nr_joined, 0);
	scene_fini(&s);
	cpuset_fini(&three);
}

/* More CPUs than a finding has room for: those are counted. */
static void test_many_are_alike(void **state)
{
	const struct finding *f;
	struct scene s;
	unsigned int i;

	(void)state;
	scene_init(&s);
	for (i = NR_CPUS; i < 40; i++)
		scene_add_cpu(&s, i);
	for (i = 0; i < 40; i++)
		scene_cpu(&s, i)->softnet_dropped = 100;
	scene_judge(&s);
	f = scene_found(&s, "backlog-drops");
	assert_int_equal(f->nr_joined, FINDING_JOINED);
	assert_int_equal(f->nr_joined + f->more_joined, 39);
	scene_fini(&s);
}

/* Nor are a queue's, and a NAPI's whose device is not there. */
static void test_names_of_what_is_not_there(void **state)
{
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	funnel(&s);
	scene_unset(&s, "dev/eth0/queue/rx-0/rps_cpus");
	scene_set(&s, "dev/eth0/queue/rx-0;reboot;/rps_cpus", "2");
	scene_judge(&s);
	f = scene_found(&s, "rps-funnel");
	assert_non_null(f);
	assert_null(strstr(f->check, "reboot"));
	assert_null(strstr(f->fix, "reboot"));
	scene_fini(&s);

	scene_init(&s);
	empty(&s);
	strcpy(scene_napi(&s, 0)->label, "eth0:poll_tx [drv]");
	scene_judge(&s);
	assert_string_equal(scene_found(&s, "empty-polls")->check,
			    "napiscope trace --napi 'eth0:poll_tx [drv]' -n 100");
	strcpy(scene_napi(&s, 0)->label, "eth0';reboot;'");
	scene_judge(&s);
	assert_int_equal(*scene_found(&s, "empty-polls")->check, '#');
	scene_fini(&s);
}

/* 80 CPUs, every other one: longer than a row of the settings. */
static void test_long_lists(void **state)
{
	char list[1024] = "1";
	struct scene s;
	unsigned int i;

	(void)state;
	scene_init(&s);
	astray(&s);
	for (i = 3; i < 160; i += 2)
		snprintf(list + strlen(list), 8, ",%u", i);
	scene_unset(&s, "irq/24/affinity");
	if (config_add(&s.iv.config, "irq/24/affinity", list))
		abort();
	config_sort(&s.iv.config);
	scene_place(&s, 0, 159);
	scene_judge(&s);
	assert_int_equal(scene_rule(&s, "astray")->state, RULE_CLEAR);
	scene_place(&s, 0, 158);
	scene_judge(&s);
	assert_int_equal(scene_rule(&s, "astray")->state, RULE_FOUND);
	scene_fini(&s);
}

/* The same on another CPU is another finding. */
static void test_another_cpu_is_another_finding(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_gather(&s, 2, 99);
	scene_cpu(&s, 1)->softnet_dropped = 100;
	scene_judge(&s);
	assert_int_equal(s.verdict.findings.count, 2);
	assert_string_equal(
		((struct finding *)table_at(&s.verdict.findings, 0))->id,
		"irqs-on-one-cpu");
	assert_string_equal(
		((struct finding *)table_at(&s.verdict.findings, 1))->id,
		"backlog-drops");
	scene_fini(&s);
}

/* Nobody polls, nothing is counted: no rule may divide by it. */
static void test_nothing_happened(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	s.iv.napis.count = s.iv.pairs.count = s.iv.devs.count = 0;
	s.iv.cpus.count = s.iv.irqs.count = s.iv.hists.count = 0;
	scene_judge(&s);
	assert_int_equal(s.verdict.findings.count, 0);
	scene_fini(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_wrong),
		cmocka_unit_test(test_each_rule_fires),
		cmocka_unit_test(test_each_rule_spares),
		cmocka_unit_test(test_each_rule_has_a_scenario),
		cmocka_unit_test(test_one_root_is_one_finding),
		cmocka_unit_test(test_a_culprit_is_not_joined),
		cmocka_unit_test(test_who_ran_is_no_culprit),
		cmocka_unit_test(test_names_are_no_commands),
		cmocka_unit_test(test_names_of_what_is_not_there),
		cmocka_unit_test(test_a_part_of_what_is_alike),
		cmocka_unit_test(test_many_are_alike),
		cmocka_unit_test(test_long_lists),
		cmocka_unit_test(test_another_cpu_is_another_finding),
		cmocka_unit_test(test_nothing_happened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
