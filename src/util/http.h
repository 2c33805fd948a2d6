/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small HTTP server in the caller's event loop (libmicrohttpd): GET and HEAD.
 * A client that is slow or says nothing holds a connection, of which there are
 * few, for a short time, and nothing else.
 */
#ifndef UTIL_HTTP_H
#define UTIL_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "util/loop.h"

struct http;
struct http_reply;

struct http_request {
	const char *path;
	bool accepts_gzip;
};

/*
 * What to answer: it stays the handler's, and the server keeps what is being
 * sent.  NULL: memory is out.
 */
typedef struct http_reply *(*http_handler)(void *arg,
					   const struct http_request *request);

/* Longest text of an address and port, with its NUL. */
#define HTTP_ADDRESS 80

/*
 * Listens at "ADDRESS:PORT" ("[ADDRESS]:PORT" in IPv6); port 0 takes a free one.
 * 0, -EINVAL (no such address) or -errno.
 */
int http_open(struct http **out, const char *address, http_handler handler,
	      void *arg);
void http_close(struct http *h);
/* Where it listens, as above. */
const char *http_address(const struct http *h);
/* It uses the loop's timer.  0 or -errno. */
int http_add(struct http *h, struct loop *loop);

/* Takes body over, which was allocated; NULL: memory is out, and it was freed. */
struct http_reply *http_reply_new(unsigned int status, const char *type,
				  char *body, size_t size);
/* The same, compressed where the client takes it. */
struct http_reply *http_reply_gzip(const struct http_reply *plain);
void http_reply_free(struct http_reply *reply);

#endif /* UTIL_HTTP_H */
