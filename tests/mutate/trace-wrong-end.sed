# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/trace.bpf.h
# TEST: live/trace --around-squeeze: the last events
# A window is kept before the run is over.
s/if (config.trace_window \&\& vec == NAPI_VEC_NET_RX)/if (config.trace_window \&\& vec != NAPI_VEC_NET_RX)/
