# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/poll.bpf.c
# TEST: live/schedule one frame held back
# TIERS: fentry kprobe
# Schedule to poll is half as long.
s/s->sched_ns += ns \* weight;/s->sched_ns += ns \/ 2 * weight;/
