// SPDX-License-Identifier: GPL-2.0-or-later
/* See moments.h. */
#include "model/moments.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Neighbours are never taken for more alike than that. */
#define MOMENTS_ALIKE 0.95
/* They are taken for alike by so much over the root of their number at least. */
#define MOMENTS_UNKNOWN 1.0
/* One in so many is cut off at either end: the usual. */
#define MOMENTS_TRIM 5

/* So many values, of that sum in all, which are no more than the open block has room for. */
static void moments_add_block(struct moments *m, uint64_t count, double sum)
{
	uint64_t i, n;

	m->count += count;
	m->open += sum;
	if (m->count % m->per_block)
		return;
	n = m->count / m->per_block;
	m->blocks[n - 1] = (float)(m->open / (double)m->per_block);
	m->open = 0;
	if (n < MOMENTS_BLOCKS)
		return;
	for (i = 0; i < n / 2; i++)
		m->blocks[i] = (m->blocks[2 * i] + m->blocks[2 * i + 1]) / 2;
	m->per_block *= 2;
}

void moments_add(struct moments *m, double value)
{
	if (!m->count) {
		m->first = value;
		m->least = value;
		m->most = value;
		m->per_block = 1;
	}
	m->least = fmin(m->least, value);
	m->most = fmax(m->most, value);
	moments_add_block(m, 1, value);
	value -= m->first;
	m->sum += value;
	m->squares += value * value;
	m->products += value * m->last;
	m->last = value;
}

void moments_add_zeros(struct moments *m, uint64_t count)
{
	double value, n;
	uint64_t some;

	if (!count)
		return;
	moments_add(m, 0);
	count--;
	value = -m->first;
	n = (double)count;
	m->sum += n * value;
	m->squares += n * value * value;
	m->products += n * value * value;
	while (count) {
		some = m->per_block - m->count % m->per_block;
		if (some > count)
			some = count;
		moments_add_block(m, some, 0);
		count -= some;
	}
}

double moments_mean(const struct moments *m)
{
	return m->count ? m->first + m->sum / (double)m->count : NAN;
}

double moments_variance(const struct moments *m)
{
	double n = (double)m->count, v;

	if (m->count < 2)
		return 0;
	v = (m->squares - m->sum * m->sum / n) / (n - 1);
	return v > 0 ? v : 0;
}

/*
 * How much a value resembles the one before: 0 to MOMENTS_ALIKE.  The estimate is
 * too low by about (1 + 3r) / n.
 */
static double moments_alike(const struct moments *m)
{
	double n = (double)m->count, mean = m->sum / n, r, least;

	if (m->count < 3 || moments_variance(m) <= 0)
		return 0;
	/* Of the sums over all but the first (which is 0), and all but the last. */
	r = m->products - mean * (2 * m->sum - m->last) + (n - 1) * mean * mean;
	r /= (n - 1) * moments_variance(m);
	r += (1 + 3 * r) / n;
	least = MOMENTS_UNKNOWN / sqrt(n);
	if (r < least)
		r = least;
	return r > MOMENTS_ALIKE ? MOMENTS_ALIKE : r;
}

double moments_effective(const struct moments *m)
{
	double r = moments_alike(m), n = (double)m->count * (1 - r) / (1 + r);

	return n < 1 ? (m->count ? 1 : 0) : n;
}

/*
 * Student's t that chance exceeds once in a thousand, for so many degrees of
 * freedom; in between by their inverse.
 */
