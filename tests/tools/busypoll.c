// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * busypoll: tasks that poll a NAPI themselves, with exactly counted polls.
 *
 * A socket busy-polls the NAPI that its last datagram came from.  One receive
 * without waiting on an empty socket is one turn of the kernel's loop, which
 * polls twice: once in the loop, once more to leave it (busy_poll_stop), with
 * no work either time.
 *
 * epoll busy-polls only when it may wait, and forgets its NAPI after a turn in
 * vain: --epoll sends one datagram before each turn, which is then two polls or
 * more.  --burst sends so many before each turn, into a device that defers its
 * interrupts and so keeps them waiting: both polls use up their budget, and the
 * kernel schedules the NAPI for the rest.
 *
 * With --peer-cpu datagrams come from another CPU while a receive busy-polls:
 * then only their number is certain, not who polled.  With --prefer, too, the NAPI
 * of a device that defers its interrupts stays with the task.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "tool.h"

#define BUSY_USEC 50
#define WAIT_SEC 10

/* <linux/eventpoll.h> of 6.9 */
struct busy_params {
	uint32_t usecs;
	uint16_t budget;
	uint8_t prefer;
	uint8_t pad;
};

#define BUSY_SET_PARAMS _IOW(0x8A, 0x01, struct busy_params)

struct config {
	const char *from_ns;
	const char *to_ns;
	struct sockaddr_in to;
	unsigned long count; /* turns, or datagrams */
	unsigned int cpu;
	bool epoll;
	unsigned int burst; /* datagrams before each turn */
	int peer_cpu;	    /* >= 0: datagrams come from there */
	int prefer;	    /* SO_PREFER_BUSY_POLL */
	int tx, rx, ep;
	_Atomic unsigned long received;
};

static const char usage[] =
	"usage: busypoll --from NETNS --to NETNS --addr ADDR --count N --cpu N\n"
	"                [--epoll | --burst N | --peer-cpu N [--prefer]]\n"
	"\n"
	"  --count     turns of the polling loop, each without work\n"
	"  --epoll     by epoll_wait, with one datagram before each turn\n"
	"  --burst     with so many datagrams in the device's ring at each turn\n"
	"  --peer-cpu  instead receive count datagrams, sent from this CPU\n"
	"  --prefer    the socket prefers that its task polls (5.11)\n";

static void config_option(struct config *cfg, int opt)
{
	if (opt == 'f')
		cfg->from_ns = optarg;
	else if (opt == 't')
		cfg->to_ns = optarg;
	else if (opt == 'a')
		inet_pton(AF_INET, optarg, &cfg->to.sin_addr);
	else if (opt == 'n')
		cfg->count = tool_number(optarg, "--count", 1, 10000000);
	else if (opt == 'c')
		cfg->cpu = tool_number(optarg, "--cpu", 0, CPU_SETSIZE - 1);
	else if (opt == 'p')
		cfg->peer_cpu =
			tool_number(optarg, "--peer-cpu", 0, CPU_SETSIZE - 1);
	else if (opt == 'b')
		cfg->burst = tool_number(optarg, "--burst", 1, 200);
	else if (opt == 'r')
		cfg->prefer = 1;
	else if (opt == 'e')
		cfg->epoll = true;
	else
		die_usage("%s", usage);
}

static void config_parse(struct config *cfg, int argc, char **argv)
{
	static const struct option options[] = {
		{ "from", required_argument, NULL, 'f' },
		{ "to", required_argument, NULL, 't' },
		{ "addr", required_argument, NULL, 'a' },
		{ "count", required_argument, NULL, 'n' },
		{ "cpu", required_argument, NULL, 'c' },
		{ "burst", required_argument, NULL, 'b' },
		{ "epoll", no_argument, NULL, 'e' },
		{ "peer-cpu", required_argument, NULL, 'p' },
		{ "prefer", no_argument, NULL, 'r' },
		{ 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1)
		config_option(cfg, opt);
	if (!cfg->from_ns || !cfg->to_ns || !cfg->to.sin_addr.s_addr ||
	    !cfg->count)
		die_usage("who sends to whom, and how often?\n%s", usage);
}

static void sockets_open(struct config *cfg)
{
	const struct sockaddr *to = (const struct sockaddr *)&cfg->to;
	struct timeval wait = { .tv_sec = WAIT_SEC };

	tool_enter_netns(cfg->to_ns);
	cfg->rx = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (cfg->rx < 0 || bind(cfg->rx, to, sizeof(cfg->to)) ||
	    setsockopt(cfg->rx, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)))
		die("cannot receive in %s", cfg->to_ns);
	tool_enter_netns(cfg->from_ns);
	cfg->tx = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (cfg->tx < 0 || connect(cfg->tx, to, sizeof(cfg->to)))
		die("cannot send from %s", cfg->from_ns);
}

