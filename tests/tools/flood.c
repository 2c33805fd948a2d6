// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flood: how many datagrams a second one CPU gets through a veth pair's NAPI.
 *
 * Each send is polled before it returns, in the sender's context, so that one
 * CPU does everything.  With --segments S one send is one UDP_SEGMENT
 * super-packet that reaches the peer as S packets at once: S = 1 is one packet
 * a poll, the worst case for whoever counts polls.  The receiving socket has
 * next to no room and is not read: a packet costs what the stack costs up to
 * the socket and no more.
 *
 * Reads lines from standard input: for each it floods for --seconds and
 * prints packets per second; ends with the input.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <time.h>

#include "tool.h"

#define MAX_SEGMENTS 64
#define BYTES 18
#define PORT 9999
#define BATCH 64 /* sends between two looks at the clock */

struct config {
	const char *from_ns;
	const char *to_ns;
	struct sockaddr_in to;
	unsigned int segments;
	unsigned int cpu;
	double seconds;
};

static const char usage[] =
	"usage: flood --from NETNS --to NETNS --addr ADDR --cpu N\n"
	"             [--segments N] [--millis N]\n";

static void config_option(struct config *cfg, int opt)
{
	if (opt == 'f')
		cfg->from_ns = optarg;
	else if (opt == 't')
		cfg->to_ns = optarg;
	else if (opt == 'a' && inet_pton(AF_INET, optarg, &cfg->to.sin_addr) == 1)
		cfg->to.sin_family = AF_INET;
	else if (opt == 's')
		cfg->segments =
			tool_number(optarg, "--segments", 1, MAX_SEGMENTS);
	else if (opt == 'c')
		cfg->cpu = tool_number(optarg, "--cpu", 0, CPU_SETSIZE - 1);
	else if (opt == 'm')
		cfg->seconds = tool_number(optarg, "--millis", 1, 60000) / 1000.0;
	else
		die_usage("%s", usage);
}

static void config_parse(struct config *cfg, int argc, char **argv)
{
	static const struct option options[] = {
		{ "from", required_argument, NULL, 'f' },
		{ "to", required_argument, NULL, 't' },
		{ "addr", required_argument, NULL, 'a' },
		{ "segments", required_argument, NULL, 's' },
		{ "cpu", required_argument, NULL, 'c' },
		{ "millis", required_argument, NULL, 'm' },
		{ 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1)
		config_option(cfg, opt);
	if (!cfg->from_ns || !cfg->to_ns || !cfg->to.sin_family)
		die_usage("%s", usage);
}

static void receiver_open(const struct config *cfg)
{
	int room = 1, fd;

	tool_enter_netns(cfg->to_ns);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)) ||
	    bind(fd, (const struct sockaddr *)&cfg->to, sizeof(cfg->to)))
		die("cannot receive in %s", cfg->to_ns);
}

static int sender_open(const struct config *cfg)
{
	int segment = BYTES, fd;

	tool_enter_netns(cfg->from_ns);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 ||
	    connect(fd, (const struct sockaddr *)&cfg->to, sizeof(cfg->to)))
		die("cannot send from %s", cfg->from_ns);
	if (cfg->segments > 1 &&
	    setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof(segment)))
		die("cannot send super-packets");
	return fd;
}

static double clock_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static double flood(const struct config *cfg, int fd)
{
	static const char data[MAX_SEGMENTS * BYTES];
	size_t bytes = (size_t)BYTES * cfg->segments;
	double start = clock_seconds(), now;
	unsigned long sent = 0;
	unsigned int i;

	do {
		for (i = 0; i < BATCH; i++)
			if (send(fd, data, bytes, 0) == (ssize_t)bytes)
				sent++;
		now = clock_seconds();
	} while (now - start < cfg->seconds);
	return sent * cfg->segments / (now - start);
}

int main(int argc, char **argv)
{
	struct config cfg = {
		.to.sin_port = htons(PORT),
		.segments = 1,
		.seconds = 0.5,
	};
	int fd, c;

	config_parse(&cfg, argc, argv);
	receiver_open(&cfg);
	fd = sender_open(&cfg);
	tool_pin(cfg.cpu);
	tool_say("ready");
	while ((c = getchar()) != EOF) {
		if (c != '\n')
			continue;
		printf("%.0f\n", flood(&cfg, fd));
		fflush(stdout);
	}
	return 0;
}
