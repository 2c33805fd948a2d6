/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The computed lists of the field table (FIELD_LIST). */
#ifndef MODEL_LIST_H
#define MODEL_LIST_H

#include "model/field.h"

void list_napi_cpus(const struct interval *iv, const void *row,
		    field_emit_fn emit, void *arg);
void list_napi_inferred(const struct interval *iv, const void *row,
			field_emit_fn emit, void *arg);
void list_irq_cpus(const struct interval *iv, const void *row,
		   field_emit_fn emit, void *arg);
/*
 * How many actions of its irq and name come before it: one that was requested again has
 * a row more.  No FIELD_LIST: it is what tells them apart.
 */
uint64_t list_irq_twins(const struct interval *iv, const struct irq_row *irq);
void list_irq_napis(const struct interval *iv, const void *row,
		    field_emit_fn emit, void *arg);

#endif /* MODEL_LIST_H */
