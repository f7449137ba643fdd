"""Tests that compare groups: chi-square and rank tests."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency, kruskal, mannwhitneyu

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import ArrayLike, check_groups, check_numbers, check_same_rows

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
    test = chi2_contingency(counts, correction=False)
    return ChiSquare(
        statistic=float(test.statistic),
        degrees_of_freedom=int(test.dof),
        p_value=float(test.pvalue),
        n=n,
        min_expected=float(test.expected_freq.min()),
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
    samples = [numbers[grouping.codes == code] for code in range(size)]
    constant = bool(np.all(numbers == numbers[0]))
    statistic, p_value = nan, nan
    degrees_of_freedom = None if size <= 2 else size - 1
    if size == 2:
        test = mannwhitneyu(*samples, use_continuity=False, method="asymptotic")
        statistic, p_value = float(test.statistic), nan if constant else float(test.pvalue)
    elif size > 2 and not constant:
        test = kruskal(*samples)
        statistic, p_value = float(test.statistic), float(test.pvalue)
    return RankTest(
        statistic=statistic,
        degrees_of_freedom=degrees_of_freedom,
        p_value=p_value,
        n=len(numbers),
        groups=grouping.labels,
        method=_WILCOXON if size <= 2 else _KRUSKAL,
    )
