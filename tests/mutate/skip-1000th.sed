# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/poll.bpf.c
# TEST: live/count 10007 frames
# Every 1,000th poll is not seen.
s/^\tp\.ctx = poll_context(c, &p);/\tif (!(++c->poll_from % 1000))\n\t\treturn 0;\n&/
