// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See alert.h.  Only what is bad wherever it is seen has a row: a squeeze
 * that left nothing behind is harmless, an exhausted poll is a busy one.
 */
#include "tui/alert.h"

#include <string.h>

/* Limits of shares are in percent of a CPU, those of counts per interval. */
struct alert_rule {
	enum field_scope scope;
	const char *field;
	uint64_t warn; /* from here on */
	uint64_t crit;
};

static const struct alert_rule alert_rules[] = {
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

static enum alert alert_judge(const struct alert_rule *rule,
			      const struct interval *iv, const struct field *f,
			      uint64_t value)
{
	if (value == MISSING)
		return ALERT_NONE;
	if (f->unit == UNIT_NS)
		value = iv->ns ? value * 100 / iv->ns : 0;
	if (value >= rule->crit)
		return ALERT_CRIT;
	return value >= rule->warn ? ALERT_WARN : ALERT_NONE;
}

enum alert alert_of_value(const struct interval *iv, const struct field *f,
			  uint64_t value)
{
	const struct alert_rule *rule;

	for (rule = alert_rules; rule->field; rule++)
		if (rule->scope == f->scope && !strcmp(rule->field, f->name))
			return alert_judge(rule, iv, f, value);
	return ALERT_NONE;
}

enum alert alert_of_row(const struct interval *iv, enum field_scope scope,
			const void *row, bool is_sum)
{
	enum alert alert, worst = ALERT_NONE;
	const struct alert_rule *rule;
	const struct field *f;

	for (rule = alert_rules; rule->field; rule++) {
		if (rule->scope != scope)
			continue;
		f = field_find(scope, rule->field);
		if (is_sum && f->unit == UNIT_NS)
			continue;
		if (!f)
			continue;
		alert = alert_judge(rule, iv, f, field_u64(f, row));
		if (alert > worst)
			worst = alert;
	}
	return worst;
}

char alert_mark(enum alert alert)
{
	return " *!"[alert];
}
