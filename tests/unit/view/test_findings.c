// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A verdict made by hand as text of 80 columns and as JSON, against files beside
 * this one (with REGOLD set they are written anew: look at the difference).
 */
#include "view/findings.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#define GOLDEN "tests/unit/view/findings."
#define WIDTH 80

static const struct findings_options plain = { .width = WIDTH };

/* A number that is not set below is missing, also one that is new. */
static void init_host(struct host_row *host)
{
	const struct field *f;

	for (f = field_table(SCOPE_HOST); f->name; f++)
		if (f->kind != FIELD_TEXT && f->kind != FIELD_LIST)
			*(uint64_t *)((char *)host + f->offset) = MISSING;
}

static void init_interval(struct interval *iv)
{
	interval_init(iv);
	init_host(&iv->host);
	iv->ns = 10000000000;
	iv->real_ns = 1767323045000000000;
	strcpy(iv->host.host, "db\x1b[2J17");
	strcpy(iv->host.kernel, "6.12.43-amd64");
	strcpy(iv->host.tier, "tracepoint");
	iv->host.netdev_budget = 300;
}

static struct finding *add(struct verdict *v, enum severity severity,
			   const char *id, const char *kind,
			   const char *subject, uint64_t cpu)
{
	struct finding *f = table_add(&v->findings);

	assert_non_null(f);
	f->id = id;
	f->severity = severity;
	f->kind = kind;
	f->cpu = cpu;
	snprintf(f->subject, sizeof(f->subject), "%s", subject);
	return f;
}

static void add_rule(struct verdict *v, const char *id, enum rule_state state,
		     const char *why)
{
	struct judged *rule = table_add(&v->rules);

	assert_non_null(rule);
	rule->id = id;
	rule->about = "something";
	rule->state = state;
	snprintf(rule->why, sizeof(rule->why), "%s", why);
}

static void add_critical(struct verdict *v)
{
	struct finding *f =
		add(v, SEVERITY_CRITICAL, "irqs-on-one-cpu", "cpu", "3", 3);

	finding_add_number(f, "net_rx_ns", 97.34, "%");
	finding_add_number(f, "work", 154321, "/s");
	finding_add_text(f, "irq/24/effective_affinity", "3");
	finding_add_text(f, "cpus that are idle, and could take some of them",
			 "0-2,4-7 and a text that is a good deal longer than "
			 "the line");
	strcpy(f->cause, "all 4 interrupts of eth0 are handled by this one CPU, "
			 "which has no time left, while 7 others are idle");
	strcpy(f->check, "grep . /proc/irq/{24,25}/effective_affinity_list");
	strcpy(f->fix, "systemctl enable --now irqbalance\n"
		       "n=0; for i in 24 25 26 27; do echo $n > "
		       "/proc/irq/$i/smp_affinity_list; n=$((n + 1)); done");
	strcpy(f->undo, "echo 3 > /proc/irq/24/smp_affinity_list");
	strcpy(f->avoid, "net.core.netdev_budget: with a larger one this CPU "
			 "does the same work, and tasks on it wait longer");
	f->joined[f->nr_joined++].id = "budget-squeeze";
	f->joined[f->nr_joined++].id = "ksoftirqd-busy";
}

static void add_warning(struct verdict *v)
{
	struct finding *f = add(v, SEVERITY_WARNING, "ring-overflow", "dev",
				"eth\x1b[0m\xff@db", 1);

	finding_add_number(f, "rx_missed", 1234, "/s");
	strcpy(f->cause, "the receive ring is full before it is emptied");
	strcpy(f->kernel, "some drivers take the link down for a moment");
}

static void add_harmless(struct verdict *v)
{
	struct finding *f = add(v, SEVERITY_HARMLESS, "squeeze-harmless",
				"host", "", MISSING);

	strcpy(f->cause, "the budget ran out just when the work was done");
	strcpy(f->avoid, "net.core.netdev_budget: nothing gets better");
}

static void add_rules(struct verdict *v)
{
	add_rule(v, "irqs-on-one-cpu", RULE_FOUND, "");
	add_rule(v, "ring-overflow", RULE_FOUND, "");
	add_rule(v, "late-poll", RULE_NOT_MEASURED,
		 "needs the fentry or kprobe tier");
	add_rule(v, "hash-skew", RULE_CLEAR, "");
	add_rule(v, "remote-node", RULE_NOT_MEASURED,
		 "the nodes of CPUs are not known");
	add_rule(v, "re-arm-lost", RULE_NOT_MEASURED,
		 "needs the fentry or kprobe tier");
	add_rule(v, "timer-polls", RULE_NOT_MEASURED,
		 "needs the fentry or kprobe tier");
}

