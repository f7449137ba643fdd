"""Rank tests: Wilcoxon rank-sum for two groups, Kruskal-Wallis for more."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from math import nan

import numpy as np
from scipy.stats import kruskal, mannwhitneyu

from analysis_lib.stats.inputs import ArrayLike, check_groups, check_numbers, check_same_rows

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
