"""Kaplan-Meier estimate of the survival function, also with late entry, and its quantiles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import nan

import numpy as np
from scipy.special import ndtri

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import (
    ArrayLike,
    FloatArray,
    IntArray,
    check_confidence_level,
    check_intervals,
    check_numbers,
    check_survival,
)
from analysis_lib.stats.of_record import is_small, lifelines_curve

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
    """Right-continuous step function: row i holds on [times[i], times[i + 1]).

    Where patients enter late the curve begins at the first entry, and `n` counts the rows behind
    it: `entered` are those who enter at each of `times`, after which they are at risk, and `moved`
    those who go on in another curve and are not censored. Both are None where everyone is there
    from the start.
    """

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
    entered: IntArray | None = None
    moved: IntArray | None = None

    def at(self, t: float) -> SurvivalEstimate:
        """S(t), as `summary(survfit, times = t)`.

        Beyond the last observation S is known only if it has fallen to 0, else nan.
        """
        if not t >= 0:
            raise StatisticsError(f"a landmark time must be >= 0, but was {t!r}")
        row = int(np.searchsorted(self.times, t, side="right")) - 1
        known = row >= 0 and (t <= self.times[-1] or self.survival[-1] == 0)
        values = (self.survival, self.std_error, self.ci_low, self.ci_high)
        survival, std_error, low, high = (float(v[row]) if known else nan for v in values)
        at_risk = int(self.number_at_risk([t])[0])
        events = int(self.events[: row + 1].sum())
        return SurvivalEstimate(float(t), survival, std_error, low, high, at_risk, events)

    def number_at_risk(self, times: ArrayLike) -> IntArray:
        """Patients who entered before each given time and whose time is >= it."""
        before = np.searchsorted(self.times, np.asarray(times), side="left")
        leaving = self.events + self.censored + (0 if self.moved is None else self.moved)
        left = np.concatenate([[0], np.cumsum(leaving)])[before]
        if self.entered is None:
            return np.asarray(self.n - left)
        return np.asarray(np.concatenate([[0], np.cumsum(self.entered)])[before] - left)

    def median(self) -> Quantile:
        """Median survival time; its interval inverts the log-log band, as R's quantile()."""
        return survival_quantile(self.times, self.survival, self.ci_low, self.ci_high, 0.5)

    def censor_times(self) -> FloatArray:
        """Distinct times at which at least one patient was censored."""
        return self.times[self.censored > 0]


# A product of steps that should be 1 may miss it by so much.
_ROUNDING = 1e-12


