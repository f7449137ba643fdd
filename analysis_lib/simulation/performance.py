"""Bias and coverage of estimates over simulated cohorts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
from scipy.special import ndtri

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import FloatArray, check_confidence_level

# The stage, the cohorts done, their number, and the seconds that have passed.
OnProgress = Callable[[str, int, int, float], None]


AT_ONCE = 250  # cohorts that are fitted together
_NUMBERS = 250_000  # of one covariate, in all cohorts that are fitted together


def at_once(patients: int) -> int:
    """How many cohorts of so many patients are fitted together."""
    return max(1, min(AT_ONCE, _NUMBERS // max(patients, 1)))


def no_progress(stage: str, done: int, total: int, seconds: float) -> None:
    """Says nothing."""


@dataclass(frozen=True)
class Performance:
    """`replications` counts the cohorts, `estimated` those with a finite estimate."""

    replications: int
    estimated: int
    bias: float
    bias_mc_error: float
    coverage: float
    coverage_mc_error: float
    empirical_std_error: float
    mean_std_error: float


@dataclass(frozen=True)
class Found:
    """What significant estimates are where there is an effect.

    power : share of the cohorts with P below the level; exaggeration : how many times larger than
    the truth their log ratio is on average; wrong_sign : share of them on the other side of none.
    """

    power: float
    power_mc_error: float
    exaggeration: float
    wrong_sign: float


def found_effects(
    estimates: FloatArray, std_errors: FloatArray, *, truth: float, confidence_level: float = 0.95
) -> Found:
    """Power, and the errors of magnitude and sign of what is significant by its Wald test.

    A cohort without a finite estimate is not significant. Gelman & Carlin (2014), Perspect Psychol
    Sci 9:641. R: ``retrodesign::retrodesign`` where the estimate is normal.
    """
    half = float(ndtri((1 + check_confidence_level(confidence_level)) / 2)) * std_errors
    significant = np.abs(estimates) > half
    power = float(significant.mean())
    found = estimates[significant]
    return Found(
        power,
        sqrt(power * (1 - power) / len(estimates)),
        float((np.abs(found) / abs(truth)).mean()) if len(found) else nan,
        float((found * truth < 0).mean()) if len(found) else nan,
    )


def performance(
    estimates: FloatArray,
    std_errors: FloatArray,
    *,
    truth: float,
    confidence_level: float = 0.95,
) -> Performance:
    """How far estimates lie from the truth, and how often their Wald intervals hold it.

    A cohort without a finite estimate is nan in both arrays and left out; `estimated` says how
    many are not. `mean_std_error` is the root mean square of the errors, to be set beside the
    standard deviation of the estimates. Morris, White & Crowther (2019), Stat Med 38:2074.

    Raises
    ------
    StatisticsError
        The arrays differ in length, or there is no cohort.
    """
    if len(estimates) != len(std_errors) or not len(estimates):
        raise StatisticsError(
            "estimates and std_errors must hold one number per cohort each, but hold "
            f"{len(estimates)} and {len(std_errors)}"
        )
    level = check_confidence_level(confidence_level)
    known = np.isfinite(estimates) & np.isfinite(std_errors)
    found, errors = estimates[known], std_errors[known]
    count = len(found)
    if count == 0:
        return Performance(len(estimates), 0, nan, nan, nan, nan, nan, nan)
    spread = float(found.std(ddof=1)) if count > 1 else nan
    half = float(ndtri((1 + level) / 2)) * errors
    coverage = float((np.abs(found - truth) <= half).mean())
    return Performance(
        replications=len(estimates),
        estimated=count,
        bias=float(found.mean() - truth),
        bias_mc_error=spread / sqrt(count),
        coverage=coverage,
        coverage_mc_error=sqrt(coverage * (1 - coverage) / count),
        empirical_std_error=spread,
        mean_std_error=sqrt(float((errors**2).mean())),
    )
