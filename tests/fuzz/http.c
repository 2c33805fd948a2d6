// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzes requests to the exporter: the input is what a client sends.  Both ends
 * of the connection are here; what is served was made before.
 */
#include <netinet/in.h>
#include <zlib.h>

#include "fuzz.h"

#include "../../src/cmd_export.c"
#include "../../src/util/http.c"

#define MOST_READY 4

static struct export_options options = {
	.common = { .interval_ns = UINT64_MAX },
	.max_napis = EXPORT_MAX_NAPIS,
};
static struct export exporter = { .options = &options, .tried_ns = 1 };

static struct http *open_server(void)
{
	struct loop *loop;
	struct http *h;

	interval_init(&exporter.whole);
	if (export_make_replies(&exporter) || export_print(&exporter) ||
	    loop_open(&loop) ||
	    http_open(&h, "127.0.0.1:0", export_answer, &exporter) ||
	    http_add(h, loop))
		abort();
	return h;
}

/* All that came back, and a NUL behind it; its size. */
static size_t receive(int fd, char *reply, size_t room)
{
	size_t size = 0;
	ssize_t got;

	while ((got = recv(fd, reply + size, room - size - 1, MSG_DONTWAIT)) > 0)
		size += got;
	reply[size] = '\0';
	return size;
}

static size_t ask(struct http *h, const uint8_t *data, size_t size, char *reply,
		  size_t room)
{
	const struct sockaddr_in from = { .sin_family = AF_INET };
	unsigned int i;
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
		       fds) ||
	    send(fds[1], data, size, MSG_NOSIGNAL) != (ssize_t)size ||
	    shutdown(fds[1], SHUT_WR) ||
	    MHD_add_connection(h->daemon, fds[0], (const struct sockaddr *)&from,
			       sizeof(from)) != MHD_YES)
		abort();
	for (i = 0; i < MOST_READY; i++)
		http_ready(h);
	size = receive(fds[1], reply, room);
	close(fds[1]);
	/* Nobody is left who could hold a connection. */
	for (i = 0; i < MOST_READY && h->nr_connections; i++)
		http_ready(h);
	if (h->nr_connections)
		abort();
	return size;
}

static void check_compressed(const char *body, size_t size)
{
	const struct http_reply *plain = exporter.metrics;
	static char text[1 << 20];
	z_stream z = { .next_in = (Bytef *)body,
		       .avail_in = size,
		       .next_out = (Bytef *)text,
		       .avail_out = sizeof(text) };

	if (inflateInit2(&z, 15 + 16) != Z_OK ||
	    inflate(&z, Z_FINISH) != Z_STREAM_END ||
	    z.total_out != plain->size || memcmp(text, plain->body, plain->size))
		abort();
	inflateEnd(&z);
}

/* The metrics are as they are, or compressed for who can read that. */
static void check_metrics(const char *request, size_t asked, const char *reply,
			  size_t size)
{
	const char *body = strstr(reply, "\r\n\r\n");
	size_t left;

	if (!body)
		abort();
	body += 4;
	left = size - (body - reply);
	if (memmem(request, asked, "HEAD", 4) && !left)
		return;
	if (!memmem(reply, body - reply, "Content-Encoding: gzip", 22)) {
		if (left != exporter.metrics->size)
			abort();
		return;
	}
	if (!memmem(request, asked, "gzip", 4))
		abort();
	check_compressed(body, left);
}

static void check_reply(const char *request, size_t asked, const char *reply,
			size_t size)
{
	if (!size)
		return;
	if (strncmp(reply, "HTTP/1.", 7))
		abort();
	if (strstr(reply, TYPE_METRICS))
		check_metrics(request, asked, reply, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct http *h;
	static char reply[1 << 20];

	if (!h)
		h = open_server();
	check_reply((const char *)data, size, reply,
		    ask(h, data, size, reply, sizeof(reply)));
	return 0;
}
