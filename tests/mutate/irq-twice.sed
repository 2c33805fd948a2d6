# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/hardirq.bpf.c
# TEST: vm/drivers on the same lines
# Each handler run counts twice, as when both actions of a shared interrupt
# were booked on one.
s/^\ts->count++;/\ts->count += 2;/
