// SPDX-License-Identifier: GPL-2.0-or-later
/* See format.h. */
#include "model/format.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "model/interval.h"
#include "util/safe.h"

/* Three significant digits and a unit. */
static void format_scaled(double value, const char *unit, char *text)
{
	/* As it is rounded: no more than four characters and a point. */
	int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;

	snprintf(text, FORMAT_ROOM, "%.*f%s", decimals, value, unit);
}

void format_time(uint64_t real_ns, char text[FORMAT_TIME_ROOM])
{
	time_t seconds = (time_t)(real_ns / 1000000000);
	struct tm tm;

	/* What no calendar has is in a damaged recording. */
	if (!localtime_r(&seconds, &tm) ||
	    !strftime(text, FORMAT_TIME_ROOM, "%Y-%m-%d %H:%M:%S %z", &tm))
		snprintf(text, FORMAT_TIME_ROOM, "?");
}

void format_number(uint64_t value, char *text)
{
	if (value == MISSING)
		snprintf(text, FORMAT_ROOM, "-");
	else
		snprintf(text, FORMAT_ROOM, "%" PRIu64, value);
}

void format_count(double value, char *text)
{
	static const char *const units[] = { "", "k", "M", "G", "T", "P" };
	unsigned int i = 0;

	if (value < 999.5) {
		/* A rate below one must not read as zero. */
		if (value > 0 && value < 0.05)
			snprintf(text, FORMAT_ROOM, "<0.1");
		else if (value > 0 && value < 9.95)
			snprintf(text, FORMAT_ROOM, "%.*f",
				 value == (uint64_t)value ? 0 : 1, value);
		else
			snprintf(text, FORMAT_ROOM, "%.0f", value);
		return;
	}
	for (; value >= 999.5 && i + 1 < sizeof(units) / sizeof(*units); i++)
		value /= 1000;
	format_scaled(value, units[i], text);
}

void format_ns(double ns, char *text)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	unsigned int i = 0;

	for (; ns >= 999.5 && i + 1 < sizeof(units) / sizeof(*units); i++)
		ns /= 1000;
	if (!i)
		snprintf(text, FORMAT_ROOM, "%.0fns", ns);
	else
		format_scaled(ns, units[i], text);
}

static void format_percent(const struct interval *iv, uint64_t ns, char *text)
{
	double percent = iv->ns ? 100.0 * (double)ns / (double)iv->ns : 0;

	snprintf(text, FORMAT_ROOM, "%.1f", percent);
}

void format_value(const struct field *f, const struct interval *iv,
		  uint64_t value, char *text)
{
	if (value == MISSING || f->kind == FIELD_KEY)
		format_number(value, text);
	else if (f->unit == UNIT_NS && f->flags & FIELD_RATIO)
		format_ns((double)value, text);
	else if (f->unit == UNIT_NS)
		format_percent(iv, value, text);
	else if (f->unit == UNIT_MILLI)
		format_count((double)value / 1000, text);
	else if (f->flags & FIELD_RATIO)
		format_count((double)value, text);
	else
		format_count(interval_rate(iv, value), text);
}

void format_total(const struct field *f, const struct interval *iv,
		  uint64_t value, char *text)
{
	if (f->unit != UNIT_NS && f->unit != UNIT_MILLI)
		format_number(value, text);
	else
		format_value(f, iv, value, text);
}

void format_machine(const struct host_row *h, struct format_machine *out)
{
	safe_text(h->host, out->host, sizeof(out->host));
	safe_text(h->kernel, out->kernel, sizeof(out->kernel));
	safe_text(h->tier, out->tier, sizeof(out->tier));
}

void format_row_name(enum field_scope scope, const void *row, char *out,
		     size_t room)
{
	char name[ROW_NAME + ROW_NETNS + 24] = "";
	const struct napi_row *n = row;
	const struct cpu_row *c = row;
	const struct irq_row *i = row;
	const struct dev_row *d = row;

	switch (scope) {
	case SCOPE_CPU:
		snprintf(name, sizeof(name), "%" PRIu64, c->cpu);
		break;
	case SCOPE_NAPI:
		snprintf(name, sizeof(name), "%s%s%s", n->label,
			 *n->netns ? "@" : "", n->netns);
		break;
	case SCOPE_IRQ:
		snprintf(name, sizeof(name), "%" PRIu64 ":%s", i->irq, i->name);
		break;
	case SCOPE_DEV:
		snprintf(name, sizeof(name), "%s%s%s", d->dev,
			 *d->netns ? "@" : "", d->netns);
		break;
	default:
		break;
	}
	safe_text(name, out, room);
}
