"""Time at risk in pieces (start, stop]: entry after time zero, and treatment that begins later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import (
    ArrayLike,
    BoolArray,
    FloatArray,
    IntArray,
    SurvivalData,
    check_numbers,
    check_same_rows,
    check_survival,
)


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
