# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/poll.bpf.c
# TEST: vm/oracle interrupts in polls
# Interrupts in a poll are time of the poll.
s/p->ns = clock_net(c->mark_ts, c->mark_irq_ns, now, irq_ns);/p->ns = now - c->mark_ts;/
