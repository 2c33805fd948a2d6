// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verify: loads every program of the object alone, with everything switched on
 * and with everything switched off, and with trace in rings and in windows, so
 * that the verifier sees also those that this kernel cannot attach.  Prints "NAME ok" or "NAME -ERRNO" for each.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "collect/loader_trace.h"
#include "napi_types.h"
#include "napiscope.skel.h"

static int silent(enum libbpf_print_level level, const char *fmt, va_list args)
{
	(void)level;
	(void)fmt;
	(void)args;
	return 0;
}

static void configure(struct napiscope_bpf *skel, bool on)
{
	struct probe_config *config =
		(struct probe_config *)&skel->rodata->config;

	config->exact_poll = on;
	config->schedule = on;
	config->raise = on;
	config->ksoftirqd_by_comm = on;
	config->hists = on;
	config->symbol_names =
		on && libbpf_probe_bpf_helper(BPF_PROG_TYPE_RAW_TRACEPOINT,
					      BPF_FUNC_snprintf, NULL) == 1;
	config->busy_poll_mask = on ? 1 << 6 : 0;
	config->sched_mask = on ? 1 << 0 | 1 << 2 : 0;
}

/* 0 or -errno. */
static int load_alone(const char *name, bool on, const struct loader_trace *trace)
{
	struct napiscope_bpf *skel = napiscope_bpf__open();
	struct loader l = { .skel = skel, .sizes = { .cpus = 2 }, .trace = *trace };
	struct bpf_program *prog;
	int err;

	if (!skel)
		return -errno;
	configure(skel, on);
	err = loader_trace_prepare(&l);
	bpf_object__for_each_program(prog, skel->obj) bpf_program__set_autoload(
		prog, !strcmp(bpf_program__name(prog), name));
	if (!err)
		err = napiscope_bpf__load(skel);
	loader_trace_fini(&l);
	napiscope_bpf__destroy(skel);
	return err;
}

static int load_each_way(const char *name)
{
	static const struct loader_trace traces[] = {
		{ 0 },
		{ .events = (1 << TRACE_NR) - 1 },
		{ .events = (1 << TRACE_NR) - 1, .longer_ns = 1000 },
		{ .events = (1 << TRACE_NR) - 1, .window = 64, .longer_ns = 1000 },
	};
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < sizeof(traces) / sizeof(*traces); i++) {
		err = load_alone(name, true, &traces[i]);
		if (!err)
			err = load_alone(name, false, &traces[i]);
	}
	return err;
}

int main(void)
{
	struct napiscope_bpf *skel = napiscope_bpf__open();
	struct bpf_program *prog;
	const char *name;
	int err;

	if (!skel)
		return 1;
	libbpf_set_print(silent);
	bpf_object__for_each_program(prog, skel->obj)
	{
		name = bpf_program__name(prog);
		err = load_each_way(name);
		if (err)
			printf("%s %d\n", name, err);
		else
			printf("%s ok\n", name);
	}
	napiscope_bpf__destroy(skel);
	return 0;
}