static void datagram_send(const struct config *cfg)
{
	if (send(cfg->tx, "", 1, 0) != 1)
		die("a datagram was refused");
}

static void datagram_receive(const struct config *cfg)
{
	char byte;

	if (recv(cfg->rx, &byte, 1, 0) != 1)
		die("a datagram did not arrive");
}

static void datagram_receive_now(const struct config *cfg)
{
	char byte;

	if (recv(cfg->rx, &byte, 1, MSG_DONTWAIT) != 1)
		die("a datagram is not there");
}

/* One datagram tells the socket its NAPI; only then it may busy-poll. */
static void napi_learn(const struct config *cfg)
{
	int busy = BUSY_USEC;
	unsigned int napi_id = 0;
	socklen_t len = sizeof(napi_id);

	datagram_send(cfg);
	datagram_receive(cfg);
	if (getsockopt(cfg->rx, SOL_SOCKET, SO_INCOMING_NAPI_ID, &napi_id, &len))
		die("no SO_INCOMING_NAPI_ID");
	errno = 0;
	if (!napi_id)
		die("the device has no NAPI id");
	if (!cfg->epoll &&
	    setsockopt(cfg->rx, SOL_SOCKET, SO_BUSY_POLL, &busy, sizeof(busy)))
		die("no SO_BUSY_POLL");
	if (cfg->prefer && setsockopt(cfg->rx, SOL_SOCKET, SO_PREFER_BUSY_POLL,
				      &cfg->prefer, sizeof(cfg->prefer)))
		die("no SO_PREFER_BUSY_POLL");
	printf("napi_id %u\n", napi_id);
}

static void epoll_open(struct config *cfg)
{
	struct busy_params params = { .usecs = BUSY_USEC, .budget = 8 };
	struct epoll_event event = { .events = EPOLLIN };

	cfg->ep = epoll_create1(EPOLL_CLOEXEC);
	if (cfg->ep < 0 || ioctl(cfg->ep, BUSY_SET_PARAMS, &params))
		die("no busy polling by epoll (6.9)");
	if (epoll_ctl(cfg->ep, EPOLL_CTL_ADD, cfg->rx, &event))
		die("epoll_ctl");
}

/* The datagram is there before epoll looks, so that only the turn polls. */
static void turn_epoll(const struct config *cfg)
{
	struct epoll_event event;

	datagram_send(cfg);
	if (epoll_wait(cfg->ep, &event, 1, WAIT_SEC * 1000) != 1)
		die("a datagram did not arrive");
	datagram_receive(cfg);
	if (epoll_wait(cfg->ep, &event, 1, 1))
		die("a datagram too many");
}

static void turn_recv(const struct config *cfg)
{
	char byte;

	if (recv(cfg->rx, &byte, 1, MSG_DONTWAIT) >= 0 || errno != EAGAIN)
		die("a datagram too many");
}

/* All are still in the ring: the first receive polls. */
static void turn_burst(const struct config *cfg)
{
	unsigned int i;

	for (i = 0; i < cfg->burst; i++)
		datagram_send(cfg);
	for (i = 0; i < cfg->burst; i++)
		datagram_receive_now(cfg);
}

static void turns_run(const struct config *cfg)
{
	unsigned long i;

	if (cfg->burst) {
		/* From here on the device defers. */
		datagram_send(cfg);
		datagram_receive_now(cfg);
	}
	for (i = 0; i < cfg->count; i++) {
		if (cfg->epoll)
			turn_epoll(cfg);
		else if (cfg->burst)
			turn_burst(cfg);
		else
			turn_recv(cfg);
	}
}

/* The next datagram only when the one before it arrived. */
static void *peer_run(void *arg)
{
	const struct config *cfg = arg;
	unsigned long i;

	tool_pin(cfg->peer_cpu);
	for (i = 0; i < cfg->count; i++) {
		datagram_send(cfg);
		while (cfg->received <= i)
			sched_yield();
	}
	return NULL;
}

static void traffic_run(struct config *cfg)
{
	pthread_t peer;

	errno = pthread_create(&peer, NULL, peer_run, cfg);
	if (errno)
		die("cannot start a sender");
	for (; cfg->received < cfg->count; cfg->received++)
		datagram_receive(cfg);
	pthread_join(peer, NULL);
}

int main(int argc, char **argv)
{
	struct config cfg = { .to.sin_family = AF_INET,
			      .to.sin_port = htons(9998),
			      .peer_cpu = -1 };

	config_parse(&cfg, argc, argv);
	sockets_open(&cfg);
	tool_pin(cfg.cpu);
	napi_learn(&cfg);
	if (cfg.epoll)
		epoll_open(&cfg);
	tool_say("ready");
	tool_wait_line();
	if (cfg.peer_cpu >= 0)
		traffic_run(&cfg);
	else
		turns_run(&cfg);
	tool_say("done");
	tool_wait_line();
	return 0;
}
