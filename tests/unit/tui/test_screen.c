// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The whole screen on a pseudo terminal: every size, every key, and a terminal
 * that is given back on every way out.
 */
#include "fake.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "model/hist.h"
#include "tui/tui.h"
#include "util/loop.h"

#define OUTPUT_ROOM (4 << 20)
/* What xterm's entry says for leaving the alternate screen. */
#define LEAVE_SCREEN "\033[?1049l"
#define SHOW_CURSOR "\033[?25h"

struct terminal {
	int master;
	int slave;
	struct termios before;
	char *output;
	size_t bytes;
};

static void terminal_init(struct terminal *t)
{
	t->master = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(t->master >= 0);
	assert_int_equal(grantpt(t->master), 0);
	assert_int_equal(unlockpt(t->master), 0);
	t->slave = open(ptsname(t->master), O_RDWR | O_NOCTTY);
	assert_true(t->slave >= 0);
	assert_int_equal(tcgetattr(t->slave, &t->before), 0);
	t->output = calloc(1, OUTPUT_ROOM);
	assert_non_null(t->output);
	t->bytes = 0;
}

static void terminal_fini(struct terminal *t)
{
	free(t->output);
	close(t->slave);
	close(t->master);
}

static void set_size(int rows, int columns)
{
	struct winsize size = { .ws_row = (unsigned short)rows,
				.ws_col = (unsigned short)columns };

	ioctl(STDOUT_FILENO, TIOCSWINSZ, &size);
}

static void set_interval(void *arg, uint64_t ns)
{
	*(uint64_t *)arg = ns;
}

/* How often the screen asked. */
static unsigned int hists_asked;

static void set_hists(void *arg)
{
	(void)arg;
	hists_asked++;
}

static int diagnose(void *arg, bool anew, struct verdict *v,
		    struct verdict_scope *scope)
{
	struct finding *f;
	int i;

	(void)arg;
	verdict_clear(v);
	scope->host = "db17";
	scope->ns = anew ? SECOND : scope->ns + SECOND;
	for (i = 0; i < 9; i++) {
		f = table_add(&v->findings);
		f->id = "irqs-on-one-cpu";
		f->severity = i ? SEVERITY_WARNING : SEVERITY_CRITICAL;
		f->kind = "dev";
		f->cpu = MISSING;
		snprintf(f->subject, sizeof(f->subject), "evil\033[2J%d", i);
		snprintf(f->cause, sizeof(f->cause),
			 "this one CPU handles all of its interrupts");
		snprintf(f->fix, sizeof(f->fix),
			 "echo 1 > /proc/irq/1/smp_affinity_list && echo 2 > "
			 "/proc/irq/2/smp_affinity_list");
	}
	return 0;
}

static void add_hist(struct interval *iv, unsigned int kind, uint64_t napi)
{
	struct hist_row *h = table_add(&iv->hists);

	h->kind = kind;
	h->id = napi;
	h->cpu = napi % 20;
	h->counts[hist_bucket(kind ? 5000 : 64)] = 7;
	h->counts[hist_bucket(kind ? 70000 : 3)] = 93;
	h->max = kind ? 70000 : 64;
}

/* Of every NAPI, in the order of interval_make(). */
static void fill_hists(struct interval *iv)
{
	unsigned int kind;
	uint64_t i;

	for (kind = 0; kind < 2; kind++)
		for (i = 0; i < 42; i++)
			add_hist(iv, kind, i);
}

static void fill(struct interval *iv, uint64_t second)
{
	struct cpu_row *c;
	char name[ROW_NAME];
	uint64_t i;

	if (hists_asked)
		fill_hists(iv);
	for (i = 0; i < 20; i++) {
		c = fake_cpu(iv, i, i * SECOND / 21);
		c->squeeze_time = i;
		c->squeeze_work_left = i & 1;
	}
	for (i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "enp129s0f0np0/%u", (unsigned int)i);
		fake_napi(iv, i, i % 20, name, i % 4 * 1000 * second,
			  i % 8 ? i * 1000000 : MISSING);
	}
	fake_napi(iv, 41, 0, "evil\033[2J\xff/0", 5, 5);
	for (i = 0; i < 30; i++)
		fake_irq(iv, i, i % 20, "mlx5_comp@pci:0000:81:00.0", i);
	fake_dev(iv, 1, "lo", 5);
	fake_dev(iv, 2, "enp129s0f0np0", 500);
	iv->lost.missed = second == 3;
	iv->mono_ns += second * SECOND;
}

