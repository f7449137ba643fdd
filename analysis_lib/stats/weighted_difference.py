"""Standardised differences of weighted groups: what is left after weighting."""

from __future__ import annotations

from math import nan

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import ArrayLike, check_numbers, check_same_rows
from analysis_lib.stats.standardized_difference import (
    StandardizedDifference,
    level_distance,
    spread_ratio,
)
from analysis_lib.stats.weights import check_weights


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
