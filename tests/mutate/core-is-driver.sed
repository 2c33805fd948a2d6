# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/schedule.bpf.c
# TEST: live/schedule two CPUs write to one queue
# TIERS: fentry kprobe
# What the core schedules counts as the driver's.
s/return c->completing == napi || c->after_poll == napi;/return false;/
