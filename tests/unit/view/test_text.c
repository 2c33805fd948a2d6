// SPDX-License-Identifier: GPL-2.0-or-later
/* Texts of a recording in the text view: safe for a terminal, cut between characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "model/hist.h"
#include "view/view.h"

#define HOSTILE "\x1b]0;x\x07\xc2\x9b"

static char *print(const struct interval *iv, unsigned int width)
{
	const struct view_options options = { .width = width, .hists = true };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(view_text.interval(out, iv, &options), 0);
	fclose(out);
	return text;
}

static void check_safe(const char *text)
{
	json_t *valid = json_string(text);

	assert_non_null(valid); /* it is UTF-8 */
	json_decref(valid);
	for (; *text; text++)
		assert_true((unsigned char)*text >= ' ' || *text == '\n');
}

static void test_machine(void **state)
{
	struct interval iv;
	char *text;

	(void)state;
	interval_init(&iv);
	iv.ns = 1000000000;
	strcpy(iv.host.host, "h" HOSTILE);
	strcpy(iv.host.kernel, "k" HOSTILE);
	strcpy(iv.host.tier, "t" HOSTILE);
	text = print(&iv, 132);
	check_safe(text);
	assert_non_null(strstr(text, "tier t?]0;x???"));
	free(text);
	interval_fini(&iv);
}

/* A long name is cut between characters, keeps both ends, and is whole where it fits. */
static void test_name_of_histogram(void **state)
{
	struct napi_row *napi;
	struct hist_row *hist;
	struct interval iv;
	unsigned int width;
	char *text;
	int i;

	(void)state;
	interval_init(&iv);
	iv.ns = 1000000000;
	napi = table_add(&iv.napis);
	assert_non_null(napi);
	napi->polls = 1;
	napi->cpu = MISSING;
	strcpy(napi->label, "x");
	for (i = 0; i < 16; i++)
		strcat(napi->label, "\xc3\xa9");
	strcat(napi->label, "/7");
	hist = table_add(&iv.hists);
	assert_non_null(hist);
	hist->kind = NAPI_HIST_WORK;
	hist->counts[0] = 1;
	for (width = 70; width < 90; width++) {
		text = print(&iv, width);
		assert_non_null(strstr(text, "P99.9"));
		check_safe(text);
		assert_int_equal(!strstr(text, "~"), width >= 51 + 35);
		assert_non_null(strstr(text, "\xa9/7 "));
		free(text);
	}
	interval_fini(&iv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_machine),
		cmocka_unit_test(test_name_of_histogram),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
