"""Cohorts in which a treatment that begins late changes nothing, and what estimators make of it."""

from __future__ import annotations

import time as clock
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis_lib.simulation.performance import OnProgress, no_progress
from analysis_lib.stats.follow_up import Intervals, landmark_follow_up, split_follow_up
from analysis_lib.stats.inputs import ArrayLike, BoolArray, FloatArray, check_survival
from analysis_lib.stats.kaplan_meier import KaplanMeier, kaplan_meier
from analysis_lib.stats.partial_likelihood import fit_efron

STAGE = "simulate"
_SAID_EVERY = 50
_RUNS_AWAY = 10.0  # a log hazard ratio of two groups that has no maximum


@dataclass(frozen=True)
class Scenario:
    """The curves that a cohort of `patients` is drawn from.

    Event, end of follow-up and begin of the treatment are drawn independently, so that the
    treatment, which is given to those who are free of the event when its day comes, changes
    nothing: the true hazard ratio is 1.
    """

    patients: int
    event: KaplanMeier
    censoring: KaplanMeier
    begin: KaplanMeier


@dataclass(frozen=True, eq=False)
class WaitingEstimates:
    """Log hazard ratios and standard errors: a row a cohort, a column an estimator.

    The columns are the fixed covariate, the time-varying one, and the landmarks; nan where one
    group has no event. `treated` is the share of patients who were treated.
    """

    estimates: FloatArray
    std_errors: FloatArray
    treated: FloatArray


def scenario_of(time: ArrayLike, event: ArrayLike, begin: ArrayLike) -> Scenario:
    """The scenario that resembles a cohort: its own Kaplan-Meier curves of all three times.

    `begin` is nan in who was never treated, and counts if it comes before the end of follow-up.
    """
    data = check_survival(time, event)
    begins = np.asarray(begin, dtype=float)
    begun = begins < data.time
    waited = np.where(begun, np.maximum(begins, 0.0), data.time)
    return Scenario(
        data.n,
        kaplan_meier(data.time, data.event),
        kaplan_meier(data.time, ~data.event),
        kaplan_meier(waited, begun),
    )


def simulate_waiting(
    scenario: Scenario,
    *,
    cohorts: int,
    landmarks: tuple[float, ...],
    seed: int | Sequence[int],
    progress: OnProgress = no_progress,
) -> WaitingEstimates:
    """Draw cohorts and estimate the treatment's log hazard ratio in each, in every way."""
    rng = np.random.default_rng(seed)
    shape = cohorts, 2 + len(landmarks)
    estimates, errors = np.full(shape, np.nan), np.full(shape, np.nan)
    treated = np.zeros(cohorts)
    started = clock.perf_counter()
    for row in range(cohorts):
        time, event, begin = draw_cohort(rng, scenario)
        treated[row] = (begin < time).mean()
        for column, pieces in enumerate(_ways(time, event, begin, landmarks)):
            estimates[row, column], errors[row, column] = two_group_estimate(pieces)
        if (row + 1) % _SAID_EVERY == 0 or row + 1 == cohorts:
            progress(STAGE, row + 1, cohorts, clock.perf_counter() - started)
    return WaitingEstimates(estimates, errors, treated)


def draw_cohort(
    rng: np.random.Generator, scenario: Scenario
) -> tuple[FloatArray, BoolArray, FloatArray]:
    """Time, event, and begin of the treatment: infinite in who is not free of the event then."""
    event_time = _draw(rng, scenario.event, scenario.patients)
    end = np.minimum(
        _draw(rng, scenario.censoring, scenario.patients), scenario.censoring.times[-1]
    )
    begin = _draw(rng, scenario.begin, scenario.patients)
    time = np.minimum(event_time, end)
    return time, event_time <= end, np.where(begin < time, begin, np.inf)


def two_group_estimate(pieces: Intervals) -> tuple[float, float]:
    """Log hazard ratio of the treated pieces and its standard error; nan where it is infinite."""
    events = pieces.event
    if not events[pieces.treated].any() or not events[~pieces.treated].any():
        return np.nan, np.nan
    group = pieces.treated.astype(float)[:, None]
    try:
        fit = fit_efron(pieces.stop, events, group, entry=pieces.start)
    except np.linalg.LinAlgError:
        return np.nan, np.nan
    coefficient, information = float(fit.coefficients[0]), float(fit.information[0, 0])
    if abs(coefficient) > _RUNS_AWAY or information <= 0:
        return np.nan, np.nan
    return coefficient, information**-0.5


def _ways(
    time: FloatArray, event: BoolArray, begin: FloatArray, landmarks: tuple[float, ...]
) -> list[Intervals]:
    ever = np.where(np.isfinite(begin), 0.0, np.inf)
    return [
        landmark_follow_up(time, event, ever, at=0.0),
        split_follow_up(time, event, begin),
        *(landmark_follow_up(time, event, begin, at=at) for at in landmarks),
    ]


def _draw(rng: np.random.Generator, curve: KaplanMeier, n: int) -> FloatArray:
    """Times whose survival function is the curve; infinite with the share that it never loses."""
    rows = np.searchsorted(-curve.survival, -rng.uniform(size=n), side="left")
    return np.append(curve.times, np.inf)[rows]
