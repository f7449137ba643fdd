"""P values of a table of counts in two groups, under every test that articles use."""

from __future__ import annotations

from functools import lru_cache
from math import nan

import numpy as np
import pandas as pd
from scipy.special import chdtrc
from scipy.stats import chi2, chi2_contingency, fisher_exact, hypergeom, mannwhitneyu

from analysis_lib.article.audit.counts import Table, against_rest
from analysis_lib.article.audit.printed import Pair
from analysis_lib.stats.group_tests import chi_square_test, freeman_halton

PEARSON = "Pearson's chi-square"
YATES = "Yates' correction"
FISHER = "Fisher's exact test"
MID_P = "Fisher's mid-P"
TREND = "the linear trend"


@lru_cache(maxsize=16384)
def battery(table: Table, *, ordered: bool = False) -> dict[str, float]:
    """P of independence of rows and two columns under every test that applies.

    Yates' correction and the mid-P exist for two rows only; the trend for three or more rows
    with an order. Empty rows are dropped. Where one row is left, such as none of 40 against none
    of 40, no chi-square is defined and Fisher's test gives 1. Where a group holds nobody, or fewer
    than nobody, Pearson's P is nan and nothing else is tried.
    """
    counts = np.array([row for row in table if any(row)], dtype=int)
    if not len(counts) or (counts < 0).any() or (counts.sum(axis=0) == 0).any():
        return {PEARSON: nan}
    if len(counts) == 1:
        return {PEARSON: nan, FISHER: 1.0}
    exact = freeman_halton(counts)
    found = {PEARSON: pearson(table)}
    if len(counts) == 2:
        found[YATES] = float(chi2_contingency(counts, correction=True).pvalue)
    found[FISHER] = exact
    if len(counts) == 2:
        found[MID_P] = exact - _point_probability(counts) / 2
    elif ordered:
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


LIKELIHOOD = "the likelihood-ratio test"
N_MINUS_1 = "the chi-square with n - 1"
ONE_SIDED = "Fisher's test of one side"
ONE_SIDED_PEARSON = "Pearson's chi-square of one side"
RANK_SUM = "the rank-sum test"
RANK_SUM_CORRECTED = "the rank-sum test with continuity correction"


@lru_cache(maxsize=4096)
def rarer_tests(table: Table) -> dict[str, float]:
    """P under tests that articles seldom name; none where a chi-square is not defined.

    R: ``MASS::loglm``, ``mantelhaen.test``, ``fisher.test(alternative=)``, ``wilcox.test``.
    The rank-sum test takes the rows in their order.
    """
    counts = np.array([row for row in table if any(row)], dtype=int)
    if len(counts) < 2 or (counts < 0).any() or (counts.sum(axis=0) == 0).any():
        return {}
    chi, n = chi2_contingency(counts, correction=False), counts.sum()
    found = {
        LIKELIHOOD: float(
            chi2_contingency(counts, correction=False, lambda_="log-likelihood").pvalue
        ),
        N_MINUS_1: float(chdtrc(chi.dof, chi.statistic * (n - 1) / n)),
    }
    if len(counts) == 2:
        sides = (fisher_exact(counts, alternative=side).pvalue for side in ("less", "greater"))
        found[ONE_SIDED], found[ONE_SIDED_PEARSON] = float(min(sides)), float(chi.pvalue) / 2
        return found
    first, second = (np.repeat(np.arange(len(counts)), column) for column in counts.T)
    for name, corrected in ((RANK_SUM, False), (RANK_SUM_CORRECTED, True)):
        test = mannwhitneyu(first, second, use_continuity=corrected, method="asymptotic")
        found[name] = float(test.pvalue)
    return found