static double critical_t(double freedom)
{
	static const struct {
		double freedom;
		double t;
	} table[] = { { 1, 636.6 }, { 2, 31.60 }, { 3, 12.92 }, { 4, 8.61 },
		      { 5, 6.87 },  { 6, 5.96 },  { 8, 5.04 },	{ 10, 4.59 },
		      { 15, 4.07 }, { 20, 3.85 }, { 30, 3.65 }, { 60, 3.46 },
		      { 120, 3.37 } };
	size_t i = sizeof(table) / sizeof(*table) - 1;
	double low, high, part;

	while (i > 0 && table[i].freedom > freedom)
		i--;
	if (i == sizeof(table) / sizeof(*table) - 1 || freedom <= 1)
		return table[i].t;
	low = 1 / table[i].freedom;
	high = 1 / table[i + 1].freedom;
	part = (low - 1 / freedom) / (low - high);
	return table[i].t + part * (table[i + 1].t - table[i].t);
}

/* One order in as many as there are ways to mix them, and its reverse. */
static double apart_chance(double na, double nb)
{
	return 2 * exp(lgamma(na + 1) + lgamma(nb + 1) - lgamma(na + nb + 1));
}

/* What t is of: a mean, its variance, and of how many values it is. */
struct mean {
	double mean;
	double variance;
	double effective;
};

/* B's is more (1) or less (-1) than A's by more than chance; 0: it may be chance. */
static int means_differ(const struct mean *a, const struct mean *b)
{
	double va = a->variance, vb = b->variance, freedom;
	double difference = b->mean - a->mean;
	int sign = (difference > 0) - (difference < 0);

	/* Nothing is known of how they vary. */
	if (va + vb <= 0)
		return apart_chance(a->effective, b->effective) <= MOMENTS_CHANCE ?
			       sign :
			       0;
	freedom = (va + vb) * (va + vb) /
		  (va * va / fmax(a->effective - 1, 1) +
		   vb * vb / fmax(b->effective - 1, 1));
	return fabs(difference) / sqrt(va + vb) > critical_t(freedom) ? sign : 0;
}

static struct mean mean_of_all(const struct moments *m)
{
	double n = moments_effective(m);

	return (struct mean){ moments_mean(m), moments_variance(m) / n, n };
}

static int float_cmp(const void *a, const void *b)
{
	const float *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/*
 * The mean of the middle, with the variance of what the ends become when they are as
 * the last ones that stay (winsorized).  False: too few to cut.
 */
static bool mean_of_middle(const struct moments *m, struct mean *middle)
{
	const size_t n = m->per_block ? m->count / m->per_block : 0;
	const size_t cut = n / MOMENTS_TRIM, kept = n - 2 * cut;
	struct moments ends = { 0 }, between = { 0 };
	double effective = fmin(moments_effective(m), (double)n);
	float sorted[MOMENTS_BLOCKS];
	size_t i;

	if (!cut)
		return false;
	memcpy(sorted, m->blocks, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), float_cmp);
	for (i = 0; i < n; i++) {
		if (i >= cut && i < n - cut)
			moments_add(&between, sorted[i]);
		moments_add(&ends, i < cut	? sorted[cut] :
				   i >= n - cut ? sorted[n - cut - 1] :
						  sorted[i]);
	}
	middle->mean = moments_mean(&between);
	middle->effective = effective * (double)kept / (double)n;
	middle->variance = moments_variance(&ends) * (double)(n - 1) /
			   (double)(kept * (kept - 1)) * (double)n / effective;
	return true;
}

bool moments_differ(const struct moments *a, const struct moments *b)
{
	const struct mean all_a = mean_of_all(a), all_b = mean_of_all(b);
	struct mean middle_a, middle_b;
	int sign;

	if (means_differ(&all_a, &all_b))
		return true;
	if (!mean_of_middle(a, &middle_a) || !mean_of_middle(b, &middle_b))
		return false;
	sign = means_differ(&middle_a, &middle_b);
	return sign && sign * (all_b.mean - all_a.mean) > 0;
}

bool moments_are_apart(const struct moments *a, const struct moments *b)
{
	return a->most < b->least || b->most < a->least;
}

double moments_apart_chance(const struct moments *a, const struct moments *b)
{
	return apart_chance(moments_effective(a), moments_effective(b));
}
