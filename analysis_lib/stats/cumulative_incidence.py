"""Cumulative incidence of one kind of event where another can come first."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import (
    ArrayLike,
    BoolArray,
    FloatArray,
    IntArray,
    SurvivalData,
    check_confidence_level,
    check_same_rows,
    check_survival,
    check_survival_of_any,
)
from analysis_lib.stats.kaplan_meier import log_log_limits


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


# Not lifelines' AalenJohansenFitter: it breaks tied times by random jitter.


@dataclass(frozen=True)
class IncidenceEstimate:
    """F(t) at one landmark; `events` and `competing` count up to and including t."""

    time: float
    incidence: float
    std_error: float
    ci_low: float
    ci_high: float
    at_risk: int
    events: int
    competing: int


@dataclass(frozen=True, eq=False)
class CumulativeIncidence:
    """Right-continuous step function from 0: row i holds on [times[i], times[i + 1])."""

    times: FloatArray
    incidence: FloatArray
    std_error: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    at_risk: IntArray
    events: IntArray
    competing: IntArray
    censored: IntArray
    n: int
    n_events: int
    n_competing: int
    confidence_level: float
    method: str

    def at(self, t: float) -> IncidenceEstimate:
        """F(t), as `cmprsk::timepoints`.

        Beyond the last observation F is known only if nobody was left to have an event, else nan.
        """
        if not t >= 0:
            raise StatisticsError(f"a landmark time must be >= 0, but was {t!r}")
        row = int(np.searchsorted(self.times, t, side="right")) - 1
        known = t <= self.times[-1] or self.censored[-1] == 0
        columns = (self.incidence, self.std_error, self.ci_low, self.ci_high)
        incidence, std_error, low, high = (float(x[row]) if known else nan for x in columns)
        return IncidenceEstimate(
            float(t),
            incidence,
            std_error,
            low,
            high,
            int(self.number_at_risk([t])[0]),
            int(self.events[: row + 1].sum()),
            int(self.competing[: row + 1].sum()),
        )

    def number_at_risk(self, times: ArrayLike) -> IntArray:
        """Patients whose time is >= each given time."""
        leaving = np.cumsum(self.events + self.competing + self.censored)
        left = np.concatenate([[0], leaving])
        return self.n - left[np.searchsorted(self.times, np.asarray(times), side="left")]


def cumulative_incidence(
    time: ArrayLike, event: ArrayLike, competing: ArrayLike, *, confidence_level: float = 0.95
) -> CumulativeIncidence:
    """Probability that the event has happened by t, in a world where others can come first.

    Parameters
    ----------
    time : floats >= 0, any unit
    event : booleans, True = the event was observed, as the first of all
    competing : booleans, True = another came first; neither = censored
    confidence_level : coverage of the pointwise interval

    Raises
    ------
    StatisticsError
        For negative or missing times, flags that are not boolean, a patient with both.

    Notes
    -----
    R: ``cmprsk::cuminc(time, cause)``, estimate and variance. Aalen & Johansen (1978). The interval
    is that of log(-log F), F ** exp(-+ z se / (F log F)), as for the survival curves; it is nan
    where F is 0 or 1.
    """
    data = check_competing(time, event, competing)
    level = check_confidence_level(confidence_level)
    steps = count_steps(data)
    incidence, variance = _aalen_johansen(steps)
    std_error = np.sqrt(np.maximum(variance, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = log_log_limits(incidence, std_error / incidence, level)
    return CumulativeIncidence(
        times=steps.times,
        incidence=incidence,
        std_error=std_error,
        ci_low=low,
        ci_high=high,
        at_risk=steps.at_risk,
        events=steps.events,
        competing=steps.competing,
        censored=steps.censored,
        n=data.n,
        n_events=data.n_events,
        n_competing=data.n_competing,
        confidence_level=level,
        method="Aalen-Johansen estimate, log(-log) interval",
    )


def _aalen_johansen(steps: Steps) -> tuple[FloatArray, FloatArray]:
    """F and its variance at each time.

    The variance adds over the earlier times s the tie-corrected variance of the hazard of either
    kind times the squared influence on F(t): S(s-) - (F(t) - F(s)) S(s-) / S(s) for the event and
    the second part alone for its competitors. Expanded in powers of F(t), it is cumulative sums.
    """
    at_risk = np.maximum(steps.at_risk, 1)
    staying = 1 - (steps.events + steps.competing) / at_risk
    after = np.cumprod(staying)
    before = np.concatenate([[1.0], after[:-1]])
    incidence = np.cumsum(before * steps.events / at_risk)
    inverse = np.zeros_like(after)
    np.divide(1.0, after, out=inverse, where=after > 0)
    own = before**2 * _hazard_variance(steps.events, steps.at_risk)
    other = before**2 * _hazard_variance(steps.competing, steps.at_risk)
    pull = incidence * inverse
    constant = np.cumsum(own * (1 + pull) ** 2 + other * pull**2)
    linear = np.cumsum((own * (1 + pull) + other * pull) * inverse)
    square = np.cumsum((own + other) * inverse**2)
    return incidence, constant - 2 * incidence * linear + incidence**2 * square


def _hazard_variance(counts: IntArray, at_risk: IntArray) -> FloatArray:
    """Variance of counts / at_risk: that of a draw without replacement where several are tied."""
    size = np.maximum(at_risk, 1).astype(float)
    correction = 1 - np.maximum(counts - 1, 0) / np.maximum(size - 1, 1)
    return counts * correction / size**2
