# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/hist.bpf.h
# TEST: live/hist 10007 frames
# Every value is counted a bucket too high.
s/^\t\th->counts\[bucket\]++;/\t\th->counts[(bucket + 1) % HIST_BUCKETS]++;/
