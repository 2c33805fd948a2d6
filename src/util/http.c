// SPDX-License-Identifier: GPL-2.0-or-later
/* See http.h. */
#include "util/http.h"

#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/gzip.h"
#include "util/num.h"

/*
 * So many connections at once, the next ones wait in the kernel; and of one
 * address, more are closed: who opens many cannot keep the others out.
 */
#define HTTP_CONNECTIONS 256
#define HTTP_CONNECTIONS_EACH 32
/* Of one: its request is not read beyond that. */
#define HTTP_CONNECTION_BYTES 16384
/* Seconds without a byte, and from the first to the last one. */
#define HTTP_SILENCE_S 5
#define HTTP_AGE_S 20
#define HTTP_LOOK_NS 1000000000ULL
#define HTTP_SOON_NS 1000000ULL
/* Bounds the work that is done before the loop goes on. */
#define HTTP_RUNS 100

struct http_connection {
	struct MHD_Connection *connection; /* NULL: a free place */
	uint64_t since;			   /* seconds */
};

struct http {
	struct MHD_Daemon *daemon;
	struct loop *loop;
	http_handler handler;
	void *arg;
	int fd;
	struct http_reply *refusal; /* of what is no GET */
	char address[HTTP_ADDRESS];
	struct http_connection connections[HTTP_CONNECTIONS];
	unsigned int nr_connections;
};

struct http_reply {
	struct MHD_Response *response;
	unsigned int status;
	char type[96];
	const char *body;
	size_t size;
};

/* In seconds. */
static uint64_t http_now(void)
{
	return clock_ns(CLOCK_MONOTONIC) / 1000000000;
}

/* --- replies --------------------------------------------------------------- */

void http_reply_free(struct http_reply *reply)
{
	if (!reply)
		return;
	if (reply->response)
		MHD_destroy_response(reply->response);
	free(reply);
}

static bool reply_add(struct http_reply *reply, const char *name,
		      const char *value)
{
	return MHD_add_response_header(reply->response, name, value) == MHD_YES;
}

struct http_reply *http_reply_new(unsigned int status, const char *type,
				  char *body, size_t size)
{
	struct http_reply *reply = calloc(1, sizeof(*reply));

	if (reply)
		reply->response = MHD_create_response_from_buffer(
			size, body, MHD_RESPMEM_MUST_FREE);
	if (!reply || !reply->response) {
		free(body);
		free(reply);
		return NULL;
	}
	reply->status = status;
	reply->body = body;
	reply->size = size;
	snprintf(reply->type, sizeof(reply->type), "%s", type);
	/* Nobody who asks once a minute needs a connection of his own. */
	if (!reply_add(reply, MHD_HTTP_HEADER_CONTENT_TYPE, type) ||
	    !reply_add(reply, MHD_HTTP_HEADER_VARY,
		       MHD_HTTP_HEADER_ACCEPT_ENCODING) ||
	    !reply_add(reply, MHD_HTTP_HEADER_CONNECTION, "close")) {
		http_reply_free(reply);
		return NULL;
	}
	return reply;
}

struct http_reply *http_reply_gzip(const struct http_reply *plain)
{
	struct http_reply *reply;
	size_t size;
	char *body;

