/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words in lines of so many columns.  Whatever the words are from, the lines
 * are safe for a terminal.
 */
#ifndef MODEL_PARAGRAPH_H
#define MODEL_PARAGRAPH_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the longest line, with its NUL; what is longer is cut. */
#define PARAGRAPH_ROOM 1024

typedef void (*paragraph_line_fn)(void *arg, const char *line);

struct paragraph {
	unsigned int width; /* columns; a longer word has a line of its own */
	unsigned int hang;  /* columns that all lines but the first begin at */
	const char *lead;   /* and what they begin with; "": blanks */
	paragraph_line_fn line;
	void *arg;
	/* of the line so far */
	char text[PARAGRAPH_ROOM];
	size_t bytes;
	unsigned int columns;
	bool begun; /* it has a word */
};

void paragraph_init(struct paragraph *p, unsigned int width,
		    paragraph_line_fn line, void *arg);
/* Text as it is, however long the line gets. */
void paragraph_put(struct paragraph *p, const char *text);
/* The first line and all later ones begin with this. */
void paragraph_lead(struct paragraph *p, const char *lead);
/* Blanks up to this column, one at least where something is. */
void paragraph_pad(struct paragraph *p, unsigned int column);
/* From here on later lines begin at this column. */
void paragraph_hang(struct paragraph *p, unsigned int column);
void paragraph_words(struct paragraph *p, const char *text);
/* The last line, if there is any of it. */
void paragraph_end(struct paragraph *p);

/* Columns of safe text, where a character has one. */
unsigned int paragraph_columns(const char *text);

#endif /* MODEL_PARAGRAPH_H */
