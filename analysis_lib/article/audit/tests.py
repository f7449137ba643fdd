"""Tests behind a P value of counts, and the denominators that give it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import nan

import numpy as np
import pandas as pd
from scipy.special import chdtrc, gammaln
from scipy.stats import chi2, chi2_contingency, fisher_exact, hypergeom

from analysis_lib.article.audit.printed import fractions_printing, prints_p
from analysis_lib.article.claims.claim import Claim
from analysis_lib.stats.group_tests import chi_square_test

PEARSON = "Pearson's chi-square"
YATES = "Yates' correction"
FISHER = "Fisher's exact test"
MID_P = "Fisher's mid-P"
TREND = "the linear trend"
_MOST_TABLES = 2_000_000
_TIES = 1e-7  # relative, as R's fisher.test counts tables as likely as the observed one

CountTable = tuple[tuple[int, int], ...]


@lru_cache(maxsize=16384)
def battery(table: CountTable, *, ordered: bool = False) -> dict[str, float]:
    """P of independence of rows and two columns under every test that applies.

    Yates' correction and the mid-P exist for two rows only; the trend for three or more rows
    with an order. Empty rows are dropped. Where no table is left, or one group would hold fewer
    than no patients, Pearson's P is nan and nothing else is tried.
    """
    counts = np.array([row for row in table if any(row)], dtype=int)
    if len(counts) < 2 or (counts < 0).any() or (counts.sum(axis=0) == 0).any():
        return {PEARSON: nan}
    found = {PEARSON: pearson(table)}
    if len(counts) == 2:
        exact = float(fisher_exact(counts).pvalue)
        found[YATES] = float(chi2_contingency(counts, correction=True).pvalue)
        found[FISHER] = exact
        found[MID_P] = exact - _point_probability(counts) / 2
    else:
        found[FISHER] = freeman_halton(counts)
        if ordered:
            found[TREND] = linear_trend(counts)
    return found


@lru_cache(maxsize=16384)
def pearson(table: CountTable) -> float:
    """P of Pearson's chi-square without correction, by the report's own estimator.

    Misprinted counts may exceed their denominator; such a table has no P.
    """
    if min(map(min, table), default=0) < 0:
        return nan
    return chi_square_test(pd.DataFrame(table)).p_value


def _point_probability(counts: np.ndarray) -> float:
    (a, b), (c, d) = counts
    return float(hypergeom.pmf(a, a + b + c + d, a + b, a + c))


def freeman_halton(counts: np.ndarray) -> float:
    """Fisher's exact test of k rows and two columns, by enumeration; nan beyond two million tables.

    R: ``fisher.test(table)``. Freeman & Halton (1951).
    """
    rows = np.sort(counts.sum(axis=1))
    free = rows[:-1]  # the largest row is what the others leave
    if np.prod(free + 1.0) > _MOST_TABLES:
        return nan
    column = int(counts[:, 0].sum())
    log_ways, used = np.zeros(1), np.zeros(1, dtype=int)
    for size in free:
        inside = np.arange(size + 1)
        log_ways = (log_ways[:, None] + _log_choose(size, inside)[None, :]).ravel()
        used = (used[:, None] + inside[None, :]).ravel()
    left = column - used
    possible = (left >= 0) & (left <= rows[-1])
    log_p = log_ways[possible] + _log_choose(rows[-1], left[possible])
    observed = _log_choose(counts.sum(axis=1), counts[:, 0]).sum()
    log_p -= _log_choose(counts.sum(), np.array([column]))[0]
    observed -= _log_choose(counts.sum(), np.array([column]))[0]
    return float(min(1.0, np.exp(log_p[log_p <= observed + _TIES]).sum()))


def linear_trend(counts: np.ndarray) -> float:
    """Cochran-Armitage test of a trend over equally spaced rows.

    R: ``prop.trend.test(x, n)``. Armitage (1955).
    """
    totals, scores = counts.sum(axis=1), np.arange(len(counts))
    n, share = totals.sum(), counts[:, 0].sum() / totals.sum()
    centred = scores - (totals * scores).sum() / n
    slope = (counts[:, 0] * centred).sum()
    variance = share * (1 - share) * (totals * centred**2).sum()
    return float(chi2.sf(slope**2 / variance, 1))


def _log_choose(n: np.ndarray | int, k: np.ndarray) -> np.ndarray:
    return np.asarray(gammaln(np.add(n, 1)) - gammaln(k + 1) - gammaln(np.subtract(n, k) + 1))


Fraction = tuple[int, int]  # patients with the outcome, patients in all


@dataclass(frozen=True)
class Fit:
    """A fraction for either group, the reference first, with P of Pearson's chi-square test."""

    first: Fraction
    second: Fraction
    p_value: float

    @property
    def counts(self) -> tuple[int, int]:
        return (self.first[0], self.second[0])

    @property
    def denominators(self) -> tuple[int, int]:
        return (self.first[1], self.second[1])


