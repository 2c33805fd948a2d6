# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/softirq.bpf.c
# TEST: live/squeeze budget and time
# A squeeze with both reasons counts as one by budget.
s/c->squeeze_both++/c->squeeze_budget++/
