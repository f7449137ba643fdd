"""Kaplan-Meier estimate of the survival function, its quantiles, and length of follow-up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import nan

import numpy as np
from lifelines import KaplanMeierFitter

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import (
    ArrayLike,
    FloatArray,
    IntArray,
    check_confidence_level,
    check_numbers,
    check_same_rows,
    check_survival,
)

_TOLERANCE = float(np.sqrt(np.finfo(float).eps))


@dataclass(frozen=True)
class Quantile:
    """A survival time; nan where the curve, or the band, does not come down far enough."""

    estimate: float
    ci_low: float
    ci_high: float


def survival_quantile(
    times: FloatArray, survival: FloatArray, low: FloatArray, high: FloatArray, level: float
) -> Quantile:
    """Time at which S(t) falls to `level`, with limits where the band falls to it.

    R: ``quantile(survfit, probs = 1 - level)``. Brookmeyer & Crowley (1982).
    """
    return Quantile(
        estimate=_crossing(times, survival, level),
        ci_low=_crossing(times, low, level),
        ci_high=_crossing(times, high, level),
    )


def _crossing(times: FloatArray, curve: FloatArray, level: float) -> float:
    """First time at which the curve is at or below `level`.

    A flat step exactly at the level answers with its midpoint, as R does; a step that lasts to
    the end of follow-up is taken to end there.
    """
    reached = np.flatnonzero(curve <= level + _TOLERANCE)
    if not reached.size:
        return nan
    first = reached[0]
    if curve[first] < level - _TOLERANCE:
        return float(times[first])
    below = np.flatnonzero(curve < level - _TOLERANCE)
    end = below[0] if below.size else len(times) - 1
    return float((times[first] + times[end]) / 2)


@dataclass(frozen=True)
class SurvivalEstimate:
    """S(t) at one landmark; `events` counts up to and including t, `at_risk` just before t."""

    time: float
    survival: float
    std_error: float
    ci_low: float
    ci_high: float
    at_risk: int
    events: int


@dataclass(frozen=True, eq=False)
class KaplanMeier:
    """Right-continuous step function: row i holds on [times[i], times[i + 1])."""

    times: FloatArray
    survival: FloatArray
    std_error: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    at_risk: IntArray
    events: IntArray
    censored: IntArray
    n: int
    n_events: int
    confidence_level: float
    method: str

    def at(self, t: float) -> SurvivalEstimate:
        """S(t), as `summary(survfit, times = t)`.

        Beyond the last observation S is known only if it has fallen to 0, else nan.
        """
        if not t >= 0:
            raise StatisticsError(f"a landmark time must be >= 0, but was {t!r}")
        row = int(np.searchsorted(self.times, t, side="right")) - 1
        known = t <= self.times[-1] or self.survival[-1] == 0
        values = (self.survival, self.std_error, self.ci_low, self.ci_high)
        survival, std_error, low, high = (float(v[row]) if known else nan for v in values)
        at_risk = int(self.number_at_risk([t])[0])
        events = int(self.events[: row + 1].sum())
        return SurvivalEstimate(float(t), survival, std_error, low, high, at_risk, events)

    def number_at_risk(self, times: ArrayLike) -> IntArray:
        """Patients whose time is >= each given time."""
        leaving = np.concatenate([[0], np.cumsum(self.events + self.censored)])
        return self.n - leaving[np.searchsorted(self.times, np.asarray(times), side="left")]

    def median(self) -> Quantile:
        """Median survival time; its interval inverts the log-log band, as R's quantile()."""
        return survival_quantile(self.times, self.survival, self.ci_low, self.ci_high, 0.5)

    def censor_times(self) -> FloatArray:
        """Distinct times at which at least one patient was censored."""
        return self.times[self.censored > 0]


