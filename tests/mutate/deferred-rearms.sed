# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/schedule.bpf.c
# TEST: live/deferral one frame, interrupts deferred
# TIERS: fentry kprobe
# Every completion is taken for the end of a stay in poll mode.
s/^\tif (rearmed)$/\tif (1)/
