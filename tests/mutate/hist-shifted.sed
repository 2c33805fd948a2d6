# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/hist.bpf.h
# TEST: live/hist 10007 frames
# Every value is counted a bucket too high.
s/h->counts\[bucket\] += weight;/h->counts[(bucket + 1) % HIST_BUCKETS] += weight;/
