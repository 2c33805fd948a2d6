# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/schedule.bpf.c
# TEST: live/deferral one frame, interrupts deferred
# TIERS: fentry kprobe
# Polls that the timer started are not counted as such.
s/^\ts->watchdog_polls++;/\tbarrier();/
