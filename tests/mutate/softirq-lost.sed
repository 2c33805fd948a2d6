# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/softirq.bpf.c
# TEST: live/context ksoftirqd
# A NET_RX run on top of ksoftirqd is not counted.
s/^\tc->vec_count\[vec & (NAPI_VEC_ROOM - 1)\]++;/\tif ((u32)bpf_get_current_pid_tgid() != c->ksoftirqd)\n\t&/
