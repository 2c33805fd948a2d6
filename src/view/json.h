/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the JSON of `report`, `top` and `diagnose` has in common. */
#ifndef VIEW_JSON_H
#define VIEW_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "model/interval.h"

/* An object with the schema, the machine, the run, and the time. */
json_t *view_json_head(const struct interval *iv);
/* Names from the kernel need not be UTF-8, which JSON must be. */
json_t *view_json_text(const char *text);
/* The same of several lines, as commands are: their ends stay. */
json_t *view_json_lines(const char *text);
/* Writes root, in one line or in many, and frees it.  0 or -errno. */
int view_json_print(FILE *out, json_t *root, bool line);

#endif /* VIEW_JSON_H */
