# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/poll.bpf.c
# TEST: live/context ksoftirqd
# Polls in ksoftirqd are called inline.
s/^\t\ts->ksoftirqd_polls++;/\t\ts->inline_polls++;/