	if (gzip_make(plain->body, plain->size, &body, &size))
		return NULL;
	reply = http_reply_new(plain->status, plain->type, body, size);
	if (reply && !reply_add(reply, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip")) {
		http_reply_free(reply);
		return NULL;
	}
	return reply;
}

/* --- requests -------------------------------------------------------------- */

static bool http_accepts(struct MHD_Connection *connection, const char *coding)
{
	const char *value = MHD_lookup_connection_value(
		connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT_ENCODING);

	value = value ? strstr(value, coding) : NULL;
	if (!value)
		return false;
	/* "q=0": anything but that. */
	value += strlen(coding);
	value += strspn(value, " ;");
	return strncmp(value, "q=0", 3) ||
	       strspn(value + 3, ".0") != strcspn(value + 3, ", ");
}

static bool http_is_get(const char *method)
{
	return !strcmp(method, MHD_HTTP_METHOD_GET) ||
	       !strcmp(method, MHD_HTTP_METHOD_HEAD);
}

static enum MHD_Result http_answer(void *arg, struct MHD_Connection *connection,
				   const char *url, const char *method,
				   const char *version, const char *upload,
				   size_t *upload_size, void **state)
{
	struct http *h = arg;
	const struct http_request request = {
		.path = url,
		.accepts_gzip = http_accepts(connection, "gzip"),
	};
	struct http_reply *reply = h->refusal;

	(void)version;
	(void)upload;
	(void)upload_size;
	(void)state;
	if (http_is_get(method))
		reply = h->handler(h->arg, &request);
	if (!reply)
		return MHD_NO;
	return MHD_queue_response(connection, reply->status, reply->response);
}

/* --- connections ----------------------------------------------------------- */

static struct http_connection *http_find(struct http *h,
					 const struct MHD_Connection *connection)
{
	unsigned int i;

	for (i = 0; i < HTTP_CONNECTIONS; i++)
		if (h->connections[i].connection == connection)
			return &h->connections[i];
	return NULL;
}

static void http_notify(void *arg, struct MHD_Connection *connection,
			void **state, enum MHD_ConnectionNotificationCode code)
{
	bool starts = code == MHD_CONNECTION_NOTIFY_STARTED;
	struct http *h = arg;
	struct http_connection *c = http_find(h, starts ? NULL : connection);

	(void)state;
	if (!c)
		return;
	c->connection = starts ? connection : NULL;
	c->since = http_now();
	h->nr_connections += starts ? 1 : -1;
}

/* Who sends a byte now and then is not silent, and is to end too. */
static void http_end_old(struct http *h)
{
	const union MHD_ConnectionInfo *info;
	struct http_connection *c;
	uint64_t now = http_now();
	unsigned int i;

	for (i = 0; i < HTTP_CONNECTIONS; i++) {
		c = &h->connections[i];
		if (!c->connection || now - c->since < HTTP_AGE_S)
			continue;
		info = MHD_get_connection_info(
			c->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
		if (info)
			shutdown(info->connect_fd, SHUT_RDWR);
	}
}

static int http_tick(void *arg, uint64_t count);

/* Does what can be done now; the timer is only needed while somebody is there. */
static int http_ready(void *arg)
{
	struct http *h = arg;
	MHD_UNSIGNED_LONG_LONG left_ms;
	unsigned int runs = 0;
	bool at_once;
	int err;

	http_end_old(h);
	do {
		MHD_run(h->daemon);
		at_once = MHD_get_timeout(h->daemon, &left_ms) == MHD_YES &&
			  !left_ms;
	} while (at_once && ++runs < HTTP_RUNS);
	err = loop_set_timer(h->loop,
			     at_once	       ? HTTP_SOON_NS :
			     h->nr_connections ? HTTP_LOOK_NS :
						 0,
			     http_tick, h);
	return err ? err : LOOP_CONTINUE;
}

static int http_tick(void *arg, uint64_t count)
{
	(void)count;
	return http_ready(arg);
}

/* --- listening ------------------------------------------------------------- */

/* Splits "[ADDRESS]:PORT" or "ADDRESS:PORT" in place. */
static int address_split(char *text, char **host, char **port)
{
	char *colon = strrchr(text, ':');

	if (!colon || !colon[1])
		return -EINVAL;
	*colon = '\0';
	*port = colon + 1;
	*host = text;
	if (*text == '[' && colon > text + 1 && colon[-1] == ']') {
		colon[-1] = '\0';
		++*host;
	} else if (strchr(text, ':')) {
		return -EINVAL;
	}
	return **host ? 0 : -EINVAL;
}

static int http_bind(const struct addrinfo *ai)
{
	int fd = socket(ai->ai_family,
			SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1, err;

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, ai->ai_addr, ai->ai_addrlen) || listen(fd, SOMAXCONN)) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

/* A descriptor, or -errno. */
static int http_listen(const char *address)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
		.ai_socktype = SOCK_STREAM,
	};
	char text[HTTP_ADDRESS], *host, *port;
	struct addrinfo *ai;
	uint64_t number;
	int fd;

	if (snprintf(text, sizeof(text), "%s", address) >= (int)sizeof(text) ||
	    address_split(text, &host, &port) ||
	    num_parse_u64(port, 0, UINT16_MAX, &number) ||
	    getaddrinfo(host, port, &hints, &ai))
		return -EINVAL;
	fd = http_bind(ai);
	freeaddrinfo(ai);
	return fd;
}

static int http_set_address(struct http *h)
{
	struct sockaddr_storage sa = { .ss_family = AF_UNSPEC };
	socklen_t size = sizeof(sa);
	char host[HTTP_ADDRESS - 16], port[8];

	if (getsockname(h->fd, (struct sockaddr *)&sa, &size))
		return -errno;
	if (getnameinfo((struct sockaddr *)&sa, size, host, sizeof(host), port,
			sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV))
		return -EINVAL;
	snprintf(h->address, sizeof(h->address),
		 sa.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
	return 0;
}

static int http_set_refusal(struct http *h)
{
	char *text = strdup("only GET and HEAD are answered\n");

	if (text)
		h->refusal = http_reply_new(MHD_HTTP_METHOD_NOT_ALLOWED,
					    "text/plain; charset=utf-8", text,
					    strlen(text));
	if (!h->refusal ||
	    !reply_add(h->refusal, MHD_HTTP_HEADER_ALLOW, "GET, HEAD"))
		return -ENOMEM;
	return 0;
}

static int http_start(struct http *h)
{
	h->daemon = MHD_start_daemon(
		MHD_USE_EPOLL, 0, NULL, NULL, http_answer, h,
		MHD_OPTION_LISTEN_SOCKET, h->fd, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned int)HTTP_CONNECTIONS,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT,
		(unsigned int)HTTP_CONNECTIONS_EACH,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_CONNECTION_BYTES,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)HTTP_SILENCE_S,
		MHD_OPTION_NOTIFY_CONNECTION, http_notify, h, MHD_OPTION_END);
	return h->daemon ? 0 : -ENOMEM;
}

int http_open(struct http **out, const char *address, http_handler handler,
	      void *arg)
{
	struct http *h = calloc(1, sizeof(*h));
	int err;

	if (!h)
		return -ENOMEM;
	h->handler = handler;
	h->arg = arg;
	h->fd = http_listen(address);
	err = h->fd < 0 ? h->fd : http_set_address(h);
	if (!err)
		err = http_set_refusal(h);
	if (!err)
		err = http_start(h);
	if (err) {
		http_close(h);
		return err;
	}
	*out = h;
	return 0;
}

void http_close(struct http *h)
{
	if (!h)
		return;
	if (h->daemon)
		MHD_stop_daemon(h->daemon);
	else if (h->fd >= 0)
		close(h->fd);
	http_reply_free(h->refusal);
	free(h);
}

const char *http_address(const struct http *h)
{
	return h->address;
}

int http_add(struct http *h, struct loop *loop)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD);

	if (!info)
		return -EOPNOTSUPP;
	h->loop = loop;
	return loop_add(loop, info->epoll_fd, http_ready, h);
}
