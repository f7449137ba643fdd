"""The gate through which estimators of competing risks take their data."""

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
    check_same_rows,
    check_survival,
    check_survival_of_any,
)


@dataclass(frozen=True)
class CompetingData:
    """Follow-up of n patients that ends with the event, with a competing one, or with neither."""

    time: FloatArray
    event: BoolArray
    competing: BoolArray

    @property
    def n(self) -> int:
        """Number of patients."""
        return len(self.time)

    @property
    def n_events(self) -> int:
        """Number of patients with the event."""
        return int(self.event.sum())

    @property
    def n_competing(self) -> int:
        """Number of patients with a competing event."""
        return int(self.competing.sum())

    @property
    def without_competing_end(self) -> SurvivalData:
        """The event, with those who had a competing one at risk for ever.

        Whom a model of the subdistribution hazard compares at each event: all whose time has come
        or will come, and all whom a competing event removed.
        """
        return SurvivalData(np.where(self.competing, np.inf, self.time), self.event)


@dataclass(frozen=True, eq=False)
class Steps:
    """Counts at the distinct times, of which the first is 0."""

    times: FloatArray
    at_risk: IntArray
    events: IntArray
    competing: IntArray
    censored: IntArray


def check_competing(time: ArrayLike, event: ArrayLike, competing: ArrayLike) -> CompetingData:
    """Return the arrays, or raise StatisticsError with what is wrong."""
    return _check(check_survival(time, event), check_survival(time, competing), event, competing)


def check_competing_of_any(
    time: ArrayLike, event: ArrayLike, competing: ArrayLike
) -> CompetingData:
    """The same for an estimator that says of nobody that nothing can be estimated."""
    first, other = (check_survival_of_any(time, x) for x in (event, competing))
    return _check(first, other, event, competing)


def _check(
    first: SurvivalData, other: SurvivalData, event: ArrayLike, competing: ArrayLike
) -> CompetingData:
    check_same_rows(event, competing, names=("event", "competing"))
    both = np.flatnonzero(first.event & other.event)
    if both.size:
        raise StatisticsError(
            f"event and competing must exclude each other, but both are True in {both.size} "
            f"patients, first at position {int(both[0])}: keep the one that came first"
        )
    return CompetingData(first.time, first.event, other.event)


def count_steps(data: CompetingData) -> Steps:
    """Who is at risk, fails, or is censored at each distinct time; events precede censoring."""
    times = np.unique(np.append(data.time, 0.0))
    at = np.searchsorted(times, data.time)

    def count(who: BoolArray) -> IntArray:
        return np.bincount(at[who], minlength=len(times)).astype(np.int64)

    events, competing = count(data.event), count(data.competing)
    censored = count(~(data.event | data.competing))
    leaving = np.cumsum(events + competing + censored)
    at_risk = data.n - np.concatenate([[0], leaving[:-1]])
    return Steps(times, at_risk, events, competing, censored)
