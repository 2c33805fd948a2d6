// SPDX-License-Identifier: GPL-2.0-or-later
/* See moments.h. */
#include "model/moments.h"

#include <math.h>
#include <stddef.h>

/* Neighbours are never taken for more alike than that. */
#define MOMENTS_ALIKE 0.95
/* They are taken for alike by so much over the root of their number at least. */
#define MOMENTS_UNKNOWN 1.0

void moments_add(struct moments *m, double value)
{
	if (!m->count) {
		m->first = value;
		m->least = value;
		m->most = value;
	}
	m->least = fmin(m->least, value);
	m->most = fmax(m->most, value);
	value -= m->first;
	m->sum += value;
	m->squares += value * value;
	if (m->count)
		m->products += value * m->last;
	m->last = value;
	m->count++;
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

bool moments_differ(const struct moments *a, const struct moments *b)
{
	double na = moments_effective(a), nb = moments_effective(b);
	double va = moments_variance(a) / na, vb = moments_variance(b) / nb;
	double difference = fabs(moments_mean(b) - moments_mean(a));
	double freedom;

	/* Nothing is known of how they vary. */
	if (va + vb <= 0)
		return moments_apart_chance(a, b) <= MOMENTS_CHANCE;
	freedom = (va + vb) * (va + vb) /
		  (va * va / fmax(na - 1, 1) + vb * vb / fmax(nb - 1, 1));
	return difference / sqrt(va + vb) > critical_t(freedom);
}

bool moments_are_apart(const struct moments *a, const struct moments *b)
{
	return a->most < b->least || b->most < a->least;
}

/* One order in as many as there are ways to mix them, and its reverse. */
double moments_apart_chance(const struct moments *a, const struct moments *b)
{
	double na = moments_effective(a), nb = moments_effective(b);

	return 2 * exp(lgamma(na + 1) + lgamma(nb + 1) - lgamma(na + nb + 1));
}
