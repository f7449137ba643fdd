"""Rubin's rules: estimates of completed copies pooled, and what their number leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, nan, sqrt

import numpy as np
from scipy.special import stdtr, stdtrit

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import ArrayLike, check_confidence_level, check_numbers

RUBINS_RULES = "Rubin's rules"
_LEAST_SHARE = 1e-4
_LEAST_LEFT = 3  # of two, one is left without a variance between them


@dataclass(frozen=True)
class Pooled:
    """A pooled estimate with its t interval.

    `within` and `between` are the parts of its variance; `relative_increase` is what missingness
    adds to the first, `missing_information` the fraction of information that is missing.
    """

    estimate: float
    std_error: float
    ci_low: float
    ci_high: float
    p_value: float
    degrees_of_freedom: float
    within: float
    between: float
    relative_increase: float
    missing_information: float
    imputations: int
    method: str = RUBINS_RULES

    @property
    def monte_carlo_error(self) -> float:
        """Standard error of the estimate from the number of imputations alone."""
        return sqrt(self.between / self.imputations)


def pool_estimates(
    estimates: ArrayLike,
    variances: ArrayLike,
    *,
    complete_degrees_of_freedom: float = inf,
    confidence_level: float = 0.95,
) -> Pooled:
    """The mean of the estimates, and a variance that counts how they differ.

    Degrees of freedom are those of Barnard & Rubin (1999) for small samples;
    `complete_degrees_of_freedom` are those that complete data would have.
    R: ``mice::pool``. Rubin (1987).
    """
    values = check_numbers(estimates, name="estimates")
    squares = check_numbers(variances, name="variances")
    level = check_confidence_level(confidence_level)
    m = len(values)
    if m < 2 or len(squares) != m:
        raise StatisticsError(
            f"estimates and variances must be of the same two or more imputations, but are {m} "
            f"and {len(squares)}"
        )
    estimate, within, between = (
        float(values.mean()),
        float(squares.mean()),
        float(values.var(ddof=1)),
    )
    added = (1 + 1 / m) * between
    total = within + added
    df = _degrees_of_freedom(m, added / total, complete_degrees_of_freedom)
    increase = added / within
    error = sqrt(total)
    half = float(stdtrit(df, (1 + level) / 2)) * error
    return Pooled(
        estimate=estimate,
        std_error=error,
        ci_low=estimate - half,
        ci_high=estimate + half,
        p_value=float(2 * stdtr(df, -abs(estimate) / error)),
        degrees_of_freedom=df,
        within=within,
        between=between,
        relative_increase=increase,
        missing_information=(increase + 2 / (df + 3)) / (1 + increase),
        imputations=m,
    )


def p_value_error(
    estimates: ArrayLike, variances: ArrayLike, *, complete_degrees_of_freedom: float = inf
) -> float:
    """Standard error of the pooled P value from the number of imputations alone.

    Jackknife over the imputations. R: the P values of ``mice::pool`` without each of them.
    Royston, Carlin & White (2009), Stata J 9:252.
    """
    values, squares = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    m = len(values)
    if m < _LEAST_LEFT:
        return nan
    left_out = [
        pool_estimates(
            np.delete(values, i),
            np.delete(squares, i),
            complete_degrees_of_freedom=complete_degrees_of_freedom,
        ).p_value
        for i in range(m)
    ]
    return sqrt((m - 1) * float(np.var(left_out)))


def _degrees_of_freedom(m: int, share: float, complete: float) -> float:
    share = max(share, _LEAST_SHARE)
    old = (m - 1) / share**2
    if complete == inf:
        return old
    observed = (complete + 1) / (complete + 3) * complete * (1 - share)
    return old * observed / (old + observed)
