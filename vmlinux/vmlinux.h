/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel types that napiscope's BPF programs read, written by hand: only
 * the members that are read, under preserve_access_index, so that libbpf
 * relocates each access to the running kernel.  What changed between kernels
 * stands in bpf/compat.bpf.h; scripts/check-vmlinux holds every member here
 * against a kernel's BTF.  See README.md beside this file.
 */
#ifndef __VMLINUX_H__
#define __VMLINUX_H__

typedef signed char __s8;
typedef unsigned char __u8;
typedef short int __s16;
typedef short unsigned int __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long int __s64;
typedef long long unsigned int __u64;

typedef __u8 u8;
typedef __s16 s16;
typedef __u16 u16;
typedef __s32 s32;
typedef __u32 u32;
typedef __s64 s64;
typedef __u64 u64;

/* Named by the prototypes of libbpf's helper header. */
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u64 __be64;
typedef __u32 __wsum;

typedef _Bool bool;

enum {
	false = 0,
	true = 1,
};

/* UAPI constants (include/uapi/linux/bpf.h): values never change. */
enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_ARRAY_OF_MAPS = 12,
	BPF_MAP_TYPE_QUEUE = 22,
	BPF_MAP_TYPE_RINGBUF = 27,
};

enum {
	BPF_ANY = 0,
	BPF_NOEXIST = 1,
	BPF_EXIST = 2,
};

enum {
	BPF_F_MMAPABLE = 1024,
};

enum {
	BPF_RB_NO_WAKEUP = 1,
	BPF_RB_FORCE_WAKEUP = 2,
};

#pragma clang attribute push(__attribute__((preserve_access_index)), \
			     apply_to = record)

struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
	u64 net_cookie; /* 5.12 */
};

typedef struct {
	struct net *net;
} possible_net_t;

struct net_device {
	char name[16];
	int ifindex;
	possible_net_t nd_net;
};

struct task_struct {
	unsigned int flags;
	int pid;
	char comm[16];
};

struct hrtimer {
};

struct napi_struct {
	unsigned long state;
	int weight;
	int (*poll)(struct napi_struct *napi, int budget);
	struct net_device *dev;
	unsigned int napi_id;
	struct hrtimer timer;
	struct task_struct *thread; /* 5.12 */
};

struct softnet_data {
	unsigned int time_squeeze;
	bool in_net_rx_action; /* 6.4 */
	struct napi_struct backlog;
};

struct irqaction {
	const char *name;
	unsigned int flags;
};

#ifdef __TARGET_ARCH_x86
/* The registers that libbpf's PT_REGS_PARM1/2 and PT_REGS_RC name. */
struct pt_regs {
	unsigned long ax;
	unsigned long si;
	unsigned long di;
};
#endif

#ifdef __TARGET_ARCH_arm64
struct user_pt_regs {
	u64 regs[31];
};
#endif

#pragma clang attribute pop

#endif /* __VMLINUX_H__ */
