"""Place event days so that a Kaplan-Meier curve follows a target curve."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

MONTH = 30.4375


@dataclass(frozen=True)
class Curve:
    """Survival probability by day, log-linear between knots (a piecewise exponential)."""

    days: tuple[float, ...]
    survival: tuple[float, ...]

    @classmethod
    def through(cls, day_30: float, months: Mapping[int, float]) -> Curve:
        """Knots at day 30 and at the given months, from 1 at infusion."""
        days = (0.0, 30.0, *(month * MONTH for month in months))
        return cls(days=days, survival=(1.0, day_30, *months.values()))

    def at(self, day: float | np.ndarray) -> np.ndarray:
        """Survival at `day`; the last hazard goes on beyond the last knot."""
        return np.exp(np.interp(day, self.days, np.log(self.survival)))


def follow(
    curve: Curve,
    *,
    events: int,
    fixed: Iterable[int] = (),
    censored: Iterable[int] = (),
    earliest: int = 3,
    latest: int,
) -> list[int]:
    """Return the days of `events` free events, given fixed event days and censoring days.

    Day by day an event is placed as soon as the target has fallen to the middle of the step the
    event would make, so the estimate straddles the target. Censoring counts after events of a day;
    whatever is left falls on the `latest` day.
    """
    fixed_days, censored_days = Counter(fixed), Counter(censored)
    at_risk = events + fixed_days.total() + censored_days.total()
    survival = 1.0
    placed: list[int] = []
    for day in range(1, latest + 1):
        due = fixed_days[day]
        survival *= 1 - due / at_risk if due else 1.0
        at_risk -= due
        while len(placed) < events and day >= earliest:
            if day < latest and survival * (1 - 0.5 / at_risk) < curve.at(day):
                break
            survival *= 1 - 1 / at_risk
            at_risk -= 1
            placed.append(day)
        at_risk -= censored_days[day]
    return placed
