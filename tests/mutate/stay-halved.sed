# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/schedule.bpf.c
# TEST: live/schedule one frame held back
# TIERS: fentry kprobe
# A stay in poll mode is half as long.
s/s->residency_ns += ns;/s->residency_ns += ns \/ 2;/
