// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * udptx: exactly counted datagrams from one network namespace to another, and
 * proof that each arrived.
 *
 * The receiving socket is bound, so nothing answers with ICMP.  With
 * --segments S one send is one UDP_SEGMENT super-packet; where the device does
 * not segment itself, its S datagrams reach the peer in one go: a burst for
 * the peer's NAPI.  --window W sends W of them, then waits until all arrived.
 * At the end it says which NAPI the last one came from.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "tool.h"

#define MAX_SEGMENTS 128
#define MAX_BYTES 1472
#define VLEN 64
#define ROOM (64 << 20) /* of a socket: never the limit */
#define WAIT_SEC 10

struct config {
	const char *from_ns;
	const char *to_ns;
	struct sockaddr_in to;
	unsigned long count; /* sends */
	unsigned long window;
	unsigned int segments;
	unsigned int bytes; /* of one datagram */
	int cpu;	    /* -1: any */
	bool lossy;
};

static const char usage[] =
	"usage: udptx --from NETNS --to NETNS --addr ADDR [--port N] --count N\n"
	"             [--segments N] [--bytes N] [--cpu N] [--window N] [--lossy]\n"
	"\n"
	"  --count     sends: datagrams, or bursts of --segments datagrams\n"
	"  --window    sends before all have to have arrived (default 128)\n"
	"  --lossy     never wait, and do not mind what was lost\n";

static void config_option(struct config *cfg, int opt)
{
	if (opt == 'f')
		cfg->from_ns = optarg;
	else if (opt == 't')
		cfg->to_ns = optarg;
	else if (opt == 'a' && inet_pton(AF_INET, optarg, &cfg->to.sin_addr) == 1)
		cfg->to.sin_family = AF_INET;
	else if (opt == 'p')
		cfg->to.sin_port = htons(tool_number(optarg, "--port", 1, 65535));
	else if (opt == 'n')
		cfg->count = tool_number(optarg, "--count", 1, 100000000);
	else if (opt == 's')
		cfg->segments =
			tool_number(optarg, "--segments", 1, MAX_SEGMENTS);
	else if (opt == 'b')
		cfg->bytes = tool_number(optarg, "--bytes", 1, MAX_BYTES);
	else if (opt == 'c')
		cfg->cpu = tool_number(optarg, "--cpu", 0, CPU_SETSIZE - 1);
	else if (opt == 'w')
		cfg->window = tool_number(optarg, "--window", 1, 4096);
	else if (opt == 'l')
		cfg->lossy = true;
	else
		die_usage("%s", usage);
}

static void config_parse(struct config *cfg, int argc, char **argv)
{
	static const struct option options[] = {
		{ "from", required_argument, NULL, 'f' },
		{ "to", required_argument, NULL, 't' },
		{ "addr", required_argument, NULL, 'a' },
		{ "port", required_argument, NULL, 'p' },
		{ "count", required_argument, NULL, 'n' },
		{ "segments", required_argument, NULL, 's' },
		{ "bytes", required_argument, NULL, 'b' },
		{ "cpu", required_argument, NULL, 'c' },
		{ "window", required_argument, NULL, 'w' },
		{ "lossy", no_argument, NULL, 'l' },
		{ 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1)
		config_option(cfg, opt);
	if (!cfg->from_ns || !cfg->to_ns || !cfg->to.sin_family || !cfg->count)
		die_usage("who sends how much to whom?\n%s", usage);
}

static int receiver_open(const struct config *cfg)
{
	struct timeval wait = { .tv_sec = WAIT_SEC };
	int room = ROOM, fd;

	tool_enter_netns(cfg->to_ns);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) ||
	    bind(fd, (const struct sockaddr *)&cfg->to, sizeof(cfg->to)))
		die("cannot receive in %s", cfg->to_ns);
	return fd;
}

static int sender_open(const struct config *cfg)
{
	int segment = cfg->bytes, room = ROOM, fd;

	tool_enter_netns(cfg->from_ns);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)) ||
	    connect(fd, (const struct sockaddr *)&cfg->to, sizeof(cfg->to)))
		die("cannot send from %s", cfg->from_ns);
	if (cfg->segments > 1 &&
	    setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof(segment)))
		die("cannot send super-packets");
	return fd;
}

/* Reads until as many arrived as were sent; at most WAIT_SEC between two. */
static void receive_all(int fd, unsigned long sent, unsigned long *received)
{
	struct mmsghdr msgs[VLEN] = { 0 };
	struct iovec iov[VLEN];
	char data[VLEN][MAX_BYTES];
	int i, n;

	for (i = 0; i < VLEN; i++) {
		iov[i] = (struct iovec){ data[i], sizeof(data[i]) };
		msgs[i].msg_hdr.msg_iov = &iov[i];
		msgs[i].msg_hdr.msg_iovlen = 1;
	}
	while (*received < sent) {
		n = recvmmsg(fd, msgs, VLEN, MSG_WAITFORONE, NULL);
		if (n <= 0)
			die("%lu sent, %lu arrived", sent, *received);
		*received += n;
	}
}

static void send_one(const struct config *cfg, int fd, size_t bytes)
{
	static const char data[MAX_SEGMENTS * MAX_BYTES];

	while (send(fd, data, bytes, 0) != (ssize_t)bytes)
		if (!cfg->lossy || (errno != ENOBUFS && errno != EAGAIN))
			die("a datagram was refused");
}

static void send_all(const struct config *cfg, int tx, int rx)
{
	size_t bytes = (size_t)cfg->bytes * cfg->segments;
	unsigned long received = 0, i;

	for (i = 1; i <= cfg->count; i++) {
		send_one(cfg, tx, bytes);
		if (!cfg->lossy && (i % cfg->window == 0 || i == cfg->count))
			receive_all(rx, i * cfg->segments, &received);
	}
}

/* 0: one without an id, the backlog. */
static void napi_say(int rx)
{
	unsigned int napi_id = 0;
	socklen_t len = sizeof(napi_id);

	if (getsockopt(rx, SOL_SOCKET, SO_INCOMING_NAPI_ID, &napi_id, &len))
		die("no SO_INCOMING_NAPI_ID");
	printf("napi_id %u\n", napi_id);
}

int main(int argc, char **argv)
{
	struct config cfg = {
		.to.sin_port = htons(9999),
		.window = 128,
		.segments = 1,
		.bytes = 18,
		.cpu = -1,
	};
	int tx, rx;

	config_parse(&cfg, argc, argv);
	rx = receiver_open(&cfg);
	tx = sender_open(&cfg);
	if (cfg.cpu >= 0)
		tool_pin(cfg.cpu);
	tool_say("ready");
	tool_wait_line();
	send_all(&cfg, tx, rx);
	napi_say(rx);
	tool_say("done");
	tool_wait_line();
	return 0;
}
