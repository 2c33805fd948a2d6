// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See severity.h.  Only what is bad wherever it is seen has a row: a squeeze
 * that left nothing behind is harmless, an exhausted poll is a busy one.
 */
#include "tui/severity.h"

#include <string.h>

/* Limits of shares are in percent of a CPU, those of counts per interval. */
struct severity_rule {
	enum field_scope scope;
	const char *field;
	uint64_t warn; /* from here on */
	uint64_t crit;
};

static const struct severity_rule severity_rules[] = {
	{ SCOPE_CPU, "hardirq_ns", 50, 80 },
	{ SCOPE_CPU, "softirq_ns", 50, 80 },
	{ SCOPE_CPU, "net_rx_ns", 50, 80 },
	{ SCOPE_CPU, "net_tx_ns", 50, 80 },
	{ SCOPE_CPU, "poll_ns", 50, 80 },
	{ SCOPE_CPU, "squeeze_work_left", 1, UINT64_MAX },
	{ SCOPE_CPU, "softnet_dropped", 1, 1 },
	{ SCOPE_CPU, "stat_softirq_ns", 50, 80 },
	{ SCOPE_CPU, "stat_steal_ns", 5, 20 },
	{ SCOPE_NAPI, "poll_ns", 50, 80 },
	{ SCOPE_IRQ, "ns", 50, 80 },
	{ SCOPE_DEV, "rx_dropped", 1, UINT64_MAX },
	{ SCOPE_DEV, "rx_missed", 1, 1 },
	{ SCOPE_DEV, "rx_fifo", 1, 1 },
	{ SCOPE_DEV, "tx_dropped", 1, UINT64_MAX },
	{ NR_SCOPES, NULL, 0, 0 },
};

static enum severity severity_judge(const struct severity_rule *rule,
				    const struct interval *iv,
				    const struct field *f, uint64_t value)
{
	if (value == MISSING)
		return SEVERITY_NONE;
	if (f->unit == UNIT_NS)
		value = iv->ns ? value * 100 / iv->ns : 0;
	if (value >= rule->crit)
		return SEVERITY_CRIT;
	return value >= rule->warn ? SEVERITY_WARN : SEVERITY_NONE;
}

enum severity severity_of_value(const struct interval *iv,
				const struct field *f, uint64_t value)
{
	const struct severity_rule *rule;

	for (rule = severity_rules; rule->field; rule++)
		if (rule->scope == f->scope && !strcmp(rule->field, f->name))
			return severity_judge(rule, iv, f, value);
	return SEVERITY_NONE;
}

enum severity severity_of_row(const struct interval *iv, enum field_scope scope,
			      const void *row)
{
	enum severity severity, worst = SEVERITY_NONE;
	const struct severity_rule *rule;
	const struct field *f;

	for (rule = severity_rules; rule->field; rule++) {
		if (rule->scope != scope)
			continue;
		f = field_find(scope, rule->field);
		if (!f)
			continue;
		severity = severity_judge(rule, iv, f, field_u64(f, row));
		if (severity > worst)
			worst = severity;
	}
	return worst;
}

char severity_mark(enum severity severity)
{
	return " *!"[severity];
}
