// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * recsize [SECONDS]: how large a recording of a make-believe machine is: 64
 * CPUs, 256 NAPIs on 320 pairs of NAPI and CPU, of which some have traffic.
 */
#include <stdlib.h>
#include <time.h>

#include "../unit/model/machine.h"
#include "model/codec.h"

static double recsize_ms(clock_t ticks)
{
	return 1e3 * (double)ticks / CLOCKS_PER_SEC;
}

static int recsize(unsigned int busy, unsigned int seconds, bool hists)
{
	struct bytes out = { 0 };
	struct encoder e;
	struct machine m;
	clock_t took = 0, start;
	unsigned int i;
	int err;

	machine_init(&m, 64, 256, 320, busy);
	if (hists)
		machine_add_hists(&m);
	err = encoder_init(&e);
	for (i = 0; i <= seconds && !err; i++) {
		machine_run(&m);
		start = clock();
		err = encoder_put(&e, &m.s, &out);
		took += clock() - start;
	}
	printf("%3u of 256 NAPIs busy%s: %u s, %.1f MB, %zu bytes and %.2f ms of "
	       "CPU a snapshot\n",
	       busy, hists ? ", histograms" : "", seconds, out.count / 1e6,
	       out.count / (seconds + 1), recsize_ms(took) / (seconds + 1));
	fflush(stdout);
	bytes_fini(&out);
	encoder_fini(&e);
	machine_fini(&m);
	return err;
}

int main(int argc, char **argv)
{
	unsigned int seconds = argc > 1 ? atoi(argv[1]) : 3600;

	unsigned int busy;
	int err = 0;

	for (busy = 256; busy >= 16 && !err; busy /= 4) {
		err = recsize(busy, seconds, false);
		if (!err)
			err = recsize(busy, seconds, true);
	}
	return err;
}
