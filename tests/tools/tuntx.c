// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tuntx: exactly counted frames into the NAPI instances of tap devices.
 *
 * With IFF_NAPI every queue of a tap device has a NAPI instance.  A write
 * puts one frame into the queue, schedules it and enables bottom halves, so
 * that one write is one poll with one unit of work on the writer's CPU.  When
 * the device's NAPI is threaded and the writer is real-time on the CPU of that
 * thread, all frames wait until the writer is through: a burst.
 *
 * The frames have an EtherType that nobody handles: the stack counts and drops
 * them, nothing answers.
 */
#include <getopt.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "tool.h"
#include "util/clock.h"

#define FRAME_BYTES 60
#define ETHERTYPE 0x88b5 /* IEEE 802: local experimental */
#define MAX_SENDS 64
#define MAX_DEVICES 16
#define MAX_QUEUES 256 /* of one device: the kernel's MAX_TAP_QUEUES */

/* A thread: queues from first to last, each with one frame more. */
struct send {
	unsigned int first;
	unsigned int last;
	unsigned int cpu;
	unsigned long frames; /* for the first queue */
	bool realtime;
	unsigned int hold_ms;
	const int *fds;
	pthread_t thread;
};

struct config {
	const char *dev;
	unsigned int devices;
	unsigned int queues; /* of each device */
	bool realtime;
	bool in_turn;
	unsigned int pause_ms;
	unsigned int hold_ms;
	struct send sends[MAX_SENDS];
	unsigned int nr_sends;
	int *fds; /* queue q of device d: [d * queues + q] */
};

static const char usage[] =
	"usage: tuntx --dev NAME [--devices N] [--queues N] [--realtime]\n"
	"             [--hold MS] [--in-turn [--pause MS]]\n"
	"             --send QUEUE[-QUEUE]:CPU:FRAMES ... | --ramp CPU\n"
	"\n"
	"  --send      of several queues each gets one frame more than that before it\n"
	"  --devices   NAME0, NAME1, ... instead of NAME; queues number on\n"
	"  --ramp      queue 0 gets 1 frame, queue 1 gets 2, and so on, by turns\n"
	"  --realtime  the writers are SCHED_FIFO\n"
	"  --hold      the writers keep their CPU for so long after their last frame\n"
	"  --in-turn   one writer after the other, not all at once\n"
	"  --pause     so long after each of them\n";

static struct send *config_add_send(struct config *cfg)
{
	if (cfg->nr_sends == MAX_SENDS)
		die_usage("at most %d times --send", MAX_SENDS);
	return &cfg->sends[cfg->nr_sends++];
}

static unsigned int parse_queue(const char *text)
{
	return tool_number(text, "--send QUEUE", 0, MAX_DEVICES * MAX_QUEUES - 1);
}

static void config_parse_send(struct config *cfg, char *text)
{
	struct send *send = config_add_send(cfg);
	char *queue = strtok(text, ":");
	const char *cpu = strtok(NULL, ":");
	const char *frames = strtok(NULL, "");
	const char *last;

	if (!queue || !cpu || !frames)
		die_usage("--send: QUEUE:CPU:FRAMES is needed");
	last = strchr(queue, '-');
	send->last = parse_queue(last ? last + 1 : queue);
	queue[strcspn(queue, "-")] = '\0';
	send->first = parse_queue(queue);
	if (send->first > send->last)
		die_usage("--send QUEUE-QUEUE: the first one is behind the last");
	send->cpu = tool_number(cpu, "--send CPU", 0, CPU_SETSIZE - 1);
	send->frames = tool_number(frames, "--send FRAMES", 1, 100000000);
}

static void config_parse_ramp(struct config *cfg, const char *text)
{
	struct send *send = config_add_send(cfg);

	send->last = UINT32_MAX;
	send->cpu = tool_number(text, "--ramp", 0, CPU_SETSIZE - 1);
	send->frames = 1;
}

static void config_check(struct config *cfg)
{
	unsigned int all = cfg->devices * cfg->queues, i;

	if (!cfg->dev || !cfg->nr_sends)
		die_usage("a device and what to send are needed\n%s", usage);
	for (i = 0; i < cfg->nr_sends; i++) {
		struct send *send = &cfg->sends[i];

		if (send->last == UINT32_MAX)
			send->last = all - 1;
		if (send->last >= all)
			die_usage("--send: there are %u queues", all);
		send->realtime = cfg->realtime;
		send->hold_ms = cfg->hold_ms;
	}
}

