"""Standardised differences: how far two groups differ, in standard deviations, weighted or not."""

from __future__ import annotations

from dataclasses import dataclass
from math import copysign, inf, nan, sqrt

import numpy as np

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import (
    ArrayLike,
    FloatArray,
    check_numbers,
    check_same_rows,
    check_weights,
)


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


def weighted_continuous_difference(
    values_1: ArrayLike, weights_1: ArrayLike, values_2: ArrayLike, weights_2: ArrayLike
) -> StandardizedDifference:
    """Difference of two weighted means over the root of the mean of the two weighted variances.

    The variances are unbiased for reliability weights, as R's ``cov.wt``; with equal weights this
    is the unweighted difference. Austin & Stuart (2015), Stat Med 34:3661.
    """
    first, second = _moments(values_1, weights_1), _moments(values_2, weights_2)
    estimate = nan
    if min(first[2], second[2]) > 1:
        estimate = spread_ratio(first[0] - second[0], (first[1] + second[1]) / 2)
    return StandardizedDifference(
        estimate, first[2], second[2], "weighted standardised difference of means"
    )


def weighted_multinomial_difference(
    shares_1: ArrayLike, n_1: int, shares_2: ArrayLike, n_2: int
) -> StandardizedDifference:
    """Mahalanobis distance between weighted level proportions; levels empty in both are dropped.

    `shares` are the weights summed per level, in the same order in both groups; of two levels the
    distance is the standardised difference of proportions. Yang & Dalton (2012).
    """
    first = check_numbers(shares_1, name="shares_1")
    second = check_numbers(shares_2, name="shares_2")
    if len(first) != len(second) or min(first.min(), second.min()) < 0:
        raise StatisticsError(
            "both groups must give one weight >= 0 for each level, but were "
            f"{first.tolist()} and {second.tolist()}"
        )
    estimate = nan
    if first.sum() > 0 and second.sum() > 0:
        occupied = first + second > 0
        estimate = level_distance(first[occupied] / first.sum(), second[occupied] / second.sum())
    return StandardizedDifference(
        estimate, n_1, n_2, "weighted multinomial standardised difference"
    )


def _moments(values: ArrayLike, weights: ArrayLike) -> tuple[float, float, int]:
    """Weighted mean, weighted variance, and the number of patients."""
    check_same_rows(values, weights, names=("values", "weights"))
    numbers, weight = check_numbers(values, name="values"), check_weights(weights)
    share = weight / weight.sum()
    mean = float(share @ numbers)
    rest = 1 - float(share @ share)
    variance = float(share @ (numbers - mean) ** 2) / rest if rest > 0 else nan
    return mean, variance, len(numbers)