@dataclass(frozen=True)
class Solution:
    """All fits up to the sizes of the groups.

    `alone` are the fractions of either group that its percents admit, whatever the P value;
    `searched` are the largest denominators tried.
    """

    fits: tuple[Fit, ...]
    alone: tuple[tuple[Fraction, ...], tuple[Fraction, ...]]
    searched: tuple[int, int]

    @property
    def unique(self) -> bool:
        return len(self.fits) == 1

    def with_denominators(self, denominators: tuple[int, int]) -> tuple[Fit, ...]:
        return tuple(fit for fit in self.fits if fit.denominators == denominators)


def solve_denominators(
    percents: tuple[Sequence[Claim], Sequence[Claim]],
    *,
    at_most: tuple[int, int],
    counts: tuple[int | None, int | None] = (None, None),
    p: Claim | None = None,
) -> Solution:
    """Every pair of fractions that prints the percents of both groups and the P value of them.

    percents : printed percents of one outcome in either group; all of a group must print.
    at_most : the largest denominators to try, the sizes of the groups.
    counts : the printed counts, if any.
    p : the printed P value, recomputed as Pearson's chi-square without correction; without it
        the percents decide alone.
    """
    first, second = (
        fractions_printing(shown, at_most=most, count=count)
        for shown, most, count in zip(percents, at_most, counts, strict=True)
    )
    if not first or not second:
        return Solution((), (first, second), at_most)
    found = pearson_p_values(first, second)
    fits = tuple(
        Fit(first[i], second[j], float(found[i, j]))
        for i, j in np.argwhere(_near(found, p))
        if p is None or prints_p(float(found[i, j]), p)
    )
    return Solution(fits, (first, second), at_most)


def _near(found: np.ndarray, p: Claim | None) -> np.ndarray:
    """Candidates within a printed digit, a coarse sieve before the exact rule."""
    if p is None or p.comparator != "=":
        return np.ones(found.shape, dtype=bool)
    return np.asarray(np.abs(found - p.value) <= 10.0**-p.decimals)


@lru_cache(maxsize=512)
def pearson_p_values(first: tuple[Fraction, ...], second: tuple[Fraction, ...]) -> np.ndarray:
    """P of every fraction of one group against every fraction of the other; 1 where none varies.

    R: ``chisq.test(matrix(c(a, n - a, b, m - b), 2), correct = FALSE)``.
    """
    a, n = (np.array(x, dtype=float)[:, None] for x in zip(*first, strict=True))
    b, m = (np.array(x, dtype=float)[None, :] for x in zip(*second, strict=True))
    pooled = (a + b) / (n + m)
    variance = pooled * (1 - pooled) * (1 / n + 1 / m)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(variance > 0, (a / n - b / m) ** 2 / variance, 0.0)
    return np.asarray(chdtrc(1, statistic))
