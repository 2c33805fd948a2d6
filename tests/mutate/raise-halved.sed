# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/softirq.bpf.c
# TEST: live/hist a task that holds softirqs off
# Raise to entry is half as long.
s/hist_add_weighted(c, \&c->raise_hist, c->run_ts - since,/hist_add_weighted(c, \&c->raise_hist, (c->run_ts - since) \/ 2,/
