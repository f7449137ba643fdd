"""Difference of two survival curves at one time."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from scipy.special import ndtri

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.kaplan_meier import KaplanMeier

METHOD = "difference of two curves at one time, Wald interval"


@dataclass(frozen=True)
class SurvivalDifference:
    """S(t) of one group minus that of the reference; nan where either curve has ended before t."""

    time: float
    estimate: float
    std_error: float
    ci_low: float
    ci_high: float
    confidence_level: float
    method: str = METHOD


def survival_difference(
    subject: KaplanMeier, reference: KaplanMeier, time: float
) -> SurvivalDifference:
    """How many more, or fewer, of one group are free of the event at a time fixed beforehand.

    The groups are independent; the errors are those of the curves, so that weighted curves give
    the robust one. The interval is symmetric and may leave [-1, 1] in small groups.

    R: ``summary(survfit(Surv(time, event) ~ group), times = t)``; the difference of ``surv`` and
    the root of the summed squares of ``std.err``. Klein et al. (2007), Stat Med 26:4505.

    Raises
    ------
    StatisticsError
        For a time below 0 or curves of different confidence levels.
    """
    levels = {subject.confidence_level, reference.confidence_level}
    if len(levels) > 1:
        raise StatisticsError(
            f"curves can be compared at one confidence level, but have {sorted(levels)}: "
            "estimate both with the same"
        )
    one, other = subject.at(time), reference.at(time)
    estimate = one.survival - other.survival
    error = sqrt(one.std_error**2 + other.std_error**2)
    half = float(ndtri((1 + subject.confidence_level) / 2)) * error
    return SurvivalDifference(
        float(time), estimate, error, estimate - half, estimate + half, subject.confidence_level
    )
