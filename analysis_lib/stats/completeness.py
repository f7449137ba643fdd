"""Completeness of follow-up: how much of the person-time that could be seen was seen."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import (
    ArrayLike,
    check_numbers,
    check_same_rows,
    check_survival,
)


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
