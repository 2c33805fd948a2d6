/* SPDX-License-Identifier: GPL-2.0-only */
/* What an event interrupts, or who does what it shows: the current task. */
#ifndef TASK_BPF_H
#define TASK_BPF_H

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#define PF_KTHREAD 0x00200000 /* include/linux/sched.h */

/* A task of user space may have any name. */
static __always_inline bool task_is_kthread(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	return BPF_CORE_READ(task, flags) & PF_KTHREAD;
}

#endif /* TASK_BPF_H */
