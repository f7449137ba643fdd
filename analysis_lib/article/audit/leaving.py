"""How a group can have left a survival curve: the numbers at risk and censored that print it.

An event of one of r patients at risk multiplies the estimate by (r - 1) / r, whether or not others
fall on the same day; censoring leaves it. So k events among r patients, of whom q are then left,
multiply it by (r - k) / r at most, where they come before all censoring, and by q / (q + k) at
least, where they come after it. Taken over all k and q, these bounds miss no order of events and
censorings: where nothing is left, no patients print the curve.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from analysis_lib.article.audit.printed import Window

ANY = Window(0.0, math.inf)
MOST_PATIENTS = 60  # a curve of more says little of them, and the ways are too many
_SLACK = 1e-9


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
    """Numbers at risk and censored so far with which a group can be at a time, one entry each.

    survival, variance : the lowest and highest that each entry leaves, as two rows.
    """

    at_risk: NDArray[np.int64]
    censored: NDArray[np.int64]
    survival: NDArray[np.float64]
    variance: NDArray[np.float64]

    @property
    def none(self) -> bool:
        return not len(self.at_risk)

    def keep(self, chosen: NDArray[np.bool_]) -> Ways:
        columns = self.survival[:, chosen], self.variance[:, chosen]
        return Ways(self.at_risk[chosen], self.censored[chosen], *columns)


@lru_cache(maxsize=1024)
def ways(patients: int, landmarks: tuple[Landmark, ...]) -> tuple[Ways, ...]:
    """The ways at each landmark in time, of so many patients who are all followed from the start.

    After the first landmark that no way reaches there is none either.
    """
    one = np.array([patients]), np.array([0]), np.ones((2, 1)), np.zeros((2, 1))
    return tuple(_walk(patients, Ways(*one), landmarks))


def _walk(patients: int, start: Ways, landmarks: tuple[Landmark, ...]) -> Iterator[Ways]:
    reached = start
    for landmark in landmarks:
        reached = _merged(_admitted(patients, _left(reached, landmark.survival), landmark))
        yield reached


def _left(before: Ways, survival: Window) -> Ways:
    """Every number left and of events among those who left, if the estimate can be so."""
    size = np.arange(before.at_risk.max(initial=-1) + 1)
    rows, left = np.nonzero(size <= before.at_risk[:, None])
    risk, (low, high) = before.at_risk[rows], before.survival[:, rows]
    # At most so many events keep the estimate up, at least so many bring it down.
    most = np.floor(risk * (1 - survival.low / high) + _SLACK)
    fewest = np.ceil(left * (low / max(survival.high, _SLACK) - 1) - _SLACK)
    most, fewest = np.minimum(most, risk - left), np.maximum(fewest, 0)
    number = np.maximum(most - fewest + 1, 0).astype(int)
    of = np.repeat(np.arange(len(rows)), number)
    events = fewest[of].astype(int) + np.arange(len(of)) - np.repeat(
        np.cumsum(number) - number, number
    )  # fmt: skip
    rows, left, risk = rows[of], left[of], risk[of]
    with np.errstate(divide="ignore", invalid="ignore"):
        last = np.where(events > 0, left / (left + events), 1.0)
        first = np.where(events > 0, (risk - events) / risk, 1.0)
        # Greenwood's sum where the events come last, and the smaller sum of d / r² where first.
        largest = np.where(events > 0, events / (left * (left + events)), 0.0)
        smallest = 1 / (risk - events + 0.5) - 1 / (risk + 0.5)
    return Ways(
        left,
        before.censored[rows] + risk - left - events,
        np.array([low[of] * last, high[of] * first]),
        before.variance[:, rows] + np.array([smallest, largest]),
    )


def _admitted(patients: int, found: Ways, landmark: Landmark) -> Ways:
    """Those that meet what is printed, their estimates within it."""
    events = patients - found.at_risk - found.censored
    survival = np.array(
        [
            np.maximum(found.survival[0], landmark.survival.low),
            np.minimum(found.survival[1], landmark.survival.high),
        ]
    )
    chosen = (
        (survival[0] <= survival[1] + _SLACK)
        & (found.variance[0] <= landmark.variance.high + _SLACK)
        & (found.variance[1] >= landmark.variance.low - _SLACK)
        & _within(found.at_risk, landmark.at_risk)
        & _within(events, landmark.events)
    )
    return Ways(found.at_risk, found.censored, survival, found.variance).keep(chosen)


def _within(values: NDArray[np.int64], bounds: Window) -> NDArray[np.bool_]:
    return np.asarray((values >= bounds.low) & (values <= bounds.high))


def _merged(found: Ways) -> Ways:
    """One entry for each number at risk and censored, with the bounds of all."""
    base = found.censored.max(initial=0) + 1
    kept, which = np.unique(found.at_risk * base + found.censored, return_inverse=True)
    bounds = [np.full((2, len(kept)), [[np.inf], [-np.inf]]) for _ in range(2)]
    for bound, values in zip(bounds, (found.survival, found.variance), strict=True):
        np.minimum.at(bound[0], which, values[0])
        np.maximum.at(bound[1], which, values[1])
    return Ways(kept // base, kept % base, *bounds)


def beside(death: Ways, composite: Ways) -> Ways:
    """The ways of overall survival that some way of an endpoint with other events goes with.

    Whoever is free of the event is alive, and whoever was censored free of it was censored alive.
    """
    fits = (death.at_risk >= composite.at_risk[:, None]) & (
        death.censored >= composite.censored[:, None]
    )
    return death.keep(np.asarray(fits.any(axis=0)))
