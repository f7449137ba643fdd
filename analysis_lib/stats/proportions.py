"""Proportions and their difference, with intervals that hold in small samples."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt

from scipy.special import betainccinv, betaincinv, ndtri

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import check_confidence_level


@dataclass(frozen=True)
class Proportion:
    """count / n with its interval, all in [0, 1]; nan where n is 0."""

    count: int
    n: int
    estimate: float
    ci_low: float
    ci_high: float
    confidence_level: float
    method: str = "Clopper-Pearson interval"


@dataclass(frozen=True)
class Difference:
    """First minus second proportion, in [-1, 1]; nan where either n is 0."""

    estimate: float
    ci_low: float
    ci_high: float
    confidence_level: float
    method: str = "Newcombe hybrid score interval"


def clopper_pearson(count: int, n: int, *, confidence_level: float = 0.95) -> Proportion:
    """Probability of an outcome seen in `count` of `n` patients, with its exact interval.

    The limits are quantiles of beta distributions. R: ``binom.test(count, n)``. Clopper & Pearson
    (1934).
    """
    level = check_confidence_level(confidence_level)
    _check_count(count, n)
    if n == 0:
        return Proportion(int(count), int(n), nan, nan, nan, level)
    tail = (1 - level) / 2
    low = float(betaincinv(count, n - count + 1, tail)) if count > 0 else 0.0
    high = float(betainccinv(count + 1, n - count, tail)) if count < n else 1.0
    return Proportion(int(count), int(n), count / n, low, high, level)


def newcombe_difference(
    count_1: int, n_1: int, count_2: int, n_2: int, *, confidence_level: float = 0.95
) -> Difference:
    """Difference of two independent proportions, count_1 / n_1 - count_2 / n_2.

    The interval combines the two Wilson score intervals: method 10 of Newcombe (1998). R has
    the parts: ``prop.test(count, n, correct = FALSE)$conf.int`` of each proportion.
    """
    level = check_confidence_level(confidence_level)
    _check_count(count_1, n_1)
    _check_count(count_2, n_2)
    if n_1 == 0 or n_2 == 0:
        return Difference(nan, nan, nan, level)
    p_1, p_2 = count_1 / n_1, count_2 / n_2
    low_1, high_1 = _wilson(count_1, n_1, level)
    low_2, high_2 = _wilson(count_2, n_2, level)
    difference = p_1 - p_2
    return Difference(
        estimate=difference,
        ci_low=difference - sqrt((p_1 - low_1) ** 2 + (high_2 - p_2) ** 2),
        ci_high=difference + sqrt((high_1 - p_1) ** 2 + (p_2 - low_2) ** 2),
        confidence_level=level,
    )


def _wilson(count: int, n: int, level: float) -> tuple[float, float]:
    z = float(ndtri((1 + level) / 2))
    centre = (2 * count + z**2) / (2 * (n + z**2))
    half = z * sqrt(4 * count * (n - count) / n + z**2) / (2 * (n + z**2))
    return (0.0 if count == 0 else centre - half), (1.0 if count == n else centre + half)


def _check_count(count: int, n: int) -> None:
    if not (0 <= count <= n and int(count) == count and int(n) == n):
        raise StatisticsError(
            f"a count must be a whole number between 0 and its denominator, but was "
            f"{count!r} of {n!r}: check which patients the denominator holds"
        )
