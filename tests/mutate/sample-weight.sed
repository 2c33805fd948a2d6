# SPDX-License-Identifier: GPL-2.0-or-later
# FILE: bpf/sample.bpf.h
# TEST: live/sample one run of 16
# What is timed stands for itself alone.
s/s->weight = s->passed;/s->weight = 1;/
