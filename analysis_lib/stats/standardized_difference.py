"""Standardised differences: how far two groups differ, in standard deviations."""

from __future__ import annotations

from dataclasses import dataclass
from math import copysign, inf, nan, sqrt

import numpy as np

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import ArrayLike, FloatArray, check_numbers


@dataclass(frozen=True)
class StandardizedDifference:
    """First minus second group over the pooled spread; a distance (>= 0) for several levels.

    Infinite where the groups differ without any spread, nan where a group is too small.
    """

    estimate: float
    n_1: int
    n_2: int
    method: str


def continuous_difference(values_1: ArrayLike, values_2: ArrayLike) -> StandardizedDifference:
    """Difference of two means over the root of the mean of the two variances.

    (m1 - m2) / sqrt((s1^2 + s2^2) / 2), sample variances; each group needs two patients.
    Austin (2009).
    """
    method = "standardised difference of means"
    if not len(values_1) or not len(values_2):
        return StandardizedDifference(nan, len(values_1), len(values_2), method)
    first = check_numbers(values_1, name="values_1")
    second = check_numbers(values_2, name="values_2")
    estimate = nan
    if min(len(first), len(second)) > 1:
        variance = (first.var(ddof=1) + second.var(ddof=1)) / 2
        estimate = spread_ratio(float(first.mean() - second.mean()), float(variance))
    return StandardizedDifference(estimate, len(first), len(second), method)


def binary_difference(count_1: int, n_1: int, count_2: int, n_2: int) -> StandardizedDifference:
    """Difference of two proportions over the root of the mean of p(1 - p). Austin (2009)."""
    for count, n in ((count_1, n_1), (count_2, n_2)):
        if not 0 <= count <= n:
            raise StatisticsError(
                f"a count must lie between 0 and its denominator, but was {count!r} of {n!r}"
            )
    estimate = nan
    if n_1 and n_2:
        p_1, p_2 = count_1 / n_1, count_2 / n_2
        estimate = spread_ratio(p_1 - p_2, (p_1 * (1 - p_1) + p_2 * (1 - p_2)) / 2)
    return StandardizedDifference(estimate, n_1, n_2, "standardised difference of proportions")


def multinomial_difference(counts_1: ArrayLike, counts_2: ArrayLike) -> StandardizedDifference:
    """Mahalanobis distance between the level proportions of a categorical variable.

    `counts_1` and `counts_2` give the patients per level in the same order. The last occupied
    level is left out, which does not change the distance; levels empty in both groups are
    dropped. Yang & Dalton (2012).
    """
    first = check_numbers(counts_1, name="counts_1")
    second = check_numbers(counts_2, name="counts_2")
    if len(first) != len(second) or min(first.min(), second.min()) < 0:
        raise StatisticsError(
            "both groups must give one count >= 0 for each level, but were "
            f"{first.tolist()} and {second.tolist()}"
        )
    n_1, n_2 = int(first.sum()), int(second.sum())
    estimate = nan
    if n_1 and n_2:
        occupied = first + second > 0
        estimate = level_distance(first[occupied] / n_1, second[occupied] / n_2)
    return StandardizedDifference(estimate, n_1, n_2, "multinomial standardised difference")


def level_distance(p_1: FloatArray, p_2: FloatArray) -> float:
    """Mahalanobis distance of two sets of proportions over the same occupied levels."""
    difference = (p_1 - p_2)[:-1]
    if not difference.any():
        return 0.0
    parts = [np.diag(p[:-1]) - np.outer(p[:-1], p[:-1]) for p in (p_1, p_2)]
    covariance = (parts[0] + parts[1]) / 2
    if np.linalg.matrix_rank(covariance) < len(difference):
        return inf
    return sqrt(float(difference @ np.linalg.solve(covariance, difference)))


def spread_ratio(difference: float, variance: float) -> float:
    """The difference in standard deviations; infinite where nothing varies."""
    if difference == 0:
        return 0.0
    return difference / sqrt(variance) if variance > 0 else copysign(inf, difference)
