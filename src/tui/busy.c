// SPDX-License-Identifier: GPL-2.0-or-later
/* See busy.h. */
#include "tui/busy.h"

#include "model/field.h"

/* Of a poll or a packet that nobody timed. */
#define GUESS_NS 250

static uint64_t known(uint64_t value)
{
	return value == MISSING ? 0 : value;
}

uint64_t busy_cpu_ns(const struct cpu_row *c)
{
	uint64_t rx = known(c->net_rx_ns), poll = known(c->poll_ns);

	return known(c->hardirq_ns) + (rx > poll ? rx : poll);
}

/* A CPU with nothing but threaded polls must not look idle in any tier. */
uint64_t busy_cpu_order(const void *cpu_row)
{
	const struct cpu_row *c = cpu_row;
	uint64_t ns = busy_cpu_ns(c);
	uint64_t guess = (known(c->polls) + known(c->work)) * GUESS_NS;

	return ns > guess ? ns : guess;
}

uint64_t busy_napi_ns(const void *napi_row)
{
	const struct napi_row *n = napi_row;

	if (n->poll_ns != MISSING)
		return n->poll_ns;
	return (known(n->polls) + known(n->work)) * GUESS_NS;
}

uint64_t busy_irq_ns(const void *irq_row)
{
	const struct irq_row *irq = irq_row;

	return irq->ns != MISSING ? irq->ns : known(irq->count) * GUESS_NS;
}

uint64_t busy_dev_packets(const void *dev_row)
{
	const struct dev_row *d = dev_row;
	uint64_t packets = known(d->rx_packets) + known(d->tx_packets);

	return packets ? packets : known(d->work);
}
