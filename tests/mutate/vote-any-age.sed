# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/softirq.bpf.c
# TEST: live/irq raises nothing
# TIERS: tracepoint
# Whatever handler ran last, however long ago, raised NET_RX.
s/bool late =$/bool late = 0 &&/