static void init_verdict(struct verdict *v, enum severity worst)
{
	verdict_init(v);
	if (worst == SEVERITY_CRITICAL) {
		add_critical(v);
		add_warning(v);
	}
	add_harmless(v);
	add_rules(v);
}

typedef int (*print_fn)(FILE *out, const struct interval *iv,
			const struct verdict *v,
			const struct findings_options *options);

static char *print(print_fn fn, const struct verdict *v,
		   const struct findings_options *options)
{
	struct interval iv;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	init_interval(&iv);
	assert_non_null(out);
	assert_int_equal(fn(out, &iv, v, options), 0);
	fclose(out);
	interval_fini(&iv);
	return text;
}

static char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 16);

	assert_non_null(f);
	assert_non_null(text);
	assert_true(fread(text, 1, (1 << 16) - 1, f) > 0);
	fclose(f);
	return text;
}

static void check_golden(print_fn fn, enum severity worst, const char *path)
{
	struct verdict v;
	char *text, *golden;
	FILE *f;

	init_verdict(&v, worst);
	text = print(fn, &v, &plain);
	if (getenv("REGOLD")) {
		f = fopen(path, "w");
		assert_non_null(f);
		fputs(text, f);
		fclose(f);
	}
	golden = read_file(path);
	assert_string_equal(text, golden);
	free(golden);
	free(text);
	verdict_fini(&v);
}

static void test_text(void **state)
{
	(void)state;
	check_golden(findings_print_text, SEVERITY_CRITICAL, GOLDEN "text");
	check_golden(findings_print_text, SEVERITY_HARMLESS, GOLDEN "good");
}

static void test_json(void **state)
{
	(void)state;
	check_golden(findings_print_json, SEVERITY_CRITICAL, GOLDEN "json");
}

static void test_json_is_a_line(void **state)
{
	const struct findings_options lines = { .lines = true };
	struct verdict v;
	json_t *root;
	char *text;

	(void)state;
	init_verdict(&v, SEVERITY_CRITICAL);
	text = print(findings_print_json, &v, &lines);
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	root = json_loads(text, 0, NULL);
	assert_non_null(root);
	json_decref(root);
	free(text);
	verdict_fini(&v);
}

/* Commands are whole lines, other lines fit, at any width. */
static void check_width(const char *text, unsigned int width)
{
	bool command = false;
	size_t bytes;

	for (; *text; text += bytes + 1) {
		bytes = strcspn(text, "\n");
		command = bytes > 4 && !strncmp(text, "    ", 4) &&
			  (command || text[-2] == ':');
		if (!command)
			assert_true(bytes <= width);
	}
}

static void test_widths(void **state)
{
	struct findings_options options = plain;
	struct verdict v;
	char *text;

	(void)state;
	init_verdict(&v, SEVERITY_CRITICAL);
	for (options.width = 0; options.width < 200; options.width++) {
		text = print(findings_print_text, &v, &options);
		/* The head is a line; names of evidence are not cut. */
		check_width(strchr(text, '\n') + 1,
			    options.width < 70 ? 70 : options.width);
		assert_non_null(strstr(text, "\n    n=0; for i in 24 25 26 27; "
					     "do echo $n > "
					     "/proc/irq/$i/smp_affinity_list; "
					     "n=$((n + 1)); done\n"));
		free(text);
	}
	verdict_fini(&v);
}

/* What ends a sentence or a list does not stand beyond the edge. */
static void test_widths_of_sentences(void **state)
{
	struct findings_options options = plain;
	struct verdict v;
	char *text;

	(void)state;
	verdict_init(&v);
	add_rules(&v);
	for (options.width = 40; options.width < 130; options.width++) {
		text = print(findings_print_text, &v, &options);
		check_width(strchr(text, '\n') + 1, options.width);
		free(text);
	}
	verdict_fini(&v);
}

