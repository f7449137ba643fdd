"""Kaplan-Meier estimate where patients come under observation, or change state, after time zero."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from scipy.stats import norm

from analysis_lib.stats.inputs import (
    ArrayLike,
    FloatArray,
    IntArray,
    check_confidence_level,
    check_numbers,
)
from analysis_lib.stats.intervals import check_intervals
from analysis_lib.stats.kaplan_meier import KaplanMeier


@dataclass(frozen=True, eq=False)
class DelayedKaplanMeier(KaplanMeier):
    """A curve whose patients enter at different times; it begins at the first entry.

    `entered` counts those who enter at each of `times`, after which they are at risk; `moved`
    those who go on in another curve and are not censored. `n` counts the rows behind the curve.
    """

    entered: IntArray
    moved: IntArray

    def number_at_risk(self, times: ArrayLike) -> IntArray:
        """Those who entered before each given time and whose follow-up reaches it."""
        entered = np.concatenate([[0], np.cumsum(self.entered)])
        left = np.concatenate([[0], np.cumsum(self.events + self.censored + self.moved)])
        before = np.searchsorted(self.times, np.asarray(times), side="left")
        return np.asarray(entered[before] - left[before])


def kaplan_meier_intervals(
    start: ArrayLike,
    stop: ArrayLike,
    event: ArrayLike,
    *,
    moves: ArrayLike | None = None,
    confidence_level: float = 0.95,
) -> DelayedKaplanMeier:
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
    entered = _count(starts, times)
    events = _count(data.time[data.event], times)
    moving = np.zeros(data.n, dtype=bool) if moves is None else np.asarray(moves, dtype=bool)
    moved = _count(data.time[moving & ~data.event], times)
    censored = _count(data.time[~moving & ~data.event], times)
    left = events + censored + moved
    at_risk = (np.cumsum(entered) - entered) - (np.cumsum(left) - left)
    share = np.divide(events, at_risk, out=np.zeros(len(times)), where=at_risk > 0)
    survival = np.cumprod(1 - share)
    error = _greenwood(at_risk, events)
    low, high = _log_log(survival, error, level)
    return DelayedKaplanMeier(
        times=times,
        survival=survival,
        std_error=survival * error,
        ci_low=low,
        ci_high=high,
        at_risk=at_risk,
        events=events,
        censored=censored,
        n=data.n,
        n_events=data.n_events,
        confidence_level=level,
        method="Kaplan-Meier estimate with delayed entry, log-log interval",
        entered=entered,
        moved=moved,
    )


def _count(values: FloatArray, times: FloatArray) -> IntArray:
    return np.bincount(np.searchsorted(times, values), minlength=len(times)).astype(np.int64)


def _greenwood(at_risk: IntArray, events: IntArray) -> FloatArray:
    """Standard error of log S; nan from the time on at which everyone at risk has the event."""
    terms = np.zeros(len(events))
    some = events > 0
    remaining = at_risk - events
    np.divide(events, at_risk * remaining, out=terms, where=some & (remaining > 0))
    terms[some & (remaining == 0)] = nan
    return np.sqrt(np.cumsum(terms))


def _log_log(
    survival: FloatArray, error: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    """Limits S^exp(±z se / log S); not estimable (nan) where S is 1 or 0."""
    low, high = np.full(len(survival), nan), np.full(len(survival), nan)
    inside = (survival > 0) & (survival < 1)
    width = float(norm.ppf((1 + level) / 2)) * error[inside] / np.log(survival[inside])
    low[inside] = survival[inside] ** np.exp(-width)
    high[inside] = survival[inside] ** np.exp(width)
    return low, high
