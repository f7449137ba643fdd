"""Cohorts in which a screen chooses the model and the truth is known."""

from __future__ import annotations

import time as clock
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from analysis_lib.simulation.performance import OnProgress, no_progress
from analysis_lib.stats.design import aliased_columns
from analysis_lib.stats.inputs import BoolArray, FloatArray, IntArray
from analysis_lib.stats.kaplan_meier import KaplanMeier, kaplan_meier
from analysis_lib.stats.partial_likelihood import efron_step, risk_sets
from analysis_lib.stats.ridge_cox import maximise_ridge

# Beyond this log hazard ratio a group orders the events almost without exception.
LARGEST = 8.0


@dataclass(frozen=True, eq=False)
class Term:
    """One candidate: its columns, and who has a value."""

    name: str
    columns: FloatArray
    known: BoolArray
    forced: bool


@dataclass(frozen=True, eq=False)
class ExposureEstimate:
    """Log hazard ratio and standard error of each group; nan where there is none."""

    coefficients: FloatArray
    std_errors: FloatArray


@dataclass(frozen=True, eq=False)
class FastScreen:
    """A screen of `terms` at `entry_p`; `exposure` has a column for each group but the first."""

    exposure: FloatArray
    terms: tuple[Term, ...]
    entry_p: float

    def passes(
        self, time: FloatArray, event: BoolArray, rows: IntArray | None = None
    ) -> tuple[bool, ...]:
        """Which terms fall below the entry P by the likelihood-ratio test of the whole factor.

        `rows` are the patients that time and event belong to, by default each once.
        """
        rows = np.arange(len(self.exposure)) if rows is None else rows
        return tuple(self._p(term, time, event, rows) < self.entry_p for term in self.terms)

    def enter(self, passed: Sequence[bool]) -> tuple[bool, ...]:
        """Which terms enter the model: those that passed, and the forced ones."""
        return tuple(x or term.forced for x, term in zip(passed, self.terms, strict=True))

    def _p(self, term: Term, time: FloatArray, event: BoolArray, rows: IntArray) -> float:
        known = term.known[rows]
        return likelihood_ratio_p(time[known], event[known], term.columns[rows[known]])

    def fit(
        self,
        time: FloatArray,
        event: BoolArray,
        chosen: Sequence[bool],
        rows: IntArray | None = None,
    ) -> ExposureEstimate:
        """The exposure in the model of the chosen terms, on its complete cases."""
        rows = np.arange(len(self.exposure)) if rows is None else rows
        terms = [term for term, enters in zip(self.terms, chosen, strict=True) if enters]
        known = np.ones(len(rows), dtype=bool)
        for term in terms:
            known &= term.known[rows]
        kept = rows[known]
        matrix = np.hstack([self.exposure[kept], *(term.columns[kept] for term in terms)])
        return estimate_exposure(time[known], event[known], matrix, self.exposure.shape[1])


def likelihood_ratio_p(time: FloatArray, event: BoolArray, matrix: FloatArray) -> float:
    """P of the likelihood-ratio test that no column matters; 1 where there is nothing to test."""
    if not event.any():
        return 1.0
    matrix = identified(time, event, matrix)[1]
    if not matrix.shape[1]:
        return 1.0
    sets = risk_sets(time, event)
    matrix, nothing = matrix[sets.order], np.zeros(matrix.shape[1])
    best, _ = maximise_ridge(sets, matrix, nothing)
    gain = efron_step(sets, matrix, best)[2] - efron_step(sets, matrix, nothing)[2]
    return float(chi2.sf(2 * gain, matrix.shape[1]))


def estimate_exposure(
    time: FloatArray, event: BoolArray, matrix: FloatArray, groups: int
) -> ExposureEstimate:
    """The first columns' coefficients; nan for a group without events or beside such a one."""
    coefficients, errors = np.full(groups, np.nan), np.full(groups, np.nan)
    exposure = matrix[:, :groups]
    with_events = exposure[event].sum(axis=0) > 0
    reference = bool(event.any()) and bool((exposure[event].sum(axis=1) == 0).any())
    if not reference:
        return ExposureEstimate(coefficients, errors)
    kept, reduced = identified(time, event, matrix)
    sets = risk_sets(time, event)
    best, information = maximise_ridge(sets, reduced[sets.order], np.zeros(len(kept)))
    variances = np.diag(np.linalg.pinv(information))
    for position, column in enumerate(kept):
        value = best[position]
        error = float(np.sqrt(variances[position]))
        finite = abs(value) < LARGEST and 0 < error < LARGEST
        if column < groups and with_events[column] and finite:
            coefficients[column], errors[column] = value, error
    return ExposureEstimate(coefficients, errors)


def identified(
    time: FloatArray, event: BoolArray, matrix: FloatArray
) -> tuple[IntArray, FloatArray]:
    """The columns that vary, and not with those before them, among the patients at risk."""
    at_risk = matrix[time >= time[event].min()]
    centred = at_risk - at_risk.mean(axis=0)
    sizes = np.linalg.norm(centred, axis=0)
    if (sizes > 1e-9).all():
        singular = np.linalg.svd(centred / sizes, compute_uv=False)
        if len(singular) == matrix.shape[1] and singular[-1] > 1e-6:
            return np.arange(matrix.shape[1]), matrix
    named = {(str(i), ""): column for i, column in enumerate(at_risk.T)}
    aliased = aliased_columns(named)
    kept = np.array([i for i in range(matrix.shape[1]) if (str(i), "") not in aliased], dtype=int)
    return kept, matrix[:, kept]


_SAID_EVERY = 50


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
    """Log hazard ratios and errors, a row a cohort and a column a group: of the model that the
    screen gives, and of the one that was fixed before; `terms` counts what the screen let in.
    """

    screened: tuple[FloatArray, FloatArray]
    fixed: tuple[FloatArray, FloatArray]
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
        name: (np.full((cohorts, groups), np.nan), np.full((cohorts, groups), np.nan))
        for name in ("screened", "fixed")
    }
    terms, events = np.zeros(cohorts), np.zeros(cohorts)
    matrix = np.hstack([screen.exposure, fixed])
    started = clock.perf_counter()
    for row in range(cohorts):
        time, event = draw_times(random, truth)
        events[row] = event.sum()
        if event.any():
            chosen = screen.enter(screen.passes(time, event))
            terms[row] = sum(chosen)
            of_each = {
                "screened": screen.fit(time, event, chosen),
                "fixed": estimate_exposure(time, event, matrix, groups),
            }
            for name, estimate in of_each.items():
                found[name][0][row], found[name][1][row] = (
                    estimate.coefficients,
                    estimate.std_errors,
                )
        if (row + 1) % _SAID_EVERY == 0 or row + 1 == cohorts:
            progress(stage, row + 1, cohorts, clock.perf_counter() - started)
    return ScreenedEstimates(found["screened"], found["fixed"], terms, events)
