// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * churn: tap devices that come, receive one frame each, and go.
 *
 * Each has a NAPI instance, and one frame is one poll with one unit of work on
 * the writer's CPU.  Devices outlive their queues, and go with their network
 * namespace, all of a batch at once: one by one each would take the kernel 20 ms.
 */
#include <getopt.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "tool.h"

#define FRAME_BYTES 60
#define ETHERTYPE 0x88b5 /* IEEE 802: local experimental */

static const char usage[] =
	"usage: churn --devices N --batch N --rate N --cpu N\n"
	"\n"
	"  --rate  devices a second, at most\n";

struct config {
	unsigned long devices;
	unsigned long batch; /* of a namespace */
	unsigned long rate;
	unsigned int cpu;
};

static void config_parse(struct config *cfg, int argc, char **argv)
{
	static const struct option options[] = {
		{ "devices", required_argument, NULL, 'd' },
		{ "batch", required_argument, NULL, 'b' },
		{ "rate", required_argument, NULL, 'r' },
		{ "cpu", required_argument, NULL, 'c' },
		{ 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == 'd')
			cfg->devices =
				tool_number(optarg, "--devices", 1, 10000000);
		else if (opt == 'b')
			cfg->batch = tool_number(optarg, "--batch", 1, 10000);
		else if (opt == 'r')
			cfg->rate = tool_number(optarg, "--rate", 1, 1000000);
		else if (opt == 'c')
			cfg->cpu =
				tool_number(optarg, "--cpu", 0, CPU_SETSIZE - 1);
		else
			die_usage("%s", usage);
	}
	if (!cfg->devices || !cfg->batch || !cfg->rate)
		die_usage("%s", usage);
}

static void device_up(struct ifreq *ifr)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ifr->ifr_flags = IFF_UP;
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, ifr))
		die("cannot bring %s up", ifr->ifr_name);
	close(fd);
}

static void device_live(unsigned int number)
{
	const struct ethhdr eth = { .h_dest = { 0xff },
				    .h_source = { 2 },
				    .h_proto = __builtin_bswap16(ETHERTYPE) };
	unsigned char frame[FRAME_BYTES] = { 0 };
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_NAPI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	snprintf(ifr.ifr_name, IFNAMSIZ, "nst%u", number);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr) || ioctl(fd, TUNSETPERSIST, 1))
		die("cannot make %s", ifr.ifr_name);
	device_up(&ifr);
	memcpy(frame, &eth, sizeof(eth));
	if (write(fd, frame, sizeof(frame)) != sizeof(frame))
		die("%s refuses a frame", ifr.ifr_name);
	close(fd);
}

int main(int argc, char **argv)
{
	struct config cfg = { 0 };
	unsigned int i;

	config_parse(&cfg, argc, argv);
	tool_pin(cfg.cpu);
	for (i = 0; i < cfg.devices; i++) {
		if (i % cfg.batch == 0 && unshare(CLONE_NEWNET))
			die("cannot make a network namespace");
		device_live(i);
		if (i % cfg.batch == cfg.batch - 1)
			usleep(cfg.batch * 1000000 / cfg.rate);
	}
	printf("%lu devices\n", cfg.devices);
	return 0;
}
