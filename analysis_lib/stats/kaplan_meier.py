"""Kaplan-Meier estimate of the survival function."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from lifelines import KaplanMeierFitter

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import (
    ArrayLike,
    FloatArray,
    IntArray,
    check_confidence_level,
    check_survival,
)
from analysis_lib.stats.survival_quantile import Quantile, survival_quantile


@dataclass(frozen=True)
class SurvivalEstimate:
    """S(t) at one landmark; `events` counts up to and including t, `at_risk` just before t."""

    time: float
    survival: float
    std_error: float
    ci_low: float
    ci_high: float
    at_risk: int
    events: int


@dataclass(frozen=True, eq=False)
class KaplanMeier:
    """Right-continuous step function: row i holds on [times[i], times[i + 1])."""

    times: FloatArray
    survival: FloatArray
    std_error: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    at_risk: IntArray
    events: IntArray
    censored: IntArray
    n: int
    n_events: int
    confidence_level: float
    method: str

    def at(self, t: float) -> SurvivalEstimate:
        """S(t), as `summary(survfit, times = t)`.

        Beyond the last observation S is known only if it has fallen to 0, else nan.
        """
        if not t >= 0:
            raise StatisticsError(f"a landmark time must be >= 0, but was {t!r}")
        row = int(np.searchsorted(self.times, t, side="right")) - 1
        known = t <= self.times[-1] or self.survival[-1] == 0
        values = (self.survival, self.std_error, self.ci_low, self.ci_high)
        survival, std_error, low, high = (float(v[row]) if known else nan for v in values)
        at_risk = int(self.number_at_risk([t])[0])
        events = int(self.events[: row + 1].sum())
        return SurvivalEstimate(float(t), survival, std_error, low, high, at_risk, events)

    def number_at_risk(self, times: ArrayLike) -> IntArray:
        """Patients whose time is >= each given time."""
        leaving = np.concatenate([[0], np.cumsum(self.events + self.censored)])
        return self.n - leaving[np.searchsorted(self.times, np.asarray(times), side="left")]

    def median(self) -> Quantile:
        """Median survival time; its interval inverts the log-log band, as R's quantile()."""
        return survival_quantile(self.times, self.survival, self.ci_low, self.ci_high, 0.5)

    def censor_times(self) -> FloatArray:
        """Distinct times at which at least one patient was censored."""
        return self.times[self.censored > 0]


def kaplan_meier(
    time: ArrayLike, event: ArrayLike, *, confidence_level: float = 0.95
) -> KaplanMeier:
    """Probability of being free of the event beyond t, with Greenwood error and log-log limits.

    Parameters
    ----------
    time : floats >= 0, any unit
    event : booleans, True = event observed
    confidence_level : coverage of the pointwise interval

    Raises
    ------
    StatisticsError
        For negative or missing times, events that are not boolean, unequal lengths.

    Notes
    -----
    R: ``survfit(Surv(time, event) ~ 1, conf.type = "log-log")``.
    Kaplan & Meier (1958); Greenwood (1926); Kalbfleisch & Prentice (1980) for the interval,
    which is not estimable (nan) where S is 1 or 0.
    """
    data = check_survival(time, event)
    level = check_confidence_level(confidence_level)
    fitter = KaplanMeierFitter(alpha=1 - level).fit(data.time, data.event)
    table = fitter.event_table
    at_risk = table["at_risk"].to_numpy(dtype=np.int64)
    events = table["observed"].to_numpy(dtype=np.int64)
    survival = fitter.survival_function_.to_numpy(dtype=float)[:, 0]
    low, high = fitter.confidence_interval_survival_function_.to_numpy(dtype=float).T
    estimable = (survival > 0) & (survival < 1)
    return KaplanMeier(
        times=table.index.to_numpy(dtype=float),
        survival=survival,
        std_error=survival * _greenwood(at_risk, events),
        ci_low=np.where(estimable, low, nan),
        ci_high=np.where(estimable, high, nan),
        at_risk=at_risk,
        events=events,
        censored=table["censored"].to_numpy(dtype=np.int64),
        n=data.n,
        n_events=data.n_events,
        confidence_level=level,
        method="Kaplan-Meier estimate, log-log interval",
    )


def _greenwood(at_risk: IntArray, events: IntArray) -> FloatArray:
    """Standard error of log S; nan from the time on at which everyone at risk has the event."""
    remaining = at_risk - events
    terms = np.full(len(events), nan)
    np.divide(events, at_risk * remaining, out=terms, where=remaining > 0)
    terms[(remaining == 0) & (events == 0)] = 0.0
    return np.sqrt(np.cumsum(terms))
