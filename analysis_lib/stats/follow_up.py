"""Follow-up: in pieces where a treatment begins late, how long it is, and how complete."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import nan

import numpy as np

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import (
    ArrayLike,
    BoolArray,
    FloatArray,
    IntArray,
    check_numbers,
    check_same_rows,
    check_survival,
)
from analysis_lib.stats.kaplan_meier import KaplanMeier, kaplan_meier


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


def reverse_kaplan_meier(
    time: ArrayLike,
    event: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    confidence_level: float = 0.95,
) -> KaplanMeier:
    """Distribution of the follow-up patients would have had without the event.

    Censoring is the event here, so `.median()` of the result is the median follow-up; patients are
    at risk after their `entry`, where it is given.

    R: ``survfit(Surv(time, 1 - event) ~ 1, conf.type = "log-log")``. Schemper & Smith (1996).
    """
    data = check_survival(time, event)
    curve = kaplan_meier(data.time, ~data.event, entry=entry, confidence_level=confidence_level)
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
