"""Tests behind a P value of counts."""

from __future__ import annotations

from functools import lru_cache
from math import nan

import numpy as np
import pandas as pd
from scipy.special import gammaln
from scipy.stats import chi2, chi2_contingency, fisher_exact, hypergeom

from analysis_lib.article.audit.counts import Pair, Table, against_rest
from analysis_lib.stats.group_tests import chi_square_test

PEARSON = "Pearson's chi-square"
YATES = "Yates' correction"
FISHER = "Fisher's exact test"
MID_P = "Fisher's mid-P"
TREND = "the linear trend"
_MOST_TABLES = 2_000_000
_TIES = 1e-7  # relative, as R's fisher.test counts tables as likely as the observed one


@lru_cache(maxsize=16384)
def battery(table: Table, *, ordered: bool = False) -> dict[str, float]:
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
def pearson(table: Table) -> float:
    """P of Pearson's chi-square without correction, by the report's own estimator.

    Misprinted counts may exceed their denominator; such a table has no P.
    """
    if min(map(min, table), default=0) < 0:
        return nan
    return chi_square_test(pd.DataFrame(table)).p_value


def pearson_of(counts: Pair, totals: Pair) -> float:
    """The same of so many of so many in either group."""
    return pearson(against_rest(counts, totals))


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
