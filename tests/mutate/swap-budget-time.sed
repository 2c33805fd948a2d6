# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/softirq.bpf.c
# TEST: live/squeeze budget 64, bursts of 100
# Squeezes by budget are called squeezes by time, and the reverse.
s/c->squeeze_budget++/c->squeeze_SWAP++/
s/c->squeeze_time++/c->squeeze_budget++/
s/c->squeeze_SWAP++/c->squeeze_time++/
