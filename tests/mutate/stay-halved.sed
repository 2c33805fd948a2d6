# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/record.bpf.h
# TEST: live/schedule one frame held back
# TIERS: fentry kprobe
# A stay in poll mode is half as long.
s/s->residency_ns += now - r->booked_ts;/s->residency_ns += (now - r->booked_ts) \/ 2;/
