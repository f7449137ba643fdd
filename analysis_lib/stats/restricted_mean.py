"""Restricted mean survival time, its difference of groups, and that of curves at one time."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
from scipy.special import ndtr, ndtri

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import ArrayLike, FloatArray
from analysis_lib.stats.kaplan_meier import KaplanMeier, kaplan_meier

TOO_SHORT = "follow-up ends before this time"
NO_SPREAD = "no event, or every event at once, by this time"


@dataclass(frozen=True)
class RestrictedMean:
    """Mean time free of the event up to `tau`.

    `events` counts those up to and including tau, `at_risk` the patients just before it. Beyond
    the follow-up nothing is estimable; without spread in the events the mean is known and its
    error is not. `reason` says which.
    """

    tau: float
    estimate: float
    std_error: float
    ci_low: float
    ci_high: float
    n: int
    events: int
    at_risk: int
    confidence_level: float
    reason: str = ""
    method: str = "area under the Kaplan-Meier curve, Greenwood-type error"


@dataclass(frozen=True)
class RestrictedMeanDifference:
    """Mean time gained (or lost, below 0) up to `tau`, with its normal interval and test."""

    tau: float
    estimate: float
    std_error: float
    ci_low: float
    ci_high: float
    p_value: float
    confidence_level: float
    reason: str = ""
    method: str = "difference of independent restricted means, normal interval"


def restricted_mean(
    time: ArrayLike, event: ArrayLike, tau: float, *, confidence_level: float = 0.95
) -> RestrictedMean:
    """Mean of min(T, tau): the area under the survival curve up to tau.

    The area is known up to the last time observed, or for ever once the curve has reached 0;
    beyond it the curve would have to be invented, so that nothing is estimated.

    R: ``summary(survfit(Surv(time, event) ~ 1), rmean = tau)``, which extends the curve instead.
    Royston & Parmar (2013); the variance is Klein & Moeschberger (1997), section 4.5. That of
    lifelines is the variance of min(T, tau) itself, not of its mean.
    """
    if not tau > 0:
        raise StatisticsError(f"tau must be > 0, but was {tau!r}: choose a time after the start")
    curve = kaplan_meier(time, event, confidence_level=confidence_level)
    known = tau <= curve.times[-1] or curve.survival[-1] == 0
    estimate, error = _area(curve, tau) if known else (nan, nan)
    half = _half_width(error, curve.confidence_level)
    no_error = NO_SPREAD if np.isnan(error) else ""
    return RestrictedMean(
        tau,
        estimate,
        error,
        estimate - half,
        estimate + half,
        curve.n,
        int(curve.events[curve.times <= tau].sum()),
        int(curve.number_at_risk([tau])[0]),
        curve.confidence_level,
        no_error if known else TOO_SHORT,
    )


def restricted_mean_difference(
    subject: RestrictedMean, reference: RestrictedMean
) -> RestrictedMeanDifference:
    """Hypothesis: two independent groups have the same restricted mean up to the same tau.

    Uno et al. (2014).
    """
    terms = {(one.tau, one.confidence_level) for one in (subject, reference)}
    if len(terms) > 1:
        raise StatisticsError(
            "restricted means can be compared up to one time and at one confidence level, but "
            f"have (tau, confidence_level) {sorted(terms)}: compute both with the same"
        )
    estimate = subject.estimate - reference.estimate
    error = sqrt(subject.std_error**2 + reference.std_error**2)
    half = _half_width(error, subject.confidence_level)
    reasons = (subject.reason, reference.reason)
    return RestrictedMeanDifference(
        subject.tau,
        estimate,
        error,
        estimate - half,
        estimate + half,
        float(2 * ndtr(-abs(estimate) / error)) if error > 0 else nan,
        subject.confidence_level,
        TOO_SHORT if TOO_SHORT in reasons else next((x for x in reasons if x), ""),
    )


def _area(curve: KaplanMeier, tau: float) -> tuple[float, float]:
    """Area up to tau, and its error: each event moves the area that is left after it."""
    inside = curve.times <= tau
    times, survival = curve.times[inside], curve.survival[inside]
    areas = survival * np.diff(np.append(times, tau))
    left = np.cumsum(areas[::-1])[::-1]
    variance = float(np.sum(left**2 * _hazard_variance(curve)[inside]))
    return float(areas.sum()), sqrt(variance) if variance > 0 else nan


def _hazard_variance(curve: KaplanMeier) -> FloatArray:
    """d / (n (n - d)) at each time; 0 where the curve ends at 0 and leaves no area behind."""
    remaining = curve.at_risk - curve.events
    terms = np.zeros(len(remaining))
    np.divide(curve.events, curve.at_risk * remaining, out=terms, where=remaining > 0)
    return terms


def _half_width(error: float, confidence_level: float) -> float:
    return float(ndtri((1 + confidence_level) / 2)) * error


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
