// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pace: datagrams from one network namespace to another at a rate, in bursts, of
 * many flows, until the time is over.
 *
 * With --segments S a send is one UDP_SEGMENT super-packet, that reaches the peer
 * as a burst of S.  --rate is of sends a second; 0: as fast as it goes.  Flow k
 * goes to port + k, where a socket is bound.  With --read the sockets are read, by
 * a thread on that CPU; else each holds what little it has room for.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

#include "tool.h"

#define MAX_SEGMENTS 128
#define MAX_FLOWS 256
#define BYTES 18

struct config {
	const char *from_ns;
	const char *to_ns;
	struct sockaddr_in to;
	unsigned int segments;
	unsigned int flows;
	unsigned int cpu;
	unsigned int rate;
	unsigned int seconds;
	int reader; /* CPU, -1: nobody reads */
	int epoll;
};

static const char usage[] =
	"usage: pace --from NETNS --to NETNS --addr ADDR [--port N] --cpu N\n"
	"            [--rate N] [--segments N] [--flows N] [--read CPU]\n"
	"            [--seconds N]\n";

static void config_number(struct config *cfg, int opt)
{
	if (opt == 'p')
		cfg->to.sin_port = htons(tool_number(optarg, "--port", 1, 65000));
	else if (opt == 's')
		cfg->segments =
			tool_number(optarg, "--segments", 1, MAX_SEGMENTS);
	else if (opt == 'l')
		cfg->flows = tool_number(optarg, "--flows", 1, MAX_FLOWS);
	else if (opt == 'c')
		cfg->cpu = tool_number(optarg, "--cpu", 0, 1023);
	else if (opt == 'r')
		cfg->rate = tool_number(optarg, "--rate", 0, 10000000);
	else if (opt == 'd')
		cfg->reader = tool_number(optarg, "--read", 0, 1023);
	else if (opt == 'e')
		cfg->seconds = tool_number(optarg, "--seconds", 1, 600);
	else
		die_usage("%s", usage);
}

static void config_option(struct config *cfg, int opt)
{
	if (opt == 'f')
		cfg->from_ns = optarg;
	else if (opt == 't')
		cfg->to_ns = optarg;
	else if (opt == 'a' && inet_pton(AF_INET, optarg, &cfg->to.sin_addr) == 1)
		cfg->to.sin_family = AF_INET;
	else
		config_number(cfg, opt);
}

static void config_parse(struct config *cfg, int argc, char **argv)
{
	static const struct option options[] = {
		{ "from", required_argument, NULL, 'f' },
		{ "to", required_argument, NULL, 't' },
		{ "addr", required_argument, NULL, 'a' },
		{ "port", required_argument, NULL, 'p' },
		{ "segments", required_argument, NULL, 's' },
		{ "flows", required_argument, NULL, 'l' },
		{ "cpu", required_argument, NULL, 'c' },
		{ "rate", required_argument, NULL, 'r' },
		{ "read", required_argument, NULL, 'd' },
		{ "seconds", required_argument, NULL, 'e' },
		{ 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1)
		config_option(cfg, opt);
	if (!cfg->from_ns || !cfg->to_ns || !cfg->to.sin_family)
		die_usage("%s", usage);
}

static struct sockaddr_in flow_address(const struct config *cfg, unsigned int flow)
{
	struct sockaddr_in to = cfg->to;

	to.sin_port = htons(ntohs(to.sin_port) + flow);
	return to;
}

static void receiver_open(const struct config *cfg, unsigned int flow)
{
	const struct sockaddr_in to = flow_address(cfg, flow);
	struct epoll_event event = { .events = EPOLLIN };
	int room = 1, fd = socket(AF_INET, SOCK_DGRAM, 0);

	event.data.fd = fd;
	if (fd < 0 || bind(fd, (const struct sockaddr *)&to, sizeof(to)))
		die("cannot receive in %s", cfg->to_ns);
	if (cfg->reader < 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)))
		die("cannot make a socket small");
	if (cfg->reader >= 0 && epoll_ctl(cfg->epoll, EPOLL_CTL_ADD, fd, &event))
		die("cannot wait for datagrams");
}

static int sender_open(const struct config *cfg, unsigned int flow)
{
	const struct sockaddr_in to = flow_address(cfg, flow);
	int segment = BYTES, fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)&to, sizeof(to)))
		die("cannot send from %s", cfg->from_ns);
	if (cfg->segments > 1 &&
	    setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof(segment)))
		die("cannot send super-packets");
	return fd;
}

/* The process ends before it does. */
static void *read_all(void *arg)
{
	const struct config *cfg = arg;
	struct epoll_event event;
	char data[2048];

	tool_pin(cfg->reader);
	for (;;)
		if (epoll_wait(cfg->epoll, &event, 1, -1) == 1)
			while (recv(event.data.fd, data, sizeof(data),
				    MSG_DONTWAIT) > 0)
				;
	return NULL;
}

static uint64_t clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* Sleeps up to the next send, and never makes up for what came late. */
static void pace_wait(uint64_t *next, uint64_t step)
{
	struct timespec ts;
	uint64_t now = clock_ns();

	*next = *next + step > now ? *next + step : now;
	ts.tv_sec = *next / 1000000000;
	ts.tv_nsec = *next % 1000000000;
	if (step)
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

static void pace(const struct config *cfg, const int *fds)
{
	static const char data[MAX_SEGMENTS * BYTES];
	const uint64_t step = cfg->rate ? 1000000000ULL / cfg->rate : 0;
	const uint64_t end = clock_ns() + cfg->seconds * 1000000000ULL;
	uint64_t next = clock_ns();
	unsigned long sent = 0;

	while (next < end) {
		/* A full queue is not our business. */
		if (send(fds[sent++ % cfg->flows], data,
			 (size_t)BYTES * cfg->segments, 0) < 0 &&
		    errno != ENOBUFS)
			die("cannot send");
		pace_wait(&next, step);
	}
}

int main(int argc, char **argv)
{
	struct config cfg = { .to.sin_port = htons(9100),
			      .segments = 1,
			      .flows = 1,
			      .rate = 1000,
			      .seconds = 60,
			      .reader = -1 };
	int fds[MAX_FLOWS];
	pthread_t reader;
	unsigned int i;

	config_parse(&cfg, argc, argv);
	cfg.epoll = epoll_create1(0);
	tool_enter_netns(cfg.to_ns);
	for (i = 0; i < cfg.flows; i++)
		receiver_open(&cfg, i);
	tool_enter_netns(cfg.from_ns);
	for (i = 0; i < cfg.flows; i++)
		fds[i] = sender_open(&cfg, i);
	if (cfg.reader >= 0 && pthread_create(&reader, NULL, read_all, &cfg))
		die("cannot start a reader");
	tool_pin(cfg.cpu);
	tool_say("ready");
	pace(&cfg, fds);
	return 0;
}
