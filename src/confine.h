/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What napiscope gives up, for good, when it has what it needs: capabilities, and
 * system calls.  A recording may come from anywhere, and be made to break what
 * reads it.
 */
#ifndef CONFINE_H
#define CONFINE_H

/*
 * Before a recording is read; what is written is open.  Other files can still be
 * opened to be read, whosever they are.
 */
void confine_replay(void);
/* And then, when all of them are open: not even that is kept. */
void confine_opened(void);

/* Once the programs are attached, and what is written is open. */
void confine_live(void);
/* The same for the exporter, that has no capability any more. */
void confine_export(void);

#endif /* CONFINE_H */
