// SPDX-License-Identifier: GPL-2.0-or-later
/* See terminal.h.  The only file that sets signal handlers. */
#include "tui/terminal.h"

#include <curses.h>
#include <term.h>

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))

/* All that end a program, and that it does not wait for. */
static const int fatal_signals[] = {
	SIGSEGV, SIGBUS,  SIGABRT,   SIGFPE,  SIGILL,  SIGTRAP, SIGSYS, SIGALRM,
	SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF, SIGXCPU, SIGIO,	SIGPWR,
};

/* Those that the event loop waits for, blocked. */
static const int leaving_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

/*
 * What is needed to give the terminal back.  At file scope, because a signal
 * handler and atexit() are passed no argument.
 */
static struct {
	volatile sig_atomic_t taken;
	bool at_exit;
	pid_t pid; /* a forked child must leave the terminal alone */
	SCREEN *screen;
	struct termios before;
	char reset[256];
	size_t reset_bytes;
	volatile sig_atomic_t leaving; /* a signal came while it was drawn on */
	int out;		       /* the terminal, while standard output */
	int nowhere;		       /* is this one */
	struct sigaction old[ARRAY_SIZE(fatal_signals)];
	struct sigaction old_leaving[ARRAY_SIZE(leaving_signals)];
	char stack[16384]; /* the fault may be that the stack is full */
} terminal;

/*
 * One that takes nothing (Ctrl-S, or nobody reads it) is not waited for: what is on
 * the way there is thrown away.  Async-signal-safe.
 */
static void terminal_make_room(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	if (poll(&out, 1, 0) > 0)
		return;
	tcflow(STDOUT_FILENO, TCOON);
	tcflush(STDOUT_FILENO, TCOFLUSH);
}

/* Async-signal-safe. */
static void terminal_restore(void)
{
	ssize_t ignored;

	if (!terminal.taken || terminal.pid != getpid())
		return;
	terminal.taken = 0;
	terminal_make_room();
	ignored = write(STDOUT_FILENO, terminal.reset, terminal.reset_bytes);
	(void)ignored;
	tcsetattr(STDOUT_FILENO, TCSANOW, &terminal.before);
}

/* Curses writes on and on: the rest of the frame goes nowhere. */
static void terminal_handle_leaving(int signo)
{
	terminal.leaving = signo;
	if (terminal.nowhere >= 0 && terminal.out >= 0)
		dup2(terminal.nowhere, STDOUT_FILENO);
}

static void terminal_handle_fatal(int signo)
{
	terminal_restore();
	signal(signo, SIG_DFL);
	raise(signo);
}

static int terminal_add_reset(int ch)
{
	if (terminal.reset_bytes < sizeof(terminal.reset))
		terminal.reset[terminal.reset_bytes++] = (char)ch;
	return ch;
}

static void terminal_put_reset(const char *sequence)
{
	if (sequence)
		tputs(sequence, 1, terminal_add_reset);
}

/* Colours off, cursor to the last line and visible, the old screen back. */
static void terminal_prepare_reset(void)
{
	terminal.taken = 0;
	terminal.reset_bytes = 0;
	terminal_put_reset(exit_attribute_mode);
	terminal_put_reset(orig_pair);
	terminal_put_reset(keypad_local);
	terminal_put_reset(cursor_normal);
	terminal_put_reset(tiparm(cursor_address, LINES - 1, 0));
	terminal_put_reset(clr_eol);
	terminal_put_reset(exit_ca_mode);
	terminal.pid = getpid();
	terminal.taken = 1;
}

static void terminal_hook_signals(void)
{
	stack_t stack = { .ss_sp = terminal.stack,
			  .ss_size = sizeof(terminal.stack) };
	struct sigaction act = { .sa_handler = terminal_handle_fatal,
				 .sa_flags = SA_ONSTACK };
	stack_t old;
	size_t i;

	if (!sigaltstack(NULL, &old) && old.ss_flags & SS_DISABLE)
		sigaltstack(&stack, NULL);
	/* In the background tcsetattr() would stop us instead. */
	sigemptyset(&act.sa_mask);
	sigaddset(&act.sa_mask, SIGTTOU);
	for (i = 0; i < ARRAY_SIZE(fatal_signals); i++)
		sigaction(fatal_signals[i], &act, &terminal.old[i]);
	act.sa_handler = terminal_handle_leaving;
	for (i = 0; i < ARRAY_SIZE(leaving_signals); i++)
		sigaction(leaving_signals[i], &act, &terminal.old_leaving[i]);
	if (!terminal.at_exit)
		terminal.at_exit = !atexit(terminal_restore);
}

static void terminal_unhook_signals(void)
{
	stack_t stack = { .ss_flags = SS_DISABLE }, old;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fatal_signals); i++)
		sigaction(fatal_signals[i], &terminal.old[i], NULL);
	for (i = 0; i < ARRAY_SIZE(leaving_signals); i++)
		sigaction(leaving_signals[i], &terminal.old_leaving[i], NULL);
	if (!sigaltstack(NULL, &old) && old.ss_sp == terminal.stack)
		sigaltstack(&stack, NULL);
}

static void terminal_find_look(struct look *look)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	look->color = has_colors() && !(no_color && *no_color);
	/* The fonts of the Linux console lack most of the blocks. */
	look->blocks = !strcmp(nl_langinfo(CODESET), "UTF-8") && term &&
		       strncmp(term, "linux", 5);
	if (!look->color)
		return;
	start_color();
	look_init_colors();
}

static void terminal_set_modes(void)
{
	cbreak();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(25);
	/* Half a frame because a key was pressed is worse than a late key. */
	typeahead(-1);
	curs_set(0);
}

int terminal_open(struct look *look)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return -ENOTTY;
	if (tcgetattr(STDOUT_FILENO, &terminal.before))
		return -errno;
	setlocale(LC_CTYPE, "");
	terminal.screen = newterm(NULL, stdout, stdin);
	if (!terminal.screen)
		return -EOPNOTSUPP;
	if (!cursor_address) {
		endwin();
		delscreen(terminal.screen);
		return -EOPNOTSUPP;
	}
	terminal.out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	terminal.nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	terminal_prepare_reset();
	terminal_hook_signals();
	terminal_set_modes();
	terminal_find_look(look);
	return 0;
}

void terminal_close(void)
{
	if (!terminal.taken)
		return;
	terminal_make_room();
	endwin();
	terminal.taken = 0;
	terminal_unhook_signals();
	delscreen(terminal.screen);
	terminal.screen = NULL;
	close(terminal.out);
	close(terminal.nowhere);
}

void terminal_update(void)
{
	sigset_t leaving, before;
	size_t i;

	sigemptyset(&leaving);
	for (i = 0; i < ARRAY_SIZE(leaving_signals); i++)
		sigaddset(&leaving, leaving_signals[i]);
	sigprocmask(SIG_UNBLOCK, &leaving, &before);
	doupdate();
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (!terminal.leaving)
		return;
	dup2(terminal.out, STDOUT_FILENO);
	/* Blocked again, for the loop. */
	raise(terminal.leaving);
	terminal.leaving = 0;
}

void terminal_resize(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row ||
	    !size.ws_col)
		return;
	resizeterm(size.ws_row, size.ws_col);
	terminal_prepare_reset();
}

bool terminal_is_gone(void)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	int bytes = 0;

	if (poll(&in, 1, 0) <= 0)
		return false;
	if (in.revents & (POLLHUP | POLLERR | POLLNVAL))
		return true;
	return !ioctl(STDIN_FILENO, FIONREAD, &bytes) && !bytes;
}
