"""How a group can have left a survival curve: the numbers at risk and censored that print it.

An event of one of r patients at risk multiplies the estimate by (r - 1) / r, whether or not others
fall on the same day; censoring leaves it. So k events among r patients, of whom q are then left,
multiply it by (r - k) / r at most, where they come before all censoring, and by q / (q + k) at
least, where they come after it. The sum of d / (r (r - d)) over them is largest where they come
last, 1 / q - 1 / (q + k), and that of d / r² smallest where they come first. All of this rises or
falls with k, so that what is printed leaves a range of k for each r and q. Taken over all r and q,
these bounds miss no order of events and censorings: where nothing is left, no patients print the
curve. Some hundreds of patients take a fraction of a second.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache, partial, reduce
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from analysis_lib.article.audit.printed import Window

ANY = Window(0.0, math.inf)
MOST_PATIENTS = 600  # the pairs of numbers at risk before and after grow with the square
_SLACK = 1e-9

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Landmark:
    """What is printed of a group at one time.

    survival : the values that the estimate admits.
    variance : of log S, the sum of d / (r (r - d)) over the events so far, from the interval.
    at_risk : patients at risk after the events at the time, nobody censored at it having left.
    events : events so far.
    """

    survival: Window
    variance: Window = ANY
    at_risk: Window = ANY
    events: Window = ANY


@dataclass(frozen=True)
class Ways:
    """Numbers at risk with which a group can be at a time, in rising order.

    censored, survival, variance : the lowest and highest that each leaves so far, as two rows.
    """

    at_risk: NDArray[np.int64]
    censored: Floats
    survival: Floats
    variance: Floats

    @property
    def none(self) -> bool:
        return not len(self.at_risk)

    def events(self, patients: int) -> Floats:
        """The fewest and the most events so far, as two rows."""
        return np.asarray(patients - self.at_risk - self.censored[::-1])


@lru_cache(maxsize=1024)
def ways(patients: int, landmarks: tuple[Landmark, ...]) -> tuple[Ways, ...]:
    """The ways at each landmark in time, of so many patients who are all followed from the start.

    After the first landmark that no way reaches there is none either.
    """
    start = Ways(np.array([patients]), np.zeros((2, 1)), np.ones((2, 1)), np.zeros((2, 1)))
    return tuple(accumulate(landmarks, partial(_next, patients), initial=start))[1:]


def _next(patients: int, before: Ways, landmark: Landmark) -> Ways:
    """From every number at risk before (rows) to every number left (columns)."""
    left = np.arange(patients + 1.0)
    risk = before.at_risk[:, None].astype(float)
    fewest, most = _events(patients, before, left, landmark)
    at_risk = (left >= landmark.at_risk.low) & (left <= landmark.at_risk.high)
    possible = (fewest <= most) & at_risk
    (low, high), variance, censored = (
        column[..., None] for column in (before.survival, before.variance, before.censored)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        survival = (
            np.maximum(low * np.where(most > 0, left / (left + most), 1.0), landmark.survival.low),
            np.minimum(high * np.where(fewest > 0, 1 - fewest / risk, 1.0), landmark.survival.high),
        )
        most_added = np.where(most > 0, 1 / left - 1 / (left + most), 0.0)
    added = 1 / (risk - fewest + 0.5) - 1 / (risk + 0.5), most_added
    gone = risk - left - most, risk - left - fewest
    columns = [
        _bounds(pair, possible)
        for pair in (
            (censored[0] + gone[0], censored[1] + gone[1]),
            survival,
            (variance[0] + added[0], variance[1] + added[1]),
        )
    ]
    reached = possible.any(axis=0)
    return Ways(np.flatnonzero(reached), *(column[:, reached] for column in columns))


def _events(patients: int, before: Ways, left: Floats, landmark: Landmark) -> tuple[Floats, Floats]:
    """The fewest and most events among those who left with which all that is printed can be so."""
    risk, had = before.at_risk[:, None], before.events(patients)[..., None]
    (low, high), (least, largest) = before.survival[..., None], before.variance[..., None]
    top = max(landmark.survival.high, _SLACK)
    with np.errstate(divide="ignore", invalid="ignore"):
        room = landmark.variance.high - least + 1 / (risk + 0.5)
        lacking = 1 / left - np.maximum(landmark.variance.low - largest, 0.0)
        for_variance = np.where(lacking > 0, 1 / lacking - left, np.inf)
        most = (
            risk - left,
            risk * (1 - landmark.survival.low / high),
            np.where(room > 0, risk + 0.5 - 1 / room, -1.0),
            landmark.events.high - had[0],
        )
        fewest = (
            np.zeros_like(left),
            np.where(left > 0, left * (low / top - 1), low > top + _SLACK),
            np.where(left > 0, for_variance, landmark.variance.low > largest),
            landmark.events.low - had[1],
        )
    return (
        np.ceil(reduce(np.maximum, fewest) - _SLACK),
        np.floor(reduce(np.minimum, most) + _SLACK),
    )


def _bounds(pair: tuple[Floats, Floats], possible: NDArray[np.bool_]) -> Floats:
    """The lowest and the highest of each column, over the rows that are possible."""
    low = np.where(possible, pair[0], np.inf).min(axis=0, initial=np.inf)
    high = np.where(possible, pair[1], -np.inf).max(axis=0, initial=-np.inf)
    return np.array([low, high])


def beside(death: Ways, composite: Ways) -> Ways:
    """The ways of overall survival that some way of an endpoint with other events goes with.

    Whoever is free of the event is alive, and whoever was censored free of it was censored alive.
    """
    goes = composite.at_risk[:, None] <= death.at_risk
    fewest = np.where(goes, composite.censored[0][:, None], np.inf).min(axis=0, initial=np.inf)
    low = np.maximum(death.censored[0], fewest)
    fits = low <= death.censored[1]
    censored = np.array([low, death.censored[1]])
    columns = censored, death.survival, death.variance
    return Ways(death.at_risk[fits], *(column[:, fits] for column in columns))
