# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/poll.bpf.c
# TEST: live/context busy polling, 1009 turns
# A task's own polls are taken for the softirq's.
s/^\treturn NAPI_CTX_BUSY;/\treturn NAPI_CTX_INLINE;/
