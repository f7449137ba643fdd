"""Cohorts in which a screen chooses the model and the truth is known."""

from __future__ import annotations

import time as clock
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from analysis_lib.simulation.performance import OnProgress, at_once, no_progress
from analysis_lib.stats.inputs import BoolArray, FloatArray, IntArray
from analysis_lib.stats.kaplan_meier import KaplanMeier, kaplan_meier
from analysis_lib.stats.many_cox import ManyRiskSets, fit_many_cox, many_risk_sets

# Beyond this log hazard ratio a group orders the events almost without exception.
LARGEST = 8.0
# How far a coefficient may still move where only the likelihood is wanted.
_NEAR = 1e-4


@dataclass(frozen=True, eq=False)
class Term:
    """One candidate: its columns, and who has a value; who has none holds their mean."""

    name: str
    columns: FloatArray
    known: BoolArray
    forced: bool


@dataclass(frozen=True, eq=False)
class Cohorts:
    """Cohorts drawn from the same patients, (cohorts, rows); `patient` is whom each row is of."""

    sets: ManyRiskSets
    patient: IntArray

    @classmethod
    def of(cls, time: FloatArray, event: BoolArray, patient: IntArray) -> Cohorts:
        """Time and event of each row, in the order of `patient`."""
        sets = many_risk_sets(time, event)
        return cls(sets, np.take_along_axis(patient, sets.order, axis=1))

    def columns(self, values: FloatArray) -> FloatArray:
        """A column for each of `values`, which has a row a patient: (cohorts, columns, rows)."""
        return values.T[:, self.patient].transpose(1, 0, 2)


@dataclass(frozen=True, eq=False)
class ExposureEstimate:
    """Log hazard ratio and standard error of each group (cohorts, groups); nan if there is none."""

    coefficients: FloatArray
    std_errors: FloatArray


@dataclass(frozen=True, eq=False)
class FastScreen:
    """A screen of `terms` at `entry_p`; `exposure` has a column for each group but the first."""

    exposure: FloatArray
    terms: tuple[Term, ...]
    entry_p: float

    def passes(self, cohorts: Cohorts) -> BoolArray:
        """Which terms fall below the entry P by the likelihood-ratio test of the whole factor:
        (cohorts, terms).
        """
        passed = [self._p(term, cohorts) < self.entry_p for term in self.terms]
        return np.array(passed, dtype=bool).reshape(len(self.terms), len(cohorts.patient)).T

    def enter(self, passed: BoolArray) -> BoolArray:
        """Which terms enter the model: those that passed, and the forced ones."""
        return passed | np.array([term.forced for term in self.terms], dtype=bool)

    def _p(self, term: Term, cohorts: Cohorts) -> FloatArray:
        sets = cohorts.sets
        if not term.known.all():
            sets = sets.among(term.known[cohorts.patient])
        return likelihood_ratio_p(sets, cohorts.columns(term.columns))

    def fit(self, cohorts: Cohorts, chosen: BoolArray) -> ExposureEstimate:
        """The exposure in the model of the terms chosen in each cohort, on its complete cases."""
        shape = len(cohorts.patient), self.exposure.shape[1]
        found = ExposureEstimate(np.full(shape, np.nan), np.full(shape, np.nan))
        values = np.hstack([self.exposure, *(x.columns for x in self.terms)])
        sizes = [x.columns.shape[1] for x in self.terms]
        used = np.hstack([np.ones(shape, dtype=bool), np.repeat(chosen, sizes, axis=1)])
        known = np.ones((shape[0], len(values)), dtype=bool)
        for term, enters in zip(self.terms, chosen.T, strict=True):
            known &= term.known | ~enters[:, None]
        counts = used.sum(axis=1)
        for count in np.unique(counts):
            alike = np.flatnonzero(counts == count)
            patient = cohorts.patient[alike]
            place = np.nonzero(used[alike])[1].reshape(-1, count)
            sets = cohorts.sets.of(alike).among(np.take_along_axis(known[alike], patient, axis=1))
            columns = values.T[place[:, :, None], patient[:, None, :]]
            one = estimate_exposure(sets, columns, shape[1])
            found.coefficients[alike], found.std_errors[alike] = one.coefficients, one.std_errors
        return found


def likelihood_ratio_p(sets: ManyRiskSets, columns: FloatArray) -> FloatArray:
    """P of the likelihood-ratio test that no column matters; 1 where there is nothing to test."""
    fit = fit_many_cox(sets, columns, tolerance=_NEAR)
    tested = fit.free.sum(axis=1)
    return np.where(tested > 0, chdtrc(np.maximum(tested, 1), np.maximum(2 * fit.gain, 0.0)), 1.0)


