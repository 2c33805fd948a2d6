// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzes command lines: the input is words with a NUL or a newline behind each.
 * They go the way that main() sends them, to where a command would begin.
 */
#include <argp.h>
#include <dlfcn.h>
#include <setjmp.h>
#include <string.h>

#include "fuzz.h"

int napiscope_main(int argc, char **argv);
#define main napiscope_main
#include "../../src/main.c"
#undef main

#include "options.h"

#define MAX_WORDS 64

int LLVMFuzzerInitialize(int *argc, char ***argv);

static jmp_buf parsed;
static bool was_wrong;

/* In place of glibc's: the message is made, and nothing ends. */
void argp_error(const struct argp_state *state, const char *fmt, ...)
{
	char text[256];
	va_list args;

	(void)state;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	was_wrong = true;
}

/* What a command relies on once its words were right. */
static void check_options(const struct options *o)
{
	if (!o->interval_ns || (o->live.slots && o->live.slots > 1 << 22) ||
	    (!o->view && !o->trace_view) || (o->read && !o->reads.count) ||
	    (o->selection.cpus && !cpuset_count(o->selection.cpus)))
		abort();
}

/*
 * In place of glibc's: wrong usage does not end the process, and no command
 * begins.  The input of each begins with the common options.
 */
error_t argp_parse(const struct argp *argp, int argc, char **argv,
		   unsigned int flags, int *index, void *input)
{
	__typeof__(argp_parse) *real = dlsym(RTLD_NEXT, "argp_parse");

	was_wrong = false;
	flags |= ARGP_NO_EXIT | ARGP_NO_ERRS;
	if (!real(argp, argc, argv, flags, index, input) && !was_wrong)
		check_options(input);
	options_fini(input);
	longjmp(parsed, 1);
}

/* The lists of commands and completions; the fuzzer's own output is none of it. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	stdout = fopen("/dev/null", "w");
	stderr = stdout;
	return stdout ? 0 : -1;
}

/* With --HANG, which it does not list, argp sleeps. */
static bool is_for_argp(const char *word)
{
	return !strncmp(word, "--H", 3);
}

static int split(char *text, const char *end, char **argv)
{
	int argc = 0;

	argv[argc++] = (char *)"napiscope";
	for (; text < end && argc < MAX_WORDS; text += strlen(text) + 1) {
		text[strcspn(text, "\n")] = '\0';
		if (!is_for_argp(text))
			argv[argc++] = text;
	}
	argv[argc] = NULL;
	return argc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *argv[MAX_WORDS + 1], *text = malloc(size + 1);
	int argc;

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	argc = split(text, text + size, argv);
	log_set_level(LOG_WARN);
	if (!setjmp(parsed))
		napiscope_main(argc, argv);
	free(text);
	return 0;
}
