"""Time at risk in pieces (start, stop], and the Kaplan-Meier estimate of such pieces."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from scipy.stats import norm

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import (
    ArrayLike,
    BoolArray,
    FloatArray,
    IntArray,
    SurvivalData,
    check_confidence_level,
    check_numbers,
    check_same_rows,
    check_survival,
)
from analysis_lib.stats.kaplan_meier import KaplanMeier


@dataclass(frozen=True, eq=False)
class Intervals:
    """Pieces of follow-up; of each patient at most one before the treatment and one after it.

    `patient` is the row of the patient in the data that were split, `event` True where the event
    ends the piece, `treated` True where the treatment had begun before it.
    """

    patient: IntArray
    start: FloatArray
    stop: FloatArray
    event: BoolArray
    treated: BoolArray


def check_intervals(start: ArrayLike, stop: ArrayLike, event: ArrayLike) -> SurvivalData:
    """Return the ends and events of pieces that each have a length, or raise StatisticsError."""
    data = check_survival(stop, event)
    starts = check_numbers(start, name="start")
    check_same_rows(start, stop, names=("start", "stop"))
    empty = np.flatnonzero(starts >= data.time)
    if empty.size:
        first = int(empty[0])
        raise StatisticsError(
            f"start must be < stop, but is {float(starts[first])!r} where stop is "
            f"{float(data.time[first])!r} ({empty.size} such rows): leave out who is never at risk"
        )
    return data


def split_follow_up(
    time: ArrayLike, event: ArrayLike, begin: ArrayLike, *, entry: ArrayLike | None = None
) -> Intervals:
    """Follow-up before and after the begin of a treatment (nan: never), from `entry` on.

    Someone is treated after `begin`, so that an event on the day it begins is still one of the
    untreated (R: ``survival::tmerge`` with ``tdc``). Who never is at risk has no piece.
    """
    data, begins = check_survival(time, event), _begins(begin, time)
    entries = np.zeros(data.n) if entry is None else check_numbers(entry, name="entry")
    change = np.clip(begins, entries, data.time)
    pieces = (
        (entries, change, data.event & (change >= data.time), False),
        (change, data.time, data.event, True),
    )
    return _join(pieces, data.n)


def landmark_follow_up(
    time: ArrayLike, event: ArrayLike, begin: ArrayLike, *, at: float
) -> Intervals:
    """Follow-up beyond a landmark of those free of the event there, treated or not by then.

    Treatment that begins later changes nothing: every patient has one piece. Anderson, Cain &
    Gelber (1983), J Clin Oncol 1:710.
    """
    if not at >= 0:
        raise StatisticsError(f"a landmark must be >= 0, but was {at!r}")
    data, begins = check_survival(time, event), _begins(begin, time)
    kept = np.flatnonzero(data.time > at)
    start = np.full(len(kept), float(at))
    return Intervals(kept, start, data.time[kept], data.event[kept], begins[kept] <= at)


def _begins(begin: ArrayLike, time: ArrayLike) -> FloatArray:
    check_same_rows(time, begin, names=("time", "begin"))
    begins = np.asarray(begin, dtype=float)
    return np.where(np.isnan(begins), np.inf, begins)


def _join(pieces: tuple[tuple[FloatArray, FloatArray, BoolArray, bool], ...], n: int) -> Intervals:
    """The pieces that have a length, untreated ones first."""
    kept = [np.flatnonzero(start < stop) for start, stop, _, _ in pieces]
    columns = list(zip(kept, pieces, strict=True))
    return Intervals(
        np.concatenate([np.arange(n)[rows] for rows in kept]),
        np.concatenate([piece[0][rows] for rows, piece in columns]),
        np.concatenate([piece[1][rows] for rows, piece in columns]),
        np.concatenate([piece[2][rows] for rows, piece in columns]),
        np.concatenate([np.full(len(rows), piece[3]) for rows, piece in columns]),
    )


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