static void update(struct tui *tui, uint64_t second)
{
	struct interval iv;

	fake_init(&iv);
	fill(&iv, second);
	if (tui_update(tui, &iv))
		_exit(3);
	interval_fini(&iv);
}

/* In the child: standard input and output are the terminal. */
static struct tui *child_open(const struct terminal *t, uint64_t *interval_ns)
{
	struct tui_options options = { .interval_ns = SECOND };
	struct tui_owner owner = { .arg = interval_ns,
				   .set_interval = set_interval,
				   .set_hists = set_hists,
				   .diagnose = diagnose };
	struct tui *tui;

	dup2(t->slave, STDIN_FILENO);
	dup2(t->slave, STDOUT_FILENO);
	setenv("TERM", "xterm-256color", 1);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	set_size(24, 80);
	if (tui_open(&tui, &options, &owner))
		_exit(2);
	tui_set_banner(tui, "tier fentry");
	return tui;
}

/* Returns what tui_input() does. */
static int child_press(const struct terminal *t, struct tui *tui, const char *keys)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };

	if (write(t->master, keys, strlen(keys)) < 0)
		_exit(4);
	if (poll(&in, 1, 10000) != 1)
		_exit(5);
	return tui_input(tui);
}

static int child_use_everything(const struct terminal *t)
{
	static const int sizes[][2] = { { 24, 80 },  { 10, 40 }, { 1, 1 },
					{ 60, 200 }, { 12, 60 }, { 50, 160 },
					{ 30, 100 }, { 13, 300 } };
	static const char *const keys[] = {
		"\t", "\r",	 "\033[B", "\r",     "s",      "jj\r",	  ">",
		"<",  "r",	 "/e",	   "\r",     "\033",   "?",	  "j",
		" ",  " ",	 " ",	   "i",	     "z",      "z",	  "G",
		"g",  "t2",	 "\r",	   "+-",     "\f",     "\033[6~", "g",
		"H",  "k",	 "j",	   "\033[C", "\033[D", "x",	  "d",
		"j",  "\033[6~", "G",	   "k",	     "g",      "d",
	};
	uint64_t interval_ns = 0, second = 1;
	struct tui *tui = child_open(t, &interval_ns);
	size_t i, k;

	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		set_size(sizes[i][0], sizes[i][1]);
		tui_resize(tui);
		for (k = 0; k < sizeof(keys) / sizeof(*keys); k++) {
			update(tui, second++);
			if (child_press(t, tui, keys[k]) != LOOP_CONTINUE)
				return 6;
		}
	}
	if (interval_ns != 2 * SECOND || !hists_asked)
		return 7;
	if (child_press(t, tui, "q") != 0)
		return 8;
	tui_close(tui);
	return 0;
}

static int child_crash(const struct terminal *t)
{
	uint64_t interval_ns;
	struct tui *tui = child_open(t, &interval_ns);

	update(tui, 1);
	raise(SIGSEGV);
	return 0;
}

static int child_abort(const struct terminal *t)
{
	uint64_t interval_ns;

	child_open(t, &interval_ns);
	abort();
}

static int child_exit(const struct terminal *t)
{
	/* Reachable, so that it is no leak. */
	static struct tui *volatile tui;
	uint64_t interval_ns;

	tui = child_open(t, &interval_ns);
	update(tui, 1);
	exit(0);
}

static bool terminal_has(const struct terminal *t, const char *text)
{
	return memmem(t->output, t->bytes, text, strlen(text)) != NULL;
}

static void terminal_drain(struct terminal *t, pid_t child, int *status)
{
	ssize_t n;

	fcntl(t->master, F_SETFL, O_NONBLOCK);
	for (;;) {
		n = read(t->master, t->output + t->bytes, OUTPUT_ROOM - t->bytes);
		if (n > 0) {
			t->bytes += (size_t)n;
			continue;
		}
		if (waitpid(child, status, WNOHANG) == child)
			break;
		usleep(1000);
	}
	n = read(t->master, t->output + t->bytes, OUTPUT_ROOM - t->bytes);
	if (n > 0)
		t->bytes += (size_t)n;
}

