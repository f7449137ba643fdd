"""Cohorts in which a treatment that begins late changes nothing, and what estimators make of it."""

from __future__ import annotations

import time as clock
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis_lib.simulation.performance import OnProgress, at_once, no_progress
from analysis_lib.stats.inputs import ArrayLike, BoolArray, FloatArray, check_survival
from analysis_lib.stats.kaplan_meier import KaplanMeier, kaplan_meier
from analysis_lib.stats.many_cox import fit_many_cox, many_risk_sets


@dataclass(frozen=True)
class Strategy:
    """To begin by `grace`; cumulative hazards are compared up to `until`."""

    grace: float
    until: float


def strategy_estimates(
    time: FloatArray, event: BoolArray, begin: FloatArray, strategy: Strategy, grid: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Log ratio of the cumulative hazards under treatment and under none, and its error.

    Of each cohort, (cohorts, patients), events at times of the `grid` alone. Patients are cloned
    and censored as by `cloned_curves`; alike, they need no weights. The error is that of the
    infinitesimal jackknife over patients, of whom most are in both strategies; nan where one of
    them has no event.
    """
    times = grid[grid <= strategy.until]
    ends = event[:, :, None] & (time[:, :, None] == times)
    here = time[:, :, None] >= times
    none = np.minimum(time, begin)[:, :, None] >= times
    in_time = (begin <= strategy.grace)[:, :, None]
    treat = here & ((times <= strategy.grace) | in_time)
    hazards, moved = zip(*(_hazard(ends & arm, arm) for arm in (none, treat)), strict=True)
    known = (hazards[0] > 0) & (hazards[1] > 0)
    without, within = (np.where(known, hazard, np.nan) for hazard in hazards)
    change = moved[1] / within[:, None] - moved[0] / without[:, None]
    return np.log(within / without), np.sqrt((change**2).sum(axis=1))


def _hazard(ends: BoolArray, here: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Nelson and Aalen's estimate, (cohorts), and what each patient moves it by."""
    at_risk, number = here.sum(axis=1), ends.sum(axis=1)
    share = np.divide(1.0, at_risk, out=np.zeros(at_risk.shape), where=at_risk > 0)
    step = number * share
    moved = (ends @ share[:, :, None])[:, :, 0] - (here @ (step * share)[:, :, None])[:, :, 0]
    return step.sum(axis=1), moved


STAGE = "simulate"
VARYING = 1  # the column of the time-varying estimate
_RUNS_AWAY = 10.0  # a log hazard ratio of two groups that has no maximum


@dataclass(frozen=True)
class Scenario:
    """The curves that a cohort of `patients` is drawn from.

    Event, end of follow-up and begin of the treatment are drawn independently, so that the
    treatment, which is given to those who are free of the event when its day comes, changes
    nothing: the true hazard ratio is 1. With another `hazard_ratio` it multiplies the hazard from
    the day on which it begins.
    """

    patients: int
    event: KaplanMeier
    censoring: KaplanMeier
    begin: KaplanMeier
    hazard_ratio: float = 1.0


@dataclass(frozen=True, eq=False)
class WaitingEstimates:
    """Log hazard ratios and standard errors: a row a cohort, a column an estimator.

    The columns are the fixed covariate, the time-varying one, the landmarks, and the strategy; nan
    where one group has no event. `treated` is the share of patients who were treated.
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
    strategy: Strategy,
    seed: int | Sequence[int],
    at_random: bool = False,
    progress: OnProgress = no_progress,
) -> WaitingEstimates:
    """Draw cohorts and estimate the treatment's log hazard ratio in each, in every way.

    Where the treated are drawn `at_random` nobody waits: as many are treated, and they are chosen
    among those at risk when the estimate begins, which leaves what few events do to it. The
    time-varying estimate and the strategy have no such form and are nan.
    """
    rng = np.random.default_rng(seed)
    shape = cohorts, 3 + len(landmarks)
    grid = scenario.event.times[scenario.event.events > 0]
    estimates, errors = np.full(shape, np.nan), np.full(shape, np.nan)
    treated = np.zeros(cohorts)
    started = clock.perf_counter()
    together = at_once(scenario.patients)
    for first in range(0, cohorts, together):
        rows = slice(first, min(first + together, cohorts))
        time, event, begin = draw_cohorts(rng, scenario, rows.stop - rows.start)
        treated[rows] = (begin < time).mean(axis=1)
        for column, pieces in enumerate(_ways(time, event, begin, landmarks)):
            if at_random and column == VARYING:
                continue
            drawn = _at_random(rng, pieces) if at_random else pieces
            estimates[rows, column], errors[rows, column] = two_group_estimates(drawn)
        if at_random:
            continue
        compared = strategy_estimates(time, event, begin, strategy, grid)
        estimates[rows, -1], errors[rows, -1] = compared
        progress(STAGE, rows.stop, cohorts, clock.perf_counter() - started)
    return WaitingEstimates(estimates, errors, treated)


def draw_cohorts(
    rng: np.random.Generator, scenario: Scenario, cohorts: int
) -> tuple[FloatArray, BoolArray, FloatArray]:
    """Time, event, and begin of the treatment, infinite in who is not free of the event then:
    (cohorts, patients).
    """
    chances = rng.uniform(size=(cohorts, 3, scenario.patients))
    end, begin = _draw(chances[:, 1], scenario.censoring), _draw(chances[:, 2], scenario.begin)
    event_time = _draw(_since(scenario, chances[:, 0], begin), scenario.event)
    end = np.minimum(end, scenario.censoring.times[-1])
    time = np.minimum(event_time, end)
    return time, event_time <= end, np.where(begin < time, begin, np.inf)


def _since(scenario: Scenario, chances: FloatArray, begin: FloatArray) -> FloatArray:
    """Survival that the untreated curve has when the event comes, treatment from its begin on."""
    if scenario.hazard_ratio == 1:
        return chances
    curve = scenario.event
    left = np.append(1.0, curve.survival)[np.searchsorted(curve.times, begin, side="right")]
    share = np.divide(chances, left, out=np.ones(left.shape), where=left > 0)
    since = left * share ** (1 / scenario.hazard_ratio)
    return np.where(chances < left, since, chances)


@dataclass(frozen=True, eq=False)
class Pieces:
    """Pieces of follow-up of many cohorts, (cohorts, rows), as `many_risk_sets` takes them.

    `sign` is -1 in a row whose time is the entry of another, and 0 where there is no piece.
    """

    time: FloatArray
    event: BoolArray
    treated: BoolArray
    sign: FloatArray


def two_group_estimates(pieces: Pieces) -> tuple[FloatArray, FloatArray]:
    """Log hazard ratio of the treated pieces and its standard error in each cohort; nan where it
    is infinite.
    """
    sets = many_risk_sets(pieces.time, pieces.event, pieces.sign)
    group = np.take_along_axis(pieces.treated, sets.order, axis=1).astype(float)
    fit = fit_many_cox(sets, group[:, None, :])
    coefficient, information = fit.coefficients[:, 0], fit.information[:, 0, 0]
    known = (information > 0) & (np.abs(coefficient) <= _RUNS_AWAY)
    for treated in (True, False):
        known &= (pieces.event & (pieces.treated == treated)).any(axis=1)
    error = np.where(known, information, np.nan) ** -0.5
    return np.where(known, coefficient, np.nan), error


def _ways(
    time: FloatArray, event: BoolArray, begin: FloatArray, landmarks: tuple[float, ...]
) -> list[Pieces]:
    """The fixed covariate, the time-varying one, and the landmarks."""
    return [
        _from_landmark(time, event, np.isfinite(begin), 0.0),
        _split(time, event, begin),
        *(_from_landmark(time, event, begin <= at, at) for at in landmarks),
    ]


def _from_landmark(time: FloatArray, event: BoolArray, treated: BoolArray, at: float) -> Pieces:
    """Follow-up beyond a landmark of those free of the event there (`landmark_follow_up`)."""
    kept = time > at
    return Pieces(time, event & kept, treated, kept.astype(float))


def _at_random(rng: np.random.Generator, pieces: Pieces) -> Pieces:
    """As many of those at risk treated as were, whoever they are."""
    kept = pieces.sign > 0
    order = np.argsort(np.where(kept, rng.random(kept.shape), 2.0), axis=1)
    many = (pieces.treated & kept).sum(axis=1)
    treated = np.zeros(kept.shape, dtype=bool)
    np.put_along_axis(treated, order, np.arange(kept.shape[1]) < many[:, None], axis=1)
    return replace(pieces, treated=treated)


def _split(time: FloatArray, event: BoolArray, begin: FloatArray) -> Pieces:
    """Follow-up before and after the begin of the treatment (`split_follow_up`)."""
    change = np.clip(begin, 0.0, time)
    before, after = change > 0, change < time
    no, yes = np.zeros(time.shape, dtype=bool), np.ones(time.shape, dtype=bool)
    return Pieces(
        np.hstack([change, time, change]),
        np.hstack([event & before & ~after, event & after, no]),
        np.hstack([no, yes, yes]),
        np.hstack([before.astype(float), after.astype(float), -after.astype(float)]),
    )


def _draw(chances: FloatArray, curve: KaplanMeier) -> FloatArray:
    """Times whose survival function is the curve; infinite with the share that it never loses."""
    rows = np.searchsorted(-curve.survival, -chances, side="left")
    return np.append(curve.times, np.inf)[rows]
