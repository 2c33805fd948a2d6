// SPDX-License-Identifier: GPL-2.0-or-later
/* export: OpenMetrics over HTTP, for Prometheus. */
#include "cmd.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "confine.h"
#include "model/total.h"
#include "run.h"
#include "util/clock.h"
#include "util/http.h"
#include "util/log.h"
#include "util/privilege.h"

/* No exporter that is known of has it: NAPI on the keys of a telephone. */
#define EXPORT_ADDRESS "127.0.0.1:16274"
#define EXPORT_USER "nobody"
#define EXPORT_MAX_NAPIS 1024

#define TYPE_METRICS \
	"application/openmetrics-text; version=1.0.0; charset=utf-8"
#define TYPE_TEXT "text/plain; charset=utf-8"

enum {
	OPTION_LISTEN = 512,
	OPTION_USER,
	OPTION_HISTS,
	OPTION_MAX_NAPIS,
};

enum export_hists {
	EXPORT_HISTS_DEV,
	EXPORT_HISTS_NAPI,
	EXPORT_HISTS_NONE,
};

struct export_options {
	struct options common; /* first: the common parser takes it for these */
	const char *address;
	const char *user;
	enum export_hists hists;
	uint64_t max_napis;
};

static const struct argp_option export_options[] = {
	{ "listen", OPTION_LISTEN, "ADDR:PORT", 0,
	  "Serve here (" EXPORT_ADDRESS ")", 0 },
	{ "user", OPTION_USER, "USER", 0,
	  "Become this user once the probes are attached (" EXPORT_USER ")", 0 },
	{ "hists", OPTION_HISTS, "PER", 0,
	  "Histograms of NAPIs: per dev (the default), per napi, or none at all",
	  0 },
	{ "max-napis", OPTION_MAX_NAPIS, "N", 0,
	  "So many NAPIs have series of their own, the rest is added up (1024)",
	  0 },
	{ 0 },
};

static void export_parse_hists(struct argp_state *state, const char *arg)
{
	static const char *const names[] = { "dev", "napi", "none" };
	struct export_options *o = state->input;
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(arg, names[i]))
			continue;
		o->hists = i;
		return;
	}
	argp_error(state, "hists '%s' is none of dev, napi, none", arg);
}

