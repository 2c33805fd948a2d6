// SPDX-License-Identifier: GPL-2.0-only
/*
 * The traffic generator of the make-believe device: what the other end of the
 * wire would send, by a timer.  UDP datagrams from 198.18.0.1 to 198.19.0.1,
 * port 9 (RFC 2544's addresses for such tests, and the discard service), each
 * flow from a port of its own.
 */
#include <linux/cpumask.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <linux/smp.h>
#include <net/ip.h>

#include "refnic_compat.h"
#include "refnic_hw_priv.h"

#define GEN_SADDR	0xc6120001	/* 198.18.0.1 */
#define GEN_DADDR	0xc6130001	/* 198.19.0.1 */
#define GEN_DPORT	9
#define GEN_SPORT	1024		/* of flow 0 */
#define GEN_MAX_RATE	10000000
#define GEN_MAX_BURST	1024
#define GEN_MAX_FLOWS	4096

static const u8 gen_mac[ETH_ALEN] = { 0x02, 0x00, 0x00, 0x12, 0x00, 0x01 };

struct gen_headers {
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
} __packed;

static void gen_build(struct refnic_hw *hw)
{
	struct gen_headers *h = (struct gen_headers *)hw->gen_frame;
	u32 size = hw->gen_now.size;

	memset(hw->gen_frame, 0, sizeof(hw->gen_frame));
	ether_addr_copy(h->eth.h_dest, hw->mac);
	ether_addr_copy(h->eth.h_source, gen_mac);
	h->eth.h_proto = htons(ETH_P_IP);
	h->ip.version = 4;
	h->ip.ihl = sizeof(h->ip) / 4;
	h->ip.tot_len = htons(size - ETH_HLEN);
	h->ip.frag_off = htons(IP_DF);
	h->ip.ttl = IPDEFTTL;
	h->ip.protocol = IPPROTO_UDP;
	h->ip.saddr = htonl(GEN_SADDR);
	h->ip.daddr = htonl(GEN_DADDR);
	h->ip.check = ip_fast_csum(&h->ip, h->ip.ihl);
	h->udp.dest = htons(GEN_DPORT);
	h->udp.len = htons(size - ETH_HLEN - sizeof(h->ip));
}

static void gen_send(struct refnic_hw *hw)
{
	struct gen_headers *h = (struct gen_headers *)hw->gen_frame;
	unsigned int queue = 0;
	u32 flow = hw->gen_flow;

	hw->gen_flow = flow + 1 < hw->gen_now.flows ? flow + 1 : 0;
	if (!READ_ONCE(hw->faults.one_queue))
		queue = flow % READ_ONCE(hw->spread);
	h->udp.source = htons(GEN_SPORT + flow);
	refnic_hw_receive(hw, queue, hw->gen_frame, hw->gen_now.size);
	WRITE_ONCE(hw->gen.sent, hw->gen.sent + 1);
}

static enum hrtimer_restart gen_tick(struct hrtimer *timer)
{
	struct refnic_hw *hw = container_of(timer, struct refnic_hw, gen_timer);
	const struct refnic_gen *now = &hw->gen_now;
	u32 i;

	for (i = 0; i < now->burst; i++) {
		if (now->count && hw->gen.sent == now->count)
			return HRTIMER_NORESTART;
		gen_send(hw);
	}
	if (now->count && hw->gen.sent == now->count)
		return HRTIMER_NORESTART;
	/* A tick that comes late is not made up for. */
	hrtimer_forward_now(timer, ns_to_ktime(hw->gen_period_ns));
	return HRTIMER_RESTART;
}

/* On the CPU whose timer it is */
static void gen_start(void *info)
{
	struct refnic_hw *hw = info;

	hrtimer_start(&hw->gen_timer, ns_to_ktime(hw->gen_period_ns),
		      HRTIMER_MODE_REL_PINNED_HARD);
}

static bool gen_valid(const struct refnic_gen *gen)
{
	return gen->rate && gen->rate <= GEN_MAX_RATE &&
	       gen->burst && gen->burst <= GEN_MAX_BURST &&
	       gen->flows && gen->flows <= GEN_MAX_FLOWS &&
	       gen->size >= ETH_ZLEN && gen->size <= REFNIC_HW_FRAME;
}

/* The generator's settings, which take effect when it starts */
struct refnic_gen *refnic_hw_gen(struct refnic_hw *hw)
{
	return &hw->gen;
}

/**
 * refnic_hw_gen_start() - sends, as the settings say
 * @hw: the device that receives it
 *
 * Callers see to it that only one starts or stops at a time.
 *
 * Return: 0, -EBUSY while it runs, -EINVAL for settings out of their ranges,
 * -ENXIO for a CPU that is not online
 */
int refnic_hw_gen_start(struct refnic_hw *hw)
{
	struct refnic_gen *now = &hw->gen_now;

	if (refnic_hw_gen_runs(hw))
		return -EBUSY;
	*now = hw->gen;
	if (!gen_valid(now))
		return -EINVAL;
	if (now->cpu != U32_MAX &&
	    (now->cpu >= nr_cpu_ids || !cpu_online(now->cpu)))
		return -ENXIO;
	hw->gen.sent = 0;
	hw->gen_flow = 0;
	hw->gen_period_ns = div_u64((u64)now->burst * NSEC_PER_SEC, now->rate);
	gen_build(hw);
	if (now->cpu == U32_MAX) {
		gen_start(hw);
		return 0;
	}
	return smp_call_function_single(now->cpu, gen_start, hw, 1);
}

void refnic_hw_gen_stop(struct refnic_hw *hw)
{
	hrtimer_cancel(&hw->gen_timer);
}

bool refnic_hw_gen_runs(struct refnic_hw *hw)
{
	return hrtimer_active(&hw->gen_timer);
}

void refnic_hw_gen_init(struct refnic_hw *hw)
{
	hrtimer_setup(&hw->gen_timer, gen_tick, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED_HARD);
	hw->gen = (struct refnic_gen) {
		.rate	= 10000,
		.burst	= 1,
		.size	= ETH_ZLEN,
		.flows	= 1,
		.cpu	= U32_MAX,
		.count	= 100003,
	};
}
