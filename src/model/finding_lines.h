/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A verdict as lines for people, as wide as there is room for: what the text
 * view prints and the screen draws.
 */
#ifndef MODEL_FINDING_LINES_H
#define MODEL_FINDING_LINES_H

#include <stdbool.h>

#include "model/finding.h"

/* What a verdict is about. */
struct verdict_scope {
	const char *host; /* of this machine, which a recording may be from */
	uint64_t ns;	  /* so long */
	bool selected;	  /* not the whole machine: some devices or CPUs */
};

struct finding_line {
	const char *text;	/* safe for a terminal; "": a blank line */
	unsigned int marked;	/* of so many bytes at its start */
	enum severity severity; /* this is the name */
	bool command;
};

/* Where lines go. */
struct finding_sink {
	unsigned int width; /* words go on in the next line, and are never cut */
	/*
	 * Commands, too, after a backslash; else each is a line, however long,
	 * that can be copied.
	 */
	bool fold;
	void (*line)(void *arg, const struct finding_line *line);
	void *arg;
};

/* "CRITICAL  cpu 3: why", evidence, commands, and what belongs to it. */
void finding_lines(const struct finding *f, const struct finding_sink *sink);
/* The first of those lines alone, after a word of the caller. */
void finding_headline(const struct finding *f, const char *before,
		      const struct finding_sink *sink);
/* In one sentence: is anything wrong? */
void verdict_lines_summary(const struct verdict *v,
			   const struct verdict_scope *scope,
			   const struct finding_sink *sink);
/* How many rules there were, and which could not look. */
void verdict_lines_rules(const struct verdict *v,
			 const struct finding_sink *sink);
/* All of it. */
void verdict_lines(const struct verdict *v, const struct verdict_scope *scope,
		   const struct finding_sink *sink);

#endif /* MODEL_FINDING_LINES_H */
