/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The field table, for people. */
#ifndef FIELDS_H
#define FIELDS_H

/* To standard output, in 80 columns. */
void fields_print(void);
/* The FIELDS section of the manual page; the build calls it. */
void fields_print_man(void);

#endif /* FIELDS_H */
