/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happened over time, for a picture: columns, each of one reading or of
 * several neighbours.  However long it goes on, its memory is bounded: when the
 * columns are used up, neighbours are merged, and only of the busiest CPUs and
 * NAPIs columns are kept.
 */
#ifndef MODEL_SERIES_H
#define MODEL_SERIES_H

#include "model/interval.h"

/* Once full, columns are merged into half of them. */
#define SERIES_COLUMNS 300
/* CPUs, and NAPIs, of which columns are kept. */
#define SERIES_KEPT 32
/* Rows that are known without columns, before the least of them are forgotten. */
#define SERIES_ROWS 4096

/* Buckets of work: 0, 1, then powers of two up to "128 and more". */
#define SERIES_WORKS 9
/* Buckets of time, two for each power of two; the ends take what is beyond. */
#define SERIES_TIME_MIN_BITS 6
#define SERIES_TIMES 60

/* Lowest value of a bucket; that of the next one is its exclusive end. */
uint64_t series_work_low(unsigned int bucket);
uint64_t series_time_low(unsigned int bucket);

/* A column of a CPU.  Times and counts: MISSING what could not be had. */
struct series_cpu {
	/* sums */
	uint64_t hardirq_ns;
	uint64_t net_rx_ns;    /* all of NET_RX */
	uint64_t ksoftirqd_ns; /* part of it, by the polls' share: inferred */
	uint64_t softirq_ns;   /* of the other vectors */
	uint64_t threaded_ns;
	uint64_t untimed_polls; /* threaded and busy ones, whose time nobody took */
	uint64_t squeeze_budget;
	uint64_t squeeze_time;
	uint64_t squeeze_both;
	uint64_t squeeze_work_left;
	uint64_t squeezes_kernel; /* of any kind: softnet_stat */
	uint64_t dropped;	  /* by the backlog: softnet_stat */
	uint64_t raise[SERIES_TIMES];
	/* the largest of the readings; 0: no values */
	uint64_t raise_p99_ns;
};

/* A column of a NAPI, over all CPUs: of how many polls. */
struct series_napi {
	/* sums */
	uint64_t work[SERIES_WORKS];
	uint64_t poll[SERIES_TIMES];
	uint64_t sched[SERIES_TIMES];
	/* the largest of the readings; 0: no values */
	uint64_t poll_p99_ns;
	uint64_t sched_p99_ns;
};

#define SERIES_NAME (ROW_NAME + ROW_NETNS + 24)

/* A CPU or a NAPI that did anything. */
struct series_row {
	uint64_t id;
	uint64_t total; /* a CPU's time in interrupts and polls, polls and work */
	char name[SERIES_NAME]; /* "CPU 3", "eth0/1@blue" */
	unsigned int since;	/* first column of those that were kept */
	void *columns;		/* SERIES_COLUMNS of them; NULL: not kept */
};

struct series_span {
	uint64_t start_ns; /* CLOCK_MONOTONIC */
	uint64_t end_ns;
	unsigned int readings;
};

struct series_set {
	struct table rows; /* struct series_row, by id */
	size_t column_size;
	size_t summed; /* so many bytes of a column add up */
	unsigned int kept;
	uint64_t least; /* of those none has a smaller total */
};

struct series {
	struct series_span spans[SERIES_COLUMNS];
	unsigned int count;    /* columns */
	unsigned int readings; /* that a column takes */
	struct series_set cpus;
	struct series_set napis;
};

void series_init(struct series *s);
void series_fini(struct series *s);

/* The interval between two readings; they come in turn.  0 or -ENOMEM. */
int series_add(struct series *s, const struct interval *iv);

static inline const struct series_cpu *series_cpu_at(const struct series_row *row,
						     unsigned int column)
{
	return (const struct series_cpu *)row->columns + column;
}

static inline const struct series_napi *
series_napi_at(const struct series_row *row, unsigned int column)
{
	return (const struct series_napi *)row->columns + column;
}

/* The busiest rows that have columns, up to room of them; how many there are. */
size_t series_busiest(const struct series_set *set,
		      const struct series_row **out, size_t room);

#endif /* MODEL_SERIES_H */