def log_log_limits(
    probability: FloatArray, log_error: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    """Limits symmetric on the scale of log(-log p), p ** exp(-+ z se / log p) with se that of
    log p; nan where p is 1 or 0.
    """
    inside = (probability > 0) & (probability < 1 - _ROUNDING)
    value = np.where(inside, probability, 0.5)
    half = float(ndtri((1 + level) / 2)) * log_error / np.abs(np.log(value))
    low, high = value ** np.exp(half), value ** np.exp(-half)
    return np.where(inside, low, nan), np.where(inside, high, nan)


def count_at(values: FloatArray, times: FloatArray) -> IntArray:
    """How many of the values stand at each of the times."""
    return np.bincount(np.searchsorted(times, values), minlength=len(times)).astype(np.int64)


def _greenwood(at_risk: IntArray, events: IntArray) -> FloatArray:
    """Standard error of log S; nan from the time on at which everyone at risk has the event."""
    terms = np.zeros(len(events))
    some, remaining = events > 0, at_risk - events
    np.divide(events, at_risk.astype(float) * remaining, out=terms, where=some & (remaining > 0))
    terms[some & (remaining == 0)] = nan
    return np.sqrt(np.cumsum(terms))


def kaplan_meier(
    time: ArrayLike,
    event: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    confidence_level: float = 0.95,
    of_record: bool = False,
) -> KaplanMeier:
    """Probability of being free of the event beyond t, with Greenwood error and log-log limits.

    Parameters
    ----------
    time : floats >= 0, any unit
    event : booleans, True = event observed
    entry : time after which a patient is at risk, where not from the start; then the curve is that
        of `kaplan_meier_intervals`
    confidence_level : coverage of the pointwise interval
    of_record : take the curve and its limits from lifelines, which give the same

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
    if entry is not None:
        return kaplan_meier_intervals(entry, time, event, confidence_level=confidence_level)
    data, level = check_survival(time, event), check_confidence_level(confidence_level)
    times = np.unique(np.append(data.time, 0.0))
    events = count_at(data.time[data.event], times)
    censored = count_at(data.time[~data.event], times)
    left = events + censored
    at_risk = data.n - (np.cumsum(left) - left)
    method = "Kaplan-Meier estimate, log-log interval"
    curve = _product_limit(times, at_risk, events, censored, data.n, level, method)
    if of_record and is_small(data):
        survival, low, high = lifelines_curve(data, level)
        error = survival * _greenwood(at_risk, events)
        return replace(curve, survival=survival, std_error=error, ci_low=low, ci_high=high)
    return curve


def _product_limit(
    times: FloatArray,
    at_risk: IntArray,
    events: IntArray,
    censored: IntArray,
    n: int,
    level: float,
    method: str,
) -> KaplanMeier:
    """The curve of these counts; it stays where it is while nobody is at risk."""
    share = np.divide(events, at_risk, out=np.zeros(len(times)), where=at_risk > 0)
    survival, error = np.cumprod(1 - share), _greenwood(at_risk, events)
    low, high = log_log_limits(survival, error, level)
    return KaplanMeier(
        times,
        survival,
        survival * error,
        low,
        high,
        at_risk,
        events,
        censored,
        n,
        int(events.sum()),
        level,
        method,
    )


def kaplan_meier_intervals(
    start: ArrayLike,
    stop: ArrayLike,
    event: ArrayLike,
    *,
    moves: ArrayLike | None = None,
    confidence_level: float = 0.95,
) -> KaplanMeier:
    """Product over event times of the share that stays free of the event, among those at risk.

    With one curve a state, and patients who change from one to the other, these are the curves of
    Simon & Makuch (1984), Stat Med 3:35.

    Parameters
    ----------
    start, stop : follow-up (start, stop], any unit; who changes state has a row in each
    event : booleans, True = the event ended the row
    moves : booleans, True = the row ended because the patient goes on in another state

    Raises
    ------
    StatisticsError
        For rows without length, missing times, events that are not boolean.

    Notes
    -----
    R: ``survfit(Surv(start, stop, event) ~ 1, conf.type = "log-log")``. lifelines counts who
    enters at the time of an event among those at risk at it; R does not, and neither do we.
    Greenwood error; where everyone at risk has the event the curve stays at 0.
    """
    data = check_intervals(start, stop, event)
    starts = check_numbers(start, name="start")
    level = check_confidence_level(confidence_level)
    times = np.unique(np.concatenate([starts, data.time]))
    entered, events = count_at(starts, times), count_at(data.time[data.event], times)
    moving = np.zeros(data.n, dtype=bool) if moves is None else np.asarray(moves, dtype=bool)
    moved = count_at(data.time[moving & ~data.event], times)
    censored = count_at(data.time[~moving & ~data.event], times)
    left = events + censored + moved
    at_risk = (np.cumsum(entered) - entered) - (np.cumsum(left) - left)
    method = "Kaplan-Meier estimate with delayed entry, log-log interval"
    curve = _product_limit(times, at_risk, events, censored, data.n, level, method)
    return replace(curve, entered=entered, moved=moved)


def cumulative_hazard(time: ArrayLike, event: ArrayLike) -> FloatArray:
    """Sum of events over patients at risk, up to and including each patient's own time.

    R: ``survfit(Surv(time, event) ~ 1)$cumhaz``; ``mice::nelsonaalen`` spreads ties as Efron does.
    """
    data, curve = check_survival(time, event), kaplan_meier(time, event)
    hazard = np.cumsum(curve.events / curve.at_risk)
    return hazard[np.searchsorted(curve.times, data.time)]