static void config_parse(struct config *cfg, int argc, char **argv)
{
	static const struct option options[] = {
		{ "dev", required_argument, NULL, 'd' },
		{ "devices", required_argument, NULL, 'n' },
		{ "queues", required_argument, NULL, 'q' },
		{ "send", required_argument, NULL, 's' },
		{ "ramp", required_argument, NULL, 'r' },
		{ "realtime", no_argument, NULL, 'R' },
		{ "hold", required_argument, NULL, 'h' },
		{ "in-turn", no_argument, NULL, 't' },
		{ "pause", required_argument, NULL, 'p' },
		{ 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == 'd')
			cfg->dev = optarg;
		else if (opt == 'n')
			cfg->devices =
				tool_number(optarg, "--devices", 1, MAX_DEVICES);
		else if (opt == 'q')
			cfg->queues =
				tool_number(optarg, "--queues", 1, MAX_QUEUES);
		else if (opt == 's')
			config_parse_send(cfg, optarg);
		else if (opt == 'r')
			config_parse_ramp(cfg, optarg);
		else if (opt == 'R')
			cfg->realtime = true;
		else if (opt == 'h')
			cfg->hold_ms = tool_number(optarg, "--hold", 1, 900);
		else if (opt == 't')
			cfg->in_turn = true;
		else if (opt == 'p')
			cfg->pause_ms = tool_number(optarg, "--pause", 1, 1000);
		else
			die_usage("%s", usage);
	}
	config_check(cfg);
}

static struct ifreq device_request(const char *dev)
{
	struct ifreq ifr = { 0 };

	if (snprintf(ifr.ifr_name, IFNAMSIZ, "%s", dev) >= IFNAMSIZ)
		die_usage("--dev: '%s' is too long", dev);
	return ifr;
}

static int queue_open(const char *dev)
{
	struct ifreq ifr = device_request(dev);
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		die("cannot open /dev/net/tun");
	ifr.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_NAPI | IFF_MULTI_QUEUE;
	if (ioctl(fd, TUNSETIFF, &ifr))
		die("cannot make a queue of %s", dev);
	return fd;
}

static void device_up(const char *dev)
{
	struct ifreq ifr = device_request(dev);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &ifr))
		die("cannot read the flags of %s", dev);
	ifr.ifr_flags |= IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &ifr))
		die("cannot bring %s up", dev);
	close(fd);
}

static void devices_open(struct config *cfg)
{
	unsigned int d, q;
	char dev[2 * IFNAMSIZ];

	cfg->fds = calloc(cfg->devices * cfg->queues, sizeof(*cfg->fds));
	if (!cfg->fds)
		die("no memory");
	for (d = 0; d < cfg->devices; d++) {
		if (cfg->devices == 1)
			snprintf(dev, sizeof(dev), "%s", cfg->dev);
		else
			snprintf(dev, sizeof(dev), "%s%u", cfg->dev, d);
		for (q = 0; q < cfg->queues; q++)
			cfg->fds[d * cfg->queues + q] = queue_open(dev);
		device_up(dev);
	}
}

static void frame_fill(unsigned char *frame)
{
	struct ethhdr *eth = (struct ethhdr *)frame;

	memset(frame, 0, FRAME_BYTES);
	memset(eth->h_dest, 0xff, ETH_ALEN);
	eth->h_source[0] = 0x02;
	eth->h_proto = __builtin_bswap16(ETHERTYPE);
}

/* Into each queue in turn, so that all are busy until they are through. */
static void send_queues(const struct send *send)
{
	unsigned long i, frames = send->frames + (send->last - send->first);
	unsigned char frame[FRAME_BYTES];
	unsigned int q, first = send->first;

	frame_fill(frame);
	for (i = 0; i < frames; i++) {
		/* This one has all of its frames. */
		if (i >= send->frames)
			first++;
		for (q = first; q <= send->last; q++)
			if (write(send->fds[q], frame, sizeof(frame)) !=
			    sizeof(frame))
				die("queue %u: frame %lu was refused", q, i);
	}
}

static void keep_cpu(unsigned int ms)
{
	uint64_t until = clock_ns(CLOCK_MONOTONIC) + ms * 1000000ULL;

	while (clock_ns(CLOCK_MONOTONIC) < until)
		;
}

static void *send_run(void *arg)
{
	const struct send *send = arg;

	tool_pin(send->cpu);
	if (send->realtime)
		tool_realtime();
	send_queues(send);
	keep_cpu(send->hold_ms);
	return NULL;
}

static void send_all(struct config *cfg)
{
	unsigned int i;

	for (i = 0; i < cfg->nr_sends; i++) {
		struct send *send = &cfg->sends[i];

		send->fds = cfg->fds;
		errno = pthread_create(&send->thread, NULL, send_run, send);
		if (errno)
			die("cannot start a writer");
		if (!cfg->in_turn)
			continue;
		pthread_join(send->thread, NULL);
		usleep(cfg->pause_ms * 1000);
	}
	for (i = 0; !cfg->in_turn && i < cfg->nr_sends; i++)
		pthread_join(cfg->sends[i].thread, NULL);
}

int main(int argc, char **argv)
{
	struct config cfg = { .devices = 1, .queues = 1 };

	config_parse(&cfg, argc, argv);
	devices_open(&cfg);
	tool_say("ready");
	tool_wait_line();
	send_all(&cfg);
	tool_say("done");
	tool_wait_line();
	return 0;
}
