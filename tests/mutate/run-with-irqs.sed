# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/softirq.bpf.c
# TEST: vm/oracle interrupts in polls
# Interrupts in a softirq are time of the softirq.
s/ns = clock_net(c->run_ts, c->run_irq_ns, now, irq_ns);/ns = now - c->run_ts;/