def estimate_exposure(sets: ManyRiskSets, columns: FloatArray, groups: int) -> ExposureEstimate:
    """The first columns' coefficients; nan for a group without events or beside such a one."""
    fit, exposure = fit_many_cox(sets, columns), columns[:, :groups]
    events = sets.event[:, None, :]
    with_events = (exposure * events).sum(axis=2) > 0
    reference = (sets.event & (exposure.sum(axis=1) == 0)).any(axis=1)
    values, errors = fit.coefficients[:, :groups], fit.std_errors[:, :groups]
    finite = fit.free[:, :groups] & (np.abs(values) < LARGEST) & (errors > 0) & (errors < LARGEST)
    kept = finite & with_events & reference[:, None]
    return ExposureEstimate(np.where(kept, values, np.nan), np.where(kept, errors, np.nan))


@dataclass(frozen=True, eq=False)
class Truth:
    """What times are drawn from: each patient's hazard relative to a baseline, the baseline's
    cumulative hazard at its event times (straight between them), and the end of follow-up.
    """

    relative_hazard: FloatArray
    event_times: FloatArray
    cumulative_hazard: FloatArray
    censoring: KaplanMeier


@dataclass(frozen=True, eq=False)
class ScreenedEstimates:
    """Estimates of the model that the screen gives, and of the one that was fixed before; `terms`
    counts what the screen let in.
    """

    screened: ExposureEstimate
    fixed: ExposureEstimate
    terms: FloatArray
    events: FloatArray


def truth_of(time: FloatArray, event: BoolArray, linear_predictor: FloatArray) -> Truth:
    """Breslow's baseline under a linear predictor, and the Kaplan-Meier curve of censoring."""
    relative = np.exp(linear_predictor - linear_predictor.mean())
    times, events = np.unique(time[event], return_counts=True)
    order = np.argsort(-time, kind="stable")
    at_risk = np.cumsum(relative[order])[np.searchsorted(-time[order], -times, side="right") - 1]
    return Truth(relative, times, np.cumsum(events / at_risk), kaplan_meier(time, ~event))


def draw_times(random: np.random.Generator, truth: Truth) -> tuple[FloatArray, BoolArray]:
    """Time and event of every patient; who outlives the baseline's last event is censored."""
    n = len(truth.relative_hazard)
    wanted = random.exponential(size=n) / truth.relative_hazard
    hazard = np.concatenate([[0.0], truth.cumulative_hazard])
    times = np.concatenate([[0.0], truth.event_times])
    failed = np.interp(wanted, hazard, times, right=np.inf)
    curve = truth.censoring
    left = np.append(curve.survival, 0.0)
    chances = -np.diff(left, prepend=1.0)
    ends = random.choice(np.append(curve.times, curve.times[-1]), size=n, p=chances)
    return np.minimum(failed, ends), failed <= ends


def simulate_screened(
    truth: Truth,
    screen: FastScreen,
    fixed: FloatArray,
    *,
    cohorts: int,
    seed: int | Sequence[int],
    stage: str,
    progress: OnProgress = no_progress,
) -> ScreenedEstimates:
    """Draw times for the same patients again and again; screen, and fit both models.

    `fixed` holds the covariates of the model that was fixed before. The exposure has no part in
    the truth beyond the relative hazards, so that its true hazard ratio is 1. Covariates stay as
    they are: Franklin et al. (2014), Comput Stat Data Anal 72:219.
    """
    random = np.random.default_rng(seed)
    groups = screen.exposure.shape[1]
    found = {
        name: ExposureEstimate(*np.full((2, cohorts, groups), np.nan))
        for name in ("screened", "fixed")
    }
    terms, events = np.zeros(cohorts), np.zeros(cohorts)
    matrix = np.hstack([screen.exposure, fixed])
    patients = np.arange(len(matrix))
    started = clock.perf_counter()
    together = at_once(len(matrix))
    for first in range(0, cohorts, together):
        rows = slice(first, min(first + together, cohorts))
        times = [draw_times(random, truth) for _ in range(rows.start, rows.stop)]
        time, event = (np.array(x) for x in zip(*times, strict=True))
        drawn = Cohorts.of(time, event, np.broadcast_to(patients, time.shape))
        events[rows] = event.sum(axis=1)
        chosen = screen.enter(screen.passes(drawn))
        terms[rows] = chosen.sum(axis=1)
        of_each = {
            "screened": screen.fit(drawn, chosen),
            "fixed": estimate_exposure(drawn.sets, drawn.columns(matrix), groups),
        }
        for name, estimate in of_each.items():
            found[name].coefficients[rows] = estimate.coefficients
            found[name].std_errors[rows] = estimate.std_errors
        progress(stage, rows.stop, cohorts, clock.perf_counter() - started)
    return ScreenedEstimates(found["screened"], found["fixed"], terms, events)
