/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much a row matters at first sight: the order before any other is chosen. */
#ifndef TUI_BUSY_H
#define TUI_BUSY_H

#include <stdint.h>

#include "model/rows.h"

/*
 * Measured time that packets and device interrupts took from the CPU.  Threaded and
 * busy polls are not in NET_RX, so the longer of NET_RX and polls counts.
 */
uint64_t busy_cpu_ns(const struct cpu_row *c);
/* The same for the order of rows: a guess where polls could not be timed. */
uint64_t busy_cpu_order(const void *cpu_row);
/* Time in polls; where it could not be measured, a guess made for the order. */
uint64_t busy_napi_ns(const void *napi_row);
uint64_t busy_irq_ns(const void *irq_row);
/* Packets both ways. */
uint64_t busy_dev_packets(const void *dev_row);

#endif /* TUI_BUSY_H */