/* Runs main in a child on the terminal; returns its wait status. */
static int terminal_run(struct terminal *t,
			int (*main_fn)(const struct terminal *t))
{
	int status = 0;
	pid_t child;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		alarm(60);
		status = main_fn(t);
		/* Its leaks would hide what failed. */
		if (status)
			_exit(status);
		exit(0);
	}
	terminal_drain(t, child, &status);
	return status;
}

static void assert_given_back(const struct terminal *t)
{
	struct termios now;

	assert_int_equal(tcgetattr(t->slave, &now), 0);
	assert_int_equal(now.c_lflag, t->before.c_lflag);
	assert_int_equal(now.c_iflag, t->before.c_iflag);
	assert_int_equal(now.c_oflag, t->before.c_oflag);
	assert_true(terminal_has(t, LEAVE_SCREEN));
	assert_true(terminal_has(t, SHOW_CURSOR));
}

static void test_everything(void **state)
{
	struct terminal t;
	int status;

	(void)state;
	terminal_init(&t);
	status = terminal_run(&t, child_use_everything);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_given_back(&t);
	assert_true(terminal_has(&t, "busiest"));
	assert_true(terminal_has(&t, "PAUSED"));
	assert_true(terminal_has(&t, "too small"));
	assert_true(terminal_has(&t, "time of a poll"));
	assert_true(terminal_has(&t, "Findings of the last 1.0 s"));
	assert_true(terminal_has(&t, "CRITICAL"));
	assert_true(terminal_has(&t, "dev evil?[2J0"));
	/* A device's name cannot clear the screen. */
	assert_true(terminal_has(&t, "evil?[2J"));
	assert_false(terminal_has(&t, "evil\033"));
	terminal_fini(&t);
}

static void check_signal(int (*main_fn)(const struct terminal *t), int signo)
{
	struct terminal t;
	int status;

	terminal_init(&t);
	status = terminal_run(&t, main_fn);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), signo);
	assert_given_back(&t);
	terminal_fini(&t);
}

static void test_crashes(void **state)
{
	(void)state;
	check_signal(child_crash, SIGSEGV);
	check_signal(child_abort, SIGABRT);
}

static void test_exit_without_close(void **state)
{
	struct terminal t;
	int status;

	(void)state;
	terminal_init(&t);
	status = terminal_run(&t, child_exit);
	assert_true(WIFEXITED(status));
	assert_given_back(&t);
	terminal_fini(&t);
}

static int child_not_a_terminal(const struct terminal *t)
{
	struct tui_options options = { .interval_ns = SECOND };
	struct tui_owner owner = { 0 };
	struct tui *tui;
	int null = open("/dev/null", O_RDWR);

	dup2(null, STDOUT_FILENO);
	if (tui_open(&tui, &options, &owner) != -ENOTTY)
		return 1;
	dup2(t->slave, STDIN_FILENO);
	dup2(t->slave, STDOUT_FILENO);
	setenv("TERM", "no-such-terminal", 1);
	if (tui_open(&tui, &options, &owner) != -EOPNOTSUPP)
		return 2;
	setenv("TERM", "dumb", 1);
	if (tui_open(&tui, &options, &owner) != -EOPNOTSUPP)
		return 3;
	setenv("TERM", "vt100", 1);
	/* Of interrupts, and in no other table. */
	options.sort = "irq_ns";
	if (tui_open(&tui, &options, &owner))
		return 4;
	tui_close(tui);
	options.sort = "work";
	options.filter = "eth";
	if (tui_open(&tui, &options, &owner))
		return 5;
	update(tui, 1);
	tui_close(tui);
	/* curses leaks when it knows no such terminal. */
	_exit(0);
}

static void test_terminals_that_do_not_fit(void **state)
{
	struct terminal t;
	int status;

	(void)state;
	terminal_init(&t);
	status = terminal_run(&t, child_not_a_terminal);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	terminal_fini(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everything),
		cmocka_unit_test(test_crashes),
		cmocka_unit_test(test_exit_without_close),
		cmocka_unit_test(test_terminals_that_do_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
