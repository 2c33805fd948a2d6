// SPDX-License-Identifier: GPL-2.0-or-later
/* See facts.h. */
#include "collect/facts.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "util/log.h"

unsigned int facts_hz(void)
{
	struct timespec tick;

	/* The coarse clock moves once a tick. */
	if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) || !tick.tv_nsec)
		return 0;
	return (1000000000U + tick.tv_nsec / 2) / tick.tv_nsec;
}

/* NAPI_STATE_* have no enum name: every enum is looked through for them. */
static void facts_state_bit(const char *name, int value, struct facts *facts)
{
	static const char prefix[] = "NAPI_STATE_";
	unsigned int i;

	if (strncmp(name, prefix, sizeof(prefix) - 1))
		return;
	for (i = 0; i < NR_NAPI_STATES; i++)
		if (!strcmp(name + sizeof(prefix) - 1, napi_state_name(i)))
			facts->state_bits[i] = value;
}

static void facts_state_bits(const struct btf *btf, struct facts *facts)
{
	const struct btf_type *t;
	const struct btf_enum *e;
	unsigned int id, i;

	memset(facts->state_bits, -1, sizeof(facts->state_bits));
	for (id = 1; id < btf__type_cnt(btf); id++) {
		t = btf__type_by_id(btf, id);
		if (!btf_is_enum(t) || t->name_off)
			continue;
		e = btf_enum(t);
		for (i = 0; i < btf_vlen(t); i++)
			facts_state_bit(btf__name_by_offset(btf, e[i].name_off),
					e[i].val, facts);
	}
}

/* NULL: it has none of that name. */
static const struct btf_member *facts_member(const struct btf *btf,
					     const char *type, const char *member)
{
	int id = btf__find_by_name_kind(btf, type, BTF_KIND_STRUCT);
	const struct btf_type *t;
	const struct btf_member *m;
	unsigned int i;

	if (id < 0)
		return NULL;
	t = btf__type_by_id(btf, id);
	m = btf_members(t);
	for (i = 0; i < btf_vlen(t); i++)
		if (!strcmp(btf__name_by_offset(btf, m[i].name_off), member))
			return &m[i];
	return NULL;
}

/* A raw_spinlock_t since 6.12, and where that came back to; rqspinlock_t since 6.15. */
static bool facts_rings_sleep(const struct btf *btf)
{
	const struct btf_member *lock =
		facts_member(btf, "bpf_ringbuf", "spinlock");
	const struct btf_type *t;

	if (!lock)
		return false;
	t = btf__type_by_id(btf, lock->type);
	return !strcmp(btf__name_by_offset(btf, t->name_off), "spinlock_t");
}

static int facts_tracepoint_id(const struct btf *btf, enum target target)
{
	char name[64];

	snprintf(name, sizeof(name), "btf_trace_%s", target_name(target));
	return btf__find_by_name_kind(btf, name, BTF_KIND_TYPEDEF);
}

static int facts_function_id(const struct btf *btf, enum target target)
{
	return btf__find_by_name_kind(btf, target_name(target), BTF_KIND_FUNC);
}

static void facts_targets(const struct btf *btf, struct facts *facts)
{
	unsigned int i;

	for (i = 0; i < NR_TRACEPOINTS; i++)
		if (facts_tracepoint_id(btf, i) > 0)
			facts->targets |= 1ULL << i;
	for (; i < TARGET_FN_DRIVER_POLL; i++)
		if (facts_function_id(btf, i) > 0)
			facts->btf_functions |= 1ULL << i;
	/* Every function of BTF has a symbol, which a kprobe needs. */
	facts->targets |= facts->btf_functions;
}

/* A program that does nothing, attached to a BTF id; its fd or -errno. */
static int facts_load_nop(enum bpf_attach_type type, int btf_id)
{
	const struct bpf_insn nop[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = type,
		    .attach_btf_id = btf_id);
	int fd = bpf_prog_load(BPF_PROG_TYPE_TRACING, "napiscope_fact", "GPL",
			       nop, sizeof(nop) / sizeof(*nop), &opts);

	return fd < 0 ? -errno : fd;
}

static int facts_try_tracepoint(const struct btf *btf)
{
	int fd = facts_load_nop(BPF_TRACE_RAW_TP,
				facts_tracepoint_id(btf, TARGET_NAPI_POLL));

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

/* Refused at load where the kernel is locked down, at attach on arm64 < 6.4. */
static int facts_try_fentry(const struct btf *btf, bool *at_load)
{
	int id = facts_function_id(btf, TARGET_FN_NAPI_SCHEDULE);
	int fd, link, err = 0;

	*at_load = true;
	if (id < 0)
		return id;
	fd = facts_load_nop(BPF_TRACE_FENTRY, id);
	if (fd < 0)
		return fd;
	*at_load = false;
	link = bpf_raw_tracepoint_open(NULL, fd);
	if (link < 0)
		err = -errno;
	else
		close(link);
	close(fd);
	return err;
}

/*
 * Refused at attach to CAP_PERFMON alone where kernel.perf_event_paranoid is 3,
 * which Debian's kernels know.
 */
static int facts_try_kprobe(void)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.config1 = (uintptr_t)target_name(TARGET_FN_NAPI_SCHEDULE),
	};
	FILE *f = fopen("/sys/bus/event_source/devices/kprobe/type", "re");
	bool known;
	int fd;

	if (!f)
		return -errno;
	known = fscanf(f, "%u", &attr.type) == 1;
	fclose(f);
	if (!known)
		return -EINVAL;
	fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static bool facts_realtime(void)
{
	struct utsname u;

	return !uname(&u) && strstr(u.version, "PREEMPT_RT");
}

/* libbpf's own words only help who reads its source: one level down. */
static int facts_print(enum libbpf_print_level level, const char *fmt,
		       va_list args)
{
	(void)level;
	return log_get_level() < LOG_DEBUG ? 0 : vfprintf(stderr, fmt, args);
}

void facts_collect(struct facts *facts)
{
	struct btf *btf;

	libbpf_set_print(facts_print);
	btf = btf__load_vmlinux_btf();
	memset(facts, 0, sizeof(*facts));
	facts->btf_error = libbpf_get_error(btf);
	if (facts->btf_error)
		return;
	facts_targets(btf, facts);
	facts->tp_error = facts_try_tracepoint(btf);
	facts->fentry_error = facts_try_fentry(btf, &facts->fentry_at_load);
	facts->kprobe_error = facts_try_kprobe();
	if (!facts->kprobe_error) {
		facts->targets |= 1ULL << TARGET_FN_DRIVER_POLL;
		facts->btf_functions |= 1ULL << TARGET_FN_DRIVER_POLL;
	}
	facts->realtime = facts_realtime();
	facts->rings_sleep = facts->realtime && facts_rings_sleep(btf);
	facts->in_net_rx_action =
		facts_member(btf, "softnet_data", "in_net_rx_action");
	facts->symbol_names =
		libbpf_probe_bpf_helper(BPF_PROG_TYPE_RAW_TRACEPOINT,
					BPF_FUNC_snprintf, NULL) == 1;
	facts_state_bits(btf, facts);
	btf__free(btf);
}
