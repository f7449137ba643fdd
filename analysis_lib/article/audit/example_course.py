"""A course of patients that prints a whole curve: with it, that some can is proved.

Looked for among the courses in which, before each time, some patients are censored and others then
have the event one after another. None found proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis_lib.article.audit.leaving import Floats, Landmark
from analysis_lib.article.audit.printed import Window

_MOST_CARRIED = 400  # courses carried from one time to the next, evenly drawn from those found
_INSIDE = 1e-9  # of a rounding window: an estimate at its end may print as the next number

Prints = Callable[[float, float], bool]  # of an estimate and the variance of its logarithm


@dataclass(frozen=True)
class Stretch:
    """Who leaves between two times: so many censored, after them so many with the event."""

    censored: int
    events: int


@dataclass(frozen=True)
class _Reached:
    """Courses up to a time, one entry each; `told` has a row each and two columns a stretch."""

    at_risk: Floats
    survival: Floats
    variance: Floats
    told: Floats

    def keep(self, chosen: np.ndarray) -> _Reached:
        columns = (self.at_risk, self.survival, self.variance, self.told)
        return _Reached(*(column[chosen] for column in columns))


def example_course(
    patients: int, landmarks: Sequence[Landmark], prints: Sequence[Prints]
) -> tuple[Stretch, ...]:
    """Stretches up to each landmark in time of patients all followed from the start, if any.

    prints : for each landmark, whether an estimate and the variance of its logarithm print it.
    """
    reached = _Reached(np.array([float(patients)]), np.ones(1), np.zeros(1), np.zeros((1, 0)))
    for landmark, of_landmark in zip(landmarks, prints, strict=True):
        reached = _carried(_onward(reached, landmark, patients))
        values = zip(reached.survival, reached.variance, strict=True)
        reached = reached.keep(np.array([of_landmark(*pair) for pair in values], dtype=bool))
        if not len(reached.at_risk):
            return ()
    told = reached.told[0].astype(int).reshape(-1, 2)
    return tuple(Stretch(*map(int, pair)) for pair in told)


def _onward(before: _Reached, landmark: Landmark, patients: int) -> _Reached:
    """Every number censored and of events whose estimate, variance and numbers fit."""
    row, censored, events = _leaving(before, landmark.survival, patients)
    risk, reached = before.at_risk[row] - censored, before.keep(row)
    with np.errstate(divide="ignore"):
        added = np.where(events > 0, 1 / (risk - events) - 1 / risk, 0.0)
    found = _Reached(
        risk - events,
        reached.survival * (risk - events) / risk,
        reached.variance + added,
        np.column_stack([reached.told, censored, events]),
    )
    fits = (
        _holds(landmark.survival, found.survival, _INSIDE)
        & _holds(landmark.variance, found.variance)
        & _holds(landmark.at_risk, found.at_risk)
        & _holds(landmark.events, found.told[:, 1::2].sum(axis=1))
    )
    return found.keep(fits)


def _leaving(
    before: _Reached, survival: Window, patients: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row, numbers censored and of events that bring each estimate into the window."""
    number = np.arange(patients)
    row, censored = np.nonzero(number < before.at_risk[:, None])
    risk, so_far = before.at_risk[row] - censored, before.survival[row]
    fewest = np.maximum(np.ceil(risk * (1 - survival.high / so_far)), 0)
    spare = np.arange(int(patients * (survival.high - survival.low)) + 2)
    events = fewest[:, None] + spare
    which, column = np.nonzero(events <= np.minimum(risk, patients)[:, None])
    return row[which], censored[which], events[which, column]


def _holds(bounds: Window, values: Floats, inside: float = 0.0) -> np.ndarray:
    return np.asarray((values >= bounds.low + inside) & (values <= bounds.high - inside))


def _carried(found: _Reached) -> _Reached:
    size = len(found.at_risk)
    return found.keep(np.unique(np.linspace(0, size - 1, min(size, _MOST_CARRIED)).astype(int)))
