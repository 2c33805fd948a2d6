// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that several rules say. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "diagnose/rule.h"

const char *dev_exec(const struct dev_row *dev, char text[DEV_ROOM])
{
	*text = '\0';
	if (*dev->netns)
		snprintf(text, DEV_ROOM, "ip netns exec %s ", word(dev->netns));
	return text;
}

void dev_write(char *text, size_t room, const struct dev_row *dev,
	       const char *file, uint64_t value)
{
	if (*dev->netns)
		finding_print(text, room,
			      "ip netns exec %s sh -c 'echo %" PRIu64
			      " >/sys/class/net/%s/%s'",
			      word(dev->netns), value, word(dev->dev), file);
	else
		finding_print(text, room,
			      "echo %" PRIu64 " >/sys/class/net/%s/%s", value,
			      word(dev->dev), file);
}

void dev_write_deferral(char *text, size_t room, const struct dev_row *dev,
			uint64_t polls, uint64_t timeout_ns)
{
	size_t used;

	dev_write(text, room, dev, "napi_defer_hard_irqs", polls);
	used = strlen(text);
	if (used + 1 >= room)
		return;
	text[used++] = '\n';
	dev_write(text + used, room - used, dev, "gro_flush_timeout", timeout_ns);
}

void dev_check_deferral(char *text, size_t room, const struct dev_row *dev)
{
	char exec[DEV_ROOM];

	finding_print(text, room,
		      "%sgrep . /sys/class/net/%s/gro_flush_timeout "
		      "/sys/class/net/%s/napi_defer_hard_irqs",
		      dev_exec(dev, exec), word(dev->dev), word(dev->dev));
}

bool queue_where(const char *path, struct queue_where *w)
{
	char name[ROW_NAME], *at;

	memset(w, 0, sizeof(*w));
	if (sscanf(path, "dev/%71[^/]/queue/%31[^/]/", name, w->queue) != 2)
		return false;
	at = strrchr(name, '@');
	if (at) {
		*at = '\0';
		snprintf(w->netns, sizeof(w->netns), "%s", at + 1);
	}
	snprintf(w->dev, sizeof(w->dev), "%s", name);
	return true;
}

bool queue_setting_is(const struct config_row *row, const char *name)
{
	const char *last = strrchr(row->path, '/');

	return last && !strcmp(last + 1, name);
}

bool queue_is_watched(const struct config_row *row)
{
	return queue_setting_is(row, "stall_thrs") && strcmp(row->value, "0");
}

const char *irqbalance_first(const struct context *c)
{
	return irqbalance_runs(c) ?
		       "# irqbalance runs and would undo it: systemctl stop "
		       "irqbalance, or --banirq= in its settings\n" :
		       "";
}

void irq_move(struct context *c, struct finding *f, const struct napi_row *n,
	      uint64_t cpu)
{
	char text[LIST_ROOM];

	say(f->check,
	    "grep -H . /sys/kernel/irq/%" PRIu64 "/actions "
	    "/proc/irq/%" PRIu64 "/effective_affinity_list",
	    n->irq, n->irq);
	say(f->fix,
	    "%secho %" PRIu64 " >/proc/irq/%" PRIu64 "/smp_affinity_list%s",
	    irqbalance_first(c), cpu, n->irq,
	    n->sessions == 0 ? "\n" STAYS_POLLED : "");
	if (irq_affinity(c, n->irq, text))
		say(f->undo, "echo %s >/proc/irq/%" PRIu64 "/smp_affinity_list",
		    text, n->irq);
	context_give_cpu(c, cpu);
}

void dev_down_up(struct finding *f, const struct dev_row *dev, const char *when,
		 bool may_hang)
{
	char exec[DEV_ROOM] = "";

	if (dev)
		dev_exec(dev, exec);
	say(f->fix,
	    "# %stake the device down and up, at once, for your session may "
	    "depend on it; routes and IPv6 addresses are lost%s\n# %ssh -c 'ip link set %s down; "
	    "ip link set %s up'",
	    when,
	    may_hang ? ", and where its NAPI is SCHED in 'napiscope list' it "
		       "hangs, and all of ip with it, until a reboot" :
		       "",
	    exec, dev ? word(dev->dev) : "DEV", dev ? word(dev->dev) : "DEV");
}

void check_softnet(struct finding *f, const char *columns)
{
	say(f->check,
	    "for i in 1 2; do awk '{print \"hex: cpu\", $13, %s}' "
	    "/proc/net/softnet_stat; sleep 1; done",
	    columns);
}

void check_flows(struct finding *f, const char *exec, const char *dev,
		 const char *more)
{
	say(f->check,
	    "%stimeout 5 tcpdump -ptnnq -Q in -c 1000 -i %s | awk '{print $2, $4}' "
	    "| sort | uniq -c | sort -rn | head -5%s",
	    exec, word(dev), more);
}
