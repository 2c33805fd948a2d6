// SPDX-License-Identifier: GPL-2.0-or-later
/* See paragraph.h. */
#include "model/paragraph.h"

#include <stdio.h>
#include <string.h>

#include "model/format.h"
#include "util/safe.h"

#define BLANKS " \n"

void paragraph_init(struct paragraph *p, unsigned int width,
		    paragraph_line_fn line, void *arg)
{
	memset(p, 0, sizeof(*p));
	p->width = width;
	p->line = line;
	p->lead = "";
	p->arg = arg;
}

unsigned int paragraph_columns(const char *text)
{
	unsigned int columns = 0;

	for (; *text; text++)
		columns += (*text & 0xc0) != 0x80;
	return columns;
}

void paragraph_put(struct paragraph *p, const char *text)
{
	char *at = p->text + p->bytes;

	safe_text(text, at, sizeof(p->text) - p->bytes);
	p->bytes += strlen(at);
	p->columns += paragraph_columns(at);
}

void paragraph_pad(struct paragraph *p, unsigned int column)
{
	if (p->columns)
		paragraph_put(p, " ");
	while (p->columns < column && p->bytes < sizeof(p->text) - 1)
		paragraph_put(p, " ");
	p->begun = false;
}

void paragraph_lead(struct paragraph *p, const char *lead)
{
	p->lead = lead;
	paragraph_put(p, lead);
}

void paragraph_hang(struct paragraph *p, unsigned int column)
{
	p->hang = column;
}

static void paragraph_flush(struct paragraph *p)
{
	while (p->bytes && p->text[p->bytes - 1] == ' ')
		p->bytes--;
	p->text[p->bytes] = '\0';
	p->line(p->arg, p->text);
	p->bytes = 0;
	p->columns = 0;
	p->begun = false;
}

static void paragraph_word(struct paragraph *p, const char *word)
{
	if (p->begun && p->columns + 1 + paragraph_columns(word) > p->width) {
		paragraph_flush(p);
		paragraph_put(p, p->lead);
		if (!*p->lead)
			paragraph_pad(p, p->hang);
	}
	if (p->begun)
		paragraph_put(p, " ");
	paragraph_put(p, word);
	p->begun = true;
}

void paragraph_words(struct paragraph *p, const char *text)
{
	char word[PARAGRAPH_ROOM], safe[PARAGRAPH_ROOM];
	size_t bytes;

	while (*(text += strspn(text, BLANKS))) {
		bytes = strcspn(text, BLANKS);
		snprintf(word, sizeof(word), "%.*s", (int)bytes, text);
		safe_text(word, safe, sizeof(safe));
		paragraph_word(p, safe);
		text += bytes;
	}
}

void paragraph_end(struct paragraph *p)
{
	if (p->bytes)
		paragraph_flush(p);
}