static error_t export_parse(int key, char *arg, struct argp_state *state)
{
	struct export_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->common;
		return 0;
	case OPTION_LISTEN:
		o->address = arg;
		return 0;
	case OPTION_USER:
		o->user = arg;
		return 0;
	case OPTION_HISTS:
		export_parse_hists(state, arg);
		return 0;
	case OPTION_MAX_NAPIS:
		if (num_parse_u64(arg, 1, 1 << 20, &o->max_napis))
			argp_error(state,
				   "'%s' is not a number of NAPIs from 1 to "
				   "1048576",
				   arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct options_of export_of = {
	.takes = TAKES_INTERVAL | TAKES_SELECT | TAKES_FIELDS | TAKES_LIVE |
		 TAKES_SAMPLE,
	.formats = "openmetrics",
};

static const struct argp export_argp = {
	.options = export_options,
	.parser = export_parse,
	.doc = "Serve what is counted as OpenMetrics at /metrics, for "
	       "Prometheus.  The probes are attached once; then every privilege "
	       "is given up.  A request reads the counters, at most once an "
	       "--interval however many ask.  Counters begin when napiscope "
	       "starts, those of the kernel when it booted.",
};

struct export
{
	const struct export_options *options;
	struct session session;
	struct run run;
	struct total total;
	struct interval whole;
	struct http *http;
	uint64_t tried_ns; /* CLOCK_MONOTONIC, when it was read, or not */
	struct http_reply *metrics;
	struct http_reply *compressed; /* NULL: nobody has asked for it */
	struct http_reply *index, *not_found, *failed;
};

/* --- what is served -------------------------------------------------------- */

static struct http_reply *reply_text(unsigned int status, const char *text)
{
	char *body = strdup(text);

	return body ? http_reply_new(status, TYPE_TEXT, body, strlen(body)) :
		      NULL;
}

static int export_make_replies(struct export *e)
{
	e->index = reply_text(200, "napiscope " VERSION ": see /metrics\n");
	e->not_found = reply_text(404, "not here: see /metrics\n");
	e->failed = reply_text(500, "the counters could not be read: see what "
				    "napiscope said\n");
	return e->index && e->not_found && e->failed ? 0 : -ENOMEM;
}

static void export_drop_metrics(struct export *e)
{
	http_reply_free(e->metrics);
	http_reply_free(e->compressed);
	e->metrics = NULL;
	e->compressed = NULL;
}

static struct view_options export_view(const struct export_options *o)
{
	return (struct view_options){
		.fields = o->common.fields,
		.totals = true,
		.hists = o->hists != EXPORT_HISTS_NONE,
		.named = true,
		.hists_by_dev = o->hists == EXPORT_HISTS_DEV,
	};
}

/* Of e->whole into e->metrics. */
static int export_print(struct export *e)
{
	const struct view_options view = export_view(e->options);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int err;

	if (!out)
		return -ENOMEM;
	errno = 0;
	err = view_exported.interval(out, &e->whole, &view);
	if (fclose(out) || err) {
		free(text);
		return -ENOMEM;
	}
	e->metrics = http_reply_new(200, TYPE_METRICS, text, size);
	return e->metrics ? 0 : -ENOMEM;
}

/* 0 or -errno, printed. */
static int export_read(struct export *e)
{
	const struct run *r = &e->run;
	int got = run_step(&e->run), err;

	if (got <= 0)
		return got ? got : -ENODATA;
	export_drop_metrics(e);
	err = total_add(&e->total, &r->interval, &r->snapshots[r->latest]);
	if (!err)
		err = interval_make_whole(&e->whole, &e->total.sum, e->total.ns);
	if (!err)
		err = export_print(e);
	if (err)
		log_error("out of memory");
	return err;
}

/* A reading that failed is not tried again at once, either. */
static void export_refresh(struct export *e)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	if (e->tried_ns && now - e->tried_ns < e->options->common.interval_ns)
		return;
	e->tried_ns = now;
	if (export_read(e))
		export_drop_metrics(e);
}

static struct http_reply *export_metrics(struct export *e, bool gzip)
{
	export_refresh(e);
	if (!e->metrics)
		return e->failed;
	if (!gzip)
		return e->metrics;
	if (!e->compressed)
		e->compressed = http_reply_gzip(e->metrics);
	return e->compressed ? e->compressed : e->metrics;
}

static struct http_reply *export_answer(void *arg,
					const struct http_request *request)
{
	struct export *e = arg;

	if (!strcmp(request->path, "/metrics"))
		return export_metrics(e, request->accepts_gzip);
	return strcmp(request->path, "/") ? e->not_found : e->index;
}

/* --- the command ----------------------------------------------------------- */

static int export_listen(struct export *e)
{
	const char *address = e->options->address;
	int err = http_open(&e->http, address, export_answer, e);

	if (err == -EINVAL)
		log_error("'%s' is no address and port such as %s or "
			  "[::1]:16274",
			  address, EXPORT_ADDRESS);
	else if (err)
		log_error("cannot listen at %s: %s; --listen chooses another "
			  "address",
			  address, strerror(-err));
	return err;
}

static int export_drop_privileges(const struct export *e)
{
	int err = privilege_drop(e->options->user);

	if (err == -ENOENT)
		log_error("there is no user '%s' to become; --user names "
			  "another one",
			  e->options->user);
	else if (err == -EINVAL)
		log_error("--user %s: choose a user that is not root",
			  e->options->user);
	else if (err)
		log_error("cannot become user '%s' without capabilities: %s; "
			  "start it as root, or by its systemd unit",
			  e->options->user, strerror(-err));
	return err;
}

static int export_signal(void *arg, uint64_t signo)
{
	(void)arg;
	return signo == SIGWINCH ? LOOP_CONTINUE : 0;
}

/* However seldom somebody asks. */
static int export_keep(void *arg, uint64_t count)
{
	struct export *e = arg;

	(void)count;
	live_keep(e->session.live);
	return LOOP_CONTINUE;
}

static int export_open(struct export *e)
{
	int err = export_make_replies(e);

	if (err) {
		log_error("out of memory");
		return err;
	}
	/* An address that is taken is said before anything is attached. */
	err = export_listen(e);
	if (!err)
		err = session_open(&e->session, &e->options->common);
	if (!err)
		err = run_open(&e->run, &e->session);
	if (!err)
		err = export_drop_privileges(e);
	if (!err)
		confine_export();
	if (!err)
		err = run_add_signals(&e->run, export_signal, e);
	if (err)
		return err;
	err = loop_set_timer(e->run.loop, LIVE_KEEP_NS, export_keep, e);
	if (err)
		return err;
	err = http_add(e->http, e->run.loop);
	if (err)
		log_error("cannot wait for requests: %s", strerror(-err));
	return err;
}

static void export_close(struct export *e)
{
	http_close(e->http);
	export_drop_metrics(e);
	http_reply_free(e->index);
	http_reply_free(e->not_found);
	http_reply_free(e->failed);
	if (e->session.source)
		run_close(&e->run);
	session_close(&e->session);
	interval_fini(&e->whole);
	total_fini(&e->total);
}

static int export_run(const struct export_options *o)
{
	struct export e = { .options = o };
	int err;

	total_init(&e.total, o->max_napis, o->hists == EXPORT_HISTS_DEV);
	interval_init(&e.whole);
	err = export_open(&e);
	if (!err) {
		fprintf(stderr, "napiscope: serving http://%s/metrics\n",
			http_address(e.http));
		err = loop_run(e.run.loop);
	}
	export_close(&e);
	return err ? EXIT_FAILED : EXIT_OK;
}

static int cmd_export_run(int argc, char **argv)
{
	struct export_options o = {
		.address = EXPORT_ADDRESS,
		.user = EXPORT_USER,
		.max_napis = EXPORT_MAX_NAPIS,
	};
	struct view_options view;
	int status;

	options_init(&o.common);
	o.common.view = &view_exported;
	options_parse(&o.common, argc, argv, &export_of, &export_argp);
	view = export_view(&o);
	o.common.live.wish.hists = view_wants_hists(&view);
	o.common.live.forget = true;
	status = export_run(&o);
	options_fini(&o.common);
	return status;
}

const struct command cmd_export = {
	.name = "export",
	.help = "serve OpenMetrics over HTTP, for Prometheus",
	.run = cmd_export_run,
	.argp = &export_argp,
	.of = &export_of,
};