def kaplan_meier(
    time: ArrayLike, event: ArrayLike, *, confidence_level: float = 0.95
) -> KaplanMeier:
    """Probability of being free of the event beyond t, with Greenwood error and log-log limits.

    Parameters
    ----------
    time : floats >= 0, any unit
    event : booleans, True = event observed
    confidence_level : coverage of the pointwise interval

    Raises
    ------
    StatisticsError
        For negative or missing times, events that are not boolean, unequal lengths.

    Notes
    -----
    R: ``survfit(Surv(time, event) ~ 1, conf.type = "log-log")``.
    Kaplan & Meier (1958); Greenwood (1926); Kalbfleisch & Prentice (1980) for the interval,
    which is not estimable (nan) where S is 1 or 0.
    """
    data = check_survival(time, event)
    level = check_confidence_level(confidence_level)
    fitter = KaplanMeierFitter(alpha=1 - level).fit(data.time, data.event)
    table = fitter.event_table
    at_risk = table["at_risk"].to_numpy(dtype=np.int64)
    events = table["observed"].to_numpy(dtype=np.int64)
    survival = fitter.survival_function_.to_numpy(dtype=float)[:, 0]
    low, high = fitter.confidence_interval_survival_function_.to_numpy(dtype=float).T
    estimable = (survival > 0) & (survival < 1)
    return KaplanMeier(
        times=table.index.to_numpy(dtype=float),
        survival=survival,
        std_error=survival * _greenwood(at_risk, events),
        ci_low=np.where(estimable, low, nan),
        ci_high=np.where(estimable, high, nan),
        at_risk=at_risk,
        events=events,
        censored=table["censored"].to_numpy(dtype=np.int64),
        n=data.n,
        n_events=data.n_events,
        confidence_level=level,
        method="Kaplan-Meier estimate, log-log interval",
    )


def _greenwood(at_risk: IntArray, events: IntArray) -> FloatArray:
    """Standard error of log S; nan from the time on at which everyone at risk has the event."""
    remaining = at_risk - events
    terms = np.full(len(events), nan)
    np.divide(events, at_risk * remaining, out=terms, where=remaining > 0)
    terms[(remaining == 0) & (events == 0)] = 0.0
    return np.sqrt(np.cumsum(terms))


def cumulative_hazard(time: ArrayLike, event: ArrayLike) -> FloatArray:
    """Sum of events over patients at risk, up to and including each patient's own time.

    R: ``survfit(Surv(time, event) ~ 1)$cumhaz``; ``mice::nelsonaalen`` spreads ties as Efron does.
    """
    data = check_survival(time, event)
    times, events = np.unique(data.time[data.event], return_counts=True)
    at_risk = data.n - np.searchsorted(np.sort(data.time), times, side="left")
    steps = np.concatenate([[0.0], np.cumsum(events / at_risk)])
    return steps[np.searchsorted(times, data.time, side="right")]


def reverse_kaplan_meier(
    time: ArrayLike, event: ArrayLike, *, confidence_level: float = 0.95
) -> KaplanMeier:
    """Distribution of the follow-up patients would have had without the event.

    Censoring is the event here, so `.median()` of the result is the median follow-up.

    R: ``survfit(Surv(time, 1 - event) ~ 1, conf.type = "log-log")``. Schemper & Smith (1996).
    """
    data = check_survival(time, event)
    curve = kaplan_meier(data.time, ~data.event, confidence_level=confidence_level)
    return replace(curve, method="reverse Kaplan-Meier estimate, log-log interval")


@dataclass(frozen=True)
class Completeness:
    """Observed over potential person-time, in [0, 1]; nan where no time could be seen."""

    completeness: float
    observed: float
    potential: float
    n: int
    method: str = "Clark's C, observed over potential person-time"


def follow_up_completeness(time: ArrayLike, event: ArrayLike, potential: ArrayLike) -> Completeness:
    """Share of the potential follow-up that was observed, 1 if nobody was lost.

    Parameters
    ----------
    time, event : follow-up >= 0 and True = died
    potential : time from entry to the closing date of the study. A patient who died could be
        followed until death, and counts as complete.

    Raises
    ------
    StatisticsError
        Someone alive was followed for longer than was possible; else as `check_survival`.

    Notes
    -----
    Clark, Altman & De Stavola (2002). What the lost would have been followed for ends at the
    closing date although some of them have died, so that C is a little too small.
    """
    data = check_survival(time, event)
    check_same_rows(time, potential, names=("time", "potential"))
    until = np.where(data.event, data.time, check_numbers(potential, name="potential"))
    over = np.flatnonzero(data.time > until + 1e-9)
    if over.size:
        row = int(over[0])
        raise StatisticsError(
            f"time must not exceed the potential follow-up, but is {float(data.time[row])!r} of "
            f"{float(until[row])!r} at position {row}: censor at the closing date"
        )
    observed, possible = float(data.time.sum()), float(until.sum())
    return Completeness(observed / possible if possible else nan, observed, possible, data.n)
