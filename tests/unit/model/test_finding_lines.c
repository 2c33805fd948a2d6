// SPDX-License-Identifier: GPL-2.0-or-later
/* Words go on in the next line, and commands as a shell reads them. */
#include "model/finding_lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/paragraph.h"

/* All lines, each with its end. */
struct text {
	char text[8192];
	size_t used;
	unsigned int marked;
	unsigned int commands;
};

static void add_plain(void *arg, const char *line)
{
	struct text *t = arg;

	t->used += (size_t)snprintf(t->text + t->used,
				    sizeof(t->text) - t->used, "%s\n", line);
	assert_true(t->used < sizeof(t->text));
}

static void add_line(void *arg, const struct finding_line *line)
{
	struct text *t = arg;

	t->marked += line->marked != 0;
	t->commands += line->command;
	add_plain(t, line->text);
}

static void check_words(unsigned int width, const char *words,
			const char *expected)
{
	struct text t = { .used = 0 };
	struct paragraph p;

	paragraph_init(&p, width, add_plain, &t);
	paragraph_put(&p, "a:");
	paragraph_hang(&p, 4);
	paragraph_pad(&p, 4);
	paragraph_words(&p, words);
	paragraph_end(&p);
	assert_string_equal(t.text, expected);
}

static void test_words(void **state)
{
	(void)state;
	check_words(20, "one two three", "a:  one two three\n");
	check_words(17, "one two three", "a:  one two three\n");
	check_words(16, "one two three", "a:  one two\n    three\n");
	/* No word is cut, however narrow it is. */
	check_words(1, "one  two\nthree ", "a:  one\n    two\n    three\n");
	check_words(20, "", "a:\n");
	/* A character has a column, however many bytes. */
	check_words(12, "\u00e4\u00f6\u00fc\u00df xyz",
		    "a:  \u00e4\u00f6\u00fc\u00df xyz\n");
	check_words(12, "\x1b[2J \xff", "a:  ?[2J ?\n");
}

static void test_long_words(void **state)
{
	char word[3 * PARAGRAPH_ROOM];
	struct text t = { .used = 0 };
	struct paragraph p;

	(void)state;
	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	word[PARAGRAPH_ROOM / 2] = ' ';
	paragraph_init(&p, 80, add_plain, &t);
	paragraph_words(&p, word);
	paragraph_end(&p);
	assert_true(t.used > PARAGRAPH_ROOM && t.used < 2 * PARAGRAPH_ROOM);
}

/* What a finding with this command has after its headline. */
static void check_command(unsigned int width, const char *command,
			  const char *expected)
{
	struct text t = { .used = 0 };
	const struct finding_sink sink = {
		.width = width, .fold = true, .line = add_line, .arg = &t
	};
	struct finding f = { .id = "r",
			     .severity = SEVERITY_WARNING,
			     .kind = "host",
			     .cpu = MISSING };
	char all[1024];

	snprintf(f.fix, sizeof(f.fix), "%s", command);
	finding_lines(&f, &sink);
	snprintf(all, sizeof(all), "WARNING   host:\n  fix:\n%s  rule      r\n",
		 expected);
	assert_string_equal(t.text, all);
	assert_int_equal(t.marked, 1);
	assert_true(t.commands > 0);
}

static void test_commands(void **state)
{
	(void)state;
	check_command(30, "echo 1  >  /x", "    echo 1  >  /x\n");
	check_command(30, "a\nb\n\nc\n", "    a\n    b\n    c\n");
	check_command(24, "echo 1234 > /proc/irq/5/smp",
		      "    echo 1234 > \\\n      /proc/irq/5/smp\n");
	/* Blanks that mean something stay where they are. */
	check_command(20, "echo 'a b c d e f g h' > /x",
		      "    echo \\\n      'a b c d e f g h' \\\n      > /x\n");
	check_command(
		20, "echo \"a 'b c\\\" d e f g\" > /x",
		"    echo \\\n      \"a 'b c\\\" d e f g\" \\\n      > /x\n");
	check_command(16, "echo a\\ b\\ c\\ d\\ e > /x",
		      "    echo \\\n      a\\ b\\ c\\ d\\ e \\\n      > /x\n");
	check_command(10, "/a/path/without/blanks",
		      "    /a/path/without/blanks\n");
}

/* Of what nothing has to be changed for it is no fix. */
static void test_notes(void **state)
{
	struct text t = { .used = 0 };
	const struct finding_sink sink = { .width = 80,
					   .line = add_line,
					   .arg = &t };
	struct finding f = { .id = "r",
			     .severity = SEVERITY_NOTE,
			     .kind = "host",
			     .cpu = MISSING };

	(void)state;
	strcpy(f.fix, "echo 1 >/x");
	finding_lines(&f, &sink);
	assert_non_null(strstr(t.text, "\n  if it matters:\n    echo 1 >/x\n"));
	assert_null(strstr(t.text, "fix:"));
}

/* What no command can do is a comment on each line. */
static void test_comments(void **state)
{
	(void)state;
	check_command(30,
		      "# move the reader to another CPU, by:\ntaskset -cp 1 2",
		      "    # move the reader to\n    # another CPU, by:\n"
		      "    taskset -cp 1 2\n");
}

/* A shell reads the same words from a folded command. */
static void test_shell_agrees(void **state)
{
	static const char command[] =
		"printf '%s|' one 'two  three' \"four \\\" five\" six\\ seven "
		"eight nine ten eleven";
	static const char expected[] = "one|two  three|four \" five|six "
				       "seven|eight|nine|ten|eleven|";
	struct finding f = { .id = "r", .kind = "host", .cpu = MISSING };
	struct finding_sink sink = { .fold = true, .line = add_line };
	char read[256];
	FILE *shell;

	(void)state;
	strcpy(f.check, command);
	for (sink.width = 10; sink.width < 90; sink.width++) {
		struct text t = { .used = 0 };

		sink.arg = &t;
		finding_lines(&f, &sink);
		*strstr(t.text, "  rule ") = '\0';
		shell = popen(strstr(t.text, "printf"), "r");
		assert_non_null(shell);
		assert_non_null(fgets(read, sizeof(read), shell));
		assert_int_equal(pclose(shell), 0);
		assert_string_equal(read, expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_long_words),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_comments),
		cmocka_unit_test(test_shell_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