static void test_color(void **state)
{
	const struct findings_options color = { .width = WIDTH, .color = true };
	struct verdict v;
	char *text;

	(void)state;
	init_verdict(&v, SEVERITY_CRITICAL);
	text = print(findings_print_text, &v, &color);
	assert_non_null(strstr(text, "\n\033[1;31mCRITICAL\033[0m  cpu 3:"));
	assert_non_null(strstr(text, "\n\033[1;33mWARNING\033[0m   dev eth?[0m?"));
	assert_non_null(strstr(text, "\nHARMLESS  host: the budget"));
	free(text);
	text = print(findings_print_text, &v, &plain);
	assert_null(strchr(text, '\033'));
	free(text);
	verdict_fini(&v);
}

static void check_summary(const struct verdict *v, bool selected,
			  const char *expected)
{
	struct findings_options options = { .width = 120, .selected = selected };
	char *text = print(findings_print_text, v, &options);

	if (!strstr(text, expected))
		fail_msg("no '%s' in:\n%s", expected, text);
	free(text);
}

static void test_summary(void **state)
{
	struct verdict v;

	(void)state;
	verdict_init(&v);
	check_summary(&v, false,
		      "\nNothing could be judged: no rule could look.\n");
	add_rule(&v, "a", RULE_NOT_MEASURED, "x");
	check_summary(&v, false,
		      "\nNothing could be judged: no rule could look.\n");
	verdict_clear(&v);
	add_rule(&v, "a", RULE_CLEAR, "");
	check_summary(&v, false,
		      "\nNothing is wrong on db?[2J17 in these 10.0 "
		      "seconds.\n\n1 rule: 0 found something, 1 nothing, 0 "
		      "could not look.\n");
	check_summary(&v, true,
		      "\nNothing is wrong with what was selected on db?[2J17 in "
		      "these 10.0 seconds.\n");
	add_rule(&v, "b", RULE_NOT_MEASURED, "x");
	check_summary(&v, false, "seconds, as far as 1 of 2 rules could look.\n");
	add(&v, SEVERITY_NOTE, "n", "host", "", MISSING);
	check_summary(&v, false, "\nNothing is wrong on db?[2J17 in");
	check_summary(&v, false, "look. What is noted below is good");
	add(&v, SEVERITY_WARNING, "w", "host", "", MISSING);
	add(&v, SEVERITY_WARNING, "w", "cpu", "1", 1);
	check_summary(&v, false,
		      "\nFound in these 10.0 seconds: 2 warnings, 1 note\n");
	verdict_fini(&v);
}

static const struct verdict *changed_from;

static int print_change(FILE *out, const struct interval *iv,
			const struct verdict *v,
			const struct findings_options *options)
{
	return findings_print_change(out, iv, changed_from, v, options);
}

static void test_change(void **state)
{
	struct verdict before, now;
	char *text;

	(void)state;
	init_verdict(&before, SEVERITY_CRITICAL);
	init_verdict(&now, SEVERITY_CRITICAL);
	changed_from = &before;
	text = print(print_change, &now, &plain);
	assert_string_equal(text, "");
	free(text);
	verdict_clear(&now);
	add_harmless(&now);
	add_warning(&now);
	((struct finding *)now.findings.rows)[1].severity = SEVERITY_CRITICAL;
	add_rules(&now);
	text = print(print_change, &now, &plain);
	assert_non_null(strstr(text, "\n2026-01-02 03:04:05 +0000\n"));
	assert_non_null(strstr(text, "\ngone:  CRITICAL  cpu 3: all 4 "));
	assert_non_null(strstr(text, "\nstill: HARMLESS  host: the budget"));
	assert_non_null(strstr(text, "\n\nCRITICAL  dev eth?[0m?@db on cpu 1: "));
	assert_null(strstr(text, "gone:  WARNING"));
	assert_null(strstr(text, "rules:"));
	free(text);
	verdict_fini(&before);
	verdict_fini(&now);
}

static void test_full_disk(void **state)
{
	FILE *out = fopen("/dev/full", "w");
	struct interval iv;
	struct verdict v;

	(void)state;
	assert_non_null(out);
	setvbuf(out, NULL, _IONBF, 0);
	init_interval(&iv);
	init_verdict(&v, SEVERITY_CRITICAL);
	errno = 0;
	assert_int_equal(findings_print_text(out, &iv, &v, &plain), -ENOSPC);
	assert_int_equal(findings_print_json(out, &iv, &v, &plain), -ENOSPC);
	fclose(out);
	verdict_fini(&v);
	interval_fini(&iv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_json_is_a_line),
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_widths_of_sentences),
		cmocka_unit_test(test_color),
		cmocka_unit_test(test_summary),
		cmocka_unit_test(test_change),
		cmocka_unit_test(test_full_disk),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
