"""Tests that compare groups: chi-square, Fisher's exact, rank and log-rank tests."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd
from scipy.special import chdtrc, gammaln, ndtr

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import (
    ArrayLike,
    BoolArray,
    FloatArray,
    Grouping,
    IntArray,
    SurvivalData,
    check_groups,
    check_intervals,
    check_numbers,
    check_same_rows,
    check_survival,
)
from analysis_lib.stats.of_record import is_small, lifelines_logrank

_METHOD = "Pearson chi-square test without continuity correction"


@dataclass(frozen=True)
class ChiSquare:
    """Test of a table; `min_expected` is the smallest expected count among the cells used."""

    statistic: float
    degrees_of_freedom: int
    p_value: float
    n: int
    min_expected: float
    method: str = _METHOD


def chi_square_test(table: pd.DataFrame) -> ChiSquare:
    """Hypothesis: rows and columns of a table of counts are independent.

    Empty rows and columns are dropped; fewer than two of either leave the test nan.

    R: ``chisq.test(table, correct = FALSE)``. Pearson (1900).
    """
    counts = _check_counts(table)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    n = int(counts.sum())
    if min(counts.shape) < 2:
        return ChiSquare(nan, 0, nan, n, nan)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    statistic = float(((counts - expected) ** 2 / expected).sum())
    degrees_of_freedom = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return ChiSquare(
        statistic=statistic,
        degrees_of_freedom=degrees_of_freedom,
        p_value=float(chdtrc(degrees_of_freedom, statistic)),
        n=n,
        min_expected=float(expected.min()),
    )


def _check_counts(table: pd.DataFrame) -> np.ndarray:
    counts = table.to_numpy(dtype=float)
    wrong = counts[~((counts >= 0) & (counts == np.floor(counts)))]
    if wrong.size:
        raise StatisticsError(
            f"a contingency table must hold whole counts >= 0, but holds {float(wrong[0])!r}: "
            "count patients, not percentages"
        )
    return counts


_WILCOXON = "Wilcoxon rank-sum test, tie-corrected normal approximation"
_KRUSKAL = "Kruskal-Wallis rank-sum test"


@dataclass(frozen=True)
class RankTest:
    """W of the first group (two groups, no degrees of freedom) or the Kruskal-Wallis H."""

    statistic: float
    degrees_of_freedom: int | None
    p_value: float
    n: int
    groups: tuple[Hashable, ...]
    method: str


def rank_test(values: ArrayLike, group: ArrayLike) -> RankTest:
    """Hypothesis: the values have the same distribution in every group.

    A single group, or values that are all equal, leave the P value nan.

    R: ``wilcox.test(values ~ group, exact = FALSE, correct = FALSE)``, for more than two groups
    ``kruskal.test(values ~ group)``. Wilcoxon (1945); Kruskal & Wallis (1952).
    """
    numbers = check_numbers(values, name="values")
    check_same_rows(values, group, names=("values", "group"))
    grouping = check_groups(group)
    size = len(grouping.labels)
    ranks, ties = _mid_ranks(numbers)
    sums = np.asarray(np.bincount(grouping.codes, ranks, minlength=size), dtype=float)
    counts: FloatArray = np.bincount(grouping.codes, minlength=size).astype(np.float64)
    statistic, p_value = nan, nan
    if size == 2:
        statistic, p_value = _rank_sum(sums, counts, ties)
    elif size > 2 and ties < 1:
        n = counts.sum()
        between = 12 / (n * (n + 1)) * float((sums**2 / counts).sum()) - 3 * (n + 1)
        statistic = float(between / (1 - ties))
        p_value = float(chdtrc(size - 1, statistic))
    return RankTest(
        statistic=statistic,
        degrees_of_freedom=None if size <= 2 else size - 1,
        p_value=p_value,
        n=len(numbers),
        groups=grouping.labels,
        method=_WILCOXON if size <= 2 else _KRUSKAL,
    )


def _mid_ranks(numbers: FloatArray) -> tuple[FloatArray, float]:
    """The rank of each value, tied ones alike, and the share that ties take from their variance:
    1 where all are equal.
    """
    _, at, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    n, sizes = float(len(numbers)), counts.astype(float)
    ties = float((sizes**3 - sizes).sum()) / (n**3 - n) if n > 1 else 1.0
    return ranks[at], ties


def _rank_sum(sums: FloatArray, counts: FloatArray, ties: float) -> tuple[float, float]:
    """W of the first of two groups and its two-sided P value, nan where all values are equal."""
    n, product = counts.sum(), counts.prod()
    statistic = float(sums[0] - counts[0] * (counts[0] + 1) / 2)
    if ties >= 1:
        return statistic, nan
    error = np.sqrt(product / 12 * (n + 1) * (1 - ties))
    return statistic, float(min(2 * ndtr(-abs(statistic - product / 2) / error), 1.0))


_LOG_RANK = "log-rank test"


@dataclass(frozen=True)
class LogRank:
    """Observed and expected events per group, and the chi-square of their difference."""

    statistic: float
    degrees_of_freedom: int
    p_value: float
    groups: tuple[Hashable, ...]
    n: tuple[int, ...]
    observed: tuple[int, ...]
    expected: tuple[float, ...]
    method: str = _LOG_RANK


def logrank_test(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    of_record: bool = False,
) -> LogRank:
    """Hypothesis: the hazard is the same in every group at every time (two-sided, unweighted).

    Parameters
    ----------
    time, event : follow-up and True = event
    group : two or more groups; with one, or without any event, the test is nan
    entry : time after which a patient is at risk, where not from the start
    of_record : take the test from lifelines, which gives the same; not where patients enter late

    Notes
    -----
    R: ``survdiff(Surv(time, event) ~ group)``. Mantel (1966); Peto & Peto (1972). With entry,
    which survdiff refuses, those at risk at a time have entered before it.
    A group whose patients all left before the first event carries no information and no
    degree of freedom. nan also where no event time leaves two groups to compare.
    """
    data = check_survival(time, event) if entry is None else check_intervals(entry, time, event)
    check_same_rows(time, group, names=("time", "group"))
    entries = None if entry is None else check_numbers(entry, name="entry")
    grouping = check_groups(group)
    size = len(grouping.labels)
    expected, covariance = _null_moments(data, grouping, entries)
    informative = expected > 0
    observed = np.bincount(grouping.codes[data.event], minlength=size)
    statistic, p_value = nan, nan
    if informative.sum() > 1 and (np.diag(covariance) > 0).any():
        statistic, p_value = _quadratic(observed - expected, covariance, informative)
        if of_record and entries is None and is_small(data):
            kept = informative[grouping.codes]
            statistic, p_value = lifelines_logrank(data.subset(kept), grouping.codes[kept])
    return LogRank(
        statistic=statistic,
        degrees_of_freedom=max(int(informative.sum()) - 1, 0),
        p_value=p_value,
        groups=grouping.labels,
        n=tuple(np.bincount(grouping.codes, minlength=size).tolist()),
        observed=tuple(observed.tolist()),
        expected=tuple(expected.tolist()),
    )


def _quadratic(
    excess: FloatArray, covariance: FloatArray, informative: BoolArray
) -> tuple[float, float]:
    """The quadratic form of all informative groups but the last, and its P value."""
    kept = np.flatnonzero(informative)[:-1]
    solved = np.linalg.lstsq(covariance[np.ix_(kept, kept)], excess[kept], rcond=1e-12)[0]
    statistic = float(excess[kept] @ solved)
    return statistic, float(chdtrc(len(kept), statistic))


def _null_moments(
    data: SurvivalData, grouping: Grouping, entry: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    """Mean and covariance of the groups' events given everyone at risk (hypergeometric)."""
    times, deaths = np.unique(data.time[data.event], return_counts=True)

    def followed(own: BoolArray) -> IntArray:
        """How many of some patients are at risk at each time: entered before it, and not gone."""
        gone = np.searchsorted(np.sort(data.time[own]), times, side="left")
        if entry is None:
            return np.asarray(own.sum() - gone)
        return np.asarray(np.searchsorted(np.sort(entry[own]), times, side="left") - gone)

    at_risk = followed(np.ones(data.n, dtype=bool))
    spread = deaths * (at_risk - deaths) / np.maximum(at_risk - 1, 1)
    members = [grouping.codes == code for code in range(len(grouping.labels))]
    shares = np.array([followed(own) / at_risk for own in members])
    weighted = shares * spread
    return shares @ deaths, np.diag(weighted.sum(axis=1)) - weighted @ shares.T


METHOD = "Fisher's exact test"
LEAST_EXPECTED = 5  # below it, Pearson's approximation is not safe: Cochran (1954)
_MOST_TABLES = 2_000_000
_TIES = 1e-7  # relative, as R's fisher.test counts tables as likely as the observed one


def fisher_test(table: pd.DataFrame) -> float:
    """P of the hypothesis that rows and columns of a table of counts are independent.

    Empty rows and columns are dropped. A table with more than two rows and more than two columns
    has none here, nor one beyond the tables that `freeman_halton` enumerates.
    """
    counts = table.to_numpy(dtype=int)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if 2 not in counts.shape or min(counts.shape) < 2:
        return nan
    return freeman_halton(counts if counts.shape[1] == 2 else counts.T)


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


def _log_choose(n: np.ndarray | int, k: np.ndarray) -> np.ndarray:
    return np.asarray(gammaln(np.add(n, 1)) - gammaln(k + 1) - gammaln(np.subtract(n, k) + 1))
