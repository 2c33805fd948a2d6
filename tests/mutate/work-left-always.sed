# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/softirq.bpf.c
# TEST: live/squeeze budget 1,
# Every squeeze is said to have left work behind.
s/^\tif (softnet_work_left(c))/\tif (softnet_work_left(c) || c->squeeze_seen)/
