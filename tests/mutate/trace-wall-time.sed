# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/trace.bpf.h
# TEST: live/trace 10007 frames: each event
# An event has another time than the counters.
s/trace_set_time(e, c->run_ts, now, ns)/trace_set_time(e, c->run_ts, now, now - c->run_ts + 1)/
