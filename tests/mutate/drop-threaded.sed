# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/poll.bpf.c
# TEST: live/context threaded, a burst
# Polls in the NAPI's own thread are in no context.
s/^\ts->threaded_polls++;/\tbarrier();/
