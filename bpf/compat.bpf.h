/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every difference between kernels that the programs have to know, with the
 * version it came with and when it may be dropped.
 */
#ifndef COMPAT_BPF_H
#define COMPAT_BPF_H

#include <bpf/bpf_core_read.h>
#include "napi_types.h"

/*
 * napi_struct.thread: 5.12 (29863d41bb6e).  Earlier kernels have no threaded
 * NAPI, so nothing is ever polled by napi->thread.  Drop with 5.10.
 */
static __always_inline u64 compat_napi_thread(const struct napi_struct *napi)
{
	if (!bpf_core_field_exists(napi->thread))
		return 0;
	return (u64)napi->thread;
}

/*
 * What tells a namespace from all others, in the range of its inode number, which a
 * later one is given again.  net.net_cookie: each has one since 5.12 (3d368ab87cf6;
 * before that it was an atomic64_t, for who asked).  Drop the inode with 5.10.
 */
static __always_inline u32 compat_net_id(const struct net *net)
{
	if (!net)
		return 0;
	if (!bpf_core_field_exists(net->net_cookie))
		return net->ns.inum;
	return NAPI_NET_ID | (u32)net->net_cookie;
}

/* The same of a pointer that the verifier does not know. */
static __always_inline u32 compat_net_id_read(const struct net *net)
{
	if (!net)
		return 0;
	if (!bpf_core_field_exists(net->net_cookie))
		return BPF_CORE_READ(net, ns.inum);
	return NAPI_NET_ID | (u32)BPF_CORE_READ(net, net_cookie);
}

/*
 * softnet_data.in_net_rx_action: 6.4 (8b43fd3d1d7d).  It stays set when
 * net_rx_action leaves work behind.  Drop with 6.1.
 */
static __always_inline bool compat_has_in_net_rx_action(void)
{
	struct softnet_data *sd = (void *)0;

	return bpf_core_field_exists(sd->in_net_rx_action);
}

#endif /* COMPAT_BPF_H */
